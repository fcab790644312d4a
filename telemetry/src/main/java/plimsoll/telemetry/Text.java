package plimsoll.telemetry;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A captured text as one source printed it: an immutable value. A transcript of several commands is several texts of one path.
 *
 * @param path the file it comes from, relative to the capture; {@code -} for standard input
 * @param firstLine the number of its first line in that file, from 1
 * @param command the command that printed it, where a prompt line or a {@code /proc} path says so
 * @param lines the lines, without their ends
 */
public record Text(String path, int firstLine, Optional<String> command, List<String> lines) {
    public Text {
        Objects.requireNonNull(path);
        Objects.requireNonNull(command);
        lines = List.copyOf(lines);
    }

    /** A whole file. */
    public static Text of(String path, String content) {
        return new Text(path, 1, Optional.empty(), content.lines().toList());
    }

    /** Where line {@code index} of this text stands: {@code path:number}. */
    public String at(int index) {
        return path + ":" + (firstLine + index);
    }
}
