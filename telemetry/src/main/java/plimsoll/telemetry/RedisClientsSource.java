package plimsoll.telemetry;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code redis-cli client list} into {@code redis_clients}, its columns named as Redis names them ({@code qbuf-free}); {@code age} and
 * {@code idle} are seconds, the buffers bytes. Source: {@code catClientInfoString} in {@code src/networking.c}.
 */
final class RedisClientsSource implements Source {
    private static final Pattern LINE = Pattern.compile("(?:id=\\d+ )?addr=\\S+ (?:laddr=\\S* )?fd=-?\\d+ name=.*");
    private static final Pattern FIELD = Pattern.compile("([a-z][a-z-]*)=(\\S*)");
    private static final Set<String> NUMBERS = Set.of(
            "id",
            "fd",
            "age",
            "idle",
            "db",
            "sub",
            "psub",
            "ssub",
            "multi",
            "watch",
            "qbuf",
            "qbuf-free",
            "argv-mem",
            "multi-mem",
            "rbs",
            "rbp",
            "obl",
            "oll",
            "omem",
            "tot-mem",
            "redir",
            "resp",
            "tot-net-in",
            "tot-net-out",
            "tot-cmds");

    @Override
    public String name() {
        return "redis client list";
    }

    @Override
    public Match match(Text text) {
        return text.early(LINE) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("redis_clients")
                .column("id", Rows.Type.NUMBER)
                .column("addr", Rows.Type.TEXT)
                .column("laddr", Rows.Type.TEXT)
                .column("age", Rows.Type.NUMBER)
                .column("idle", Rows.Type.NUMBER)
                .column("flags", Rows.Type.TEXT)
                .column("cmd", Rows.Type.TEXT);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (LINE.matcher(line).matches()) {
                Matcher field = FIELD.matcher(line);
                while (field.find()) {
                    cell(rows, field.group(1), field.group(2));
                }
                rows.end();
                account.used();
            } else if (line.isBlank()) {
                account.empty();
            } else {
                account.reject(
                        i,
                        "not a line of redis-cli client list, which are like \"id=3 addr=127.0.0.1:47932 fd=7 ...\"");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static void cell(Rows.Builder rows, String name, String value) {
        if (!NUMBERS.contains(name)) {
            rows.text(name, value);
        } else if (value.matches("-?\\d{1,18}")) {
            rows.number(name, Long.parseLong(value));
        }
    }
}
