package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files of cgroup v2 into facts {@code cgroup:PATH:memory.max}, {@code cgroup:PATH:memory.events.oom_kill} and so on, {@code PATH} below
 * the mount point (Documentation/admin-guide/cgroup-v2.rst). The values do not say what they are: the path of the file, or the command
 * that printed it, does; {@code grep . /sys/fs/cgroup/...} prints the path before each. Where no mount point is in the path, the
 * file's folder in the capture stands for the group, {@code .} for none.
 */
final class CgroupSource implements Source {
    private static final String FILE =
            "(?:memory|cpu|pids|io|cpuset|hugetlb\\.\\w+)\\.(?:max|high|low|min|current|peak|events|stat|pressure|weight|max\\.burst"
                    + "|swap\\.(?:max|high|current|peak|events)|events\\.local|cpus|cpus\\.effective|mems|mems\\.effective)";
    private static final Pattern BELOW =
            Pattern.compile(".*?sys/fs/cgroup/(?:unified/)?(?:(.*?)/)?(" + FILE + ")(?:\\.txt)?");
    private static final Pattern BARE = Pattern.compile("(?:(.*)/)?(" + FILE + ")(?:\\.txt)?");
    private static final Pattern PREFIXED = Pattern.compile("([^\\s:]*/" + FILE + "):(.*)");
    private static final Pattern KEYED = Pattern.compile("([a-z]\\w*) (\\d+|max)");
    private static final Pattern DEVICE = Pattern.compile("(\\d+:\\d+)( [ a-z.=\\d]+)");
    private static final Pattern PAIR = Pattern.compile("([a-z.]+)=(\\d+|max)");
    private static final Pattern SINGLE = Pattern.compile("\\d+|max");
    private static final Pattern QUOTA = Pattern.compile("(\\d+|max) (\\d+)");
    // of memory.stat: what counts events, not bytes
    private static final Pattern EVENTS =
            Pattern.compile("pg\\w+|workingset_\\w+|thp_\\w+|zswp\\w+|pswp\\w+|swp\\w+|numa_\\w+|hugetlb_\\w+_events");

    /** A file of a group. */
    private record Place(String group, String file) {
        private String fact() {
            return "cgroup:" + group + ":" + file;
        }
    }

    @Override
    public String name() {
        return "cgroup v2";
    }

    /** True where the path or the command names a file of a group. */
    static boolean place(Text text) {
        return !places(text).isEmpty();
    }

    @Override
    public Match match(Text text) {
        boolean prefixed = text.first()
                .filter(l ->
                        l.startsWith("/sys/fs/cgroup/") && PREFIXED.matcher(l).matches())
                .isPresent();
        List<Place> places = places(text);
        boolean read = places.size() == 1
                && Places.head(text, 1).stream()
                        .anyMatch(l -> understood(new Parsed.Account(text), 0, places.get(0), l.stripTrailing()));
        boolean several = places.size() > 1
                && Places.head(text, places.size()).stream()
                        .allMatch(l -> SINGLE.matcher(l.strip()).matches());
        return prefixed || read || several ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        List<Place> places = places(text);
        int next = 0;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i).stripTrailing();
            Matcher prefixed = PREFIXED.matcher(line);
            Optional<Place> named = prefixed.matches() ? place(prefixed.group(1)) : Optional.empty();
            if (line.isEmpty()) {
                account.empty();
            } else if (named.isPresent()) {
                read(account, i, named.get(), prefixed.group(2));
            } else if (line.matches("(cat|head|grep|bash|sh): .*")) {
                account.reject(i, "a message, not a value");
                next++;
            } else if (places.isEmpty()) {
                account.reject(i, "neither the path of the file nor a command says what the value is");
            } else {
                // several files print a single value each
                read(account, i, places.get(Math.min(next, places.size() - 1)), line);
                next++;
            }
        }
        return account.close(Optional.empty());
    }

    private static void read(Parsed.Account account, int index, Place place, String line) {
        if (understood(account, index, place, line)) {
            account.used();
        } else {
            account.reject(index, "not a line of " + place.file());
        }
    }

    /** Says what a line of the file holds; false where it is not one. */
    private static boolean understood(Parsed.Account account, int index, Place place, String line) {
        String file = place.file();
        String name = place.fact();
        if (file.endsWith(".pressure")) {
            return PressureSource.facts(account, index, name + ".", line);
        }
        if (file.startsWith("cpuset.")) {
            boolean list = line.matches("[\\d,-]*");
            if (list) {
                account.fact(index, name, line);
            }
            return list;
        }
        Matcher quota = QUOTA.matcher(line);
        if (file.equals("cpu.max") && quota.matches()) {
            account.fact(index, name, line);
            if (!quota.group(1).equals("max") && Values.whole(quota.group(2)) > 0) {
                double cpus = Double.parseDouble(quota.group(1)) / Double.parseDouble(quota.group(2));
                account.derived(name + ".cpus", Double.toString(cpus), "quota / period in " + account.at(index));
            }
            return true;
        }
        Matcher keyed = KEYED.matcher(line);
        if ((file.endsWith(".stat") || file.contains(".events")) && keyed.matches()) {
            account.fact(index, name + "." + keyed.group(1), unit(file, keyed.group(1), keyed.group(2)));
            return true;
        }
        Matcher device = DEVICE.matcher(line);
        if (file.startsWith("io.") && device.matches()) {
            List<Matcher> pairs =
                    Fields.split(device.group(2)).stream().map(PAIR::matcher).toList();
            boolean good = pairs.stream().allMatch(Matcher::matches);
            if (good) {
                pairs.forEach(pair -> account.fact(
                        index,
                        name + "." + device.group(1) + "." + pair.group(1),
                        unit(file, pair.group(1), pair.group(2))));
            }
            return good;
        }
        if (SINGLE.matcher(line).matches()) {
            account.fact(index, name, unit(file, "", line));
            return true;
        }
        return false;
    }

    private static String unit(String file, String key, String value) {
        boolean bytes = key.isEmpty()
                ? file.startsWith("memory.") || file.startsWith("hugetlb.")
                : (file.equals("memory.stat") && !EVENTS.matcher(key).matches())
                        || (file.equals("io.stat") && key.endsWith("bytes"));
        if (value.equals("max")) {
            return value;
        }
        if (file.equals("io.max")) {
            return value + (key.endsWith("bps") ? " B/s" : "/s");
        }
        return value + (bytes ? " B" : key.endsWith("_usec") ? " us" : "");
    }

    private static List<Place> places(Text text) {
        var places = new ArrayList<Place>();
        for (String file : Places.files(text)) {
            place(file).ifPresent(places::add);
        }
        return places;
    }

    private static Optional<Place> place(String path) {
        if (path.indexOf('.') < 0) {
            return Optional.empty();
        }
        Matcher below = BELOW.matcher(path);
        if (below.matches()) {
            return Optional.of(new Place(below.group(1) == null ? "/" : below.group(1), below.group(2)));
        }
        Matcher bare = BARE.matcher(path);
        return bare.matches()
                ? Optional.of(new Place(bare.group(1) == null ? "." : bare.group(1), bare.group(2)))
                : Optional.empty();
    }
}
