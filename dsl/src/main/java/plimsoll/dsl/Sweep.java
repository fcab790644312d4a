package plimsoll.dsl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A budget over a range of one input: an immutable value. It prints where the verdict turns; {@link #plot()} draws it. */
public final class Sweep {
    private static final int STEPS = 120;
    private static final int WIDTH = 76;

    /**
     * One point of a sweep, in base units.
     *
     * @param x the value of the input
     * @param demand the demand there; NaN where it is not known
     * @param supply the supply there; NaN where it is not known
     * @param lossLow the lower bound of the loss; NaN for a law that does not lose
     * @param lossHigh the higher bound of the loss; NaN for a law that does not lose
     * @param state the verdict there
     */
    public record Point(double x, double demand, double supply, double lossLow, double lossHigh, Verdict.State state) {
        private static Point of(double x, Finding found, Verdict.State state) {
            return new Point(
                    x,
                    found.demand().map(Formula::value).orElse(Double.NaN),
                    found.supply().map(Formula::value).orElse(Double.NaN),
                    found.loss().map(l -> l.low().value()).orElse(Double.NaN),
                    found.loss().map(l -> l.high().value()).orElse(Double.NaN),
                    state);
        }
    }

    private final Budget budget;
    private final Parameter input;
    private final List<Point> points;
    private final List<Breakpoint> turns;

    private Sweep(Budget budget, Parameter input, List<Point> points) {
        this.budget = budget;
        this.input = input;
        this.points = List.copyOf(points);
        this.turns = crossings();
    }

    static Sweep of(Budget budget, String input, String from, String to) {
        Parameter p = budget.variable(input);
        double low = Quantity.parse(from, p.unit()).value();
        double high = Quantity.parse(to, p.unit()).value();
        if (!(low < high)) {
            throw new IllegalArgumentException("a sweep goes upwards: " + from + " is not less than " + to);
        }
        if (p.domain() != Parameter.Domain.STEPPED) {
            p.parse(from);
            p.parse(to);
        }
        var points = new ArrayList<Point>();
        for (double x : positions(p, low, high)) {
            try {
                Budget.Tried tried = budget.tried(p, x);
                points.add(Point.of(x, tried.finding(), tried.state()));
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(
                        budget.name() + " has no answer at " + input + " = " + Quantity.of(x, p.unit()) + ": "
                                + e.getMessage(),
                        e);
            }
        }
        if (points.isEmpty()) {
            throw new IllegalArgumentException(input + " has no value from " + from + " to " + to + ": it takes "
                    + p.steps().stream()
                            .map(x -> Quantity.of(x, p.unit()).toString())
                            .collect(Collectors.joining(", ")));
        }
        return new Sweep(budget, p, points);
    }

    /** Even steps, and the values at which the law changes its branch. */
    private static Set<Double> positions(Parameter p, double low, double high) {
        var positions = new TreeSet<Double>();
        p.steps().stream().filter(s -> s >= low && s <= high).forEach(positions::add);
        if (p.domain() != Parameter.Domain.STEPPED) {
            for (int i = 0; i <= STEPS; i++) {
                double x = low + (high - low) * i / STEPS;
                positions.add(p.domain() == Parameter.Domain.INTEGER ? Math.rint(x) : x);
            }
        }
        return positions;
    }

    /** The points in ascending order of the input. */
    public List<Point> points() {
        return points;
    }

    private List<Breakpoint> crossings() {
        var crossings = new ArrayList<Breakpoint>();
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).state() != points.get(i - 1).state()) {
                crossings.add(Breakpoint.between(budget, input, points.get(i - 1), points.get(i)));
            }
        }
        return List.copyOf(crossings);
    }

    /** The values in the range at which the verdict turns, ascending; empty where it is the same throughout. */
    public List<Breakpoint> turns() {
        return turns;
    }

    /** Demand and supply over the input, the loss as a band on the right, and the value at which the verdict turns. */
    public Picture plot() {
        List<Double> xs = points.stream().map(Point::x).toList();
        var layers = new ArrayList<Picture.Layer>();
        boolean loses = points.stream().anyMatch(p -> p.lossHigh() > 0);
        if (loses) {
            layers.add(new Picture.Band(
                    "loss",
                    xs,
                    points.stream().map(Point::lossLow).toList(),
                    points.stream().map(Point::lossHigh).toList(),
                    true));
        }
        layers.add(new Picture.Line(
                "demand", xs, points.stream().map(Point::demand).toList(), false));
        double supply = points.get(0).supply();
        if (points.stream().allMatch(p -> p.supply() == supply)) {
            layers.add(new Picture.Level("supply", supply));
        } else {
            layers.add(new Picture.Line(
                    "supply", xs, points.stream().map(Point::supply).toList(), false));
        }
        for (Breakpoint turn : turns) {
            turn.at().ifPresent(x -> layers.add(new Picture.Mark(turn.above() + " from", x.value())));
        }
        return new Picture(
                budget.name() + " as " + input.name() + " goes " + end(0) + " to " + end(points.size() - 1),
                new Picture.Axis(input.name(), input.unit()),
                new Picture.Axis(budget.name(), unit()),
                loses ? Optional.of(new Picture.Axis("loss", Unit.SHARE)) : Optional.empty(),
                layers);
    }

    private Unit unit() {
        return budget.finding().unit();
    }

    private String end(int index) {
        return Quantity.of(points.get(index).x(), input.unit()).brief();
    }

    /** A fresh Tablesaw table: the input, demand, supply, loss bounds and verdict of each point, in base units. */
    public Table table() {
        Table table = Table.create(budget.name());
        table.addColumns(
                DoubleColumn.create(
                        input.name(), points.stream().mapToDouble(Point::x).toArray()),
                DoubleColumn.create(
                        "demand", points.stream().mapToDouble(Point::demand).toArray()),
                DoubleColumn.create(
                        "supply", points.stream().mapToDouble(Point::supply).toArray()),
                DoubleColumn.create(
                        "loss_low", points.stream().mapToDouble(Point::lossLow).toArray()),
                DoubleColumn.create(
                        "loss_high",
                        points.stream().mapToDouble(Point::lossHigh).toArray()),
                StringColumn.create(
                        "verdict", points.stream().map(p -> p.state().name()).toList()));
        return table;
    }

    /** The largest demand over supply seen; empty where none is known. */
    private OptionalDouble peak() {
        return points.stream()
                .filter(p -> p.supply() > 0 && !Double.isNaN(p.demand()))
                .mapToDouble(p -> p.demand() / p.supply())
                .max();
    }

    /** One line of at most 76 characters: where the verdict turns. */
    @Override
    public String toString() {
        String range = " as " + input.name() + " goes " + end(0) + " to " + end(points.size() - 1);
        String most = peak().isPresent()
                ? "; at most " + Quantity.share(peak().getAsDouble()).brief() + " used"
                : "";
        String all = ": " + course(turns.size());
        List<String> forms = List.of(
                budget.name() + range + all + most,
                budget.name() + range + all,
                budget.name() + all,
                budget.name() + ": " + course(1));
        return forms.stream().filter(f -> f.length() <= WIDTH).findFirst().orElse(course(1));
    }

    /** The verdicts in the order in which they come, those after the first few turns left out. */
    private String course(int limit) {
        if (turns.isEmpty()) {
            return points.get(0).state() + " throughout";
        }
        var course = new StringBuilder();
        for (Breakpoint turn : turns.subList(0, Math.min(limit, turns.size()))) {
            course.append(turn.below()).append(" to ").append(turn).append(", then ");
        }
        course.append(turns.get(Math.min(limit, turns.size()) - 1).above());
        return course + (limit < turns.size() ? " ..." : "");
    }
}
