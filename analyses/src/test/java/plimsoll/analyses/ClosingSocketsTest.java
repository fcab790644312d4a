package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Verdict;

/** Sockets on their way out: TIME-WAIT, FIN-WAIT-2 and orphans, as measured on Linux 6.18 at HZ=250. */
class ClosingSocketsTest {
    private static final TimeWaitSockets WAIT = new TimeWaitSockets();
    private static final FinWait2 HALF = new FinWait2();
    private static final Orphans ORPHANS = new Orphans();
    private static final String HOST = Conntrack.HOST;

    private static Facts buckets(String max) {
        return Given.read("net.ipv4.tcp_max_tw_buckets", max, "HZ", "250");
    }

    @ParameterizedTest(name = "TCP lab 6, vectors 2: limit {0}, {1} closes")
    @CsvSource({"10, 50, 40", "50, 300, 250"})
    void beyondTheLimitTimeWaitIsSkipped(String max, String closes, double overflow) {
        Budget b = Given.budget(WAIT, buckets(max), HOST, "burst", closes);
        assertEquals(Verdict.State.OVER, b.verdict().state());
        assertEquals(overflow, b.figure("skipped").value());
        assertEquals(
                overflow / Double.parseDouble(closes),
                b.finding().loss().orElseThrow().high().value(),
                1e-12);
    }

    @Test
    void aRateHoldsItsSocketsForTheTimeThatWasMeasured() {
        Budget b = Given.budget(WAIT, buckets("131072"), HOST, "rate", "67/s");
        assertEquals(67 * 61.024, b.figure("demand").value(), 1e-9);
        assertEquals(Verdict.State.FITS, b.verdict().state());
        assertEquals(131072 / 61.024, b.figure("ceiling rate").value(), 1e-6);
        double turns = b.breaksAt("rate").at().orElseThrow().value();
        assertEquals(
                Verdict.State.OVER,
                b.with("rate", turns * 1.001 + "/s").verdict().state());
        assertEquals(
                Verdict.State.FITS,
                b.with("rate", turns * 0.999 + "/s").verdict().state());
    }

    @ParameterizedTest(name = "TCP lab 8: {0} on a port, {1} B each")
    @CsvSource({"1, 512", "4, 320"})
    void memoryOfEachSocketIsOneSocketAndItsShareOfTwoBindBuckets(String perPort, double bytes) {
        Budget b = Given.budget(WAIT, buckets("131072"), HOST, "burst", "28000", "per-port", perPort);
        assertEquals(28000 * bytes, b.figure("memory").value());
    }

    @Test
    void theCountIsReadWithWhatIsCountedWithIt() {
        Facts states = Given.read(
                "net.ipv4.tcp_max_tw_buckets",
                "131072",
                "HZ",
                "250",
                "states:TIME-WAIT",
                "4102",
                "states:FIN-WAIT-2",
                "420");
        Budget b = Budget.of(WAIT, states, HOST);
        assertEquals(4522, b.figure("demand").value());
        Budget gauge = Budget.of(
                WAIT,
                buckets("200")
                        .plus(Given.read("sockstat:TCP.tw", "200")
                                .find("sockstat:TCP.tw")
                                .orElseThrow()),
                HOST);
        assertEquals("time-wait OVER: at least 200 of 200 (100%)", gauge.toString());
        assertEquals(Finding.Bound.AT_LEAST, gauge.finding().demandBound());
        Budget unknown = Budget.of(WAIT, Given.read("states:TIME-WAIT", "4102"), HOST);
        assertEquals(
                "sysctl net.ipv4.tcp_max_tw_buckets",
                unknown.finding().missing().get(0).command());
        assertEquals(4102, unknown.figure("in TIME-WAIT").value());
    }

    @Test
    void slabsAreReadSlabBySlab() {
        Host host = Host.of(
                """
                $ cat /proc/slabinfo
                slabinfo - version: 2.1
                # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>
                tw_sock_TCP        18136  28000    256   16    1 : tunables    0    0    0 : slabdata   1750   1750      0
                $ sysctl net.ipv4.tcp_max_tw_buckets
                net.ipv4.tcp_max_tw_buckets = 131072
                $ cat /proc/net/sockstat
                sockets: used 113
                TCP: inuse 103 orphan 0 tw 28000 alloc 184 mem 17
                """);
        assertEquals(
                28000 * 256, host.timeWait().figure("slab tw_sock_TCP, read").value());
        assertEquals(28000, host.timeWait().figure("demand").value());
        assertEquals(500 * (60 + 1.024), host.timeWait("500/s").figure("demand").value(), 1e-9);
    }

    /** Each timer ends on its grid: between the time that is set and a granule more, twice over above 60 s. */
    @ParameterizedTest(name = "TCP lab 5, vectors 2: tcp_fin_timeout {0}: {1} s")
    @CsvSource({
        "5, 5.27",
        "15, 15.17",
        "60, 60.16",
        "60, 60.96",
        "61, 2.04",
        "65, 10.25",
        "70, 20.29",
        "90, 61.2",
        "90, 62.2",
        "120, 123.5",
        "100, 81.9",
        "10, 10.20",
        "20, 21.39",
        "61, 2.07",
        "65, 10.28",
        "70, 20.50"
    })
    void lifeOfAFinWait2SocketThatNobodyHolds(double timeout, double measured) {
        double one = timeout <= 60 ? timeout : timeout - 60;
        int timers = timeout <= 60 ? 1 : 2;
        double granule = timers * TimeWait.granule(one, 250);
        double life = FinWait2.life(timeout, 0.2, 250);
        assertEquals(timers * one + granule / 2, life, 1e-9);
        assertEquals(measured, life, granule / 2 + 0.05);
    }

    @Property(tries = 100)
    void theTimeSetIsNeverBelowWhatThreeAndAHalfRetransmissionsTake(
            @ForAll @IntRange(min = 0, max = 60) int timeout, @ForAll @IntRange(min = 1, max = 17) int rto) {
        assertTrue(FinWait2.set(timeout, rto) >= 3.5 * rto);
    }

    @Test
    void aShorterTimeoutKeepsFewerOfThem() {
        Facts facts = Given.read(
                "states:FIN-WAIT-2",
                "420",
                "states:TIME-WAIT",
                "4102",
                "net.ipv4.tcp_fin_timeout",
                "60",
                "net.ipv4.tcp_max_tw_buckets",
                "131072",
                "HZ",
                "250");
        Budget b = Budget.of(HALF, facts, HOST);
        assertEquals(420, b.figure("demand").value(), 1e-9);
        Budget shorter = b.with("net.ipv4.tcp_fin_timeout", "15");
        assertEquals(105, shorter.figure("demand").value(), 1.0);
        Budget longer = b.with("net.ipv4.tcp_fin_timeout", "61");
        assertEquals(2.03, longer.figure("life").value(), 0.01);
        assertEquals(
                "net.ipv4.tcp_max_orphans", longer.finding().missing().get(0).input());
    }

    @Test
    void aboveSixtySecondsTheFirstHalfCountsAsOrphans() {
        Facts facts = Given.read("net.ipv4.tcp_fin_timeout", "120", "net.ipv4.tcp_max_orphans", "600", "HZ", "250");
        Budget b = Given.budget(HALF, facts, HOST, "rate", "10/s");
        assertEquals(10 * 61.024, b.figure("demand").value(), 1e-9);
        assertEquals(Verdict.State.OVER, b.verdict().state());
        assertEquals(10 * 122.048, b.figure("in FIN-WAIT-2").value(), 1e-9);
    }

    @Test
    void socketsThatAProgramHoldsAreAnotherThing() {
        Host host = Host.of(
                """
                $ ss -nate
                State      Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
                FIN-WAIT-2 0      0           10.9.0.2:9004     10.9.0.1:40040 timer:(timewait,58sec,0) ino:0 sk:114b
                FIN-WAIT-2 0      0           10.9.0.2:9004     10.9.0.1:40042 ino:26702 sk:114c
                FIN-WAIT-2 0      0           10.9.0.2:9004     10.9.0.1:40044 ino:26703 sk:114d
                $ sysctl net.ipv4.tcp_max_tw_buckets net.ipv4.tcp_fin_timeout
                net.ipv4.tcp_max_tw_buckets = 131072
                net.ipv4.tcp_fin_timeout = 60
                """);
        Budget b = host.finWait2();
        assertEquals(1, b.figure("demand").value(), 1e-9);
        assertEquals(2, b.figure("with the descriptor open").value());
        assertTrue(b.finding().notes().get(0).contains("tcp_fin_timeout does not count"));
    }

    @Test
    void orphansLiveAsLongAsTheirFinIsRepeated() {
        Facts facts = Given.read("net.ipv4.tcp_max_orphans", "131072", "net.ipv4.tcp_orphan_retries", "0", "HZ", "250");
        Budget b = Given.budget(ORPHANS, facts, HOST, "rate", "1000/s");
        assertEquals(107.0, b.figure("life").value(), 107.0 * 0.03);
        assertEquals(Verdict.State.FITS, b.verdict().state());
        Budget given = Given.budget(ORPHANS, facts, HOST, "rate", "2000/s", "life", "107 s");
        assertEquals(214000, given.figure("demand").value());
        assertEquals(Verdict.State.OVER, given.verdict().state());
        assertEquals(131072.0 * 2368, given.figure("memory, at least").value());
        assertEquals(
                6.9, b.with("net.ipv4.tcp_orphan_retries", "3").figure("life").value(), 0.55);
        Budget read =
                Budget.of(ORPHANS, Given.read("sockstat:TCP.orphan", "12", "net.ipv4.tcp_max_orphans", "131072"), HOST);
        assertEquals(12, read.figure("demand").value());
        assertEquals(
                Evidence.Kind.READ, read.finding().inputs().get(0).evidence().kind());
    }
}
