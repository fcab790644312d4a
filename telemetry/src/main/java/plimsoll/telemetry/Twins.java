package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Folders of one capture that hold the same files, as {@code client/} and {@code server/} with an {@code ss.txt} each: other moments or
 * other network namespaces. Their numbers belong to another thing, so they are never put together: one folder is used, the first where
 * none is asked for. A folder named {@code host} is what network namespaces share, never one of them.
 */
final class Twins {
    private static final String SHARED = "host";

    private final Optional<String> asked;
    private final Set<String> folders = new LinkedHashSet<>();
    private final Map<String, String> insteadOf = new LinkedHashMap<>();

    private Twins(Optional<String> asked) {
        this.asked = asked;
    }

    static Twins of(List<Reading> readings) {
        return of(readings, Optional.empty());
    }

    /** Finds the folders whose files of one name list the same part of one table; the one of the name {@code asked} is used. */
    static Twins of(List<Reading> readings, Optional<String> asked) {
        var twins = new Twins(asked);
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
        boolean shared = at >= 0 && (later[at].equals(SHARED) || earlier[at].equals(SHARED));
        if (at >= 0 && at < later.length - 1 && !processes && !shared) {
            String first = folder(earlier, at);
            String second = folder(later, at);
            folders.add(first);
            folders.add(second);
            if (asked.filter(later[at]::equals).isPresent()) {
                insteadOf.put(first, second);
            } else {
                insteadOf.putIfAbsent(second, first);
            }
        }
    }

    /** The names of the folders, in the order in which they were found; empty where there are no twins. */
    List<String> names() {
        return folders.stream()
                .map(f -> f.substring(f.lastIndexOf('/', f.length() - 2) + 1, f.length() - 1))
                .distinct()
                .toList();
    }

    private static String folder(String[] path, int at) {
        return String.join("/", List.of(path).subList(0, at + 1)) + "/";
    }

    /** The folder that is used instead of the one {@code reading} is from; empty where it is not from a twin. */
    Optional<String> insteadOf(Reading reading) {
        return insteadOf.entrySet().stream()
                .filter(e -> reading.text().path().startsWith(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** One sentence for each folder that is not used. */
    List<String> sentences() {
        return insteadOf.entrySet().stream()
                .map(e -> e.getKey() + " holds the same as " + e.getValue()
                        + ", of another moment or network namespace: not used, read it by itself")
                .toList();
    }
}
