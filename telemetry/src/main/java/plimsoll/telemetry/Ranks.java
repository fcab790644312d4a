package plimsoll.telemetry;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Puts many things in order by numbers instead of by comparing them in pairs: an order is the places of the things, first to last. */
final class Ranks {
    private static final int DIGIT = 11;
    private static final int DIGITS = 1 << DIGIT;

    /** Characters of a text in its key, four bits each. */
    private static final int KEPT = 15;

    private static final int BITS = 4;

    // codes of a character: what stands before points, points, slashes, digits and colons in their order, what stands
    // behind them
    private static final int LOW = 1;
    private static final int DOT = 2;
    private static final int HIGH = 15;

    private Ranks() {}

    /** All places below {@code count}. */
    static int[] places(int count) {
        return IntStream.range(0, count).toArray();
    }

    /** The places ordered by the keys at them, unsigned; those with equal keys keep their order. Counts digit by digit. */
    static int[] sorted(int[] places, long[] keys) {
        long differing = 0;
        for (int place : places) {
            differing |= keys[place] ^ keys[places[0]];
        }
        int[] from = places;
        int[] to = new int[places.length];
        for (int shift = 0; shift < Long.SIZE; shift += DIGIT) {
            if (((differing >>> shift) & (DIGITS - 1)) == 0) {
                continue;
            }
            int[] next = new int[DIGITS + 1];
            for (int place : from) {
                next[1 + ((int) (keys[place] >>> shift) & (DIGITS - 1))]++;
            }
            for (int i = 1; i <= DIGITS; i++) {
                next[i] += next[i - 1];
            }
            for (int place : from) {
                to[next[(int) (keys[place] >>> shift) & (DIGITS - 1)]++] = place;
            }
            int[] done = to;
            to = from == places ? new int[places.length] : from;
            from = done;
        }
        return from;
    }

    /**
     * For each place how many other texts come before its own, in the order of {@link String#compareTo}. {@code keys} are {@link #key}
     * of the texts, {@code ids} the same where the texts are.
     */
    static long[] ranks(long[] keys, long[] ids, IntFunction<String> text) {
        int[] order = sorted(places(keys.length), keys);
        long[] ranks = new long[keys.length];
        int rank = 0;
        for (int from = 0, to; from < order.length; from = to) {
            to = from + 1;
            boolean one = true;
            while (to < order.length && keys[order[to]] == keys[order[from]]) {
                one &= ids[order[to]] == ids[order[from]];
                to++;
            }
            if (!one) {
                sort(order, from, to, text);
            }
            for (int i = from; i < to; i++) {
                rank += i > from && ids[order[i]] != ids[order[i - 1]] ? 1 : 0;
                ranks[order[i]] = rank;
            }
            rank++;
        }
        return ranks;
    }

    private static void sort(int[] order, int from, int to, IntFunction<String> text) {
        record Named(String text, int place) {}
        Named[] named = new Named[to - from];
        Arrays.setAll(named, i -> new Named(text.apply(order[from + i]), order[from + i]));
        Arrays.sort(named, (a, b) -> a.text.compareTo(b.text));
        for (int i = from; i < to; i++) {
            order[i] = named[i - from].place;
        }
    }

    /** A number that is never greater than that of a later text, and another for each text of up to 15 digits, points and colons. */
    static long key(String text) {
        long key = 0;
        int kept = 0;
        int code = DOT;
        // behind a character that shares its code with others nothing may count
        while (kept < Math.min(KEPT, text.length()) && code > LOW && code < HIGH) {
            code = code(text.charAt(kept++));
            key = key << BITS | code;
        }
        return key << (BITS * (KEPT - kept));
    }

    /** The key of the text of an IPv4 address. */
    static long key(int address) {
        long key = 0;
        int kept = 3;
        for (int shift = 24; shift >= 0; shift -= 8) {
            int part = (address >>> shift) & 0xff;
            for (int ten = part > 99 ? 100 : part > 9 ? 10 : 1; ten > 0; ten /= 10) {
                key = key << BITS | code((char) ('0' + part / ten % 10));
                kept++;
            }
            key = shift > 0 ? key << BITS | code('.') : key;
        }
        return key << (BITS * (KEPT - kept));
    }

    /** 0 is left for the end of a text. */
    private static int code(char c) {
        return c < '.' ? LOW : c <= ':' ? DOT + c - '.' : HIGH;
    }
}
