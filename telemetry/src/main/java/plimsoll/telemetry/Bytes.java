package plimsoll.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers and addresses from bytes, for passes over large texts. What is read and how long it is comes in one number,
 * {@code value << 5 | length}; -1 where anything is not as usual.
 */
final class Bytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** More digits are left to who reads the line carefully: sixteen fit into 64 bits beside the length. */
    private static final int DIGITS = 16;

    private static final int LENGTH = 31;

    private static final long HIGHS = 0x8080808080808080L;

    private static final byte[] HEXADECIMAL = new byte[256];

    static {
        for (int i = 0; i < 256; i++) {
            HEXADECIMAL[i] = (byte) (i <= 'f' ? Character.digit(i, 16) : -1);
        }
    }

    private Bytes() {}

    /** Four bytes as {@link #word(byte[], int)} has them. */
    static int word(String four) {
        return (int) INT.get(four.getBytes(StandardCharsets.ISO_8859_1), 0);
    }

    /** Eight bytes as {@link #twoWords(byte[], int)} has them. */
    static long twoWords(String eight) {
        return (long) LONG.get(eight.getBytes(StandardCharsets.ISO_8859_1), 0);
    }

    static int word(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    static long twoWords(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** The first place from {@code at} on that is no space. */
    static int spaces(byte[] bytes, int at) {
        int i = at;
        while (bytes[i] == ' ') {
            i++;
        }
        return i;
    }

    /** The first place from {@code at} on of a space or anything below it, a line feed among them. */
    static int blank(byte[] bytes, int at) {
        int i = at;
        while (true) {
            long x = twoWords(bytes, i);
            long found = (x - 0x2121212121212121L) & ~x & HIGHS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            i += 8;
        }
    }

    /** A whole number in decimal. */
    static long number(byte[] bytes, int at) {
        int i = at;
        long value = 0;
        int digit = bytes[i] - '0';
        while (digit >= 0 && digit <= 9) {
            value = 10 * value + digit;
            digit = bytes[++i] - '0';
        }
        int length = i - at;
        return length == 0 || length > DIGITS ? -1 : value << 5 | length;
    }

    /** An IPv4 address. */
    static long ipv4(byte[] bytes, int at) {
        int i = at;
        long bits = 0;
        for (int part = 0; part < 4; part++) {
            int value = bytes[i] - '0';
            if (value < 0 || value > 9) {
                return -1;
            }
            int digit = bytes[++i] - '0';
            if (digit >= 0 && digit <= 9) {
                int first = value;
                value = 10 * value + digit;
                digit = bytes[++i] - '0';
                if (digit >= 0 && digit <= 9) {
                    value = 10 * value + digit;
                    i++;
                }
                if (first == 0 || value > 255) {
                    return -1;
                }
            }
            bits = bits << 8 | value;
            if (part < 3 && bytes[i++] != '.') {
                return -1;
            }
        }
        return bits << 5 | (i - at);
    }

    /**
     * An IPv6 address between two places, into two words, where it is spelled as {@link Addresses#ipv6} spells it; {@code groups} is
     * room for eight numbers. False where it may be something else.
     */
    static boolean ipv6(byte[] bytes, int from, int to, int[] groups, long[] words) {
        int count = 0;
        int gap = -1;
        int i = from;
        while (i < to) {
            if (bytes[i] == ':') {
                // the first of two colons at the beginning, else the second
                i += i == from ? 1 : 0;
                if (i == to || bytes[i] != ':' || gap >= 0) {
                    return false;
                }
                gap = count;
                i++;
                continue;
            }
            int start = i;
            int value = 0;
            while (i < to
                    && i < start + 4
                    && (bytes[i] <= '9' || bytes[i] >= 'a')
                    && HEXADECIMAL[bytes[i] & 0xff] >= 0) {
                value = value << 4 | HEXADECIMAL[bytes[i++] & 0xff];
            }
            if (i < to && bytes[i] == '.') {
                return count == 1 && gap == 0 && groups[0] == 0xffff && mapped(bytes, start, to, words);
            }
            boolean shortest = i == start + 1 || (i > start && bytes[start] != '0');
            boolean ended = i == to || (bytes[i] == ':' && i + 1 < to);
            if (!shortest || !ended || count == 8) {
                return false;
            }
            groups[count++] = value;
            i++;
        }
        if (gap < 0 ? count < 8 : count > 6) {
            return false;
        }
        Arrays.fill(groups, count, 8, 0);
        if (gap >= 0) {
            System.arraycopy(groups, gap, groups, gap + 8 - count, count - gap);
            Arrays.fill(groups, gap, gap + 8 - count, 0);
        }
        words[0] = (long) groups[0] << 48 | (long) groups[1] << 32 | (long) groups[2] << 16 | groups[3];
        words[1] = (long) groups[4] << 48 | (long) groups[5] << 32 | (long) groups[6] << 16 | groups[7];
        return gap(groups, gap, 8 - count) && !(words[0] == 0 && words[1] >>> 32 == 0xffff);
    }

    private static boolean mapped(byte[] bytes, int start, int to, long[] words) {
        long bits = ipv4(bytes, start);
        words[0] = 0;
        words[1] = 0xffff_0000_0000L | bits >>> 5;
        return bits >= 0 && start + ((int) bits & LENGTH) == to;
    }

    /** True where of all runs of two or more zeros the first longest begins at {@code gap} and is {@code length} long; -1, 0 for none. */
    private static boolean gap(int[] groups, int gap, int length) {
        int longest = 1;
        int first = -1;
        int run = 0;
        for (int g = 0; g < 8; g++) {
            run = groups[g] == 0 ? run + 1 : 0;
            if (run > longest) {
                longest = run;
                first = g - run + 1;
            }
        }
        return first == gap && (gap < 0 || longest == length);
    }

    /** Eight hexadecimal digits; -1 where one is none. */
    static long hexadecimal8(byte[] bytes, int at) {
        int high = hexadecimal4(bytes, at);
        int low = hexadecimal4(bytes, at + 4);
        return (high | low) < 0 ? -1 : (long) high << 16 | low;
    }

    /** Four hexadecimal digits; negative where one is none. */
    static int hexadecimal4(byte[] bytes, int at) {
        return HEXADECIMAL[bytes[at] & 0xff] << 12
                | HEXADECIMAL[bytes[at + 1] & 0xff] << 8
                | HEXADECIMAL[bytes[at + 2] & 0xff] << 4
                | HEXADECIMAL[bytes[at + 3] & 0xff];
    }

    /** Two hexadecimal digits; negative where one is none. */
    static int hexadecimal2(byte[] bytes, int at) {
        return HEXADECIMAL[bytes[at] & 0xff] << 4 | HEXADECIMAL[bytes[at + 1] & 0xff];
    }

    /** Four groups of four hexadecimal digits with colons between them, as 64 bits; all ones, see {@link #all}, where they are not. */
    static long groups(byte[] bytes, int at) {
        int one = hexadecimal4(bytes, at);
        int two = hexadecimal4(bytes, at + 5);
        int three = hexadecimal4(bytes, at + 10);
        int four = hexadecimal4(bytes, at + 15);
        boolean wrong =
                (one | two | three | four) < 0 || bytes[at + 4] != ':' || bytes[at + 9] != ':' || bytes[at + 14] != ':';
        return wrong ? -1 : (long) one << 48 | (long) two << 32 | (long) three << 16 | four;
    }

    /** True where the groups really are all ones. */
    static boolean all(byte[] bytes, int at) {
        return bytes[at + 4] == ':'
                && hexadecimal4(bytes, at) == 0xffff
                && hexadecimal4(bytes, at + 5) == 0xffff
                && hexadecimal4(bytes, at + 10) == 0xffff
                && hexadecimal4(bytes, at + 15) == 0xffff
                && bytes[at + 9] == ':'
                && bytes[at + 14] == ':';
    }

    /** The first place from {@code at} on of a byte below 14, of which a line feed and a carriage return are two. */
    static int control(byte[] bytes, int at) {
        int i = at;
        while (true) {
            long x = twoWords(bytes, i);
            long found = (x - 0x0e0e0e0e0e0e0e0eL) & ~x & HIGHS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            i += 8;
        }
    }
}
