package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.analyses.Read.assertNoted;
import static plimsoll.analyses.Read.assertState;
import static plimsoll.analyses.Read.facts;
import static plimsoll.analyses.Read.value;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Made;

/** Against published vectors of M/M/c/K, and PHP-FPM 8.2.35 behind nginx 1.22.1. */
class FpmTest {
    private static Facts pool(int children, int backlog) {
        return facts("fpm:pm.max_children[www]", "" + children, "fpm:listen.backlog[www]", "" + backlog);
    }

    private static Budget workers(Facts facts) {
        return Budget.of(new FpmWorkers(), facts, "www");
    }

    private static Budget memory(Facts facts) {
        return Budget.of(new FpmMemory(), facts, "www");
    }

    @ParameterizedTest(name = "vectors 1: M/M/c/K, {0}/s of {1}, {2} workers, {3} waiting")
    @CsvSource({
        "1.5, 1 s, 2, 1, 0.124042879, 0.413476263, 0.314685315",
        "100, 500 ms, 50, 510, 0.00192107041, 251.306747, 2.51790454",
        "120, 500 ms, 50, 510, 0.166666667, 506, 5.06",
    })
    void lossAndWaitOfMmcK(
            double rate, String service, int children, int backlog, double loss, double queue, double wait) {
        Budget b = workers(pool(children, backlog)).with("rate", rate + "/s").with("service", service);
        assertEquals(loss, value(b, "loss"), 1e-8);
        assertEquals(queue, value(b, "queue"), queue * 1e-8);
        assertEquals(wait, value(b, "mean wait"), wait * 1e-8);
        assertState(Verdict.State.OVER, b);
    }

    /** 4 workers of 0.5 s behind a backlog of 8: 13 of 16 and 13 of 40 requests at once were answered, the last after 2 s. */
    @Test
    void capacityAtOnceIsTheWorkersTheBacklogAndOneMore() {
        Budget b = workers(pool(4, 8)).with("rate", "4/s").with("service", "500 ms");
        assertEquals(13, value(b, "capacity at once"));
        assertEquals(9 / 4.0 * 0.5, value(b, "wait behind a full queue"), 1e-12);
    }

    @Test
    void theBacklogIsNeverMoreThanSomaxconn() {
        Facts facts = pool(4, 511)
                .plus(Read.facts("net.core.somaxconn", "128")
                        .find("net.core.somaxconn")
                        .orElseThrow());
        assertEquals(133, value(workers(facts).with("rate", "4/s").with("service", "500 ms"), "capacity at once"));
        assertEquals(
                133,
                value(
                        workers(facts)
                                .with("fpm:listen.backlog[www]", "-1")
                                .with("rate", "4/s")
                                .with("service", "500 ms"),
                        "capacity at once"));
    }

    /** hold = (payload - buffers - what the sockets take) / rate, against the duration that PHP-FPM logged, within 5 %. */
    @ParameterizedTest(name = "web lab 1: {0} of {1}, client {3}: {4} s")
    @CsvSource({
        "16, 32k, 0 B, 32000000 bit/s, 3.853",
        "16, 32k, 0 B, 64000000 bit/s, 1.862",
        "16, 32k, 6300000 B, 2 MiB/s, 4.337",
        "16, 32k, 6300000 B, 5 MiB/s, 1.656",
    })
    void aSlowClientHoldsAWorkerWhereThereAreNoTemporaryFiles(
            String number, String size, String absorbed, String client, double measured) {
        Budget b = workers(pool(4, 8)
                        .given("fastcgi_buffers", number + " " + size)
                        .given("fastcgi_buffer_size", "32k")
                        .given("fastcgi_max_temp_file_size", "0"))
                .with("rate", "1/s")
                .with("service", "0 s")
                .with("payload", "15 MiB")
                .with("absorbed", absorbed)
                .with("client", client);
        assertEquals(measured, value(b, "demand"), measured * 0.05);
        assertNoted("slow clients hold workers", b);
    }

    @Test
    void buffersForTheWholeResponseOrTemporaryFilesFreeTheWorker() {
        Budget b = workers(pool(4, 8).given("fastcgi_max_temp_file_size", "0"))
                .with("rate", "1/s")
                .with("service", "185 ms")
                .with("payload", "15 MiB")
                .with("client", "2 MiB/s");
        assertEquals(0.185, value(b.with("fastcgi_buffers", "512 32k"), "demand"), 1e-12);
        Budget spooled = b.with("fastcgi_max_temp_file_size", "1024m");
        assertEquals(0.185, value(spooled, "demand"), 1e-12);
        assertNoted("slow clients hold no worker", spooled);
    }

    @Test
    void aRequestThatRunsOnHoldsItsWorker() {
        Budget b = workers(pool(20, 511)).with("rate", "20/s").with("service", "500 ms");
        assertState(Verdict.State.FITS, b);
        Budget aborted = b.with("aborted", "5/s").with("runs-on", "3 s");
        assertEquals(25, value(aborted, "demand"), 1e-9);
        assertState(Verdict.State.OVER, aborted);
    }

    @Test
    void aGoalOnTheWaitMakesTheSupplyTheLoadThatKeepsIt() {
        Budget b = workers(pool(50, 510)).with("rate", "95/s").with("service", "500 ms");
        assertState(Verdict.State.FITS, b);
        double wait = value(b, "mean wait");
        assertState(Verdict.State.FITS, b.with("wait", wait * 1.01 + " s"));
        assertState(Verdict.State.OVER, b.with("wait", wait * 0.99 + " s"));
        assertEquals(
                95,
                b.with("wait", wait + " s").breaksAt("rate").at().orElseThrow().value(),
                0.01);
    }

    @Test
    void aFullPoolIsAtLeastFull() {
        Facts status = facts(
                "fpm:pm.max_children[www]", "4",
                "fpm:pm[www]", "static",
                "fpm:listen[www]", "/run/php/php8.2-fpm.sock",
                "fpm:status.active processes[www]", "4",
                "fpm:status.listen queue[www]", "0");
        Budget b = workers(status);
        assertState(Verdict.State.OVER, b);
        assertEquals(Finding.Bound.AT_LEAST, b.finding().demandBound());
        assertNoted("ss -xl", b);
        assertNoted("never counts", b);
    }

    @Test
    void fromBusyWorkersTheRateFollows() {
        Facts status = facts("fpm:pm.max_children[www]", "50", "fpm:status.active processes[www]", "10");
        Budget b = workers(status).with("service", "200 ms");
        assertEquals(50, value(b, "rate"), 1e-9);
        assertState(Verdict.State.FITS, b);
        assertTrue(b.breaksAt("rate").at().orElseThrow().value() > 200);
    }

    @Test
    void theServiceTimeIsTheMeanOfTheLog() {
        Facts facts = pool(4, 8)
                .holding(
                        "access_log",
                        Made.rows("access_log", "status#|upstream_response_time.\n200|0.1\n304|\n200|0.3"));
        assertEquals(2, value(workers(facts).with("rate", "10/s"), "demand"), 1e-9);
    }

    @Test
    void whatIsMissingIsNamedWithTheCommandThatDecides() {
        Budget b = Budget.of(new FpmWorkers(), Facts.none(), FpmPools.ANY);
        assertState(Verdict.State.UNKNOWN, b);
        assertEquals("php-fpm -tt", b.finding().missing().get(0).command());
        assertState(Verdict.State.UNKNOWN, workers(pool(4, 8)).with("rate", "4/s"));
        assertEquals(List.of("www"), new FpmWorkers().scopes(pool(4, 8)));
        assertEquals(List.of("shop"), new FpmWorkers().scopes(Facts.none().given("fpm-workers[shop].rate", "1/s")));
    }

    // ---- memory

    @Test
    void childrenThatFit() {
        Budget b = memory(facts("fpm:pm.max_children[www]", "100", "meminfo:MemAvailable", "4194304 KiB"))
                .with("child", "60 MiB");
        assertState(Verdict.State.OVER, b);
        assertEquals(68, value(b, "children that fit"));
        Budget running = b.with("running", "40");
        assertEquals(108, value(running, "children that fit"));
        assertState(Verdict.State.FITS, running);
    }

    @Test
    void privateMemoryIsThatOfProcessesNamedPhpFpm() {
        Facts facts = facts(
                "fpm:pm.max_children[www]", "10",
                "meminfo:MemAvailable", "1048576 KiB",
                "status:11:Name", "php-fpm8.2",
                "smaps_rollup:11:Private_Clean", "1024 KiB",
                "smaps_rollup:11:Private_Dirty", "9216 KiB",
                "smaps_rollup:11:Pss", "30000 KiB",
                "status:12:Name", "php-fpm8.2",
                "status:12:RssAnon", "20480 KiB",
                "status:13:Name", "nginx",
                "smaps_rollup:13:Private_Clean", "999999 KiB",
                "smaps_rollup:13:Private_Dirty", "999999 KiB");
        assertEquals(10 * 15.0 * 1024 * 1024, value(memory(facts), "demand"), 1e-6);
        Facts more = facts("smaps_rollup:14:Pss", "45 MiB");
        Facts listed = facts.plus(more.find("smaps_rollup:14:Pss").orElseThrow())
                .holding("fpm_processes", Made.rows("fpm_processes", "pool|pid#\nwww|14"));
        assertEquals(10 * 25.0 * 1024 * 1024, value(memory(listed), "demand"), 1e-6);
    }

    @Test
    void withoutTheMemoryOfAChildNothingIsSaid() {
        Budget b = memory(facts("fpm:pm.max_children[www]", "10", "meminfo:MemAvailable", "1048576 KiB"));
        assertState(Verdict.State.UNKNOWN, b);
        assertTrue(
                b.finding().missing().get(0).command().contains("smaps_rollup"),
                b.finding().missing()::toString);
    }
}
