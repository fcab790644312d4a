package plimsoll.dsl;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
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
    /** How much farther than the present value and the turn a sweep around them goes. */
    private static final double REACH = 1.6;
    /** A turn that is so many times the present value away is left out. */
    private static final double FAR = 50;

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
     * @param demandLow the least demand over what is assumed
     * @param demandHigh the greatest demand over what is assumed
     */
    public record Point(
            double x,
            double demand,
            double supply,
            double lossLow,
            double lossHigh,
            Verdict.State state,
            double demandLow,
            double demandHigh) {
        private static Point of(double x, Finding found, Verdict.State state, DoubleSummaryStatistics demands) {
            double demand = demanded(found);
            return new Point(
                    x,
                    demand,
                    found.supply().map(Formula::value).orElse(Double.NaN),
                    found.loss().map(l -> l.low().value()).orElse(Double.NaN),
                    found.loss().map(l -> l.high().value()).orElse(Double.NaN),
                    state,
                    demands.getCount() == 0 ? demand : Math.min(demand, demands.getMin()),
                    demands.getCount() == 0 ? demand : Math.max(demand, demands.getMax()));
        }
    }

    private static double demanded(Finding found) {
        return found.demand().map(Formula::value).orElse(Double.NaN);
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
                DoubleSummaryStatistics demands = budget.otherwise(p, x)
                        .mapToDouble(Sweep::demanded)
                        .filter(Double::isFinite)
                        .summaryStatistics();
                points.add(Point.of(x, tried.finding(), tried.state(), demands));
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

    /**
     * From zero to beyond both the present value and where the verdict turns, over the first input of the law for which that can be said
     * and on which the demand depends; empty where there is none.
     */
    static Optional<Sweep> around(Budget budget) {
        for (Parameter p : budget.law().parameters()) {
            if (p.domain() != Parameter.Domain.STEPPED) {
                double end = end(budget, p);
                if (end > p.least() && Double.isFinite(end) && end <= p.most()) {
                    Sweep sweep = of(
                            budget,
                            p.name(),
                            Quantity.of(p.least(), p.unit()).toString(),
                            Quantity.of(end, p.unit()).toString());
                    if (sweep.rises()) {
                        return Optional.of(sweep);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Rounded up to two digits, so that the axis ends on a number that can be read; NaN where there is nothing to end at. */
    private static double end(Budget budget, Parameter p) {
        double present = budget.present(p).orElse(0);
        double turn;
        try {
            turn = budget.breaksAt(p.name()).at().map(Quantity::value).orElse(0.0);
        } catch (IllegalArgumentException | ArithmeticException e) {
            turn = 0;
        }
        double far = REACH * Math.max(present, turn <= FAR * present || present == 0 ? turn : 0);
        if (!(far > 0)) {
            return Double.NaN;
        }
        double digit = Math.pow(10, Math.floor(Math.log10(far)) - 1);
        double end = Math.ceil(far / digit) * digit;
        return p.domain() == Parameter.Domain.INTEGER ? Math.max(2, Math.ceil(end)) : end;
    }

    private boolean rises() {
        return points.stream()
                        .mapToDouble(Point::demand)
                        .filter(Double::isFinite)
                        .distinct()
                        .limit(2)
                        .count()
                > 1;
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

    /**
     * The load line: demand and supply over the input, what the demand may be over what is assumed as a band, the loss as a band on the
     * right, and the value at which the verdict turns.
     */
    public Picture plot() {
        return plot(
                budget.name() + " as " + input.name() + " goes " + end(0) + " to " + end(points.size() - 1), List.of());
    }

    /** The same with a title of its own and the present value marked. */
    Picture plot(String title) {
        OptionalDouble present = budget.present(input);
        return plot(title, present.isPresent() ? List.of(new Picture.Mark("now", present.getAsDouble())) : List.of());
    }

    private Picture plot(String title, List<Picture.Layer> marks) {
        List<Double> xs = points.stream().map(Point::x).toList();
        var layers = new ArrayList<Picture.Layer>();
        boolean loses = points.stream().anyMatch(p -> p.lossHigh() > 0);
        layers.add(new Picture.Line(
                "demand", xs, points.stream().map(Point::demand).toList(), false));
        if (loses) {
            layers.add(new Picture.Band(
                    "loss",
                    xs,
                    points.stream().map(Point::lossLow).toList(),
                    points.stream().map(Point::lossHigh).toList(),
                    true));
        }
        if (points.stream().anyMatch(p -> p.demandHigh() > p.demandLow())) {
            layers.add(new Picture.Band(
                    "demand, over what " + String.join(", ", budget.verdict().assumed()) + " may be",
                    xs,
                    points.stream().map(Point::demandLow).toList(),
                    points.stream().map(Point::demandHigh).toList(),
                    false));
        }
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
        layers.addAll(marks);
        return new Picture(
                title,
                new Picture.Axis(input.name(), input.unit()),
                new Picture.Axis(budget.name(), unit()),
                loses ? Optional.of(new Picture.Axis("loss", Unit.SHARE, 1)) : Optional.empty(),
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
