package plimsoll.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.SeekableFileInputStream;
import org.tukaani.xz.SeekableXZInputStream;

/** The index at the end of an xz file, which says how long it is when it is unpacked (section 4 of the .xz file format). */
final class XzIndex {
    static final long PIECES = -1;

    /** As much as the indices of tens of thousands of xz files in a row need, or that of one of millions of blocks. */
    private static final int MEMORY_KIB = 64 << 10;

    private XzIndex() {}

    /**
     * The bytes that an xz file unpacks to as it says itself; 0 where it does not, and for other files; {@link #PIECES} where it is more
     * than {@code most} pieces with next to nothing in them.
     */
    static long unpacked(Path file, String path, long most) {
        if (!path.toLowerCase(Locale.ROOT).endsWith("xz") || !Files.isRegularFile(file)) {
            return 0;
        }
        try (var in = new SeekableXZInputStream(new SeekableFileInputStream(file.toFile()), MEMORY_KIB)) {
            long pieces = (long) in.getStreamCount() + in.getBlockCount();
            return pieces > most && in.length() < pieces * Collected.LEAST ? PIECES : in.length();
        } catch (MemoryLimitException e) {
            return PIECES;
        } catch (IOException | RuntimeException | LinkageError e) {
            // what is wrong with it is said when it is read
            return 0;
        }
    }
}
