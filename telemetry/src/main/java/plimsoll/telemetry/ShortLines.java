package plimsoll.telemetry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A stream of text in which a line that is far too long ends soon after {@link Lines#LONGEST} bytes, so that a line without end needs
 * no memory without end. What is no text is left as it is.
 */
final class ShortLines extends FilterInputStream {
    private static final int HEAD = Decoded.LOOKED_AT;

    private final byte[] before;

    /** What is known of the stream before it is decided what it is. */
    private byte @Nullable [] head;

    private int at;
    private boolean text;
    private long line;

    /** The stream with what was read of it before, at most {@link Decoded#LOOKED_AT} bytes. */
    ShortLines(InputStream in, byte[] before) {
        super(in);
        this.before = before;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        byte[] first = head;
        if (first == null) {
            byte[] more = in.readNBytes(HEAD - before.length);
            first = Arrays.copyOf(before, before.length + more.length);
            System.arraycopy(more, 0, first, before.length, more.length);
            head = first;
            text = Decoded.plain(first);
        }
        while (true) {
            int n;
            if (at < first.length) {
                n = Math.min(len, first.length - at);
                System.arraycopy(first, at, b, off, n);
                at += n;
            } else {
                n = in.read(b, off, len);
            }
            int kept = n > 0 && text ? shorten(b, off, n) : n;
            if (kept != 0 || len == 0) {
                return kept;
            }
        }
    }

    /** Leaves out what is too much of a line; returns how many bytes are left. */
    private int shorten(byte[] b, int off, int n) {
        if (line + n <= Lines.LONGEST) {
            int last = off + n - 1;
            while (last >= off && b[last] != '\n') {
                last--;
            }
            line = last < off ? line + n : off + n - 1 - last;
            return n;
        }
        int kept = 0;
        for (int i = off; i < off + n; i++) {
            boolean end = b[i] == '\n';
            if (end || line <= Lines.LONGEST) {
                b[off + kept++] = b[i];
            }
            line = end ? 0 : line + 1;
        }
        return kept;
    }

    @Override
    public long skip(long n) throws IOException {
        return readNBytes((int) Math.min(n, HEAD)).length;
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
