package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.dsl.OneLaw.count;
import static plimsoll.dsl.OneLaw.refusal;
import static plimsoll.dsl.Verdict.State.FITS;
import static plimsoll.dsl.Verdict.State.OVER;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakpointTest {
    private static final Parameter X = Parameter.continuous("x", Unit.COUNT, "a number");

    /** Demand is a function of x, against a supply. */
    private static OneLaw law(Parameter x, double present, DoubleUnaryOperator demand, double supply) {
        return OneLaw.of("b", List.of(x), facts -> {
            Formula in = OneLaw.input(facts, "b", x.name(), present);
            Formula asked = Formula.call("demand", Unit.COUNT, v -> demand.applyAsDouble(v[0]), in);
            return Finding.of(Unit.COUNT, asked, count(supply));
        });
    }

    private static double at(Budget b) {
        return b.breaksAt("x").at().orElseThrow().value();
    }

    // ---- continuous

    @ParameterizedTest
    @CsvSource({"0", "1e-9", "5", "49.999999", "50", "50.000001", "51", "1e6", "1e14"})
    void theCrossingIsFoundFromEitherSide(double present) {
        Breakpoint found = law(X, present, x -> 2 * x, 100).alone().breaksAt("x");
        assertEquals(50, found.at().orElseThrow().value(), 50e-9);
        assertEquals(FITS, found.below());
        assertEquals(OVER, found.above());
        assertEquals("50", found.toString());
    }

    @Property(tries = 60)
    void atItsBreakPointALinearBudgetIsJustFull(
            @ForAll @DoubleRange(min = 0.01, max = 1e5) double rate,
            @ForAll @DoubleRange(min = 1e-4, max = 1e4) @Scale(4) double hold,
            @ForAll @IntRange(min = 1, max = 1_000_000) int size) {
        Budget b = Budget.of(
                "pool",
                Input.given("rate", Quantity.perSecond(rate)).times(Input.given("hold", Quantity.seconds(hold))),
                Input.given("size", Quantity.count(size)));
        for (String input : List.of("rate", "hold", "size")) {
            Breakpoint found = b.breaksAt(input);
            Quantity x = found.at().orElseThrow();
            assertEquals(1, b.with(input, x.toString()).verdict().use().orElseThrow(), 1e-9, input);
            Quantity less = Quantity.of(x.value() * (1 - 1e-6), x.unit());
            Quantity more = Quantity.of(x.value() * (1 + 1e-6), x.unit());
            assertEquals(found.below(), b.with(input, less.toString()).verdict().state(), input);
            assertEquals(found.above(), b.with(input, more.toString()).verdict().state(), input);
            assertNotEquals(found.below(), found.above());
        }
    }

    @Test
    void anotherGoalBreaksElsewhere() {
        Budget b = law(X, 10, x -> x, 100).alone();
        assertEquals("100", b.breaksAt("x").toString());
        assertEquals("80", b.breaksAt("x", "80%").toString());
        assertEquals("10%", b.breaksAt("goal").toString(), "the use there is");
        assertEquals("50", b.with("goal", "50%").breaksAt("x").toString());
    }

    @Test
    void whatHasNoPresentValueIsLookedForFromItsLeast() {
        OneLaw law = OneLaw.of("b", List.of(X), facts -> facts.input("b.x", Unit.COUNT)
                .map(x -> Finding.of(Unit.COUNT, x, count(7)))
                .orElseGet(() -> Finding.unknown(Unit.COUNT, new Missing("x", "say it"))));
        assertEquals(7, at(law.alone()), 1e-9);
    }

    @Test
    void whatTurnsRightAboveNothingTurnsAtNothing() {
        Budget b = law(X, 5, x -> x, 0).alone();
        Breakpoint found = b.breaksAt("x");
        assertEquals(Optional.of(Quantity.count(0)), found.at());
        assertEquals(FITS, found.below());
        assertEquals(OVER, found.above());
    }

    @Test
    void aSupplyThatDividesIsNotTriedAtNothing() {
        Budget b = Budget.of(
                "b", Input.given("work", "100"), Input.given("total", "1000").over(Input.given("share", "5")));
        assertEquals("10", b.breaksAt("share").toString());
        Breakpoint none = b.with("total", "0").breaksAt("work");
        assertEquals("0", none.toString());
    }

    // ---- other domains

    @ParameterizedTest
    @CsvSource({
        "1, 100, 51",
        "40, 100, 51",
        "50, 100, 51",
        "51, 100, 51",
        "52, 100, 51",
        "1000, 100, 51",
        "0, 1, 1",
        "0, 101, 51",
        "7, 2000001, 1000001"
    })
    void ofWholeNumbersTheFirstOneThatIsOver(double present, double supply, double first) {
        Parameter whole = Parameter.integer("x", Unit.COUNT, 0, "things");
        Breakpoint found = law(whole, present, x -> 2 * x, supply).alone().breaksAt("x");
        assertEquals(first, found.at().orElseThrow().value());
        assertEquals(OVER, found.above());
    }

    @Test
    void ofWholeNumbersTheFirstThatFitsWhereMoreHelps() {
        Parameter whole = Parameter.integer("x", Unit.COUNT, 1, "servers");
        Breakpoint found = law(whole, 2, x -> 101 / x, 10).alone().breaksAt("x");
        assertEquals(Optional.of(Quantity.count(11)), found.at(), "101 / 10 = 10.1, 101 / 11 = 9.2");
        assertEquals(OVER, found.below());
        assertEquals(FITS, found.above());
    }

    @Test
    void ofStepsTheFirstOnTheOtherSide() {
        Parameter stepped = Parameter.stepped("x", Unit.COUNT, List.of(1.0, 2.0, 4.0, 8.0), "a size");
        assertEquals(8, at(law(stepped, 2, x -> x, 5).alone()));
        assertEquals(8, at(law(stepped, 8, x -> x, 5).alone()));
        assertEquals(8, at(law(stepped, 3, x -> x, 5).alone()), "the present value need not be a step");
        assertEquals(
                "no x from 1 to 8 turns it: FITS throughout",
                law(stepped, 2, x -> x, 9).alone().breaksAt("x").toString());
    }

    // ---- branches

    /** How long FIN-WAIT-2 lasts: up to 60 s in the small table, beyond it twice what exceeds 60 s. */
    private static double life(double timeout) {
        return timeout <= 60 ? timeout : 2 * (timeout - 60);
    }

    private static Budget lasting(double present, double room) {
        Parameter x =
                new Parameter("x", Unit.COUNT, Parameter.Domain.CONTINUOUS, 0, 1e15, List.of(60.0), "tcp_fin_timeout");
        return law(x, present, BreakpointTest::life, room).alone();
    }

    @ParameterizedTest
    @CsvSource({
        // present, room, first crossing from there
        " 10, 50,  50",
        " 49, 50,  50",
        " 52, 50,  50",
        " 55, 50,  60",
        " 59.99, 50, 60",
        " 60, 50,  60",
        " 61, 50,  60",
        " 84, 50,  85",
        "200, 50,  85",
        " 30, 80, 100",
        " 60, 80, 100",
        " 59,  5,  60",
        " 70,  5,  62.5"
    })
    void whereDemandFallsAgainTheNearestCrossingCounts(double present, double room, double first) {
        Breakpoint found = lasting(present, room).breaksAt("x");
        assertEquals(first, found.at().orElseThrow().value(), first * 2e-9);
        assertEquals(life(first * 0.9999) > room ? OVER : FITS, found.below());
        assertEquals(life(first * 1.0001) > room ? OVER : FITS, found.above());
    }

    @Test
    void aThirdAnswerBetweenIsNamedAsItIs() {
        OneLaw law = OneLaw.of("b", List.of(X), facts -> {
            Formula x = OneLaw.input(facts, "b", "x", 10);
            return x.value() > 20 && x.value() < 20.5
                    ? Finding.unknown(Unit.COUNT, new Missing("y", "say it"))
                    : Finding.of(Unit.COUNT, x, count(20));
        });
        Breakpoint found = law.alone().breaksAt("x");
        assertEquals(20, found.at().orElseThrow().value(), 1e-9);
        assertTrue(found.above() == OVER || found.above() == Verdict.State.UNKNOWN);
        double above = found.at().orElseThrow().value() * (1 + 1e-9);
        assertEquals(
                law.alone()
                        .with("x", Quantity.of(above, Unit.COUNT).toString())
                        .verdict()
                        .state(),
                found.above());
    }

    // ---- no crossing

    @Test
    void withoutACrossingItSaysSoAndIsNotDear() {
        OneLaw law = law(X, 5, x -> 1, 2);
        Budget b = law.alone();
        int before = law.applied();
        Breakpoint found = b.breaksAt("x");
        assertEquals("no x from 0 up turns it: FITS throughout", found.toString());
        assertEquals(Optional.empty(), found.at());
        assertEquals(FITS, found.below());
        assertTrue(law.applied() - before < 600, (law.applied() - before) + " applications");
    }

    @Test
    void aCrossingIsNotDear() {
        OneLaw law = law(X, 5, x -> 2 * x, 100);
        Budget b = law.alone();
        int before = law.applied();
        b.breaksAt("x");
        assertTrue(law.applied() - before < 150, (law.applied() - before) + " applications");
    }

    @Test
    void aLongNameStillFitsTheLine() {
        Parameter x = Parameter.continuous("x".repeat(70), Unit.COUNT, "a number");
        OneLaw law = OneLaw.of("b", List.of(x), f -> Finding.of(Unit.COUNT, count(1), count(2)));
        String line = law.alone().breaksAt("x".repeat(70)).toString();
        assertTrue(line.length() <= 76, line);
        assertTrue(line.endsWith("turns it: FITS throughout"), line);
    }

    @Test
    void aLawThatAnswersNowhereElseSaysWhy() {
        OneLaw law = OneLaw.of("b", List.of(X), facts -> {
            if (facts.find("b.x").isPresent()) {
                throw new IllegalArgumentException("x cannot be said here");
            }
            return Finding.of(Unit.COUNT, count(1), count(2));
        });
        assertEquals("x cannot be said here", refusal(() -> law.alone().breaksAt("x")));
    }

    // ---- closed form

    @Test
    void aClosedFormIsUsedWhereItIsRight() {
        OneLaw law = law(X, 5, x -> 2 * x, 100);
        Budget b = law.solvedBy(50).alone();
        assertEquals(Optional.of(Quantity.count(50)), b.breaksAt("x").at());
        OneLaw solved = law.solvedBy(50);
        Budget counted = solved.alone();
        int before = solved.applied();
        counted.breaksAt("x");
        OneLaw searched = law(X, 5, x -> 2 * x, 100);
        Budget other = searched.alone();
        int start = searched.applied();
        other.breaksAt("x");
        assertTrue(solved.applied() - before < searched.applied() - start, "it saves the bisection");
    }

    @ParameterizedTest
    @CsvSource({"49", "50.01", "0", "-1", "1e300", "NaN"})
    void aClosedFormThatIsWrongIsNotBelieved(double wrong) {
        Budget b = law(X, 5, x -> 2 * x, 100).solvedBy(wrong).alone();
        assertEquals(50, at(b), 50e-9);
    }

    @Test
    void ofWholeNumbersTheClosedFormIsRoundedUp() {
        Parameter whole = Parameter.integer("x", Unit.COUNT, 0, "things");
        assertEquals(51, at(law(whole, 5, x -> 2 * x, 101).solvedBy(50.5).alone()));
        assertEquals(51, at(law(whole, 5, x -> 2 * x, 100).solvedBy(50).alone()), "at 50 it fits");
    }

    @Test
    void whatIsNoNumberHasNoBreakPoint() {
        assertThrows(
                IllegalArgumentException.class,
                () -> law(X, 5, x -> x, 9).alone().breaksAt("y"));
    }
}
