package plimsoll.dsl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files whole: one that is there already is replaced only when the new one is complete. */
public final class WholeFile {
    private WholeFile() {}

    /** Writes a text as UTF-8, as {@link #write(String, byte[])} does. */
    public static Path write(String file, String text) {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes the bytes and returns the absolute path.
     *
     * @throws UncheckedIOException when the file cannot be written; the message is one sentence that says why
     */
    public static Path write(String file, byte[] bytes) {
        Path path = Path.of(file).toAbsolutePath();
        Path folder = path.getParent();
        if (folder == null || Files.isDirectory(path)) {
            throw new UncheckedIOException("cannot write " + file + ": it is a folder", new NoSuchFileException(file));
        }
        if (!Files.isDirectory(folder)) {
            throw new UncheckedIOException(
                    "cannot write " + file + ": there is no folder " + folder, new NoSuchFileException(file));
        }
        // not a temporary file of the JDK's: only its owner could read what becomes of it
        Path aside = folder.resolve("." + path.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try {
                Files.write(aside, bytes, StandardOpenOption.CREATE_NEW);
                return Files.move(aside, path, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (AccessDeniedException e) {
            throw new UncheckedIOException("cannot write " + file + ": no permission to write in " + folder, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
