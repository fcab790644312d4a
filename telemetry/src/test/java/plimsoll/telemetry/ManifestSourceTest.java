package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
