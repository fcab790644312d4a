package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LogFormatTest {
    private static final LogFormat TIMED = LogFormat.of(List.of(
            "$msec $status $request_time $upstream_response_time $upstream_addr $body_bytes_sent \"$request\""));
    private static final LogFormat JSON = LogFormat.of(
            List.of("escape=json", "{\"t\":\"$time_iso8601\",\"status\":$status,", "\"r\":\"${request}\"}"));

    @Test
    void oneServerOrSeveralWereTried() {
        assertEquals(
                List.of("1.5", "200", "2.902", "0.201", "unix:/run/a.sock", "15729327", "GET / HTTP/1.1"),
                TIMED.read("1.5 200 2.902 0.201 unix:/run/a.sock 15729327 \"GET / HTTP/1.1\"", false));
        assertEquals(
                List.of("1.5", "200", "2.902", "0.001, 0.200 : -", "10.0.0.1:80, 10.0.0.2:80 : up", "7", "GET /"),
                TIMED.read("1.5 200 2.902 0.001, 0.200 : - 10.0.0.1:80, 10.0.0.2:80 : up 7 \"GET /\"", false));
        assertEquals(List.of("1.5", "499", "0.4", "-", "-", "0", "a"), TIMED.read("1.5 499 0.4 - - 0 \"a\"", false));
    }

    @Test
    void aLineOfAnotherFormatIsNotRead() {
        assertNull(TIMED.read("1.5 OK 2.902 0.201 a 15729327 \"GET /\"", false));
        assertNull(TIMED.read("1.5 200 2.902 0.201 a 15729327 \"GET /", false));
        assertNull(TIMED.read("1.5 200 2.902 0.201 a 15729327 \"GET /\" more", false));
        assertNull(TIMED.read("", false));
        assertNull(LogFormat.of(List.of("no variable")).read("no variable", false));
    }

    @Test
    void jsonIsUnescaped() {
        assertEquals(
                List.of("2026-11-21T01:27:21+00:00", "200", "GET /\"a\\b\u0001\nä"),
                JSON.read(
                        "{\"t\":\"2026-11-21T01:27:21+00:00\",\"status\":200,\"r\":\"GET /\\\"a\\\\b\\u0001\\nä\"}",
                        false));
    }

    /** Whatever a client sends, nginx escapes it so that the line reads back: ngx_http_log_escape. */
    @Property(tries = 500)
    void whatIsEscapedReadsBack(@ForAll String sent) {
        String latin = sent.chars()
                .map(c -> c & 0xff)
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining());
        String written = latin.chars()
                .mapToObj(c -> c == '"' || c == '\\' || c < 32 || c > 126
                        ? String.format(Locale.ROOT, "\\x%02X", c)
                        : String.valueOf((char) c))
                .collect(Collectors.joining());
        assertEquals(
                List.of("1.5", "200", "2.902", "0.201", "a", "7", latin),
                TIMED.read("1.5 200 2.902 0.201 a 7 \"" + written + "\"", false));
    }
}
