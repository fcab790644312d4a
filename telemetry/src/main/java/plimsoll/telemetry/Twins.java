package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folders of one capture that hold the same files, as {@code client/} and {@code server/} with an {@code ss.txt} each: other moments or
 * other network namespaces. Their numbers belong to another thing, so they are never put together: the first folder is used.
 */
final class Twins {
    private final Map<String, String> firstOf = new LinkedHashMap<>();

    private Twins() {}

    /** Finds the folders whose files of one name list the same part of one table. */
    static Twins of(List<Reading> readings) {
        var twins = new Twins();
        var seen = new LinkedHashMap<String, List<Reading>>();
        for (Reading reading : readings) {
            Optional<Rows> rows = reading.parsed().rows().filter(r -> !r.excerpt());
            if (rows.isEmpty()) {
                continue;
            }
            String[] path = reading.text().path().split("/", -1);
            List<Reading> namesakes =
                    seen.computeIfAbsent(rows.get().name() + "/" + path[path.length - 1], n -> new ArrayList<>());
            for (Reading earlier : namesakes) {
                Rows others = earlier.parsed().rows().orElseThrow();
                if (!Collections.disjoint(others.covers(), rows.get().covers())) {
                    twins.compare(earlier.text().path().split("/", -1), path);
                }
            }
            namesakes.add(reading);
        }
        return twins;
    }

    /** Two paths that differ in the name of one folder make twins of these folders, but for those of two processes below {@code /proc}. */
    private void compare(String[] earlier, String[] later) {
        if (earlier.length != later.length) {
            return;
        }
        int at = -1;
        for (int i = 0; i < later.length; i++) {
            if (!earlier[i].equals(later[i])) {
                if (at >= 0) {
                    return;
                }
                at = i;
            }
        }
        boolean processes = at > 0 && later[at - 1].equals("proc");
        if (at >= 0 && at < later.length - 1 && !processes) {
            firstOf.putIfAbsent(folder(later, at), folder(earlier, at));
        }
    }

    private static String folder(String[] path, int at) {
        return String.join("/", List.of(path).subList(0, at + 1)) + "/";
    }

    /** The folder that is used instead of the one {@code reading} is from; empty where it is not from a twin. */
    Optional<String> insteadOf(Reading reading) {
        return firstOf.entrySet().stream()
                .filter(e -> reading.text().path().startsWith(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** One sentence for each folder that is not used. */
    List<String> sentences() {
        return firstOf.entrySet().stream()
                .map(e -> e.getKey() + " holds the same as " + e.getValue()
                        + ", of another moment or network namespace: not used, read it by itself")
                .toList();
    }
}
