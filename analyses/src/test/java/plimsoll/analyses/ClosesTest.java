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

/** The last minute of connections, read from the timers of the sockets they left, against what was driven. */
class ClosesTest {
    private static final String LOAD = "../datasets/changing-load/";
    private static final int BIN = 5;

    private static long[] bins(Rows closes) {
        var bins = new long[12];
        for (int row = 0; row < closes.size(); row++) {
            bins[(int) (closes.number("second", row).orElseThrow() / BIN)] +=
                    closes.number("closes", row).orElseThrow();
        }
        return bins;
    }

    private static long[] driven() throws IOException {
        var bins = new long[12];
        List<String> lines = Files.readAllLines(Path.of(LOAD + "driven.csv"));
        for (String line : lines.subList(1, lines.size())) {
            bins[(int) (Double.parseDouble(line) / BIN)]++;
        }
        return bins;
    }

    @ParameterizedTest
    @ValueSource(strings = {"proc/net/tcp", "ss-nato.txt"})
    void aLoadThatChangesComesBackFromTheTimers(String file) throws IOException {
        long[] driven = driven();
        assertEquals(415, LongStream.of(driven).sum());
        long[] read = bins(Host.read(LOAD + file).rows("closes"));
        assertArrayEquals(driven, read);
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

    @Test
    void finWait2IsNoClose() {
        Host server = Host.read("../datasets/port-exhaustion/t0/server");
        assertEquals(30, server.finWait2().figure("demand").value(), 1e-9);
        assertFalse(server.tables().contains("closes"));
    }
}
