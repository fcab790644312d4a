package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
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

    private static Collected collect(Path path, Collected.Limits limits) {
        var collected = new Collected(limits);
        collected.add(path, "");
        return collected;
    }

    private static Collected collect(Path path) {
        return collect(path, Collected.Limits.USUAL);
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
        Collected collected =
                collect(write("c.zip", zip(VALUE, "a", "b", "c")), new Collected.Limits(2, 1000, 1000, 1000, 64));
        assertEquals(List.of("a", "b"), paths(collected));
        assertEquals(
                List.of("c.zip has more than 2 entries (plimsoll.limit.entries): the rest was not read"),
                collected.problems());
    }

    @Test
    void anArchiveThatUnpacksToTooMuchIsReadUpToTheLimit() throws IOException {
        Collected collected =
                collect(write("c.zip", zip(VALUE, "a", "b", "c")), new Collected.Limits(10, 1000, 45, 1000, 64));
        assertEquals(List.of("a", "b"), paths(collected));
        assertEquals(
                List.of("c.zip unpacks to more than 45 bytes (plimsoll.limit.total): the rest was not read"),
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
            Collected collected = collect(write(name, bytes), new Collected.Limits(10, 1L << 30, 1L << 30, 100, 64));
            assertEquals(List.of(), collected.files());
            assertEquals(
                    List.of(name
                            + " unpacks to more than 100 times its size (plimsoll.limit.ratio): the rest was not read"),
                    collected.problems());
        }
    }

    @Test
    void anEntryBeyondTheFileLimitIsRefusedByNameAndTheRestIsRead() throws IOException {
        Collected collected = collect(
                write("c.tar", tar(t -> {
                    file(t, "a.txt", new byte[101]);
                    file(t, "b.txt", VALUE);
                })),
                new Collected.Limits(10, 100, 100_000, 1000, 64));
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
        Collected raised = collect(folder, new Collected.Limits(10, 1 << 30, 1 << 30, 5000, 64));
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
                    "bomb.tar.gz unpacks to more than 500 times its size (plimsoll.limit.ratio): the rest was not read",
                    collected.problems().get(collected.problems().size() - 1));
        }
    }

    @Test
    void foldersInFoldersWithoutEndAreRefusedByName() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("a/b/c"));
        Files.write(deep.resolve("x.txt"), VALUE);
        Files.write(folder.resolve("a/y.txt"), VALUE);
        Collected.Limits two = new Collected.Limits(10, 100, 100_000, 1000, 2);
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
