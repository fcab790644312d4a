package plimsoll.telemetry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code netstat} of net-tools listing sockets ({@code -an}, {@code -natop}, {@code -tunap}, {@code -x}), into the table {@code sockets}
 * in the spelling of {@code ss}. Without {@code -W} an address is cut to what fits its column; such a row has 1 in
 * {@code address_cut}, and its address is as printed. {@code timer_s} is in seconds, as netstat prints it.
 */
final class NetstatListingSource implements Source {
    /** The states as netstat spells them, in the spelling of {@code ss}. */
    static final Map<String, String> STATES = Map.ofEntries(
            Map.entry("ESTABLISHED", "ESTAB"),
            Map.entry("SYN_SENT", "SYN-SENT"),
            Map.entry("SYN_RECV", "SYN-RECV"),
            Map.entry("FIN_WAIT1", "FIN-WAIT-1"),
            Map.entry("FIN_WAIT2", "FIN-WAIT-2"),
            Map.entry("TIME_WAIT", "TIME-WAIT"),
            Map.entry("CLOSE", "UNCONN"),
            Map.entry("CLOSE_WAIT", "CLOSE-WAIT"),
            Map.entry("LAST_ACK", "LAST-ACK"),
            Map.entry("LISTEN", "LISTEN"),
            Map.entry("CLOSING", "CLOSING"));

    private static final Map<String, String> UNIX_STATES = Map.of(
            "",
            "UNCONN",
            "FREE",
            "UNCONN",
            "LISTENING",
            "LISTEN",
            "CONNECTING",
            "SYN-SENT",
            "CONNECTED",
            "ESTAB",
            "DISCONNECTING",
            "CLOSING");

    private static final Map<String, String> UNIX_TYPES =
            Map.of("STREAM", "u_str", "DGRAM", "u_dgr", "SEQPACKET", "u_seq");

    private static final Pattern INTERNET =
            Pattern.compile("(tcp|udp|udplite|udpl|raw|sctp)(6?) +(\\d+) +(\\d+) +(\\S+):(\\S+) +(\\S+):(\\S+)(.*)");
    private static final Pattern TIMER = Pattern.compile(
            "(.*?)\\b(off|on|keepalive|timewait|probe|unkn-\\d+) \\((-?\\d+\\.\\d+)/(\\d+)/(\\d+)\\) *");
    private static final Pattern PROGRAM = Pattern.compile("(?:(\\d+)/(.*?)|-) *");
    private static final Pattern UNIX = Pattern.compile(
            "unix +(\\d+) +\\[([^\\]]*)\\] +([A-Z]+) +(?:(LISTENING|CONNECTED|CONNECTING|DISCONNECTING|FREE) +)?(\\d+)(?: +(.*))?");
    private static final Pattern SECTION =
            Pattern.compile("Active (Internet connections|UNIX domain sockets) \\((.*)\\)");
    private static final Pattern NOTICE = Pattern.compile(
            "\\((?:Not all processes could be identified|No info could be read for).*| *will not be shown, you would have to be root.*");

    private static final int ADDRESS_WIDTH = 23; // of "address:port" without -W (netstat.c)

    @Override
    public String name() {
        return "netstat listing";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Active Internet connections (")
                || (line.startsWith("Active UNIX domain sockets (")
                        && SECTION.matcher(line).lookingAt());
    }

    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, 4);
        if (head.stream().anyMatch(l -> begins(l) || header(l))) {
            return Match.SURE;
        }
        return !head.isEmpty() && INTERNET.matcher(head.get(0)).matches() ? Match.SHAPE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        return new Parse(text).run();
    }

    private static boolean header(String line) {
        return line.startsWith("Proto ") && (line.contains(" Local Address ") || line.contains(" RefCnt "));
    }

    /** One pass over a text. */
    private static final class Parse {
        private final Text text;
        private final Parsed.Account account;
        private final Rows.Builder rows = Sockets.builder().column("address_cut", Rows.Type.NUMBER);
        private final Set<String> kinds = new TreeSet<>();
        private @Nullable Set<String> listed;
        private boolean user;
        private boolean inode;
        private boolean program;
        private boolean headed;

        Parse(Text text) {
            this.text = text;
            this.account = new Parsed.Account(text);
        }

        Parsed run() {
            for (int i = 0; i < text.lines().size(); i++) {
                String line = text.lines().get(i);
                Matcher section = SECTION.matcher(line.stripTrailing());
                if (line.isBlank() || NOTICE.matcher(line).matches()) {
                    account.empty();
                } else if (section.matches()) {
                    cover();
                    listed = states(section.group(2), section.group(1).startsWith("UNIX"));
                    account.empty();
                } else if (header(line)) {
                    headed = true;
                    user = line.contains(" User ");
                    inode = line.contains(" Inode ") || line.contains(" I-Node ");
                    program = line.contains("PID/Program");
                    account.empty();
                } else {
                    String wrong = line.startsWith("unix") ? unix(line) : internet(line);
                    if (wrong == null) {
                        account.used();
                    } else {
                        account.reject(i, wrong);
                    }
                }
            }
            cover();
            if (!headed) {
                account.excerpt();
            }
            return account.close(Optional.of(rows.rows()));
        }

        /** Every kind of socket seen in a section is listed there in all the states that its title names. */
        private void cover() {
            if (listed != null) {
                kinds.forEach(kind -> Sockets.cover(account, kind, listed));
            }
            kinds.clear();
        }

        private static Set<String> states(String title, boolean unix) {
            if (title.equals("servers and established")) {
                return Sockets.ALL_STATES;
            }
            if (title.equals("only servers")) {
                return unix ? Set.of("LISTEN") : Sockets.LISTENING;
            }
            var states = new TreeSet<>(Sockets.ALL_STATES);
            states.removeAll(Sockets.LISTENING);
            return states;
        }

        private @Nullable String internet(String line) {
            Matcher m = INTERNET.matcher(line);
            if (!m.matches()) {
                return "is not a socket: protocol, two whole numbers, local and foreign address with their ports";
            }
            long received = Fields.decimal(m.group(3), 0, m.group(3).length());
            long sent = Fields.decimal(m.group(4), 0, m.group(4).length());
            if (received < 0 || sent < 0) {
                return "has a queue of more than 63 bits";
            }
            boolean six = !m.group(2).isEmpty();
            String rest = m.group(9);
            Matcher timer = TIMER.matcher(rest);
            if (timer.matches()) {
                rest = timer.group(1);
            }
            List<String> words = Fields.split(rest);
            String state = words.isEmpty() ? null : STATES.get(words.get(0));
            int next = state == null && (words.isEmpty() || !rawState(m.group(1), words.get(0))) ? 0 : 1;
            String owner = user && next < words.size() ? words.get(next++) : null;
            String node = inode && next < words.size() ? words.get(next++) : null;
            String process = String.join(" ", words.subList(next, words.size()));
            Matcher run = PROGRAM.matcher(process);
            if (state == null && m.group(1).equals("tcp")) {
                return "has no state that TCP has: " + String.join(" ", new TreeSet<>(STATES.keySet()));
            }
            if (!process.isEmpty() && !run.matches()) {
                return "'" + process + "' stands where PID/Program name should be";
            }
            String netid = m.group(1).equals("udpl") ? "udplite" : m.group(1);
            rows.text(Sockets.NETID, netid)
                    .text(Sockets.STATE, state == null ? "UNCONN" : state)
                    .number(Sockets.RECV_Q, received)
                    .number(Sockets.SEND_Q, sent);
            endpoint(m.group(5), m.group(6), six, Sockets.LOCAL_ADDRESS, Sockets.LOCAL_PORT);
            endpoint(m.group(7), m.group(8), six, Sockets.PEER_ADDRESS, Sockets.PEER_PORT);
            if (cut(m.group(5), m.group(6)) || cut(m.group(7), m.group(8))) {
                rows.number("address_cut", 1);
            }
            number(Sockets.UID, owner);
            number(Sockets.INODE, node);
            if (!process.isEmpty()) {
                process(run);
            }
            if (timer.matches() && !timer.group(2).equals("off")) {
                rows.text(Sockets.TIMER, timer.group(2).equals("probe") ? "persist" : timer.group(2))
                        .real(Sockets.TIMER_S, Double.parseDouble(timer.group(3)))
                        .number(
                                Sockets.RETRANSMITS,
                                Fields.decimal(timer.group(4), 0, timer.group(4).length()));
            }
            rows.end();
            kinds.add(netid + (six ? "6" : "4"));
            return null;
        }

        /** The state of a raw socket is printed as the bare number. */
        private static boolean rawState(String protocol, String word) {
            return protocol.equals("raw") && Fields.decimal(word, 0, word.length()) >= 0;
        }

        private void endpoint(String address, String port, boolean six, String addressColumn, String portColumn) {
            boolean mapped = six && address.indexOf('.') > 0 && address.indexOf(':') < 0;
            rows.text(addressColumn, mapped ? "::ffff:" + address : address);
            number(portColumn, port);
        }

        private void number(String column, @Nullable String digits) {
            long number = digits == null ? -1 : Fields.decimal(digits, 0, digits.length());
            if (number >= 0) {
                rows.number(column, number);
            }
        }

        private static boolean cut(String address, String port) {
            if (address.length() + 1 + port.length() != ADDRESS_WIDTH || address.indexOf(':') < 0) {
                return false;
            }
            return !address.contains("::")
                    && address.chars().filter(c -> c == ':').count() < 7;
        }

        private void process(Matcher run) {
            if (run.group(1) != null) {
                number(Sockets.PID, run.group(1));
                rows.text(Sockets.PROCESS, run.group(2));
            }
        }

        private @Nullable String unix(String line) {
            Matcher m = UNIX.matcher(line.stripTrailing());
            String netid = m.matches() ? UNIX_TYPES.get(m.group(3)) : null;
            if (netid == null) {
                return "is not a unix socket: count, [flags], STREAM, DGRAM or SEQPACKET, state, inode";
            }
            String rest = m.group(6) == null ? "" : m.group(6);
            String path = rest;
            if (program) {
                int end = programEnd(rest);
                Matcher run = PROGRAM.matcher(rest.substring(0, end));
                if (run.matches()) {
                    process(run);
                    path = rest.substring(end).strip();
                }
            }
            rows.text(Sockets.NETID, netid)
                    .text(Sockets.STATE, UNIX_STATES.getOrDefault(m.group(4) == null ? "" : m.group(4), "UNCONN"))
                    .text(Sockets.LOCAL_ADDRESS, path.isEmpty() ? "*" : path);
            number(Sockets.INODE, m.group(5));
            rows.end();
            kinds.add(netid);
            return null;
        }

        /** PID/Program name fills a column of 20 characters, which a longer name leaves no blank after. */
        private static int programEnd(String rest) {
            int path = Math.max(rest.indexOf(" /"), rest.indexOf(" @"));
            return path < 0 ? rest.length() : path;
        }
    }
}
