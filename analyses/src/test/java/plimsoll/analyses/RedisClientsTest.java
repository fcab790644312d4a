package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static plimsoll.analyses.Read.assertNoted;
import static plimsoll.analyses.Read.assertState;
import static plimsoll.analyses.Read.facts;
import static plimsoll.analyses.Read.value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Verdict;

/** Against Redis 7.0.15 and phpredis 5.3.7. */
class RedisClientsTest {
    private static Budget clients(Facts facts) {
        return Budget.of(new RedisClients(), facts, "redis");
    }

    @ParameterizedTest(name = "web lab 5: {0} workers, {1} pools: {2}")
    @CsvSource({"4, 1, 5", "3, 1, 4", "3, 2, 7"})
    void persistentConnectionsAndTheOneThatAsks(int workers, int pools, int connected) {
        Budget b = clients(Facts.none()).with("workers", "" + workers).with("pools", "" + pools);
        assertEquals(connected, value(b, "demand"));
    }

    @ParameterizedTest(name = "web lab 5: hard limit {0}: maxclients {1}")
    @CsvSource({"64, 32", "128, 96", "1024, 992", "4096, 4064", "10000, 9968", "20000, 10000", "33, 1", "32, 0"})
    void maxclientsIsWhatTheHardLimitOfOpenFilesLeaves(int nofile, int maxclients) {
        Budget b = clients(Facts.none()).with("workers", "4").with("nofile", "" + nofile);
        assertEquals(maxclients, value(b, "supply"));
    }

    @Test
    void whatIsConfiguredIsBoundedToo() {
        Facts facts = facts("redis.conf:maxclients", "20000");
        assertEquals(19968, value(clients(facts).with("workers", "4").with("nofile", "20000"), "supply"));
        assertEquals(20000, value(clients(facts).with("workers", "4"), "supply"));
    }

    @Test
    void whatIsInForceCountsUntilAnotherIsAsked() {
        Facts facts =
                facts("redis:maxclients", "10000", "redis.conf:maxclients", "500", "redis:connected_clients", "40");
        assertEquals(10000, value(clients(facts), "supply"));
        assertEquals(50, value(clients(facts).with("redis.conf:maxclients", "50"), "supply"));
    }

    /** 40 clients became 800 in a reload: that takes 800 workers and connections that live at the same time. */
    @Test
    void areloadDoublesAtMost() {
        Facts facts = facts("redis:connected_clients", "40", "redis:maxclients", "1000");
        Budget b = clients(facts);
        assertState(Verdict.State.FITS, b);
        assertEquals(40, value(b, "demand"));
        assertEquals(79, value(b.with("workers", "39").with("old-workers", "39"), "demand"));
        assertEquals(801, value(b.with("workers", "400").with("old-workers", "400"), "demand"));
        assertEquals(
                1000,
                b.with("workers", "39")
                        .with("old-workers", "0")
                        .breaksAt("old-workers")
                        .at()
                        .orElseThrow()
                        .value(),
                40);
    }

    @Test
    void hostsShareAServer() {
        Budget b =
                clients(Facts.none()).with("workers", "250").with("pools", "2").with("hosts", "20");
        assertEquals(10001, value(b, "demand"));
        assertState(Verdict.State.OVER, b);
        assertState(Verdict.State.FITS, b.with("hosts", "19"));
    }

    @Test
    void plainConnectionsLiveForARequest() {
        Budget b = clients(Facts.none()).with("rate", "500/s").with("lifetime", "200 ms");
        assertEquals(101, value(b, "demand"), 1e-9);
    }

    @Test
    void aFullServerIsAtLeastFull() {
        Facts facts = facts(
                "redis:connected_clients", "96",
                "redis:maxclients", "96",
                "redis:rejected_connections", "12",
                "redis:timeout", "0");
        Budget b = clients(facts);
        assertState(Verdict.State.OVER, b);
        assertEquals(12, value(b, "refused since the server started"));
        assertNoted("never closed", b);
        assertNoted("never a worker that hangs", b);
    }

    @Test
    void workersThatMayUseRedisAreABound() {
        Facts few = facts("fpm:pm.max_children[www]", "50", "fpm:pm.max_children[api]", "20");
        assertState(Verdict.State.FITS, clients(few));
        assertEquals(71, value(clients(few), "demand"));
        assertState(Verdict.State.UNKNOWN, clients(facts("fpm:pm.max_children[www]", "20000")));
        assertEquals(
                "redis-cli info",
                clients(Facts.none()).finding().missing().get(0).command());
    }

    /** What comes and goes has peaks: Erlang-B of 25 on 30, and of 10 on 10, one place being that of the connection that asks. */
    @ParameterizedTest
    @CsvSource({"31, 250/s, 100 ms, 26, 0.0526031722", "11, 50/s, 200 ms, 11, 0.214582343"})
    void peaksAreRefusedWhereTheMeanFits(
            String maxclients, String rate, String lifetime, double demand, double refused) {
        Budget b = clients(facts("redis.conf:maxclients", maxclients))
                .with("rate", rate)
                .with("lifetime", lifetime);
        assertEquals(demand, value(b, "demand"), 1e-9);
        assertEquals(refused, value(b, "loss"), 1e-9);
        assertState(Verdict.State.OVER, b);
    }
}
