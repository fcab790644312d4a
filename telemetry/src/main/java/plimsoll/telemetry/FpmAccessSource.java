package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PHP-FPM's access log into {@code fpm_requests}: the remote address, time, request and status that its {@code access.format} begins
 * with unless it was changed; what follows is kept as text in {@code extra}, for its units are known to the format alone. Source:
 * {@code sapi/fpm/fpm/fpm_log.c}.
 */
final class FpmAccessSource implements Source {
    // %R - %u %t "%m %r%Q%q" %s; the time has no brackets, which tells it from the log of a web server
    private static final Pattern LINE =
            Pattern.compile("(\\S+) (?:- +(\\S*) )?(\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4})"
                    + " \"([A-Z-]+) ([^\"]*)\" (\\d{3})(?: (.*))?");

    @Override
    public String name() {
        return "PHP-FPM access log";
    }

    @Override
    public Match match(Text text) {
        return text.early(LINE) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        account.covers(account.at(0));
        var rows = new Rows.Builder("fpm_requests")
                .column("time", Rows.Type.TEXT)
                .column("remote_addr", Rows.Type.TEXT)
                .column("user", Rows.Type.TEXT)
                .column("method", Rows.Type.TEXT)
                .column("uri", Rows.Type.TEXT)
                .column("status", Rows.Type.NUMBER)
                .column("extra", Rows.Type.TEXT);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            if (m.matches()) {
                rows.text("time", Times.zoned(m.group(3)).orElse(m.group(3)))
                        .text("method", m.group(4))
                        .text("uri", m.group(5))
                        .number("status", Long.parseLong(m.group(6)));
                if (!m.group(1).equals("-")) {
                    rows.text("remote_addr", m.group(1));
                }
                if (m.group(2) != null && !m.group(2).isEmpty()) {
                    rows.text("user", m.group(2));
                }
                if (m.group(7) != null) {
                    rows.text("extra", m.group(7));
                }
                rows.end();
                account.used();
            } else if (line.isBlank()) {
                account.empty();
            } else {
                account.reject(
                        i,
                        "not a line of PHP-FPM's access log, which begin like '- -  21/Nov/2026:01:26:11 +0000 \"GET /a.php\" 200'");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }
}
