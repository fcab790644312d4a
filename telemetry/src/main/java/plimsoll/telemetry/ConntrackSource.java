package plimsoll.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
            "(sudo )?(cat (\\S*/)?proc/net/(nf|ip)_conntrack|(\\S*/)?conntrack (-L|--dump)( conntrack)?("
                    + " (-o|--output)[ =]\\w+)*+)( 2>(&1|\\s*\\S+))?");

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

    // columns of a block
    private static final int SHIFT = Rows.Block.SHIFT;
    private static final int L4 = 1;
    private static final int TIMEOUT = 2;
    private static final int STATE = 3;
    private static final int ORIG = 4;
    private static final int REPLY = 10;
    private static final int ASSURED = 16;
    private static final int UNREPLIED = 17;
    private static final int OFFLOAD = 18;
    private static final int MARK = 19;
    private static final int ZONE = 20;
    private static final int USE = 21;

    // what stands in a line, four or eight bytes at a time
    private static final int LENGTH = 31;
    private static final int IPV4 = Bytes.word("ipv4");
    private static final int IPV6 = Bytes.word("ipv6");
    private static final int TCP = Bytes.word("tcp ");
    private static final int UDP = Bytes.word("udp ");
    private static final int ICMP = Bytes.word("icmp");
    private static final int SRC = Bytes.word("src=");
    private static final int DST = Bytes.word("dst=");
    private static final int SPORT = Bytes.word("spor");
    private static final int DPORT = Bytes.word("dpor");
    private static final int PACKETS = Bytes.word("pack");
    private static final int PACKETS_2 = Bytes.word("ets=");
    private static final int BYTES = Bytes.word("byte");
    private static final int TYPE = Bytes.word("type");
    private static final int CODE = Bytes.word("code");
    private static final int ID = Bytes.word("id=\0");
    private static final int MARK_KEY = Bytes.word("mark");
    private static final int ZONE_KEY = Bytes.word("zone");
    private static final int USE_KEY = Bytes.word("use=");
    private static final long ASSURED_1 = Bytes.twoWords("[ASSURED");
    private static final long UNREPLIED_1 = Bytes.twoWords("[UNREPLI");
    private static final int UNREPLIED_2 = Bytes.word("ED] ");

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

    @Override
    public Pass pass(Text text) {
        return new Parse(text);
    }

    /** One pass over a text. */
    private static final class Parse extends Pass {
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

        /** How many entries the last line counts; -1 where there is none. */
        private long shown = -1;

        private final Rows.Builder rows = new Rows.Builder("conntrack")
                .column("l3", Rows.Type.TEXT)
                .column("l4", Rows.Type.TEXT)
                .column("timeout_s", Rows.Type.NUMBER)
                .column("state", Rows.Type.TEXT)
                .column("orig_src", Rows.Type.ADDRESS)
                .column("orig_dst", Rows.Type.ADDRESS)
                .column("orig_sport", Rows.Type.NUMBER)
                .column("orig_dport", Rows.Type.NUMBER)
                .column("reply_src", Rows.Type.ADDRESS)
                .column("reply_dst", Rows.Type.ADDRESS)
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

        private final Rows.Block block = new Rows.Block(
                "l3",
                "l4",
                "timeout_s",
                "state",
                "orig_src",
                "orig_dst",
                "orig_sport",
                "orig_dport",
                "packets",
                "bytes",
                "reply_src",
                "reply_dst",
                "reply_sport",
                "reply_dport",
                "reply_packets",
                "reply_bytes",
                "assured",
                "unreplied",
                "offload",
                "mark",
                "zone",
                "use");
        private final Pass.Coded states = new Pass.Coded(rows.words("state"));
        private final long l3v4 = rows.words("l3").cell("ipv4");
        private final long l3v6 = rows.words("l3").cell("ipv6");
        private final long l4tcp = rows.words("l4").cell("tcp");
        private final long l4udp = rows.words("l4").cell("udp");
        private final long l4icmp = rows.words("l4").cell("icmp");

        /** By column, from that of the original direction's source on. */
        private final @Nullable Words[] words = new Words[8];

        Parse(Text text) {
            super(text);
            for (int direction = 0; direction < 2; direction++) {
                words[direction * (REPLY - ORIG)] = rows.words(ADDRESSES.get(2 * direction));
                words[direction * (REPLY - ORIG) + 1] = rows.words(ADDRESSES.get(2 * direction + 1));
            }
        }

        @Override
        void line(int index, String line) {
            if (line.isBlank()) {
                account.empty();
                return;
            }
            Matcher matcher = line.startsWith("conntrack v") ? SHOWN.matcher(line) : null;
            if (matcher != null && matcher.matches()) {
                shown = Fields.decimal(matcher.group(1), 0, matcher.group(1).length());
                account.empty();
                return;
            }
            String wrong = entry(line);
            if (wrong == null) {
                account.used();
            } else {
                account.reject(index, line, wrong);
            }
        }

        @Override
        Parsed finish() {
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

        @Override
        Pass fork() {
            var fork = new Parse(text);
            fork.rows.learn(rows);
            return fork;
        }

        @Override
        void join(Pass fork) {
            var next = (Parse) fork;
            rows.append(next.rows);
            shown = next.shown >= 0 ? next.shown : shown;
            ipv6 |= next.ipv6;
        }

        @Override
        void flush() {
            rows.append(block);
        }

        @Override
        int lines(byte[] bytes, int from, int to) {
            int at = from;
            int before = at;
            int count = 0;
            while (at < to) {
                before = at;
                at = entry(bytes, at);
                if (at < 0) {
                    break;
                }
                count++;
                if (++block.size == Rows.Block.ROWS) {
                    rows.append(block);
                }
            }
            used(count);
            return at < 0 ? before : at;
        }

        /** Puts the connection on the line at {@code start} into the block and returns where the next line begins; -1 on any doubt. */
        private int entry(byte[] b, int start) {
            int at = start;
            int word = Bytes.word(b, at);
            boolean told = word == IPV4 || word == IPV6;
            boolean six = word == IPV6;
            if (told) {
                at = Bytes.spaces(b, at + 4);
                int digits = six ? 2 : 1;
                if (b[at] != (six ? '1' : '2') || (six && b[at + 1] != '0') || b[at + digits] != ' ') {
                    return -1;
                }
                at = Bytes.spaces(b, at + digits);
                word = Bytes.word(b, at);
            }
            boolean icmp = word == ICMP;
            if (!icmp && word != TCP && word != UDP) {
                return -1;
            }
            at += icmp ? 4 : 3;
            if (b[at] != ' ') {
                return -1;
            }
            at = Bytes.spaces(b, at);
            long protocol = Bytes.number(b, at);
            at += (int) protocol & LENGTH;
            if (protocol < 0 || b[at] != ' ') {
                return -1;
            }
            at = Bytes.spaces(b, at);
            long timeout = Bytes.number(b, at);
            at += (int) timeout & LENGTH;
            if (timeout < 0 || b[at] != ' ') {
                return -1;
            }
            at = Bytes.spaces(b, at);
            long state = Cells.MISSING;
            if (b[at] >= 'A' && b[at] <= 'Z') {
                int end = Bytes.blank(b, at);
                state = states.known(b, at, end);
                if (state == Cells.MISSING) {
                    state = state(b, at, end);
                }
                if (state == Cells.MISSING || b[end] != ' ') {
                    return -1;
                }
                at = end + 1;
            }
            at = direction(b, at, ORIG, six, icmp);
            if (at < 0) {
                return -1;
            }
            long[] cells = block.cells;
            int row = block.size;
            cells[(UNREPLIED << SHIFT) + row] = 0;
            if (b[at] == '[') {
                if (Bytes.twoWords(b, at) != UNREPLIED_1 || Bytes.word(b, at + 8) != UNREPLIED_2) {
                    return -1;
                }
                cells[(UNREPLIED << SHIFT) + row] = 1;
                at += 12;
            }
            at = direction(b, at, REPLY, six, icmp);
            if (at < 0) {
                return -1;
            }
            cells[row] = six ? l3v6 : l3v4;
            cells[(L4 << SHIFT) + row] = icmp ? l4icmp : word == TCP ? l4tcp : l4udp;
            cells[(TIMEOUT << SHIFT) + row] = timeout >>> 5;
            cells[(STATE << SHIFT) + row] = state;
            at = rest(b, at, cells, row);
            ipv6 |= six && at >= 0;
            return at;
        }

        /** The cell of a state that was not met before; {@link Cells#MISSING} where it may be no state. */
        private long state(byte[] b, int from, int to) {
            int at = from;
            while ((b[at] >= 'A' && b[at] <= 'Z') || (b[at] >= '0' && b[at] <= '9') || b[at] == '_') {
                at++;
            }
            return at < to ? Cells.MISSING : states.cell(b, from, to);
        }

        /** Reads addresses, ports and counters of one direction, which are at column {@code first} and behind it. */
        private int direction(byte[] b, int start, int first, boolean six, boolean icmp) {
            long[] cells = block.cells;
            int cell = (first << SHIFT) + block.size;
            int at = start;
            if (Bytes.word(b, at) != SRC) {
                return -1;
            }
            at = address(b, at + 4, first, six);
            if (at < 0 || Bytes.word(b, at) != DST) {
                return -1;
            }
            at = address(b, at + 4, first + 1, six);
            if (at < 0) {
                return -1;
            }
            if (icmp) {
                cells[cell + (2 << SHIFT)] = Cells.MISSING;
                cells[cell + (3 << SHIFT)] = Cells.MISSING;
                at = icmp(b, at);
            } else {
                if (Bytes.word(b, at) != SPORT || b[at + 4] != 't' || b[at + 5] != '=') {
                    return -1;
                }
                long port = Bytes.number(b, at + 6);
                at += 6 + ((int) port & LENGTH);
                if (port < 0 || port >>> 5 > 65535 || b[at] != ' ') {
                    return -1;
                }
                cells[cell + (2 << SHIFT)] = port >>> 5;
                at++;
                if (Bytes.word(b, at) != DPORT || b[at + 4] != 't' || b[at + 5] != '=') {
                    return -1;
                }
                port = Bytes.number(b, at + 6);
                at += 6 + ((int) port & LENGTH);
                if (port < 0 || port >>> 5 > 65535 || b[at] != ' ') {
                    return -1;
                }
                cells[cell + (3 << SHIFT)] = port >>> 5;
                at++;
            }
            if (at < 0 || Bytes.word(b, at) != PACKETS) {
                cells[cell + (4 << SHIFT)] = Cells.MISSING;
                cells[cell + (5 << SHIFT)] = Cells.MISSING;
                return at;
            }
            if (Bytes.word(b, at + 4) != PACKETS_2) {
                return -1;
            }
            long packets = Bytes.number(b, at + 8);
            at += 8 + ((int) packets & LENGTH);
            if (packets < 0 || b[at] != ' ' || Bytes.word(b, at + 1) != BYTES || b[at + 5] != 's' || b[at + 6] != '=') {
                return -1;
            }
            long bytes = Bytes.number(b, at + 7);
            at += 7 + ((int) bytes & LENGTH);
            if (bytes < 0 || b[at] != ' ') {
                return -1;
            }
            cells[cell + (4 << SHIFT)] = packets >>> 5;
            cells[cell + (5 << SHIFT)] = bytes >>> 5;
            return at + 1;
        }

        /** Passes over {@code type=8 code=0 id=1}. */
        private static int icmp(byte[] b, int start) {
            int at = start;
            while (true) {
                int key = Bytes.word(b, at);
                int length = key == TYPE || key == CODE ? 5 : (key & 0xffffff) == ID ? 3 : 0;
                if (length == 0) {
                    return at;
                }
                long number = Bytes.number(b, at + length);
                at += length + ((int) number & LENGTH);
                if (b[at - ((int) number & LENGTH) - 1] != '=' || number < 0 || b[at] != ' ') {
                    return -1;
                }
                at++;
            }
        }

        private int address(byte[] b, int at, int column, boolean six) {
            int end;
            long cell;
            if (six) {
                end = at + 39;
                long high = Bytes.groups(b, at);
                long low = Bytes.groups(b, at + 20);
                if (b[at + 19] != ':' || (high == -1 && !Bytes.all(b, at)) || (low == -1 && !Bytes.all(b, at + 20))) {
                    return -1;
                }
                cell = Objects.requireNonNull(words[column - ORIG]).ipv6(high, low);
            } else {
                long address = Bytes.ipv4(b, at);
                if (address < 0) {
                    return -1;
                }
                end = at + ((int) address & LENGTH);
                cell = address >>> 5;
            }
            block.cells[(column << SHIFT) + block.size] = cell;
            return b[end] == ' ' ? end + 1 : -1;
        }

        /** Reads flags and the numbers of the entry to the end of the line. */
        private int rest(byte[] b, int start, long[] cells, int row) {
            int at = start;
            cells[(ASSURED << SHIFT) + row] = 0;
            cells[(OFFLOAD << SHIFT) + row] = 0;
            cells[(MARK << SHIFT) + row] = Cells.MISSING;
            cells[(ZONE << SHIFT) + row] = Cells.MISSING;
            cells[(USE << SHIFT) + row] = Cells.MISSING;
            while (b[at] != '\n') {
                if (b[at] == '[') {
                    if (Bytes.twoWords(b, at) != ASSURED_1 || b[at + 8] != ']') {
                        return -1;
                    }
                    cells[(ASSURED << SHIFT) + row] = 1;
                    at += 9;
                } else {
                    int key = Bytes.word(b, at);
                    int column = key == MARK_KEY ? MARK : key == ZONE_KEY ? ZONE : key == USE_KEY ? USE : -1;
                    int length = column == USE ? 4 : 5;
                    if (column < 0 || b[at + length - 1] != '=') {
                        return -1;
                    }
                    long number = Bytes.number(b, at + length);
                    if (number < 0) {
                        return -1;
                    }
                    cells[(column << SHIFT) + row] = number >>> 5;
                    at += length + ((int) number & LENGTH);
                }
                if (b[at] == ' ') {
                    at++;
                } else if (b[at] != '\n') {
                    return -1;
                }
            }
            return at + 1;
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
