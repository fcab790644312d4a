package plimsoll.dsl;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What decides one kind of budget: demand and supply as formulas over the facts of a host. Stateless and pure: the same facts and scope
 * give the same finding.
 */
public interface Law {

    /** The name, as {@code host.budgets(name)} and {@code --ask} take it; once shipped it stays. */
    String name();

    /** What happens when demand exceeds supply. */
    Effect effect();

    /** What it means to be over, in one sentence. */
    String meaning();

    /** The inputs that a user may give, the headline first. */
    List<Parameter> parameters();

    /** What the law can be asked of in these facts, at least one: destinations, locations, or the host as a whole. */
    List<String> scopes(Facts facts);

    /**
     * The finding for one scope, which need not be one of {@link #scopes}.
     *
     * @throws IllegalArgumentException when an input or the scope cannot be read; the sentence says what would be right
     */
    Finding apply(Facts facts, String scope);

    /**
     * The value of an input at which {@code present} just meets {@code goal}, where the law has it in closed form; it is checked before
     * it is believed.
     */
    default OptionalDouble solve(String input, Finding present, double goal) {
        return OptionalDouble.empty();
    }

    /**
     * What may mend a budget of this law that is OVER, for one scope. Only changes that the law knows of; whether they help, and what
     * they lead to, is computed afterwards.
     */
    default List<Lever> remedies(Facts facts, String scope) {
        return List.of();
    }

    /** Advice that is often given for this law and does nothing for it, or harm. */
    default List<Refused> refused(Facts facts, String scope) {
        return List.of();
    }

    /**
     * What the demand of this scope puts on other laws: facts for their inputs, as {@code conntrack.rate} for the connections that
     * {@code ports} opens. DERIVED, so that what the user says of them counts before.
     */
    default List<Fact> loads(Facts facts, String scope) {
        return List.of();
    }

    /**
     * A law of the user's own: every input of the two formulas becomes a parameter that {@code with}, {@code breaksAt} and {@code sweep}
     * take.
     *
     * @throws IllegalArgumentException when demand and supply differ in unit
     */
    static Law of(String name, Effect effect, Unit unit, Formula demand, Formula supply) {
        return new FormulaLaw(name, effect, unit, demand, supply);
    }
}
