package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A column's cells as 64-bit values, kept in segments of which each is as wide as its largest value needs: nothing where all cells
 * are missing, else 1, 2, 4 or 8 bytes a cell. It grows without copying what is there. Grows at its end only; once it is shared it
 * is not changed any more.
 */
final class Cells {
    /** The value of a cell that is missing. */
    static final long MISSING = Long.MIN_VALUE;

    /** Cells of a segment: at most 2 to the power of this. */
    private static final int SHIFT = 16;

    private static final int SEGMENT = 1 << SHIFT;
    private static final int FIRST = 16;
    private static final int PIECE = 1 << 10;

    /** In each width the greatest value stands for a missing cell. */
    private static final int NO_BYTE = 0xff;

    private static final int NO_CHAR = 0xffff;
    private static final int NO_INT = -1;

    /** Null where all cells are missing; else {@code byte[]}, {@code char[]}, {@code int[]} or {@code long[]}. */
    private final List<@Nullable Object> segments = new ArrayList<>();

    /** The index of each segment's first cell. */
    private int[] starts = new int[1];

    private int size;

    int size() {
        return size;
    }

    /** The value at {@code index}, {@link #MISSING} where there is none. */
    long get(int index) {
        int number = segment(index);
        Object segment = segments.get(number);
        int i = index - starts[number];
        if (segment instanceof byte[] narrow) {
            int v = narrow[i] & 0xff;
            return v == NO_BYTE ? MISSING : v;
        }
        if (segment instanceof char[] narrow) {
            return narrow[i] == NO_CHAR ? MISSING : narrow[i];
        }
        if (segment instanceof int[] narrow) {
            return narrow[i] == NO_INT ? MISSING : narrow[i] & 0xffffffffL;
        }
        return segment instanceof long[] wide ? wide[i] : MISSING;
    }

    /** The number of the segment in which a cell is. */
    private int segment(int index) {
        // none holds more cells than a segment has, so it is this one or, behind one that holds fewer, a later one
        int number = index >>> SHIFT;
        if (number + 1 < segments.size() && starts[number + 1] <= index) {
            int found = Arrays.binarySearch(starts, number + 1, segments.size(), index);
            return found >= 0 ? found : -found - 2;
        }
        return number;
    }

    /** How many cells a segment holds. */
    private int cells(int number) {
        return (number + 1 < segments.size() ? starts[number + 1] : size) - starts[number];
    }

    /** Puts the values from {@code index} on into {@code to}, {@code count} of them. */
    void get(int index, long[] to, int count) {
        int done = 0;
        while (done < count) {
            int number = segment(index + done);
            int from = index + done - starts[number];
            int now = Math.min(count - done, cells(number) - from);
            get(segments.get(number), from, to, done, now);
            done += now;
        }
    }

    private static void get(@Nullable Object segment, int from, long[] to, int at, int count) {
        if (segment instanceof byte[] narrow) {
            for (int i = 0; i < count; i++) {
                int v = narrow[from + i] & 0xff;
                to[at + i] = v == NO_BYTE ? MISSING : v;
            }
        } else if (segment instanceof char[] narrow) {
            for (int i = 0; i < count; i++) {
                char v = narrow[from + i];
                to[at + i] = v == NO_CHAR ? MISSING : v;
            }
        } else if (segment instanceof int[] narrow) {
            for (int i = 0; i < count; i++) {
                int v = narrow[from + i];
                to[at + i] = v == NO_INT ? MISSING : v & 0xffffffffL;
            }
        } else if (segment instanceof long[] wide) {
            System.arraycopy(wide, from, to, at, count);
        } else {
            Arrays.fill(to, at, at + count, MISSING);
        }
    }

    /** Sets the last cell or one behind it; those left out in between are missing. */
    void set(int index, long value) {
        if (index >= size) {
            size(index + 1);
        }
        int number = segments.size() - 1;
        if (value != MISSING || segments.get(number) != null) {
            int i = index - starts[number];
            put(i, room(number, i + 1, width(value, value)), value);
        }
    }

    /** Puts {@code count} values behind the last. */
    void append(long[] values, int from, int count) {
        int at = from;
        int left = count;
        while (left > 0) {
            int number = last();
            int index = size - starts[number];
            int now = Math.min(left, SEGMENT - index);
            size += now;
            put(number, index, values, at, now);
            at += now;
            left -= now;
        }
    }

    /** The segment into which the cell behind the last goes. */
    private int last() {
        int number = segments.size() - 1;
        if (number < 0 || size - starts[number] == SEGMENT) {
            add(null, size);
            number++;
        }
        return number;
    }

    private void add(@Nullable Object segment, int start) {
        if (segments.size() == starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        starts[segments.size()] = start;
        segments.add(segment);
    }

    /** Puts values into a segment from its cell {@code index} on. */
    private void put(int number, int index, long[] values, int from, int count) {
        // most fit into what is there
        if (segments.get(number) != null && fits(room(number, index + count, 0), index, values, from, count)) {
            return;
        }
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (int i = from; i < from + count; i++) {
            long v = values[i];
            greatest = Math.max(greatest, v);
            least = Math.min(least, v == MISSING ? Long.MAX_VALUE : v);
        }
        if (greatest != MISSING) {
            fits(room(number, index + count, width(least, greatest)), index, values, from, count);
        }
    }

    /** Appends missing cells until there are {@code wanted}. */
    void size(int wanted) {
        while (size < wanted) {
            int number = last();
            size = Math.min(wanted, starts[number] + SEGMENT);
            if (segments.get(number) != null) {
                room(number, size - starts[number], 0);
            }
        }
    }

    /** Gives back what was reserved for more cells. */
    Cells trim() {
        int number = segments.size() - 1;
        if (number >= 0 && segments.get(number) != null) {
            segments.set(number, copy(segments.get(number), cells(number), bytes(segments.get(number))));
        }
        return this;
    }

    /** Moves the cells of {@code other} behind the last without copying them: nothing may be put into {@code other} any more. */
    void take(Cells other) {
        trim();
        other.trim();
        for (int i = 0; i < other.segments.size(); i++) {
            add(other.segments.get(i), size + other.starts[i]);
        }
        size += other.size;
    }

    /** Replaces values by others: {@code by} is given some at a time, in the first {@code count} places of an array. */
    void replace(ObjIntConsumer<long[]> by) {
        long[] piece = new long[PIECE];
        for (int number = 0; number < segments.size(); number++) {
            int cells = segments.get(number) == null ? 0 : cells(number);
            for (int at = 0; at < cells; at += PIECE) {
                int count = Math.min(PIECE, cells - at);
                get(segments.get(number), at, piece, 0, count);
                by.accept(piece, count);
                put(number, at, piece, 0, count);
            }
        }
    }

    /** Bytes that the cells take. */
    long bytes() {
        long sum = 0;
        for (Object segment : segments) {
            sum += (long) bytes(segment) * length(segment);
        }
        return sum;
    }

    private static int width(long least, long greatest) {
        if (greatest == MISSING) {
            return 0;
        }
        if (least < 0 || greatest >= 0xffffffffL) {
            return 8;
        }
        return greatest < NO_BYTE ? 1 : greatest < NO_CHAR ? 2 : 4;
    }

    private static int bytes(@Nullable Object segment) {
        return segment instanceof byte[]
                ? 1
                : segment instanceof char[] ? 2 : segment instanceof int[] ? 4 : segment instanceof long[] ? 8 : 0;
    }

    private static int length(@Nullable Object segment) {
        if (segment instanceof byte[] narrow) {
            return narrow.length;
        }
        if (segment instanceof char[] narrow) {
            return narrow.length;
        }
        if (segment instanceof int[] narrow) {
            return narrow.length;
        }
        return segment instanceof long[] wide ? wide.length : 0;
    }

    /** The segment, with room for {@code cells} of at least {@code width} bytes. */
    private Object room(int number, int cells, int width) {
        Object segment = segments.get(number);
        int has = bytes(segment);
        int length = length(segment);
        if (segment == null || has < width || length < cells) {
            // a first segment grows; those behind it are likely to become full
            int grown = number > 0 ? SEGMENT : Math.min(SEGMENT, Math.max(FIRST, Math.max(cells, length + length)));
            segment = copy(segment, Math.max(length, length < cells ? grown : length), Math.max(has, width));
            segments.set(number, segment);
        }
        return segment;
    }

    /** The same cells, {@code length} of them, in {@code width} bytes each; missing ones behind them. */
    private static Object copy(@Nullable Object from, int length, int width) {
        int kept = Math.min(length, length(from));
        if (from != null && bytes(from) == width && length(from) == length) {
            return from;
        }
        var old = new Cells();
        old.segments.add(from);
        switch (width) {
            case 1 -> {
                byte[] to = new byte[length];
                Arrays.fill(to, (byte) NO_BYTE);
                if (from instanceof byte[] same) {
                    System.arraycopy(same, 0, to, 0, kept);
                }
                return to;
            }
            case 2 -> {
                char[] to = new char[length];
                Arrays.fill(to, (char) NO_CHAR);
                if (from instanceof char[] same) {
                    System.arraycopy(same, 0, to, 0, kept);
                } else {
                    for (int i = 0; i < kept; i++) {
                        put(i, to, old.get(i));
                    }
                }
                return to;
            }
            case 4 -> {
                int[] to = new int[length];
                Arrays.fill(to, NO_INT);
                if (from instanceof int[] same) {
                    System.arraycopy(same, 0, to, 0, kept);
                } else {
                    for (int i = 0; i < kept; i++) {
                        put(i, to, old.get(i));
                    }
                }
                return to;
            }
            default -> {
                long[] to = new long[length];
                Arrays.fill(to, MISSING);
                if (from instanceof long[] same) {
                    System.arraycopy(same, 0, to, 0, kept);
                } else {
                    for (int i = 0; i < kept; i++) {
                        put(i, to, old.get(i));
                    }
                }
                return to;
            }
        }
    }

    private static void put(int i, Object segment, long value) {
        // all ones, cut to the width, is what stands for a missing cell
        long v = value == MISSING ? -1 : value;
        if (segment instanceof byte[] narrow) {
            narrow[i] = (byte) v;
        } else if (segment instanceof char[] narrow) {
            narrow[i] = (char) v;
        } else if (segment instanceof int[] narrow) {
            narrow[i] = (int) v;
        } else if (segment instanceof long[] wide) {
            wide[i] = value;
        }
    }

    /** Puts values into a segment; false, with some of them there, where one is wider than its cells. */
    private static boolean fits(Object segment, int index, long[] values, int from, int count) {
        // bits of what is negative, or no less than the value for a missing cell
        long beyond = 0;
        if (segment instanceof byte[] narrow) {
            for (int i = 0; i < count; i++) {
                long v = values[from + i];
                beyond |= v == MISSING ? 0 : (v | (v + 1)) >>> 8;
                narrow[index + i] = (byte) (v == MISSING ? NO_BYTE : v);
            }
        } else if (segment instanceof char[] narrow) {
            for (int i = 0; i < count; i++) {
                long v = values[from + i];
                beyond |= v == MISSING ? 0 : (v | (v + 1)) >>> 16;
                narrow[index + i] = (char) (v == MISSING ? NO_CHAR : v);
            }
        } else if (segment instanceof int[] narrow) {
            for (int i = 0; i < count; i++) {
                long v = values[from + i];
                beyond |= v == MISSING ? 0 : (v | (v + 1)) >>> 32;
                narrow[index + i] = (int) (v == MISSING ? NO_INT : v);
            }
        } else if (segment instanceof long[] wide) {
            System.arraycopy(values, from, wide, index, count);
        }
        return beyond == 0;
    }
}
