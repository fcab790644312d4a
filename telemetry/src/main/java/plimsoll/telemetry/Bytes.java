package plimsoll.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Numbers and addresses from bytes, for passes over large texts. What is read and how long it is comes in one number,
 * {@code value << 5 | length}; -1 where anything is not as usual.
 */
final class Bytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** More digits are left to who reads the line carefully: sixteen fit into 64 bits beside the length. */
    private static final int DIGITS = 16;

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
            long found = (x - 0x0e0e0e0e0e0e0e0eL) & ~x & 0x8080808080808080L;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            i += 8;
        }
    }
}
