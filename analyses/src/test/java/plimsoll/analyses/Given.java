package plimsoll.analyses;

import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Law;

/** Facts and budgets for the tests of laws. */
final class Given {
    private Given() {}

    /** Facts that were read: name, text, name, text... */
    static Facts read(String... namesAndTexts) {
        Facts facts = Facts.none();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            facts = facts.plus(new Fact(namesAndTexts[i], namesAndTexts[i + 1], Evidence.read("test:" + i)));
        }
        return facts;
    }

    /** A budget with inputs that were given: name, text, name, text... */
    static Budget budget(Law law, Facts facts, String scope, String... inputs) {
        Facts given = facts;
        for (int i = 0; i < inputs.length; i += 2) {
            given = given.given(law.name() + "." + inputs[i], inputs[i + 1]);
        }
        return Budget.of(law, given, scope);
    }
}
