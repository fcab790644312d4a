package plimsoll.telemetry;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the files of a capture from folders, single files and archives, in sorted order, and says of everything it leaves out why.
 * Not thread-safe; lives for one capture.
 */
final class Collected {
    /**
     * What is read at most, against archives that unpack to more than a machine holds.
     *
     * @param entries entries of one archive
     * @param file bytes of one file
     * @param total bytes of one archive, unpacked
     * @param ratio unpacked bytes to the packed ones they came from, looked at once {@link #RATIO_FROM} have come out
     * @param depth folders in each other
     */
    record Limits(int entries, long file, long total, int ratio, int depth) {
        /** The usual ones, each raised by a system property: {@code plimsoll.limit.entries}, {@code file} and so on, as plain numbers. */
        static final Limits USUAL = new Limits(
                Integer.getInteger("plimsoll.limit.entries", 100_000),
                Long.getLong("plimsoll.limit.file", 2L << 30),
                Long.getLong("plimsoll.limit.total", 8L << 30),
                Integer.getInteger("plimsoll.limit.ratio", 500),
                Integer.getInteger("plimsoll.limit.depth", 64));

        private boolean deep(String path) {
            return path.chars().filter(c -> c == '/').count() > depth;
        }

        private String tooDeep() {
            return "lies deeper than " + depth + " folders (plimsoll.limit.depth)";
        }
    }

    /**
     * A file as it was found: its bytes are text or they are not.
     *
     * @param path relative to the capture
     * @param text the content, as bytes; null where it is binary
     * @param bytes its size
     * @param binary what was read of it where it is of a binary format that is known
     */
    record Found(String path, @Nullable Lines text, long bytes, Optional<Reading> binary) {
        Found(String path, @Nullable Lines text, long bytes) {
            this(path, text, bytes, Optional.empty());
        }
    }

    private static final String SADF = "sadf";
    private static final int KIND = 0170000; // of the mode of a file, inode(7)
    private static final int CHARACTERS = 0020000;
    private static final int BLOCKS = 0060000;
    private static final int PIPE = 0010000;
    private static final int LINK = 0120000;
    private static final int LONGEST_LINK = 4096;
    private static final int XZ_MEMORY_KIB = 256 << 10;
    private static final long RATIO_FROM = 1 << 20;

    private final Limits limits;
    private final List<Found> files = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> links = new TreeMap<>();

    /** The modes of the entries of the zip file that is being read, which stand at its end. */
    private Map<String, Integer> modes = Map.of();

    Collected(Limits limits) {
        this.limits = limits;
    }

    List<Found> files() {
        return files;
    }

    List<String> problems() {
        return problems;
    }

    /** Links within a folder or an archive: what they are called, and the path of the file or folder they lead to. */
    Map<String, String> links() {
        return links;
    }

    /**
     * Adds a folder, a file or an archive, its paths beginning with {@code prefix}.
     *
     * @throws NothingReadable when there is nothing of that name
     */
    void add(Path path, String prefix) {
        if (!Files.exists(path)) {
            throw new NothingReadable("there is no file or folder " + path);
        }
        if (device(path)) {
            throw new NothingReadable(path + " is a device: name a folder, a file, an archive or a pipe");
        }
        if (Files.isDirectory(path)) {
            folder(path, prefix);
        } else {
            file(path, prefix + name(path));
        }
    }

    /** Adds what a stream holds as one file. */
    void add(String path, InputStream in) {
        attempt(path, () -> keep(path, in, limits.file));
    }

    /** Adds what an archive holds; the name tells of which kind it is. */
    void addArchive(String path, InputStream in) {
        attempt(path, () -> archive(path, in));
    }

    /** True for a device, which may never end; a pipe is read, for that is how a shell hands on the output of a command. */
    private static boolean device(Path path) {
        try {
            int kind = (int) Files.getAttribute(path, "unix:mode") & KIND;
            boolean own = path.startsWith("/dev/fd") || path.endsWith("stdin");
            return kind == BLOCKS || (kind == CHARACTERS && !own);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    static String name(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? "/" : last.toString();
    }

    private void folder(Path root, String prefix) {
        attempt(prefix + name(root), () -> {
            Path real = root.toRealPath();
            walk(real, real, prefix);
        });
    }

    private void walk(Path root, Path folder, String prefix) throws IOException {
        List<Path> children;
        try (var listed = Files.list(folder)) {
            children = listed.sorted(Comparator.comparing(Path::toString)).toList();
        }
        for (Path child : children) {
            String path = prefix + root.relativize(child).toString().replace('\\', '/');
            attempt(path, () -> {
                if (Files.isSymbolicLink(child)) {
                    link(root, child, path, prefix);
                } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    if (limits.deep(path + "/")) {
                        throw new Refused(limits.tooDeep() + ": not read");
                    }
                    walk(root, child, prefix);
                } else if (Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
                    file(child, path);
                } else {
                    problems.add(path + " is a device, a pipe or a socket: not read");
                }
            });
        }
    }

    /** A link into the capture shows what is read anyway; any other is not followed. */
    private void link(Path root, Path link, String path, String prefix) throws IOException {
        if (!Files.exists(link)) {
            problems.add(path + " is a link that leads nowhere: not followed");
        } else if (!link.toRealPath().startsWith(root)) {
            problems.add(path + " is a link that leaves the capture: not followed");
        } else {
            links.put(
                    path, prefix + root.relativize(link.toRealPath()).toString().replace('\\', '/'));
        }
    }

    private void file(Path file, String path) {
        attempt(path, () -> {
            if (Files.size(file) > limits.file && !archive(path)) {
                throw new Refused(tooLarge(limits.file));
            }
            if (Files.size(file) >= Text.LARGE && !archive(path) && large(file, path)) {
                return;
            }
            modes = path.toLowerCase(Locale.ROOT).endsWith(".zip") ? modes(file) : Map.of();
            try (InputStream in = new BufferedInputStream(open(file))) {
                if (archive(path)) {
                    archive(path, in);
                } else {
                    keep(path, in, limits.file);
                }
            }
        });
    }

    /** A pipe has no place to be asked for, as the streams of {@link Files} do. */
    private static InputStream open(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.newInputStream(file) : new FileInputStream(file.toFile());
    }

    private static Map<String, Integer> modes(Path file) {
        var modes = new TreeMap<String, Integer>();
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            zip.getEntries().asIterator().forEachRemaining(e -> modes.put(e.getName(), e.getUnixMode()));
        } catch (IOException | RuntimeException e) {
            return Map.of(); // what can be read of it is read from its beginning
        }
        return modes;
    }

    /** Leaves a large text in its file, which is closed when nothing refers to it any more; false where it is no plain text. */
    @SuppressWarnings("StreamResourceLeak")
    private boolean large(Path file, String path) throws IOException {
        FileChannel channel = FileChannel.open(file);
        var head = ByteBuffer.allocate(Decoded.LOOKED_AT);
        channel.read(head, 0);
        byte[] bytes = Arrays.copyOf(head.array(), head.position());
        if (!Decoded.plain(bytes)) {
            channel.close();
            return false;
        }
        long size = channel.size();
        files.add(new Found(path, Lines.of(channel, Decoded.mark(bytes), size), size));
        return true;
    }

    private void keep(String path, InputStream in, long limit) throws IOException {
        byte[] bytes = new ShortLines(in).readNBytes((int) Math.min(Integer.MAX_VALUE - 8, limit + 1));
        if (bytes.length > limit) {
            throw new Refused(tooLarge(limit));
        }
        Optional<Reading> binary = Reading.of(path, bytes);
        files.add(new Found(path, binary.isPresent() ? null : text(path, bytes), bytes.length, binary));
    }

    /** The text of a file, null where it is binary. What sadc wrote is read by sadf, where that is installed. */
    private @Nullable Lines text(String path, byte[] bytes) {
        if (!SarBinary.is(bytes)) {
            return Decoded.binary(bytes) ? null : Decoded.lines(bytes);
        }
        try {
            return Lines.of(SarBinary.json(bytes, SADF));
        } catch (IOException e) {
            problems.add(path + " is a binary sar file that was not read (" + e.getMessage() + "): run  sadf -j " + path
                    + " -- -A > sar.json  where sysstat is installed, and read sar.json");
            return null;
        }
    }

    private static boolean archive(String path) {
        return path.toLowerCase(Locale.ROOT).matches(".*\\.(tar|tar\\.gz|tgz|tar\\.xz|txz|zip|gz|xz)");
    }

    private void archive(String path, InputStream packed) throws IOException {
        String name = path.toLowerCase(Locale.ROOT);
        var in = new Counting(packed);
        try {
            if (name.endsWith(".zip")) {
                entries(path, new ZipArchiveInputStream(in), in);
                return;
            }
            InputStream plain = name.endsWith("gz")
                    ? GzipCompressorInputStream.builder()
                            .setInputStream(in)
                            .setDecompressConcatenated(true)
                            .get()
                    : name.endsWith("xz")
                            ? XZCompressorInputStream.builder()
                                    .setInputStream(in)
                                    .setMemoryLimitKiB(XZ_MEMORY_KIB)
                                    .setDecompressConcatenated(true)
                                    .get()
                            : in;
            // counted below the entries too: headers and what is skipped are unpacked as well
            var counted = new Counted(plain, new Budget(limits, in));
            if (name.matches(".*\\.(tar|tar\\.gz|tgz|tar\\.xz|txz)")) {
                entries(path, new TarArchiveInputStream(counted), in);
            } else {
                keep(path, counted, limits.file);
            }
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // the libraries say so of some broken archives, and of methods of packing that need one more library
            throw new IOException("it is broken, or packed in a way that is not known", e);
        }
    }

    private void entries(String archive, ArchiveInputStream<?> in, Counting packed) throws IOException {
        var budget = new Budget(limits, packed);
        int before = files.size();
        var linked = new ArchiveLinks();
        int entries = 0;
        try {
            for (ArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (++entries > limits.entries) {
                    throw new Refused(String.format(
                            Locale.ROOT,
                            "has more than %,d entries (plimsoll.limit.entries): the rest was not read",
                            limits.entries));
                }
                entry(archive, entry, new Counted(in, budget), linked);
            }
        } catch (EOFException e) {
            int read = files.size() - before;
            throw new Refused("ends early, as a cut file does: " + read + (read == 1 ? " file was" : " files were")
                    + " read before the cut");
        } finally {
            List<Found> read = files.subList(before, files.size());
            read.sort(Comparator.comparing(Found::path));
            linked.resolve(archive, read.stream().map(Found::path).toList(), links, problems);
        }
    }

    private void entry(String archive, ArchiveEntry entry, Counted in, ArchiveLinks linked) throws IOException {
        String name = entry.getName();
        String refusal = refusal(entry);
        if (refusal != null) {
            problems.add(archive + ": entry " + name + " " + refusal + ": not read");
            in.transferTo(OutputStream.nullOutputStream());
        } else if (kind(entry) == LINK) {
            linked.symbolic(name, new String(in.readNBytes(LONGEST_LINK), StandardCharsets.UTF_8));
        } else if (entry instanceof TarArchiveEntry tar && tar.isSymbolicLink()) {
            linked.symbolic(name, tar.getLinkName());
        } else if (entry instanceof TarArchiveEntry tar && tar.isLink()) {
            linked.hard(name, tar.getLinkName());
        } else if (!entry.isDirectory()) {
            // ".//etc" is below the archive's root as well
            String path = name.replaceFirst("^(?:\\./+)++", "");
            if (archive(path)) {
                problems.add(archive + ": entry " + name + " is an archive inside an archive: not read");
                in.transferTo(OutputStream.nullOutputStream());
                return;
            }
            try {
                keep(path, in, limits.file);
            } catch (Spent e) {
                throw e;
            } catch (Refused e) {
                problems.add(archive + ": entry " + name + " " + e.getMessage());
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private @Nullable String refusal(ArchiveEntry entry) {
        String name = entry.getName().replace('\\', '/');
        if (name.startsWith("/") || name.matches("[A-Za-z]:/.*")) {
            return "has an absolute path";
        }
        if (List.of(name.split("/")).contains("..")) {
            return "climbs out of the archive with ..";
        }
        if (limits.deep(name)) {
            return limits.tooDeep();
        }
        if (entry instanceof TarArchiveEntry tar) {
            if (tar.isBlockDevice() || tar.isCharacterDevice() || tar.isFIFO()) {
                return "is a device or a pipe";
            }
        }
        int kind = kind(entry);
        return kind == CHARACTERS || kind == BLOCKS || kind == PIPE ? "is a device or a pipe" : null;
    }

    /** What an entry of a zip file is; 0 where nothing says it. */
    private int kind(ArchiveEntry entry) {
        return entry instanceof ZipArchiveEntry ? modes.getOrDefault(entry.getName(), 0) & KIND : 0;
    }

    private static String tooLarge(long limit) {
        return String.format(Locale.ROOT, "is larger than %,d bytes (plimsoll.limit.file): not read", limit);
    }

    private void attempt(String path, Reader reader) {
        try {
            reader.read();
        } catch (Refused e) {
            problems.add(path + " " + e.getMessage());
        } catch (AccessDeniedException e) {
            problems.add(path + " cannot be read: permission denied, needs root");
        } catch (NoSuchFileException e) {
            problems.add(path + " vanished while the capture was read");
        } catch (MemoryLimitException e) {
            problems.add(path + " needs more memory to unpack than is allowed: not read");
        } catch (IOException e) {
            String why = e.getMessage() == null
                    ? e.getClass().getSimpleName()
                    : e.getMessage().lines().findFirst().orElse("");
            problems.add(path + " cannot be read: " + why.replaceFirst("\\.$", ""));
        }
    }

    private interface Reader {
        void read() throws IOException;
    }

    /** Something is left out for a reason that is a sentence without its subject. */
    private static class Refused extends IOException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        private Refused(String message) {
            super(message);
        }
    }

    /** No more of the archive is read. */
    private static final class Spent extends Refused {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        private Spent(String message) {
            super(message);
        }
    }

    /** What may still come out of one archive. */
    private static final class Budget {
        private final Limits limits;
        private final Counting packed;
        private long out;

        private Budget(Limits limits, Counting packed) {
            this.limits = limits;
            this.packed = packed;
        }

        private void spend(long bytes) throws Spent {
            out += bytes;
            if (out > limits.total) {
                throw new Spent(String.format(
                        Locale.ROOT,
                        "unpacks to more than %,d bytes (plimsoll.limit.total): the rest was not read",
                        limits.total));
            }
            if (out > RATIO_FROM && out / limits.ratio > packed.read) {
                throw new Spent(String.format(
                        Locale.ROOT,
                        "unpacks to more than %,d times its size (plimsoll.limit.ratio): the rest was not read",
                        limits.ratio));
            }
        }
    }

    /** Knows how many bytes were read so far. */
    private static final class Counting extends FilterInputStream {
        private long read;

        private Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            read += b >= 0 ? 1 : 0;
            return b;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = super.read(b, off, len);
            read += Math.max(0, n);
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(n);
            read += skipped;
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    private static final class Counted extends FilterInputStream {
        private final Budget budget;

        private Counted(InputStream in, Budget budget) {
            super(in);
            this.budget = budget;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                budget.spend(1);
            }
            return b;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = super.read(b, off, len);
            if (n > 0) {
                budget.spend(n);
            }
            return n;
        }

        /** What is skipped is unpacked as well. */
        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(n);
            budget.spend(skipped);
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
