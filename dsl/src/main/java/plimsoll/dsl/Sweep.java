package plimsoll.dsl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** A budget over a range of one input: an immutable value. It prints where the verdict turns; {@link #plot()} draws it. */
public final class Sweep {
    private static final int STEPS = 120;

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
    private final Optional<Double> turn;

    private Sweep(Budget budget, Parameter input, List<Point> points) {
        this.budget = budget;
        this.input = input;
        this.points = List.copyOf(points);
        this.turn = turn();
    }

    static Sweep of(Budget budget, String input, String from, String to) {
        Parameter p = budget.variable(input);
        double low = Quantity.parse(from, p.unit()).value();
        double high = Quantity.parse(to, p.unit()).value();
        if (!(low < high)) {
            throw new IllegalArgumentException("a sweep goes upwards: " + from + " is not less than " + to);
        }
        var points = new ArrayList<Point>();
        for (double x : positions(p, low, high)) {
            Finding found = budget.tried(p, x);
            points.add(Point.of(x, found, budget.judged(found)));
        }
        return new Sweep(budget, p, points);
    }

    private static List<Double> positions(Parameter p, double low, double high) {
        if (p.domain() == Parameter.Domain.STEPPED) {
            return p.steps().stream().filter(s -> s >= low && s <= high).toList();
        }
        var positions = new ArrayList<Double>();
        for (int i = 0; i <= STEPS; i++) {
            double x = low + (high - low) * i / STEPS;
            x = p.domain() == Parameter.Domain.INTEGER ? Math.rint(x) : x;
            if (positions.isEmpty() || x > positions.get(positions.size() - 1)) {
                positions.add(x);
            }
        }
        return positions;
    }

    /** The points in ascending order of the input. */
    public List<Point> points() {
        return points;
    }

    /** The first value in the range at which the verdict is another than below it. */
    private Optional<Double> turn() {
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).state() != points.get(i - 1).state()) {
                String reached = Quantity.of(points.get(i).x(), input.unit()).toString();
                return Breakpoint.find(budget.with(input.name(), reached), input.name())
                        .at()
                        .map(Quantity::value);
            }
        }
        return Optional.empty();
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
            layers.add(new Picture.Level("supply " + Quantity.of(supply, unit()).brief(), supply));
        } else {
            layers.add(new Picture.Line(
                    "supply", xs, points.stream().map(Point::supply).toList(), false));
        }
        turn.ifPresent(x -> layers.add(
                new Picture.Mark("breaks at " + Quantity.of(x, input.unit()).brief(), x)));
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
                .filter(p -> p.supply() > 0)
                .mapToDouble(p -> p.demand() / p.supply())
                .max();
    }

    /** One line: where the verdict turns. */
    @Override
    public String toString() {
        String first = points.get(0).state().name();
        String turns = turn.map(
                        x -> first + " to " + Quantity.of(x, input.unit()).brief() + ", then "
                                + points.stream()
                                        .map(p -> p.state().name())
                                        .filter(n -> !n.equals(first))
                                        .findFirst()
                                        .orElse(first))
                .orElse(first + " throughout");
        String most = peak().isPresent()
                ? "; at most " + Quantity.share(peak().getAsDouble()).brief() + " used"
                : "";
        return budget.name() + " as " + input.name() + " goes " + end(0) + " to " + end(points.size() - 1) + ": "
                + turns + most;
    }
}
