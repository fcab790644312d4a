package plimsoll.analyses;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Input;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * How a pool of ephemeral ports runs over time from a cold start, an immutable value: connects evenly spaced, each closed by this side, its
 * port back on the next tick of the timer grid. A pool that is 8 % over does not lose 8 % evenly: it runs clean until the ports are used
 * up, then refuses everything for seconds until the first come back, and again about a minute later, ever more smeared.
 */
public final class PortShape {
    private static final double SPAN = 300;
    private static final double MOST_ATTEMPTS = 2e7;
    private static final double BIN = 1;

    /**
     * A stretch in which every connect is refused.
     *
     * @param start seconds from the cold start to the first refusal
     * @param length seconds until a connect succeeds again
     */
    public record Blackout(double start, double length) {}

    private final Pool pool;
    private final double rate;
    private final double span;
    private final BitSet refused;

    private PortShape(Pool pool, double rate, double span, BitSet refused) {
        this.pool = pool;
        this.rate = rate;
        this.span = span;
        this.refused = refused;
    }

    /**
     * A pool.
     *
     * @param ports how many there are
     * @param hold seconds from connect to the time the port is due, without the grid
     * @param granule the grid in seconds on which ports come back; 0 for none
     */
    record Pool(int ports, double hold, double granule) {
        double back(double connect) {
            double due = connect + hold;
            return granule > 0 ? Math.ceil(due / granule) * granule : due;
        }
    }

    /** The ports themselves, by the time they come back: all are held equally long, so the first taken is the first back. */
    private static final class Ring {
        private final Pool pool;
        private final double[] back;
        private int oldest;

        Ring(Pool pool) {
            this.pool = pool;
            this.back = new double[pool.ports];
        }

        boolean take(double now) {
            if (back.length == 0 || back[oldest] > now) {
                return false;
            }
            back[oldest] = pool.back(now);
            oldest = oldest + 1 == back.length ? 0 : oldest + 1;
            return true;
        }
    }

    /**
     * The first five minutes of a budget of ports.
     *
     * @throws IllegalArgumentException when it is another budget, or its rate is not known, or too high to be followed
     */
    public static PortShape of(Budget ports) {
        return of(ports, Quantity.seconds(SPAN).toString());
    }

    /** The first {@code span} of a budget of ports, such as {@code 10 min}. Throws as {@link #of(Budget)}. */
    public static PortShape of(Budget ports, String span) {
        double seconds = Quantity.parse(span, Unit.SPAN).value();
        if (!ports.name().equals("ports")) {
            throw new IllegalArgumentException(
                    "the shape over time is that of a budget of ports, not of " + ports.name());
        }
        double rate = input(ports, "rate")
                .orElseThrow(() -> new IllegalArgumentException(
                        "the rate of connects is not known: ask with it, as host.ports(\"500/s\")"));
        double connected = input(ports, "connected").orElse(0.0);
        Optional<Double> delay = input(ports, "net.ipv4.tcp_tw_reuse_delay").or(() -> input(ports, TimeWait.ELSEWHERE));
        double granule =
                delay.isPresent() ? 0 : TimeWait.granule(input(ports, "HZ").orElse(250.0));
        int count = (int) ports.finding()
                .supply()
                .map(s -> Math.round(s.value()))
                .orElse(0L)
                .longValue();
        return run(new Pool(count, connected + delay.orElse(TimeWait.LENGTH), granule), rate, seconds);
    }

    private static Optional<Double> input(Budget budget, String name) {
        return budget.finding().inputs().stream()
                .filter(i -> i.name().equals(name))
                .map(Input::value)
                .findFirst();
    }

    /** Connects evenly spaced, the first one after one space. */
    static PortShape run(Pool pool, double rate, double span) {
        if (!(rate * span <= MOST_ATTEMPTS)) {
            throw new IllegalArgumentException("that are "
                    + Quantity.of(Math.rint(rate * span), Unit.COUNT).brief()
                    + " connects: a shape is followed over 20 million at most, so take a shorter span");
        }
        var ring = new Ring(pool);
        var refused = new BitSet();
        long attempts = Math.round(Math.floor(rate * span + 1e-9));
        for (int i = 0; i < attempts; i++) {
            if (!ring.take((i + 1) / rate)) {
                refused.set(i);
            }
        }
        return new PortShape(pool, rate, span, refused);
    }

    /** The share refused in the long run with connects at random (Poisson), or evenly spaced for a seed of 0, after the start is over. */
    static double longRun(Pool pool, double rate, double from, double to, long seed) {
        var ring = new Ring(pool);
        var random = new SplittableRandom(seed);
        long refused = 0;
        long attempts = 0;
        double now = 0;
        while (now < to) {
            now += seed == 0 ? 1 / rate : -Math.log1p(-random.nextDouble()) / rate;
            boolean got = ring.take(now);
            if (now >= from) {
                attempts++;
                refused += got ? 0 : 1;
            }
        }
        return (double) refused / attempts;
    }

    /** Seconds from the cold start to the first connect that is refused; empty where none is. */
    public OptionalDouble firstFailure() {
        int first = refused.nextSetBit(0);
        return first < 0 ? OptionalDouble.empty() : OptionalDouble.of((first + 1) / rate);
    }

    /** The stretches in which every connect is refused, in order; one refused connect makes one as well. */
    public List<Blackout> blackouts() {
        var all = new ArrayList<Blackout>();
        for (int i = refused.nextSetBit(0); i >= 0; ) {
            int end = refused.nextClearBit(i);
            all.add(new Blackout((i + 1) / rate, (end - i) / rate));
            i = refused.nextSetBit(end);
        }
        return List.copyOf(all);
    }

    /**
     * The share of connects refused between two times in seconds from the cold start; 0 where there was none.
     *
     * @throws IllegalArgumentException when the times do not lie in the span, the earlier one first
     */
    public double loss(double from, double to) {
        if (!(0 <= from && from <= to && to <= span)) {
            throw new IllegalArgumentException(
                    "from " + from + " to " + to + " is not a part of the " + span + " s that were followed");
        }
        int first = (int) Math.ceil(from * rate + 1e-9) - 1;
        int end = (int) Math.ceil(to * rate + 1e-9) - 1;
        first = Math.max(0, first);
        return end <= first ? 0 : (double) refused.get(first, end).cardinality() / (end - first);
    }

    /** Ports held at the end of each second against the pool, and on the right the share of connects refused in it. */
    public Picture plot() {
        var xs = new ArrayList<Double>();
        var held = new ArrayList<Double>();
        var lost = new ArrayList<Double>();
        for (double t = 0; t + BIN <= span; t += BIN) {
            xs.add(t + BIN / 2);
            held.add((double) held(t + BIN));
            lost.add(loss(t, t + BIN));
        }
        var layers = new ArrayList<Picture.Layer>();
        if (!refused.isEmpty()) {
            layers.add(new Picture.Line("connects refused, each second", xs, lost, true));
        }
        layers.add(new Picture.Line("ports held", xs, held, false));
        // a line: the name of a level would lie over the ports held, which run along it
        layers.add(new Picture.Line(
                "ports of the pool", List.of(0.0, span), List.of((double) pool.ports, (double) pool.ports), false));
        blackouts().stream()
                .limit(1)
                .forEach(b -> layers.add(new Picture.Mark(
                        "blackout for " + Quantity.seconds(b.length).brief() + " from", b.start)));
        return new Picture(
                toString(),
                new Picture.Axis("since a cold start", Unit.SPAN),
                new Picture.Axis("ports", Unit.COUNT),
                refused.isEmpty() ? Optional.empty() : Optional.of(new Picture.Axis("connects refused", Unit.SHARE, 1)),
                layers,
                List.of(
                        "connects evenly spaced, ports back on the kernel's timer grid; at random the blackouts smear sooner"));
    }

    /** How many ports are held at a time: taken by then, and not back. */
    private long held(double now) {
        int end = (int) Math.floor(now * rate + 1e-9);
        // what is taken comes back after hold and up to one granule more
        int first = Math.max(0, (int) Math.floor((now - pool.hold - pool.granule) * rate) - 1);
        long held = 0;
        for (int i = first; i < end; i++) {
            held += !refused.get(i) && pool.back((i + 1) / rate) > now ? 1 : 0;
        }
        return held;
    }

    /** One line: how long it runs clean, the first blackout, and what is lost in all. */
    @Override
    public String toString() {
        String head = Quantity.count(pool.ports).brief() + " ports at "
                + Quantity.perSecond(rate).brief() + ": ";
        if (refused.isEmpty()) {
            return head + "none refused in " + Quantity.seconds(span).brief();
        }
        Blackout first = blackouts().get(0);
        return head + "clean for " + Quantity.seconds(first.start).brief() + ", then none for "
                + Quantity.seconds(first.length).brief() + "; "
                + Quantity.share(loss(0, span)).brief() + " lost";
    }
}
