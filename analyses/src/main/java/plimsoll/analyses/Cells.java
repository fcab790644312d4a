package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Budgets;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.dsl.Verdict;

/**
 * What the table of budgets shows of one budget, the same words in every form of the report and in notebooks: an immutable value.
 *
 * @param verdict FITS, OVER or UNKNOWN
 * @param budget its name
 * @param demand the demand, with "at least" or "at most" where it is a bound
 * @param supply the supply, likewise
 * @param use demand over supply in per cent; empty where it is not known
 * @param loss the range of the loss; empty where nothing is lost
 * @param scope what it was asked of
 */
public record Cells(
        String verdict, String budget, String demand, String supply, String use, String loss, String scope) {
    /** The names of the columns. */
    public static final List<String> HEADS = List.of("VERDICT", "BUDGET", "DEMAND", "SUPPLY", "USE", "LOSS", "SCOPE");

    /** The cells of a budget. */
    public static Cells of(Budget b) {
        Finding found = b.finding();
        return new Cells(
                b.verdict().state().name(),
                b.name(),
                side(found.demandBound(), found.demand().map(d -> d.in(found.unit()))),
                side(found.supplyBound(), found.supply().map(s -> s.in(found.unit()))),
                use(b.verdict()),
                found.loss().map(Cells::loss).orElse(""),
                b.scope());
    }

    /** The cells in the order of {@link #HEADS}. */
    public List<String> list() {
        return List.of(verdict, budget, demand, supply, use, loss, scope);
    }

    private static String side(Finding.Bound bound, Optional<Quantity> quantity) {
        String words =
                switch (bound) {
                    case EXACT -> "";
                    case AT_LEAST -> "at least ";
                    case AT_MOST -> "at most ";
                };
        return quantity.map(q -> words + q.brief()).orElse("?");
    }

    private static String use(Verdict verdict) {
        if (verdict.use().isEmpty()) {
            return "";
        }
        return use(verdict.use().getAsDouble());
    }

    private static String use(double use) {
        return Double.isFinite(use) ? Quantity.share(use).brief() : "none left";
    }

    private static String loss(Finding.Loss loss) {
        String low = loss.low().in(Unit.SHARE).brief();
        String high = loss.high().in(Unit.SHARE).brief();
        return loss.high().value() < 1e-6 ? "" : low.equals(high) ? high : low.replace("%", "") + "-" + high;
    }

    /** The inputs: name, value, and where it comes from. */
    public static List<List<String>> inputs(Budget b) {
        return b.finding().inputs().stream()
                .map(i -> List.of(i.name(), shown(i), i.evidence().toString()))
                .toList();
    }

    /** What was read or said is shown to its last digit, what was computed as far as it is worth reading. */
    private static String shown(Input input) {
        boolean computed = input.evidence().kind() == Evidence.Kind.DERIVED;
        return computed ? input.quantity().brief() : input.quantity().toString();
    }

    /** The formulas that ran, the named parts spelled out: name and formula. */
    public static List<List<String>> formulas(Budget b) {
        Finding found = b.finding();
        var lines = new ArrayList<List<String>>();
        found.demand().ifPresent(d -> lines.add(List.of("demand", d.toString())));
        found.supply().ifPresent(s -> lines.add(List.of("supply", s.toString())));
        found.loss().ifPresent(l -> {
            String low = l.low().toString();
            String high = l.high().toString();
            lines.add(List.of("loss", low.equals(high) ? low : low + " to " + high));
        });
        for (Formula.Named part : found.parts()) {
            lines.add(List.of(part.name(), part.formula().toString()));
        }
        return lines;
    }

    /**
     * The demand of a budget over the input that it grows with, under a title that does not repeat the budget's sentence; empty where there
     * is no such input.
     */
    static Optional<Picture> loadLine(Budget b) {
        Picture line = b.plot();
        return line.categories().isEmpty()
                ? Optional.of(titled(b.name() + " as " + line.x().label() + " grows", line))
                : Optional.empty();
    }

    static Picture titled(String title, Picture p) {
        return new Picture(title, p.x(), p.y(), p.right(), p.layers(), p.notes());
    }

    /** True for a budget of which nothing is known but what would have to be captured. */
    static boolean blind(Budget b) {
        return b.verdict().state() == Verdict.State.UNKNOWN
                && b.finding().demand().isEmpty();
    }

    /** The budgets of which something is known, in their order. */
    public static List<Budget> seen(Budgets budgets) {
        return budgets.stream().filter(b -> !blind(b)).toList();
    }

    /** What would decide the budgets of which nothing is known: a line for each command. */
    public static List<String> wanted(Budgets budgets) {
        return deciding(budgets).entrySet().stream()
                .map(e -> e.getKey() + ": " + String.join(", ", e.getValue()))
                .toList();
    }

    /** The budgets of which nothing is known, by the command that would decide. */
    static Map<String, Set<String>> deciding(Budgets budgets) {
        var commands = new TreeMap<String, Set<String>>();
        budgets.stream().filter(Cells::blind).forEach(b -> b.finding().missing().stream()
                .limit(1)
                .forEach(m -> commands.computeIfAbsent(m.command(), c -> new TreeSet<>())
                        .add(b.name())));
        return commands;
    }

    /** The figures in one line; empty where there are none. */
    public static String figures(Budget b) {
        return b.finding().figures().stream()
                .map(f -> f.name() + " " + f.quantity().brief())
                .collect(Collectors.joining("; "));
    }

    /** The range over what is assumed, as a sentence; empty where nothing is. */
    public static String range(Budget b) {
        Verdict v = b.verdict();
        if (v.least().isEmpty()) {
            return "";
        }
        String turns = v.turns().isEmpty() ? "" : "; " + String.join("; ", v.turns());
        return "use " + use(v.least().getAsDouble()) + " to "
                + use(v.most().orElse(0)) + " over what " + String.join(", ", v.assumed())
                + " may be"
                + turns;
    }
}
