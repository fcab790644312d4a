package plimsoll.dsl;

import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** A law made of one function, that counts how often it is applied. */
final class OneLaw implements Law {
    private final String name;
    private final Effect effect;
    private final List<Parameter> parameters;
    private final Function<Facts, Finding> rule;
    private final @Nullable Double solution;
    private final AtomicInteger applied = new AtomicInteger();

    private OneLaw(
            String name,
            Effect effect,
            List<Parameter> parameters,
            Function<Facts, Finding> rule,
            @Nullable Double solution) {
        this.name = name;
        this.effect = effect;
        this.parameters = List.copyOf(parameters);
        this.rule = rule;
        this.solution = solution;
    }

    static OneLaw of(String name, List<Parameter> parameters, Function<Facts, Finding> rule) {
        return new OneLaw(name, Effect.REFUSES, parameters, rule, null);
    }

    OneLaw slowing() {
        return new OneLaw(name, Effect.SLOWS, parameters, rule, solution);
    }

    /** With a closed form that says {@code x}, right or wrong. */
    OneLaw solvedBy(double x) {
        return new OneLaw(name, effect, parameters, rule, x);
    }

    Budget in(Facts facts) {
        return Budget.of(this, facts, "host");
    }

    Budget alone() {
        return in(Facts.none());
    }

    int applied() {
        return applied.get();
    }

    /** The value given for a parameter, else {@code present}. */
    static Formula input(Facts facts, String law, String name, double present) {
        return facts.input(law + "." + name, Unit.COUNT)
                .map(i -> Input.given(name, i.quantity()))
                .orElseGet(() -> Input.given(name, Quantity.of(present, Unit.COUNT)));
    }

    static Formula count(double n) {
        return Formula.fixed(Quantity.of(n, Unit.COUNT));
    }

    /** The sentence with which a user's mistake is refused. */
    static @Nullable String refusal(Executable mistake) {
        return Assertions.assertThrows(IllegalArgumentException.class, mistake).getMessage();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Effect effect() {
        return effect;
    }

    @Override
    public String meaning() {
        return "someone is turned away";
    }

    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of("host");
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        applied.incrementAndGet();
        return rule.apply(facts);
    }

    @Override
    public OptionalDouble solve(String input, Finding present, double goal) {
        return solution == null ? OptionalDouble.empty() : OptionalDouble.of(solution);
    }
}
