package plimsoll.analyses;

import java.util.List;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Law;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Unit;

/**
 * A law that cannot be asked of a capture, because a value in it is none: unknown, and it says why. The other budgets stand.
 *
 * @param law the law
 * @param why a sentence that names the value
 */
record Unanswered(Law law, String why) implements Law {
    @Override
    public String name() {
        return law.name();
    }

    @Override
    public Effect effect() {
        return law.effect();
    }

    @Override
    public String meaning() {
        return law.meaning();
    }

    @Override
    public List<Parameter> parameters() {
        return law.parameters();
    }

    @Override
    public List<String> scopes(Facts facts) {
        return law.scopes(facts);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        return Finding.unknown(Unit.COUNT, new Missing("a value that can be read", "that value anew: " + why));
    }

    @Override
    public String toString() {
        return law.toString();
    }
}
