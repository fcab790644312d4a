package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/fs/jbd2/DEVICE/info} into facts {@code jbd2:DEVICE.NAME}: how many transactions the journal has committed since it was
 * mounted, and what they took on average ({@code jbd2_seq_info_show} of fs/jbd2/journal.c).
 */
final class Jbd2Source implements Source {
    private static final Pattern FIRST =
            Pattern.compile("(\\d+) transactions? ?(?:\\((\\d+) requested\\))?, each up to (\\d+) blocks");
    private static final Pattern TIME = Pattern.compile("  (\\d+)(ms|us) ([a-z][a-z ()]*)");
    private static final Pattern SIZE = Pattern.compile("  (\\d+) ((?:handles|blocks|logged blocks) per transaction)");
    private static final Pattern DEVICE = Pattern.compile("(?:^|.*/)jbd2[/_]([^/\\s]+?)[/_]info(?:\\.txt)?(?:\\s.*)?");

    @Override
    public String name() {
        return "/proc/fs/jbd2 info";
    }

    @Override
    public boolean begins(String line) {
        return line.contains(", each up to ") && FIRST.matcher(line).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        Matcher place = DEVICE.matcher(text.command().orElse(text.path()));
        String prefix = "jbd2:" + (place.matches() ? place.group(1) : text.path()) + ".";
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i).stripTrailing();
            Matcher first = FIRST.matcher(line);
            Matcher time = TIME.matcher(line);
            Matcher size = SIZE.matcher(line);
            if (line.isBlank() || line.equals("average:")) {
                account.empty();
            } else if (first.matches()) {
                account.fact(i, prefix + "transactions", first.group(1));
                if (first.group(2) != null) {
                    account.fact(i, prefix + "requested", first.group(2));
                }
                account.fact(i, prefix + "transaction blocks at most", first.group(3));
                account.used();
            } else if (time.matches()) {
                account.fact(i, prefix + time.group(3), time.group(1) + " " + time.group(2));
                account.used();
            } else if (size.matches()) {
                account.fact(i, prefix + size.group(2), size.group(1));
                account.used();
            } else {
                account.reject(i, "not a line of a jbd2 info file, which are like \"  76ms running transaction\"");
            }
        }
        return account.close(Optional.empty());
    }
}
