package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The table {@code closes}: when this host closed connections in the last minute or two, by destination. A socket in TIME-WAIT is 60 s less
 * its timer old (TCP_TIMEWAIT_LEN). {@code /proc/net/tcp} shows timers to 10 ms, {@code ss -o} to whole seconds from 10 s on. A tracked
 * connection in TIME_WAIT is nf_conntrack_tcp_timeout_time_wait less its timeout old, 120 s at most unless that was set, in whole
 * seconds: it tells of the time before the sockets', and of all of it where no timers of sockets were shown. FIN-WAIT-2 and connections
 * to ports that something listens on are left out; a port that was taken again has lost its earlier close.
 */
final class Closes {
    static final String TABLE = "closes";
    private static final double LENGTH = 60;
    private static final String TRACKED = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";
    private static final double TRACKED_LENGTH = 120;
    private static final double PRINTED_WHOLE = 10;
    private static final List<String> PARTS = List.of("tcp4 TIME-WAIT", "tcp6 TIME-WAIT");

    private final List<Reading> readings;
    private final Rows rows;

    private Closes(List<Reading> readings, Rows rows) {
        this.readings = readings;
        this.rows = rows;
    }

    /** The listings it was read from. */
    List<Reading> readings() {
        return readings;
    }

    /** One row for each destination and second: {@code second} is how many lie between the close and the capture. */
    Rows rows() {
        return rows;
    }

    /**
     * From the listings that show the timers of all sockets in TIME-WAIT, the finest first, no part twice, and from the tracked
     * connections; empty where neither says anything.
     *
     * @param tables the tables of the capture
     * @param tracked the listings that the table of tracked connections is made of
     */
    static Optional<Closes> of(List<Reading> all, Map<String, Rows> tables, List<Reading> tracked) {
        List<Reading> timed = all.stream()
                .filter(r -> r.parsed().rows().map(Closes::timed).orElse(false))
                .sorted(Comparator.<Reading, Boolean>comparing(r -> !fine(rows(r)))
                        .thenComparing(r -> -parts(rows(r)).size()))
                .toList();
        var taken = new ArrayList<Reading>();
        var parts = new HashSet<String>();
        for (Reading reading : timed) {
            Set<String> here = parts(rows(reading));
            if (!here.isEmpty() && here.stream().noneMatch(parts::contains)) {
                taken.add(reading);
                parts.addAll(here);
            }
        }
        Optional<Rows> sockets = Optional.ofNullable(tables.get("sockets"));
        var listening = new HashSet<Long>();
        sockets.ifPresent(s -> listening.addAll(listening(s)));
        taken.forEach(r -> listening.addAll(listening(rows(r))));
        SortedMap<Key, Long> counts = counts(taken, listening);
        Rows flows = tables.get("conntrack");
        if (sockets.isPresent() && flows != null && !flows.excerpt()) {
            SortedMap<Key, Long> before =
                    tracked(flows, sockets.get(), listening, length(all), taken.isEmpty() ? 0 : LENGTH);
            if (!before.isEmpty()) {
                taken.addAll(tracked);
                before.forEach((k, n) -> counts.merge(k, n, Long::sum));
            }
        }
        return counts.isEmpty() ? Optional.empty() : Optional.of(new Closes(List.copyOf(taken), table(counts)));
    }

    private static Rows rows(Reading reading) {
        return reading.parsed().rows().orElseThrow();
    }

    private static Set<String> parts(Rows rows) {
        var parts = new HashSet<>(rows.covers());
        parts.retainAll(PARTS);
        return parts;
    }

    private static boolean waits(Rows rows, int row) {
        return rows.text(Sockets.STATE, row).orElse("").equals("TIME-WAIT")
                && rows.real(Sockets.TIMER_S, row).isPresent();
    }

    private static boolean timed(Rows rows) {
        if (!rows.name().equals("sockets")) {
            return false;
        }
        for (int row = 0; row < rows.size(); row++) {
            if (waits(rows, row)) {
                return true;
            }
        }
        return false;
    }

    /** True where timers are shown in parts of a second. */
    private static boolean fine(Rows rows) {
        for (int row = 0; row < rows.size(); row++) {
            if (waits(rows, row)) {
                double timer = rows.real(Sockets.TIMER_S, row).orElseThrow();
                if (timer > PRINTED_WHOLE && timer != Math.rint(timer)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Set<Long> listening(Rows rows) {
        var ports = new HashSet<Long>();
        for (int row = 0; row < rows.size(); row++) {
            if (rows.text(Sockets.STATE, row).orElse("").equals("LISTEN")) {
                rows.number(Sockets.LOCAL_PORT, row).ifPresent(ports::add);
            }
        }
        return ports;
    }

    private record Key(String from, String to, long port, long second) {}

    private static SortedMap<Key, Long> none() {
        return new TreeMap<>(Comparator.comparing(Key::from)
                .thenComparing(Key::to)
                .thenComparing(Key::port)
                .thenComparing(Key::second));
    }

    private static SortedMap<Key, Long> counts(List<Reading> readings, Set<Long> listening) {
        SortedMap<Key, Long> counts = none();
        for (Reading reading : readings) {
            Rows rows = rows(reading);
            boolean fine = fine(rows);
            for (int row = 0; row < rows.size(); row++) {
                if (waits(rows, row)
                        && !listening.contains(
                                rows.number(Sockets.LOCAL_PORT, row).orElse(-1))) {
                    var key = new Key(
                            rows.text(Sockets.LOCAL_ADDRESS, row).orElse(""),
                            rows.text(Sockets.PEER_ADDRESS, row).orElse(""),
                            rows.number(Sockets.PEER_PORT, row).orElse(0),
                            (long) age(rows.real(Sockets.TIMER_S, row).orElseThrow(), fine));
                    counts.merge(key, 1L, Long::sum);
                }
            }
        }
        return counts;
    }

    private static Rows table(SortedMap<Key, Long> counts) {
        var builder = new Rows.Builder(TABLE)
                .column(Sockets.LOCAL_ADDRESS, Rows.Type.TEXT)
                .column(Sockets.PEER_ADDRESS, Rows.Type.TEXT)
                .column(Sockets.PEER_PORT, Rows.Type.NUMBER)
                .column("second", Rows.Type.NUMBER)
                .column("closes", Rows.Type.NUMBER);
        counts.forEach((k, n) -> builder.text(Sockets.LOCAL_ADDRESS, k.from)
                .text(Sockets.PEER_ADDRESS, k.to)
                .number(Sockets.PEER_PORT, k.port)
                .number("second", k.second)
                .number("closes", n)
                .end());
        return builder.rows();
    }

    // ---- tracked connections

    private record To(String from, String to, long port) {}

    private record Tuple(To to, long localPort) {}

    /** The setting in seconds, where it was read. */
    private static double length(List<Reading> all) {
        return all.stream()
                .flatMap(r -> r.parsed().facts().stream())
                .filter(f -> f.name().equals(TRACKED) && f.text().strip().matches("\\d{1,9}"))
                .mapToDouble(f -> Double.parseDouble(f.text().strip()))
                .findFirst()
                .orElse(TRACKED_LENGTH);
    }

    /**
     * The closes of the tracked connections that are {@code from} seconds old or older and that this host opened: one of its sockets has
     * the address, and nothing listens on the port. Who closed first conntrack does not say: a destination with closes as young as a socket's
     * TIME-WAIT, but without such a socket, closes first itself, and is left out.
     */
    private static SortedMap<Key, Long> tracked(
            Rows flows, Rows sockets, Set<Long> listening, double length, double from) {
        var own = new HashSet<String>();
        var waiting = new HashSet<Tuple>();
        var closing = new HashSet<To>();
        for (int row = 0; row < sockets.size(); row++) {
            String address = sockets.text(Sockets.LOCAL_ADDRESS, row).orElse("");
            own.add(address);
            if (sockets.text(Sockets.STATE, row).orElse("").equals("TIME-WAIT")) {
                var to = new To(
                        address,
                        sockets.text(Sockets.PEER_ADDRESS, row).orElse(""),
                        sockets.number(Sockets.PEER_PORT, row).orElse(0));
                closing.add(to);
                waiting.add(
                        new Tuple(to, sockets.number(Sockets.LOCAL_PORT, row).orElse(0)));
            }
        }
        SortedMap<Key, Long> counts = none();
        var young = new HashSet<To>();
        for (int row = 0; row < flows.size(); row++) {
            if (!flows.text("state", row).orElse("").equals("TIME_WAIT")
                    || flows.number("timeout_s", row).isEmpty()) {
                continue;
            }
            long port = flows.number("orig_sport", row).orElse(0);
            var to = new To(
                    flows.text("orig_src", row).orElse(""),
                    flows.text("orig_dst", row).orElse(""),
                    flows.number("orig_dport", row).orElse(0));
            double age = length - flows.number("timeout_s", row).getAsLong() - 0.5;
            if (!own.contains(to.from) || listening.contains(port)) {
                continue;
            }
            if (age < LENGTH - 1) {
                young.add(to);
            }
            if (age >= from && (from == 0 || !waiting.contains(new Tuple(to, port)))) {
                counts.merge(new Key(to.from, to.to, to.port, (long) age), 1L, Long::sum);
            }
        }
        young.removeAll(closing);
        counts.keySet().removeIf(k -> young.contains(new To(k.from, k.to, k.port)));
        return counts;
    }

    /**
     * Seconds since the close. What is printed is cut off, so that half a unit more is the middle: of 1/100 s, and of whole seconds. A
     * timer that has run out is printed as 0 until its turn comes.
     */
    private static double age(double timer, boolean fine) {
        double cut = timer == 0 ? 0 : fine ? 0.005 : timer >= PRINTED_WHOLE ? 0.5 : 0;
        return Math.max(0, LENGTH - timer - cut);
    }
}
