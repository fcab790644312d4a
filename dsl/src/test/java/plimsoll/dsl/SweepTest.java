package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.dsl.OneLaw.count;
import static plimsoll.dsl.OneLaw.refusal;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class SweepTest {
    private static final Parameter X = Parameter.continuous("x", Unit.COUNT, "a number");

    private static Budget pool() {
        return Budget.of(
                "pool", Input.given("rate", "10/s").times(Input.given("hold", "2 s")), Input.given("size", "100"));
    }

    private static Budget over(Parameter x, double supply) {
        return OneLaw.of("b", List.of(x), f -> Finding.of(Unit.COUNT, OneLaw.input(f, "b", x.name(), 2), count(supply)))
                .alone();
    }

    @Test
    void pointsRunEvenlyFromEndToEnd() {
        Sweep s = pool().sweep("rate", "0/s", "120/s");
        assertEquals(121, s.points().size());
        assertEquals(
                new Sweep.Point(0, 0, 100, Double.NaN, Double.NaN, Verdict.State.FITS, 0, 0),
                s.points().get(0));
        assertEquals(
                new Sweep.Point(120, 240, 100, Double.NaN, Double.NaN, Verdict.State.OVER, 240, 240),
                s.points().get(120));
        assertEquals(1, s.turns().size());
        assertEquals(50, s.turns().get(0).at().orElseThrow().value(), 50e-9);
        assertEquals("pool as rate goes 0/s to 120/s: FITS to 50/s, then OVER; at most 240% used", s.toString());
    }

    @Test
    void whatNeverTurnsSaysSo() {
        assertEquals(
                "pool as rate goes 0/s to 20/s: FITS throughout; at most 40% used",
                pool().sweep("rate", "0/s", "20/s").toString());
        assertEquals(
                "pool as size goes 1 to 19: OVER throughout; at most 2,000% used",
                pool().sweep("size", "1", "19").toString());
    }

    @Test
    void everyTurnIsTold() {
        Parameter x = new Parameter("x", Unit.COUNT, Parameter.Domain.CONTINUOUS, 0, 1e15, List.of(60.0), "a wait");
        Budget b = OneLaw.of(
                        "b",
                        List.of(x),
                        f -> Finding.of(
                                Unit.COUNT,
                                Formula.call(
                                        "life",
                                        Unit.COUNT,
                                        v -> v[0] <= 60 ? v[0] : 2 * (v[0] - 60),
                                        OneLaw.input(f, "b", "x", 10)),
                                count(50)))
                .alone();
        Sweep s = b.sweep("x", "0", "120");
        assertEquals("b: FITS to 50, then OVER to 60, then FITS to 85, then OVER", s.toString());
        assertEquals(3, s.turns().size());
        assertEquals(
                List.of("OVER from 50", "FITS from 60", "OVER from 85"),
                s.plot().layers().stream()
                        .filter(Picture.Mark.class::isInstance)
                        .map(Picture.Mark.class::cast)
                        .map(m ->
                                m.name() + " " + Quantity.of(m.x(), Unit.COUNT).brief())
                        .toList());
    }

    @Test
    void wholeNumbersStayWholeAndStepsAreTheOnlyPoints() {
        Sweep whole = over(Parameter.integer("x", Unit.COUNT, 0, "things"), 2).sweep("x", "0", "5");
        assertEquals(
                List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0),
                whole.points().stream().map(Sweep.Point::x).toList());
        assertEquals("b as x goes 0 to 5: FITS to 3, then OVER; at most 250% used", whole.toString());
        Parameter stepped = Parameter.stepped("x", Unit.COUNT, List.of(1.0, 2.0, 4.0, 8.0), "a size");
        Sweep steps = over(stepped, 2).sweep("x", "2", "10");
        assertEquals(
                List.of(2.0, 4.0, 8.0),
                steps.points().stream().map(Sweep.Point::x).toList());
        assertEquals("x has no value from 9 to 10: it takes 1, 2, 4, 8", refusal(() -> over(stepped, 2)
                .sweep("x", "9", "10")));
        assertEquals(
                "b as x goes 4 to 4: FITS throughout; at most 80% used",
                over(stepped, 5).sweep("x", "3", "5").toString());
    }

    @Test
    void theEndsAreHeldToUnitRangeAndOrder() {
        assertEquals(
                "a sweep goes upwards: 5/s is not less than 5/s", refusal(() -> pool().sweep("rate", "5/s", "5/s")));
        assertEquals("rate is at least 0/s, not -1/s", refusal(() -> pool().sweep("rate", "-1/s", "5/s")));
        assertEquals("'5' has no unit: a rate is written 500/s, 30/min or 100/h", refusal(() -> pool().sweep(
                        "rate", "0/s", "5")));
        Budget divided = Budget.of("b", Input.given("work", "8").over(Input.given("size", "2")), count(5));
        assertEquals(
                "b has no answer at size = 0: work / size has no finite value at work = 8, size = 0",
                refusal(() -> divided.sweep("size", "0", "5")));
    }

    @Test
    void theGoalCanBeSwept() {
        assertEquals(
                "pool as goal goes 0% to 50%: OVER to 20%, then FITS; at most 20% used",
                pool().sweep("goal", "0%", "50%").toString());
    }

    @Test
    void whatIsUnknownSomewhereIsAGapAndNoZero() {
        Budget b = OneLaw.of(
                        "b",
                        List.of(X),
                        f -> OneLaw.input(f, "b", "x", 2).value() < 5
                                ? Finding.of(Unit.COUNT, OneLaw.input(f, "b", "x", 2), count(10))
                                : Finding.unknown(Unit.COUNT, new Missing("y", "say it"))
                                        .supplied(count(10)))
                .alone();
        Sweep s = b.sweep("x", "0", "10");
        assertEquals("b as x goes 0 to 10: FITS to 5, then UNKNOWN; at most 49% used", s.toString());
        assertTrue(Double.isNaN(s.points().get(120).demand()));
        assertEquals(10, s.points().get(120).supply());
        Table table = s.table();
        assertTrue(table.doubleColumn("demand").isMissing(120));
        assertEquals("UNKNOWN", table.stringColumn("verdict").get(120));
        assertEquals("b as x goes 0 to 10", s.plot().title());
    }

    @Test
    void theTableHasARowAPoint() {
        Table table = pool().sweep("rate", "0/s", "120/s").table();
        assertEquals(List.of("rate", "demand", "supply", "loss_low", "loss_high", "verdict"), table.columnNames());
        assertEquals(121, table.rowCount());
        assertEquals(240, table.doubleColumn("demand").get(120));
        assertTrue(table.doubleColumn("loss_low").isMissing(0));
    }

    @Test
    void thePictureShowsDemandSupplyTurnAndLoss() {
        Picture plain = pool().sweep("rate", "0/s", "120/s").plot();
        assertEquals(
                List.of("demand", "supply", "OVER from"),
                plain.layers().stream().map(Picture.Layer::name).toList());
        assertTrue(plain.right().isEmpty());
        assertEquals(new Picture.Axis("rate", Unit.RATE), plain.x());
        assertEquals(new Picture.Axis("pool", Unit.COUNT), plain.y());
        Picture lossy = OneLaw.of("b", List.of(X), f -> {
                    Formula x = OneLaw.input(f, "b", "x", 2);
                    Formula loss = Formula.call("loss", Unit.SHARE, v -> v[0] / 100, x);
                    return Finding.of(Unit.COUNT, x, x.plus(count(1))).losing("calls", loss, loss);
                })
                .alone()
                .sweep("x", "0", "10")
                .plot();
        assertEquals(
                List.of("demand", "loss", "supply", "OVER from"),
                lossy.layers().stream().map(Picture.Layer::name).toList());
        assertEquals(new Picture.Axis("loss", Unit.SHARE, 1), lossy.right().orElseThrow());
    }

    @Test
    void theLineFitsWhateverTheNames() {
        Parameter x = Parameter.continuous("x".repeat(50), Unit.COUNT, "a number");
        String line = over(x, 2).sweep("x".repeat(50), "0", "1000000.123").toString();
        assertTrue(line.length() <= 76, line);
        assertEquals("b: FITS to 2, then OVER", line);
    }
}
