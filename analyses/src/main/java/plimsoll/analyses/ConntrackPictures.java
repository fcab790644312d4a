package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Queueing;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/** Pictures of the connection tracking hash. */
final class ConntrackPictures {
    private static final int SHORTEST_LIMIT = 50;
    private static final double LEAST = 0.05;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private ConntrackPictures() {}

    /**
     * How many buckets have a chain of each length: what Poisson expects at this depth, and the tuples of a whole listing in as many
     * buckets. The kernel's own hash cannot be repeated, its seed is secret: ours spreads them as evenly as siphash does.
     */
    static Optional<Picture> chains(Host host) {
        Budget budget = host.conntrackDepth();
        Finding found = budget.finding();
        Optional<Double> depth = found.demand().map(Formula::value);
        Optional<Double> buckets = found.inputs().stream()
                .filter(i ->
                        i.name().endsWith("nf_conntrack_buckets") || i.name().endsWith("hashsize"))
                .map(Input::value)
                .findFirst();
        if (depth.isEmpty() || buckets.isEmpty() || !(depth.get() >= LEAST) || depth.get() > 10 * SHORTEST_LIMIT) {
            return Optional.empty();
        }
        Optional<long[]> counted = counted(host, (int) Math.min(1 << 24, buckets.get()));
        int longest = 1;
        while (Queueing.poissonTail(depth.get(), longest) * buckets.get() > 0.5) {
            longest++;
        }
        longest = Math.max(longest, counted.map(c -> c.length - 1).orElse(0));
        var xs = new ArrayList<Double>();
        var expected = new ArrayList<Double>();
        var measured = new ArrayList<Double>();
        double share = Math.exp(-depth.get());
        for (int k = 0; k <= longest; k++) {
            xs.add((double) k);
            expected.add(share * buckets.get());
            int length = k;
            measured.add(counted.filter(c -> length < c.length)
                    .map(c -> (double) c[length])
                    .orElse(counted.isPresent() ? 0.0 : Double.NaN));
            share *= depth.get() / (k + 1);
        }
        var layers = new ArrayList<Picture.Layer>();
        layers.add(new Line("expected (Poisson)", xs, expected, false));
        if (counted.isPresent()) {
            layers.add(new Line("the listed tuples", apart(xs), apart(measured), false));
        }
        layers.add(new Picture.Mark("mean", depth.get()));
        if (longest >= SHORTEST_LIMIT) {
            layers.add(new Picture.Mark("refused from", SHORTEST_LIMIT));
        }
        var notes = new ArrayList<String>();
        notes.add(
                longest >= SHORTEST_LIMIT
                        ? "the kernel refuses insertions into chains longer than a limit between 50 and 79"
                        : "no chain comes near 50, from which on the kernel may refuse an insertion");
        if (counted.isPresent()) {
            notes.add(
                    "the listed tuples were put into as many buckets by a hash of our own: the seed of the kernel's is secret");
        }
        return Optional.of(new Picture(
                "Chains in connection tracking's hash: "
                        + Quantity.of(depth.get(), Unit.COUNT).brief() + " nodes in a bucket on average",
                new Axis("nodes in a bucket", Unit.COUNT),
                new Axis("buckets", Unit.COUNT),
                Optional.empty(),
                layers,
                notes));
    }

    /** Values with a gap before each: points of a line that are not joined, so that they do not hide the line they lie on. */
    private static List<Double> apart(List<Double> values) {
        return values.stream().flatMap(v -> Stream.of(Double.NaN, v)).toList();
    }

    /** How many buckets have each length with the tuples of a listing that is whole; empty where there is none. */
    private static Optional<long[]> counted(Host host, int buckets) {
        Optional<Rows> table = host.capture().table("conntrack").filter(r -> !r.excerpt());
        Optional<Long> count = host.facts()
                .find(Conntrack.COUNT)
                .map(Fact::text)
                .filter(t -> t.matches("\\d{1,12}"))
                .map(Long::parseLong);
        // a listing of fewer than were counted is a part
        if (table.isEmpty() || buckets < 1 || table.get().size() < 0.9 * count.orElse(1L)) {
            return Optional.empty();
        }
        var chain = new int[buckets];
        int longest = 0;
        for (int row = 0; row < table.get().size(); row++) {
            for (String way : List.of("orig", "reply")) {
                int bucket = (int) Math.floorMod(tuple(table.get(), row, way), (long) buckets);
                longest = Math.max(longest, ++chain[bucket]);
            }
        }
        var lengths = new long[longest + 1];
        for (int length : chain) {
            lengths[length]++;
        }
        return Optional.of(lengths);
    }

    private static long tuple(Rows rows, int row, String way) {
        String prefix = way.equals("orig") ? "orig_" : "reply_";
        long hash = way.equals("orig") ? 1 : 2;
        for (String column : List.of("l4", prefix + "src", prefix + "dst", prefix + "sport", prefix + "dport")) {
            String cell = rows.columns().contains(column) ? rows.cell(column, row) : "";
            for (int i = 0; i < cell.length(); i++) {
                hash = mixed(hash ^ cell.charAt(i));
            }
            hash = mixed(hash + GOLDEN);
        }
        return hash;
    }

    /** The finaliser of splitmix64. */
    private static long mixed(long hash) {
        long z = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
