package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Input;
import plimsoll.dsl.Unit;
import plimsoll.dsl.Verdict;

/** The figures are those of the kernel lab and of Erlang's formula; tolerances are a unit of the last digit given. */
class PortsTest {
    private static final Ports LAW = new Ports();

    private static Facts facts(String... namesAndTexts) {
        Facts facts = Facts.none();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            facts = facts.plus(new Fact(namesAndTexts[i], namesAndTexts[i + 1], Evidence.read("test:" + i)));
        }
        return facts;
    }

    private static final Facts DEFAULTS = facts(
            "net.ipv4.ip_local_port_range",
            "32768 60999",
            "net.ipv4.tcp_tw_reuse",
            "2",
            "net.ipv4.tcp_timestamps",
            "1");

    private static Budget asked(Facts facts, String rate, String connected) {
        return Budget.of(LAW, facts.given("ports.rate", rate).given("ports.connected", connected), Ports.ANY);
    }

    private static Input input(Budget b, String name) {
        return b.finding().inputs().stream()
                .filter(i -> i.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"100, 5.12", "250, 2.048", "300, 1.70667", "1000, 4.096"})
    void theTimerWheelHasTheGridThatTheKernelHas(double hz, double granule) {
        assertEquals(granule, TimeWait.granule(hz), 1e-5);
    }

    @Test
    void fiveHundredASecondDoNotFitTheDefaultRange() {
        Budget b = asked(DEFAULTS, "500/s", "100 ms");
        assertEquals(28232, b.figure("supply").value());
        assertEquals(30562, b.figure("demand").value(), 0.5);
        assertEquals(Verdict.State.OVER, b.verdict().state());
        Finding.Loss loss = b.finding().loss().orElseThrow();
        assertEquals(0.0766, loss.low().value(), 0.0001);
        assertEquals(0.0918, loss.high().value(), 0.0001);
        assertEquals(461.9, b.figure("ceiling rate").value(), 0.05);
        assertEquals(56.5, b.figure("time to exhaustion").value(), 0.05);
        assertEquals(14116, b.figure("latency cliff").value());
        assertEquals("ports OVER: 30,562 of at most 28,232 (108%); 7.7-9.2% of connects fail", b.toString());
    }

    @Test
    void theHzThatWasNotReadIsAssumedAndGivesARange() {
        Budget b = asked(DEFAULTS, "500/s", "100 ms");
        Input hz = input(b, "HZ");
        assertEquals(250, hz.value());
        assertEquals(Evidence.Kind.ASSUMED, hz.evidence().kind());
        assertEquals(List.of("HZ"), b.verdict().assumed());
        assertEquals(500 * (60.1 + 1.70667 / 2) / 28232, b.verdict().least().orElseThrow(), 1e-6);
        assertEquals(500 * (60.1 + 5.12 / 2) / 28232, b.verdict().most().orElseThrow(), 1e-6);
        assertTrue(asked(DEFAULTS.plus(new Fact("HZ", "250", Evidence.read("config:1"))), "500/s", "100 ms")
                .verdict()
                .assumed()
                .isEmpty());
    }

    @Test
    void aRateThatFitsAtOneHzAndNotAtAnotherSaysSo() {
        Budget b = asked(DEFAULTS, "448/s", "100 ms");
        assertEquals(Verdict.State.FITS, b.verdict().state());
        assertEquals(List.of("OVER at HZ=100", "OVER at HZ=1000"), b.verdict().turns());
    }

    @ParameterizedTest
    @CsvSource({"453, 0.0000, 0.0031", "457, 0.0005, 0.0091", "461.9, 0.0048, 0.0182", "500, 0.0766, 0.0918"})
    void lossLiesBetweenTheMeanAndTheLongestHold(double rate, double low, double high) {
        Finding.Loss loss =
                asked(DEFAULTS, rate + "/s", "100 ms").finding().loss().orElseThrow();
        assertEquals(low, loss.low().value(), 0.00006);
        assertEquals(high, loss.high().value(), 0.00006);
    }

    @Test
    void theWideRangeAtTwelveHundred() {
        Budget b = asked(DEFAULTS.with("net.ipv4.ip_local_port_range", "1024 65535"), "1200/s", "100 ms");
        assertEquals(64512, b.figure("supply").value());
        assertEquals(Finding.Bound.AT_MOST, b.finding().supplyBound());
        assertEquals(0.1206, b.finding().loss().orElseThrow().low().value(), 0.0001);
        assertEquals(0.1351, b.finding().loss().orElseThrow().high().value(), 0.0001);
    }

    @Test
    void theVerdictTurnsWhereTheLongestHoldLosesTheGoal() {
        Budget b = asked(DEFAULTS, "500/s", "100 ms");
        assertEquals("449.5/s", b.breaksAt("rate").toString());
        assertEquals(449.5, b.breaksAt("rate").at().orElseThrow().value(), 0.05);
        assertEquals(
                449.5,
                asked(DEFAULTS, "100/s", "100 ms")
                        .breaksAt("rate")
                        .at()
                        .orElseThrow()
                        .value(),
                0.05);
        double atOne = b.breaksAt("rate", "1%").at().orElseThrow().value();
        assertEquals(
                0.01,
                asked(DEFAULTS, atOne + "/s", "100 ms")
                        .finding()
                        .loss()
                        .orElseThrow()
                        .high()
                        .value(),
                1e-9);
    }

    @Test
    void reuseTakesThePortAfterTheDelayAndLeavesTimeWaitStanding() {
        Budget b = asked(DEFAULTS.with("net.ipv4.tcp_tw_reuse", "1"), "500/s", "100 ms");
        assertEquals(Verdict.State.FITS, b.verdict().state());
        assertEquals(550, b.figure("demand").value(), 1e-9);
        assertEquals(500 * 2.1 / 28232, b.verdict().most().orElseThrow(), 1e-9);
        assertEquals(List.of("net.ipv4.tcp_tw_reuse_delay"), b.verdict().assumed());
        assertEquals(14116, b.figure("expected TIME-WAIT").value());
    }

    @Test
    void connectsThatNobodyAnswersHoldTheirPortForMinutes() {
        Facts facts = DEFAULTS.plus(new Fact("HZ", "250", Evidence.read("config:1")));
        Budget all = asked(facts, "100/s", "0 s").with("unanswered", "100%");
        // measured: a socket stays in SYN-SENT for 134.2 s
        assertEquals(13420, all.figure("demand").value(), 13420 * 0.015);
        assertEquals(134.2, all.figure("a silent peer holds a port").value(), 134.2 * 0.015);
        Budget tenth = asked(facts, "100/s", "0 s").with("unanswered", "10%");
        assertEquals(
                0.1 * all.figure("demand").value() + 0.9 * 6102.4,
                tenth.figure("demand").value(),
                1e-6);
        assertEquals(6102.4, asked(facts, "100/s", "0 s").figure("demand").value(), 1e-9);
    }

    @Test
    void aReuseDelayThatWasReadIsInMilliseconds() {
        Facts facts = facts("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.tcp_tw_reuse_delay", "100", "HZ", "250");
        Budget b = asked(facts, "500/s", "0 s");
        assertEquals(50, b.figure("demand").value(), 1e-9);
        assertTrue(b.verdict().assumed().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, 127.0.0.1 -> 127.0.0.1:9000, true",
        "2, 1, 10.0.0.1 -> 10.0.0.1:9000, false",
        "1, 1, 10.0.0.1 -> 10.0.0.2:9000, true",
        "1, 0, 10.0.0.1 -> 10.0.0.2:9000, false",
        "0, 1, 127.0.0.1 -> 127.0.0.1:9000, false",
        "2, 1, ::1 -> [::1]:9000, true"
    })
    void reuseNeedsTheModeTheAddressAndTimestamps(String mode, String stamps, String scope, boolean reused) {
        Facts facts = facts("net.ipv4.tcp_tw_reuse", mode, "net.ipv4.tcp_timestamps", stamps)
                .given("ports.rate", "10/s");
        double demand = Budget.of(LAW, facts, scope).figure("demand").value();
        assertEquals(reused ? 10 : 610.24, demand, 1e-6);
    }

    @Test
    void reservedAndBoundPortsAreNotToBeHad() {
        Facts facts = facts(
                "net.ipv4.ip_local_port_range",
                "40000 40099",
                "net.ipv4.ip_local_reserved_ports",
                "40010-40019,40050,80");
        Budget b = asked(facts, "1/s", "0 s");
        assertEquals(89, b.figure("supply").value());
        Budget bound = b.with("bound", "3");
        assertEquals(86, bound.figure("supply").value());
        assertEquals(Finding.Bound.EXACT, bound.finding().supplyBound());
    }

    @Test
    void aTotalBelowOnePoolProvesThatEveryDestinationFits() {
        Budget b = Budget.of(
                LAW, facts("states:TIME-WAIT", "4102", "states:ESTAB", "850", "states:LISTEN", "32"), Ports.EVERY);
        assertEquals(Verdict.State.FITS, b.verdict().state());
        assertEquals(4952, b.figure("demand").value());
        assertEquals(Finding.Bound.AT_MOST, b.finding().demandBound());
        assertTrue(b.finding().notes().get(0).startsWith("proved by the host-wide bound (4,102 TIME-WAIT"));
        assertEquals(
                Evidence.Kind.DEFAULT,
                input(b, "net.ipv4.ip_local_port_range.low").evidence().kind());
    }

    @Test
    void aTotalAboveOnePoolProvesNothing() {
        Budget b = Budget.of(LAW, facts("ss:tcp", "32104"), Ports.EVERY);
        assertEquals(Verdict.State.UNKNOWN, b.verdict().state());
        assertEquals("ss -nat", b.finding().missing().get(0).command());
    }

    @Test
    void nothingKnownIsUnknownAndNamesTheCommand() {
        Budget b = Budget.of(LAW, Facts.none(), Ports.EVERY);
        assertEquals(Verdict.State.UNKNOWN, b.verdict().state());
        assertTrue(b.finding().demand().isEmpty());
        assertTrue(b.toString().startsWith("ports UNKNOWN"), b.toString());
    }

    @Test
    void aScopeThatIsNoDestinationIsRefusedWithAnExample() {
        var e = assertThrows(IllegalArgumentException.class, () -> Budget.of(LAW, DEFAULTS, "10.0.0.1 -> nowhere"));
        assertEquals(
                "'10.0.0.1 -> nowhere' is not a destination: write SOURCE -> ADDRESS:PORT, as 10.0.0.1 -> 10.0.0.2:443",
                e.getMessage());
    }

    @Property(tries = 60)
    void moreRateNeverLosesLess(
            @ForAll @IntRange(min = 1, max = 3000) int rate, @ForAll @IntRange(min = 1, max = 500) int more) {
        double loss = asked(DEFAULTS, rate + "/s", "1 s")
                .finding()
                .loss()
                .orElseThrow()
                .high()
                .value();
        double higher = asked(DEFAULTS, (rate + more) + "/s", "1 s")
                .finding()
                .loss()
                .orElseThrow()
                .high()
                .value();
        assertTrue(higher >= loss);
    }

    @Property(tries = 30)
    void theVerdictDiffersOnEitherSideOfTheBreakPoint(@ForAll @IntRange(min = 1, max = 2000) int rate) {
        Budget b = asked(DEFAULTS, rate + "/s", "100 ms");
        double at = b.breaksAt("rate").at().orElseThrow().value();
        assertEquals(
                Verdict.State.FITS, b.with("rate", at * 0.9999 + "/s").verdict().state());
        assertEquals(
                Verdict.State.OVER, b.with("rate", at * 1.0001 + "/s").verdict().state());
        assertFalse(b.finding().inputs().isEmpty());
        assertEquals(Unit.COUNT, b.finding().unit());
    }
}
