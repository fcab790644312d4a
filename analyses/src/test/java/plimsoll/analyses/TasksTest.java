package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Change;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Capture;

class TasksTest {
    private static final String BOTH = "sysctl kernel.threads-max kernel.pid_max";

    private static Facts limits(long most, long pids) {
        return Read.facts("kernel.threads-max", String.valueOf(most), "kernel.pid_max", String.valueOf(pids));
    }

    private static Budget tasks(Facts facts, String... inputs) {
        return Given.budget(new Tasks(), facts, "host", inputs);
    }

    private static double supply(Budget b) {
        return b.finding().supply().orElseThrow().value();
    }

    private static List<Missing> missing(Budget b) {
        return b.finding().missing();
    }

    /**
     * Measured on Linux 6.18.44 in a PID namespace of its own: fork() says EAGAIN beyond 701 tasks at kernel.pid_max 1000 and beyond 101 at
     * 400, those of 300 up and PID 1.
     */
    @ParameterizedTest
    @CsvSource({"1000, 701", "400, 101"})
    void asManyAsWereMeasuredHaveANumber(long pids, long tasks) {
        Facts facts = limits(192_730, pids);
        Read.assertState(Verdict.State.FITS, tasks(facts, "threads", String.valueOf(tasks), "low-pids", "1"));
        Read.assertState(Verdict.State.OVER, tasks(facts, "threads", String.valueOf(tasks + 1), "low-pids", "1"));
    }

    /** 32,768 - 300 of a limit of 32,768, and the limit of threads where that is less. */
    @ParameterizedTest
    @CsvSource({"192730, 32768, 32468", "30000, 32768, 30000", "192730, 4194304, 192730"})
    void theSmallerLimitIsTheSupply(long most, long pids, double supply) {
        assertEquals(supply, supply(tasks(limits(most, pids), "threads", "1")));
    }

    /** 32,600 of 32,468 to 32,767: it depends on who has a PID below 300. */
    @Test
    void whatIsNotKnownOfThePidsBelow300MayTurnIt() {
        Verdict turned = tasks(limits(192_730, 32_768), "threads", "32600").verdict();
        assertEquals(List.of("FITS at low-pids=299"), turned.turns());
        assertEquals(32_600.0 / 32_767, turned.least().orElseThrow(), 1e-9);
        assertEquals(32_600.0 / 32_468, turned.most().orElseThrow(), 1e-9);
    }

    @Test
    void theThreadsThatThereAreAreRead() {
        Facts facts = Capture.of("$ cat /proc/loadavg\n1.32 1.21 1.05 16/30250 1333\n$ " + BOTH
                        + "\nkernel.threads-max = 192730\nkernel.pid_max = 32768\n")
                .facts();
        Budget b = tasks(facts);
        Read.assertState(Verdict.State.FITS, b);
        assertEquals(30_250.0 / 32_468, b.verdict().use().orElseThrow(), 1e-9);
        assertEquals(0.25, b.with("threads", "8117").verdict().use().orElseThrow()); // 4 x 8,117 = 32,468
        assertEquals(192_730, supply(b.with("kernel.pid_max", "4194304")));
        assertEquals(20_000, supply(b.with("kernel.threads-max", "20000")));
    }

    /** The next fork() fails: how many more there would be does not show. */
    @Test
    void asManyAsThereCanBeAreAtLeastAsMany() {
        Facts full = limits(20_000, 32_768).plus(new Fact("loadavg:threads", "20000", Evidence.read("test")));
        Read.assertState(Verdict.State.OVER, tasks(full));
        assertTrue(tasks(full).toString().contains("at least 20,000"), () -> tasks(full)
                .toString());
        Read.assertState(Verdict.State.UNKNOWN, tasks(full).with("kernel.threads-max", "25000"));
        Facts oneLess = limits(20_001, 32_768).plus(new Fact("loadavg:threads", "20000", Evidence.read("test")));
        Read.assertState(Verdict.State.FITS, tasks(oneLess));
    }

    @Test
    void withoutACountItAsksForIt() {
        Budget b = tasks(limits(192_730, 32_768));
        Read.assertState(Verdict.State.UNKNOWN, b);
        assertEquals(List.of(new Missing("loadavg:threads", "cat /proc/loadavg")), missing(b));
        assertEquals(32_468, supply(b));
    }

    @Test
    void ofNothingItAsksForBoth() {
        assertEquals(
                List.of(new Missing("kernel.threads-max", BOTH), new Missing("loadavg:threads", "cat /proc/loadavg")),
                missing(tasks(Facts.none())));
    }

    @Test
    void withoutOneLimitItAsksForIt() {
        Budget noMost = tasks(Read.facts("kernel.pid_max", "32768"), "threads", "30000");
        Read.assertState(Verdict.State.UNKNOWN, noMost);
        assertEquals(List.of(new Missing("kernel.threads-max", BOTH)), missing(noMost));
        Budget noPids = tasks(Read.facts("kernel.threads-max", "192730"), "threads", "30000");
        Read.assertState(Verdict.State.UNKNOWN, noPids);
        assertEquals(List.of(new Missing("kernel.pid_max", BOTH)), missing(noPids));
    }

    @Test
    void oneLimitThatIsTooLowIsEnough() {
        Budget b = tasks(Read.facts("kernel.pid_max", "32768"), "threads", "40000");
        Read.assertState(Verdict.State.OVER, b);
        assertTrue(b.toString().contains("at most 32,468"), b::toString);
    }

    /** 40,000 threads at 80 % are 50,000: 49 x 1,024 = 50,176 threads; 50,300 PIDs are 50 x 1,024 = 51,200 at most. */
    @Test
    void bothLimitsAreRaisedWhereBothAreTooLow() {
        assertEquals(
                List.of(new Change("kernel.threads-max", "50176"), new Change("kernel.pid_max", "51200")),
                tasks(limits(30_000, 32_768), "threads", "40000")
                        .remedies()
                        .get(0)
                        .changes());
        assertEquals(
                List.of(new Change("kernel.pid_max", "51200")),
                tasks(limits(192_730, 32_768), "threads", "40000")
                        .remedies()
                        .get(0)
                        .changes());
        assertEquals(
                List.of(new Change("kernel.threads-max", "50176")),
                tasks(limits(30_000, 4_194_304), "threads", "40000")
                        .remedies()
                        .get(0)
                        .changes());
    }

    @Test
    void aLimitThatTheKernelWouldRefuseIsRefused() {
        Host host = Host.blank();
        assertThrows(IllegalArgumentException.class, () -> host.with("kernel.pid_max", "300"));
        assertThrows(IllegalArgumentException.class, () -> host.with("kernel.pid_max", "4194305"));
        assertThrows(IllegalArgumentException.class, () -> host.with("kernel.threads-max", "1073741824"));
    }

    @Property(tries = 50)
    void useRisesWithDemand(
            @ForAll @IntRange(max = 4_000_000) int threads, @ForAll @IntRange(min = 301, max = 4_194_304) int pids) {
        Facts facts = limits(192_730, pids);
        assertTrue(
                tasks(facts, "threads", String.valueOf(threads)).verdict().use().orElseThrow()
                        < tasks(facts, "threads", String.valueOf(threads + 1))
                                .verdict()
                                .use()
                                .orElseThrow());
    }
}
