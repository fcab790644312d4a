package plimsoll.dsl;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/**
 * A candidate and how far it can be taken: an immutable value. A switch is on or off; a scale runs from the present value to the most
 * that makes sense, upwards or downwards.
 */
public final class Lever {
    private final double present;
    private final double most;
    private final Unit unit;
    private final OptionalDouble proposed;
    private final DoubleFunction<Candidate> at;

    private Lever(double present, double most, Unit unit, OptionalDouble proposed, DoubleFunction<Candidate> at) {
        this.present = present;
        this.most = most;
        this.unit = unit;
        this.proposed = proposed;
        this.at = Objects.requireNonNull(at);
    }

    /** A candidate that is done or not. */
    public static Lever of(Candidate candidate) {
        return new Lever(1, 1, Unit.COUNT, OptionalDouble.of(1), value -> candidate);
    }

    /**
     * A candidate for each whole value between the present one and the most that makes sense, which may be lower.
     *
     * @param unit what the values are numbers of, in its base
     */
    public static Lever scale(double present, double most, Unit unit, DoubleFunction<Candidate> at) {
        return new Lever(present, most, unit, OptionalDouble.empty(), at);
    }

    /** Proposed at this value; else a lever is proposed as far as it takes for a use of 80 %. */
    public Lever proposing(double value) {
        return new Lever(present, most, unit, OptionalDouble.of(value), at);
    }

    OptionalDouble proposed() {
        return proposed;
    }

    boolean isSwitch() {
        return present == most;
    }

    double present() {
        return present;
    }

    double most() {
        return most;
    }

    Candidate at(double value) {
        return at.apply(value);
    }

    Optional<Quantity> quantity(double value) {
        return isSwitch() ? Optional.empty() : Optional.of(Quantity.of(value, unit));
    }

    /** How many times the present value, or which part of it; a switch counts as 1. */
    double ratio(double value) {
        return isSwitch() || present <= 0 || value <= 0 ? 1 : Math.max(value / present, present / value);
    }
}
