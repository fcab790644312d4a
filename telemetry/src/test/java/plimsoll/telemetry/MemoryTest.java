package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a capture is a few times its size, whatever is in it, and where that is not all, it is said. */
class MemoryTest {
    private static final String LOAD = "0.00 0.01 0.05 1/100 4242\n";

    @Test
    void outputsBeyondTheMemoryAreLeftAndSaid() {
        var memory = new Memory(0);
        memory.take(500 * (memory.outputs() - 3));
        Text text = Text.of("loop.txt", ("$ cat /proc/loadavg\n" + LOAD).repeat(20));
        List<Reading> readings = Transcript.read(text, memory);
        Reading last = readings.get(readings.size() - 1);
        assertTrue(readings.size() < 10, () -> "" + readings.size());
        assertFalse(last.known());
        assertEquals(
                "what was read takes more than 4 times its size in memory (plimsoll.limit.kept): not read",
                last.note());
        assertEquals(
                40, last.text().firstLine() - 1 + last.text().lines().size(), "what is left ends where the text ends");
        assertTrue(readings.subList(0, readings.size() - 1).stream().allMatch(Reading::known));
        List<Reading> next = Transcript.read(text, memory);
        assertEquals(1, next.size());
        assertEquals(1, next.get(0).parsed().kept().cut());
    }

    @Test
    void namesBeyondTheMemoryAreLeftAndSaid() {
        var text = new StringBuilder("# Server\nredis_version:7.2.4\n");
        for (int i = 0; i < 700_000; i++) {
            text.append("a").append(i).append(":1\n");
        }
        Capture capture = Capture.of(text.toString());
        String said = capture.problems().get(0);
        assertTrue(
                said.matches("pasted:\\d{6} and what is below it is not kept: what was read takes more than 4 times its"
                        + " size in memory \\(plimsoll\\.limit\\.kept\\)"),
                said);
        int cut = Integer.parseInt(said.substring(7, 13));
        assertEquals(
                "1", capture.facts().find("redis:a" + (cut - 4)).orElseThrow().text());
        assertEquals(Optional.empty(), capture.facts().find("redis:a" + (cut - 3)));
        assertEquals(
                "7.2.4",
                capture.facts().find("redis:redis_version").orElseThrow().text());
    }

    @Test
    void oneFileTakesHalfOfWhatIsLeftForAll() {
        var reserve = new Memory.Reserve();
        Memory first = reserve.file(1000);
        assertTrue(first.take((96 << 20) + 3000 - 500));
        assertFalse(first.take(1));
        reserve.read(first);
        Memory second = reserve.file(0);
        assertTrue(second.take((48 << 20) - 501));
        assertFalse(second.take(2));
        reserve.read(reserve.file(1 << 30));
        assertTrue(
                reserve.file(0).take((48 << 20) - 501), "what its own bytes are worth takes nothing from the others");
    }

    @Test
    void linesBeyondTheMemoryAreCounted() {
        String line = "x".repeat(2 << 20);
        Text text = new Text("noise.txt", 11, Optional.empty(), Collections.nCopies(70, line));
        Parsed parsed = Reading.unknown(text).parsed();
        assertEquals(70, parsed.rejected().size() + parsed.kept().unkept());
        // 96 MiB for a text of which nothing says how large it is
        assertEquals(47, parsed.rejected().size());
        assertEquals(11 + 47, parsed.kept().cut());
        assertTrue(parsed.kept().bytes() > 96 << 20);
    }

    @Test
    void aNameThatCameBeforeTakesLess() {
        String name = "net.ipv4.a_name_that_only_this_test_has";
        var memory = new Memory(0);
        long nothing = memory.taken();
        memory.takeValue(name, "8212");
        long once = memory.taken();
        Once.of(name);
        Once.of("8212");
        memory.takeValue(name, "8212");
        assertEquals(56, memory.taken() - once);
        assertTrue(once - nothing >= 56 + name.length() + 4);
    }

    @Test
    void partsOfAFileAreReadInTurn(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("lines.txt");
        var content = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            content.append("line ").append(i).append(i % 7 == 0 ? "\r\n" : "\n");
        }
        Files.writeString(file, content);
        List<String> lines = content.toString().lines().toList();
        try (FileChannel channel = FileChannel.open(file)) {
            Lines all = Lines.of(channel, 0, Files.size(file));
            List<String> first = all.subList(100, 9_000);
            List<String> second = all.subList(9_000, 20_000);
            for (int i = 0; i < 8_900; i++) {
                assertEquals(lines.get(100 + i), first.get(i));
                assertEquals(lines.get(9_000 + i), second.get(i));
            }
            assertEquals(lines.subList(100, 9_000), first);
            assertEquals(lines.subList(9_050, 9_060), second.subList(50, 60));
            assertEquals(lines, all);
        }
    }
}
