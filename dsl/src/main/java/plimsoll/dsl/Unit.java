package plimsoll.dsl;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a {@link Quantity} is a number of. The value is always held in the unit's base, named by {@link #base()}. */
public enum Unit {
    /** Things: ports, sockets, entries, nodes per bucket. Base: one. */
    COUNT("count", "a count", "28232", 0, 0),
    /** A part of a whole, 0 to 1, printed in per cent. Base: one. */
    SHARE("share", "a share", "0.05%", 0, 0),
    /** A length of time. Base: the second. */
    SPAN("s", "a span", "100 ms, 60 s or 2 h", 0, 1),
    /** Events over time. Base: per second. */
    RATE("1/s", "a rate", "500/s, 30/min or 100/h", 0, -1),
    /** Memory or data. Base: the byte. */
    BYTES("B", "an amount of bytes", "4096 B, 32 KiB or 15 MiB", 1, 0),
    /** Bytes over time. Base: bytes per second. */
    BANDWIDTH("B/s", "a bandwidth", "125 MiB/s or 10 Gbit/s", 1, -1);

    private final String base;
    private final String article;
    private final String examples;
    private final int bytes;
    private final int seconds;

    Unit(String base, String article, String examples, int bytes, int seconds) {
        this.base = base;
        this.article = article;
        this.examples = examples;
        this.bytes = bytes;
        this.seconds = seconds;
    }

    /** The name of the base unit, as the JSON report writes it: {@code count, share, s, 1/s, B, B/s}. */
    public String base() {
        return base;
    }

    /** How the unit is spelled, for a sentence that teaches: {@code a rate is written 500/s, 30/min or 100/h}. */
    public String spelling() {
        return article + " is written " + examples;
    }

    Dimension dimension() {
        return new Dimension(bytes, seconds);
    }

    static String describe(Dimension dimension) {
        if (dimension.equals(Dimension.NONE)) {
            return COUNT.article;
        }
        return Arrays.stream(values())
                .filter(u -> u.dimension().equals(dimension))
                .map(u -> u.article)
                .findFirst()
                .orElse(Arrays.stream(new String[] {power("B", dimension.bytes()), power("s", dimension.seconds())})
                        .filter(s -> !s.isEmpty())
                        .collect(Collectors.joining("·")));
    }

    private static String power(String symbol, int exponent) {
        return exponent == 0 ? "" : exponent == 1 ? symbol : symbol + "^" + exponent;
    }
}
