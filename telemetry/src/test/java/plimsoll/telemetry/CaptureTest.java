package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plimsoll.dsl.Fact;

class CaptureTest {
    private static final String UNAME = "Linux edge-1 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64 GNU/Linux\n";

    @TempDir
    private Path folder;

    private Path write(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(folder));
        return Files.write(file, bytes);
    }

    private Path write(String path, String text) throws IOException {
        return write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String said(Capture capture, String name) {
        return capture.facts().find(name).map(Fact::toString).orElse("nothing");
    }

    private static String refusal(Path... paths) {
        return String.valueOf(
                assertThrows(NothingReadable.class, () -> Capture.read(paths)).getMessage());
    }

    @Test
    void aFolderIsReadInSortedOrderAndEveryFileIsListed() throws IOException {
        write("uname.txt", UNAME);
        write("date.txt", "2026-11-21T01:32:28Z\n");
        write("proc/sys/net/ipv4/tcp_tw_reuse", "2\n");
        write("sar.bin", new byte[] {1, 0, 0, 2});
        write("empty.txt", "");
        write("notes.md", "nothing to see\n\nhere\n");
        Capture capture = Capture.read(folder);
        assertEquals(
                List.of(
                        new Capture.Item("date.txt", "date", 1, 0, 21, true, ""),
                        new Capture.Item("empty.txt", "empty", 0, 0, 0, false, "an empty file"),
                        new Capture.Item("notes.md", "not recognised", 0, 2, 21, false, ""),
                        new Capture.Item("proc/sys/net/ipv4/tcp_tw_reuse", "/proc/sys value", 1, 0, 2, true, ""),
                        new Capture.Item("sar.bin", "binary", 0, 0, 4, false, "binary, not read"),
                        new Capture.Item("uname.txt", "uname", 3, 0, UNAME.length(), true, "")),
                capture.sources());
        assertEquals("edge-1", capture.name());
        assertEquals(Optional.of("2026-11-21T01:32:28Z"), capture.captured());
        assertEquals(List.of("settings"), capture.tables());
        assertEquals(1, capture.table("settings").orElseThrow().size());
        assertEquals(capture.table("settings"), capture.facts().table("settings", Rows.class));
        assertEquals(
                List.of(
                        "notes.md:1: no source knows this line: nothing to see",
                        "notes.md:3: no source knows this line: here"),
                capture.rejected().stream().map(Reject::toString).toList());
        assertEquals(List.of(), capture.problems());
        assertEquals(
                "net.ipv4.tcp_tw_reuse = 2  READ (proc/sys/net/ipv4/tcp_tw_reuse:1)",
                said(capture, "net.ipv4.tcp_tw_reuse"));
    }

    @Test
    void theFirstReadingOfANameCountsAndAllAreKept() throws IOException {
        write("a/sysctl.txt", "net.ipv4.tcp_tw_reuse = 2\n");
        write("b/sysctl.txt", "net.ipv4.tcp_tw_reuse = 1\n");
        Capture capture = Capture.read(folder.resolve("a"), folder.resolve("b"));
        assertEquals(
                List.of(
                        "net.ipv4.tcp_tw_reuse = 2  READ (a/sysctl.txt:1)",
                        "net.ipv4.tcp_tw_reuse = 1  READ (b/sysctl.txt:1)"),
                capture.facts().all("net.ipv4.tcp_tw_reuse").stream()
                        .map(Fact::toString)
                        .toList());
        assertEquals(2, capture.table("settings").orElseThrow().size());
        assertEquals("a", capture.name(), "where no source names the host the folder does");
    }

    @Test
    void aLineIsFoundWhereItsSourceSays() {
        Capture capture = Capture.of(
                """
                $ nginx -T
                # configuration file /etc/nginx/nginx.conf:
                events { worker_connections 1024; } # raised
                # configuration file /etc/nginx/more.conf:
                # nothing
                $ sysctl net.core.somaxconn
                net.core.somaxconn = 4096
                """);
        assertEquals(Optional.of("net.core.somaxconn = 4096"), capture.line("pasted:7"));
        assertEquals(
                Optional.of("events { worker_connections 1024; } # raised"), capture.line("/etc/nginx/nginx.conf:1"));
        assertEquals(Optional.of("# nothing"), capture.line("/etc/nginx/more.conf:1"));
        for (String none : List.of(
                "pasted:99",
                "pasted:",
                "pasted",
                "pasted:7x",
                "pasted:99999999999",
                "/etc/nginx/nginx.conf:0",
                "/etc/nginx/nginx.conf:2",
                "/etc/nginx/more.conf:2",
                "",
                "12")) {
            assertEquals(Optional.empty(), capture.line(none), none);
        }
    }

    @Test
    void pastedTextAndStandardInputAreTranscripts() {
        String text = "$ hostname\nedge-2\n$ cat /proc/sys/net/ipv4/ip_local_port_range\n1024\t65535\n";
        Capture pasted = Capture.of(text);
        assertEquals("edge-2", pasted.name());
        assertEquals(
                "net.ipv4.ip_local_port_range = 1024 65535  READ (pasted:4)",
                said(pasted, "net.ipv4.ip_local_port_range"));
        assertEquals(
                List.of(
                        new Capture.Item("pasted:2", "uname", 1, 0, 7, true, ""),
                        new Capture.Item("pasted:4", "/proc/sys value", 1, 0, 11, true, "")),
                pasted.sources());
        Capture read = Capture.stdin(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "net.ipv4.ip_local_port_range = 1024 65535  READ (-:4)", said(read, "net.ipv4.ip_local_port_range"));
        assertEquals("edge-2: 2 of 2 sources used, 2 facts, tables settings", pasted.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1"})
    void everyEncodingThatToolsWriteIsRead(String charset) throws IOException {
        write("sysctl.txt", "net.ipv4.tcp_tw_reuse = 2\r\nvm.dirty_ratio = 20\r\n".getBytes(Charset.forName(charset)));
        Capture capture = Capture.read(folder.resolve("sysctl.txt"));
        assertEquals("net.ipv4.tcp_tw_reuse = 2  READ (sysctl.txt:1)", said(capture, "net.ipv4.tcp_tw_reuse"));
        assertEquals("vm.dirty_ratio = 20  READ (sysctl.txt:2)", said(capture, "vm.dirty_ratio"));
    }

    @Test
    void aByteOrderMarkIsNotPartOfTheFirstName() throws IOException {
        write("sysctl.txt", "\uFEFFnet.ipv4.tcp_tw_reuse = 2\n");
        assertEquals(
                "net.ipv4.tcp_tw_reuse = 2  READ (sysctl.txt:1)", said(Capture.read(folder), "net.ipv4.tcp_tw_reuse"));
    }

    @Test
    void aCutLastLineIsRejectedAndTheRestIsRead() throws IOException {
        write("sysctl.txt", "net.ipv4.tcp_tw_reuse = 2\nnet.ipv4.ip_local_port_range = 32768");
        Capture capture = Capture.read(folder);
        assertEquals("net.ipv4.tcp_tw_reuse = 2  READ (sysctl.txt:1)", said(capture, "net.ipv4.tcp_tw_reuse"));
        assertEquals(
                List.of("sysctl.txt:2: net.ipv4.ip_local_port_range cannot be '32768'; it is two ports, the low one"
                        + " first, as '1024 65535': net.ipv4.ip_local_port_range = 32768"),
                capture.rejected().stream().map(Reject::toString).toList());
    }

    @Test
    void aNulInTheMiddleOfALongTextSpoilsItsLineOnly() throws IOException {
        String filler = "kernel.domainname = (none)\n".repeat(400);
        write("sysctl.txt", filler + "net.ipv4.tcp_tw_reuse = \0\nvm.dirty_ratio = 20\n");
        Capture capture = Capture.read(folder);
        assertEquals("nothing", said(capture, "net.ipv4.tcp_tw_reuse"));
        assertEquals("vm.dirty_ratio = 20  READ (sysctl.txt:402)", said(capture, "vm.dirty_ratio"));
        assertEquals(1, capture.rejected().size());
    }

    @Test
    void nothingToReadIsOneSentence() throws IOException {
        Path none = folder.resolve("none");
        assertEquals("there is no file or folder " + none, refusal(none));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertEquals(empty + " is an empty folder", refusal(empty));
        Path zero = write("zero.txt", "");
        assertEquals("nothing readable in " + zero + ": it is empty", refusal(zero));
        Path blank = write("blank.txt", "\n  \n");
        assertEquals("nothing readable in " + blank + ": it is empty", refusal(blank));
        Path binary = write("sar.bin", new byte[] {0, 1, 2});
        assertEquals("nothing readable in " + binary + ": it is binary", refusal(binary));
        Path prose = write("prose.txt", "Dear all,\nthe host is slow.\n");
        assertEquals(
                "nothing readable in " + prose + ": none of its 2 lines is in a format that is known", refusal(prose));
        assertEquals(
                "nothing readable in " + folder + ": none of its 4 files with 2 lines is in a format that is known",
                refusal(folder));
        assertEquals("no path was given: name a folder, a file or an archive", refusal());
        assertEquals(
                "nothing readable in the pasted text: none of its 1 line is in a format that is known",
                assertThrows(NothingReadable.class, () -> Capture.of("hello")).getMessage());
        assertEquals(
                "nothing readable in standard input: it is empty",
                assertThrows(NothingReadable.class, () -> Capture.stdin(new ByteArrayInputStream(new byte[0])))
                        .getMessage());
    }

    @Test
    void linksThatLeaveTheCaptureAreNotFollowed() throws IOException {
        write("outside/secret.txt", "net.ipv4.tcp_tw_reuse = 1\n");
        write("inside/uname.txt", UNAME);
        Path inside = folder.resolve("inside");
        Files.createSymbolicLink(inside.resolve("again.txt"), Path.of("uname.txt"));
        Files.createSymbolicLink(inside.resolve("away.txt"), folder.resolve("outside/secret.txt"));
        Files.createSymbolicLink(inside.resolve("folder"), folder.resolve("outside"));
        Files.createSymbolicLink(inside.resolve("loop"), Path.of("."));
        Files.createSymbolicLink(inside.resolve("dangling"), Path.of("gone"));
        Capture capture = Capture.read(inside);
        assertEquals(
                List.of("uname.txt"),
                capture.sources().stream().map(Capture.Item::path).toList());
        assertEquals(
                List.of(
                        "away.txt is a link that leaves the capture: not followed",
                        "dangling is a link that leads nowhere: not followed",
                        "folder is a link that leaves the capture: not followed"),
                capture.problems());
    }

    @Test
    void aFileBeyondTheLimitIsRefusedByName() throws IOException {
        write("uname.txt", UNAME);
        write("huge.txt", "x".repeat(101));
        Capture capture = Capture.read(new Limits(10, 100, 1000, 100, 64), folder);
        assertEquals(List.of("huge.txt is larger than 100 bytes (plimsoll.limit.file): not read"), capture.problems());
        assertEquals("edge-1", capture.name());
    }

    @Test
    void theLiveHostIsReadBelowItsRoot() throws IOException {
        write("proc/sys/kernel/hostname", "edge-3\n");
        write("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
        write("proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
        write("proc/version", "Linux version 6.1.0-18-amd64 (builder@host) (gcc 12.2.0) #1 SMP\n");
        write("sys/module/nf_conntrack/parameters/hashsize", "65536\n");
        write("boot/config-6.1.0-18-amd64", "CONFIG_HZ=250\n");
        Capture capture = Capture.live(folder);
        assertEquals("edge-3", capture.name());
        assertEquals("HZ = 250  READ (/boot/config-6.1.0-18-amd64:1)", said(capture, "HZ"));
        assertEquals(
                "module:nf_conntrack.hashsize = 65536  READ (/sys/module/nf_conntrack/parameters/hashsize:1)",
                said(capture, "module:nf_conntrack.hashsize"));
        assertEquals(
                "net.ipv4.ip_local_reserved_ports =   READ (/proc/sys/net/ipv4/ip_local_reserved_ports:1)",
                said(capture, "net.ipv4.ip_local_reserved_ports"));
        assertTrue(capture.problems().contains("/proc/net/tcp is not there"), capture.problems()::toString);
        assertTrue(
                capture.problems()
                        .contains("/proc/net/nf_conntrack is not there: the module nf_conntrack is not loaded, or shows"
                                + " its table to conntrack -L only"),
                capture.problems()::toString);
        Path none = folder.resolve("none");
        assertEquals(
                "there is no " + none.resolve("proc") + ": the live host is read from the /proc of Linux",
                assertThrows(NothingReadable.class, () -> Capture.live(none)).getMessage());
    }

    @Test
    void anAccessLogOfItsOwnFormatIsToldWhatNamesItsColumns() throws IOException {
        write("uname.txt", "Linux web1 6.1.0-18-amd64 #1 SMP x86_64 GNU/Linux\n");
        write("access.log", "1795224441.883 200 2.902 0.201 \"GET /a HTTP/1.1\"\n");
        assertEquals(
                List.of("a request in a log_format of its own? The nginx configuration that defines it, read with it,"
                        + " names the columns"),
                Capture.read(folder).rejected().stream().map(Reject::reason).toList());
    }
}
