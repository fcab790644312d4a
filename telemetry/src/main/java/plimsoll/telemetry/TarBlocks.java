package plimsoll.telemetry;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The blocks of a tar file below the library that reads it, which gives up at headers that it does not understand, such as those of sparse
 * files of many GiB. What such a header is of can be left out here, by {@code struct posix_header} and {@code struct oldgnu_header} of
 * GNU tar's {@code tar.h}, and what follows be read.
 */
final class TarBlocks extends FilterInputStream {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int SIZE = 124;
    private static final int SUM = 148;
    private static final int TYPE = 156;
    private static final int MAGIC = 257;
    private static final int MORE = 482;
    private static final int MORE_OF_MORE = 504;
    private static final int REAL_SIZE = 483;
    private static final int NUMBER = 12;
    private static final byte GLOBAL = 'g';

    private final byte[] header = new byte[BLOCK];
    private long at;
    private long end = -1;
    private boolean global;

    TarBlocks(InputStream in) {
        super(in);
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        int n = super.read(b, off, len);
        at += Math.max(0, n);
        if (n == BLOCK && header(b, off)) {
            System.arraycopy(b, off, header, 0, BLOCK);
            end = at;
            global |= header[TYPE] == GLOBAL;
        }
        return n;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        at += b < 0 ? 0 : 1;
        return b;
    }

    @Override
    public long skip(long n) throws IOException {
        long skipped = super.skip(n);
        at += skipped;
        return skipped;
    }

    /** The library asks before each padding, and does not need to know. */
    @Override
    public int available() {
        return 0;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private static boolean header(byte[] b, int off) {
        if (b[off + MAGIC] != 'u' || b[off + MAGIC + 1] != 's' || b[off + MAGIC + 2] != 't') {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= SUM && i < TYPE ? ' ' : b[off + i] & 0xff;
        }
        int said = 0;
        for (int i = off + SUM; i < off + TYPE && b[i] != 0 && (b[i] != ' ' || said == 0); i++) {
            said = b[i] == ' ' ? 0 : said * 8 + b[i] - '0';
        }
        return said == sum;
    }

    /**
     * Skips to the end of what the last header is of, if it is of {@code size} bytes, so that the library, which reads what it skips, can
     * begin anew; false where that cannot be told, or where a header before holds for all that follow.
     */
    boolean skipped(long size) throws IOException {
        return !global && end >= 0 && number(SIZE) == size && leftOut();
    }

    /** Reads to the end of what the last header is of; false where that header is no such one, or more was read already. */
    boolean leftOut() throws IOException {
        long stored = end < 0 ? -1 : number(SIZE);
        if (stored < 0) {
            return false;
        }
        boolean more = header[TYPE] == 'S' && header[MORE] != 0;
        if (more && at > end) {
            // the library has read the rest of the map
            end = at;
            more = false;
        }
        while (more) {
            byte[] next = readNBytes(BLOCK);
            if (next.length < BLOCK) {
                throw new EOFException();
            }
            end = at;
            more = next[MORE_OF_MORE] != 0;
        }
        long left = end + (stored + BLOCK - 1) / BLOCK * BLOCK - at;
        end = -1;
        if (left < 0) {
            return false;
        }
        skipNBytes(left);
        return true;
    }

    /** What the last header says: the file's name, and where it is a sparse one of the old kind its size. */
    @Override
    public String toString() {
        int length = 0;
        while (length < NAME && header[length] != 0) {
            length++;
        }
        String name = new String(header, 0, length, StandardCharsets.UTF_8);
        return header[TYPE] == 'S'
                ? String.format(Locale.ROOT, "entry %s is a sparse file of %,d bytes", name, number(REAL_SIZE))
                : "entry " + name + " has a header that is not understood";
    }

    /** A number of twelve bytes: octal digits, or binary where the first bit is set; -1 where it is neither, or far too large. */
    private long number(int from) {
        long value = 0;
        if ((header[from] & 0x80) != 0) {
            for (int i = from + NUMBER - Long.BYTES; i < from + NUMBER; i++) {
                value = (value << Byte.SIZE) | (header[i] & 0xff);
            }
            return value > 1L << 60 ? -1 : value;
        }
        for (int i = from; i < from + NUMBER && header[i] != 0 && header[i] != ' '; i++) {
            if (header[i] < '0' || header[i] > '7') {
                return -1;
            }
            value = value * 8 + header[i] - '0';
        }
        return value;
    }
}
