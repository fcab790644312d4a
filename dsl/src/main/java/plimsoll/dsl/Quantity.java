package plimsoll.dsl;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A number that knows its unit: an immutable value. Whole counts and bytes are exact up to 2^53 (about 9 x 10^15, or 8 PiB); beyond
 * that they are refused rather than rounded. {@link #toString()} prints every digit and is read back by {@link #parse(String)} as the
 * same value; {@link #brief()} prints four significant digits.
 */
public final class Quantity implements Comparable<Quantity> {
    private static final long EXACT = 1L << 53;
    private static final Pattern WRITTEN =
            Pattern.compile("([-+]?)(\\d{1,3}(?:,\\d{3})+|\\d+)?(\\.\\d+)?([eE][-+]?\\d{1,3})?\\s*(.*)");
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private final double value;
    private final Unit unit;

    private Quantity(double value, Unit unit) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a quantity is a finite number, not " + value);
        }
        this.value = value == 0 ? 0.0 : value;
        this.unit = Objects.requireNonNull(unit);
    }

    /** A quantity of {@code value} in the base unit of {@code unit}. Throws {@link IllegalArgumentException} unless it is finite. */
    public static Quantity of(double value, Unit unit) {
        return new Quantity(value, unit);
    }

    /** A whole number of things. Throws {@link IllegalArgumentException} beyond 2^53, where doubles stop being exact. */
    public static Quantity count(long things) {
        return new Quantity(exact(things), Unit.COUNT);
    }

    /** An amount of memory or data in bytes. Throws {@link IllegalArgumentException} beyond 2^53 (8 PiB). */
    public static Quantity bytes(long bytes) {
        return new Quantity(exact(bytes), Unit.BYTES);
    }

    /** Events per second. */
    public static Quantity perSecond(double events) {
        return new Quantity(events, Unit.RATE);
    }

    /** A length of time in seconds. */
    public static Quantity seconds(double seconds) {
        return new Quantity(seconds, Unit.SPAN);
    }

    /** Bytes per second. */
    public static Quantity bytesPerSecond(double bytes) {
        return new Quantity(bytes, Unit.BANDWIDTH);
    }

    /** A part of a whole: 0.05 is 5 %. */
    public static Quantity share(double part) {
        return new Quantity(part, Unit.SHARE);
    }

    private static double exact(long whole) {
        if (whole > EXACT || whole < -EXACT) {
            throw new IllegalArgumentException(whole + " is beyond 2^53, where a count is no longer exact");
        }
        return whole;
    }

    /**
     * Reads a quantity: {@code 28,232}, {@code 0.05%}, {@code 100 ms}, {@code 500/s}, {@code 15 MiB}, {@code 10 Gbit/s}.
     *
     * @throws IllegalArgumentException when the text is not a number with a unit, or its unit can be read two ways ({@code 16 MB})
     */
    public static Quantity parse(String text) {
        return read(text, null);
    }

    /**
     * Reads a quantity of the unit that is wanted.
     *
     * @throws IllegalArgumentException as {@link #parse(String)}, and when the text is of another unit
     */
    public static Quantity parse(String text, Unit wanted) {
        Quantity read = read(text, wanted);
        if (read.unit != wanted) {
            throw new IllegalArgumentException(
                    "'" + text.strip() + "' is not " + wanted.spelling().replace(" is written ", ": that is written "));
        }
        return read;
    }

    private static Quantity read(String text, @Nullable Unit wanted) {
        String stripped = text.strip();
        Matcher m = WRITTEN.matcher(stripped);
        if (!m.matches() || (m.group(2) == null && m.group(3) == null)) {
            throw new IllegalArgumentException("'" + stripped + "' is not a number with a unit"
                    + (wanted == null ? "" : ": " + wanted.spelling()));
        }
        BigDecimal number = new BigDecimal(part(m, 1) + part(m, 2).replace(",", "") + part(m, 3) + part(m, 4));
        String suffix = part(m, 5);
        if (suffix.startsWith(",")) {
            throw new IllegalArgumentException("'" + stripped + "' has commas that do not group by three: write "
                    + (suffix.lastIndexOf(',') > 0 ? "" : stripped.replace(',', '.') + " or ")
                    + stripped.replace(",", ""));
        }
        if (Double.isInfinite(number.doubleValue())) {
            throw new IllegalArgumentException("'" + stripped + "' is too large");
        }
        if (suffix.isEmpty() && wanted != null && wanted != Unit.COUNT) {
            throw new IllegalArgumentException("'" + stripped + "' has no unit: " + wanted.spelling());
        }
        return scaled(number, suffix, stripped, wanted);
    }

    private static String part(Matcher m, int group) {
        String found = m.group(group);
        return found == null ? "" : found;
    }

    private static Quantity scaled(BigDecimal n, String suffix, String text, @Nullable Unit wanted) {
        return switch (suffix) {
            case "" -> whole(n, Unit.COUNT);
            case "%" -> new Quantity(n.movePointLeft(2).doubleValue(), Unit.SHARE);
            case "ns" -> new Quantity(n.movePointLeft(9).doubleValue(), Unit.SPAN);
            case "us", "µs", "μs" -> new Quantity(n.movePointLeft(6).doubleValue(), Unit.SPAN);
            case "ms" -> new Quantity(n.movePointLeft(3).doubleValue(), Unit.SPAN);
            case "s" -> new Quantity(n.doubleValue(), Unit.SPAN);
            case "min" -> new Quantity(n.multiply(BigDecimal.valueOf(60)).doubleValue(), Unit.SPAN);
            case "h" -> new Quantity(n.multiply(BigDecimal.valueOf(3600)).doubleValue(), Unit.SPAN);
            case "d" -> new Quantity(n.multiply(BigDecimal.valueOf(86400)).doubleValue(), Unit.SPAN);
            case "/s" -> new Quantity(n.doubleValue(), Unit.RATE);
            case "/min" -> new Quantity(n.doubleValue() / 60, Unit.RATE);
            case "/h" -> new Quantity(n.doubleValue() / 3600, Unit.RATE);
            case "/d" -> new Quantity(n.doubleValue() / 86400, Unit.RATE);
            default -> data(n, suffix, text, wanted);
        };
    }

    private static Quantity data(BigDecimal n, String suffix, String text, @Nullable Unit wanted) {
        boolean rate = suffix.endsWith("/s");
        String stem = rate ? suffix.substring(0, suffix.length() - 2) : suffix;
        for (int i = 0; i < BINARY.length; i++) {
            if (BINARY[i].equals(stem)) {
                BigDecimal bytes = n.multiply(BigDecimal.valueOf(1L << (10 * i)));
                return rate ? new Quantity(bytes.doubleValue(), Unit.BANDWIDTH) : whole(bytes, Unit.BYTES);
            }
        }
        int bits = rate
                ? switch (stem) {
                    case "bit" -> 0;
                    case "kbit" -> 3;
                    case "Mbit" -> 6;
                    case "Gbit" -> 9;
                    case "Tbit" -> 12;
                    default -> -1;
                }
                : -1;
        if (bits >= 0) {
            return new Quantity(n.movePointRight(bits).doubleValue() / 8, Unit.BANDWIDTH);
        }
        throw new IllegalArgumentException(refusal(n, stem, rate, text, wanted));
    }

    private static String refusal(BigDecimal n, String stem, boolean rate, String text, @Nullable Unit wanted) {
        int power = "kmgtp".indexOf(stem.isEmpty() ? '?' : Character.toLowerCase(stem.charAt(0))) + 1;
        String rest = stem.isEmpty() ? "" : stem.substring(1);
        if (power > 0
                && (rest.isEmpty() || rest.equalsIgnoreCase("b"))
                && (wanted == null || wanted.dimension().bytes() == 1)) {
            String per = rate ? "/s" : "";
            String decimal = n.movePointRight(3 * power).stripTrailingZeros().toPlainString();
            return "'" + text + "' can be read two ways: write " + plain(n) + " " + BINARY[power] + per + " (1024) or "
                    + decimal + " B" + per + " (1000)";
        }
        return "'" + text + "' has a unit that is not known: "
                + (wanted == null
                        ? "use %, ns, us, ms, s, min, h, d, /s, /min, /h, B, KiB, MiB, GiB, MiB/s or Gbit/s"
                        : wanted.spelling());
    }

    private static Quantity whole(BigDecimal value, Unit unit) {
        if (value.abs().compareTo(BigDecimal.valueOf(EXACT)) > 0) {
            throw new IllegalArgumentException(plain(value) + " is beyond 2^53, where "
                    + unit.spelling().replaceFirst(" is written.*", "") + " is no longer exact");
        }
        return new Quantity(value.doubleValue(), unit);
    }

    /** The value in the base of its unit: seconds, bytes, per second, a plain number. */
    public double value() {
        return value;
    }

    /** What it is a number of. */
    public Unit unit() {
        return unit;
    }

    /** Four significant digits for reading: {@code 14.97 MiB}, {@code 449.5/s}, {@code 30,562}, {@code 7.7%}. Not meant to be read back. */
    public String brief() {
        return print(false);
    }

    /** Every digit, in the spelling that {@link #parse(String)} reads back as an equal quantity. */
    @Override
    public String toString() {
        return print(true);
    }

    private String print(boolean exact) {
        return switch (unit) {
            case COUNT -> number(decimal(value), exact);
            case SHARE -> share(exact) + "%";
            case RATE -> number(decimal(value), exact) + "/s";
            case SPAN -> span(exact);
            case BYTES -> binary(exact);
            case BANDWIDTH -> binary(exact) + "/s";
        };
    }

    private String span(boolean exact) {
        double size = Math.abs(value);
        if (size >= 3600 && size <= EXACT && size % 86400 == 0) {
            return number(decimal(value / 86400), exact) + " d";
        }
        if (size >= 3600 && size <= EXACT && size % 3600 == 0) {
            return number(decimal(value / 3600), exact) + " h";
        }
        int shift = size == 0 || size >= 1 ? 0 : size >= 1e-3 ? 3 : size >= 1e-6 ? 6 : 9;
        String suffix = List.of(" s", " ms", " µs", " ns").get(shift / 3);
        return number(decimal(value).movePointRight(shift), exact) + suffix;
    }

    private String share(boolean exact) {
        BigDecimal percent = decimal(value).movePointRight(2);
        if (exact) {
            return number(percent, true);
        }
        // two digits are enough to act on; a large share keeps its whole percents, a small one its first figures
        boolean large = Math.abs(percent.doubleValue()) >= 100;
        return number(
                large
                        ? percent.setScale(0, RoundingMode.HALF_EVEN)
                        : percent.round(new MathContext(2, RoundingMode.HALF_EVEN)),
                true);
    }

    private String binary(boolean exact) {
        int power = 0;
        while (power < BINARY.length - 1 && Math.abs(value) >= Math.scalb(1.0, 10 * (power + 1))) {
            power++;
        }
        if (exact) {
            // the largest unit that stays short, so that 32 KiB reads as written and 15,693,960 B keeps its digits
            while (power > 0
                    && decimal(value / Math.scalb(1.0, 10 * power))
                                    .stripTrailingZeros()
                                    .scale()
                            > 3) {
                power--;
            }
        }
        return number(decimal(value / Math.scalb(1.0, 10 * power)), exact) + " " + BINARY[power];
    }

    private static BigDecimal decimal(double value) {
        return new BigDecimal(Double.toString(value));
    }

    private static String number(BigDecimal n, boolean exact) {
        BigDecimal shown = n;
        if (!exact) {
            shown = n.abs().compareTo(BigDecimal.valueOf(1000)) >= 0
                    ? n.setScale(0, RoundingMode.HALF_EVEN)
                    : n.round(new MathContext(4, RoundingMode.HALF_EVEN));
        }
        return plain(shown);
    }

    private static String plain(BigDecimal n) {
        if (n.signum() == 0) {
            return "0";
        }
        BigDecimal stripped = n.stripTrailingZeros();
        int digits = stripped.precision() - stripped.scale();
        if (digits < -8 || digits > 21) {
            return stripped.toString();
        }
        return Terminal.grouped(stripped.toPlainString());
    }

    @Override
    public int compareTo(Quantity other) {
        if (unit != other.unit) {
            throw new IllegalArgumentException("cannot compare " + this + " with " + other);
        }
        return Double.compare(value, other.value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Quantity q && q.value == value && q.unit == unit;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(value) * 31 + unit.hashCode();
    }
}
