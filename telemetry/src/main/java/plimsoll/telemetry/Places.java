package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the place of a text says of it: the path of its file, or the files that the command above it prints. */
final class Places {
    private static final Pattern PROCESS = Pattern.compile("(?:^|.*[/\\s_])proc[/_](\\d+|self|thread-self)[/_].*");
    private static final Pattern PRINTS = Pattern.compile(
            "(?:cat|head|tail|more|less|grep)\\s+(?:-\\S+\\s+|[.'\"^]+\\s+){0,9}(/[^|;&>]*?)(?:\\s*(?:\\d?>|[|;&]).*)?");

    private Places() {}

    /** The files that the command prints, else the text's own path. */
    static List<String> files(Text text) {
        if (text.command().isEmpty()) {
            return List.of(text.path());
        }
        Matcher m = PRINTS.matcher(text.command().get());
        var files = new ArrayList<String>();
        if (m.matches()) {
            for (String word : Fields.split(m.group(1))) {
                if (word.startsWith("/") && !word.contains("*")) {
                    files.add(word);
                }
            }
        }
        return files;
    }

    /** The one file that the text is; empty where a command prints several, or none. */
    static Optional<String> file(Text text) {
        List<String> files = files(text);
        return files.size() == 1 ? Optional.of(files.get(0)) : Optional.empty();
    }

    /** The process that {@code /proc/PID/...} names, in the command or the path; empty where neither says it. */
    static Optional<String> process(Text text) {
        Matcher m = PROCESS.matcher(text.command().orElse(text.path()));
        return m.matches() ? Optional.of(m.group(1)) : Optional.empty();
    }

    /** The process, else the path of the text, so that two processes never share a name. */
    static String processOrPath(Text text) {
        return process(text).orElse(text.path());
    }

    /** The first lines with something on them, at most {@code count}. */
    static List<String> head(Text text, int count) {
        var head = new ArrayList<String>(Math.min(count, 16));
        for (String line : text.lines()) {
            if (head.size() == count) {
                break;
            }
            if (!line.isBlank()) {
                head.add(line);
            }
        }
        return head;
    }
}
