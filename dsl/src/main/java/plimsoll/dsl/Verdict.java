package plimsoll.dsl;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Whether a budget meets its goal: an immutable value.
 *
 * @param state the answer at the nominal values of all inputs
 * @param use demand over supply; empty where one of them is not known. Infinite where the supply is nothing
 * @param goal the largest loss of a law that loses, else the largest use
 * @param censored true where the demand was read from a gauge at its ceiling and is at least what it shows
 * @param least the smallest use over the alternatives of what is assumed; empty where nothing is
 * @param most the largest use over the alternatives of what is assumed; empty where nothing is
 * @param assumed the names of the inputs that give the range
 * @param turns the alternatives at which the answer is another, such as {@code OVER at HZ=1000}
 */
public record Verdict(
        State state,
        OptionalDouble use,
        double goal,
        boolean censored,
        OptionalDouble least,
        OptionalDouble most,
        List<String> assumed,
        List<String> turns) {

    /** The three answers. */
    public enum State {
        /** The goal is met. */
        FITS,
        /** The goal is missed. */
        OVER,
        /** Not enough is known. */
        UNKNOWN
    }

    /** The share of a loss system that may be refused where the user names no goal: 0.05 %. */
    public static final double LOSS_GOAL = 0.0005;

    public Verdict {
        Objects.requireNonNull(state);
        assumed = List.copyOf(assumed);
        turns = List.copyOf(turns);
    }

    /** The answer for a finding: on the hard end of the loss where there is one, else on the use. */
    static State judge(Finding found, double goal) {
        if (!found.missing().isEmpty()
                || found.demand().isEmpty()
                || found.supply().isEmpty()) {
            return State.UNKNOWN;
        }
        double use = use(found).orElseThrow();
        boolean over = found.loss().isPresent() ? found.loss().get().high().value() > goal : use > goal;
        if (found.demand().get().value() == 0) {
            over = false; // who asks for nothing is refused nothing, whatever Erlang's formula says of 0 servers
        }
        if (found.demandBound() == Finding.Bound.AT_LEAST) {
            // a gauge at its ceiling; a goal above 100 % allows that much
            return over || (use >= 1 && goal <= 1) ? State.OVER : State.UNKNOWN;
        }
        if (found.demandBound() == Finding.Bound.AT_MOST) {
            return over ? State.UNKNOWN : State.FITS;
        }
        return over ? State.OVER : State.FITS;
    }

    static OptionalDouble use(Finding found) {
        if (found.demand().isEmpty() || found.supply().isEmpty()) {
            return OptionalDouble.empty();
        }
        double demand = found.demand().get().value();
        double supply = found.supply().get().value();
        return OptionalDouble.of(supply > 0 ? demand / supply : demand > 0 ? Double.POSITIVE_INFINITY : 0);
    }

    /** One line of at most 76 characters: the answer, how much is used, and what would turn the answer. */
    @Override
    public String toString() {
        String used = use.isPresent() && Double.isFinite(use.getAsDouble())
                ? (censored ? ": at least " : ": ")
                        + Quantity.share(use.getAsDouble()).brief()
                : "";
        return Brief.clipped(state + used + (turns.isEmpty() ? "" : "; " + String.join(", ", turns)), 76);
    }
}
