package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.dsl.OneLaw.count;
import static plimsoll.dsl.Verdict.State.FITS;
import static plimsoll.dsl.Verdict.State.OVER;
import static plimsoll.dsl.Verdict.State.UNKNOWN;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Table;

class VerdictTest {
    private static Budget budget(String name, Finding found) {
        return OneLaw.of(name, List.of(), f -> found).alone();
    }

    private static Finding used(double demand, double supply) {
        return Finding.of(Unit.COUNT, count(demand), count(supply));
    }

    private static Finding losing(double demand, double supply, double low, double high) {
        return used(demand, supply).losing("calls fail", count(low), count(high));
    }

    private static Verdict.State state(Finding found) {
        return budget("b", found).verdict().state();
    }

    @ParameterizedTest
    @CsvSource({
        // demand, supply, EXACT, AT_LEAST, AT_MOST
        " 50, 100, FITS, UNKNOWN, FITS",
        "100, 100, FITS, OVER,    FITS",
        "101, 100, OVER, OVER,    UNKNOWN",
        "  1,   0, OVER, OVER,    UNKNOWN",
        "  0,   0, FITS, UNKNOWN, FITS",
        "  0, 100, FITS, UNKNOWN, FITS"
    })
    void aBoundProvesOnlyOneSide(
            double demand, double supply, Verdict.State exact, Verdict.State atLeast, Verdict.State atMost) {
        assertEquals(exact, state(used(demand, supply)));
        assertEquals(atLeast, state(used(demand, supply).demandAtLeast()));
        assertEquals(atMost, state(used(demand, supply).demandAtMost()));
    }

    @Test
    void aLossIsJudgedOnItsHardEnd() {
        assertEquals(FITS, state(losing(1, 2, 0.0001, 0.0005)));
        assertEquals(OVER, state(losing(1, 2, 0.0001, 0.00051)));
        assertEquals(OVER, state(losing(1, 2, 0.0001, 0.01).demandAtLeast()));
        assertEquals(UNKNOWN, state(losing(1, 2, 0, 0.01).demandAtMost()));
        assertEquals(FITS, state(losing(1, 2, 0, 0).demandAtMost()));
        assertEquals(FITS, state(losing(3, 2, 0, 0)), "more demand than supply, and nothing lost");
    }

    @Test
    void whoAsksForNothingIsRefusedNothing() {
        assertEquals(1.0, Queueing.erlangB(0, 0), "the formula's own value");
        Budget b = budget("b", losing(0, 0, 1, 1));
        assertEquals("b FITS: 0 of 0 (0%)", b.toString());
    }

    @Test
    void theGoalIsALossOrAUse() {
        Budget lossy = budget("b", losing(1, 2, 0.001, 0.009));
        assertEquals(OVER, lossy.verdict().state());
        assertEquals(0.0005, lossy.verdict().goal());
        assertEquals(FITS, lossy.with("goal", "1%").verdict().state());
        Budget full = budget("b", used(90, 100));
        assertEquals(1.0, full.verdict().goal());
        assertEquals(OVER, full.with("goal", "80%").verdict().state());
        assertEquals(
                FITS, budget("b", used(150, 100)).with("goal", "200%").verdict().state());
        assertEquals(
                UNKNOWN,
                budget("b", used(150, 100).demandAtLeast())
                        .with("goal", "200%")
                        .verdict()
                        .state(),
                "150% or more against a goal of 200%");
    }

    @Test
    void noSupplyIsNoFiniteUse() {
        Budget b = budget("b", used(5, 0));
        assertEquals(OptionalDouble.of(Double.POSITIVE_INFINITY), b.verdict().use());
        assertEquals("b OVER: 5 of 0", b.toString());
        assertThrows(IllegalArgumentException.class, () -> b.figure("use"));
        assertEquals(Quantity.count(0), b.figure("left"));
        assertTrue(b.explain().text().startsWith("b OVER: 5 of 0\n"));
    }

    @Test
    void whatIsMissingIsUnknownAndHasNoRange() {
        Budget b = budget(
                "b", Finding.unknown(Unit.COUNT, new Missing("rate", "say it")).supplied(count(9)));
        assertEquals(UNKNOWN, b.verdict().state());
        assertEquals(OptionalDouble.empty(), b.verdict().use());
        assertEquals(OptionalDouble.empty(), b.verdict().least());
        assertEquals(Quantity.count(9), b.figure("supply"));
        assertEquals(UNKNOWN, state(used(1, 9).missing(new Missing("rate", "say it"))));
    }

    // ---- many

    @Test
    void budgetsStandInTheOrderOfTheirConsequence() {
        Budgets all = Budgets.of(List.of(
                budget("unknown", Finding.unknown(Unit.COUNT, new Missing("rate", "say it"))),
                budget("half", used(1, 2)),
                budget("full", used(2, 2)),
                OneLaw.of("slow", List.of(), f -> used(9, 2)).slowing().alone(),
                OneLaw.of("slower", List.of(), f -> used(10, 2)).slowing().alone(),
                budget("loses a little", losing(9, 2, 0.01, 0.01)),
                budget("loses much", losing(3, 2, 0.5, 0.5)),
                budget("refuses", used(5, 2))));
        assertEquals(
                List.of("loses much", "loses a little", "refuses", "slower", "slow", "full", "half", "unknown"),
                all.stream().map(Budget::name).toList());
        assertEquals("loses much", all.worst().name());
        assertEquals(8, all.size());
        assertEquals("unknown", all.get(7).name());
        assertEquals(8, all.toString().lines().count());
    }

    @Test
    void amongEqualsTheNameDecides() {
        Budgets all = Budgets.of(List.of(budget("b", used(1, 2)), budget("a", used(1, 2))));
        assertEquals("a", all.worst().name());
    }

    @Test
    void scopesOfOneNameAreToldApart() {
        OneLaw ports = OneLaw.of("ports", List.of(), f -> used(1, 2));
        Budgets all =
                Budgets.of(List.of(Budget.of(ports, Facts.none(), "b:80"), Budget.of(ports, Facts.none(), "a:80")));
        assertEquals("ports[a:80] FITS: 1 of 2 (50%)\nports[b:80] FITS: 1 of 2 (50%)", all.toString());
    }

    @Test
    void ofManyThoseAreShownThatFitAThousandCharacters() {
        List<Budget> many = java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> budget("budget of a rather long name " + i, losing(1e12 + i, 1e11, 0.1, 0.2)))
                .toList();
        String shown = Budgets.of(many).toString();
        int lines = (int) shown.lines().count();
        assertTrue(lines > 10, shown);
        assertTrue(shown.endsWith("\n" + (20 - lines + 1) + " more: .print()"), shown);
        assertTrue(shown.length() < 1000, shown.length() + " characters");
    }

    @Test
    void aVerdictAloneIsOneLine() {
        assertEquals(
                "OVER: 150%", budget("ports", losing(3, 2, 0.25, 0.5)).verdict().toString());
        assertEquals(
                "UNKNOWN",
                budget("unknown", Finding.unknown(Unit.BYTES, new Missing("rate", "say it")))
                        .verdict()
                        .toString());
    }

    @Test
    void noBudgetsHaveNoWorst() {
        Budgets none = Budgets.of(List.of());
        assertEquals("no budgets", none.toString());
        assertEquals(0, none.size());
        assertEquals(
                "there are no budgets, so none is the worst",
                assertThrows(NoSuchElementException.class, none::worst).getMessage());
        assertEquals(0, none.table().rowCount());
    }

    @Test
    void theTableHasARowABudgetInBaseUnits() {
        Table table = Budgets.of(List.of(
                        budget("ports", losing(3, 2, 0.25, 0.5)),
                        budget("unknown", Finding.unknown(Unit.BYTES, new Missing("rate", "say it")))))
                .table();
        assertEquals(
                List.of("name", "scope", "verdict", "demand", "supply", "unit", "use", "loss"), table.columnNames());
        assertEquals("OVER", table.stringColumn("verdict").get(0));
        assertEquals(1.5, table.doubleColumn("use").get(0));
        assertEquals(0.5, table.doubleColumn("loss").get(0));
        assertTrue(table.doubleColumn("demand").isMissing(1), "missing is not zero");
        assertEquals("B", table.stringColumn("unit").get(1));
    }
}
