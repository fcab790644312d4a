package plimsoll.notebooks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.jspecify.annotations.Nullable;

/** JShell with Plimsoll on its class path, imports done, and the variable {@code host} loaded. */
public final class Shell {
    private static final String SCRIPT = "start.jsh";

    private Shell() {}

    /**
     * Opens it on the terminal, or on the lines of standard input, and returns when it is left.
     *
     * @param path a folder, file or archive to load as {@code host}; {@code here} is this machine; null loads none
     * @return JShell's exit code
     * @throws plimsoll.telemetry.NothingReadable when there is nothing to read in the path: said before anything is opened
     */
    public static int open(@Nullable String path) {
        Start.host(path);
        return run(JavaShellToolBuilder.builder(), path);
    }

    static int run(JavaShellToolBuilder builder, @Nullable String path) {
        try {
            Path folder = Files.createTempDirectory("plimsoll-shell");
            Path script = folder.resolve(SCRIPT);
            try {
                try (InputStream text = Objects.requireNonNull(Shell.class.getResourceAsStream(SCRIPT))) {
                    Files.copy(text, script);
                }
                return builder.start(arguments(script, path).toArray(String[]::new));
            } finally {
                Files.deleteIfExists(script);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the shell's start-up script cannot be written: " + e.getMessage(), e);
        } catch (Exception e) {
            throw new IllegalStateException("JShell did not start: " + e.getMessage(), e);
        }
    }

    private static List<String> arguments(Path script, @Nullable String path) {
        var arguments = new ArrayList<>(
                List.of("--class-path", classPath(), "--startup", "DEFAULT", "--startup", script.toString()));
        if (path != null) {
            arguments.add("-R-D" + Start.PATH + "=" + path);
        }
        return arguments;
    }

    /** JShell refuses to start on an entry that is not there. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(p -> !p.isEmpty() && Files.exists(Path.of(p)))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
