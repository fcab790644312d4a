package plimsoll.analyses;

import java.util.Objects;
import plimsoll.dsl.Terminal;

/**
 * A counter or a log line that says that a limit was hit already: an immutable value.
 *
 * @param counter the kernel's or the program's own name for it
 * @param value how often
 * @param since since when: boot, the start of the program, the making of the group, the interval between two looks, or the log's own times
 * @param means what it means
 * @param not what it does not mean
 * @param source where it was read, as {@code file:line}
 */
public record Symptom(String counter, long value, String since, String means, String not, String source) {
    public Symptom {
        Objects.requireNonNull(counter);
        Objects.requireNonNull(since);
        Objects.requireNonNull(means);
        Objects.requireNonNull(not);
        Objects.requireNonNull(source);
    }

    /** What it says, without where it was read. */
    String sentence() {
        return counter + " " + Terminal.grouped(value) + " (" + since + "): " + means
                + (not.isEmpty() ? "" : "; " + not);
    }

    @Override
    public String toString() {
        return sentence() + (source.isEmpty() ? "" : "  [" + source + "]");
    }
}
