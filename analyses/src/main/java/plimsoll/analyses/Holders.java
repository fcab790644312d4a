package plimsoll.analyses;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Rows;

/**
 * The programs that hold the most sockets, from the process column of a listing: an immutable value. A socket that several processes share
 * counts for the first of them.
 */
final class Holders {
    /** The names of the columns of {@link #cells()}. */
    static final List<String> HEADS = List.of("PROGRAM", "PROCESSES", "SOCKETS", "STATES", "OPENED TO");

    private static final int MOST = 12;
    private static final int DESTINATIONS = 3;
    private static final String PROCESS = "process";
    private static final String COUNT = "count";

    /**
     * One program, whose processes are taken together: an immutable value.
     *
     * @param program its name as the kernel has it; empty for sockets of which the listing names none
     * @param processes how many processes of that name; 0 where the listing says no process ids
     * @param sockets how many sockets
     * @param states how many in each state, most first; sockets that are not TCP with their kind: {@code udp UNCONN}
     * @param destinations to whom it opened the most of them, most first, with how many; at most three
     */
    record Holder(
            String program, long processes, long sockets, Map<String, Long> states, Map<String, Long> destinations) {}

    private final List<Holder> holders;
    private final List<String> notes;
    private final String source;

    private Holders(List<Holder> holders, List<String> notes, String source) {
        this.holders = List.copyOf(holders);
        this.notes = List.copyOf(notes);
        this.source = source;
    }

    /** Those of a host; empty where no listing names a process. */
    static Optional<Holders> of(Host host) {
        Optional<Rows> sockets = host.capture().table("sockets").filter(s -> s.has(PROCESS));
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        Rows counted = sockets.get().count(PROCESS, "netid", "state");
        var states = new HashMap<String, Map<String, Long>>();
        for (int row = 0; row < counted.size(); row++) {
            states.computeIfAbsent(counted.cell(PROCESS, row), p -> new LinkedHashMap<>())
                    .merge(state(counted, row), count(counted, row), Long::sum);
        }
        Map<String, Long> nobody = states.remove("");
        if (states.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> processes = processes(sockets.get());
        List<Map.Entry<String, Map<String, Long>>> all = states.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Map<String, Long>> e) -> -sum(e.getValue()))
                        .thenComparing(Map.Entry::getKey))
                .toList();
        List<Map.Entry<String, Map<String, Long>>> most = all.subList(0, Math.min(MOST, all.size()));
        Map<String, Map<String, Long>> opened = opened(
                sockets.get(),
                Ports.range(host.facts()),
                most.stream().map(Map.Entry::getKey).toList());
        var holders = new ArrayList<Holder>();
        most.forEach(e -> holders.add(new Holder(
                e.getKey(),
                processes.getOrDefault(e.getKey(), 0L),
                sum(e.getValue()),
                e.getValue(),
                opened.getOrDefault(e.getKey(), Map.of()))));
        var notes = new ArrayList<String>();
        if (all.size() > MOST) {
            long rest =
                    all.stream().skip(MOST).mapToLong(e -> sum(e.getValue())).sum();
            notes.add(
                    Terminal.grouped(all.size() - MOST) + " programs more hold " + Terminal.grouped(rest) + " in all");
        }
        if (nobody != null) {
            holders.add(new Holder("", 0, sum(nobody), nobody, Map.of()));
            notes.add(
                    "(no program): sockets in TIME-WAIT have none any more; of others it is told to root and their owner only");
        }
        if (!Occupancy.whole(sockets.get())) {
            notes.add("the listing is not of all TCP sockets");
        }
        return Optional.of(new Holders(holders, notes, host.capture().origin("sockets")));
    }

    private static String state(Rows counted, int row) {
        String netid = counted.cell("netid", row);
        String state = counted.cell("state", row);
        String named = state.isEmpty() ? "no state" : state;
        return netid.isEmpty() || netid.startsWith("tcp") ? named : netid + " " + named;
    }

    private static long count(Rows counted, int row) {
        return counted.number(COUNT, row).orElse(0);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> processes(Rows sockets) {
        var processes = new HashMap<String, Long>();
        Rows counted = sockets.count(PROCESS, "pid");
        for (int row = 0; row < counted.size(); row++) {
            if (!counted.cell("pid", row).isEmpty()) {
                processes.merge(counted.cell(PROCESS, row), 1L, Long::sum);
            }
        }
        return processes;
    }

    /** The largest destinations of each program, of the sockets that this host opened. */
    private static Map<String, Map<String, Long>> opened(Rows sockets, long[] range, List<String> programs) {
        IntPredicate opened = Occupancy.opened(sockets, range);
        Rows counted = sockets.where(row -> sockets.text(PROCESS, row).isPresent() && opened.test(row))
                .count(PROCESS, "peer_address", "peer_port");
        var largest = new HashMap<String, Map<String, Long>>();
        programs.forEach(p -> largest.put(p, new LinkedHashMap<>()));
        for (int row = 0; row < counted.size(); row++) {
            Map<String, Long> of = largest.get(counted.cell(PROCESS, row));
            if (of != null && of.size() < DESTINATIONS) {
                of.put(
                        Destination.peer(counted.cell("peer_address", row), counted.cell("peer_port", row)),
                        count(counted, row));
            }
        }
        return largest;
    }

    /** The programs, most sockets first; last the sockets of which the listing names none. */
    List<Holder> list() {
        return holders;
    }

    /** What to know of it. */
    List<String> notes() {
        return notes;
    }

    /** The listing. */
    String source() {
        return source;
    }

    /** The programs as rows of a table under {@link #HEADS}. */
    List<List<String>> cells() {
        return holders.stream()
                .map(h -> List.of(
                        h.program().isEmpty() ? "(no program)" : h.program(),
                        h.processes() == 0 ? "" : Terminal.grouped(h.processes()),
                        Terminal.grouped(h.sockets()),
                        counts(h.states()),
                        counts(h.destinations())))
                .toList();
    }

    private static String counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(e -> e.getKey() + " " + Terminal.grouped(e.getValue()))
                .collect(Collectors.joining(", "));
    }
}
