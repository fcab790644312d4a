package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** What holds for every source whatever text it is given. */
class SourcesTest {
    /** Lines of many formats, so that headers and rows of one get into the hands of another. */
    private static final List<String> LINES = List.of(
            "",
            "   ",
            "State      Recv-Q Send-Q Local Address:Port  Peer Address:Port Process",
            "ESTAB      0      0      10.0.0.5:48202      198.51.100.10:443 timer:(keepalive,12sec,0)",
            "\t skmem:(r0,rb131072,t0,tb87040,f0,w0,o0,bl0,d0) cubic wscale:7,7",
            "Total: 34102 (kernel 34210)",
            "TCP:   32104 (estab 410, closed 31502, orphaned 12, timewait 31401)",
            "TCP: inuse 6 orphan 0 tw 3 alloc 9 mem 1",
            "Tcp: RtoAlgorithm RtoMin RtoMax",
            "Tcp: 1 200 120000",
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1",
            "ipv4     2 tcp      6 58 TIME_WAIT src=10.0.1.5 dst=198.51.100.10 sport=48201 dport=443 [ASSURED] use=2",
            "entries  clashres found new invalid ignore delete",
            "0000004e  00000000 00000000 00000000 00000000 00000000 00000000",
            "slabinfo - version: 2.1",
            "tw_sock_TCP 31401 31408 256 16 1 : tunables 0 0 0 : slabdata 1963 1963 0",
            "   4102 TIME-WAIT",
            "MemFree:        1234 kB",
            "nr_dirty 17",
            "Node 0, zone   Normal",
            "        min      11289",
            "Device            r/s     w/s     rkB/s     wkB/s  w_await  %util",
            "nvme0n1          0.00  412.00      0.00  52401.00    10.02 100.00",
            "worker_processes 4;",
            "http { server { listen 80; location / { fastcgi_buffers 16 32k; } } }",
            "}",
            "# configuration file /etc/nginx/nginx.conf:",
            "net.ipv4.ip_local_port_range = 32768\t60999",
            "net.ipv4.tcp_tw_reuse = many",
            "# a comment",
            "32768\t60999",
            "131072",
            "/proc/sys/net/core/somaxconn:4096",
            "Linux edge-1 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64 GNU/Linux",
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"",
            "CONFIG_HZ=250",
            "2026-11-21T01:32:28Z",
            " 254       0 vda 242569 24991 13870138 187809 209556 208018 35105168 82414 0 34536 275527",
            "/dev/vda / ext4 rw,relatime 0 0",
            "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
            "UUID=0b1f-77 / ext4 defaults 0 1",
            "6225 transactions (6216 requested), each up to 8192 blocks",
            "COMMAND PID USER   FD      TYPE             DEVICE SIZE/OFF     NODE NAME",
            "nginx   361 root   12u      REG              254,0 15595664  2556004 /srv/tmp/0000000005 (deleted)",
            "p361",
            "f12",
            "n/srv/tmp/0000000005 (deleted)",
            "lrwx------ 1 root root 64 Nov 21 01:32 12 -> /dev/null",
            "Filesystem     1K-blocks     Used Available Use% Mounted on",
            "/dev/vda       264212084 33910476  72480436  32% /",
            "               total        used        free      shared  buff/cache   available",
            "Mem:        24684084     1557956    19489168       11300     3966828    23126128",
            "Limit                     Soft Limit           Hard Limit           Units     ",
            "Max open files            20000                20000                files     ",
            "cpu  203056 270 57066 193351 3688 0 1931 737 0 0",
            "Name:\tnginx",
            "VmRSS:\t    8488 kB",
            "some avg10=0.00 avg60=0.09 avg300=3.26 total=56872691",
            "1073741824",
            "oom_kill 2",
            "8:16 rbps=2097152 wiops=120",
            " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st",
            " 2  0      0 19488904  14472 3952356    0    0  1508  4312  775 2337 44 13 42  1  0",
            "Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)",
            "01:32:32          DEV       tps     await     %util",
            "01:32:33          vda    165.00      0.77      0.40",
            "01:32:38      UID       PID   kB_rd/s   kB_wr/s  Command",
            "01:32:39        0       432      0.00      3.96  sadc",
            "# hostname;interval;timestamp;DEV;tps;%util",
            "vm;1;2026-11-21 01:32:33 UTC;vda;165.00;0.40",
            "{\"sysstat\": {\"hosts\": [{\"file-date\": \"2026-11-21\", \"statistics\": [",
            "[ 2102.062925] nf_conntrack: nf_conntrack: table full, dropping packet",
            "Nov 21 01:32:03 edge-1 kernel: TCP: time wait bucket table overflow",
            "2026/11/21 01:32:33 [alert] 361#361: 1024 worker_connections are not enough",
            "2026/11/21 01:32:31 [warn] 361#361: *9 an upstream response is buffered to a temporary file /t/1 while reading"
                    + " upstream, client: 127.0.0.1, server: , request: \"GET / HTTP/1.1\"",
            "2026/11/21 01:32:31 [error] 361#361: *9 FastCGI sent in stderr: \"PHP message: PHP Warning:  a",
            "127.0.0.1 - - [21/Nov/2026:01:27:21 +0000] \"GET /a\\x22 HTTP/1.1\" 200 12 \"-\" \"curl\" 0.123, 0.2 : -",
            "- -  21/Nov/2026:01:26:11 +0000 \"GET /a.php\" 200",
            "[21-Nov-2026 01:26:11] NOTICE: fpm is running, pid 19281",
            "[21-Nov-2026 01:32:34] NOTICE: [www]",
            "[21-Nov-2026 01:32:34] NOTICE: \tpm.max_children = 4",
            "[www]",
            "pm.max_children = 4 ; children",
            "opcache.memory_consumption=\"512",
            "pool:                 www",
            "process manager:      static",
            "************************",
            "pid:                  355",
            "phpfpm_active_processes 0",
            "<status><pool>www</pool><process-manager>static</process-manager>",
            "{\"pool\":\"www\",\"process manager\":\"static\",\"processes\":[{\"pid\":355}]}",
            "{\"opcache_enabled\":true,\"memory_usage\":{\"used_memory\":9175280},",
            "# Clients",
            "connected_clients:3",
            "1) \"maxclients\"",
            "2) \"10000\"",
            "maxclients",
            "maxclients 10000",
            "id=3 addr=127.0.0.1:47932 fd=7 name= age=2 idle=2 flags=N db=99999999999999999999",
            "Active connections: 291 ",
            "server accepts handled requests",
            " 16630948 16630948 31070465 ",
            "# pxname,svname,qcur,",
            "web,\"a,b\",0,",
            "Name: HAProxy",
            "nginx version: nginx/1.22.1",
            "built with",
            "$ cat /proc/sys/net/ipv4/tcp_tw_reuse",
            "ss -s",
            "Active Internet connections (servers and established)",
            "tcp6       0      0 ::1:5555                :::*                    LISTEN      11006/python3        off (0.00/0/0)",
            "unix  2      [ ACC ]     STREAM     LISTENING     114789   10257/java           /run/app.sock",
            "TcpExt:",
            "    210 TCP sockets finished time wait in fast timer",
            "#kernel",
            "TcpExtTW                        210                0.0",
            "Ip6InReceives                   \t32",
            "ifIndex \t2",
            "0018c9e9 00000041 00000002 00000000 00000000 00000000 00000000 00000000 00000000",
            "protocol  size sockets  memory press maxhdr  slab module     cl co di ac",
            "TCP       2368    124     310   no     320   yes  kernel      y  y  y  y",
            "Num       RefCount Protocol Flags    Type St Inode Path",
            "000000002a48fd1c: 00000003 00000000 00000000 0001 02     0 /srv/lab.sock",
            "Inter-|   Receive                                                |  Transmit",
            " face |bytes    packets|bytes    packets",
            "   ve0:   46105     652   126571    1089",
            "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000",
            "    RX:  bytes packets errors dropped  missed   mcast",
            "       3626130   23970      0       0       0       0 ",
            "192.0.2.1 dev eth0 lladdr 02:fc:00:00:00:05 STALE",
            "NIC statistics:",
            "     bw_in_allowance_exceeded: 1703",
            "table inet nat {",
            "\tchain post {",
            "\t\toifname \"eth0\" counter packets 0 bytes 0 masquerade to :1024-2048 random",
            "*nat",
            "-A POSTROUTING -o eth0 -p tcp -j SNAT --to-source 192.0.2.3-192.0.2.9:1024-65535",
            "Chain POSTROUTING (policy ACCEPT 12 packets, 840 bytes)",
            "    5   300 SNAT       tcp  --  *      eth0    10.0.0.0/8           0.0.0.0/0            to:192.0.2.3",
            "14:02:01.102000 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [S], seq 102930102, win 64240, length 0",
            "12:00:00.000000 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60)",
            "    10.0.1.5.48201 > 198.51.100.10.443: Flags [S], seq 9, win 64240, length 0",
            "00000000 01 06 00 01 1f f8 08 00 7b 22 76 65 68 69 63 6c |........{\"vehicl|",
            "*",
            "# TYPE node_memory_MemFree_bytes gauge",
            "node_filesystem_size_bytes{device=\"/dev/sda1\",mountpoint=\"/\"} 1e+09",
            "The summary revealed a significant skew.");

    private static final List<String> COMMANDS = List.of(
            "ss -s",
            "ss -natp",
            "ss -natp | awk '{print $1}' | sort | uniq -c | sort -rn",
            "cat /proc/net/tcp",
            "cat /proc/slabinfo | grep tcp",
            "cat /proc/sys/net/ipv4/ip_local_port_range",
            "sysctl -a",
            "sysctl -n net.core.somaxconn vm.dirty_ratio",
            "conntrack -L",
            "conntrack -S",
            "iostat -x -d 1 /dev/nvme0n1",
            "nginx -T",
            "cat /sys/fs/cgroup/web/memory.max",
            "cat /sys/fs/cgroup/web/memory.max /sys/fs/cgroup/web/memory.events",
            "cat /proc/pressure/io",
            "dmesg -T",
            "df -H",
            "redis-cli config get '*'",
            "uname -r",
            "date",
            "hostname");

    private static final List<String> PATHS = List.of(
            "a.txt",
            "proc/sys/net/ipv4/tcp_tw_reuse",
            "proc_sys_fs_file-nr",
            "sys/module/nf_conntrack/parameters/hashsize",
            "etc/sysctl.d/99-net.conf",
            "sys/fs/cgroup/web/io.max",
            "sys/fs/cgroup/web/cpuset.cpus",
            "etc/fstab",
            "nginx.conf");

    @Provide
    Arbitrary<Text> texts() {
        Arbitrary<String> known = Arbitraries.of(LINES);
        // a known line with one character put in, as a cut or a slip of the hand leaves it
        Arbitrary<String> spoilt = Combinators.combine(
                        known,
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.chars().filter(c -> c != '\n'))
                .as((line, at, c) -> line.substring(0, Math.min(at, line.length()))
                        + c
                        + line.substring(Math.min(at, line.length())));
        Arbitrary<String> cut = Combinators.combine(
                        known, Arbitraries.integers().between(0, 40))
                .as((line, at) -> line.substring(0, Math.min(at, line.length())));
        Arbitrary<String> any = Arbitraries.strings().ofMaxLength(60).map(s -> s.replaceAll("\\R", " "));
        Arbitrary<String> line =
                Arbitraries.frequencyOf(Tuple.of(6, known), Tuple.of(2, spoilt), Tuple.of(2, cut), Tuple.of(1, any));
        Arbitrary<Optional<String>> command = Arbitraries.of(COMMANDS).optional(0.5);
        return Combinators.combine(Arbitraries.of(PATHS), command, line.list().ofMaxSize(30))
                .as((path, c, lines) -> new Text(path, 1, c, lines));
    }

    @Property(tries = 600)
    void everyLineIsUsedEmptyOrRejectedAndNoSourceThrows(@ForAll("texts") Text text) {
        for (Source source : Sources.ALL) {
            source.match(text);
            Parsed parsed = source.parse(text);
            assertEquals(
                    text.lines().size(),
                    parsed.used() + parsed.empty() + parsed.rejected().size(),
                    () -> source.name() + " lost count of " + text);
        }
    }

    /** First lines of network telemetry, one format each. */
    private static final List<List<String>> BEGINNINGS = List.of(
            List.of(
                    "Active Internet connections (servers and established)",
                    "Proto Recv-Q Send-Q Local Address  Foreign Address  State"),
            List.of("Ip:", "    619 total packets received"),
            List.of("#kernel", "TcpExtTW                        210                0.0"),
            List.of("Ip6InReceives                   \t32"),
            List.of("protocol  size sockets  memory press maxhdr  slab module     cl co di ac"),
            List.of("Num       RefCount Protocol Flags    Type St Inode Path"),
            List.of("Inter-|   Receive           |  Transmit", " face |bytes    packets|bytes    packets"),
            List.of("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000"),
            List.of("192.0.2.1 dev eth0 lladdr 02:fc:00:00:00:05 STALE"),
            List.of("NIC statistics:", "     bw_in_allowance_exceeded: 1703"),
            List.of("table inet nat {", "\tchain post {", "\t}", "}"),
            List.of("*nat", ":POSTROUTING ACCEPT [0:0]", "COMMIT"),
            List.of("Chain INPUT (policy ACCEPT)", "target     prot opt source               destination         "),
            List.of("14:02:01.102000 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [S], seq 1, win 64240, length 0"),
            List.of("00000000 01 06 00 01 1f f8 08 00 7b 22 76 65 68 69 63 6c |........{\"vehicl|"),
            List.of("# HELP node_load1 1m load average.", "# TYPE node_load1 gauge", "node_load1 0.21"));

    @Test
    void exactlyOneSourceIsSureOfEachFormat() {
        for (List<String> lines : BEGINNINGS) {
            Text text = new Text("a.txt", 1, Optional.empty(), lines);
            List<String> sure = Sources.ALL.stream()
                    .filter(s -> s.match(text) == Source.Match.SURE)
                    .map(Source::name)
                    .toList();
            assertEquals(1, sure.size(), () -> sure + " are sure of " + lines);
        }
    }

    @Property(tries = 300)
    void aTranscriptLosesNoLineButItsPrompts(@ForAll("texts") Text text) {
        var seen = new ArrayList<Integer>();
        for (Reading reading : Transcript.read(text, new Memory(0))) {
            for (int i = 0; i < reading.text().lines().size(); i++) {
                int line = reading.text().firstLine() + i;
                assertEquals(text.lines().get(line - 1), reading.text().lines().get(i));
                seen.add(line);
            }
        }
        assertEquals(seen.stream().distinct().sorted().toList(), seen);
        for (int line = 1; line <= text.lines().size(); line++) {
            String lost = text.lines().get(line - 1);
            boolean prompt =
                    Command.prompt(lost).isPresent() || Command.alone(lost).isPresent();
            assertTrue(seen.contains(line) || prompt || lost.isBlank(), lost);
        }
    }
}
