package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/field-reports.md} is {@code field-reports.txt} with what Plimsoll says put to it: each claim's lines are run, and where a claim
 * has a figure, a condition on what was computed holds the verdict to it.
 */
class FieldReportsTest {
    private static final Path CLAIMS = Path.of("src", "test", "resources", "plimsoll", "analyses", "field-reports.txt");
    private static final Path PAGE = Pages.DOCS.resolve("field-reports.md");
    private static final Pattern NUMBERED = Pattern.compile("([A-Z]\\d+) (right|half|wrong)");
    private static final int LEAST = 60;

    private static final String HEAD =
            """
            # What Plimsoll says of four field reports

            Each claim of the four reports that started the project, in our words, beside what Plimsoll says of it and why: right, wrong, or half
            (true as far as it goes, or true for another reason). The reports are the datasets of the same names, the figures are computed as this
            page is built: COUNTED.

            This page is written by a test from `analyses/src/test/resources/plimsoll/analyses/field-reports.txt`; see CONTRIBUTING for the
            command. What stands after a formula is what JShell prints, with `host` read from the dataset.
            """;

    /** One claim. */
    private record Claim(String id, String verdict, String says, List<String> asks, List<String> holds, String why) {}

    /** One report: its heading, what stands below it, the lines run first, the claims. */
    private record FieldReport(String heading, String below, List<String> first, List<Claim> claims) {}

    private static List<FieldReport> reports() throws IOException {
        var reports = new ArrayList<FieldReport>();
        for (String block : Files.readString(CLAIMS).strip().split("\n\n+", -1)) {
            List<String> lines = block.lines().toList();
            String head = lines.get(0);
            if (head.startsWith("# ")) {
                reports.add(new FieldReport(
                        head.substring(2), one(lines, "below"), all(lines, "first"), new ArrayList<>()));
                continue;
            }
            Matcher m = NUMBERED.matcher(head);
            assertTrue(m.matches(), () -> "'" + head + "' is not a claim's number and verdict");
            for (String line : lines.subList(1, lines.size())) {
                assertTrue(line.matches("(says|ask|holds|why): .+"), () -> m.group(1) + ": '" + line + "'");
            }
            reports.get(reports.size() - 1)
                    .claims()
                    .add(new Claim(
                            m.group(1),
                            m.group(2),
                            one(lines, "says"),
                            all(lines, "ask"),
                            all(lines, "holds"),
                            one(lines, "why")));
        }
        return reports;
    }

    private static List<String> all(List<String> lines, String key) {
        return lines.stream()
                .filter(l -> l.startsWith(key + ": "))
                .map(l -> l.substring(key.length() + 2))
                .toList();
    }

    private static String one(List<String> lines, String key) {
        List<String> all = all(lines, key);
        assertEquals(1, all.size(), () -> key + " of " + lines.get(0));
        return all.get(0);
    }

    @Test
    void thePageIsWhatPlimsollSays() throws IOException {
        var body = new StringBuilder();
        Map<String, Integer> verdicts = new TreeMap<>(Map.of("right", 0, "half", 0, "wrong", 0));
        var ids = new HashSet<String>();
        for (FieldReport report : reports()) {
            try (var session = new Session()) {
                report.first.forEach(session::value);
                body.append("\n## ").append(report.heading).append("\n\n").append(report.below);
                body.append("\n\n| | the report says | | Plimsoll says | why |\n|---|---|---|---|---|\n");
                for (Claim claim : report.claims) {
                    assertTrue(ids.add(claim.id), () -> claim.id + " stands there twice");
                    verdicts.merge(claim.verdict, 1, Integer::sum);
                    body.append(row(session, claim));
                }
            }
        }
        int claims = ids.size();
        assertTrue(claims >= LEAST, () -> claims + " claims");
        String counted = claims + " claims, " + verdicts.get("right") + " right, " + verdicts.get("half") + " half, "
                + verdicts.get("wrong") + " wrong";
        Pages.golden(PAGE, HEAD.replace("COUNTED", counted) + body);
    }

    private static String row(Session session, Claim claim) {
        assertFalse(claim.asks.isEmpty(), claim.id);
        var lines = new ArrayList<>(claim.asks);
        lines.addAll(claim.holds);
        List<?> values = session.values(lines);
        var says = new ArrayList<String>();
        for (int i = 0; i < claim.asks.size(); i++) {
            says.add(Pages.code(claim.asks.get(i)) + "<br>"
                    + Pages.cell(values.get(i).toString()));
        }
        for (int i = claim.asks.size(); i < lines.size(); i++) {
            assertEquals(true, values.get(i), claim.id + ": " + lines.get(i));
        }
        return "| " + claim.id + " | " + Pages.cell(claim.says) + " | " + claim.verdict + " | "
                + String.join("<br>", says) + " | " + Pages.cell(claim.why) + " |\n";
    }
}
