package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;

/**
 * Whatever bytes a capture holds, nothing but {@link NothingReadable} comes out. A build reads the inputs kept beside this class;
 * {@code CONTRIBUTING.md} says how to let Jazzer look for new ones.
 */
class HostileTest {
    /** Sources that cannot tell by content ask for the file's name: one of each kind. */
    private static final List<String> PATHS = List.of(
            "a.txt",
            "proc/sys/net/ipv4/ip_local_port_range",
            "proc/sys/net/ipv4/ip_local_reserved_ports",
            "etc/sysctl.d/99-net.conf",
            "etc/nginx/nginx.conf",
            "proc/net/tcp",
            "proc/net/nf_conntrack");

    private static final List<String> CONTAINERS = List.of("a.tar", "a.tar.gz", "a.tar.xz", "a.zip", "a.gz", "a.xz");

    private static final Collected.Limits SMALL = new Collected.Limits(100, 1 << 20, 4 << 20, 100, 8);

    @FuzzTest(maxDuration = "20m")
    void everySourceAccountsForEveryLine(byte[] bytes) {
        Text whole = Text.of("a.txt", Decoded.text(bytes));
        List<String> lines = whole.lines();
        Optional<String> command = lines.isEmpty() ? Optional.empty() : Command.prompt(lines.get(0));
        for (String path : command.isPresent() ? PATHS.subList(0, 1) : PATHS) {
            Text text = new Text(path, 1, command, command.isPresent() ? lines.subList(1, lines.size()) : lines);
            for (Source source : Sources.ALL) {
                source.match(text);
                Parsed parsed = source.parse(text);
                assertEquals(
                        text.lines().size(),
                        parsed.used() + parsed.empty() + parsed.rejected().size(),
                        source.name());
            }
        }
    }

    @FuzzTest(maxDuration = "20m")
    void aTextIsReadOrRefused(byte[] bytes) {
        try {
            Capture capture = Capture.stdin(new ByteArrayInputStream(bytes));
            capture.tables().forEach(t -> capture.table(t).orElseThrow().table());
            assertEquals(1, capture.toString().lines().count());
            capture.rejected().forEach(r -> assertTrue(r.text().lines().limit(2).count() <= 1, r::toString));
        } catch (NothingReadable e) {
            // that is the answer
        }
    }

    @FuzzTest(maxDuration = "20m")
    void anArchiveIsReadOrRefused(byte[] bytes) {
        for (String name : CONTAINERS) {
            var collected = new Collected(SMALL);
            collected.addArchive(name, new ByteArrayInputStream(bytes));
            long read =
                    collected.files().stream().mapToLong(Collected.Found::bytes).sum();
            assertTrue(read <= 4 << 20, name);
        }
    }
}
