package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Nearest;
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

    /**
     * One row per setting: name, unit, scope, native unit, numbers, least..most, default ({@code -}: it depends on the host), what is
     * right, and where the default is documented. IP, CT and VM stand for pages of the kernel's documentation.
     */
    private static final String TABLE =
            """
            net.ipv4.ip_local_port_range | COUNT | NAMESPACE | ports | 2 | 0..65535 | 32768 60999 | two ports, the low one first, as '1024 65535' | net/ipv4/af_inet.c, inet_init_net; IP
            net.ipv4.ip_local_reserved_ports | COUNT | NAMESPACE | ports | 0 | 0..65535 | none | ports and ranges with commas between, as '8080,9000-9100', or nothing | IP
            net.ipv4.ip_unprivileged_port_start | COUNT | NAMESPACE | port | 1 | 0..65535 | 1024 | a port, as '1024' | IP
            net.ipv4.tcp_tw_reuse | COUNT | NAMESPACE | choice | 1 | 0..2 | 2 | 0 (never), 1 (always) or 2 (loopback only, since 4.18) | IP; 0 before 4.18
            net.ipv4.tcp_tw_reuse_delay | SPAN | NAMESPACE | milliseconds | 1 | 1..60000 | 1000 | milliseconds from 1 to 60000, as '1000' | IP, since 6.14; fixed at 1 s to 2 s before
            net.ipv4.tcp_timestamps | COUNT | NAMESPACE | choice | 1 | 0..2 | 1 | 0 (off), 1 (with a random offset) or 2 (without) | IP
            net.ipv4.tcp_fin_timeout | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 60 | seconds, as '60' | IP
            net.ipv4.tcp_max_tw_buckets | COUNT | NAMESPACE | count | 1 | 0..2147483647 | - | a count, as '131072' | half the buckets of the TCP hash table: net/ipv4/tcp_ipv4.c, tcp_set_hashinfo
            net.ipv4.tcp_max_orphans | COUNT | HOST | count | 1 | 0..2147483647 | - | a count, as '131072' | half the buckets of the TCP hash table: net/ipv4/tcp.c, tcp_init
            net.ipv4.tcp_max_syn_backlog | COUNT | NAMESPACE | count | 1 | 0..2147483647 | - | a count, as '4096' | max(128, buckets of the TCP hash table / 128): net/ipv4/tcp_ipv4.c, tcp_set_hashinfo
            net.ipv4.tcp_syncookies | COUNT | NAMESPACE | choice | 1 | 0..2 | 1 | 0 (never), 1 (when the queue is full) or 2 (always) | IP
            net.ipv4.tcp_synack_retries | COUNT | NAMESPACE | count | 1 | 0..255 | 5 | a count up to 255, as '5' | IP
            net.ipv4.tcp_syn_retries | COUNT | NAMESPACE | count | 1 | 1..127 | 6 | a count from 1 to 127, as '6' | IP
            net.ipv4.tcp_syn_linear_timeouts | COUNT | NAMESPACE | count | 1 | 0..127 | 4 | a count up to 127, as '4' | IP, since 6.5
            net.ipv4.tcp_orphan_retries | COUNT | NAMESPACE | count | 1 | 0..255 | 0 | a count up to 255, as '0', which means 8 | IP
            net.ipv4.tcp_abort_on_overflow | COUNT | NAMESPACE | choice | 1 | 0..1 | 0 | 0 or 1 | IP
            net.ipv4.tcp_rfc1337 | COUNT | NAMESPACE | choice | 1 | 0..1 | 0 | 0 or 1 | IP
            net.ipv4.tcp_window_scaling | COUNT | NAMESPACE | choice | 1 | 0..1 | 1 | 0 or 1 | IP
            net.ipv4.tcp_adv_win_scale | COUNT | NAMESPACE | shift | 1 | -31..31 | 1 | a shift from -31 to 31, as '1' | IP; without effect since 6.6
            net.ipv4.tcp_keepalive_time | SPAN | NAMESPACE | seconds | 1 | 1..32767 | 7200 | seconds from 1 to 32767, as '7200' | IP
            net.ipv4.tcp_rmem | BYTES | NAMESPACE | bytes | 3 | 1..2147483647 | - | three sizes in bytes, least, default and most, as '4096 131072 6291456' | from memory: net/ipv4/tcp.c, tcp_init
            net.ipv4.tcp_wmem | BYTES | NAMESPACE | bytes | 3 | 1..2147483647 | - | three sizes in bytes, least, default and most, as '4096 16384 4194304' | from memory: net/ipv4/tcp.c, tcp_init
            net.ipv4.tcp_mem | COUNT | HOST | pages | 3 | 0..9223372036854775807 | - | three counts of pages, low, pressure and most, as '188000 250000 376000' | from memory: net/ipv4/tcp.c, tcp_init_mem
            net.core.somaxconn | COUNT | NAMESPACE | count | 1 | 0..2147483647 | 4096 | a count, as '4096' | IP; 128 before 5.4
            net.core.netdev_max_backlog | COUNT | HOST | packets | 1 | 0..2147483647 | 1000 | a count, as '1000' | Documentation/admin-guide/sysctl/net.rst
            net.core.rmem_max | BYTES | HOST | bytes | 1 | 1..2147483647 | - | bytes, as '212992' | Documentation/admin-guide/sysctl/net.rst
            net.core.wmem_max | BYTES | HOST | bytes | 1 | 1..2147483647 | - | bytes, as '212992' | Documentation/admin-guide/sysctl/net.rst
            net.core.rmem_default | BYTES | NAMESPACE | bytes | 1 | 1..2147483647 | - | bytes, as '212992' | Documentation/admin-guide/sysctl/net.rst
            net.core.wmem_default | BYTES | NAMESPACE | bytes | 1 | 1..2147483647 | - | bytes, as '212992' | Documentation/admin-guide/sysctl/net.rst
            net.netfilter.nf_conntrack_max | COUNT | HOST | entries | 1 | 0..2147483647 | - | a count, as '262144' | the buckets since 5.15, four times the buckets before: CT
            net.netfilter.nf_conntrack_buckets | COUNT | HOST | buckets | 1 | 1..2147483647 | - | a count, as '65536' | from memory: CT
            module:nf_conntrack.hashsize | COUNT | HOST | buckets | 1 | 1..2147483647 | - | a count, as '65536' | from memory: CT
            net.netfilter.nf_conntrack_tcp_timeout_syn_sent | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 120 | seconds, as '120' | CT
            net.netfilter.nf_conntrack_tcp_timeout_syn_recv | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 60 | seconds, as '60' | CT
            net.netfilter.nf_conntrack_tcp_timeout_established | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 432000 | seconds, as '432000' | CT
            net.netfilter.nf_conntrack_tcp_timeout_fin_wait | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 120 | seconds, as '120' | CT
            net.netfilter.nf_conntrack_tcp_timeout_close_wait | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 60 | seconds, as '60' | CT
            net.netfilter.nf_conntrack_tcp_timeout_last_ack | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 30 | seconds, as '30' | CT
            net.netfilter.nf_conntrack_tcp_timeout_time_wait | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 120 | seconds, as '120' | CT
            net.netfilter.nf_conntrack_tcp_timeout_close | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 10 | seconds, as '10' | CT
            net.netfilter.nf_conntrack_tcp_timeout_max_retrans | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 300 | seconds, as '300' | CT
            net.netfilter.nf_conntrack_tcp_timeout_unacknowledged | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 300 | seconds, as '300' | CT
            net.netfilter.nf_conntrack_udp_timeout | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 30 | seconds, as '30' | CT
            net.netfilter.nf_conntrack_udp_timeout_stream | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 120 | seconds, as '120' | CT
            net.netfilter.nf_conntrack_icmp_timeout | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 30 | seconds, as '30' | CT
            net.netfilter.nf_conntrack_generic_timeout | SPAN | NAMESPACE | seconds | 1 | 0..2147483647 | 600 | seconds, as '600' | CT
            vm.dirty_ratio | SHARE | HOST | percent | 1 | 0..100 | 20 | a percentage from 0 to 100, as '20' | VM
            vm.dirty_background_ratio | SHARE | HOST | percent | 1 | 0..100 | 10 | a percentage from 0 to 100, as '10' | VM
            vm.dirty_bytes | BYTES | HOST | bytes | 1 | 0..9007199254740992 | 0 | bytes, as '268435456', or 0 where the ratio counts | VM
            vm.dirty_background_bytes | BYTES | HOST | bytes | 1 | 0..9007199254740992 | 0 | bytes, as '134217728', or 0 where the ratio counts | VM
            vm.dirty_expire_centisecs | SPAN | HOST | centiseconds | 1 | 0..2147483647 | 3000 | hundredths of a second, as '3000' | VM
            vm.dirty_writeback_centisecs | SPAN | HOST | centiseconds | 1 | 0..2147483647 | 500 | hundredths of a second, as '500' | VM
            vm.swappiness | COUNT | HOST | weight | 1 | 0..200 | 60 | a weight from 0 to 200, as '60' | VM
            vm.overcommit_memory | COUNT | HOST | choice | 1 | 0..2 | 0 | 0, 1 or 2 | VM
            vm.min_free_kbytes | BYTES | HOST | KiB | 1 | 0..2147483647 | - | KiB, as '67584' | from memory: VM
            fs.file-max | COUNT | HOST | files | 1 | 0..9223372036854775807 | - | a count, as '1048576' | Documentation/admin-guide/sysctl/fs.rst
            fs.nr_open | COUNT | HOST | files | 1 | 0..2147483647 | 1048576 | a count, as '1048576' | Documentation/admin-guide/sysctl/fs.rst
            kernel.pid_max | COUNT | HOST | PIDs | 1 | 301..4194304 | - | a count from 301, as '4194304' | 1,024 for each CPU, at least 32768; systemd sets 4194304 on 64 bits: kernel/pid.c, pid_idr_init; Documentation/admin-guide/sysctl/kernel.rst
            kernel.threads-max | COUNT | HOST | threads | 1 | 1..1073741823 | - | a count, as '192730' | from memory, whose eighth holds their stacks: kernel/fork.c, set_max_threads; Documentation/admin-guide/sysctl/kernel.rst
            HZ | RATE | HOST | ticks per second | 1 | 12..10000 | - | ticks per second, as '250' | kernel/Kconfig.hz; distributions build 100, 250, 300 or 1000
            """;

    private static final Map<String, String> PAGES = Map.of(
            "IP", "Documentation/networking/ip-sysctl.rst",
            "CT", "Documentation/networking/nf_conntrack-sysctl.rst",
            "VM", "Documentation/admin-guide/sysctl/vm.rst");
    private static final Pattern PAGE = Pattern.compile("\\b(IP|CT|VM)\\b");
    private static final Pattern BAR = Pattern.compile(" \\| ");

    private static final String BELOW = "/proc/sys/";

    private static final Map<String, Setting> ALL = table();

    private Settings() {}

    private static Map<String, Setting> table() {
        var byName = new LinkedHashMap<String, Setting>();
        TABLE.lines().map(Settings::row).forEach(s -> byName.put(s.name(), s));
        return Collections.unmodifiableMap(byName);
    }

    private static Setting row(String line) {
        String[] cells = BAR.split(line, -1);
        int dots = cells[5].indexOf("..");
        Optional<String> byDefault =
                switch (cells[6]) {
                    case "-" -> Optional.empty();
                    case "none" -> Optional.of("");
                    default -> Optional.of(cells[6]);
                };
        return new Setting(
                cells[0],
                Unit.valueOf(cells[1]),
                Setting.Scope.valueOf(cells[2]),
                cells[3],
                Integer.parseInt(cells[4]),
                Long.parseLong(cells[5].substring(0, dots)),
                Long.parseLong(cells[5].substring(dots + 2)),
                cells[7],
                byDefault,
                PAGE.matcher(cells[8]).replaceAll(m -> PAGES.getOrDefault(m.group(), m.group())));
    }

    /** Every setting. */
    public static List<Setting> all() {
        return List.copyOf(ALL.values());
    }

    /** The setting of that name; {@code net/ipv4/tcp_tw_reuse} and {@code /proc/sys/net/ipv4/tcp_tw_reuse} are understood as well. */
    public static Optional<Setting> find(String name) {
        String bare = name.strip();
        String plain = bare.startsWith(BELOW) ? bare.substring(BELOW.length()) : bare;
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
                .map(n -> setting.quantity(n))
                .toList();
    }

    /**
     * The ports of a {@code net.ipv4.ip_local_reserved_ports} value as inclusive ranges in its own order: {@code 8080,9000-9100}.
     *
     * @throws IllegalArgumentException when it is not a list of ports and ranges
     */
    public static List<int[]> reserved(String text) {
        var ranges = new ArrayList<int[]>();
        Setting setting = Objects.requireNonNull(ALL.get(RESERVED_PORTS));
        for (String part : text.isBlank() ? new String[0] : text.strip().split(",", -1)) {
            if (!part.strip().matches("\\d{1,5}(-\\d{1,5})?")) {
                throw setting.wrong(text, "");
            }
            String[] ends = part.strip().split("-", -1);
            int low = Integer.parseInt(ends[0]);
            int high = Integer.parseInt(ends[ends.length - 1]);
            if (low > high || high > 65535) {
                throw setting.wrong(text, ": " + part.strip() + " is no range of ports");
            }
            ranges.add(new int[] {low, high});
        }
        return ranges;
    }

    private static IllegalArgumentException unknown(String name) {
        String asked = name.strip().replace('/', '.');
        List<String> near = Nearest.of(asked, ALL.keySet());
        return new IllegalArgumentException("'" + name.strip() + "' is not a setting that is known; "
                + (near.isEmpty()
                        ? "settings are spelled as sysctl spells them, like net.ipv4.tcp_tw_reuse"
                        : "the nearest: " + String.join(", ", near)));
    }
}
