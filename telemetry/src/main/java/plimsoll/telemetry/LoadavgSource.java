package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /proc/loadavg} into facts {@code loadavg:1min}, {@code loadavg:5min}, {@code loadavg:15min}, {@code loadavg:running} and {@code loadavg:threads} (proc(5)). */
final class LoadavgSource implements Source {
    private static final Pattern LINE =
            Pattern.compile("(\\d+\\.\\d\\d) (\\d+\\.\\d\\d) (\\d+\\.\\d\\d) (\\d+)/(\\d+) \\d+\\s*");

    @Override
    public String name() {
        return "/proc/loadavg";
    }

    @Override
    public boolean begins(String line) {
        return line.length() < 100 && LINE.matcher(line).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        boolean done = false;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            if (line.isBlank()) {
                account.empty();
            } else if (!done && m.matches()) {
                account.fact(i, "loadavg:1min", m.group(1));
                account.fact(i, "loadavg:5min", m.group(2));
                account.fact(i, "loadavg:15min", m.group(3));
                account.fact(i, "loadavg:running", m.group(4));
                account.fact(i, "loadavg:threads", m.group(5));
                account.used();
                done = true;
            } else {
                account.reject(i, done ? "a line after the load" : "not like \"1.85 3.54 3.45 2/264 535\"");
            }
        }
        return account.close(Optional.empty());
    }
}
