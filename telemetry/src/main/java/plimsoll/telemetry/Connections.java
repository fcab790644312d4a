package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What packets say about TCP connections (RFC 9293): who opened each and when, who sent the first FIN, and so will hold TIME-WAIT, how
 * long it lived, how many bytes it carried; and how many are opened a second to each destination. Pure functions of the table
 * {@code packets}.
 *
 * <p>A connection of which no SYN was captured has no opener and no time of opening; its client is taken to be the side with the higher
 * port. {@code bytes} are those of the segments that were captured. A segment seen again, as on two interfaces or sent again, counts once. {@code lifetime_s} lasts from the first SYN to the second
 * FIN or the reset.
 */
final class Connections {
    static final String NAME = "connections";
    static final String OPENS = "opens";

    private static final int CLIENT = 0;
    private static final int SERVER = 1;
    private static final int NOBODY = -1;
    private static final List<String> SIDES = List.of("client", "server");

    private static final long DAY = 86_400_000_000_000L;
    private static final double NANOS = 1e9;

    /** The kernel waits at least 200 ms before it sends a SYN again: one that follows at once is the same seen twice. */
    private static final long SEEN_TWICE = 100_000_000L;

    /** Two places in a stream as far apart are not of one spelling: relative and absolute sequence numbers. */
    private static final long FAR = 1L << 30;

    private static final long NONE = -1;

    private Connections() {}

    /** The tables {@code connections} and {@code opens}, where there are packets to derive them from. */
    static Map<String, Rows> derived(Map<String, Rows> tables) {
        Rows packets = tables.get(Packets.NAME);
        if (packets == null || packets.size() == 0) {
            return Map.of();
        }
        Rows connections = of(packets);
        return Map.of(NAME, connections, OPENS, opens(connections, span(packets)));
    }

    /** One row a connection, in the order of their first packets. */
    static Rows of(Rows packets) {
        long[] times = times(packets);
        var last = new HashMap<String, Connection>();
        var all = new ArrayList<Connection>();
        order(times).forEach(row -> {
            Optional<String> flags = packets.text(Packets.FLAGS, row);
            OptionalLong sport = packets.number(Packets.SPORT, row);
            OptionalLong dport = packets.number(Packets.DPORT, row);
            if (flags.isEmpty() || sport.isEmpty() || dport.isEmpty()) {
                return;
            }
            var from = new End(packets.cell(Packets.SRC, row), sport.getAsLong());
            var to = new End(packets.cell(Packets.DST, row), dport.getAsLong());
            String ends = End.both(from, to);
            boolean syn = flags.get().indexOf('S') >= 0;
            boolean answer = syn && flags.get().indexOf('.') >= 0;
            long seq = packets.number(Packets.SEQ, row).orElse(NONE);
            Connection connection = last.get(ends);
            if (connection == null || (syn && !answer && connection.endsBefore(from, seq))) {
                connection = Connection.begunBy(from, to, syn, answer);
                last.put(ends, connection);
                all.add(connection);
            }
            connection.packet(
                    from.is(connection.client) ? CLIENT : SERVER,
                    flags.get(),
                    seq,
                    packets.number(Packets.LENGTH, row).orElse(0),
                    times[row]);
        });
        Rows.Builder rows = columns();
        all.forEach(connection -> connection.into(rows));
        return rows.rows().covering(packets.excerpt() ? java.util.Set.of() : java.util.Set.of(NAME));
    }

    private static Rows.Builder columns() {
        return new Rows.Builder(NAME)
                .column("client", Rows.Type.TEXT)
                .column("client_port", Rows.Type.NUMBER)
                .column("server", Rows.Type.TEXT)
                .column("server_port", Rows.Type.NUMBER)
                .column("opener", Rows.Type.TEXT)
                .column("first_closer", Rows.Type.TEXT)
                .column("reset_by", Rows.Type.TEXT)
                .column("established", Rows.Type.NUMBER)
                .column("opened_ns", Rows.Type.NUMBER)
                .column("closed_ns", Rows.Type.NUMBER)
                .column("lifetime_s", Rows.Type.REAL)
                .column("bytes", Rows.Type.NUMBER)
                .column("client_bytes", Rows.Type.NUMBER)
                .column("server_bytes", Rows.Type.NUMBER)
                .column("packets", Rows.Type.NUMBER)
                .column("syn_retransmits", Rows.Type.NUMBER);
    }

    /**
     * One row for each client address and destination: connections opened, what became of them, and how many a second over
     * {@code span_s}, from the first packet captured to the last. An excerpt has no rate: it never says how many there were.
     */
    static Rows opens(Rows connections, double spanSeconds) {
        var groups = new LinkedHashMap<List<String>, List<Integer>>();
        for (int row = 0; row < connections.size(); row++) {
            if (connections.text("opener", row).isPresent()) {
                groups.computeIfAbsent(
                                List.of(
                                        connections.cell("client", row),
                                        connections.cell("server", row),
                                        connections.cell("server_port", row)),
                                k -> new ArrayList<>())
                        .add(row);
            }
        }
        var rows = new Rows.Builder(OPENS)
                .column("client", Rows.Type.TEXT)
                .column("server", Rows.Type.TEXT)
                .column("server_port", Rows.Type.NUMBER);
        groups.forEach((key, members) -> {
            rows.text("client", key.get(0))
                    .text("server", key.get(1))
                    .number("server_port", Long.parseLong(key.get(2)))
                    .number("opens", members.size())
                    .number(
                            "established",
                            count(
                                    members,
                                    r -> connections.number("established", r).orElse(0) == 1))
                    .number("closed_by_client", count(members, r -> closer(connections, r, CLIENT)))
                    .number("closed_by_server", count(members, r -> closer(connections, r, SERVER)))
                    .number(
                            "reset",
                            count(members, r -> connections.text("reset_by", r).isPresent()));
            members.stream()
                    .map(r -> connections.real("lifetime_s", r))
                    .filter(java.util.OptionalDouble::isPresent)
                    .mapToDouble(java.util.OptionalDouble::getAsDouble)
                    .average()
                    .ifPresent(mean -> rows.real("lifetime_mean_s", mean));
            if (spanSeconds > 0 && !connections.excerpt()) {
                rows.real("span_s", spanSeconds).real("opens_per_s", members.size() / spanSeconds);
            }
            rows.end();
        });
        return rows.rows().covering(connections.excerpt() ? java.util.Set.of() : java.util.Set.of(OPENS));
    }

    private static long count(List<Integer> rows, java.util.function.IntPredicate wanted) {
        return rows.stream().mapToInt(Integer::intValue).filter(wanted).count();
    }

    private static boolean closer(Rows connections, int row, int side) {
        return connections.cell("first_closer", row).equals(SIDES.get(side));
    }

    /** Seconds from the first packet to the last; 0 where no two packets have a time. */
    static double span(Rows packets) {
        long[] known = java.util.Arrays.stream(times(packets))
                .filter(t -> t != NONE)
                .sorted()
                .toArray();
        return known.length == 0 ? 0 : (known[known.length - 1] - known[0]) / NANOS;
    }

    /** The times of the packets; those without date go on after midnight. */
    private static long[] times(Rows packets) {
        var times = new long[packets.size()];
        long days = 0;
        long before = NONE;
        for (int row = 0; row < times.length; row++) {
            long time = packets.number(Packets.TIME, row).orElse(NONE);
            if (time >= 0 && time < DAY) {
                if (before - time > DAY / 2) {
                    days += DAY;
                }
                before = time;
                time += days;
            }
            times[row] = time;
        }
        return times;
    }

    /** In the order of time, as files of one capture may be read in another; as they stand where not every packet has a time. */
    private static IntStream order(long[] times) {
        IntStream rows = IntStream.range(0, times.length);
        boolean untimed = java.util.Arrays.stream(times).anyMatch(t -> t == NONE);
        return untimed
                ? rows
                : rows.boxed().sorted(Comparator.comparingLong(r -> times[r])).mapToInt(Integer::intValue);
    }

    private record End(String address, long port) {
        /** A name for the two ends, the same whichever sends. */
        static String both(End from, End to) {
            String one = from.address + ' ' + from.port;
            String other = to.address + ' ' + to.port;
            return one.compareTo(other) <= 0 ? one + ' ' + other : other + ' ' + one;
        }

        boolean is(End other) {
            return port == other.port && address.equals(other.address);
        }
    }

    /** What is known of a connection so far. Mutable. */
    private static final class Connection {
        private final End client;
        private final End server;
        private final boolean openerKnown;
        private final long[] bytes = new long[2];
        private final long[] reached = {NONE, NONE};
        private final boolean[] finished = new boolean[2];
        private long isn = NONE;
        private long opened = NONE;
        private long lastSyn = NONE;
        private long closed = NONE;
        private boolean established;
        private boolean carried;
        private int firstCloser = NOBODY;
        private int resetBy = NOBODY;
        private boolean over;
        private long packets;
        private long retransmits;

        private Connection(End client, End server, boolean openerKnown) {
            this.client = client;
            this.server = server;
            this.openerKnown = openerKnown;
        }

        static Connection begunBy(End from, End to, boolean syn, boolean answer) {
            boolean fromClient = syn ? !answer : from.port >= to.port;
            return fromClient ? new Connection(from, to, syn) : new Connection(to, from, syn);
        }

        /** True where a SYN that {@code from} sends begins another connection of the same ends. */
        boolean endsBefore(End from, long seq) {
            if (over || !openerKnown || carried) {
                return true;
            }
            boolean again = from.is(client) && (seq == NONE || isn == NONE || seq == isn);
            boolean both = from.is(server) && !established; // both sides open at once
            return !again && !both;
        }

        void packet(int side, String flags, long seq, long length, long time) {
            packets++;
            boolean syn = flags.indexOf('S') >= 0;
            if (syn && flags.indexOf('.') >= 0) {
                established = true;
            } else if (syn && side == CLIENT) {
                syn(seq, time);
            } else if (!syn && length > 0) {
                carried = true;
                segment(side, seq, length);
            }
            if (flags.indexOf('F') >= 0 && !finished[side] && !over) {
                carried = true;
                finished[side] = true;
                if (firstCloser == NOBODY) {
                    firstCloser = side;
                }
                if (finished[CLIENT] && finished[SERVER]) {
                    over = true;
                    closed = time;
                }
            }
            if (flags.indexOf('R') >= 0 && !over) {
                resetBy = side;
                over = true;
                closed = time;
            }
        }

        private void syn(long seq, long time) {
            if (packets == 1) {
                isn = seq;
                opened = time;
            } else if (time == NONE || lastSyn == NONE || time - lastSyn >= SEEN_TWICE) {
                retransmits++;
            }
            lastSyn = time;
        }

        /** Counts what lies beyond the farthest byte seen, modulo 2^32. */
        private void segment(int side, long seq, long length) {
            if (seq == NONE) {
                bytes[side] += length;
                return;
            }
            long end = (seq + length) & 0xffffffffL;
            long beyond = reached[side] == NONE ? length : (int) (end - reached[side]);
            if (beyond > 0 || beyond < -FAR) {
                bytes[side] += beyond < 0 ? length : Math.min(length, beyond);
                reached[side] = end;
            }
        }

        void into(Rows.Builder rows) {
            rows.text("client", client.address)
                    .number("client_port", client.port)
                    .text("server", server.address)
                    .number("server_port", server.port)
                    .number("established", established || (carried && openerKnown) ? 1 : 0)
                    .number("bytes", bytes[CLIENT] + bytes[SERVER])
                    .number("client_bytes", bytes[CLIENT])
                    .number("server_bytes", bytes[SERVER])
                    .number("packets", packets)
                    .number("syn_retransmits", retransmits);
            text(rows, "opener", openerKnown ? CLIENT : NOBODY);
            text(rows, "first_closer", firstCloser);
            text(rows, "reset_by", resetBy);
            if (opened != NONE) {
                rows.number("opened_ns", opened);
            }
            if (closed != NONE) {
                rows.number("closed_ns", closed);
            }
            if (opened != NONE && closed >= opened) {
                rows.real("lifetime_s", (closed - opened) / NANOS);
            }
            rows.end();
        }

        private static void text(Rows.Builder rows, String column, int side) {
            @Nullable String name = side == NOBODY ? null : SIDES.get(side);
            if (name != null) {
                rows.text(column, name);
            }
        }
    }
}
