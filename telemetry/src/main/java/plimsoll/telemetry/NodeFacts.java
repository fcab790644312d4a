package plimsoll.telemetry;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The metrics that node_exporter makes of files of {@code /proc} (collector/*.go), turned back into the facts that those files give.
 * A metric whose name cannot be traced back for certain gives none. Mutable; lives for one parse.
 */
final class NodeFacts {
    private static final Pattern NETSTAT = Pattern.compile("node_netstat_([A-Za-z]+6?)_(\\w+)");
    private static final Pattern SOCKSTAT = Pattern.compile("node_sockstat_([A-Za-z]+6?)_(\\w+)");
    private static final Pattern MEMORY = Pattern.compile("node_memory_(?!numa_)(\\w+?)(_bytes)?");
    private static final Pattern ANON_FILE = Pattern.compile("((?:Ina|A)ctive)_(anon|file)");
    private static final Pattern SYSCTL = Pattern.compile("node_sysctl_(\\w+)");

    /** Beyond this a double does not hold every whole number. */
    private static final double EXACT = 0x1p53;

    /** Every setting that is known by name, as node_exporter spells it. */
    private static final Map<String, String> SETTINGS = Settings.all().stream()
            .map(Setting::name)
            .collect(Collectors.toMap(n -> n.replaceAll("[^A-Za-z0-9]", "_"), n -> n, (one, other) -> one));

    private final Parsed.Account account;
    private final Map<String, TreeMap<Integer, String>> vectors = new TreeMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private @Nullable String allocated;
    private @Nullable String maximum;

    NodeFacts(Parsed.Account account) {
        this.account = account;
    }

    /** One metric, read on that line. */
    void sample(int line, String name, Map<String, String> labels, double value) {
        if (!name.startsWith("node_")) {
            return;
        }
        if (name.equals("node_uname_info")) {
            labels(line, labels, "uname:", List.of("nodename", "release", "machine"));
        } else if (name.equals("node_os_info")) {
            labels(line, labels, "os:", List.of("id", "version_id", "pretty_name"));
        } else if (name.equals("node_time_seconds") && value > 0 && value < 1e11) {
            account.fact(
                    line, "date", Instant.ofEpochMilli(Math.round(value * 1000)).toString());
        } else if (value >= 0 && value <= EXACT && value == Math.rint(value)) {
            whole(line, name, labels, new BigDecimal(value).toPlainString());
        }
    }

    private void labels(int line, Map<String, String> labels, String prefix, List<String> wanted) {
        boolean upper = prefix.equals("os:");
        for (String label : wanted) {
            String value = labels.getOrDefault(label, "");
            if (!value.isEmpty()) {
                account.fact(line, prefix + (upper ? label.toUpperCase(java.util.Locale.ROOT) : label), value);
            }
        }
    }

    private void whole(int line, String name, Map<String, String> labels, String value) {
        Matcher netstat = NETSTAT.matcher(name);
        Matcher sockstat = SOCKSTAT.matcher(name);
        Matcher memory = MEMORY.matcher(name);
        Matcher sysctl = SYSCTL.matcher(name);
        if (sysctl.matches()) {
            setting(line, sysctl.group(1), labels, value);
        } else if (!labels.isEmpty()) {
            return; // of one device, processor or file system
        } else if (netstat.matches()) {
            String group = netstat.group(1);
            account.fact(line, Counters.source(group) + group + "." + netstat.group(2), value);
        } else if (sockstat.matches() && !sockstat.group(2).endsWith("_bytes")) {
            String group = sockstat.group(1);
            account.fact(
                    line, (group.endsWith("6") ? "sockstat6:" : "sockstat:") + group + "." + sockstat.group(2), value);
        } else if (memory.matches()) {
            memory(line, memory.group(1), memory.group(2) != null, value);
        } else if (name.startsWith("node_vmstat_")) {
            account.fact(line, "vmstat:" + name.substring("node_vmstat_".length()), value);
        } else if (name.startsWith("node_nf_conntrack_stat_")) {
            account.fact(line, "conntrack:stat." + name.substring("node_nf_conntrack_stat_".length()), value);
        } else {
            single(line, name, value);
        }
    }

    private void single(int line, String name, String value) {
        switch (name) {
            case "node_nf_conntrack_entries" -> account.fact(line, "net.netfilter.nf_conntrack_count", value);
            case "node_nf_conntrack_entries_limit" -> account.fact(line, "net.netfilter.nf_conntrack_max", value);
            case "node_filefd_allocated" -> allocated = value;
            case "node_filefd_maximum" -> {
                maximum = value;
                account.fact(line, "fs.file-max", value);
            }
            default -> {}
        }
    }

    /** meminfo.go multiplies by 1024 and writes brackets as an underscore. */
    private void memory(int line, String name, boolean bytes, String value) {
        Matcher list = ANON_FILE.matcher(name);
        String own = list.matches() ? list.group(1) + "(" + list.group(2) + ")" : name;
        long number = Long.parseLong(value);
        if (!bytes) {
            account.fact(line, "meminfo:" + own, value);
        } else if (number % 1024 == 0) {
            account.fact(line, "meminfo:" + own, number / 1024 + " KiB");
        }
    }

    /** A setting of several numbers is one metric for each, told apart by the label index. */
    private void setting(int line, String spelled, Map<String, String> labels, String value) {
        String setting = SETTINGS.get(spelled);
        if (setting == null) {
            return;
        }
        String index = labels.get("index");
        if (labels.isEmpty()) {
            account.fact(line, setting, value);
        } else if (index != null && index.matches("\\d{1,3}")) {
            vectors.computeIfAbsent(setting, n -> new TreeMap<>()).put(Integer.parseInt(index), value);
            lines.put(setting, line);
        }
    }

    /** Says what takes more than one metric to say. */
    void close() {
        vectors.forEach((setting, values) -> {
            boolean whole = values.firstKey() == 0 && values.lastKey() == values.size() - 1;
            if (whole) {
                account.fact(lines.getOrDefault(setting, 0), setting, String.join(" ", values.values()));
            }
        });
        if (allocated != null && maximum != null) {
            account.derived(
                    "fs.file-nr",
                    allocated + " 0 " + maximum,
                    "node_filefd_allocated and node_filefd_maximum; between them stands 0 since Linux 2.6 (proc(5))");
        }
    }
}
