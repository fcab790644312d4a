package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Law;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Unit;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Setting;
import plimsoll.telemetry.Settings;

/**
 * {@code docs/laws} has a page for each law of the catalogue and a capture beside it, the page's example. "Sources", "Measured", "Limits" and
 * the lines after {@code jshell>} are written by hand in the page; all else comes from running those lines.
 */
class LawPagesTest {
    private static final Path FOLDER = Pages.DOCS.resolve("laws");
    private static final List<String> BY_HAND = List.of("Sources", "Measured", "Limits");
    private static final String PROMPT = "jshell> ";
    private static final int SHORT = 40;

    /** What reads the names of facts that are no settings, by how they begin, and what they are numbers of where that is not in the formulas. */
    private static final Map<String, Reading> READINGS = new LinkedHashMap<>();

    private record Reading(String unit, String command) {}

    static {
        for (String row : List.of(
                "sockstat: | count | cat /proc/net/sockstat",
                "sockstat6: | count | cat /proc/net/sockstat6",
                "ss: | count | ss -s",
                "states: | count | ss -Hnat | awk '{print $1}' | sort | uniq -c",
                "conntrack:entries | count | conntrack -L",
                "vmstat: | pages | cat /proc/vmstat",
                "meminfo: | B | cat /proc/meminfo",
                "free: | B | free -b",
                "zoneinfo: | pages | cat /proc/zoneinfo",
                "fs.file-nr | files | sysctl fs.file-nr",
                "redis.conf: |  | cat /etc/redis/redis.conf",
                "redis: |  | redis-cli info; redis-cli config get '*'",
                "opcache:directives. |  | opcache_get_configuration() in a page of PHP-FPM",
                "opcache:opcache_statistics. | count | opcache_get_status() in a page of PHP-FPM",
                "opcache: | B | opcache_get_status() in a page of PHP-FPM",
                "php: |  | php-fpm -i",
                "opcache. |  | php-fpm -i",
                "fpm:status. | count | the status page (pm.status_path)",
                "fpm: |  | php-fpm -tt",
                "smaps_rollup: | B | cat /proc/PID/smaps_rollup",
                "status: | B | cat /proc/PID/status",
                "limits: | files | cat /proc/PID/limits",
                "nginx:status. | count | the page of stub_status",
                "nginx:version |  | nginx -v",
                "nginx: |  | nginx -T",
                "fastcgi_ |  | nginx -T",
                "proxy_ |  | nginx -T",
                "uwsgi_ |  | nginx -T",
                "scgi_ |  | nginx -T",
                "worker_ |  | nginx -T",
                "keepalive |  | nginx -T",
                "cgroup: |  | grep -r . /sys/fs/cgroup/GROUP",
                "jbd2: |  | cat /proc/fs/jbd2/*/info",
                "PAGE_SIZE | B | getconf PAGE_SIZE",
                "system: | s | another system, as host.as(\"freebsd\") says")) {
            String[] cells = row.split(" \\| ", 3);
            READINGS.put(cells[0], new Reading(cells[1].strip(), cells[2]));
        }
    }

    private static Session session;

    @BeforeAll
    static void open() {
        session = new Session();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    /** A line of an example and what it makes. */
    private record Made(String line, Object value) {}

    static Stream<Law> laws() {
        return Catalogue.ALL.stream();
    }

    private static Path page(Law law) {
        return FOLDER.resolve(law.name() + ".md");
    }

    private static String capture(Law law) {
        return law.name() + ".txt";
    }

    // ---- what is written by hand

    /** The text below a heading up to the next, as it stands in the page. */
    private static String section(List<String> page, String heading) {
        int start = page.indexOf("## " + heading);
        if (start < 0) {
            return "";
        }
        return page.subList(start + 1, page.size()).stream()
                .takeWhile(l -> !l.startsWith("## "))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    private static List<String> lines(List<String> page) {
        return page.stream()
                .filter(l -> l.startsWith(PROMPT))
                .map(l -> l.substring(PROMPT.length()))
                .toList();
    }

    // ---- the page

    @ParameterizedTest
    @MethodSource("laws")
    void thePageIsWhatTheLawSays(Law law) throws IOException {
        assertTrue(
                Files.exists(FOLDER.resolve(capture(law))),
                () -> "docs/laws/" + capture(law) + ": a capture to try it on");
        List<String> old = Files.exists(page(law)) ? Files.readAllLines(page(law)) : List.of();
        var shown = new ArrayList<Made>();
        session.value("var host = Host.read(\"docs/laws/" + capture(law) + "\")");
        for (String line : lines(old)) {
            shown.add(new Made(line, session.value(line.replaceFirst("\\.print\\(\\)$", ".text()"))));
        }
        var page = new StringBuilder("# " + law.name() + "\n\n");
        page.append(what(law)).append("\n\n## The law\n\n").append(formulas(shown));
        page.append("## Inputs\n\n").append(inputs(law, shown));
        for (String heading : BY_HAND) {
            page.append("\n## ")
                    .append(heading)
                    .append("\n\n")
                    .append(section(old, heading))
                    .append('\n');
        }
        page.append("\n## Example\n\n").append(example(law, shown));
        Pages.golden(page(law), page.toString());
        for (String heading : BY_HAND) {
            assertFalse(section(old, heading).isEmpty(), () -> page(law) + " says nothing under " + heading);
        }
        assertTrue(
                budgets(shown).stream().anyMatch(b -> b.verdict().state() != Verdict.State.UNKNOWN),
                () -> "an example of " + law.name() + " that is decided: lines that begin with '" + PROMPT + "'");
    }

    private static String what(Law law) {
        String headline = law.parameters().get(0).name();
        return "What it is to be over: " + law.meaning() + ".\n\n"
                + (law.effect() == Effect.REFUSES
                        ? "Beyond the supply someone gets an error"
                        : "Beyond the supply things get slower")
                + ". `host." + CatalogueTest.noun(law) + "()` reads what was captured, `host." + CatalogueTest.noun(law)
                + "(" + headline
                + ")` asks.";
    }

    private static List<Budget> budgets(List<Made> shown) {
        return shown.stream()
                .map(Made::value)
                .filter(Budget.class::isInstance)
                .map(Budget.class::cast)
                .toList();
    }

    /** The tree that ran for each budget of the example, the same ones once. */
    private static String formulas(List<Made> shown) {
        var blocks = new LinkedHashMap<String, String>();
        for (Made s : shown) {
            if (s.value instanceof Budget b) {
                blocks.putIfAbsent(tree(b.finding()), s.line.replaceFirst("^var \\w+ = ", ""));
            }
        }
        var out = new StringBuilder();
        blocks.forEach((tree, line) -> {
            if (!tree.isEmpty()) {
                out.append("As it ran for `")
                        .append(line)
                        .append("`:\n\n```\n")
                        .append(tree)
                        .append("```\n\n");
            }
        });
        return out.toString();
    }

    private static String tree(Finding found) {
        var rows = new LinkedHashMap<String, String>();
        found.demand().ifPresent(d -> rows.put("demand", bound(found.demandBound()) + d));
        found.supply().ifPresent(s -> rows.put("supply", bound(found.supplyBound()) + s));
        found.loss()
                .ifPresent(l -> rows.put(
                        "loss",
                        l.low().toString().equals(l.high().toString())
                                ? l.high().toString()
                                : l.low() + " to " + l.high()));
        for (Formula.Named part : found.parts()) {
            rows.put(part.name(), part.formula().toString());
        }
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        return rows.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%-" + width + "s = %s%n", e.getKey(), e.getValue()))
                .collect(Collectors.joining())
                .replace("\r", "");
    }

    private static String bound(Finding.Bound bound) {
        return bound == Finding.Bound.EXACT
                ? ""
                : bound.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " ";
    }

    /** What is given, then what is read. */
    private static String inputs(Law law, List<Made> shown) throws IOException {
        var out = new StringBuilder("| input | unit | what it is, or what reads it |\n|---|---|---|\n");
        var given = new LinkedHashSet<String>();
        for (Parameter p : law.parameters()) {
            given.add(p.name());
            out.append(row(p.name(), p.unit().base(), Pages.cell(p.meaning())));
        }
        var units = new TreeMap<String, Unit>();
        var read = new TreeSet<String>();
        for (Budget b : budgets(shown)) {
            for (Input i : b.finding().inputs()) {
                units.put(i.name(), i.quantity().unit());
                if (i.evidence().kind() != Evidence.Kind.GIVEN && i.evidence().kind() != Evidence.Kind.CHANGED) {
                    read.add(i.name());
                }
            }
            read.addAll(b.inputNames());
        }
        read.removeAll(given);
        read.remove(Parameter.GOAL);
        // net.ipv4.tcp_rmem.max is a part of net.ipv4.tcp_rmem
        Set<String> parts = read.stream()
                .filter(n -> n.contains(".") && read.contains(n.substring(0, n.lastIndexOf('.'))))
                .collect(Collectors.toSet());
        read.removeAll(parts);
        read.removeIf(n ->
                Catalogue.ALL.stream().anyMatch(l -> n.startsWith(l.name() + ".") || n.startsWith(l.name() + "[")));
        Facts captured = Host.read(FOLDER.resolve(capture(law)).toString()).facts();
        List<String> text = Files.readAllLines(FOLDER.resolve(capture(law)));
        var rows = new LinkedHashSet<String>();
        for (String name : read) {
            Reading reading = reading(law, name, captured, text);
            String unit = Optional.ofNullable(units.get(name)).map(Unit::base).orElse(reading.unit);
            String told = Settings.find(name).map(Setting::nativeUnit).orElse(unit.isEmpty() ? "as shown there" : unit);
            rows.add(row(
                    name.replaceFirst("^cgroup:[^:]+", "cgroup:GROUP").replaceFirst("\\[[^]]+]$", "[POOL]"),
                    told,
                    Pages.code(reading.command)));
        }
        rows.forEach(out::append);
        out.append("\nWhere nothing is known it asks for ");
        out.append(missing(law).stream()
                .map(m -> m.input() + ": " + Pages.code(m.command()))
                .distinct()
                .collect(Collectors.joining("; ")));
        return out.append(".\n").toString();
    }

    private static String row(String name, String unit, String meaning) {
        return "| `" + name + "` | " + unit + " | " + meaning + " |\n";
    }

    private static List<Missing> missing(Law law) {
        return law.scopes(Facts.none()).stream()
                .flatMap(s -> Budget.of(law, Facts.none(), s).finding().missing().stream())
                .toList();
    }

    /** What reads a fact: sysctl, a row of the list above, else the command that stands above it in the capture. */
    private static Reading reading(Law law, String name, Facts captured, List<String> text) {
        return Settings.find(name)
                .map(s -> new Reading(s.nativeUnit(), s.read()))
                .or(() -> READINGS.entrySet().stream()
                        .filter(e -> name.startsWith(e.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst())
                .or(() -> Optional.of(new Reading("", "sysctl " + name))
                        .filter(r -> name.matches("(kernel|net|vm|fs)\\..*")))
                .or(() -> captured.find(name)
                        .flatMap(f -> command(f.evidence().source(), text))
                        .map(c -> new Reading("", c)))
                .orElseGet(() -> new Reading(
                        "",
                        missing(law).stream().map(Missing::command).findFirst().orElse("")));
    }

    /** The command whose output holds the line that a fact was read from, as {@code tasks.txt:2}. */
    private static Optional<String> command(String source, List<String> text) {
        String line = source.replaceFirst(".*:", "");
        for (int i = line.matches("\\d+") ? Integer.parseInt(line) - 1 : -1; i >= 0; i--) {
            if (text.get(i).startsWith("$ ")) {
                return Optional.of(text.get(i).substring(2));
            }
        }
        return Optional.empty();
    }

    private static String example(Law law, List<Made> shown) throws IOException {
        String text = Files.readString(FOLDER.resolve(capture(law)));
        var out = new StringBuilder("[" + capture(law) + "](" + capture(law) + ")");
        if (text.lines().count() <= SHORT) {
            out.append(":\n\n```\n").append(text.strip()).append("\n```\n");
        } else {
            out.append(" is the capture.\n");
        }
        out.append("\n```\n$ ./plimsoll shell docs/laws/").append(capture(law)).append('\n');
        for (int i = 0; i < shown.size(); i++) {
            Made made = shown.get(i);
            out.append(PROMPT).append(made.line).append('\n');
            out.append(Session.shown(made.line, i + 1, made.value)).append('\n');
        }
        return out.append("```\n").toString();
    }

    // ---- all of them

    /** A page and a capture for each law, and none besides. */
    @Test
    void theFolderHasWhatTheCatalogueHas() throws IOException {
        var expected = new TreeSet<String>(List.of("README.md"));
        laws().forEach(l -> {
            expected.add(l.name() + ".md");
            expected.add(capture(l));
        });
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertEquals(
                    expected,
                    files.map(f -> f.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void theIndexHasEachOfThem() throws IOException {
        var index = new StringBuilder(
                """
                # The laws

                One page a law: the formula that runs, its inputs and what reads them, where it comes from, what was measured, how far it holds, and an
                example that the build runs on the capture beside the page.

                | budget | over | what it is to be over |
                |---|---|---|
                """);
        laws().forEach(l -> index.append("| [" + l.name() + "](" + l.name() + ".md) | "
                + l.effect().name().toLowerCase(Locale.ROOT) + " | " + Pages.cell(l.meaning()) + " |\n"));
        Pages.golden(FOLDER.resolve("README.md"), index.toString());
    }
}
