package plimsoll.dsl;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the verdict of a budget turns as one input changes: an immutable value. It prints the value of the input, or a sentence where
 * no value turns it.
 *
 * @param input the input that was varied
 * @param at the value at which the verdict turns, the smallest that has the verdict {@code above}; empty where none does
 * @param below the verdict below that value; the verdict throughout where none turns it
 * @param above the verdict from that value on; the verdict throughout where none turns it
 * @param least the smallest value looked at
 * @param most the largest value looked at
 */
public record Breakpoint(
        String input, Optional<Quantity> at, Verdict.State below, Verdict.State above, Quantity least, Quantity most) {
    private static final int WIDTH = 76;
    private static final double RATIO = 1.1;
    private static final double REACH = 1e9;
    private static final double PRECISION = 1e-12;
    private static final double NEXT = 1e-9;
    private static final double ENDLESS = 1e15;

    /** The crossing that is next to the present value of the input, or to its least value where it has none. */
    static Breakpoint find(Budget budget, String input) {
        Parameter p = budget.variable(input);
        return new Search(budget, p).nearest();
    }

    /** The crossing between two values that have different verdicts. */
    static Breakpoint between(Budget budget, Parameter p, Sweep.Point from, Sweep.Point to) {
        return new Search(budget, p).crossing(from.x(), to.x(), from.state(), to.state());
    }

    /** The value, or the sentence that says there is none. */
    @Override
    public String toString() {
        if (at.isPresent()) {
            return at.get().brief();
        }
        String range = " from " + least.brief() + (most.value() >= ENDLESS ? " up" : " to " + most.brief());
        String whole = "no " + input + range + " turns it: " + above + " throughout";
        String name = input.length() <= 40 ? input : input.substring(0, 39) + "…";
        return whole.length() <= WIDTH ? whole : "no " + name + " turns it: " + above + " throughout";
    }

    private record Search(Budget budget, Parameter p) {

        /** The verdict at a value of the input; null where the law cannot be applied, as with a divisor of 0. */
        private Verdict.@Nullable State state(double x) {
            try {
                return budget.tried(p, x).state();
            } catch (IllegalArgumentException | ArithmeticException e) {
                return null;
            }
        }

        private Breakpoint nearest() {
            double[] grid = grid();
            double present = budget.present(p).orElse(p.least());
            int start = 0;
            while (start < grid.length - 1 && grid[start] < present) {
                start++;
            }
            var known = new Verdict.State[grid.length];
            known[start] = state(grid[start]);
            int low = start;
            int high = start;
            while (low > 0 || high < grid.length - 1) {
                boolean up = low == 0
                        || (high < grid.length - 1
                                && distance(present, grid[high + 1]) <= distance(present, grid[low - 1]));
                int next = up ? ++high : --low;
                known[next] = state(grid[next]);
                int lower = up ? high - 1 : low;
                if (known[lower] != null && known[lower + 1] != null && known[lower] != known[lower + 1]) {
                    return crossing(grid[lower], grid[lower + 1], known[lower], known[lower + 1]);
                }
            }
            return none(grid, known);
        }

        /** By ratio: from 500/s, 1,000/s is as far as 250/s. */
        private static double distance(double present, double x) {
            return present > 0
                    ? x > 0 ? Math.abs(Math.log(x / present)) : Double.POSITIVE_INFINITY
                    : Math.abs(x - present);
        }

        private Breakpoint none(double[] grid, Verdict.State[] known) {
            double[] answered = IntStream.range(0, grid.length)
                    .filter(i -> known[i] != null)
                    .mapToDouble(i -> grid[i])
                    .toArray();
            if (answered.length < Math.min(2, grid.length)) {
                // the law refuses nearly every value: its own sentence says why
                budget.tried(p, grid[known[0] == null ? 0 : 1]);
            }
            Verdict.State all =
                    Arrays.stream(known).filter(Objects::nonNull).findFirst().orElseThrow();
            return new Breakpoint(
                    p.name(),
                    Optional.empty(),
                    all,
                    all,
                    quantity(answered[0]),
                    quantity(answered[answered.length - 1]));
        }

        /** The present value, both sides of the law's own steps, and a geometric net around them, so that no branch is jumped over. */
        private double[] grid() {
            if (p.domain() == Parameter.Domain.STEPPED) {
                return p.steps().stream().mapToDouble(Double::doubleValue).toArray();
            }
            var points = new TreeSet<Double>();
            points.add(p.least());
            points.add(p.most());
            OptionalDouble present = budget.present(p);
            // 0 has no neighbours at a ratio: where nothing is known of the size, from a millionth to a million million
            double middle = present.orElse(0) > 0 ? present.getAsDouble() : 1000;
            for (double x = middle; x < Math.min(p.most(), middle * REACH); x *= RATIO) {
                points.add(whole(x));
            }
            for (double x = middle; x > Math.max(p.least(), middle / REACH); x /= RATIO) {
                points.add(whole(x));
            }
            present.ifPresent(x -> points.add(whole(x)));
            for (double step : p.steps()) {
                points.add(whole(step));
                points.add(p.domain() == Parameter.Domain.INTEGER ? whole(step) - 1 : step - NEXT * Math.abs(step));
                points.add(p.domain() == Parameter.Domain.INTEGER ? whole(step) + 1 : step + NEXT * Math.abs(step));
            }
            return points.stream()
                    .mapToDouble(Double::doubleValue)
                    .filter(x -> x >= p.least() && x <= p.most())
                    .toArray();
        }

        private double whole(double x) {
            return p.domain() == Parameter.Domain.INTEGER ? Math.rint(x) : x;
        }

        Breakpoint crossing(double from, double to, Verdict.State below, Verdict.State above) {
            if (p.domain() == Parameter.Domain.STEPPED) {
                return found(to, below, above);
            }
            boolean integer = p.domain() == Parameter.Domain.INTEGER;
            OptionalDouble solved = budget.law()
                    .solve(p.name(), budget.finding(), budget.verdict().goal());
            if (solved.isPresent() && solved.getAsDouble() > from && solved.getAsDouble() <= to) {
                double x = integer ? Math.ceil(solved.getAsDouble()) : solved.getAsDouble();
                double before = integer ? x - 1 : x * (1 - 1e-6);
                double after = integer ? x : x * (1 + 1e-6);
                if (state(before) == below && state(after) == above) {
                    return found(x, below, above);
                }
            }
            double low = from;
            double high = to;
            Verdict.State beyond = above;
            double narrow = from > 0 ? 0 : PRECISION * 1e-6 * (to - from); // towards 0 no ratio ever gets narrow
            while (high - low > (integer ? 1 : Math.max(narrow, PRECISION * Math.abs(high)))) {
                double middle = integer ? Math.floor((low + high) / 2) : (low + high) / 2;
                Verdict.State there = state(middle);
                if (middle <= low || middle >= high || there == null) {
                    break;
                }
                if (there == below) {
                    low = middle;
                } else {
                    high = middle;
                    beyond = there;
                }
            }
            // what turns right above 0 turns at 0
            return found(low == 0 && !integer ? 0 : high, below, beyond);
        }

        private Breakpoint found(double x, Verdict.State below, Verdict.State above) {
            return new Breakpoint(
                    p.name(), Optional.of(quantity(x)), below, above, quantity(p.least()), quantity(p.most()));
        }

        private Quantity quantity(double x) {
            return Quantity.of(x, p.unit());
        }
    }
}
