package plimsoll.dsl;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A named leaf of a formula with its evidence: an immutable value.
 *
 * @param name the kernel's or the program's own name, what an operator greps for
 * @param quantity the value
 * @param evidence where it comes from
 * @param alternatives the values it may have instead where it is ASSUMED; the results then carry a range. Else empty
 */
public record Input(String name, Quantity quantity, Evidence evidence, List<Quantity> alternatives) implements Formula {
    public Input {
        Objects.requireNonNull(name);
        Objects.requireNonNull(quantity);
        Objects.requireNonNull(evidence);
        alternatives = List.copyOf(alternatives);
        if (name.isBlank()) {
            throw new IllegalArgumentException("an input needs a name");
        }
        for (Quantity alternative : alternatives) {
            if (alternative.unit() != quantity.unit()) {
                throw new IllegalArgumentException(
                        name + " is " + quantity + ": it cannot be " + alternative + " instead");
            }
        }
    }

    /** An input that the user gives. */
    public static Input given(String name, Quantity quantity) {
        return new Input(name, quantity, Evidence.given(), List.of());
    }

    /** An input that the user gives as text: {@code Input.given("rate", "500/s")}. */
    public static Input given(String name, String quantity) {
        return given(name, Quantity.parse(quantity));
    }

    /** An input that was read at {@code source}. */
    public static Input read(String name, Quantity quantity, String source) {
        return new Input(name, quantity, Evidence.read(source), List.of());
    }

    /** An input computed from what was read; {@code how} says how. */
    public static Input derived(String name, Quantity quantity, String how) {
        return new Input(name, quantity, Evidence.derived(how), List.of());
    }

    /** An input at its documented default. */
    public static Input byDefault(String name, Quantity quantity, String where) {
        return new Input(name, quantity, Evidence.byDefault(where), List.of());
    }

    /** An input that is assumed for a reason, with the values it may have instead. */
    public static Input assumed(String name, Quantity quantity, String why, Quantity... alternatives) {
        return new Input(name, quantity, Evidence.assumed(why), List.of(alternatives));
    }

    @Override
    public double value() {
        return quantity.value();
    }

    @Override
    public String toString() {
        return name;
    }

    // by hand, as in Dimension: inputs are gathered in sets
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Input i
                        && i.name.equals(name)
                        && i.quantity.equals(quantity)
                        && i.evidence.equals(evidence)
                        && i.alternatives.equals(alternatives));
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + quantity.hashCode();
    }
}
