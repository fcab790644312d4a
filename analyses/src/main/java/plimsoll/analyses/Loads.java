package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/** Gathers what one law puts on others, see {@link plimsoll.dsl.Law#loads}. */
final class Loads {
    private final Evidence evidence;
    private final List<Fact> facts = new ArrayList<>();

    /** {@code what} says what is carried on. */
    Loads(String what) {
        this.evidence = Evidence.derived(what);
    }

    /** Puts a value on an input, {@code conntrack.rate}. Whole things are rounded up. */
    void load(String input, Quantity value) {
        boolean whole = value.unit() == Unit.COUNT;
        String text = whole ? String.valueOf((long) Math.ceil(value.value())) : value.toString();
        facts.add(new Fact(input, text, evidence));
    }

    List<Fact> facts() {
        return List.copyOf(facts);
    }
}
