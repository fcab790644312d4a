package plimsoll.analyses;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Unit;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Rows;

/** Pictures of sockets: their states, where they lead, and how full each pool of ports is. */
final class SocketPictures {
    private static final int DRAWN = 15;
    private static final int MINUTE = 60;

    private SocketPictures() {}

    /** How many sockets there are in each state; with the moment before, where there is one. */
    static Optional<Picture> states(Host host) {
        Map<String, Long> now = states(host.capture());
        Map<String, Long> before =
                host.observed().before().map(SocketPictures::states).orElse(Map.of());
        return compared("TCP sockets by state", "state", before, now);
    }

    /** Two moments of one host side by side. */
    static Optional<Picture> states(Host before, Host after) {
        return compared("TCP sockets by state", "state", states(before.capture()), states(after.capture()));
    }

    private static Map<String, Long> states(Capture capture) {
        Optional<Rows> sockets = capture.table("sockets").filter(Occupancy::whole);
        if (sockets.isPresent()) {
            return sockets.get().columns().contains("netid")
                    ? counted(sockets.get().count("state", "netid"), "state")
                    : counted(sockets.get().count("state"), "state");
        }
        var states = new LinkedHashMap<String, Long>();
        var observed = Map.of(
                "ss:estab", "ESTAB", "ss:timewait", "TIME-WAIT", "ss:orphaned", "orphaned", "ss:closed", "closed");
        for (String name : capture.facts().names()) {
            String state = name.startsWith("states:") ? name.substring("states:".length()) : observed.get(name);
            Optional<Fact> fact = capture.facts().find(name);
            if (state != null && fact.isPresent() && fact.get().text().matches("\\d{1,18}")) {
                states.put(state, Long.parseLong(fact.get().text()));
            }
        }
        return states;
    }

    private static Map<String, Long> counted(Rows counts, String column) {
        var counted = new LinkedHashMap<String, Long>();
        boolean mixed = counts.columns().contains("netid");
        for (int row = 0; row < counts.size(); row++) {
            String netid = mixed ? counts.cell("netid", row) : "";
            if (netid.isEmpty() || netid.startsWith("tcp")) {
                String value = counts.cell(column, row);
                counted.merge(
                        value.isEmpty() ? "none" : value,
                        counts.number("count", row).orElse(0),
                        Long::sum);
            }
        }
        return counted;
    }

    /** Most first; what only one moment has is not zero in the other: its bar is left out there. */
    private static Optional<Picture> compared(
            String title, String what, Map<String, Long> before, Map<String, Long> now) {
        if (now.isEmpty()) {
            return Optional.empty();
        }
        var all = new LinkedHashMap<String, Long>(before);
        now.forEach((k, v) -> all.merge(k, v, Math::max));
        List<String> names = all.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
        List<String> shown = names.subList(0, Math.min(DRAWN, names.size()));
        var layers = new ArrayList<Picture.Layer>();
        if (!before.isEmpty()) {
            layers.add(bars("before", shown, before));
        }
        layers.add(bars(before.isEmpty() ? "sockets" : "after", shown, now));
        long rest = names.stream()
                .skip(DRAWN)
                .mapToLong(n -> now.getOrDefault(n, 0L))
                .sum();
        List<String> notes = names.size() <= DRAWN
                ? List.of()
                : List.of("the " + DRAWN + " largest of " + Terminal.grouped(names.size()) + "; the others have "
                        + Terminal.grouped(rest) + " in all");
        return Optional.of(new Picture(
                title, new Axis("sockets", Unit.COUNT), new Axis(what, Unit.COUNT), Optional.empty(), layers, notes));
    }

    private static Bars bars(String name, List<String> shown, Map<String, Long> counts) {
        List<String> here = shown.stream().filter(counts::containsKey).toList();
        return new Bars(
                name,
                here,
                here.stream().map(n -> (double) counts.getOrDefault(n, 0L)).toList());
    }

    /** Where the connections that this host opened lead; with the moment before, where there is one. */
    static Optional<Picture> destinations(Host host) {
        Map<String, Long> now = destinations(occupancy(host));
        if (now.isEmpty()) {
            return Optional.empty();
        }
        Optional<Rows> earlier =
                host.observed().before().flatMap(c -> c.table("sockets")).filter(Occupancy::whole);
        Map<String, Long> before = earlier.map(
                        s -> destinations(Optional.of(Occupancy.of(s, Ports.range(host.facts()), ""))))
                .orElse(Map.of());
        return compared("Ports held by destination", "destination", before, now);
    }

    private static Optional<Occupancy> occupancy(Host host) {
        return host.facts().table(Ports.OCCUPANCY, Occupancy.class);
    }

    private static Map<String, Long> destinations(Optional<Occupancy> occupancy) {
        var held = new LinkedHashMap<String, Long>();
        occupancy.ifPresent(o -> o.pools().forEach((d, h) -> held.put(d.toString(), h.held())));
        return held;
    }

    /** TIME-WAIT and other sockets of each destination against the pool of ports that it is served from. */
    static Optional<Picture> pools(Host host) {
        Optional<Occupancy> occupancy = occupancy(host).filter(o -> !o.pools().isEmpty());
        if (occupancy.isEmpty()) {
            return Optional.empty();
        }
        List<Map.Entry<Destination, Occupancy.Held>> deepest = occupancy.get().pools().entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<Destination, Occupancy.Held> e) ->
                        -e.getValue().held()))
                .limit(DRAWN)
                .toList();
        var names = new ArrayList<String>();
        var waiting = new ArrayList<Double>();
        var held = new ArrayList<Double>();
        double supply = Double.NaN;
        for (Map.Entry<Destination, Occupancy.Held> e : deepest) {
            names.add(e.getKey().toString());
            waiting.add((double) e.getValue().waiting());
            held.add((double) e.getValue().held());
            supply = Double.isNaN(supply) ? supply(host, e.getKey()) : supply;
        }
        var layers = new ArrayList<Picture.Layer>();
        layers.add(new Bars("in TIME-WAIT", names, waiting));
        layers.add(new Bars("held in all", names, held));
        if (Double.isFinite(supply)) {
            layers.add(new Picture.Mark("ports of a pool", supply));
        }
        int more = occupancy.get().pools().size() - deepest.size();
        return Optional.of(new Picture(
                "Ports held for each destination, against its pool",
                new Axis("ports", Unit.COUNT),
                new Axis("destination", Unit.COUNT),
                Optional.empty(),
                layers,
                more == 0 ? List.of() : List.of(Terminal.grouped(more) + " destinations more hold fewer")));
    }

    private static double supply(Host host, Destination to) {
        return Budget.of(Catalogue.law("ports"), host.facts(), to.toString()).finding().supply().stream()
                .mapToDouble(Formula::value)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** The flight recorder: connections that this host closed in each of the last 60 seconds, for the busiest destinations. */
    static Optional<Picture> lastMinute(Host host) {
        var pools = new TreeMap<Long, List<String>>(Comparator.reverseOrder());
        var seconds = new LinkedHashMap<String, NavigableMap<Long, Long>>();
        Set<Destination> destinations = destinationsClosed(host);
        Map<Destination, NavigableMap<Long, Long>> closed = Recorder.seconds(host.facts(), destinations);
        destinations.forEach(destination -> {
            NavigableMap<Long, Long> closes = closed.getOrDefault(destination, new TreeMap<>());
            String scope = destination.toString();
            if (!closes.isEmpty()) {
                seconds.put(scope, closes);
                pools.computeIfAbsent(
                                closes.values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum(),
                                n -> new ArrayList<>())
                        .add(scope);
            }
        });
        if (seconds.isEmpty()) {
            return Optional.empty();
        }
        List<String> busiest =
                pools.values().stream().flatMap(List::stream).limit(3).toList();
        List<Double> xs = new ArrayList<>();
        long back = seconds.values().stream().mapToLong(NavigableMap::lastKey).reduce(MINUTE, Math::max);
        for (long second = back; second >= 0; second--) {
            xs.add((double) -second);
        }
        var layers = new ArrayList<Picture.Layer>();
        for (String scope : busiest) {
            var ys = new ArrayList<Double>();
            NavigableMap<Long, Long> closes = seconds.getOrDefault(scope, new TreeMap<>());
            for (long second = back; second >= 0; second--) {
                ys.add((double) closes.getOrDefault(second, 0L));
            }
            layers.add(new Picture.Line(scope, xs, ys, false));
        }
        int more = seconds.size() - busiest.size();
        var notes = new ArrayList<String>();
        notes.add(
                "from the timers of sockets in TIME-WAIT, which lasts 60 s: a port that was taken again has lost its close");
        if (back > MINUTE) {
            notes.add(
                    "what is longer ago from tracked connections, which stay in TIME_WAIT for 120 s unless that was set");
        }
        if (more > 0) {
            notes.add(Terminal.grouped(more) + (more == 1 ? " destination" : " destinations") + " more closed fewer");
        }
        return Optional.of(new Picture(
                (back > MINUTE ? "The last two minutes" : "The last minute")
                        + ": connections closed by this host, each second",
                new Axis("before the capture", Unit.SPAN),
                new Axis("closed", Unit.RATE),
                Optional.empty(),
                layers,
                notes));
    }

    private static Set<Destination> destinationsClosed(Host host) {
        return host.capture()
                .table("closes")
                .map(rows -> {
                    Rows by = rows.count("local_address", "peer_address", "peer_port");
                    var destinations = new LinkedHashSet<Destination>();
                    // a destination has at most 61 rows: those with the most seconds first
                    for (int row = 0; row < Math.min(by.size(), 50); row++) {
                        destinations.add(new Destination(
                                by.cell("local_address", row),
                                by.cell("peer_address", row),
                                Long.parseLong(by.cell("peer_port", row))));
                    }
                    return destinations;
                })
                .orElseGet(LinkedHashSet::new);
    }

    /** True where a budget is one of ports with a rate, so that it has a shape over time. */
    static boolean shaped(Budget ports) {
        return ports.verdict().state() != Verdict.State.UNKNOWN
                && ports.finding().inputs().stream().anyMatch(i -> i.name().equals("rate"))
                && !Quantity.count(0)
                        .equals(ports.finding()
                                .supply()
                                .map(s -> s.in(Unit.COUNT))
                                .orElse(Quantity.count(0)));
    }
}
