package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TimeoutHistorySourceTest {
    private static final String HEADER = "system,versions,has_timeout,seconds,how,stated,today,today_source\n";

    @Test
    void theDatasetIsATable() {
        Capture capture = Capture.read(Path.of("../datasets/fin-wait-2-history"));
        Rows rows = capture.table("fin_wait_2_timeouts").orElseThrow();
        assertEquals(12, rows.size());
        assertEquals(List.of(), capture.rejected());
        int sunos = rows.size() - 1;
        assertEquals("SunOS", rows.cell("system", sunos));
        assertEquals("no", rows.cell("has_timeout", sunos));
        assertEquals(OptionalLong.of(600), rows.number("seconds", 8));
        assertEquals(OptionalLong.empty(), rows.number("seconds", 0));
        assertEquals("5.3, 6.2, 6.3", rows.cell("versions", 7));
        assertEquals(Optional.empty(), rows.text("today_source", sunos));
        assertEquals(List.of(), List.copyOf(capture.facts().names()));
    }

    @Test
    void aLineThatIsCutOrWrongIsRejected() {
        Capture capture =
                Capture.of(HEADER + "A,1,yes,60,,report,unverified,\nB,2,yes\nC,3,yes,soon,,report,unverified,\n");
        assertEquals(1, capture.table("fin_wait_2_timeouts").orElseThrow().size());
        assertEquals(
                List.of("3 fields, where the header has 8", "'soon' where the seconds would be"),
                capture.rejected().stream().map(Reject::reason).toList());
    }
}
