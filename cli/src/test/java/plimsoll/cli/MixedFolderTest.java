package plimsoll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plimsoll.analyses.Host;

/** A folder as it is left of an incident: 200 files of every kind, some twice, some that nobody knows. */
class MixedFolderTest {
    private static final Path SAMPLES =
            Path.of("..", "telemetry", "src", "test", "resources", "plimsoll", "telemetry", "samples");
    private static final int FILES = 200;

    @TempDir
    private Path folder;

    private void mixed() throws IOException {
        var known = new ArrayList<Path>();
        for (Path root : List.of(SAMPLES, Ran.DATASETS)) {
            try (var files = Files.walk(root)) {
                files.filter(Files::isRegularFile)
                        // what is in an archive has the archive's own folders
                        .filter(f -> !f.toString().matches(".*\\.(gz|tgz|tar|xz|zip)"))
                        .sorted()
                        .forEach(known::add);
            }
        }
        for (int i = 0; i < FILES; i++) {
            Path from = known.get(i % known.size());
            Path into = Files.createDirectories(folder.resolve("var/tmp/incident-2026-11-21/step" + i / 20));
            String name = (i < 100 ? "0" : "") + (i < 10 ? "0" : "") + i + "-" + from.getFileName();
            switch (i % 25) {
                case 7 ->
                    Files.writeString(
                            into.resolve(i + "-notes-of-the-night.md"), "It began at two. Nobody knew why.\n");
                case 13 ->
                    Files.write(into.resolve(i + "-core"), new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0});
                case 19 -> Files.createFile(into.resolve(i + "-empty.txt"));
                default -> Files.copy(from, into.resolve(name));
            }
        }
    }

    @Test
    void theTableHasALineForEachAndFitsItsScreen() throws IOException {
        mixed();
        Ran ran = Ran.of("sources", folder.toString());
        assertEquals(0, ran.code(), ran.err());
        assertEquals("", ran.err());
        var host = Host.read(folder.toString());
        assertTrue(host.capture().sources().size() >= FILES);
        for (int width : new int[] {80, 100, 120, 200}) {
            List<String> lines = host.sources().text(width).lines().toList();
            assertEquals("All in var/tmp/incident-2026-11-21/", lines.get(0));
            lines = lines.subList(2, lines.size());
            int end = lines.indexOf("");
            for (String line : lines) {
                assertTrue(line.length() <= width, () -> width + ": " + line);
            }
            long rows = lines.subList(1, end).stream()
                    .filter(l -> l.matches("\\S.* +[\\d,]+ +[\\d,]+ .*(yes|no)( .*)?"))
                    .count();
            assertEquals(host.capture().sources().size(), rows, "at " + width);
        }
        String sum = ran.out()
                .lines()
                .filter(l -> l.contains(" sources: "))
                .findFirst()
                .orElse("");
        assertTrue(sum.contains(" used, ") && sum.contains(" 8 binary") && sum.contains(" empty"), sum);
        // nothing is cut where a program reads it
        for (var item : host.capture().sources()) {
            assertTrue(ran.out().contains(item.path()), item.path());
        }
    }

    @Test
    void aPipeSeesNoProgress() throws IOException {
        mixed();
        assertEquals("", Ran.of("sources", folder.toString(), "--rejected").err());
    }
}
