package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One source per table: which readings a table is made of, and which one stands for a reading that is not used. */
final class Chosen {
    /** One table of a reading, and its place among those of its name in the capture. */
    private record Candidate(int place, Reading reading, Rows rows) {}

    private final Map<String, Rows> tables = new TreeMap<>();
    private final Map<String, List<Reading>> readings = new TreeMap<>();
    private final IdentityHashMap<Reading, Reading> instead = new IdentityHashMap<>();

    /**
     * The rule. Of the readings of a table the one that covers most parts comes first, then the one with most columns that hold
     * something, then the earliest. A further one is put below it only when it covers none of the parts taken so far. An excerpt is used only where
     * there is nothing else, one of them, the longest.
     */
    static Chosen of(List<Reading> readings) {
        var chosen = new Chosen();
        var byTable = new LinkedHashMap<String, List<Candidate>>();
        for (Reading reading : readings) {
            reading.parsed().tables().stream()
                    .filter(r -> r.size() > 0 || !r.excerpt())
                    .forEach(r -> {
                        List<Candidate> same = byTable.computeIfAbsent(r.name(), n -> new ArrayList<>());
                        same.add(new Candidate(same.size(), reading, r));
                    });
        }
        byTable.forEach(chosen::choose);
        Closes.of(readings, chosen.tables, chosen.readings.getOrDefault("conntrack", List.of()))
                .ifPresent(closes -> {
                    chosen.tables.put(Closes.TABLE, closes.rows());
                    chosen.readings.put(Closes.TABLE, closes.readings());
                });
        return chosen;
    }

    private void choose(String table, List<Candidate> candidates) {
        var ranked = new ArrayList<>(candidates);
        ranked.sort(Comparator.<Candidate>comparingInt(r -> -rows(r).covers().size())
                .thenComparingInt(r -> rows(r).excerpt() ? -rows(r).size() : 0)
                .thenComparingInt(r -> -rows(r).filled()));
        var taken = new ArrayList<Candidate>();
        var byPart = new HashMap<String, Integer>();
        for (Candidate candidate : ranked) {
            int first = rows(candidate).excerpt() ? 0 : taken.size();
            for (String part : rows(candidate).covers()) {
                first = Math.min(first, byPart.getOrDefault(part, first));
            }
            if (first < taken.size()) {
                Reading preferred = taken.get(first).reading;
                candidate
                        .reading
                        .parsed()
                        .rows()
                        .filter(r -> r == candidate.rows)
                        .ifPresent(r -> instead.put(candidate.reading, preferred));
            } else {
                for (String part : rows(candidate).covers()) {
                    byPart.put(part, first);
                }
                taken.add(candidate);
            }
        }
        // below each other in the order of the capture
        taken.sort(Comparator.comparingInt(Candidate::place));
        readings.put(table, taken.stream().map(Candidate::reading).toList());
        tables.put(table, Rows.concat(taken.stream().map(Chosen::rows).toList()));
    }

    private static Rows rows(Candidate candidate) {
        return candidate.rows;
    }

    Map<String, Rows> tables() {
        return tables;
    }

    /** The readings that each table is made of. */
    Map<String, List<Reading>> readings() {
        return readings;
    }

    Optional<Reading> insteadOf(Reading reading) {
        return Optional.ofNullable(instead.get(reading));
    }
}
