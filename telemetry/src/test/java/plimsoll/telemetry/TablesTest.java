package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/tables.md} is what the sources make of the samples, with the meanings of {@code tables.txt} put to it.
 * {@code -Dgolden.update=true} writes it anew: read the difference before it is kept.
 */
class TablesTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources", "plimsoll", "telemetry");
    private static final Path PAGE = Path.of("..", "docs", "tables.md");
    private static final Pattern BUILT = Pattern.compile("Rows\\.Builder\\(\"(\\w+)\"\\)");

    private static final String HEAD =
            """
            # Tables

            Every table that a capture may hold: `plimsoll tables PATH` lists those of one capture, `plimsoll table PATH NAME` shows one,
            `host.rows("NAME")` and `host.table("NAME")` hand it out. A missing cell is missing, never zero.

            Columns are named by the source's own terms. A source has the columns that its text has, so a table of one capture may lack some of
            these, and where a format names its columns in a header there may be more. This page is written by a test from the samples in
            `telemetry/src/test/resources/plimsoll/telemetry/samples`: edit the meanings in `tables.txt` there, and see CONTRIBUTING for the
            command that writes it anew.
            """;

    /** What the samples showed of one table. */
    private record Seen(List<Rows> rows, Set<String> formats) {}

    private static Map<String, Seen> seen() throws IOException {
        var perFile = new ArrayList<List<Reading>>();
        try (Stream<Path> files = Files.walk(RESOURCES.resolve("samples"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String path = RESOURCES.resolve("samples").relativize(file).toString();
                perFile.add(Transcript.read(Text.of(path, Files.readString(file)), new Memory(0)));
            }
        }
        var seen = new TreeMap<String, Seen>();
        for (List<Reading> readings : Informed.of(perFile, Map.of())) {
            var tables = new LinkedHashMap<String, Rows>();
            for (Reading reading : readings) {
                String path = reading.text().path();
                assertTrue(reading.known(), () -> path + " is not recognised");
                assertEquals(List.of(), reading.parsed().rejected(), path);
                for (Rows rows : reading.parsed().tables()) {
                    note(seen, rows, reading.source().orElseThrow().name());
                    tables.put(rows.name(), rows);
                }
            }
            Connections.derived(tables).values().forEach(rows -> note(seen, rows, "packets"));
        }
        Capture rejects = Capture.of("net.core.somaxconn = 4096\nnothing that is known\n");
        note(seen, rejects.table("rejected").orElseThrow(), "every source");
        return seen;
    }

    private static void note(Map<String, Seen> seen, Rows rows, String format) {
        Seen of = seen.computeIfAbsent(rows.name(), n -> new Seen(new ArrayList<>(), new TreeSet<>()));
        of.rows.add(rows);
        of.formats.add(format);
    }

    private static Map<String, String> meanings() throws IOException {
        var meanings = new LinkedHashMap<String, String>();
        for (String line : Files.readAllLines(RESOURCES.resolve("tables.txt"))) {
            if (!line.isBlank()) {
                int colon = line.indexOf(": ");
                assertNull(meanings.put(line.substring(0, colon), line.substring(colon + 2)), line);
            }
        }
        return meanings;
    }

    @Test
    void thePageSaysWhatTheSourcesDo() throws IOException {
        Map<String, String> meanings = meanings();
        var unused = new HashSet<>(meanings.keySet());
        var page = new StringBuilder(HEAD);
        seen().forEach((name, of) -> {
            Rows all = Rows.concat(of.rows);
            unused.remove(name);
            page.append("\n## ").append(name).append("\n\n");
            page.append(meanings.getOrDefault(name, "")).append(" Read from: ");
            page.append(String.join(", ", of.formats)).append(".\n\n");
            page.append("| column | holds | meaning |\n|---|---|---|\n");
            for (String column : all.columns()) {
                unused.remove(name + "." + column);
                page.append("| `").append(column).append("` | ").append(holds(all.type(column)));
                page.append(" | ")
                        .append(meanings.getOrDefault(name + "." + column, ""))
                        .append(" |\n");
            }
        });
        assertEquals(Set.of(), unused, "meanings of tables or columns that no sample has");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page.toString());
    }

    private static String holds(Rows.Type type) {
        return switch (type) {
            case NUMBER -> "whole number";
            case REAL -> "number";
            case TEXT -> "text";
            case ADDRESS -> "address";
        };
    }

    @Test
    void everyTableOfTheCodeHasASampleAndAMeaning() throws IOException {
        Map<String, String> meanings = meanings();
        Set<String> shown = seen().keySet();
        shown.forEach(name -> assertTrue(meanings.containsKey(name), name));
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                BUILT.matcher(Files.readString(source))
                        .results()
                        .map(m -> m.group(1))
                        .forEach(name -> assertTrue(shown.contains(name), () -> name + " of " + source));
            }
        }
    }

    /** What others build on. */
    @Test
    void theContractHolds() throws IOException {
        Map<String, Seen> seen = seen();
        columns(
                seen,
                "sockets",
                "netid state recv_q send_q local_address local_port peer_address peer_port process pid uid inode timer timer_s"
                        + " skmem_r skmem_rb skmem_t skmem_tb skmem_f skmem_w skmem_o skmem_bl skmem_d");
        columns(
                seen,
                "conntrack",
                "l3 l4 timeout_s state orig_src orig_dst orig_sport orig_dport reply_src reply_dst reply_sport reply_dport"
                        + " assured unreplied mark zone packets bytes");
        columns(seen, "counters", "group name value");
        columns(seen, "socket_summary", "group name value");
        columns(seen, "nginx_directives", "file line context name args");
        columns(seen, "rejected", "path line text reason");
        for (String name : List.of(
                "slabs",
                "disks",
                "open_files",
                "mounts",
                "fpm_pools",
                "redis_info",
                "opcache",
                "packets",
                "connections",
                "kernel_log")) {
            assertTrue(seen.containsKey(name), name);
        }
    }

    private static void columns(Map<String, Seen> seen, String table, String columns) {
        List<String> have =
                Rows.concat(Objects.requireNonNull(seen.get(table)).rows).columns();
        for (String column : columns.split(" ", -1)) {
            assertTrue(have.contains(column), () -> table + "." + column + " is not among " + have);
        }
    }
}
