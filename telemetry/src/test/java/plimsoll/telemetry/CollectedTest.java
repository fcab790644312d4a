package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectedTest {
    private static final byte[] VALUE = "vm.dirty_ratio = 20\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static Collected collect(Path path, Limits limits) {
        var collected = new Collected(limits);
        collected.add(path, "");
        return collected;
    }

    private static Collected collect(Path path) {
        return collect(path, Limits.USUAL);
    }

    private static List<String> paths(Collected collected) {
        return collected.files().stream().map(Collected.Found::path).toList();
    }

    private interface Entries {
        void put(TarArchiveOutputStream tar) throws IOException;
    }

    private static byte[] tar(Entries entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            entries.put(tar);
        }
        return bytes.toByteArray();
    }

    private static void file(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void special(TarArchiveOutputStream tar, String name, byte type, String target) throws IOException {
        var entry = new TarArchiveEntry(name, type);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] xz(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = new XZCompressorOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(byte[] content, String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (String name : names) {
                zip.putArchiveEntry(new ZipArchiveEntry(name));
                zip.write(content);
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.tar", "c.tar.gz", "c.tgz", "c.tar.xz", "c.zip"})
    void anArchiveIsReadAsItsFilesInSortedOrder(String name) throws IOException {
        byte[] tar = tar(t -> {
            file(t, "./host/b.txt", VALUE);
            file(t, "host/a.txt", VALUE);
        });
        byte[] bytes =
                switch (name) {
                    case "c.tar" -> tar;
                    case "c.tar.xz" -> xz(tar);
                    case "c.zip" -> zip(VALUE, "./host/b.txt", "host/", "host/a.txt");
                    default -> gzip(tar);
                };
        Collected collected = collect(write(name, bytes));
        assertEquals(List.of("host/a.txt", "host/b.txt"), paths(collected));
        assertEquals(Lines.of("vm.dirty_ratio = 20\n"), collected.files().get(1).text());
        assertEquals(List.of(), collected.problems());
    }

    @Test
    void aSinglePackedFileIsUnpacked() throws IOException {
        Collected collected = collect(write("config.gz", gzip(VALUE)));
        assertEquals(
                List.of(new Collected.Found("config.gz", Lines.of("vm.dirty_ratio = 20\n"), VALUE.length)),
                collected.files());
    }

    @Test
    void entriesThatReachOutOfTheArchiveAreRefusedByNameAndTheRestIsRead() throws IOException {
        Collected collected = collect(write("c.tar", tar(t -> {
            file(t, "/etc/cron.d/job", VALUE);
            file(t, "a/../../up.txt", VALUE);
            file(t, "C:\\windows.txt", VALUE);
            special(t, "soft", TarConstants.LF_SYMLINK, "/etc/passwd");
            special(t, "hard", TarConstants.LF_LINK, "a.txt");
            special(t, "disk", TarConstants.LF_BLK, "");
            special(t, "tty", TarConstants.LF_CHR, "");
            special(t, "pipe", TarConstants.LF_FIFO, "");
            file(t, "inner.tar.gz", VALUE);
            file(t, "good.txt", VALUE);
        })));
        assertEquals(List.of("good.txt"), paths(collected));
        assertEquals(
                List.of(
                        "c.tar: entry /etc/cron.d/job has an absolute path: not read",
                        "c.tar: entry a/../../up.txt climbs out of the archive with ..: not read",
                        "c.tar: entry C:\\windows.txt has an absolute path: not read",
                        "c.tar: entry disk is a device or a pipe: not read",
                        "c.tar: entry tty is a device or a pipe: not read",
                        "c.tar: entry pipe is a device or a pipe: not read",
                        "c.tar: entry inner.tar.gz is an archive inside an archive: not read",
                        "c.tar: the link soft leads out of the archive: not followed",
                        "c.tar: the link hard leads to nothing that was read from it: not followed"),
                collected.problems());
    }

    /** What a zip file says of its entries stands at its end, with the modes that make links and pipes of them. */
    @Test
    void linksAndPipesOfAZipFile() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (String[] entry : new String[][] {
                {"etc/on", "120777", "../sites/a.txt"},
                {"etc/out", "120777", "/etc/passwd"},
                {"etc/up", "120777", "../../shadow"},
                {"pipe", "010644", ""},
                {"disk", "060644", ""},
                {"../up.txt", "100644", "64\n"},
                {"/etc/cron.d/job", "100644", "64\n"},
                {"sites/a.txt", "100644", "64\n"}
            }) {
                var made = new ZipArchiveEntry(entry[0]);
                made.setUnixMode(Integer.parseInt(entry[1], 8));
                zip.putArchiveEntry(made);
                zip.write(entry[2].getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        Collected collected = collect(write("c.zip", bytes.toByteArray()));
        assertEquals(List.of("sites/a.txt"), paths(collected));
        assertEquals(java.util.Map.of("etc/on", "sites/a.txt"), collected.links());
        assertEquals(
                List.of(
                        "c.zip: entry pipe is a device or a pipe: not read",
                        "c.zip: entry disk is a device or a pipe: not read",
                        "c.zip: entry ../up.txt climbs out of the archive with ..: not read",
                        "c.zip: entry /etc/cron.d/job has an absolute path: not read",
                        "c.zip: 2 links, etc/out the first, lead out of the archive: not followed"),
                collected.problems());
    }

    /** As sos report packs: short names for the outputs of commands, and /proc/net as that of a process. */
    @Test
    void linksOfAnArchiveAreResolvedInsideItAndReadOnce() throws IOException {
        Path report = write("sosreport.tar", tar(t -> {
            special(t, "sos/netstat", TarConstants.LF_SYMLINK, "sos_commands/networking/netstat_-W_-neopa");
            special(t, "sos/proc/net", TarConstants.LF_SYMLINK, "self/net");
            special(t, "sos/proc/self", TarConstants.LF_SYMLINK, "./1234");
            special(t, "./sos/etc/again", TarConstants.LF_LINK, "./sos/proc/1234/net/sockstat");
            special(t, "sos/etc/out", TarConstants.LF_SYMLINK, "../../../etc/shadow");
            special(t, "sos/etc/passwd", TarConstants.LF_SYMLINK, "/etc/passwd");
            special(t, "sos/etc/round", TarConstants.LF_SYMLINK, "round");
            special(t, "sos/gone", TarConstants.LF_SYMLINK, "sos_commands/gone");
            file(
                    t,
                    "./sos/proc/1234/net/sockstat",
                    "sockets: used 7\nTCP: inuse 6 orphan 0 tw 3 alloc 9 mem 1\n".getBytes(StandardCharsets.UTF_8));
            file(t, "sos/sos_commands/networking/netstat_-W_-neopa", VALUE);
        }));
        Collected collected = collect(report);
        assertEquals(
                Map.of(
                        "sos/netstat", "sos/sos_commands/networking/netstat_-W_-neopa",
                        "sos/proc/net", "sos/proc/1234/net",
                        "sos/proc/self", "sos/proc/1234",
                        "sos/etc/again", "sos/proc/1234/net/sockstat"),
                collected.links());
        assertEquals(2, collected.files().size());
        assertEquals(
                List.of(
                        "sosreport.tar: 2 links, sos/etc/out the first, lead out of the archive: not followed",
                        "sosreport.tar: 2 links, sos/etc/round the first, lead to nothing that was read from it: not followed"),
                collected.problems());
        assertEquals(
                "3",
                Capture.read(report)
                        .facts()
                        .find("sockstat:TCP.tw")
                        .orElseThrow()
                        .text());
    }

    @Test
    void anArchiveOfTooManyEntriesIsReadUpToTheLimit() throws IOException {
        Collected collected = collect(write("c.zip", zip(VALUE, "a", "b", "c")), new Limits(2, 1000, 1000, 1000, 64));
        assertEquals(List.of("a", "b"), paths(collected));
        assertEquals(
                List.of("c.zip has more than 2 entries (plimsoll.limit.entries): the rest was not read"),
                collected.problems());
    }

    /** How far a stream was read. */
    private static final class Watched extends FilterInputStream {
        private long read;

        Watched(byte[] bytes) {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            read += b < 0 ? 0 : 1;
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
    }

    /** Of an archive with more entries than are allowed nothing is looked at beyond the next one's header, and a buffer. */
    @ParameterizedTest
    @ValueSource(strings = {"c.tar", "c.tar.gz", "c.tar.xz", "c.zip"})
    void whatLiesBeyondTheLastEntryIsNotLookedAt(String name) throws IOException {
        var random = new Random(7);
        byte[] noise = new byte[4096];
        String[] names =
                IntStream.range(0, 500).mapToObj(i -> String.format("%03d", i)).toArray(String[]::new);
        byte[] tar = tar(t -> {
            for (String file : names) {
                random.nextBytes(noise);
                file(t, file, noise);
            }
        });
        random.nextBytes(noise);
        byte[] bytes =
                switch (name) {
                    case "c.tar" -> tar;
                    case "c.tar.gz" -> gzip(tar);
                    case "c.tar.xz" -> xz(tar);
                    default -> zip(noise, names);
                };
        var watched = new Watched(bytes);
        var collected = new Collected(new Limits(20, 1 << 20, 1 << 30, 1000, 64));
        collected.addArchive(name, watched);
        assertEquals(List.of(names).subList(0, 20), paths(collected));
        assertEquals(
                List.of(name + " has more than 20 entries (plimsoll.limit.entries): the rest was not read"),
                collected.problems());
        long entries = 21 * (4096 + 1024);
        long buffers = name.endsWith("xz") ? 128 << 10 : 16 << 10; // xz unpacks in pieces of at most 64 KiB packed
        assertTrue(watched.read < entries + buffers, () -> watched.read + " of " + bytes.length + " bytes");
    }

    /** A directory whose entries are all the same packed bytes, of which there is one from the beginning. */
    @Test
    void aZipFileWhoseDirectoryListsOneEntryManyTimesIsRefusedByItsNumber() throws IOException {
        byte[] one = zip(VALUE, "a");
        String text = new String(one, StandardCharsets.ISO_8859_1);
        int directory = text.indexOf("PK\u0001\u0002");
        int end = text.indexOf("PK\u0005\u0006");
        var many = new ByteArrayOutputStream();
        many.write(one, 0, directory);
        for (int i = 0; i < 1000; i++) {
            many.write(one, directory, end - directory);
        }
        var last = ByteBuffer.wrap(Arrays.copyOfRange(one, end, one.length)).order(ByteOrder.LITTLE_ENDIAN);
        last.putShort(8, (short) 1000).putShort(10, (short) 1000).putInt(12, 1000 * (end - directory));
        many.write(last.array());
        Path file = write("c.zip", many.toByteArray());
        assertEquals(1000, ZipDirectory.listed(file, 5000).entries());
        assertEquals(11, ZipDirectory.listed(file, 10).entries());
        Collected collected = collect(file, Limits.usual().with("entries", "10"));
        assertEquals(List.of("a"), paths(collected));
        assertEquals(
                List.of("c.zip has more than 10 entries (plimsoll.limit.entries): the rest was not read"),
                collected.problems());
        // what its end says of their number is not believed
        last.putShort(8, (short) 1).putShort(10, (short) 1);
        byte[] lying = many.toByteArray();
        System.arraycopy(last.array(), 0, lying, lying.length - last.capacity(), last.capacity());
        assertEquals(11, ZipDirectory.listed(write("lying.zip", lying), 10).entries());
    }

    @Test
    void theDirectoryOfALargeZipFileIsFoundByItsLocator() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            zip.setUseZip64(Zip64Mode.Always);
            for (String name : List.of("a", "b", "c")) {
                zip.putArchiveEntry(new ZipArchiveEntry(name));
                zip.write(VALUE);
                zip.closeArchiveEntry();
            }
        }
        Path file = write("c.zip", bytes.toByteArray());
        assertEquals(3, ZipDirectory.listed(file, 10).entries());
        assertEquals(List.of("a", "b", "c"), paths(collect(file)));
        byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 22);
        assertThrows(IOException.class, () -> ZipDirectory.listed(write("cut.zip", cut), 10));
    }

    @Test
    void aFolderOfTooManyEntriesIsReadUpToTheLimit() throws IOException {
        for (String name : List.of("x/1", "x/2", "x/3", "x/4", "x/5")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.write(folder.resolve(name), VALUE);
        }
        Collected collected = collect(folder.resolve("x"), Limits.usual().with("entries", "3"));
        assertEquals(3, collected.files().size());
        assertEquals(
                List.of("x has more than 3 entries (plimsoll.limit.entries): the rest was not read"),
                collected.problems());
        // folders count as well, those below what is allowed are not entered
        Collected nested = collect(folder, Limits.usual().with("entries", "4"));
        assertEquals(3, nested.files().size());
        assertEquals(1, nested.problems().size());
        assertEquals(
                List.of(), collect(folder, Limits.usual().with("entries", "6")).problems());
    }

    @Test
    void foldersBesideOneThatIsTooFullAreNotEntered() throws IOException {
        for (String name : List.of("a/1", "a/2", "a/3", "b/1", "c/1/2")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.write(folder.resolve(name), VALUE);
        }
        Collected collected = collect(folder, Limits.usual().with("entries", "5"));
        assertEquals(2, collected.files().size());
        assertEquals(1, collected.problems().size());
    }

    /** What is read takes its time for each file: of far too many only some are looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"c.tar", "c.tar.gz", "c.zip", "c"})
    void ofFarTooManyEntriesTheFirstFewAreRead(String name) throws IOException {
        int few = 5000;
        String[] names = IntStream.range(0, few + 101).mapToObj(i -> "f" + i).toArray(String[]::new);
        byte[] tar = tar(t -> {
            for (String file : names) {
                file(t, file, VALUE);
            }
        });
        Path file = folder.resolve(name);
        if (name.equals("c")) {
            Files.createDirectory(file);
            for (String each : names) {
                Files.write(file.resolve(each), VALUE);
            }
        } else {
            write(name, name.equals("c.zip") ? zip(VALUE, names) : name.equals("c.tar") ? tar : gzip(tar));
        }
        Collected collected = collect(file, Limits.usual().with("entries", "5100"));
        assertEquals(few, collected.files().size());
        assertEquals(
                List.of(name + " has more than 5,100 entries (plimsoll.limit.entries): the first 5,000 were read"),
                collected.problems());
        Collected all = collect(file, Limits.usual().with("entries", "5101"));
        assertEquals(names.length, all.files().size());
        assertEquals(List.of(), all.problems());
    }

    @Test
    void filesBesideAFolderThatIsFarTooFullAreRead() throws IOException {
        for (String name : List.of("a", "b")) {
            Path full = Files.createDirectory(folder.resolve(name));
            for (int i = 0; i < 3000; i++) {
                Files.write(full.resolve("f" + i), VALUE);
            }
        }
        write("0.txt", VALUE);
        write("z.txt", VALUE);
        Collected collected = collect(folder, Limits.usual().with("entries", "5500"));
        assertEquals(5001, collected.files().size());
        List<String> paths = paths(collected);
        assertEquals(List.of("0.txt", "z.txt"), List.of(paths.get(0), paths.get(5000)));
        assertEquals(
                List.of(Collected.name(folder)
                        + " has more than 5,500 entries (plimsoll.limit.entries): the first 5,000 were read"),
                collected.problems());
    }

    /** One that says that it is smaller than it is, or larger. */
    @Test
    void aSmallFileIsReadWhateverItsArchiveSaysOfItsSize() throws IOException {
        byte[] honest = zip(VALUE, "a");
        int header = new String(honest, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
        for (int said : List.of(0, 3, VALUE.length, 500)) {
            byte[] lying = honest.clone();
            ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putInt(header + 24, said);
            Collected collected = collect(write("c.zip", lying));
            assertEquals(
                    List.of("vm.dirty_ratio = 20"),
                    collected.files().stream()
                            .flatMap(f -> Objects.requireNonNull(f.text()).stream())
                            .toList(),
                    () -> said + " " + collected.problems());
        }
    }

    @Test
    void anArchiveThatUnpacksToTooMuchIsReadUpToTheLimit() throws IOException {
        byte[] three = gzip(tar(t -> {
            for (String name : List.of("a", "b", "c")) {
                file(t, name, VALUE);
            }
        }));
        Collected collected = collect(write("c.tar.gz", three), new Limits(10, 1000, 2 * 1024 + 512, 1000, 64));
        assertEquals(List.of("a", "b"), paths(collected));
        assertEquals(
                List.of(
                        "c.tar.gz unpacks to more than 2,560 bytes with entry c (plimsoll.limit.total): the rest was not read"),
                collected.problems());
    }

    /** The directory of a zip file says what all of it unpacks to: then only small entries are read, as much as a 64th of the limit. */
    @Test
    void ofAZipFileThatSaysItUnpacksToTooMuchTheSmallEntriesAreRead() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (String name : List.of("a", "large1", "b", "large2", "c")) {
                zip.putArchiveEntry(new ZipArchiveEntry(name));
                zip.write(name.length() > 1 ? "x".repeat(1000).getBytes(StandardCharsets.UTF_8) : VALUE);
                zip.closeArchiveEntry();
            }
        }
        Path file = write("c.zip", bytes.toByteArray());
        Limits limits = new Limits(10, 5000, 64 * 30, 1000, 64);
        Collected collected = collect(file, limits);
        assertEquals(List.of("a"), paths(collected));
        assertEquals(
                List.of(
                        "c.zip: entry large1 is too large for what is read of it: not read",
                        "c.zip: entry b is too large for what is read of it: not read",
                        "c.zip: entry large2 is too large for what is read of it: not read",
                        "c.zip: entry c is too large for what is read of it: not read",
                        "c.zip unpacks to more than 1,920 bytes (plimsoll.limit.total): 20 bytes of it were read"),
                collected.problems());
        Collected more = collect(file, limits.with("total", "1985 B").with("file", "999 B"));
        assertEquals(List.of("a", "b", "c"), paths(more));
        assertEquals(
                List.of(
                        "c.zip: entry large1 is larger than 999 bytes (plimsoll.limit.file): not read",
                        "c.zip: entry large2 is larger than 999 bytes (plimsoll.limit.file): not read"),
                more.problems());
        assertEquals(List.of(), collect(file, limits.with("total", "2060 B")).problems());
    }

    /** The index of an xz file says it as well. */
    @Test
    void ofAnXzFileThatSaysItUnpacksToTooMuchTheBeginningIsRead() throws IOException {
        byte[] tar = tar(t -> {
            file(t, "a", VALUE);
            file(t, "mid", "x".repeat(2000).getBytes(StandardCharsets.UTF_8));
            file(t, "large", "x".repeat(100_000).getBytes(StandardCharsets.UTF_8));
            file(t, "b", VALUE);
        });
        Path file = write("c.tar.xz", xz(tar));
        assertEquals(tar.length, XzIndex.unpacked(file, "c.tar.xz", 10));
        assertEquals(0, XzIndex.unpacked(write("cut.xz", Arrays.copyOf(xz(tar), 60)), "cut.xz", 10));
        Limits limits = new Limits(10, 1 << 20, 100_000, 100_000, 64);
        Collected collected = collect(file, limits);
        assertEquals(List.of("a"), paths(collected));
        assertEquals(
                List.of(
                        "c.tar.xz unpacks to more than 100,000 bytes with entry mid (plimsoll.limit.total): the rest was not read"),
                collected.problems());
        assertEquals(List.of("a", "b", "large", "mid"), paths(collect(file, limits.with("total", tar.length + " B"))));
    }

    @Test
    void textThatDoesNotFitIntoMemoryIsRefusedByNameAndTheRestIsRead() throws IOException {
        byte[] large = "x".repeat(9000).getBytes(StandardCharsets.UTF_8);
        Path file = write("c.tar.gz", gzip(tar(t -> {
            for (String name : List.of("a", "b")) {
                file(t, name, large);
            }
            file(t, "c", VALUE);
        })));
        write("d.gz", gzip(large));
        var collected = new Collected(Limits.usual(), 10_000);
        collected.add(file, "");
        collected.add(folder.resolve("d.gz"), "");
        assertEquals(List.of("a", "c"), paths(collected));
        String why = " needs more memory than Java has been given (java -Xmx): not read";
        assertEquals(List.of("c.tar.gz: entry b" + why, "d.gz" + why), collected.problems());
    }

    @Test
    void packedFilesInARowWithNothingInThemAreRefusedByTheirNumber() throws IOException {
        byte[] xz = xz(new byte[0]);
        var xzs = new ByteArrayOutputStream();
        var empty = new ByteArrayOutputStream();
        var lines = new ByteArrayOutputStream();
        for (int i = 0; i < 2001; i++) {
            empty.write(gzip(new byte[0]));
            xzs.write(xz);
            lines.write(gzip(("net.ipv4.ip_local_port_range = 32768 60999 # written at " + (1000 + i) + " s\n")
                    .getBytes(StandardCharsets.UTF_8)));
        }
        write("a.gz", empty.toByteArray());
        write("c.xz", xzs.toByteArray());
        write("b.gz", lines.toByteArray());
        Collected collected = collect(folder, Limits.usual().with("entries", "2000"));
        assertEquals(List.of("b.gz"), paths(collected));
        assertEquals(
                List.of(
                        "a.gz is more than 2,000 packed files in a row with next to nothing in them (plimsoll.limit.entries): not read",
                        "c.xz is more than 2,000 packed files in a row with next to nothing in them (plimsoll.limit.entries): not read"),
                collected.problems());
        assertEquals(
                List.of("a.gz", "b.gz"), paths(collect(folder, Limits.usual().with("entries", "2001"))));
    }

    /** A log of lines that differ packs to a 50th and less; more than that is looked at where much has come out. */
    @Test
    void whatPacksTooWellIsRefusedEarlyOrWhenMuchHasComeOut() {
        Limits usual = Limits.usual();
        long mib = 1 << 20;
        assertEquals("unpacks to more than 500 times its size", usual.dense(mib + 1, mib / 501));
        assertEquals(null, usual.dense(mib, 1));
        assertEquals(null, usual.dense(128 * mib, 128 * mib / 400));
        assertEquals(
                "unpacks to more than 134,217,728 bytes and 50 times its size", usual.dense(300 * mib, 300 * mib / 90));
        assertEquals(null, usual.dense(280 * mib, 280 * mib / 90));
        assertEquals(null, usual.dense(8192 * mib, 8192 * mib / 50));
        assertEquals(null, usual.with("ratio", "1000").dense(8192 * mib, 8192 * mib / 100));
    }

    @Test
    void ofABinaryFileTheBeginningIsReadAndItsSizeIsKnown() throws IOException {
        byte[] noise = new byte[200_000];
        new Random(7).nextBytes(noise);
        write("a.bin", noise);
        write("b.gz", gzip(noise));
        write("d.zip", zip(noise, "in.zipped"));
        write("e.tgz", gzip(tar(t -> {
            file(t, "in.tgz.bin", noise);
            file(t, "z.txt", VALUE);
        })));
        Collected collected = collect(folder);
        assertEquals(List.of("a.bin", "b.gz", "in.zipped", "in.tgz.bin", "z.txt"), paths(collected));
        for (Collected.Found found : collected.files().subList(0, 4)) {
            assertEquals(null, found.text(), found.path());
            assertEquals(noise.length, found.bytes(), found.path());
        }
        assertEquals(
                List.of("b.gz is larger than 100,000 bytes (plimsoll.limit.file): not read"),
                collect(folder.resolve("b.gz"), Limits.usual().with("file", "100000 B"))
                        .problems());
    }

    /** What is skipped of a tar file is not read, and so counts for nothing: neither a file that is too large nor a binary one. */
    @Test
    void largeEntriesOfATarFileAreSkipped() throws IOException {
        Path file = folder.resolve("c.tar");
        long large = 3L << 30;
        byte[] stored = tar(t -> file(t, "x", VALUE));
        try (var out = Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (String name : List.of("a", "large", "b", "zeros", "c")) {
                boolean small = name.length() == 1;
                var entry = new TarArchiveEntry(name, true);
                long size = small ? VALUE.length : name.equals("large") ? large : 1L << 30;
                entry.setSize(size);
                byte[] header = new byte[512];
                entry.writeEntryHeader(header);
                out.write(ByteBuffer.wrap(header));
                if (small) {
                    out.write(ByteBuffer.wrap(stored, 512, 512));
                } else {
                    // a hole: nothing is stored of it
                    out.position(out.position() + size);
                }
            }
            out.write(ByteBuffer.allocate(1024));
        }
        Collected collected = collect(file, Limits.usual().with("total", "1 MiB"));
        assertEquals(List.of("a", "b", "c", "zeros"), paths(collected));
        assertEquals(1L << 30, collected.files().get(3).bytes());
        assertEquals(
                List.of("c.tar: entry large is larger than 2,147,483,648 bytes (plimsoll.limit.file): not read"),
                collected.problems());
    }

    @Test
    void anArchiveThatUnpacksToManyTimesItsSizeIsRefused() throws IOException {
        byte[] zeros = new byte[4 << 20];
        Arrays.fill(zeros, (byte) 'x');
        for (String name : List.of("bomb.gz", "bomb.zip", "bomb.tar.xz")) {
            byte[] bytes =
                    switch (name) {
                        case "bomb.gz" -> gzip(zeros);
                        case "bomb.zip" -> zip(zeros, "x");
                        default -> xz(tar(t -> file(t, "x", zeros)));
                    };
            Collected collected = collect(write(name, bytes), new Limits(10, 1L << 30, 1L << 30, 100, 64));
            assertEquals(List.of(), collected.files());
            String how = " unpacks to more than 100 times its size";
            String rest = " (plimsoll.limit.ratio): the rest was not read";
            assertEquals(
                    List.of(
                            switch (name) {
                                case "bomb.gz" -> name + how + rest;
                                case "bomb.zip" -> "bomb.zip: entry x" + how + " (plimsoll.limit.ratio): not read";
                                default -> name + how + " with entry x" + rest;
                            }),
                    collected.problems());
        }
    }

    @Test
    void anEntryOfAZipFileThatIsABombIsRefusedByNameAndTheRestIsRead() throws IOException {
        byte[] zeros = new byte[8 << 20];
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : List.of(
                    Map.entry("a.txt", VALUE),
                    Map.entry("bomb", zeros),
                    Map.entry("in.zip", zeros),
                    Map.entry("z.txt", VALUE))) {
                zip.putArchiveEntry(new ZipArchiveEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeArchiveEntry();
            }
        }
        byte[] honest = bytes.toByteArray();
        List<String> problems = List.of(
                "c.zip: entry bomb unpacks to more than 500 times its size (plimsoll.limit.ratio): not read",
                "c.zip: entry in.zip is an archive inside an archive: not read");
        Collected collected = collect(write("c.zip", honest));
        assertEquals(List.of("a.txt", "z.txt"), paths(collected));
        assertEquals(problems, collected.problems());
        assertEquals(
                List.of(
                        "c.zip: entry bomb is larger than 1,000 bytes (plimsoll.limit.file): not read",
                        problems.get(1)),
                collect(write("c.zip", honest), Limits.usual().with("file", "1000 B"))
                        .problems());

        // the directory at the end says of the bomb that it is small: 24 bytes into its header
        byte[] lying = honest.clone();
        int header = new String(lying, StandardCharsets.ISO_8859_1)
                .lastIndexOf("PK\u0001\u0002", nameAtTheEnd(lying, "bomb"));
        Arrays.fill(lying, header + 24, header + 28, (byte) 1);
        Collected deceived = collect(write("c.zip", lying), Limits.usual().with("ratio", "100"));
        assertEquals(List.of("a.txt", "z.txt"), paths(deceived));
        assertEquals(List.of(problems.get(0).replace("500", "100"), problems.get(1)), deceived.problems());
    }

    private static int nameAtTheEnd(byte[] zip, String name) {
        return new String(zip, StandardCharsets.ISO_8859_1).lastIndexOf(name);
    }

    @Test
    void aZipFileWithoutItsEndIsReadFromItsBeginning() throws IOException {
        byte[] whole = zip(VALUE, "a", "b", "c");
        int end = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
        Collected collected = collect(write("c.zip", Arrays.copyOf(whole, end)));
        assertEquals(List.of("a", "b", "c"), paths(collected));
    }

    /** As {@code tar -S} writes /var/log/lastlog, which has a place for each user id: little is stored, much is said. */
    @Test
    void aSparseFileIsRefusedByNameAndTheRestIsRead() throws IOException {
        byte[] small = tar(t -> file(t, "a.txt", VALUE));
        byte[] rest = tar(t -> file(t, "z.txt", VALUE));
        for (long size : List.of(1L << 31, 1L << 40)) {
            byte[] old = sparse(size);
            var bytes = new ByteArrayOutputStream();
            bytes.write(small, 0, 1024);
            bytes.write(old);
            bytes.write(rest);
            Collected collected = collect(write("c.tar", bytes.toByteArray()));
            assertEquals(List.of("a.txt", "z.txt"), paths(collected), collected.problems()::toString);
            assertEquals(1, collected.problems().size());
            String problem = collected.problems().get(0);
            assertEquals(
                    size == 1L << 40
                            ? "c.tar: entry lastlog is a sparse file of 1,099,511,627,776 bytes: not read"
                            : "c.tar: entry lastlog unpacks to more than 500 times its size (plimsoll.limit.ratio): not read",
                    problem);
        }
        byte[] posix = tar(t -> {
            file(t, "a.txt", VALUE);
            var said = new TarArchiveEntry("PaxHeaders/lastlog", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
            byte[] headers =
                    """
                    22 GNU.sparse.major=1
                    22 GNU.sparse.minor=0
                    27 GNU.sparse.name=lastlog
                    37 GNU.sparse.realsize=1099511627776
                    """
                            .getBytes(StandardCharsets.US_ASCII);
            said.setSize(headers.length);
            t.putArchiveEntry(said);
            t.write(headers);
            t.closeArchiveEntry();
            file(t, "GNUSparseFile.1/lastlog", "1\n1099511627776\n0\n".getBytes(StandardCharsets.US_ASCII));
            file(t, "z.txt", VALUE);
        });
        Collected collected = collect(write("c.tar", posix));
        assertEquals(List.of("a.txt", "z.txt"), paths(collected));
        assertEquals(
                List.of("c.tar: entry GNUSparseFile.1/lastlog has a header that is not understood: not read"),
                collected.problems());
    }

    /** A header of {@code struct oldgnu_header}, one more block of its map, and 512 bytes that are stored. */
    private static byte[] sparse(long size) {
        byte[] blocks = new byte[3 * 512];
        put(blocks, 0, "lastlog");
        put(blocks, 100, "0000644");
        put(blocks, 108, "0000000");
        put(blocks, 116, "0000000");
        put(blocks, 124, "00000001000");
        put(blocks, 136, "00000000000");
        put(blocks, 148, "        ");
        blocks[156] = 'S';
        put(blocks, 257, "ustar  ");
        put(blocks, 386, "00000000000");
        put(blocks, 398, "00000001000");
        blocks[482] = 1;
        put(blocks, 512, "00000001000");
        put(blocks, 524, "00000000000");
        if (size < 1L << 33) {
            put(blocks, 483, String.format("%011o", size));
        } else {
            blocks[483] = (byte) 0x80;
            for (int i = 0; i < Long.BYTES; i++) {
                blocks[494 - i] = (byte) (size >>> (8 * i));
            }
        }
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += blocks[i] & 0xff;
        }
        put(blocks, 148, String.format("%06o", sum));
        blocks[154] = 0;
        blocks[155] = ' ';
        return blocks;
    }

    private static void put(byte[] blocks, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, blocks, at, ascii.length);
    }

    @Test
    void aLimitThatIsNoNumberIsNamed() {
        assertEquals(
                "the limit 'ratio' cannot be 'x': it is a whole number, as ratio=2000",
                assertThrows(IllegalArgumentException.class, () -> Limits.usual()
                                .with("ratio", "x"))
                        .getMessage());
        assertEquals(
                "the limit 'total' cannot be '5 s': it is bytes with their unit, as total=\"16 GiB\"",
                assertThrows(IllegalArgumentException.class, () -> Limits.usual()
                                .with("total", "5 s"))
                        .getMessage());
    }

    @Test
    void limitsAreRaisedByName() {
        assertEquals(new Limits(40_000, 2L << 30, 8L << 30, 500, 64), Limits.usual());
        assertEquals(
                new Limits(7, 1L << 20, 16L << 30, 2000, 5),
                Limits.usual()
                        .with("entries", "7")
                        .with("file", "1 MiB")
                        .with("total", "16 GiB")
                        .with("ratio", "2,000")
                        .with("depth", "5"));
        assertEquals(
                "there is no limit 'size': it is entries, file, total, ratio or depth",
                assertThrows(IllegalArgumentException.class, () -> Limits.usual()
                                .with("size", "1"))
                        .getMessage());
        assertEquals(
                "a limit of less than 1 would let nothing be read",
                assertThrows(IllegalArgumentException.class, () -> Limits.usual()
                                .with("ratio", "0"))
                        .getMessage());
    }

    @Test
    void anEntryBeyondTheFileLimitIsRefusedByNameAndTheRestIsRead() throws IOException {
        Collected collected = collect(
                write("c.tar", tar(t -> {
                    file(t, "a.txt", new byte[101]);
                    file(t, "b.txt", VALUE);
                })),
                new Limits(10, 100, 100_000, 1000, 64));
        assertEquals(List.of("b.txt"), paths(collected));
        assertEquals(
                List.of("c.tar: entry a.txt is larger than 100 bytes (plimsoll.limit.file): not read"),
                collected.problems());
    }

    @Test
    void aCutArchiveGivesWhatWasBeforeTheCut() throws IOException {
        byte[] noise = new byte[200_000];
        new java.util.Random(7).nextBytes(noise);
        byte[] whole = gzip(tar(t -> {
            file(t, "a.txt", VALUE);
            file(t, "b.txt", noise);
        }));
        Collected collected = collect(write("c.tar.gz", Arrays.copyOf(whole, whole.length / 2)));
        assertEquals(List.of("a.txt"), paths(collected));
        assertEquals(
                List.of("c.tar.gz ends early, as a cut file does: 1 file was read before the cut"),
                collected.problems());
    }

    @Test
    void aFileThatIsNoArchiveInsideIsSaidToBe() throws IOException {
        Collected collected = collect(write("c.tar.gz", VALUE));
        assertEquals(List.of(), collected.files());
        assertEquals(List.of("c.tar.gz cannot be read: Input is not in the .gz format"), collected.problems());
    }

    @Test
    void aBombIsRefusedBeforeItIsUnpackedAndTheRestIsRead() throws IOException {
        // a tebibyte would take minutes: the first mebibytes tell
        byte[] zeros = new byte[8 << 20];
        var packed = new ByteArrayOutputStream();
        for (int i = 0; i < 8; i++) {
            packed.write(gzip(zeros));
        }
        write("bomb.gz", packed.toByteArray());
        write("good.txt", VALUE);
        Collected collected = collect(folder);
        assertEquals(List.of("good.txt"), paths(collected));
        assertEquals(
                List.of(
                        "bomb.gz unpacks to more than 500 times its size (plimsoll.limit.ratio): the rest was not read"),
                collected.problems());
        Collected raised = collect(folder, new Limits(10, 1 << 30, 1 << 30, 20_000, 64));
        assertEquals(List.of("bomb.gz", "good.txt"), paths(raised));
    }

    @Test
    void whatIsSkippedAndTheNamesOfEntriesCountAsUnpacked() throws IOException {
        byte[] zeros = new byte[4 << 20];
        byte[] skipped = gzip(tar(t -> {
            file(t, "/absolute", zeros);
            file(t, "after.txt", VALUE);
        }));
        byte[] named = gzip(tar(t -> {
            var entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
            entry.setSize(zeros.length);
            t.putArchiveEntry(entry);
            t.write(zeros);
            t.closeArchiveEntry();
            file(t, "x", VALUE);
        }));
        for (byte[] bytes : List.of(skipped, named)) {
            Collected collected = collect(write("bomb.tar.gz", bytes));
            assertEquals(List.of(), paths(collected));
            assertEquals(
                    "bomb.tar.gz unpacks to more than 500 times its size"
                            + (bytes == skipped ? " with entry /absolute" : "")
                            + " (plimsoll.limit.ratio): the rest was not read",
                    collected.problems().get(collected.problems().size() - 1));
        }
    }

    @Test
    void foldersInFoldersWithoutEndAreRefusedByName() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("a/b/c"));
        Files.write(deep.resolve("x.txt"), VALUE);
        Files.write(folder.resolve("a/y.txt"), VALUE);
        Limits two = new Limits(10, 100, 100_000, 1000, 2);
        Collected collected = collect(folder, two);
        assertEquals(List.of("a/y.txt"), paths(collected));
        assertEquals(
                List.of("a/b/c lies deeper than 2 folders (plimsoll.limit.depth): not read"), collected.problems());
        Path archive = write("c.tar", tar(t -> {
            file(t, "a/b/c/x.txt", VALUE);
            file(t, "a/y.txt", VALUE);
        }));
        Collected unpacked = collect(archive, two);
        assertEquals(List.of("a/y.txt"), paths(unpacked));
        assertEquals(
                List.of("c.tar: entry a/b/c/x.txt lies deeper than 2 folders (plimsoll.limit.depth): not read"),
                unpacked.problems());
    }
}
