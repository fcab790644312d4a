package plimsoll.notebooks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The class path of this Java. */
final class ClassPath {
    private ClassPath() {}

    /** Its entries that are there: JShell refuses to start on one that is not. */
    static String of() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(p -> !p.isEmpty() && Files.exists(Path.of(p)))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
