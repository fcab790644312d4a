package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestSourceTest {
    @Test
    void notesAreNotTelemetryAndNotRejected() {
        Text notes = Text.of("web/MANIFEST.md", "# web\n\n| net.ipv4.tcp_tw_reuse | 1 |\n$ ss -s\nTotal: 3\n");
        assertEquals(Source.Match.SURE, new ManifestSource().match(notes));
        Parsed parsed = new ManifestSource().parse(notes);
        assertEquals(5, parsed.empty());
        assertEquals(0, parsed.facts().size() + parsed.rejected().size());
        assertEquals(Source.Match.NO, new ManifestSource().match(Text.of("web/ss-s.txt", "Total: 3")));
    }

    @Test
    void whatIsClaimedIsAFactOfItsOwn() {
        Parsed parsed = new ManifestSource()
                .parse(
                        Text.of(
                                "MANIFEST.md",
                                """
                                # web

                                - `ports.rate=1/s` above the heading is prose
                                ## Claimed

                                In the report's text only.
                                - `ports.rate=500/s` to one server
                                - `ports.connected=soon`
                                - `ports.rate`

                                ## Not known
                                - `disk.max-rate=3000/s`
                                """));
        assertEquals(
                List.of("claimed:ports.rate = 500/s"),
                parsed.facts().stream().map(f -> f.name() + " = " + f.text()).toList());
        assertEquals("MANIFEST.md:7", parsed.facts().get(0).evidence().source());
        assertEquals(1, parsed.used());
        assertEquals(9, parsed.empty());
        assertEquals(List.of(8, 9), parsed.rejected().stream().map(Reject::line).toList());
        assertEquals(
                "not a claim with a quantity, as - `ports.rate=500/s`",
                parsed.rejected().get(0).reason());
    }
}
