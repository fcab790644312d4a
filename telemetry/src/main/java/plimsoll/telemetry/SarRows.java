package plimsoll.telemetry;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Table {@code sar}, one row per value: {@code date} and {@code time} as printed, {@code activity} by the names of {@code sadf -j},
 * {@code item} (a device, an interface, a CPU), {@code name} and {@code value}; {@code average} is 1 for a mean over the whole report.
 * Mutable; for one thread.
 */
final class SarRows {
    /** Columns that say which thing a row is about. */
    static final Set<String> ITEMS = Set.of(
            "CPU",
            "DEV",
            "IFACE",
            "TTY",
            "INTR",
            "FILESYSTEM",
            "MOUNTPOINT",
            "BUS",
            "FAN",
            "TEMP",
            "IN",
            "FCHOST",
            "BAT",
            "NODE");

    // the first value of a report tells its activity
    private static final Map<String, String> ACTIVITIES = Map.ofEntries(
            Map.entry("%user", "cpu-load"),
            Map.entry("%usr", "cpu-load"),
            Map.entry("proc/s", "process-and-context-switch"),
            Map.entry("cswch/s", "process-and-context-switch"),
            Map.entry("intr/s", "interrupts"),
            Map.entry("pswpin/s", "swap-pages"),
            Map.entry("pgpgin/s", "paging"),
            Map.entry("kbmemfree", "memory"),
            Map.entry("kbswpfree", "memory"),
            Map.entry("frmpg/s", "memory"),
            Map.entry("kbhugfree", "hugepages"),
            Map.entry("dentunusd", "kernel"),
            Map.entry("runq-sz", "queue"),
            Map.entry("rcvin/s", "serial"),
            Map.entry("rxpck/s", "net-dev"),
            Map.entry("rxerr/s", "net-edev"),
            Map.entry("call/s", "net-nfs"),
            Map.entry("scall/s", "net-nfsd"),
            Map.entry("totsck", "net-sock"),
            Map.entry("tcp6sck", "net-sock6"),
            Map.entry("irec/s", "net-ip"),
            Map.entry("ihdrerr/s", "net-eip"),
            Map.entry("irec6/s", "net-ip6"),
            Map.entry("ihdrer6/s", "net-eip6"),
            Map.entry("imsg/s", "net-icmp"),
            Map.entry("ierr/s", "net-eicmp"),
            Map.entry("imsg6/s", "net-icmp6"),
            Map.entry("ierr6/s", "net-eicmp6"),
            Map.entry("active/s", "net-tcp"),
            Map.entry("atmptf/s", "net-etcp"),
            Map.entry("idgm/s", "net-udp"),
            Map.entry("idgm6/s", "net-udp6"),
            Map.entry("total/s", "softnet"),
            Map.entry("MHz", "cpu-frequency"),
            Map.entry("wghMHz", "cpu-weighted-frequency"),
            Map.entry("MBfsfree", "filesystems"),
            Map.entry("%scpu-10", "psi-cpu"),
            Map.entry("%sio-10", "psi-io"),
            Map.entry("%smem-10", "psi-mem"));

    private static final Pattern DATE = Pattern.compile("(\\d\\d)[/.-](\\d\\d)[/.-](\\d{4}|\\d\\d)");

    private final Rows.Builder rows = new Rows.Builder("sar")
            .column("date", Rows.Type.TEXT)
            .column("time", Rows.Type.TEXT)
            .column("activity", Rows.Type.TEXT)
            .column("item", Rows.Type.TEXT)
            .column("name", Rows.Type.TEXT)
            .column("value", Rows.Type.REAL)
            .column("average", Rows.Type.NUMBER);
    private final Set<String> parts = new TreeSet<>();

    /** The activity of a report: its items, empty for none, and its first value. */
    static String activity(String item, String first) {
        return switch (item) {
            case "INTR" -> "interrupts";
            case "DEV" -> "disk";
            default -> first.equals("tps") ? "io" : ACTIVITIES.getOrDefault(first, first);
        };
    }

    /** True for the first value of a report, which tells its activity. */
    static boolean tells(String name) {
        return name.equals("tps") || ACTIVITIES.containsKey(name);
    }

    /** One value. An empty date, time or item is missing. */
    void add(
            Optional<String> date,
            String time,
            String activity,
            String item,
            String name,
            double value,
            boolean average) {
        parts.add(day(date.orElse("")) + " " + activity);
        date.ifPresent(d -> rows.text("date", d));
        text("time", time);
        rows.text("activity", activity);
        text("item", item);
        rows.text("name", name)
                .real("value", value)
                .number("average", average ? 1 : 0)
                .end();
    }

    /**
     * The day in one spelling, so that two reports of it are known to be of the same day: the text tools write {@code 11/21/26} or as the
     * locale has it, sadf {@code 2026-11-21}. Of two numbers that may both be the month it is the first, as in the C locale.
     */
    private static String day(String date) {
        Matcher m = DATE.matcher(date);
        if (!m.matches()) {
            return date;
        }
        boolean dayFirst = date.indexOf('.') > 0 || Integer.parseInt(m.group(1)) > 12;
        String year = m.group(3).length() == 2 ? "20" + m.group(3) : m.group(3);
        return year + "-" + (dayFirst ? m.group(2) + "-" + m.group(1) : m.group(1) + "-" + m.group(2));
    }

    private void text(String column, String value) {
        if (!value.isEmpty()) {
            rows.text(column, value);
        }
    }

    /** The rows, complete for the activities of each day that they have. */
    Rows close(Parsed.Account account) {
        parts.forEach(account::covers);
        return rows.rows();
    }
}
