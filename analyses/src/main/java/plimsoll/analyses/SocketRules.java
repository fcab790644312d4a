package plimsoll.analyses;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/** Rows of socket listings against what the kernel allows. */
final class SocketRules {
    private static final int SHOWN = 3;

    private SocketRules() {}

    /** Each connection to one address and port from one address has a local port of its own (__inet_check_established). */
    static List<Doubt> pool(Observed seen) {
        Optional<Fact> range = seen.read(Ports.RANGE);
        Optional<Rows> sockets = seen.table("sockets");
        if (range.isEmpty()) {
            return List.of();
        } else if (sockets.isEmpty()) {
            return claimed(seen, range.get());
        }
        Set<Long> listeners = listeners(sockets.get());
        Map<Destination, Set<Long>> held = new HashMap<>();
        Rows rows = sockets.get();
        for (int i = 0; i < rows.size(); i++) {
            long local = Observed.whole(rows, "local_port", i, -1);
            long peer = Observed.whole(rows, "peer_port", i, -1);
            if (tcp(rows, i) && local > 0 && peer > 0 && !listeners.contains(local)) {
                var to = new Destination(
                        Observed.text(rows, "local_address", i), Observed.text(rows, "peer_address", i), peer);
                held.computeIfAbsent(to, d -> new HashSet<>()).add(local);
            }
        }
        long ports = Ports.poolSize(seen.capture().facts()).value() < 1
                ? 0
                : Math.round(Ports.poolSize(seen.capture().facts()).value());
        return held.entrySet().stream()
                .filter(e -> e.getValue().size() > ports)
                .sorted((a, b) -> b.getValue().size() - a.getValue().size())
                .limit(SHOWN)
                .map(e -> Doubt.of(
                        "time-wait-pool",
                        Terminal.grouped(e.getValue().size()) + " local ports are held for " + e.getKey()
                                + ", but the range "
                                + range.get().text() + " has " + Terminal.grouped(ports)
                                + ": the range was wider a minute ago, is of another namespace, or the program binds its own ports",
                        seen.at("sockets", e.getKey().toString()),
                        range.get().evidence().source()))
                .toList();
    }

    /** A claim of so many to one destination; the range is one that was read, not one that a what-if makes. */
    private static List<Doubt> claimed(Observed seen, Fact range) {
        double ports = Ports.poolSize(seen.capture().facts()).value();
        return Claim.of(seen, "ports.time-wait", Unit.COUNT).stream()
                .filter(c -> c.value() > ports)
                .map(c -> Doubt.of(
                        "time-wait-pool",
                        "one destination cannot have the " + c.words() + " in TIME-WAIT: the range " + range.text()
                                + " has " + Terminal.grouped(Math.round(ports))
                                + ": they are spread over several, or of connections that came in",
                        c.source(),
                        range.evidence().source()))
                .toList();
    }

    private static Set<Long> listeners(Rows rows) {
        var listeners = new HashSet<Long>();
        for (int i = 0; i < rows.size(); i++) {
            if (Observed.text(rows, "state", i).equals("LISTEN")) {
                listeners.add(Observed.whole(rows, "local_port", i, -1));
            }
        }
        return listeners;
    }

    private static boolean tcp(Rows rows, int row) {
        String netid = Observed.text(rows, "netid", row);
        return netid.isEmpty() || netid.startsWith("tcp");
    }

    /** A listener's Recv-Q is its accept queue and its Send-Q the backlog: at most backlog + 1 wait (sk_acceptq_is_full). */
    static List<Doubt> listener(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        Optional<Rows> sockets = seen.table("sockets");
        if (sockets.isEmpty()) {
            return doubts;
        }
        Optional<Observed.Count> most = seen.count("net.core.somaxconn");
        Rows rows = sockets.get();
        for (int i = 0; i < rows.size() && doubts.size() < SHOWN; i++) {
            long waiting = Observed.whole(rows, "recv_q", i, -1);
            long backlog = Observed.whole(rows, "send_q", i, -1);
            // /proc/net/tcp shows no backlog: both are 0 or Send-Q alone is missing
            if (!Observed.text(rows, "state", i).equals("LISTEN") || waiting < 0 || backlog <= 0) {
                continue;
            }
            String name = name(rows, i);
            if (waiting > backlog + 1) {
                doubts.add(Doubt.of(
                        "listener",
                        Terminal.grouped(waiting) + " connections wait in the accept queue of " + name
                                + ", whose backlog of "
                                + Terminal.grouped(backlog) + " admits " + Terminal.grouped(backlog + 1)
                                + ": a figure was changed, or listen() was called again with a smaller backlog",
                        seen.at("sockets", name)));
            }
            if (most.isPresent() && backlog > most.get().value()) {
                doubts.add(Doubt.of(
                        "listener",
                        "the backlog of " + name + " is " + Terminal.grouped(backlog) + ", but net.core.somaxconn is "
                                + most.get().text()
                                + " and listen() takes no more: somaxconn was lowered after it, or is of another namespace",
                        seen.at("sockets", name),
                        most.get().source()));
            }
        }
        return doubts;
    }

    private static String name(Rows rows, int row) {
        String port = Observed.text(rows, "local_port", row);
        return Observed.text(rows, "local_address", row) + (port.isEmpty() ? "" : ":" + port);
    }

    private static boolean connectedUnix(Rows rows, int row) {
        return Observed.text(rows, "netid", row).startsWith("u_")
                && Observed.text(rows, "state", row).equals("ESTAB");
    }

    /**
     * A Unix socket's Send-Q is the memory charged to the writer, who sleeps from the send buffer on (sock_alloc_send_pskb): beyond it lies
     * at most one buffer more.
     */
    static List<Doubt> sendQueue(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        Optional<Rows> sockets = seen.table("sockets");
        for (int i = 0; sockets.isPresent() && i < sockets.get().size() && doubts.size() < SHOWN; i++) {
            Rows rows = sockets.get();
            long queued = Observed.whole(rows, "send_q", i, -1);
            long buffer = Observed.whole(rows, "skmem_tb", i, -1);
            if (connectedUnix(rows, i) && buffer > 0 && queued > 2 * buffer) {
                doubts.add(Doubt.of(
                        "send-queue",
                        "Send-Q " + Terminal.grouped(queued) + " of a Unix socket is above twice its send buffer, tb "
                                + Terminal.grouped(buffer)
                                + ": the writer sleeps before that; SO_SNDBUF was lowered since, or the figure is not of this socket",
                        seen.at("sockets", unix(rows, i))));
            }
        }
        return doubts;
    }

    /** Send-Q of a Unix socket is t of skmem (unix_outq_len), and f and w belong to TCP: they are 0. */
    static List<Doubt> memory(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        Optional<Rows> sockets = seen.table("sockets");
        for (int i = 0; sockets.isPresent() && i < sockets.get().size() && doubts.size() < SHOWN; i++) {
            Rows rows = sockets.get();
            long sent = Observed.whole(rows, "skmem_t", i, -1);
            if (!connectedUnix(rows, i) || sent < 0) {
                continue;
            }
            long ahead = Observed.whole(rows, "skmem_f", i, 0);
            long written = Observed.whole(rows, "skmem_w", i, 0);
            long queued = Observed.whole(rows, "send_q", i, sent);
            long buffer = Observed.whole(rows, "skmem_tb", i, 0);
            String clash = "";
            if (Math.abs(queued - sent) > Math.max(4096, buffer / 2)) {
                clash = "Send-Q " + Terminal.grouped(queued) + " but skmem t " + Terminal.grouped(sent)
                        + ", which is the same figure";
            }
            if (ahead > 0 || written > 0) {
                clash += (clash.isEmpty() ? "" : "; ") + "skmem f " + Terminal.grouped(ahead) + " and w "
                        + Terminal.grouped(written) + ", which a Unix socket never has";
            }
            if (!clash.isEmpty()) {
                doubts.add(Doubt.of(
                        "skmem",
                        clash + ": the columns were shifted, or the row was put together",
                        seen.at("sockets", unix(rows, i))));
            }
        }
        return doubts;
    }

    private static String unix(Rows rows, int row) {
        return Observed.text(rows, "netid", row) + " " + Observed.text(rows, "local_address", row) + " row "
                + (row + 1);
    }
}
