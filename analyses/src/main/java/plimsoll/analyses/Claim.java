package plimsoll.analyses;

import java.util.Optional;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * What is said of a load and was not measured, immutable: by the user, else by the notes on the capture. Telemetry is held against it.
 *
 * @param quantity what is said
 * @param words the same with who says it, as {@code 500/s that you give}
 * @param source where the notes say it; empty where the user does
 */
record Claim(Quantity quantity, String words, String source) {
    private static final String NOTED = "claimed:";

    double value() {
        return quantity.value();
    }

    /** What is said of an input, where it is a quantity of that unit. */
    static Optional<Claim> of(Observed seen, String input, Unit unit) {
        return seen.host()
                .facts()
                .find(input)
                .filter(f -> f.evidence().kind() == Evidence.Kind.GIVEN)
                .map(Fact::text)
                .map(t -> Quantity.parse(t, unit))
                .map(q -> new Claim(q, q.brief() + " that you give", ""))
                .or(() -> noted(seen, input, unit));
    }

    private static Optional<Claim> noted(Observed seen, String input, Unit unit) {
        Optional<Fact> fact = seen.read(NOTED + input);
        Optional<Quantity> quantity = fact.map(f -> Quantity.parse(f.text())).filter(q -> q.unit() == unit);
        return quantity.map(q -> new Claim(
                q,
                q.brief() + " that the notes on the capture claim",
                fact.orElseThrow().evidence().source()));
    }
}
