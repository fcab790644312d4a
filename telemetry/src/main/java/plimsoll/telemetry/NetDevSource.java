package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/net/dev} into the table {@code interfaces}: columns by the names of the second header line ({@code dev_seq_show} of
 * net/core/net-procfs.c).
 */
final class NetDevSource implements Source {
    private static final Pattern ROW = Pattern.compile("\\s*(\\S+?):\\s*(\\d{1,19}(?:\\s+\\d{1,19})*+)\\s*");

    @Override
    public String name() {
        return "/proc/net/dev";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Inter-|   Receive") && line.contains("|  Transmit");
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream().limit(3).anyMatch(l -> begins(l) || names(l)) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        Rows.Builder rows = Interfaces.builder();
        List<String> columns = List.of();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher row = ROW.matcher(line);
            if (line.isBlank() || begins(line)) {
                account.empty();
            } else if (names(line)) {
                columns = columns(line);
                account.empty();
            } else if (!row.matches()) {
                account.reject(i, "is not the name of a device, a colon and whole numbers");
            } else {
                List<String> values = Fields.split(row.group(2));
                if (values.size() != columns.size()) {
                    account.reject(
                            i, "has " + values.size() + " values where the header has " + columns.size() + " names");
                } else if (values.stream().anyMatch(v -> Fields.decimal(v, 0, v.length()) < 0)) {
                    account.reject(i, "has a value that needs more than 63 bits");
                } else {
                    rows.text(Interfaces.INTERFACE, row.group(1));
                    for (int c = 0; c < values.size(); c++) {
                        rows.number(columns.get(c), Long.parseLong(values.get(c)));
                    }
                    rows.end();
                    account.used();
                }
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean names(String line) {
        return line.startsWith(" face |") && line.split("\\|", -1).length == 3;
    }

    private static List<String> columns(String header) {
        String[] halves = header.split("\\|", -1);
        var columns = new ArrayList<String>();
        for (int half = 1; half <= 2; half++) {
            for (String name : Fields.split(halves[half])) {
                columns.add(Interfaces.column(half == 1 ? "rx" : "tx", name));
            }
        }
        return columns.stream().distinct().count() == columns.size() ? columns : List.of();
    }
}
