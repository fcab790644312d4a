package plimsoll.dsl;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Demand against supply for one finite thing: an immutable value, a {@link Law} applied to {@link Facts} for one scope. It prints its
 * verdict on one line; {@link #explain()} shows the formula that ran and where each number came from.
 */
public final class Budget {
    private static final int WIDTH = 76;
    private static final int NAME = 52; // leaves room for " UNKNOWN" and " (maybe UNKNOWN)"
    private static final int COMBINATIONS = 64;

    private final Law law;
    private final Facts facts;
    private final String scope;
    private final Finding finding;
    private final Verdict verdict;
    private final Set<String> looked;
    private final List<Law> beside;

    private Budget(Law law, Facts facts, String scope, List<Law> beside) {
        this.law = law;
        this.facts = facts;
        this.scope = scope;
        this.beside = beside;
        Set<String> heard = ConcurrentHashMap.newKeySet();
        this.finding = law.apply(facts.heard(heard::add), scope);
        this.looked = Set.copyOf(heard);
        this.verdict = judgement();
    }

    /**
     * The budget of a law for one scope.
     *
     * @throws IllegalArgumentException when an input or the scope cannot be read
     */
    public static Budget of(Law law, Facts facts, String scope) {
        return of(law, facts, scope, List.of(law));
    }

    /**
     * The budget of a law for one scope, on a host whose other budgets follow from the laws {@code beside} it: remedies look at those, too.
     *
     * @throws IllegalArgumentException when an input or the scope cannot be read
     */
    public static Budget of(Law law, Facts facts, String scope, List<Law> beside) {
        return new Budget(law, facts, scope, beside);
    }

    /**
     * A budget of the user's own, of things that are refused beyond the supply: {@code Budget.of("jdbc", rate.times(hold), size)}.
     *
     * @throws IllegalArgumentException when demand or supply is not a count
     */
    public static Budget of(String name, Formula demand, Formula supply) {
        return of(Law.of(name, Effect.REFUSES, Unit.COUNT, demand, supply), Facts.none(), "all");
    }

    /** The law's name. */
    public String name() {
        return law.name();
    }

    /** What it was asked of. */
    public String scope() {
        return scope;
    }

    /** The law. */
    public Law law() {
        return law;
    }

    /** The facts it stands on, what the user said on top. */
    public Facts facts() {
        return facts;
    }

    /** What the law found: formulas, bounds, loss, figures. */
    public Finding finding() {
        return finding;
    }

    /** Whether it meets its goal, with the range over what is assumed. */
    public Verdict verdict() {
        return verdict;
    }

    /**
     * A figure by its name; besides the law's own: {@code demand, supply, use, left, loss} (the hard end) where they are known.
     *
     * @throws IllegalArgumentException when there is no such figure, naming those there are
     */
    public Quantity figure(String name) {
        List<Figure> all = figures();
        return all.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(law.name() + " has no figure '" + name + "'; it has "
                        + all.stream().map(Figure::name).collect(Collectors.joining(", "))))
                .quantity();
    }

    /** Every figure, the common ones first. */
    List<Figure> figures() {
        var all = new ArrayList<Figure>();
        finding.demand().ifPresent(d -> all.add(new Figure("demand", d.in(finding.unit()))));
        finding.supply().ifPresent(s -> all.add(new Figure("supply", s.in(finding.unit()))));
        if (finding.demand().isPresent() && finding.supply().isPresent()) {
            double demand = finding.demand().get().value();
            double supply = finding.supply().get().value();
            if (Double.isFinite(verdict.use().orElse(0))) {
                all.add(new Figure("use", Quantity.share(verdict.use().orElse(0))));
            }
            all.add(new Figure("left", Quantity.of(Math.max(0, supply - demand), finding.unit())));
        }
        finding.loss().ifPresent(l -> all.add(new Figure("loss", l.high().in(Unit.SHARE))));
        all.addAll(finding.figures());
        return all;
    }

    /**
     * The same budget with one input or host setting replaced: {@code with("connected", "100 ms")},
     * {@code with("net.ipv4.tcp_tw_reuse", "1")}. A host setting is taken where the law looks at it or the facts hold it.
     *
     * @throws IllegalArgumentException when the law has no such input, naming the nearest, or the value cannot be read
     */
    public Budget with(String input, String value) {
        return on(varied(input, value));
    }

    /** The same budget asked of another scope. */
    public Budget at(String other) {
        return new Budget(law, facts, other, beside);
    }

    /** The same budget on other facts. */
    Budget on(Facts other) {
        return new Budget(law, other, scope, beside);
    }

    /** Every budget of the host this is one of, as it is. */
    List<Budget> beside() {
        var all = new ArrayList<Budget>();
        for (Law other : beside) {
            try {
                for (String place : other.scopes(facts)) {
                    all.add(other == law && place.equals(scope) ? this : new Budget(other, facts, place, beside));
                }
            } catch (IllegalArgumentException | ArithmeticException e) {
                // a value of the capture is none: of that law a change says nothing
            }
        }
        return all;
    }

    /** True where the law looked this name up among the facts: where {@link #with} takes it. */
    public boolean looksAt(String name) {
        return looked.contains(name);
    }

    /** True where the law looked one of these names up. */
    boolean looksAtAny(Set<String> names) {
        return names.stream().anyMatch(looked::contains);
    }

    /**
     * What would mend it where it is OVER, each change computed over all budgets of the host; by the loss that is left, then by use, then by
     * how many changes it takes.
     */
    public Remedies remedies() {
        return Remedies.of(this);
    }

    /**
     * The fewest changes, then the smallest ratio to the present values, with which the budget fits and uses at most {@code use} of its
     * supply: {@code smallest("80 %")}. That is a share of the supply, never one of what is lost: the goal of a law that loses has to be
     * met besides.
     *
     * @throws IllegalArgumentException when it is not a share, nothing has to change, or no change that is known is enough
     */
    public Remedy smallest(String use) {
        return WhatIf.of(this).smallest(Quantity.parse(use, Unit.SHARE).value());
    }

    private Facts varied(String input, String value) {
        Optional<Parameter> parameter = parameter(input);
        if (parameter.isEmpty()) {
            if (!looked.contains(input) && facts.find(input).isEmpty()) {
                throw unknown(input);
            }
            return replaced(input, input, value);
        }
        Parameter p = parameter.get();
        p.parse(value);
        Facts changed = replaced(p.fact(law), input, value);
        return facts.find(p.fact(law, scope)).isPresent() ? changed.with(p.fact(law, scope), value) : changed;
    }

    /** What the law had derived under another name is changed, too, not given. */
    private Facts replaced(String fact, String input, String value) {
        Optional<Input> was = facts.find(fact).isPresent()
                ? Optional.empty()
                : input(input)
                        .filter(i -> i.evidence().kind() == Evidence.Kind.READ
                                || i.evidence().kind() == Evidence.Kind.DERIVED);
        return was.map(i ->
                        facts.plus(new Fact(fact, value, new Evidence(Evidence.Kind.CHANGED, "was " + i.quantity()))))
                .orElseGet(() -> facts.with(fact, value));
    }

    private Optional<Input> input(String name) {
        return finding.inputs().stream().filter(i -> i.name().equals(name)).findFirst();
    }

    private IllegalArgumentException unknown(String input) {
        String head = input(input)
                .map(i -> law.name() + " cannot be given '" + input + "', which is " + i.evidence())
                .orElse(law.name() + " has no input '" + input + "'");
        Set<String> known = new LinkedHashSet<>(inputNames());
        known.addAll(facts.names());
        List<String> near = Nearest.of(input, known);
        return new IllegalArgumentException(
                near.isEmpty()
                        ? head + "; it has " + String.join(", ", inputNames())
                        : head + ": did you mean " + String.join(" or ", near) + "?");
    }

    private Optional<Parameter> parameter(String input) {
        if (input.equals(Parameter.GOAL)) {
            return Optional.of(Parameter.goal());
        }
        return law.parameters().stream().filter(p -> p.name().equals(input)).findFirst();
    }

    /** What {@link #with} takes: the parameters, the goal, and the readings and host settings that the law looked at, by name. */
    public List<String> inputNames() {
        var names = new LinkedHashSet<String>();
        law.parameters().forEach(p -> names.add(p.name()));
        names.add(Parameter.GOAL);
        looked.stream()
                .filter(n -> !n.startsWith(law.name() + ".") && !n.startsWith(law.name() + "["))
                .sorted()
                .forEach(names::add);
        return List.copyOf(names);
    }

    private double goal(Facts said, Finding found) {
        return goal(law, said, scope, found);
    }

    private static double goal(Law law, Facts said, String scope, Finding found) {
        return Parameter.goal()
                .find(said, law, scope)
                .map(Input::value)
                .orElse(found.loss().isPresent() ? Verdict.LOSS_GOAL : 1.0);
    }

    private List<Input> assumed() {
        return finding.inputs().stream()
                .filter(i -> !i.alternatives().isEmpty())
                .toList();
    }

    /** The facts with other values for what is assumed. */
    private Facts otherwise(Facts said, List<Input> chosen) {
        Facts other = said;
        for (Input input : chosen) {
            String fact = parameter(input.name()).map(p -> p.fact(law)).orElse(input.name());
            other = other.given(fact, input.quantity().toString());
        }
        return other;
    }

    /** What the law finds with one variable at another value and each other choice of what is assumed. */
    Stream<Finding> otherwise(Parameter variable, double value) {
        List<Input> assumed = assumed().stream()
                .filter(i -> !i.name().equals(variable.name()))
                .toList();
        if (assumed.isEmpty()) {
            return Stream.empty();
        }
        Facts said = varied(variable.name(), spelled(Quantity.of(value, variable.unit())));
        return combinations(assumed).stream().map(chosen -> law.apply(otherwise(said, chosen), scope));
    }

    private Verdict judgement() {
        Verdict.State state = Verdict.judge(finding, goal(facts, finding));
        OptionalDouble use = Verdict.use(finding);
        List<Input> assumed = assumed();
        double least = use.orElse(Double.NaN);
        double most = least;
        var alone = new LinkedHashSet<String>();
        var together = new LinkedHashSet<String>();
        for (List<Input> chosen : combinations(assumed)) {
            Facts other = otherwise(facts, chosen);
            Finding found = law.apply(other, scope);
            OptionalDouble used = Verdict.use(found);
            if (used.isPresent()) {
                least = Math.min(least, used.getAsDouble());
                most = Math.max(most, used.getAsDouble());
            }
            Verdict.State there = Verdict.judge(found, goal(other, found));
            if (there != state) {
                (chosen.size() == 1 ? alone : together)
                        .add(there + " at "
                                + chosen.stream()
                                        .map(i -> i.name() + "=" + spelled(i.quantity()))
                                        .collect(Collectors.joining(", ")));
            }
        }
        boolean ranged = !assumed.isEmpty() && use.isPresent();
        return new Verdict(
                state,
                use,
                goal(facts, finding),
                finding.demandBound() == Finding.Bound.AT_LEAST,
                ranged ? OptionalDouble.of(least) : OptionalDouble.empty(),
                ranged ? OptionalDouble.of(most) : OptionalDouble.empty(),
                ranged ? assumed.stream().map(Input::name).toList() : List.of(),
                // one assumption that turns the verdict alone says more than two that do it together
                List.copyOf(alone.isEmpty() ? together : alone));
    }

    /** As an operator writes it in a setting: without the commas. */
    static String spelled(Quantity q) {
        return q.unit() == Unit.COUNT ? q.toString().replace(",", "") : q.toString();
    }

    /** Every choice of one alternative or the nominal value for each assumed input, but for the all-nominal one. */
    private static List<List<Input>> combinations(List<Input> assumed) {
        List<List<Input>> all = List.of(List.of());
        for (Input input : assumed) {
            var next = new ArrayList<List<Input>>(all);
            for (List<Input> chosen : all) {
                for (Quantity q : input.alternatives()) {
                    if (!q.equals(input.quantity())) {
                        var more = new ArrayList<>(chosen);
                        more.add(new Input(input.name(), q, input.evidence(), List.of()));
                        next.add(more);
                    }
                }
            }
            if (next.size() > COMBINATIONS) {
                throw new IllegalStateException("more than " + COMBINATIONS + " combinations of assumptions");
            }
            all = next;
        }
        return all.subList(1, all.size());
    }

    /**
     * The value of an input at which the verdict turns: the first crossing from the present value.
     *
     * @throws IllegalArgumentException when the law has no such input, or it is not a number
     */
    public Breakpoint breaksAt(String input) {
        return Breakpoint.find(this, input);
    }

    /** The value of an input at which another goal is just met: {@code breaksAt("rate", "1%")}. */
    public Breakpoint breaksAt(String input, String goal) {
        return with(Parameter.GOAL, goal).breaksAt(input);
    }

    /**
     * The budget over a range of one input: {@code sweep("rate", "0/s", "800/s")}.
     *
     * @throws IllegalArgumentException when the law has no such input, or a bound cannot be read
     */
    public Sweep sweep(String input, String from, String to) {
        return Sweep.of(this, input, from, to);
    }

    /**
     * The load line: demand and supply over the law's first input that moves the demand, from zero to beyond the present value and the
     * value at which the verdict turns. Where nothing can be varied, demand and supply as bars.
     */
    public Picture plot() {
        return Sweep.around(this).map(s -> s.plot(toString())).orElseGet(this::sides);
    }

    private Picture sides() {
        return new Picture(
                toString(),
                new Picture.Axis(name(), finding.unit()),
                new Picture.Axis("", Unit.COUNT),
                Optional.empty(),
                List.of(new Picture.Bars(
                        name(),
                        List.of("demand", "supply"),
                        List.of(
                                finding.demand().map(Formula::value).orElse(Double.NaN),
                                finding.supply().map(Formula::value).orElse(Double.NaN)))));
    }

    /** The formula that ran, each input and where it came from, the figures, and why. */
    public Explanation explain() {
        return new Explanation(this);
    }

    /** A parameter or an input of the present formulas that is a number, as something that can be varied. */
    Parameter variable(String input) {
        return parameter(input)
                .or(() -> looked.contains(input)
                        ? input(input)
                                .map(i -> Parameter.continuous(
                                        input, i.quantity().unit(), i.evidence().source()))
                        : Optional.empty())
                .orElseThrow(() -> looked.contains(input) || facts.find(input).isPresent()
                        ? new IllegalArgumentException("'" + input + "' is no number in the formulas of " + law.name()
                                + " that ran; these are: " + String.join(", ", numbers()))
                        : unknown(input));
    }

    private List<String> numbers() {
        return inputNames().stream()
                .filter(n -> parameter(n).isPresent() || input(n).isPresent())
                .toList();
    }

    /** The present value of a variable; empty where it has none. */
    OptionalDouble present(Parameter variable) {
        return variable.name().equals(Parameter.GOAL)
                ? OptionalDouble.of(verdict.goal())
                : input(variable.name()).stream().mapToDouble(Input::value).findFirst();
    }

    /** What the law finds, and the answer, with one variable at another value. */
    Tried tried(Parameter variable, double value) {
        Facts other = varied(variable.name(), spelled(Quantity.of(value, variable.unit())));
        Finding found = law.apply(other, scope);
        return new Tried(found, Verdict.judge(found, goal(other, found)));
    }

    /** What a law finds for one scope, and the answer, without a look at what is assumed. */
    static Tried judged(Law law, Facts facts, String scope) {
        Finding found = law.apply(facts, scope);
        return new Tried(found, Verdict.judge(found, goal(law, facts, scope, found)));
    }

    /** A finding and its answer. */
    record Tried(Finding finding, Verdict.State state) {}

    /** One line of at most 76 characters, the verdict first. */
    @Override
    public String toString() {
        return line(law.name());
    }

    /** The one line, under another name. */
    String line(String name) {
        String clipped = name.length() <= NAME ? name : name.substring(0, NAME - 1) + "…";
        String head = clipped + " " + verdict.state();
        if (verdict.state() == Verdict.State.UNKNOWN) {
            if (finding.missing().isEmpty()) {
                return head + fitting(head, ": " + measured(), ": .explain()");
            }
            String lacking = ": " + finding.missing().get(0).input() + " is missing";
            return head + fitting(head, lacking + "; .explain() says how to get it", lacking, ": .explain()");
        }
        head += turning(head);
        head += fitting(head, ": " + measured());
        return head + fitting(head, lost());
    }

    /** The assumptions at which the verdict is another; never left out, only shortened. */
    private String turning(String head) {
        List<String> turns = verdict.turns();
        if (turns.isEmpty()) {
            return "";
        }
        String first = turns.get(0);
        return fitting(
                head,
                " (" + String.join("; ", turns) + ")",
                " (" + first + " ...)",
                " (maybe " + first.substring(0, first.indexOf(' ')) + ")");
    }

    /** The first of the forms that still fits the line; none where none does. */
    private static String fitting(String head, String... forms) {
        for (String form : forms) {
            if (head.length() + form.length() <= WIDTH) {
                return form;
            }
        }
        return "";
    }

    private String measured() {
        String use = verdict.use().isPresent() && Double.isFinite(verdict.use().getAsDouble())
                ? " (" + Quantity.share(verdict.use().getAsDouble()).brief() + ")"
                : "";
        return finding + use;
    }

    private String lost() {
        if (finding.loss().isEmpty() || finding.demand().map(Formula::value).orElse(0.0) == 0) {
            return "";
        }
        Finding.Loss loss = finding.loss().get();
        String low = loss.low().in(Unit.SHARE).brief();
        String high = loss.high().in(Unit.SHARE).brief();
        if (loss.high().value() < 1e-6) {
            return "";
        }
        return "; " + (low.equals(high) ? high : low.replace("%", "") + "-" + high) + " of " + loss.of();
    }
}
