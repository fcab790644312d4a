package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static plimsoll.analyses.Read.assertNoted;
import static plimsoll.analyses.Read.assertState;
import static plimsoll.analyses.Read.nginx;
import static plimsoll.analyses.Read.value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Verdict;

/** The anonymous memory of a worker of nginx 1.22.1 with clients that stopped reading. */
class NginxMemoryTest {
    private static final String SCOPE = "127.0.0.1:80 location /";

    private static Facts location(String directives) {
        return nginx(
                        "worker_processes 1;",
                        "server { listen 127.0.0.1:80; location / { fastcgi_pass unix:/run/fpm.sock; " + directives
                                + " } }")
                .given("meminfo:MemAvailable", "8 GiB");
    }

    /** Measured KiB a connection; small ones carry some kilobytes of nginx's own besides. */
    @ParameterizedTest(name = "web lab 2: {0}, {1}, {2}: {3} KiB")
    @CsvSource({
        "'32k', '512 32k', 1 MiB, 1028, 0.02",
        "'32k', '512 32k', 1 MiB, 1046, 0.03",
        "'32k', '512 32k', 15 MiB, 15475, 0.01",
        "'4k', '8 4k', 15 MiB, 31.5, 0.15",
        "'4k', '8 4k', 15 MiB, 32, 0.15",
        "'64k', '16 32k', 15 MiB, 576, 0.001",
        "'64k', '16 32k', 15 MiB, 587, 0.02",
    })
    void aResponseHoldsTheSmallerOfItsSizeAndItsBuffers(
            String first, String buffers, String payload, double measured, double tolerance) {
        Budget b = Budget.of(
                        new BufferMemory(),
                        location("fastcgi_buffer_size " + first + "; fastcgi_buffers " + buffers + ";"),
                        SCOPE)
                .with("payload", payload);
        assertEquals(measured * 1024, value(b, "memory of a response"), measured * 1024 * tolerance);
    }

    @Test
    void fiftyOfFifteenMebibytes() {
        Budget b = Budget.of(new BufferMemory(), location("fastcgi_buffer_size 32k; fastcgi_buffers 512 32k;"), SCOPE)
                .with("payload", "15 MiB")
                .with("concurrency", "50");
        assertEquals(775192 * 1024.0, value(b, "demand"), 775192 * 1024.0 * 0.01);
        assertState(Verdict.State.FITS, b);
        assertState(Verdict.State.OVER, b.with("concurrency", "600"));
        assertEquals(546, value(b, "responses that fit"));
    }

    @Test
    void withoutConcurrencyTheVerdictIsUnknown() {
        Budget b = Budget.of(new BufferMemory(), location(""), SCOPE);
        assertState(Verdict.State.UNKNOWN, b);
        assertEquals(36864, value(b, "memory of a response"));
        assertEquals(
                "nginx -T",
                Budget.of(new BufferMemory(), Facts.none(), "nginx")
                        .finding()
                        .missing()
                        .get(0)
                        .command());
    }

    private static Budget connections(Facts facts) {
        return Budget.of(new NginxConnections(), facts, Nginx.SCOPE);
    }

    @Test
    void aProxiedRequestUsesTwoConnections() {
        Facts facts = nginx("worker_processes 4;", "");
        Budget b = connections(facts).with("clients", "2048");
        assertEquals(4096, value(b, "demand"));
        assertEquals(4096, value(b, "supply"));
        assertState(Verdict.State.FITS, b);
        assertState(Verdict.State.OVER, b.with("clients", "2049"));
        assertState(Verdict.State.FITS, b.with("clients", "4000").with("upstreams", "10"));
    }

    @Test
    void theLimitOfOpenFilesCountsWhereItIsLower() {
        Facts facts = nginx("worker_processes 2; worker_rlimit_nofile 768;", "");
        Budget b = connections(facts).with("clients", "100");
        assertEquals(1536, value(b, "supply"));
        assertNoted("limit of open files is below", b);
        assertEquals(512, value(b.with("nofile", "256"), "supply"));
    }

    @Test
    void workersThatNginxCountsItselfHaveToBeSaid() {
        Budget b = connections(nginx("worker_processes auto;", ""));
        assertState(Verdict.State.UNKNOWN, b);
        assertEquals("workers", b.finding().missing().get(0).input());
        assertEquals(8192, value(b.with("workers", "8").with("clients", "10"), "supply"));
    }

    @Test
    void theStatusPageCountsClientsAndRequests() {
        Facts facts = nginx("worker_processes 1;", "")
                .plus(Read.facts("nginx:status.active", "291")
                        .find("nginx:status.active")
                        .orElseThrow())
                .plus(Read.facts("nginx:status.writing", "179")
                        .find("nginx:status.writing")
                        .orElseThrow());
        Budget b = connections(facts);
        assertEquals(470, value(b, "demand"));
        assertState(Verdict.State.FITS, b);
        assertEquals(
                "nginx -T", connections(Facts.none()).finding().missing().get(0).command());
    }
}
