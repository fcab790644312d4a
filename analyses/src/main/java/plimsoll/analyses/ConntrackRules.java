package plimsoll.analyses;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import plimsoll.analyses.Observed.Count;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Rows;

/** The connection tracking table against its limits and its settings (net/netfilter/nf_conntrack_core.c, nf_conntrack_proto_tcp.c). */
final class ConntrackRules {
    private static final String BUCKETS = "net.netfilter.nf_conntrack_buckets";
    private static final String HASHSIZE = "module:nf_conntrack.hashsize";
    private static final String STAT = "conntrack:stat.entries";
    private static final Set<Long> OLD_DEFAULTS = Set.of(16384L, 65536L);

    private ConntrackRules() {}

    private static Optional<Count> count(Observed seen) {
        return seen.count(Conntrack.COUNT).or(() -> seen.count(STAT));
    }

    /** No entry is made beyond nf_conntrack_max (__nf_conntrack_alloc). */
    static List<Doubt> full(Observed seen) {
        Optional<Count> count = count(seen);
        Optional<Count> max = seen.count(Conntrack.MAX);
        // 0 is no limit
        return count.isPresent()
                        && max.isPresent()
                        && max.get().value() > 0
                        && count.get().value() > 1.01 * max.get().value() + 16
                ? List.of(Doubt.of(
                        "conntrack-full",
                        count.get().text() + " entries are more than nf_conntrack_max, "
                                + max.get().text()
                                + ", lets in: the limit was lowered since, or the figures are of different hosts",
                        count.get().source(),
                        max.get().source()))
                : List.of();
    }

    /** A whole listing and the count are of one table; the count holds expired entries too, never fewer. */
    static List<Doubt> listed(Observed seen) {
        Optional<Count> count = count(seen);
        Optional<Count> listed = seen.count("conntrack:entries");
        if (count.isPresent()
                && listed.isPresent()
                && listed.get().value() > 2 * count.get().value() + 100) {
            return List.of(Doubt.of(
                    "conntrack-count",
                    listed.get().text() + " entries are listed where the table counts "
                            + count.get().text()
                            + ": of different moments or network namespaces, the count is per namespace",
                    listed.get().source(),
                    count.get().source()));
        }
        Optional<Count> stat = seen.count(STAT);
        Optional<Count> sysctl = seen.count(Conntrack.COUNT);
        if (stat.isPresent() && sysctl.isPresent()) {
            long less = Math.min(stat.get().value(), sysctl.get().value());
            long more = Math.max(stat.get().value(), sysctl.get().value());
            if (more > 2 * less + 100) {
                return List.of(Doubt.of(
                        "conntrack-count",
                        "nf_conntrack_count is " + sysctl.get().text() + ", the statistics say "
                                + stat.get().text() + " entries: of different moments or network namespaces",
                        sysctl.get().source(),
                        stat.get().source()));
            }
        }
        return List.of();
    }

    /** The sysctl and the module's parameter are one value. */
    static List<Doubt> buckets(Observed seen) {
        Optional<Count> sysctl = seen.count(BUCKETS);
        Optional<Count> module = seen.count(HASHSIZE);
        return sysctl.isPresent()
                        && module.isPresent()
                        && sysctl.get().value() != module.get().value()
                ? List.of(Doubt.of(
                        "conntrack-buckets",
                        "nf_conntrack_buckets is " + sysctl.get().text() + " and the module's hashsize "
                                + module.get().text() + ", which is the same value: of different moments or hosts",
                        sysctl.get().source(),
                        module.get().source()))
                : List.of();
    }

    /** Defaults: max = 4 x buckets before 5.15, max = buckets since (nf_conntrack_init_start). */
    static List<Doubt> defaults(Observed seen) {
        Optional<Count> max = seen.count(Conntrack.MAX);
        Optional<Count> buckets = seen.count(HASHSIZE).or(() -> seen.count(BUCKETS));
        Optional<String> running = seen.kernel().map(k -> "kernel " + k).or(() -> seen.distribution()
                .map(d -> d.name() + " (kernel " + d.kernel() + ")"));
        String version = seen.kernel()
                .or(() -> seen.distribution().map(Distribution::kernel))
                .orElse("0");
        boolean configured = !seen.names("sysctl.d:" + Conntrack.MAX).isEmpty();
        if (max.isEmpty() || buckets.isEmpty() || configured || !Distribution.atLeast(version, "5.15")) {
            return List.of();
        }
        return OLD_DEFAULTS.contains(buckets.get().value())
                        && max.get().value() == 4 * buckets.get().value()
                ? List.of(Doubt.of(
                        "conntrack-defaults",
                        "nf_conntrack_max " + max.get().text() + " with "
                                + buckets.get().text()
                                + " buckets is the default pair of kernels before 5.15; on " + running.orElse("this")
                                + " the default is as many buckets as entries: both were set by hand, or this is another host",
                        max.get().source(),
                        buckets.get().source()))
                : List.of();
    }

    /** What is left of a timeout is no more than the timeout that was read for its state. */
    static List<Doubt> timeout(Observed seen) {
        Optional<Rows> table = seen.table("conntrack");
        if (table.isEmpty()) {
            return List.of();
        }
        Rows rows = table.get();
        var said = new HashSet<String>();
        for (int i = 0; i < rows.size(); i++) {
            String state = Observed.text(rows, "state", i);
            long left = Observed.whole(rows, "timeout_s", i, -1);
            if (!Observed.text(rows, "l4", i).equals("tcp")
                    || state.isEmpty()
                    || left < 0
                    || !said.add(state + (left >> 4))) {
                continue;
            }
            String name = "net.netfilter.nf_conntrack_tcp_timeout_" + state.toLowerCase(Locale.ROOT);
            Optional<Count> most = seen.count(name);
            if (most.isPresent() && left > most.get().value() + 1) {
                String row = Observed.text(rows, "orig_src", i) + ":" + Observed.text(rows, "orig_sport", i);
                return List.of(Doubt.of(
                        "conntrack-timeout",
                        "an entry in " + state + " has " + Terminal.grouped(left) + " s left, but " + name + " is "
                                + most.get().text()
                                + " s: the setting was lowered since, or a rule gives such flows a timeout of their own",
                        seen.at("conntrack", row),
                        most.get().source()));
            }
        }
        return List.of();
    }
}
