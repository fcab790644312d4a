package plimsoll.telemetry;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /proc/net/tcp} and {@code tcp6}, and {@code udp}, {@code udplite} and {@code raw}, which have the same columns: read by the
 * header's names; rows without header by their shape.
 *
 * <p>Addresses are words in the byte order of the host, taken as little-endian. A port of 0 is missing, as {@code ss} prints
 * {@code *}. {@code send_q} of a listener is missing: the file has no backlog there ({@code get_tcp4_sock} of
 * net/ipv4/tcp_ipv4.c). {@code timer_s} is {@code tm->when}, which the kernel prints in units of 1/100 s whatever its HZ
 * ({@code jiffies_delta_to_clock_t}).
 */
final class ProcNetTcpSource implements Source {
    /** By number, 1 to 12 (include/net/tcp_states.h), in the spelling of {@code ss}. */
    private static final List<String> STATES = List.of(
            "",
            "ESTAB",
            "SYN-SENT",
            "SYN-RECV",
            "FIN-WAIT-1",
            "FIN-WAIT-2",
            "TIME-WAIT",
            "UNCONN",
            "CLOSE-WAIT",
            "LAST-ACK",
            "LISTEN",
            "CLOSING",
            "SYN-RECV");

    /** By number (tcp_diag), in the spelling of {@code ss}; 0 is no timer. */
    private static final List<String> TIMERS = List.of("", "on", "keepalive", "timewait", "persist");

    private static final String UNKNOWN = "unknown";
    private static final double USER_HZ = 100;

    private static final int LISTEN = STATES.indexOf("LISTEN");
    private static final int SHIFT = Rows.Block.SHIFT;
    private static final int LENGTH = 31;

    /** The columns every kernel prints first; later ones are found in the header. */
    private static final String COLUMNS =
            "sl local_address rem_address st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode";

    private static final Pattern FILE = Pattern.compile(".*(?:^|[/_ -])(tcp|udplite|udp|raw)6?(?:\\.txt)?");
    private static final int FIELDS_OF_DATAGRAM = 13;

    @Override
    public String name() {
        return "/proc/net/tcp";
    }

    @Override
    public boolean begins(String line) {
        int first = Fields.skipBlanks(line, 0);
        return line.startsWith("sl ", first) && line.contains(" local_address ") && line.contains("rem");
    }

    @Override
    public Match match(Text text) {
        int seen = 0;
        for (String line : text.lines()) {
            if (begins(line)) {
                return Match.SURE;
            }
            if (shaped(line)) {
                return Match.SHAPE;
            }
            if (!line.isBlank() && ++seen == 3) {
                break;
            }
        }
        return Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        return new Parse(text).run();
    }

    private static boolean shaped(String line) {
        var fields = new Fields().over(line);
        return fields.next()
                && line.charAt(fields.end() - 1) == ':'
                && fields.next()
                && isEndpoint(line, fields.start(), fields.end())
                && fields.next()
                && isEndpoint(line, fields.start(), fields.end())
                && fields.next()
                && fields.end() - fields.start() == 2;
    }

    /** True for {@code 0100007F:0016} and its like with 32 digits. */
    private static boolean isEndpoint(String line, int from, int to) {
        int digits = to - from - 5;
        if ((digits != 8 && digits != 32) || line.charAt(from + digits) != ':') {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (i != from + digits && (Character.digit(line.charAt(i), 16) < 0 || line.charAt(i) > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** The address, a 32-bit word or four of them, each with its bytes reversed. */
    static String address(String line, int from, int to) {
        if (to - from == 8) {
            return Addresses.ipv4(word(line, from));
        }
        long high = (long) word(line, from) << 32 | (word(line, from + 8) & 0xffffffffL);
        long low = (long) word(line, from + 16) << 32 | (word(line, from + 24) & 0xffffffffL);
        return Addresses.ipv6(high, low);
    }

    private static int word(String line, int from) {
        return Integer.reverseBytes((int) Fields.hexadecimal(line, from, from + 8));
    }

    @Override
    public Pass pass(Text text) {
        return new Parse(text);
    }

    /** One pass over a text. */
    private static final class Parse extends Pass {
        private final Rows.Builder rows = Sockets.builder();
        private final Fields fields = new Fields();
        private final @Nullable String impliedNetid;

        private boolean header;
        private String netid = "tcp";
        private Map<String, Integer> at = positions(COLUMNS);
        private int st;
        private int queues;
        private int timer;
        private int retransmits;
        private int uid;
        private int inode;

        /** True where the columns are where every kernel has them. */
        private boolean usual;

        private final Rows.Block block = new Rows.Block(
                Sockets.NETID,
                Sockets.STATE,
                Sockets.RECV_Q,
                Sockets.SEND_Q,
                Sockets.LOCAL_ADDRESS,
                Sockets.LOCAL_PORT,
                Sockets.PEER_ADDRESS,
                Sockets.PEER_PORT,
                Sockets.UID,
                Sockets.INODE,
                Sockets.TIMER,
                Sockets.TIMER_S,
                Sockets.RETRANSMITS);
        private final Words localWords = rows.words(Sockets.LOCAL_ADDRESS);
        private final Words peerWords = rows.words(Sockets.PEER_ADDRESS);
        private final long[] stateCells = new long[STATES.size()];

        Parse(Text text) {
            super(text);
            this.impliedNetid = fromName(text);
            Arrays.fill(stateCells, Cells.MISSING);
            layout(COLUMNS);
        }

        @Override
        void line(int index, String line) {
            int first = Fields.skipBlanks(line, 0);
            if (first == line.length()) {
                account.empty();
            } else if (line.startsWith("sl ", first)) {
                heads();
                header = true;
                layout(line);
                netid = protocol(at.containsKey("drops"));
                // the files of IPv6 are the ones that spell the word out
                String version = at.containsKey("remote_address") ? "6" : "4";
                Sockets.cover(account, netid + version, Sockets.ALL_STATES);
                account.empty();
            } else {
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
            if (!header) {
                account.excerpt();
            }
            return account.close(Optional.of(rows.rows()));
        }

        @Override
        Pass fork() {
            var fork = new Parse(text);
            fork.rows.learn(rows);
            fork.header = header;
            fork.netid = netid;
            fork.usual = usual;
            return fork;
        }

        @Override
        void join(Pass fork) {
            rows.append(((Parse) fork).rows);
        }

        @Override
        void flush() {
            rows.append(block);
        }

        @Override
        int lines(byte[] bytes, int from, int to) {
            if (!header || !usual) {
                return from;
            }
            long kind = rows.words(Sockets.NETID).cell(netid);
            int at = from;
            int before = at;
            int count = 0;
            while (at < to) {
                before = at;
                at = socket(bytes, at, kind);
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

        /**
         * Puts the socket on the line at {@code start} into the block and returns where the next line begins; -1 on any doubt. After
         * sl the kernel prints all up to retrnsmt in fixed widths ({@code get_tcp4_sock}).
         */
        private int socket(byte[] b, int start, long kind) {
            int at = Bytes.spaces(b, start);
            int digits = at;
            while (b[at] >= '0' && b[at] <= '9') {
                at++;
            }
            if (at == digits || b[at] != ':' || b[at + 1] != ' ') {
                return -1;
            }
            at += 2;
            int length = b[at + 8] == ':' ? 8 : 32;
            long local = cell(b, at, length, localWords);
            int localPort = Bytes.hexadecimal4(b, at + length + 1);
            if (b[at + length] != ':' || b[at + length + 5] != ' ' || localPort < 0 || local == Cells.MISSING) {
                return -1;
            }
            at += length + 6;
            long peer = cell(b, at, length, peerWords);
            int peerPort = Bytes.hexadecimal4(b, at + length + 1);
            if (b[at + length] != ':' || b[at + length + 5] != ' ' || peerPort < 0 || peer == Cells.MISSING) {
                return -1;
            }
            at += length + 6;
            int state = Bytes.hexadecimal2(b, at);
            if (state < 1 || state >= STATES.size() || b[at + 2] != ' ') {
                return -1;
            }
            long sent = Bytes.hexadecimal8(b, at + 3);
            long received = Bytes.hexadecimal8(b, at + 12);
            int code = Bytes.hexadecimal2(b, at + 21);
            long when = Bytes.hexadecimal8(b, at + 24);
            long retransmitted = Bytes.hexadecimal8(b, at + 33);
            if ((sent | received | code | when | retransmitted) < 0
                    || b[at + 11] != ':'
                    || b[at + 20] != ' '
                    || b[at + 23] != ':'
                    || b[at + 32] != ' '
                    || b[at + 41] != ' ') {
                return -1;
            }
            at = Bytes.spaces(b, at + 42);
            long user = Bytes.number(b, at);
            at += (int) user & LENGTH;
            if (user < 0 || b[at] != ' ') {
                return -1;
            }
            at = Bytes.spaces(b, at);
            long timeout = Bytes.number(b, at);
            at += (int) timeout & LENGTH;
            if (timeout < 0 || b[at] != ' ') {
                return -1;
            }
            at = Bytes.spaces(b, at);
            long node = Bytes.number(b, at);
            at += (int) node & LENGTH;
            if (node < 0 || b[at] != ' ') {
                return -1;
            }
            at = Bytes.control(b, at);
            if (b[at] != '\n') {
                return -1;
            }
            long[] cells = block.cells;
            int row = block.size;
            cells[row] = kind;
            cells[(1 << SHIFT) + row] = state(state);
            cells[(2 << SHIFT) + row] = received;
            cells[(3 << SHIFT) + row] = state == LISTEN ? Cells.MISSING : sent;
            cells[(4 << SHIFT) + row] = local;
            cells[(5 << SHIFT) + row] = localPort == 0 ? Cells.MISSING : localPort;
            cells[(6 << SHIFT) + row] = peer;
            cells[(7 << SHIFT) + row] = peerPort == 0 ? Cells.MISSING : peerPort;
            cells[(8 << SHIFT) + row] = user >>> 5;
            cells[(9 << SHIFT) + row] = node >>> 5;
            cells[(10 << SHIFT) + row] = code == 0 ? Cells.MISSING : timer(code);
            // one that has passed is negative
            cells[(11 << SHIFT) + row] =
                    code == 0 ? Cells.MISSING : Rows.bits((when > Integer.MAX_VALUE ? 0 : when) / USER_HZ);
            cells[(12 << SHIFT) + row] = retransmitted;
            return at + 1;
        }

        private long state(int number) {
            if (stateCells[number] == Cells.MISSING) {
                stateCells[number] = rows.words(Sockets.STATE).cell(STATES.get(number));
            }
            return stateCells[number];
        }

        private long timer(int number) {
            return rows.words(Sockets.TIMER).cell(number < TIMERS.size() ? TIMERS.get(number) : UNKNOWN);
        }

        private static long cell(byte[] b, int at, int length, Words words) {
            long one = Bytes.hexadecimal8(b, at);
            if (length == 8) {
                return one < 0 ? Cells.MISSING : Integer.reverseBytes((int) one) & 0xffffffffL;
            }
            long two = Bytes.hexadecimal8(b, at + 8);
            long three = Bytes.hexadecimal8(b, at + 16);
            long four = Bytes.hexadecimal8(b, at + 24);
            return (one | two | three | four) < 0
                    ? Cells.MISSING
                    : words.ipv6(
                            (long) Integer.reverseBytes((int) one) << 32
                                    | (Integer.reverseBytes((int) two) & 0xffffffffL),
                            (long) Integer.reverseBytes((int) three) << 32
                                    | (Integer.reverseBytes((int) four) & 0xffffffffL));
        }

        /** The protocol where the command or the path names the file: headers are alike but for the drops of datagram sockets. */
        private static @Nullable String fromName(Text text) {
            Matcher matcher = FILE.matcher(text.command().orElse(text.path()));
            return matcher.matches() ? matcher.group(1) : null;
        }

        private String protocol(boolean datagrams) {
            return impliedNetid != null ? impliedNetid : datagrams ? "udp" : "tcp";
        }

        private void layout(String names) {
            at = positions(names);
            st = at.getOrDefault("st", -1);
            queues = at.getOrDefault("tx_queue", -1);
            timer = at.getOrDefault("tr", -1);
            retransmits = at.getOrDefault("retrnsmt", -1);
            uid = at.getOrDefault("uid", -1);
            inode = at.getOrDefault("inode", -1);
            usual = st == 3 && queues == 4 && timer == 5 && retransmits == 6 && uid == 7 && inode == 9;
        }

        /** Which field of a row stands under which name: two names share a field where the row has a colon. */
        private static Map<String, Integer> positions(String header) {
            var positions = new HashMap<String, Integer>();
            int field = -1;
            for (String name : Fields.split(header)) {
                if (!name.equals("rx_queue") && !name.equals("tm->when")) {
                    field++;
                }
                positions.put(name, field);
            }
            return positions;
        }

        /** Puts the socket on this line into the table; or says what is wrong with the line, having written nothing. */
        private @Nullable String socket(String line) {
            fields.over(line);
            int local = -1;
            int remote = -1;
            int length = 0;
            String state = null;
            long sent = -1;
            long received = -1;
            long timerCode = -1;
            long when = -1;
            long retransmitted = -1;
            long user = -1;
            long node = -1;
            int count = 0;
            for (; fields.next(); count++) {
                int from = fields.start();
                int to = fields.end();
                if (count == 0) {
                    if (line.charAt(to - 1) != ':') {
                        return "'" + fields.text() + "' stands where sl, a number and a colon, should be";
                    }
                } else if (count <= 2) {
                    if (!isEndpoint(line, from, to)) {
                        return "'" + fields.text()
                                + "' stands where an address of 8 or 32 and a port of 4 hexadecimal digits should be";
                    }
                    if (count == 1) {
                        local = from;
                        length = to - from - 5;
                    } else {
                        remote = from;
                        if (to - from - 5 != length) {
                            return "one address is IPv4 and the other IPv6";
                        }
                    }
                } else if (count == st) {
                    long number = Fields.hexadecimal(line, from, to);
                    if (number < 1 || number >= STATES.size()) {
                        return "'" + fields.text() + "' stands where st, 01 to 0C, should be";
                    }
                    state = STATES.get((int) number);
                } else if (count == queues) {
                    int colon = line.indexOf(':', from);
                    sent = Fields.hexadecimal(line, from, colon);
                    received = Fields.hexadecimal(line, colon + 1, to);
                    if (sent < 0 || received < 0 || colon > to) {
                        return "'" + fields.text() + "' stands where tx_queue:rx_queue, in hexadecimal, should be";
                    }
                } else if (count == timer) {
                    int colon = line.indexOf(':', from);
                    timerCode = Fields.hexadecimal(line, from, colon);
                    when = tick(line, colon + 1, to);
                    if (timerCode < 0 || when < 0 || colon > to) {
                        return "'" + fields.text() + "' stands where tr:tm->when, in hexadecimal, should be";
                    }
                } else if (count == retransmits) {
                    retransmitted = Fields.hexadecimal(line, from, to);
                    if (retransmitted < 0) {
                        return "'" + fields.text() + "' stands where retrnsmt, in hexadecimal, should be";
                    }
                } else if (count == uid) {
                    user = fields.decimal();
                    if (user < 0) {
                        return "'" + fields.text() + "' stands where uid, a whole number, should be";
                    }
                } else if (count == inode) {
                    node = fields.decimal();
                    if (node < 0) {
                        return "'" + fields.text() + "' stands where inode, a whole number, should be";
                    }
                }
            }
            if (state == null || count <= Math.max(inode, Math.max(uid, Math.max(queues, timer)))) {
                return "cut off after " + count + " of at least " + (Math.max(inode, st) + 1) + " fields";
            }
            String kind = header ? netid : protocol(count == FIELDS_OF_DATAGRAM);
            rows.text(Sockets.NETID, kind).text(Sockets.STATE, state);
            if (received >= 0) {
                rows.number(Sockets.RECV_Q, received);
            }
            if (sent >= 0 && !state.equals("LISTEN")) {
                rows.number(Sockets.SEND_Q, sent);
            }
            endpoint(line, local, length, Sockets.LOCAL_ADDRESS, Sockets.LOCAL_PORT);
            endpoint(line, remote, length, Sockets.PEER_ADDRESS, Sockets.PEER_PORT);
            if (timerCode > 0) {
                rows.text(Sockets.TIMER, timerCode < TIMERS.size() ? TIMERS.get((int) timerCode) : UNKNOWN);
                rows.real(Sockets.TIMER_S, when / USER_HZ);
            }
            if (retransmitted >= 0) {
                rows.number(Sockets.RETRANSMITS, retransmitted);
            }
            if (user >= 0) {
                rows.number(Sockets.UID, user);
            }
            if (node >= 0) {
                rows.number(Sockets.INODE, node);
            }
            rows.end();
            return null;
        }

        /** {@code tm->when}; one that has passed is printed by old kernels as a negative number of 32 or 64 bits: 0 is left. */
        private static long tick(String line, int from, int to) {
            boolean passed = (to - from == 8 || to - from == 16) && "89ABCDEFabcdef".indexOf(line.charAt(from)) >= 0;
            return passed ? 0 : Fields.hexadecimal(line, to - from == 16 ? from + 1 : from, to);
        }

        private void endpoint(String line, int from, int length, String address, String port) {
            rows.text(address, address(line, from, from + length));
            long number = Fields.hexadecimal(line, from + length + 1, from + length + 5);
            if (number > 0) {
                rows.number(port, number);
            }
        }
    }
}
