package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One pass of a source over a text. A text of a few lines is read line by line. Of a large one the bytes are read, in chunks and in
 * parts for several processors; a line in which anything is not as usual is read like one of a small text, so that the result is
 * the same. Not thread-safe; lives for one parse.
 */
abstract class Pass {
    private static final int CHUNK = 1 << 18;

    /** A text of fewer bytes for each processor is not worth a further one. */
    private static final int WORTH = 4 << 20;

    private static final int PROCESSORS = 4;

    /** Bytes by which {@link #beginsPart} may tell a line. */
    private static final int BEGINNING = 4;

    final Text text;
    final Parsed.Account account;

    /** How many lines were read. */
    private int count;

    /** True where a line was found at which the text may have to be cut, or one that ends with a lone carriage return. */
    private boolean given;

    /** True for a pass that began further down. */
    private boolean below;

    /** True while the lines are read with which a part ends: behind them another begins, or nothing. */
    private boolean ending;

    Pass(Text text) {
        this.text = text;
        this.account = new Parsed.Account(text);
    }

    /** Reads line {@code index} and accounts for it. */
    abstract void line(int index, String line);

    /** Puts what is left into the table. */
    abstract Parsed finish();

    /**
     * Reads lines as long as they are rows of the usual kind, whole ones of {@code bytes}, each with its line feed. Returns where the
     * first line begins that is not, else {@code to}. There are {@link Lines#PADDING} more bytes than {@code to}, of any content.
     */
    abstract int lines(byte[] bytes, int from, int to);

    /** Ends what {@link #lines} has begun: a line of another kind follows. */
    abstract void flush();

    /** True where a part may begin at the line at {@code at}, of which four bytes are there. */
    boolean beginsPart(byte[] bytes, int at) {
        return true;
    }

    /**
     * True where a row that ends at {@code to}, with the last line that {@link #lines} was given, is whole: no line that goes on with it
     * can follow.
     */
    final boolean ends(byte[] bytes, int to) {
        return ending || beginsPart(bytes, to);
    }

    /** A pass over the next part, which knows what this one has learnt from the lines so far. */
    abstract Pass fork();

    /** Puts what a fork has read below what this one has read. */
    abstract void join(Pass fork);

    /** The line that is being read says how to read those below it, which forks have not heard of if they are not at the top. */
    final void heads() {
        given |= below || count > 1;
    }

    /** {@code rows} lines were read as rows. */
    final void used(int rows) {
        account.used(rows);
        count += rows;
    }

    /** Reads the text line by line. */
    final Parsed run() {
        int index = 0;
        for (String line : text.lines()) {
            line(index++, line);
        }
        return finish();
    }

    /** How many processors are worth using for a text. */
    static int processors(long bytes) {
        int available = Math.min(PROCESSORS, Runtime.getRuntime().availableProcessors());
        return (int) Math.max(1, Math.min(available, bytes / WORTH));
    }

    /** Reads a large text from its bytes; empty where it may have to be cut, and so has to be looked at line by line. */
    final Optional<Parsed> run(Lines lines, int processors) {
        return run(lines, processors, CHUNK);
    }

    /** Reads it {@code chunk} bytes at a time. */
    final Optional<Parsed> run(Lines lines, int processors, int chunk) {
        // what stands at the top holds for all parts
        long top = part(lines, 0, Math.min(chunk, lines.bytes()), chunk, false);
        int parts = top > 0 ? processors : 1;
        long[] bounds = new long[parts + 1];
        for (int i = 0; i <= parts; i++) {
            long bound = top + (lines.bytes() - top) * i / parts;
            bounds[i] = i == 0 || i == parts ? bound : Math.max(bounds[i - 1], begin(lines, bound));
        }
        var forks = new ArrayList<Pass>();
        var running = new ArrayList<Future<?>>();
        for (int i = 1; i < parts && !given; i++) {
            Pass fork = fork();
            fork.below = true;
            long from = bounds[i];
            long to = bounds[i + 1];
            forks.add(fork);
            running.add(ForkJoinPool.commonPool().submit(() -> fork.part(lines, from, to, chunk, true)));
        }
        part(lines, bounds[0], bounds[1], chunk, true);
        await(running);
        for (Pass fork : forks) {
            if (given || fork.given) {
                return Optional.empty();
            }
            account.add(fork.account, count);
            count += fork.count;
            join(fork);
        }
        if (given) {
            return Optional.empty();
        }
        lines.counted(count);
        return Optional.of(finish());
    }

    private static void await(List<Future<?>> running) {
        try {
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a text was read", e);
        }
    }

    /** The beginning of the first line at or behind {@code from} with which a part may begin; the end where there is none. */
    private long begin(Lines lines, long from) {
        byte[] bytes = new byte[CHUNK + Lines.PADDING];
        boolean fresh = false;
        for (long at = from; at < lines.bytes(); at += CHUNK) {
            int length = (int) Math.min(CHUNK, lines.bytes() - at);
            lines.read(at, bytes, length);
            for (int i = 0; i < length; i++) {
                if (fresh && i + BEGINNING <= length && beginsPart(bytes, i)) {
                    return at + i;
                }
                fresh = bytes[i] == '\n';
            }
        }
        return lines.bytes();
    }

    /** Reads the lines from byte {@code from} to {@code to}; without {@code all} those of the first chunk. Returns where it ended. */
    private long part(Lines lines, long from, long to, int chunk, boolean all) {
        byte[] bytes = new byte[chunk + Lines.PADDING];
        long at = from;
        while (at < to && !given) {
            int length = (int) Math.min(bytes.length - Lines.PADDING, to - at);
            lines.read(at, bytes, length);
            boolean last = at + length == lines.bytes();
            ending = last || (all && at + length == to);
            // what an earlier chunk has left here begins no row
            Arrays.fill(bytes, length, length + BEGINNING, (byte) 0);
            int end = length;
            while (end > 0 && bytes[end - 1] != '\n' && !last) {
                end--;
            }
            if (end == 0) {
                // a line that is longer than a chunk; one that is far too long is cut by who reads line by line
                given = length > Lines.LONGEST;
                bytes = new byte[2 * length + Lines.PADDING];
                if (!all && length == to) {
                    return at;
                }
                continue;
            }
            if (bytes[end - 1] == '\n') {
                chunk(bytes, end);
            } else {
                // the last line lacks its line feed
                bytes[end] = '\n';
                chunk(bytes, end + 1);
            }
            at += end;
            if (!all) {
                break;
            }
        }
        flush();
        return at;
    }

    private void chunk(byte[] bytes, int to) {
        int at = 0;
        while (at < to && !given) {
            at = lines(bytes, at, to);
            if (at < to) {
                flush();
                int end = Lines.find(bytes, at, to, '\n');
                int kept = end > at && bytes[end - 1] == '\r' ? end - 1 : end;
                String line = Decoded.utf8(bytes, at, kept);
                if (line.indexOf('\r') >= 0 || ((below || count > 0) && Transcript.cuts(line))) {
                    given = true;
                    return;
                }
                line(count++, line);
                at = end + 1;
            }
        }
    }

    /** Words of bytes, as a column's cells code them. Not thread-safe. */
    static final class Coded {
        private static final int SLOTS = 1 << 10;

        /** Words of at most so many bytes, nearly all of them, are compared as two numbers. */
        private static final int SHORT = 16;

        private final Words words;
        private final byte[] @Nullable [] keys = new byte[SLOTS][];
        private final long[] firsts = new long[SLOTS];
        private final long[] seconds = new long[SLOTS];
        private final long[] cells = new long[SLOTS];
        private int size;

        Coded(Words words) {
            this.words = words;
        }

        /**
         * The cell of the text between two places, behind which {@link Lines#PADDING} bytes may be read; {@link Cells#MISSING} where
         * there are too many texts to remember.
         */
        long cell(byte[] bytes, int from, int to) {
            return cell(bytes, from, to, true);
        }

        /** The cell of a text that was met before; {@link Cells#MISSING} where it was not. */
        long known(byte[] bytes, int from, int to) {
            return cell(bytes, from, to, false);
        }

        private long cell(byte[] bytes, int from, int to, boolean add) {
            int length = to - from;
            long first = Bytes.twoWords(bytes, from);
            long second = 0;
            if (length <= 8) {
                first &= first(length);
            } else {
                second = Bytes.twoWords(bytes, from + 8) & first(Math.min(length, SHORT) - 8);
            }
            int slot = (int) (((first * 31 + second + length) * 0x9e3779b97f4a7c15L) >>> 54);
            while (true) {
                byte[] key = keys[slot];
                if (key == null) {
                    return add ? add(slot, bytes, from, to, first, second) : Cells.MISSING;
                }
                if (firsts[slot] == first
                        && seconds[slot] == second
                        && key.length == length
                        && (length <= SHORT || Arrays.equals(key, 0, length, bytes, from, to))) {
                    return cells[slot];
                }
                slot = (slot + 1) & (SLOTS - 1);
            }
        }

        /** A mask of the first {@code length} of eight bytes; of none for 0. */
        private static long first(int length) {
            return length == 0 ? 0 : -1L >>> (64 - (length << 3));
        }

        private long add(int slot, byte[] bytes, int from, int to, long first, long second) {
            if (2 * size >= SLOTS) {
                return Cells.MISSING;
            }
            size++;
            keys[slot] = Arrays.copyOfRange(bytes, from, to);
            firsts[slot] = first;
            seconds[slot] = second;
            cells[slot] = words.cell(Decoded.utf8(bytes, from, to));
            return cells[slot];
        }
    }
}
