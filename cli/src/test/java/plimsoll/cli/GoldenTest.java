package plimsoll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The text report of every dataset, letter by letter. {@code -Dgolden.update=true} writes them anew: read the difference before it is kept. */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    static List<String> datasets() throws IOException {
        try (Stream<Path> folders = Files.list(Ran.DATASETS)) {
            return folders.filter(f -> Files.exists(f.resolve("MANIFEST.md")))
                    .map(f -> f.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreDatasets() throws IOException {
        assertFalse(datasets().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("datasets")
    void report(String dataset) throws IOException {
        golden(dataset, Ran.of("report", Ran.dataset(dataset)));
    }

    @Test
    void theFieldReportsQuestion() throws IOException {
        golden(
                "license-api-asked",
                Ran.of(
                        "report",
                        Ran.dataset("license-api"),
                        "--ask",
                        "ports.rate=500/s",
                        "--ask",
                        "ports.connected=100ms"));
    }

    private static void golden(String name, Ran ran) throws IOException {
        assertEquals("", ran.err());
        assertEquals(0, ran.code());
        Path golden = GOLDEN.resolve(name + ".txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, ran.out());
        }
        assertEquals(Files.readString(golden), ran.out());
    }
}
