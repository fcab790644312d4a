package plimsoll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Another moment and another network namespace on the command line: two moments of two namespaces are in the data set. */
class LookTest {
    private static final String CAPTURE = Ran.dataset("port-exhaustion");

    private static long finWait2(String... look) {
        var args = new String[4 + look.length];
        System.arraycopy(new String[] {"table", CAPTURE, "sockets", "--csv=-"}, 0, args, 0, 4);
        System.arraycopy(look, 0, args, 4, look.length);
        return Ran.of(args).out().lines().filter(l -> l.contains("FIN-WAIT-2")).count();
    }

    /** The server closed 30 connections first; their FIN-WAIT-2 had ended before the second moment. */
    @Test
    void aTableOfAnotherMomentAndNamespace() {
        assertEquals(30, finWait2("--at", "t0", "--in", "server"));
        assertEquals(0, finWait2("--at", "t0", "--in", "client"));
        assertEquals(0, finWait2("--in", "server"));
        assertEquals(0, finWait2());
    }

    @Test
    void everyCommandThatReadsTakesThem() {
        assertTrue(
                Ran.of("tables", CAPTURE, "--in", "server", "--at", "t0").out().contains("server/"));
        assertTrue(Ran.of("sources", CAPTURE, "--in", "server")
                .out()
                .contains("of another network namespace than server/"));
        assertEquals(
                0, Ran.of("report", CAPTURE, "--in", "server", "--at", "t0").code());
    }

    @Test
    void whatIsNotThereIsSaidWithWhatIs() {
        Ran moment = Ran.of("report", CAPTURE, "--at", "t1");
        assertEquals(2, moment.code());
        assertEquals("plimsoll: this capture has no moment 't1'; it has t0, t66\n", moment.err());
        assertEquals(
                "plimsoll: this capture has no network namespace 'db'; it has client, server\n",
                Ran.of("tables", CAPTURE, "--in", "db").err());
        assertEquals(
                "plimsoll: this capture has no moment 't0'; it has only one\n",
                Ran.of("report", Ran.dataset("license-api"), "--at", "t0").err());
    }
}
