package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/** How what is handed out fills over time, from budgets that know a rate: the kernel's thresholds are lines across. */
final class TimePictures {
    private static final int STEPS = 240;

    private TimePictures() {}

    /** A pool of ports from a cold start, with its blackouts. */
    static Optional<Picture> ports(Host host) {
        return Optional.of(host.ports()).filter(SocketPictures::shaped).flatMap(b -> {
            try {
                return Optional.of(PortShape.of(b).plot());
            } catch (IllegalArgumentException tooFast) {
                return Optional.empty();
            }
        });
    }

    /** The connection tracking table at a steady rate: it fills until the first entries are forgotten, or until it is full. */
    static Optional<Picture> conntrack(Host host) {
        return conntrack(host.conntrack());
    }

    static Optional<Picture> conntrack(Budget budget) {
        OptionalDouble rate = input(budget, "rate");
        OptionalDouble max =
                budget.finding().supply().stream().mapToDouble(Formula::value).findFirst();
        OptionalDouble asked =
                budget.finding().demand().stream().mapToDouble(Formula::value).findFirst();
        if (rate.isEmpty() || rate.getAsDouble() <= 0 || max.isEmpty() || asked.isEmpty()) {
            return Optional.empty();
        }
        // steady demand is rate x hold, and no more than there are tuples
        double hold = asked.getAsDouble() / rate.getAsDouble();
        double end = 1.5 * hold;
        var xs = new ArrayList<Double>();
        var entries = new ArrayList<Double>();
        var refused = new ArrayList<Double>();
        for (int i = 0; i <= STEPS; i++) {
            double t = end * i / STEPS;
            double wanted = Math.min(t, hold) * rate.getAsDouble();
            xs.add(t);
            entries.add(Math.min(wanted, max.getAsDouble()));
            refused.add(refused(t, hold, rate.getAsDouble(), max.getAsDouble()));
        }
        double full = max.getAsDouble() / rate.getAsDouble();
        var layers = new ArrayList<Picture.Layer>();
        boolean fills = full < hold;
        if (fills) {
            layers.add(new Picture.Line("flows refused", xs, refused, true));
        }
        layers.add(new Picture.Line("entries", xs, entries, false));
        layers.add(new Picture.Level("nf_conntrack_max", max.getAsDouble()));
        layers.add(new Picture.Mark("first forgotten", hold));
        if (fills) {
            layers.add(new Picture.Mark("full", full));
        }
        return Optional.of(new Picture(
                "Connection tracking from empty at "
                        + Quantity.perSecond(rate.getAsDouble()).brief() + ": "
                        + (fills
                                ? "full after " + Quantity.seconds(full).brief()
                                : "levels off at " + Quantity.count(Math.round(asked.getAsDouble()))),
                new Axis("since the table was empty", Unit.SPAN),
                new Axis("entries", Unit.COUNT),
                fills ? Optional.of(new Axis("flows refused", Unit.SHARE, 1)) : Optional.empty(),
                layers,
                List.of("flows evenly spaced, each remembered for "
                        + Quantity.seconds(hold).brief() + "; expired entries are counted up to a minute longer")));
    }

    /** Evenly spaced flows with one length: a full table takes a flow whenever one is forgotten, and none before the first is. */
    private static double refused(double t, double hold, double rate, double max) {
        if (max >= hold * rate || t <= max / rate) {
            return 0;
        }
        return (t % hold) <= max / rate ? 0 : 1;
    }

    /** Dirty memory while files are written faster than the disk takes it, up to the point from which writers are slowed. */
    static Optional<Picture> dirty(Host host) {
        return dirty(host.dirtyPages());
    }

    static Optional<Picture> dirty(Budget budget) {
        OptionalDouble write =
                asked(budget, "write").stream().filter(w -> w > 0).findFirst();
        OptionalDouble now = dirtyNow(budget);
        OptionalDouble background = figure(budget, "background threshold");
        OptionalDouble throttle = figure(budget, "throttle point");
        OptionalDouble limit = figure(budget, "dirty threshold");
        if (write.isEmpty() || now.isEmpty() || background.isEmpty() || throttle.isEmpty() || limit.isEmpty()) {
            return Optional.empty();
        }
        OptionalDouble drained = asked(budget, "drain");
        double drain = drained.orElse(0);
        double start = now.getAsDouble();
        double toBackground = Math.max(0, background.getAsDouble() - start) / write.getAsDouble();
        double rising = write.getAsDouble() - drain;
        double toThrottle = rising > 0
                ? toBackground
                        + Math.max(0, throttle.getAsDouble() - Math.max(start, background.getAsDouble())) / rising
                : Double.POSITIVE_INFINITY;
        double end = asked(budget, "burst")
                .orElse(Double.isFinite(toThrottle) ? 1.4 * toThrottle : Math.max(1, 2 * toBackground));
        end = Double.isFinite(toThrottle) ? Math.max(end, 1.2 * toThrottle) : end;
        var xs = new ArrayList<Double>();
        var ys = new ArrayList<Double>();
        for (int i = 0; i <= STEPS; i++) {
            double t = end * i / STEPS;
            double filled = start + write.getAsDouble() * Math.min(t, toBackground);
            double after = Math.max(0, t - toBackground);
            double dirty = rising > 0 ? filled + rising * after : filled;
            xs.add(t);
            ys.add(Math.min(dirty, throttle.getAsDouble()));
        }
        var layers = new ArrayList<Picture.Layer>();
        layers.add(new Picture.Line("dirty and under writeback", xs, ys, false));
        layers.add(new Picture.Level("background", background.getAsDouble()));
        layers.add(new Picture.Level("writers are slowed", throttle.getAsDouble()));
        layers.add(new Picture.Level("dirty threshold", limit.getAsDouble()));
        if (Double.isFinite(toThrottle)) {
            layers.add(new Picture.Mark("slowed", toThrottle));
        }
        return Optional.of(new Picture(
                "Dirty memory at "
                        + Quantity.bytesPerSecond(write.getAsDouble()).brief() + " written, "
                        + (drained.isPresent() ? Quantity.bytesPerSecond(drain).brief() : "nothing known to be")
                        + " drained: "
                        + (Double.isFinite(toThrottle)
                                ? "writers are slowed after "
                                        + Quantity.seconds(toThrottle).brief()
                                : "never slowed"),
                new Axis("since the burst began", Unit.SPAN),
                new Axis("memory", Unit.BYTES),
                Optional.empty(),
                layers,
                List.of(
                        "nothing drains below the background threshold; from where writers are slowed they write as fast as"
                                + " the disk takes it, which the line does not go beyond")));
    }

    /** What is dirty before the burst: a part of what is demanded, or a figure where a burst of unknown length leaves that open. */
    private static OptionalDouble dirtyNow(Budget budget) {
        OptionalDouble part = budget.finding().parts().stream()
                .filter(p -> p.name().equals(DirtyPages.NOW))
                .mapToDouble(p -> p.formula().value())
                .findFirst();
        return part.isPresent() ? part : figure(budget, DirtyPages.NOW);
    }

    /** What was asked of a budget, whether or not its demand is known by that. */
    private static OptionalDouble asked(Budget budget, String name) {
        return budget.law().parameters().stream()
                .filter(p -> p.name().equals(name))
                .flatMap(p -> p.find(budget.facts(), budget.law(), budget.scope()).stream())
                .mapToDouble(Input::value)
                .findFirst();
    }

    private static OptionalDouble input(Budget budget, String name) {
        return budget.finding().inputs().stream()
                .filter(i -> i.name().equals(name))
                .mapToDouble(Input::value)
                .findFirst();
    }

    private static OptionalDouble figure(Budget budget, String name) {
        return budget.finding().figures().stream()
                .filter(f -> f.name().toLowerCase(Locale.ROOT).equals(name))
                .mapToDouble(f -> f.quantity().value())
                .findFirst();
    }
}
