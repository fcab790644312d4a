package plimsoll.notebooks;

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
import java.util.stream.Stream;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages show of the shell is run here. In a block of code, the lines that begin with {@code jshell>} are typed, and what
 * stands below is what was shown: all of it, or its beginning where the last line is {@code ...}; where nothing stands below, nothing is
 * compared. Blocks that follow each other are one session; {@code $ ./plimsoll shell PATH} begins another and says which host is open. Blocks of {@code java} are run as snippets.
 */
class DocsTest {
    private static final Path ROOT = Path.of("..");
    private static final String PROMPT = "jshell> ";
    private static final String CONTINUED = "   ...> ";
    private static final String OPENED = "$ ./plimsoll shell ";

    @TempDir
    private static Path folder;

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(
                    Stream.of(ROOT.resolve("README.md")),
                    docs.filter(p -> p.toString().endsWith(".md")).sorted().toList().stream());
        }
    }

    private static List<List<String>> blocks(Path page) throws IOException {
        var blocks = new ArrayList<List<String>>();
        List<String> open = null;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) {
                if (open == null) {
                    open = new ArrayList<>(List.of(line));
                } else {
                    blocks.add(open);
                    open = null;
                }
            } else if (open != null) {
                open.add(line);
            }
        }
        return blocks;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void whatIsShownIsWhatComes(Path page) throws IOException {
        Session session = Session.open();
        try {
            for (List<String> block : blocks(page)) {
                boolean typed = block.stream().anyMatch(l -> l.startsWith(PROMPT));
                if (!typed || block.stream().anyMatch(l -> l.startsWith(OPENED))) {
                    session.close();
                    session = Session.open();
                }
                if (typed) {
                    transcript(session, block);
                } else if (block.get(0).equals("```java")) {
                    java(block.subList(1, block.size()));
                }
            }
        } finally {
            session.close();
        }
    }

    private static void transcript(Session session, List<String> block) {
        String input = "";
        var expected = new ArrayList<String>();
        for (String line : block) {
            if (line.startsWith(OPENED)) {
                session.begin("var host = Host.read(\"" + ROOT + "/" + line.substring(OPENED.length()) + "\");");
            } else if (line.startsWith(PROMPT)) {
                typed(session, input, expected);
                input = line.substring(PROMPT.length());
                expected.clear();
            } else if (line.startsWith(CONTINUED)) {
                input += "\n" + line.substring(CONTINUED.length());
            } else if (!input.isEmpty()) {
                expected.add(line);
            }
        }
        typed(session, input, expected);
    }

    private static void typed(Session session, String input, List<String> expected) {
        String snippet = input.replaceFirst("\\s+// .*$", "");
        if (snippet.isBlank() || snippet.startsWith("/")) {
            return;
        }
        String shown = shown(session, snippet);
        boolean cut = !expected.isEmpty() && expected.get(expected.size() - 1).equals("...");
        String wanted = String.join("\n", cut ? expected.subList(0, expected.size() - 1) : expected);
        if (expected.isEmpty()) {
            return;
        }
        if (cut) {
            assertTrue(shown.startsWith(wanted), () -> input + "\nshows\n" + shown + "\nnot\n" + wanted);
        } else {
            assertEquals(wanted, shown.stripTrailing(), input);
        }
    }

    /** What a snippet prints, then its value. */
    private static String shown(Session session, String snippet) {
        var bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        Session.Answer answer;
        try {
            CompletionInfo info = session.completeness(here(snippet));
            answer = session.eval(info.source());
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8)
                + answer.failure().map(Session.Failure::message).orElse(answer.shown());
    }

    private static void java(List<String> block) {
        try (Session session = Session.open()) {
            String text = here(String.join("\n", block));
            while (!text.isBlank()) {
                CompletionInfo info = session.completeness(text);
                assertEquals(
                        "",
                        session.eval(info.source())
                                .failure()
                                .map(Session.Failure::message)
                                .orElse(""),
                        text);
                text = info.remaining();
            }
        }
    }

    /** Datasets lie one folder up, what is saved goes into a folder of its own, and any capture will do. */
    private static String here(String snippet) {
        return snippet.replace("\"datasets/", "\"../datasets/")
                .replace("\"capture.tar.gz\"", "\"../datasets/license-api\"")
                .replace(".save(\"", ".save(\"" + folder + "/");
    }

    @Test
    void thereIsSomethingToRun() throws IOException {
        long typed = 0;
        for (Path page : pages().toList()) {
            typed += blocks(page).stream()
                    .flatMap(List::stream)
                    .filter(l -> l.startsWith(PROMPT))
                    .count();
        }
        assertTrue(typed >= 11, typed + " lines are typed in all pages");
    }
}
