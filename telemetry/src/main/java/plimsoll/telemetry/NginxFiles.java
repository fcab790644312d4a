package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The files of an nginx configuration, captured one by one, put together as nginx does: the main file with what it includes in its place.
 * Where the main file was not captured, each file stands for itself.
 */
final class NginxFiles {
    // where distributions and nginx itself put the main file
    private static final List<String> FOLDERS = List.of(
            "etc/nginx/",
            "usr/local/nginx/conf/",
            "usr/local/etc/nginx/",
            "usr/local/openresty/nginx/conf/",
            "opt/nginx/conf/");
    private static final int LONGEST =
            20_000; // lines of a file that is configuration only because something includes it
    private static final Pattern MAIN = Pattern.compile("http|events|stream|mail");
    private static final Pattern ANY = Pattern.compile(".*");
    private static final Pattern EVENTS = Pattern.compile("events");
    private static final Pattern CAT = Pattern.compile("(?:cat|less|more)\\s+(/\\S+)");

    private final List<List<Reading>> perFile;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, List<String>> byTarget = new HashMap<>();
    private Optional<String> dump = Optional.empty(); // where `nginx -T` was captured, which holds every file

    /**
     * A file that may be part of the configuration: its place among them, and that of its reading, whose text is all of the file where it
     * was not recognised.
     */
    private record Candidate(int place, int file, int reading, Reading was, Text text) {
        String path() {
            return was.text()
                    .command()
                    .map(CAT::matcher)
                    .filter(Matcher::matches)
                    .map(m -> m.group(1))
                    .orElse(text.path());
        }

        /** True where it is configuration beyond doubt, not only a file that something may include. */
        boolean known() {
            return was.known();
        }

        /** True for a file with a block that stands in a main file. */
        boolean main() {
            return known() && has(MAIN);
        }

        boolean has(Pattern block) {
            Optional<Rows> rows = was.parsed().rows();
            return rows.isPresent()
                    && IntStream.range(0, rows.get().size())
                            .anyMatch(row -> rows.get().number("depth", row).orElse(1) == 0
                                    && rows.get().number("block", row).isPresent()
                                    && block.matcher(rows.get().cell("name", row))
                                            .matches());
        }
    }

    private NginxFiles(List<List<Reading>> perFile, Map<String, String> links) {
        this.perFile = perFile.stream().<List<Reading>>map(ArrayList::new).toList();
        links.forEach((link, target) ->
                byTarget.computeIfAbsent(target, t -> new ArrayList<>()).add(link));
        for (int f = 0; f < perFile.size(); f++) {
            List<Reading> readings = perFile.get(f);
            for (int r = 0; r < readings.size(); r++) {
                Reading reading = readings.get(r);
                boolean nginx =
                        reading.source().filter(NginxSource.class::isInstance).isPresent();
                boolean unknown = !reading.known()
                        && readings.size() == 1
                        && reading.text().lines().size() <= LONGEST;
                if (nginx && NginxSource.dump(reading.text())) {
                    dump = Optional.of(reading.text().path());
                } else if (unknown || (nginx && !reading.parsed().excerpt())) {
                    candidates.add(new Candidate(candidates.size(), f, r, reading, reading.text()));
                }
            }
        }
    }

    /**
     * The same readings, those of configuration files put together.
     *
     * @param links what links in the capture are called, and where they lead
     */
    static List<List<Reading>> together(List<List<Reading>> perFile, Map<String, String> links) {
        var files = new NginxFiles(perFile, links);
        var known = new LinkedHashMap<String, Candidate>();
        for (Candidate c : files.candidates) {
            if (c.known() && known.putIfAbsent(c.path(), c) != null) {
                files.leave(c, "the capture has another text of this name above it");
            }
        }
        List<Candidate> mains = known.values().stream()
                .filter(Candidate::main)
                .sorted(Comparator.<Candidate>comparingInt(c -> c.path().endsWith("nginx.conf") ? 0 : 1)
                        .thenComparingInt(c -> c.has(EVENTS) ? 0 : 1))
                .toList();
        var reached = new HashSet<Integer>();
        for (Candidate main : mains) {
            if (!reached.contains(main.place)) {
                reached.addAll(files.read(List.of(main)));
            }
        }
        List<Candidate> rest =
                known.values().stream().filter(c -> !reached.contains(c.place)).toList();
        if (!mains.isEmpty()) {
            String note = "no include of " + mains.get(0).text.path() + " leads here";
            rest.forEach(c -> files.leave(c, note));
        } else if (files.dump.isPresent()) {
            String note = "a part; " + files.dump.get() + " holds all files";
            rest.forEach(c -> files.leave(c, note));
        } else if (!rest.isEmpty()) {
            // what others include has no block of its own more often than they have
            files.read(rest.stream()
                    .sorted(Comparator.comparingInt(c -> c.has(ANY) ? 0 : 1))
                    .toList());
        }
        return files.perFile;
    }

    /** What a candidate says is no part of the table. */
    private void leave(Candidate candidate, String note) {
        Parsed excerpt = candidate.was.parsed().asExcerpt();
        replace(candidate, new Reading(candidate.text, candidate.was.source(), excerpt, note, false));
    }

    /** Reads {@code roots} with what they include; the places of the candidates that were reached. */
    private Set<Integer> read(List<Candidate> roots) {
        Candidate first = roots.get(0);
        Names names = Names.of(first.path(), first.was);
        var named = new LinkedHashMap<String, Integer>();
        for (int c = 0; c < candidates.size(); c++) {
            for (String path : called(candidates.get(c))) {
                named.putIfAbsent(names.absolute(path), c);
            }
        }
        String main = names.absolute(first.path());
        NginxSource.Together together = NginxSource.together(
                candidates.stream().map(Candidate::text).toList(),
                named,
                roots.stream().map(Candidate::place).toList(),
                first.main() ? main.substring(0, main.lastIndexOf('/') + 1) : names.folder);
        var reached = new HashSet<Integer>();
        for (int c = 0; c < candidates.size(); c++) {
            Candidate candidate = candidates.get(c);
            Optional<Parsed> parsed = together.parsed().get(c);
            if (parsed.isPresent()) {
                reached.add(c);
                boolean holds = c == first.place;
                replace(
                        candidate,
                        new Reading(
                                candidate.text,
                                first.was.source(),
                                parsed.get(),
                                holds ? missing(together.missing()) : note(first, roots),
                                !holds));
            }
        }
        return reached;
    }

    private static String missing(Set<String> missing) {
        return missing.isEmpty() ? "" : "includes what the capture does not hold: " + String.join(", ", missing);
    }

    private static String note(Candidate first, List<Candidate> roots) {
        return (roots.size() == 1 ? "included by " : "in one table with ") + first.text.path();
    }

    private void replace(Candidate candidate, Reading reading) {
        perFile.get(candidate.file).set(candidate.reading, reading);
    }

    /** Its path, and what links call it. */
    private List<String> called(Candidate candidate) {
        String path = candidate.path();
        var paths = new ArrayList<>(List.of(path));
        for (String link : byTarget.getOrDefault(path, List.of())) {
            paths.add(link);
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            for (String link : byTarget.getOrDefault(path.substring(0, slash), List.of())) {
                paths.add(link + path.substring(slash));
            }
        }
        return paths;
    }

    /**
     * How paths of the capture become the names that the configuration uses: what stands for {@code /} in the capture, or failing that,
     * which folder of the capture stands for which of the host.
     *
     * @param captured a folder of the capture, empty or with a slash at its end
     * @param host the same folder on the host
     * @param folder the usual folder of the main file on the host
     */
    private record Names(String captured, String host, String folder) {
        static Names of(String main, Reading reading) {
            String path = bare(main);
            for (String folder : FOLDERS) {
                int at = ("/" + path).indexOf("/" + folder);
                if (at >= 0) {
                    return new Names(path.substring(0, at), "/", "/" + folder);
                }
            }
            String folder = "/" + included(reading);
            return new Names(path.substring(0, path.lastIndexOf('/') + 1), folder, folder);
        }

        /** The usual folder that an include names, else the most usual one. */
        private static String included(Reading reading) {
            Optional<Rows> rows = reading.parsed().rows();
            return FOLDERS.stream()
                    .filter(folder -> rows.isPresent()
                            && IntStream.range(0, rows.get().size())
                                    .anyMatch(row -> rows.get()
                                                    .cell("name", row)
                                                    .equals("include")
                                            && rows.get().cell("args", row).startsWith("/" + folder)))
                    .findFirst()
                    .orElse(FOLDERS.get(0));
        }

        String absolute(String path) {
            String bare = bare(path);
            return bare.startsWith(captured) ? host + bare.substring(captured.length()) : "/" + bare;
        }

        private static String bare(String path) {
            return path.startsWith("/") ? path.substring(1) : path;
        }
    }
}
