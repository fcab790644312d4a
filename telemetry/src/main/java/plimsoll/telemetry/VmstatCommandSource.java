package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The command {@code vmstat} into table {@code vmstat}: a row per report, columns by the header's names, memory in KiB unless the command
 * says {@code -S} (vmstat(8)). The first report averages over the time since boot ({@code since_boot} 1) unless {@code -y} leaves it out.
 */
final class VmstatCommandSource implements Source {
    private static final Pattern GROUPS = Pattern.compile("-{0,2}procs-* *-+memory-+ .*");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern TIME = Pattern.compile("\\d{2}:\\d{2}:\\d{2}");

    @Override
    public String name() {
        return "vmstat";
    }

    @Override
    public Match match(Text text) {
        return Places.head(text, 2).stream().anyMatch(l -> groups(l) || header(Fields.split(l)))
                ? Match.SURE
                : Match.NO;
    }

    private static boolean groups(String line) {
        return line.contains("procs") && GROUPS.matcher(line).matches();
    }

    private static boolean header(List<String> fields) {
        return fields.size() > 10 && fields.get(0).equals("r") && fields.get(1).equals("b") && fields.contains("free");
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("vmstat")
                .column("sample", Rows.Type.NUMBER)
                .column("since_boot", Rows.Type.NUMBER)
                .column("time", Rows.Type.TEXT);
        boolean omitted = text.command()
                .map(c -> c.matches(".*\\s-\\w*y\\w*(\\s.*)?|.*--no-first.*"))
                .orElse(false);
        List<String> header = List.of();
        int sample = 0;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            List<String> fields = Fields.split(line);
            if (fields.isEmpty() || groups(line)) {
                account.empty();
            } else if (header(fields)) {
                // with -t the zone is the name of the time
                header = fields.stream().filter(f -> f.matches("[a-z]+")).toList();
                account.empty();
            } else if (header.isEmpty()) {
                account.reject(
                        i, "no header stands above it: columns are known by a line like \"r b swpd free buff cache\"");
            } else if (!fits(fields, header.size())) {
                account.reject(i, "has " + fields.size() + " columns where the header above has " + header.size());
            } else {
                rows.number("sample", sample).number("since_boot", sample == 0 && !omitted ? 1 : 0);
                if (fields.size() > header.size()) {
                    rows.text("time", String.join(" ", fields.subList(header.size(), fields.size())));
                }
                for (int c = 0; c < header.size(); c++) {
                    rows.number(header.get(c), Values.whole(fields.get(c)));
                }
                rows.end();
                sample++;
                account.used();
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean fits(List<String> fields, int columns) {
        boolean time = fields.size() == columns + 2
                && DATE.matcher(fields.get(columns)).matches()
                && TIME.matcher(fields.get(columns + 1)).matches();
        return (fields.size() == columns || time)
                && fields.subList(0, columns).stream().allMatch(f -> Values.whole(f) >= 0);
    }
}
