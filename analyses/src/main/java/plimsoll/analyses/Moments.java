package plimsoll.analyses;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Rows;

/** One host's captures over time, in order: an immutable value. The last one is looked at unless another is asked for. */
final class Moments {
    private static final Pattern FOLDER = Pattern.compile("t\\d+|\\d{4}-?\\d{2}-?\\d{2}([T_ -]?\\d{2}.*)?");

    private final Map<String, Capture> captures;
    private final Capture chosen;
    private final List<Fact> rates;

    private Moments(Map<String, Capture> captures, Capture chosen, List<Fact> rates) {
        this.captures = captures;
        this.chosen = chosen;
        this.rates = List.copyOf(rates);
    }

    static Moments of(Capture capture) {
        return new Moments(Map.of("now", capture), capture, List.of());
    }

    /** One folder of folders named {@code t0}, {@code t66} or by ISO times is several moments; anything else is one. */
    static Moments read(List<Path> paths) {
        List<Path> folders = paths.size() == 1 ? moments(paths.get(0)) : List.of();
        if (folders.size() < 2) {
            return of(Capture.read(paths.toArray(Path[]::new)));
        }
        var captures = new LinkedHashMap<String, Capture>();
        Capture last = Capture.read(folders.get(folders.size() - 1));
        for (Path folder : folders.subList(0, folders.size() - 1)) {
            captures.put(folder.getFileName().toString(), Capture.read(folder));
        }
        captures.put(folders.get(folders.size() - 1).getFileName().toString(), last);
        return new Moments(captures, last, List.of());
    }

    private static List<Path> moments(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(path)) {
            return children.filter(Files::isDirectory)
                    .filter(c -> FOLDER.matcher(c.getFileName().toString()).matches())
                    .sorted((a, b) -> order(a).compareTo(order(b)))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** {@code t9} comes before {@code t66}. */
    private static String order(Path folder) {
        String name = folder.getFileName().toString();
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
        return new Moments(Map.of("now", second), second, rates(first, second, elapsed));
    }

    private static void pause(Quantity wait) {
        try {
            Thread.sleep(Math.round(wait.value() * 1000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between the two looks", e);
        }
    }

    /** The rate of every counter that was read twice; one that went backwards has none. */
    static List<Fact> rates(Capture first, Capture second, double seconds) {
        var rates = new ArrayList<Fact>();
        Optional<Rows> before = first.table("counters");
        Optional<Rows> after = second.table("counters");
        if (before.isEmpty() || after.isEmpty()) {
            return rates;
        }
        Map<String, Long> was = counters(before.get());
        counters(after.get()).forEach((name, value) -> {
            Long then = was.get(name);
            if (then != null && value >= then) {
                rates.add(new Fact(
                        "rate:" + name,
                        Quantity.perSecond((value - then) / seconds).toString(),
                        Evidence.derived(then + " to " + value + " in "
                                + Quantity.seconds(seconds).brief())));
            }
        });
        return rates;
    }

    private static Map<String, Long> counters(Rows rows) {
        var values = new LinkedHashMap<String, Long>();
        for (int row = 0; row < rows.size(); row++) {
            OptionalLong value = rows.number("value", row);
            if (value.isPresent()) {
                values.put(rows.cell("group", row) + "." + rows.cell("name", row), value.getAsLong());
            }
        }
        return values;
    }

    /** These moments seen from another one: by its folder's name, or by the time a {@code date} in it says. */
    Moments at(String time) {
        for (Map.Entry<String, Capture> moment : captures.entrySet()) {
            if (moment.getKey().equals(time)
                    || moment.getValue().captured().filter(time::equals).isPresent()) {
                return new Moments(captures, moment.getValue(), List.of());
            }
        }
        throw new IllegalArgumentException(
                "this capture has no moment '" + time + "'; it has " + String.join(", ", captures.keySet()));
    }

    /** The capture that is looked at. */
    Capture chosen() {
        return chosen;
    }

    /** The capture of the moment before the one that is looked at; empty for the first. */
    Optional<Capture> before() {
        @Nullable Capture last = null;
        for (Capture capture : captures.values()) {
            if (capture == chosen) {
                return Optional.ofNullable(last);
            }
            last = capture;
        }
        return Optional.empty();
    }

    /** The rates measured between two looks. */
    List<Fact> rates() {
        return rates;
    }
}
