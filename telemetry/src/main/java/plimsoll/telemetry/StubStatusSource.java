package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * nginx's {@code stub_status} into {@code nginx_status} (name, value) and facts {@code nginx:status.active}, {@code nginx:status.accepts}.
 * Source: {@code src/http/modules/ngx_http_stub_status_module.c}.
 */
final class StubStatusSource implements Source {
    private static final Pattern ACTIVE = Pattern.compile("Active connections: (\\d+)\\s*");
    private static final Pattern HEADER = Pattern.compile("server( [a-z_]+)++\\s*");
    private static final Pattern COUNTERS = Pattern.compile("\\s*+(?:\\d++\\s*+)++");
    private static final Pattern STATES = Pattern.compile("Reading: (\\d+) Writing: (\\d+) Waiting: (\\d+)\\s*");

    @Override
    public String name() {
        return "nginx stub_status";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Active connections: ") && ACTIVE.matcher(line).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows =
                new Rows.Builder("nginx_status").column("name", Rows.Type.TEXT).column("value", Rows.Type.NUMBER);
        String[] header = {};
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher active = ACTIVE.matcher(line);
            Matcher states = STATES.matcher(line);
            if (active.matches()) {
                value(account, rows, i, "active", active.group(1));
                account.used();
            } else if (states.matches()) {
                value(account, rows, i, "reading", states.group(1));
                value(account, rows, i, "writing", states.group(2));
                value(account, rows, i, "waiting", states.group(3));
                account.used();
            } else if (HEADER.matcher(line).matches()) {
                header = line.strip().split("\\s+", -1);
                account.empty();
            } else if (!line.isBlank()
                    && COUNTERS.matcher(line).matches()
                    && line.strip().split("\\s+", -1).length == header.length - 1) {
                String[] values = line.strip().split("\\s+", -1);
                for (int c = 0; c < values.length; c++) {
                    value(account, rows, i, header[c + 1], values[c]);
                }
                account.used();
            } else if (line.isBlank()) {
                account.empty();
            } else {
                account.reject(i, "not a line of nginx's stub_status");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static void value(Parsed.Account account, Rows.Builder rows, int index, String name, String value) {
        account.fact(index, "nginx:status." + name, value);
        if (value.length() <= 18) {
            rows.text("name", name).number("value", Long.parseLong(value)).end();
        }
    }
}
