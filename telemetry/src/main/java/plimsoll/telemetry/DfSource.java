package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code df} and {@code df -i} into table {@code filesystems}, sizes in bytes. The header says the size of a block; {@code df -h} prints
 * powers of 1024 and {@code df -H} powers of 1000 with the same letters, so the letters are of 1024 unless the command says {@code -H}
 * or {@code --si}, and {@code rounded} is 1: such a size is exact to two digits only.
 */
final class DfSource implements Source {
    private static final Pattern HEADER = Pattern.compile(
            "Filesystem +(?:(Type) +)?(?:(Inodes) +IUsed +IFree +IUse%|(?:(\\d*)([KMGT]?i?)(B?)-blocks|Size) +Used +Avail(?:able)? +(?:Use%|Capacity)) +Mounted on *");
    private static final Pattern ROW =
            Pattern.compile("(\\S(?:.*?\\S)??) ++(-|\\d\\S*) +(-|-?\\d\\S*) +(-|-?\\d\\S*) +(-|\\d+%) +(/.*|-)");
    private static final Pattern NAME = Pattern.compile("\\S+");
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:[.,]\\d+)?)([kKMGTPEZY]?)(?:i?B)?");
    private static final String LETTERS = "KMGTPEZY";

    @Override
    public String name() {
        return "df";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Filesystem ") && HEADER.matcher(line).matches();
    }

    /** Sure by the header, which must be English; rows below any other header have the shape. */
    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, 3);
        if (head.stream().anyMatch(this::begins)) {
            return Match.SURE;
        }
        return head.size() > 1
                        && head.stream()
                                .skip(1)
                                .allMatch(l -> l.contains("%") && ROW.matcher(l).matches())
                ? Match.SHAPE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("filesystems")
                .column("filesystem", Rows.Type.TEXT)
                .column("mounted_on", Rows.Type.TEXT)
                .column("type", Rows.Type.TEXT);
        boolean si = text.command()
                .map(c -> c.matches(".*\\s(-\\w*H\\w*|--si)(\\s.*)?"))
                .orElse(false);
        Head head = null;
        String wrapped = "";
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i).stripTrailing();
            Matcher header = HEADER.matcher(line);
            Matcher row = ROW.matcher(wrapped + line);
            if (line.isEmpty()) {
                account.empty();
            } else if (header.matches()) {
                head = Head.of(header, si);
                account.covers(head.inodes ? "inodes" : "space");
                account.empty();
            } else if (head == null) {
                account.reject(
                        i,
                        "no header like \"Filesystem 1K-blocks Used Available Use% Mounted on\" stands above it: a df in another"
                                + " language is read after LC_ALL=C df");
            } else if (row.matches()) {
                String wrong = head.row(row, rows);
                if (wrong == null) {
                    account.used();
                } else {
                    account.reject(i, wrong);
                }
                wrapped = "";
            } else if (wrapped.isEmpty() && NAME.matcher(line).matches() && continues(text, i, line)) {
                wrapped = line; // a long name stands alone, its numbers on the next line
                account.used();
            } else {
                account.reject(i, "not a filesystem, three sizes, a share and where it is mounted");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean continues(Text text, int index, String name) {
        return index + 1 < text.lines().size()
                && text.lines().get(index + 1).startsWith(" ")
                && ROW.matcher(name + text.lines().get(index + 1).stripTrailing())
                        .matches();
    }

    /** What the header says. */
    private record Head(boolean type, boolean inodes, double block, boolean rounded, int power) {
        static Head of(Matcher header, boolean si) {
            String count = header.group(3);
            String letter = header.group(4);
            boolean rounded = header.group(2) == null && letter == null;
            int base =
                    letter != null && !letter.endsWith("i") && !header.group(5).isEmpty() ? 1000 : 1024;
            double block = count == null || count.isEmpty() ? 1 : Double.parseDouble(count);
            if (letter != null && !letter.isEmpty()) {
                block *= Math.pow(base, LETTERS.indexOf(letter.charAt(0)) + 1.0);
            }
            return new Head(header.group(1) != null, header.group(2) != null, block, rounded, si ? 1000 : 1024);
        }

        /** Puts the row into the table; or says what is wrong with it, having written nothing. */
        @Nullable
        String row(Matcher row, Rows.Builder rows) {
            List<String> names = inodes ? List.of("inodes", "iused", "ifree") : List.of("size", "used", "available");
            for (int c = 0; c < 3; c++) {
                String cell = row.group(2 + c);
                if (!cell.equals("-") && (rounded || inodes ? size(cell) : Values.whole(cell)) < 0) {
                    return "'" + cell + "' stands where " + names.get(c) + " should be";
                }
            }
            String first = row.group(1);
            int blank = first.lastIndexOf(' ');
            if (type && blank < 0) {
                return "has no type, which the header calls for";
            }
            rows.text("filesystem", type ? first.substring(0, blank).stripTrailing() : first);
            if (type) {
                rows.text("type", first.substring(blank + 1));
            }
            for (int c = 0; c < 3; c++) {
                String cell = row.group(2 + c);
                if (!cell.equals("-")) {
                    double value = rounded || inodes ? size(cell) : Values.whole(cell) * block;
                    rows.number(names.get(c), Math.round(value));
                }
            }
            if (!row.group(5).equals("-")) {
                String share = row.group(5);
                rows.number(
                        inodes ? "iuse_percent" : "use_percent", Values.whole(share.substring(0, share.length() - 1)));
            }
            boolean letter = row.group(2).matches(".*[A-Za-z]");
            rows.number("rounded", rounded || letter ? 1 : 0);
            rows.text("mounted_on", row.group(6)).end();
            return null;
        }

        /** A size with its letter, {@code 23G}; -1 where it is none. */
        private double size(String cell) {
            Matcher m = SIZE.matcher(cell);
            if (!m.matches()) {
                return -1;
            }
            double value = Double.parseDouble(m.group(1).replace(',', '.'));
            String letter = m.group(2).toUpperCase(java.util.Locale.ROOT);
            return letter.isEmpty() ? value : value * Math.pow(power, LETTERS.indexOf(letter) + 1.0);
        }
    }
}
