package plimsoll.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PHP-FPM's error log into {@code fpm_errors}, with a {@code kind} for the messages that say that a limit was met. The time is of the
 * host's clock. Source of the lines: {@code sapi/fpm/fpm/zlog.c} and {@code fpm_process_ctl.c}.
 */
final class FpmLogSource implements Source {
    private static final Pattern LINE =
            Pattern.compile("\\[(\\d\\d-[A-Z][a-z]{2}-\\d{4} \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)\\]"
                    + " (DEBUG|NOTICE|WARNING|ERROR|ALERT): (?:\\[pool ([^\\]]+)\\] )?(.*)");
    private static final Pattern CHILD = Pattern.compile("child:? (\\d{1,10})\\b.*");
    private static final Pattern SETTING =
            Pattern.compile("server reached (?:pm\\.)?max_children setting \\((\\d{1,9})\\).*");
    private static final Map<Pattern, String> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put(Pattern.compile("server reached (pm\\.)?max_children setting.*"), "max_children");
        KINDS.put(Pattern.compile("seems busy .*"), "busy");
        KINDS.put(
                Pattern.compile(".*process\\.max.*reached.*|.*maximum number of processes has been reached.*"),
                "process.max");
        KINDS.put(Pattern.compile("child \\d+.* executing too slow .*"), "slow");
        KINDS.put(Pattern.compile("child \\d+.* execution timed out .*"), "timeout");
        KINDS.put(Pattern.compile("child \\d+ exited on signal .*"), "signal");
        KINDS.put(Pattern.compile("child \\d+ exited .*"), "exited");
        KINDS.put(Pattern.compile("child \\d+ said into std(err|out): .*"), "stderr");
    }

    @Override
    public String name() {
        return "PHP-FPM error log";
    }

    @Override
    public Match match(Text text) {
        return text.early(LINE) && !FpmConfigSource.printed(text) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        account.covers(account.at(0));
        var rows = new Rows.Builder("fpm_errors")
                .column("time", Rows.Type.TEXT)
                .column("level", Rows.Type.TEXT)
                .column("pool", Rows.Type.TEXT)
                .column("pid", Rows.Type.NUMBER)
                .column("kind", Rows.Type.TEXT)
                .column("setting", Rows.Type.NUMBER)
                .column("message", Rows.Type.TEXT);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            if (m.matches()) {
                row(rows, m, FpmConfigSource.printed(line));
                account.used();
            } else if (line.isBlank()) {
                account.empty();
            } else {
                account.reject(
                        i,
                        "not a line of PHP-FPM's error log, which are like \"[21-Nov-2026 01:26:11] NOTICE: fpm is running\"");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static void row(Rows.Builder rows, Matcher m, boolean setting) {
        String message = m.group(4);
        rows.text("time", Times.named(m.group(1)).orElse(m.group(1)))
                .text("level", m.group(2))
                .text("message", message);
        if (m.group(3) != null) {
            rows.text("pool", m.group(3));
        }
        Matcher child = CHILD.matcher(message);
        if (child.matches()) {
            rows.number("pid", Long.parseLong(child.group(1)));
        }
        Matcher reached = SETTING.matcher(message);
        if (reached.matches()) {
            rows.number("setting", Long.parseLong(reached.group(1)));
        }
        if (setting) {
            rows.text("kind", "configuration");
        }
        KINDS.entrySet().stream()
                .filter(k -> k.getKey().matcher(message).matches())
                .findFirst()
                .ifPresent(k -> rows.text("kind", k.getValue()));
        rows.end();
    }
}
