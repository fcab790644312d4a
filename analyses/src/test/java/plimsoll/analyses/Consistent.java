package plimsoll.analyses;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * A capture that a host could have printed: random figures that obey the laws of the kernel and of the programs, as a transcript. Each
 * printed figure has a name, so that one of them can be changed without the others.
 */
final class Consistent {
    private static final String[][] SYSTEMS = {
        {"debian", "10"}, {"debian", "11"}, {"debian", "12"}, {"debian", "13"}, {"ubuntu", "22.04"}, {"gentoo", "2.17"}
    };
    private static final int DEVICES = 3;

    private final Random random;
    private final Map<String, Long> figures = new LinkedHashMap<>();
    private final Map<String, Double> reals = new LinkedHashMap<>();
    private final String[] system;
    private final boolean old;
    private final int destinations;

    Consistent(long seed) {
        random = new Random(seed);
        system = SYSTEMS[random.nextInt(SYSTEMS.length)];
        // an unknown distribution may have any version of the tools
        old = system[0].equals("gentoo") && random.nextBoolean();
        destinations = 1 + random.nextInt(3);
        sockets();
        slabs();
        tracking();
        disks();
        others();
    }

    private long between(long least, long most) {
        return least + (long) (random.nextDouble() * (most - least + 1));
    }

    private void set(String name, long value) {
        figures.put(name, value);
    }

    private long get(String name) {
        return figures.getOrDefault(name, 0L);
    }

    private void sockets() {
        long waiting = between(150, 600);
        long half = between(0, 20);
        long established = between(300, 900);
        long listening = between(3, 20);
        long other = between(0, 20);
        long six = between(2, 30);
        long inuse = established + listening + other;
        long tw = waiting + half;
        // the whole host has more than this namespace
        long alloc = inuse + between(0, 2000);
        long udp = between(2, 40);
        long udp6 = between(0, 10);
        long raw = between(0, 3);
        set("waiting", waiting);
        set("listening", listening);
        set("half", half);
        set("established", established);
        set("sockstat.used", inuse + udp + raw + between(200, 900));
        set("sockstat.inuse", inuse - six);
        set("sockstat.tw", tw);
        set("sockstat.alloc", alloc);
        set("sockstat6.inuse", six);
        set("ss.total", get("sockstat.used") + between(-2, 2));
        set("ss.timewait", tw);
        set("ss.tcp", alloc + tw);
        set("ss.estab", established);
        set("ss.closed", alloc + tw - inuse);
        set("ss.row.tcp", inuse);
        set("ss.row.tcp.ip", inuse - six);
        set("ss.row.tcp.ip6", six);
        set("ss.row.udp", udp + udp6);
        set("ss.row.udp.ip", udp);
        set("ss.row.udp.ip6", udp6);
        set("ss.row.raw", raw);
        set("ss.row.inet", inuse + udp + udp6 + raw);
        set("ss.row.inet.ip", inuse - six + udp + raw);
        set("ss.row.inet.ip6", six + udp6);
        set("snmp.CurrEstab", established + between(-3, 3));
        set("snmp.ActiveOpens", established + between(tw, 1_000_000));
        set("snmp.PassiveOpens", between(100, 1_000_000));
        set("netstat.TW", tw + between(1000, 1_000_000));
        set("backlog", between(64, 4096));
        set("accepting", between(0, get("backlog") + 1));
    }

    private void slabs() {
        long ports = get("waiting") + 300;
        slab("tcp_bind_bucket", ports + between(0, 200), 64);
        slab("tcp_bind2_bucket", ports + between(250, 500), 32);
        slab("tw_sock_TCP", get("waiting") + get("half"), 16);
        // slabs of several pages fall back to smaller ones
        set("slab.TCP.slabs", between(60, 200));
        set("slab.TCP.num", get("slab.TCP.slabs") * 13 - between(0, 30));
        set("slab.TCP.active", get("slab.TCP.num") - between(0, 20));
    }

    private void slab(String name, long objects, long each) {
        long slabs = (objects + each - 1) / each + between(0, 2);
        set("slab." + name + ".slabs", slabs);
        set("slab." + name + ".num", slabs * each);
        set("slab." + name + ".active", Math.min(slabs * each, objects));
    }

    private void tracking() {
        boolean before = system[0].equals("debian") && system[1].matches("10|11");
        long buckets = before ? 65536 : 262144;
        set("ct.buckets", buckets);
        set("ct.hashsize", buckets);
        set("ct.max", before ? 4 * buckets : buckets);
        long listed = between(200, 500);
        set("ct.listed", listed);
        set("ct.count", listed + between(0, 60));
        set("ct.waits", random.nextBoolean() ? 120 : between(30, 300));
        set("ct.waits.left", between(1, get("ct.waits")));
        set("ct.established", 432000);
        set("ct.established.left", between(1, 432000));
    }

    private void disks() {
        for (int i = 0; i < DEVICES; i++) {
            double reads = random.nextInt(4) == 0 ? 0 : round(random.nextDouble() * 3000);
            double writes = round(1 + random.nextDouble() * 3000);
            double readSize = round(4 + random.nextDouble() * 250);
            double writeSize = round(4 + random.nextDouble() * 250);
            double readWait = reads == 0 ? 0 : round(0.1 + random.nextDouble() * 40);
            double writeWait = round(0.1 + random.nextDouble() * 40);
            String disk = "disk" + i + ".";
            reals.put(disk + "r/s", reads);
            reals.put(disk + "w/s", writes);
            reals.put(disk + "rkB/s", round(reads * readSize));
            reals.put(disk + "wkB/s", round(writes * writeSize));
            reals.put(disk + "r_await", readWait);
            reals.put(disk + "w_await", writeWait);
            reals.put(disk + "rareq-sz", reads == 0 ? 0 : readSize);
            reals.put(disk + "wareq-sz", writeSize);
            reals.put(disk + "avgrq-sz", round(2 * (reads * readSize + writes * writeSize) / (reads + writes)));
            double queue = (reads * readWait + writes * writeWait) / 1000;
            // requests that were under way at either end of the interval
            reals.put(disk + "aqu-sz", round(queue * (0.97 + 0.06 * random.nextDouble())));
            double busy = round(Math.min(100, 5 + random.nextDouble() * 99));
            reals.put(disk + "%util", busy);
            reals.put(disk + "svctm", round(busy * 10 / (reads + writes)));
        }
    }

    private static double round(double value) {
        return Math.rint(value * 100) / 100;
    }

    private void others() {
        long buffer = 212992;
        set("unix.tb", buffer);
        set("unix.t", random.nextBoolean() ? 0 : between(0, buffer + 1024));
        set("unix.send", get("unix.t"));
        set("unix.f", 0);
        set("unix.recv", between(0, 200_000));
        long bytes = random.nextBoolean() ? 0 : between(1 << 20, 1L << 30);
        set("dirty.bytes", bytes);
        set("dirty.ratio", bytes > 0 ? 0 : between(5, 60));
        set("limit", between(100_000, 900_000));
        set("background", get("limit") / 2 - between(1, 40_000));
        set("somaxconn", 4096);
        set("reuse", between(0, 2));
        set("reuse.configured", get("reuse"));
        set("reuse.again", get("reuse"));
    }

    /** The names of the figures that are changed one at a time, each with the checks that may find it. */
    static final Map<String, List<String>> CHANGED = new LinkedHashMap<>();

    static {
        CHANGED.put("ss.total x", List.of("sockstat"));
        CHANGED.put("ss.tcp x", List.of("ss-summary"));
        CHANGED.put("ss.tcp /", List.of("ss-summary"));
        CHANGED.put("ss.closed x", List.of("ss-summary"));
        CHANGED.put("ss.closed /", List.of("ss-summary"));
        CHANGED.put("ss.estab x", List.of("established"));
        CHANGED.put("ss.estab /", List.of("established"));
        CHANGED.put("ss.timewait x", List.of("ss-summary", "time-wait-count"));
        CHANGED.put("ss.timewait /", List.of("time-wait-count"));
        CHANGED.put("ss.row.tcp x", List.of("ss-rows", "ss-summary"));
        CHANGED.put("ss.row.tcp.ip /", List.of("ss-rows"));
        CHANGED.put("ss.row.udp +", List.of("ss-rows"));
        CHANGED.put("ss.row.inet x", List.of("ss-rows"));
        CHANGED.put("sockstat.used x", List.of("sockstat"));
        CHANGED.put("sockstat.inuse x", List.of("sockstat"));
        CHANGED.put("sockstat.inuse /", List.of("established"));
        CHANGED.put("sockstat.alloc x", List.of("sockstat"));
        CHANGED.put("sockstat.alloc /", List.of("sockstat"));
        CHANGED.put("sockstat.tw x", List.of("time-wait-count"));
        CHANGED.put("sockstat.tw /", List.of("time-wait-count"));
        CHANGED.put("snmp.CurrEstab x", List.of("established"));
        CHANGED.put("snmp.CurrEstab /", List.of("established"));
        CHANGED.put("netstat.TW 0", List.of("since-boot"));
        CHANGED.put("accepting x", List.of("listener"));
        CHANGED.put("backlog x", List.of("listener"));
        CHANGED.put("somaxconn 0", List.of("listener"));
        CHANGED.put("slab.tw_sock_TCP.num +", List.of("slab-objects"));
        CHANGED.put("slab.tcp_bind_bucket.num x", List.of("slab-objects"));
        CHANGED.put("slab.tcp_bind2_bucket.slabs x", List.of("slab-objects"));
        CHANGED.put("slab.TCP.active x", List.of("slab-objects"));
        CHANGED.put("slab.tcp_bind2_bucket.active /", List.of("bind2-buckets"));
        CHANGED.put("tunables", List.of("slab-tunables"));
        CHANGED.put("ct.max 0", List.of("conntrack-full"));
        CHANGED.put("ct.count /", List.of("conntrack-count"));
        CHANGED.put("ct.buckets x", List.of("conntrack-buckets"));
        CHANGED.put("ct.waits.left x", List.of("conntrack-timeout"));
        CHANGED.put("ct.established.left x", List.of("conntrack-timeout"));
        CHANGED.put("disk1.w/s x", List.of("iostat-queue", "iostat-size", "iostat-utilisation"));
        CHANGED.put("disk0.w_await x", List.of("iostat-queue"));
        CHANGED.put("disk2.aqu-sz x", List.of("iostat-queue"));
        CHANGED.put("disk2.aqu-sz /", List.of("iostat-queue"));
        CHANGED.put("disk0.wkB/s x", List.of("iostat-size"));
        CHANGED.put("disk1.wkB/s /", List.of("iostat-size"));
        CHANGED.put("disk1.size x", List.of("iostat-size"));
        CHANGED.put("disk2.%util x", List.of("iostat-utilisation"));
        CHANGED.put("columns", List.of("iostat-version"));
        CHANGED.put("summary", List.of("ss-version"));
        CHANGED.put("unix.send x", List.of("send-queue", "skmem"));
        CHANGED.put("unix.f +", List.of("skmem"));
        CHANGED.put("dirty both", List.of("dirty-settings"));
        CHANGED.put("background x", List.of("dirty-settings"));
        CHANGED.put("reuse.configured ~", List.of("setting-configured"));
        CHANGED.put("reuse.again ~", List.of("setting-readings"));
    }

    /** Changes one figure: ten times as much, a tenth, a little more, or nearly none. Columns and forms become those of another version. */
    Consistent change(String what) {
        String name = what.replaceFirst(" .$", "");
        switch (name) {
            case "tunables", "columns", "summary" -> figures.put(name, 1L);
            case "dirty both" -> {
                set("dirty.bytes", 1 << 26);
                set("dirty.ratio", 20);
            }
            case "reuse.configured", "reuse.again" -> set(name, (get(name) + 1) % 3);
            case "disk1.size" -> {
                reals.computeIfPresent("disk1.wareq-sz", (n, v) -> round(v * 10));
                reals.computeIfPresent("disk1.avgrq-sz", (n, v) -> round(v * 10));
            }
            default -> {
                char how = what.charAt(what.length() - 1);
                figures.computeIfPresent(
                        name,
                        (n, v) -> how == 'x'
                                ? Math.max(1, v) * 10
                                : how == '/' ? v / 10 : how == '+' ? v + 3 : Math.min(v, 20));
                reals.computeIfPresent(name, (n, v) -> round(how == 'x' ? v * 10 : v / 10));
            }
        }
        return this;
    }

    // ---- as the programs print it

    String text() {
        return String.join(
                "",
                osRelease(),
                ss(),
                sockstat(),
                counters(),
                listing(),
                unix(),
                slabinfo(),
                conntrack(),
                iostat(),
                settings());
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }

    private String osRelease() {
        return "$ cat /etc/os-release\n" + line("PRETTY_NAME=\"%s %s\"", system[0], system[1])
                + line("VERSION_ID=\"%s\"", system[1]) + line("ID=%s", system[0]);
    }

    private String ss() {
        boolean form = old || get("summary") > 0;
        String tcp = form
                ? line(
                        "TCP:   %d (estab %d, closed %d, orphaned 0, synrecv 0, timewait %d/0), ports 0",
                        get("ss.tcp"), get("ss.estab"), get("ss.closed"), get("ss.timewait"))
                : line(
                        "TCP:   %d (estab %d, closed %d, orphaned 0, timewait %d)",
                        get("ss.tcp"), get("ss.estab"), get("ss.closed"), get("ss.timewait"));
        return "$ ss -s\n" + line("Total: %d", get("ss.total")).replace("\n", form ? " (kernel 812)\n" : "\n") + tcp
                + "\n"
                + "Transport Total     IP        IPv6\n"
                + line("RAW\t  %d         %d         0        ", get("ss.row.raw"), get("ss.row.raw"))
                + row("UDP", "udp") + row("TCP", "tcp") + row("INET", "inet")
                + "FRAG\t  0         0         0        \n\n";
    }

    private String row(String name, String key) {
        return line(
                "%s\t  %-10d%-10d%-9d",
                name, get("ss.row." + key), get("ss.row." + key + ".ip"), get("ss.row." + key + ".ip6"));
    }

    private String sockstat() {
        return "$ cat /proc/net/sockstat\n" + line("sockets: used %d", get("sockstat.used"))
                + line(
                        "TCP: inuse %d orphan 0 tw %d alloc %d mem 17",
                        get("sockstat.inuse"), get("sockstat.tw"), get("sockstat.alloc"))
                + "UDP: inuse 5 mem 0\n$ cat /proc/net/sockstat6\n" + line("TCP6: inuse %d", get("sockstat6.inuse"));
    }

    private String counters() {
        return "$ cat /proc/net/snmp\nTcp: RtoAlgorithm ActiveOpens PassiveOpens CurrEstab\n"
                + line("Tcp: 1 %d %d %d", get("snmp.ActiveOpens"), get("snmp.PassiveOpens"), get("snmp.CurrEstab"))
                + "$ cat /proc/net/netstat\nTcpExt: SyncookiesSent TW TWRecycled TWKilled\n"
                + line("TcpExt: 0 %d 0 0", get("netstat.TW"));
    }

    private String listing() {
        var out = new StringBuilder(
                "$ ss -nat\nState      Recv-Q Send-Q Local Address:Port   Peer Address:Port Process\n");
        for (long i = 0; i < get("listening"); i++) {
            boolean first = i == 0;
            out.append(line(
                    "LISTEN     %d      %d        0.0.0.0:%d             0.0.0.0:*    ",
                    first ? get("accepting") : 0, first ? get("backlog") : 128, 8000 + i));
        }
        for (long i = 0; i < get("established"); i++) {
            out.append(line(
                    "ESTAB      0      0        10.0.0.5:443      10.1.%d.%d:%d ", i / 250, 1 + i % 250, 2000 + i));
        }
        for (long i = 0; i < get("half"); i++) {
            out.append(line("FIN-WAIT-2 0      0        10.0.0.5:443      10.2.0.%d:%d ", 1 + i, 3000 + i));
        }
        for (long i = 0; i < get("waiting"); i++) {
            out.append(line(
                    "TIME-WAIT  0      0        10.0.0.5:%d      10.0.9.%d:443 ", 33000 + i, 1 + i % destinations));
        }
        return out.toString();
    }

    private String unix() {
        return "$ ss -x -a --memory\nNetid State  Recv-Q Send-Q   Local Address:Port  Peer Address:Port Process\n"
                + line(
                        "u_str ESTAB %d      %d                 * 419201        * 419202 ",
                        get("unix.recv"), get("unix.send"))
                + line(
                        "\t skmem:(r%d,rb212992,t%d,tb%d,f%d,w0,o0,bl0,d0)",
                        get("unix.recv"), get("unix.t"), get("unix.tb"), get("unix.f"));
    }

    private String slabinfo() {
        return "$ cat /proc/slabinfo\nslabinfo - version: 2.1\n"
                + "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>\n"
                + cache("TCP", 2304, 13, 8)
                + cache("tcp_bind_bucket", 64, 64, 1)
                + cache("tcp_bind2_bucket", 128, 32, 1)
                + cache("tw_sock_TCP", 256, 16, 1);
    }

    private String cache(String name, long size, long each, long pages) {
        String key = "slab." + name + ".";
        String tunables = get("tunables") > 0 ? "120   60    8" : "0    0    0";
        return line(
                "%-17s %6d %6d %6d %4d %4d : tunables %s : slabdata %6d %6d      0",
                name,
                get(key + "active"),
                get(key + "num"),
                size,
                each,
                pages,
                tunables,
                get(key + "slabs"),
                get(key + "slabs"));
    }

    private String conntrack() {
        var out = new StringBuilder("$ cat /proc/net/nf_conntrack\n");
        for (long i = 0; i < get("ct.listed"); i++) {
            boolean waits = i % 2 == 0;
            out.append(line(
                    "ipv4     2 tcp      6 %d %s src=10.0.0.5 dst=10.0.9.1 sport=%d dport=443 src=10.0.9.1 dst=10.0.0.5 sport=443 dport=%d [ASSURED] mark=0 zone=0 use=2",
                    get(waits ? "ct.waits.left" : "ct.established.left"),
                    waits ? "TIME_WAIT" : "ESTABLISHED",
                    33000 + i,
                    33000 + i));
        }
        return out.toString();
    }

    private String iostat() {
        boolean form = old || get("columns") > 0;
        var out = new StringBuilder("$ iostat -x -d 1\n");
        out.append(
                form
                        ? "Device:         rrqm/s   wrqm/s     r/s     w/s    rkB/s    wkB/s avgrq-sz avgqu-sz   await r_await w_await  svctm  %util\n"
                        : "Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s  %wrqm w_await wareq-sz  aqu-sz  %util\n");
        for (int i = 0; i < DEVICES; i++) {
            String d = "disk" + i + ".";
            double rate = real(d + "r/s") + real(d + "w/s");
            double await = (real(d + "r/s") * real(d + "r_await") + real(d + "w/s") * real(d + "w_await")) / rate;
            out.append(
                    form
                            ? line(
                                    "sd%c 0.00 0.00 %.2f %.2f %.2f %.2f %.2f %.2f %.2f %.2f %.2f %.2f %.2f",
                                    'a' + i,
                                    real(d + "r/s"),
                                    real(d + "w/s"),
                                    real(d + "rkB/s"),
                                    real(d + "wkB/s"),
                                    real(d + "avgrq-sz"),
                                    real(d + "aqu-sz"),
                                    await,
                                    real(d + "r_await"),
                                    real(d + "w_await"),
                                    real(d + "svctm"),
                                    real(d + "%util"))
                            : line(
                                    "sd%c %.2f %.2f 0.00 0.00 %.2f %.2f %.2f %.2f 0.00 0.00 %.2f %.2f %.2f %.2f",
                                    'a' + i,
                                    real(d + "r/s"),
                                    real(d + "rkB/s"),
                                    real(d + "r_await"),
                                    real(d + "rareq-sz"),
                                    real(d + "w/s"),
                                    real(d + "wkB/s"),
                                    real(d + "w_await"),
                                    real(d + "wareq-sz"),
                                    real(d + "aqu-sz"),
                                    real(d + "%util")));
        }
        return out.toString();
    }

    private double real(String name) {
        return reals.getOrDefault(name, 0.0);
    }

    private String settings() {
        return "$ sysctl -a\n"
                + line("net.core.somaxconn = %d", get("somaxconn"))
                + line("net.ipv4.tcp_tw_reuse = %d", get("reuse"))
                + "net.ipv4.ip_local_port_range = 32768\t60999\n"
                + line("net.netfilter.nf_conntrack_count = %d", get("ct.count"))
                + line("net.netfilter.nf_conntrack_max = %d", get("ct.max"))
                + line("net.netfilter.nf_conntrack_buckets = %d", get("ct.buckets"))
                + line("net.netfilter.nf_conntrack_tcp_timeout_time_wait = %d", get("ct.waits"))
                + line("net.netfilter.nf_conntrack_tcp_timeout_established = %d", get("ct.established"))
                + line("vm.dirty_bytes = %d", get("dirty.bytes"))
                + line("vm.dirty_ratio = %d", get("dirty.ratio"))
                + "$ cat /sys/module/nf_conntrack/parameters/hashsize\n"
                + line("%d", get("ct.hashsize"))
                + "$ cat /proc/sys/net/ipv4/tcp_tw_reuse\n"
                + line("%d", get("reuse.again"))
                + "$ cat /etc/sysctl.d/90-host.conf\n"
                + line("net.ipv4.tcp_tw_reuse = %d", get("reuse.configured"))
                + "$ cat /proc/vmstat\n"
                + line("nr_free_pages 12345") + line("nr_dirty_threshold %d", get("limit"))
                + line("nr_dirty_background_threshold %d", get("background"));
    }
}
