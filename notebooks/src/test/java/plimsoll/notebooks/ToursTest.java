package plimsoll.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tours run as scripts, and what they print is what was kept; a live one is only run. */
class ToursTest {
    /** The first line of a cell whose output differs from run to run. */
    private static final String VOLATILE = "// volatile";

    private static final Path TOURS = Path.of("tours");
    private static final Path KEPT = Path.of("src", "test", "resources", "plimsoll", "notebooks", "tours");

    static Stream<String> tours() throws IOException {
        try (Stream<Path> files = Files.list(TOURS)) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".jsh"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("tours")
    void prints(String tour) throws IOException {
        // paths in a tour start at the folder of the repository
        String script = Files.readString(TOURS.resolve(tour)).replace("\"datasets/", "\"../datasets/");
        var bytes = new ByteArrayOutputStream();
        var print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        PrintStream out = System.out;
        System.setOut(print);
        int code;
        try {
            code = Script.run(false, new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)), print, print);
        } finally {
            System.setOut(out);
        }
        String printed = bytes.toString(StandardCharsets.UTF_8);
        assertEquals(0, code, printed);
        assertTrue(printed.lines().count() > 40, printed);
        if (tour.contains("here")) {
            return;
        }
        Path kept = KEPT.resolve(tour.replace(".jsh", ".txt"));
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(KEPT);
            Files.writeString(kept, printed);
        }
        assertEquals(Files.readString(kept), printed);
    }

    /** What makes a notebook of a script relies on this. */
    @ParameterizedTest
    @MethodSource("tours")
    void isWrittenInCells(String tour) throws IOException {
        List<String> blocks =
                List.of(Files.readString(TOURS.resolve(tour)).strip().split("\n\n+"));
        assertTrue(blocks.get(0).startsWith("// # "), blocks.get(0));
        for (String block : blocks) {
            boolean text = block.startsWith("//") && !block.startsWith(VOLATILE);
            block.lines().filter(l -> !l.equals(VOLATILE)).forEach(l -> {
                assertEquals(text, l.startsWith("//"), "a block is text or code: " + block);
                assertTrue(!text || l.equals("//") || l.startsWith("// "), l);
                assertTrue(!l.startsWith("/") || text, "a command has no place in a notebook: " + l);
                assertTrue(l.length() <= 150, l);
            });
        }
        assertTrue(blocks.stream().anyMatch(b -> b.contains(".plot()")), "a tour has pictures");
        assertTrue(blocks.get(blocks.size() - 1).contains("decision")
                || blocks.get(blocks.size() - 2).contains("decision"));
    }
}
