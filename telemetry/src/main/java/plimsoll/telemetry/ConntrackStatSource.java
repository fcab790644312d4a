package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;

/**
 * {@code /proc/net/stat/nf_conntrack}: hexadecimal counters, one line a CPU, in columns by the header's names, which differ between
 * kernels ({@code searched} became {@code clashres}, {@code delete_list} became {@code chainlength}).
 *
 * <p>The facts are sums over the CPUs, but for {@code entries}: every line repeats the one number of the whole table
 * ({@code ct_cpu_seq_show} of net/netfilter/nf_conntrack_standalone.c).
 */
final class ConntrackStatSource implements Source {
    private static final String ENTRIES = "entries";

    @Override
    public String name() {
        return "/proc/net/stat/nf_conntrack";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("entries ") && line.contains(" insert_failed ");
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream().limit(3).anyMatch(this::begins) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("conntrack_stats").column("cpu", Rows.Type.NUMBER);
        List<String> names = List.of();
        long[] sums = {};
        int cpu = 0;
        int entriesLine = -1;
        long entries = -1;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            List<String> fields = Fields.split(line);
            if (fields.isEmpty()) {
                account.empty();
            } else if (names.isEmpty() && begins(line)) {
                names = fields;
                sums = new long[names.size()];
                names.forEach(name -> rows.column(name, Rows.Type.NUMBER));
                account.empty();
            } else if (names.isEmpty()) {
                account.reject(i, "stands above the header that would name its columns");
            } else if (fields.size() != names.size()) {
                account.reject(i, "has " + fields.size() + " values where the header has " + names.size() + " names");
            } else if (!hexadecimal(fields)) {
                account.reject(i, "has a value that is not hexadecimal");
            } else {
                rows.number("cpu", cpu++);
                for (int column = 0; column < names.size(); column++) {
                    long value = hexadecimal(fields.get(column));
                    rows.number(names.get(column), value);
                    sums[column] += value;
                }
                rows.end();
                if (entriesLine < 0) {
                    entriesLine = i;
                    entries = hexadecimal(fields.get(names.indexOf(ENTRIES)));
                }
                account.used();
            }
        }
        if (cpu > 0) {
            account.fact(entriesLine, "conntrack:stat." + ENTRIES, Long.toString(entries));
            for (int column = 0; column < names.size(); column++) {
                if (!names.get(column).equals(ENTRIES)) {
                    account.derived(
                            "conntrack:stat." + names.get(column),
                            Long.toString(sums[column]),
                            "sum over " + cpu + " CPUs of " + text.path());
                }
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean hexadecimal(List<String> fields) {
        return fields.stream().allMatch(field -> hexadecimal(field) >= 0);
    }

    private static long hexadecimal(String field) {
        return Fields.hexadecimal(field, 0, field.length());
    }
}
