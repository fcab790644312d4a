package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the cells of a column of texts or addresses stand for. A text is its number here; in a column of addresses an IPv4 address is
 * its 32 bits, an IPv6 address the complement of its number here, and any other text its number counted from the least value. One
 * text has one cell only. Grows while its column grows.
 */
final class Words {
    private static final long OTHER = Cells.MISSING + 1;
    private static final int FREE = -1;

    private final boolean addresses;
    private final List<String> texts = new ArrayList<>();
    private final Map<String, Integer> codeOf = new HashMap<>();

    /** IPv6 addresses, two words each, and where each is to be found: open addressing. */
    private long[] wide = {};

    private int wides;
    private int[] table = {};

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
        codeOf.clear();
        table = new int[0];
        wide = Arrays.copyOf(wide, 2 * wides);
        return this;
    }

    /** Makes cells that refer to {@code theirs}, a column of the same type, refer to these words, in place. */
    void translate(Words theirs, long[] texts, long[] wides, long[] cells, int count) {
        for (int i = 0; i < count; i++) {
            long cell = cells[i];
            if (cell == Cells.MISSING || (addresses && cell >= 0)) {
                continue;
            }
            boolean text = !addresses || cell < Integer.MIN_VALUE;
            int at = (int) (!addresses ? cell : text ? cell - OTHER : ~cell);
            long[] known = text ? texts : wides;
            if (known[at] == Cells.MISSING) {
                known[at] = text ? cell(theirs.texts.get(at)) : ipv6(theirs.wide[2 * at], theirs.wide[2 * at + 1]);
            }
            cells[i] = known[at];
        }
    }

    /** Room for what {@link #translate} remembers of the texts of these words. */
    long[] untranslatedTexts() {
        return missing(texts.size());
    }

    /** Room for what {@link #translate} remembers of the IPv6 addresses of these words. */
    long[] untranslatedAddresses() {
        return missing(wides);
    }

    private static long[] missing(int size) {
        long[] cells = new long[size];
        Arrays.fill(cells, Cells.MISSING);
        return cells;
    }
}
