package plimsoll.dsl;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A formula over named inputs, an immutable tree: what is printed is what {@link #value()} computed. Units are checked
 * while the tree is built.
 */
public sealed interface Formula permits Input, Formula.Fixed, Formula.Operation, Formula.Named {

    /** A number that is part of the law itself, such as the 60 s of TCP_TIMEWAIT_LEN. */
    record Fixed(Quantity quantity) implements Formula {
        @Override
        public double value() {
            return quantity.value();
        }

        @Override
        public String toString() {
            return quantity.toString();
        }
    }

    /** A part of a formula with a name of its own: printed by its name, explained on a line of its own. */
    record Named(String name, Formula formula) implements Formula {
        @Override
        public double value() {
            return formula.value();
        }

        // by hand for the start, see Dimension
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Named n && n.name.equals(name) && n.formula.equals(formula);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + formula.hashCode();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** An operator or a named function applied to formulas. Built by the methods of {@link Formula}. */
    final class Operation implements Formula {
        private static final int SUM = 1;
        private static final int PRODUCT = 2;
        private static final int CALL = 9;

        private final String symbol;
        private final int binding;
        private final List<Formula> operands;
        private final Dimension dimension;
        private final ToDoubleFunction<List<Formula>> rule;
        private final double value;

        private Operation(
                String symbol,
                int binding,
                Dimension dimension,
                List<Formula> operands,
                ToDoubleFunction<List<Formula>> rule) {
            this.symbol = symbol;
            this.binding = binding;
            this.dimension = dimension;
            this.operands = List.copyOf(operands);
            this.rule = rule;
            this.value = rule.applyAsDouble(this.operands);
            if (!Double.isFinite(value)) {
                String where = inputs().stream()
                        .map(i -> i.name() + " = " + i.quantity())
                        .collect(Collectors.joining(", "));
                throw new ArithmeticException(this + " has no finite value" + (where.isEmpty() ? "" : " at " + where));
            }
        }

        @Override
        public double value() {
            return value;
        }

        @Override
        public String toString() {
            return print(symbol, binding, operands);
        }

        private static String print(String symbol, int binding, List<Formula> operands) {
            if (binding == CALL) {
                return symbol + operands.stream().map(Formula::toString).collect(Collectors.joining(", ", "(", ")"));
            }
            boolean strict = symbol.equals("-") || symbol.equals("/");
            return wrapped(operands.get(0), binding, false) + " " + symbol + " "
                    + wrapped(operands.get(1), binding, strict);
        }

        private static String wrapped(Formula operand, int binding, boolean strict) {
            boolean weaker =
                    operand instanceof Operation o && (o.binding < binding || (strict && o.binding == binding));
            return weaker ? "(" + operand + ")" : operand.toString();
        }
    }

    /** The value in base units. */
    double value();

    /** A number that is part of the law. */
    static Formula fixed(Quantity quantity) {
        return new Fixed(quantity);
    }

    /** The same formula under a name, which {@code explain()} spells out on a line of its own. */
    default Formula named(String name) {
        return new Named(name, this);
    }

    /** The sum. Throws {@link IllegalArgumentException} when the units differ. */
    default Formula plus(Formula other) {
        return new Operation(
                "+",
                Operation.SUM,
                same("+", Operation.SUM, other),
                List.of(this, other),
                o -> value(o, 0) + value(o, 1));
    }

    /** The difference. Throws {@link IllegalArgumentException} when the units differ. */
    default Formula minus(Formula other) {
        return new Operation(
                "-",
                Operation.SUM,
                same("-", Operation.SUM, other),
                List.of(this, other),
                o -> value(o, 0) - value(o, 1));
    }

    /** The product. */
    default Formula times(Formula other) {
        return new Operation(
                "x",
                Operation.PRODUCT,
                dimension().times(other.dimension()),
                List.of(this, other),
                o -> value(o, 0) * value(o, 1));
    }

    /** The quotient. Throws {@link ArithmeticException} when {@code other} is zero. */
    default Formula over(Formula other) {
        return new Operation(
                "/",
                Operation.PRODUCT,
                dimension().over(other.dimension()),
                List.of(this, other),
                o -> value(o, 0) / value(o, 1));
    }

    /** The smaller of the two. Throws {@link IllegalArgumentException} when the units differ. */
    default Formula min(Formula other) {
        return new Operation(
                "min",
                Operation.CALL,
                same("min", Operation.CALL, other),
                List.of(this, other),
                o -> Math.min(value(o, 0), value(o, 1)));
    }

    /** The larger of the two. Throws {@link IllegalArgumentException} when the units differ. */
    default Formula max(Formula other) {
        return new Operation(
                "max",
                Operation.CALL,
                same("max", Operation.CALL, other),
                List.of(this, other),
                o -> Math.max(value(o, 0), value(o, 1)));
    }

    /**
     * A rule that has a name of its own, such as Erlang-B: computed from the values of its operands, in base units.
     *
     * @param result the unit of what the rule returns
     */
    static Formula call(String name, Unit result, ToDoubleFunction<double[]> rule, Formula... operands) {
        return new Operation(
                name,
                Operation.CALL,
                result.dimension(),
                List.of(operands),
                o -> rule.applyAsDouble(o.stream().mapToDouble(Formula::value).toArray()));
    }

    private static double value(List<Formula> operands, int index) {
        return operands.get(index).value();
    }

    private Dimension same(String symbol, int binding, Formula other) {
        if (!dimension().equals(other.dimension())) {
            throw new IllegalArgumentException("cannot combine " + Unit.describe(dimension()) + " with "
                    + Unit.describe(other.dimension()) + " in "
                    + Operation.print(symbol, binding, List.of(this, other)));
        }
        return dimension();
    }

    private Dimension dimension() {
        if (this instanceof Input input) {
            return input.quantity().unit().dimension();
        }
        if (this instanceof Fixed fixed) {
            return fixed.quantity.unit().dimension();
        }
        if (this instanceof Named named) {
            return named.formula.dimension();
        }
        return ((Operation) this).dimension;
    }

    /**
     * The value as a quantity.
     *
     * @throws IllegalArgumentException when the formula does not come out in that unit
     */
    default Quantity in(Unit unit) {
        if (!is(unit)) {
            throw new IllegalArgumentException(
                    this + " is " + Unit.describe(dimension()) + ", not " + Unit.describe(unit.dimension()));
        }
        return Quantity.of(value(), unit);
    }

    /** True where the formula comes out in that unit. */
    default boolean is(Unit unit) {
        return dimension().equals(unit.dimension());
    }

    /** The inputs in the order in which they are first met, each once. */
    default Set<Input> inputs() {
        var found = new LinkedHashSet<Input>();
        walk(f -> {
            if (f instanceof Input input) {
                found.add(input);
            }
        });
        return found;
    }

    /** The named parts in the order in which they are first met, each once. */
    default Set<Named> parts() {
        var found = new LinkedHashSet<Named>();
        walk(f -> {
            if (f instanceof Named named) {
                found.add(named);
            }
        });
        return found;
    }

    private void walk(Consumer<Formula> visitor) {
        visitor.accept(this);
        if (this instanceof Named named) {
            named.formula.walk(visitor);
        } else if (this instanceof Operation operation) {
            operation.operands.forEach(o -> o.walk(visitor));
        }
    }

    /** The same formula with its inputs exchanged. Throws {@link IllegalArgumentException} where one comes back in another unit. */
    default Formula substitute(UnaryOperator<Input> exchange) {
        if (this instanceof Input input) {
            Formula other = exchange.apply(input);
            if (!other.dimension().equals(dimension())) {
                throw new IllegalArgumentException("cannot put " + other + ", " + Unit.describe(other.dimension())
                        + ", in the place of " + this + ", " + Unit.describe(dimension()));
            }
            return other;
        }
        if (this instanceof Named named) {
            return new Named(named.name, named.formula.substitute(exchange));
        }
        if (this instanceof Operation o) {
            return new Operation(
                    o.symbol,
                    o.binding,
                    o.dimension,
                    o.operands.stream().map(f -> f.substitute(exchange)).toList(),
                    o.rule);
        }
        return this;
    }
}
