package plimsoll.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connections that netfilter tracks: {@code /proc/net/nf_conntrack} and {@code conntrack -L}, plain and {@code -o extended}.
 *
 * <p>There is no header. A text is the whole table where {@code conntrack}'s last line counts as many entries, where the command
 * reads it all, or where the file is named after it; otherwise it is an excerpt. The state stands only in rows of TCP, SCTP and
 * DCCP; the timeout only in rows that are not offloaded. {@code packets} and {@code bytes} are the original direction's. See
 * {@code ct_seq_show} of net/netfilter/nf_conntrack_standalone.c.
 */
final class ConntrackSource implements Source {
    private static final Pattern SHOWN =
            Pattern.compile("conntrack v\\S+ \\(conntrack-tools\\): (\\d+) flow entries have been shown\\.");
    private static final Pattern WHOLE_FILE = Pattern.compile(
            "(?!.*(grep|head|tail|excerpt|sample))((.*[/_-])?(nf|ip)_conntrack(\\.txt)?|(.*/)?conntrack_?-_?L\\b.*)");
    private static final Pattern WHOLE_COMMAND = Pattern.compile(
            "(sudo )?(cat (\\S*/)?proc/net/(nf|ip)_conntrack|(\\S*/)?conntrack (-L|--dump)( conntrack)?( (-o|--output)[ =]\\w+)*)( 2>(&1|\\s*\\S+))?");

    /** The numbers that are kept, by column: the keys of the original direction, of the reply, of the entry. */
    private static final List<String> COLUMNS = List.of(
            "orig_sport",
            "orig_dport",
            "packets",
            "bytes",
            "reply_sport",
            "reply_dport",
            "reply_packets",
            "reply_bytes",
            "mark",
            "zone",
            "use");

    private static final List<String> TUPLE_KEYS = List.of("sport=", "dport=", "packets=", "bytes=");
    private static final List<String> ENTRY_KEYS = List.of("mark=", "zone=", "use=");
    private static final int KEYS = 4;
    private static final List<String> ADDRESSES = List.of("orig_src", "orig_dst", "reply_src", "reply_dst");

    @Override
    public String name() {
        return "conntrack entries";
    }

    @Override
    public Match match(Text text) {
        int seen = 0;
        for (String line : text.lines()) {
            if (line.isBlank()) {
                continue;
            }
            if (SHOWN.matcher(line).matches() || shaped(line)) {
                return Match.SURE;
            }
            if (++seen == 3) {
                break;
            }
        }
        return Match.NO;
    }

    /** No other format has a protocol with its number and two tuples. */
    private static boolean shaped(String line) {
        int first = line.indexOf(" src=");
        var fields = new Fields().over(line);
        return first >= 0
                && line.indexOf(" src=", first + 1) >= 0
                && fields.next()
                && fields.decimal() < 0
                && fields.next()
                && fields.decimal() >= 0;
    }

    @Override
    public Parsed parse(Text text) {
        return new Parse(text).run();
    }

    /** One pass over a text. */
    private static final class Parse {
        private final Text text;
        private final Parsed.Account account;
        private final Fields fields = new Fields();

        // what the attributes of the present line say: by COLUMNS, -1 where missing; where each of ADDRESSES stands;
        // the flags
        private final long[] numbers = new long[COLUMNS.size()];
        private final int[] from = new int[ADDRESSES.size()];
        private final int[] to = new int[ADDRESSES.size()];
        private boolean ipv6;
        private boolean assured;
        private boolean unreplied;
        private boolean offload;

        private final Rows.Builder rows = new Rows.Builder("conntrack")
                .column("l3", Rows.Type.TEXT)
                .column("l4", Rows.Type.TEXT)
                .column("timeout_s", Rows.Type.NUMBER)
                .column("state", Rows.Type.TEXT)
                .column("orig_src", Rows.Type.TEXT)
                .column("orig_dst", Rows.Type.TEXT)
                .column("orig_sport", Rows.Type.NUMBER)
                .column("orig_dport", Rows.Type.NUMBER)
                .column("reply_src", Rows.Type.TEXT)
                .column("reply_dst", Rows.Type.TEXT)
                .column("reply_sport", Rows.Type.NUMBER)
                .column("reply_dport", Rows.Type.NUMBER)
                .column("assured", Rows.Type.NUMBER)
                .column("unreplied", Rows.Type.NUMBER)
                .column("offload", Rows.Type.NUMBER)
                .column("mark", Rows.Type.NUMBER)
                .column("zone", Rows.Type.NUMBER)
                .column("use", Rows.Type.NUMBER)
                .column("packets", Rows.Type.NUMBER)
                .column("bytes", Rows.Type.NUMBER)
                .column("reply_packets", Rows.Type.NUMBER)
                .column("reply_bytes", Rows.Type.NUMBER);

        Parse(Text text) {
            this.text = text;
            this.account = new Parsed.Account(text);
        }

        Parsed run() {
            long shown = -1;
            for (int i = 0; i < text.lines().size(); i++) {
                String line = text.lines().get(i);
                if (line.isBlank()) {
                    account.empty();
                    continue;
                }
                Matcher matcher = line.startsWith("conntrack v") ? SHOWN.matcher(line) : null;
                if (matcher != null && matcher.matches()) {
                    shown = Fields.decimal(matcher.group(1), 0, matcher.group(1).length());
                    account.empty();
                } else {
                    String wrong = entry(line);
                    if (wrong == null) {
                        account.used();
                    } else {
                        account.reject(i, wrong);
                    }
                }
            }
            if (whole(shown)) {
                // conntrack may have listed IPv4 alone: IPv6 is known to be whole where it is there
                boolean tool = shown >= 0 || text.command().orElse(text.path()).contains("-L");
                boolean both = ipv6 || !tool;
                account.covers("ipv4");
                if (both) {
                    account.covers("ipv6");
                }
                account.derived(
                        "conntrack:entries",
                        Integer.toString(rows.size()),
                        "rows of " + text.path() + (both ? "" : ", which may list IPv4 alone"));
            } else {
                account.excerpt();
            }
            return account.close(Optional.of(rows.rows()));
        }

        private boolean whole(long shown) {
            if (shown >= 0 && shown != rows.size()) {
                return false;
            }
            if (text.command().isPresent()) {
                return WHOLE_COMMAND.matcher(text.command().get().strip()).matches();
            }
            return shown >= 0
                    || (text.firstLine() == 1 && WHOLE_FILE.matcher(text.path()).matches());
        }

        /** Puts the connection on this line into the table; or says what is wrong with the line, having written nothing. */
        private @Nullable String entry(String line) {
            fields.over(line);
            fields.next();
            if (line.charAt(fields.start()) == '[') {
                return "is an event of conntrack -E, not an entry of the table";
            }
            String l3 = null;
            String l4 = fields.text();
            String state = null;
            long timeout = -1;
            fields.next();
            if (fields.decimal() < 0) {
                return "'" + fields.text() + "' stands where the number of the protocol '" + l4 + "' should be";
            }
            fields.next();
            if (word()) { // a second protocol with its number, or the state of an offloaded connection
                String word = fields.text();
                fields.next();
                if (fields.decimal() >= 0) {
                    l3 = l4;
                    l4 = word;
                    fields.next();
                } else {
                    state = word;
                }
            }
            if (fields.decimal() >= 0) {
                timeout = fields.decimal();
                fields.next();
            }
            if (word()) {
                state = fields.text();
                fields.next();
            }
            String wrong = attributes(line);
            if (wrong != null) {
                return wrong;
            }
            String needed = needed(l4);
            if (needed != null) {
                return needed;
            }
            if (l3 == null) {
                l3 = line.substring(from[0], to[0]).indexOf(':') >= 0 ? "ipv6" : "ipv4";
            }
            ipv6 |= l3.equals("ipv6");
            rows.text("l3", l3).text("l4", l4);
            if (timeout >= 0) {
                rows.number("timeout_s", timeout);
            }
            if (state != null) {
                rows.text("state", state);
            }
            for (int i = 0; i < ADDRESSES.size(); i++) {
                rows.text(ADDRESSES.get(i), Addresses.canonical(line.substring(from[i], to[i])));
            }
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] >= 0) {
                    rows.number(COLUMNS.get(i), numbers[i]);
                }
            }
            if (!offload) { // [OFFLOAD] stands in the place of [ASSURED]
                rows.number("assured", assured ? 1 : 0);
            }
            rows.number("unreplied", unreplied ? 1 : 0)
                    .number("offload", offload ? 1 : 0)
                    .end();
            return null;
        }

        /** True on a field that is neither a number nor an attribute, {@code key=value} or {@code [FLAG]}. */
        private boolean word() {
            String line = fields.line();
            int equals = line.indexOf('=', fields.start());
            return fields.start() < fields.end()
                    && fields.decimal() < 0
                    && (equals < 0 || equals >= fields.end())
                    && line.charAt(fields.start()) != '[';
        }

        /** Reads from the present field to the end of the line into the fields of this pass. */
        private @Nullable String attributes(String line) {
            Arrays.fill(numbers, -1);
            Arrays.fill(from, -1);
            assured = false;
            unreplied = false;
            offload = false;
            int direction = -1;
            for (; fields.start() < fields.end(); fields.next()) {
                if (line.charAt(fields.start()) == '[') {
                    assured |= fields.is("[ASSURED]");
                    unreplied |= fields.is("[UNREPLIED]");
                    offload |= fields.is("[OFFLOAD]") || fields.is("[HW_OFFLOAD]");
                    continue;
                }
                if (fields.startsWith("src=")) {
                    direction++;
                }
                if (direction > 1) {
                    return "has more than two directions";
                }
                if (direction >= 0 && (fields.startsWith("src=") || fields.startsWith("dst="))) {
                    int end = 2 * direction + (fields.startsWith("src=") ? 0 : 1);
                    from[end] = fields.start() + 4;
                    to[end] = fields.end();
                    continue;
                }
                int column = column(direction);
                if (column >= 0) {
                    numbers[column] = Fields.decimal(line, line.indexOf('=', fields.start()) + 1, fields.end());
                    if (numbers[column] < 0) {
                        return "'" + fields.text() + "' has no whole number";
                    }
                }
            }
            return null;
        }

        private int column(int direction) {
            for (int i = 0; direction >= 0 && i < KEYS; i++) {
                if (fields.startsWith(TUPLE_KEYS.get(i))) {
                    return KEYS * direction + i;
                }
            }
            for (int i = 0; i < ENTRY_KEYS.size(); i++) {
                if (fields.startsWith(ENTRY_KEYS.get(i))) {
                    return 2 * KEYS + i;
                }
            }
            return -1;
        }

        /** What a whole entry of this protocol has and the attributes just read lack. */
        private @Nullable String needed(String l4) {
            for (int i = 0; i < from.length; i++) {
                if (from[i] < 0 || from[i] == to[i]) {
                    return "has no " + ADDRESSES.get(i);
                }
            }
            boolean ports = l4.equals("tcp") || l4.equals("udp");
            for (int direction = 0; ports && direction < 2; direction++) {
                for (int i = 0; i < 2; i++) {
                    int column = KEYS * direction + i;
                    if (numbers[column] < 0 || numbers[column] > 65535) {
                        return "has no port in " + COLUMNS.get(column);
                    }
                }
            }
            return null;
        }
    }
}
