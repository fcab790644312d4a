package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;

/**
 * {@code sar} and {@code mpstat} of sysstat 9 to 12.7 for people to read, into table {@code sar}: reports one below the other, each with
 * a header that names its columns, repeated now and then. Times are as printed, with AM and PM or without.
 */
final class SarSource implements Source {
    private static final int HEAD = 4; // lines with something on them: banner, a restart, header, first row

    @Override
    public String name() {
        return "sar";
    }

    @Override
    public Match match(Text text) {
        boolean banner = false;
        for (String line : Places.head(text, HEAD)) {
            Optional<Stamped> stamped = Stamped.of(line);
            if (stamped.isPresent() && stamped.get().restart()) {
                return Match.SURE;
            }
            if (stamped.isPresent() && stamped.get().header()) {
                List<String> fields = stamped.get().fields();
                Header header = Header.of(fields);
                boolean known = !header.activity().equals(header.first()) || banner;
                return !PidstatSource.header(fields) && known ? Match.SURE : Match.NO;
            }
            if (IostatSource.banner(line)) {
                banner = true;
            } else if (stamped.isEmpty()) {
                return Match.NO;
            }
        }
        return Match.NO;
    }

    /**
     * The columns of a report.
     *
     * @param item where the item stands; -1 where the report has none
     */
    private record Header(List<String> columns, int item, String first, String activity) {
        static Header of(List<String> columns) {
            int item = -1;
            for (int i = 0; i < columns.size(); i += Math.max(1, columns.size() - 1)) {
                if (SarRows.ITEMS.contains(columns.get(i))) {
                    item = i;
                    break;
                }
            }
            String first = columns.get(item == 0 && columns.size() > 1 ? 1 : 0);
            return new Header(columns, item, first, SarRows.activity(item < 0 ? "" : columns.get(item), first));
        }

        /** The row as many fields long as the header: a name in the last column may have blanks in it. */
        List<String> cells(List<String> fields) {
            int last = columns.size() - 1;
            boolean words = item == last || columns.get(last).matches("product|DEVICE");
            if (!words || fields.size() <= columns.size()) {
                return fields;
            }
            var cells = new java.util.ArrayList<>(fields.subList(0, last));
            cells.add(String.join(" ", fields.subList(last, fields.size())));
            return cells;
        }
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new SarRows();
        Optional<String> date = Optional.empty();
        Header header = null;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Optional<Stamped> stamped = Stamped.of(line);
            if (line.isBlank()) {
                account.empty();
            } else if (IostatSource.banner(line)) {
                date = Stamped.date(line);
                account.empty();
            } else if (stamped.isEmpty()) {
                account.reject(
                        i,
                        "begins neither with a time nor with \"Average:\"; a report in another language is read after LC_ALL=C sar");
            } else if (stamped.get().restart()) {
                account.empty();
            } else if (stamped.get().rounded()) {
                account.reject(i, "rounded for people (-h or --human); sar without it prints the numbers");
            } else if (stamped.get().header()) {
                header = Header.of(stamped.get().fields());
                account.empty();
            } else if (header == null) {
                account.reject(
                        i,
                        "no header stands above it: columns are known by a line like \"01:32:32 CPU %user ... %idle\"");
            } else {
                row(account, i, rows, date, header, stamped.get());
            }
        }
        return account.close(Optional.of(rows.close(account)));
    }

    private static void row(
            Parsed.Account account, int i, SarRows rows, Optional<String> date, Header header, Stamped stamped) {
        List<String> cells = header.cells(stamped.fields());
        if (cells.size() != header.columns.size()) {
            account.reject(i, "has " + cells.size() + " columns where the header above has " + header.columns.size());
            return;
        }
        String item = header.item < 0 ? "" : cells.get(header.item);
        for (int c = 0; c < cells.size(); c++) {
            int column = c;
            if (c != header.item) {
                // a name beside the item, a fan's or a bus's device, is no value
                Values.real(cells.get(c))
                        .ifPresent(v -> rows.add(
                                date,
                                stamped.time(),
                                header.activity,
                                item,
                                header.columns.get(column),
                                v,
                                stamped.average()));
            }
        }
        account.used();
    }
}
