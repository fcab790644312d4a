package plimsoll.dsl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The working of a budget: the formula that ran, every input and where it came from, the figures, and why. Immutable. */
public final class Explanation {
    private static final int WIDTH = 100;
    private static final int LABEL = 36;

    private final String text;

    /** A labelled line; the label of what stands in a formula is indented. */
    private record Row(String label, String text) {}

    Explanation(Budget budget) {
        List<Row> rows = rows(budget);
        int column = Math.min(
                        LABEL,
                        rows.stream().mapToInt(r -> r.label().length()).max().orElse(0))
                + 2;
        this.text = budget + "\n" + rows.stream().map(r -> aligned(r, column)).collect(Collectors.joining("\n"));
    }

    private static List<Row> rows(Budget budget) {
        Finding found = budget.finding();
        Verdict verdict = budget.verdict();
        var rows = new ArrayList<Row>();
        rows.add(new Row("of", budget.scope()));
        found.demand().ifPresent(d -> rows.add(side("demand", d, found.unit(), found.demandBound())));
        found.supply().ifPresent(s -> rows.add(side("supply", s, found.unit(), found.supplyBound())));
        found.loss().ifPresent(l -> {
            rows.add(side("loss, low", l.low(), Unit.SHARE, Finding.Bound.EXACT));
            rows.add(side("loss, high", l.high(), Unit.SHARE, Finding.Bound.EXACT));
        });
        for (Formula.Named part : found.parts()) {
            rows.add(new Row("  " + part.name(), number(part.formula()) + " = " + part.formula()));
        }
        for (Input input : found.inputs()) {
            rows.add(new Row("  " + input.name(), input.quantity() + "  " + input.evidence() + instead(input)));
        }
        verdict.least().ifPresent(least -> rows.add(range(verdict, least)));
        for (String turn : verdict.turns()) {
            rows.add(new Row("turns", turn));
        }
        rows.add(new Row(
                "goal",
                (found.loss().isPresent() ? "loss" : "use") + " at most "
                        + Quantity.share(verdict.goal()).brief()));
        found.figures().forEach(f -> rows.add(new Row(f.name(), f.quantity().brief())));
        found.notes().forEach(n -> rows.add(new Row("note", n)));
        found.missing().forEach(m -> rows.add(new Row("missing", m.toString())));
        rows.add(new Row("over means", budget.law().meaning()));
        return rows;
    }

    private static Row side(String label, Formula formula, Unit unit, Finding.Bound bound) {
        String limit = bound == Finding.Bound.EXACT
                ? ""
                : bound.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " ";
        return new Row(label, limit + formula.in(unit).brief() + " = " + formula);
    }

    private static Row range(Verdict verdict, double least) {
        double most = verdict.most().orElse(least);
        String upper = Double.isFinite(most) ? Quantity.share(most).brief() : "no supply at all";
        String lower = Double.isFinite(least) ? "use " + Quantity.share(least).brief() : "no supply at all";
        return new Row(
                "range",
                (lower.equals(upper) ? lower : lower + " to " + upper) + " over what "
                        + String.join(", ", verdict.assumed()) + " may be");
    }

    private static String instead(Input input) {
        String others = input.alternatives().stream()
                .filter(q -> !q.equals(input.quantity()))
                .map(Quantity::toString)
                .collect(Collectors.joining(" or "));
        return others.isEmpty() ? "" : "; else " + others;
    }

    private static String number(Formula formula) {
        for (Unit unit : Unit.values()) {
            if (formula.is(unit)) {
                return formula.in(unit).brief();
            }
        }
        return Double.toString(formula.value());
    }

    /** The text in its own column, broken at spaces; a label too long for its column stands on a line of its own. */
    private static String aligned(Row row, int column) {
        String indent = " ".repeat(column);
        var out = new StringBuilder(row.label());
        if (row.label().length() + 2 > column) {
            out.append('\n').append(indent);
        } else {
            out.append(" ".repeat(column - row.label().length()));
        }
        int at = column;
        String gap = "";
        for (String word : row.text().split(" ", -1)) {
            if (at > column && at + gap.length() + word.length() > WIDTH) {
                out.append('\n').append(indent);
                at = column;
                gap = "";
            }
            out.append(gap).append(word);
            at += gap.length() + word.length();
            gap = " ";
        }
        return out.toString();
    }

    /** All of it. */
    public String text() {
        return text;
    }

    /** Writes all of it to standard output. */
    public void print() {
        System.out.println(text);
    }

    /** The lines that fit in a thousand characters. */
    @Override
    public String toString() {
        return Brief.of(text);
    }
}
