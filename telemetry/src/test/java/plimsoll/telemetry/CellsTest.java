package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Cells hold what was put into them, however it got there. */
class CellsTest {
    private static long value(SplittableRandom random, int bits) {
        return switch (random.nextInt(9)) {
            case 0 -> Cells.MISSING;
            // the greatest of a width, and the complements that stand for IPv6 addresses
            case 1 -> bits == 64 ? ~random.nextInt(300) : (1L << bits) - 1;
            default -> bits == 64 ? random.nextLong() : random.nextLong(1L << bits);
        };
    }

    /** Some cells, put in one by one, in rows of many, and in gaps. */
    private static Cells filled(SplittableRandom random, long[] into, int from, int to) {
        var cells = new Cells();
        int at = from;
        while (at < to) {
            int bits = new int[] {1, 8, 16, 32, 33, 64}[random.nextInt(6)];
            int count = Math.min(to - at, 1 + random.nextInt(40_000));
            if (random.nextInt(3) == 0) {
                Arrays.fill(into, at, at + count, Cells.MISSING);
                cells.size(at + count - from);
            } else {
                for (int i = at; i < at + count; i++) {
                    into[i] = value(random, bits);
                }
                if (random.nextBoolean()) {
                    cells.append(into, at, count);
                } else {
                    for (int i = at; i < at + count; i++) {
                        cells.set(i - from, into[i]);
                    }
                }
            }
            at += count;
        }
        return cells;
    }

    @Property(tries = 100)
    void whatWasPutIn(@ForAll @LongRange(min = 0) long seed) {
        var random = new SplittableRandom(seed);
        long[] values = new long[random.nextInt(400_000)];
        var cells = new Cells();
        // parts that are taken over, with more put behind each
        int at = 0;
        while (at < values.length) {
            int end = Math.min(values.length, at + 1 + random.nextInt(150_000));
            if (random.nextBoolean()) {
                cells.take(filled(random, values, at, end));
            } else {
                for (int i = at; i < end; i++) {
                    values[i] = value(random, 20);
                }
                cells.append(values, at, end - at);
            }
            at = end;
        }
        if (random.nextBoolean()) {
            cells.replace((piece, count) -> {
                for (int i = 0; i < count; i++) {
                    piece[i] = turned(piece[i]);
                }
            });
            Arrays.setAll(values, i -> turned(values[i]));
        }
        cells.trim();
        assertEquals(values.length, cells.size());
        long[] read = new long[values.length];
        Arrays.setAll(read, cells::get);
        assertArrayEquals(values, read);
        int from = values.length == 0 ? 0 : random.nextInt(values.length);
        long[] some = new long[values.length - from];
        cells.get(from, some, some.length);
        assertArrayEquals(Arrays.copyOfRange(values, from, values.length), some);
    }

    private static long turned(long value) {
        return value == Cells.MISSING ? value : value ^ 0x5a5a5a5aL;
    }

    @Test
    void narrowWhereTheValuesAre() {
        var cells = new Cells();
        long[] values = new long[100_000];
        cells.append(values, 0, values.length);
        assertEquals(100_000, cells.trim().bytes());
        Arrays.fill(values, 254);
        cells.append(values, 0, values.length);
        assertEquals(200_000, cells.trim().bytes());
        var missing = new Cells();
        missing.size(1_000_000);
        assertEquals(0, missing.bytes());
        var taking = new Cells();
        taking.take(cells);
        assertTrue(taking.bytes() == 200_000 && taking.get(99_999) == 0 && taking.get(100_000) == 254);
    }
}
