package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.dsl.OneLaw.refusal;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FormulaTest {
    private static final Input RATE = Input.given("rate", "500/s");
    private static final Input HOLD = Input.given("hold", "60 s");
    private static final Input SIZE = Input.given("size", "28232");
    private static final Input ROOM = Input.given("room", "4 KiB");

    @Test
    void unitsAreCheckedWhileTheFormulaIsBuilt() {
        assertEquals("cannot combine a rate with a span in rate + hold", refusal(() -> RATE.plus(HOLD)));
        assertEquals("cannot combine an amount of bytes with a count in room - size", refusal(() -> ROOM.minus(SIZE)));
        assertEquals("cannot combine a rate with a span in min(rate, hold)", refusal(() -> RATE.min(HOLD)));
        assertEquals("cannot combine a count with a rate in max(rate x hold, rate)", refusal(() -> RATE.times(HOLD)
                .max(RATE)));
        assertEquals(
                "cannot combine a rate with a span in rate - (hold - hold)",
                refusal(() -> RATE.minus(HOLD.minus(HOLD))));
        assertEquals("cannot combine B·s with s^2 in room x hold + hold x hold", refusal(() -> ROOM.times(HOLD)
                .plus(HOLD.times(HOLD))));
        assertEquals("rate x hold is a count, not a rate", refusal(() -> RATE.times(HOLD)
                .in(Unit.RATE)));
        assertEquals("room / hold is a bandwidth, not a count", refusal(() -> ROOM.over(HOLD)
                .in(Unit.COUNT)));
    }

    @Test
    void littlesLawComesOutInItsUnits() {
        assertEquals(Quantity.count(30_000), RATE.times(HOLD).in(Unit.COUNT));
        assertEquals(Quantity.perSecond(28_232 / 60.0), SIZE.over(HOLD).in(Unit.RATE));
        assertEquals(Quantity.seconds(28_232 / 500.0), SIZE.over(RATE).in(Unit.SPAN));
        assertTrue(RATE.times(HOLD).is(Unit.SHARE), "a share is a number as a count is");
    }

    @Test
    void aQuotientByZeroNamesWhatWasZero() {
        var failed = assertThrows(ArithmeticException.class, () -> SIZE.over(Input.given("stall", "0 s")));
        assertEquals("size / stall has no finite value at size = 28,232, stall = 0 s", failed.getMessage());
    }

    @Test
    void bracketsStandWhereTheyAreNeededAndNowhereElse() {
        Input a = Input.given("a", "7");
        Input b = Input.given("b", "5");
        Input c = Input.given("c", "3");
        assertEquals("a - b - c", a.minus(b).minus(c).toString());
        assertEquals("a - (b - c)", a.minus(b.minus(c)).toString());
        assertEquals("a - (b + c)", a.minus(b.plus(c)).toString());
        assertEquals("a + b - c", a.plus(b.minus(c)).toString());
        assertEquals("(a + b) x c", a.plus(b).times(c).toString());
        assertEquals("a x (b - c)", a.times(b.minus(c)).toString());
        assertEquals("a / (b x c)", a.over(b.times(c)).toString());
        assertEquals("a / b / c", a.over(b).over(c).toString());
        assertEquals("a + b x c", a.plus(b.times(c)).toString());
        assertEquals("max(a + b, c) x c", a.plus(b).max(c).times(c).toString());
        assertEquals("a x sum", a.times(b.plus(c).named("sum")).toString());
    }

    @Property
    void thePrintedFormulaIsTheFormulaThatRan(@ForAll("trees") Formula tree) {
        Map<String, Double> values = new TreeMap<>();
        tree.inputs().forEach(i -> values.put(i.name(), i.value()));

        double read = new Reader(tree.toString(), values).all();

        // a + (b - c) prints as a + b - c: the same number but for the last digits
        assertEquals(tree.value(), read, 1e-9 * Math.max(1, Math.abs(tree.value())), tree.toString());
    }

    @Provide
    Arbitrary<Formula> trees() {
        // eighths and small numbers: sums of them are exact, and so are cancellations
        Map<String, Integer> values = Map.of("a", 7, "b", 5, "c", 3, "d", 11);
        Arbitrary<Formula> leaf = Arbitraries.of("a", "b", "c", "d")
                .map(n -> (Formula) Input.given(n, Quantity.of(values.getOrDefault(n, 0) + 0.125, Unit.COUNT)))
                .edgeCases(edges -> edges.none());
        return Arbitraries.lazyOf(() -> leaf, () -> leaf, () -> Combinators.combine(
                        Arbitraries.of("+", "-", "x", "/", "min", "max"), trees(), trees())
                .as(FormulaTest::combined));
    }

    private static Formula combined(String symbol, Formula left, Formula right) {
        boolean huge = Math.abs(left.value()) > 1e6 || Math.abs(right.value()) > 1e6;
        return switch (symbol) {
            case "+" -> left.plus(right);
            case "-" -> left.minus(right);
            case "x" -> huge ? left.max(right) : left.times(right);
            case "/" -> Math.abs(right.value()) < 0.1 || huge ? left.min(right) : left.over(right);
            case "min" -> left.min(right);
            default -> left.max(right);
        };
    }

    /** Evaluates what a formula prints: products before sums, each from left to right. */
    private static final class Reader {
        private final List<String> tokens;
        private final Map<String, Double> values;
        private int next;

        Reader(String text, Map<String, Double> values) {
            this.tokens = List.of(text.replaceAll("([(),])", " $1 ").strip().split("\\s+", -1));
            this.values = values;
        }

        double all() {
            double value = sum();
            assertEquals(tokens.size(), next, "everything was read of " + tokens);
            return value;
        }

        private boolean takes(String token) {
            boolean there = next < tokens.size() && tokens.get(next).equals(token);
            next += there ? 1 : 0;
            return there;
        }

        private double sum() {
            double value = product();
            while (true) {
                if (takes("+")) {
                    value += product();
                } else if (takes("-")) {
                    value -= product();
                } else {
                    return value;
                }
            }
        }

        private double product() {
            double value = atom();
            while (true) {
                if (takes("x")) {
                    value *= atom();
                } else if (takes("/")) {
                    value /= atom();
                } else {
                    return value;
                }
            }
        }

        private double atom() {
            if (takes("(")) {
                double value = sum();
                assertTrue(takes(")"), "closed in " + tokens);
                return value;
            }
            String name = tokens.get(next++);
            if (takes("(")) {
                double left = sum();
                assertTrue(takes(","), "two operands in " + tokens);
                double right = sum();
                assertTrue(takes(")"), "closed in " + tokens);
                return name.equals("min") ? Math.min(left, right) : Math.max(left, right);
            }
            return values.getOrDefault(name, Double.NaN);
        }
    }

    @Test
    void substitutionReachesEveryLeafAndComputesAgain() {
        Formula formula = RATE.times(
                        HOLD.plus(Formula.fixed(Quantity.seconds(1))).named("taken"))
                .min(Formula.call("twice", Unit.COUNT, v -> 2 * v[0], SIZE));
        Formula other = formula.substitute(i -> i.name().equals("hold") ? Input.given("hold", "10 s") : i);
        assertEquals(30_500, formula.value());
        assertEquals(5_500, other.value());
        assertEquals("min(rate x taken, twice(size))", other.toString());
        assertEquals("hold + 1 s", other.parts().iterator().next().formula().toString());
        assertEquals(
                56_464,
                formula.substitute(i -> i.name().equals("rate") ? Input.given("rate", "5000/s") : i)
                        .value());
    }

    @Test
    void substitutionKeepsTheUnit() {
        assertEquals("cannot put pause, a span, in the place of rate, a rate", refusal(() -> RATE.times(HOLD)
                .substitute(i -> i.name().equals("rate") ? Input.given("pause", "1 s") : i)));
    }

    @Test
    void inputsAndPartsAreFoundOnceAndInOrder() {
        Formula taken = HOLD.plus(HOLD).named("taken");
        Formula formula = RATE.times(taken).plus(SIZE).plus(RATE.times(taken));
        assertEquals(List.of(RATE, HOLD, SIZE), List.copyOf(formula.inputs()));
        assertEquals(List.of(taken), List.copyOf(formula.parts()));
    }

    @Test
    void anInputHasANameAndAlternativesOfItsUnit() {
        assertEquals("an input needs a name", refusal(() -> Input.given(" ", "1 s")));
        assertEquals(
                "HZ is 250: it cannot be 1 s instead",
                refusal(() -> Input.assumed("HZ", Quantity.count(250), "unread", Quantity.seconds(1))));
    }

    @Test
    void aFindingTellsPartsThatReadTheSameOnce() {
        Formula one = RATE.times(HOLD).named("offered");
        Formula same = RATE.times(HOLD).named("offered");
        assertEquals(1, Finding.of(Unit.COUNT, one, same).parts().size());
    }
}
