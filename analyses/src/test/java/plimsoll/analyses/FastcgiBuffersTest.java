package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Capture;

/** Against nginx 1.22.1 and PHP-FPM 8.2 on x86-64, measured with a client that stops reading, whose socket took 8064 bytes. */
class FastcgiBuffersTest {
    private static final String TOOK = "8064 B";
    private static final String SCOPE = "127.0.0.1:80 location /";

    private static Facts location(String directives) {
        return Capture.of(
                        "# configuration file /etc/nginx/nginx.conf:\nevents { }\nhttp {\n  server {\n    listen 127.0.0.1:80;\n"
                                + "    location / {\n      fastcgi_pass unix:/run/fpm.sock;\n      " + directives
                                + "\n    }\n  }\n}\n")
                .facts();
    }

    private static Budget budget(Facts facts) {
        return Budget.of(new FastcgiBuffers(), facts, SCOPE);
    }

    private static Budget budget(String directives) {
        return budget(location(directives));
    }

    private static String sizes(String bufferSize, String number, String size) {
        return "fastcgi_buffer_size " + bufferSize + "; fastcgi_buffers " + number + " " + size + ";";
    }

    private static long bytes(Budget budget, String figure) {
        return (long) budget.figure(figure).value();
    }

    private static void assertFirst(long payload, Budget b) {
        assertEquals(
                Verdict.State.OVER, b.with("payload", payload + " B").verdict().state());
        assertEquals(
                Verdict.State.FITS,
                b.with("payload", (payload - 1) + " B").verdict().state());
        assertEquals(Optional.of(Quantity.bytes(payload)), b.breaksAt("payload").at());
        assertEquals(payload, bytes(b, "first payload over"));
    }

    // ---- the first payload that spools

    @ParameterizedTest(name = "web lab 1: {0}, {1} of {2}, records of {3}: {4} B")
    @CsvSource({
        "4096,8,4096,32768,40909",
        "8192,8,8192,32768,73669",
        "8192,8,8192,65528,73677",
        "8192,8,8192,8184,73621",
        "8192,8,8192,1024,73117",
        "16384,8,16384,32768,147381",
        "32768,4,32768,32768,163765",
        "4096,16,8192,32768,139189",
        "65536,16,32768,32768,589645",
        "65536,16,32768,65528,589717",
        "65536,16,32768,8184,589213",
        "65536,16,32768,1024,585213",
        "16384,16,4096,32768,81861",
        "8192,4,8192,32768,40909",
        "4096,64,4096,32768,270229",
    })
    void theFirstPayloadThatSpools(String bufferSize, String number, String size, String record, long payload) {
        assertFirst(
                payload,
                budget(sizes(bufferSize, number, size))
                        .with("record", record + " B")
                        .with("header", "28 B")
                        .with("padding", "1 B")
                        .with("absorbed", TOOK));
    }

    @Test
    void aLocationWithoutDirectivesHasBuffersOfOnePage() {
        assertFirst(
                40909,
                budget("")
                        .with("record", "32768 B")
                        .with("header", "28 B")
                        .with("padding", "1 B")
                        .with("absorbed", TOOK));
    }

    @ParameterizedTest(name = "web lab 1: busy {0}")
    @ValueSource(strings = {"32k", "64k", "128k", "256k", "480k"})
    void whatMayBeBusyDoesNotMoveTheFirstPayloadThatSpools(String busy) {
        assertFirst(
                556885,
                budget(sizes("32k", "16", "32k") + " fastcgi_busy_buffers_size " + busy + ";")
                        .with("record", "32768 B")
                        .with("header", "28 B")
                        .with("padding", "1 B")
                        .with("absorbed", TOOK));
    }

    @Test
    void theFirstPayloadOfPhpThatSpools() {
        assertFirst(589681, budget(sizes("64k", "16", "32k")).with("absorbed", TOOK));
    }

    @Test
    void paddingOfPhpLetsAMultipleOfEightFitWhereLessDoesNot() {
        Budget b = budget("").with("absorbed", TOOK);
        assertFirst(40881, b);
        for (int payload = 40881; payload <= 40887; payload++) {
            assertEquals(
                    Verdict.State.OVER,
                    b.with("payload", payload + " B").verdict().state());
        }
        assertEquals(Verdict.State.FITS, b.with("payload", "40888 B").verdict().state());
        assertEquals(Verdict.State.OVER, b.with("payload", "40889 B").verdict().state());
    }

    // ---- what is written

    /** Calls, bytes and the longest call as strace saw them; "fastcgi_" is left out of the directives. */
    @ParameterizedTest(name = "web lab 1: {0}: {1} calls, {2} B")
    @CsvSource({
        "'', 1916, 15693960, 8192",
        "'buffer_size 8k; buffers 8 8k;', 956, 15661192, 16384",
        "'temp_file_write_size 4k;', 3831, 15689864, 4096",
        "'temp_file_write_size 16k;', 958, 15693960, 16384",
        "'temp_file_write_size 64k;', 479, 15693960, 32768",
        "'temp_file_write_size 1m;', 479, 15693960, 32768",
        "'buffer_size 8k; buffers 8 8k; temp_file_write_size 256k;', 274, 15710344, 57344",
        "'buffer_size 64k; buffers 16 32k; busy_buffers_size 128k;', 116, 15202496, 131072",
        "'buffer_size 64k; buffers 16 32k; busy_buffers_size 128k; temp_file_write_size 256k;', 58, 15202496, 262144",
        "'buffer_size 32k; buffers 16 32k; temp_file_write_size 32k;', 464, 15202496, 32768",
        "'buffer_size 8k; buffers 256 4k;', 896, 14678272, 16384",
    })
    void writesOfOneResponse(String directives, long writes, long spooled, long longest) {
        Budget b = budget(directives.replaceAll("(^| )(?=[a-z])", " fastcgi_"))
                .with("payload", "15 MiB")
                .with("absorbed", TOOK);
        assertEquals(Verdict.State.OVER, b.verdict().state());
        assertEquals(writes, bytes(b, "writes per response"));
        assertEquals(spooled, bytes(b, "spooled per response"));
        assertEquals(longest, bytes(b, "bytes per write, at most"));
    }

    @Test
    void theTemporaryFileIsFullAtItsLargestSize() {
        Budget b = budget("fastcgi_max_temp_file_size 1m;")
                .with("payload", "15 MiB")
                .with("absorbed", TOOK);
        assertEquals(128, bytes(b, "writes per response"));
        assertEquals(1_048_448, bytes(b, "spooled per response"));
        assertTrue(b.explain().text().contains("the temporary file is full at fastcgi_max_temp_file_size"));
    }

    @Test
    void whereNothingSpoolsTheUpstreamIsHeld() {
        for (String off : List.of("fastcgi_max_temp_file_size 0;", "fastcgi_buffering off;")) {
            Budget b = budget(off).with("payload", "15 MiB");
            assertEquals(Verdict.State.OVER, b.verdict().state());
            assertEquals(0, bytes(b, "writes per response"));
            assertEquals(0, bytes(b, "spooled per response"));
            assertTrue(b.explain().text().contains("never spools: beyond its memory nginx reads only as fast as"));
        }
        assertEquals(4096, bytes(budget("fastcgi_buffering off;"), "supply"));
    }

    /** The report's lsof shows two files of 12 and 15 MB: responses were at least that, and neither fitted. */
    @Test
    void aTemporaryFileThatIsOpenShowsAResponseThatDidNotFit() {
        Budget b = Host.read("../datasets/report-sync").fastcgiBuffers();
        assertEquals("fastcgi-buffers OVER: at least 15.09 MiB of 36 KiB (42,915%)", b.toString());
        assertEquals(15_820_100, bytes(b, "demand"));
        assertTrue(b.finding().notes().get(0).startsWith("a temporary file of a response is open"));
        Facts two = Capture.of(CAPTURED
                        + "$ lsof -p 7\n"
                        + "nginx   7 www-data  34w   REG  259,1 12482010 12401"
                        + " /var/lib/nginx/fastcgi/8/01/0000000108 (deleted)\n")
                .facts();
        for (String scope : new FastcgiBuffers().scopes(two)) {
            assertEquals(
                    Verdict.State.UNKNOWN,
                    Budget.of(new FastcgiBuffers(), two, scope).verdict().state(),
                    "of which location it is, nothing says");
        }
    }

    // ---- locations

    /** The locations of a real configuration, shortened. */
    private static final String CAPTURED =
            """
            nginx: configuration file /srv/lab/conf/main.conf test is successful
            # configuration file /srv/lab/conf/main.conf:
            user root; worker_processes 1;
            events { worker_connections 1024; }
            http { root /srv/lab/www;
             server { listen 127.0.0.1:18090; listen 127.0.0.1:18091 sndbuf=4k;
              location ~ ^/d(/.*\\.php)$ { fastcgi_pass unix:/srv/lab/run/fpm.sock; }
              location ~ ^/b(/.*\\.php)$ { fastcgi_pass unix:/srv/lab/run/fpm.sock; fastcgi_buffers 16 32k; fastcgi_buffer_size 64k; fastcgi_busy_buffers_size 128k; fastcgi_temp_file_write_size 256k; }
              location ~ ^/n(/.*\\.php)$ { fastcgi_pass unix:/srv/lab/run/fpm.sock; fastcgi_buffers 16 32k; fastcgi_buffer_size 32k; fastcgi_max_temp_file_size 0; }
              location ~ ^/N(/.*\\.php)$ { fastcgi_pass unix:/srv/lab/run/fpm.sock; fastcgi_buffers 512 32k; fastcgi_buffer_size 32k; fastcgi_busy_buffers_size 64k; fastcgi_max_temp_file_size 0; }
            } }
            """;

    @ParameterizedTest
    @CsvSource({
        "d, fastcgi-buffers OVER: 15 MiB of 36 KiB (42;672%), 1916, 36",
        "b, fastcgi-buffers OVER: 15 MiB of 576 KiB (2;667%), 58, 576",
        "n, fastcgi-buffers OVER: 15 MiB of 544 KiB (2;824%), 0, 544",
        "N, fastcgi-buffers FITS: 15 MiB of 16.03 MiB (94%), 0, 15361",
    })
    void everyLocationHasItsBudget(String path, String line, long writes, long kib) {
        Facts facts = Capture.of(CAPTURED).facts().given("fastcgi-buffers.payload", "15MiB");
        Budget b = Budget.of(new FastcgiBuffers(), facts, "127.0.0.1:18090 location ~ ^/" + path + "(/.*\\.php)$");
        assertTrue(new FastcgiBuffers().scopes(facts).contains(b.scope()));
        assertEquals(line.replace(';', ','), b.toString());
        assertEquals(writes, bytes(b, "writes per response"));
        assertEquals(kib, bytes(b, "memory per response") / 1024);
        assertEquals(20 * bytes(b, "memory per response"), bytes(b.with("concurrency", "20"), "memory"));
    }

    @Test
    void directivesAreInheritedWithTheLineTheyStandOn() {
        Facts facts = Capture.of(
                        """
                # configuration file /etc/nginx/nginx.conf:
                events { }
                http {
                  fastcgi_buffers 4 8k;
                  server {
                    server_name a;
                    fastcgi_buffer_size 16k;
                    location / {
                      fastcgi_pass 127.0.0.1:9000;
                    }
                    location /big {
                      fastcgi_pass 127.0.0.1:9000;
                      fastcgi_buffers 64 8k;
                    }
                  }
                }
                """)
                .facts();
        assertEquals(List.of("a location /", "a location /big"), new FastcgiBuffers().scopes(facts));
        Budget root = Budget.of(new FastcgiBuffers(), facts, "a location /");
        assertEquals(16_384 + 4 * 8_192, bytes(root, "supply"));
        assertEquals(16_384 + 64 * 8_192, bytes(root.at("a location /big"), "supply"));
        assertTrue(root.finding().inputs().stream()
                .anyMatch(i -> i.name().equals("fastcgi_buffers.size")
                        && i.evidence().equals(Evidence.read("/etc/nginx/nginx.conf:3"))));
        assertTrue(root.finding().inputs().stream()
                .anyMatch(i -> i.name().equals("fastcgi_buffer_size")
                        && i.evidence().equals(Evidence.read("/etc/nginx/nginx.conf:6"))));
    }

    @Test
    void aDirectiveIsChangedInItsOwnSpelling() {
        Budget b = budget(sizes("64k", "16", "32k")).with("payload", "15 MiB");
        Budget more = b.with("fastcgi_buffers", "512 32k").with("fastcgi_buffer_size", "32k");
        assertEquals("fastcgi-buffers FITS: 15 MiB of 16.03 MiB (94%)", more.toString());
        assertTrue(more.explain().text().contains("CHANGED (was 16 32k, /etc/nginx/nginx.conf:7)"));
        assertEquals(116, bytes(b, "writes per response"));
        assertEquals(58, bytes(b.with("fastcgi_temp_file_write_size", "256k"), "writes per response"));
        assertEquals(
                Quantity.count(479),
                b.breaksAt("fastcgi_buffers.number")
                        .at()
                        .map(q -> Quantity.count((long) Math.ceil(q.value())))
                        .orElseThrow());
        var refused = assertThrows(IllegalArgumentException.class, () -> b.with("fastcgi_buffer_size", "1g"));
        assertEquals(
                "fastcgi_buffer_size, CHANGED (was 64k, /etc/nginx/nginx.conf:7): '1g' is not a size in nginx (directive invalid value): "
                        + "a whole number, or one with k or m, as in 32k or 4096m",
                refused.getMessage());
        refused = assertThrows(IllegalArgumentException.class, () -> b.with("fastcgi_buffers", "16"));
        assertEquals(
                "fastcgi_buffers, CHANGED (was 16 32k, /etc/nginx/nginx.conf:7): '16' is not a number and a size, as 16 32k",
                refused.getMessage());
    }

    @Test
    void anyNumberOfBuffersCanBeTried() {
        Budget fits = budget("").with("payload", "1 KiB");
        assertEquals(
                Verdict.State.OVER,
                fits.with("fastcgi_buffers", "2 4k")
                        .with("fastcgi_buffer_size", "1")
                        .with("payload", "9 KiB")
                        .verdict()
                        .state());
        assertEquals(Optional.empty(), fits.breaksAt("fastcgi_buffers.number").at());
        assertEquals(
                Optional.empty(), budget("").breaksAt("fastcgi_buffers.number").at());
    }

    // ---- validity

    private static Optional<String> refusal(String directives) {
        return budget(directives).finding().notes().stream()
                .filter(n -> n.startsWith("not valid"))
                .findFirst();
    }

    @ParameterizedTest(name = "web lab 2: accepted: {0}")
    @ValueSource(
            strings = {
                "",
                "fastcgi_buffer_size 14k;",
                "fastcgi_buffers 3 8k;",
                "fastcgi_buffers 8 16k; fastcgi_buffer_size 16k; fastcgi_busy_buffers_size 112k;",
                "fastcgi_buffers 16 32k; fastcgi_buffer_size 64k; fastcgi_busy_buffers_size 128k; fastcgi_temp_file_write_size 256k;",
                "fastcgi_buffers 512 32k; fastcgi_buffer_size 32k; fastcgi_busy_buffers_size 64k; fastcgi_max_temp_file_size 0;",
                "fastcgi_max_temp_file_size 4096m;",
                "fastcgi_buffers 65536 32k;",
            })
    void nginxAccepts(String directives) {
        assertEquals(Optional.empty(), refusal(directives));
    }

    @ParameterizedTest(name = "web lab 2: refused: {0}")
    @CsvSource({
        "fastcgi_buffers 1 4k;, 'there must be at least 2 \"fastcgi_buffers\"'",
        "fastcgi_buffer_size 14337;, '\"fastcgi_busy_buffers_size\" must be less than the size of all \"fastcgi_buffers\" minus one buffer'",
        "fastcgi_buffer_size 16k;, '\"fastcgi_busy_buffers_size\" must be less than the size of all \"fastcgi_buffers\" minus one buffer'",
        "fastcgi_buffers 2 8k;, '\"fastcgi_busy_buffers_size\" must be less than the size of all \"fastcgi_buffers\" minus one buffer'",
        "fastcgi_buffering off; fastcgi_buffer_size 32k;, '\"fastcgi_busy_buffers_size\" must be less than the size of all'",
        "fastcgi_buffers 8 16k; fastcgi_buffer_size 16k; fastcgi_busy_buffers_size 114689;, '\"fastcgi_busy_buffers_size\" must be less than'",
        "fastcgi_busy_buffers_size 2k;, '\"fastcgi_busy_buffers_size\" must be equal to or greater than the maximum of the value of'",
        "fastcgi_temp_file_write_size 2k;, '\"fastcgi_temp_file_write_size\" must be equal to or greater than the maximum of the value of'",
        "fastcgi_max_temp_file_size 2k;, '\"fastcgi_max_temp_file_size\" must be equal to zero to disable temporary files usage or must be'",
    })
    void nginxRefuses(String directives, String message) {
        String said = refusal(directives.replace(", ", "; ")).orElseThrow();
        assertTrue(said.startsWith("not valid, nginx -t refuses it: " + message), said);
    }

    // ---- what is not known

    @Test
    void withoutConfigurationNothingIsSaid() {
        var law = new FastcgiBuffers();
        assertEquals(List.of("nginx"), law.scopes(Facts.none()));
        Budget b = Budget.of(law, Facts.none(), "nginx").with("payload", "15 MiB");
        assertEquals("fastcgi-buffers UNKNOWN: location is missing; .explain() says how to get it", b.toString());
        assertEquals("location: nginx -T", b.finding().missing().get(0).toString());
    }

    @Test
    void anNginxWithoutFastcgiIsNotJudged() {
        Facts facts = Capture.of(
                        "# configuration file /etc/nginx/nginx.conf:\nevents { }\nhttp { server { listen 80; } }\n")
                .facts();
        Budget b = Budget.of(new FastcgiBuffers(), facts, "nginx").with("payload", "15 MiB");
        assertEquals("fastcgi-buffers UNKNOWN: location is missing; .explain() says how to get it", b.toString());
        assertEquals(
                List.of("the nginx configuration that was read has no fastcgi_pass"),
                b.finding().notes());
    }

    @Test
    void withoutAPayloadTheFirstThatSpoolsIsSaid() {
        Budget b = budget("").with("absorbed", TOOK);
        assertEquals("fastcgi-buffers UNKNOWN: payload is missing; .explain() says how to get it", b.toString());
        assertEquals(40881, bytes(b, "first payload over"));
    }

    @Test
    void aLocationThatIsNotThereIsRefusedWithThoseThatAre() {
        Budget b = budget("");
        var refused = assertThrows(IllegalArgumentException.class, () -> b.at("/nowhere"));
        assertEquals("nginx has no location '/nowhere' with a fastcgi_pass; it has " + SCOPE, refused.getMessage());
    }

    @Test
    void whatIsAssumedIsARangeOnlyWhereItTurnsTheVerdict() {
        Budget near = budget("").with("payload", "36784 B");
        assertEquals(Verdict.State.FITS, near.verdict().state());
        assertEquals(
                List.of("OVER at record=8,184 B", "OVER at header=1 KiB"),
                near.verdict().turns().stream()
                        .sorted(java.util.Comparator.reverseOrder())
                        .toList());
        Budget far = budget("").with("payload", "15 MiB");
        assertTrue(far.verdict().assumed().isEmpty());
    }
}
