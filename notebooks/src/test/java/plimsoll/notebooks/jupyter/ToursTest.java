package plimsoll.notebooks.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tour's notebook is what its script makes of it, outputs and all; {@code -Dgolden.update=true} writes them anew. */
class ToursTest {
    private static final Path TOURS = Path.of("tours");
    private static final Path HOSTILE =
            Path.of("src", "test", "resources", "plimsoll", "notebooks", "jupyter", "hostile.jsh");

    static List<Path> scripts() throws IOException {
        var scripts = new ArrayList<>(List.of(HOSTILE));
        if (Files.isDirectory(TOURS)) {
            try (Stream<Path> files = Files.list(TOURS)) {
                files.filter(f -> f.toString().endsWith(".jsh")).sorted().forEach(scripts::add);
            }
        }
        return scripts;
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void theNotebookIsWhatTheScriptShows(Path script) throws IOException {
        Path notebook = script.resolveSibling(script.getFileName().toString().replace(".jsh", ".ipynb"));
        assumeTrue(
                Files.exists(notebook) || Boolean.getBoolean("golden.update"),
                () -> "NOT RUN: " + notebook + " is not there; -Dgolden.update=true makes it");
        String made = Executed.notebook(Files.readString(script));
        String kept = Files.exists(notebook) ? Executed.comparable(Files.readString(notebook)) : "";
        if (Boolean.getBoolean("golden.update") && !kept.equals(Executed.comparable(made))) {
            Files.writeString(notebook, made);
            kept = Executed.comparable(made);
        }
        assertEquals(kept, Executed.comparable(made), () -> notebook + " is not what " + script + " shows");
        assertTrue(Files.size(notebook) < 2_000_000, () -> notebook + " is too large for a code host to show");
    }

    @Test
    void everyNotebookHasItsScript() throws IOException {
        if (Files.isDirectory(TOURS)) {
            try (Stream<Path> files = Files.list(TOURS)) {
                assertEquals(
                        List.of(),
                        files.filter(f -> f.toString().endsWith(".ipynb"))
                                .filter(f ->
                                        Files.notExists(Path.of(f.toString().replace(".ipynb", ".jsh"))))
                                .toList());
            }
        }
    }

    @Test
    void commentsAreTextAndBlocksAreCode() {
        String script =
                """
                // # A tour
                //
                // of two parts
                var text = \"""
                    one

                    two\"""

                // ## Then
                text.length()
                text.strip()

                // volatile
                System.nanoTime()

                Doubts.of(text).print()
                /exit
                """;
        assertEquals(
                List.of(
                        new TourNotebook.Cell(false, false, "# A tour\n\nof two parts"),
                        new TourNotebook.Cell(true, false, "var text = \"\"\"\n    one\n\n    two\"\"\""),
                        new TourNotebook.Cell(false, false, "## Then"),
                        new TourNotebook.Cell(true, false, "text.length()\ntext.strip()"),
                        new TourNotebook.Cell(true, true, "System.nanoTime()"),
                        new TourNotebook.Cell(true, false, "Doubts.of(text)")),
                TourNotebook.of(script).cells());
    }
}
