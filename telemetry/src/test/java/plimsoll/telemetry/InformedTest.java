package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plimsoll.dsl.Fact;

class InformedTest {
    private static final String MAIN =
            """
            worker_processes 4;
            events {}
            http {
                include mime.types;
                include /etc/nginx/conf.d/*.conf;
                include sites-enabled/*;
                log_format timed '$msec $status $request_time '
                                 '$upstream_response_time "$request"';
            }
            """;
    private static final String SITE =
            """
            server {
                listen 8080;
                location /a { include fastcgi_params; fastcgi_pass unix:/run/a.sock; }
                location /b { include fastcgi_params; fastcgi_pass unix:/run/b.sock; }
            }
            """;
    private static final String PARAMS = "fastcgi_param  QUERY_STRING  $query_string;\n";

    @TempDir
    private Path folder;

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(folder));
        Files.writeString(file, text);
    }

    private static Rows directives(Capture capture) {
        return capture.table("nginx_directives").orElseThrow();
    }

    private static List<String> listed(Capture capture) {
        Rows rows = directives(capture);
        return IntStream.range(0, rows.size())
                .mapToObj(row -> rows.cell("file", row) + ":" + rows.cell("line", row) + " " + rows.cell("name", row))
                .toList();
    }

    private static List<String> items(Capture capture) {
        return capture.sources().stream()
                .map(i -> i.path() + ": " + (i.used() ? "" : "not ") + "used, " + i.rows() + " rows, " + i.rejected()
                        + " rejected" + (i.note().isEmpty() ? "" : ", " + i.note()))
                .toList();
    }

    @Test
    void includesAreReadWhereTheyStand() throws IOException {
        write("etc/nginx/nginx.conf", MAIN);
        write("etc/nginx/conf.d/site.conf", SITE);
        write("etc/nginx/conf.d/site.conf.off", SITE);
        write("etc/nginx/fastcgi_params", PARAMS);
        Capture capture = Capture.read(folder);
        assertEquals(
                List.of(
                        "etc/nginx/nginx.conf:1 worker_processes",
                        "etc/nginx/nginx.conf:2 events",
                        "etc/nginx/nginx.conf:3 http",
                        "etc/nginx/nginx.conf:4 include",
                        "etc/nginx/nginx.conf:5 include",
                        "etc/nginx/conf.d/site.conf:1 server",
                        "etc/nginx/conf.d/site.conf:2 listen",
                        "etc/nginx/conf.d/site.conf:3 location",
                        "etc/nginx/conf.d/site.conf:3 include",
                        "etc/nginx/fastcgi_params:1 fastcgi_param",
                        "etc/nginx/conf.d/site.conf:3 fastcgi_pass",
                        "etc/nginx/conf.d/site.conf:4 location",
                        "etc/nginx/conf.d/site.conf:4 include",
                        "etc/nginx/fastcgi_params:1 fastcgi_param",
                        "etc/nginx/conf.d/site.conf:4 fastcgi_pass",
                        "etc/nginx/nginx.conf:6 include",
                        "etc/nginx/nginx.conf:7 log_format"),
                listed(capture));
        NginxConfig config = NginxConfig.of(directives(capture));
        assertEquals(
                "http > server *:8080 > location /b",
                config.directives("fastcgi_pass").get(1).context());
        assertEquals(
                List.of(
                        "etc/nginx/conf.d/site.conf: used, 0 rows, 0 rejected, included by etc/nginx/nginx.conf",
                        "etc/nginx/conf.d/site.conf.off: not used, 8 rows, 0 rejected, no include of etc/nginx/nginx.conf leads here",
                        "etc/nginx/fastcgi_params: used, 0 rows, 0 rejected, included by etc/nginx/nginx.conf",
                        "etc/nginx/nginx.conf: used, 17 rows, 0 rejected, includes what the capture does not hold: mime.types"),
                items(capture));
        assertEquals(List.of(), capture.problems());
        assertEquals(List.of(), capture.rejected());
        assertEquals(1, capture.facts().all("nginx:worker_processes").size());
    }

    @Test
    void aFileIsConfigurationBecauseItIsIncluded() throws IOException {
        write("nginx.conf", MAIN);
        write("mime.types", "types {\n    text/html html htm;\n}\n");
        write("conf.d/a.conf", "server { listen 1; }\nlisten\n");
        Capture capture = Capture.read(folder);
        assertTrue(listed(capture).contains("mime.types:2 text/html"), listed(capture)::toString);
        assertTrue(
                listed(capture).contains("conf.d/a.conf:1 server"), "absolute names are taken from the usual folder");
        assertEquals(
                List.of("conf.d/a.conf:2"),
                capture.rejected().stream().map(r -> r.path() + ":" + r.line()).toList(),
                "a reject stands where it is in its own file");
    }

    @Test
    void linksLeadToWhatIsEnabled() throws IOException {
        write("etc/nginx/nginx.conf", MAIN);
        write("etc/nginx/sites-available/one", SITE);
        write("etc/nginx/sites-available/two", SITE.replace("8080", "8081"));
        Files.createDirectories(folder.resolve("etc/nginx/sites-enabled"));
        Files.createSymbolicLink(folder.resolve("etc/nginx/sites-enabled/one"), Path.of("../sites-available/one"));
        Capture capture = Capture.read(folder);
        assertEquals(
                List.of("8080"),
                NginxConfig.of(directives(capture)).directives("listen").stream()
                        .map(d -> d.arg(0))
                        .toList());
    }

    @Test
    void aFragmentAloneStandsForItself() throws IOException {
        write("etc/nginx/conf.d/proxy.conf", SITE);
        Capture capture = Capture.read(folder);
        assertEquals(8, directives(capture).size());
        assertEquals(
                List.of(
                        "etc/nginx/conf.d/proxy.conf: used, 8 rows, 0 rejected, includes what the capture does not hold: fastcgi_params"),
                items(capture));
    }

    @Test
    void fragmentsWithoutAMainFileAreOneTable() throws IOException {
        write("etc/nginx/conf.d/a.conf", SITE);
        write("etc/nginx/conf.d/b.conf", SITE.replace("8080", "8081"));
        write("etc/nginx/fastcgi_params", PARAMS);
        Capture capture = Capture.read(folder);
        NginxConfig config = NginxConfig.of(directives(capture));
        assertEquals(2, config.blocks("server").size());
        assertEquals(4, config.directives("fastcgi_param").size(), "in each location, and not once more on its own");
        assertEquals(
                "in one table with etc/nginx/conf.d/a.conf",
                capture.sources().get(1).note());
    }

    @Test
    void aDumpHoldsAllFilesAndIsPreferred() throws IOException {
        write("etc/nginx/nginx.conf", MAIN);
        write(
                "nginx_T.txt",
                "# configuration file /etc/nginx/nginx.conf:\n" + MAIN
                        + "# configuration file /etc/nginx/conf.d/site.conf:\n" + SITE);
        Capture capture = Capture.read(folder);
        assertEquals("nginx_T.txt", capture.origin("nginx_directives"));
        assertEquals(1, NginxConfig.of(directives(capture)).blocks("server").size());
    }

    @Test
    void twoServersWithFilesOfTheirOwnAreBothRead() throws IOException {
        String dump = "# configuration file /srv/%s.conf:\nevents {}\nhttp { server { listen %d; } }\n";
        write("a.txt", String.format(Locale.ROOT, dump, "a", 1));
        write("b.txt", String.format(Locale.ROOT, dump, "b", 2));
        NginxConfig config = NginxConfig.of(directives(Capture.read(folder)));
        assertEquals(
                List.of("*:1", "*:2"),
                config.directives("listen").stream()
                        .map(d -> d.enclosing().orElseThrow().scope())
                        .toList());
    }

    @Test
    void aFileThatIncludesItselfEnds() throws IOException {
        write("nginx.conf", "events {}\nhttp { include nginx.conf; include nginx.conf; }\n");
        assertTrue(directives(Capture.read(folder)).size() < 100);
    }

    @Test
    void aLogIsReadByTheFormatOfTheConfiguration() throws IOException {
        write("nginx.conf", MAIN);
        write(
                "access.log",
                """
                1795224441.883 200 2.902 0.201 "GET /N HTTP/1.1"
                1795224442.994 502 4.031 0.001, 2.000 : 0.500 "GET /d HTTP/1.1"
                1795224443.000 400 0.000 - "\\x16\\x03"
                gone astray
                """);
        Capture capture = Capture.read(folder);
        Rows log = capture.table("access_log").orElseThrow();
        assertEquals(
                List.of(
                        "time",
                        "msec",
                        "status",
                        "request_time",
                        "upstream_response_time",
                        "request",
                        "upstream_response_times"),
                log.columns());
        assertTrue(log.toString().startsWith("access_log: 3 rows"), log::toString);
        assertEquals("2026-11-21T01:27:21.883Z", log.cell("time", 0));
        assertEquals(0.201, log.real("upstream_response_time", 0).orElseThrow());
        assertEquals(2.501, log.real("upstream_response_time", 1).orElseThrow(), 1e-12);
        assertEquals("0.001, 2.000 : 0.500", log.cell("upstream_response_times", 1));
        assertTrue(log.real("upstream_response_time", 2).isEmpty(), "no server was asked: missing, not zero");
        assertEquals("\u0016\u0003", log.cell("request", 2));
        assertEquals(
                List.of("access.log:4: not of the log_format that the lines around it have: gone astray"),
                capture.rejected().stream().map(Reject::toString).toList());
    }

    @Test
    void aLogOfTheUsualFormatGainsTheColumnsOfTheConfiguration() throws IOException {
        write(
                "nginx.conf",
                MAIN.replace(
                                "'$msec $status $request_time '",
                                "'$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" '")
                        .replace("'$upstream_response_time \"$request\"'", "'\"$http_user_agent\" $request_time'"));
        write("access.log", "::1 - - [21/Nov/2026:01:27:21 +0000] \"GET / HTTP/1.1\" 200 12 \"-\" \"curl\" 0.250\n");
        write("other.log", "::1 - - [21/Nov/2026:01:27:22 +0000] \"GET / HTTP/1.1\" 200 12 \"-\" \"curl\"\n");
        Rows log = Capture.read(folder).table("access_log").orElseThrow();
        assertEquals(2, log.size(), "two logs are two parts of the table");
        assertEquals(List.of("0.25", ""), List.of(log.cell("request_time", 0), log.cell("request_time", 1)));
    }

    @Test
    void factsOfAnIncludedFileAreFoundInIt() throws IOException {
        write("nginx.conf", "include workers.conf;\nevents {}\nhttp {}\n");
        write("workers.conf", "# count\nworker_processes 8;\nworker_rlimit_nofile 4096;\n");
        assertEquals(
                "nginx:worker_processes = 8  READ (workers.conf:2)",
                Capture.read(folder)
                        .facts()
                        .find("nginx:worker_processes")
                        .map(Fact::toString)
                        .orElse("none"));
    }
}
