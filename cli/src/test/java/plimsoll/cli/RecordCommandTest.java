package plimsoll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordCommandTest {
    @TempDir
    private Path folder;

    private static void onLinux() {
        assumeTrue(Files.isReadable(Path.of("/proc/meminfo")), "there is no /proc of Linux");
    }

    @Test
    void oneMomentIsAnArchiveThatIsReadBack() {
        onLinux();
        String out = folder.resolve("c.tar.gz").toString();
        Ran ran = Ran.of("record", out);
        assertEquals(0, ran.code(), ran.err());
        assertTrue(ran.out().endsWith(": " + out + "\n"), ran.out());
        assertTrue(Ran.of("sources", out).out().contains("meminfo"));
        Ran again = Ran.of("record", out);
        assertEquals(2, again.code());
        assertEquals("plimsoll: " + out + " is there already: give another name\n", again.err());
    }

    @Test
    void severalMomentsAreFoldersNamedByTheirTimes() throws IOException {
        onLinux();
        Path out = folder.resolve("c");
        Ran ran = Ran.of("record", out.toString(), "--every", "200 ms", "--for", "400 ms");
        assertEquals("3 moments: " + out + "\n", ran.out(), ran.err());
        try (var moments = Files.list(out)) {
            List<String> names = moments.map(p -> p.getFileName().toString()).toList();
            assertEquals(3, names.size());
            assertTrue(
                    names.stream().allMatch(n -> n.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z")),
                    names::toString);
        }
        assertEquals(0, Ran.of("report", out.toString()).code());
    }

    @Test
    void wrongUsage() {
        String out = folder.resolve("c.tar.gz").toString();
        assertEquals(
                "plimsoll: --every and --for go together, as in --every 1s --for 60s\n",
                Ran.of("record", out, "--every", "1s").err());
        assertEquals(
                "plimsoll: several moments go into a folder, and " + out + " is an archive\n",
                Ran.of("record", out, "--every", "1s", "--for", "2s").err());
        assertEquals(
                "plimsoll: --every is from 100 ms to 7 days, and not '1 ms'\n",
                Ran.of("record", folder.resolve("c").toString(), "--every", "1 ms", "--for", "2s")
                        .err());
    }
}
