package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptSourceTest {
    @TempDir
    Path folder;

    @Test
    void whatAScriptHoldsIsNotOfTheHost() throws IOException {
        Files.writeString(
                folder.resolve("take.sh"), "#!/bin/sh\ncat <<END\nnf_conntrack_max\n$ ss -s\nTotal: 9\nEND\n");
        Files.writeString(
                folder.resolve("max.txt"), "$ sysctl net.ipv4.tcp_max_orphans\nnet.ipv4.tcp_max_orphans = 8192\n");
        Capture capture = Capture.read(folder);
        assertEquals(
                List.of("sysctl", "script"),
                capture.sources().stream().map(Capture.Item::format).toList());
        assertEquals(List.of(), capture.rejected());
        assertFalse(capture.facts().names().contains("ss:total"));
    }

    @Test
    void aTranscriptOfRootIsNone() {
        assertFalse(new ScriptSource().begins("# ss -s"));
        assertTrue(new ScriptSource().begins("#!/usr/bin/env python3"));
    }
}
