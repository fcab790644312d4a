package plimsoll.analyses;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Rows;

/**
 * The rates of all counters that were read at two moments: an immutable value. Each counter has a scope, and one that went backwards
 * takes with it what is of the same scope: of the host, the host was started anew and nothing can be compared; of a network namespace,
 * that, or another namespace was read; of a device, a group or a server, that it was made anew.
 *
 * @param facts {@code rate:TcpExt.ListenDrops}, {@code rate:diskstats:vda.reads_completed}: times per second, bytes per second, or for
 *     counters of time the share of the time
 * @param problems one sentence for each scope in which a counter went backwards
 */
record Rates(List<Fact> facts, List<String> problems) {
    private static final String HOST = "the host";
    private static final String NAMESPACE = "the network namespace";
    private static final String INTERFACE = "the interface ";

    /**
     * What the kernel lists among its counters though it goes up and down, or never changes: a rate of it says nothing
     * (net/ipv4/proc.c, net/mptcp/mib.c; RFC 4293 and RFC 4022 for the names).
     */
    private static final Set<String> NO_COUNTERS = Set.of(
            "Ip.Forwarding",
            "Ip.DefaultTTL",
            "Ip.ReasmTimeout",
            "Tcp.RtoAlgorithm",
            "Tcp.RtoMin",
            "Tcp.RtoMax",
            "Tcp.MaxConn",
            "Tcp.CurrEstab",
            "MPTcpExt.MPCurrEstab");

    /** How a counter's number becomes a rate. */
    private enum Kind {
        TIMES,
        BYTES,
        /** Microseconds. */
        MICROS,
        /** Milliseconds. */
        MILLIS,
        /** Milliseconds of each of the things under way, which is their mean number. */
        MILLIS_OF_ALL,
        /** Hundredths of a second. */
        TICKS
    }

    /** A value that only grows as long as its scope lives: an immutable value. */
    private record Counter(long value, String scope, Kind kind) {}

    /** Facts that are counters. */
    private record Counting(Pattern name, String scope) {
        private static Counting of(String name, String scope) {
            return new Counting(Pattern.compile(name), scope);
        }
    }

    /** Whose counters are facts, in the order in which they are asked; {@code $1} is what the name says of its scope. */
    private static List<Counting> countings() {
        return List.of(
                // each namespace has its own statistics (nf_conntrack_standalone.c); entries is a gauge
                Counting.of("conntrack:stat\\.(?!entries$).*", NAMESPACE),
                Counting.of("softnet:.*", HOST),
                Counting.of("stat:(?:ctxt|processes|intr|softirq)", HOST),
                // mm/vmstat.c: events; of what begins with nr_ these two only grow
                Counting.of(
                        "vmstat:(?:nr_dirtied|nr_written|nr_vmscan_\\w+|pg(?!table)\\w+|pswp\\w+|allocstall\\w*|oom_kill|compact_\\w+"
                                + "|thp_\\w+|workingset_(?!nodes)\\w+|numa_(?!pages_promoted$)\\w+|kswapd_\\w+|pageoutrun|slabs_scanned|drop_\\w+"
                                + "|swap_ra\\w*|zone_reclaim_\\w+|kcompactd\\w+|unevictable_pgs_\\w+)",
                        HOST),
                Counting.of("pressure:.*total", HOST),
                Counting.of(
                        "cgroup:(.*):(?:cpu\\.stat\\.\\w+|memory\\.(?:swap\\.)?events(?:\\.local)?\\.\\w+|pids\\.events\\.\\w+|io\\.stat\\..*"
                                + "|\\w+\\.pressure\\..*total|memory\\.stat\\.(?:pg(?!tables)\\w+|workingset_(?!nodes)\\w+|thp_\\w+))",
                        "the group $1"),
                Counting.of(
                        "redis:(?:total_\\w+|rejected_connections|expired_keys|evicted_keys|keyspace_(?:hits|misses)|sync_\\w+)",
                        "the Redis server"),
                Counting.of(
                        "fpm:status\\.(?:accepted conn|max children reached|slow requests)\\[(.*)\\]", "the pool $1"),
                Counting.of("nginx:status\\.(?:accepts|accepted|handled|requests)", "nginx"));
    }

    /** True where both moments have counters at all. */
    static boolean counted(Capture first, Capture second) {
        return !counters(first).isEmpty() && !counters(second).isEmpty();
    }

    /** The rates of what was read twice; {@code between} says of which moments, in sentences. */
    static Rates between(Capture first, Capture second, double seconds, String between) {
        Map<String, Counter> was = counters(first);
        Map<String, Counter> is = counters(second);
        var backwards = new LinkedHashMap<String, List<String>>();
        var went = new TreeSet<String>();
        is.forEach((name, now) -> {
            Counter then = was.get(name);
            if (then != null && now.value < then.value) {
                backwards
                        .computeIfAbsent(now.scope, s -> new ArrayList<>())
                        .add(name + " (" + then.value + " to " + now.value + ")");
            } else if (then != null) {
                went.add(now.scope);
            }
        });
        Optional<String> restart = restart(first, second);
        if (restart.isPresent() || backwards.containsKey(HOST)) {
            String why = restart.orElseGet(() -> "the counter " + some(backwards.getOrDefault(HOST, List.of()))
                    + " went backwards, so that the host was");
            return new Rates(List.of(), List.of("no rates " + between + ": " + why + " started anew in between"));
        }
        var problems = new ArrayList<String>();
        boolean other = backwards.containsKey(NAMESPACE);
        backwards.forEach((scope, names) -> {
            if (scope.equals(NAMESPACE)) {
                problems.add(
                        (went.contains(HOST) ? "no rates of the network " : "no rates ") + between + ": the counter "
                                + some(names) + " went backwards, so that "
                                + (went.contains(HOST)
                                        ? "another network namespace was read: the host's own counters went on"
                                        : "the host was started anew in between, or another network namespace was read"));
            } else if (!other || !scope.startsWith(INTERFACE)) {
                problems.add("no rates of " + scope + " " + between + ": " + some(names)
                        + " went backwards, so that it was made or started anew in between");
            }
        });
        if (other && !went.contains(HOST)) {
            return new Rates(List.of(), problems);
        }
        var facts = new ArrayList<Fact>();
        is.forEach((name, now) -> {
            Counter then = was.get(name);
            boolean network = now.scope.equals(NAMESPACE) || now.scope.startsWith(INTERFACE);
            if (then != null && !backwards.containsKey(now.scope) && !(network && other)) {
                facts.add(new Fact(
                        "rate:" + name,
                        rate(now.kind, (now.value - then.value) / seconds).toString(),
                        Evidence.derived(then.value + " to " + now.value + " in "
                                + Quantity.seconds(seconds).brief())));
            }
        });
        return new Rates(facts, problems);
    }

    private static Quantity rate(Kind kind, double perSecond) {
        return switch (kind) {
            case TIMES -> Quantity.perSecond(perSecond);
            case BYTES -> Quantity.bytesPerSecond(perSecond);
            case MICROS -> Quantity.share(perSecond / 1e6);
            case MILLIS -> Quantity.share(perSecond / 1e3);
            case MILLIS_OF_ALL -> Quantity.of(perSecond / 1e3, Unit.COUNT);
            case TICKS -> Quantity.share(perSecond / 100);
        };
    }

    private static String some(List<String> backwards) {
        int more = backwards.size() - 1;
        return backwards.get(0) + (more <= 0 ? "" : " and " + more + " more");
    }

    /** What says beyond doubt that the host was started anew; the time of the start may be off by a second or two. */
    private static Optional<String> restart(Capture first, Capture second) {
        Optional<String> was = text(first, "kernel.random.boot_id");
        Optional<String> is = text(second, "kernel.random.boot_id");
        if (was.isPresent() && is.isPresent()) {
            return was.equals(is) ? Optional.empty() : Optional.of("kernel.random.boot_id says that the host was");
        }
        OptionalLong started = number(text(first, "stat:btime").orElse(""));
        OptionalLong again = number(text(second, "stat:btime").orElse(""));
        boolean later =
                started.isPresent() && again.isPresent() && Math.abs(again.getAsLong() - started.getAsLong()) > 5;
        return later ? Optional.of("btime of /proc/stat says that the host was") : Optional.empty();
    }

    private static Optional<String> text(Capture capture, String name) {
        return capture.facts().find(name).map(Fact::text);
    }

    private static Map<String, Counter> counters(Capture capture) {
        var counters = new LinkedHashMap<String, Counter>();
        capture.table("counters").ifPresent(rows -> network(rows, counters));
        capture.table("interfaces").ifPresent(rows -> interfaces(rows, counters));
        capture.table("diskstats").ifPresent(rows -> disks(rows, counters));
        capture.table("cpu_times").ifPresent(rows -> processors(rows, counters));
        List<Counting> countings = countings();
        Set<String> names = new LinkedHashSet<>(capture.facts().names());
        for (String name : names) {
            if (name.startsWith("snmp") || name.startsWith("netstat:") || name.startsWith("net.")) {
                continue; // those of the network are a table
            }
            for (Counting counting : countings) {
                var matcher = counting.name.matcher(name);
                if (matcher.matches()) {
                    text(capture, name).ifPresent(text -> number(text)
                            .ifPresent(value -> counters.put(
                                    name,
                                    new Counter(
                                            value,
                                            matcher.groupCount() == 0
                                                    ? counting.scope
                                                    : counting.scope.replace("$1", matcher.group(1)),
                                            text.endsWith(" B")
                                                    ? Kind.BYTES
                                                    : text.endsWith(" us") ? Kind.MICROS : Kind.TIMES))));
                    break;
                }
            }
        }
        return counters;
    }

    private static OptionalLong number(String text) {
        int end = 0;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end == 0 || end > 18 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.substring(0, end)));
    }

    private static void network(Rows rows, Map<String, Counter> counters) {
        for (int row = 0; row < rows.size(); row++) {
            OptionalLong value = rows.number("value", row);
            String counter = rows.cell("group", row) + "." + rows.cell("name", row);
            if (value.isPresent() && !NO_COUNTERS.contains(counter)) {
                counters.put(counter, new Counter(value.getAsLong(), NAMESPACE, Kind.TIMES));
            }
        }
    }

    private static void interfaces(Rows rows, Map<String, Counter> counters) {
        for (int row = 0; row < rows.size(); row++) {
            String device = rows.cell("interface", row);
            for (String column : rows.columns()) {
                if (column.startsWith("rx_") || column.startsWith("tx_")) {
                    Kind kind = column.endsWith("_bytes") ? Kind.BYTES : Kind.TIMES;
                    add(rows, row, column, "interfaces:" + device + "." + column, INTERFACE + device, kind, counters);
                }
            }
        }
    }

    private static void disks(Rows rows, Map<String, Counter> counters) {
        for (int row = 0; row < rows.size(); row++) {
            String device = rows.cell("device", row);
            for (String column : rows.columns()) {
                if (Set.of("device", "major", "minor", "ios_in_progress").contains(column)) {
                    continue;
                }
                Kind kind = column.startsWith("weighted_ms")
                        ? Kind.MILLIS_OF_ALL
                        : column.startsWith("ms_") ? Kind.MILLIS : Kind.TIMES;
                add(rows, row, column, "diskstats:" + device + "." + column, "the disk " + device, kind, counters);
            }
        }
    }

    private static void processors(Rows rows, Map<String, Counter> counters) {
        for (int row = 0; row < rows.size(); row++) {
            String cpu = rows.cell("cpu", row);
            for (String column : rows.columns()) {
                // idle and iowait may go back a tick (proc(5), iowait), guest is within user
                if (!Set.of("cpu", "idle", "iowait").contains(column)) {
                    add(rows, row, column, "cpu_times:" + cpu + "." + column, HOST, Kind.TICKS, counters);
                }
            }
        }
    }

    private static void add(
            Rows rows, int row, String column, String name, String scope, Kind kind, Map<String, Counter> counters) {
        OptionalLong value = rows.number(column, row);
        if (value.isPresent()) {
            counters.put(name, new Counter(value.getAsLong(), scope, kind));
        }
    }
}
