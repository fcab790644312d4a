package plimsoll.dsl;

import java.util.Objects;

/**
 * Advice that is often given for a budget and does nothing for it, or harm: an immutable value.
 *
 * @param change what is advised
 * @param why the reason why it is not proposed, in one sentence
 * @param source where that stands
 */
public record Refused(String change, String why, String source) {
    public Refused {
        Objects.requireNonNull(change);
        Objects.requireNonNull(why);
        Objects.requireNonNull(source);
    }

    @Override
    public String toString() {
        return change + ": " + why + " [" + source + "]";
    }
}
