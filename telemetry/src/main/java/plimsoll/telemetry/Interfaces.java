package plimsoll.telemetry;

import java.util.Map;

/**
 * The table {@code interfaces}, which {@code /proc/net/dev} and {@code ip -s link} fill: one row a network device, counters since it came
 * up under the names of the kernel's {@code rtnl_link_stats64} (include/uapi/linux/if_link.h).
 */
final class Interfaces {
    static final String INTERFACE = "interface";

    private static final Map<String, String> NAMES = Map.of(
            "errs", "errors", "drop", "dropped", "mcast", "multicast", "colls", "collisions", "collsns", "collisions");

    private Interfaces() {}

    static Rows.Builder builder() {
        Rows.Builder rows = new Rows.Builder("interfaces").column(INTERFACE, Rows.Type.TEXT);
        for (String direction : new String[] {"rx", "tx"}) {
            for (String counter : new String[] {"bytes", "packets", "errors", "dropped"}) {
                rows.column(direction + "_" + counter, Rows.Type.NUMBER);
            }
        }
        return rows;
    }

    /** The column of a counter that a source heads {@code name} below {@code direction}, {@code rx} or {@code tx}. */
    static String column(String direction, String name) {
        return direction + "_" + NAMES.getOrDefault(name, name);
    }
}
