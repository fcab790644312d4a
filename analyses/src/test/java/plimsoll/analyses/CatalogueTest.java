package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Law;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Verdict;

/** What holds for every law. */
class CatalogueTest {
    static Stream<Law> laws() {
        return Catalogue.ALL.stream();
    }

    @Test
    void everyNameIsGivenOnce() {
        var names = new HashSet<String>();
        laws().forEach(l -> assertTrue(names.add(l.name()), l::name));
    }

    @ParameterizedTest
    @MethodSource("laws")
    void theHostHasANounForIt(Law law) throws ReflectiveOperationException {
        var noun = new StringBuilder();
        for (String word : law.name().split("-", -1)) {
            noun.append(noun.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        for (Class<?>[] arguments :
                List.<Class<?>[]>of(new Class<?>[0], new Class<?>[] {String.class}, new Class<?>[] {Quantity.class})) {
            assertEquals(
                    Budget.class,
                    Host.class.getMethod(noun.toString(), arguments).getReturnType());
        }
    }

    /** Of a host of which nothing is known: one line, no number, and what would decide. */
    @ParameterizedTest
    @MethodSource("laws")
    void ofNothingItSaysWhatWouldDecide(Law law) {
        assertFalse(law.scopes(Facts.none()).isEmpty());
        for (String scope : law.scopes(Facts.none())) {
            Budget b = Budget.of(law, Facts.none(), scope);
            assertEquals(Verdict.State.UNKNOWN, b.verdict().state());
            assertTrue(b.toString().length() <= 76, b::toString);
            assertFalse(b.finding().missing().isEmpty());
            for (Missing m : b.finding().missing()) {
                assertTrue(m.command().lines().count() == 1 && !m.command().isBlank(), m::toString);
            }
        }
        assertFalse(law.meaning().isBlank());
    }

    @ParameterizedTest
    @MethodSource("laws")
    void itsParametersCanBeAsked(Law law) {
        for (var p : law.parameters()) {
            assertTrue(p.name().matches("[a-z][a-z-]*"), p::name);
            assertFalse(p.meaning().isBlank());
        }
        assertFalse(law.parameters().isEmpty());
    }
}
