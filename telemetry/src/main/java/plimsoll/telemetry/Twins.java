package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import plimsoll.dsl.Fact;

/**
 * What one capture holds of several network namespaces, moments or hosts. Their numbers belong to another thing, so they are never put
 * together: one is used, the first where none is asked for.
 *
 * <p>A namespace is named by the command that ran in it ({@code ip netns exec web ss -tan}). Folders are told apart by evidence: files of
 * one name in both that list, differently, what each namespace has of its own; other names of the host; other dates; names that are
 * times. Folders that only hold files of one name, as those of two pools or two sites do, are read together. A folder named
 * {@code host} is what network namespaces share, never one of them.
 */
final class Twins {
    private static final String SHARED = "host";
    private static final Set<String> TELLING = Set.of("uname:nodename", "kernel.hostname", "date");

    /** So many steps are spent on telling folders apart; one is to hold two paths beside each other, evidence is worth more of them. */
    private static final int MOST = 2_000_000;

    private static final int EVIDENCE = 20;

    /** Tables of which each network namespace has its own (network_namespaces(7)). */
    private static final Set<String> OWN = Set.of(
            "sockets",
            "socket_summary",
            "socket_states",
            "counters",
            "conntrack",
            "conntrack_stats",
            "interfaces",
            "neighbours",
            "firewall");

    private static final String TIME = "t\\d+|\\d{4}-?\\d{2}-?\\d{2}([T_ -]?\\d{2}.*)?";
    private static final String NAMESPACE = "another network namespace";
    private static final String MOMENT = "another moment";
    private static final String EITHER = "another moment or network namespace";
    private static final String HOST = "another host";

    /** What is used instead of a folder, what makes them differ, and how many such were found before. */
    private record Other(String instead, String kind, int place) {}

    /**
     * A file in a folder.
     *
     * @param path the parts of its path
     * @param own true where it lists what each network namespace has of its own
     */
    private record Namesake(Reading reading, List<String> path, boolean own) {}

    private final Set<String> asked;
    private final List<Reading> readings;
    private final Set<String> folders = new LinkedHashSet<>();
    private final Map<String, Other> insteadOf = new LinkedHashMap<>();
    private final Set<String> named = new LinkedHashSet<>();
    private final Map<String, Set<String>> evidence = new HashMap<>();
    private @Nullable NavigableMap<String, List<Reading>> telling;
    private String inside = "";
    private int spent;

    private Twins(List<Reading> readings, Set<String> asked) {
        this.readings = readings;
        this.asked = asked;
    }

    static Twins of(List<Reading> readings) {
        return of(readings, Set.of());
    }

    /** Finds them; those of the names {@code asked} are used. */
    static Twins of(List<Reading> readings, Set<String> asked) {
        var twins = new Twins(readings, asked);
        twins.commands();
        twins.files();
        return twins;
    }

    private void commands() {
        boolean host = false;
        for (Reading reading : readings) {
            if (reading.known()) {
                reading.text().namespace().ifPresent(named::add);
                host |= reading.text().namespace().isEmpty() && own(reading);
            }
        }
        if (!named.isEmpty()) {
            inside = named.stream()
                    .filter(asked::contains)
                    .findFirst()
                    .orElse(host ? "" : named.iterator().next());
        }
    }

    private void files() {
        var seen = new HashMap<String, List<Namesake>>();
        var seenOwn = new HashMap<String, List<Namesake>>();
        var tell = new HashMap<String, Boolean>();
        var paths = new HashMap<String, List<String>>();
        for (Reading reading : readings) {
            int slash = reading.text().path().lastIndexOf('/');
            // without a folder there is no twin, and what a command names needs none
            if (slash < 0 || !reading.known() || reading.text().namespace().isPresent()) {
                continue;
            }
            String file = reading.text().path().substring(slash + 1);
            String kind = reading.source().map(Source::name).orElse("") + "/" + file;
            List<Namesake> all = seen.computeIfAbsent(kind, k -> new ArrayList<>());
            List<Namesake> own = seenOwn.computeIfAbsent(kind, k -> new ArrayList<>());
            var namesake = new Namesake(
                    reading,
                    paths.computeIfAbsent(reading.text().path(), p -> List.of(p.split("/", -1))),
                    own(reading));
            String folder = reading.text().path().substring(0, slash);
            boolean may = namesake.own || tell.computeIfAbsent(folder, f -> tells(namesake.path));
            for (Namesake earlier : may ? all : own) {
                if (spent >= MOST) {
                    break;
                }
                compare(earlier, namesake);
            }
            all.add(namesake);
            if (namesake.own) {
                own.add(namesake);
            }
        }
    }

    /** Two paths that differ in the name of one folder make twins of these folders where there is evidence for it. */
    private void compare(Namesake before, Namesake after) {
        List<String> earlier = before.path;
        List<String> later = after.path;
        spent++;
        int at = differs(earlier, later);
        if (at < 0) {
            return;
        }
        String first = folder(earlier, at);
        String second = folder(later, at);
        Other known = insteadOf.get(second);
        if (known != null && (known.instead.equals(first) || !asked.contains(later.get(at)))) {
            return;
        }
        if (!before.own
                && !(earlier.get(at).matches(TIME) && later.get(at).matches(TIME))
                && (telling(first).isEmpty() || telling(second).isEmpty())) {
            return;
        }
        spent += EVIDENCE;
        Optional<String> kind = kind(before.reading, after.reading, first, second, earlier.get(at), later.get(at));
        if (kind.isEmpty()) {
            return;
        }
        if (!kind.get().equals(HOST)) {
            folders.add(first);
            folders.add(second);
        }
        if (asked.contains(later.get(at))) {
            Other was = insteadOf.get(first);
            insteadOf.put(first, new Other(second, kind.get(), was == null ? insteadOf.size() : was.place));
        } else {
            insteadOf.putIfAbsent(second, new Other(first, kind.get(), insteadOf.size()));
        }
    }

    /** Where the one folder stands in which the paths differ; -1 where they differ in more, or it is that of a process or shared. */
    private static int differs(List<String> earlier, List<String> later) {
        int at = -1;
        if (earlier.size() != later.size()) {
            return -1;
        }
        for (int i = 0; i < later.size(); i++) {
            if (!earlier.get(i).equals(later.get(i))) {
                if (at >= 0) {
                    return -1;
                }
                at = i;
            }
        }
        boolean process = at > 0 && later.get(at - 1).equals("proc");
        boolean shared =
                at >= 0 && (later.get(at).equals(SHARED) || earlier.get(at).equals(SHARED));
        return at < later.size() - 1 && !process && !shared ? at : -1;
    }

    /** What the second folder is, by the evidence; empty where there is none that it is anything else than the first. */
    private Optional<String> kind(
            Reading before, Reading after, String first, String second, String earlier, String later) {
        if (differ(facts(first, "uname:nodename"), facts(second, "uname:nodename"))
                || differ(facts(first, "kernel.hostname"), facts(second, "kernel.hostname"))) {
            return Optional.of(HOST);
        }
        boolean other = differ(before, after);
        boolean timed = earlier.matches(TIME) && later.matches(TIME);
        boolean dated = differ(facts(first, "date"), facts(second, "date"));
        if (!(other && own(before)) && !timed && !(dated && other)) {
            return Optional.empty();
        }
        Set<String> here = addresses(first);
        Set<String> there = addresses(second);
        boolean apart = !here.isEmpty() && !there.isEmpty() && Collections.disjoint(here, there);
        return Optional.of(
                apart ? NAMESPACE : timed || (dated && !here.isEmpty() && !there.isEmpty()) ? MOMENT : EITHER);
    }

    private static boolean own(Reading reading) {
        for (Rows rows : reading.parsed().tables()) {
            if (OWN.contains(rows.name())) {
                return true;
            }
        }
        return false;
    }

    /** True for texts that list the same part of a table, or the same values, and not the same of it. */
    private static boolean differ(Reading before, Reading after) {
        Optional<Rows> earlier = before.parsed().rows().filter(r -> !r.excerpt());
        Optional<Rows> later = after.parsed().rows().filter(r -> !r.excerpt());
        boolean rows = earlier.isPresent() && later.isPresent();
        boolean alike = rows
                && !Collections.disjoint(earlier.get().covers(), later.get().covers());
        boolean values =
                earlier.isEmpty() && later.isEmpty() && !before.parsed().facts().isEmpty();
        return (alike || values) && !before.text().lines().equals(after.text().lines());
    }

    private static boolean differ(Set<String> here, Set<String> there) {
        return !here.isEmpty() && !there.isEmpty() && Collections.disjoint(here, there);
    }

    /** True where a folder of the path is named by a time, or holds what says whose it is. */
    private boolean tells(List<String> path) {
        for (int i = 0; i < path.size() - 1; i++) {
            String whole = folder(path, i);
            if (path.get(i).matches(TIME) || !telling(whole).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The readings below a folder that say whose it is: with a name, a date or sockets. */
    private Collection<List<Reading>> telling(String folder) {
        NavigableMap<String, List<Reading>> all = telling;
        if (all == null) {
            all = new TreeMap<>();
            for (Reading reading : readings) {
                if (sockets(reading).isPresent() || !facts(reading, TELLING).isEmpty()) {
                    all.computeIfAbsent(reading.text().path(), p -> new ArrayList<>())
                            .add(reading);
                }
            }
            telling = all;
        }
        return all.subMap(folder, folder + Character.MAX_VALUE).values();
    }

    private static Set<String> facts(Reading reading, Set<String> names) {
        var values = new HashSet<String>();
        for (Fact fact : reading.parsed().facts()) {
            if (names.contains(fact.name())) {
                values.add(fact.text());
            }
        }
        return values;
    }

    private Set<String> facts(String folder, String name) {
        return evidence.computeIfAbsent(name + " " + folder, k -> {
            var values = new HashSet<String>();
            for (List<Reading> same : telling(folder)) {
                for (Reading reading : same) {
                    values.addAll(facts(reading, Set.of(name)));
                }
            }
            return values;
        });
    }

    private static Optional<Rows> sockets(Reading reading) {
        return reading.parsed()
                .rows()
                .filter(r -> r.name().equals("sockets")
                        && r.columns().contains("netid")
                        && r.columns().contains("local_address"));
    }

    /** The addresses of the host that sockets listed in a folder are bound to: a namespace has its own. */
    private Set<String> addresses(String folder) {
        return evidence.computeIfAbsent("addresses " + folder, k -> {
            var addresses = new HashSet<String>();
            for (List<Reading> same : telling(folder)) {
                for (Reading reading : same) {
                    sockets(reading).ifPresent(rows -> bound(rows, addresses));
                }
            }
            return addresses;
        });
    }

    private static void bound(Rows sockets, Set<String> addresses) {
        Rows local = sockets.count("netid", "local_address");
        for (int row = 0; row < local.size(); row++) {
            String address = local.cell("local_address", row);
            boolean internet = local.cell("netid", row).matches("tcp|udp");
            if (internet && !address.matches("\\*|0\\.0\\.0\\.0.*|::|::1|127\\..*|::ffff:127\\..*|")) {
                addresses.add(address);
            }
        }
    }

    /** The namespaces that may be asked for, in the order in which they were found; empty where there is but one. */
    List<String> names() {
        var names = new LinkedHashSet<String>(named);
        folders.stream().map(Twins::last).filter(f -> !f.matches(TIME)).forEach(names::add);
        return List.copyOf(names);
    }

    /** The moments that may be asked for, folders named by a time; empty where there is but one. */
    List<String> moments() {
        return folders.stream()
                .map(Twins::last)
                .filter(f -> f.matches(TIME))
                .distinct()
                .toList();
    }

    private static String last(String folder) {
        return folder.substring(folder.lastIndexOf('/', folder.length() - 2) + 1, folder.length() - 1);
    }

    private static String folder(List<String> path, int at) {
        return String.join("/", path.subList(0, at + 1)) + "/";
    }

    /** What {@code reading} is, as {@code another moment than t0/}; empty where it is used. */
    Optional<String> insteadOf(Reading reading) {
        if (!named.isEmpty()) {
            String of = reading.text().namespace().orElse("");
            boolean apart = !of.equals(inside) && (!of.isEmpty() || own(reading));
            if (apart) {
                return Optional.of(NAMESPACE + " than " + (inside.isEmpty() ? "the host's" : inside));
            }
        }
        String path = reading.text().path();
        Optional<Other> first = Optional.empty();
        for (int slash = path.indexOf('/'); slash >= 0 && !insteadOf.isEmpty(); slash = path.indexOf('/', slash + 1)) {
            Other other = insteadOf.get(path.substring(0, slash + 1));
            if (other != null && (first.isEmpty() || other.place < first.get().place)) {
                first = Optional.of(other);
            }
        }
        return first.map(o -> o.kind + " than " + o.instead);
    }

    /** One sentence for each namespace or host that is not used; of moments all are. */
    List<String> sentences() {
        var sentences = new ArrayList<String>();
        for (String name : named) {
            if (!name.equals(inside)) {
                sentences.add("what was run in " + name + " is of " + NAMESPACE + " than "
                        + (inside.isEmpty() ? "the host's" : inside) + ": not used; " + ask(name));
            }
        }
        insteadOf.forEach((folder, other) -> {
            if (!last(folder).matches(TIME)) {
                sentences.add(folder + " is of " + other.kind + " than " + other.instead + ": not used; "
                        + (other.kind.equals(HOST) ? "read it by itself" : ask(last(folder))));
            }
        });
        if (spent >= MOST) {
            sentences.add(
                    "too many folders hold files of the same names: whether all are of one host, moment and network namespace was"
                            + " not looked at");
        }
        return sentences;
    }

    private static String ask(String name) {
        return "--in " + name + ", or in(\"" + name + "\"), looks at it";
    }
}
