package plimsoll.dsl;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * Where the verdict of a budget turns as one input changes: an immutable value. It prints the value of the input, or a sentence where
 * no value turns it.
 *
 * @param input the input that was varied
 * @param at the value at which the verdict turns; empty where none does
 * @param below the verdict below that value; the verdict throughout where none turns it
 * @param above the verdict above that value; the verdict throughout where none turns it
 * @param least the smallest value looked at
 * @param most the largest value looked at
 */
public record Breakpoint(
        String input, Optional<Quantity> at, Verdict.State below, Verdict.State above, Quantity least, Quantity most) {
    private static final double RATIO = 1.1;
    private static final double PRECISION = 1e-12;

    static Breakpoint find(Budget budget, String input) {
        Parameter p = budget.variable(input);
        OptionalDouble present = budget.finding().inputs().stream()
                .filter(i -> i.name().equals(input))
                .mapToDouble(Input::value)
                .findFirst();
        return new Search(budget, p, present).run();
    }

    /** The value, or the sentence that says there is none. */
    @Override
    public String toString() {
        return at.map(Quantity::brief)
                .orElseGet(() -> "no " + input + " from " + least.brief() + " to " + most.brief() + " turns it: "
                        + above + " throughout");
    }

    private record Search(Budget budget, Parameter p, OptionalDouble present) {

        private Verdict.State state(double x) {
            return budget.judged(budget.tried(p, x));
        }

        private Breakpoint run() {
            double[] grid = grid();
            int start = 0;
            while (start < grid.length - 1 && grid[start] < present.orElse(p.least())) {
                start++;
            }
            var known = new Verdict.State[grid.length];
            for (int step = 1; step < grid.length; step++) {
                for (int lower : new int[] {start + step - 1, start - step}) {
                    if (lower < 0 || lower + 1 >= grid.length) {
                        continue;
                    }
                    for (int i = lower; i <= lower + 1; i++) {
                        known[i] = known[i] == null ? state(grid[i]) : known[i];
                    }
                    if (known[lower] != known[lower + 1]) {
                        return crossing(grid[lower], grid[lower + 1], known[lower], known[lower + 1]);
                    }
                }
            }
            Verdict.State all = state(grid[start]);
            return new Breakpoint(
                    p.name(), Optional.empty(), all, all, quantity(grid[0]), quantity(grid[grid.length - 1]));
        }

        /** The present value, the law's own steps, and a geometric net around them, so that no branch is jumped over. */
        private double[] grid() {
            var points = new TreeSet<Double>(p.steps());
            if (p.domain() == Parameter.Domain.STEPPED) {
                return points.stream().mapToDouble(Double::doubleValue).toArray();
            }
            points.add(p.least());
            points.add(p.most());
            double middle = Math.min(Math.max(present.orElse(1), Math.max(p.least(), 1e-9)), p.most());
            if (middle > 0) {
                for (double x = middle; x < p.most() && x < middle * 1e9; x *= RATIO) {
                    points.add(whole(x));
                }
                for (double x = middle; x > p.least() && x > middle * 1e-9; x /= RATIO) {
                    points.add(whole(x));
                }
            }
            present.ifPresent(points::add);
            return points.stream()
                    .mapToDouble(Double::doubleValue)
                    .filter(x -> x >= p.least() && x <= p.most())
                    .toArray();
        }

        private double whole(double x) {
            return p.domain() == Parameter.Domain.INTEGER ? Math.rint(x) : x;
        }

        private Breakpoint crossing(double from, double to, Verdict.State below, Verdict.State above) {
            double low = from;
            double high = to;
            OptionalDouble closed = budget.law()
                    .solve(p.name(), budget.finding(), budget.verdict().goal());
            boolean whole = p.domain() == Parameter.Domain.INTEGER;
            if (closed.isPresent() && closed.getAsDouble() > low && closed.getAsDouble() <= high) {
                double x = closed.getAsDouble();
                // of whole things the first on the other side is meant, and it may be the only one
                double before = whole ? x - 1 : x * (1 - 1e-6);
                double after = whole ? x : x * (1 + 1e-6);
                if (state(before) == below && state(after) == above) {
                    return found(x, below, above);
                }
            }
            if (p.domain() == Parameter.Domain.STEPPED) {
                return found(high, below, above);
            }
            while (whole ? high - low > 1 : high - low > PRECISION * Math.abs(high)) {
                double middle = whole ? Math.floor((low + high) / 2) : (low + high) / 2;
                if (middle <= low || middle >= high) {
                    break;
                }
                if (state(middle) == below) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return found(high, below, above);
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
