package plimsoll.dsl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Budgets in the order of their consequence, immutable: what refuses and is over by its loss, what slows and is over by its use, what
 * fits by its use, what is not known.
 */
public final class Budgets implements Iterable<Budget> {
    private static final double MOST = 1.5;

    private static final Comparator<Budget> CONSEQUENCE = Comparator.<Budget>comparingInt(Budgets::rank)
            .thenComparing(b -> -loss(b))
            .thenComparing(b -> -b.verdict().use().orElse(0))
            .thenComparing(Budget::name)
            .thenComparing(Budget::scope);

    private final List<Budget> budgets;

    private Budgets(List<Budget> budgets) {
        this.budgets = budgets;
    }

    /** These budgets, ordered. */
    public static Budgets of(List<Budget> budgets) {
        var sorted = new ArrayList<>(budgets);
        sorted.sort(CONSEQUENCE);
        return new Budgets(List.copyOf(sorted));
    }

    private static int rank(Budget b) {
        return switch (b.verdict().state()) {
            case OVER -> b.law().effect() == Effect.REFUSES ? 0 : 1;
            case FITS -> 2;
            case UNKNOWN -> 3;
        };
    }

    private static double loss(Budget b) {
        return rank(b) == 0 ? b.finding().loss().map(l -> l.high().value()).orElse(0.0) : 0;
    }

    /** The one of most consequence. Throws {@link NoSuchElementException} where there is none. */
    public Budget worst() {
        if (budgets.isEmpty()) {
            throw new NoSuchElementException("there are no budgets, so none is the worst");
        }
        return budgets.get(0);
    }

    /** How many. */
    public int size() {
        return budgets.size();
    }

    /** The one at a place, from 0. */
    public Budget get(int index) {
        return budgets.get(index);
    }

    @Override
    public Iterator<Budget> iterator() {
        return budgets.iterator();
    }

    /** In order. */
    public Stream<Budget> stream() {
        return budgets.stream();
    }

    /** A fresh Tablesaw table, one row a budget, in base units. */
    public Table table() {
        Table table = Table.create("budgets");
        table.addColumns(
                StringColumn.create("name", budgets.stream().map(Budget::name).toList()),
                StringColumn.create("scope", budgets.stream().map(Budget::scope).toList()),
                StringColumn.create(
                        "verdict",
                        budgets.stream().map(b -> b.verdict().state().name()).toList()),
                DoubleColumn.create("demand", side(budgets, true)),
                DoubleColumn.create("supply", side(budgets, false)),
                StringColumn.create(
                        "unit",
                        budgets.stream().map(b -> b.finding().unit().base()).toList()),
                DoubleColumn.create(
                        "use",
                        budgets.stream()
                                .mapToDouble(b -> b.verdict().use().orElse(Double.NaN))
                                .toArray()),
                DoubleColumn.create(
                        "loss",
                        budgets.stream()
                                .mapToDouble(b -> b.finding()
                                        .loss()
                                        .map(l -> l.high().value())
                                        .orElse(Double.NaN))
                                .toArray()));
        return table;
    }

    /**
     * At a glance: the use of each budget as a bar, in the order of consequence, with its range over what is assumed, and the line at
     * which all is used. Of several scopes of one budget all that are over are drawn, else the deepest. Use beyond 150 % is drawn at the
     * edge; those of which no use is known are counted below.
     */
    public Picture plot() {
        List<Budget> all =
                budgets.stream().filter(b -> b.verdict().use().isPresent()).toList();
        var seen = new HashSet<String>();
        List<Budget> known = all.stream()
                .filter(b -> seen.add(b.name()) || b.verdict().state() == Verdict.State.OVER)
                .toList();
        Map<String, Long> times = known.stream().collect(Collectors.groupingBy(Budget::name, Collectors.counting()));
        var layers = new ArrayList<Picture.Layer>();
        for (Verdict.State state : List.of(Verdict.State.OVER, Verdict.State.FITS, Verdict.State.UNKNOWN)) {
            List<Budget> of =
                    known.stream().filter(b -> b.verdict().state() == state).toList();
            if (!of.isEmpty()) {
                layers.add(new Picture.Bars(
                        state.name(),
                        of.stream().map(b -> named(b, times)).toList(),
                        of.stream()
                                .map(b -> b.verdict().use().orElse(Double.NaN))
                                .toList(),
                        Optional.of(state)));
            }
        }
        List<Budget> ranged = known.stream()
                .filter(b -> b.verdict().least().orElse(0) < b.verdict().most().orElse(0))
                .toList();
        if (!ranged.isEmpty()) {
            layers.add(new Picture.Spans(
                    "range over what is assumed",
                    ranged.stream().map(b -> named(b, times)).toList(),
                    ranged.stream()
                            .map(b -> b.verdict().least().orElse(Double.NaN))
                            .toList(),
                    ranged.stream()
                            .map(b -> b.verdict().most().orElse(Double.NaN))
                            .toList()));
        }
        layers.add(new Picture.Mark("full", 1));
        long over = known.stream()
                .filter(b -> b.verdict().state() == Verdict.State.OVER)
                .count();
        var notes = new ArrayList<String>();
        int scopes = all.size() - known.size();
        if (scopes > 0) {
            notes.add(
                    scopes + (scopes == 1 ? " more scope of these lies" : " more scopes of these lie") + " less deep");
        }
        int unknown = budgets.size() - all.size();
        if (unknown > 0) {
            notes.add("of " + unknown + " more not enough is known");
        }
        return new Picture(
                over == 0
                        ? "nothing is over"
                        : over + " of " + all.size() + " budgets " + (over == 1 ? "is" : "are") + " over",
                new Picture.Axis("use", Unit.SHARE, MOST),
                new Picture.Axis("budget", Unit.COUNT),
                Optional.empty(),
                layers,
                notes);
    }

    private static String named(Budget b, Map<String, Long> times) {
        return times.getOrDefault(b.name(), 0L) > 1 ? b.name() + " [" + b.scope() + "]" : b.name();
    }

    private static double[] side(List<Budget> budgets, boolean demand) {
        return budgets.stream()
                .mapToDouble(b -> (demand ? b.finding().demand() : b.finding().supply())
                        .map(Formula::value)
                        .orElse(Double.NaN))
                .toArray();
    }

    /** Writes all of them to standard output. */
    public void print() {
        budgets.forEach(b -> System.out.println(line(b)));
    }

    private static String line(Budget b) {
        return b.scope().equals("host") ? b.toString() : b + "  [" + b.scope() + "]";
    }

    /** One line a budget, as many as fit in a thousand characters; a name that occurs more than once is followed by its scope. */
    @Override
    public String toString() {
        Map<String, Long> times = budgets.stream().collect(Collectors.groupingBy(Budget::name, Collectors.counting()));
        return Brief.of(
                budgets.stream()
                        .map(b -> times.getOrDefault(b.name(), 0L) > 1
                                ? b.line(b.name() + "[" + b.scope() + "]")
                                : b.toString())
                        .toList(),
                "no budgets");
    }
}
