package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static plimsoll.analyses.Read.assertNoted;
import static plimsoll.analyses.Read.assertState;
import static plimsoll.analyses.Read.facts;
import static plimsoll.analyses.Read.nginx;
import static plimsoll.analyses.Read.value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Made;

/** Against nginx 1.22.1 with worker_shutdown_timeout 2s and 20 requests a second, evenly spaced. */
class ReloadTest {
    private static final Facts TWO = nginx("worker_shutdown_timeout 2s;", "");

    private static Budget reload(Facts facts) {
        return Budget.of(new Reload(), facts, Nginx.SCOPE).with("rate", "20/s");
    }

    /** The formula to the digit, the count within one request, or two where the spacing cut more. */
    @ParameterizedTest(name = "web lab 3: {0}: {1} in flight, {3} cut")
    @CsvSource({
        "1 s, 20, 0, 0",
        "1900 ms, 38, 0, 0",
        "2500 ms, 50, 8, 10",
        "3 s, 60, 18, 19",
        "4 s, 80, 38, 38",
        "5 s, 100, 58, 59",
    })
    void fixedDurations(String duration, double inFlight, double cut, double measured) {
        Budget b = reload(TWO).with("duration", duration);
        assertEquals(inFlight, value(b, "requests in flight"), 1e-9);
        assertEquals(cut, value(b, "requests cut"), 1e-9);
        assertEquals(cut / inFlight, value(b, "loss"), 1e-9);
        assertEquals(measured, value(b, "requests cut"), 2.01);
        assertState(cut > 0 ? Verdict.State.OVER : Verdict.State.FITS, b);
    }

    /** The report had a timeout of 5 s in the incident, and requests that took longer. */
    @Test
    void theTimeoutOfTheReport() {
        Budget b = Host.read("../datasets/tls-reload").reload("6 s");
        assertEquals("reload OVER: 6 s of 5.1 s (118%); 15% of requests in flight are cut", b.toString());
        assertState(Verdict.State.FITS, b.with("nginx:worker_shutdown_timeout", "30s"));
    }

    @Test
    void uniformDurations() {
        Budget b = reload(TWO).with("shortest-duration", "1 s").with("longest-duration", "5 s");
        assertEquals(20, value(b, "requests cut"), 1.1);
        assertEquals(20 * 2.9 * 2.9 / 8, value(b, "requests cut"), 1e-9);
        assertEquals(60, value(b, "requests in flight"), 1e-9);
    }

    @Test
    void exponentialDurations() {
        Budget b = reload(TWO).with("mean-duration", "2 s");
        assertEquals(Math.exp(-1.05), value(b, "loss"), 1e-9);
        assertEquals(0.275, value(b, "loss"), 0.08); // 11 of 40
    }

    @Test
    void withoutTheDirectiveNothingIsCut() {
        Budget b = reload(nginx("", "")).with("duration", "4 s");
        assertState(Verdict.State.FITS, b);
        assertEquals(0, value(b, "requests cut"));
        assertEquals(80, value(b, "requests in flight"), 1e-9);
        assertNoted("never cuts", b);
    }

    @Test
    void withoutTheConfigurationNothingIsSaid() {
        Budget b = reload(Facts.none()).with("duration", "4 s");
        assertState(Verdict.State.UNKNOWN, b);
        assertEquals("nginx -T", b.finding().missing().get(0).command());
        assertState(Verdict.State.UNKNOWN, reload(TWO));
    }

    @Test
    void durationsOfTheLog() {
        Facts log = TWO.holding(
                "access_log",
                Made.rows(
                        "access_log",
                        "time|request_time.\n2026-11-21T01:00:00Z|0.5\n2026-11-21T01:00:01Z|4.1\n2026-11-21T01:00:02Z|1.4"));
        Budget b = Budget.of(new Reload(), log, Nginx.SCOPE);
        assertEquals(2.0 / 6.0, value(b, "loss"), 1e-9);
        assertEquals(4.1, value(b, "demand"), 1e-9);
        assertEquals(1.5 * 2, value(b, "requests in flight"), 1e-9);
        assertEquals(1, value(b, "requests cut"), 1e-9);
    }

    @Test
    void theTimeoutIsAWhatIfInNginxsSpelling() {
        Budget b = reload(facts("nginx:worker_shutdown_timeout", "5s")).with("duration", "6 s");
        assertState(Verdict.State.OVER, b);
        assertState(Verdict.State.FITS, b.with("nginx:worker_shutdown_timeout", "30s"));
        assertEquals(5.1, b.breaksAt("duration").at().orElseThrow().value(), 0.01);
    }
}
