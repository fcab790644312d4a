package plimsoll.telemetry;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a text over its bytes, UTF-8, in memory or left in their file: a line becomes a {@code String} when it is asked for.
 * Where lines begin is looked for as far as they are asked for, and every 64th place is remembered. Throws
 * {@link UncheckedIOException} where the file cannot be read any more.
 *
 * <p>A line ends at a line feed, or at a carriage return and a line feed. A lone carriage return ends a line as well, for
 * {@link String#lines}: a text with one is not for this list, see {@link #lone}.
 */
final class Lines extends AbstractList<String> implements RandomAccess {
    /** From this size on, in bytes, a file is left where it is, and no line of it is kept to be shown. */
    static final int LARGE = 4 << 20;

    /** Bytes behind the last line of a chunk that may be read, whatever they hold. */
    static final int PADDING = 256;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    /** A line of more bytes, which no tool prints, is cut: see {@link #cut}. */
    static final int LONGEST = Integer.getInteger("plimsoll.limit.line", 16 << 20);

    /** So many bytes of such a line are kept. */
    private static final int KEPT = 4096;

    private static final String CUT = "\uFFFD";

    private static final int STEP = 64;
    private static final long[] NO_MARKS = {};
    private static final int BLOCK = 1 << 14;

    private final byte[] array;
    private final @Nullable FileChannel file;

    /** Where the text begins and ends, in bytes. */
    private final long from;

    private final long to;

    /** Where every 64th line begins, but for the first; {@code marked} of them are known. */
    private long[] marks = NO_MARKS;

    private int marked;
    private int size = -1;

    /** A line and where it begins: the one after that which was asked for last. */
    private int nextLine;

    private long next;

    /** What was read of the file last; a file that holds thousands of outputs has one for all of them. */
    private final Window window;

    private static final class Window {
        /** Where the file ends: lines of one output are read with those of the next. */
        private final long end;

        private byte[] bytes = {};
        private long at;
        private int length;

        private Window(long end) {
            this.end = end;
        }
    }

    private Lines(byte[] array, @Nullable FileChannel file, Window window, long from, long to) {
        this.array = array;
        this.file = file;
        this.window = window;
        this.from = from;
        this.to = to;
        next = from;
    }

    /** The lines of {@code bytes} from {@code from} on. */
    static Lines of(byte[] bytes, int from) {
        return new Lines(bytes, null, new Window(bytes.length), from, bytes.length);
    }

    static Lines of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8), 0);
    }

    /** The lines of a file from byte {@code from} to {@code to}; it stays open as long as this list is used. */
    static Lines of(FileChannel file, long from, long to) {
        return new Lines(new byte[0], file, new Window(to), from, to);
    }

    /** True for lines of a file that is left where it is, or as large. */
    boolean large() {
        return file != null || array.length >= LARGE;
    }

    /** How many bytes. */
    long bytes() {
        return to - from;
    }

    /** All of it as one string, as {@link Decoded} decodes it. */
    String text() {
        byte[] all = new byte[Math.toIntExact(bytes())];
        read(0, all, all.length);
        return Decoded.utf8(all, 0, all.length);
    }

    /** Copies {@code count} bytes from byte {@code at} of the text on. */
    void read(long at, byte[] into, int count) {
        if (file == null) {
            System.arraycopy(array, (int) (from + at), into, 0, count);
            return;
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(into, 0, count);
            while (buffer.hasRemaining()) {
                if (file.read(buffer, from + at + buffer.position()) < 0) {
                    throw new EOFException("it became shorter while it was read");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public boolean isEmpty() {
        return from == to;
    }

    @Override
    public synchronized int size() {
        if (size < 0) {
            seek(Integer.MAX_VALUE);
        }
        return size;
    }

    /** Says how many lines there are, where somebody has counted them in passing. */
    synchronized void counted(int lines) {
        size = lines;
    }

    @Override
    public synchronized String get(int index) {
        if (index < 0 || !has(index)) {
            throw new IndexOutOfBoundsException("line " + index + " of " + size);
        }
        long start = seek(index);
        long end = newline(start);
        boolean tooLong = end - start > LONGEST;
        int length = tooLong ? KEPT : (int) (end - start);
        byte[] bytes = slice(start, length);
        nextLine = index + 1;
        next = Math.min(to, end + 1);
        if (tooLong) {
            return CUT + Decoded.utf8(bytes, 0, length) + CUT;
        }
        int kept = length > 0 && bytes[length - 1] == '\r' && end < to ? length - 1 : length;
        return Decoded.utf8(bytes, 0, kept);
    }

    /** True for what is left of a line that was too long: its beginning, in marks that no format has. */
    static boolean cut(String line) {
        return line.length() > KEPT / 4 && line.startsWith(CUT) && line.endsWith(CUT);
    }

    /** True where there is a line of that index; reads no further than to it. */
    private boolean has(int index) {
        return size >= 0 ? index < size : seek(index) < to;
    }

    /** Goes through the lines without having to know how many there are. */
    @Override
    public Iterator<String> iterator() {
        return iterator(0);
    }

    private Iterator<String> iterator(int first) {
        return new Iterator<>() {
            private int i = first;

            @Override
            public boolean hasNext() {
                synchronized (Lines.this) {
                    return has(i);
                }
            }

            @Override
            public String next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return get(i++);
            }
        };
    }

    /** The lines of {@code lines} from {@code first} on, of this kind without counting them. */
    static Iterable<String> from(List<String> lines, int first) {
        return lines instanceof Lines own ? () -> own.iterator(first) : lines.subList(first, lines.size());
    }

    @Override
    public synchronized List<String> subList(int first, int end) {
        long start = seek(first);
        return new Lines(array, file, window, start, size >= 0 && end == size ? to : seek(end));
    }

    /** The lines from {@code first} to the last. */
    synchronized Lines tail(int first) {
        return first == 0 ? this : new Lines(array, file, window, seek(first), to);
    }

    /** True where a carriage return stands without a line feed behind it. */
    boolean lone() {
        byte[] bytes = new byte[BLOCK + PADDING];
        boolean before = false;
        for (long at = 0; at < bytes(); at += BLOCK) {
            int count = (int) Math.min(BLOCK, bytes() - at);
            read(at, bytes, count);
            if (before && bytes[0] != '\n') {
                return true;
            }
            Arrays.fill(bytes, count, count + PADDING, (byte) 0);
            for (int i = find(bytes, 0, count, '\r'); i < count - 1; i = find(bytes, i + 1, count, '\r')) {
                if (bytes[i + 1] != '\n') {
                    return true;
                }
            }
            before = bytes[count - 1] == '\r';
        }
        return before;
    }

    /** Where line {@code index} begins; the end, with the size then known, where there is no such line. */
    private long seek(int index) {
        if (index == nextLine) {
            if (next >= to) {
                size = nextLine;
            }
            return next;
        }
        int mark = Math.min(index / STEP, marked);
        int line = mark * STEP;
        long at = mark == 0 ? from : marks[mark - 1];
        if (nextLine < index && nextLine > line) {
            line = nextLine;
            at = next;
        }
        while (line < index && at < to) {
            at = Math.min(to, newline(at) + 1);
            line++;
            if (line == (marked + 1) * STEP && at < to) {
                if (marked == marks.length) {
                    marks = Arrays.copyOf(marks, Math.max(4, 2 * marked));
                }
                marks[marked++] = at;
            }
        }
        nextLine = line;
        next = at;
        if (at >= to) {
            size = line;
        }
        return at;
    }

    /** Where the line feed stands that ends the line at {@code start}; the end of the text where there is none. */
    private long newline(long start) {
        if (file == null) {
            return find(array, (int) start, (int) to, '\n');
        }
        synchronized (window) {
            for (long at = start; at < to; at = window.at + window.length) {
                load(at);
                int end = (int) Math.min(window.length, to - window.at);
                int found = find(window.bytes, (int) (at - window.at), end, '\n');
                if (found < end) {
                    return window.at + found;
                }
            }
        }
        return to;
    }

    private byte[] slice(long start, int length) {
        synchronized (window) {
            if (start >= window.at && start + length <= window.at + window.length) {
                int at = (int) (start - window.at);
                return Arrays.copyOfRange(window.bytes, at, at + length);
            }
        }
        byte[] bytes = new byte[length];
        read(start - from, bytes, length);
        return bytes;
    }

    private void load(long at) {
        if (at >= window.at && at < window.at + window.length) {
            return;
        }
        if (window.bytes.length == 0) {
            window.bytes = new byte[BLOCK];
        }
        window.length = 0;
        int count = (int) Math.min(BLOCK, window.end - at);
        read(at - from, window.bytes, count);
        window.at = at;
        window.length = count;
    }

    /** The first place between {@code from} and {@code to} of a byte, {@code to} where it is not there; eight bytes at a time. */
    static int find(byte[] bytes, int from, int to, char wanted) {
        long pattern = wanted * ONES;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long different = (long) LONG.get(bytes, i) ^ pattern;
            long found = (different - ONES) & ~different & HIGHS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < to && bytes[i] != wanted) {
            i++;
        }
        return i;
    }
}
