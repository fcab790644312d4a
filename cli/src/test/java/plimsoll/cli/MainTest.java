package plimsoll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    private static final String LICENSE_API = Ran.dataset("license-api");
    private static final String ASKED = "ports.rate=500/s";

    @TempDir
    Path folder;

    // exit codes

    @Test
    void overIsNoFailureUntilItIsAskedToBe() {
        assertEquals(0, Ran.of("report", LICENSE_API, "--ask", ASKED).code());
        Ran failed = Ran.of("report", LICENSE_API, "--ask", ASKED, "--fail-over");
        assertEquals(1, failed.code());
        assertTrue(
                failed.err().startsWith("plimsoll: fails: ports OVER: 30,512 of at most 28,232 (108%)"), failed.err());
    }

    @Test
    void aPercentageFailsWhatFitsButIsFuller() {
        // conntrack holds 34,210 of 65,536: 52.2 %
        assertEquals(1, Ran.of("report", LICENSE_API, "--fail-over", "52").code());
        assertEquals(0, Ran.of("report", LICENSE_API, "--fail-over", "53").code());
        assertEquals(0, Ran.of("report", LICENSE_API, "--fail-over=53%").code());
        assertEquals(0, Ran.of("report", "--fail-over", LICENSE_API).code());
    }

    @Test
    void unknownFailsOnlyWhenAsked() {
        assertEquals(0, Ran.of("report", LICENSE_API, "--fail-over").code());
        assertEquals(1, Ran.of("report", LICENSE_API, "--fail-unknown").code());
        Ran asked = Ran.of("report", LICENSE_API, "--ask", "ports.connected=1s", "--fail-over");
        assertEquals(1, asked.code());
        assertEquals("plimsoll: fails: ports is unknown\n", asked.err());
    }

    @Test
    void wrongUsage() {
        usage(
                "plimsoll: nothing is asked: say report, sources, tables, table, record or shell; plimsoll --help says more");
        usage("plimsoll: Missing required parameter: 'PATH'; plimsoll report --help says more", "report");
        usage("plimsoll: Unknown option: '--nonsense'; plimsoll report --help says more", "report", "x", "--nonsense");
        usage(
                "plimsoll: 'nonsense' is not a setting that is known; settings are spelled as sysctl spells them,"
                        + " like net.ipv4.tcp_tw_reuse",
                "report",
                LICENSE_API,
                "--with",
                "nonsense=1");
        usage(
                "plimsoll: --with 'nonsense': write KEY=VALUE, as net.ipv4.tcp_tw_reuse=1",
                "report",
                LICENSE_API,
                "--with",
                "nonsense");
        usage(
                "plimsoll: --ask 'ports.rate': write BUDGET.INPUT=VALUE or BUDGET[SCOPE].INPUT=VALUE, as ports.rate=500/s",
                "report",
                LICENSE_API,
                "--ask",
                "ports.rate");
        usage(
                "plimsoll: --json 'report.txt': the ending must be .json, or the file -",
                "report",
                LICENSE_API,
                "--json",
                "report.txt");
        usage(
                "plimsoll: standard output takes one form: --json and --html both ask for it",
                "report",
                LICENSE_API,
                "--json",
                "-",
                "--html",
                "-");
        usage(
                "plimsoll: '--fail-over=much': write a percentage, as --fail-over=90",
                "report",
                LICENSE_API,
                "--fail-over=much");
        usage("plimsoll: '-' is a host of its own: give it as the only PATH", "report", "-", LICENSE_API);
        usage(
                "plimsoll: a shell reads its lines from standard input: give a PATH, or use Host.paste() in the shell",
                "shell",
                "-");
    }

    @Test
    void whatIsReadAtMostIsRaised() throws IOException {
        Path bomb = folder.resolve("sysctl.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            out.write(("vm.dirty_ratio = 20\n" + "\n".repeat(4 << 20)).getBytes(StandardCharsets.UTF_8));
        }
        for (String command : List.of("report", "sources", "tables")) {
            Ran refused = Ran.of(command, bomb.toString());
            assertEquals(3, refused.code());
            assertTrue(refused.err().contains("more than 500 times its size (plimsoll.limit.ratio)"), refused.err());
            assertEquals(
                    0,
                    Ran.of(command, bomb.toString(), "--limit", "ratio=5,000").code());
        }
        Ran small = Ran.of("sources", bomb.toString(), "--limit", "ratio=5,000", "--limit", "file=1 MiB");
        assertEquals(3, small.code());
        assertTrue(small.err().contains("is larger than 1,048,576 bytes (plimsoll.limit.file)"), small.err());
        usage(
                "plimsoll: --limit 'size=1': there is no limit 'size': it is entries, file, total, ratio or depth",
                "report",
                LICENSE_API,
                "--limit",
                "size=1");
        usage(
                "plimsoll: --limit 'ratio=x': the limit 'ratio' cannot be 'x': it is a whole number, as ratio=2000",
                "report",
                LICENSE_API,
                "--limit",
                "ratio=x");
        usage(
                "plimsoll: --limit 'ratio': write NAME=VALUE, as ratio=2000 or total=\"16 GiB\"",
                "report",
                LICENSE_API,
                "--limit",
                "ratio");
        usage(
                "plimsoll: --limit is for captures: 'here' reads what the kernel shows, whole",
                "report",
                "here",
                "--limit",
                "ratio=1");
    }

    @Test
    void aRateWithoutItsUnitIsRefused() {
        Ran ran = Ran.of("report", LICENSE_API, "--ask", "ports.rate=500");
        assertEquals(2, ran.code());
        assertTrue(ran.err().startsWith("plimsoll: ports.rate: "), ran.err());
        assertTrue(ran.err().contains("500/s"), ran.err());
        oneSentence(ran);
    }

    private static void usage(String sentence, String... args) {
        Ran ran = Ran.of(args);
        assertEquals(sentence + "\n", ran.err());
        assertEquals(2, ran.code());
        assertEquals("", ran.out());
    }

    @Test
    void nothingReadable() throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {0, 1, 2, (byte) 0xff, 0, 7});
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path prose = Files.writeString(folder.resolve("prose.txt"), "Dear all,\nit is slow again.\n");
        for (Path path : List.of(binary, empty, prose, folder.resolve("absent"))) {
            for (String command : List.of("report", "sources", "tables", "shell")) {
                Ran ran = Ran.of(command, path.toString());
                assertEquals(3, ran.code(), command + " " + path);
                assertTrue(ran.err().contains(path.toString()), ran.err());
                assertEquals("", ran.out());
                oneSentence(ran);
            }
        }
        assertEquals(3, Ran.with("", "report", "-").code());
    }

    private static void oneSentence(Ran ran) {
        assertTrue(ran.err().startsWith("plimsoll: "), ran.err());
        assertEquals(1, ran.err().lines().count(), ran.err());
        assertFalse(ran.err().contains("Exception"), ran.err());
    }

    @Test
    void aTruncatedCaptureGivesWhatItHolds() throws IOException {
        byte[] whole = Files.readAllBytes(Ran.DATASETS.resolve("license-api/session.txt"));
        Path cut = Files.write(folder.resolve("cut.txt"), java.util.Arrays.copyOf(whole, whole.length * 2 / 3));
        Ran ran = Ran.of("report", cut.toString());
        assertEquals(0, ran.code(), ran.err());
        assertTrue(ran.out().contains("conntrack"), ran.out());
    }

    // outputs

    @Test
    void filesAreWrittenAndTheTextStillPrinted() throws IOException {
        Path json = folder.resolve("r.json");
        Path page = folder.resolve("r.html");
        Path markdown = folder.resolve("r.md");
        Ran ran = Ran.of(
                "report",
                LICENSE_API,
                "--json",
                json.toString(),
                "--html",
                page.toString(),
                "--markdown",
                markdown.toString());
        assertEquals(0, ran.code(), ran.err());
        assertEquals(Ran.of("report", LICENSE_API).out(), ran.out());
        assertEquals(Ran.of("report", LICENSE_API, "--json", "-").out(), Files.readString(json));
        assertTrue(Files.readString(page).startsWith("<!DOCTYPE html>"));
        assertTrue(Files.readString(markdown).startsWith("# license"));
    }

    @Test
    void aFileThatCannotBeWritten() {
        Ran ran = Ran.of("report", LICENSE_API, "--json", folder + "/no/r.json");
        assertEquals(2, ran.code());
        assertEquals(
                "plimsoll: cannot write " + folder + "/no/r.json: there is no folder " + folder + "/no\n", ran.err());
    }

    @Test
    void aReaderThatWentAwayIsNoError() {
        var err = new ByteArrayOutputStream();
        assertEquals(
                0,
                Main.run(
                        new Console(new ByteArrayInputStream(new byte[0]), failing("Broken pipe"), err),
                        "report",
                        LICENSE_API));
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aFullDiskIsSaid() {
        var err = new ByteArrayOutputStream();
        assertEquals(
                2,
                Main.run(
                        new Console(new ByteArrayInputStream(new byte[0]), failing("No space left on device"), err),
                        "report",
                        LICENSE_API));
        assertEquals(
                "plimsoll: cannot write to standard output: No space left on device\n",
                err.toString(StandardCharsets.UTF_8));
    }

    private static OutputStream failing(String why) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        };
    }

    @Test
    void aDefectIsOneSentence() {
        var err = new ByteArrayOutputStream();
        var broken = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("kaput");
            }
        };
        assertEquals(
                70, Main.run(new Console(new ByteArrayInputStream(new byte[0]), broken, err), "report", LICENSE_API));
        assertEquals(
                "plimsoll: a defect in plimsoll: java.lang.IllegalStateException: kaput; please report it with what"
                        + " PLIMSOLL_DEBUG=1 prints\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void pastedText() {
        Ran ran =
                Ran.with("Total: 197\nTCP:   4145 (estab 40, closed 4102, orphaned 0, timewait 4102)\n", "report", "-");
        assertEquals(0, ran.code(), ran.err());
        assertTrue(ran.out().startsWith("standard input: 1 of 1 source used"), ran.out());
    }

    @Test
    void sources() {
        Ran ran = Ran.of("sources", LICENSE_API);
        assertEquals(0, ran.code());
        assertTrue(ran.out().startsWith("path "), ran.out());
        assertEquals(
                "every line was understood\n",
                Ran.of("sources", LICENSE_API, "--rejected").out());
        String rejected =
                Ran.of("sources", Ran.dataset("port-exhaustion"), "--rejected").out();
        assertTrue(rejected.lines().allMatch(l -> l.matches("\\S+:\\d+: .*")), rejected);
    }

    @Test
    void tables() {
        Ran ran = Ran.of("tables", LICENSE_API);
        assertEquals(0, ran.code());
        assertTrue(ran.out().contains("settings"), ran.out());
        assertEquals(
                "plimsoll: this capture has no table 'nothing'; it has connections, conntrack, opens, packets, settings,"
                        + " slabs, socket_summary\n",
                Ran.of("table", LICENSE_API, "nothing").err());
    }

    @Test
    void oneTableAsTextAndAsCsv() throws IOException {
        Ran text = Ran.of("table", LICENSE_API, "settings");
        assertTrue(text.out().contains("net.ipv4.ip_local_port_range"), text.out());
        Path csv = folder.resolve("s.csv");
        assertEquals(
                0,
                Ran.of("table", LICENSE_API, "settings", "--csv", csv.toString())
                        .code());
        assertEquals("name,value,where", Files.readAllLines(csv).get(0));
        assertEquals(
                Files.readString(csv),
                Ran.of("table", LICENSE_API, "settings", "--csv", "-").out());
    }

    @Test
    void helpIsOnStandardOutput() {
        for (String command : List.of("report", "sources", "tables", "table", "shell")) {
            Ran ran = Ran.of(command, "--help");
            assertEquals(0, ran.code());
            assertTrue(ran.out().startsWith("Usage: plimsoll " + command), ran.out());
            assertTrue(Ran.of("--help").out().contains("  " + command), command);
        }
    }
}
