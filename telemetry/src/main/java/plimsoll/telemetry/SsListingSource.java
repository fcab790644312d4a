package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sockets as {@code ss} lists them: with and without Netid and State columns, with the details of {@code -e -o -m -i -p -O} on the
 * same line or on lines that continue it, with or without ({@code -H}) the header.
 *
 * <p>Every cell is checked against what its column may hold, so that no column is ever shifted silently. A port that is printed as a
 * service name stays a name, in {@code local_service} or {@code peer_service}; the number is missing. Of several processes that
 * share a socket the first is {@code process} and {@code pid}, all of them are {@code users}. See {@code misc/ss.c} of iproute2.
 */
final class SsListingSource implements Source {
    /** The states as {@code ss} spells them ({@code sstate_name} in misc/ss.c). */
    static final List<String> STATES = List.of(
            "TIME-WAIT",
            "ESTAB",
            "LISTEN",
            "CLOSE-WAIT",
            "FIN-WAIT-2",
            "FIN-WAIT-1",
            "SYN-SENT",
            "SYN-RECV",
            "UNCONN",
            "LAST-ACK",
            "CLOSING",
            "NEW-SYN-RECV",
            "BOUND-INACTIVE",
            "CLOSED",
            "UNKNOWN");

    private static final int SHIFT = Rows.Block.SHIFT;
    private static final int LENGTH = 31;
    private static final long USERS = Bytes.twoWords("users:((");
    private static final int PID_1 = Bytes.word("\",pi");
    private static final int PID_2 = Bytes.word("pid=");
    private static final int FD = Bytes.word(",fd=");
    private static final int TCP = Bytes.word("tcp ");
    private static final long TIMER = Bytes.twoWords("timer:(\0");
    private static final long SKMEM = Bytes.twoWords("skmem:(r");
    private static final int UID = Bytes.word("uid:");
    private static final int INO = Bytes.word("ino:");
    private static final int V6ONLY = Bytes.word("v6on");
    private static final int CGROUP = Bytes.word("cgro");
    private static final int MEM = Bytes.word("mem:");
    private static final int SKMEM_1 = Bytes.word("skme");
    private static final long CUBIC = Bytes.twoWords("cubic ws");
    private static final int TS = Bytes.word("ts s");
    private static final long SEVEN = 0xffffffffffffffL;

    // columns of a block
    private static final int PROCESS = 8;
    private static final int PID = 9;

    /** So many columns have a listing without details; behind them are those of {@code -e} and {@code -o}, then those of {@code -m}. */
    private static final int PLAIN = 10;

    private static final int USER = 10;
    private static final int INODE = 11;
    private static final int TIMER_NAME = 12;
    private static final int TIMER_S = 13;
    private static final int RETRANSMITS = 14;
    private static final int MEMORY = 15;

    private static final List<String> NETIDS = List.of(
            "tcp", "udp", "u_str", "u_dgr", "u_seq", "raw", "nl", "p_raw", "p_dgr", "icmp", "icmp6", "sctp", "dccp",
            "mptcp", "v_str", "v_dgr", "ti_st", "ti_dg", "ti_sq", "ti_rd", "xdp", "???");

    /** What the lines begin with that continue a socket, should their indentation be lost. */
    private static final List<String> DETAILS = List.of(
            "skmem:(", "mem:(", "users:((", "timer:(", "ts ", "sack ", "ecn ", "cubic ", "bbr ", "reno ", "ino:");

    @Override
    public String name() {
        return "ss listing";
    }

    @Override
    public boolean begins(String line) {
        return line.contains("Recv-Q")
                && line.contains("Send-Q")
                && line.contains("Local Address:Port")
                && line.contains("Peer Address:Port");
    }

    @Override
    public Match match(Text text) {
        Match found = Match.NO;
        int seen = 0;
        for (String line : text.lines()) {
            if (line.isBlank()) {
                continue;
            }
            if (begins(line)) {
                return Match.SURE;
            }
            if (shaped(line)) {
                found = SsCommand.of(text.command()).headless() ? Match.SURE : Match.SHAPE;
            }
            if (++seen == 5) {
                break;
            }
        }
        return found;
    }

    @Override
    public Parsed parse(Text text) {
        return new Parse(text).run();
    }

    /** True for a line that could be a socket though no header says so. */
    private static boolean shaped(String line) {
        var fields = new Fields().over(line);
        fields.next();
        boolean named = false;
        String netid = fields.oneOf(NETIDS);
        if (netid != null) {
            named = true;
            fields.next();
        }
        if (fields.oneOf(STATES) != null) {
            named = true;
            fields.next();
        }
        if (fields.decimal() < 0 || !fields.next() || fields.decimal() < 0 || !fields.next()) {
            return false;
        }
        if (netid != null && netid.startsWith("u_")) {
            return fields.next();
        }
        // two numbers alone begin many a line: then two addresses with ports must follow
        return endpoint(line, fields, named) && fields.next() && endpoint(line, fields, named);
    }

    private static boolean endpoint(String line, Fields fields, boolean named) {
        int colon = line.lastIndexOf(':', fields.end() - 1);
        if (named && fields.is("*")) {
            return true;
        }
        return colon >= fields.start()
                && (named
                        || (colon > 0 && "*]".indexOf(line.charAt(colon - 1)) >= 0)
                        || line.indexOf('.', fields.start()) >= 0)
                && colon < fields.end() - 1;
    }

    /**
     * Seconds from the way {@code ss} prints a timer: {@code 1min}, {@code 4min59sec}, {@code 14sec}, {@code 928ms}. Under ten
     * seconds {@code print_ms_timer} of misc/ss.c prints seconds, a point, milliseconds and then {@code ms}: {@code 9.748ms} is
     * 9.748 s. An empty text is a timer that has run out. NaN where it is none of these.
     */
    static double seconds(String s) {
        double sum = 0;
        int i = 0;
        while (i < s.length()) {
            int start = i;
            boolean point = false;
            while (i < s.length() && (Character.isDigit(s.charAt(i)) || (s.charAt(i) == '.' && !point))) {
                point |= s.charAt(i) == '.';
                i++;
            }
            int unit = i;
            while (i < s.length() && Character.isLetter(s.charAt(i))) {
                i++;
            }
            if (start == unit || unit == i || !Character.isDigit(s.charAt(unit - 1)) || s.charAt(start) == '.') {
                return Double.NaN;
            }
            double number = Double.parseDouble(s.substring(start, unit));
            switch (s.substring(unit, i)) {
                case "min" -> sum += 60 * number;
                case "sec", "s" -> sum += number;
                case "ms" -> sum += point ? number : number / 1000;
                default -> {
                    return Double.NaN;
                }
            }
        }
        return sum;
    }

    @Override
    public Pass pass(Text text) {
        return new Parse(text);
    }

    /** One pass over a text. */
    private static final class Parse extends Pass {
        private final Rows.Builder rows = Sockets.builder();
        private final Fields fields = new Fields();
        private final SsCommand command;

        private boolean header;
        private boolean hasNetid;
        private boolean hasState;
        private @Nullable String impliedNetid;
        private @Nullable String impliedState;

        /** True while a socket is being put together: its row ends where the next one begins. */
        private boolean open;

        private final Sockets.Seen seen = new Sockets.Seen();
        private boolean openIsUnix;
        private @Nullable String openNetid;
        private @Nullable String openState;
        private char openFamily;

        /** Without the columns of details until a line has some. */
        private Rows.Block block = new Rows.Block(columns().subList(0, PLAIN).toArray(String[]::new));

        private boolean detailed;

        private final Words localWords = rows.words(Sockets.LOCAL_ADDRESS);
        private final Words peerWords = rows.words(Sockets.PEER_ADDRESS);
        private final Pass.Coded stateCells = new Pass.Coded(rows.words(Sockets.STATE));
        private final Pass.Coded timers = new Pass.Coded(rows.words(Sockets.TIMER));
        private final Pass.Coded processes = new Pass.Coded(rows.words(Sockets.PROCESS));
        private final int[] groups = new int[8];
        private final long[] address6 = new long[2];
        private final boolean[] seenAlready = new boolean[STATES.size() << 3];

        private static List<String> columns() {
            var columns = new ArrayList<>(List.of(
                    Sockets.NETID,
                    Sockets.STATE,
                    Sockets.RECV_Q,
                    Sockets.SEND_Q,
                    Sockets.LOCAL_ADDRESS,
                    Sockets.LOCAL_PORT,
                    Sockets.PEER_ADDRESS,
                    Sockets.PEER_PORT,
                    Sockets.PROCESS,
                    Sockets.PID,
                    Sockets.UID,
                    Sockets.INODE,
                    Sockets.TIMER,
                    Sockets.TIMER_S,
                    Sockets.RETRANSMITS));
            columns.addAll(Sockets.MEMORY_COLUMNS);
            return columns;
        }

        Parse(Text text) {
            super(text);
            this.command = SsCommand.of(text.command());
            imply(0);
        }

        @Override
        void line(int index, String line) {
            int first = Fields.skipBlanks(line, 0);
            if (first == line.length()) {
                account.empty();
            } else if (isHeader(line, first)) {
                close();
                heads();
                header(line, first);
                imply(index + 1);
                account.empty();
            } else if (continues(line, first)) {
                if (open) {
                    details(line, first);
                    account.used();
                } else {
                    account.reject(
                            index, line, "details of a socket whose own line is not above or was not understood");
                }
            } else {
                close();
                String wrong = socket(line);
                if (wrong == null) {
                    account.used();
                } else {
                    account.reject(index, line, wrong);
                }
            }
        }

        @Override
        Parsed finish() {
            close();
            if (command.filtered() || (!header && !command.headless())) {
                account.excerpt();
            } else {
                seen.cover(account, command);
            }
            return account.close(Optional.of(rows.rows()));
        }

        @Override
        Pass fork() {
            var fork = new Parse(text);
            fork.rows.learn(rows);
            fork.header = header;
            fork.hasNetid = hasNetid;
            fork.hasState = hasState;
            fork.impliedNetid = impliedNetid;
            fork.impliedState = impliedState;
            fork.detailed = detailed;
            return fork;
        }

        @Override
        void join(Pass fork) {
            var next = (Parse) fork;
            close();
            next.close();
            rows.append(next.rows);
            seen.add(next.seen);
        }

        @Override
        boolean beginsPart(byte[] bytes, int at) {
            return hasNetid ? Bytes.word(bytes, at) == TCP : bytes[at] >= 'A' && bytes[at] <= 'Z';
        }

        @Override
        void flush() {
            rows.append(block);
        }

        @Override
        int lines(byte[] bytes, int from, int to) {
            if (!header || !hasState || !(hasNetid || "tcp".equals(impliedNetid))) {
                return from;
            }
            if (detailed && block.columns() == PLAIN) {
                flush();
                block = new Rows.Block(columns().toArray(String[]::new));
            }
            long kind = rows.words(Sockets.NETID).cell("tcp");
            int at = from;
            int count = 0;
            while (at < to) {
                int next = socket(bytes, at, kind);
                int read = 1;
                // what goes on with this socket is indented
                while (next >= 0 && next < to && (bytes[next] == '\t' || bytes[next] == ' ')) {
                    next = continued(bytes, next);
                    read++;
                }
                // what else may go on with it is in lower case, and so is a socket where there is a Netid
                if (next < 0 || (next < to ? !beginsPart(bytes, next) : !ends(bytes, next))) {
                    break;
                }
                close();
                at = next;
                count += read;
                if (++block.size == Rows.Block.ROWS) {
                    rows.append(block);
                }
            }
            used(count);
            return at;
        }

        /** Puts the socket on the line at {@code start} into the block and returns where the next line begins; -1 on any doubt. */
        private int socket(byte[] b, int start, long kind) {
            if (hasNetid && Bytes.word(b, start) != TCP) {
                return -1;
            }
            int first = hasNetid ? Bytes.spaces(b, start + 4) : start;
            int at = Bytes.blank(b, first);
            if (b[at] != ' ') {
                return -1;
            }
            long state = stateCells.known(b, first, at);
            if (state == Cells.MISSING) {
                state = state(b, first, at);
            }
            at = Bytes.spaces(b, at);
            long received = Bytes.number(b, at);
            at += (int) received & LENGTH;
            if (received < 0 || b[at] != ' ' || state == Cells.MISSING) {
                return -1;
            }
            at = Bytes.spaces(b, at);
            long sent = Bytes.number(b, at);
            at += (int) sent & LENGTH;
            if (sent < 0 || b[at] != ' ') {
                return -1;
            }
            int local = Bytes.spaces(b, at);
            at = endpoint(b, local, 4, localWords);
            if (at < 0 || b[at] != ' ') {
                return -1;
            }
            int peer = Bytes.spaces(b, at);
            at = endpoint(b, peer, 6, peerWords);
            if (at < 0 || (b[at] != ' ' && b[at] != '\n')) {
                return -1;
            }
            long[] cells = block.cells;
            int row = block.size;
            for (int column = PROCESS; column < block.columns(); column++) {
                cells[(column << SHIFT) + row] = Cells.MISSING;
            }
            at = details(b, at);
            char family = b[local] == '*'
                    ? Sockets.WILDCARD
                    : b[local] == '[' ? '6' : cells[(4 << SHIFT) + row] == 0 ? Sockets.WILDCARD_4 : '4';
            if (at < 0 || !combination(state, family)) {
                return -1;
            }
            cells[row] = kind;
            cells[(1 << SHIFT) + row] = state;
            cells[(2 << SHIFT) + row] = received >>> 5;
            cells[(3 << SHIFT) + row] = sent >>> 5;
            return at;
        }

        /** The cell of a state that was not met before; {@link Cells#MISSING} where it may be no state. */
        private long state(byte[] b, int from, int to) {
            int at = from;
            while ((b[at] >= 'A' && b[at] <= 'Z') || b[at] == '-' || (b[at] >= '0' && b[at] <= '9')) {
                at++;
            }
            return at == from || at < to ? Cells.MISSING : stateCells.cell(b, from, to);
        }

        /** Reads an indented line that goes on with a socket, and returns where the next begins. */
        private int continued(byte[] b, int start) {
            int at = start;
            while (b[at] == '\t' || b[at] == ' ') {
                at++;
            }
            // some that are surely none of a socket of their own
            long words = Bytes.twoWords(b, at);
            boolean known = words == SKMEM || words == CUBIC || (int) words == TS;
            return known ? details(b, at) : -1;
        }

        /** Reads to the end of the line what {@link #details(String, int)} reads, and returns where the next line begins. */
        private int details(byte[] b, int start) {
            int at = start;
            while (b[at] != '\n') {
                if (b[at] == ' ') {
                    at++;
                    continue;
                }
                if (b[at] == 'u' && b[at + 1] == 's') {
                    at = user(b, at, block.cells, block.size);
                } else if ((Bytes.twoWords(b, at) & SEVEN) == TIMER) {
                    at = timer(b, at + 7);
                } else if (Bytes.twoWords(b, at) == SKMEM) {
                    at = memory(b, at + 7);
                } else {
                    at = single(b, at);
                }
                if (at < 0 || (b[at] != ' ' && b[at] != '\n')) {
                    return -1;
                }
            }
            return at + 1;
        }

        /** Puts a detail into column {@code column}; false, and the next line will have that column, where it is not in the block. */
        private boolean detail(int column, long value) {
            if (column >= block.columns()) {
                detailed = true;
                return false;
            }
            block.cells[(column << SHIFT) + block.size] = value;
            return true;
        }

        private int single(byte[] b, int start) {
            int key = Bytes.word(b, start);
            if (key == UID || key == INO) {
                long number = Bytes.number(b, start + 4);
                return number >= 0 && detail(key == UID ? USER : INODE, number >>> 5)
                        ? start + 4 + ((int) number & LENGTH)
                        : -1;
            }
            if (key == V6ONLY || key == CGROUP || key == MEM || key == SKMEM_1) {
                return -1;
            }
            // what is passed over: where the kernel has the socket, to whom it is shut, and numbers of TCP
            int at = start;
            while (b[at] > ' ') {
                at++;
            }
            return at;
        }

        /** Reads {@code r0,rb212992,t0,…,d3)} in the order in which every version prints them, the last of which old ones lack. */
        private int memory(byte[] b, int start) {
            int at = start;
            for (int i = 0; i < Sockets.MEMORY.size(); i++) {
                String letters = Sockets.MEMORY.get(i);
                if (b[at] != letters.charAt(0) || (letters.length() > 1 && b[at + 1] != letters.charAt(1))) {
                    return -1;
                }
                at += letters.length();
                long number = Bytes.number(b, at);
                at += (int) number & LENGTH;
                if (number < 0 || !detail(MEMORY + i, number >>> 5) || (b[at] != ',' && b[at] != ')')) {
                    return -1;
                }
                if (b[at++] == ')') {
                    return at;
                }
            }
            return -1;
        }

        /** As {@link SsListingSource#seconds}. */
        private static double left(byte[] b, int from, int to) {
            double sum = 0;
            int at = from;
            while (at < to) {
                long number = Bytes.number(b, at);
                at += (int) number & LENGTH;
                if (number < 0) {
                    return seconds(Decoded.utf8(b, from, to));
                }
                if (b[at] == 's' && b[at + 1] == 'e' && b[at + 2] == 'c') {
                    sum += number >>> 5;
                    at += 3;
                } else if (b[at] == 'm' && b[at + 1] == 'i' && b[at + 2] == 'n') {
                    sum += 60.0 * (number >>> 5);
                    at += 3;
                } else if (b[at] == 'm' && b[at + 1] == 's') {
                    sum += (number >>> 5) / 1000.0;
                    at += 2;
                } else {
                    return seconds(Decoded.utf8(b, from, to));
                }
            }
            return sum;
        }

        /** Reads {@code keepalive,14sec,0)}. */
        private int timer(byte[] b, int start) {
            int comma = start;
            while (b[comma] >= 'a' && b[comma] <= 'z') {
                comma++;
            }
            if (comma == start || b[comma] != ',') {
                return -1;
            }
            int second = comma + 1;
            while ((b[second] >= '0' && b[second] <= '9')
                    || (b[second] >= 'a' && b[second] <= 'z')
                    || b[second] == '.') {
                second++;
            }
            long retransmits = Bytes.number(b, second + 1);
            int close = second + 1 + ((int) retransmits & LENGTH);
            if (b[second] != ',' || retransmits < 0 || b[close] != ')') {
                return -1;
            }
            double left = left(b, comma + 1, second);
            long name = timers.cell(b, start, comma);
            return !Double.isNaN(left)
                            && name != Cells.MISSING
                            && detail(TIMER_NAME, name)
                            && detail(TIMER_S, Rows.bits(left))
                            && detail(RETRANSMITS, retransmits >>> 5)
                    ? close + 1
                    : -1;
        }
        /** Notes that there is such a socket; false for a state that is none. */
        private boolean combination(long state, char family) {
            int i = (int) state << 2 | (family == '4' ? 0 : family == '6' ? 1 : family == Sockets.WILDCARD ? 2 : 3);
            if (i >= seenAlready.length) {
                return false;
            }
            if (!seenAlready[i]) {
                String name = rows.words(Sockets.STATE).word(state);
                if (!STATES.contains(name)) {
                    return false;
                }
                seen.socket("tcp", family, name);
                seenAlready[i] = true;
            }
            return true;
        }

        /** Reads {@code address:port} into column {@code column} and the one behind it, and returns where it ends. */
        private int endpoint(byte[] b, int start, int column, Words words) {
            int at = start;
            long address;
            if (b[at] == '[') {
                int end = at + 1;
                while (b[end] == ':'
                        || b[end] == '.'
                        || (b[end] >= '0' && b[end] <= '9')
                        || (b[end] >= 'a' && b[end] <= 'f')) {
                    end++;
                }
                if (b[end] != ']' || Lines.find(b, at, end, ':') == end) {
                    return -1;
                }
                address = Bytes.ipv6(b, at + 1, end, groups, address6)
                        ? words.ipv6(address6[0], address6[1])
                        : words.cell(Decoded.utf8(b, at + 1, end));
                at = end + 1;
            } else if (b[at] == '*') {
                address = words.cell("*");
                at++;
            } else {
                long bits = Bytes.ipv4(b, at);
                if (bits < 0) {
                    return -1;
                }
                address = bits >>> 5;
                at += (int) bits & LENGTH;
            }
            if (b[at] != ':') {
                return -1;
            }
            at++;
            long port = Cells.MISSING;
            if (b[at] == '*') {
                at++;
            } else {
                long number = Bytes.number(b, at);
                if (number < 0 || number >>> 5 > 65535) {
                    return -1;
                }
                port = number >>> 5;
                at += (int) number & LENGTH;
            }
            int cell = (column << SHIFT) + block.size;
            block.cells[cell] = address;
            block.cells[cell + (1 << SHIFT)] = port;
            return at;
        }

        /** Reads {@code users:(("nginx",pid=360,fd=7))}, one process alone. */
        private int user(byte[] b, int start, long[] cells, int row) {
            if (Bytes.twoWords(b, start) != USERS || b[start + 8] != '"') {
                return -1;
            }
            int name = start + 9;
            int at = name;
            while (b[at] != '"' && b[at] >= ' ') {
                at++;
            }
            if (Bytes.word(b, at) != PID_1 || Bytes.word(b, at + 2) != PID_2) {
                return -1;
            }
            long process = processes.cell(b, name, at);
            long pid = Bytes.number(b, at + 6);
            at += 6 + ((int) pid & LENGTH);
            if (process == Cells.MISSING || pid < 0 || Bytes.word(b, at) != FD) {
                return -1;
            }
            long descriptor = Bytes.number(b, at + 4);
            at += 4 + ((int) descriptor & LENGTH);
            if (descriptor < 0 || b[at] != ')' || b[at + 1] != ')') {
                return -1;
            }
            cells[(PROCESS << SHIFT) + row] = process;
            cells[(PID << SHIFT) + row] = pid >>> 5;
            return at + 2;
        }

        private static boolean isHeader(String line, int first) {
            return (line.startsWith("Netid", first)
                            || line.startsWith("State", first)
                            || line.startsWith("Recv-Q", first))
                    && line.contains("Recv-Q");
        }

        private void header(String line, int first) {
            header = true;
            hasNetid = line.startsWith("Netid", first);
            hasState = line.contains("State");
        }

        /**
         * What the columns that are left out would say. {@code ss} leaves out Netid where only one kind of socket was asked for, State
         * where only one state was. The kind is that of the command, else TCP if any state below is one that only TCP has.
         */
        private void imply(int from) {
            impliedState = header && !hasState ? command.state() : null;
            impliedNetid = command.netid();
            if (impliedNetid != null || (header && (hasNetid || !hasState))) {
                return;
            }
            for (String line : Lines.from(text.lines(), from)) {
                fields.over(line);
                fields.next();
                if (fields.is("Netid") || fields.is("Recv-Q")) {
                    return;
                }
                String state = fields.oneOf(STATES);
                if (state != null && !state.equals("ESTAB") && !state.equals("UNCONN")) {
                    impliedNetid = "tcp";
                    return;
                }
            }
        }

        private boolean continues(String line, int first) {
            if (first > 0) {
                fields.over(line);
                fields.next();
                return fields.oneOf(NETIDS) == null
                        && fields.oneOf(STATES) == null
                        && fields.decimal() < 0
                        && !fields.is("`-");
            }
            for (int i = 0; i < DETAILS.size(); i++) {
                if (line.startsWith(DETAILS.get(i))) {
                    return true;
                }
            }
            return false;
        }

        private void close() {
            if (open) {
                seen.socket(openNetid, openFamily, openState);
                rows.end();
            }
            open = false;
        }

        /** Begins the row of the socket on this line; or says what is wrong with the line, having written nothing. */
        private @Nullable String socket(String line) {
            fields.over(line);
            fields.next();
            String netid = fields.oneOf(NETIDS);
            if (netid == null && hasNetid) {
                netid = fields.text();
            }
            if (header && !hasNetid && netid != null) {
                return "begins with '" + netid + "' where the header has no Netid";
            }
            if (netid != null) {
                fields.next();
            }
            if (fields.is("`-")) { // an association below its SCTP socket
                fields.next();
            }
            String state = fields.oneOf(STATES);
            if (header && hasState && state == null) {
                return "'" + fields.text() + "' stands where the header has State; known are "
                        + String.join(" ", STATES);
            }
            if (header && !hasState && state != null) {
                return "has a state, '" + state + "', where the header has none";
            }
            if (state != null) {
                fields.next();
            }
            long received = fields.decimal();
            if (received < 0) {
                return "'" + fields.text() + "' stands where Recv-Q, a whole number, should be";
            }
            fields.next();
            long sent = fields.decimal();
            if (sent < 0) {
                return "'" + fields.text() + "' stands where Send-Q, a whole number, should be";
            }
            if (netid == null) {
                netid = impliedNetid;
            }
            boolean unix = netid != null && netid.startsWith("u_");
            openFamily = Sockets.NO_FAMILY;
            String wrong = unix ? unix(line) : internet(line, netid);
            if (wrong != null) {
                return wrong;
            }
            open = true;
            openIsUnix = unix;
            if (netid != null) {
                rows.text(Sockets.NETID, netid);
            }
            if (state == null) {
                state = impliedState;
            }
            openNetid = netid;
            openState = state;
            if (state != null) {
                rows.text(Sockets.STATE, state);
            }
            rows.number(Sockets.RECV_Q, received).number(Sockets.SEND_Q, sent);
            details(line, fields.end());
            return null;
        }

        /** Reads {@code local:port peer:port}; {@code fields} stands on Send-Q and is left on the peer. */
        private @Nullable String internet(String line, @Nullable String netid) {
            if (!fields.next()) {
                return "cut off before the local address";
            }
            int local = fields.start();
            int localEnd = fields.end();
            if (!fields.next()) {
                return "cut off before the peer address";
            }
            // a netlink socket is named after its process, which may have blanks in its name; its peer is a lone *
            while ("nl".equals(netid) && !fields.is("*") && line.lastIndexOf(':', fields.end() - 1) < fields.start()) {
                localEnd = fields.end();
                if (!fields.next()) {
                    return "cut off before the peer address";
                }
            }
            int peer = fields.start();
            int peerEnd = fields.end();
            boolean ports = netid == null || netid.equals("tcp") || netid.equals("udp");
            String wrong = wrong(line, local, localEnd, ports);
            if (wrong == null) {
                wrong = wrong(line, peer, peerEnd, ports);
            }
            if (wrong == null) {
                openFamily = family(line, local, localEnd);
                endpoint(line, local, localEnd, Sockets.LOCAL_ADDRESS, Sockets.LOCAL_PORT, "local_service");
                endpoint(line, peer, peerEnd, Sockets.PEER_ADDRESS, Sockets.PEER_PORT, "peer_service");
            }
            return wrong;
        }

        private static char family(String line, int from, int to) {
            if (line.startsWith("*", from)) {
                return Sockets.WILDCARD;
            }
            if (line.startsWith("0.0.0.0:", from)) {
                return Sockets.WILDCARD_4;
            }
            return line.indexOf(':', from) < line.lastIndexOf(':', to - 1) ? '6' : '4';
        }

        /** What is wrong with an {@code address:port}. */
        private static @Nullable String wrong(String line, int from, int to, boolean ports) {
            int colon = line.lastIndexOf(':', to - 1);
            boolean alone = to - from == 1 && line.charAt(from) == '*';
            if (!alone && (colon < from || colon == to - 1)) {
                return "'" + line.substring(from, to) + "' stands where address:port should be";
            }
            if (!alone && ports && Fields.decimal(line, colon + 1, to) > 65535) {
                return "'" + line.substring(from, to) + "' has a port above 65535";
            }
            return null;
        }

        private void endpoint(String line, int from, int to, String address, String port, String service) {
            int colon = line.lastIndexOf(':', to - 1);
            if (colon < from) {
                rows.text(address, line.substring(from, to));
                return;
            }
            rows.text(address, withoutBrackets(line, from, colon));
            long number = Fields.decimal(line, colon + 1, to);
            if (number >= 0) {
                rows.number(port, number);
            } else if (!(to - colon == 2 && line.charAt(colon + 1) == '*')) {
                rows.text(service, line.substring(colon + 1, to));
            }
        }

        /** {@code [::1]} is {@code ::1}; {@code [fe80::1]%eth0} and {@code [fe80::1%eth0]} are {@code fe80::1%eth0}. */
        private static String withoutBrackets(String line, int from, int to) {
            if (from == to || line.charAt(from) != '[') {
                return line.substring(from, to);
            }
            int close = line.lastIndexOf(']', to - 1);
            return close < from
                    ? line.substring(from, to)
                    : line.substring(from + 1, close).concat(line.substring(close + 1, to));
        }

        /**
         * Reads {@code path inode peer-path inode}; {@code fields} stands on Send-Q and is left on the last of them. A path may hold
         * blanks: it ends before the first number that a peer, {@code *} or a path, follows.
         */
        private @Nullable String unix(String line) {
            if (!fields.next()) {
                return "cut off before the local path";
            }
            int local = fields.start();
            int localEnd = fields.end();
            long inode = -1;
            int peer = -1;
            while (peer < 0) {
                if (!fields.next()) {
                    return "cut off before the inode and the peer";
                }
                long number = fields.decimal();
                int after = Fields.skipBlanks(line, fields.end());
                if (number >= 0 && after < line.length() && "*/@".indexOf(line.charAt(after)) >= 0) {
                    inode = number;
                    peer = after;
                } else {
                    localEnd = fields.end();
                }
            }
            fields.next();
            int peerEnd = fields.end();
            while (fields.next() && fields.decimal() < 0) {
                peerEnd = fields.end();
            }
            long peerInode = fields.decimal();
            if (peerInode < 0) {
                return "cut off before the peer's inode";
            }
            rows.text(Sockets.LOCAL_ADDRESS, line.substring(local, localEnd))
                    .text(Sockets.PEER_ADDRESS, line.substring(peer, peerEnd))
                    .number(Sockets.INODE, inode);
            if (peerInode > 0) {
                rows.number("peer_inode", peerInode);
            }
            return null;
        }

        /** Takes what is known from the details {@code from} on: {@code key:value} and {@code key:(values)}; the rest is passed over. */
        private void details(String line, int from) {
            int i = Fields.skipBlanks(line, from);
            while (i < line.length()) {
                if (line.startsWith("users:((", i)) {
                    i = users(line, i + "users:(".length());
                } else if (line.startsWith("timer:(", i)) {
                    i = timer(line, i + "timer:(".length());
                } else if (line.startsWith("skmem:(", i)) {
                    i = memory(line, i + "skmem:(".length());
                } else if (line.startsWith("mem:(", i)) {
                    i = memory(line, i + "mem:(".length());
                } else {
                    int end = i;
                    while (end < line.length() && line.charAt(end) != ' ' && line.charAt(end) != '\t') {
                        end++;
                    }
                    single(line, i, end);
                    i = end;
                }
                i = Fields.skipBlanks(line, i);
            }
        }

        private void single(String line, int from, int to) {
            if (line.startsWith("uid:", from)) {
                number(Sockets.UID, line, from + 4, to);
            } else if (line.startsWith("ino:", from)
                    && !openIsUnix) { // a unix socket's own is a column, this is its file's
                number(Sockets.INODE, line, from + 4, to);
            } else if (line.startsWith("v6only:", from)) {
                number("v6only", line, from + 7, to);
            } else if (line.startsWith("cgroup:", from)) {
                rows.text("cgroup", line.substring(from + 7, to));
            }
        }

        private void number(String column, String line, int from, int to) {
            long value = Fields.decimal(line, from, to);
            if (value >= 0) {
                rows.number(column, value);
            }
        }

        /** {@code (("nginx",pid=360,fd=7),("nginx",pid=361,fd=7))}; before iproute2 3.18 without {@code pid=} and {@code fd=}. */
        private int users(String line, int from) {
            int at = from;
            int count = 0;
            while (line.startsWith("(\"", at)) {
                int name = at + 2;
                int quote = line.indexOf("\",pid=", name);
                int pid = quote + "\",pid=".length();
                if (quote < 0) {
                    quote = line.indexOf("\",", name);
                    pid = quote + 2;
                }
                int close = quote < 0 ? -1 : line.indexOf(')', pid);
                if (close < 0) {
                    return line.length();
                }
                if (count++ == 0) {
                    rows.text(Sockets.PROCESS, line.substring(name, quote));
                    number(Sockets.PID, line, pid, Fields.digits(line, pid));
                }
                at = close + 1;
                if (line.startsWith(",", at)) {
                    at++;
                }
            }
            if (count > 1) {
                rows.text("users", line.substring(from, at));
            }
            return line.startsWith(")", at) ? at + 1 : at;
        }

        /** {@code timewait,57sec,0)}: name, time left, retransmissions. */
        private int timer(String line, int from) {
            int close = line.indexOf(')', from);
            int comma = line.indexOf(',', from);
            int second = comma < 0 ? -1 : line.indexOf(',', comma + 1);
            if (close < 0 || second < 0 || second > close) {
                return close < 0 ? line.length() : close + 1;
            }
            String name = line.substring(from, comma);
            double left = seconds(line.substring(comma + 1, second));
            rows.text(Sockets.TIMER, name);
            if (!Double.isNaN(left)) {
                rows.real(Sockets.TIMER_S, left);
            }
            number(Sockets.RETRANSMITS, line, second + 1, close);
            if (openState == null && name.equals("timewait")) {
                openState = "TIME-WAIT";
                rows.text(Sockets.STATE, openState);
            }
            if (openNetid == null && name.equals("timewait")) {
                openNetid = "tcp";
                rows.text(Sockets.NETID, openNetid);
            }
            return close + 1;
        }

        /** {@code r0,rb212992,t0)}: letters, then bytes. */
        private int memory(String line, int from) {
            int close = line.indexOf(')', from);
            if (close < 0) {
                return line.length();
            }
            int i = from;
            while (i < close) {
                int digits = i;
                while (digits < close && Character.isLetter(line.charAt(digits))) {
                    digits++;
                }
                int end = Fields.digits(line, digits);
                String column = Sockets.memory(line, i, digits);
                if (column != null) {
                    number(column, line, digits, end);
                }
                i = Math.max(end, i) + 1;
            }
            return close + 1;
        }
    }
}
