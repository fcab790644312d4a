package plimsoll.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Scripts on standard input: what they print, and the code they end with. */
class ScriptTest {
    private record Run(int code, String out, String err) {}

    private static Run run(String... lines) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        byte[] script = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        int code = Script.run(
                false,
                new ByteArrayInputStream(script),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void valuesAreShownAsTheShellShowsThem() {
        Run run = run(
                "// a comment",
                "var host = Host.read(\"../datasets/license-api\")",
                "",
                "var b = host.ports(\"500/s\").with(",
                "    \"connected\", \"100 ms\")",
                "b.breaksAt(\"rate\"); b.name()",
                "int twice(int x) {",
                "    return 2 * x;",
                "}",
                "twice(21)");
        assertEquals("", run.err());
        assertEquals(
                """
                host ==> host license-api: 13 of 13 sources used; next: .budgets()
                b ==> ports OVER: 30,562 of at most 28,232 (108%); 7.7-9.2% of connects fail
                $3 ==> 449.5/s
                $4 ==> "ports"
                $6 ==> 42
                """,
                run.out());
        assertEquals(0, run.code());
    }

    @Test
    void exitSaysTheCode() {
        assertEquals(new Run(0, "", ""), run("/exit", "nothing is read any more"));
        assertEquals(
                new Run(1, "", ""),
                run("/exit Exit.code(() -> Host.read(\"../datasets/license-api\").ports(\"500/s\"))"));
        assertEquals(
                new Run(0, "", ""),
                run("/exit Exit.code(() -> Host.read(\"../datasets/license-api\").ports(\"50/s\"))"));
        assertEquals(7, run("int x = 7;", "/exit x").code());
    }

    @Test
    void anExceptionEndsItWithItsSentence() {
        Run run = run(
                "var x = 1",
                "",
                "Host.read(\"../datasets/license-api\").ask(\"ports.speed\", \"1\")",
                "System.exit(99)");
        assertEquals(2, run.code());
        assertTrue(run.err().startsWith("plimsoll: line 3: "), run.err());
        assertEquals(1, run.err().lines().count());
        assertTrue(!run.err().contains("\tat "), run.err());
    }

    @Test
    void whatOthersThrowHasItsName() {
        Run run = run("List.of(1).get(1)");
        assertEquals(2, run.code());
        assertTrue(run.err().startsWith("plimsoll: line 1: java.lang."), run.err());
    }

    @Test
    void nothingReadableIsThree() {
        Run run = run("var host = Host.read(\"absent\")");
        assertEquals(new Run(3, "", "plimsoll: line 1: there is no file or folder absent\n"), run);
    }

    @Test
    void whatDoesNotCompileIsSaidWithItsLine() {
        assertEquals(
                new Run(2, "", "plimsoll: line 2: cannot find symbol symbol:   variable hst\n"),
                run("", "hst.ports()"));
        Run inside = run("int f() {", "    return hst.size();", "}", "f()");
        assertEquals(2, inside.code());
        assertTrue(inside.err().startsWith("plimsoll: line 4: "), inside.err());
        Run open = run("int f() {", "    return 1;");
        assertEquals(2, open.code());
        assertTrue(open.err().startsWith("plimsoll: line "), open.err());
    }

    @Test
    void commandsOfATerminalAreRefused() {
        assertEquals(
                new Run(2, "", "plimsoll: line 1: '/set' is for a terminal; a script has /exit\n"),
                run("/set feedback x"));
    }
}
