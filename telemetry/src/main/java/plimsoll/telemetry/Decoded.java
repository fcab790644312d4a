package plimsoll.telemetry;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Bytes as text: UTF-8 with or without a byte order mark, UTF-16 as Windows tools write it, or not text at all. */
final class Decoded {
    static final int LOOKED_AT = 8192;

    private Decoded() {}

    /**
     * True for bytes that are no text: among the first few thousand are NULs, and so many of them or so many other characters of control
     * that they are not the damage of a disk or the ends of fields, as {@code lsof -F0} has them; and it is not UTF-16.
     */
    static boolean binary(byte[] bytes) {
        if (!charset(bytes).equals(StandardCharsets.UTF_8)) {
            return false;
        }
        int nuls = nuls(bytes, 0, 1);
        int looked = Math.min(bytes.length, LOOKED_AT);
        return nuls > 0 && (nuls > looked / 4 || controls(bytes, looked) > looked / 100);
    }

    /** Bytes below the blank that no text has: neither white space nor what colours a terminal. */
    private static int controls(byte[] bytes, int looked) {
        int controls = 0;
        for (int i = 0; i < looked; i++) {
            boolean usual = (bytes[i] >= '\t' && bytes[i] <= '\r') || bytes[i] == 0x1b;
            controls += bytes[i] > 0 && bytes[i] < ' ' && !usual ? 1 : 0;
        }
        return controls;
    }

    /** The lines of a text. */
    static Lines lines(byte[] bytes) {
        return charset(bytes).equals(StandardCharsets.UTF_8) ? Lines.of(bytes, mark(bytes)) : Lines.of(text(bytes));
    }

    /** The length of the byte order mark of UTF-8, 0 where there is none. */
    static int mark(byte[] bytes) {
        boolean marked = bytes.length >= 3
                && (bytes[0] & 0xff) == 0xef
                && (bytes[1] & 0xff) == 0xbb
                && (bytes[2] & 0xff) == 0xbf;
        return marked ? 3 : 0;
    }

    /** True for text in UTF-8, by its first few thousand bytes. */
    static boolean plain(byte[] head) {
        return charset(head).equals(StandardCharsets.UTF_8) && !binary(head);
    }

    /** Bytes of UTF-8; one that is none, and a NUL, become U+FFFD, which no number can hold. */
    static String utf8(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }

    /** The text without its byte order mark; a byte that is no UTF-8, and a NUL, become U+FFFD, which no number can hold. */
    static String text(byte[] bytes) {
        String text = charset(bytes).decode(ByteBuffer.wrap(bytes)).toString();
        String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return bare.indexOf('\0') < 0 ? bare : bare.replace('\0', '\uFFFD');
    }

    private static Charset charset(byte[] bytes) {
        if (bytes.length >= 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xfe) {
            return StandardCharsets.UTF_16LE;
        }
        if (bytes.length >= 2 && (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xff) == 0xff) {
            return StandardCharsets.UTF_16BE;
        }
        // plain text in UTF-16 has a NUL in nearly every other byte, and none in between
        int half = Math.min(bytes.length, LOOKED_AT) / 2;
        if (half >= 2 && nuls(bytes, 1, 2) > half * 3 / 4 && nuls(bytes, 0, 2) == 0) {
            return StandardCharsets.UTF_16LE;
        }
        if (half >= 2 && nuls(bytes, 0, 2) > half * 3 / 4 && nuls(bytes, 1, 2) == 0) {
            return StandardCharsets.UTF_16BE;
        }
        return StandardCharsets.UTF_8;
    }

    private static int nuls(byte[] bytes, int from, int step) {
        int nuls = 0;
        for (int i = from; i < Math.min(bytes.length, LOOKED_AT); i += step) {
            if (bytes[i] == 0) {
                nuls++;
            }
        }
        return nuls;
    }
}
