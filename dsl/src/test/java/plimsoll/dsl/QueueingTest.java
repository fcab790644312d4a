package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueingTest {

    /** The reference values are printed to nine digits. */
    private static final double NINE_DIGITS = 1e-8;

    private static final double CLOSE = 1e-11;

    private static void assertClose(double expected, double actual, double relative) {
        double subnormal = 1e-315; // numbers below 1e-308 have fewer digits
        assertEquals(expected, actual, Math.max(subnormal, Math.abs(expected) * relative));
    }

    // ---- Little

    @Test
    void littlesLawGivesEachFromTheOtherTwo() {
        // 500 connections/s, each 0.1 s open and 61.02 s in TIME-WAIT
        assertClose(30_560, Queueing.occupancy(500, 61.12), 1e-15);
        assertClose(61.12, Queueing.hold(30_560, 500), 1e-15);
        assertClose(500, Queueing.rate(30_560, 61.12), 1e-15);
    }

    // ---- Erlang B

    @ParameterizedTest(name = "vectors 1: Erlang-B({0}, {1}) = {2}")
    @CsvSource({
        "1, 1, 0.5",
        "10, 10, 0.214582343",
        "25, 30, 0.0526031722",
        "2.5, 7, 0.00998301131",
        "100, 100, 0.0757004527",
        "30050, 28232, 0.0610069397",
        "30000, 28232, 0.0594558420",
        "27646, 28232, 4.98041503e-06",
        "27946.5, 28232, 5.80446352e-04",
        "72120, 64512, 0.105608132",
    })
    void erlangBOfTheReferenceValues(double offered, long servers, double expected) {
        assertClose(expected, Queueing.erlangB(offered, servers), NINE_DIGITS);
    }

    /** By the recursion from 1 to c in 60-digit decimals. */
    @ParameterizedTest
    @CsvSource({
        "1e6,   1000000, 7.97460306855561014e-4",
        "0.99e6, 1000000, 5.49954312652670919e-26",
        "0.97e6, 1000000, 1.47786026347848409e-203",
        "1.1e6, 1000000, 9.09181798192409866e-2",
        "0.5,   100,     5.12683733063829947e-189",
    })
    void erlangBOfAMillionServersAndOfTinyResults(double offered, long servers, double expected) {
        assertClose(expected, Queueing.erlangB(offered, servers), CLOSE);
    }

    /** The two ends of the hold of a port, 60 s and half or a whole step of the timer grid of 2.048 s; h = 0.1 s. */
    @ParameterizedTest
    @CsvSource({
        "28232, 449.5, 0.0000, 0.0005",
        "28232, 453,   0.0000, 0.0031",
        "28232, 457,   0.0005, 0.0091",
        "28232, 461.9, 0.0048, 0.0182",
        "28232, 500,   0.0766, 0.0918",
        "64512, 1200,  0.1206, 0.1351",
    })
    void lossOfAPortRangeAtTheMeanAndTheLongestHold(long ports, double rate, double atMean, double atLongest) {
        double fourDecimals = 0.00005001;
        assertEquals(atMean, Queueing.erlangB(rate * (0.1 + 61.024), ports), fourDecimals);
        assertEquals(atLongest, Queueing.erlangB(rate * (0.1 + 62.048), ports), fourDecimals);
    }

    @Test
    void erlangBAtTheEdges() {
        assertAll(
                () -> assertEquals(0, Queueing.erlangB(0, 1)),
                () -> assertEquals(1, Queueing.erlangB(0, 0)),
                () -> assertEquals(1, Queueing.erlangB(5, 0)),
                () -> assertEquals(0, Queueing.erlangB(1, 1_000_000)),
                () -> assertEquals(0, Queueing.erlangB(Double.MIN_VALUE, 3)),
                () -> assertClose(1 - 1e-9, Queueing.erlangB(1e15, 1_000_000), 1e-15),
                () -> assertEquals(1, Queueing.erlangB(Double.MAX_VALUE, 1_000_000_000_000L)));
    }

    @Property
    void erlangBIsTheRecursion(
            @ForAll @DoubleRange(min = 0.01, max = 400) @Scale(6) double offered,
            @ForAll @IntRange(max = 200) int servers) {
        MathContext exact = new MathContext(40);
        BigDecimal load = new BigDecimal(offered);
        BigDecimal inverse = BigDecimal.ONE;
        for (int k = 1; k <= servers; k++) {
            inverse =
                    inverse.multiply(BigDecimal.valueOf(k)).divide(load, exact).add(BigDecimal.ONE, exact);
        }
        double expected = BigDecimal.ONE.divide(inverse, exact).doubleValue();
        double actual = Queueing.erlangB(offered, servers);
        if (expected < 1e-307) {
            assertTrue(actual <= 1.1e-307, () -> "tiny, but " + actual);
        } else {
            assertClose(expected, actual, 1e-13);
        }
    }

    @Property
    void erlangBGrowsWithTheLoadAndFallsWithTheServers(
            @ForAll @DoubleRange(min = 0.1, max = 5000) @Scale(6) double offered,
            @ForAll @DoubleRange(min = 0.001, max = 5) @Scale(6) double more,
            @ForAll @IntRange(max = 5000) int servers) {
        double b = Queueing.erlangB(offered, servers);
        assertTrue(b >= 0 && b <= 1);
        assertTrue(Queueing.erlangB(offered * (1 + more), servers) >= b);
        assertTrue(Queueing.erlangB(offered, servers + 1) <= b);
        assertTrue(b >= 1 - servers / offered);
        if (servers > 0 && b > 0) {
            assertTrue(Queueing.erlangB(offered * (1 + more), servers) > b);
            assertTrue(Queueing.erlangB(offered, servers + 1) < b);
        }
    }

    // ---- Erlang B solved for the load and for the servers

    /** Rates at a loss, for ports held 60.1 s, 61.124 s (mean) and 62.148 s (longest); as printed, so to half a digit. */
    @ParameterizedTest
    @CsvSource({
        "5e-4, 60.1,   464.77, 0.00501",
        "5e-4, 61.124, 456.99, 0.00501",
        "1e-2, 60.1,   473.13, 0.00501",
        "1e-2, 61.124, 465.20, 0.00501",
        "5e-4, 62.148, 449.5,  0.0501",
        "5e-4, 61.124, 457.0,  0.0501",
    })
    void rateAtALoss(double blocking, double hold, double rate, double tolerance) {
        assertEquals(rate, Queueing.rate(Queueing.erlangBOffered(blocking, 28_232), hold), tolerance);
    }

    @ParameterizedTest
    @CsvSource({
        "1e-300, 1",
        "1e-300, 2",
        "1e-300, 1000000",
        "1e-9, 1000000",
        "0.5, 1000000",
        "0.999999, 1000000",
        "0.9999999999999999, 3",
        "1e-6, 1000000000",
    })
    void offeredLoadAtABlockingOfEverySize(double blocking, long servers) {
        double offered = Queueing.erlangBOffered(blocking, servers);
        assertClose(blocking, Queueing.erlangB(offered, servers), 1e-9);
    }

    @Test
    void offeredLoadOfOneServerIsTheOdds() {
        assertClose(1, Queueing.erlangBOffered(0.5, 1), 1e-14);
        assertClose(1e-300, Queueing.erlangBOffered(1e-300, 1), 1e-14);
        assertClose(0.25, Queueing.erlangBOffered(0.2, 1), 1e-14);
    }

    @Property
    void offeredLoadIsTheInverseOfErlangB(
            @ForAll @DoubleRange(min = 0.3, max = 3) @Scale(6) double load,
            @ForAll @IntRange(min = 1, max = 50_000) int servers) {
        double offered = load * servers;
        double blocking = Queueing.erlangB(offered, servers);
        if (blocking >= 1e-300) {
            assertClose(offered, Queueing.erlangBOffered(blocking, servers), 1e-9);
        }
    }

    @Property
    void fewestServersAreEnoughAndOneLessIsNot(
            @ForAll @DoubleRange(min = 0.01, max = 1e6) @Scale(6) double offered,
            @ForAll @DoubleRange(min = 0.01, max = 12) @Scale(6) double zeros) {
        double blocking = Math.pow(10, -zeros);
        long servers = Queueing.erlangBServers(offered, blocking);
        assertTrue(Queueing.erlangB(offered, servers) <= blocking);
        assertTrue(Queueing.erlangB(offered, servers - 1) > blocking);
    }

    @Test
    void fewestServers() {
        assertAll(
                () -> assertEquals(1, Queueing.erlangBServers(0, 0.01)),
                () -> assertEquals(1, Queueing.erlangBServers(1, 0.5)),
                () -> assertEquals(2, Queueing.erlangBServers(1, 0.4999)),
                () -> assertEquals(10, Queueing.erlangBServers(10, 0.2145824)),
                () -> assertEquals(11, Queueing.erlangBServers(10, 0.2145823)),
                () -> assertEquals(28_232, Queueing.erlangBServers(27_946.5, 5.80446353e-04)));
    }

    // ---- Erlang C

    @ParameterizedTest(name = "vectors 1: Erlang-C({0}, {1}) = {2}")
    @CsvSource({"8, 10, 0.409180151", "45, 50, 0.363864467"})
    void erlangCOfTheReferenceValues(double offered, long servers, double expected) {
        assertClose(expected, Queueing.erlangC(offered, servers), NINE_DIGITS);
    }

    /** One server: everyone waits who finds it busy, and the wait is ρ/(µ - λ). */
    @Test
    void erlangCOfOneServer() {
        assertClose(0.8, Queueing.erlangC(0.8, 1), 1e-15);
        assertClose(0.8 / (1 - 0.8) * 50, Queueing.erlangCWait(0.8, 1, 50), 1e-15);
        assertEquals(0, Queueing.erlangC(0, 1));
        assertEquals(0, Queueing.erlangCWait(0, 1, 50));
    }

    @Property
    void moreWaitThanWouldBeRefused(
            @ForAll @DoubleRange(min = 0, max = 0.9999) @Scale(6) double load,
            @ForAll @IntRange(min = 1, max = 10_000) int servers) {
        double c = Queueing.erlangC(load * servers, servers);
        assertTrue(c >= Queueing.erlangB(load * servers, servers));
        assertTrue(c <= 1);
    }

    // ---- M/M/c/K

    @ParameterizedTest(name = "vectors 1: M/M/c/K, {0}/s, {1}/s each, {2} servers, {3} places")
    @CsvSource({
        "1.5, 1, 2,  4,   0.124042879,   0.413476263, 0.314685315",
        "100, 2, 50, 561, 0.00192107041, 251.306747,  2.51790454",
        "120, 2, 50, 561, 0.166666667,   506,         5.06",
    })
    void mmckOfTheReferenceValues(
            double lambda, double mu, long servers, long capacity, double blocking, double queueLength, double wait) {
        Queueing.MMcK q = Queueing.mmck(lambda, mu, servers, capacity);
        assertClose(blocking, q.blocking(), NINE_DIGITS);
        assertClose(queueLength, q.queueLength(), NINE_DIGITS);
        assertClose(wait, q.meanWait(), NINE_DIGITS);
    }

    @Test
    void mmckOfOneServerAndNoLoadToSpeakOf() {
        // M/M/1/3 at λ = µ: four states, all as likely
        Queueing.MMcK q = Queueing.mmck(1, 1, 1, 3);
        assertClose(0.25, q.blocking(), 1e-15);
        assertClose(0.75, q.queueLength(), 1e-15);
        assertClose(1, q.meanWait(), 1e-15);
        assertClose(0.75, q.throughput(), 1e-15);
        assertClose(0.75, q.utilisation(), 1e-15);

        assertEquals(new Queueing.MMcK(0, 0, 0, 0, 0), Queueing.mmck(0, 1, 5, 9));
        Queueing.MMcK idle = Queueing.mmck(1, 1, 1000, 10_000);
        assertEquals(0, idle.blocking());
        assertEquals(1, idle.throughput());
        assertEquals(0, idle.meanWait());
        assertClose(0.001, idle.utilisation(), 1e-15);
    }

    @Test
    void mmckDoesNotOverflow() {
        // far over: all servers busy, the queue full but for a moment now and then
        Queueing.MMcK over = Queueing.mmck(5000, 1, 1000, 10_000);
        assertClose(0.8, over.blocking(), 1e-14);
        assertClose(1000, over.throughput(), 1e-14);
        assertClose(9000 - 0.25, over.queueLength(), 1e-14);
        assertClose(1, over.utilisation(), 1e-14);

        // at the edge every state from c to K is as likely as p_c, and the states below sum to 1/B
        double states = 1 / Queueing.erlangB(1000, 1000) + 9000;
        Queueing.MMcK edge = Queueing.mmck(1000, 1, 1000, 10_000);
        assertClose(1 / states, edge.blocking(), 1e-13);
        assertClose(9000.0 * 9001 / 2 / states, edge.queueLength(), 1e-13);

        assertClose(1e-9, Queueing.mmck(1e15, 1, 1_000_000, 1_000_100).throughput() / 1e15, 1e-14);
    }

    /** State by state, p(n+1) = p(n) · a / min(n+1, c). */
    @Property
    void mmckIsTheSumOverItsStates(
            @ForAll @DoubleRange(min = 0.01, max = 3) @Scale(6) double load,
            @ForAll @DoubleRange(min = 0.1, max = 100) @Scale(6) double mu,
            @ForAll @IntRange(min = 1, max = 40) int servers,
            @ForAll @IntRange(max = 60) int places) {
        double lambda = load * servers * mu;
        double p = 1;
        double all = 1;
        double waiting = 0;
        for (int n = 1; n <= servers + places; n++) {
            p *= lambda / mu / Math.min(n, servers);
            all += p;
            waiting += p * Math.max(0, n - servers);
        }
        Queueing.MMcK q = Queueing.mmck(lambda, mu, servers, servers + places);
        assertClose(p / all, q.blocking(), CLOSE);
        assertClose(waiting / all, q.queueLength(), CLOSE);
        double throughput = lambda * (all - p) / all;
        assertClose(throughput, q.throughput(), 1e-10);
        assertClose(waiting / all / throughput, q.meanWait(), 1e-10);
        assertClose(throughput / mu / servers, q.utilisation(), 1e-10);
    }

    @Property
    void mmckWithoutAQueueIsErlangB(
            @ForAll @DoubleRange(min = 0.01, max = 5) @Scale(6) double load,
            @ForAll @IntRange(min = 1, max = 5000) int servers) {
        Queueing.MMcK q = Queueing.mmck(load * servers * 2, 2, servers, servers);
        assertClose(Queueing.erlangB(load * servers, servers), q.blocking(), CLOSE);
        assertEquals(0, q.queueLength());
        assertEquals(0, q.meanWait());
    }

    @Property
    void mmckWithALongQueueIsErlangC(
            @ForAll @DoubleRange(min = 0.01, max = 0.99) @Scale(6) double load,
            @ForAll @IntRange(min = 1, max = 5000) int servers) {
        double offered = load * servers;
        Queueing.MMcK q = Queueing.mmck(offered, 1, servers, servers + 1_000_000L);
        assertClose(Queueing.erlangCWait(offered, servers, 1), q.meanWait(), CLOSE);
        assertClose(offered, q.throughput(), CLOSE);
    }

    // ---- Poisson

    @ParameterizedTest(name = "vectors 1: P(N > {1}), mean {0}: {2}")
    @CsvSource({"20, 30, 0.0134746813", "2, 10, 8.30822437e-06", "27646, 28232, 2.19039998e-04"})
    void poissonTailOfTheReferenceValues(double mean, long n, double expected) {
        assertClose(expected, Queueing.poissonTail(mean, n), NINE_DIGITS);
    }

    /** Chains of more than 50 in a hash table of 2, 4.18, 16 and 32 a bucket; as printed, to two digits. */
    @ParameterizedTest
    @CsvSource({"2, 2.0e-52", "4.17602539, 4.9e-37", "16, 2.7e-12", "32, 1.2e-3"})
    void chainsOfMoreThanFifty(double mean, double expected) {
        assertClose(expected, Queueing.poissonTail(mean, 50), 0.025);
    }

    /** By adding up in 60-digit decimals. */
    @ParameterizedTest
    @CsvSource({
        "2,          50,      2.04322425117950414e-52",
        "4.17602539, 50,      4.90846208502578251e-37",
        "16,         50,      2.68477670556886986e-12",
        "32,         50,      1.18081210503751557e-3",
        "1e6,        1000000, 0.499734038513716347",
        "1e6,        999000,  0.841223700188274388",
        "1e6,        1010000, 8.94883148210544206e-24",
        "1e6,        1030000, 4.07272690070772119e-196",
    })
    void poissonTailOfEverySize(double mean, long n, double expected) {
        assertClose(expected, Queueing.poissonTail(mean, n), CLOSE);
    }

    @ParameterizedTest
    @CsvSource({
        "4.17602539, 0,       0.0153594342,            1e-8",
        "1e6,        1000000, 3.98942247156244030e-4,  1e-11",
        "1e6,        1020000, 2.04668427857852783e-90, 1e-11",
        "700,        5,       1.38092986392475391e-292, 1e-11",
        "3,          4,       0.168031355741540811,    1e-13",
    })
    void poissonProbabilities(double mean, long n, double expected, double tolerance) {
        assertClose(expected, Queueing.poisson(mean, n), tolerance);
    }

    @Test
    void poissonAtTheEdges() {
        assertAll(
                () -> assertEquals(1, Queueing.poisson(0, 0)),
                () -> assertEquals(0, Queueing.poisson(0, 3)),
                () -> assertEquals(0, Queueing.poissonTail(0, 0)),
                () -> assertClose(1e-300, Queueing.poissonTail(1e-300, 0), 1e-13),
                () -> assertEquals(1, Queueing.poissonTail(1e6, 0)),
                () -> assertEquals(0, Queueing.poissonTail(1e6, Long.MAX_VALUE)),
                () -> assertEquals(0.5, Queueing.poissonTail(1e12, 1_000_000_000_000L), 1e-6));
    }

    @Property
    void poissonTailFallsByTheProbabilityOfEachCount(
            @ForAll @DoubleRange(min = 0.001, max = 3000) @Scale(6) double mean,
            @ForAll @IntRange(min = 1, max = 4000) int n) {
        double before = Queueing.poissonTail(mean, n - 1L);
        double tail = Queueing.poissonTail(mean, n);
        assertTrue(tail <= before);
        // the last subnormal digits carry no relative precision
        assertEquals(Queueing.poisson(mean, n), before - tail, before * 1e-11 + 16 * Double.MIN_VALUE);
    }

    /** B = P(N = c) / P(N <= c): the pool with a limit is the pool without, seen only while it is not over. */
    @Property
    void poissonAndErlangBAgree(
            @ForAll @DoubleRange(min = 1, max = 3000) @Scale(6) double mean,
            @ForAll @IntRange(min = 1, max = 3000) int servers) {
        double within = 1 - Queueing.poissonTail(mean, servers);
        if (within > 0.1 && Queueing.poisson(mean, servers) > 1e-300) {
            assertClose(Queueing.poisson(mean, servers) / within, Queueing.erlangB(mean, servers), CLOSE);
        }
    }

    // ---- what is refused

    @Test
    void refusesWhatIsOutOfRange() {
        assertAll(
                refuses("rate must be 0 or more and finite, but is -1.0", () -> Queueing.occupancy(-1, 1)),
                refuses("hold must be 0 or more and finite, but is Infinity", () -> Queueing.occupancy(1, 1 / 0.0)),
                refuses("rate must be above 0 and finite, but is 0.0", () -> Queueing.hold(1, 0)),
                refuses("occupancy must be 0 or more and finite, but is NaN", () -> Queueing.hold(Double.NaN, 1)),
                refuses("hold must be above 0 and finite, but is NaN", () -> Queueing.rate(1, Double.NaN)),
                refuses("offered load must be 0 or more and finite, but is NaN", () -> Queueing.erlangB(Double.NaN, 1)),
                refuses("offered load must be 0 or more and finite, but is -0.5", () -> Queueing.erlangB(-0.5, 1)),
                refuses(
                        "offered load must be 0 or more and finite, but is Infinity",
                        () -> Queueing.erlangB(1 / 0.0, 1)),
                refuses("servers must be 0 to 1000000000000, but is -1", () -> Queueing.erlangB(1, -1)),
                refuses(
                        "servers must be 0 to 1000000000000, but is 1000000000001",
                        () -> Queueing.erlangB(1, 1_000_000_000_001L)),
                refuses(
                        "blocking must be at least 1.0E-300 and less than 1, but is 0.0",
                        () -> Queueing.erlangBOffered(0, 5)),
                refuses(
                        "blocking must be at least 1.0E-300 and less than 1, but is 1.0",
                        () -> Queueing.erlangBOffered(1, 5)),
                refuses(
                        "blocking must be at least 1.0E-300 and less than 1, but is NaN",
                        () -> Queueing.erlangBServers(1, Double.NaN)),
                refuses("servers must be 1 to 1000000000000, but is 0", () -> Queueing.erlangBOffered(0.1, 0)),
                refuses(
                        "offered load must be at most 1000000000000, but is 2.0E12",
                        () -> Queueing.erlangBServers(2e12, 0.1)),
                refuses(
                        "offered load must be less than the servers, or the queue grows for ever,"
                                + " but is 10.0 erlang on 10 servers",
                        () -> Queueing.erlangC(10, 10)),
                refuses("servers must be 1 to 1000000000000, but is 0", () -> Queueing.erlangC(0, 0)),
                refuses("service time must be 0 or more and finite, but is -1.0", () -> Queueing.erlangCWait(1, 2, -1)),
                refuses("arrival rate must be 0 or more and finite, but is -1.0", () -> Queueing.mmck(-1, 1, 1, 1)),
                refuses("service rate must be above 0 and finite, but is 0.0", () -> Queueing.mmck(1, 0, 1, 1)),
                refuses(
                        "arrival rate / service rate must be 0 or more and finite, but is Infinity",
                        () -> Queueing.mmck(1e300, 1e-300, 1, 1)),
                refuses("servers must be 1 to 1000000000000, but is 0", () -> Queueing.mmck(1, 1, 0, 1)),
                refuses("capacity must be 10 to 1000000000000, but is 9", () -> Queueing.mmck(1, 1, 10, 9)),
                refuses("mean must be 0 or more and finite, but is -2.0", () -> Queueing.poisson(-2, 1)),
                refuses("mean must be at most 1000000000000, but is 1.0E13", () -> Queueing.poissonTail(1e13, 1)),
                refuses("n must be 0 or more, but is -1", () -> Queueing.poissonTail(1, -1)));
    }

    private static Executable refuses(String sentence, Executable call) {
        return () -> assertEquals(
                sentence, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
