package plimsoll.notebooks.jupyter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tour's notebook is what its script makes of it, outputs and all; {@code -Dgolden.update=true} writes them anew. */
class ToursTest {
    private static final Path TOURS = Path.of("tours");
    private static final Pattern IMAGE = Pattern.compile("data:image/png;base64,([A-Za-z0-9+/=]+)");
    private static final Path HOSTILE =
            Path.of("src", "test", "resources", "plimsoll", "notebooks", "jupyter", "hostile.jsh");

    static List<Path> scripts() throws IOException {
        var scripts = new ArrayList<>(List.of(HOSTILE));
        try (Stream<Path> files = Files.list(TOURS)) {
            files.filter(f -> f.toString().endsWith(".jsh")).sorted().forEach(scripts::add);
        }
        return scripts;
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void theNotebookIsWhatTheScriptShows(Path script) throws IOException {
        Path notebook = notebook(script);
        assertTrue(
                Files.exists(notebook) || Boolean.getBoolean("golden.update"),
                () -> notebook + " is not there; -Dgolden.update=true makes it");
        String made = Executed.notebook(Files.readString(script));
        String kept = Files.exists(notebook) ? Executed.comparable(Files.readString(notebook)) : "";
        if (Boolean.getBoolean("golden.update") && !kept.equals(Executed.comparable(made))) {
            Files.writeString(notebook, made);
            kept = Executed.comparable(made);
        }
        assertEquals(kept, Executed.comparable(made), () -> notebook + " is not what " + script + " shows");
        assertTrue(Files.size(notebook) < 2_000_000, () -> notebook + " is too large for a code host to show");
    }

    private static Path notebook(Path script) {
        return script.resolveSibling(script.getFileName().toString().replace(".jsh", ".ipynb"));
    }

    @Test
    void everyNotebookHasItsScript() throws IOException {
        try (Stream<Path> files = Files.list(TOURS)) {
            assertEquals(
                    List.of(),
                    files.filter(f -> f.toString().endsWith(".ipynb"))
                            .filter(f -> Files.notExists(Path.of(f.toString().replace(".ipynb", ".jsh"))))
                            .toList());
        }
        assertEquals(6, scripts().size(), "five tours, and one that is hostile");
    }

    /** What a code host shows, which runs no script: in each figure stands an image, and it is not empty. */
    @ParameterizedTest
    @MethodSource("scripts")
    void everyFigureIsAnImageWithoutAnyScript(Path script) throws IOException {
        String kept = Files.readString(notebook(script));
        assertFalse(kept.contains("<script data-plimsoll"), "the library is sent by a session, not kept");
        List<BufferedImage> images = new ArrayList<>();
        Matcher image = IMAGE.matcher(kept);
        while (image.find()) {
            images.add(ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(image.group(1)))));
        }
        assertEquals(kept.split("<figure class", -1).length - 1, images.size());
        assertTrue(images.size() >= 2, images.size() + " pictures are no tour");
        for (BufferedImage i : images) {
            assertTrue(i.getWidth() >= 1200 && i.getHeight() >= 300, i.getWidth() + " x " + i.getHeight());
            Set<Integer> colours = new HashSet<>();
            for (int x = 0; x < i.getWidth(); x++) {
                for (int y = 0; y < i.getHeight(); y += 4) {
                    colours.add(i.getRGB(x, y));
                }
            }
            assertTrue(colours.size() > 8, colours.size() + " colours: nothing is drawn");
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
