package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code /proc/stat} into table {@code cpu_times}, in ticks of 1/100 s since boot, and facts {@code stat:btime}, {@code stat:ctxt} and
 * so on; of {@code intr} and {@code softirq} the totals (proc(5)).
 */
final class ProcStatSource implements Source {
    private static final Pattern CPU = Pattern.compile("cpu\\d* {1,2}\\d+(?: \\d+){3,9}");
    private static final Pattern COUNTER = Pattern.compile("(?:ctxt|btime|processes|procs_running|procs_blocked) \\d+");
    private static final Pattern TOTAL = Pattern.compile("(?:intr|softirq) \\d[\\d ]*");
    private static final List<String> COLUMNS =
            List.of("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest", "guest_nice");

    @Override
    public String name() {
        return "/proc/stat";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("cpu  ") && CPU.matcher(line).matches();
    }

    @Override
    public Match match(Text text) {
        String first = Places.head(text, 1).stream().findFirst().orElse("");
        return begins(first)
                ? Match.SURE
                : first.startsWith("btime ") && COUNTER.matcher(first).matches() ? Match.SHAPE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("cpu_times").column("cpu", Rows.Type.TEXT);
        COLUMNS.forEach(column -> rows.column(column, Rows.Type.NUMBER));
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i).stripTrailing();
            List<String> fields = Fields.split(line);
            if (line.isEmpty()) {
                account.empty();
            } else if (CPU.matcher(line).matches()) {
                rows.text("cpu", fields.get(0));
                for (int c = 1; c < fields.size(); c++) {
                    rows.number(COLUMNS.get(c - 1), Values.whole(fields.get(c)));
                }
                rows.end();
                account.used();
            } else if (COUNTER.matcher(line).matches() || TOTAL.matcher(line).matches()) {
                account.fact(i, "stat:" + fields.get(0), fields.get(1));
                account.used();
            } else {
                account.reject(i, "not a line of /proc/stat, which are like \"btime 1795222438\"");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }
}
