package plimsoll.telemetry;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code sockets}, which several sources fill: its columns, and its parts. A part is a kind of socket, an IP version and a
 * state, {@code tcp4 TIME-WAIT}; where all states are listed, {@code tcp4} is one as well.
 */
final class Sockets {
    static final String NETID = "netid";
    static final String STATE = "state";
    static final String RECV_Q = "recv_q";
    static final String SEND_Q = "send_q";
    static final String LOCAL_ADDRESS = "local_address";
    static final String LOCAL_PORT = "local_port";
    static final String PEER_ADDRESS = "peer_address";
    static final String PEER_PORT = "peer_port";
    static final String PROCESS = "process";
    static final String PID = "pid";
    static final String UID = "uid";
    static final String INODE = "inode";
    static final String TIMER = "timer";
    static final String TIMER_S = "timer_s";
    static final String RETRANSMITS = "retransmits";

    /** A local address of {@code *}: IPv6, or in old versions of {@code ss} either. */
    static final char WILDCARD = '*';

    /** A local address of {@code 0.0.0.0}, which tells a version of {@code ss} that prints {@code *} for IPv6 alone. */
    static final char WILDCARD_4 = '0';

    /** Neither IPv4 nor IPv6. */
    static final char NO_FAMILY = ' ';

    /** Every state of TCP; {@code ss -a}. */
    static final Set<String> ALL_STATES = Set.of(
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
            "CLOSING");

    /** {@code ss -l}. */
    static final Set<String> LISTENING = Set.of("LISTEN", "UNCONN");

    /** {@code ss} without {@code -a}, {@code -l} and state ({@code SS_CONN} in misc/ss.c). */
    static final Set<String> CONNECTED =
            Set.of("ESTAB", "SYN-SENT", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "LAST-ACK", "CLOSING");

    private static final Set<String> UNIX = Set.of("u_str", "u_dgr", "u_seq");

    private static final Set<String> INTERNET =
            Set.of("tcp", "udp", "raw", "sctp", "dccp", "mptcp", "icmp", "icmp6", "udplite");

    /** The values of {@code skmem:(…)} by their letters, in the order in which {@code ss} prints them. */
    static final List<String> MEMORY = List.of("r", "rb", "t", "tb", "f", "w", "o", "bl", "d");

    static final List<String> MEMORY_COLUMNS =
            MEMORY.stream().map(letters -> "skmem_" + letters).toList();

    private Sockets() {}

    /** An empty table with all its columns. */
    static Rows.Builder builder() {
        var rows = new Rows.Builder("sockets")
                .column(NETID, Rows.Type.TEXT)
                .column(STATE, Rows.Type.TEXT)
                .column(RECV_Q, Rows.Type.NUMBER)
                .column(SEND_Q, Rows.Type.NUMBER)
                .column(LOCAL_ADDRESS, Rows.Type.ADDRESS)
                .column(LOCAL_PORT, Rows.Type.NUMBER)
                .column(PEER_ADDRESS, Rows.Type.ADDRESS)
                .column(PEER_PORT, Rows.Type.NUMBER)
                .column(PROCESS, Rows.Type.TEXT)
                .column(PID, Rows.Type.NUMBER)
                .column(UID, Rows.Type.NUMBER)
                .column(INODE, Rows.Type.NUMBER)
                .column(TIMER, Rows.Type.TEXT)
                .column(TIMER_S, Rows.Type.REAL)
                .column(RETRANSMITS, Rows.Type.NUMBER);
        MEMORY_COLUMNS.forEach(column -> rows.column(column, Rows.Type.NUMBER));
        return rows;
    }

    /** The column of a value of {@code skmem:(…)}, by the letters before it, as {@code ss} abbreviates them (man ss, -m). */
    static @Nullable String memory(String line, int from, int to) {
        for (int i = 0; i < MEMORY.size(); i++) {
            String letters = MEMORY.get(i);
            if (letters.length() == to - from && line.startsWith(letters, from)) {
                return MEMORY_COLUMNS.get(i);
            }
        }
        return null;
    }

    /** Says that all sockets of {@code kind}, {@code tcp4} or {@code nl}, in these states are listed. */
    static void cover(Parsed.Account account, String kind, Collection<String> states) {
        states.forEach(state -> account.covers(kind + " " + state));
        if (states.containsAll(ALL_STATES)) {
            account.covers(kind);
        }
    }

    /** What a listing of {@code ss} shows, and so which parts it lists to the last row. Mutable; lives for one parse. */
    static final class Seen {
        private final Map<String, Set<Character>> families = new LinkedHashMap<>();
        private final Set<String> states = new LinkedHashSet<>();
        private boolean unclear;
        private @Nullable String lastNetid;
        private @Nullable String lastState;
        private char lastFamily;

        /** One more socket. */
        void socket(@Nullable String netid, char family, @Nullable String state) {
            if (netid == null || state == null) {
                unclear = true;
            } else if (family != lastFamily || !Objects.equals(state, lastState) || !Objects.equals(netid, lastNetid)) {
                families.computeIfAbsent(netid, n -> new TreeSet<>()).add(family);
                states.add(state);
                lastNetid = netid;
                lastState = state;
                lastFamily = family;
            }
        }

        /** All that {@code other} has seen as well. */
        void add(Seen other) {
            other.families.forEach((netid, seen) ->
                    families.computeIfAbsent(netid, n -> new TreeSet<>()).addAll(seen));
            states.addAll(other.states);
            unclear |= other.unclear;
        }

        /**
         * Claims the parts. What the command says it lists is claimed whether seen or not; without command only kinds that are seen,
         * in the states that this listing must have asked for to show what it shows. Where even that is unclear it is an excerpt.
         */
        void cover(Parsed.Account account, SsCommand command) {
            Set<String> listed = command.known() ? command.states() : asked();
            Set<String> kinds = kinds(command);
            if (unclear || listed.isEmpty() || kinds.isEmpty()) {
                account.excerpt();
                return;
            }
            kinds.forEach(kind -> Sockets.cover(account, kind, listed));
        }

        /** Listeners and connections together, or TIME-WAIT, are shown with {@code -a} alone. */
        private Set<String> asked() {
            boolean listening = states.stream().anyMatch(LISTENING::contains);
            boolean connected = states.stream().anyMatch(CONNECTED::contains);
            boolean shy = states.contains("TIME-WAIT") || states.contains("SYN-RECV");
            if ((listening && connected) || (shy && states.size() > 1)) {
                return ALL_STATES;
            }
            if (shy) {
                return states;
            }
            return listening ? LISTENING : connected ? CONNECTED : Set.of();
        }

        private Set<String> kinds(SsCommand command) {
            var kinds = new TreeSet<String>();
            families.forEach((netid, seen) -> {
                if (!INTERNET.contains(netid)) {
                    kinds.add(netid);
                    return;
                }
                boolean wildcard = seen.contains(WILDCARD);
                if (seen.contains('4') || seen.contains(WILDCARD_4) || wildcard) {
                    kinds.add(netid + "4");
                }
                if (seen.contains('6') || wildcard) {
                    kinds.add(netid + "6");
                }
            });
            // -x lists all kinds of unix sockets, whether there are some of each or not
            boolean unix = families.keySet().stream().anyMatch(UNIX::contains);
            if (command.known() ? command.lists("unix") && !command.filtered() : unix) {
                kinds.addAll(UNIX);
            }
            if (command.lists("tcp")) {
                command.versions().forEach(version -> kinds.add("tcp" + version));
            }
            return kinds;
        }
    }
}
