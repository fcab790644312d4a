package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /proc/net/protocols}: what the kernel's protocols hold, in columns by the header's names ({@code proto_seq_printf} of
 * net/core/sock.c). {@code memory} is in pages; -1, not accounted, is missing.
 */
final class ProtocolsSource implements Source {
    private static final Set<String> NUMBERS = Set.of("size", "sockets", "memory", "maxhdr");
    private static final Set<String> FACTS = Set.of("sockets", "memory");

    @Override
    public String name() {
        return "/proc/net/protocols";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("protocol ") && line.contains(" sockets ") && line.contains(" maxhdr ");
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream().limit(3).anyMatch(this::begins) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("protocols");
        List<String> names = List.of();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            List<String> fields = Fields.split(line);
            if (fields.isEmpty()) {
                account.empty();
            } else if (begins(line) && names.isEmpty() && Set.copyOf(fields).size() == fields.size()) {
                names = fields;
                names.forEach(n -> rows.column(n, NUMBERS.contains(n) ? Rows.Type.NUMBER : Rows.Type.TEXT));
                account.empty();
            } else if (fields.size() != names.size()) {
                account.reject(i, "has " + fields.size() + " values where the header has " + names.size() + " names");
            } else if (!numbers(names, fields)) {
                account.reject(i, "has no whole number where the header has size, sockets, memory or maxhdr");
            } else {
                row(account, rows, i, names, fields);
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean numbers(List<String> names, List<String> fields) {
        for (int i = 0; i < names.size(); i++) {
            if (NUMBERS.contains(names.get(i)) && !fields.get(i).matches("-?\\d{1,18}")) {
                return false;
            }
        }
        return true;
    }

    private static void row(
            Parsed.Account account, Rows.Builder rows, int line, List<String> names, List<String> fields) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String value = fields.get(i);
            if (!NUMBERS.contains(name)) {
                rows.text(name, value);
            } else if (!value.startsWith("-")) {
                rows.number(name, Long.parseLong(value));
                if (FACTS.contains(name)) {
                    account.fact(line, "protocols:" + fields.get(0) + "." + name, value);
                }
            }
        }
        rows.end();
        account.used();
    }
}
