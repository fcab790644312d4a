package plimsoll.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terminal that a stream of this process goes to, where it goes to one. */
final class Screen {
    private Screen() {}

    /** True where the stream of that number is a terminal: Java asks only about both at once. Where there is no {@code /proc} none is. */
    static boolean shows(int stream) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream))
                    .toString()
                    .matches("/dev/(pts/|tty).*");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** How many columns standard output has; without end where it is no terminal, or where that is not known. */
    static int width() {
        if (!shows(1)) {
            return Integer.MAX_VALUE;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            Matcher m = Pattern.compile("\\d+ ([1-9]\\d{0,4})").matcher(size);
            return m.matches() ? Integer.parseInt(m.group(1)) : Integer.MAX_VALUE;
        } catch (IOException e) {
            return Integer.MAX_VALUE;
        }
    }
}
