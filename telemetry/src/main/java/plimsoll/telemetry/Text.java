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
        lines = lines instanceof Lines ? lines : List.copyOf(lines);
    }

    /** From this size on, in bytes, a text is left as bytes, and its lines are decoded when they are asked for. */
    static final int LARGE = 4 << 20;

    /** A whole file. */
    public static Text of(String path, String content) {
        return new Text(path, 1, Optional.empty(), content.lines().toList());
    }

    /** A whole file of which the bytes are at hand. */
    static Text of(String path, Lines lines) {
        return lines.bytes() < LARGE ? of(path, lines.text()) : new Text(path, 1, Optional.empty(), lines);
    }

    /** True where the command that printed it lets only some lines through: {@code | grep tcp}, {@code | head}. */
    public boolean excerpt() {
        return command.isPresent() && Command.filters(command.get());
    }

    /** The first line that is not blank. */
    Optional<String> first() {
        return lines.stream().filter(l -> !l.isBlank()).findFirst();
    }

    /** Lines {@code from} to {@code to} (exclusive) as a text of their own, printed by {@code by}. */
    Text part(int from, int to, Optional<String> by) {
        return new Text(path, firstLine + from, by, lines.subList(from, to));
    }

    /** Where line {@code index} of this text stands: {@code path:number}. */
    public String at(int index) {
        return path + ":" + (firstLine + index);
    }
}
