package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/mounts} and what {@code mount} prints into table {@code mounts}. The kernel writes blanks and backslashes of a path in
 * octal, {@code \040} ({@code mangle} in fs/proc_namespace.c); {@code mount} writes them as they are.
 */
final class MountsSource implements Source {
    // the kernel says rw or ro first and always ends in 0 0, which a line of fstab seldom does
    private static final Pattern KERNEL = Pattern.compile("(\\S+) (/\\S*) (\\S+) ((?:rw|ro)(?:,\\S*)?) 0 0");
    private static final Pattern COMMAND =
            Pattern.compile("(.+?) on (/.*) type (\\S+) \\(((?:rw|ro)[^)]*)\\)(?: \\[.*\\])?");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-3][0-7]{2})");

    @Override
    public String name() {
        return "mounts";
    }

    @Override
    public Match match(Text text) {
        boolean mounts = false;
        for (String line : Places.head(text, 5)) {
            if (line.startsWith("#")) {
                return Match.NO; // as in fstab
            }
            mounts |= (line.endsWith(" 0 0") && KERNEL.matcher(line).matches())
                    || (line.contains(" type ") && COMMAND.matcher(line).matches());
        }
        return mounts && !FstabSource.place(text) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        Rows.Builder rows = table();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher kernel = KERNEL.matcher(line.stripTrailing());
            Matcher command = COMMAND.matcher(line.stripTrailing());
            if (line.isBlank()) {
                account.empty();
            } else if (kernel.matches()) {
                mount(rows, decoded(kernel.group(1)), decoded(kernel.group(2)), kernel.group(3), kernel.group(4));
                rows.end();
                account.used();
            } else if (command.matches()) {
                mount(rows, command.group(1), command.group(2), command.group(3), command.group(4));
                rows.end();
                account.used();
            } else {
                account.reject(
                        i,
                        "is neither \"source /target type rw,options 0 0\" nor \"source on /target type type (rw,options)\"");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    /** The table, for all who fill it. */
    static Rows.Builder table() {
        return new Rows.Builder("mounts")
                .column("source", Rows.Type.TEXT)
                .column("target", Rows.Type.TEXT)
                .column("fstype", Rows.Type.TEXT)
                .column("options", Rows.Type.TEXT);
    }

    /** The cells that all forms have; the row is left open. */
    static void mount(Rows.Builder rows, String source, String target, String type, String options) {
        rows.text("source", source).text("target", target).text("fstype", type).text("options", options);
    }

    /** A path as it is: {@code \040} is a blank, {@code \134} a backslash. Bytes beyond ASCII are never written in octal. */
    static String decoded(String path) {
        return path.indexOf('\\') < 0
                ? path
                : OCTAL.matcher(path)
                        .replaceAll(m ->
                                Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(m.group(1), 8))));
    }
}
