package plimsoll.telemetry;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code name = value} lines as {@code sysctl} prints them (sysctl(8)), and the files that configure them (sysctl.d(5)). What a
 * configuration says is not what runs: its facts are named {@code sysctl.d:NAME}.
 */
final class SysctlSource implements Source {
    /** The folders of {@code /proc/sys}: what tells a setting of the kernel from any other {@code name = value}. */
    private static final Set<String> ROOTS =
            Set.of("abi", "crypto", "debug", "dev", "fs", "kernel", "net", "sunrpc", "user", "vm");

    private static final Pattern SETTING =
            Pattern.compile("\\s*-?([a-z]+[./][^\\s=:]+)\\s*(?:=|:\\s)\\s*((?:.*\\S)?)\\s*");
    private static final Pattern CONFIGURATION = Pattern.compile(".*(sysctl\\.d/.*|sysctl[\\w-]*\\.conf)");
    private static final Pattern MESSAGE = Pattern.compile("sysctl: .*");

    @Override
    public String name() {
        return "sysctl";
    }

    @Override
    public Match match(Text text) {
        int settings = 0;
        for (String line : text.lines()) {
            if (setting(line) != null) {
                settings++;
            } else if (!line.isBlank()
                    && !comment(line)
                    && !MESSAGE.matcher(line).matches()) {
                return settings > 0 ? Match.SURE : Match.NO;
            }
        }
        return settings > 0 ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        boolean configuration = configuration(text);
        // the command prints no comments: below its output they belong to something else
        boolean comments = configuration || text.command().isEmpty();
        var rows = new Rows.Builder("settings");
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = setting(line);
            if (m != null) {
                Values.setting(account, rows, i, configuration ? "sysctl.d:" : "", name(m.group(1)), m.group(2));
            } else if (line.isBlank() || (comment(line) && comments)) {
                account.empty();
            } else if (MESSAGE.matcher(line).matches()) {
                account.reject(i, "a message of sysctl, not a value");
            } else {
                account.reject(i, "not a line of name = value");
            }
        }
        account.values();
        return account.close(Optional.of(rows.rows()));
    }

    /** The command or the file's place tell the configuration from the running values; failing that, a comment does. */
    private static boolean configuration(Text text) {
        return (text.path().contains("sysctl")
                        && CONFIGURATION.matcher(text.path()).matches())
                || text.command().map(c -> CONFIGURATION.matcher(c).matches()).orElseGet(() -> text.lines().stream()
                        .anyMatch(SysctlSource::comment));
    }

    private static boolean comment(String line) {
        return line.startsWith("#") || line.startsWith(";");
    }

    private static @Nullable Matcher setting(String line) {
        if (line.indexOf('=') < 0 && line.indexOf(':') < 0) {
            return null;
        }
        Matcher m = SETTING.matcher(line);
        return m.matches() && ROOTS.contains(root(m.group(1))) ? m : null;
    }

    /** What stands before the first dot or slash. */
    private static String root(String name) {
        int end = 0;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '/') {
            end++;
        }
        return name.substring(0, end);
    }

    /** The name with dots between its parts. As sysctl(8) says, the first separator decides: after a slash, a dot is part of a name. */
    private static String name(String written) {
        int dot = written.indexOf('.');
        int slash = written.indexOf('/');
        return slash >= 0 && (dot < 0 || slash < dot)
                ? written.replace('.', '\0').replace('/', '.').replace('\0', '/')
                : written;
    }
}
