package plimsoll.telemetry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * What is read at most of a capture, against archives that unpack to more than a machine holds: an immutable value. What is beyond a
 * limit is refused by name, with the limit's, and the rest is read.
 *
 * @param entries entries of one archive, or of one folder with the folders in it; of one with more, 5,000 or a tenth of these are read
 * @param file bytes of one file
 * @param total bytes that come out of one archive; of one that says beforehand that it holds more, a 64th of it is read
 * @param ratio unpacked bytes to the packed ones they came from, looked at once 1 MiB has come out; of what comes out beyond a 64th of
 *     {@code total}, a tenth of it
 * @param depth folders in each other
 */
public record Limits(long entries, long file, long total, long ratio, long depth) {
    private static final long RATIO_FROM = 1 << 20;
    private static final long FEW = 5000;

    /** The usual ones, each raised by a system property: {@code plimsoll.limit.entries}, {@code file} and so on, as plain numbers. */
    static final Limits USUAL = new Limits(
            Long.getLong("plimsoll.limit.entries", 40_000),
            Long.getLong("plimsoll.limit.file", 2L << 30),
            Long.getLong("plimsoll.limit.total", 8L << 30),
            Long.getLong("plimsoll.limit.ratio", 500),
            Long.getLong("plimsoll.limit.depth", 64));

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException when one is less than 1
     */
    public Limits {
        if (Math.min(Math.min(Math.min(entries, file), Math.min(total, ratio)), depth) < 1) {
            throw new IllegalArgumentException("a limit of less than 1 would let nothing be read");
        }
    }

    /**
     * The usual ones: 40,000 entries, 2 GiB for a file, 8 GiB in total, a ratio of 500, 64 folders in each other, or what system
     * properties named {@code plimsoll.limit.entries} and so on say instead.
     */
    public static Limits usual() {
        return USUAL;
    }

    /**
     * The same with another {@code entries}, {@code file}, {@code total}, {@code ratio} or {@code depth}, as in
     * {@code Limits.usual().with("total", "16 GiB").with("ratio", "2000")}: bytes with their unit, the others as counts.
     *
     * @throws IllegalArgumentException when there is no limit of that name, or the value is none
     */
    public Limits with(String name, String value) {
        return switch (name) {
            case "entries" -> new Limits(count(name, value), file, total, ratio, depth);
            case "file" -> new Limits(entries, bytes(name, value), total, ratio, depth);
            case "total" -> new Limits(entries, file, bytes(name, value), ratio, depth);
            case "ratio" -> new Limits(entries, file, total, count(name, value), depth);
            case "depth" -> new Limits(entries, file, total, ratio, count(name, value));
            default ->
                throw new IllegalArgumentException(
                        "there is no limit '" + name + "': it is entries, file, total, ratio or depth");
        };
    }

    private static long count(String name, String value) {
        return most(name, value, Unit.COUNT, "a whole number, as " + name + "=2000");
    }

    private static long bytes(String name, String value) {
        return most(name, value, Unit.BYTES, "bytes with their unit, as " + name + "=\"16 GiB\"");
    }

    private static long most(String name, String value, Unit unit, String wanted) {
        try {
            return (long) Quantity.parse(value, unit).value();
        } catch (IllegalArgumentException e) {
            // one sentence for all that it is not
        }
        throw new IllegalArgumentException("the limit '" + name + "' cannot be '" + value + "': it is " + wanted);
    }

    /** So many files are read of an archive, or a folder, that has too many entries. */
    int few() {
        return (int) Math.min(Math.min(entries, Math.max(FEW, entries / 10)), Integer.MAX_VALUE);
    }

    /** So many bytes may come out of an archive however well they are packed. */
    long free() {
        return total / 64;
    }

    /**
     * What is to be said of an archive, or of a file in one, of which so many bytes come out, and were so many when they were packed; null
     * where it is allowed. A log of nothing but one line packs to a 300th and more, and a long one of lines that differ to a 50th.
     */
    @Nullable
    String dense(long out, long packed) {
        if (out > RATIO_FROM && out / ratio > packed) {
            return String.format(Locale.ROOT, "unpacks to more than %,d times its size", ratio);
        }
        long beyond = Math.max(1, ratio / 10);
        return out > free() && (out - free()) / beyond > packed
                ? String.format(Locale.ROOT, "unpacks to more than %,d bytes and %,d times its size", free(), beyond)
                : null;
    }

    boolean deep(String path) {
        long folders = 0;
        for (int i = 0; i < path.length() && folders <= depth; i++) {
            folders += path.charAt(i) == '/' || path.charAt(i) == '\\' ? 1 : 0;
        }
        return folders > depth;
    }

    String tooDeep() {
        return "lies deeper than " + depth + " folders (plimsoll.limit.depth)";
    }
}
