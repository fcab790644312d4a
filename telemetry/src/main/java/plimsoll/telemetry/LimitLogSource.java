package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Any log with errors that mean a limit was hit, into table {@code limit_log}: the {@code line} in its file, the {@code kind}, by the
 * name of the error where it has one (errno(3)), and the {@code text}. Recognised by its shape alone: most lines begin with a time, and at
 * least one has such an error. The other lines say nothing of limits and count as empty.
 */
final class LimitLogSource implements Source {
    private static final String CLOCK = "\\d{2}:\\d{2}:\\d{2}";
    private static final Pattern LOG = Pattern.compile("(?:<\\d+>|\\S+ )?\\[?(?:"
            + "\\d{4}[-/.]\\d{2}[-/.]\\d{2}[T ]" + CLOCK
            + "|\\d{2}[-/]\\w{3}[-/ ]\\d{4}[: ]" + CLOCK
            + "|(?:\\w{3} )?\\w{3} [ \\d]?\\d " + CLOCK
            + "|\\d{2}/\\d{2}/\\d{2,4}[ ,]+" + CLOCK
            + "|\\d{1,2} \\w{3} (?:\\d{4} )?" + CLOCK
            + "|\\d{10}[. ]"
            + ").*");

    /** A kind and what its lines have in them. */
    private record Kind(String name, String has) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("EADDRNOTAVAIL", "Cannot assign requested address"),
            new Kind("EADDRNOTAVAIL", "EADDRNOTAVAIL"),
            new Kind("EAGAIN", "Resource temporarily unavailable"),
            new Kind("maxclients", "max number of clients reached"),
            new Kind("worker_connections", "worker_connections are not enough"),
            new Kind("ENFILE", "Too many open files in system"),
            new Kind("EMFILE", "Too many open files"),
            new Kind("EMFILE", "EMFILE"));

    private static final int HEAD = 20;

    @Override
    public String name() {
        return "log with limit errors";
    }

    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, HEAD);
        long dated = head.stream()
                .filter(l -> l.length() < 10_000 && LOG.matcher(l).matches())
                .count();
        return dated > 0 && 2 * dated >= head.size() && text.lines().stream().anyMatch(l -> !kind(l).isEmpty())
                ? Match.SHAPE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("limit_log")
                .column("line", Rows.Type.NUMBER)
                .column("kind", Rows.Type.TEXT)
                .column("text", Rows.Type.TEXT);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            String kind = kind(line);
            if (kind.isEmpty()) {
                account.empty();
            } else {
                rows.number("line", text.firstLine() + i)
                        .text("kind", kind)
                        .text("text", line.strip())
                        .end();
                account.used();
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    /** The limit that a line says was hit; empty where it says nothing of one. */
    static String kind(String line) {
        for (Kind kind : KINDS) {
            if (line.contains(kind.has)) {
                return kind.name;
            }
        }
        return "";
    }
}
