package plimsoll.analyses;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/** Pictures of packets. */
final class PacketPictures {
    private static final int LANES = 30;

    private PacketPictures() {}

    /** When each connection was open; of more than 30 how many were open at each time. */
    static Optional<Picture> timeline(Host host) {
        Optional<Rows> table = host.capture().table("connections").filter(r -> r.size() > 0);
        if (table.isEmpty()) {
            return Optional.empty();
        }
        Rows rows = table.get();
        OptionalLong first = number(rows, "opened_ns").min();
        OptionalLong last = IntStream.range(0, rows.size())
                .mapToLong(r -> rows.number("closed_ns", r)
                        .orElse(rows.number("opened_ns", r).orElse(Long.MIN_VALUE)))
                .max();
        if (first.isEmpty() || last.isEmpty() || last.getAsLong() <= first.getAsLong()) {
            return Optional.empty();
        }
        return Optional.of(
                rows.size() <= LANES
                        ? lanes(rows, first.getAsLong(), last.getAsLong())
                        : open(rows, first.getAsLong()));
    }

    private static LongStream number(Rows rows, String column) {
        return IntStream.range(0, rows.size())
                .mapToObj(r -> rows.number(column, r))
                .flatMapToLong(OptionalLong::stream);
    }

    private static Picture lanes(Rows rows, long start, long end) {
        int[] order = IntStream.range(0, rows.size())
                .filter(r -> rows.number("opened_ns", r).isPresent())
                .boxed()
                .sorted(Comparator.comparingLong(
                        r -> rows.number("opened_ns", r).orElse(0)))
                .mapToInt(Integer::intValue)
                .toArray();
        var closed = new Lane();
        var open = new Lane();
        for (int row : order) {
            String name = rows.cell("client_port", row) + " -> " + rows.cell("server", row) + ":"
                    + rows.cell("server_port", row)
                    + (closed.names.contains(rows.cell("client_port", row)) ? " again" : "");
            OptionalLong to = rows.number("closed_ns", row);
            (to.isPresent() ? closed : open)
                    .add(
                            name,
                            seconds(rows.number("opened_ns", row).orElse(start), start),
                            seconds(to.orElse(end), start));
        }
        var layers = new ArrayList<Picture.Layer>();
        if (!closed.names.isEmpty()) {
            layers.add(closed.spans("closed"));
        }
        if (!open.names.isEmpty()) {
            layers.add(open.spans("not seen to close"));
        }
        return picture(
                (order.length == 1 ? "One connection from its" : order.length + " connections from their")
                        + " first packet to " + (order.length == 1 ? "its" : "their") + " close",
                layers,
                List.of(),
                true);
    }

    private static double seconds(long ns, long start) {
        return (ns - start) / 1e9;
    }

    /** Stretches of one kind. */
    private static final class Lane {
        private final List<String> names = new ArrayList<>();
        private final List<Double> from = new ArrayList<>();
        private final List<Double> to = new ArrayList<>();

        void add(String name, double start, double end) {
            names.add(name);
            from.add(start);
            to.add(end);
        }

        Picture.Spans spans(String name) {
            return new Picture.Spans(name, names, from, to);
        }
    }

    private static Picture open(Rows rows, long start) {
        var change = new TreeMap<Long, Integer>();
        int endless = 0;
        for (int row = 0; row < rows.size(); row++) {
            OptionalLong from = rows.number("opened_ns", row);
            OptionalLong to = rows.number("closed_ns", row);
            if (from.isPresent()) {
                change.merge(from.getAsLong(), 1, Integer::sum);
                to.ifPresent(t -> change.merge(t, -1, Integer::sum));
                endless += to.isEmpty() ? 1 : 0;
            }
        }
        var xs = new ArrayList<Double>();
        var ys = new ArrayList<Double>();
        int open = 0;
        for (var e : change.entrySet()) {
            xs.add(seconds(e.getKey(), start));
            ys.add((double) open);
            open += e.getValue();
            xs.add(seconds(e.getKey(), start));
            ys.add((double) open);
        }
        return picture(
                String.format(Locale.ROOT, "%,d connections: how many were open", rows.size()),
                List.of(new Picture.Line("open", xs, ys, false)),
                List.of(
                        "too many to draw one by one: they are counted",
                        String.format(Locale.ROOT, "%,d were not seen to close", endless)),
                false);
    }

    private static Picture picture(String title, List<Picture.Layer> layers, List<String> notes, boolean lanes) {
        return new Picture(
                title,
                new Axis("since the first packet", Unit.SPAN),
                new Axis(lanes ? "connection" : "connections open", Unit.COUNT),
                Optional.empty(),
                layers,
                notes);
    }
}
