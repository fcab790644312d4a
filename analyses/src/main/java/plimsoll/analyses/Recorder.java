package plimsoll.analyses;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
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
        var seconds = new TreeMap<Long, Long>();
        Optional<Destination> to = Destination.parse(scope);
        Optional<Rows> closes = facts.table("closes", Rows.class);
        if (to.isEmpty() || closes.isEmpty()) {
            return seconds;
        }
        Rows rows = closes.get();
        for (int row = 0; row < rows.size(); row++) {
            var here = new Destination(
                    rows.text("local_address", row).orElse(""),
                    rows.text("peer_address", row).orElse(""),
                    rows.number("peer_port", row).orElse(-1));
            if (here.equals(to.get())) {
                seconds.merge(
                        rows.number("second", row).orElseThrow(),
                        rows.number("closes", row).orElseThrow(),
                        Long::sum);
            }
        }
        return seconds;
    }
}
