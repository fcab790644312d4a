package plimsoll.notebooks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plimsoll.telemetry.NothingReadable;

/** The shell as a user meets it: lines in, what it shows out. */
class ShellTest {
    private static final String LICENSE_API =
            Path.of("..", "datasets", "license-api").toString();

    @TempDir
    Path folder;

    private static String shown(String path, String... lines) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        byte[] script = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        int code = Shell.run(
                JavaShellToolBuilder.builder()
                        .in(new ByteArrayInputStream(script), null)
                        .out(print)
                        .err(print),
                path.isEmpty() ? null : path);
        assertEquals(0, code);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theTourOfTheReadme() throws IOException {
        String picture = folder.resolve("sweep.png").toString();
        String page = folder.resolve("sweep.html").toString();
        String shown = shown(
                LICENSE_API,
                "var b = host.ports(\"500/s\").with(\"connected\", \"100 ms\")",
                "b.breaksAt(\"rate\")",
                "var p = b.sweep(\"rate\", \"0/s\", \"800/s\").plot()",
                "p.save(\"" + picture + "\")",
                "p.save(\"" + page + "\")",
                "b.explain()",
                "b.explain().print()",
                "host.table(\"settings\").rowCount()");
        assertTrue(shown.contains("host license-api: "), shown);
        assertTrue(
                shown.contains("b ==> ports OVER: 30,562 of at most 28,232 (108%); 7.7-9.2% of connects fail"), shown);
        assertTrue(shown.contains("==> 449.5/s"), shown);
        assertTrue(shown.contains("p ==> ports as rate goes 0/s to 800/s"), shown);
        // the explanation is longer than the 1,000 characters that JShell shows by itself
        assertTrue(shown.contains("of connects fail\nof "), shown);
        assertTrue(shown.contains(" more: .print()"), shown);
        assertTrue(shown.contains("over means"), shown);
        assertTrue(!shown.contains(" ... "), shown);
        byte[] png = Files.readAllBytes(Path.of(picture));
        assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, Arrays.copyOf(png, 4));
        assertTrue(Files.readString(Path.of(page)).startsWith("<!DOCTYPE html>"));
    }

    @Test
    void withoutAHostItSaysHowToBegin() {
        assertTrue(shown("", "host == null").contains("no host yet: var host = Host.read(\"PATH\")"));
    }

    @Test
    void whatIsRefusedIsOneSentence() {
        String shown = shown(
                LICENSE_API,
                "host.ports(\"7 apples\")",
                "Budget asked(String rate) { return host.ports(rate); }",
                "asked(\"much\")",
                "Integer.parseInt(\"x\")");
        assertTrue(
                shown.contains(
                        "IllegalArgumentException: ports.rate: '7 apples' has a unit that is not known: a rate is written 500/s,"),
                shown);
        assertTrue(!shown.contains("Quantity") && !shown.contains("Host.java") && !shown.contains("Caused by"), shown);
        assertTrue(shown.matches("(?s).*: 'much' is not [^\n]*\n\\|        at asked \\(#2:1\\)\n.*"), shown);
        // what somebody else throws keeps its stack
        assertTrue(shown.contains("at Integer.parseInt"), shown);
    }

    /** It may be running a script. */
    @Test
    void aPlainJShellSaysNothingByItself() {
        var bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertNull(Start.host());
        } finally {
            System.setOut(out);
        }
        assertEquals("", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void nothingReadableIsSaidBeforeAnythingIsOpened() {
        String absent = folder.resolve("absent").toString();
        var e = assertThrows(NothingReadable.class, () -> Shell.open(absent));
        assertEquals("there is no file or folder " + absent, e.getMessage());
    }
}
