package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import plimsoll.dsl.Breakpoint;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Explanation;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Remedies;
import plimsoll.dsl.Sweep;
import plimsoll.telemetry.Rows;

/** What every public value shows by itself in a shell that cuts at 1,000 characters: it stays below, and says how the rest is had. */
class AnswersTest {
    private static final Pattern MORE = Pattern.compile("(?s).*\n([^\n]*, )?\\d+ more: \\.print\\(\\)");

    /** What begins with a verdict or a title; what else there is begins with what was captured, as wide as that is. */
    private static final Pattern HEADLINE =
            Pattern.compile("budgets|explanation|picture|plot|remed|smallest|sweep|verdict");

    /** What prints longer than it teaches. */
    private static final int MANY = 2000;

    static Stream<Path> datasets() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("..", "datasets"))) {
            return all.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("datasets")
    void everyAnswerStaysUnderAThousandCharacters(Path dataset) {
        Host host = Host.read(dataset.toString());
        answers(host).forEach((name, value) -> {
            String shown = value.toString();
            assertTrue(shown.length() < 1000, name + " shows " + shown.length() + " characters:\n" + shown);
            if (HEADLINE.matcher(name).lookingAt()) {
                assertOneLine(shown.lines().findFirst().orElseThrow());
            }
            assertTrue(!shown.matches("(?s).*\\w@[0-9a-f]{5,8}\\b.*"), name + " shows " + shown);
        });
    }

    @ParameterizedTest
    @MethodSource("datasets")
    void everyVerdictIsOneLineOfAtMost76Characters(Path dataset) {
        Host host = Host.read(dataset.toString());
        for (Budget b : host.budgets()) {
            assertOneLine(b.toString());
            sweeps(b).forEach(s -> assertOneLine(s.toString()));
        }
        host.budgets().toString().lines().forEach(AnswersTest::assertOneLine);
    }

    private static void assertOneLine(String line) {
        assertTrue(line.length() <= 76 && !line.contains("\n"), line.length() + " characters: " + line);
    }

    /** What is cut says so in its last line, and print() writes all the lines, those shown first. */
    @ParameterizedTest
    @MethodSource("datasets")
    void printWritesTheWhole(Path dataset) {
        Host host = Host.read(dataset.toString());
        Map<Object, Runnable> printed = new java.util.LinkedHashMap<>();
        printed.put(host.budgets(), host.budgets()::print);
        printed.put(host.doubts(), host.doubts()::print);
        printed.put(host.symptoms(), host.symptoms()::print);
        printed.put(host.sources(), host.sources()::print);
        printed.put(host.tables(), host.tables()::print);
        printed.put(host.facts(), host.facts()::print);
        printed.put(host.report(), host.report()::print);
        printed.put(host.remedies(), host.remedies()::print);
        for (Budget b : host.budgets()) {
            Remedies remedies = b.remedies();
            printed.put(remedies, remedies::print);
            Explanation e = b.explain();
            printed.put(e, e::print);
        }
        for (String table : host.tables()) {
            Rows rows = host.rows(table);
            if (rows.size() <= MANY) {
                printed.put(rows, rows::print);
            }
        }
        printed.forEach((value, print) -> {
            String shown = value.toString();
            List<String> whole = printed(print).lines().toList();
            Matcher more = MORE.matcher(shown);
            int lines = (int) shown.lines().count();
            if (value instanceof Rows rows) {
                assertEquals(rows.size() + 1, whole.size(), shown);
                // a line that says how many rows, the header, the rows, what is left
                int left = more.matches() ? Integer.parseInt(shown.replaceAll("(?s).*\n(\\d+) more.*", "$1")) : 0;
                assertEquals(rows.size(), lines - 2 - (left > 0 ? 1 : 0) + left, shown);
            } else if (more.matches()) {
                assertTrue(whole.size() >= lines, shown);
            } else {
                assertTrue(whole.size() <= lines, shown);
            }
        });
    }

    private static String printed(Runnable print) {
        PrintStream out = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            print.run();
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> answers(Host host) {
        var answers = new TreeMap<String, Object>();
        answers.put("host", host);
        answers.put("budgets", host.budgets());
        answers.put("doubts", host.doubts());
        answers.put("symptoms", host.symptoms());
        answers.put("sources", host.sources());
        answers.put("tables", host.tables());
        answers.put("facts", host.facts());
        answers.put("capture", host.capture());
        answers.put("report", host.report());
        answers.put("remedies", host.remedies());
        answers.put("plot", host.plot());
        answers.put("pictures", host.pictures());
        host.pictures().forEach(p -> answers.put("picture " + p.name(), p.picture()));
        answers.put("compare", host.compare(host.with("net.ipv4.tcp_tw_reuse", "1")));
        host.doubts().forEach(d -> answers.put("doubt " + answers.size(), d));
        host.symptoms().forEach(s -> answers.put("symptom " + answers.size(), s));
        host.facts().names().forEach(n -> answers.put("fact " + n, host.facts().find(n)));
        for (String table : host.tables()) {
            Rows rows = host.rows(table);
            answers.put("rows " + table, rows);
            answers.put("count of " + table, rows.count(rows.columns().get(0)));
        }
        answers.put("rejected", host.rows("rejected"));
        for (Budget b : host.budgets()) {
            String of = b.name() + "[" + b.scope() + "]";
            answers.put(of, b);
            answers.put("explanation of " + of, b.explain());
            answers.put("verdict of " + of, b.verdict());
            answers.put("finding of " + of, b.finding());
            b.finding().inputs().forEach(i -> answers.put(of + "." + i.name(), i));
            b.finding().demand().ifPresent(d -> answers.put(of + " demand", d));
            b.finding().supply().ifPresent(s -> answers.put(of + " supply", s));
            Remedies remedies = b.remedies();
            answers.put("remedies of " + of, remedies);
            remedies.forEach(r -> answers.put("remedy " + answers.size(), r));
            tried(() -> b.smallest("80 %")).forEach(r -> answers.put("smallest of " + of, r));
            for (Sweep sweep : sweeps(b)) {
                answers.put("sweep of " + of + answers.size(), sweep);
                answers.put("picture of " + of + answers.size(), sweep.plot());
            }
            for (Parameter p : b.law().parameters()) {
                tried(() -> b.breaksAt(p.name())).forEach(at -> answers.put(of + " breaks at " + p.name(), at));
            }
        }
        return answers;
    }

    /** Sweeps over each input that the budget has a value of, from nothing to twice that. */
    private static List<Sweep> sweeps(Budget b) {
        var sweeps = new ArrayList<Sweep>();
        b.finding().inputs().stream()
                .filter(i ->
                        b.law().parameters().stream().anyMatch(p -> p.name().equals(i.name())))
                .forEach(i -> sweeps.addAll(tried(() -> b.sweep(
                        i.name(),
                        i.quantity().toString(),
                        plimsoll.dsl.Quantity.of(2 * i.value() + 1, i.quantity().unit())
                                .toString()))));
        return sweeps;
    }

    /** Nothing where the law has no answer for that input. */
    private static <T> List<T> tried(Supplier<T> asked) {
        try {
            return List.of(asked.get());
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /** A breakpoint is a line of its own. */
    @ParameterizedTest
    @MethodSource("datasets")
    void whereItBreaksIsOneLine(Path dataset) {
        for (Budget b : Host.read(dataset.toString()).budgets()) {
            for (Parameter p : b.law().parameters()) {
                for (Breakpoint at : tried(() -> b.breaksAt(p.name()))) {
                    assertOneLine(at.toString());
                }
            }
        }
    }
}
