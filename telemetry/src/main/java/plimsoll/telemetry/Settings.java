package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * The schema of host settings: what each is a number of, what it holds for, how it is read and set, its documented default, and which
 * values are right. Defaults explain and sanity-check; they never replace a value that was read.
 */
public final class Settings {
    static final String HZ = "HZ";
    static final String PORT_RANGE = "net.ipv4.ip_local_port_range";
    static final String RESERVED_PORTS = "net.ipv4.ip_local_reserved_ports";

    private static final String IP_SYSCTL = "Documentation/networking/ip-sysctl.rst";
    private static final String VM = "Documentation/admin-guide/sysctl/vm.rst";
    private static final String CONNTRACK = "Documentation/networking/nf_conntrack-sysctl.rst";
    private static final long INT = Integer.MAX_VALUE;

    private static final Map<String, Setting> ALL = table();

    private Settings() {}

    private static Map<String, Setting> table() {
        var all = new ArrayList<Setting>();

        all.add(row(
                PORT_RANGE,
                Unit.COUNT,
                Setting.Scope.NAMESPACE,
                "ports",
                1,
                2,
                0,
                65535,
                "two ports, the low one first, as '1024 65535'",
                "32768 60999",
                "net/ipv4/af_inet.c, inet_init_net; " + IP_SYSCTL));
        all.add(row(
                RESERVED_PORTS,
                Unit.COUNT,
                Setting.Scope.NAMESPACE,
                "ports",
                1,
                1,
                0,
                65535,
                "ports and ranges with commas between, as '8080,9000-9100', or nothing",
                "",
                IP_SYSCTL));
        all.add(row(
                "net.ipv4.ip_unprivileged_port_start",
                Unit.COUNT,
                Setting.Scope.NAMESPACE,
                "port",
                1,
                1,
                0,
                65535,
                "a port, as '1024'",
                "1024",
                IP_SYSCTL));
        all.add(count(
                "net.ipv4.tcp_tw_reuse",
                Setting.Scope.NAMESPACE,
                0,
                2,
                "0 (never), 1 (always) or 2 (loopback only, since 4.18)",
                "2",
                IP_SYSCTL + "; 2 is the default since 4.18"));
        all.add(span(
                "net.ipv4.tcp_tw_reuse_delay",
                Setting.Scope.NAMESPACE,
                "milliseconds",
                1e-3,
                1,
                60_000,
                "milliseconds from 1 to 60000, as '1000'",
                "1000",
                IP_SYSCTL + ", since 6.14"));
        all.add(count(
                "net.ipv4.tcp_timestamps",
                Setting.Scope.NAMESPACE,
                0,
                2,
                "0 (off), 1 (with random offset) or 2 (without)",
                "1",
                IP_SYSCTL));
        all.add(span(
                "net.ipv4.tcp_fin_timeout",
                Setting.Scope.NAMESPACE,
                "seconds",
                1,
                0,
                INT,
                "seconds, as '60'",
                "60",
                IP_SYSCTL));
        all.add(count(
                "net.ipv4.tcp_max_tw_buckets",
                Setting.Scope.NAMESPACE,
                0,
                INT,
                "a count, as '131072'",
                null,
                "half the buckets of the TCP hash table: net/ipv4/tcp_ipv4.c, tcp_set_hashinfo"));
        all.add(count(
                "net.ipv4.tcp_max_orphans",
                Setting.Scope.HOST,
                0,
                INT,
                "a count, as '131072'",
                null,
                "half the buckets of the TCP hash table: net/ipv4/tcp.c, tcp_init"));
        all.add(count(
                "net.ipv4.tcp_max_syn_backlog",
                Setting.Scope.NAMESPACE,
                0,
                INT,
                "a count, as '4096'",
                null,
                "max(128, buckets of the TCP hash table / 128): net/ipv4/tcp_ipv4.c, tcp_set_hashinfo"));
        all.add(count(
                "net.ipv4.tcp_syncookies",
                Setting.Scope.NAMESPACE,
                0,
                2,
                "0 (never), 1 (when the queue is full) or 2 (always)",
                "1",
                IP_SYSCTL));
        all.add(count(
                "net.ipv4.tcp_synack_retries",
                Setting.Scope.NAMESPACE,
                0,
                255,
                "a count up to 255, as '5'",
                "5",
                IP_SYSCTL));
        all.add(count(
                "net.ipv4.tcp_syn_retries",
                Setting.Scope.NAMESPACE,
                1,
                127,
                "a count from 1 to 127, as '6'",
                "6",
                IP_SYSCTL));
        all.add(count("net.ipv4.tcp_abort_on_overflow", Setting.Scope.NAMESPACE, 0, 1, "0 or 1", "0", IP_SYSCTL));
        all.add(count("net.ipv4.tcp_rfc1337", Setting.Scope.NAMESPACE, 0, 1, "0 or 1", "0", IP_SYSCTL));
        all.add(count("net.ipv4.tcp_window_scaling", Setting.Scope.NAMESPACE, 0, 1, "0 or 1", "1", IP_SYSCTL));
        all.add(span(
                "net.ipv4.tcp_keepalive_time",
                Setting.Scope.NAMESPACE,
                "seconds",
                1,
                1,
                32767,
                "seconds from 1 to 32767, as '7200'",
                "7200",
                IP_SYSCTL));
        all.add(count(
                "net.core.somaxconn",
                Setting.Scope.NAMESPACE,
                0,
                INT,
                "a count, as '4096'",
                "4096",
                IP_SYSCTL + "; 128 before 5.4"));
        all.add(count(
                "net.core.netdev_max_backlog",
                Setting.Scope.HOST,
                0,
                INT,
                "a count, as '1000'",
                "1000",
                "Documentation/admin-guide/sysctl/net.rst"));
        for (String way : List.of("rmem", "wmem")) {
            all.add(row(
                    "net.ipv4.tcp_" + way,
                    Unit.BYTES,
                    Setting.Scope.NAMESPACE,
                    "bytes",
                    1,
                    3,
                    1,
                    INT,
                    "three sizes in bytes, least, default and most, as '4096 131072 6291456'",
                    null,
                    "from memory: net/ipv4/tcp.c, tcp_init"));
            all.add(row(
                    "net.core." + way + "_max",
                    Unit.BYTES,
                    Setting.Scope.HOST,
                    "bytes",
                    1,
                    1,
                    1,
                    INT,
                    "bytes, as '212992'",
                    null,
                    "Documentation/admin-guide/sysctl/net.rst"));
        }
        all.add(row(
                "net.ipv4.tcp_mem",
                Unit.COUNT,
                Setting.Scope.HOST,
                "pages",
                1,
                3,
                0,
                Long.MAX_VALUE,
                "three counts of pages, low, pressure and most, as '188000 250000 376000'",
                null,
                "from memory: net/ipv4/tcp.c, tcp_init_mem"));

        all.add(count(
                "net.netfilter.nf_conntrack_max",
                Setting.Scope.HOST,
                0,
                INT,
                "a count, as '262144'",
                null,
                "the buckets since 5.15, four times the buckets before: " + CONNTRACK));
        all.add(count(
                "net.netfilter.nf_conntrack_buckets",
                Setting.Scope.HOST,
                1,
                INT,
                "a count, as '65536'",
                null,
                "from memory: " + CONNTRACK));
        all.add(count(
                "module:nf_conntrack.hashsize",
                Setting.Scope.HOST,
                1,
                INT,
                "a count, as '65536'",
                null,
                "from memory: " + CONNTRACK));
        var timeouts = new LinkedHashMap<String, String>();
        timeouts.put("tcp_timeout_syn_sent", "120");
        timeouts.put("tcp_timeout_syn_recv", "60");
        timeouts.put("tcp_timeout_established", "432000");
        timeouts.put("tcp_timeout_fin_wait", "120");
        timeouts.put("tcp_timeout_close_wait", "60");
        timeouts.put("tcp_timeout_last_ack", "30");
        timeouts.put("tcp_timeout_time_wait", "120");
        timeouts.put("tcp_timeout_close", "10");
        timeouts.put("tcp_timeout_max_retrans", "300");
        timeouts.put("tcp_timeout_unacknowledged", "300");
        timeouts.put("udp_timeout", "30");
        timeouts.put("udp_timeout_stream", "120");
        timeouts.put("icmp_timeout", "30");
        timeouts.put("generic_timeout", "600");
        timeouts.forEach((state, seconds) -> all.add(span(
                "net.netfilter.nf_conntrack_" + state,
                Setting.Scope.NAMESPACE,
                "seconds",
                1,
                0,
                INT,
                "seconds, as '" + seconds + "'",
                seconds,
                CONNTRACK)));

        for (String which : List.of("", "background_")) {
            all.add(row(
                    "vm.dirty_" + which + "ratio",
                    Unit.SHARE,
                    Setting.Scope.HOST,
                    "percent",
                    0.01,
                    1,
                    0,
                    100,
                    "a percentage from 0 to 100, as '20'",
                    which.isEmpty() ? "20" : "10",
                    VM));
            all.add(row(
                    "vm.dirty_" + which + "bytes",
                    Unit.BYTES,
                    Setting.Scope.HOST,
                    "bytes",
                    1,
                    1,
                    0,
                    1L << 53,
                    "bytes, as '268435456', or 0 for the ratio",
                    "0",
                    VM));
        }
        all.add(span(
                "vm.dirty_expire_centisecs",
                Setting.Scope.HOST,
                "centiseconds",
                1e-2,
                0,
                INT,
                "hundredths of a second, as '3000'",
                "3000",
                VM));
        all.add(span(
                "vm.dirty_writeback_centisecs",
                Setting.Scope.HOST,
                "centiseconds",
                1e-2,
                0,
                INT,
                "hundredths of a second, as '500'",
                "500",
                VM));
        all.add(count("vm.swappiness", Setting.Scope.HOST, 0, 200, "a weight from 0 to 200, as '60'", "60", VM));
        all.add(count("vm.overcommit_memory", Setting.Scope.HOST, 0, 2, "0, 1 or 2", "0", VM));
        all.add(row(
                "vm.min_free_kbytes",
                Unit.BYTES,
                Setting.Scope.HOST,
                "KiB",
                1024,
                1,
                0,
                INT,
                "KiB, as '67584'",
                null,
                "from memory: " + VM));
        all.add(count(
                "fs.file-max",
                Setting.Scope.HOST,
                0,
                Long.MAX_VALUE,
                "a count, as '1048576'",
                null,
                "Documentation/admin-guide/sysctl/fs.rst"));
        all.add(count(
                "fs.nr_open",
                Setting.Scope.HOST,
                0,
                INT,
                "a count, as '1048576'",
                "1048576",
                "Documentation/admin-guide/sysctl/fs.rst"));
        all.add(count(
                "kernel.pid_max",
                Setting.Scope.HOST,
                1,
                1 << 22,
                "a count, as '4194304'",
                null,
                "Documentation/admin-guide/sysctl/kernel.rst"));
        all.add(row(
                HZ,
                Unit.RATE,
                Setting.Scope.HOST,
                "ticks per second",
                1,
                1,
                12,
                10_000,
                "ticks per second, as '250'",
                null,
                "kernel/Kconfig.hz; distributions build 100, 250, 300 or 1000"));

        var byName = new LinkedHashMap<String, Setting>();
        all.forEach(s -> byName.put(s.name(), s));
        return byName;
    }

    private static Setting count(
            String name,
            Setting.Scope scope,
            long low,
            long high,
            String spelling,
            @Nullable String byDefault,
            String where) {
        return row(name, Unit.COUNT, scope, "count", 1, 1, low, high, spelling, byDefault, where);
    }

    private static Setting span(
            String name,
            Setting.Scope scope,
            String nativeUnit,
            double factor,
            long low,
            long high,
            String spelling,
            String byDefault,
            String where) {
        return row(name, Unit.SPAN, scope, nativeUnit, factor, 1, low, high, spelling, byDefault, where);
    }

    private static Setting row(
            String name,
            Unit unit,
            Setting.Scope scope,
            String nativeUnit,
            double factor,
            int values,
            long low,
            long high,
            String spelling,
            @Nullable String byDefault,
            String where) {
        return new Setting(
                name,
                unit,
                scope,
                nativeUnit,
                factor,
                values,
                low,
                high,
                spelling,
                Optional.ofNullable(byDefault),
                where);
    }

    /** Every setting. */
    public static List<Setting> all() {
        return List.copyOf(ALL.values());
    }

    /** The setting of that name; {@code net/ipv4/tcp_tw_reuse} and {@code /proc/sys/net/ipv4/tcp_tw_reuse} are understood as well. */
    public static Optional<Setting> find(String name) {
        String plain = name.strip().replaceFirst("^/proc/sys/", "");
        return Optional.ofNullable(ALL.get(plain)).or(() -> Optional.ofNullable(ALL.get(plain.replace('/', '.'))));
    }

    /**
     * The setting of that name, after a look at whether {@code text} is a right value for it.
     *
     * @throws IllegalArgumentException when there is no such setting (the message names the nearest), or when the value is not right
     *     (the message says what would be)
     */
    public static Setting check(String name, String text) {
        Setting setting = find(name).orElseThrow(() -> unknown(name));
        if (setting.name().equals(RESERVED_PORTS)) {
            reserved(text);
        } else {
            setting.numbers(text);
        }
        return setting;
    }

    /**
     * A reading of a setting of one number, in the base of its unit: {@code vm.dirty_expire_centisecs} 3000 is 30 s.
     *
     * @throws IllegalArgumentException when the name is no setting, the value is not right, or the setting has several numbers
     */
    public static Quantity quantity(Fact fact) {
        List<Quantity> all = quantities(fact);
        if (all.size() != 1) {
            throw new IllegalArgumentException(
                    fact.name() + " has " + all.size() + " numbers, '" + fact.text() + "', where one was asked for");
        }
        return all.get(0);
    }

    /**
     * A reading of a setting in the base of its unit, number by number: {@code 32768 60999} is two.
     *
     * @throws IllegalArgumentException when the name is no setting of numbers, or the value is not right
     */
    public static List<Quantity> quantities(Fact fact) {
        Setting setting = find(fact.name()).orElseThrow(() -> unknown(fact.name()));
        if (setting.name().equals(RESERVED_PORTS)) {
            throw new IllegalArgumentException(fact.name() + " is a list of ports, not a number");
        }
        return setting.numbers(fact.text()).stream()
                .map(n -> Quantity.of(base(n, setting.factor()), setting.unit()))
                .toList();
    }

    /** A hundredth is divided by 100, which is exact to the last digit where multiplying by 0.01 is not. */
    private static double base(long n, double factor) {
        return factor < 1 ? n / Math.rint(1 / factor) : n * factor;
    }

    /**
     * The ports of a {@code net.ipv4.ip_local_reserved_ports} value as inclusive ranges in its own order: {@code 8080,9000-9100}.
     *
     * @throws IllegalArgumentException when it is not a list of ports and ranges
     */
    public static List<int[]> reserved(String text) {
        var ranges = new ArrayList<int[]>();
        Setting setting = ALL.get(RESERVED_PORTS);
        for (String part : text.isBlank() ? new String[0] : text.strip().split(",", -1)) {
            if (!part.strip().matches("\\d{1,5}(-\\d{1,5})?")) {
                throw wrong(setting, text, "");
            }
            String[] ends = part.strip().split("-", -1);
            int low = Integer.parseInt(ends[0]);
            int high = Integer.parseInt(ends[ends.length - 1]);
            if (low > high || high > 65535) {
                throw wrong(setting, text, ": " + part.strip() + " is no range of ports");
            }
            ranges.add(new int[] {low, high});
        }
        return ranges;
    }

    private static IllegalArgumentException wrong(@Nullable Setting setting, String text, String why) {
        return Objects.requireNonNull(setting).wrong(text, why);
    }

    private static IllegalArgumentException unknown(String name) {
        String asked = name.strip().replace('/', '.');
        List<String> near = ALL.keySet().stream()
                .sorted(Comparator.comparingInt((String known) -> distance(asked, known)))
                .filter(known -> distance(asked, known) <= Math.max(2, asked.length() / 3))
                .limit(3)
                .toList();
        return new IllegalArgumentException("'" + name.strip() + "' is not a setting that is known; "
                + (near.isEmpty()
                        ? "settings are spelled as sysctl spells them, like net.ipv4.tcp_tw_reuse"
                        : "the nearest: " + String.join(", ", near)));
    }

    /** Edits between two names; a name without its folders is compared with the last part of the other. */
    private static int distance(String asked, String known) {
        String a = asked.toLowerCase(Locale.ROOT);
        String b = known.toLowerCase(Locale.ROOT);
        int whole = edits(a, b);
        return a.contains(".") ? whole : Math.min(whole, edits(a, b.substring(b.lastIndexOf('.') + 1)));
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
