package plimsoll.analyses;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import plimsoll.telemetry.Rows;

/**
 * Who holds the ephemeral ports, from a whole listing of the TCP sockets: an immutable value. A socket counts for its destination where
 * this host opened it: its local port lies in the range and nothing listens on it.
 */
final class Occupancy {
    /** Sockets of one destination: {@code held} distinct local ports, {@code waiting} of them in TIME-WAIT. */
    record Held(long held, long waiting) {}

    private final Map<Destination, Held> pools;
    private final long listening;
    private final String source;

    private Occupancy(Map<Destination, Held> pools, long listening, String source) {
        this.pools = pools;
        this.listening = listening;
        this.source = source;
    }

    /** True for a listing of all TCP sockets of at least one family, in every state. */
    static boolean whole(Rows sockets) {
        return sockets.covers().contains("tcp4") || sockets.covers().contains("tcp6");
    }

    /** Counts the sockets of a whole listing against the range, which is given by its two ends. */
    static Occupancy of(Rows sockets, long[] range, String source) {
        Set<Long> listeners = listeners(sockets);
        IntPredicate opened = opened(sockets, range, listeners);
        Map<Destination, Set<Long>> held = new HashMap<>();
        Map<Destination, Set<Long>> waiting = new HashMap<>();
        for (int row = 0; row < sockets.size(); row++) {
            if (opened.test(row)) {
                var to = new Destination(
                        sockets.text("local_address", row).orElse(""),
                        sockets.text("peer_address", row).orElse(""),
                        sockets.number("peer_port", row).orElseThrow());
                long port = sockets.number("local_port", row).orElseThrow();
                held.computeIfAbsent(to, d -> new HashSet<>()).add(port);
                if (state(sockets, row).equals("TIME-WAIT")) {
                    waiting.computeIfAbsent(to, d -> new HashSet<>()).add(port);
                }
            }
        }
        var pools = new TreeMap<Destination, Held>((a, b) -> a.toString().compareTo(b.toString()));
        held.forEach((d, ports) -> pools.put(
                d, new Held(ports.size(), waiting.getOrDefault(d, Set.of()).size())));
        long inside =
                listeners.stream().filter(p -> p >= range[0] && p <= range[1]).count();
        return new Occupancy(Collections.unmodifiableMap(pools), inside, source);
    }

    private static Set<Long> listeners(Rows sockets) {
        Set<Long> listeners = new HashSet<>();
        for (int row = 0; row < sockets.size(); row++) {
            if (tcp(sockets, row) && state(sockets, row).equals("LISTEN")) {
                sockets.number("local_port", row).ifPresent(listeners::add);
            }
        }
        return listeners;
    }

    /** True for the rows of the sockets that this host opened. */
    static IntPredicate opened(Rows sockets, long[] range) {
        return opened(sockets, range, listeners(sockets));
    }

    private static IntPredicate opened(Rows sockets, long[] range, Set<Long> listeners) {
        return row -> {
            if (!tcp(sockets, row) || state(sockets, row).equals("LISTEN")) {
                return false;
            }
            long local = sockets.number("local_port", row).orElse(-1);
            return local >= range[0]
                    && local <= range[1]
                    && !listeners.contains(local)
                    && sockets.number("peer_port", row).orElse(-1) >= 0;
        };
    }

    private static boolean tcp(Rows sockets, int row) {
        return sockets.text("netid", row).map(n -> n.startsWith("tcp")).orElse(true);
    }

    private static String state(Rows sockets, int row) {
        return sockets.text("state", row).orElse("");
    }

    /** The pools in use, in the order of their names. */
    Map<Destination, Held> pools() {
        return pools;
    }

    /** How many ports inside the range something listens on. */
    long listening() {
        return listening;
    }

    /** The listing it was read from. */
    String source() {
        return source;
    }
}
