package plimsoll.analyses;

import java.util.List;
import java.util.Objects;

/**
 * A place where telemetry contradicts itself or what the stated system can print: an immutable value.
 *
 * @param rule the name of the check that failed
 * @param message which figures clash, and what would explain it
 * @param sources where they stand, as {@code file:line}
 */
public record Doubt(String rule, String message, List<String> sources) {
    public Doubt {
        Objects.requireNonNull(rule);
        Objects.requireNonNull(message);
        sources = List.copyOf(sources);
    }

    static Doubt of(String rule, String message, String... sources) {
        return new Doubt(
                rule,
                message,
                List.of(sources).stream().filter(s -> !s.isEmpty()).distinct().toList());
    }

    /** What it says, without where it was read. */
    String sentence() {
        return rule + ": " + message;
    }

    @Override
    public String toString() {
        return sentence() + (sources.isEmpty() ? "" : "  [" + String.join(", ", sources) + "]");
    }
}
