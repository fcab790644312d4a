package plimsoll.dsl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Tries changes on one budget, and looks at what they do to all others of its host. What is asked of the budget is carried on to what it
 * fills besides ({@link Law#loads}): connections that take ports are entries of connection tracking, too.
 */
final class WhatIf {
    private static final double COMFORT = 0.8;
    private static final double DOUBLE = 2;
    private static final double REACH = 1e5;
    private static final double NARROW = 1e-6;
    private static final int PAIRS = 3;
    private static final int MOST_ALIKE = 20;
    private static final int MOST_AT_ONCE = 3;
    private static final Pattern INPUT = Pattern.compile("([a-z][a-z0-9-]*)(?:\\[(.+)])?\\.[a-z-]+");

    private final Budget origin;
    private final List<Budget> all;
    private final Parameter head;
    private final List<Lever> levers;

    /** {@code all} are the budgets of the host as it is. */
    WhatIf(Budget origin, List<Budget> all) {
        this.origin = origin;
        this.all = all;
        this.head = origin.law().parameters().get(0);
        this.levers = origin.law().remedies(origin.facts(), origin.scope());
    }

    static WhatIf of(Budget origin) {
        return new WhatIf(origin, List.copyOf(origin.beside()));
    }

    /** A lever taken to a value. */
    private record Pulled(Lever lever, double value) {
        Candidate candidate() {
            return lever.at(value);
        }
    }

    // ---- the changes that are proposed

    /** Each lever as far as it takes to be comfortable, and pairs where one alone is not enough. */
    List<Remedy> remedies() {
        var found = new ArrayList<Remedy>();
        var weak = new ArrayList<Pulled>();
        for (Lever lever : levers) {
            var pulled = new Pulled(lever, proposed(lever));
            Optional<Budget.Tried> tried = tried(List.of(pulled));
            if (tried.isPresent() && better(tried.get())) {
                found.add(remedy(List.of(pulled)));
                if (tried.get().state() == Verdict.State.OVER) {
                    weak.add(pulled);
                }
            }
        }
        int pairs = 0;
        for (int i = 0; i < weak.size(); i++) {
            for (int j = i + 1; j < weak.size() && pairs < PAIRS; j++) {
                List<Pulled> both = List.of(weak.get(i), weak.get(j));
                if (apart(both)
                        && tried(both)
                                .filter(t -> t.state() == Verdict.State.FITS)
                                .isPresent()) {
                    found.add(remedy(both));
                    pairs++;
                }
            }
        }
        return found;
    }

    private double proposed(Lever lever) {
        if (lever.proposed().isPresent()) {
            return lever.proposed().getAsDouble();
        }
        double enough = least(List.of(), lever, COMFORT).orElse(lever.most());
        if (!censored()) {
            return enough;
        }
        // how much more is asked for than was seen is not known: twice as much, at least
        return lever.most() > lever.present()
                ? Math.min(lever.most(), Math.max(enough, DOUBLE * lever.present()))
                : Math.max(lever.most(), Math.min(enough, Math.floor(lever.present() / DOUBLE)));
    }

    /** True where the demand was read as "at least": no change makes it FIT for sure. */
    private boolean censored() {
        return origin.finding().demandBound() == Finding.Bound.AT_LEAST;
    }

    private boolean better(Budget.Tried tried) {
        double was = origin.finding().loss().map(l -> l.high().value()).orElse(0.0);
        double is = tried.finding().loss().map(l -> l.high().value()).orElse(0.0);
        double used = origin.verdict().use().orElse(Double.POSITIVE_INFINITY);
        double uses = Verdict.use(tried.finding()).orElse(Double.POSITIVE_INFINITY);
        return is < was - 1e-9 || (is <= was + 1e-9 && uses < used - 1e-9);
    }

    // ---- the smallest change

    /**
     * The fewest changes, then the smallest ratio to the present values, with which the budget fits and uses no more than {@code goal}.
     *
     * @throws IllegalArgumentException when nothing has to change, or no change that is known is enough
     */
    Remedy smallest(double goal) {
        if (meets(origin.facts(), goal)) {
            throw new IllegalArgumentException(origin.name() + " fits and uses no more than "
                    + Quantity.share(goal).brief() + " as it is: nothing has to change");
        }
        List<List<Pulled>> enough = new ArrayList<>();
        int fewest = levers.size();
        for (int many = 1; many <= Math.min(fewest, MOST_AT_ONCE); many++) {
            for (List<Lever> chosen : chosen(many)) {
                smallest(chosen, goal).ifPresent(enough::add);
            }
            // so many levers are at least as many changes
            fewest = enough.stream().mapToInt(this::size).min().orElse(fewest);
        }
        return enough.stream()
                .min(Comparator.<List<Pulled>>comparingInt(this::size).thenComparingDouble(WhatIf::ratio))
                .map(this::remedy)
                .orElseThrow(() -> new IllegalArgumentException("no change that is known brings " + origin.name()
                        + " to " + Quantity.share(goal).brief() + "; " + nearest()));
    }

    private String nearest() {
        List<Remedy> some = remedies();
        return some.isEmpty()
                ? "none is known for it here"
                : "the nearest is "
                        + some.stream()
                                .min(Comparator.comparingDouble(r -> r.use().orElse(Double.POSITIVE_INFINITY)))
                                .orElseThrow();
    }

    /** True where no two of them set the same thing. */
    private static boolean apart(List<Pulled> pulled) {
        List<Change> changes = candidate(pulled).changes();
        return changes.stream().map(Change::name).distinct().count() == changes.size();
    }

    private int size(List<Pulled> pulled) {
        return candidate(pulled).size(origin.law());
    }

    private static double ratio(List<Pulled> pulled) {
        return pulled.stream().mapToDouble(p -> p.lever().ratio(p.value())).reduce(1, (a, b) -> a * b);
    }

    private List<List<Lever>> chosen(int many) {
        List<List<Lever>> sets = new ArrayList<>();
        for (int i = 0; i < 1 << levers.size(); i++) {
            if (Integer.bitCount(i) == many) {
                int bits = i;
                sets.add(levers.stream()
                        .filter(l -> (bits & (1 << levers.indexOf(l))) != 0)
                        .toList());
            }
        }
        return sets;
    }

    /** The levers no farther than they have to be: each in turn, the others at what is settled or at their most. */
    private Optional<List<Pulled>> smallest(List<Lever> chosen, double goal) {
        Pulled[] pulled = chosen.stream().map(l -> new Pulled(l, l.most())).toArray(Pulled[]::new);
        if (!apart(List.of(pulled)) || !meets(changed(candidate(List.of(pulled))), goal)) {
            return Optional.empty();
        }
        for (int i = 0; i < pulled.length; i++) {
            int at = i;
            List<Pulled> others = IntStream.range(0, pulled.length)
                    .filter(j -> j != at)
                    .mapToObj(j -> pulled[j])
                    .toList();
            OptionalDouble least = least(others, pulled[i].lever(), goal);
            if (least.isPresent()) {
                pulled[i] = new Pulled(pulled[i].lever(), least.getAsDouble());
            }
        }
        return Optional.of(List.of(pulled));
    }

    /** The value of a lever nearest to the present one with which the goal is met; empty where its most is not enough. */
    private OptionalDouble least(List<Pulled> others, Lever lever, double goal) {
        double no = lever.present();
        double yes = lever.most();
        if (!meets(changed(candidate(with(others, lever, yes))), goal)) {
            return OptionalDouble.empty();
        }
        while (Math.abs(yes - no) > 1) {
            double middle = Math.floor((no + yes) / 2);
            if (meets(changed(candidate(with(others, lever, middle))), goal)) {
                yes = middle;
            } else {
                no = middle;
            }
        }
        return OptionalDouble.of(yes);
    }

    private static List<Pulled> with(List<Pulled> others, Lever lever, double value) {
        var all = new ArrayList<>(others);
        all.add(new Pulled(lever, value));
        return all;
    }

    private boolean meets(Facts facts, double goal) {
        return judged(origin.law(), facts, origin.scope())
                .filter(t -> (t.state() == Verdict.State.FITS || (censored() && t.state() == Verdict.State.UNKNOWN))
                        && Verdict.use(t.finding()).orElse(Double.POSITIVE_INFINITY) <= goal)
                .isPresent();
    }

    // ---- one change over all budgets

    private Remedy remedy(List<Pulled> pulled) {
        Candidate candidate = candidate(pulled);
        Facts changed = changed(candidate);
        Budget after = origin.on(changed);
        List<Place> others = others(candidate);
        var over = new ArrayList<Budget>();
        Facts carried = carried(candidate, changed, OptionalDouble.empty());
        for (Place place : others) {
            if (over(place, carried)) {
                over.add(Budget.of(place.law(), carried, place.scope()));
            }
        }
        List<Budget> alike = alike(changed);
        return new Remedy(
                origin,
                after,
                candidate,
                ratio(pulled),
                next(pulled, candidate, changed, after, others),
                over,
                alike.stream().limit(MOST_ALIKE).map(b -> b.on(changed)).toList(),
                Math.max(0, alike.size() - MOST_ALIKE));
    }

    /** The other scopes of the same law that are OVER as they are, by consequence. */
    private List<Budget> alike(Facts changed) {
        return Budgets.of(all.stream()
                        .filter(b -> b.name().equals(origin.name())
                                && !b.scope().equals(origin.scope())
                                && b.verdict().state() == Verdict.State.OVER
                                && judged(b.law(), changed, b.scope()).isPresent())
                        .toList())
                .stream()
                .toList();
    }

    private static Candidate candidate(List<Pulled> pulled) {
        return pulled.stream().map(Pulled::candidate).reduce(Candidate::and).orElseThrow();
    }

    private Facts changed(Candidate candidate) {
        Facts facts = origin.facts();
        for (Change c : candidate.changes()) {
            facts = facts.find(c.name()).isPresent()
                    ? facts.with(c.name(), c.value())
                    : facts.plus(
                            new Fact(c.name(), c.value(), new Evidence(Evidence.Kind.CHANGED, "not known before")));
        }
        return facts;
    }

    private Optional<Budget.Tried> tried(List<Pulled> pulled) {
        return judged(origin.law(), changed(candidate(pulled)), origin.scope());
    }

    /** Empty where the law refuses the values. */
    private static Optional<Budget.Tried> judged(Law law, Facts facts, String scope) {
        try {
            return Optional.of(Budget.judged(law, facts, scope));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Another budget: a law and a scope. */
    private record Place(Law law, String scope) {}

    private static boolean over(Place place, Facts facts) {
        return judged(place.law(), facts, place.scope())
                .filter(t -> t.state() == Verdict.State.OVER)
                .isPresent();
    }

    /** With the headline at a value, where one is given, and what that puts on other laws. */
    private Facts carried(Candidate candidate, Facts changed, OptionalDouble asked) {
        Facts facts = changed;
        if (asked.isPresent()) {
            facts = facts.given(head.fact(origin.law(), origin.scope()), spelled(asked.getAsDouble()));
        }
        return facts.plus(List.copyOf(load(candidate, facts, asked).values()));
    }

    /** What lies on other laws, by the name of the input; what is said or carried first counts. */
    private Map<String, Fact> load(Candidate candidate, Facts facts, OptionalDouble said) {
        var carried = new LinkedHashMap<String, Fact>();
        var todo = new ArrayDeque<Place>();
        Facts known = facts;
        OptionalDouble asked = said.isPresent() || candidate.also().isEmpty() ? said : present(facts);
        for (String name : candidate.also()) {
            if (asked.isPresent()) {
                var fact = new Fact(
                        name, spelled(asked.getAsDouble()), Evidence.derived("what is asked of " + origin.name()));
                carried.put(name, fact);
                known = known.plus(fact);
                place(name, known).ifPresent(todo::add);
            }
        }
        todo.add(new Place(origin.law(), origin.scope()));
        var seen = new HashSet<Place>();
        while (!todo.isEmpty()) {
            Place place = todo.removeFirst();
            if (!seen.add(place)) {
                continue;
            }
            for (Fact fact : place.law().loads(known, place.scope())) {
                if (carried.putIfAbsent(fact.name(), fact) == null) {
                    known = known.plus(fact);
                    place(fact.name(), known).ifPresent(todo::add);
                }
            }
        }
        return carried;
    }

    private OptionalDouble present(Facts facts) {
        return judged(origin.law(), facts, origin.scope()).stream()
                .flatMap(t -> t.finding().inputs().stream())
                .filter(i -> i.name().equals(head.name()))
                .mapToDouble(Input::value)
                .findFirst();
    }

    /** The budget that an input belongs to: its law in the scope that is named, else in its first. */
    private Optional<Place> place(String input, Facts facts) {
        Matcher m = INPUT.matcher(input);
        if (!m.matches()) {
            return Optional.empty();
        }
        String scope = m.group(2);
        return all.stream()
                .map(Budget::law)
                .filter(l -> l.name().equals(m.group(1)))
                .findFirst()
                .map(l -> new Place(l, scope != null ? scope : l.scopes(facts).get(0)));
    }

    /** The other budgets that a change or what is carried on reaches. */
    private List<Place> others(Candidate candidate) {
        Facts changed = changed(candidate);
        Map<String, Fact> carried = load(candidate, changed, OptionalDouble.empty());
        Set<String> touched = new HashSet<>(carried.keySet());
        candidate.changes().forEach(c -> touched.add(c.name()));
        var places = new ArrayList<Place>();
        for (Budget b : all) {
            // another scope of the same law gets the same change, and what helps here does no harm there
            if (b.law() != origin.law() && b.looksAtAny(touched)) {
                places.add(new Place(b.law(), b.scope()));
            }
        }
        Facts known = changed.plus(List.copyOf(carried.values()));
        for (String name : carried.keySet()) {
            place(name, known).filter(p -> !places.contains(p)).ifPresent(places::add);
        }
        places.remove(new Place(origin.law(), origin.scope()));
        return places;
    }

    // ---- what is met next

    /** A bottleneck and how far off it is, as a part of the present value; 0 where it is there at once. */
    private record Ahead(Bottleneck bottleneck, double distance) {}

    private Optional<Bottleneck> next(
            List<Pulled> pulled, Candidate candidate, Facts changed, Budget after, List<Place> others) {
        var ahead = new ArrayList<Ahead>();
        OptionalDouble present = after.present(head);
        if (present.isPresent() && present.getAsDouble() > 0) {
            double x = present.getAsDouble();
            OptionalDouble nearest = own(after, x);
            nearest.ifPresent(at -> ahead.add(ahead(after.name(), after.scope(), at, x)));
            for (Place other : others) {
                DoublePredicate over = v -> over(other, carried(candidate, changed, OptionalDouble.of(v)));
                // one that fits where another turns is not the next: it is not looked for any further
                if (nearest.isEmpty() || over.test(nearest.getAsDouble())) {
                    OptionalDouble at = turning(over, x, head.most(), whole());
                    if (at.isPresent()) {
                        nearest = at;
                        ahead.add(
                                at.getAsDouble() > 0
                                        ? ahead(other.law().name(), other.scope(), at.getAsDouble(), x)
                                        : atOnce(pulled, other));
                    }
                }
            }
        } else {
            others.stream()
                    .filter(o -> over(o, carried(candidate, changed, OptionalDouble.empty())))
                    .forEach(o -> ahead.add(atOnce(pulled, o)));
        }
        return ahead.stream().min(Comparator.comparingDouble(Ahead::distance)).map(Ahead::bottleneck);
    }

    private Ahead ahead(String budget, String scope, double at, double present) {
        return new Ahead(
                new Bottleneck(budget, scope, head.name(), Optional.of(Quantity.of(at, head.unit()))), at / present);
    }

    /** OVER whatever is asked: because of how far the lever is taken, where that is so. */
    private Ahead atOnce(List<Pulled> pulled, Place other) {
        if (pulled.size() == 1 && !pulled.get(0).lever().isSwitch()) {
            Pulled p = pulled.get(0);
            DoublePredicate over = v -> {
                Candidate c = p.lever().at(v);
                return over(other, carried(c, changed(c), OptionalDouble.empty()));
            };
            double fits = p.lever().present();
            double high = p.value();
            if (!over.test(fits)) {
                while (Math.abs(high - fits) > 1) {
                    double middle = Math.floor((fits + high) / 2);
                    if (over.test(middle)) {
                        high = middle;
                    } else {
                        fits = middle;
                    }
                }
                String name = p.lever().at(high).changes().get(0).name();
                return new Ahead(
                        new Bottleneck(
                                other.law().name(),
                                other.scope(),
                                name,
                                p.lever().quantity(high)),
                        0);
            }
        }
        return new Ahead(new Bottleneck(other.law().name(), other.scope(), head.name(), Optional.empty()), 0);
    }

    /** The value of the headline at which the budget itself is OVER again. */
    private OptionalDouble own(Budget after, double present) {
        DoublePredicate over = x -> judged(
                        origin.law(),
                        after.facts().given(head.fact(origin.law(), origin.scope()), spelled(x)),
                        origin.scope())
                .filter(t -> t.state() == Verdict.State.OVER)
                .isPresent();
        OptionalDouble solved =
                origin.law().solve(head.name(), after.finding(), after.verdict().goal());
        if (solved.isPresent() && !whole()) {
            double x = solved.getAsDouble();
            if (x > 0 && x < head.most() && !over.test(x * (1 - 1e-6)) && over.test(x * (1 + 1e-6))) {
                return solved;
            }
        }
        return turning(over, present, head.most(), whole());
    }

    private boolean whole() {
        return head.domain() == Parameter.Domain.INTEGER;
    }

    /** A value of the headline as it is said. */
    private String spelled(double x) {
        return Budget.spelled(Quantity.of(whole() ? Math.rint(x) : x, head.unit()));
    }

    /** The smallest value at which it is so, for what stays so above it; 0 where it is so at any value, empty where at none. */
    private static OptionalDouble turning(DoublePredicate over, double present, double most, boolean whole) {
        double low = present;
        double high = present;
        if (over.test(present)) {
            do {
                high = low;
                low /= 2;
                if (low < present / REACH) {
                    return OptionalDouble.of(0);
                }
            } while (over.test(low));
        } else {
            do {
                low = high;
                high *= 2;
                if (high > Math.min(most, present * REACH)) {
                    return OptionalDouble.empty();
                }
            } while (!over.test(high));
        }
        while (high - low > (whole ? 1 : NARROW * high)) {
            double middle = whole ? Math.floor((low + high) / 2) : (low + high) / 2;
            if (over.test(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return OptionalDouble.of(whole ? Math.floor(high) : high);
    }
}
