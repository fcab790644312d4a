package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * What the cells of a column of texts or addresses stand for. A text is its number here; in a column of addresses an IPv4 address is
 * its 32 bits, an IPv6 address the complement of its number here, and any other text its number counted from the least value. One
 * text has one cell only. Grows while its column grows.
 */
final class Words {
    private static final long OTHER = Cells.MISSING + 1;
    private static final int FREE = -1;
    private static final int[] NOTHING = {};

    private final boolean addresses;
    private final ArrayList<String> texts = new ArrayList<>();

    /** The JDK's table: it stays quick where somebody chose texts that all have one hash. Given back when the words are done. */
    private Map<String, Integer> codeOf = new HashMap<>();

    /** IPv6 addresses, two words each, and where each is to be found: open addressing. */
    private long[] wide = {};

    private int wides;
    private int[] table = NOTHING;

    Words(boolean addresses) {
        this.addresses = addresses;
    }

    /** The cell of a text. */
    long cell(String text) {
        return addresses ? address(text) : code(text);
    }

    /** The cell of the empty text; {@link Cells#MISSING} where no cell has it. */
    long empty() {
        int code = texts.indexOf("");
        return code < 0 ? Cells.MISSING : addresses ? OTHER + code : code;
    }

    private long code(String text) {
        Integer code = codeOf.get(text);
        if (code == null) {
            code = texts.size();
            codeOf.put(text, code);
            texts.add(text);
        }
        return code;
    }

    private long address(String text) {
        long bits = Addresses.bits(text);
        if (bits >= 0) {
            return bits;
        }
        long[] words = Addresses.words(text);
        return words == null ? OTHER + code(text) : ipv6(words[0], words[1]);
    }

    /** The cell of an IPv6 address. */
    long ipv6(long high, long low) {
        if (2 * wides >= table.length) {
            grow();
        }
        int mask = table.length - 1;
        int at = hash(high, low) & mask;
        while (table[at] != FREE) {
            int i = table[at];
            if (wide[2 * i] == high && wide[2 * i + 1] == low) {
                return ~i;
            }
            at = (at + 1) & mask;
        }
        table[at] = wides;
        wide[2 * wides] = high;
        wide[2 * wides + 1] = low;
        return ~wides++;
    }

    private void grow() {
        int to = Math.max(16, 2 * table.length);
        table = new int[to];
        Arrays.fill(table, FREE);
        wide = Arrays.copyOf(wide, to + 2);
        for (int i = 0; i < wides; i++) {
            int at = hash(wide[2 * i], wide[2 * i + 1]) & (to - 1);
            while (table[at] != FREE) {
                at = (at + 1) & (to - 1);
            }
            table[at] = i;
        }
    }

    private static int hash(long high, long low) {
        long h = (high * 0x9e3779b97f4a7c15L ^ low) * 0xff51afd7ed558ccdL;
        return (int) (h >>> 32);
    }

    /** What a cell stands for. */
    String word(long cell) {
        if (!addresses) {
            return texts.get((int) cell);
        }
        if (cell >= 0) {
            return Addresses.ipv4((int) cell);
        }
        if (cell < Integer.MIN_VALUE) {
            return texts.get((int) (cell - OTHER));
        }
        int i = (int) ~cell;
        return Addresses.ipv6(wide[2 * i], wide[2 * i + 1]);
    }

    /** Gives back what is needed to find words only. */
    Words done() {
        codeOf = Map.of();
        texts.trimToSize();
        table = NOTHING;
        wide = Arrays.copyOf(wide, 2 * wides);
        return this;
    }

    /** Takes over what {@code others} have learnt so far, so that the same texts get the same cells. */
    void learn(Words others) {
        others.texts.forEach(this::code);
    }

    /** What turns cells that refer to {@code theirs}, the words of a column of the same type, into cells that refer to these. */
    Translation from(Words theirs) {
        return new Translation(this, theirs);
    }

    /** Translates cells in place, each word once and when it is met. */
    static final class Translation implements ObjIntConsumer<long[]> {
        private final Words ours;
        private final Words theirs;
        private final long[] texts;
        private final long[] wides;

        private Translation(Words ours, Words theirs) {
            this.ours = ours;
            this.theirs = theirs;
            this.texts = new long[theirs.texts.size()];
            this.wides = new long[theirs.wides];
            Arrays.fill(texts, Cells.MISSING);
            Arrays.fill(wides, Cells.MISSING);
        }

        /** Translates all words; true where each of them has the same cell in both. */
        boolean same() {
            boolean same = true;
            for (int i = 0; i < texts.length; i++) {
                same &= text(i) == (ours.addresses ? OTHER + i : i);
            }
            for (int i = 0; i < wides.length; i++) {
                same &= wide(i) == ~i;
            }
            return same;
        }

        @Override
        public void accept(long[] cells, int count) {
            for (int i = 0; i < count; i++) {
                long cell = cells[i];
                if (cell == Cells.MISSING || (ours.addresses && cell >= 0)) {
                    continue;
                }
                if (!ours.addresses) {
                    cells[i] = text((int) cell);
                } else {
                    cells[i] = cell < Integer.MIN_VALUE ? text((int) (cell - OTHER)) : wide((int) ~cell);
                }
            }
        }

        private long text(int i) {
            if (texts[i] == Cells.MISSING) {
                texts[i] = ours.cell(theirs.texts.get(i));
            }
            return texts[i];
        }

        private long wide(int i) {
            if (wides[i] == Cells.MISSING) {
                wides[i] = ours.ipv6(theirs.wide[2 * i], theirs.wide[2 * i + 1]);
            }
            return wides[i];
        }
    }
}
