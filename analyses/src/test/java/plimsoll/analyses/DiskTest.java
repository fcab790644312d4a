package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.analyses.Read.assertNoted;
import static plimsoll.analyses.Read.assertState;
import static plimsoll.analyses.Read.value;

import java.util.List;
import org.junit.jupiter.api.Test;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Unit;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Capture;

class DiskTest {
    // figures of a field report, in the columns of sysstat before 12.1
    private static final String REPORT =
            """
            Device:  rrqm/s wrqm/s  r/s  w/s  rkB/s  wkB/s  avgrq-sz avgqu-sz await r_await w_await svctm %util
            nvme0n1  0.00 0.00 0.00 412.00 0.00 52401.00 254.37 4.12 10.02 0.00 10.02 2.42 100.00

            Device:  rrqm/s wrqm/s  r/s  w/s  rkB/s  wkB/s  avgrq-sz avgqu-sz await r_await w_await svctm %util
            nvme0n1  0.00 0.00 0.00 389.00 0.00 48201.00 247.81 12.41 31.90 0.00 31.90 2.57 100.00

            Device:  rrqm/s wrqm/s  r/s  w/s  rkB/s  wkB/s  avgrq-sz avgqu-sz await r_await w_await svctm %util
            nvme0n1  0.00 0.00 0.00 402.00 0.00 50102.00 249.26 34.10 84.82 0.00 84.82 2.48 100.00
            """;

    private static Budget disk(Facts facts, String device) {
        return Budget.of(new Disk(), facts, device);
    }

    private static Facts facts(String iostat) {
        return Capture.of(iostat).facts();
    }

    /** The report calls this volume saturated at 3000 requests and 125 MB (10^6) a second. */
    @Test
    void aVolumeThatIsNeverIdleIsNotFull() {
        Budget b = disk(facts(REPORT), "nvme0n1").with("max-rate", "3000/s").with("max-bandwidth", "1 Gbit/s");
        assertState(Verdict.State.FITS, b);
        assertEquals(0.137, value(b, "share of the requests allowed"), 0.0005);
        assertEquals(0.429, value(b, "share of the bytes allowed"), 0.0005);
        assertEquals(Unit.BANDWIDTH, b.finding().unit());
        assertEquals(34.10, value(b, "queue, longest"));
        assertEquals(0.08482, value(b, "time per request, longest"), 1e-9);
        assertNoted("never idle, not that it is full", b);
        assertNoted("queue = rate x await holds in every row", b);
        assertNoted("this is all it gives", b);
    }

    @Test
    void theVolumeOfTheReportIsReadFromItsFolder() {
        Budget b = Host.read("../datasets/report-sync").disk().with("max-rate", "3000/s");
        assertEquals("nvme0n1", b.scope());
        assertEquals("disk FITS: 412/s of 3,000/s (14%)", b.toString());
        assertNoted("this is all it gives", b);
    }

    @Test
    void theDeeperOfTheTwoIsTheBudget() {
        Budget b = disk(facts(REPORT), "nvme0n1").with("max-rate", "400/s").with("max-bandwidth", "1 Gbit/s");
        assertEquals(Unit.RATE, b.finding().unit());
        assertState(Verdict.State.OVER, b);
        assertState(Verdict.State.FITS, b.with("rate", "100/s"));
    }

    @Test
    void withoutWhatTheVolumeAllowsNothingIsSaid() {
        Budget b = disk(facts(REPORT), "nvme0n1");
        assertState(Verdict.State.UNKNOWN, b);
        assertEquals("max-rate", b.finding().missing().get(0).input());
        assertEquals(412, value(b, "requests per second"));
        Budget nothing = disk(Facts.none(), "any one device");
        assertEquals("iostat -x -d -y 1 5", nothing.finding().missing().get(0).command());
    }

    @Test
    void aRowThatContradictsLittleIsNamed() {
        Budget b = disk(facts(REPORT.replace("12.41 31.90", "1.24 31.90")), "nvme0n1");
        assertNoted("row 2: a queue of 1.24 is not rate x await, which is 12.41", b);
        assertTrue(b.finding().notes().stream().noneMatch(n -> n.startsWith("row 1")));
        Budget util = disk(facts(REPORT.replace("2.57 100.00", "2.57 50.00")), "nvme0n1");
        assertNoted("row 2: %util of 50.00 is not rate x svctm", util);
    }

    /** From our own capture, sysstat 12.6.1: the row since boot counts only where there is no other. */
    @Test
    void discardsAndFlushesWaitToo() {
        String header =
                "Device r/s rkB/s rrqm/s %rrqm r_await rareq-sz w/s wkB/s wrqm/s %wrqm w_await wareq-sz d/s dkB/s drqm/s %drqm"
                        + " d_await dareq-sz f/s f_await aqu-sz %util\n";
        String vda =
                "vda 104.73 2996.82 10.80 9.35 0.77 28.61 90.57 7586.57 89.91 49.82 0.39 83.76 9.56 2393.07 0.01 0.09 0.12 250.20"
                        + " 21.10 0.05 0.12 1.49\n";
        String idle =
                "loop0 0.05 0.92 0 0 0.10 20.20 0.92 989.23 0.08 7.58 5.53 1078.57 0 0 0 0 0 0 0.03 0.05 0.01 0.10\n";
        Facts facts = facts("Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)\n\n" + header + vda + idle);
        Budget b = disk(facts, "vda");
        assertNoted("queue = rate x await holds in every row", b);
        assertEquals(204.86, value(b, "requests per second"), 1e-9);
        assertEquals((2996.82 + 7586.57) * 1024, value(b, "bytes per second"), 1e-3);
        assertEquals(List.of("vda"), new Disk().scopes(facts));
    }
}
