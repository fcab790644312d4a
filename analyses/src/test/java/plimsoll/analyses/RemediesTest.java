package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import plimsoll.dsl.Bottleneck;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Change;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Law;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Remedies;
import plimsoll.dsl.Remedy;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Settings;

class RemediesTest {
    private static final Path SNIPPETS = Path.of("target", "snippets");

    private static Host api(String rate) {
        return Host.read("../datasets/license-api")
                .ask("ports.connected", "100 ms")
                .ask("ports.rate", rate);
    }

    private static Remedy titled(Iterable<Remedy> remedies, String title) {
        for (Remedy r : remedies) {
            if (r.title().equals(title)) {
                return r;
            }
        }
        throw new AssertionError("no '" + title + "' in " + remedies);
    }

    // ---- the field report's question, by hand

    /** 1,200/s x (0.1 s + 61.024 s) = 73,349 connections. */
    @ParameterizedTest
    @CsvSource({
        "'wider range, reserved ports', OVER, 1.1371, 0.1352", // 64,512 ports less 4 reserved
        "tcp_tw_reuse=1, FITS, 0.046756, 0", // 1,200 x (0.1 + 1) = 1,320
        "keepalive proxy on this host, FITS, 0.015914, 0", // 120 busy, 1.2/s x 61.024 s = 73.2, 256 idle
        "a second source address, OVER, 1.29903, 0.2436" // 36,674 of 28,232; 1 - c/A at 62.148 s is 0.2435
    })
    void eachChangeByHand(String title, Verdict.State state, double use, double loss) {
        Remedy r = titled(api("1200/s").ports().remedies(), title);
        assertEquals(state, r.after().verdict().state());
        assertEquals(use, r.use().orElseThrow(), 2e-4);
        assertEquals(loss, r.loss().orElse(0), 1e-3);
    }

    @Test
    void theyComeByLossThenUseThenHowManyTheyAre() {
        List<Remedy> all = api("1200/s").ports().remedies().stream().toList();
        for (int i = 1; i < all.size(); i++) {
            double before = all.get(i - 1).loss().orElse(0);
            double now = all.get(i).loss().orElse(0);
            assertTrue(before <= now, () -> all.toString());
            if (before == now) {
                assertTrue(
                        all.get(i - 1).use().orElseThrow() <= all.get(i).use().orElseThrow(), () -> all.toString());
            }
        }
        assertEquals(2, titled(all, "wider range, reserved ports").size());
        assertEquals(1, titled(all, "keepalive proxy on this host").size());
    }

    /**
     * One destination has 28,232 ports and so as many tuples; 34,210 entries were counted, so 5,978 are of other flows. With 64,508 ports
     * there may be 70,486 entries in a table of 65,536: full at (65,536 - 5,978) / 120.1 s = 495.9/s, 0.05 % lost a little before.
     */
    @Test
    void widerPortsMeetConnectionTrackingNext() {
        Remedy wider = titled(api("1200/s").ports().remedies(), "wider range, reserved ports");
        Bottleneck next = wider.next().orElseThrow();
        assertEquals("conntrack", next.budget());
        assertEquals("rate", next.input());
        assertEquals(494, next.at().orElseThrow().value(), 3);
        assertEquals(
                List.of("conntrack"), wider.over().stream().map(Budget::name).toList());
        assertEquals(70_486, wider.over().get(0).figure("demand").value());
        // without the change it is not met: there are not as many tuples
        Remedy reuse = titled(api("1200/s").ports().remedies(), "tcp_tw_reuse=1");
        assertEquals(List.of(), reuse.over());
        assertEquals("ports", reuse.next().orElseThrow().budget());
    }

    /** The way to the proxy is 127/8, where tcp_tw_reuse=2 lets ports be taken again; with 0 the proxy only moves the lack. */
    @Test
    void aProxyNeedsReuseOnTheWayToIt() {
        Remedy with2 = titled(api("1200/s").ports().remedies(), "keepalive proxy on this host");
        assertEquals("127.0.0.1 -> 127.0.0.1:8081", with2.next().orElseThrow().scope());
        assertTrue(with2.next().orElseThrow().at().orElseThrow().value() > 25_000);
        Remedy with0 = titled(
                api("1200/s").with("net.ipv4.tcp_tw_reuse", "0").ports().remedies(), "keepalive proxy on this host");
        assertEquals(449.5, with0.next().orElseThrow().at().orElseThrow().value(), 0.1);
        assertEquals(
                List.of("127.0.0.1 -> 127.0.0.1:8081"),
                with0.over().stream().map(Budget::scope).toList());
    }

    /** 700/s x 61.124 s = 42,787 to one destination, 500/s = 30,562 to another: a setting is of both, a source address of the one asked for. */
    @Test
    void whatBecomesOfOtherDestinationsIsSaid() {
        Host two = Host.read("../datasets/license-api")
                .ask("ports.connected", "100 ms")
                .ask("ports[10.0.1.5 -> 198.51.100.10:443].rate", "500/s")
                .ask("ports[10.0.1.5 -> 203.0.113.7:443].rate", "700/s");
        Remedies remedies = two.remedies();
        assertEquals(
                List.of("10.0.1.5 -> 203.0.113.7:443"),
                remedies.budgets().stream().map(Budget::scope).toList());
        Remedy reuse = titled(remedies, "tcp_tw_reuse=1");
        assertEquals(550, reuse.alike().get(0).figure("demand").value(), 1e-9);
        assertTrue(
                reuse.details().contains(List.of("also", "10.0.1.5 -> 198.51.100.10:443: FITS 1.9%")),
                () -> reuse.details().toString());
        Remedy source = titled(remedies, "a second source address");
        assertTrue(
                source.details().contains(List.of("also", "10.0.1.5 -> 198.51.100.10:443: OVER 108%")),
                () -> source.details().toString());
        assertEquals(
                List.of(), titled(api("500/s").remedies(), "tcp_tw_reuse=1").alike());
    }

    @Test
    void theFirstAreNamedAndTheOthersCounted() {
        Host many = Host.read("../datasets/license-api").with("net.ipv4.tcp_tw_reuse_delay", "1000");
        for (int i = 1; i <= 26; i++) {
            many = many.ask("ports[10.0.1.5 -> 203.0.113." + i + ":443].rate", 600 + i + "/s");
        }
        Remedy reuse = titled(many.remedies(), "tcp_tw_reuse=1");
        assertEquals(20, reuse.alike().size());
        String also = reuse.details().stream()
                .filter(d -> d.get(0).equals("also"))
                .findFirst()
                .orElseThrow()
                .get(1);
        assertEquals(
                "10.0.1.5 -> 203.0.113.25:443: FITS 2.2%; 10.0.1.5 -> 203.0.113.24:443: FITS 2.2%;"
                        + " 10.0.1.5 -> 203.0.113.23:443: FITS 2.2%; of 17 more 17 fit; 5 more not tried",
                also);
    }

    @Test
    void folkloreIsNamedAndRefused() {
        Remedies remedies = api("1200/s").remedies();
        assertTrue(remedies.stream()
                .flatMap(r -> r.changes().stream())
                .noneMatch(c -> c.name().contains("tcp_fin_timeout") || c.name().contains("tcp_tw_recycle")));
        List<String> refused = remedies.refused().stream().map(Refused::change).toList();
        assertTrue(
                refused.containsAll(List.of("net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_tw_recycle")), refused::toString);
    }

    @Test
    void moreEntriesComeWithMoreBuckets() {
        Budget over = Given.budget(
                new Conntrack(),
                Given.read("net.netfilter.nf_conntrack_max", "65536", "module:nf_conntrack.hashsize", "16384"),
                "host",
                "rate",
                "1000/s");
        Remedy r = over.remedies().get(0);
        assertEquals(
                List.of(
                        new Change("net.netfilter.nf_conntrack_max", "163840"), // 120,000 / 0.8 in steps of 16,384
                        new Change("net.netfilter.nf_conntrack_buckets", "163840")),
                r.changes());
        String refused = over.remedies().refused().get(0).toString();
        assertTrue(refused.startsWith("nf_conntrack_max without nf_conntrack_buckets: "), refused);
        assertTrue(refused.contains("four times the entries in 16,384 buckets are 32"), refused);
    }

    // ---- the smallest

    @Test
    void theSmallestIsOneChange() {
        Remedy r = api("500/s").ports().smallest("80 %");
        assertEquals(1, r.size());
        assertEquals(Verdict.State.FITS, r.after().verdict().state());
        assertTrue(r.use().orElseThrow() <= 0.8);
    }

    /** 120/s x 200 ms = 24 busy workers: 30 children are used to 80 %, 29 are not enough. */
    @Test
    void noMoreChildrenThanItTakes() {
        Budget over = Given.budget(
                new FpmWorkers(),
                Given.read("fpm:pm.max_children[www]", "20"),
                "www",
                "rate",
                "120/s",
                "service",
                "200 ms");
        Remedy r = over.smallest("80 %");
        assertEquals(List.of(new Change("fpm:pm.max_children[www]", "30")), r.changes());
        assertEquals(1.5, r.ratio());
        assertEquals("[www]\npm.max_children = 30", r.snippets().get(0).text());
    }

    @Test
    void whatCannotBeReachedIsSaid() {
        Budget fits = api("100/s").ports();
        var none = assertThrows(IllegalArgumentException.class, () -> fits.smallest("80 %"));
        assertTrue(String.valueOf(none.getMessage()).contains("nothing has to change"), none::getMessage);
        Budget over = Given.budget(new Inodes(), Given.read(), "any one file system");
        var never = assertThrows(IllegalArgumentException.class, () -> over.smallest("80 %"));
        assertTrue(
                String.valueOf(never.getMessage()).startsWith("no change that is known brings inodes to 80%"),
                never::getMessage);
    }

    /** 2 GiB hold 34 children of 60 MiB; raising them beyond is met by the memory. */
    @Test
    void moreChildrenMeetTheMemory() {
        Host host =
                Host.of("$ cat /proc/meminfo\nMemTotal: 4194304 kB\nMemFree: 2097152 kB\nMemAvailable: 2097152 kB\n");
        Budget over = Budget.of(
                Catalogue.law("fpm-workers"),
                host.facts()
                        .plus(Given.read("fpm:pm.max_children[www]", "20")
                                .find("fpm:pm.max_children[www]")
                                .orElseThrow())
                        .given("fpm-memory.child", "60 MiB")
                        .given("fpm-workers.rate", "200/s")
                        .given("fpm-workers.service", "200 ms"),
                "www",
                Catalogue.ALL);
        Remedy r = over.remedies().get(0);
        assertEquals("pm.max_children=50", r.title());
        assertEquals("fpm-memory", r.next().orElseThrow().budget());
        assertEquals(35, r.next().orElseThrow().at().orElseThrow().value());
    }

    // ---- what holds for every law

    static List<OverCases.Case> cases() {
        return OverCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsPromisedIsWhatTheChangeGives(OverCases.Case c) {
        Budget over = c.budget().get();
        assertEquals(Verdict.State.OVER, over.verdict().state(), over::toString);
        Remedies remedies = over.remedies();
        assertTrue(remedies.size() > 0, over::toString);
        for (Remedy r : remedies) {
            Budget changed = over;
            for (Change change : r.changes()) {
                changed = over.looksAt(change.name()) || changed.looksAt(change.name())
                        ? changed.with(change.name(), change.value())
                        : changed;
                assertTrue(
                        over.looksAt(change.name())
                                || Settings.find(change.name()).isPresent(),
                        () -> over.name() + " never looks at " + change);
            }
            assertEquals(changed.verdict().use(), r.use(), r::toString);
            assertEquals(
                    changed.finding().loss().map(l -> l.high().value()).orElse(0.0),
                    r.loss().orElse(0),
                    r::toString);
            assertFalse(r.risk().isBlank() || r.source().isBlank() || r.cost().isBlank(), r::toString);
            assertFalse(r.snippets().isEmpty(), r::toString);
            assertTrue(r.toString().length() <= 76, r::toString);
        }
        assertTrue(remedies.toString().length() < 1000, remedies::toString);
        remedies.toString().lines().forEach(l -> assertTrue(l.length() <= 76, l));
        assertTrue(remedies.toString().endsWith(".print()"), remedies::toString);
    }

    /** The snippets of every case, for the programs that read them: .ci/snippets. */
    @ParameterizedTest
    @MethodSource("cases")
    void snippetsAreWritten(OverCases.Case c) throws IOException {
        Files.createDirectories(SNIPPETS);
        int i = 0;
        for (Remedy r : c.budget().get().remedies()) {
            for (Snippet s : r.snippets()) {
                i++;
                Files.writeString(
                        SNIPPETS.resolve(c.name().replace(' ', '-') + "-" + i + "."
                                + s.kind().name().toLowerCase(Locale.ROOT)),
                        s.text() + "\n");
            }
        }
        assertTrue(i > 0);
    }

    /** Of those that offer remedies, which all but a new one do. */
    @Test
    void everyLawWithRemediesHasACase() throws NoSuchMethodException {
        Set<String> cased = OverCases.all().stream()
                .map(c -> c.name().replaceFirst(" .*", ""))
                .collect(Collectors.toSet());
        for (Law law : Catalogue.ALL) {
            boolean offers = law.getClass()
                            .getMethod("remedies", Facts.class, String.class)
                            .getDeclaringClass()
                    != Law.class;
            assertEquals(
                    offers,
                    cased.contains(law.name()),
                    () -> "a law has a case in OverCases exactly where it has remedies: " + law.name());
        }
    }

    @Test
    void aHostTakesWhatARemedyChanges() {
        Host host = api("1200/s");
        for (Remedy r : host.remedies()) {
            Host changed = host;
            for (Change c : r.changes()) {
                changed = changed.with(c.name(), c.value());
            }
            Budget after = changed.budgets("ports").stream()
                    .filter(b -> b.scope().equals(r.before().scope()))
                    .findFirst()
                    .orElseThrow();
            assertEquals(r.use(), after.verdict().use(), r::toString);
        }
    }

    @Test
    void whereNothingIsOverNothingIsMended() {
        Host host = Host.read("../datasets/license-api");
        assertEquals(0, host.remedies().size());
        assertEquals("nothing is OVER, so nothing to mend", host.remedies().toString());
        assertTrue(host.conntrack().remedies().toString().endsWith("\n  nothing to mend"));
    }

    /** A pool that was full when it was read is censored still when its range is made wider. */
    @Test
    void aGaugeAtItsCeilingStaysCensored() {
        Host host = Host.read("../datasets/port-exhaustion/t0/client");
        Budget full = host.ports();
        assertEquals(Verdict.State.OVER, full.verdict().state());
        Budget wider = full.with("net.ipv4.ip_local_port_range", "1024 65535");
        assertEquals(Verdict.State.UNKNOWN, wider.verdict().state());
        assertTrue(wider.verdict().censored());
        assertTrue(Stream.of("tcp_tw_reuse=1", "a second source address")
                .allMatch(t -> titled(full.remedies(), t).after().verdict().censored()));
    }
}
