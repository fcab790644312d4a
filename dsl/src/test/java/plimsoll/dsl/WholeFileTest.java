package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsReplacedAndNothingElseIsLeft() throws IOException {
        Path file = folder.resolve("a.txt");
        Files.writeString(file, "old, and longer");
        assertEquals(file, WholeFile.write(file.toString(), "neu ü\n"));
        assertEquals("neu ü\n", Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void whatCannotBeWrittenIsOneSentence() {
        String nowhere = folder + "/no/a.txt";
        assertEquals(
                "cannot write " + nowhere + ": there is no folder " + folder + "/no",
                assertThrows(UncheckedIOException.class, () -> WholeFile.write(nowhere, "a"))
                        .getMessage());
        assertEquals(
                "cannot write " + folder + ": it is a folder",
                assertThrows(UncheckedIOException.class, () -> WholeFile.write(folder.toString(), "a"))
                        .getMessage());
    }
}
