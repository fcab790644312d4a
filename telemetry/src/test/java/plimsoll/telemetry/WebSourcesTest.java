package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import plimsoll.dsl.Quantity;

class WebSourcesTest {
    private static Parsed parse(String content) {
        Text text = Text.of("a.txt", content);
        Parsed parsed = Reading.of(text).parsed();
        assertEquals(
                text.lines().size(),
                parsed.used() + parsed.empty() + parsed.rejected().size());
        return parsed;
    }

    private static Rows rows(String content) {
        Parsed parsed = parse(content);
        assertEquals(List.of(), parsed.rejected());
        return parsed.rows().orElseThrow();
    }

    private static String fact(Parsed parsed, String name) {
        return parsed.facts().stream()
                .filter(f -> f.name().equals(name))
                .map(f -> f.text() + " at " + f.evidence().source())
                .reduce((a, b) -> a + " and " + b)
                .orElse("none");
    }

    private static List<String> column(Rows rows, String column) {
        return IntStream.range(0, rows.size())
                .mapToObj(row -> rows.cell(column, row))
                .toList();
    }

    @Test
    void everySampleHasOneSourceThatIsSureAndNoLineIsRejected() {
        WebTexts.ALL.forEach((sample, name) -> {
            Text text = Text.of("-", sample);
            assertEquals(
                    List.of(name),
                    Sources.ALL.stream()
                            .filter(s -> s.match(text) == Source.Match.SURE)
                            .map(Source::name)
                            .toList(),
                    sample);
            assertEquals(List.of(), Reading.of(text).parsed().rejected());
        });
    }

    @Test
    void aTranscriptOfAllIsTakenApartAgain() {
        // each below a prompt, as a session would show them
        var session = new StringBuilder();
        WebTexts.ALL.keySet().forEach(t -> session.append("$ cat it\n")
                .append(t.stripTrailing())
                .append('\n'));
        assertEquals(
                List.copyOf(WebTexts.ALL.values()),
                Transcript.read(Text.of("session.txt", session.toString()), new Memory(0)).stream()
                        .map(r -> r.source().map(Source::name).orElse("unknown"))
                        .toList());
    }

    @Test
    void anErrorSaysWhichLimitWasMetAndWhere() {
        Rows errors = rows(WebTexts.NGINX_ERRORS);
        assertEquals(List.of("keepalive-closed", "connect-refused", "buffered"), column(errors, "kind"));
        assertEquals(List.of("", "11", ""), column(errors, "errno"));
        assertEquals("2026-11-21T01:32:31", errors.cell("time", 2));
        assertEquals("warn", errors.cell("level", 2));
        assertEquals(361, errors.number("pid", 2).orElseThrow());
        assertEquals(361, errors.number("tid", 2).orElseThrow());
        assertEquals(9, errors.number("connection", 2).orElseThrow());
        assertEquals("/srv/lab/tmp/fcgi_main/1/00/0000000001", errors.cell("file", 2));
        assertEquals("GET /d/payload.php?n=15728640 HTTP/1.0", errors.cell("request", 2));
        assertEquals("fastcgi://unix:/srv/lab/run/fpm.sock:", errors.cell("upstream", 2));
        assertEquals(
                "an upstream response is buffered to a temporary file /srv/lab/tmp/fcgi_main/1/00/0000000001 while reading upstream",
                errors.cell("message", 2));
        assertEquals(Optional.of(""), errors.text("server", 2), "no server_name is an empty name, not a missing cell");
        assertEquals("127.0.0.1:18090", errors.cell("host", 1));
        assertTrue(errors.text("host", 2).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "1024 worker_connections are not enough while connecting to upstream | worker_connections",
                "no live upstreams while connecting to upstream | no-live-upstreams",
                "upstream timed out (110: Connection timed out) while reading response header from upstream | timeout",
                "connect() to 10.0.0.9:80 failed (99: Cannot assign requested address) while connecting to upstream | no-local-port",
                "connect() failed (111: Connection refused) while connecting to upstream | connect-refused",
                "accept4() failed (24: Too many open files) | too-many-files",
                "pwritev() \"/t/1\" failed (28: No space left on device) while reading upstream | no-space",
                "a client request body is buffered to a temporary file /t/2 | request-buffered",
                "upstream prematurely closed connection while reading response header from upstream | upstream-closed",
                "recv() failed (104: Connection reset by peer) while reading response header from upstream | upstream-reset",
                "limiting requests, excess: 20.9 by zone \"one\" | limited",
                "open() \"/www/favicon.ico\" failed (2: No such file or directory) | none"
            })
    void aKindIsWhatTheMessageSays(String message, String kind) {
        Rows errors = rows("2026/11/21 01:32:31 [error] 7#8: *9 " + message + ", client: 10.0.0.1, server: a\n");
        assertEquals(Optional.ofNullable(kind), errors.text("kind", 0));
        assertEquals("10.0.0.1", errors.cell("client", 0));
        assertEquals("a", errors.cell("server", 0));
        assertEquals(message, errors.cell("message", 0));
    }

    @Test
    void whatAnApplicationSaysMayHaveLinesOfItsOwn() {
        String log =
                """
                2026/11/21 01:32:31 [error] 7#7: *9 FastCGI sent in stderr: "PHP message: PHP Fatal error:  a in /a.php:1
                Stack trace:

                #0 {main}" while reading response header from upstream, client: 10.0.0.1, server: a, request: "GET / HTTP/1.1"
                2026/11/21 01:32:32 [notice] 7#7: exiting
                torn from a line above
                """;
        Parsed parsed = parse(log);
        Rows errors = parsed.rows().orElseThrow();
        assertEquals(5, parsed.used());
        assertEquals(2, errors.size());
        assertEquals("stderr", errors.cell("kind", 0));
        assertTrue(errors.cell("message", 0)
                .endsWith("Stack trace:\n\n#0 {main}\" while reading response header from upstream"));
        assertEquals("GET / HTTP/1.1", errors.cell("request", 0));
        assertTrue(errors.number("connection", 1).isEmpty());
        assertEquals(1, parsed.rejected().size());
        assertEquals(6, parsed.rejected().get(0).line());
    }

    @Test
    void anAccessLogIsKnownWithoutAConfigurationWhereItsFormatIsNginxsOwn() {
        Rows log = rows(WebTexts.COMBINED);
        assertEquals(List.of("2026-11-21T01:27:21Z", "2026-11-21T02:27:22+01:00"), column(log, "time"));
        assertEquals(List.of("GET /a\"b HTTP/1.1", "POST /a HTTP/1.1"), column(log, "request"));
        assertEquals(List.of("200", "502"), column(log, "status"));
        assertEquals(15_729_327, log.number("body_bytes_sent", 0).orElseThrow());
        assertEquals(List.of("", "bob"), column(log, "remote_user"), "a dash is nothing");
        assertFalse(log.columns().contains("extra"));
    }

    @Test
    void whatASiteAddsToAnAccessLogIsKept() {
        Rows log = rows(WebTexts.COMBINED.replace("\"curl/7.88.1\"", "\"curl/7.88.1\" rt=0.201"));
        assertEquals("curl/7.88.1", log.cell("http_user_agent", 0));
        assertEquals(List.of("rt=0.201", ""), column(log, "extra"));
    }

    @Test
    void aPoolIsConfiguredByItsFile() {
        Parsed parsed = parse(WebTexts.FPM_CONF);
        assertEquals("5 at a.txt:7", fact(parsed, "fpm:pm.max_children[www]"));
        assertEquals("dynamic at a.txt:6", fact(parsed, "fpm:pm[www]"));
        assertEquals("none", fact(parsed, "fpm:listen.backlog[www]"), "a comment sets nothing");
        assertEquals("/var/log/fpm;php.www.log at a.txt:8", fact(parsed, "fpm:php_admin_value[error_log][www]"));
        assertEquals(5, parsed.rows().orElseThrow().size());
    }

    @Test
    void phpFpmPrintsWhatIsInForce() {
        Parsed parsed = parse(WebTexts.FPM_TT);
        assertEquals("4 at a.txt:7", fact(parsed, "fpm:pm.max_children[www]"));
        assertEquals("0 at a.txt:2", fact(parsed, "fpm:process.max[global]"));
        assertEquals("none", fact(parsed, "fpm:process.priority[global]"), "undefined is no value");
        assertEquals(
                "%R %t \"%m %r%Q%q\" %s dur=%{mili}d mem=%{kilo}M cpu=%C%% pid=%p at a.txt:8",
                fact(parsed, "fpm:access.format[www]"));
        assertEquals(6, parsed.rows().orElseThrow().size());
        assertEquals("undefined", parsed.rows().orElseThrow().cell("value", 1));
    }

    @Test
    void aPrintedConfigurationAmongLogLinesIsPartOfTheLog() {
        String log =
                WebTexts.FPM_LOG + WebTexts.FPM_TT.lines().skip(5).findFirst().orElseThrow() + "\n";
        assertEquals(List.of("", "stderr", "max_children", "max_children", "configuration"), column(rows(log), "kind"));
    }

    @Test
    void theLogSaysWhenChildrenRanOut() {
        Rows log = rows(WebTexts.FPM_LOG);
        assertEquals(List.of("", "", "3", "7"), column(log, "setting"));
        assertEquals(List.of("", "www", "www", "od"), column(log, "pool"));
        assertEquals("2026-11-21T01:32:00", log.cell("time", 2));
        assertEquals(31_929, log.number("pid", 1).orElseThrow());
    }

    @Test
    void thePoolsRequestsAreRows() {
        Rows log = rows(WebTexts.FPM_ACCESS);
        assertEquals(List.of("/d/redis.php", "/index.php"), column(log, "uri"));
        assertEquals(List.of("", "127.0.0.1"), column(log, "remote_addr"));
        assertEquals(List.of("dur=0.967 mem=2048 cpu=0.00% pid=19282", ""), column(log, "extra"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "xml", "metrics"})
    void theStatusPageSaysTheSameInEveryFormat(String format) {
        Map<String, String> formats = Map.of(
                "text", WebTexts.FPM_STATUS_FULL,
                "json", WebTexts.FPM_STATUS_JSON,
                "xml", WebTexts.FPM_STATUS_XML,
                "metrics", WebTexts.FPM_STATUS_METRICS);
        Parsed parsed = parse(formats.getOrDefault(format, ""));
        assertEquals(List.of(), parsed.rejected());
        Map<String, String> wanted = Map.of(
                "fpm:status.process manager[www]", "static",
                "fpm:status.start since[www]", "3 s",
                "fpm:status.accepted conn[www]", "51",
                "fpm:status.listen queue len[www]", "0",
                "fpm:status.idle processes[www]", "3",
                "fpm:status.active processes[www]", "1",
                "fpm:status.max children reached[www]", "0");
        wanted.forEach((name, value) -> assertEquals(value, fact(parsed, name).split(" at ", -1)[0], name));
        if (format.equals("metrics")) {
            assertEquals(List.of(), parsed.further());
            return;
        }
        Rows processes = parsed.further().get(0);
        assertEquals("fpm_processes", processes.name());
        assertEquals(parsed.rows().orElseThrow().covers(), processes.covers());
        assertEquals(List.of("355", "356"), column(processes, "pid"));
        assertEquals(List.of("Idle", "Running"), column(processes, "state"));
        assertEquals(List.of("104260", "116326"), column(processes, "request_duration_us"));
        assertEquals("2026-11-21T01:32:31Z", processes.cell("start_time", 0));
        assertEquals("/b/payload.php?n=15728640", processes.cell("request_uri", 0));
        assertEquals(19.18, processes.real("last_request_cpu_percent", 0).orElseThrow());
        assertEquals(
                33_562_624, processes.number("last_request_memory_bytes", 0).orElseThrow());
        assertTrue(processes.number("last_request_memory_bytes", 1).isEmpty());
    }

    @Test
    void aPageCutShortIsReadUpToTheCut() {
        Parsed json = parse(WebTexts.FPM_STATUS_JSON.substring(0, WebTexts.FPM_STATUS_JSON.indexOf(",{\"pid\":356")));
        assertEquals(1, json.rejected().size(), "the cut is on the only line");
        assertEquals("1 at a.txt:1", fact(json, "fpm:status.active processes[www]"));
        assertEquals(List.of("355"), column(json.further().get(0), "pid"));
        Parsed xml = parse(WebTexts.FPM_STATUS_XML.substring(0, WebTexts.FPM_STATUS_XML.indexOf("<total-processes>")));
        assertEquals("1 at a.txt:12", fact(xml, "fpm:status.active processes[www]"));
        assertTrue(xml.used() >= 11, xml::toString);
    }

    @Test
    void entitiesFromOutsideAreNotRead() {
        String xml = WebTexts.FPM_STATUS_XML.replace(
                "<status>", "<!DOCTYPE status [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>\n<status>");
        Parsed parsed = parse(xml.replace("<pool>www</pool>", "<pool>&a;</pool>"));
        assertEquals("none", fact(parsed, "fpm:status.active processes[www]"));
        assertFalse(parsed.rejected().isEmpty());
    }

    @Test
    void phpIniKeepsItsOwnSpelling() {
        Parsed parsed = parse(WebTexts.PHP_INI);
        assertEquals("128M at a.txt:3", fact(parsed, "php:memory_limit"), "that of a path is a row only");
        assertEquals("512 at a.txt:7", fact(parsed, "php:opcache.memory_consumption"));
        assertEquals("/var/log/a;b.log at a.txt:8", fact(parsed, "php:opcache.error_log"));
        assertEquals("On at a.txt:2", fact(parsed, "php:engine"));
        Rows rows = parsed.rows().orElseThrow();
        assertEquals(7, rows.size());
        assertEquals(
                List.of("PATH=/srv/www", "memory_limit", "1G", "a.txt:10"),
                rows.columns().stream().map(c -> rows.cell(c, 6)).toList());
    }

    @Test
    void whatPhpPrintsOfItsSettingsIsTheValueInForceHere() {
        Parsed parsed = parse(
                """
                opcache.max_accelerated_files => 32769 => 10000
                opcache.memory_consumption => 128 => 128
                opcache.preload => no value => no value
                """);
        assertEquals("32769 at a.txt:1", fact(parsed, "php:opcache.max_accelerated_files"));
        assertEquals("128 at a.txt:2", fact(parsed, "php:opcache.memory_consumption"));
        assertTrue(parsed.facts().stream().noneMatch(f -> f.name().equals("php:opcache.preload")));
    }

    @Test
    void opcacheIsFactsWithTheirUnits() {
        Parsed status = parse(WebTexts.OPCACHE_STATUS);
        assertEquals("9175280 B at a.txt:5", fact(status, "opcache:memory_usage.used_memory"));
        assertEquals("8388608 B at a.txt:9", fact(status, "opcache:interned_strings_usage.buffer_size"));
        assertEquals("16229 at a.txt:14", fact(status, "opcache:opcache_statistics.max_cached_keys"));
        assertEquals("false at a.txt:3", fact(status, "opcache:cache_full"));
        assertEquals(8, status.rows().orElseThrow().size());
        Rows scripts = status.further().get(0);
        assertEquals(List.of("script", "hits", "memory_consumption"), scripts.columns());
        assertEquals(19, scripts.number("hits", 0).orElseThrow());
        Parsed configuration = parse(WebTexts.OPCACHE_CONFIGURATION);
        assertEquals(
                Quantity.parse("128 MiB"),
                Quantity.parse(fact(configuration, "opcache:directives.opcache.memory_consumption")
                        .split(" at ", -1)[0]));
        assertEquals("8 MiB at a.txt:5", fact(configuration, "opcache:directives.opcache.interned_strings_buffer"));
    }

    @Test
    void redisSaysWhatItServesAndWhatItWouldAllow() {
        Parsed info = parse(WebTexts.REDIS_INFO);
        assertEquals("3 at a.txt:8", fact(info, "redis:connected_clients"));
        assertEquals("1036632 B at a.txt:12", fact(info, "redis:used_memory"));
        assertEquals("3 s at a.txt:4", fact(info, "redis:uptime_in_seconds"));
        assertEquals("1012.34K at a.txt:13", fact(info, "redis:used_memory_human"));
        assertEquals("Keyspace", info.rows().orElseThrow().cell("section", 9));
        assertEquals("keys=1,expires=0,avg_ttl=0", info.rows().orElseThrow().cell("value", 9));
        assertTrue(parse("connected_clients:3\nmaxclients:10000\n").excerpt(), "as grep leaves them");
    }

    @Test
    void redisSettingsAreReadFromAPipeAndFromATerminal() {
        Parsed pipe = parse(WebTexts.REDIS_CONFIG);
        assertEquals("511 at a.txt:5", fact(pipe, "redis:tcp-backlog"));
        assertEquals(" at a.txt:3", fact(pipe, "redis:masterauth"), "an empty value has a line of its own");
        assertEquals("0 200 800 at a.txt:7", fact(pipe, "redis:oom-score-adj-values"));
        Parsed terminal = parse(WebTexts.REDIS_CONFIG_TERMINAL + "5) \"port\"\n");
        assertEquals("10000 at a.txt:1", fact(terminal, "redis:maxclients"));
        assertEquals("0 at a.txt:3", fact(terminal, "redis:timeout"));
        assertEquals(
                "a.txt:5: a name without its value on the line below, or a value without its name above: 5) \"port\"",
                terminal.rejected().get(0).toString());
        Parsed map = parse("1# \"maxclients\" => \"4064\"\n");
        assertEquals("4064 at a.txt:1", fact(map, "redis:maxclients"));
    }

    @Test
    void redisConfIsNotWhatRuns() {
        Parsed parsed = parse(WebTexts.REDIS_CONF);
        assertEquals("2gb at a.txt:5", fact(parsed, "redis.conf:maxmemory"));
        assertEquals("(not kept) at a.txt:7", fact(parsed, "redis.conf:requirepass"), "captures are passed around");
        assertEquals("none", fact(parsed, "redis:maxmemory"));
    }

    @Test
    void redisClientsHaveTheColumnsOfTheirVersion() {
        Rows clients = rows(WebTexts.REDIS_CLIENTS);
        assertEquals(List.of("3", ""), column(clients, "id"));
        assertEquals(List.of("2", "700"), column(clients, "idle"));
        assertEquals(List.of("20474", "0"), column(clients, "qbuf-free"));
        assertEquals(List.of("127.0.0.1:47932", "10.0.0.9:51000"), column(clients, "addr"));
    }

    @Test
    void stubStatusCountsConnections() {
        Parsed parsed = parse(WebTexts.STUB_STATUS);
        assertEquals("291 at a.txt:1", fact(parsed, "nginx:status.active"));
        assertEquals("16630946 at a.txt:3", fact(parsed, "nginx:status.handled"));
        assertEquals("106 at a.txt:4", fact(parsed, "nginx:status.waiting"));
        assertEquals(7, parsed.rows().orElseThrow().size());
    }

    @Test
    void nginxSaysHowItWasBuilt() {
        Parsed parsed = parse(WebTexts.NGINX_VERSION);
        assertEquals("1.22.1 at a.txt:1", fact(parsed, "nginx:version"));
        assertTrue(fact(parsed, "nginx:configure arguments").contains("--with-threads"));
    }

    @Test
    void haproxyColumnsAreFoundByTheHeader() {
        Rows stat = rows(WebTexts.HAPROXY_STAT);
        assertEquals(List.of("FRONTEND", "s1", "BACKEND"), column(stat, "svname"));
        assertEquals(List.of("", "12", "12"), column(stat, "qmax"));
        assertEquals(100, stat.number("slim", 1).orElseThrow());
        assertEquals("L7OK/200, \"fine\"", stat.cell("last_chk", 1));
        assertEquals(
                List.of("a.txt:5: 3 fields, where the header has 11: app,s2,0"),
                parse(WebTexts.HAPROXY_STAT + "app,s2,0\n").rejected().stream()
                        .map(Reject::toString)
                        .toList());
        Parsed info = parse(WebTexts.HAPROXY_INFO);
        assertEquals("4000 at a.txt:5", fact(info, "haproxy:Maxconn"));
    }

    @Test
    void likeNamedTextsAreNotTaken() {
        for (String other : List.of(
                "[Unit]\nDescription=a\nAfter=network.target\n",
                "[client]\nport = 3306\nsocket = /run/mysqld/mysqld.sock\n",
                "Port 22\nPermitRootLogin no\ntimeout 5\n",
                "timeout\n5\n",
                "{\"pool\":\"rbd\",\"id\":1}\n",
                "Name: edge-1\nVersion: 3\n",
                "pool:  rbd\nsize: 3\n",
                "# Server\nname = edge-1\n")) {
            assertFalse(Reading.of(Text.of("-", other)).known(), other);
        }
    }
}
