package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static plimsoll.analyses.Read.assertNoted;
import static plimsoll.analyses.Read.assertState;
import static plimsoll.analyses.Read.nginx;
import static plimsoll.analyses.Read.value;

import java.util.List;
import org.junit.jupiter.api.Test;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Verdict;

class KeepaliveTest {
    private static final Facts LICENSE =
            nginx("worker_processes 1;", "upstream license { server 192.0.2.1:443; keepalive 64; }");

    private static Budget license(Facts facts) {
        return Budget.of(new Keepalive(), facts, "license")
                .with("rate", "500/s")
                .with("held", "45 ms");
    }

    /** A report of 500 requests a second without one SYN in five minutes: this cache opens 150 in that time. */
    @Test
    void eachConnectionIsRetiredAfterAThousandRequests() {
        Budget b = license(LICENSE);
        assertEquals(22.5, value(b, "demand"), 1e-9);
        assertEquals(64, value(b, "supply"));
        assertState(Verdict.State.FITS, b);
        assertEquals(150, value(b, "SYNs in five minutes, at least"), 3);
        assertEquals(0.5, value(b, "new connections, at least"), 0.01);
        assertEquals(0.5 * 61.024, value(b, "TIME-WAIT left, at least"), 0.5);
        assertNoted("without any SYN", b);
    }

    @Test
    void theRemedyOfTheReportOpensConnectionsToo() {
        Budget b = Host.read("../datasets/license-api-proxied")
                .keepalive("500/s")
                .with("held", "45 ms")
                .with("workers", "4");
        assertEquals("external_api", b.scope());
        assertEquals(150, value(b, "SYNs in five minutes, at least"), 3);
    }

    @Test
    void theCacheIsPerWorkerAndMissesAreBounded() {
        Budget one = license(LICENSE).with("keepalive", "20");
        assertState(Verdict.State.OVER, one);
        double miss = plimsoll.dsl.Queueing.poissonTail(22.5, 19);
        assertEquals(0.5 + 500 * miss, value(one, "new connections, at most"), 0.01);
        Budget four = one.with("workers", "4");
        assertEquals(80, value(four, "supply"));
        assertState(Verdict.State.FITS, four);
    }

    @Test
    void withoutKeepaliveEveryRequestOpensAConnection() {
        Budget b = license(nginx("worker_processes 1;", "upstream license { server 192.0.2.1:443; }"));
        assertEquals(500, value(b, "new connections, at least"));
        assertState(Verdict.State.OVER, b);
        assertEquals(500 * 61.024, value(b, "TIME-WAIT left, at least"), 1);
    }

    @Test
    void defaultsAreThoseOfTheVersion() {
        Facts old = LICENSE.given("nginx:version", "1.18.0");
        assertEquals(5, value(license(old), "new connections, at least"), 0.01);
        Facts recent = nginx("worker_processes 1;", "upstream license { server 192.0.2.1:443; }")
                .given("nginx:version", "nginx/1.29.7");
        assertEquals(32, value(license(recent), "supply"));
    }

    @Test
    void clientsHoldConnectionsForTheTimeout() {
        Facts facts = nginx("worker_processes 2;", "keepalive_timeout 65s;");
        Budget b = Budget.of(new Keepalive(), facts, Keepalive.CLIENTS_SCOPE).with("rate", "20/s");
        assertEquals(1300, value(b, "demand"), 1e-9);
        assertEquals(2048, value(b, "supply"));
        assertState(Verdict.State.FITS, b);
        assertEquals(2048 / 65.0, b.breaksAt("rate").at().orElseThrow().value(), 0.01);
        Budget byDefault = Budget.of(new Keepalive(), nginx("", ""), Keepalive.CLIENTS_SCOPE)
                .with("rate", "20/s");
        assertEquals(1500, value(byDefault, "demand"), 1e-9);
    }

    @Test
    void upstreamsAreTheScopes() {
        assertEquals(List.of("license"), new Keepalive().scopes(LICENSE));
        Budget b = Budget.of(new Keepalive(), Facts.none(), "any one upstream");
        assertState(Verdict.State.UNKNOWN, b);
        assertState(Verdict.State.UNKNOWN, Budget.of(new Keepalive(), LICENSE, "license"));
    }
}
