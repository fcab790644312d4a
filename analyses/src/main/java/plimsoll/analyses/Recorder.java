package plimsoll.analyses;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Quantity;
import plimsoll.telemetry.Rows;

/** The last minutes of one destination, from the table {@code closes}: how evenly its connections were closed. */
final class Recorder {
    private static final int BIN = 5;

    private Recorder() {}

    /** The finding with the peak rate, and how long ago the first and the last close were; as it is where no timers were read. */
    static Finding figures(Finding found, Facts facts, String scope) {
        NavigableMap<Long, Long> seconds = seconds(facts, scope);
        if (seconds.isEmpty()) {
            return found;
        }
        var bins = new TreeMap<Long, Long>();
        seconds.forEach((second, closes) -> bins.merge(second / BIN, closes, Long::sum));
        long most = bins.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return found.figure("peak rate over 5 s", Quantity.perSecond((double) most / BIN))
                .figure("first close, before the capture", Quantity.seconds(seconds.lastKey()))
                .figure("last close, before the capture", Quantity.seconds(seconds.firstKey()));
    }

    /** How many connections were closed in each second before the capture; empty where no timers were read. */
    static NavigableMap<Long, Long> seconds(Facts facts, String scope) {
        return Destination.parse(scope)
                .map(to -> seconds(facts, Set.of(to)).getOrDefault(to, new TreeMap<>()))
                .orElseGet(TreeMap::new);
    }

    /** The same of several destinations, in one pass over what may be a million rows; without those that closed none. */
    static Map<Destination, NavigableMap<Long, Long>> seconds(Facts facts, Set<Destination> of) {
        var seconds = new HashMap<Destination, NavigableMap<Long, Long>>();
        Optional<Rows> closes = facts.table("closes", Rows.class);
        if (closes.isEmpty()) {
            return seconds;
        }
        Rows rows = closes.get();
        Set<Long> ports = of.stream().map(Destination::port).collect(Collectors.toSet());
        for (int row = 0; row < rows.size(); row++) {
            long port = rows.number("peer_port", row).orElse(-1);
            if (!ports.contains(port)) {
                continue;
            }
            var here = new Destination(
                    rows.text("local_address", row).orElse(""),
                    rows.text("peer_address", row).orElse(""),
                    port);
            if (of.contains(here)) {
                seconds.computeIfAbsent(here, to -> new TreeMap<>())
                        .merge(
                                rows.number("second", row).orElseThrow(),
                                rows.number("closes", row).orElseThrow(),
                                Long::sum);
            }
        }
        return seconds;
    }
}
