package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/PID/limits} into table {@code limits} and facts {@code limits:PID:Max open files} (the soft limit, which binds) and
 * {@code limits:PID:Max open files (hard)}, {@code unlimited} or a number (proc(5), {@code proc_pid_limits} of fs/proc/base.c).
 */
final class LimitsSource implements Source {
    private static final Pattern HEADER = Pattern.compile("Limit +Soft Limit +Hard Limit +Units *");
    private static final Pattern LINE =
            Pattern.compile("(Max [a-z]+(?: [a-z]+){0,5}) {2,}(unlimited|\\d+) +(unlimited|\\d+)(?: +([a-z]+))? *");

    @Override
    public String name() {
        return "/proc/PID/limits";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Limit ") && HEADER.matcher(line).matches();
    }

    @Override
    public Match match(Text text) {
        String first = Places.head(text, 1).stream().findFirst().orElse("");
        return begins(first)
                ? Match.SURE
                : first.startsWith("Max ") && LINE.matcher(first).matches() ? Match.SHAPE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        String process = Places.processOrPath(text);
        var rows = new Rows.Builder("limits")
                .column("process", Rows.Type.TEXT)
                .column("limit", Rows.Type.TEXT)
                .column("soft", Rows.Type.TEXT)
                .column("hard", Rows.Type.TEXT)
                .column("units", Rows.Type.TEXT);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            if (line.isBlank() || begins(line)) {
                account.empty();
            } else if (m.matches()) {
                String name = "limits:" + process + ":" + m.group(1);
                account.fact(i, name, m.group(2));
                account.fact(i, name + " (hard)", m.group(3));
                rows.text("process", process)
                        .text("limit", m.group(1))
                        .text("soft", m.group(2))
                        .text("hard", m.group(3));
                if (m.group(4) != null) {
                    rows.text("units", m.group(4));
                }
                rows.end();
                account.used();
            } else {
                account.reject(
                        i, "not a line of /proc/PID/limits, which are like \"Max open files  1024  4096  files\"");
            }
        }
        account.covers("process " + process);
        return account.close(Optional.of(rows.rows()));
    }
}
