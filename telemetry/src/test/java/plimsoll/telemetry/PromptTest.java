package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTest {
    private static final String ROWS =
            """
            tcp_bind_bucket           64     64     64   64    1 : tunables    0    0    0 : slabdata      1      1      0
            tw_sock_TCP               32     32    256   16    1 : tunables    0    0    0 : slabdata      2      2      0
            """;

    private static List<String> foreign(String command, String output) {
        return Capture.of("$ " + command + "\n" + output).foreign().stream()
                .map(r -> r.line() + " " + r.reason())
                .toList();
    }

    @Test
    void aLineThatItsGrepWouldDropIsForeign() {
        assertEquals(
                List.of("3 'grep tcp' would not have let this line through"),
                foreign("cat /proc/slabinfo | grep tcp", ROWS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cat /proc/slabinfo | grep -i tcp",
                "cat /proc/slabinfo | grep -E 'tcp_|TCP'",
                "egrep 'tcp_bind|tw_sock' /proc/slabinfo",
                "grep 'tcp_\\|TCP' /proc/slabinfo",
                "grep -F tcp /proc/slabinfo | sed s/tcp/TCP/",
                "grep -v dentry /proc/slabinfo | sort",
                "grep -A1 tcp /proc/slabinfo",
                "grep -i TCP /proc/slabinfo | head -2",
                "cat /proc/slabinfo",
            })
    void aCommandThatMayHavePrintedAllOfItIsNot(String command) {
        assertEquals(List.of(), foreign(command, ROWS));
    }

    @Test
    void anInvertedGrepKeepsWhatItDoesNotName() {
        assertEquals(
                List.of("2 'grep -v bind' would not have let this line through"),
                foreign("cat /proc/slabinfo | grep -v bind", ROWS));
    }

    @Test
    void countingAColumnCountsTheHeader() {
        String counts = "   4102 TIME-WAIT\n    850 ESTAB\n";
        String command = "ss -natp | awk '{print $1}' | sort | uniq -c | sort -rn";
        assertEquals(
                List.of("2 '" + command + "' counts the header as well, and no '1 State' is there"),
                foreign(command, counts));
        assertEquals(List.of(), foreign(command, counts + "      1 State\n"));
        assertEquals(List.of(), foreign(command.replace("-natp", "-Hnatp"), counts));
        assertEquals(List.of(), foreign("ss -nat | awk 'NR>1 {print $1}' | sort | uniq -c", counts));
    }
}
