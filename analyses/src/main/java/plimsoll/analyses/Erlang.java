package plimsoll.analyses;

import java.util.Optional;
import java.util.OptionalDouble;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Queueing;
import plimsoll.dsl.Unit;

/** Erlang's loss formula as a node of a formula, and backwards. */
final class Erlang {
    private Erlang() {}

    /** The share of what is offered that finds {@code servers} taken. */
    static Formula loss(Formula offered, Formula servers) {
        return Formula.call("erlangB", Unit.SHARE, v -> Queueing.erlangB(v[0], Math.round(v[1])), offered, servers);
    }

    /**
     * The value of the input at which {@code goal} is lost, for a finding whose offered load is proportional to it.
     *
     * @param offered the load on which the verdict stands
     */
    static OptionalDouble solve(String input, Finding present, double goal, double offered) {
        Optional<Input> rate = present.inputs().stream()
                .filter(i -> i.name().equals(input) && i.value() > 0)
                .findFirst();
        long servers = present.supply().map(s -> Math.round(s.value())).orElse(0L);
        return rate.isPresent() && offered > 0 && servers > 0 && goal > 0 && goal < 1
                ? OptionalDouble.of(
                        Queueing.erlangBOffered(goal, servers) * rate.get().value() / offered)
                : OptionalDouble.empty();
    }

    /** The same where the load on which the verdict stands is the demand. */
    static OptionalDouble solve(String input, Finding present, double goal) {
        return solve(input, present, goal, present.demand().map(Formula::value).orElse(0.0));
    }
}
