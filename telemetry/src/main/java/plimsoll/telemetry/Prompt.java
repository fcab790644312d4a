package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Holds an output against the command that stands above it: lines that its {@code grep} would not have let through, and the header that
 * counting a column would have counted too. Only what is certain is said; a command that is not understood in full proves nothing.
 */
final class Prompt {
    private static final Pattern PLAIN_FLAGS = Pattern.compile("-[iEFwvnHhsa]+");
    private static final Set<String> PASSES = Set.of("grep", "egrep", "fgrep", "zgrep", "head", "tail", "sort", "cat");
    private static final Pattern COUNTED = Pattern.compile(
            "(?:sudo )?(?:ss|netstat)((?: -\\w+)++) ?\\| ?awk '\\{ ?print ?\\$1;? ?\\}' ?\\| ?sort ?\\| ?uniq -c(?:"
                    + " ?\\| ?sort -\\w+)?");
    private static final Set<String> HEADERS = Set.of("State", "Netid");

    private Prompt() {}

    /** The lines that the command above them cannot have printed, and the line above which one is missing. */
    static List<Reject> foreign(Reading reading) {
        Text text = reading.text();
        if (text.command().isEmpty() || !reading.known()) {
            return List.of();
        }
        String command = text.command().get();
        var not = new HashSet<Integer>();
        reading.parsed().rejected().forEach(r -> not.add(r.line()));
        var foreign = new ArrayList<Reject>();
        List<Kept> greps = greps(command);
        boolean counted = COUNTED.matcher(command).matches() && !command.matches(".* -\\w*H.*");
        boolean header = false;
        int first = -1;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            int number = text.firstLine() + i;
            if (line.isBlank() || not.contains(number)) {
                continue;
            }
            first = first < 0 ? number : first;
            header |= HEADERS.stream().anyMatch(h -> line.strip().matches("\\d+ " + h));
            for (Kept grep : greps) {
                if (!grep.keeps(line)) {
                    foreign.add(new Reject(
                            text.path(), number, line, "'" + grep.stage + "' would not have let this line through"));
                    break;
                }
            }
        }
        if (counted && !header && first >= 0) {
            foreign.add(new Reject(
                    text.path(),
                    first,
                    text.lines().get(first - text.firstLine()),
                    "'" + command + "' counts the header as well, and no '1 State' is there"));
        }
        return foreign;
    }

    /** A {@code grep} of a pipe, as far as it is understood. */
    private record Kept(String stage, Pattern pattern, boolean inverted) {
        boolean keeps(String line) {
            return pattern.matcher(line).find() != inverted;
        }
    }

    /** The greps after which nothing changes a line any more. */
    private static List<Kept> greps(String command) {
        List<String> stages = stages(command);
        var greps = new ArrayList<Kept>();
        for (int i = stages.size() - 1; i >= 0; i--) {
            List<String> words = words(stages.get(i));
            if (words.isEmpty() || !PASSES.contains(words.get(0))) {
                break;
            }
            if (words.get(0).endsWith("grep")) {
                Optional<Kept> grep = grep(stages.get(i), words);
                if (grep.isEmpty()) {
                    break;
                }
                greps.add(0, grep.get());
            }
        }
        return greps;
    }

    private static Optional<Kept> grep(String stage, List<String> words) {
        int next = 1;
        var flags = new StringBuilder();
        while (next < words.size() && words.get(next).startsWith("-")) {
            if (!PLAIN_FLAGS.matcher(words.get(next)).matches()) {
                return Optional.empty();
            }
            flags.append(words.get(next++));
        }
        // line numbers and file names stand before the line: an anchor would not fit
        if (next >= words.size() || words.size() > next + 2 || flags.toString().matches(".*[nH].*")) {
            return Optional.empty();
        }
        boolean extended = words.get(0).equals("egrep") || flags.indexOf("E") >= 0;
        boolean fixed = words.get(0).equals("fgrep") || flags.indexOf("F") >= 0;
        String pattern = words.get(next);
        String java = fixed ? Pattern.quote(pattern) : extended ? pattern : basic(pattern);
        try {
            int ignore = flags.indexOf("i") >= 0 ? Pattern.CASE_INSENSITIVE : 0;
            // a word match is only ever narrower: seen as a plain one it proves less, never too much
            boolean inverted = flags.indexOf("v") >= 0;
            return inverted && flags.indexOf("w") >= 0
                    ? Optional.empty()
                    : Optional.of(new Kept(stage, Pattern.compile(java, ignore), inverted));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    /** A basic regular expression (grep(1)) in Java's spelling: what is special with a backslash there is special without one here. */
    private static String basic(String pattern) {
        var java = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                char special = pattern.charAt(++i);
                java.append("|+?(){}".indexOf(special) >= 0 ? String.valueOf(special) : "\\" + special);
            } else {
                java.append("|+?(){}".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c));
            }
        }
        return java.toString();
    }

    private static List<String> stages(String command) {
        return split(command, '|', false);
    }

    private static List<String> words(String stage) {
        return split(stage, ' ', true);
    }

    /** Splits outside quotes; {@code bare} leaves the quotes out. */
    private static List<String> split(String text, char at, boolean bare) {
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean mark = quote == 0 ? c == '\'' || c == '"' : c == quote;
            if (mark) {
                quote = quote == 0 ? c : 0;
            }
            if (quote == 0 && c == at) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else if (!(mark && bare)) {
                part.append(c);
            }
        }
        parts.add(part.toString().strip());
        parts.removeIf(String::isEmpty);
        return parts;
    }
}
