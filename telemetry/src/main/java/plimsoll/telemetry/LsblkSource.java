package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code lsblk} with its usual columns into table {@code block_devices}; a size is text as it was printed: rounded, or bytes with {@code -b}. */
final class LsblkSource implements Source {
    private static final Pattern HEADER = Pattern.compile("NAME +MAJ:MIN +RM +SIZE +RO +TYPE +MOUNTPOINTS? *");
    private static final Pattern ROW = Pattern.compile(
            "[ │├└─|`-]*+([^\\s│├└─|`-]\\S*)(?: \\(([^)]*)\\))? +(\\d+:\\d+) +([01]) +(\\d\\S*) +([01]) +([a-z]\\S*)(?: +(\\S.*))?");
    private static final Pattern MORE = Pattern.compile("[ │├└─|`-]++(/.*|\\[SWAP\\])");

    @Override
    public String name() {
        return "lsblk";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("NAME ") && HEADER.matcher(line).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("block_devices");
        for (String column : List.of("name", "maj_min", "rm", "size", "ro", "type", "mountpoint")) {
            rows.column(column, column.equals("rm") || column.equals("ro") ? Rows.Type.NUMBER : Rows.Type.TEXT);
        }
        Optional<Matcher> last = Optional.empty();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i).stripTrailing();
            Matcher row = ROW.matcher(line);
            Matcher more = MORE.matcher(line);
            if (line.isBlank() || begins(line)) {
                account.empty();
            } else if (row.matches()) {
                device(rows, row, Optional.ofNullable(row.group(8)));
                last = Optional.of(row);
                account.used();
            } else if (more.matches() && last.isPresent()) {
                // one more place where the device above is mounted
                device(rows, last.get(), Optional.of(more.group(1)));
                account.used();
            } else {
                account.reject(i, "not a device with its numbers, size and type");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static void device(Rows.Builder rows, Matcher row, Optional<String> mountpoint) {
        rows.text("name", row.group(1))
                .text("maj_min", row.group(3))
                .number("rm", Values.whole(row.group(4)))
                .text("size", row.group(5))
                .number("ro", Values.whole(row.group(6)))
                .text("type", row.group(7));
        mountpoint.ifPresent(m -> rows.text("mountpoint", m));
        rows.end();
    }
}
