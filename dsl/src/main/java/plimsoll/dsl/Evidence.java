package plimsoll.dsl;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a value comes from: an immutable value. */
public final class Evidence {

    /** How a value was come by, the most binding first: of two readings of one name the earlier kind counts. */
    public enum Kind {
        /** A what-if: the user replaced a value of the host; the source says what it was. */
        CHANGED,
        /** The user said so. */
        GIVEN,
        /** Read from the capture or the running host. */
        READ,
        /** Computed from values that were read. */
        DERIVED,
        /** The documented default, because nothing was read. */
        DEFAULT,
        /** Believed for the reason given; results carry a range over the alternatives. */
        ASSUMED
    }

    private final Kind kind;
    private final String place;

    /** 0 where the place says it all. A large capture has millions of these: file and line are put together when somebody asks. */
    private final int line;

    /**
     * Evidence of that kind.
     *
     * @param kind how the value was come by
     * @param source the file and line, the user's word, or the reason: one phrase that can be checked
     */
    public Evidence(Kind kind, String source) {
        this(kind, source, 0);
    }

    private Evidence(Kind kind, String place, int line) {
        this.kind = Objects.requireNonNull(kind);
        this.place = Objects.requireNonNull(place);
        this.line = line;
    }

    /** How the value was come by. */
    public Kind kind() {
        return kind;
    }

    /** The file and line, the user's word, or the reason: one phrase that can be checked. */
    public String source() {
        return line == 0 ? place : place + ":" + line;
    }

    /** Evidence that was read at {@code source}. */
    public static Evidence read(String source) {
        return new Evidence(Kind.READ, source);
    }

    /** Evidence that was read in {@code file}, in that line of it, from 1. */
    public static Evidence read(String file, int line) {
        return new Evidence(Kind.READ, file, line);
    }

    /** Evidence computed as {@code how} says. */
    public static Evidence derived(String how) {
        return new Evidence(Kind.DERIVED, how);
    }

    /** The user's word. */
    public static Evidence given() {
        return new Evidence(Kind.GIVEN, "you");
    }

    /** The documented default and where it is documented. */
    public static Evidence byDefault(String where) {
        return new Evidence(Kind.DEFAULT, where);
    }

    /** An assumption and its reason. */
    public static Evidence assumed(String why) {
        return new Evidence(Kind.ASSUMED, why);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Evidence e && e.kind == kind && e.source().equals(source());
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + source().hashCode();
    }

    @Override
    public String toString() {
        return kind + " (" + source() + ")";
    }
}
