package plimsoll.telemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** {@code conntrack -S}: one line a CPU, {@code cpu=0 found=0 invalid=3 …}, by name; the facts are the sums over the CPUs. */
final class ConntrackStatisticsSource implements Source {
    @Override
    public String name() {
        return "conntrack -S";
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream()
                        .filter(line -> !line.isBlank())
                        .limit(1)
                        .anyMatch(line -> line.startsWith("cpu=") && line.contains("insert_failed="))
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("conntrack_stats").column("cpu", Rows.Type.NUMBER);
        var sums = new LinkedHashMap<String, Long>();
        for (int i = 0; i < text.lines().size(); i++) {
            List<String> fields = Fields.split(text.lines().get(i));
            if (fields.isEmpty()) {
                account.empty();
            } else if (!fields.get(0).startsWith("cpu=") || !fields.stream().allMatch(field -> value(field) >= 0)) {
                account.reject(i, "is not cpu=N and counters, each a name, an equals sign and a whole number");
            } else {
                for (String field : fields) {
                    String name = field.substring(0, field.indexOf('='));
                    rows.number(name, value(field));
                    if (!name.equals("cpu")) {
                        sums.merge(name, value(field), Long::sum);
                    }
                }
                rows.end();
                account.used();
            }
        }
        int cpus = rows.size();
        sums.forEach((name, sum) -> account.derived(
                "conntrack:stat." + name, Long.toString(sum), "sum over " + cpus + " CPUs of " + text.path()));
        return account.close(Optional.of(rows.rows()));
    }

    private static long value(String field) {
        int equals = field.indexOf('=');
        return equals <= 0 ? -1 : Fields.decimal(field, equals + 1, field.length());
    }
}
