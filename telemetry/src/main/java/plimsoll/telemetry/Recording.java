package plimsoll.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import plimsoll.dsl.WholeFile;

/**
 * What a running machine shows of itself at one moment, file by file, an immutable value: the same that {@code collect.sh} takes, in the
 * same places. Saved, it is a capture that {@link Capture#read} reads. Configuration is taken as it stands, passwords in it too.
 */
public final class Recording {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int COMMAND_SECONDS = 1;
    private static final String ARCHIVE = ".*\\.(tar\\.gz|tgz)";

    private final Instant time;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, String> missing = new LinkedHashMap<>();

    private Recording(Instant time) {
        this.time = time;
    }

    /** This machine, now. Reads files and asks {@code ss} and {@code conntrack}, as {@code collect.sh} does. */
    public static Recording take() {
        return take(Path.of("/"));
    }

    /** The machine below a folder; commands speak of this one, so they are run for {@code /} alone. */
    static Recording take(Path root) {
        var recording = new Recording(Instant.now());
        Inventory.files(root).forEach(f -> recording.file(root, f));
        if (root.equals(Path.of("/"))) {
            Inventory.runs().stream().filter(r -> r.holds(root)).forEach(recording::run);
        }
        if (recording.files.isEmpty()) {
            throw new NothingReadable("nothing could be read below " + root + ": is this Linux?");
        }
        return recording;
    }

    private void file(Path root, Inventory.Wanted wanted) {
        Path file = Inventory.below(root, wanted.path());
        if (!Files.exists(file)) {
            String folder = wanted.path().substring(0, wanted.path().lastIndexOf('/'));
            missing.put(Files.exists(Inventory.below(root, folder + "/")) ? wanted.path() : folder, "not there");
        } else if (!Files.isRegularFile(file)) {
            missing.put(wanted.path(), "no file");
        } else {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes((int) wanted.limit() + 1);
                boolean cut = bytes.length > wanted.limit();
                files.put(wanted.path(), cut ? cut(wanted.path(), bytes, wanted.limit()) : bytes);
            } catch (AccessDeniedException e) {
                missing.put(wanted.path(), "permission denied, needs root");
            } catch (IOException e) {
                missing.put(wanted.path(), String.valueOf(e.getMessage()));
            }
        }
    }

    /** Below a prompt line that makes it an excerpt for whoever reads it, without the last line, which is not whole. */
    private byte[] cut(String path, byte[] bytes, long limit) {
        missing.put(path, "cut at " + limit + " bytes: an excerpt");
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return below("head -c " + limit + " " + path, Arrays.copyOf(bytes, end));
    }

    private static byte[] below(String command, byte[] output) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("$ " + command + "\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(output);
        return bytes.toByteArray();
    }

    private void run(Inventory.Run run) {
        try {
            Path said = Files.createTempFile("plimsoll", ".err");
            try {
                run(run, said);
            } finally {
                Files.deleteIfExists(said);
            }
        } catch (IOException e) {
            missing.put(run.line(), String.valueOf(e.getMessage()));
        }
    }

    private void run(Inventory.Run run, Path said) throws IOException {
        var builder = new ProcessBuilder("sh", "-c", run.line())
                .redirectInput(new File("/dev/null"))
                .redirectError(said.toFile());
        builder.environment().put("LC_ALL", "C");
        // where administrators' tools are, for who is none
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        Process process = builder.start();
        var late = new AtomicBoolean();
        var clock = CompletableFuture.delayedExecutor(COMMAND_SECONDS, TimeUnit.SECONDS);
        clock.execute(() -> {
            if (process.isAlive()) {
                late.set(true);
                end(process);
            }
        });
        byte[] output;
        try (InputStream in = process.getInputStream()) {
            output = in.readNBytes((int) run.limit() + 1);
        } finally {
            if (process.isAlive()) {
                process.onExit().orTimeout(100, TimeUnit.MILLISECONDS).exceptionally(e -> {
                    end(process);
                    return process;
                });
            }
        }
        int status = process.onExit().join().exitValue();
        if (output.length == 0 && status != 0) {
            String why = Files.readString(said).lines().findFirst().orElse("it printed nothing");
            missing.put(run.line(), status == 127 ? run.tool() + " is not installed" : why);
            return;
        }
        String shown = run.line();
        if (late.get()) {
            shown += " | head";
            missing.put(run.line(), "cut after a second: an excerpt");
        } else if (output.length > run.limit()) {
            shown += " | head -c " + run.limit();
            missing.put(run.line(), "cut at " + run.limit() + " bytes: an excerpt");
        }
        long before =
                files.keySet().stream().filter(f -> f.startsWith("/commands/")).count();
        files.put("/commands/" + (before + 1) + "-" + run.tool() + ".txt", below(shown, output));
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** When it was taken, as an ISO 8601 instant to the millisecond: the name of its folder among several moments. */
    public String time() {
        return TIME.format(time);
    }

    /** How many files it holds. */
    public int size() {
        return files.size();
    }

    /** What was not there, not allowed, or cut: one sentence each. */
    public List<String> missing() {
        return missing.entrySet().stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .toList();
    }

    /**
     * Writes it, whole or not at all, to an archive where the name ends in {@code .tar.gz} or {@code .tgz}, else to a new folder, for nobody
     * else to read.
     *
     * @throws IllegalArgumentException when there is something of that name
     * @throws UncheckedIOException when it cannot be written; the message is one sentence that says why
     */
    public void save(Path out) {
        if (Files.exists(out)) {
            throw new IllegalArgumentException(out + " is there already: give another name");
        }
        var all = new TreeMap<>(files);
        all.put("/MANIFEST.txt", manifest());
        try {
            if (String.valueOf(out.getFileName()).matches(ARCHIVE)) {
                WholeFile.write(out.toString(), archive(all));
                Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rw-------"));
            } else {
                folder(out.toAbsolutePath(), all);
            }
        } catch (AccessDeniedException e) {
            throw new UncheckedIOException("cannot write " + out + ": no permission to write there", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + out + ": " + e.getMessage(), e);
        }
    }

    private byte[] archive(Map<String, byte[]> all) throws IOException {
        var bytes = new ByteArrayOutputStream();
        String top = "plimsoll-" + time().replace(":", "");
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, byte[]> file : all.entrySet()) {
                var entry = new TarArchiveEntry(top + file.getKey());
                entry.setSize(file.getValue().length);
                entry.setMode(0600);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static void folder(Path out, Map<String, byte[]> all) throws IOException {
        Path aside = out.resolveSibling("." + out.getFileName() + "." + UUID.randomUUID() + ".part");
        Files.createDirectory(
                aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            for (Map.Entry<String, byte[]> file : all.entrySet()) {
                Path to = Inventory.below(aside, file.getKey());
                Files.createDirectories(to.resolveSibling("."));
                Files.write(to, file.getValue());
            }
            Files.move(aside, out, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            if (Files.exists(aside)) {
                try (var left = Files.walk(aside)) {
                    for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
        }
    }

    private byte[] manifest() {
        var text = new StringBuilder(
                "What this machine showed of itself at " + time()
                        + ", taken by plimsoll record.\nConfiguration was taken as it stands, passwords in it too.\n\nTaken, in bytes\n");
        files.forEach((path, bytes) ->
                text.append(bytes.length).append(' ').append(path).append('\n'));
        text.append("\nNot taken, or not whole\n");
        missing().forEach(m -> text.append(m).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return files.size() + " files taken at " + time() + ", " + missing.size() + " not or not whole";
    }
}
