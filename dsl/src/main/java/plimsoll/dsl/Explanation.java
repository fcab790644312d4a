package plimsoll.dsl;

import java.util.Locale;

/** The working of a budget in full, as text: the formula that ran, every input and where it came from, the figures, and why. Immutable. */
public final class Explanation {
    private final String text;

    Explanation(Budget budget) {
        Finding found = budget.finding();
        var out = new StringBuilder(budget.toString()).append('\n');
        line(out, "of", budget.scope());
        found.demand().ifPresent(d -> formula(out, "demand", d, found.unit(), found.demandBound()));
        found.supply().ifPresent(s -> formula(out, "supply", s, found.unit(), found.supplyBound()));
        found.loss().ifPresent(l -> {
            formula(out, "loss, low", l.low(), Unit.SHARE, Finding.Bound.EXACT);
            formula(out, "loss, high", l.high(), Unit.SHARE, Finding.Bound.EXACT);
        });
        for (Formula.Named part : found.parts()) {
            line(out, "  " + part.name(), number(part.formula()) + " = " + part.formula());
        }
        for (Input input : found.inputs()) {
            line(out, "  " + input.name(), input.quantity() + "  " + input.evidence());
        }
        budget.verdict()
                .least()
                .ifPresent(least -> line(
                        out,
                        "range",
                        "use " + Quantity.share(least).brief() + " to "
                                + Quantity.share(budget.verdict().most().orElse(least))
                                        .brief() + " over what "
                                + String.join(", ", budget.verdict().assumed()) + " may be"));
        found.figures().forEach(f -> line(out, f.name(), f.quantity().brief()));
        found.notes().forEach(n -> line(out, "note", n));
        found.missing().forEach(m -> line(out, "missing", m.toString()));
        line(out, "over means", budget.law().meaning());
        this.text = out.toString().stripTrailing();
    }

    private static void formula(StringBuilder out, String label, Formula formula, Unit unit, Finding.Bound bound) {
        String limit = bound == Finding.Bound.EXACT
                ? ""
                : bound.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " ";
        line(out, label, limit + formula.in(unit).brief() + " = " + formula);
    }

    private static String number(Formula formula) {
        for (Unit unit : Unit.values()) {
            if (unit != Unit.SHARE && formula.is(unit)) {
                return formula.in(unit).brief();
            }
        }
        return Double.toString(formula.value());
    }

    private static void line(StringBuilder out, String label, String text) {
        out.append(String.format(Locale.ROOT, "%-20s %s%n", label, text).replace(System.lineSeparator(), "\n"));
    }

    /** Writes the text to standard output and returns this. */
    public Explanation print() {
        System.out.println(text);
        return this;
    }

    @Override
    public String toString() {
        return text;
    }
}
