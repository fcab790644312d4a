package plimsoll.dsl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What would mend budgets that are OVER, immutable: for each budget the changes by the loss they leave, then by use, then by how many
 * changes they are; and the advice that is refused.
 */
public final class Remedies implements Iterable<Remedy> {
    private static final int LIMIT = 1000;
    private static final int WIDTH = 76;

    private static final Comparator<Remedy> ORDER = Comparator.<Remedy, Boolean>comparing(
                    r -> r.after().verdict().state() == Verdict.State.UNKNOWN)
            .thenComparingDouble(r -> r.loss().orElse(0))
            .thenComparingDouble(r -> r.use().orElse(Double.POSITIVE_INFINITY))
            .thenComparingInt(Remedy::size)
            .thenComparing(Remedy::title);

    /** The changes for one budget, and what is refused. */
    private record Group(Budget budget, List<Remedy> remedies, List<Refused> refused) {
        /** The line that says why there is no change; empty where there are some. */
        Optional<String> nothing() {
            if (budget.verdict().state() != Verdict.State.OVER) {
                return Optional.of("  nothing to mend");
            }
            return remedies.isEmpty() ? Optional.of("  no change is known that would mend it") : Optional.empty();
        }
    }

    private final List<Group> groups;

    private Remedies(List<Group> groups) {
        this.groups = List.copyOf(groups);
    }

    /**
     * Those of a host: for each law the budget of most consequence, where that is OVER. Costs nothing where none is.
     *
     * @param all every budget of the host
     */
    public static Remedies of(Budgets all) {
        List<Budget> budgets = all.stream().toList();
        var groups = new ArrayList<Group>();
        Set<String> seen = new LinkedHashSet<>();
        for (Budget b : budgets) {
            if (b.verdict().state() == Verdict.State.OVER && seen.add(b.name())) {
                groups.add(group(b, new WhatIf(b, budgets)));
            }
        }
        return new Remedies(groups);
    }

    static Remedies of(Budget budget) {
        return new Remedies(
                budget.verdict().state() == Verdict.State.OVER
                        ? List.of(group(budget, WhatIf.of(budget)))
                        : List.of(new Group(budget, List.of(), List.of())));
    }

    private static Group group(Budget budget, WhatIf whatIf) {
        var ordered = new ArrayList<>(whatIf.remedies());
        ordered.sort(ORDER);
        return new Group(budget, List.copyOf(ordered), budget.law().refused(budget.facts(), budget.scope()));
    }

    /** How many changes there are. */
    public int size() {
        return (int) stream().count();
    }

    /** The one at a place, from 0. */
    public Remedy get(int index) {
        return stream().toList().get(index);
    }

    @Override
    public Iterator<Remedy> iterator() {
        return stream().iterator();
    }

    /** In order. */
    public Stream<Remedy> stream() {
        return groups.stream().flatMap(g -> g.remedies.stream());
    }

    /** The budgets that they are for, by consequence. */
    public List<Budget> budgets() {
        return groups.stream().map(Group::budget).toList();
    }

    /** Those for one of the budgets. */
    public List<Remedy> of(String budget, String scope) {
        return stream()
                .filter(r ->
                        r.before().name().equals(budget) && r.before().scope().equals(scope))
                .toList();
    }

    /** The advice that is refused, with its reason. */
    public List<Refused> refused() {
        return groups.stream().flatMap(g -> g.refused.stream()).distinct().toList();
    }

    /** The advice that is refused for one of the budgets. */
    public List<Refused> refused(String budget) {
        return groups.stream()
                .filter(g -> g.budget.name().equals(budget))
                .flatMap(g -> g.refused.stream())
                .toList();
    }

    /** Writes all of it to standard output, with costs, risks and snippets, and returns this. */
    public Remedies print() {
        for (Group g : groups) {
            System.out.println(g.budget);
            g.nothing().ifPresent(System.out::println);
            g.remedies.forEach(r -> System.out.print(r.text()));
            g.refused.forEach(r -> System.out.println("not " + r));
        }
        return this;
    }

    private List<String> lines() {
        var lines = new ArrayList<String>();
        for (Group g : groups) {
            lines.add(g.budget.toString());
            g.nothing().ifPresent(lines::add);
            g.remedies.forEach(r -> lines.add("  " + r.line(WIDTH - 2)));
            g.refused.forEach(r -> lines.add(clipped("  not " + r.change() + ": " + r.why())));
        }
        return lines;
    }

    private static String clipped(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…";
    }

    /** A line a change below its budget, less than a thousand characters in all. */
    @Override
    public String toString() {
        List<String> lines = lines();
        if (lines.isEmpty()) {
            return "nothing is OVER, so nothing to mend";
        }
        long unsaid = stream().mapToLong(r -> r.text().lines().count() - 1).sum();
        String further = unsaid == 0 ? "" : "\ncosts, risks and snippets, " + unsaid + " more: .print()";
        var out = new StringBuilder(lines.get(0));
        for (int i = 1; i < lines.size(); i++) {
            String more = "\n" + (lines.size() - i) + " more: .print()";
            if (out.length() + 1 + lines.get(i).length() + Math.max(more.length(), further.length()) >= LIMIT) {
                return out.append(more).toString();
            }
            out.append('\n').append(lines.get(i));
        }
        return out.append(further).toString();
    }
}
