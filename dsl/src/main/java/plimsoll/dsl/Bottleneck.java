package plimsoll.dsl;

import java.util.Optional;

/**
 * What is met next once a change is made: an immutable value.
 *
 * @param budget the name of the budget that is OVER then
 * @param scope its scope
 * @param input the input or the setting whose growth leads there
 * @param at its value from which that budget is OVER; empty where it is OVER at any value
 */
public record Bottleneck(String budget, String scope, String input, Optional<Quantity> at) {
    /** Short: the budget and the value. */
    String brief() {
        return budget + at.map(q -> " at " + q.brief()).orElse("");
    }

    @Override
    public String toString() {
        return budget + " [" + scope + "]"
                + at.map(q -> " from " + input + " " + q.brief()).orElse(" at once");
    }
}
