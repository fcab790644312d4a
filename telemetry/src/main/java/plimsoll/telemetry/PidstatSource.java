package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code pidstat} with any of its reports, above all {@code -d}, into table {@code pidstat}: a row per process and report, columns by the
 * header's names in the units these say; kB is 1024 B. {@code average} is 1 for a mean over the whole run. A value that pidstat may not
 * see, -1, is missing.
 */
final class PidstatSource implements Source {
    private static final Set<String> NUMBERS = Set.of("UID", "PID", "TGID", "TID", "CPU");
    private static final Set<String> TEXTS = Set.of("USER", "Command");
    private static final int HEAD = 3; // lines with something on them: banner, header, first row
    // pidstat -H counts seconds since 1970
    private static final Pattern EPOCH = Pattern.compile("(#?\\s*)(\\d{10})(\\s+\\S.*)");

    @Override
    public String name() {
        return "pidstat";
    }

    /** True for the columns of pidstat, of which the command is the last, and none is one of those that the table has of its own. */
    static boolean header(List<String> fields) {
        return fields.indexOf("Command") == fields.size() - 1
                && fields.size() > 1
                && !fields.contains("time")
                && !fields.contains("average")
                && (fields.contains("PID") || fields.contains("TID") || fields.contains("TGID"));
    }

    private static boolean spaced(String line) {
        return line.startsWith("# Time ");
    }

    @Override
    public Match match(Text text) {
        return Places.head(text, HEAD).stream()
                        .anyMatch(l -> l.contains("Command")
                                && (spaced(l)
                                        ? header(Fields.split(l))
                                        : stamped(l)
                                                .filter(s -> header(s.fields()))
                                                .isPresent()))
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("pidstat")
                .column("time", Rows.Type.TEXT)
                .column("average", Rows.Type.NUMBER)
                .column("Command", Rows.Type.TEXT)
                .column("PID", Rows.Type.NUMBER);
        List<String> columns = List.of();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Optional<Stamped> stamped = stamped(line);
            if (line.isBlank() || IostatSource.banner(line)) {
                account.empty();
            } else if (spaced(line)) {
                List<String> fields = Fields.split(line);
                columns = covered(account, fields.subList(2, fields.size()));
                account.empty();
            } else if (stamped.isEmpty()) {
                account.reject(
                        i,
                        "begins neither with a time nor with \"Average:\"; a report in another language is read after LC_ALL=C pidstat");
            } else if (header(stamped.get().fields())) {
                columns = covered(account, stamped.get().fields());
                account.empty();
            } else if (columns.isEmpty()) {
                account.reject(
                        i,
                        "no header stands above it: columns are known by a line like \"01:32:38 UID PID kB_rd/s ... Command\"");
            } else {
                String wrong = row(rows, columns, stamped.get());
                if (wrong.isEmpty()) {
                    account.used();
                } else {
                    account.reject(i, wrong);
                }
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    /** Reports with other columns are of other things: disk, memory, CPU. */
    private static List<String> covered(Parsed.Account account, List<String> columns) {
        columns.stream().filter(c -> !NUMBERS.contains(c) && !TEXTS.contains(c)).forEach(account::covers);
        return columns;
    }

    private static Optional<Stamped> stamped(String line) {
        Matcher m = EPOCH.matcher(line);
        return m.matches() ? Optional.of(new Stamped(m.group(2), Fields.split(m.group(3)))) : Stamped.of(line);
    }

    /** Puts the row into the table; or says what is wrong with it, having written nothing. The command, last, may have blanks in it. */
    private static String row(Rows.Builder rows, List<String> columns, Stamped stamped) {
        List<String> fields = stamped.fields();
        if (fields.size() < columns.size()) {
            return "has " + fields.size() + " columns where the header above has " + columns.size();
        }
        int last = columns.size() - 1;
        for (int c = 0; c < last; c++) {
            if (!TEXTS.contains(columns.get(c))
                    && !fields.get(c).equals("-")
                    && Values.real(fields.get(c)).isEmpty()) {
                return "'" + fields.get(c) + "' stands where " + columns.get(c) + " should be";
            }
        }
        if (!stamped.average()) {
            rows.text("time", stamped.time());
        }
        rows.number("average", stamped.average() ? 1 : 0);
        for (int c = 0; c < last; c++) {
            String column = columns.get(c);
            String cell = fields.get(c);
            if (TEXTS.contains(column)) {
                rows.text(column, cell);
            } else if (NUMBERS.contains(column)) {
                long number = Values.whole(cell);
                if (number >= 0) {
                    rows.number(column, number);
                }
            } else {
                Values.real(cell).stream().filter(v -> v >= 0).forEach(v -> rows.real(column, v));
            }
        }
        rows.text(columns.get(last), String.join(" ", fields.subList(last, fields.size())))
                .end();
        return "";
    }
}
