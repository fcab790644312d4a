package plimsoll.dsl;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A law that is nothing but its two formulas. */
record FormulaLaw(String name, Effect effect, Unit unit, Formula demand, Formula supply) implements Law {
    FormulaLaw {
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the name of a law is one line of text, not '" + name + "'");
        }
        demand.in(unit);
        supply.in(unit);
        var byName = new HashMap<String, Input>();
        for (Input input : inputs(demand, supply)) {
            Input other = byName.putIfAbsent(input.name(), input);
            if (other != null) {
                throw new IllegalArgumentException(name + " has two inputs named '" + input.name() + "', one of "
                        + other.quantity() + " and one of " + input.quantity() + ": give each its own name");
            }
        }
        if (byName.containsKey(Parameter.GOAL)) {
            throw new IllegalArgumentException(
                    name + " has an input named '" + Parameter.GOAL + "', which is what every budget calls its goal");
        }
    }

    private static Set<Input> inputs(Formula demand, Formula supply) {
        var inputs = new LinkedHashSet<>(demand.inputs());
        inputs.addAll(supply.inputs());
        return inputs;
    }

    @Override
    public String meaning() {
        return effect == Effect.REFUSES
                ? "Requests beyond the supply are refused."
                : "Requests beyond the supply wait.";
    }

    @Override
    public List<Parameter> parameters() {
        return inputs(demand, supply).stream()
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

    @Override
    public String toString() {
        return "law " + name + ": " + demand + " of " + supply;
    }
}
