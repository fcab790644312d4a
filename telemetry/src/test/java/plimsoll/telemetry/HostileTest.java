package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes a capture holds: nothing but {@link NothingReadable} comes out, every line is accounted for, large texts are read as
 * small ones are, and neither time nor memory grows beyond what the input is worth. A build reads the inputs kept beside this class and
 * a fixed set of changed samples; {@code CONTRIBUTING.md} says how to let Jazzer look for new ones.
 */
class HostileTest {
    /** Sources that cannot tell by content ask for the file's name: one of each kind. */
    private static final List<String> PATHS = List.of(
            "a.txt",
            "proc/sys/net/ipv4/ip_local_port_range",
            "proc/sys/net/ipv4/ip_local_reserved_ports",
            "etc/sysctl.d/99-net.conf",
            "etc/nginx/nginx.conf",
            "proc/net/tcp",
            "proc/net/nf_conntrack");

    private static final List<String> CONTAINERS = List.of("a.tar", "a.tar.gz", "a.tar.xz", "a.zip", "a.gz", "a.xz");

    private static final List<String> NAMES = List.of(
            "proc/meminfo",
            "proc/sys/net/ipv4/ip_local_port_range",
            "a",
            "b/c",
            "./a",
            "../x",
            "a/../../b",
            "/etc/passwd",
            "C:\\x",
            "d/",
            "1/2/3/4/5/6/7/8/9/10",
            "x.tar.gz",
            "y.zip",
            "var/log/sysstat/sa01",
            "",
            ".",
            "..",
            "a\nb");

    /** Where a sosreport has things, moments and namespaces among them. */
    private static final List<String> PLACES = List.of(
            "proc/net/tcp",
            "proc/meminfo",
            "etc/nginx/nginx.conf",
            "sos_commands/networking/namespaces/web/ip_netns_exec_web_ss_-peaonmi",
            "sos_commands/networking/netstat_-W_-neopa",
            "sos_commands/kernel/sysctl_-a",
            "var/log/messages",
            "t0/ss.txt",
            "t20/ss.txt",
            "2026-11-21T10:00:00Z/date",
            "2026-11-21T10:01:00Z/date");

    /** Kinds of tar entries: files, links, devices, folders, headers of other entries, sparse files. */
    private static final String KINDS = "0001234567xgSLKD";

    private static final Limits SMALL = new Limits(100, 1 << 20, 4 << 20, 100, 8);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Path SAMPLES = Path.of("src/test/resources/plimsoll/telemetry/samples");

    /** A first line {@code @path} is the name of the file; without one each of {@link #PATHS} is tried. */
    @FuzzTest(maxDuration = "20m")
    void everySourceAccountsForEveryLine(byte[] bytes) {
        String content = Decoded.text(bytes);
        if (content.startsWith("@")) {
            int end = Math.max(content.indexOf('\n'), 1);
            everySource(content.substring(1, end), content.substring(Math.min(content.length(), end + 1)));
        } else {
            boolean prompt =
                    content.lines().findFirst().flatMap(Command::prompt).isPresent();
            (prompt ? PATHS.subList(0, 1) : PATHS).forEach(path -> everySource(path, content));
        }
    }

    private static void everySource(String path, String content) {
        List<String> lines = content.lines().toList();
        Optional<String> command = lines.isEmpty() ? Optional.empty() : Command.prompt(lines.get(0));
        Text text = new Text(path, 1, command, command.isPresent() ? lines.subList(1, lines.size()) : lines);
        for (Source source : Sources.ALL) {
            bounded(source.name(), content.length(), () -> {
                source.match(text);
                Parsed parsed = source.parse(text);
                assertEquals(
                        text.lines().size(),
                        parsed.used()
                                + parsed.empty()
                                + parsed.rejected().size()
                                + parsed.kept().unkept(),
                        source.name());
            });
            byPass(source, text);
        }
    }

    /** A pass over the bytes finds what reading line by line finds, or leaves the text to that. */
    private static void byPass(Source source, Text text) {
        byte[] bytes = String.join("\n", text.lines()).getBytes(StandardCharsets.UTF_8);
        Lines lines = Lines.of(bytes, 0);
        for (int processors = 1; processors <= 2; processors++) {
            Pass pass = source.pass(new Text(text.path(), 1, text.command(), lines));
            Optional<Parsed> fast = pass == null ? Optional.empty() : pass.run(lines, processors);
            if (fast.isPresent()) {
                List<String> decoded =
                        Decoded.utf8(bytes, 0, bytes.length).lines().toList();
                Parsed careful = source.parse(new Text(text.path(), 1, text.command(), decoded));
                assertEquals(PassTest.all(careful), PassTest.all(fast.get()), source.name());
            }
        }
    }

    @FuzzTest(maxDuration = "20m")
    void aTextIsReadOrRefused(byte[] bytes) {
        bounded("a text", bytes.length, () -> {
            try {
                Capture capture = Capture.stdin(new ByteArrayInputStream(bytes));
                capture.tables().forEach(t -> capture.table(t).orElseThrow().table());
                assertEquals(1, capture.toString().lines().count());
                assertEquals(List.of(), defects(capture));
                capture.rejected()
                        .forEach(r -> assertTrue(r.text().lines().limit(2).count() <= 1, r::toString));
            } catch (NothingReadable e) {
                assertEquals(1, String.valueOf(e.getMessage()).lines().count());
            }
        });
        if (!Decoded.binary(bytes) && Decoded.lines(bytes).bytes() > 0) {
            for (String path : List.of("a.txt", "proc/net/tcp", "etc/sysctl.conf")) {
                Text large = new Text(path, 1, Optional.empty(), Decoded.lines(bytes));
                Text small = Text.of(path, Decoded.lines(bytes).text());
                assertEquals(said(Transcript.read(small, new Memory(0))), said(Transcript.read(large, new Memory(0))));
            }
        }
    }

    private static List<String> defects(Capture capture) {
        return capture.problems().stream()
                .filter(p -> p.contains("a defect of plimsoll"))
                .toList();
    }

    private static List<String> said(List<Reading> readings) {
        return readings.stream()
                .map(r -> r.source().map(Source::name).orElse("-") + " "
                        + r.text().at(0) + " " + r.text().command() + " " + r.note() + PassTest.all(r.parsed()))
                .toList();
    }

    @FuzzTest(maxDuration = "20m")
    void anArchiveIsReadOrRefused(byte[] bytes) {
        CONTAINERS.forEach(name -> collect(name, bytes));
        // what has a checksum is not found by chance
        collect("b.tar.gz", gzip(bytes));
    }

    @FuzzTest(maxDuration = "20m")
    void anArchiveOfAnyEntriesIsReadOrRefused(FuzzedDataProvider data) {
        byte[] tar = tar(data);
        byte[] cut = data.consumeBoolean() ? Arrays.copyOf(tar, data.consumeInt(0, tar.length)) : tar;
        for (int i = data.consumeInt(0, 8); i > 0 && cut.length > 0; i--) {
            cut[data.consumeInt(0, cut.length - 1)] = data.consumeByte();
        }
        collect("a.tar", cut);
        collect("a.tar.gz", gzip(cut));
    }

    private static byte[] tar(FuzzedDataProvider data) {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (int i = data.consumeInt(0, 12); i > 0; i--) {
                byte kind = (byte) KINDS.charAt(data.consumeInt(0, KINDS.length() - 1));
                var entry = new TarArchiveEntry(name(data), kind);
                boolean link = kind == '1' || kind == '2';
                if (link) {
                    entry.setLinkName(name(data));
                }
                byte[] content = link || kind == '5' ? new byte[0] : data.consumeBytes(data.consumeInt(0, 4000));
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            // an entry that cannot be written: what was written so far is an archive as well
            return bytes.toByteArray();
        }
        return bytes.toByteArray();
    }

    /** Changed samples as a folder, a sosreport in each container, or a transcript, with links to wherever. */
    @FuzzTest(maxDuration = "20m")
    void aFolderOfChangedFilesIsReadOrRefused(FuzzedDataProvider data) throws IOException {
        List<Map.Entry<String, String>> samples = List.copyOf(samples().entrySet());
        var files = new TreeMap<String, byte[]>();
        for (int i = data.consumeInt(1, 6); i > 0; i--) {
            Map.Entry<String, String> sample = data.pickValue(samples);
            String content = changed(sample.getValue(), new SplittableRandom(data.consumeLong()));
            files.put(
                    data.consumeBoolean() ? sample.getKey() : data.pickValue(PLACES),
                    content.getBytes(StandardCharsets.UTF_8));
        }
        Path root = Files.createTempDirectory("hostile");
        try {
            read(put(root, files, data), data.consumeBoolean());
        } finally {
            try (var walk = Files.walk(root)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Path put(Path root, Map<String, byte[]> files, FuzzedDataProvider data) throws IOException {
        Path folder = root.resolve("sosreport-web1");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            if (!Files.exists(path)) {
                Files.createDirectories(Optional.ofNullable(path.getParent()).orElse(folder));
                Files.write(path, file.getValue());
            }
        }
        String to = data.pickValue(NAMES);
        Path link = folder.resolve("link");
        if (!to.isEmpty() && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, Path.of(to));
        }
        int kind = data.consumeInt(0, 2);
        if (kind == 0) {
            return folder;
        }
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                var entry = new TarArchiveEntry("sosreport-web1/" + file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
            var entry = new TarArchiveEntry("sosreport-web1/link", TarConstants.LF_SYMLINK);
            entry.setLinkName(to);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        }
        return kind == 1
                ? Files.write(root.resolve("c.tar"), bytes.toByteArray())
                : Files.write(root.resolve("c.tar.gz"), gzip(bytes.toByteArray()));
    }

    private static void read(Path path, boolean whole) throws IOException {
        bounded(path.toString(), Files.isDirectory(path) ? 1 << 16 : Files.size(path) * 100, () -> {
            try {
                Capture capture = Capture.read(SMALL, path);
                look(capture, whole);
                capture.namespaces().forEach(n -> look(capture.in(n), false));
                capture.moments().forEach(m -> look(capture.at(m), false));
            } catch (NothingReadable e) {
                assertEquals(1, String.valueOf(e.getMessage()).lines().count());
            }
        });
    }

    private static void look(Capture capture, boolean whole) {
        for (String table : capture.tables()) {
            Rows rows = capture.table(table).orElseThrow();
            assertTrue(!whole || rows.table().rowCount() == rows.size(), table);
        }
        assertEquals(1, capture.toString().lines().count());
        assertEquals(List.of(), defects(capture));
    }

    private static String name(FuzzedDataProvider data) {
        return data.consumeBoolean() ? data.pickValue(NAMES) : data.consumeString(40);
    }

    private static byte[] gzip(byte[] plain) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void collect(String name, byte[] bytes) {
        bounded(name, bytes.length + SMALL.total(), () -> {
            var collected = new Collected(SMALL);
            collected.addArchive(name, new ByteArrayInputStream(bytes));
            long read =
                    collected.files().stream().mapToLong(Collected.Found::bytes).sum();
            assertTrue(read <= SMALL.total(), name);
            for (Collected.Found file : collected.files()) {
                assertFalse(file.path().startsWith("/"), file::path);
                assertFalse(List.of(file.path().split("/")).contains(".."), file::path);
            }
        });
    }

    @FuzzTest(maxDuration = "20m")
    void packetsAreReadOrRefused(byte[] bytes) {
        bounded("packets", bytes.length, () -> Reading.of("a.pcap", bytes).ifPresent(r -> PassTest.all(r.parsed())));
    }

    /** Bounds the processor time and what is allocated in all, which is more than is ever held at once. */
    private static void bounded(String what, long length, Runnable body) {
        if (!within(length, body)) {
            // the first run pays for the classes
            assertTrue(
                    within(length, body), () -> what + " takes too long or too much memory for " + length + " bytes");
        }
    }

    private static boolean within(long length, Runnable body) {
        long thread = Thread.currentThread().getId();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long allocated = THREADS.getThreadAllocatedBytes(thread);
        body.run();
        return THREADS.getCurrentThreadCpuTime() - cpu < 2_000_000_000L + length * 20_000
                && THREADS.getThreadAllocatedBytes(thread) - allocated < (64L << 20) + 3000 * length;
    }

    private static Map<String, String> samples() throws IOException {
        var samples = new TreeMap<String, String>();
        try (var walk = Files.walk(SAMPLES)) {
            for (Path sample : walk.filter(Files::isRegularFile).toList()) {
                samples.put(SAMPLES.relativize(sample).toString(), Files.readString(sample));
            }
        }
        assertTrue(samples.size() > 60, "samples are missing");
        return samples;
    }

    /** Stacks and times that grow with the square of a line show at this length. */
    private static final int LONG = 40_000;

    @Test
    void linesOfSamplesMadeLong() throws IOException {
        for (Map.Entry<String, String> sample : samples().entrySet()) {
            List<String> lines = sample.getValue().lines().limit(6).toList();
            for (int at = 0; at < lines.size(); at++) {
                for (String made : madeLong(lines.get(at))) {
                    var changed = new ArrayList<>(lines);
                    changed.set(at, made);
                    Text text = Text.of(sample.getKey(), String.join("\n", changed));
                    bounded(
                            sample.getKey() + ": " + made.substring(0, 40),
                            LONG,
                            () -> Transcript.read(text, new Memory(0)));
                    Sources.ALL.stream()
                            .filter(s -> s.match(Text.of(sample.getKey(), sample.getValue())) == Source.Match.SURE)
                            .forEach(s -> bounded(s.name() + ": " + made.substring(0, 40), LONG, () -> s.parse(text)));
                }
            }
        }
    }

    /** Each kind of place in a line, stretched. */
    private static List<String> madeLong(String line) {
        var made = new ArrayList<String>();
        for (String pattern :
                List.of("^", " ", "[0-9]", "[a-z]+", "[a-z]+ ", "[=:] *", "\"", "[^ ]+ ", "[({\\[]", "$")) {
            Matcher place = Pattern.compile(pattern).matcher(line);
            if (place.find()) {
                String unit = place.group().isEmpty() ? "a b" : place.group();
                String stretched = unit.repeat(LONG / unit.length());
                made.add(line.substring(0, place.start()) + stretched + line.substring(place.end()));
            }
        }
        return made;
    }

    /** The same in every build: each sample with a few characters changed, by every source and as a text. */
    @Test
    void samplesWithAFewCharactersChanged() throws IOException {
        var random = new SplittableRandom(1);
        for (Map.Entry<String, String> sample : samples().entrySet()) {
            String path = sample.getKey();
            String content = sample.getValue();
            for (int i = 0; i < 6; i++) {
                String changed = changed(content, random);
                everySource(path, changed);
                aTextIsReadOrRefused(changed.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static String changed(String content, SplittableRandom random) {
        var changed = new StringBuilder(content.substring(0, Math.min(content.length(), 8000)));
        for (int i = random.nextInt(1, 20); i > 0 && changed.length() > 0; i--) {
            int at = random.nextInt(changed.length());
            String with = WITH.get(random.nextInt(WITH.size()));
            changed.replace(at, Math.min(changed.length(), at + random.nextInt(4)), with);
        }
        return changed.toString();
    }

    private static final List<String> WITH = List.of(
            "",
            "",
            " ",
            "\t",
            "\n",
            "\n\n",
            "\r",
            "0",
            "-1",
            "9",
            "99999999999999999999",
            ".",
            ":",
            "/",
            "%",
            "=",
            "\"",
            "{",
            "}",
            "[",
            ")",
            "\0",
            "\u00e9",
            "\ud83d\ude00",
            "\u0661",
            "NaN",
            "$ ss -s\n");
}
