package plimsoll.analyses;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Limits;
import plimsoll.telemetry.Progress;

/** One host's captures over time, in order: an immutable value. The last one is looked at unless another is asked for. */
final class Moments {
    private static final String NOW = "now";
    private static final Pattern FOLDER = Pattern.compile("t\\d+|\\d{4}-?\\d{2}-?\\d{2}([T_ -]?\\d{2}.*)?");

    private final Map<String, Capture> captures;
    private final String name;
    private final Change change;

    /** What happened between the moment before and the one that is looked at. */
    private record Change(List<Fact> rates, List<String> problems) {
        private static final Change NONE = new Change(List.of(), List.of());
    }

    private Moments(Map<String, Capture> captures, String name, Change change) {
        this.captures = captures;
        this.name = name;
        this.change = change;
    }

    /** The moments that the capture itself holds, else the one that it is. */
    static Moments of(Capture capture) {
        if (capture.moments().size() < 2) {
            return new Moments(Map.of(NOW, capture), NOW, Change.NONE);
        }
        var captures = new LinkedHashMap<String, Capture>();
        capture.moments().stream()
                .sorted(Comparator.comparing(Moments::order))
                .forEach(moment -> captures.put(moment, capture.at(moment)));
        List<String> names = List.copyOf(captures.keySet());
        return seen(captures, names.get(names.size() - 1));
    }

    /** One folder of folders named {@code t0}, {@code t66} or by ISO times is several moments; anything else is one. */
    static Moments read(Limits limits, Progress progress, List<Path> paths) {
        List<Path> folders = paths.size() == 1 ? moments(limits, paths.get(0)) : List.of();
        if (folders.size() < 2) {
            return of(Capture.read(limits, progress, paths.toArray(Path[]::new)));
        }
        var captures = new LinkedHashMap<String, Capture>();
        Capture last = Capture.read(limits, progress, folders.get(folders.size() - 1));
        for (Path folder : folders.subList(0, folders.size() - 1)) {
            captures.put(folder.getFileName().toString(), Capture.read(limits, progress, folder));
        }
        String name = folders.get(folders.size() - 1).getFileName().toString();
        captures.put(name, last);
        return seen(captures, name);
    }

    private static List<Path> moments(Limits limits, Path path) {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(path)) {
            return children.limit(limits.entries())
                    .filter(c -> FOLDER.matcher(c.getFileName().toString()).matches())
                    .filter(Files::isDirectory)
                    .sorted(Comparator.comparing(c -> order(c.getFileName().toString())))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** {@code t9} comes before {@code t66}. */
    private static String order(String name) {
        return name.matches("t\\d+") ? "t" + "0".repeat(Math.max(0, 20 - name.length())) + name.substring(1) : name;
    }

    /** Two looks at a running machine, with the rate of each counter between them. */
    static Moments live(Path root, String interval) {
        Quantity wait = Quantity.parse(interval, Unit.SPAN);
        if (!(wait.value() > 0 && wait.value() <= 3600)) {
            throw new IllegalArgumentException(
                    "'" + interval + "' is not an interval between two looks: more than 0 s, at most 1 h");
        }
        Capture first = Capture.live(root);
        long start = System.nanoTime();
        pause(wait);
        Capture second = Capture.live(root);
        double elapsed = (System.nanoTime() - start) / 1e9;
        return new Moments(Map.of(NOW, second), NOW, change(first, second, elapsed, "the first look", "the second"));
    }

    private static void pause(Quantity wait) {
        try {
            Thread.sleep(Math.round(wait.value() * 1000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between the two looks", e);
        }
    }

    /** The moment of that name, with what changed since the one before it. */
    private static Moments seen(Map<String, Capture> captures, String name) {
        List<String> names = List.copyOf(captures.keySet());
        int at = names.indexOf(name);
        Capture now = Objects.requireNonNull(captures.get(name));
        if (at == 0) {
            return new Moments(captures, name, Change.NONE);
        }
        String earlier = names.get(at - 1);
        Capture before = Objects.requireNonNull(captures.get(earlier));
        if (before.captured().isEmpty() || now.captured().isEmpty()) {
            String dateless = before.captured().isEmpty() ? earlier : name;
            return new Moments(
                    captures,
                    name,
                    new Change(
                            List.of(),
                            List.of("no rates from " + earlier + " to " + name + ": " + dateless
                                    + " has no output of date, which says when it was taken")));
        }
        double seconds = Duration.between(
                                Instant.parse(before.captured().get()),
                                Instant.parse(now.captured().get()))
                        .toMillis()
                / 1e3;
        return new Moments(captures, name, change(before, now, seconds, earlier, name));
    }

    private static Change change(Capture first, Capture second, double seconds, String earlier, String later) {
        String between = "from " + earlier + " to " + later;
        if (!(seconds > 0)) {
            return Rates.counted(first, second)
                    ? new Change(
                            List.of(),
                            List.of("no rates " + between + ": their dates lie "
                                    + Quantity.seconds(seconds).brief() + " apart"))
                    : Change.NONE;
        }
        Rates rates = Rates.between(first, second, seconds, between);
        return new Change(rates.facts(), rates.problems());
    }

    /** These moments seen from another one: by its folder's name, or by the time a {@code date} in it says. */
    Moments at(String time) {
        for (Map.Entry<String, Capture> moment : captures.entrySet()) {
            if (moment.getKey().equals(time)
                    || moment.getValue().captured().filter(time::equals).isPresent()) {
                return seen(captures, moment.getKey());
            }
        }
        throw new IllegalArgumentException("this capture has no moment '" + time + "'; it has "
                + (captures.size() < 2 ? "only one" : String.join(", ", captures.keySet())));
    }

    /** These moments of another network namespace. Throws as {@link Capture#in(String)} does. */
    Moments in(String namespace) {
        var others = new LinkedHashMap<String, Capture>();
        captures.forEach((moment, capture) -> others.put(moment, capture.in(namespace)));
        return seen(others, name);
    }

    /** The capture that is looked at. */
    Capture chosen() {
        return Objects.requireNonNull(captures.get(name)).noting(change.problems);
    }

    /** The capture of the moment before the one that is looked at; empty for the first. */
    Optional<Capture> before() {
        List<String> names = List.copyOf(captures.keySet());
        int at = names.indexOf(name);
        return at == 0 ? Optional.empty() : Optional.ofNullable(captures.get(names.get(at - 1)));
    }

    /** The rates since the moment before. */
    List<Fact> rates() {
        return change.rates;
    }
}
