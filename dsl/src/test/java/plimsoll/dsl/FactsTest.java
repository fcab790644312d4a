package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FactsTest {
    private static Fact fact(Evidence.Kind kind) {
        return new Fact("x", kind.name(), new Evidence(kind, "a test"));
    }

    private static Fact read(String text, String source) {
        return new Fact("x", text, Evidence.read(source));
    }

    @Property
    void theMostBindingKindCountsWhateverCameFirst(@ForAll Random random) {
        var kinds = new ArrayList<>(Arrays.asList(Evidence.Kind.values()));
        kinds.remove(Evidence.Kind.CHANGED); // of what the user said, the last word counts: see below
        Collections.shuffle(kinds, random);
        Facts facts = Facts.none();
        for (Evidence.Kind kind : kinds) {
            facts = facts.plus(fact(kind));
        }
        assertEquals(
                List.of("GIVEN", "READ", "DERIVED", "DEFAULT", "ASSUMED"),
                facts.all("x").stream().map(Fact::text).toList());
    }

    @Property
    void theOneThatCountsIsTheFirstOfAll(@ForAll Random random) {
        List<Evidence.Kind> kinds = List.of(Evidence.Kind.values());
        Facts facts = Facts.none();
        for (int i = random.nextInt(8); i >= 0; i--) {
            var more = new ArrayList<Fact>();
            for (int j = random.nextInt(4); j > 0; j--) {
                Evidence.Kind kind = kinds.get(random.nextInt(kinds.size()));
                more.add(new Fact("x", "" + i, new Evidence(kind, "" + j)));
            }
            facts = facts.plus(more);
            facts = random.nextInt(4) == 0 ? facts.asRead() : facts;
        }
        assertEquals(facts.all("x").stream().findFirst(), facts.find("x"));
    }

    @Test
    void aWhatIfLiesOnTopOfWhatWasSaid() {
        Facts said = Facts.none().plus(read("1", "sysctl:3")).given("x", "2").with("x", "3");
        assertEquals("x = 3  CHANGED (was 2)", said.find("x").orElseThrow().toString());
        assertEquals(
                List.of("3", "2", "1"), said.all("x").stream().map(Fact::text).toList());
    }

    @Test
    void theLastWordOfTheUserCounts() {
        Facts facts = Facts.none().given("x", "1").with("x", "2").given("x", "3");
        assertEquals("3", facts.find("x").orElseThrow().text());
        Facts together = Facts.none()
                .plus(List.of(
                        new Fact("x", "first", Evidence.given()),
                        read("read", "a"),
                        new Fact("x", "last", Evidence.given())));
        assertEquals("last", together.find("x").orElseThrow().text());
    }

    @Test
    void ofTwoReadingsTheFirstCountsAndNoneIsForgotten() {
        Facts facts = Facts.none()
                .plus(List.of(read("1", "sysctl:3"), read("2", "sysctl:9")))
                .plus(read("3", "proc:1"));
        assertEquals("sysctl:3", facts.find("x").orElseThrow().evidence().source());
        assertEquals(
                List.of("1", "2", "3"), facts.all("x").stream().map(Fact::text).toList());
    }

    @Test
    void aReadingBelowADefaultCounts() {
        Facts facts = Facts.none().plus(fact(Evidence.Kind.DEFAULT)).plus(read("1", "sysctl:3"));
        assertEquals("1", facts.find("x").orElseThrow().text());
    }

    @Test
    void withoutAnEarlierValueAWhatIfIsGiven() {
        assertEquals(
                "x = 1  GIVEN (you)",
                Facts.none().with("x", "1").find("x").orElseThrow().toString());
    }

    @Test
    void factsThemselvesDoNotChange() {
        Facts before = Facts.none().plus(read("1", "sysctl:3"));
        before.with("x", "2");
        before.plus(read("9", "elsewhere"));
        assertEquals(1, before.all("x").size());
        assertEquals(Optional.empty(), before.find("y"));
    }

    @Test
    void namesAreSortedAndEachOnce() {
        Facts facts = Facts.none().given("b", "1").given("a", "1").with("b", "2");
        assertEquals(Set.of("a", "b"), facts.names());
        assertEquals(List.of("a", "b"), List.copyOf(facts.names()));
        assertEquals("a = 1  GIVEN (you)\nb = 2  CHANGED (was 1)", facts.toString());
        assertEquals("no facts", Facts.none().toString());
        assertThrows(UnsupportedOperationException.class, () -> facts.names().add("c"));
    }

    @Test
    void theLatestTableOfANameCountsAndOnlyInItsType() {
        Facts facts = Facts.none()
                .holding("sockets", List.of("old"))
                .given("a", "1")
                .holding("sockets", List.of("new"))
                .with("a", "2");
        assertEquals(Optional.of(List.of("new")), facts.table("sockets", List.class));
        assertEquals(Optional.empty(), facts.table("sockets", String.class));
        assertEquals(Optional.empty(), facts.table("routes", List.class));
    }

    @Test
    void aReadingThatIsNoQuantityIsNamedWithItsSource() {
        Facts facts = Facts.none().plus(new Fact("net.core.somaxconn", "many", Evidence.read("sysctl.txt:7")));
        var refused = assertThrows(IllegalArgumentException.class, () -> facts.input("net.core.somaxconn", Unit.COUNT));
        assertEquals(
                "net.core.somaxconn, READ (sysctl.txt:7): 'many' is not a number with a unit: a count is written 28232",
                refused.getMessage());
    }

    @Test
    void aSettingThatLeavesItsUnitOutIsReadInItsOwnUnit() {
        Facts facts = Facts.none().given("timeout", "120").given("spelled", "2 min");
        assertEquals(
                Quantity.seconds(120),
                facts.input("timeout", Unit.SPAN, "s").orElseThrow().quantity());
        assertEquals(
                Quantity.seconds(0.12),
                facts.input("timeout", Unit.SPAN, "ms").orElseThrow().quantity());
        assertEquals(
                Quantity.seconds(120),
                facts.input("spelled", Unit.SPAN, "s").orElseThrow().quantity());
        assertEquals(Optional.empty(), facts.input("absent", Unit.SPAN, "s"));
        assertThrows(IllegalArgumentException.class, () -> facts.input("timeout", Unit.SPAN));
    }

    @Test
    void aFileAndItsLineAreOneSource() {
        Evidence apart = Evidence.read("meminfo.txt", 12);
        assertEquals("meminfo.txt:12", apart.source());
        assertEquals(Evidence.read("meminfo.txt:12"), apart);
        assertEquals(Evidence.read("meminfo.txt:12").hashCode(), apart.hashCode());
        assertEquals("READ (meminfo.txt:12)", apart.toString());
    }
}
