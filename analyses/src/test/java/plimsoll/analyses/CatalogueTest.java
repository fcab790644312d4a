package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Law;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
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

    /** The method of the host that a law's budget is: {@code conntrackDepth} for {@code conntrack-depth}. */
    static String noun(Law law) {
        var noun = new StringBuilder();
        for (String word : law.name().split("-", -1)) {
            noun.append(noun.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return noun.toString();
    }

    @ParameterizedTest
    @MethodSource("laws")
    void theHostHasANounForIt(Law law) {
        for (Class<?>[] arguments : List.<Class<?>[]>of(new Class<?>[0], new Class<?>[] {String.class})) {
            assertTrue(
                    Stream.of(Host.class.getMethods())
                            .filter(m -> m.getName().equals(noun(law)) && m.getReturnType() == Budget.class)
                            .anyMatch(m -> Arrays.equals(arguments, m.getParameterTypes())),
                    () -> "no Budget " + noun(law)
                            + Arrays.toString(arguments).replace('[', '(').replace(']', ')')
                            + " in Host: is " + law.getClass().getSimpleName()
                            + ".Noun among the interfaces of Host, with both methods?");
        }
    }

    /** What a noun is asked with is the first input of its law. */
    @ParameterizedTest
    @MethodSource("laws")
    void theNounAsksTheFirstInput(Law law) throws ReflectiveOperationException {
        Parameter first = law.parameters().get(0);
        String one = Quantity.of(1, first.unit()).toString();
        Host blank = Host.blank();
        assertEquals(
                blank.ask(law.name() + "." + first.name(), one)
                        .budgets(law.name())
                        .worst()
                        .explain()
                        .toString(),
                ((Budget) Host.class.getMethod(noun(law), String.class).invoke(blank, one))
                        .explain()
                        .toString());
    }

    /** A noun without a law is left over from one. */
    @Test
    void theHostHasNoOtherNoun() {
        Set<String> nouns = laws().map(CatalogueTest::noun).collect(Collectors.toSet());
        Set<String> methods = Stream.of(Host.class.getMethods())
                .filter(m -> m.getReturnType() == Budget.class && m.getParameterCount() == 0)
                .map(Method::getName)
                .collect(Collectors.toSet());
        assertEquals(nouns, methods);
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

    @Test
    void aLawIsPrintedAsOneLine() {
        assertEquals(
                "law keepalive: connections beyond the cache are closed when idle and opened again; of clients, idle ones are closed early",
                Host.blank().keepalive().law().toString());
        for (Law law : Catalogue.ALL) {
            assertEquals("law " + law.name() + ": " + law.meaning(), law.toString());
            assertEquals(1, law.toString().lines().count(), law.name());
        }
    }
}
