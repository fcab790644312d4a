package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;

/**
 * {@code /proc/net/sockstat} and {@code sockstat6}: a group, then names and values. {@code mem} stays in pages, {@code memory} of
 * the fragments in bytes ({@code sockstat_seq_show} of net/ipv4/proc.c).
 */
final class SockstatSource implements Source {
    @Override
    public String name() {
        return "/proc/net/sockstat";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("sockets: used ") || line.startsWith("TCP6: inuse ");
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream()
                        .limit(10)
                        .anyMatch(line ->
                                begins(line) || line.startsWith("TCP: inuse ") || line.startsWith("UDP: inuse "))
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("socket_summary")
                .column("group", Rows.Type.TEXT)
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.NUMBER);
        for (int i = 0; i < text.lines().size(); i++) {
            List<String> fields = Fields.split(text.lines().get(i));
            if (fields.isEmpty()) {
                account.empty();
            } else if (wellFormed(fields)) {
                String group = fields.get(0).substring(0, fields.get(0).length() - 1);
                String source = group.endsWith("6") ? "sockstat6:" : "sockstat:";
                for (int field = 1; field < fields.size(); field += 2) {
                    String value = fields.get(field + 1);
                    rows.text("group", group)
                            .text("name", fields.get(field))
                            .number("value", Fields.decimal(value, 0, value.length()))
                            .end();
                    account.fact(i, source + group + "." + fields.get(field), value);
                }
                account.covers(source + group);
                account.used();
            } else {
                account.reject(i, "is not a group with its colon, then names each with a whole number");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean wellFormed(List<String> fields) {
        if (fields.size() < 3 || fields.size() % 2 == 0 || !fields.get(0).endsWith(":")) {
            return false;
        }
        for (int i = 2; i < fields.size(); i += 2) {
            if (Fields.decimal(fields.get(i), 0, fields.get(i).length()) < 0) {
                return false;
            }
        }
        return true;
    }
}
