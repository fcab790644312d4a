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
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.archivers.ArchiveEntry;
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
    private static final List<String> PACKED = List.of(".tar", ".tgz", ".txz", ".zip", ".gz", ".xz");
    private static final int KIND = 0170000; // of the mode of a file, inode(7)
    private static final int CHARACTERS = 0020000;
    private static final int BLOCKS = 0060000;
    private static final int PIPE = 0010000;
    private static final int LINK = 0120000;
    private static final int LONGEST_LINK = 4096;
    private static final int LONGEST_NAME = 200;
    private static final int XZ_MEMORY_KIB = 256 << 10;
    private static final long STEP = 64 << 10;

    /** One of many packed files in a row with fewer bytes in it is none of a log that is packed as it is written: a line of that is longer. */
    static final long LEAST = 64;

    private static final String MEMORY = "needs more memory than Java has been given (java -Xmx): not read";

    private final Limits limits;

    /** Bytes of text that may still be kept in memory: what is read out of them needs more than they do. */
    private long memory;

    private final List<Found> files = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> links = new TreeMap<>();

    /** Entries of the folder that is read, those in its folders included. */
    private long walked;

    /** Files there were before that folder, and may be when it has been read. */
    private int before;

    private long most = Long.MAX_VALUE;

    Collected(Limits limits) {
        this(limits, Runtime.getRuntime().maxMemory() / 4);
    }

    /** Keeps at most {@code memory} bytes of text in memory; large texts that lie in files of their own stay there. */
    Collected(Limits limits, long memory) {
        this.limits = limits;
        this.memory = memory;
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
            String own = prefix + name(path);
            attempt(own, () -> file(path, own, Files.size(path), Files.isRegularFile(path)));
        }
    }

    /** Adds what a stream holds as one file. */
    void add(String path, InputStream in) {
        attempt(path, () -> keep(path, in, 0, false));
    }

    /** Adds what an archive holds; the name tells of which kind it is. */
    void addArchive(String path, InputStream in) {
        attempt(path, () -> archive(path, in, 0, false));
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
            walked = 0;
            before = files.size();
            most = Long.MAX_VALUE;
            walk(real, real, prefix);
            if (walked > limits.entries()) {
                throw tooMany();
            }
        });
    }

    /** Reads what is below a folder. Of one that holds more than is allowed it is what the system lists first. */
    private void walk(Path root, Path folder, String prefix) throws IOException {
        var children = new ArrayList<Path>();
        long more = limits.entries() - walked;
        try (var listed = Files.newDirectoryStream(folder)) {
            for (var i = listed.iterator(); i.hasNext() && children.size() <= more; ) {
                children.add(i.next());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        walked += children.size();
        if (children.size() > more && most == Long.MAX_VALUE) {
            fewer(before);
            int kept = (int) Math.max(0, Math.min(more, before + limits.few() - files.size()));
            children.subList(kept, children.size()).clear();
            // what lies beside it is known already, and is read as well
            most = (long) files.size() + kept + limits.few();
        }
        children.sort(Comparator.comparing(Path::toString));
        for (Path child : children) {
            if (files.size() >= most) {
                return;
            }
            String path = prefix + root.relativize(child).toString().replace('\\', '/');
            attempt(path, () -> {
                var kind = Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (kind.isSymbolicLink()) {
                    link(root, child, path, prefix);
                } else if (kind.isDirectory()) {
                    if (limits.deep(path + "/")) {
                        throw new Refused(limits.tooDeep() + ": not read");
                    }
                    walk(root, child, prefix);
                } else if (kind.isRegularFile()) {
                    file(child, path, kind.size(), true);
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

    /** Reads a file; one that is not {@code regular} is a pipe. */
    private void file(Path file, String path, long size, boolean regular) throws IOException {
        if (archive(path)) {
            if (!path.toLowerCase(Locale.ROOT).endsWith(".zip") || !zip(file, path)) {
                try (InputStream in = new BufferedInputStream(open(file, regular), (int) STEP)) {
                    long unpacked = XzIndex.unpacked(file, path, limits.entries());
                    if (unpacked == XzIndex.PIECES) {
                        throw inARow();
                    }
                    archive(path, in, unpacked, regular);
                }
            }
            return;
        }
        if (size > limits.file()) {
            throw new Refused(tooLarge(limits.file()) + ": not read");
        }
        if (size < Lines.LARGE || !large(file, path)) {
            try (InputStream in = open(file, regular)) {
                keep(path, in, size, true);
            }
        }
    }

    /** A pipe has no place to be asked for, as the streams of {@link Files} do. */
    private static InputStream open(Path file, boolean regular) throws IOException {
        // a FileInputStream that reads many bytes at once asks for its place as well
        return regular ? Files.newInputStream(file) : new BufferedInputStream(new FileInputStream(file.toFile()));
    }

    /**
     * Reads a zip file by the directory at its end, by which each entry is read or refused without what lies before it; one with more
     * entries than are allowed from its beginning. False where the directory cannot be read: then it is read from its beginning as well.
     */
    private boolean zip(Path file, String path) throws IOException {
        ZipDirectory.Listed listed;
        try {
            listed = ZipDirectory.listed(file, limits.entries());
        } catch (IOException | RuntimeException e) {
            return false;
        }
        if (listed.entries() > limits.entries()) {
            // no more are read than will be kept
            int most = limits.few();
            try (InputStream in = new BufferedInputStream(open(file, true), (int) STEP)) {
                var entries = new Counting(in, listed.at());
                entries(path, linked -> {
                    try {
                        zip(path, entries, most, linked);
                    } catch (EOFException e) {
                        // at the directory: entries that lie over each other are fewer from the beginning
                    }
                });
            }
            throw tooMany();
        }
        ZipFile zip;
        try {
            zip = ZipFile.builder().setPath(file).get();
        } catch (IOException | RuntimeException e) {
            return false;
        }
        try (zip) {
            long size = Files.size(file);
            List<ZipArchiveEntry> all = Collections.list(zip.getEntries());
            long unpacked = 0;
            for (ZipArchiveEntry entry : all) {
                // one that is refused for its size is not unpacked
                unpacked += entry.getSize() > limits.file() ? 0 : Math.max(0, entry.getSize());
            }
            var budget = new Budget(limits, () -> size, unpacked);
            entries(path, linked -> {
                int entries = 0;
                for (ZipArchiveEntry entry : all) {
                    count(++entries);
                    zipped(path, zip, entry, budget, linked);
                }
            });
            if (budget.tooMuch()) {
                throw new Refused(budget.little());
            }
        }
        return true;
    }

    private void zipped(String archive, ZipFile zip, ZipArchiveEntry entry, Budget all, ArchiveLinks linked)
            throws IOException {
        try {
            if (!refused(archive, entry)) {
                if (all.tooMuch() && entry.getSize() > all.left()) {
                    problem(archive, entry.getName(), "is too large for what is read of it: not read");
                    return;
                }
                InputStream in = new Counted(zip.getInputStream(entry), all);
                entry(archive, entry, new Counted(in, new Budget(limits, entry::getCompressedSize)), true, linked);
            }
        } catch (Spent e) {
            if (all.spent()) {
                throw e.at(entry.getName());
            }
            problem(archive, entry.getName(), e.what() + ": not read");
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            problem(archive, entry.getName(), "is broken, or packed in a way that is not known: not read");
        }
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

    /** Reads a file, of which {@code said} bytes are said to be there, and 0 where nothing says it; {@code seeks} as for an archive. */
    private void keep(String path, InputStream in, long said, boolean seeks) throws IOException {
        // an array holds no more
        long most = Math.min(Math.min(limits.file(), memory), Integer.MAX_VALUE - 9);
        byte[] bytes;
        try {
            // a hundred thousand small files would need a hundred thousand buffers
            int few = (int) Math.min(said, Decoded.LOOKED_AT - 1);
            byte[] first = few > 0 ? in.readNBytes(few + 1) : new byte[0];
            if (few > 0 && first.length <= few) {
                bytes = first;
            } else {
                byte[] more = in.readNBytes(Decoded.LOOKED_AT - first.length);
                byte[] head = Arrays.copyOf(first, first.length + more.length);
                System.arraycopy(more, 0, head, first.length, more.length);
                if (head.length == Decoded.LOOKED_AT && unreadable(head)) {
                    files.add(new Found(path, null, seeks ? said : size(in)));
                    return;
                }
                if (said > memory) {
                    throw new Refused(MEMORY);
                }
                bytes = new ShortLines(in, head).readNBytes((int) most + 1);
            }
        } catch (OutOfMemoryError e) {
            throw new Refused(MEMORY);
        }
        if (bytes.length > most) {
            throw new Refused(most < limits.file() ? MEMORY : tooLarge(limits.file()) + ": not read");
        }
        memory -= bytes.length;
        Optional<Reading> binary = Reading.of(path, bytes);
        files.add(new Found(path, binary.isPresent() ? null : text(path, bytes), bytes.length, binary));
    }

    /** True for the first bytes of a file that is binary, and of no format that is known: no more of it is wanted. */
    private static boolean unreadable(byte[] head) {
        return Decoded.binary(head)
                && !SarBinary.is(head)
                && Sources.BINARY.stream().noneMatch(s -> s.begins(head));
    }

    /** The size of a file of which the first bytes were read. */
    private long size(InputStream in) throws IOException {
        long size = Decoded.LOOKED_AT;
        byte[] some = new byte[Decoded.LOOKED_AT];
        for (int n = in.read(some); n >= 0; n = in.read(some)) {
            size += n;
            if (size > limits.file()) {
                throw new Refused(tooLarge(limits.file()) + ": not read");
            }
        }
        return size;
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
        if (path.indexOf('.') < 0) {
            return false;
        }
        String name = path.toLowerCase(Locale.ROOT);
        return PACKED.stream().anyMatch(name::endsWith);
    }

    /**
     * Reads an archive from its beginning.
     *
     * @param unpacked what it says beforehand that it unpacks to; 0 where it does not
     * @param seeks true where what is skipped of {@code packed} need not be read
     */
    private void archive(String path, InputStream packed, long unpacked, boolean seeks) throws IOException {
        String name = path.toLowerCase(Locale.ROOT);
        var in = new Counting(packed, Long.MAX_VALUE);
        try {
            if (name.endsWith(".zip")) {
                entries(path, linked -> zip(path, in, limits.entries(), linked));
                return;
            }
            var budget = new Budget(limits, in::count, unpacked);
            InputStream plain = name.endsWith("gz")
                    ? gunzip(in, budget)
                    : name.endsWith("xz")
                            ? XZCompressorInputStream.builder()
                                    .setInputStream(in)
                                    .setMemoryLimitKiB(XZ_MEMORY_KIB)
                                    .setDecompressConcatenated(true)
                                    .get()
                            : in;
            // counted below the entries too: headers and what is skipped are unpacked as well
            var counted = new Counted(plain, budget);
            if (name.endsWith(".tar") && seeks) {
                entries(path, linked -> tar(path, in, new Budget(limits, in::count), true, linked));
            } else if (name.matches(".*\\.(tar|tar\\.gz|tgz|tar\\.xz|txz)")) {
                entries(path, linked -> tar(path, counted, new Budget(limits, in::count), false, linked));
            } else {
                keep(path, counted, 0, false);
            }
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // the libraries say so of some broken archives, and of methods of packing that need one more library
            throw new IOException("it is broken, or packed in a way that is not known", e);
        }
    }

    /** Unpacks gzip, of which one file may be many in a row: as many with next to nothing in them as an archive may have entries. */
    private InputStream gunzip(InputStream in, Budget budget) throws IOException {
        var members = new long[1];
        return GzipCompressorInputStream.builder()
                .setInputStream(in)
                .setDecompressConcatenated(true)
                .setOnMemberEnd(member -> {
                    if (++members[0] > limits.entries() && budget.out + STEP < members[0] * LEAST) {
                        throw inARow();
                    }
                })
                .get();
    }

    private interface Entries {
        void read(ArchiveLinks linked) throws IOException;
    }

    /** Reads the entries of an archive, and then puts in order what was read and what its links lead to. */
    private void entries(String archive, Entries entries) throws IOException {
        int before = files.size();
        var linked = new ArchiveLinks();
        try {
            entries.read(linked);
        } catch (TooMany e) {
            fewer(before);
            throw e;
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

    private void tar(String archive, InputStream plain, Budget budget, boolean seeks, ArchiveLinks linked)
            throws IOException {
        var blocks = new TarBlocks(plain);
        var in = new TarArchiveInputStream(blocks);
        for (int entries = 1; ; entries++) {
            TarArchiveEntry before = in.getCurrentEntry();
            TarArchiveEntry entry;
            try {
                entry = in.getNextEntry();
            } catch (Spent e) {
                throw before == null ? e : e.at(before.getName());
            } catch (Refused | EOFException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                count(entries);
                if (!blocks.leftOut()) {
                    throw e;
                }
                problems.add(archive + ": " + blocks + ": not read");
                in = new TarArchiveInputStream(blocks);
                continue;
            }
            if (entry == null) {
                return;
            }
            count(entries);
            try {
                if (!refused(archive, entry)) {
                    entry(archive, entry, new Counted(in, budget), seeks, linked);
                } else if (entry.isSparse() && blocks.leftOut()) {
                    in = new TarArchiveInputStream(blocks);
                }
                if (entry.getSize() > 0 && !entry.isSparse() && blocks.skipped(entry.getSize())) {
                    in = new TarArchiveInputStream(blocks);
                }
            } catch (Spent e) {
                throw e.at(entry.getName());
            }
        }
    }

    /** A zip file whose end is missing, from its beginning. */
    private void zip(String archive, Counting packed, long most, ArchiveLinks linked) throws IOException {
        var in = new ZipArchiveInputStream(packed);
        var budget = new Budget(limits, packed::count);
        int entries = 0;
        for (ZipArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            if (++entries > most) {
                throw tooMany();
            }
            var counted = new Counted(in, budget);
            try {
                if (!refused(archive, entry)) {
                    entry(archive, entry, counted, false, linked);
                }
                counted.transferTo(OutputStream.nullOutputStream());
            } catch (Spent e) {
                throw e.at(entry.getName());
            }
        }
    }

    private void count(int entries) throws Refused {
        if (entries > limits.entries()) {
            throw tooMany();
        }
    }

    private Refused tooMany() {
        return new TooMany(limits);
    }

    /** Leaves out what was gathered since there were {@code before} files, but for the first few. */
    private void fewer(int before) {
        int kept = before + limits.few();
        if (files.size() > kept) {
            files.subList(kept, files.size()).clear();
        }
    }

    private Refused inARow() {
        return new Refused(String.format(
                Locale.ROOT,
                "is more than %,d packed files in a row with next to nothing in them (plimsoll.limit.entries): not read",
                limits.entries()));
    }

    private void problem(String archive, String entry, String what) {
        problems.add(archive + ": entry " + shortened(entry) + " " + what);
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "\u2026";
    }

    /** Says so where an entry is not even looked into. */
    private boolean refused(String archive, ArchiveEntry entry) {
        String refusal = refusal(entry);
        if (refusal != null) {
            problem(archive, entry.getName(), refusal + ": not read");
        }
        return refusal != null;
    }

    private void entry(String archive, ArchiveEntry entry, Counted in, boolean seeks, ArchiveLinks linked)
            throws IOException {
        String name = entry.getName();
        if (kind(entry) == LINK) {
            linked.symbolic(name, new String(in.readNBytes(LONGEST_LINK), StandardCharsets.UTF_8));
        } else if (entry instanceof TarArchiveEntry tar && tar.isSymbolicLink()) {
            linked.symbolic(name, tar.getLinkName());
        } else if (entry instanceof TarArchiveEntry tar && tar.isLink()) {
            linked.hard(name, tar.getLinkName());
        } else if (!entry.isDirectory()) {
            try {
                keep(path(name), in, Math.max(0, entry.getSize()), seeks);
            } catch (Spent e) {
                throw e;
            } catch (Refused e) {
                problem(archive, name, String.valueOf(e.getMessage()));
            }
        }
    }

    /** ".//etc" is below the archive's root as well. */
    private static String path(String name) {
        int at = 0;
        while (name.startsWith("./", at)) {
            for (at += 2; name.startsWith("/", at); at++) {
                // as many as there are
            }
        }
        return name.substring(at);
    }

    private @Nullable String refusal(ArchiveEntry entry) {
        // before anything is looked for in a name of many KiB
        if (limits.deep(entry.getName())) {
            return limits.tooDeep();
        }
        String name = entry.getName().replace('\\', '/');
        if (name.startsWith("/") || drive(name)) {
            return "has an absolute path";
        }
        if (name.contains("..") && List.of(name.split("/")).contains("..")) {
            return "climbs out of the archive with ..";
        }
        if (entry instanceof TarArchiveEntry tar) {
            if (tar.isBlockDevice() || tar.isCharacterDevice() || tar.isFIFO()) {
                return "is a device or a pipe";
            }
        }
        int kind = kind(entry);
        if (kind == CHARACTERS || kind == BLOCKS || kind == PIPE) {
            return "is a device or a pipe";
        }
        boolean file = !entry.isDirectory()
                && kind != LINK
                && !(entry instanceof TarArchiveEntry tar && (tar.isSymbolicLink() || tar.isLink()));
        return !file ? null : archive(path(entry.getName())) ? "is an archive inside an archive" : large(entry);
    }

    private static boolean drive(String name) {
        return name.startsWith(":/", 1) && Character.isLetter(name.charAt(0));
    }

    /** Refuses by what the header says of sizes; one that says less than there is meets its limit when it is read. */
    private @Nullable String large(ArchiveEntry entry) {
        long packed = entry.getSize();
        long size = packed;
        if (entry instanceof TarArchiveEntry tar) {
            size = Math.max(packed, tar.getRealSize());
        } else if (entry instanceof ZipArchiveEntry zip && zip.getCompressedSize() >= 0) {
            packed = zip.getCompressedSize();
        }
        if (size > limits.file()) {
            return tooLarge(limits.file());
        }
        String dense = limits.dense(size, packed);
        return dense == null ? null : dense + " (plimsoll.limit.ratio)";
    }

    /** What an entry of a zip file is; 0 where nothing says it. */
    private static int kind(ArchiveEntry entry) {
        return entry instanceof ZipArchiveEntry zip ? zip.getUnixMode() & KIND : 0;
    }

    private static String tooLarge(long limit) {
        return String.format(Locale.ROOT, "is larger than %,d bytes (plimsoll.limit.file)", limit);
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

    /** There are so many entries that only some are read, lest it take long. */
    private static final class TooMany extends Refused {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        private TooMany(Limits limits) {
            super(String.format(Locale.ROOT, "has more than %,d entries (plimsoll.limit.entries): ", limits.entries())
                    + (limits.few() == limits.entries()
                            ? "the rest was not read"
                            : String.format(Locale.ROOT, "the first %,d were read", limits.few())));
        }
    }

    /** No more of the archive is read. */
    private static final class Spent extends Refused {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        private final String how;
        private final String limit;

        private Spent(String how, String limit) {
            super(how + " (plimsoll.limit." + limit + "): the rest was not read");
            this.how = how;
            this.limit = limit;
        }

        private Spent at(String entry) {
            return new Spent(how + " with entry " + shortened(entry), limit);
        }

        private String what() {
            return how + " (plimsoll.limit." + limit + ")";
        }
    }

    /** What may still come out of one archive, or of one entry that is packed by itself. */
    private static final class Budget {
        private final Limits limits;
        private final LongSupplier packed;
        private final long most;
        private long out;

        private Budget(Limits limits, LongSupplier packed) {
            this(limits, packed, 0);
        }

        /** Of an archive that says beforehand that it unpacks to too much a little is read. */
        private Budget(Limits limits, LongSupplier packed, long unpacked) {
            this.limits = limits;
            this.packed = packed;
            this.most = unpacked > limits.total() ? limits.free() : limits.total();
        }

        /** True where it is known beforehand that not all of it may come out. */
        private boolean tooMuch() {
            return most < limits.total();
        }

        private long left() {
            return most - out;
        }

        private String little() {
            return String.format(
                    Locale.ROOT,
                    "unpacks to more than %,d bytes (plimsoll.limit.total): %,d bytes of it were read",
                    limits.total(),
                    out);
        }

        private boolean spent() {
            return out > most || limits.dense(out, packed.getAsLong()) != null;
        }

        private void spend(long bytes) throws Spent {
            out += bytes;
            if (out > most) {
                throw new Spent(String.format(Locale.ROOT, "unpacks to more than %,d bytes", limits.total()), "total");
            }
            String dense = limits.dense(out, packed.getAsLong());
            if (dense != null) {
                throw new Spent(dense, "ratio");
            }
        }
    }

    /** Knows how many bytes were read so far; ends after {@code most}. */
    private static final class Counting extends FilterInputStream {
        private final long most;
        private long count;

        private Counting(InputStream in, long most) {
            super(in);
            this.most = most;
        }

        private long count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            int b = count < most ? super.read() : -1;
            count += b >= 0 ? 1 : 0;
            return b;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = count < most ? super.read(b, off, (int) Math.min(len, most - count)) : -1;
            count += Math.max(0, n);
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(Math.min(n, most - count));
            count += skipped;
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

        /** What is skipped is unpacked as well: a little at a time, so that the budget is asked in between. */
        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(Math.min(n, STEP));
            budget.spend(skipped);
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
