package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.fact;
import static plimsoll.telemetry.SocketTexts.row;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts of which other parsers lose something: jc 1.25, insights-core, prometheus/procfs and node_exporter, oshi 7.5, xsos, iostat2pcp,
 * crossplane. Each test says who loses what, and asserts that it is kept.
 */
class PeersTest {
    /** Reads a file as a capture does: one source knows it, and no line is rejected. */
    private static Parsed whole(String path, String content) {
        List<Reading> readings = Transcript.read(Text.of(path, content), new Memory(0));
        assertEquals(1, readings.size(), () -> "taken apart: " + readings);
        Reading reading = readings.get(0);
        assertTrue(reading.known(), () -> "not recognised: " + path);
        assertEquals(List.of(), reading.parsed().rejected());
        return reading.parsed();
    }

    private static Rows rows(String path, String content) {
        return whole(path, content).rows().orElseThrow();
    }

    /** The value of a counter. */
    private static String counter(Rows rows, String group, String name) {
        for (int row = 0; row < rows.size(); row++) {
            if (rows.cell("group", row).equals(group) && rows.cell("name", row).equals(name)) {
                return rows.cell("value", row);
            }
        }
        return "not there";
    }

    @Nested
    class Ss {
        /** jc: KeyError 'local_address', the file rejected whole. */
        @Test
        void theSummaryIsReadWithItsTableOfTransports() {
            Parsed parsed = whole(
                    "ss-s.txt",
                    """
                    Total: 107
                    TCP:   425 (estab 84, closed 330, orphaned 0, timewait 210)

                    Transport Total     IP        IPv6
                    RAW	  0         0         0
                    UDP	  1         1         0
                    TCP	  95        90        5
                    INET	  96        91        5
                    FRAG	  0         0         0

                    """);
            assertEquals(Optional.of("210"), fact(parsed, "ss:timewait"));
            assertEquals(Optional.of("95"), fact(parsed, "ss:inuse.tcp"));
        }

        /** jc: KeyError 'netid'. insights: shifted by one column, State '0'. */
        @Test
        void aListingWithoutNetidKeepsItsColumns() {
            Rows rows = rows(
                    "ss-natp.txt",
                    """
                    State     Recv-Q Send-Q Local Address:Port   Peer Address:Port Process
                    LISTEN    0      128          0.0.0.0:9000        0.0.0.0:*     users:(("python3",pid=32713,fd=3))
                    TIME-WAIT 0      0           10.9.0.1:40004      10.9.0.2:9000
                    """);
            assertEquals(
                    List.of("tcp", "LISTEN", "128", "0.0.0.0", "9000", "python3", "32713"),
                    row(rows, 0, "netid", "state", "send_q", "local_address", "local_port", "process", "pid"));
            assertEquals(List.of("TIME-WAIT", "10.9.0.2", "9000"), row(rows, 1, "state", "peer_address", "peer_port"));
        }

        /** jc: IndexError on a row of -tunape with a v4-mapped address, whose columns stand one space apart. */
        @Test
        void aMappedAddressLeavesOneSpaceBetweenColumns() {
            Rows rows = rows(
                    "ss-tunape.txt",
                    """
                    Netid State  Recv-Q Send-Q          Local Address:Port           Peer Address:Port Process
                    tcp   ESTAB  0      0      [::ffff:192.168.100.200]:44321 [::ffff:192.168.100.201]:9092 users:(("java",pid=1203,fd=211)) uid:998 ino:48211 sk:3e cgroup:/system.slice/app.service v6only:0 <->
                    """);
            assertEquals(
                    List.of(
                            "tcp",
                            "ESTAB",
                            "::ffff:192.168.100.200",
                            "44321",
                            "::ffff:192.168.100.201",
                            "9092",
                            "java",
                            "998",
                            "48211"),
                    row(
                            rows,
                            0,
                            "netid",
                            "state",
                            "local_address",
                            "local_port",
                            "peer_address",
                            "peer_port",
                            "process",
                            "uid",
                            "inode"));
        }

        /** jc cuts at the header's places: netid 'udp U', state 'NCONN', path '0.0.0.0:38162'. */
        @Test
        void rowsNarrowerThanTheirHeaderAreNotCutAtItsPlaces() {
            Rows rows = rows(
                    "ss.txt",
                    """
                    Netid    State      Recv-Q     Send-Q          Local Address:Port           Peer Address:Port
                    udp   UNCONN 0      0            0.0.0.0:38162      0.0.0.0:*
                    """);
            assertEquals(
                    List.of("udp", "UNCONN", "0.0.0.0", "38162"),
                    row(rows, 0, "netid", "state", "local_address", "local_port"));
        }

        /** jc#755: the name, and what follows it, is lost. */
        @ParameterizedTest
        @ValueSource(strings = {"Isolated Web Co", "nginx: worker process", "sd(pam)", "php-fpm: pool www"})
        void aProcessMayHaveAnyName(String name) {
            Rows rows = rows(
                    "ss.txt",
                    "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"
                            + "tcp ESTAB 0 0 10.0.0.5:443 10.0.0.9:48202 users:((\"" + name
                            + "\",pid=77,fd=19)) uid:33 ino:4711 sk:1 <->\n");
            assertEquals(1, rows.size());
            assertEquals(List.of(name, "33", "4711"), row(rows, 0, "process", "uid", "inode"));
        }

        /** jc: seven sockets became fourteen, the second line a phantom of the first. insights: second lines not joined. */
        @Test
        void aRecordOfTwoLinesIsOneSocketWithTheFieldsOfBoth() {
            Rows rows = rows(
                    "ss-tanmi.txt",
                    """
                    State  Recv-Q Send-Q Local Address:Port  Peer Address:Port
                    ESTAB  0      0         127.0.0.1:48202    127.0.0.1:9000
                    \t skmem:(r0,rb131072,t0,tb2626560,f0,w0,o0,bl0,d3) cubic wscale:7,7 rto:204 rtt:0.05/0.02 cwnd:10 bytes_acked:1
                    ESTAB  0      0         127.0.0.1:9000     127.0.0.1:48202
                    \t skmem:(r0,rb65536,t0,tb2626560,f0,w0,o0,bl0,d0) cubic wscale:7,7 rto:208 rtt:4.1/2.0 cwnd:10 retrans:0/7
                    """);
            assertEquals(2, rows.size());
            assertEquals(List.of("48202", "131072", "3"), row(rows, 0, "local_port", "skmem_rb", "skmem_d"));
            assertEquals(List.of("9000", "65536", "0"), row(rows, 1, "local_port", "skmem_rb", "skmem_d"));
        }

        /** jc: local_port "* 1205 skmem:(…)", local_port_num 12050212992021299200000. */
        @Test
        void unixSocketsKeepTheirInodesAndTheirMemory() {
            Rows rows = rows(
                    "ss-x-memory.txt",
                    """
                    Netid State  Recv-Q Send-Q            Local Address:Port    Peer Address:Port   Process
                    u_str ESTAB  0      6400                          * 3240255            * 3240256 skmem:(r0,rb212992,t6400,tb212992,f0,w0,o0,bl0,d0)
                    u_str LISTEN 4      3      /srv/lab/capture/lab.sock 3240250            * 0       skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d0)
                    """);
            assertEquals(List.of("6400", "3240255", "6400"), row(rows, 0, "send_q", "inode", "skmem_t"));
            assertEquals(
                    List.of("LISTEN", "4", "3", "/srv/lab/capture/lab.sock", "3240250", "212992"),
                    row(rows, 1, "state", "recv_q", "send_q", "local_address", "inode", "skmem_rb"));
        }

        /** The sockets PMDA has fixed columns and drops the processes; xsos prints some fields as text. */
        @Test
        void theListingOfASosreportKeepsItsProcesses() {
            Rows rows = rows(
                    "sos_commands/networking/ss_-peaonmi",
                    """
                    Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
                    nl    UNCONN 0      0               rtnl:systemd/1                * ino:1 sk:2 <->
                    \t skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d0)
                    tcp   LISTEN 0      511          0.0.0.0:80           0.0.0.0:* users:(("nginx",pid=361,fd=6),("nginx",pid=360,fd=6)) ino:3244085 sk:1001 cgroup:/system.slice/nginx.service <->
                    \t skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d12) cubic cwnd:10
                    """);
            assertEquals(2, rows.size());
            assertEquals(
                    List.of("LISTEN", "511", "nginx", "361", "12", "/system.slice/nginx.service"),
                    row(rows, 1, "state", "send_q", "process", "pid", "skmem_d", "cgroup"));
        }
    }

    @Nested
    class Netstat {
        /** jc keeps the timer as text. */
        @Test
        void timersAreSeconds() {
            Rows rows = rows(
                    "netstat-natop.txt",
                    """
                    Active Internet connections (servers and established)
                    Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name     Timer
                    tcp        0      0 10.9.0.1:40004          10.9.0.2:9000           TIME_WAIT   -                    timewait (57.21/0/0)
                    tcp        0      0 10.9.0.1:22             10.9.0.9:50000          ESTABLISHED 812/sshd: a [priv]   keepalive (6851.09/0/0)
                    """);
            assertEquals(List.of("TIME-WAIT", "timewait", "57.21"), row(rows, 0, "state", "timer", "timer_s"));
            assertEquals(
                    List.of("ESTAB", "sshd: a [priv]", "812", "keepalive", "6851.09"),
                    row(rows, 1, "state", "process", "pid", "timer", "timer_s"));
        }

        /** insights#2909, #3230: cut at the header's places, so that long addresses shift what follows. */
        @Test
        void longAddressesShiftNothing() {
            Rows rows = rows(
                    "netstat_-W_-neopa",
                    """
                    Active Internet connections (servers and established)
                    Proto Recv-Q Send-Q Local Address           Foreign Address         State       User       Inode      PID/Program name     Timer
                    tcp6       0      0 2001:db8:1234:5678:9abc:def0:1234:5678:443 2001:db8:8765:4321:fedc:ba98:8765:4321:51514 ESTABLISHED 33         48211      361/nginx: worker    keepalive (12.50/0/0)
                    """);
            assertEquals(
                    List.of(
                            "2001:db8:1234:5678:9abc:def0:1234:5678",
                            "443",
                            "2001:db8:8765:4321:fedc:ba98:8765:4321",
                            "51514",
                            "ESTAB",
                            "33",
                            "48211",
                            "361"),
                    row(
                            rows,
                            0,
                            "local_address",
                            "local_port",
                            "peer_address",
                            "peer_port",
                            "state",
                            "uid",
                            "inode",
                            "pid"));
        }

        /** jc: [] and no error. insights: texts under names glued of words. */
        @Test
        void statisticsAreCountersUnderTheKernelsNames() {
            Rows rows = rows(
                    "netstat-s.txt",
                    """
                    Ip:
                        Forwarding: 2
                        619 total packets received
                        1031 requests sent out
                    Icmp:
                        5 ICMP messages received
                        ICMP input histogram:
                            destination unreachable: 5
                    Tcp:
                        305 active connection openings
                        84 connections established
                        22 segments retransmitted
                    TcpExt:
                        210 TCP sockets finished time wait in fast timer
                        TCPSynRetrans: 22
                    IpExt:
                        InOctets: 34445
                    """);
            assertEquals("305", counter(rows, "Tcp", "ActiveOpens"));
            assertEquals("210", counter(rows, "TcpExt", "TW"));
            assertEquals("22", counter(rows, "TcpExt", "TCPSynRetrans"));
            assertEquals("5", counter(rows, "Icmp", "InDestUnreachs"));
            assertEquals("34445", counter(rows, "IpExt", "InOctets"));
        }
    }

    @Nested
    class Proc {
        /** jc leaves states, queues and jiffies in hexadecimal; procfs reads 9 of 17 fields, oshi neither owner nor timer. */
        @Test
        void socketsHaveStatesQueuesTimersOwnersAndRetransmits() {
            Rows rows = rows(
                    "proc/net/tcp",
                    """
                      sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                       0: 0100090A:9C46 0200090A:232A 02 00000001:00000000 01:00000043 00000002    33        0 3240217 2 0000000034bf7179 400 4 0 10 -1
                       1: 0100090A:9C44 0200090A:2328 06 00000000:00000000 03:0000167E 00000000     0        0 0 3 00000000fb663922
                    """);
            assertEquals(
                    List.of(
                            "SYN-SENT",
                            "10.9.0.1",
                            "40006",
                            "10.9.0.2",
                            "9002",
                            "1",
                            "on",
                            "0.67",
                            "2",
                            "33",
                            "3240217"),
                    row(
                            rows,
                            0,
                            "state",
                            "local_address",
                            "local_port",
                            "peer_address",
                            "peer_port",
                            "send_q",
                            "timer",
                            "timer_s",
                            "retransmits",
                            "uid",
                            "inode"));
            assertEquals(List.of("TIME-WAIT", "timewait", "57.58"), row(rows, 1, "state", "timer", "timer_s"));
        }

        /** jc gives an address of each byte order and leaves the choice to its user. */
        @Test
        void version6HasOneAddress() {
            Rows rows = rows(
                    "proc/net/tcp6",
                    """
                      sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                       1: 000000FD000000000000000001000000:9C50 000000FD000000000000000002000000:2328 01 00000000:00000000 00:00000000 00000000     0        0 3240242 1 00000000c2f8e66d 20 0 0 10 -1
                    """);
            assertEquals(
                    List.of("fd00::1", "40016", "fd00::2", "9000", "ESTAB"),
                    row(rows, 0, "local_address", "local_port", "peer_address", "peer_port", "state"));
        }

        /** jc: "Proc file could not be identified". insights: version 4 only. */
        @Test
        void sockstatOfBothVersions() {
            Parsed four = whole(
                    "proc/net/sockstat",
                    "sockets: used 107\nTCP: inuse 90 orphan 0 tw 210 alloc 215 mem 0\nUDP: inuse 1 mem 0\n");
            assertEquals(Optional.of("210"), fact(four, "sockstat:TCP.tw"));
            Parsed six = whole("proc/net/sockstat6", "TCP6: inuse 5\nUDP6: inuse 0\n");
            assertEquals(Optional.of("5"), fact(six, "sockstat6:TCP6.inuse"));
        }

        /**
         * oshi reads Udp by place (545 and 546 received and sent became sent and errors); procfs has no MemErrors, OutTransmits and
         * OutRateLimit*; xsos loses the first counter of every section.
         */
        @Test
        void snmpIsReadByItsNamesFromTheFirstToTheNewest() {
            Rows rows = rows(
                    "proc/net/snmp",
                    """
                    Ip: Forwarding DefaultTTL InReceives OutTransmits
                    Ip: 2 64 619 1031
                    Icmp: InMsgs OutRateLimitGlobal OutRateLimitHost
                    Icmp: 5 1 2
                    Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
                    Udp: 545 0 0 546 0 0 0 0 3
                    """);
            assertEquals("2", counter(rows, "Ip", "Forwarding"));
            assertEquals("1031", counter(rows, "Ip", "OutTransmits"));
            assertEquals("2", counter(rows, "Icmp", "OutRateLimitHost"));
            assertEquals("545", counter(rows, "Udp", "InDatagrams"));
            assertEquals("546", counter(rows, "Udp", "OutDatagrams"));
            assertEquals("0", counter(rows, "Udp", "InErrors"));
            assertEquals("3", counter(rows, "Udp", "MemErrors"));
        }

        /**
         * insights reads lines 1 to 4 and merges the groups into one; procfs has none of MPTcpExt; node_exporter's filter drops TW,
         * TCPTimeWaitOverflow, TCPAbortOnMemory and PruneCalled; xsos loses SyncookiesSent, the first.
         */
        @Test
        void netstatHasAllGroupsAndAllNames() {
            Rows rows = rows(
                    "proc/net/netstat",
                    """
                    TcpExt: SyncookiesSent SyncookiesRecv PruneCalled TW TCPAbortOnMemory TCPTimeWaitOverflow TCPAOGood
                    TcpExt: 9 8 7 6 5 4 3
                    IpExt: InNoRoutes InOctets
                    IpExt: 1 34445
                    MPTcpExt: MPCapableSYNRX MPCurrEstab
                    MPTcpExt: 12 2
                    """);
            var values = new TreeMap<String, String>();
            for (int row = 0; row < rows.size(); row++) {
                values.put(rows.cell("group", row) + "." + rows.cell("name", row), rows.cell("value", row));
            }
            assertEquals(
                    "{IpExt.InNoRoutes=1, IpExt.InOctets=34445, MPTcpExt.MPCapableSYNRX=12, MPTcpExt.MPCurrEstab=2,"
                            + " TcpExt.PruneCalled=7, TcpExt.SyncookiesRecv=8, TcpExt.SyncookiesSent=9, TcpExt.TCPAOGood=3,"
                            + " TcpExt.TCPAbortOnMemory=5, TcpExt.TCPTimeWaitOverflow=4, TcpExt.TW=6}",
                    values.toString());
        }

        /** jc and insights have no parser. */
        @Test
        void snmp6IsReadByItsNames() {
            Rows rows = rows(
                    "proc/net/snmp6", "Ip6InReceives                   \t32\nUdp6InErrors                    \t4\n");
            assertEquals("32", counter(rows, "Ip6", "InReceives"));
            assertEquals("4", counter(rows, "Udp6", "InErrors"));
        }

        /** insights leaves out rows that are not as wide as the header. */
        @Test
        void slabsOfAnyWidth() {
            Rows rows = rows(
                    "proc/slabinfo",
                    """
                    slabinfo - version: 2.1
                    # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>
                    tw_sock_TCP          210    224    256   16    1 : tunables    0    0    0 : slabdata     14     14      0
                    a_cache_with_a_name_far_longer_than_the_column_is_wide 17 17 3520 9 8 : tunables 0 0 0 : slabdata 2 2 0
                    """);
            assertEquals(2, rows.size());
            assertEquals(List.of("210", "256"), row(rows, 0, "active_objs", "objsize"));
            assertEquals(List.of("17", "3520"), row(rows, 1, "active_objs", "objsize"));
        }

        /** jc drops the unit; the values are multiples of 1024 B. */
        @Test
        void meminfoKeepsItsUnit() {
            Parsed parsed = whole(
                    "proc/meminfo",
                    "MemTotal:       24684084 kB\nMemFree:        19463076 kB\nHugePages_Total:       3\n");
            assertEquals(Optional.of("19463076 KiB"), fact(parsed, "meminfo:MemFree"));
            assertEquals(Optional.of("3"), fact(parsed, "meminfo:HugePages_Total"));
        }

        /** node_exporter keeps oom_kill and what begins with pg or pswp. */
        @Test
        void vmstatKeepsWhatDirtyPagesNeed() {
            Parsed parsed = whole(
                    "proc/vmstat",
                    "nr_free_pages 4869764\nnr_dirty 41886\nnr_writeback 12\nnr_dirty_threshold 920000\nnr_dirty_background_threshold"
                            + " 460000\noom_kill 1\n");
            assertEquals(Optional.of("41886"), fact(parsed, "vmstat:nr_dirty"));
            assertEquals(Optional.of("12"), fact(parsed, "vmstat:nr_writeback"));
            assertEquals(Optional.of("920000"), fact(parsed, "vmstat:nr_dirty_threshold"));
        }

        /** jc has no names for the columns. */
        @Test
        void diskstatsAreNamed() {
            Rows rows = rows(
                    "proc/diskstats",
                    " 254       0 vda 242569 24991 13870138 187809 209556 208018 35105168 82414 2 34536 275527 22138 17 11081464 2842 48844 2460\n");
            assertEquals(
                    List.of("vda", "242569", "35105168", "2", "34536", "11081464", "2460"),
                    row(
                            rows,
                            0,
                            "device",
                            "reads_completed",
                            "sectors_written",
                            "ios_in_progress",
                            "ms_doing_io",
                            "sectors_discarded",
                            "ms_flushing"));
        }

        /** jc: AttributeError on /proc/mounts. */
        @Test
        void mountsWithBlanksInTheirNames() {
            Rows rows = rows(
                    "proc/mounts",
                    "/dev/vda / ext4 rw,relatime,data=ordered 0 0\n/dev/vdb /mnt/a\\040b ext4 rw,noatime 0 0\n");
            assertEquals(
                    List.of("/dev/vdb", "/mnt/a b", "ext4", "rw,noatime"),
                    row(rows, 1, "source", "target", "fstype", "options"));
        }

        /** jc: IndexError where the fifth and sixth field are left out, as fstab(5) allows. */
        @Test
        void fstabMayEndEarly() {
            Rows rows = rows("etc/fstab", "UUID=0b1f-77 / ext4 defaults\n/dev/vdb /srv xfs noatime 0\n");
            assertEquals(2, rows.size());
            assertEquals(List.of("/srv", "noatime"), row(rows, 1, "target", "options"));
        }

        /** jc and insights leave a setting of several numbers as text with a tab, and join names that come twice by line feeds. */
        @Test
        void settingsOfSeveralNumbersAndNamesThatComeTwice() {
            Parsed parsed = whole(
                    "sysctl-a.txt",
                    "net.ipv4.ip_local_port_range = 32768\t60999\nkernel.core_uses_pid = 1\nkernel.core_uses_pid = 0\n");
            assertEquals(Optional.of("32768 60999"), fact(parsed, "net.ipv4.ip_local_port_range"));
            assertEquals(
                    List.of("1", "0"),
                    parsed.facts().stream()
                            .filter(f -> f.name().equals("kernel.core_uses_pid"))
                            .map(f -> f.text())
                            .toList());
        }
    }

    @Nested
    class Conntrack {
        private static final String ENTRIES =
                """
                ipv4     2 tcp      6 57 CLOSE_WAIT src=10.9.0.1 dst=10.9.0.2 sport=40090 dport=9002 src=10.9.0.2 dst=10.9.0.1 sport=9002 dport=40090 [ASSURED] mark=42 zone=7 use=2
                ipv4     2 udp      17 27 src=10.9.0.1 dst=10.9.0.2 sport=40070 dport=7004 [UNREPLIED] src=10.9.0.2 dst=10.9.0.1 sport=7004 dport=40070 mark=0 zone=0 use=2
                ipv6     10 icmpv6   58 29 src=fd00::1 dst=fd00::2 type=128 code=0 id=7 src=fd00::2 dst=fd00::1 type=129 code=0 id=7 mark=0 zone=0 use=2
                """;

        /** Nobody of them reads the entries; by awk '{print $6}' TCP's states are mixed with the addresses of the others. */
        @Test
        void onlyTcpHasAState() {
            Rows rows = rows("proc/net/nf_conntrack", ENTRIES);
            assertEquals(
                    List.of("tcp", "57", "CLOSE_WAIT", "1", "0", "42", "7"),
                    row(rows, 0, "l4", "timeout_s", "state", "assured", "unreplied", "mark", "zone"));
            assertEquals(
                    List.of("udp", "27", "", "1", "10.9.0.1", "7004", "10.9.0.2"),
                    row(rows, 1, "l4", "timeout_s", "state", "unreplied", "orig_src", "orig_dport", "reply_src"));
            assertEquals(List.of("ipv6", "icmpv6", "", "fd00::1"), row(rows, 2, "l3", "l4", "state", "orig_src"));
        }

        /** procfs reads the columns by place: clashres is reported as Searched, chainlength as DeleteList. */
        @Test
        void statisticsOfTwoKernelsByTheirHeaders() {
            Rows now = rows(
                    "proc/net/stat/nf_conntrack",
                    """
                    entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
                    00000136  00000005 00000000 00000000 00000000 00000000 00000000 00000009 00000000 00000002 00000000 00000000 00000000  00000000 00000000 00000000 0000000f
                    """);
            assertEquals(
                    List.of("310", "5", "9", "2", "15"),
                    row(now, 0, "entries", "clashres", "chainlength", "insert_failed", "search_restart"));
            assertTrue(!now.columns().contains("searched") && !now.columns().contains("delete_list"));
            Rows old = rows(
                    "proc/net/stat/nf_conntrack",
                    """
                    entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
                    00000021  00000005 00000000 00000000 00000003 00007c9b 00000000 00000009 00000000 00000000 00000000 00000000 00000000  00000000 00000000 00000000 00000004
                    """);
            assertEquals(List.of("33", "5", "9"), row(old, 0, "entries", "searched", "delete_list"));
        }
    }

    @Nested
    class Disk {
        private static final String BANNER = "Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)\n\n";
        private static final String COLUMNS =
                "Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s  %wrqm w_await wareq-sz     d/s     dkB/s   drqm/s  %drqm d_await dareq-sz     f/s f_await  aqu-sz  %util\n";
        private static final String VDA =
                "vda            180.00   1196.00     0.00   0.00    0.71     6.64  %s      0.00     0.00   0.00    0.00     0.00    0.00      0.00     0.00   0.00    0.00     0.00    0.00    0.00    0.13   0.40\n";

        /**
         * jc takes the stamp for a device ({@code {"device":"11/21/26","r_s":11120.0}}); iostat2pcp dies on AM and PM and on years of two
         * digits; nmonvisualizer reads ISO stamps only. None of them numbers the reports.
         */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "11/21/26 01:32:33",
                    "11/21/2026 01:32:33 AM",
                    "11/21/26 01:32:33 PM",
                    "2026-11-21T01:32:33+0000",
                    "21/11/26 01:32:33",
                    "Time: 01:32:33 AM"
                })
        void stampsAreNoDevicesAndReportsAreNumbered(String stamp) {
            Rows rows = rows(
                    "iostat.txt",
                    BANNER + stamp + "\n" + COLUMNS + VDA.formatted("1.00") + "\n" + stamp + "\n" + COLUMNS
                            + VDA.formatted("2.00"));
            assertEquals(2, rows.size());
            assertEquals(
                    List.of("0", "1", stamp.replace("Time: ", ""), "vda", "180.0", "1.0", "0.4"),
                    row(rows, 0, "sample", "since_boot", "time", "device", "r/s", "w/s", "%util"));
            assertEquals(List.of("1", "0", "vda", "2.0"), row(rows, 1, "sample", "since_boot", "device", "w/s"));
        }

        /** iostat2pcp refuses the 21 columns of sysstat 12.2 (pcp#945). */
        @Test
        void columnsOfAnyVersionByTheirNames() {
            Rows rows = rows(
                    "iostat.txt",
                    BANNER
                            + COLUMNS.replace("     f/s f_await", "")
                            + VDA.formatted("1.00").replace("    0.00    0.00    0.13", "    0.13"));
            assertEquals(List.of("vda", "0.13", "0.4"), row(rows, 0, "device", "aqu-sz", "%util"));
        }

        /** jc: [] for -o JSON, and no error. */
        @Test
        void jsonIsReadToo() {
            Rows rows = rows(
                    "iostat.json",
                    """
                    {"sysstat": {
                    	"hosts": [
                    		{
                    			"nodename": "vm", "sysname": "Linux", "release": "6.18.44", "machine": "x86_64", "number-of-cpus": 2, "date": "11/21/26",
                    			"statistics": [
                    				{"timestamp": "11/21/26 01:32:33", "disk": [
                    					{"disk_device": "vda", "r/s": 104.73, "w/s": 90.57, "aqu-sz": 0.12, "util": 1.49}
                    				]}
                    			]
                    		}
                    	]
                    }}
                    """);
            assertEquals(List.of("vda", "104.73", "1.49"), row(rows, 0, "device", "r/s", "%util"));
        }

        /** jc: the node 'TCP' becomes null and the protocol is lost; '0t0' becomes a size of 0. */
        @Test
        void lsofKeepsProtocolsAndTellsOffsetsFromSizes() {
            Rows rows = rows(
                    "lsof.txt",
                    """
                    COMMAND PID USER   FD      TYPE             DEVICE SIZE/OFF     NODE NAME
                    nginx   361 root    5u     IPv4            3244085      0t0      TCP 127.0.0.1:18090 (LISTEN)
                    nginx   361 root   12u      REG              254,0 15595664  2556004 /srv/tmp/0000000005 (deleted)
                    java    814 root  mem-W     REG              254,0    32768  2154503 /tmp/hsperfdata_root/814
                    """);
            assertEquals(
                    List.of("5", "TCP", "", "0", "127.0.0.1:18090 (LISTEN)"),
                    row(rows, 0, "fd", "node", "size", "offset", "name"));
            assertEquals(
                    List.of("12", "15595664", "", "/srv/tmp/0000000005", "1"),
                    row(rows, 1, "fd", "size", "offset", "name", "deleted"));
            assertEquals(List.of("mem-W", "32768", "2154503"), row(rows, 2, "fd", "size", "node"));
        }

        /** jc has no -F. */
        @Test
        void lsofForProgramsIsReadToo() {
            Rows rows = rows(
                    "lsof-F.txt",
                    "p361\ncnginx\nf12\ntREG\nD0xfe00\ns15595664\ni2556004\nn/srv/tmp/0000000005 (deleted)\n");
            assertEquals(
                    List.of("nginx", "361", "12", "15595664", "2556004", "1"),
                    row(rows, 0, "command", "pid", "fd", "size", "node", "deleted"));
        }

        /** Nobody but PCP reads what sysstat keeps of last night, and PCP not as text. */
        @Test
        void whatSysstatRecordedIsReadAsTextAndForPrograms() {
            Rows text = rows(
                    "sar.txt",
                    """
                    Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)

                    01:32:32 AM       totsck    tcpsck    tcp-tw
                    01:32:33 AM           81        57       210
                    """);
            assertEquals(List.of("net-sock", "tcp-tw", "210.0"), row(text, 2, "activity", "name", "value"));
            Rows csv = rows(
                    "sadf-d.csv",
                    "# hostname;interval;timestamp;DEV;tps;rkB/s;%util\nvm;1;2026-11-21 01:32:33 UTC;vda;165.00;996.00;0.40\n");
            assertEquals(List.of("disk", "vda", "tps", "165.0"), row(csv, 0, "activity", "item", "name", "value"));
        }
    }

    @Nested
    class Web {
        /** insights: ParseException on a regular expression with braces. */
        @Test
        void aRegularExpressionMayHaveBraces() {
            Rows rows = rows(
                    "nginx.conf",
                    """
                    http { server {
                        location ~ "^/v\\d{2,3}$" { expires 1d; }
                        location ~ ^/v\\{2,3\\}$ { fastcgi_buffers 16 32k; }
                    } }
                    """);
            assertEquals(
                    List.of("expires", "fastcgi_buffers"),
                    List.of(rows.cell("name", 3), rows.cell("name", rows.size() - 1)));
            assertTrue(rows.cell("context", 3).endsWith("location ~ \"^/v\\d{2,3}$\""), () -> rows.cell("context", 3));
        }

        /** crossplane: failed, "server directive is not allowed here". insights: one document, the files' bounds lost. */
        @Test
        void aDumpKeepsTheFileOfEachDirective() {
            Rows rows = rows(
                    "nginx_T.txt",
                    """
                    nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
                    nginx: configuration file /etc/nginx/nginx.conf test is successful
                    # configuration file /etc/nginx/nginx.conf:
                    http {
                        include sites/*.conf;
                    }

                    # configuration file /etc/nginx/sites/a.conf:
                    server {
                        listen 81;
                    }

                    """);
            int listen = rows.size() - 1;
            assertEquals(
                    List.of("listen", "/etc/nginx/sites/a.conf", "2", "81"),
                    row(rows, listen, "name", "file", "line", "args"));
        }

        /** Nobody of them reads OPcache's status, the pools' status page or INFO. */
        @Test
        void opcacheFpmAndRedis() {
            assertEquals(
                    Optional.of("4033"),
                    fact(
                            whole(
                                    "opcache.json",
                                    "{\"opcache_enabled\":true,\"memory_usage\":{\"used_memory\":9175280,\"free_memory\":125042448,"
                                            + "\"wasted_memory\":0},\"opcache_statistics\":{\"num_cached_keys\":4033,\"max_cached_keys\":16229}}\n"),
                            "opcache:opcache_statistics.num_cached_keys"));
            Parsed pool = whole(
                    "fpm_status.txt",
                    """
                    pool:                 www
                    process manager:      static
                    start time:           21/Nov/2026:01:26:11 +0000
                    start since:          383
                    accepted conn:        1203
                    listen queue:         3
                    max listen queue:     4
                    listen queue len:     511
                    idle processes:       0
                    active processes:     4
                    total processes:      4
                    max active processes: 4
                    max children reached: 0
                    slow requests:        0
                    """);
            assertEquals(Optional.of("3"), fact(pool, "fpm:status.listen queue[www]"));
            assertEquals(Optional.of("1203"), fact(pool, "fpm:status.accepted conn[www]"));
            assertEquals(
                    Optional.of("128"),
                    fact(
                            whole(
                                    "redis_info.txt",
                                    "# Clients\nconnected_clients:128\ncluster_connections:0\nmaxclients:10000\n"),
                            "redis:connected_clients"));
        }
    }

    @Nested
    class Logs {
        /** insights scans logs by words and ships no rule for these; nobody else knows them. */
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "conntrack full|nf_conntrack: table full, dropping packet",
                    "conntrack full|nf_conntrack: nf_conntrack: table full, dropping packet",
                    "conntrack full|nf_conntrack: table full, dropping packet.",
                    "conntrack full|nf_conntrack: nf_conntrack: table full in netns 4026532281, dropping packet",
                    "SYN flooding|possible SYN flooding on port 80. Sending cookies.",
                    "SYN flooding|TCP: Possible SYN flooding on port 8080. Sending cookies.  Check SNMP counters.",
                    "SYN flooding|TCP: request_sock_TCP: Possible SYN flooding on port 10.9.0.2:9003. Sending cookies.",
                    "SYN flooding|TCP: request_sock_TCPv6: Possible SYN flooding on port 8080. Dropping request.  Check SNMP counters.",
                    "SYN flooding|TCP: request_sock_subflow_v4: Possible SYN flooding on port [::]:20002. Sending cookies.",
                    "TIME-WAIT overflow|TCP: time wait bucket table overflow"
                })
        void messagesInEveryVariant(String kind, String message) {
            for (String stamp :
                    List.of("[ 2102.062925] ", "[Sat Nov 21 01:32:03 2026] ", "Nov 21 01:32:03 edge-1 kernel: ")) {
                Rows rows = rows("var/log/messages", stamp + message + "\n");
                assertEquals(List.of(kind), row(rows, 0, "kind"));
            }
        }
    }

    @Nested
    class Packets {
        /** None of the peers reads packets or FastCGI. */
        @Test
        void segmentsAndRecords() {
            Rows rows = rows(
                    "tcpdump.txt",
                    "14:02:01.102000 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [S], seq 102930102, win 64240, options [mss 1460], length 0\n");
            assertEquals(
                    List.of("tcp", "10.0.1.5", "48201", "198.51.100.10", "443", "S"),
                    row(rows, 0, "protocol", "src", "sport", "dst", "dport", "flags"));
            Rows records = rows("fcgi.txt", "00000000: 0105 0001 0000 0000                      ........\n");
            assertEquals(List.of("FCGI_STDIN", "0"), row(records, 0, "type", "content_length"));
        }
    }

    @Nested
    class Prometheus {
        /** node_exporter makes these texts; nobody of them reads them back into what they were. */
        @Test
        void metricsAreTheFactsOfProcAgain() {
            Parsed parsed = whole(
                    "node.prom",
                    """
                    # HELP node_sockstat_TCP_tw Number of TCP sockets in state tw.
                    # TYPE node_sockstat_TCP_tw gauge
                    node_sockstat_TCP_tw 210
                    # HELP node_nf_conntrack_entries Number of currently allocated flow entries for connection tracking.
                    # TYPE node_nf_conntrack_entries gauge
                    node_nf_conntrack_entries 34210
                    """);
            assertEquals(Optional.of("210"), fact(parsed, "sockstat:TCP.tw"));
        }
    }
}
