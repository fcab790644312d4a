package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
    private static final Path SCRIPT = Path.of("..", "collect.sh");

    /** What is another number a moment later, by the beginning of the fact's name: not compared between two captures of a live host. */
    private static final Set<String> VOLATILE = Set.of(
            "ss:",
            "sockstat",
            "protocols:",
            "snmp",
            "netstat",
            "softnet:",
            "dev:",
            "meminfo:",
            "vmstat:",
            "zoneinfo:",
            "buddyinfo:",
            "slab",
            "swaps:",
            "pressure:",
            "loadavg:",
            "uptime",
            "stat:",
            "diskstats:",
            "jbd2:",
            "cgroup:",
            "conntrack:",
            "states:",
            "date",
            "fs.file-nr",
            "fs.inode-nr",
            "fs.aio-nr",
            "net.netfilter.nf_conntrack_count",
            "module:");

    @TempDir
    private Path folder;

    private Path root;

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    @BeforeEach
    void aHost() throws IOException {
        root = folder.resolve("root");
        write("proc/version", "Linux version 6.1.0-18-amd64 (builder@host) (gcc 12.2.0) #1 SMP\n");
        write("proc/sys/kernel/hostname", "edge-3\n");
        write("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        write("proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
        write("proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait", "120\n");
        write("proc/net/sockstat", "sockets: used 290\nTCP: inuse 6 orphan 0 tw 3 alloc 9 mem 1\n");
        write("etc/nginx/nginx.conf", "worker_processes 4;\nhttp { server { listen 80; } }\n");
        write("etc/nginx/conf.d/a b.conf", "server { listen 81; }\n");
        write("etc/nginx/conf.d/.hidden.conf", "server { listen 82; }\n");
        write("etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n");
    }

    private static Map<String, String> facts(Capture capture) {
        var facts = new TreeMap<String, String>();
        capture.facts()
                .names()
                .forEach(n -> facts.put(n, capture.facts().find(n).orElseThrow().text()));
        return facts;
    }

    private static Map<String, String> stable(Capture capture) {
        var facts = facts(capture);
        facts.keySet().removeIf(n -> VOLATILE.stream().anyMatch(n::startsWith));
        return facts;
    }

    private static Path sh(Path out, String... options) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh");
        var command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
        command.addAll(List.of(options));
        command.add(out.toString());
        Path said = out.resolveSibling("said");
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        assertEquals(0, code, () -> read(said));
        return out;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everySettingIsTaken() {
        Path none = folder.resolve("none");
        Set<String> taken =
                Inventory.files(none).stream().map(Inventory.Wanted::path).collect(Collectors.toSet());
        List<String> patterns = List.of("nf_conntrack_tcp_", "_timeout");
        List<String> left = Settings.all().stream()
                .flatMap(s -> s.path().stream())
                .filter(p -> !taken.contains(p) && patterns.stream().noneMatch(p::contains))
                .toList();
        assertEquals(List.of(), left);
    }

    @Test
    void noKeyAndNothingThatActsWhenReadIsTaken() throws IOException {
        for (String path : List.of(
                "proc/sys/net/ipv4/tcp_fastopen_key", "proc/sys/vm/stat_refresh", "proc/sys/net/core/netdev_rss_key")) {
            write(path, "1\n");
        }
        List<String> taken =
                Inventory.files(root).stream().map(Inventory.Wanted::path).toList();
        assertTrue(taken.contains("/proc/sys/net/ipv4/ip_local_port_range"));
        assertFalse(taken.stream().anyMatch(p -> p.matches(".*(_key|stat_refresh)")), taken::toString);
        assertFalse(taken.stream().anyMatch(p -> p.matches("/proc/\\d+/.*")), taken::toString);
    }

    @Test
    void anArchiveAndAFolderReadBackGiveTheFactsOfTheHost() throws IOException {
        Capture live = Capture.live(root);
        Recording recording = Recording.take(root);
        Path archive = folder.resolve("c.tar.gz");
        Path plain = folder.resolve("c");
        recording.save(archive);
        recording.save(plain);
        assertEquals("120", facts(live).get("net.netfilter.nf_conntrack_tcp_timeout_time_wait"));
        assertEquals("3", facts(live).get("sockstat:TCP.tw"));
        assertEquals(facts(live), facts(Capture.read(archive)));
        assertEquals(facts(live), facts(Capture.read(plain)));
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)));
    }

    @Test
    void theScriptAndTheProgramTakeTheSameFiles() throws IOException, InterruptedException {
        Path script = folder.resolve("script.tgz");
        sh(script, "--root", root.toString());
        Path program = folder.resolve("program.tgz");
        Recording.take(root).save(program);
        assertEquals(paths(program), paths(script));
        assertTrue(paths(script).contains("/etc/nginx/conf.d/a b.conf"), () -> paths(script)
                .toString());
        assertEquals(facts(Capture.read(program)), facts(Capture.read(script)));
    }

    private static List<String> paths(Path archive) {
        return Capture.read(archive).sources().stream()
                .map(i -> i.path().replaceFirst("^[^/]*", "").replaceFirst(":\\d+$", ""))
                .distinct()
                .toList();
    }

    @Test
    void onALiveHostTheyGiveTheSameFacts() throws IOException, InterruptedException {
        assumeTrue(Files.isReadable(Path.of("/proc/net/sockstat")), "there is no /proc of Linux");
        Capture script = Capture.read(sh(folder.resolve("live.tar.gz")));
        Path out = folder.resolve("record.tar.gz");
        Recording.take().save(out);
        Capture program = Capture.read(out);
        assertEquals(facts(program).keySet(), facts(script).keySet());
        assertEquals(stable(program), stable(script));
        assertTrue(stable(script).size() > 20, () -> stable(script).toString());
        assertEquals(program.tables(), script.tables());
    }

    @Test
    void aListingBeyondItsLimitIsCutAndReadAsAnExcerpt() throws IOException, InterruptedException {
        String header =
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
        String row =
                "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 "
                        + "0000000000000000 100 0 0 10 0                     \n";
        int rows = (33 << 20) / row.length();
        write("proc/net/tcp", header + row.repeat(rows));
        Path program = folder.resolve("program.tgz");
        Recording recording = Recording.take(root);
        recording.save(program);
        assertTrue(
                recording.missing().contains("/proc/net/tcp: cut at 33554432 bytes: an excerpt"),
                () -> recording.missing().toString());
        Path script = sh(folder.resolve("script.tgz"), "--root", root.toString());
        for (Path archive : List.of(program, script)) {
            Rows sockets = Capture.read(archive).table("sockets").orElseThrow();
            assertTrue(sockets.excerpt(), archive.toString());
            assertEquals((double) (32 << 20) / row.length(), sockets.size(), 2);
        }
        Path whole = sh(folder.resolve("whole.tgz"), "--whole", "--root", root.toString());
        Rows sockets = Capture.read(whole).table("sockets").orElseThrow();
        assertFalse(sockets.excerpt());
        assertEquals(rows, sockets.size());
    }

    @Test
    void whatIsThereIsNotOverwritten() throws IOException {
        Path there = Files.write(folder.resolve("a.tar.gz"), new byte[] {1});
        Recording recording = Recording.take(root);
        assertEquals(
                there + " is there already: give another name",
                assertThrows(IllegalArgumentException.class, () -> recording.save(there))
                        .getMessage());
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(there));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNotLeftHalf() throws IOException {
        Recording recording = Recording.take(root);
        Path file = Files.writeString(folder.resolve("file"), "x");
        UncheckedIOException e =
                assertThrows(UncheckedIOException.class, () -> recording.save(file.resolve("capture")));
        String said = String.valueOf(e.getMessage());
        assertTrue(said.startsWith("cannot write " + file.resolve("capture") + ": "), said);
        try (var left = Files.list(folder)) {
            assertEquals(
                    List.of("file", "root"),
                    left.map(p -> p.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aCommandIsRunWhereItsConditionHolds() throws IOException {
        write("proc/sys/fs/file-nr", "20000\t0\t9\n");
        assertTrue(new Inventory.Run(1, "-", "date").holds(root));
        assertTrue(new Inventory.Run(1, "/proc/sys/fs/file-nr", "date").holds(root));
        assertFalse(new Inventory.Run(1, "/proc/none", "date").holds(root));
        assertTrue(new Inventory.Run(1, "/proc/sys/fs/file-nr<=20000", "date").holds(root));
        assertFalse(new Inventory.Run(1, "/proc/sys/fs/file-nr<=19999", "date").holds(root));
        assertTrue(new Inventory.Run(1, "/proc/sys/fs/file-nr>19999", "date").holds(root));
        assertFalse(new Inventory.Run(1, "/proc/sys/fs/file-nr>20000", "date").holds(root));
        assertFalse(new Inventory.Run(1, "/proc/none<=5", "date").holds(root));
        assertEquals(
                List.of("date", "uname", "grep", "zcat", "ss", "conntrack"),
                Inventory.runs().stream().map(Inventory.Run::tool).distinct().toList());
    }
}
