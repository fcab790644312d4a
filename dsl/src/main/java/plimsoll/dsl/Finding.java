package plimsoll.dsl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a law found for one scope, before it is judged: the formulas that ran, bounds, loss, figures, and why this branch. Immutable; the
 * methods that add something return a new finding.
 */
public final class Finding {

    /** What is known of a side: its value, or only that it is no less or no more. */
    public enum Bound {
        /** The value itself. */
        EXACT,
        /** The value or more, as a gauge at its ceiling. */
        AT_LEAST,
        /** The value or less. */
        AT_MOST
    }

    /**
     * The expected share that is refused, between two bounds.
     *
     * @param of what is refused, such as {@code connects fail}
     * @param low the lower bound
     * @param high the higher bound, on which the verdict stands
     */
    public record Loss(String of, Formula low, Formula high) {}

    private final Unit unit;
    private final Optional<Formula> demand;
    private final Optional<Formula> supply;
    private final Bound demandBound;
    private final Bound supplyBound;
    private final Optional<Loss> loss;
    private final List<Figure> figures;
    private final List<Missing> missing;
    private final List<String> notes;

    private Finding(
            Unit unit,
            Optional<Formula> demand,
            Optional<Formula> supply,
            Bound demandBound,
            Bound supplyBound,
            Optional<Loss> loss,
            List<Figure> figures,
            List<Missing> missing,
            List<String> notes) {
        this.unit = unit;
        this.demand = demand;
        this.supply = supply;
        this.demandBound = demandBound;
        this.supplyBound = supplyBound;
        this.loss = loss;
        this.figures = List.copyOf(figures);
        this.missing = List.copyOf(missing);
        this.notes = List.copyOf(notes);
    }

    /**
     * Demand against supply.
     *
     * @throws IllegalArgumentException when one of them does not come out in {@code unit}
     */
    public static Finding of(Unit unit, Formula demand, Formula supply) {
        demand.in(unit);
        supply.in(unit);
        return new Finding(
                unit,
                Optional.of(demand),
                Optional.of(supply),
                Bound.EXACT,
                Bound.EXACT,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
    }

    /** Nothing can be said until {@code missing} is known. */
    public static Finding unknown(Unit unit, Missing missing) {
        return new Finding(
                unit,
                Optional.empty(),
                Optional.empty(),
                Bound.EXACT,
                Bound.EXACT,
                Optional.empty(),
                List.of(),
                List.of(missing),
                List.of());
    }

    /** The demand is this or more: a gauge at its ceiling. */
    public Finding demandAtLeast() {
        return bounded(Bound.AT_LEAST, supplyBound);
    }

    /** The demand is this or less: a total that covers more than the scope. */
    public Finding demandAtMost() {
        return bounded(Bound.AT_MOST, supplyBound);
    }

    /** The supply is this or less: something that takes from it was not seen. */
    public Finding supplyAtMost() {
        return bounded(demandBound, Bound.AT_MOST);
    }

    private Finding bounded(Bound ofDemand, Bound ofSupply) {
        return new Finding(unit, demand, supply, ofDemand, ofSupply, loss, figures, missing, notes);
    }

    /** A law that loses: {@code of} says what of whom, the verdict stands on {@code high}. */
    public Finding losing(String of, Formula low, Formula high) {
        low.in(Unit.SHARE);
        high.in(Unit.SHARE);
        return new Finding(
                unit,
                demand,
                supply,
                demandBound,
                supplyBound,
                Optional.of(new Loss(of, low, high)),
                figures,
                missing,
                notes);
    }

    /** With the supply known although the demand is not. */
    public Finding supplied(Formula known) {
        known.in(unit);
        return new Finding(unit, demand, Optional.of(known), demandBound, supplyBound, loss, figures, missing, notes);
    }

    /** With one more figure. */
    public Finding figure(String name, Quantity quantity) {
        var more = new ArrayList<>(figures);
        more.add(new Figure(name, quantity));
        return new Finding(unit, demand, supply, demandBound, supplyBound, loss, more, missing, notes);
    }

    /** With one more sentence on why this branch was taken, or what bounds the result. */
    public Finding note(String sentence) {
        var more = new ArrayList<>(notes);
        more.add(sentence);
        return new Finding(unit, demand, supply, demandBound, supplyBound, loss, figures, missing, more);
    }

    /** With one more input that would decide. */
    public Finding missing(Missing input) {
        var more = new ArrayList<>(missing);
        more.add(input);
        return new Finding(unit, demand, supply, demandBound, supplyBound, loss, figures, more, notes);
    }

    /** The unit of demand and supply. */
    public Unit unit() {
        return unit;
    }

    /** The demand; empty where it is not known. */
    public Optional<Formula> demand() {
        return demand;
    }

    /** The supply; empty where it is not known. */
    public Optional<Formula> supply() {
        return supply;
    }

    /** What is known of the demand. */
    public Bound demandBound() {
        return demandBound;
    }

    /** What is known of the supply. */
    public Bound supplyBound() {
        return supplyBound;
    }

    /** The loss; empty for a law that does not lose. */
    public Optional<Loss> loss() {
        return loss;
    }

    /** The figures besides use. */
    public List<Figure> figures() {
        return figures;
    }

    /** What would have to be known. */
    public List<Missing> missing() {
        return missing;
    }

    /** Why this branch was taken. */
    public List<String> notes() {
        return notes;
    }

    /** Every input of the formulas that ran, in the order of their first use; one of each name. */
    public List<Input> inputs() {
        var byName = new LinkedHashMap<String, Input>();
        for (Formula formula : formulas()) {
            formula.inputs().forEach(i -> byName.putIfAbsent(i.name(), i));
        }
        return List.copyOf(byName.values());
    }

    /** Every named part of the formulas that ran, in the order of their first use; those that read the same once. */
    public Set<Formula.Named> parts() {
        var bySpelling = new LinkedHashMap<String, Formula.Named>();
        for (Formula formula : formulas()) {
            formula.parts().forEach(p -> bySpelling.putIfAbsent(p.name() + " = " + p.formula(), p));
        }
        return Collections.unmodifiableSet(new LinkedHashSet<>(bySpelling.values()));
    }

    private List<Formula> formulas() {
        var all = new ArrayList<Formula>();
        demand.ifPresent(all::add);
        supply.ifPresent(all::add);
        loss.ifPresent(l -> {
            all.add(l.low());
            all.add(l.high());
        });
        return all;
    }

    /** Demand of supply, each with its bound; a question mark for what is not known. */
    @Override
    public String toString() {
        return side(demand, demandBound) + " of " + side(supply, supplyBound);
    }

    private String side(Optional<Formula> side, Bound bound) {
        String limit =
                switch (bound) {
                    case EXACT -> "";
                    case AT_LEAST -> "at least ";
                    case AT_MOST -> "at most ";
                };
        return limit + side.map(f -> f.in(unit).brief()).orElse("?");
    }
}
