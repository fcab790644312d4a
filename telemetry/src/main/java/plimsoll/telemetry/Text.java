package plimsoll.telemetry;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A captured text as one source printed it: an immutable value. A transcript of several commands is several texts of one path.
 *
 * @param path the file it comes from, relative to the capture; {@code -} for standard input
 * @param firstLine the number of its first line in that file, from 1
 * @param command the command that printed it, where a prompt line or a {@code /proc} path says so
 * @param namespace the network namespace or container it was run in, where the command line or the file's name says so
 * @param lines the lines, without their ends
 */
public record Text(
        String path, int firstLine, Optional<String> command, Optional<String> namespace, List<String> lines) {
    public Text {
        Objects.requireNonNull(path);
        Objects.requireNonNull(command);
        Objects.requireNonNull(namespace);
        lines = lines instanceof Lines ? lines : List.copyOf(lines);
    }

    /** A text printed by {@code command}, which may be run in a network namespace: {@code ip netns exec web ss -tan}. */
    public Text(String path, int firstLine, Optional<String> command, List<String> lines) {
        this(path, firstLine, command.map(Inside::command), Inside.namespace(path, command), lines);
    }

    /** From this size on, in bytes, a text is left as bytes, and its lines are decoded when they are asked for: short ones are small. */
    private static final int LARGE = 64 << 10;

    private static final int EARLY = 20;

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
        for (String line : lines) {
            if (!line.isBlank()) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /** True where one of the first lines is of that shape: of a log, the very first may be the end of one. */
    boolean early(Pattern line) {
        return lines.stream().limit(EARLY).anyMatch(l -> line.matcher(l).matches());
    }

    /** Lines {@code from} to {@code to} (exclusive) as a text of their own, printed by {@code by}. */
    Text part(int from, int to, Optional<String> by) {
        List<String> some = lines.subList(from, to);
        return by.equals(command)
                ? new Text(path, firstLine + from, command, namespace, some)
                : new Text(path, firstLine + from, by, some);
    }

    /** Where line {@code index} of this text stands: {@code path:number}. */
    public String at(int index) {
        return path + ":" + (firstLine + index);
    }
}
