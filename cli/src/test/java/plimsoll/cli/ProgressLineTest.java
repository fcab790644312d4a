package plimsoll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(InputStream.nullInputStream(), OutputStream.nullOutputStream(), err);
    private final AtomicLong millis = new AtomicLong();

    private ProgressLine line(boolean terminal) {
        return new ProgressLine(console, terminal, () -> millis.get() * 1_000_000);
    }

    @Test
    void isDrawnAfterASecondAtMostTenTimesASecondAndErased() {
        try (ProgressLine line = line(true)) {
            line.at(1, 200, "first");
            millis.set(999);
            line.at(2, 200, "second");
            millis.set(1000);
            line.at(3, 200, "third");
            millis.set(1099);
            line.at(4, 200, "fourth");
            millis.set(1100);
            line.at(5, 200, "fi\033[31mfth" + "x".repeat(100));
        }
        String[] drawn = err.toString(StandardCharsets.UTF_8).split("\r\033\\[K", -1);
        assertEquals(4, drawn.length);
        assertEquals("", drawn[0]);
        assertEquals("reading file 3 of 200: third", drawn[1]);
        assertEquals(79, drawn[2].length());
        assertEquals(-1, drawn[2].indexOf('\033'));
        assertEquals("", drawn[3]);
    }

    @Test
    void nothingIsDrawnWhereItIsNoTerminalOrSoonOver() {
        try (ProgressLine line = line(false)) {
            millis.set(60_000);
            line.at(3, 200, "third");
        }
        millis.set(0);
        try (ProgressLine line = line(true)) {
            millis.set(500);
            line.at(200, 200, "last");
        }
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }
}
