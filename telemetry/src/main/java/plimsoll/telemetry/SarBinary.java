package plimsoll.telemetry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The binary files that {@code sadc} leaves in {@code /var/log/sysstat} and {@code /var/log/sa}: read by {@code sadf -j}, which comes with
 * sysstat and knows the formats of all its versions.
 */
final class SarBinary {
    private static final long PATIENCE_S = 60;
    private static final int MAGIC =
            0xd596; // SYSSTAT_MAGIC of sysstat's sa.h, in the byte order of the machine that wrote the file

    private SarBinary() {}

    /** True for bytes that begin as such a file does, in either byte order. */
    static boolean is(byte[] bytes) {
        if (bytes.length < 4) {
            return false;
        }
        int little = (bytes[0] & 0xff) | (bytes[1] & 0xff) << 8;
        int big = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
        return little == MAGIC || big == MAGIC;
    }

    /**
     * What {@code sadf -j} says of the file.
     *
     * @param sadf the program to run
     * @throws IOException when there is no such program, or it cannot read the file; the message says what to do
     */
    static String json(byte[] bytes, String sadf) throws IOException {
        Path file = Files.createTempFile("sa", ".bin");
        Path said = Files.createTempFile("sadf", ".json");
        try {
            Files.write(file, bytes);
            var builder = new ProcessBuilder(List.of(sadf, "-j", file.toString(), "--", "-A"));
            builder.environment().put("LC_ALL", "C");
            builder.redirectOutput(said.toFile());
            Process process = builder.start();
            process.getOutputStream().close();
            String complaint;
            try (InputStream errors = process.getErrorStream()) {
                complaint = new String(errors.readNBytes(1000), StandardCharsets.UTF_8);
            }
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("sadf took more than " + PATIENCE_S + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException("sadf says: "
                        + complaint
                                .replace(file.toString(), "the file")
                                .lines()
                                .findFirst()
                                .orElse("no reason given"));
            }
            return Files.readString(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(said);
        }
    }
}
