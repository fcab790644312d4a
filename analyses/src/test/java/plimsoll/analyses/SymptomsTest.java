package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SymptomsTest {
    private static Symptoms symptoms(long overflow, long dropped) {
        return Host.of("TcpExt: SyncookiesSent TCPTimeWaitOverflow ListenDrops\nTcpExt: 0 " + overflow + " " + dropped
                        + "\n")
                .symptoms();
    }

    @Test
    void aCounterAboveZeroIsASymptom() {
        Symptom first = symptoms(250, 0).get(0);
        assertEquals("TCPTimeWaitOverflow", first.counter());
        assertEquals(250, first.value());
        assertEquals("since boot", first.since());
        assertEquals("pasted:2", first.source());
        assertTrue(first.toString().contains("no connection failed of it"), first::toString);
        assertEquals(1, symptoms(250, 0).size());
    }

    @Test
    void aCounterAtZeroIsNone() {
        assertEquals("no symptoms", symptoms(0, 0).toString());
    }

    @Test
    void theListenerOfTheRealCaptureDroppedSyns() {
        Symptoms server = Host.read("../datasets/port-exhaustion/t66/server").symptoms();
        assertEquals("ListenOverflows", server.get(0).counter());
        assertEquals(110, server.get(0).value());
        assertTrue(server.get(0).not().contains("each SYN that is sent again counts again"));
    }

    @Test
    void theyStandInEveryFormOfTheReport() {
        Report report = Host.read("../datasets/port-exhaustion/t66/server").report();
        assertTrue(report.toString().contains("\nSymptoms: a limit was hit\n  ListenOverflows 110 (since boot)"));
        assertTrue(report.markdown().contains("\n## Symptoms\n\n- ListenOverflows 110"));
        assertTrue(report.html().contains("<h2>Symptoms</h2>\n<ul>\n<li>ListenOverflows 110"));
        assertTrue(report.json().contains("\"counter\" : \"ListenOverflows\",\n    \"value\" : 110,"));
    }

    @Test
    void soDoDoubts() {
        Report report = Host.read("../datasets/license-api-proxied").report();
        assertTrue(report.toString().contains("\nDoubts: this telemetry contradicts itself\n  ss-version: "));
        assertTrue(report.markdown().contains("\n## Doubts\n\n- ss-version: "));
        assertTrue(report.html().contains("<h2>Doubts</h2>\n<ul>\n<li>ss-version: "));
        assertTrue(report.json().contains("\"rule\" : \"ss-version\",\n    \"message\" : "));
        assertTrue(report.json().contains("\"sources\" : [ \"ss-s.txt:1\", \"os-release:3\" ]"));
    }
}
