package plimsoll.notebooks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.jspecify.annotations.Nullable;
import plimsoll.dsl.Terminal;

/** JShell with Plimsoll on its class path, imports done, and the variable {@code host} loaded. */
public final class Shell {
    static final String START = "start.jsh";

    /** JShell cuts what it shows at 1,000 characters; an explanation is longer. */
    private static final String SHOW_WHOLE =
            """
            /set mode plimsoll normal -quiet
            /set truncation plimsoll 100000
            /set mode plimsoll -retain
            /set feedback -retain plimsoll
            /exit
            """;

    private Shell() {}

    /**
     * Opens it on the terminal, or runs the script on standard input, and returns when it is left.
     *
     * @param path a folder, file or archive to load as {@code host}; {@code here} is this machine; null loads none
     * @return JShell's exit code, or that of the script
     * @throws plimsoll.telemetry.NothingReadable when there is nothing to read in the path: said before anything is opened
     */
    public static int open(@Nullable String path) {
        Start.read(path);
        return terminal()
                ? run(JavaShellToolBuilder.builder(), path)
                : Script.run(path != null, System.in, System.out, System.err);
    }

    /** True where a person types: standard input is a terminal, whatever becomes of the output. */
    private static boolean terminal() {
        try {
            String in =
                    Files.readSymbolicLink(Path.of("/proc", "self", "fd", "0")).toString();
            return in.startsWith("/dev/pts/") || in.startsWith("/dev/tty") || in.equals("/dev/console");
        } catch (IOException e) {
            return true; // no Linux: nothing else tells
        }
    }

    static int run(JavaShellToolBuilder builder, @Nullable String path) {
        try {
            Path folder = Files.createTempDirectory("plimsoll-shell");
            Path start = folder.resolve(START);
            try {
                try (InputStream text = Objects.requireNonNull(Shell.class.getResourceAsStream(START))) {
                    Files.copy(text, start);
                }
                return builder.persistence(shownWhole())
                        .start(arguments(start, path).toArray(String[]::new));
            } finally {
                Files.deleteIfExists(start);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the shell's start-up script cannot be written: " + e.getMessage(), e);
        } catch (Exception e) {
            throw new IllegalStateException("JShell did not start: " + e.getMessage(), e);
        }
    }

    /** What a session keeps that was told to show values whole: JShell takes a mode of our own in no other way before it starts. */
    private static Map<String, String> shownWhole() throws Exception {
        var kept = new HashMap<String, String>();
        JavaShellToolBuilder.builder()
                .persistence(kept)
                .in(new ByteArrayInputStream(SHOW_WHOLE.getBytes(StandardCharsets.UTF_8)), null)
                .out(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .start("--no-startup", "--execution", "local");
        kept.keySet().removeIf(k -> k.startsWith("HISTORY"));
        return kept;
    }

    private static List<String> arguments(Path start, @Nullable String path) {
        var arguments = new ArrayList<>(
                List.of("--class-path", ClassPath.of(), "--startup", "DEFAULT", "--startup", start.toString()));
        arguments.addAll(List.of("--execution", Sentences.NAME));
        if (Terminal.colours()) {
            arguments.add("-R-D" + Terminal.COLOURS + "=true");
        }
        arguments.add("-R-D" + Start.PATH + "=" + (path == null ? "" : path));
        return arguments;
    }
}
