package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NginxSourceTest {
    private final NginxSource source = new NginxSource();

    private Parsed parse(String content) {
        Text text = Text.of("nginx.conf", content);
        Parsed parsed = source.parse(text);
        assertEquals(
                text.lines().size(),
                parsed.used() + parsed.empty() + parsed.rejected().size());
        return parsed;
    }

    private static Rows rows(Parsed parsed) {
        return parsed.rows().orElseThrow();
    }

    private static List<String> column(Parsed parsed, String column) {
        Rows rows = rows(parsed);
        return IntStream.range(0, rows.size())
                .mapToObj(row -> rows.cell(column, row))
                .toList();
    }

    private NginxConfig config(String content) {
        return NginxConfig.of(rows(parse(content)));
    }

    @Test
    void aDirectiveIsARowWithItsPlaceAndItsBlock() {
        Parsed parsed = parse(
                """
                worker_processes 2;

                http { # the rest
                    server {
                        listen 127.0.0.1:18090;
                        location ~ ^/b(/.*\\.php)$ { fastcgi_buffers 16 32k; }
                    }
                }
                """);
        assertEquals(
                List.of("worker_processes", "http", "server", "listen", "location", "fastcgi_buffers"),
                column(parsed, "name"));
        assertEquals(List.of("1", "3", "4", "5", "6", "6"), column(parsed, "line"));
        assertEquals(List.of("0", "0", "1", "2", "2", "3"), column(parsed, "depth"));
        assertEquals(List.of("", "1", "2", "", "3", ""), column(parsed, "block"));
        assertEquals(List.of("", "", "1", "2", "2", "3"), column(parsed, "parent"));
        assertEquals(
                List.of(
                        "main",
                        "main",
                        "http",
                        "http > server 127.0.0.1:18090",
                        "http > server 127.0.0.1:18090",
                        "http > server 127.0.0.1:18090 > location ~ ^/b(/.*\\.php)$"),
                column(parsed, "context"));
        assertEquals("~ ^/b(/.*\\.php)$", rows(parsed).cell("args", 4));
        assertEquals(7, parsed.used());
        assertEquals(1, parsed.empty());
        assertEquals(
                List.of("nginx:worker_processes = 2  READ (nginx.conf:1)"),
                parsed.facts().stream().map(Object::toString).toList());
    }

    @Test
    void quotesEscapesAndCommentsAreReadAsNginxReadsThem() {
        NginxConfig config = config(
                """
                "log_format" main # of ours
                    '{ "at": "$time_iso8601", ' # a comment between arguments
                    # and one on its own line
                    a#b \\#c "tab\\there" 'it''s' ${uri}/x "$a{" ;
                location ~ "^/v\\d{2,3}/x" {}
                location ~ ^/v\\d\\{2,3\\}/x {}
                location "/two
                lines" {}
                if ($request_method = P\\{O\\)\\###\\;ST  ){}
                map $a $b { '' 0; '~Opera Mini' 1; }
                """
                        .replace("'it''s'", "'it\\'s'"));
        assertEquals(
                List.of("main", "{ \"at\": \"$time_iso8601\", ", "a#b", "\\#c", "tab\there", "it's", "${uri}/x", "$a{"),
                config.directives("log_format").get(0).args());
        assertEquals(
                List.of(List.of("~", "^/v\\d{2,3}/x"), List.of("~", "^/v\\d\\{2,3\\}/x"), List.of("/two\nlines")),
                config.blocks("location").stream()
                        .map(NginxConfig.Directive::args)
                        .toList());
        assertEquals(
                List.of("($request_method", "=", "P\\{O\\)\\###\\;ST", ")"),
                config.blocks("if").get(0).args());
        assertEquals(
                List.of("", "~Opera Mini"),
                config.blocks("map").get(0).directives().stream()
                        .map(NginxConfig.Directive::name)
                        .toList());
    }

    @Test
    void luaBlocksEndWhereLuaEndsThem() {
        Parsed parsed = parse(
                """
                server {
                    server_name content_by_lua_block ; # only a name
                    set_by_lua_block $res { -- a comment with { in it
                        local s = "}" .. '}' .. [[ } ]] .. [==[ ]] } ]==]

                        --[[ } ]]
                        return { 1, { 2 } }
                    }
                    "rewrite_by_lua_block" { t = {title="ok"} }
                    listen 80;
                }
                """);
        assertEquals(List.of(), parsed.rejected());
        assertEquals(
                List.of("server", "server_name", "set_by_lua_block", "rewrite_by_lua_block", "listen"),
                column(parsed, "name"));
        NginxConfig.Directive set =
                NginxConfig.of(rows(parsed)).directives("set_by_lua_block").get(0);
        assertEquals("$res", set.arg(0));
        assertTrue(set.arg(1).contains("[==[ ]] } ]==]\n\n"), set.arg(1));
        assertEquals(1, parsed.empty());
    }

    @Test
    void aMissingSemicolonIsRejectedAndTheRestIsRead() {
        Parsed parsed = parse(
                """
                http {
                    fastcgi_buffers 16 32k
                    fastcgi_buffer_size 64k;
                    server {
                        location /a { proxy_pass http://a
                        }
                        location /b { proxy_pass http://b; }
                        root /srv/www
                        server_name
                            b.example
                    }
                    keepalive_timeout 75s
                }
                """);
        assertEquals(
                List.of(
                        "nginx.conf:2: no \";\" ends the directive \"fastcgi_buffers\" before the next one begins:     fastcgi_buffers 16 32k",
                        "nginx.conf:5: no \";\" ends the directive \"proxy_pass\" before \"}\":         location /a { proxy_pass http://a",
                        "nginx.conf:8: no \";\" ends the directive \"root\" before the next one begins:         root /srv/www",
                        "nginx.conf:9: part of a directive that is wrong further down: no \";\" ends the directive \"server_name\" before \"}\":         server_name",
                        "nginx.conf:10: no \";\" ends the directive \"server_name\" before \"}\":             b.example",
                        "nginx.conf:12: no \";\" ends the directive \"keepalive_timeout\" before \"}\":     keepalive_timeout 75s"),
                parsed.rejected().stream().map(Object::toString).toList());
        assertEquals(
                List.of("http", "fastcgi_buffer_size", "server", "location", "location", "proxy_pass"),
                column(parsed, "name"));
        assertEquals(List.of("", "1", "1", "2", "2", "4"), column(parsed, "parent"));
    }

    @Test
    void otherErrorsAreRejectedAndTheRestIsRead() {
        Parsed parsed = parse(
                """
                ;
                add_header X "left"-quote;
                add_header Y "never closed;
                add_header Z "right";
                listen 80;
                }
                server {
                listen 81;
                """);
        assertEquals(
                List.of(
                        "1: unexpected \";\": no directive stands before it",
                        "2: unexpected \"-\" behind a closing quote: a space, \";\" or \"{\" belongs there, or the quote is not the one meant",
                        "3: unexpected \"r\" behind a closing quote: a space, \";\" or \"{\" belongs there, or the quote is not the one meant",
                        "6: unexpected \"}\": no block is open here",
                        "7: the block \"server\" that opens here is not closed before the end of the file: 1 \"}\" missing"),
                parsed.rejected().stream()
                        .map(r -> r.line() + ": " + r.reason())
                        .toList());
        assertEquals(List.of("Z right", "80", "", "81"), column(parsed, "args"));

        Parsed open = parse("listen 80;\nadd_header A 'b;\nlisten 82;\nfastcgi_buffers 16 32");
        assertEquals(
                List.of(
                        "2: the quote that opens here is never closed",
                        "4: no \";\" ends the directive \"fastcgi_buffers\" before the end of the file"),
                open.rejected().stream().map(r -> r.line() + ": " + r.reason()).toList());
        assertEquals(List.of("80", "82"), column(open, "args"));

        Parsed lua = parse("content_by_lua_block { if x then {\nlisten 80;\n");
        assertEquals(
                List.of("no \"}\" ends the Lua code that opens here"),
                reasons(lua).subList(0, 1));
        assertEquals("80", rows(lua).cell("args", 0));
    }

    private static List<String> reasons(Parsed parsed) {
        return parsed.rejected().stream().map(Reject::reason).toList();
    }

    private static final String DUMP =
            """
            nginx: the configuration file /srv/lab/conf/main.conf syntax is ok
            nginx: configuration file /srv/lab/conf/main.conf test is successful
            # configuration file /srv/lab/conf/main.conf:
            http {
             server { listen 127.0.0.1:18090; listen 127.0.0.1:18091 sndbuf=4k;
              location ~ ^/d(/.*\\.php)$ { include /etc/nginx/fastcgi_params; fastcgi_pass unix:/srv/lab/run/fpm.sock; }
              location ~ ^/b(/.*\\.php)$ { include /etc/nginx/fastcgi_params; fastcgi_buffers 16 32k; }
             }
             include servers/*.conf;
            }

            # configuration file /etc/nginx/fastcgi_params:

            # not a file: a comment
            fastcgi_param  QUERY_STRING       $query_string;

            # configuration file /srv/lab/conf/servers/b.conf:
            server { listen 81; include servers/*.conf; }

            # configuration file /srv/lab/conf/servers/a.conf:
            server { listen 80; }

            # configuration file /srv/lab/conf/servers/.hidden.conf:
            server { listen 82; }

            """;

    @Test
    void aDumpHasItsFilesInTheBlocksThatIncludeThem() {
        Parsed parsed = parse(DUMP);
        assertEquals(List.of(), parsed.rejected());
        assertEquals(11, parsed.used());
        Rows rows = rows(parsed);
        Rows params = rows.where(row -> rows.cell("name", row).equals("fastcgi_param"));
        assertEquals(2, params.size());
        for (int row = 0; row < 2; row++) {
            assertEquals("/etc/nginx/fastcgi_params", params.cell("file", row));
            assertEquals("3", params.cell("line", row));
        }
        NginxConfig config = NginxConfig.of(rows);
        assertEquals(
                List.of("127.0.0.1:18090 location ~ ^/d(/.*\\.php)$", "127.0.0.1:18090 location ~ ^/b(/.*\\.php)$"),
                config.blocks("location").stream()
                        .map(NginxConfig.Directive::scope)
                        .toList());
        // a.conf before b.conf, as glob(3) sorts; b.conf does not include itself again; a hidden file stands for itself
        assertEquals(
                List.of("http", "http", "http", "http > server *:81", "main"),
                config.blocks("server").stream()
                        .map(NginxConfig.Directive::context)
                        .toList());
        assertEquals(
                "/srv/lab/conf/servers/a.conf:1", config.blocks("server").get(1).at());
        assertEquals(
                "/srv/lab/conf/main.conf:4",
                config.blocks("location")
                        .get(1)
                        .effective("fastcgi_buffers")
                        .orElseThrow()
                        .at());
    }

    @Test
    void valuesAreInheritedAsInNginx() {
        NginxConfig config = config(
                """
                http {
                    fastcgi_buffers 8 8k;
                    fastcgi_param A 1;
                    server {
                        server_name api.example www.api.example;
                        fastcgi_buffer_size 16k;
                        location / {
                            fastcgi_pass 127.0.0.1:9000;
                            fastcgi_buffers 16 32k;
                            fastcgi_param B 2;
                            fastcgi_param C 3;
                            location /in { fastcgi_buffer_size 32k; }
                            if ($arg_x) { set $y 1; }
                        }
                    }
                    server { server_name _; listen 8080; location / { } location / { } }
                }
                """);
        NginxConfig.Directive root = config.blocks("location").get(0);
        NginxConfig.Directive nested = config.blocks("location").get(1);
        NginxConfig.Directive onlyIf = config.blocks("if").get(0);
        NginxConfig.Directive other = config.blocks("location").get(2);
        assertEquals("api.example location /", root.scope());
        assertEquals("api.example location / > location /in", nested.scope());
        assertEquals("api.example location / > if ($arg_x)", onlyIf.scope());
        assertEquals("*:8080 location / (nginx.conf:16)", other.scope().replace(" (nginx.conf:16) (", " ("));
        assertEquals(
                "nginx.conf:9", root.effective("fastcgi_buffers").orElseThrow().at());
        assertEquals(
                "nginx.conf:9",
                nested.effective("fastcgi_buffers").orElseThrow().at());
        assertEquals(
                "nginx.conf:9",
                onlyIf.effective("fastcgi_buffers").orElseThrow().at());
        assertEquals(
                "nginx.conf:2", other.effective("fastcgi_buffers").orElseThrow().at());
        assertEquals("16k", root.effective("fastcgi_buffer_size").orElseThrow().arg(0));
        assertEquals(
                "32k", nested.effective("fastcgi_buffer_size").orElseThrow().arg(0));
        assertEquals(Optional.empty(), other.effective("fastcgi_buffer_size"));
        // one level's parameters replace all of the outer ones; the handler is taken over by `if` only
        assertEquals(
                List.of("B", "C"),
                nested.effectives("fastcgi_param").stream().map(p -> p.arg(0)).toList());
        assertEquals(Optional.empty(), nested.effective("fastcgi_pass"));
        assertEquals(
                "127.0.0.1:9000", onlyIf.effective("fastcgi_pass").orElseThrow().arg(0));
    }

    @Test
    void serversOfOneNameAreToldApart() {
        NginxConfig config = config(
                """
                server { server_name a.example; listen 80; location / {} }
                server { server_name a.example; listen 443 ssl; location / {} }
                server { listen 80; }
                server { listen 80; }
                """);
        assertEquals(
                List.of("a.example (*:80) location /", "a.example (443) location /")
                        .toString()
                        .replace("(443)", "(*:443)"),
                config.blocks("location").stream()
                        .map(NginxConfig.Directive::scope)
                        .toList()
                        .toString());
        assertEquals(
                4,
                config.blocks("server").stream()
                        .map(NginxConfig.Directive::scope)
                        .distinct()
                        .count());
    }

    @Test
    void sizesAreThoseNginxTakes() {
        assertEquals(32_768, NginxConfig.size("32k"));
        assertEquals(32_768, NginxConfig.size("32K"));
        assertEquals(4_294_967_296L, NginxConfig.size("4096m"));
        assertEquals(4096, NginxConfig.size("4096"));
        assertEquals(
                "'4g' is not a size in nginx (directive invalid value): a whole number, or one with k or m, as in 32k or 4096m",
                assertThrows(IllegalArgumentException.class, () -> NginxConfig.size("4g"))
                        .getMessage());
        for (String wrong : List.of("", "k", "-1", "1.5m", "32 k", "32kb", "9007199254740993m")) {
            assertThrows(IllegalArgumentException.class, () -> NginxConfig.size(wrong), wrong);
        }
    }

    @Test
    void timesAreThoseNginxTakes() {
        assertEquals(Duration.ofSeconds(2), NginxConfig.time("2s"));
        assertEquals(Duration.ofSeconds(90), NginxConfig.time("1m30s"));
        assertEquals(Duration.ofSeconds(90), NginxConfig.time("1m 30"));
        assertEquals(Duration.ofMillis(500), NginxConfig.time("500ms"));
        assertEquals(Duration.ofSeconds(60), NginxConfig.time("60"));
        assertEquals(Duration.ofDays(8), NginxConfig.time("1w1d"));
        assertEquals(
                "'2.0s' is not a time in nginx (directive invalid value): whole numbers with w, d, h, m, s, ms in this order, as in 500ms, 2s or 1m30s",
                assertThrows(IllegalArgumentException.class, () -> NginxConfig.time("2.0s"))
                        .getMessage());
        for (String wrong : List.of("", "s", "1s1m", "-1s", "1s2s", "2 s", "1y", "99999999999999999w")) {
            assertThrows(IllegalArgumentException.class, () -> NginxConfig.time(wrong), wrong);
        }
    }

    @Property
    void argumentsAreJoinedWithoutLoss(
            @ForAll @Size(max = 5)
                    List<
                                    @StringLength(max = 8) @CharRange(from = 'a', to = 'c')
                                    @Chars({
                                        ' ', '"', '\'', '\\', '{', '}', ';', '#', '$', '\n', '\t', '\r', 'n', 't', ')'
                                    })
                                    String>
                            args) {
        assertEquals(args, NginxTokens.split(NginxTokens.join(args)));
    }

    @Test
    void whatAreNotArgumentsIsRefused() {
        assertEquals(
                "not the arguments of one nginx directive: a; b; write them as in a configuration file, without the ';'",
                assertThrows(IllegalArgumentException.class, () -> NginxTokens.split("a; b"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> NginxTokens.split("\"open"));
    }

    @Property
    void everyTextIsAccountedFor(
            @ForAll
                    @StringLength(max = 60)
                    @CharRange(from = 'a', to = 'c')
                    @Chars({' ', '"', '\'', '\\', '{', '}', ';', '#', '$', '\n', '[', '-'})
                    String content) {
        parse(content);
        parse("listen 80;\n" + content + "\nlisten 81;");
        parse("# configuration file /a:\ninclude [" + content.replace("\n", "") + ";\n# configuration file /"
                + content.replace("\n", "") + ":\n" + content);
    }

    @Test
    void deepNestingIsRejectedNotAStackOverflow() {
        Parsed parsed = parse("a {\n".repeat(5000) + "listen 80;\n" + "}\n".repeat(5000));
        assertEquals(4900, parsed.rejected().size());
        assertEquals(101, rows(parsed).size());
    }

    @Test
    void otherTextsAreNotNginx() {
        for (String other : List.of(
                "function f(x) { return x; }\nfunction g() { return 1; }",
                "[www]\n; a comment\nuser = www-data\nlisten = 127.0.0.1:9000\n",
                "ngx_buf_t *b;\nngx_chain_t *cl, *tl;\nif (n == NGX_ERROR) {\nreturn NGX_ABORT;\n}",
                "{\"a\": {\"listen\": 1}}",
                "net.ipv4.ip_local_port_range = 32768 60999\n",
                "maxclients 10000\nsave 900 1\n",
                "The server was slow; we listened to it {once}.",
                "A report. It says; that\nwe saw {x} (y; z)\nand set\nfastcgi_buffers 16 32k;\nThen; it {was} well; again {so}.")) {
            assertEquals(Source.Match.NO, source.match(Text.of("notes.txt", other)), other);
        }
        assertEquals(
                Source.Match.SURE,
                source.match(Text.of("notes.txt", "fastcgi_buffers 16 32k;\nfastcgi_buffer_size 64k;\n")));
    }
}
