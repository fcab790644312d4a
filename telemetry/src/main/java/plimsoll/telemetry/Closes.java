package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The table {@code closes}: when this host closed connections in the last minute, by destination. A socket in TIME-WAIT is 60 s less its
 * timer old (TCP_TIMEWAIT_LEN). {@code /proc/net/tcp} shows timers to 10 ms, {@code ss -o} to whole seconds from 10 s on. FIN-WAIT-2 and
 * connections to ports that something listens on are left out; a port that was taken again has lost its earlier close.
 */
final class Closes {
    static final String TABLE = "closes";
    private static final double LENGTH = 60;
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

    /** From the listings that show the timers of all sockets in TIME-WAIT, the finest first, no part twice; empty where there is none. */
    static Optional<Closes> of(List<Reading> all, Optional<Rows> sockets) {
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
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        var listening = new HashSet<Long>();
        sockets.ifPresent(s -> listening.addAll(listening(s)));
        taken.forEach(r -> listening.addAll(listening(rows(r))));
        return Optional.of(new Closes(List.copyOf(taken), table(taken, listening)));
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

    private static Rows table(List<Reading> readings, Set<Long> listening) {
        var counts = new TreeMap<Key, Long>(Comparator.comparing(Key::from)
                .thenComparing(Key::to)
                .thenComparing(Key::port)
                .thenComparing(Key::second));
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

    /** Seconds since the close; whole seconds are cut off, so that half a second is the middle. */
    private static double age(double timer, boolean fine) {
        boolean cut = !fine && timer >= PRINTED_WHOLE;
        return Math.max(0, LENGTH - (cut ? timer + 0.5 : timer));
    }
}
