package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code sadf -d}, semicolons below headers, and {@code sadf -p}, one value per line, into table {@code sar} (sadf(1)). */
final class SadfSource implements Source {
    private static final String HEADER = "# hostname;interval;timestamp;";
    private static final Pattern LINE = Pattern.compile(
            "([^\\t]+)\\t(-?\\d+)\\t(\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}(?: UTC)?|\\d{9,11})\\t([^\\t]+)\\t([^\\t]+)\\t(-?\\d+(?:\\.\\d+)?)");
    private static final Pattern STAMP = Pattern.compile("(\\d{4}-\\d{2}-\\d{2}) (.*)");
    private static final int FIXED = 3; // host, interval, time

    @Override
    public String name() {
        return "sadf";
    }

    private static boolean header(String line) {
        return line.startsWith(HEADER);
    }

    @Override
    public Match match(Text text) {
        return Places.head(text, 1).stream()
                        .anyMatch(l -> header(l)
                                || (l.indexOf('\t') > 0 && LINE.matcher(l).matches()))
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new SarRows();
        List<String> columns = List.of();
        String activity = "";
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i).stripTrailing();
            Matcher single = LINE.matcher(line);
            if (line.isEmpty()) {
                account.empty();
            } else if (header(line)) {
                columns = List.of(line.split(";", -1));
                String first = columns.size() > FIXED ? columns.get(FIXED) : "";
                boolean item = SarRows.ITEMS.contains(first) && columns.size() > FIXED + 1;
                activity = SarRows.activity(item ? first : "", item ? columns.get(FIXED + 1) : first);
                account.empty();
            } else if (single.matches()) {
                String item = single.group(4).equals("-") ? "" : single.group(4);
                String name = single.group(5);
                if (activity.isEmpty() || SarRows.tells(name)) {
                    activity = SarRows.activity(name.equals("tps") && !item.isEmpty() ? "DEV" : "", name);
                }
                value(rows, single.group(3), activity, item, name, single.group(6));
                account.used();
            } else if (line.contains("LINUX-RESTART") || line.contains(";COM ") || line.contains("\tCOM ")) {
                account.empty(); // a reboot or a remark, which is no value
            } else if (columns.isEmpty()) {
                account.reject(
                        i, "no header stands above it: columns are known by a line like \"" + HEADER + "DEV;tps\"");
            } else if (columns.get(columns.size() - 1).endsWith("[...]")) {
                account.reject(i, "has several items on one line (sadf -h); sadf -d without it prints one");
            } else {
                List<String> cells = List.of(line.split(";", -1));
                row(account, i, rows, spelled(columns, cells.size()), activity, cells);
            }
        }
        return account.close(Optional.of(rows.close(account)));
    }

    /** The header of interrupts ends in {@code CPU*}, which is {@code all} and a column for each CPU. */
    private static List<String> spelled(List<String> columns, int size) {
        int last = columns.size() - 1;
        if (!columns.get(last).equals("CPU*")) {
            return columns;
        }
        var spelled = new ArrayList<>(columns.subList(0, last));
        for (int cpu = -1; spelled.size() < size; cpu++) {
            spelled.add(cpu < 0 ? "all" : "CPU" + cpu);
        }
        return spelled;
    }

    private static void row(
            Parsed.Account account, int i, SarRows rows, List<String> columns, String activity, List<String> cells) {
        if (cells.size() != columns.size()) {
            account.reject(i, "has " + cells.size() + " columns where the header above has " + columns.size());
            return;
        }
        int item = -1;
        for (int c = FIXED; c < columns.size(); c++) {
            if (SarRows.ITEMS.contains(columns.get(c))) {
                item = c;
                break;
            }
        }
        for (int c = FIXED; c < columns.size(); c++) {
            if (c != item && Values.real(cells.get(c)).isPresent()) {
                value(rows, cells.get(2), activity, item < 0 ? "" : cells.get(item), columns.get(c), cells.get(c));
            }
        }
        account.used();
    }

    private static void value(SarRows rows, String stamp, String activity, String item, String name, String value) {
        Matcher m = STAMP.matcher(stamp);
        boolean dated = m.matches();
        // sadf calls the mean of all CPUs -1 where sar says all
        String shown = item.equals("-1") && activity.matches("cpu-.*|softnet|interrupts") ? "all" : item;
        rows.add(
                dated ? Optional.of(m.group(1)) : Optional.empty(),
                dated ? m.group(2) : stamp,
                activity,
                shown,
                name,
                Values.real(value).orElseThrow(),
                false);
    }
}
