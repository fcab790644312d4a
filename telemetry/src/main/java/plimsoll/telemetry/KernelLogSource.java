package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's log, as {@code dmesg}, {@code dmesg -T}, {@code journalctl} and syslog files show it, into table {@code kernel_log}:
 * {@code time} as printed, {@code seconds} since boot, {@code program} (kernel where it is the kernel's), {@code message}, and
 * {@code kind} for messages that tell of a limit, with the namespace, the port and the address they name. A message that tells of none
 * has no kind. A journal's other programs are rows too, with the kinds of {@link LimitLogSource}.
 */
final class KernelLogSource implements Source {
    private static final Pattern SECONDS = Pattern.compile(
            "(?:<\\d+>)?(?:[a-z]+ *: *[a-z]+ *: ?)?\\[ *(\\d+\\.\\d{6})\\](?:\\[ *[CT]\\d+\\])?(?: (.*)|)");
    private static final Pattern DATED = Pattern.compile(
            "(?:[a-z]+ *: *[a-z]+ *: ?)?\\[((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \\d]\\d \\d{2}:\\d{2}:\\d{2} \\d{4})\\](?:\\[ *[CT]\\d+\\])?(?: (.*)|)");
    private static final Pattern LOCALISED =
            Pattern.compile("(?:[a-z]+ *: *[a-z]+ *: ?)?\\[\\S[^\\]]* \\d{2}:\\d{2}:\\d{2} \\d{4}\\].*");
    private static final Pattern SYSLOG = Pattern.compile(
            "(?:<\\d+>)?((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \\d]?\\d \\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?"
                    + "|\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:[.,]\\d+)?(?:Z|[+-]\\d{2}:?\\d{2})?)"
                    + "(?: ([\\w.:-]+))?? ([\\w./@()-]+?)(?:\\[\\d+\\])?: (?:\\[ *(\\d+\\.\\d+)\\] ?)?(.*)");
    private static final Pattern ISO =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}[.,]\\d{6}[+-]\\d{2}:\\d{2}) (.*)");
    // util-linux puts a comma before the microseconds and a colon into the zone; loggers that do the same put a level
    // behind
    private static final Pattern DMESG =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2},\\d{6}[+-]\\d{2}:\\d{2} .*");
    private static final Pattern HUMAN = Pattern.compile(
            "\\[(?:((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ \\d]\\d \\d{2}:\\d{2})| {1,8}\\+\\d{1,9}\\.\\d{6})\\] (.*)");
    private static final Pattern REMARK = Pattern.compile("-- .*( --|\\.)|-- Boot [0-9a-f]{32} --");
    private static final Pattern NETNS = Pattern.compile(".* in netns (\\d+).*");
    private static final Pattern PORT = Pattern.compile(".* on port (?:(\\[[^\\]]*\\]|[\\d.]+):)?(\\d{1,5})\\. .*");

    /** A kind, what its messages have in them, and the form that they have. */
    private record Kind(String name, String has, Pattern message) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "conntrack full",
                    "table full",
                    Pattern.compile(
                            "(?:(?:nf|ip)_conntrack: ){1,2}table full(?: in netns \\d+)?, dropping packet\\.?")),
            new Kind(
                    "SYN flooding",
                    " SYN flooding ",
                    Pattern.compile("(?:TCP: )?(?:\\w+: )?[Pp]ossible SYN flooding on port \\S+\\. .*")),
            new Kind(
                    "TIME-WAIT overflow",
                    "time wait bucket",
                    Pattern.compile("(?:TCP: )?time wait bucket table overflow.*")),
            new Kind(
                    "neighbour overflow",
                    " table overflow",
                    Pattern.compile("(?:\\w+: ){0,3}[Nn]eighbou?r table overflow[.!]?")),
            // where an old kernel says so twice, only the first line says "Out of memory"
            new Kind(
                    "OOM kill",
                    "ut of memory: Kill",
                    Pattern.compile(".*[Oo]ut of memory: Kill(?:ed)? process \\d+.*")),
            new Kind(
                    "out of socket memory",
                    " memory",
                    Pattern.compile("(?:TCP: )?(?:Out of socket memory|out of memory -- consider tuning tcp_mem)")),
            new Kind(
                    "too many orphans",
                    " orphaned sockets",
                    Pattern.compile("(?:TCP: )?too many (?:of )?orphaned sockets.*")),
            new Kind("file-max", "file-max limit ", Pattern.compile("VFS: file-max limit \\d+ reached")),
            new Kind(
                    "pids limit",
                    "fork rejected by ",
                    Pattern.compile("cgroup: fork rejected by pids controller in .*")));

    private static final int HEAD = 5;
    private static final int SEARCHED = 500; // lines of a journal among which the kernel is looked for

    @Override
    public String name() {
        return "kernel log";
    }

    /** Sure of a kernel's time stamp, or of a syslog in which the kernel speaks; a message of a known kind without a time is a shape. */
    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, HEAD);
        if (head.isEmpty()) {
            return Match.NO;
        }
        boolean stamped = head.stream()
                .anyMatch(l -> l.indexOf('[') >= 0
                        && (SECONDS.matcher(l).matches()
                                || DATED.matcher(l).matches()
                                || HUMAN.matcher(l).matches()
                                || (LOCALISED.matcher(l).matches() && asked(text))));
        if (stamped) {
            return Match.SURE;
        }
        boolean syslog = head.stream()
                        .anyMatch(l ->
                                SYSLOG.matcher(l).matches() || REMARK.matcher(l).matches())
                && Places.head(text, SEARCHED).stream()
                        .anyMatch(l ->
                                l.contains(" kernel: ") && SYSLOG.matcher(l).matches());
        boolean iso = head.stream().anyMatch(l -> ISO.matcher(l).matches());
        if (syslog
                || (iso
                        && (asked(text)
                                || (head.size() > 1
                                        && head.stream()
                                                .allMatch(l -> DMESG.matcher(l).matches()))))) {
            return Match.SURE;
        }
        boolean shape = head.stream()
                .anyMatch(l -> !kind(l).isEmpty()
                        || (l.indexOf('[') >= 0 && LOCALISED.matcher(l).matches() && tells(l)));
        return shape ? Match.SHAPE : Match.NO;
    }

    private static boolean asked(Text text) {
        return text.command()
                .map(c -> c.matches("dmesg\\b.*"))
                .orElse(text.path().matches("(?:.*[/_.-])?dmesg(?:\\W.*|_.*)?"));
    }

    private static boolean tells(String line) {
        return !kind(line.substring(line.indexOf(']') + 1).strip()).isEmpty();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("kernel_log")
                .column("time", Rows.Type.TEXT)
                .column("seconds", Rows.Type.REAL)
                .column("program", Rows.Type.TEXT)
                .column("message", Rows.Type.TEXT)
                .column("kind", Rows.Type.TEXT)
                .column("netns", Rows.Type.NUMBER)
                .column("address", Rows.Type.TEXT)
                .column("port", Rows.Type.NUMBER);
        boolean bare = text.command().map(c -> c.matches("dmesg\\b.*")).orElse(false);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i).stripTrailing();
            if (line.isEmpty() || REMARK.matcher(line).matches()) {
                account.empty();
            } else if (row(rows, line)) {
                account.used();
            } else if (LOCALISED.matcher(line).matches()) {
                account.reject(i, "its date is in another language: it is read after LC_ALL=C dmesg -T");
            } else if (bare || !kind(line).isEmpty()) {
                message(rows, "", "", "kernel", line); // without times: dmesg -t, or copied by hand
                account.used();
            } else if (rows.size() > 0 && line.startsWith(" ")) {
                account.used(); // the message above goes on
            } else {
                account.reject(i, "has no time, with which each line of a kernel log begins");
            }
        }
        account.values();
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean row(Rows.Builder rows, String line) {
        Matcher m = SECONDS.matcher(line);
        if (m.matches()) {
            message(rows, "", m.group(1), "kernel", m.group(2));
            return true;
        }
        m = DATED.matcher(line);
        if (m.matches()) {
            message(rows, m.group(1), "", "kernel", m.group(2));
            return true;
        }
        m = ISO.matcher(line);
        if (m.matches()) {
            message(rows, m.group(1), "", "kernel", m.group(2));
            return true;
        }
        m = HUMAN.matcher(line);
        if (m.matches()) {
            // later lines only tell how long after the one above they came
            message(rows, m.group(1) == null ? "" : m.group(1), "", "kernel", m.group(2));
            return true;
        }
        m = SYSLOG.matcher(line);
        if (m.matches()) {
            message(rows, m.group(1), m.group(4) == null ? "" : m.group(4), m.group(3), m.group(5));
            return true;
        }
        return false;
    }

    private static void message(
            Rows.Builder rows,
            String time,
            String seconds,
            String program,
            @org.jspecify.annotations.Nullable String said) {
        String message = said == null ? "" : said;
        String kind = program.equals("kernel") ? kind(message) : LimitLogSource.kind(message);
        if (!time.isEmpty()) {
            rows.text("time", time);
        }
        if (!seconds.isEmpty()) {
            rows.real("seconds", Double.parseDouble(seconds));
        }
        rows.text("program", program).text("message", message);
        if (!kind.isEmpty()) {
            rows.text("kind", kind);
        }
        Matcher netns = NETNS.matcher(message);
        if (kind.equals("conntrack full") && netns.matches()) {
            rows.number("netns", Values.whole(netns.group(1)));
        }
        Matcher port = PORT.matcher(message);
        if (kind.equals("SYN flooding") && port.matches()) {
            rows.number("port", Values.whole(port.group(2)));
            if (port.group(1) != null) {
                rows.text("address", port.group(1));
            }
        }
        rows.end();
    }

    /** The kind of a kernel's message; empty where it tells of no limit. */
    static String kind(String message) {
        for (Kind kind : KINDS) {
            if (message.contains(kind.has) && kind.message.matcher(message).matches()) {
                return kind.name;
            }
        }
        return "";
    }
}
