package plimsoll.dsl;

/**
 * The physical dimension of a quantity: whole powers of bytes and of seconds. Counts and shares have neither.
 *
 * @param bytes the power of bytes
 * @param seconds the power of seconds
 */
record Dimension(int bytes, int seconds) {
    static final Dimension NONE = new Dimension(0, 0);

    Dimension times(Dimension other) {
        return new Dimension(bytes + other.bytes, seconds + other.seconds);
    }

    Dimension over(Dimension other) {
        return new Dimension(bytes - other.bytes, seconds - other.seconds);
    }
}
