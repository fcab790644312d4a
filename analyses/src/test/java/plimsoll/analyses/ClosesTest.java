package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Finding;
import plimsoll.telemetry.Rows;

/** The last minutes of connections, read from the timers of the sockets and tracked connections they left, against what was driven. */
class ClosesTest {
    private static final String LOAD = "../datasets/changing-load/";
    private static final int BIN = 5;

    private static long[] bins(Rows closes) {
        var bins = new long[24];
        for (int row = 0; row < closes.size(); row++) {
            bins[(int) (closes.number("second", row).orElseThrow() / BIN)] +=
                    closes.number("closes", row).orElseThrow();
        }
        return bins;
    }

    private static long[] driven(String folder) throws IOException {
        var bins = new long[24];
        List<String> lines = Files.readAllLines(Path.of(folder + "driven.csv"));
        for (String line : lines.subList(1, lines.size())) {
            bins[(int) (Double.parseDouble(line) / BIN)]++;
        }
        return bins;
    }

    @ParameterizedTest
    @ValueSource(strings = {"proc/net/tcp", "ss-nato.txt"})
    void aLoadThatChangesComesBackFromTheTimers(String file) throws IOException {
        long[] driven = driven(LOAD);
        assertEquals(415, LongStream.of(driven).sum());
        long[] read = bins(Host.read(LOAD + file).rows("closes"));
        assertArrayEquals(driven, read);
    }

    /** 3,255 closes at 0 to 200 per second; {@code ss} was asked 5 ms after the end and took 16 ms, three closes' worth. */
    @ParameterizedTest
    @CsvSource({"proc/net/tcp.gz, 1", "ss-nato.txt.gz, 2"})
    void atTwoHundredPerSecondHardlyOneIsInTheNextBin(String file, long outOfPlace) throws IOException {
        String folder = "src/test/resources/plimsoll/analyses/two-hundred-per-second/";
        long[] driven = driven(folder);
        assertEquals(3255, LongStream.of(driven).sum());
        long[] read = bins(Host.read(folder + file).rows("closes"));
        assertEquals(3255, LongStream.of(read).sum());
        for (int bin = 0; bin < driven.length; bin++) {
            String where = BIN * bin + " s before the capture: " + driven[bin] + " driven, " + read[bin] + " read";
            assertTrue(Math.abs(driven[bin] - read[bin]) <= outOfPlace, where);
        }
    }

    @Test
    void theFinestTimersAreTaken() {
        Host host = Host.read(LOAD);
        assertEquals("proc/net/tcp", host.capture().origin("closes"));
        assertTrue(host.tables().contains("closes"));
        assertEquals(
                List.of("local_address", "peer_address", "peer_port", "second", "closes"),
                host.rows("closes").columns());
    }

    @Test
    void theRateIsReadWithItsPeak() {
        Budget b = Host.read(LOAD).ports();
        assertEquals("127.0.0.1 -> 127.0.0.1:9000", b.scope());
        assertEquals(415 / 61.024, b.figure("rate").value(), 1e-9);
        assertEquals(
                Evidence.Kind.DERIVED,
                b.finding().inputs().stream()
                        .filter(i -> i.name().equals("rate"))
                        .findFirst()
                        .orElseThrow()
                        .evidence()
                        .kind());
        assertEquals(20, b.figure("peak rate over 5 s").value());
        assertEquals(54, b.figure("first close, before the capture").value());
        assertEquals(0, b.figure("last close, before the capture").value());
    }

    /** The sockets were used up within a second, just before the capture; of another listing of them the timers are missing. */
    @ParameterizedTest
    @CsvSource({"10.9.0.1, 10.9.0.2, 199", "fd00:9::1, fd00:9::2, 10"})
    void aFullPoolIsCensored(String from, String to, long closes) {
        Host client = Host.read("../datasets/port-exhaustion/t0/client");
        Rows rows = client.rows("closes");
        assertEquals("proc/net/tcp, proc/net/tcp6", client.capture().origin("closes"));
        assertEquals(2, rows.size());
        int row = rows.text("local_address", 0).orElseThrow().equals(from) ? 0 : 1;
        assertEquals(to, rows.text("peer_address", row).orElseThrow());
        assertEquals(closes, rows.number("closes", row).orElseThrow());
        assertEquals(0, rows.number("second", row).orElseThrow());
        assertEquals(Finding.Bound.AT_LEAST, client.ports().finding().demandBound());
        assertEquals(199 / 5.0, client.ports().figure("peak rate over 5 s").value());
    }

    private static final String TWO_MINUTES = "src/test/resources/plimsoll/analyses/two-minutes/";

    /** The sockets tell of the last minute, tracked connections of the one before, or of both where the listing shows no timers. */
    @ParameterizedTest
    @CsvSource({"proc/net/tcp, 'tcp, nf_conntrack'", "ss-nat.txt, nf_conntrack"})
    void trackedConnectionsReachTwoMinutesBack(String sockets, String origin) throws IOException {
        Host host = Host.read(TWO_MINUTES + sockets, TWO_MINUTES + "proc/net/nf_conntrack", TWO_MINUTES + "sysctl.txt");
        assertEquals(origin, host.capture().origin("closes"));
        assertArrayEquals(driven(TWO_MINUTES), bins(host.rows("closes")));
        assertEquals(375, LongStream.of(driven(TWO_MINUTES)).sum());
        assertTrue(host.ports().figure("first close, before the capture").value() >= 110);
    }

    @Test
    void withoutASocketOfThisHostATrackedConnectionTellsNothing() {
        String tracked = "ipv4 2 tcp 6 30 TIME_WAIT src=10.0.0.9 dst=10.0.0.2 sport=40001 dport=80"
                + " src=10.0.0.2 dst=10.0.0.9 sport=80 dport=40001 [ASSURED] mark=0 use=1\n";
        assertFalse(Host.of("$ cat /proc/net/nf_conntrack\n" + tracked).tables().contains("closes"));
    }

    @Test
    void finWait2IsNoClose() {
        Host server = Host.read("../datasets/port-exhaustion/t0/server");
        assertEquals(30, server.finWait2().figure("demand").value(), 1e-9);
        assertFalse(server.tables().contains("closes"));
    }
}
