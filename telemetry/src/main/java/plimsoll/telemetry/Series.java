package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import plimsoll.dsl.Fact;

/**
 * Outputs that come again and again in one text, as a loop or a hand pastes them: with the output of {@code date} above each round they
 * are moments, without it the later ones are said. Immutable once made.
 */
final class Series {
    private final IdentityHashMap<Reading, String> moments;
    private final Set<String> names = new TreeSet<>();
    private final List<String> sentences = new ArrayList<>();

    private Series(IdentityHashMap<Reading, String> moments) {
        this.moments = moments;
        names.addAll(moments.values());
    }

    /** Looks for the file with most rounds; those of another file are said to be left. */
    static Series of(List<List<Reading>> perFile) {
        var best = new IdentityHashMap<Reading, String>();
        int most = 0;
        for (List<Reading> readings : perFile) {
            if (readings.size() <= most) {
                continue;
            }
            IdentityHashMap<Reading, String> rounds = rounds(readings);
            int moments = Set.copyOf(rounds.values()).size();
            if (moments > most) {
                best = rounds;
                most = moments;
            }
        }
        var series = new Series(best);
        for (List<Reading> readings : perFile) {
            if (readings.size() > 1) {
                series.repeated(readings);
            }
        }
        return series;
    }

    /** The moment of each reading below a date; empty where there are no two of them or nothing comes twice. */
    private static IdentityHashMap<Reading, String> rounds(List<Reading> readings) {
        var moments = new IdentityHashMap<Reading, String>();
        var seen = new LinkedHashMap<String, String>();
        boolean again = false;
        String now = "";
        for (Reading reading : readings) {
            Optional<String> date = date(reading);
            if (date.isPresent()) {
                now = date.get();
            }
            if (!now.isEmpty()) {
                moments.put(reading, now);
            }
            if (date.isEmpty() && !now.isEmpty() && reading.known()) {
                String earlier = seen.putIfAbsent(what(reading), now);
                again |= earlier != null && !earlier.equals(now);
            }
        }
        return again ? moments : new IdentityHashMap<>();
    }

    private static Optional<String> date(Reading reading) {
        return reading.source().filter(DateSource.class::isInstance).isPresent()
                ? reading.parsed().facts().stream()
                        .filter(f -> f.name().equals("date"))
                        .map(Fact::text)
                        .findFirst()
                : Optional.empty();
    }

    /** What a text is an output of: two that are of the same are two looks at it. */
    private static String what(Reading reading) {
        var names = new LinkedHashSet<String>();
        reading.parsed().tables().forEach(t -> names.add(t.name() + t.covers()));
        reading.parsed().facts().forEach(f -> names.add(f.name()));
        return reading.source().map(Source::name).orElse("")
                + reading.text().namespace()
                + reading.text().command()
                + names;
    }

    private void repeated(List<Reading> readings) {
        var first = new LinkedHashMap<String, Reading>();
        int more = 0;
        Optional<String> said = Optional.empty();
        for (Reading reading : readings) {
            boolean tells = reading.known()
                    && !reading.parsed().excerpt()
                    && (!reading.parsed().facts().isEmpty()
                            || reading.parsed().rows().filter(r -> r.size() > 0).isPresent());
            if (!tells || date(reading).isPresent()) {
                continue;
            }
            String moment = moments.getOrDefault(reading, "");
            Reading before = first.putIfAbsent(moment + what(reading), reading);
            if (before != null && !before.text().lines().equals(reading.text().lines())) {
                more += said.isPresent() ? 1 : 0;
                said = said.or(() -> Optional.of(reading.text().at(0) + " is the same output as "
                        + before.text().at(0) + " at another time"));
            }
        }
        int others = more;
        said.ifPresent(s -> sentences.add(s
                + (others == 0 ? "" : ", and " + others + (others == 1 ? " more is" : " more are"))
                + ": the first is used; with the output of date above each round they are moments"));
    }

    /** The moments as ISO instants, in order; empty where there are none. */
    List<String> names() {
        return List.copyOf(names);
    }

    /** True where the reading is of another moment than {@code moment}; what no date stands above is of all of them. */
    boolean other(Reading reading, String moment) {
        String own = moments.get(reading);
        return own != null && !own.equals(moment);
    }

    /** One sentence for each text in which something comes again that is not used. */
    List<String> sentences() {
        return List.copyOf(sentences);
    }
}
