package plimsoll.telemetry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What is taken of a running machine: the list in {@code collect.sh}, one for the script and for Java. */
final class Inventory {
    /**
     * A file of the machine, there or not: an immutable value.
     *
     * @param path its absolute path, a pattern where nothing matched it
     * @param limit how many bytes of it are taken at most
     */
    record Wanted(String path, long limit) {}

    /**
     * A command that shows more than files do: an immutable value.
     *
     * @param limit how many bytes of its output are taken at most
     * @param when {@code -} always, {@code FILE} where it is there, {@code FILE<=N} or {@code FILE>N} where its first number is so
     * @param line for a shell
     */
    record Run(long limit, String when, String line) {
        /** The program. */
        String tool() {
            return line.split(" ", 2)[0];
        }

        /** True where the machine below {@code root} is one that the command is for. */
        boolean holds(Path root) {
            int at = Math.max(when.indexOf('<'), when.indexOf('>'));
            if (when.equals("-")) {
                return true;
            }
            if (at < 0) {
                return Files.exists(below(root, when));
            }
            try {
                String first =
                        Files.readString(below(root, when.substring(0, at))).split("\\D", 2)[0];
                long bound = Long.parseLong(when.replaceFirst(".*[<>]=?", ""));
                return !first.isEmpty()
                        && (when.charAt(at) == '<' ? Long.parseLong(first) <= bound : Long.parseLong(first) > bound);
            } catch (IOException | NumberFormatException e) {
                return false;
            }
        }
    }

    private record Listed(long limit, String folder, List<String> names) {}

    private static final List<Listed> FILES = new ArrayList<>();
    private static final List<Run> RUNS = new ArrayList<>();

    static {
        read();
    }

    private Inventory() {}

    private static void read() {
        try (InputStream in = Objects.requireNonNull(Inventory.class.getResourceAsStream("collect.sh"));
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines()
                    .dropWhile(l -> !l.strip().equals("cat <<'LIST'"))
                    .skip(1)
                    .takeWhile(l -> !l.equals("LIST"))
                    .forEach(Inventory::row);
        } catch (IOException e) {
            throw new UncheckedIOException("the list of what is taken cannot be read: " + e.getMessage(), e);
        }
    }

    private static void row(String line) {
        String[] cells = line.split(" ", 5);
        long limit = Long.parseLong(cells[2]) << 20;
        if (cells[1].equals("run")) {
            RUNS.add(new Run(limit, cells[3], cells[4]));
        } else {
            FILES.add(new Listed(limit, cells[3], List.of(cells[4].split(" "))));
        }
    }

    /** The commands, in order. */
    static List<Run> runs() {
        return List.copyOf(RUNS);
    }

    /** The files below {@code root} in the order of the list, with those that are not there. */
    static List<Wanted> files(Path root) {
        var wanted = new ArrayList<Wanted>();
        for (Listed row : FILES) {
            List<String> folders = pattern(row.folder) ? matches(root, row.folder) : List.of(row.folder);
            if (folders.isEmpty()) {
                wanted.add(new Wanted(row.folder, row.limit));
            }
            for (String folder : folders) {
                for (String name : row.names) {
                    String path = folder + "/" + name;
                    List<String> found = pattern(name) ? matches(root, path) : List.of(path);
                    (found.isEmpty() ? List.of(path) : found).forEach(f -> wanted.add(new Wanted(f, row.limit)));
                }
            }
        }
        return wanted;
    }

    static Path below(Path root, String path) {
        return root.resolve(path.substring(1));
    }

    private static boolean pattern(String name) {
        return name.contains("*") || name.contains("[");
    }

    /** What a shell makes of a path with patterns in it: names that are there, in order, none that begins with a dot. */
    private static List<String> matches(Path root, String path) {
        var at = List.of("");
        for (String name : List.of(path.substring(1).split("/", -1))) {
            var next = new ArrayList<String>();
            for (String folder : at) {
                if (!pattern(name)) {
                    next.add(folder + "/" + name);
                } else if (Files.isDirectory(below(root, folder + "/"))) {
                    try (var entries = Files.newDirectoryStream(below(root, folder + "/"), name)) {
                        entries.forEach(e -> next.add(folder + "/" + e.getFileName()));
                    } catch (IOException | DirectoryIteratorException e) {
                        // a folder that cannot be listed has nothing that matches
                    }
                }
            }
            at = next.stream()
                    .filter(p -> !p.contains("/.") && !p.contains("\n"))
                    .sorted()
                    .toList();
        }
        return at.stream().filter(p -> Files.exists(below(root, p))).toList();
    }
}
