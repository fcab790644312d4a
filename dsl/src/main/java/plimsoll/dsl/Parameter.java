package plimsoll.dsl;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An input that a law takes from the user: an immutable value.
 *
 * @param name the name as {@code with} and {@code --ask} take it
 * @param unit the unit it is given in
 * @param domain which values it takes
 * @param least the smallest value that makes sense, in base units
 * @param most the largest value that makes sense, in base units
 * @param steps for {@link Domain#STEPPED} the values there are; else values at which the law changes its branch. Ascending
 * @param meaning what it is, in a few words
 */
public record Parameter(
        String name, Unit unit, Domain domain, double least, double most, List<Double> steps, String meaning) {

    /** Which values a parameter takes. */
    public enum Domain {
        /** Any real number in the range. */
        CONTINUOUS,
        /** Whole numbers in the range. */
        INTEGER,
        /** Only the steps. */
        STEPPED
    }

    /**
     * The name of the goal that every budget has. It is the largest loss where the branch of the law that ran gives a loss, else the largest
     * use: {@code explain()} says which of the two ({@code goal  loss at most 0.05%}, {@code goal  use at most 100%}).
     */
    public static final String GOAL = "goal";

    public Parameter {
        Objects.requireNonNull(name);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(meaning);
        steps = List.copyOf(steps);
        if (!(least <= most)) {
            throw new IllegalArgumentException("parameter " + name + " runs from " + least + " to " + most);
        }
        if (domain == Domain.STEPPED && steps.isEmpty()) {
            throw new IllegalArgumentException("parameter " + name + " is stepped and has no steps");
        }
        for (int i = 1; i < steps.size(); i++) {
            if (!(steps.get(i - 1) < steps.get(i))) {
                throw new IllegalArgumentException("the steps of parameter " + name + " do not ascend: " + steps);
            }
        }
    }

    /** A parameter that takes any value from 0 up. */
    public static Parameter continuous(String name, Unit unit, String meaning) {
        return new Parameter(name, unit, Domain.CONTINUOUS, 0, 1e15, List.of(), meaning);
    }

    /** A parameter of whole things or bytes from {@code least} up. */
    public static Parameter integer(String name, Unit unit, long least, String meaning) {
        return new Parameter(name, unit, Domain.INTEGER, least, 1e15, List.of(), meaning);
    }

    /** A parameter that takes only the values listed, in base units and ascending. */
    public static Parameter stepped(String name, Unit unit, List<Double> steps, String meaning) {
        return new Parameter(
                name, unit, Domain.STEPPED, Collections.min(steps), Collections.max(steps), steps, meaning);
    }

    /** The goal that every budget takes: the largest loss of a law that loses, else the largest use. */
    public static Parameter goal() {
        return new Parameter(
                GOAL,
                Unit.SHARE,
                Domain.CONTINUOUS,
                0,
                1e3,
                List.of(),
                "the largest loss, else the largest use, that is fine");
    }

    /**
     * Reads a value of this parameter: {@code 500/s} for a rate.
     *
     * @throws IllegalArgumentException when it is not a quantity of the parameter's unit, or not one of its values
     */
    public Quantity parse(String text) {
        return accepted(Quantity.parse(text, unit));
    }

    private Quantity accepted(Quantity q) {
        if (domain == Domain.STEPPED && !steps.contains(q.value())) {
            throw refused(
                    q,
                    "is one of "
                            + steps.stream()
                                    .map(s -> Quantity.of(s, unit).toString())
                                    .collect(Collectors.joining(", ")));
        }
        if (domain == Domain.INTEGER && unit == Unit.COUNT && q.value() != Math.rint(q.value())) {
            throw refused(q, "is a whole number");
        }
        if (q.value() < least) {
            throw refused(q, "is at least " + Quantity.of(least, unit));
        }
        if (q.value() > most) {
            throw refused(q, "is at most " + Quantity.of(most, unit));
        }
        return q;
    }

    private IllegalArgumentException refused(Quantity q, String rule) {
        return new IllegalArgumentException(name + " " + rule + ", not " + q);
    }

    /** The name of the fact that holds this parameter of a law, for all scopes. */
    public String fact(Law law) {
        return law.name() + "." + name;
    }

    /** The name of the fact that holds this parameter of a law for one scope. */
    public String fact(Law law, String scope) {
        return law.name() + "[" + scope + "]." + name;
    }

    /**
     * The value the facts hold for this parameter: for this scope, else for all.
     *
     * @throws IllegalArgumentException when it is not a quantity of the parameter's unit, or not one of its values
     */
    public Optional<Input> find(Facts facts, Law law, String scope) {
        return facts.input(fact(law, scope), unit)
                .or(() -> facts.input(fact(law), unit))
                .map(i -> new Input(name, accepted(i.quantity()), i.evidence(), i.alternatives()));
    }
}
