package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Single values of {@code /proc/sys} and {@code /sys/module/M/parameters} (proc(5)). The value does not say what it is: the path of the
 * file, or the command that printed it, does. {@code grep . /proc/sys/...} prints the path before each value.
 */
final class ProcValueSource implements Source {
    private static final Pattern PATH = Pattern.compile("(?:.*/)?proc/sys/([a-z]+/\\S+?)(?:\\.txt)?");
    private static final Pattern PARAMETER =
            Pattern.compile("(?:.*/)?sys/module/([^/\\s]+)/parameters/([^/\\s]+?)(?:\\.txt)?");
    private static final Pattern FLAT = Pattern.compile("(?:.*/)?proc_sys_(\\w+(?:-\\w+)*+)(?:\\.txt)?");
    private static final Pattern PREFIXED = Pattern.compile("(/(?:proc/sys|sys/module)/[^\\s:]+):(.*)");
    private static final Pattern CAT = Pattern.compile(
            "(?:cat|head|tail|more|less)((?:\\s+(?:-\\S+|/(?:proc/sys|sys/module)/\\S+))++)(?:\\s*[|>;&2].*)?");
    private static final Pattern SYSCTL_N =
            Pattern.compile("sysctl\\s+(?:-\\w*n\\w*|--values)((?:\\s+[a-z]+[./]\\S+)++)");

    @Override
    public String name() {
        return "/proc/sys value";
    }

    @Override
    public Match match(Text text) {
        return !names(text).isEmpty()
                        || text.first()
                                .filter(l ->
                                        l.startsWith("/") && PREFIXED.matcher(l).matches())
                                .isPresent()
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("settings");
        List<String> names = names(text);
        int next = 0;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher prefixed = PREFIXED.matcher(line);
            Optional<String> named = prefixed.matches() ? key(prefixed.group(1)) : Optional.empty();
            if (named.isPresent()) {
                Values.setting(account, rows, i, "", named.get(), prefixed.group(2));
            } else if (line.isBlank() && !(i == 0 && names.equals(List.of(Settings.RESERVED_PORTS)) && blank(text))) {
                account.empty();
            } else if (line.matches("(cat|head|sysctl|bash|-bash|sh): .*")) {
                account.reject(i, "a message, not a value");
                next++;
            } else if (next < names.size()) {
                Values.setting(account, rows, i, "", names.get(next++), line);
            } else {
                account.reject(
                        i,
                        names.isEmpty()
                                ? "not a line of path:value"
                                : "a line after the value of " + names.get(names.size() - 1));
            }
        }
        account.values();
        return account.close(Optional.of(rows.rows()));
    }

    /** Of all settings the reserved ports may be nothing at all, and that is a value. */
    private static boolean blank(Text text) {
        return text.lines().stream().allMatch(String::isBlank);
    }

    /** The settings whose values the text shows, in order. */
    private static List<String> names(Text text) {
        if (text.command().isEmpty()) {
            return key(text.path()).map(List::of).orElse(List.of());
        }
        Matcher m = CAT.matcher(text.command().get());
        if (m.matches()) {
            return words(m.group(1)).stream().flatMap(w -> key(w).stream()).toList();
        }
        m = SYSCTL_N.matcher(text.command().get());
        return m.matches()
                ? words(m.group(1)).stream().map(w -> w.replace('/', '.')).toList()
                : List.of();
    }

    private static List<String> words(String arguments) {
        var words = new ArrayList<String>();
        for (String word : arguments.strip().split("\\s+", -1)) {
            if (!word.startsWith("-") && !word.contains("*")) {
                words.add(word);
            }
        }
        return words;
    }

    /** The name of a value from its path; a file saved as {@code proc_sys_net_core_somaxconn} is looked up among the settings. */
    private static Optional<String> key(String path) {
        if (!path.contains("proc/sys/") && !path.contains("sys/module/") && !path.contains("proc_sys_")) {
            return Optional.empty();
        }
        Matcher m = PATH.matcher(path);
        if (m.matches()) {
            return Optional.of(m.group(1).replace('/', '.'));
        }
        m = PARAMETER.matcher(path);
        if (m.matches()) {
            return Optional.of("module:" + m.group(1) + "." + m.group(2));
        }
        m = FLAT.matcher(path);
        if (!m.matches()) {
            return Optional.empty();
        }
        String flat = m.group(1);
        return Optional.of(Settings.all().stream()
                .map(Setting::name)
                .filter(n -> n.replace('.', '_').equals(flat))
                .collect(Collectors.collectingAndThen(
                        Collectors.toList(), found -> found.isEmpty() ? flat.replaceFirst("_", ".") : found.get(0))));
    }
}
