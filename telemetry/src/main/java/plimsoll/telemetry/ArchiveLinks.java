package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The links of one archive, resolved inside it only. What they lead to is read under its own name, so a link is a second name and never
 * a second reading. Not thread-safe; lives for one archive.
 */
final class ArchiveLinks {
    /** As many as the kernel follows (MAXSYMLINKS of include/linux/namei.h). */
    private static final int FOLLOWED = 40;

    private final Map<String, String> targets = new TreeMap<>();

    /** Notes a symbolic link, its target as it is written. */
    void symbolic(String entry, String target) {
        String path = normal(entry).orElse(entry);
        int parent = path.lastIndexOf('/');
        // an absolute target is one of the machine that the archive came from
        targets.put(path, target.startsWith("/") ? target : path.substring(0, parent + 1) + target);
    }

    /** Notes a second name of an earlier entry. */
    void hard(String entry, String earlier) {
        targets.put(normal(entry).orElse(entry), earlier);
    }

    /** Puts what leads to one of {@code files}, or to a folder with some of them, to {@code links}, and says what does not. */
    void resolve(String archive, Collection<String> files, Map<String, String> links, List<String> problems) {
        if (targets.isEmpty()) {
            return;
        }
        var read = new TreeSet<>(files);
        var leaving = new ArrayList<String>();
        var nowhere = new ArrayList<String>();
        for (String path : targets.keySet()) {
            Optional<String> to = follow(path);
            if (to.isEmpty()) {
                leaving.add(path);
            } else if (read.contains(to.get()) || folder(read, to.get() + "/")) {
                links.put(path, to.get());
            } else {
                nowhere.add(path);
            }
        }
        say(archive, leaving, "out of the archive", problems);
        say(archive, nowhere, "to nothing that was read from it", problems);
    }

    private static boolean folder(NavigableSet<String> files, String path) {
        return Optional.ofNullable(files.ceiling(path))
                .filter(f -> f.startsWith(path))
                .isPresent();
    }

    private static void say(String archive, List<String> paths, String where, List<String> problems) {
        if (!paths.isEmpty()) {
            String which = paths.size() == 1
                    ? "the link " + paths.get(0) + " leads "
                    : paths.size() + " links, " + paths.get(0) + " the first, lead ";
            problems.add(archive + ": " + which + where + ": not followed");
        }
    }

    /** Where a link leads in the end, whatever of its folders are links; empty where that is outside. */
    private Optional<String> follow(String link) {
        Optional<String> path = Optional.of(link);
        for (int i = 0; i < FOLLOWED && path.isPresent(); i++) {
            Optional<String> first = firstLink(path.get());
            if (first.isEmpty()) {
                return path;
            }
            String rest = path.get().substring(first.get().length());
            path = normal(targets.get(first.get()) + rest);
        }
        return path; // round in circles: there is nothing of that name
    }

    /** The shortest leading part of a path that is a link. */
    private Optional<String> firstLink(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (targets.containsKey(path.substring(0, slash))) {
                return Optional.of(path.substring(0, slash));
            }
        }
        return targets.containsKey(path) ? Optional.of(path) : Optional.empty();
    }

    /** Without {@code .} and {@code ..}; empty where it is absolute or climbs out. */
    private static Optional<String> normal(String path) {
        if (path.startsWith("/")) {
            return Optional.empty();
        }
        var parts = new ArrayList<String>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return Optional.empty();
                }
                parts.remove(parts.size() - 1);
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return Optional.of(String.join("/", parts));
    }
}
