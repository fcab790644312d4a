package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.NothingReadable;

/**
 * A capture of which some lines say something else comes all the way to its reports, in every form, and nothing in it becomes part of
 * the page. A build changes the captures of {@code datasets} in the same way each time; {@code CONTRIBUTING.md} says how to let Jazzer
 * choose.
 */
class HostileCaptureTest {
    private static final Path DATASETS = Path.of("../datasets");
    private static final List<Map<String, String>> CAPTURES = List.of(
            capture("license-api"),
            capture("license-api-proxied"),
            capture("port-exhaustion/t66/server"),
            capture("port-exhaustion"),
            capture("report-sync"),
            capture("tls-reload"));

    /** So many lines of each file. */
    private static final int LINES = 40;

    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");
    private static final Pattern WORD = Pattern.compile("[\\w./:-]+");

    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "65536",
            "2147483648",
            "4294967295",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551615",
            "99999999999999999999999999",
            "1e308",
            "1e999",
            "NaN",
            "Infinity",
            "0.0000000001",
            "",
            "-",
            "\u0661\u0662",
            "1,000",
            "10%",
            "10k");

    private static final List<String> WORDS = List.of(
            "",
            " ",
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "</script>",
            "<!--",
            "\u001b[2J",
            "\r",
            "\0",
            "%s%n%d",
            "\"",
            "\\",
            "../..",
            "A".repeat(300),
            "[",
            "*",
            "::1",
            "10.0.0.1",
            "off",
            "unlimited",
            "$ ss -s",
            "\ud800",
            "| table |",
            "`x`");

    @TempDir
    private Path folder;

    /** Numbers below a bound, from bytes that somebody else chooses; zeros when they are used up. */
    private static final class Choices {
        private final byte[] bytes;
        private int at;

        private Choices(byte[] bytes) {
            this.bytes = bytes;
        }

        private int below(int bound) {
            return Math.floorMod(next() << 8 | next(), bound);
        }

        private int next() {
            return at < bytes.length ? bytes[at++] & 0xff : 0;
        }

        private <T> T of(List<T> list) {
            return list.get(below(list.size()));
        }
    }

    @FuzzTest(maxDuration = "20m")
    void aChangedCaptureIsReportedOn(byte[] choices) throws IOException {
        Path archive = Files.createTempFile("capture", ".tar");
        try {
            Files.write(archive, tar(changed(new Choices(choices))));
            report(archive);
        } finally {
            Files.delete(archive);
        }
    }

    @Test
    void theSameChangesInEveryBuild() throws IOException {
        var random = new SplittableRandom(1);
        Path archive = folder.resolve("capture.tar");
        for (int i = 0; i < 60; i++) {
            byte[] choices = new byte[80];
            random.nextBytes(choices);
            Files.write(archive, tar(changed(new Choices(choices))));
            report(archive);
        }
    }

    @Test
    void aValueThatCannotBeReadLeavesTheOtherBudgetsAlone() {
        Host host = Host.of(
                """
            net.netfilter.nf_conntrack_count = 99999999999999999999
            net.netfilter.nf_conntrack_max = 65536
            fs.file-nr = 1000\t0\t100000
            fs.file-max = 100000
            """);
        Budget conntrack = host.budgets("conntrack").worst();
        assertEquals(Verdict.State.UNKNOWN, conntrack.verdict().state());
        assertTrue(
                conntrack
                        .finding()
                        .missing()
                        .get(0)
                        .command()
                        .contains(
                                "net.netfilter.nf_conntrack_count, READ (pasted:1): 99,999,999,999,999,999,999 is beyond"
                                        + " 2^53"),
                conntrack::toString);
        assertEquals(
                Verdict.State.FITS,
                host.budgets("file-descriptors").worst().verdict().state());
        // what the user says is refused as before
        assertThrows(IllegalArgumentException.class, () -> host.ask("ports.rate", "many")
                .budgets("ports"));
    }

    private static Map<String, String> capture(String name) {
        var files = new TreeMap<String, String>();
        Path root = DATASETS.resolve(name);
        try (var walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                if (!file.toString().matches(".*\\.(py|sh|csv)")) {
                    List<String> lines = Files.readAllLines(file);
                    files.put(
                            root.relativize(file).toString(),
                            String.join("\n", lines.subList(0, Math.min(LINES, lines.size()))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static Map<String, String> changed(Choices choices) {
        var files = new TreeMap<>(choices.of(CAPTURES));
        var names = new ArrayList<>(files.keySet());
        for (int i = choices.below(12); i >= 0; i--) {
            String name = choices.of(names);
            String content = files.getOrDefault(name, "");
            var lines = new ArrayList<>(Arrays.asList(content.split("\n", -1)));
            change(lines, choices);
            files.put(name, String.join("\n", lines));
        }
        return files;
    }

    private static void change(List<String> lines, Choices choices) {
        int at = choices.below(lines.size());
        String line = lines.get(at);
        switch (choices.below(9)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, line);
            case 2 -> lines.subList(at, lines.size()).clear();
            case 3 -> lines.add(choices.below(lines.size()), line);
            case 4, 5, 6 -> lines.set(at, replaced(line, NUMBER, choices, choices.of(NUMBERS)));
            case 7 -> lines.set(at, replaced(line, WORD, choices, choices.of(WORDS)));
            default -> lines.add(at, choices.of(WORDS) + choices.of(NUMBERS));
        }
    }

    private static String replaced(String line, Pattern pattern, Choices choices, String by) {
        List<MatchResult> found = pattern.matcher(line).results().toList();
        if (found.isEmpty()) {
            return line + by;
        }
        MatchResult one = choices.of(found);
        return line.substring(0, one.start()) + by + line.substring(one.end());
    }

    private static byte[] tar(Map<String, String> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                var entry = new TarArchiveEntry(file.getKey());
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static void report(Path archive) throws IOException {
        Host host;
        try {
            host = Host.read(archive.toString());
        } catch (NothingReadable e) {
            assertEquals(1, String.valueOf(e.getMessage()).lines().count());
            return;
        }
        Report report = host.report();
        String text = report.toString();
        assertTrue(text.contains("VERDICT") || text.contains("sources used"), text);
        assertFalse(text.contains("a defect of plimsoll"), text);
        try (JsonParser json = new JsonFactory().createParser(report.json())) {
            while (json.nextToken() != null) {
                // that it is JSON to its end is what is asked
            }
        }
        String page = report.html();
        for (String foreign : List.of("<script>alert", "<img src=x", "<!--")) {
            assertFalse(page.contains(foreign), foreign);
        }
        assertFalse(report.markdown().isEmpty());
    }
}
