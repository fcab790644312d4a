package plimsoll.analyses;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Rows;

/** Rows of /proc/slabinfo against themselves and against the sockets they hold (mm/slab_common.c, slabinfo_show; mm/slub.c). */
final class SlabRules {
    private static final Pattern OURS = Pattern.compile("(tcp_bind|tw_sock|request_sock_TCP|nf_conntrack).*");
    private static final Set<String> NAMES = Set.of(
            "tcp_bind_bucket",
            "tcp_bind2_bucket",
            "tw_sock_TCP",
            "tw_sock_TCPv6",
            "request_sock_TCP",
            "request_sock_TCPv6",
            "nf_conntrack",
            "nf_conntrack_expect");
    // one cache per kernel's protocol or namespace: nf_conntrack_1 was one per namespace once, MPTCP has its own
    private static final Pattern ALSO = Pattern.compile(
            "nf_conntrack_[0-9a-f]+|tw_sock_(DCCP|MPTCP|SMC)\\w*|nf_conntrack_helper|tw_sock_chtls\\w*");
    private static final int SHOWN = 3;

    private SlabRules() {}

    /**
     * num_objs = num_slabs x objperslab where a slab is one page; where it is several, SLUB falls back to smaller slabs when memory is
     * in pieces, so it is at most that.
     */
    static List<Doubt> objects(Observed seen) {
        Optional<Rows> slabs = seen.table("slabs");
        if (slabs.isEmpty()) {
            return List.of();
        }
        Rows rows = slabs.get();
        var clashes = new ArrayList<String>();
        for (int i = 0; i < rows.size(); i++) {
            long num = Observed.whole(rows, "num_objs", i, -1);
            long active = Observed.whole(rows, "active_objs", i, -1);
            long each = Observed.whole(rows, "objperslab", i, -1);
            long slabsOf = Observed.whole(rows, "num_slabs", i, -1);
            long pages = Observed.whole(rows, "pagesperslab", i, -1);
            if (num < 0 || each <= 0 || slabsOf < 0) {
                continue;
            }
            long full = each * slabsOf;
            long slack = 2 * each + full / 50;
            boolean wrong = pages == 1 ? num % each != 0 || Math.abs(num - full) > slack : num > full + slack;
            if (wrong) {
                clashes.add(Observed.text(rows, "name", i) + " " + Terminal.grouped(num) + " objects in "
                        + Terminal.grouped(slabsOf) + " slabs of " + each + ", which hold " + Terminal.grouped(full));
            } else if (active > num) {
                clashes.add(Observed.text(rows, "name", i) + " " + Terminal.grouped(active) + " active of "
                        + Terminal.grouped(num));
            }
        }
        if (clashes.isEmpty()) {
            return List.of();
        }
        String more = clashes.size() > SHOWN ? " and " + (clashes.size() - SHOWN) + " more" : "";
        return List.of(Doubt.of(
                "slab-objects",
                clashes.stream().limit(SHOWN).collect(Collectors.joining("; ")) + more
                        + ": the kernel prints whole slabs, so these rows were not printed by it",
                seen.at("slabs", "")));
    }

    /** Tunables are those of the SLAB allocator: SLUB prints 0 0 0, and it is all there is since 6.8. */
    static List<Doubt> tunables(Observed seen) {
        Optional<Rows> slabs = seen.table("slabs").filter(r -> r.columns().contains("limit"));
        Optional<String> slub = seen.kernel()
                .filter(k -> Distribution.atLeast(k, "6.8"))
                .map(k -> "kernel " + k)
                .or(() -> seen.distribution().map(d -> "the kernel of " + d.name()));
        if (slabs.isEmpty() || slub.isEmpty()) {
            return List.of();
        }
        for (int i = 0; i < slabs.get().size(); i++) {
            if (Observed.whole(slabs.get(), "limit", i, 0) > 0) {
                String name = Observed.text(slabs.get(), "name", i);
                return List.of(Doubt.of(
                        "slab-tunables",
                        name + " has tunables " + Observed.text(slabs.get(), "limit", i) + " "
                                + Observed.text(slabs.get(), "batchcount", i) + " "
                                + Observed.text(slabs.get(), "sharedfactor", i)
                                + ": those are of the SLAB allocator, and " + slub.get()
                                + " has SLUB, which prints 0 0 0; this is from another host or an old kernel",
                        seen.at("slabs", name),
                        seen.read("os:VERSION_ID")
                                .map(f -> f.evidence().source())
                                .orElse("")));
            }
        }
        return List.of();
    }

    /** The names that net/ipv4/tcp.c, net/core/sock.c and nf_conntrack_core.c give their caches. */
    static List<Doubt> names(Observed seen) {
        Optional<Rows> slabs = seen.table("slabs");
        var unknown = new ArrayList<String>();
        for (int i = 0; slabs.isPresent() && i < slabs.get().size(); i++) {
            String name = Observed.text(slabs.get(), "name", i);
            if (OURS.matcher(name).matches()
                    && !NAMES.contains(name)
                    && !ALSO.matcher(name).matches()) {
                unknown.add(name);
            }
        }
        return unknown.isEmpty()
                ? List.of()
                : List.of(Doubt.of(
                        "slab-names",
                        "no kernel has a cache named " + String.join(" or ", unknown) + "; the ones it has are "
                                + "tcp_bind_bucket, tcp_bind2_bucket and tw_sock_TCP: the rows were typed or taken over from elsewhere",
                        seen.at("slabs", "")));
    }

    private static OptionalInt row(Rows slabs, String name) {
        for (int i = 0; i < slabs.size(); i++) {
            String is = Observed.text(slabs, "name", i);
            if (is.equals(name) || is.equals(name + "_cache")) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** Each bind bucket has at least one bind2 bucket (net/ipv4/inet_hashtables.c, since 6.1). */
    static List<Doubt> bind2(Observed seen) {
        Optional<Rows> slabs = seen.table("slabs");
        OptionalInt one = slabs.map(s -> row(s, "tcp_bind_bucket")).orElse(OptionalInt.empty());
        OptionalInt two = slabs.map(s -> row(s, "tcp_bind2_bucket")).orElse(OptionalInt.empty());
        if (one.isEmpty() || two.isEmpty()) {
            return List.of();
        }
        long bind = Observed.whole(slabs.get(), "active_objs", one.getAsInt(), 0);
        long bind2 = Observed.whole(slabs.get(), "active_objs", two.getAsInt(), 0);
        // free objects of slabs in part use count as active for a while, and caches of one size share a name
        long spare = 2 * Observed.whole(slabs.get(), "objperslab", one.getAsInt(), 64);
        return bind > 1.5 * bind2 && bind > bind2 + spare
                ? List.of(Doubt.of(
                        "bind2-buckets",
                        Terminal.grouped(bind) + " bind buckets but " + Terminal.grouped(bind2)
                                + " bind2 buckets: each of the first has at least one of the second, so the rows are of "
                                + "different moments, or other caches were merged into the first",
                        seen.at("slabs", "tcp_bind_bucket, tcp_bind2_bucket")))
                : List.of();
    }

    /** A bind bucket stands for one local port in use, whatever the destinations (struct inet_bind_bucket). */
    static List<Doubt> bind(Observed seen) {
        Optional<Rows> slabs = seen.table("slabs");
        OptionalInt bucket = slabs.map(s -> row(s, "tcp_bind_bucket")).orElse(OptionalInt.empty());
        if (bucket.isEmpty()) {
            return List.of();
        }
        long buckets = Observed.whole(slabs.get(), "num_objs", bucket.getAsInt(), 0);
        Optional<Rows> sockets = seen.table("sockets").filter(s -> s.covers().contains("tcp4"));
        if (sockets.isPresent()) {
            long ports = ports(sockets.get());
            return ports > 1.5 * buckets + 100
                    ? List.of(Doubt.of(
                            "bind-buckets",
                            Terminal.grouped(ports) + " local TCP ports are in use in the listing, but the host has "
                                    + Terminal.grouped(buckets)
                                    + " bind buckets, one for each: the listing and the slabs are of different moments or hosts",
                            seen.at("sockets", ""),
                            seen.at("slabs", "tcp_bind_bucket")))
                    : List.of();
        }
        return outgoing(seen, buckets);
    }

    private static long ports(Rows sockets) {
        var ports = new HashSet<Long>();
        for (int i = 0; i < sockets.size(); i++) {
            String netid = Observed.text(sockets, "netid", i);
            if (netid.isEmpty() || netid.startsWith("tcp")) {
                ports.add(Observed.whole(sockets, "local_port", i, 0));
            }
        }
        return ports.size();
    }

    /** Many TIME-WAIT sockets on few ports are of a server: no evidence of outgoing connections, which need a port each. */
    private static List<Doubt> outgoing(Observed seen, long buckets) {
        Optional<Observed.Count> waiting = seen.count("ss:timewait")
                .or(() -> seen.count("sockstat:TCP.tw"))
                .or(() -> seen.count("states:TIME-WAIT"));
        Optional<Rows> tracked = seen.table("conntrack");
        if (waiting.isEmpty() || tracked.isEmpty() || waiting.get().value() <= 10 * buckets) {
            return List.of();
        }
        Map<String, Set<Long>> outgoing = new java.util.TreeMap<>();
        for (int i = 0; i < tracked.get().size(); i++) {
            Rows rows = tracked.get();
            long port = Observed.whole(rows, "orig_sport", i, -1);
            if (Observed.text(rows, "state", i).equals("TIME_WAIT")
                    && inside(Observed.text(rows, "orig_src", i))
                    && !inside(Observed.text(rows, "orig_dst", i))) {
                outgoing.computeIfAbsent(
                                Observed.text(rows, "orig_dst", i) + ":" + Observed.text(rows, "orig_dport", i),
                                d -> new HashSet<>())
                        .add(port);
            }
        }
        long destinations = outgoing.size();
        return destinations == 0 || waiting.get().value() <= 2 * buckets * destinations
                ? List.of()
                : List.of(Doubt.of(
                        "bind-buckets",
                        waiting.get().text() + " TIME-WAIT sockets on at most " + Terminal.grouped(buckets)
                                + " local ports, one bind bucket each: at most that many go to any one destination such as "
                                + outgoing.keySet().iterator().next()
                                + "; the rest is spread over others, or of connections that came in, and takes no ephemeral port",
                        waiting.get().source(),
                        seen.at("slabs", "tcp_bind_bucket"),
                        seen.at("conntrack", "")));
    }

    /** A private or loopback address (RFC 1918, RFC 4193). */
    private static boolean inside(String address) {
        return address.matches("(10|127)\\..*|192\\.168\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*|::1|f[cd].*|fe80.*");
    }
}
