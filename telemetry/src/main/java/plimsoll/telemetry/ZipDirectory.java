package plimsoll.telemetry;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The directory at the end of a zip file, of which only the entries are counted, and no more of them than are asked for: the library that
 * reads zip files holds all of them before it hands out the first. Records as in section 4.3 of PKWARE's APPNOTE.TXT.
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int DIRECTORY_LENGTH = 12; // places in the record of the end
    private static final int LOCATOR = 0x07064b50;
    private static final int LOCATOR_LENGTH = 20;
    private static final int END_64_AT = 8;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_LENGTH = 56;
    private static final int DIRECTORY_AT_64 = 48;
    private static final int HEADER = 0x02014b50;
    private static final int HEADER_LENGTH = 46;
    private static final int NAME_LENGTH = 28; // places in the header of an entry
    private static final int EXTRA_LENGTH = 30;
    private static final int COMMENT_LENGTH = 32;
    private static final int UNSIGNED = 0xffff;

    private ZipDirectory() {}

    /**
     * Where the directory is, and what it lists: an immutable value.
     *
     * @param at where it begins
     * @param entries the number of its entries, at most as many as were asked for and one more
     */
    record Listed(long at, long entries) {}

    /**
     * Counts the entries that the directory lists, at most {@code most} and one more.
     *
     * @throws IOException when the file has no directory where its end says
     */
    static Listed listed(Path file, long most) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long at = directory(channel);
            return new Listed(at, entries(channel, at, most));
        }
    }

    private static long entries(FileChannel channel, long directory, long most) throws IOException {
        if (directory < 0 || directory > channel.size()) {
            throw new IOException("the directory of the zip file lies outside of it");
        }
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel.position(directory)));
        long entries = 0;
        while (entries <= most) {
            ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_LENGTH)).order(ByteOrder.LITTLE_ENDIAN);
            if (header.limit() < HEADER_LENGTH || header.getInt(0) != HEADER) {
                break;
            }
            entries++;
            in.skipNBytes((header.getShort(NAME_LENGTH) & UNSIGNED)
                    + (header.getShort(EXTRA_LENGTH) & UNSIGNED)
                    + (header.getShort(COMMENT_LENGTH) & UNSIGNED));
        }
        return entries;
    }

    /** Where the directory begins. */
    private static long directory(FileChannel channel) throws IOException {
        long from = Math.max(0, channel.size() - END_LENGTH - LONGEST_COMMENT);
        ByteBuffer tail = bytes(channel, from, (int) (channel.size() - from));
        int end = tail.limit() - END_LENGTH;
        while (end >= 0 && tail.getInt(end) != END) {
            end--;
        }
        if (end < 0) {
            throw new IOException("the zip file has no end");
        }
        long place = from + end;
        if (place >= LOCATOR_LENGTH) {
            ByteBuffer locator = bytes(channel, place - LOCATOR_LENGTH, LOCATOR_LENGTH);
            if (locator.getInt(0) == LOCATOR) {
                ByteBuffer end64 = bytes(channel, locator.getLong(END_64_AT), END_64_LENGTH);
                if (end64.getInt(0) != END_64) {
                    throw new IOException("the zip file has no large end where its locator says");
                }
                return end64.getLong(DIRECTORY_AT_64);
            }
        }
        // right above its end, whatever lies before the archive in the file
        return place - (tail.getInt(end + DIRECTORY_LENGTH) & 0xffffffffL);
    }

    private static ByteBuffer bytes(FileChannel channel, long from, int length) throws IOException {
        if (from < 0 || from > channel.size() - length) {
            throw new EOFException();
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes;
    }
}
