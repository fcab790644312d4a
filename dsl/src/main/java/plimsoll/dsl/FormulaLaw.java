package plimsoll.dsl;

import java.util.LinkedHashSet;
import java.util.List;

/** A law that is nothing but its two formulas. */
record FormulaLaw(String name, Effect effect, Unit unit, Formula demand, Formula supply) implements Law {
    FormulaLaw {
        demand.in(unit);
        supply.in(unit);
    }

    @Override
    public String meaning() {
        return effect == Effect.REFUSES
                ? "Requests beyond the supply are refused."
                : "Requests beyond the supply wait.";
    }

    @Override
    public List<Parameter> parameters() {
        var inputs = new LinkedHashSet<>(demand.inputs());
        inputs.addAll(supply.inputs());
        return inputs.stream()
                .map(i -> Parameter.continuous(
                        i.name(), i.quantity().unit(), i.evidence().source()))
                .toList();
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of("all");
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        return Finding.of(unit, said(demand, facts, scope), said(supply, facts, scope));
    }

    private Formula said(Formula formula, Facts facts, String scope) {
        return formula.substitute(input -> parameters().stream()
                .filter(p -> p.name().equals(input.name()))
                .findFirst()
                .flatMap(p -> p.find(facts, this, scope))
                .orElse(input));
    }
}
