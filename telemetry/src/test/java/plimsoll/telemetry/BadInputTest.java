package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
}
