package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Verdict;

class ConntrackTest {
    private static Facts facts(String... namesAndTexts) {
        Facts facts = Facts.none();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            facts = facts.plus(new Fact(namesAndTexts[i], namesAndTexts[i + 1], Evidence.read("test:" + i)));
        }
        return facts;
    }

    private static final Facts REPORT =
            facts(Conntrack.COUNT, "34210", Conntrack.MAX, "65536", "module:nf_conntrack.hashsize", "16384");

    private static Budget table(Facts facts) {
        return Budget.of(new Conntrack(), facts, Conntrack.HOST);
    }

    private static Budget depth(Facts facts) {
        return Budget.of(new ConntrackDepth(), facts, Conntrack.HOST);
    }

    @Test
    void theCountThatWasReadIsTheDemand() {
        assertEquals(0.522, table(REPORT).verdict().use().orElseThrow(), 0.0005);
        assertEquals(Verdict.State.FITS, table(REPORT).verdict().state());
    }

    @ParameterizedTest
    @CsvSource({"65536, 545.7", "262144, 2182.7"})
    void theRateAtWhichTheTableIsFull(String max, double rate) {
        Budget b = table(
                facts(Conntrack.MAX, max).given("conntrack.rate", "500/s").given("conntrack.connected", "100 ms"));
        assertEquals(60050, b.figure("demand").value(), 1e-6);
        assertEquals(rate, b.figure("rate at full").value(), 0.05);
    }

    @Test
    void theTimeoutThatWasReadCountsAndTheDefaultIsAnnounced() {
        Facts read = facts(Conntrack.MAX, "65536", "net.netfilter.nf_conntrack_tcp_timeout_time_wait", "30")
                .given("conntrack.rate", "100/s");
        assertEquals(3000, table(read).figure("demand").value(), 1e-9);
        Budget byDefault = table(facts(Conntrack.MAX, "65536").given("conntrack.rate", "100/s"));
        assertEquals(12000, byDefault.figure("demand").value(), 1e-9);
        assertTrue(byDefault.finding().notes().contains("the timeout was not read: the default of 120 s is used"));
    }

    @Test
    void thereAreNoMoreEntriesThanTuples() {
        Facts facts = facts(Conntrack.MAX, "262144", "net.ipv4.ip_local_port_range", "32768 60999")
                .given("conntrack.rate", "500/s")
                .given("conntrack.destinations", "1");
        assertEquals(28232, table(facts).figure("demand").value(), 1e-9);
    }

    @Test
    void withoutTheMaximumNothingIsSaid() {
        Budget b = table(Facts.none());
        assertEquals(Verdict.State.UNKNOWN, b.verdict().state());
        assertEquals(
                "sysctl net.netfilter.nf_conntrack_max net.netfilter.nf_conntrack_count",
                b.finding().missing().get(0).command());
    }

    @Test
    void everyEntryIsLinkedTwice() {
        Budget b = depth(REPORT);
        assertEquals(4.17602539, b.figure("demand").value(), 1e-8);
        assertEquals(0.0153594342, b.figure("empty buckets").value(), 1e-10);
        assertEquals(3.08798218, b.figure("probes, hit").value(), 1e-8);
        assertEquals(8, b.figure("depth at full table").value(), 1e-12);
        assertEquals(Verdict.State.FITS, b.verdict().state());
    }

    @ParameterizedTest
    @CsvSource({"2, 2.0e-52", "4.17602539, 4.9e-37", "16, 2.7e-12", "32, 1.2e-3"})
    void theShortestLimitOfTheKernelIsAlmostNeverMet(double depth, double tail) {
        assertEquals(tail, plimsoll.dsl.Queueing.poissonTail(depth, 50), tail * 0.05);
    }

    @Test
    void oneInsertionInABillionIsRefusedAtADepthOfAboutTwentyOne() {
        assertEquals(21, ConntrackDepth.LIMIT, 0.5);
        assertEquals(1e-9, ConntrackDepth.refused(ConntrackDepth.LIMIT), 1e-12);
    }

    @Test
    void aRaisedMaximumWithoutBucketsRunsIntoTheChainLimit() {
        Budget b = depth(
                facts(Conntrack.COUNT, "262144", Conntrack.MAX, "262144", "module:nf_conntrack.hashsize", "16384"));
        assertEquals(32, b.figure("demand").value(), 1e-12);
        assertEquals(Verdict.State.OVER, b.verdict().state());
    }

    @Test
    void aWishedNumberOfBucketsIsRoundedUpToAPage() {
        Budget b = depth(REPORT).with("module:nf_conntrack.hashsize", "1000");
        assertEquals(2 * 34210.0 / 1024, b.figure("demand").value(), 1e-9);
    }
}
