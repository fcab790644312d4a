package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

class StreamBuffersTest {
    private static final String SCOPE = "127.0.0.1:80 location /";

    private static Budget budget(String family, String directives) {
        Facts facts = nginx(
                "", "server { listen 127.0.0.1:80; location / { " + family + "_pass backend; " + directives + " } }");
        return Budget.of(
                new StreamBuffers(NginxBuffers.Family.valueOf(family.toUpperCase(java.util.Locale.ROOT))),
                facts,
                SCOPE);
    }

    @ParameterizedTest
    @CsvSource({"proxy, proxy-buffers", "uwsgi, uwsgi-buffers", "scgi, scgi-buffers"})
    void theMemoryIsTheFirstBufferAndTheOthers(String family, String name) {
        Budget b = budget(family, "");
        assertEquals(name, b.name());
        assertEquals(36864, value(b, "supply"));
        assertState(Verdict.State.UNKNOWN, b);
        assertState(Verdict.State.FITS, b.with("payload", "36864 B"));
        assertState(Verdict.State.OVER, b.with("payload", "36865 B"));
    }

    @Test
    void whatDoesNotFitIsWrittenInTheSameCallsAsForFastcgi() {
        Budget b = budget("proxy", "proxy_buffer_size 8k; proxy_buffers 8 8k;").with("payload", "15 MiB");
        assertEquals(16384, value(b, "bytes per write, at most"));
        assertEquals(956, value(b, "writes per response"), 2);
    }

    @Test
    void whatNginxRefusesIsSaidInItsWords() {
        Budget b = budget("proxy", "proxy_buffer_size 32k;").with("payload", "1 MiB");
        assertNoted(
                "\"proxy_busy_buffers_size\" must be less than the size of all \"proxy_buffers\" minus one buffer", b);
        assertNoted(
                "there must be at least 2 \"scgi_buffers\"",
                budget("scgi", "scgi_buffers 1 4k;").with("payload", "1 MiB"));
        assertNoted(
                "never spools", budget("uwsgi", "uwsgi_max_temp_file_size 0;").with("payload", "1 MiB"));
    }

    @Test
    void anotherLocationIsNotThere() {
        assertThrows(IllegalArgumentException.class, () -> budget("proxy", "").at("nowhere"));
    }
}
