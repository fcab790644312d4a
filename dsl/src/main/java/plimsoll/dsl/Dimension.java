package plimsoll.dsl;

import org.jspecify.annotations.Nullable;

/**
 * The physical dimension of a quantity: whole powers of bytes and of seconds. Counts and shares have neither.
 *
 * @param bytes the power of bytes
 * @param seconds the power of seconds
 */
record Dimension(int bytes, int seconds) {
    static final Dimension NONE = new Dimension(0, 0);

    // by hand: what the compiler makes of a record is put together at run time, and this is asked of every node of
    // every formula
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Dimension d && d.bytes == bytes && d.seconds == seconds;
    }

    @Override
    public int hashCode() {
        return 31 * bytes + seconds;
    }

    Dimension times(Dimension other) {
        return new Dimension(bytes + other.bytes, seconds + other.seconds);
    }

    Dimension over(Dimension other) {
        return new Dimension(bytes - other.bytes, seconds - other.seconds);
    }
}
