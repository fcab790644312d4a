package plimsoll.dsl;

import java.util.Objects;

/**
 * One reading of one named thing, in the text it was read as: an immutable value.
 *
 * @param name the kernel's or the program's own name: {@code net.ipv4.tcp_tw_reuse}, {@code meminfo:MemFree}, {@code ports.rate}
 * @param text the value in its own spelling; numbers with a unit in the spelling of {@link Quantity#parse(String)}
 * @param evidence where it comes from
 */
public record Fact(String name, String text, Evidence evidence) {
    public Fact {
        Objects.requireNonNull(name);
        Objects.requireNonNull(text);
        Objects.requireNonNull(evidence);
    }

    @Override
    public String toString() {
        return name + " = " + text + "  " + evidence;
    }
}
