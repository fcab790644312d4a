package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plimsoll.dsl.Fact;

/** Input as haste, other systems and disk errors leave it: rejected with a reason, and the rest read. */
class BadInputTest {
    private static final String MEMINFO =
            "MemTotal:       24684084 kB\nMemFree:         1234567 kB\nMemAvailable:   20000000 kB\n";
    private static final String LISTING =
            """
            State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
            LISTEN 0      511          0.0.0.0:80         0.0.0.0:*
            ESTAB  0      0           10.0.0.5:80      10.0.0.9:48202
            ESTAB  0      0           10.0.0.5:80      10.0.0.9:48204
            """;

    @TempDir
    private Path folder;

    private static Capture read(byte[] bytes) {
        return Capture.stdin(new ByteArrayInputStream(bytes));
    }

    private static Capture read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String fact(Capture capture, String name) {
        return capture.facts().find(name).map(Fact::text).orElse("nothing");
    }

    private static List<String> reasons(Capture capture) {
        return capture.rejected().stream()
                .map(r -> r.line() + ": " + r.reason())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE"})
    void anyEncodingOfWindows(String charset) {
        String crlf = MEMINFO.replace("\n", "\r\n");
        // what Java calls UTF-16 begins with a byte order mark
        String mark = charset.equals("UTF-16") ? "" : "\uFEFF";
        for (String text : List.of(MEMINFO, crlf, mark + MEMINFO)) {
            Capture capture = read(text.getBytes(Charset.forName(charset)));
            assertEquals("1234567 KiB", fact(capture, "meminfo:MemFree"));
            assertEquals(List.of(), reasons(capture));
        }
    }

    @Test
    void aNulFarInsideIsALineThatIsNotUnderstood() {
        String text = (MEMINFO + "Pad:  1 kB\n".repeat(1000)) + "Cached:\0  5 kB\nDirty:   7 kB\n";
        Capture capture = read(text);
        assertEquals("7 KiB", fact(capture, "meminfo:Dirty"));
        assertEquals(
                List.of("1004"),
                capture.rejected().stream().map(r -> r.line() + "").toList());
        assertEquals("nothing", fact(capture, "meminfo:Cached"));
    }

    @Test
    void aLineOf64MebibytesIsOneRejectAndTheRestIsRead() {
        for (String filling : List.of("x", " ", "1 ", "a=", "{", "\"", "a:b,", "(((", "skmem:(")) {
            byte[] line = new byte[filling.equals("x") ? 64 << 20 : 4 << 20];
            byte[] piece = filling.getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < line.length; i++) {
                line[i] = piece[i % piece.length];
            }
            byte[] end = "\n".getBytes(StandardCharsets.US_ASCII);
            byte[] head = MEMINFO.getBytes(StandardCharsets.US_ASCII);
            byte[] all = Arrays.copyOf(head, head.length + line.length + end.length);
            System.arraycopy(line, 0, all, head.length, line.length);
            System.arraycopy(end, 0, all, head.length + line.length, end.length);
            Capture capture = read(all);
            assertEquals("1234567 KiB", fact(capture, "meminfo:MemFree"), filling);
            int rejects = filling.isBlank() ? 0 : 1;
            assertEquals(rejects, capture.rejected().size(), filling);
        }
    }

    @Test
    void aCutFirstAndLastLineAreRejectsAndTheRestIsRead() {
        Capture capture = read(MEMINFO + "Buffers:   12");
        assertEquals("20000000 KiB", fact(capture, "meminfo:MemAvailable"));
        Capture cut = read("al:       24684084 kB\n" + MEMINFO);
        assertEquals("24684084 KiB", fact(cut, "meminfo:MemTotal"));
        Capture sockets = read(LISTING + "ESTAB  0      0           10.0");
        assertEquals(3, sockets.table("sockets").orElseThrow().size());
        assertEquals(1, sockets.rejected().size());
    }

    @Test
    void aLineOfAnotherCommandInBetweenIsAReject() {
        List<String> lines = LISTING.lines().toList();
        Capture capture = read(lines.get(0) + "\n" + lines.get(1) + "\nvm.dirty_ratio = 20\n" + lines.get(2) + "\n"
                + lines.get(3) + "\n");
        assertEquals(3, capture.table("sockets").orElseThrow().size());
        assertTrue(capture.rejected().size() <= 1, () -> reasons(capture).toString());
    }

    @Test
    void aFileThatChangesWhileItIsReadIsReadAsFarAsItGoes() throws IOException {
        Path file = Files.writeString(folder.resolve("meminfo"), MEMINFO);
        InputStream growing = new FilterInputStream(Files.newInputStream(file)) {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                int n = super.read(b, off, Math.min(len, 30));
                Files.writeString(file, "MemTotal:");
                return n;
            }
        };
        Capture capture = Capture.stdin(growing);
        assertEquals("24684084 KiB", fact(capture, "meminfo:MemTotal"));
    }

    @Test
    void aFileThatVanishesIsSaidAndTheRestIsRead() throws IOException {
        Files.writeString(folder.resolve("meminfo"), MEMINFO);
        Files.createSymbolicLink(folder.resolve("gone"), folder.resolve("nowhere"));
        Capture capture = Capture.read(folder);
        assertEquals(List.of("gone is a link that leads nowhere: not followed"), capture.problems());
        assertEquals("1234567 KiB", fact(capture, "meminfo:MemFree"));
    }

    @Test
    void aLocalizedListingIsNotGuessedAt() {
        Capture capture = read(MEMINFO + "\nStatus  Empf.-Q Send-Q Lokale Adresse:Port  Adresse der Gegenstelle:Port\n"
                + "VERB    0       0      10.0.0.5:80          10.0.0.9:48202\n");
        assertEquals("1234567 KiB", fact(capture, "meminfo:MemFree"));
        assertEquals(2, capture.rejected().size());
        assertTrue(capture.table("sockets").isEmpty());
    }

    /** Two commands that write to one terminal: the lines of each are read, or rejected with a reason. */
    @Test
    void outputsOfTwoCommandsLineByLine() {
        List<String> sockets = LISTING.lines().toList();
        for (List<String> other : List.of(
                List.of(
                        "[ 2102.062925] nf_conntrack: nf_conntrack: table full, dropping packet",
                        "[ 2102.062930] nf_conntrack: nf_conntrack: table full, dropping packet",
                        "[ 2102.162931] nf_conntrack: nf_conntrack: table full, dropping packet"),
                List.of("MemTotal:       24684084 kB", "MemFree:         1234567 kB", "MemAvailable:   20000000 kB"),
                List.of("net.core.somaxconn = 4096", "vm.dirty_ratio = 20", "vm.swappiness = 60"))) {
            var text = new StringBuilder(sockets.get(0)).append('\n');
            for (int i = 0; i < 3; i++) {
                text.append(sockets.get(i + 1))
                        .append('\n')
                        .append(other.get(i))
                        .append('\n');
            }
            Capture capture = read(text.toString());
            int rows = capture.table("sockets").orElseThrow().size();
            assertTrue(rows > 0, () -> capture.rejected().toString());
            long read = capture.facts().names().stream()
                            .filter(n -> n.startsWith("meminfo:") || n.startsWith("vm.") || n.startsWith("net."))
                            .count()
                    + capture.table("kernel_log").map(Rows::size).orElse(0);
            assertEquals(6, rows + read + capture.rejected().size(), () -> other + ": " + capture.rejected());
            assertTrue(rows == 3 || read == 3, () -> other + ": " + capture.rejected());
        }
    }

    /** Lines are cut long before they fill the memory, whatever they come from; what stands around them is read. */
    @Test
    void aLineWithoutEndIsCutWithItsReasonAndTheRestIsRead() throws IOException {
        long size = Lines.LONGEST + (20L << 20);
        String reason = "4: is longer than 16,777,216 bytes (plimsoll.limit.line): its beginning is kept";
        Capture streamed = Capture.stdin(longLine(size));
        assertEquals(List.of(reason), reasons(streamed));
        assertEquals("1234567 KiB", fact(streamed, "meminfo:MemFree"));
        assertEquals("7 KiB", fact(streamed, "meminfo:Dirty"));
        assertTrue(streamed.sources().get(0).bytes() < Lines.LONGEST + 100_000);
        Path file = folder.resolve("proc_meminfo");
        try (InputStream in = longLine(size)) {
            Files.copy(in, file);
        }
        Capture kept = Capture.read(file);
        assertEquals(List.of(reason), reasons(kept));
        assertEquals("7 KiB", fact(kept, "meminfo:Dirty"));
    }

    /** Three lines of meminfo, one that is {@code size} long, and one more. */
    static InputStream longLine(long size) {
        return new InputStream() {
            private final byte[] before = MEMINFO.getBytes(StandardCharsets.US_ASCII);
            private final byte[] after = "\nDirty:   7 kB\n".getBytes(StandardCharsets.US_ASCII);
            private long at;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0];
            }

            @Override
            public int read(byte[] b, int off, int len) {
                long end = at - before.length - size;
                if (end >= after.length) {
                    return -1;
                }
                int n;
                if (at < before.length) {
                    n = Math.min(len, before.length - (int) at);
                    System.arraycopy(before, (int) at, b, off, n);
                } else if (end < 0) {
                    n = (int) Math.min(len, -end);
                    Arrays.fill(b, off, off + n, (byte) 'x');
                } else {
                    n = Math.min(len, after.length - (int) end);
                    System.arraycopy(after, (int) end, b, off, n);
                }
                at += n;
                return n;
            }
        };
    }

    /** A gibibyte in a JVM of 192 MiB. */
    @Test
    void aLineOfAGibibyteNeedsLittleMemory() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LongLine.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertEquals(
                "4: is longer than 16,777,216 bytes (plimsoll.limit.line): its beginning is kept; 1234567 KiB; 7 KiB",
                said.strip());
    }

    /** Reads {@link #longLine} of a gibibyte. */
    static final class LongLine {
        private LongLine() {}

        /** Prints what became of it. */
        public static void main(String[] args) throws IOException {
            try (InputStream in = longLine(1L << 30)) {
                Capture capture = Capture.stdin(in);
                System.out.println(String.join("; ", reasons(capture)) + "; " + fact(capture, "meminfo:MemFree") + "; "
                        + fact(capture, "meminfo:Dirty"));
            }
        }
    }

    @Test
    void aLargeFileThatShrinksIsSaidAndTheRestIsRead() throws IOException {
        Path large = folder.resolve("ss-natp.txt");
        Files.writeString(
                large, LISTING + "ESTAB  0      0           10.0.0.5:80      10.0.0.9:48206\n".repeat(100_000));
        Files.writeString(folder.resolve("zz-meminfo"), MEMINFO);
        Capture capture = Capture.read(
                (file, files, path) -> {
                    if (file == 1) {
                        try {
                            Files.writeString(large, LISTING);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                },
                folder);
        assertEquals(List.of("ss-natp.txt cannot be read: it became shorter while it was read"), capture.problems());
        assertEquals("1234567 KiB", fact(capture, "meminfo:MemFree"));
    }

    @Test
    void aFileThatGrowsIsReadAsFarAsItWas() throws IOException {
        Path large = folder.resolve("ss-natp.txt");
        String row = "ESTAB  0      0           10.0.0.5:80      10.0.0.9:48206\n";
        Files.writeString(large, LISTING + row.repeat(100_000));
        Capture capture = Capture.read(
                (file, files, path) -> {
                    try {
                        Files.writeString(large, row, java.nio.file.StandardOpenOption.APPEND);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                folder);
        assertEquals(100_003, capture.table("sockets").orElseThrow().size());
        assertEquals(List.of(), capture.problems());
    }

    @Test
    void nulsAtTheTopSpoilTheirLinesOnly() {
        Capture capture = read("MemTotal:  \0\0 24684084 kB\n" + MEMINFO + "Cached:  5 kB\n");
        assertEquals("1234567 KiB", fact(capture, "meminfo:MemFree"));
        assertEquals(1, capture.rejected().size());
        Capture fields = read("p361\0cnginx\0u0\0\nf12\0tREG\0D0xfe00\0s15595664\0i2556004\0n/srv/tmp/5 (deleted)\0\n");
        assertEquals("15595664", fields.table("open_files").orElseThrow().cell("size", 0));
        assertEquals(List.of(), reasons(fields));
    }

    @Test
    void aDeviceIsRefusedByNameAndAPipeIsRead() throws IOException, InterruptedException {
        var e = assertThrows(NothingReadable.class, () -> Capture.read(Path.of("/dev/zero")));
        assertEquals("/dev/zero is a device: name a folder, a file, an archive or a pipe", e.getMessage());
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Files.writeString(folder.resolve("meminfo"), MEMINFO);
        assertEquals(
                List.of("pipe is a device, a pipe or a socket: not read"),
                Capture.read(folder).problems());
        Process writer = new ProcessBuilder("cp", folder.resolve("meminfo").toString(), pipe.toString()).start();
        assertEquals("1234567 KiB", fact(Capture.read(pipe), "meminfo:MemFree"));
        assertEquals(0, writer.waitFor());
    }

    /** The samples of all sources, as other systems, pipes and editors hand them on: read as they are. */
    @ParameterizedTest
    @ValueSource(strings = {"CRLF", "BOM", "BOM CRLF", "UTF-16LE", "UTF-16BE", "UTF-16LE CRLF", "no end"})
    void everySampleInEveryEncoding(String how) throws IOException {
        Path samples = Path.of("src", "test", "resources", "plimsoll", "telemetry", "samples");
        try (var files = Files.walk(samples)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String plain = Files.readString(file);
                String ends = how.contains("CRLF") ? plain.replace("\n", "\r\n") : plain;
                byte[] bytes = how.startsWith("UTF-16")
                        ? ("\uFEFF" + ends).getBytes(Charset.forName(how.substring(0, 8)))
                        : how.startsWith("BOM")
                                ? ("\uFEFF" + ends).getBytes(StandardCharsets.UTF_8)
                                : how.equals("no end")
                                        ? ends.stripTrailing().getBytes(StandardCharsets.UTF_8)
                                        : ends.getBytes(StandardCharsets.UTF_8);
                String path = samples.relativize(file).toString();
                assertEquals(
                        told(path, Decoded.lines(plain.getBytes(StandardCharsets.UTF_8))),
                        told(path, Decoded.lines(bytes)));
            }
        }
    }

    /** What was read of a text: sources, tables and their first rows, values and rejects. */
    private static String told(String path, Lines lines) {
        var told = new StringBuilder(path);
        for (Reading reading : Transcript.read(Text.of(path, lines), new Memory(0))) {
            told.append('\n').append(reading.source().map(Source::name).orElse("?"));
            for (Rows rows : reading.parsed().tables()) {
                told.append(' ').append(rows);
                for (int row = 0; row < rows.size(); row++) {
                    int at = row;
                    told.append('\n')
                            .append(rows.columns().stream()
                                    .map(c -> rows.cell(c, at))
                                    .toList());
                }
            }
            reading.parsed()
                    .facts()
                    .forEach(f -> told.append('\n').append(f.name()).append('=').append(f.text()));
            reading.parsed()
                    .rejected()
                    .forEach(r -> told.append('\n').append(r.line()).append(r.reason()));
        }
        return told.toString();
    }

    /** The samples of all sources with the last line cut in the middle: the same source, and at most that line is lost. */
    @Test
    void everySampleCutInItsLastLine() throws IOException {
        Path samples = Path.of("src", "test", "resources", "plimsoll", "telemetry", "samples");
        try (var files = Files.walk(samples)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String plain = Files.readString(file).stripTrailing();
                int line = plain.lastIndexOf('\n') + 1;
                if (plain.lines().count() < 8) {
                    continue; // too little is left to know it by
                }
                String path = samples.relativize(file).toString();
                String cut = plain.substring(0, line + (plain.length() - line) / 2);
                List<Reading> whole = Transcript.read(Text.of(path, plain), new Memory(0));
                List<Reading> read = Transcript.read(Text.of(path, cut), new Memory(0));
                assertEquals(
                        whole.get(0).source().map(Source::name),
                        read.get(0).source().map(Source::name),
                        path);
                long lost = read.stream()
                        .mapToLong(r -> r.parsed().rejected().size())
                        .sum();
                long rejected = whole.stream()
                        .mapToLong(r -> r.parsed().rejected().size())
                        .sum();
                assertTrue(lost <= rejected + 1, () -> path + ": " + read);
            }
        }
    }
}
