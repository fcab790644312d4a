package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HAProxy's {@code show info} into {@code haproxy_info} (name, value) and facts {@code haproxy:Maxconn} ({@code doc/management.txt}, 9.3). */
final class HaproxyInfoSource implements Source {
    private static final Pattern LINE = Pattern.compile("([A-Za-z]\\w*):(?: ((?:.*\\S)?))?\\s*");
    private static final Pattern NAME = Pattern.compile("Name: (HAProxy|hapee\\S*)\\s*", Pattern.CASE_INSENSITIVE);

    @Override
    public String name() {
        return "haproxy show info";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Name: ") && NAME.matcher(line).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows =
                new Rows.Builder("haproxy_info").column("name", Rows.Type.TEXT).column("value", Rows.Type.TEXT);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            if (line.isBlank()) {
                account.empty();
            } else if (m.matches()) {
                String value = m.group(2) == null ? "" : m.group(2);
                account.fact(i, "haproxy:" + m.group(1), value);
                rows.text("name", m.group(1)).text("value", value).end();
                account.used();
            } else {
                account.reject(i, "not a line of HAProxy's show info, which are like \"Maxconn: 4000\"");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }
}
