package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/measured.md} is {@code measured.txt} with the number of rows put to each test it names. Every test that is named there is one,
 * every test and every section of {@link MeasuredTest} that holds a measured figure is named there.
 */
class MeasuredPageTest {
    private static final Path LIST = Path.of("src", "test", "resources", "plimsoll", "analyses", "measured.txt");
    private static final Path PAGE = Pages.DOCS.resolve("measured.md");
    private static final List<Path> TESTS = List.of(
            Path.of("src", "test", "java", "plimsoll", "analyses"),
            Path.of("..", "dsl", "src", "test", "java", "plimsoll", "dsl"),
            Path.of("..", "telemetry", "src", "test", "java", "plimsoll", "telemetry"));
    private static final String TABLE = "MeasuredTest";
    private static final Pattern HELD = Pattern.compile("held (\\w+)(?:#(\\w+)| \"([^\"]+)\") \\| (.+)");
    private static final Pattern LEFT = Pattern.compile("left (.+) \\| (.+)");
    private static final Pattern SECTIONED =
            Pattern.compile("\\(name = \"(?:vectors|TCP lab|web lab)[ ,].*?\\) *\n.*? void (\\w+)\\(", Pattern.DOTALL);
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");

    private static final String HEAD =
            """
            # What was measured, and what holds the laws to it

            Every figure and every table that was measured or computed elsewhere for this project, with the tests that hold the laws to it and how
            close, and below what no test holds, and why. COUNTED.

            - **vectors**: numbers computed elsewhere (1, and the simulation of the timer grid), and an earlier round of measurements (2, 3) on Linux
              6.18.44, HZ=250, 24 GB, in network namespaces; nginx 1.22.1.
            - **TCP lab**: Linux 6.18.44, HZ=250, 2 processors, 24 GiB, Debian 12, iproute2 6.1.0, conntrack-tools 1.4.7, in network namespaces over veth
              or loopback.
            - **web lab**: the same kernel; nginx 1.22.1, PHP-FPM 8.2.35 with OPcache, phpredis 5.3.7, Redis 7.0.15, sysstat 12.6.1, over loopback.

            A tolerance is the spread or the confidence interval of the measurement, or what its author gives; 0 is equality. A test writes this page
            from `analyses/src/test/resources/plimsoll/analyses/measured.txt` and holds it to the tests that are there: a row that goes, or one
            that comes and is not listed, breaks the build.
            """;

    /** One measurement: its heading, what it was, the lines of what holds it and of what is left out. */
    private record Measurement(String heading, String what, List<Matcher> held, List<Matcher> left) {}

    private static List<Measurement> measurements() throws IOException {
        var all = new ArrayList<Measurement>();
        for (String block : Files.readString(LIST).strip().split("\n\n+", -1)) {
            List<String> lines = block.lines().toList();
            assertTrue(lines.get(0).startsWith("## "), () -> "'" + lines.get(0) + "' is not a heading");
            var measurement =
                    new Measurement(lines.get(0).substring(3), lines.get(1), new ArrayList<>(), new ArrayList<>());
            for (String line : lines.subList(2, lines.size())) {
                Matcher held = HELD.matcher(line);
                Matcher left = LEFT.matcher(line);
                if (held.matches()) {
                    measurement.held.add(held);
                } else {
                    assertTrue(left.matches(), () -> "'" + line + "' is neither held nor left");
                    measurement.left.add(left);
                }
            }
            assertTrue(measurement.held.size() + measurement.left.size() > 0, measurement.heading);
            all.add(measurement);
        }
        return all;
    }

    /** The sources of the tests by their class. */
    private static Map<String, Path> sources() throws IOException {
        var sources = new LinkedHashMap<String, Path>();
        for (Path folder : TESTS) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(f -> f.toString().endsWith("Test.java"))
                        .sorted()
                        .forEach(f -> sources.put(f.getFileName().toString().replace(".java", ""), f));
            }
        }
        return sources;
    }

    /** The rows of a test: those of its source of arguments, else the test itself. */
    private static int rows(String source, String method) {
        int at = source.indexOf(" void " + method + "(");
        assertTrue(at > 0, () -> "there is no test " + method);
        String before = source.substring(source.lastIndexOf("\n\n", at), at);
        int arguments = Math.max(before.indexOf("@CsvSource("), before.indexOf("@ValueSource("));
        return arguments < 0
                ? 1
                : (int) STRING.matcher(before.substring(arguments)).results().count();
    }

    @Test
    void thePageListsTheTestsThatAre() throws IOException {
        Map<String, Long> sections = MeasuredTest.sections();
        Map<String, Path> sources = sources();
        var named = new TreeSet<String>();
        var body = new StringBuilder("\n| measured | what | held by | rows | how close |\n|---|---|---|---|---|\n");
        var left = new StringBuilder("\n## Left out\n\n| measured | figure | why no test holds it |\n|---|---|---|\n");
        long rows = 0;
        for (Measurement m : measurements()) {
            for (Matcher held : m.held) {
                String method = held.group(2);
                Path source = Optional.ofNullable(sources.get(held.group(1)))
                        .orElseThrow(() -> new AssertionError("there is no " + held.group(1)));
                long here = method == null
                        ? sections.getOrDefault(held.group(3), 0L)
                        : rows(Files.readString(source), method);
                assertTrue(here > 0, () -> "no rows of '" + held.group() + "'");
                rows += here;
                named.add(method == null ? held.group(3) : held.group(1) + "#" + method);
                boolean first = m.held.indexOf(held) == 0;
                String measured = first ? m.heading + " | " + Pages.cell(m.what) : " | ";
                String test = method == null ? held.group(3) : "`" + method + "`";
                body.append("| " + measured + " | [" + held.group(1) + "](" + link(source) + ") " + test);
                body.append(" | " + here + " | " + Pages.cell(held.group(4)) + " |\n");
            }
            for (Matcher l : m.left) {
                left.append("| ").append(m.heading).append(" | ").append(Pages.cell(l.group(1)));
                left.append(" | ").append(Pages.cell(l.group(2))).append(" |\n");
            }
        }
        var are = new TreeSet<>(sections.keySet());
        for (Map.Entry<String, Path> source : sources.entrySet()) {
            Matcher m = SECTIONED.matcher(Files.readString(source.getValue()));
            while (m.find()) {
                are.add(source.getKey() + "#" + m.group(1));
            }
        }
        are.removeAll(named);
        assertEquals(List.of(), List.copyOf(are), "tests of measured figures that the list does not name");
        assertTrue(are.isEmpty() && named.size() > 60, "the search for them finds some");
        Pages.golden(PAGE, HEAD.replace("COUNTED", rows + " rows of tests") + body + left);
    }

    /** From the page to a source. */
    private static String link(Path source) {
        String path = source.toString().replace('\\', '/');
        return path.startsWith("../") ? path : "../analyses/" + path;
    }

    @Test
    void theTableOfMeasuredFiguresIsAmongTheSources() throws IOException {
        assertTrue(sources().containsKey(TABLE));
    }
}
