package plimsoll.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import plimsoll.analyses.Host;

/** What TAB shows is part of the interface: these lists are agreed. */
class CompletionTest {
    /** What a host is asked besides its budgets. */
    private static final List<String> AGREED = List.of(
            "ask(",
            "at(",
            "budget(",
            "budgets(",
            "compare(",
            "doubts()",
            "facts()",
            "picture(",
            "pictures()",
            "plot()",
            "remedies()",
            "report()",
            "rows(",
            "sources()",
            "symptoms()",
            "table(",
            "tables()",
            "with(");

    /** JShell shows the methods of Object among those of every value, and has no way to hide them. */
    private static final Set<String> OF_OBJECT =
            Set.of("equals(", "getClass()", "hashCode()", "notify()", "notifyAll()", "toString()", "wait(");

    private static Session session;

    @BeforeAll
    static void open() {
        session = Session.open();
        session.begin("Host host = null;");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static String noun(String law) {
        return Pattern.compile("-(.)").matcher(law).replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT)) + "(";
    }

    private static List<String> names(String text) {
        return session.completions(text).stream().distinct().toList();
    }

    /** Beyond a hundred JShell shows nothing at the first TAB but how many there are. */
    @Test
    void theFirstTabShowsThem() {
        int offered = session.completions("host.").size();
        assertTrue(offered <= 100, offered + " are offered");
    }

    @Test
    void aHostShowsItsBudgetsWhatIsAskedOfItAndAtMostTwelveFurtherNames() {
        List<String> shown = names("host.");
        Set<String> nouns = Host.of("$ cat /proc/sys/net/ipv4/tcp_tw_reuse\n2\n").budgets().stream()
                .map(b -> noun(b.name()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(nouns.size() >= 32, nouns::toString);
        assertTrue(shown.containsAll(nouns), () -> nouns + " are not all among " + shown);
        var further = new ArrayList<>(shown);
        further.removeAll(nouns);
        further.removeAll(AGREED);
        assertTrue(further.size() <= 12, further.size() + " further names: " + further);
        assertTrue(further.containsAll(OF_OBJECT), further::toString);
        further.removeAll(OF_OBJECT);
        assertEquals(List.of("as(", "capture()", "in(", "name()"), further);
    }

    /** The names of one family stand together because they begin alike. */
    @Test
    void familiesOfBudgetsStandTogether() {
        for (String family : List.of("conntrack", "disk", "fpm", "opcache")) {
            List<String> shown = names("host.");
            List<Integer> at = new ArrayList<>();
            for (int i = 0; i < shown.size(); i++) {
                if (shown.get(i).startsWith(family)) {
                    at.add(i);
                }
            }
            assertEquals(at.size() - 1, at.get(at.size() - 1) - at.get(0), shown::toString);
            assertTrue(at.size() > 1, family);
        }
    }

    @Test
    void aBudgetShowsFewNames() {
        var shown = new ArrayList<>(names("host.ports()."));
        shown.removeAll(OF_OBJECT);
        assertTrue(
                shown.containsAll(List.of("at(", "breaksAt(", "explain()", "figure(", "sweep(", "verdict()", "with(")),
                shown::toString);
        assertTrue(shown.size() <= 17, shown::toString);
    }

    @Test
    void signaturesHaveTheNamesOfTheirParameters() {
        // JShell of JDK 25 shows what is inherited, as the nouns of the laws are, without the names that its class
        // files hold
        String rate = Runtime.version().feature() < 25 ? "String rate" : "String";
        assertEquals(
                List.of("Budget Ports.Noun.ports()", "Budget Ports.Noun.ports(" + rate + ")"),
                session.signatures("host.ports("));
        assertTrue(session.signatures("host.with(").contains("Host Host.with(String setting, String value)"));
        assertTrue(session.signatures("Host.read(").contains("Host Host.read(String... paths)"));
        assertEquals(
                List.of("Sweep Budget.sweep(String input, String from, String to)"),
                session.signatures("host.ports().sweep("));
    }
}
