package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;

/**
 * {@code /proc/net/softnet_stat}: hexadecimal counters without names, one line a CPU ({@code softnet_seq_show} of
 * net/core/net-procfs.c). {@code cpu} is missing where the kernel does not print it (before 5.14): lines of CPUs that are off are left
 * out, so that the line's number does not tell.
 */
final class SoftnetSource implements Source {
    /** By position; empty where the kernel prints a zero that counts nothing. */
    private static final List<String> COLUMNS = List.of(
            "processed",
            "dropped",
            "time_squeeze",
            "",
            "",
            "",
            "",
            "",
            "cpu_collision",
            "received_rps",
            "flow_limit",
            "backlog_len",
            "cpu",
            "input_qlen",
            "process_qlen");

    private static final int FEWEST = 9;

    @Override
    public String name() {
        return "/proc/net/softnet_stat";
    }

    @Override
    public Match match(Text text) {
        boolean fits = text.first().map(SoftnetSource::counters).orElse(false);
        boolean named = text.command().orElse(text.path()).contains("softnet_stat");
        return fits ? named ? Match.SURE : Match.SHAPE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("softnet").column("cpu", Rows.Type.NUMBER);
        COLUMNS.stream().filter(c -> !c.isEmpty()).forEach(c -> rows.column(c, Rows.Type.NUMBER));
        long[] sums = new long[3];
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (line.isBlank()) {
                account.empty();
            } else if (!counters(line)) {
                account.reject(i, "is not 9 to 15 hexadecimal numbers of 8 digits, one blank apart");
            } else {
                List<String> fields = Fields.split(line);
                for (int column = 0; column < fields.size(); column++) {
                    long value = Fields.hexadecimal(fields.get(column), 0, 8);
                    if (column < sums.length) {
                        sums[column] += value;
                    }
                    if (!COLUMNS.get(column).isEmpty()) {
                        rows.number(COLUMNS.get(column), value);
                    }
                }
                rows.end();
                account.used();
            }
        }
        if (!text.excerpt() && match(text) == Match.SURE) {
            for (int column = 0; column < sums.length; column++) {
                account.derived(
                        "softnet:" + COLUMNS.get(column),
                        Long.toString(sums[column]),
                        "summed over the CPUs of " + text.path());
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean counters(String line) {
        int words = (line.length() + 1) / 9;
        if (line.length() != 9 * words - 1 || words < FEWEST || words > COLUMNS.size()) {
            return false;
        }
        for (int i = 0; i < line.length(); i++) {
            boolean fits = i % 9 == 8 ? line.charAt(i) == ' ' : "0123456789abcdef".indexOf(line.charAt(i)) >= 0;
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
