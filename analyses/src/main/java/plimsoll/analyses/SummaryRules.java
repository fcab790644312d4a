package plimsoll.analyses;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import plimsoll.analyses.Observed.Count;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Rows;

/**
 * Counts of sockets against each other: {@code ss -s} computes its figures from /proc/net/sockstat and snmp (iproute2 misc/ss.c,
 * print_summary), so they cannot differ from each other by more than what happens between two reads.
 */
final class SummaryRules {
    private static final String TW = "netstat:TcpExt.TW";
    private static final String TW_KILLED = "netstat:TcpExt.TWKilled";

    private SummaryRules() {}

    private static boolean exceeds(long one, long other, double share, double slack) {
        return (double) one > (double) other * (1 + share) + slack;
    }

    /** {@code (kernel N)}, {@code synrecv}, {@code ports} and the second figure of {@code timewait} went with iproute2 4.17. */
    static List<Doubt> version(Observed seen) {
        Optional<Count> old = List.of("ss:kernel", "ss:synrecv", "ss:ports", "ss:timewait.slab").stream()
                .map(seen::count)
                .flatMap(Optional::stream)
                .findFirst();
        Optional<Distribution> on = seen.distribution().filter(d -> Distribution.atLeast(d.iproute2(), "4.17"));
        if (old.isEmpty() || on.isEmpty()) {
            return List.of();
        }
        String source =
                seen.read("os:VERSION_ID").map(f -> f.evidence().source()).orElse("");
        return List.of(Doubt.of(
                "ss-version",
                "'" + old.get().name().replace("ss:", "") + " " + old.get().value()
                        + "' is of the old form of ss -s, gone since iproute2 4.17; "
                        + on.get().name() + " has " + on.get().iproute2()
                        + ": this is from another host, an old binary, or typed from memory",
                old.get().source(),
                source));
    }

    /** closed = TCP - in use: ss.c computes it so; in use leaves TIME-WAIT out. */
    static List<Doubt> closed(Observed seen) {
        Optional<Count> tcp = seen.count("ss:tcp");
        Optional<Count> closed = seen.count("ss:closed");
        Optional<Count> row = seen.count("ss:inuse.tcp");
        if (tcp.isEmpty() || closed.isEmpty() || row.isEmpty()) {
            return List.of();
        }
        long requests = seen.count("ss:synrecv").map(Count::value).orElse(0L);
        long computed = tcp.get().value() - requests - row.get().value();
        long apart = Math.abs(computed - closed.get().value());
        // in use of IPv6 is read from another file, a moment later
        var doubts = new ArrayList<Doubt>();
        if (exceeds(apart, 0, 0, 5 + 0.01 * row.get().value())) {
            doubts.add(Doubt.of(
                    "ss-summary",
                    "TCP " + tcp.get().text() + " less the " + row.get().text()
                            + " in use of its row leaves " + Terminal.grouped(computed) + " closed, but closed says "
                            + closed.get().text()
                            + ": ss computes one from the others, so they are not of one run",
                    tcp.get().source(),
                    row.get().source()));
        }
        seen.count("ss:timewait")
                .filter(tw -> exceeds(tw.value(), closed.get().value(), 0, 5))
                .ifPresent(tw -> doubts.add(Doubt.of(
                        "ss-summary",
                        "timewait " + tw.text() + " is above closed "
                                + closed.get().text() + ", which contains it: they are not of one run",
                        tw.source())));
        return doubts;
    }

    /** Total = IP + IPv6 in each row, and INET = RAW + UDP + TCP. */
    static List<Doubt> rows(Observed seen) {
        Map<String, Map<String, Long>> cells = new HashMap<>();
        seen.table("socket_summary").ifPresent(t -> fill(cells, t));
        var doubts = new ArrayList<Doubt>();
        for (String row : List.of("RAW", "UDP", "TCP", "INET", "FRAG")) {
            Map<String, Long> of = cells.getOrDefault(row, Map.of());
            Long total = of.get("Total");
            Long ip = of.get("IP");
            Long ip6 = of.get("IPv6");
            if (total != null && ip != null && ip6 != null && total != ip + ip6) {
                doubts.add(adds(seen, row, "IP " + Terminal.grouped(ip) + " and IPv6 " + Terminal.grouped(ip6), total));
            }
        }
        Long inet = cells.getOrDefault("INET", Map.of()).get("Total");
        long sum = 0;
        for (String row : List.of("RAW", "UDP", "TCP")) {
            Long part = cells.getOrDefault(row, Map.of()).get("Total");
            if (part == null || inet == null) {
                return doubts;
            }
            sum += part;
        }
        if (inet != null && inet != sum) {
            doubts.add(adds(seen, "INET", "RAW, UDP and TCP, " + Terminal.grouped(sum), inet));
        }
        return doubts;
    }

    private static void fill(Map<String, Map<String, Long>> cells, Rows table) {
        for (int i = 0; i < table.size(); i++) {
            String name = Observed.text(table, "name", i);
            if (List.of("Total", "IP", "IPv6").contains(name)
                    && table.number("value", i).isPresent()) {
                cells.computeIfAbsent(Observed.text(table, "group", i), g -> new HashMap<>())
                        .put(name, table.number("value", i).getAsLong());
            }
        }
    }

    private static Doubt adds(Observed seen, String row, String parts, long total) {
        String fact = "ss:inuse." + row.toLowerCase(java.util.Locale.ROOT);
        return Doubt.of(
                "ss-rows",
                "the total of " + row + " says " + Terminal.grouped(total) + " where " + parts
                        + " should add up to it: ss adds them itself, so a figure was changed",
                seen.count(fact).map(Count::source).orElse(seen.at("socket_summary", row)));
    }

    /** The sockets in use of both families; empty where one of them was not read. */
    private static Optional<Count> inuse(Observed seen) {
        Optional<Count> four = seen.count("sockstat:TCP.inuse");
        Optional<Count> six = seen.count("sockstat6:TCP6.inuse");
        return four.flatMap(f ->
                six.map(s -> new Count("TCP and TCP6 inuse", f.value() + s.value(), f.source() + ", " + s.source())));
    }

    /** CurrEstab counts ESTABLISHED and CLOSE-WAIT, both of which are in use (net/ipv4/tcp.c, tcp_set_state). */
    static List<Doubt> established(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        Optional<Count> listed = seen.count("ss:inuse.tcp");
        Optional<Count> counted = inuse(seen);
        for (Optional<Count> estab : List.of(seen.count("ss:estab"), seen.count("snmp:Tcp.CurrEstab"))) {
            boolean ss = estab.isPresent() && estab.get().name().equals("ss:estab");
            Optional<Count> all = ss ? listed.or(() -> counted) : counted.or(() -> listed);
            if (estab.isPresent()
                    && all.isPresent()
                    && exceeds(estab.get().value(), all.get().value(), 0.05, 10)) {
                doubts.add(Doubt.of(
                        "established",
                        estab.get().text() + " connections established or in CLOSE-WAIT ("
                                + estab.get().name().replaceFirst("^.*:", "") + ") are more than the "
                                + all.get().text()
                                + " TCP sockets in use, of which they are a part: other moments, or other network namespaces",
                        estab.get().source(),
                        all.get().source()));
            }
        }
        Optional<Count> shown = seen.count("ss:estab");
        Optional<Count> counter = seen.count("snmp:Tcp.CurrEstab");
        if (doubts.isEmpty()
                && shown.isPresent()
                && counter.isPresent()
                && farApart(
                        shown.get().value(), shown.get().value(), counter.get().value())) {
            doubts.add(Doubt.of(
                    "established",
                    "ss -s says estab " + shown.get().text() + ", CurrEstab is "
                            + counter.get().text()
                            + ": ss prints that very counter; other moments, or other network namespaces",
                    shown.get().source(),
                    counter.get().source()));
        }
        return doubts;
    }

    /** In use of one namespace is at most what the whole host allocated (net/ipv4/proc.c, sockstat_seq_show). */
    static List<Doubt> allocated(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        Optional<Count> alloc = seen.count("sockstat:TCP.alloc");
        inuse(seen)
                .or(() -> seen.count("sockstat:TCP.inuse"))
                .filter(i -> alloc.isPresent() && exceeds(i.value(), alloc.get().value(), 0.01, 10))
                .ifPresent(i -> doubts.add(Doubt.of(
                        "sockstat",
                        i.text() + " TCP sockets in use are more than the "
                                + alloc.map(Count::text).orElse("")
                                + " that are allocated on the whole host: alloc counts all of "
                                + "them, so a figure was changed or is of another moment",
                        i.source(),
                        alloc.map(Count::source).orElse(""))));
        // ss -s prints alloc + tw as TCP
        Optional<Count> tcp = seen.count("ss:tcp");
        Optional<Count> tw = seen.count("sockstat:TCP.tw");
        if (alloc.isPresent() && tw.isPresent() && tcp.isPresent()) {
            long all = alloc.get().value() + tw.get().value();
            if (farApart(all, all, tcp.get().value())) {
                doubts.add(Doubt.of(
                        "sockstat",
                        "ss -s counts " + tcp.get().text() + " TCP sockets, sockstat's alloc and tw are "
                                + Terminal.grouped(all)
                                + ", which is the same sum: other moments, or other network namespaces",
                        tcp.get().source(),
                        alloc.get().source()));
            }
        }
        Optional<Count> total = seen.count("ss:total");
        Optional<Count> used = seen.count("sockstat:sockets.used");
        if (total.isPresent()
                && used.isPresent()
                && farApart(used.get().value(), used.get().value(), total.get().value())) {
            doubts.add(Doubt.of(
                    "sockstat",
                    "ss -s counts " + total.get().text() + " sockets, sockstat "
                            + used.get().text()
                            + " used: ss prints that very figure; other moments, or other network namespaces",
                    total.get().source(),
                    used.get().source()));
        }
        return doubts;
    }

    /** Apart by more than a factor of two and more than a hundred: no two looks seconds apart differ so but under a sudden change. */
    private static boolean farApart(long least, long most, long other) {
        return other > 2 * most + 100 || 2 * other + 100 < least;
    }

    /** TIME-WAIT as each source counts it; sockstat's tw and ss's timewait hold FIN-WAIT-2 sockets without a descriptor as well. */
    static List<Doubt> timeWait(Observed seen) {
        var exact = new ArrayList<Count>();
        long halfClosed = 0;
        Optional<Count> counted = seen.count("states:TIME-WAIT");
        if (counted.isPresent()) {
            exact.add(counted.get());
            halfClosed = seen.count("states:FIN-WAIT-2").map(Count::value).orElse(0L);
        }
        Optional<Rows> sockets = seen.table("sockets").filter(r -> r.covers().contains("tcp4"));
        if (sockets.isPresent()) {
            exact.add(new Count("sockets", state(sockets.get(), "TIME-WAIT"), seen.at("sockets", "")));
            halfClosed = Math.max(halfClosed, state(sockets.get(), "FIN-WAIT-2"));
        }
        var gauges = new ArrayList<Count>();
        seen.count("ss:timewait").ifPresent(gauges::add);
        seen.count("sockstat:TCP.tw").ifPresent(gauges::add);
        if (gauges.size() == 2
                && farApart(
                        gauges.get(0).value(),
                        gauges.get(0).value(),
                        gauges.get(1).value())) {
            return List.of(differ(gauges.get(0), gauges.get(1)));
        }
        for (Count listing : exact) {
            for (Count gauge : gauges) {
                if (farApart(listing.value(), listing.value() + halfClosed, gauge.value())) {
                    return List.of(differ(listing, gauge));
                }
            }
        }
        return List.of();
    }

    private static Doubt differ(Count one, Count other) {
        return Doubt.of(
                "time-wait-count",
                one.text() + " TIME-WAIT sockets by " + one.name() + ", " + other.text() + " by " + other.name()
                        + ": minutes apart, or of different network namespaces (tw is per namespace, slabs are of the host)",
                one.source(),
                other.source());
    }

    private static long state(Rows sockets, String state) {
        long count = 0;
        for (int i = 0; i < sockets.size(); i++) {
            count += Observed.text(sockets, "state", i).equals(state) ? 1 : 0;
        }
        return count;
    }

    /** No gauge is above what ever came in: TW counts each socket that enters TIME-WAIT (inet_timewait_sock.c, __inet_twsk_schedule). */
    static List<Doubt> sinceBoot(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        Optional<Count> tw = seen.count("sockstat:TCP.tw").or(() -> seen.count("ss:timewait"));
        above(doubts, tw, "TIME-WAIT sockets", seen.count(TW), seen.count(TW_KILLED), "entered that state since boot");
        above(
                doubts,
                seen.count("snmp:Tcp.CurrEstab"),
                "established connections",
                seen.count("snmp:Tcp.ActiveOpens"),
                seen.count("snmp:Tcp.PassiveOpens"),
                "were opened since boot");
        return doubts;
    }

    private static void above(
            List<Doubt> doubts,
            Optional<Count> gauge,
            String what,
            Optional<Count> in,
            Optional<Count> more,
            String how) {
        if (gauge.isEmpty() || in.isEmpty() || more.isEmpty()) {
            return;
        }
        long all = in.get().value() + more.get().value();
        if (in.get().value() >= 0 && exceeds(gauge.get().value(), all, 0.02, 10)) {
            doubts.add(Doubt.of(
                    "since-boot",
                    gauge.get().text() + " " + what + " now, but only " + Terminal.grouped(all) + " " + how
                            + ": the counters and the gauge are of different network namespaces or hosts",
                    gauge.get().source(),
                    in.get().source()));
        }
    }

    /** Between two moments no gauge grows by more than what came in, and no counter falls. */
    static List<Doubt> twoMoments(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        if (seen.before().isEmpty()) {
            return doubts;
        }
        for (String name : List.of("snmp:Tcp.ActiveOpens", "snmp:Tcp.PassiveOpens", "snmp:Tcp.OutSegs", TW)) {
            Optional<Count> was = seen.countBefore(name);
            Optional<Count> is = seen.count(name);
            if (was.isPresent()
                    && is.isPresent()
                    && is.get().value() < was.get().value()) {
                doubts.add(Doubt.of(
                        "two-moments",
                        name.replaceFirst("^.*:", "") + " went back from "
                                + was.get().text() + " to "
                                + is.get().text()
                                + ": a reboot, another network namespace, or the moments in the wrong order",
                        was.get().source(),
                        is.get().source()));
            }
        }
        Optional<Count> was = seen.countBefore("sockstat:TCP.tw");
        Optional<Count> is = seen.count("sockstat:TCP.tw");
        Optional<Count> in = seen.count(TW);
        Optional<Count> inBefore = seen.countBefore(TW);
        if (doubts.isEmpty() && was.isPresent() && is.isPresent() && in.isPresent() && inBefore.isPresent()) {
            long killed = seen.count(TW_KILLED).map(Count::value).orElse(0L)
                    - seen.countBefore(TW_KILLED).map(Count::value).orElse(0L);
            long came = in.get().value() - inBefore.get().value() + Math.max(0, killed);
            long grew = is.get().value() - was.get().value();
            if (exceeds(grew, came, 0.05, 10)) {
                doubts.add(Doubt.of(
                        "two-moments",
                        "TIME-WAIT grew by " + Terminal.grouped(grew) + " while the counter TW rose by "
                                + Terminal.grouped(came)
                                + ": gauge and counter are not of one network namespace, or not of these moments",
                        is.get().source(),
                        in.get().source()));
            }
        }
        return doubts;
    }
}
