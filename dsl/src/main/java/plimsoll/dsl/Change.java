package plimsoll.dsl;

import java.util.Objects;

/**
 * One thing that is set to another value: an immutable value. {@code with(name, value)} of a host or a budget does the same.
 *
 * @param name a host setting as {@code net.ipv4.tcp_tw_reuse}, or an input of a law as {@code ports[any one destination].sources}
 * @param value the value in its own spelling
 */
public record Change(String name, String value) {
    public Change {
        Objects.requireNonNull(name);
        Objects.requireNonNull(value);
    }

    /** True for an input of a law: a change of an application or of the network, which no setting of the host expresses. */
    boolean isInput(Law law) {
        return name.startsWith(law.name() + ".") || name.startsWith(law.name() + "[");
    }

    @Override
    public String toString() {
        return name + " = " + value;
    }
}
