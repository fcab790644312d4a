package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.fact;
import static plimsoll.telemetry.SocketTexts.printedBy;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.text;
import static plimsoll.telemetry.SocketTexts.whole;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code netstat} and {@code nstat}, as net-tools 2.10 and iproute2 6.1 print them. */
class NetstatSourcesTest {
    private static final String HEADER =
            "Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name     Timer";

    private static final Text LISTING = text(
            "Active Internet connections (servers and established)",
            HEADER,
            "tcp        0      0 0.0.0.0:2024            0.0.0.0:*               LISTEN      -                    off (0.00/0/0)",
            "tcp        0     36 10.0.1.5:48201          198.51.100.10:443       TIME_WAIT   -                    timewait (58.12/0/0)",
            "tcp        0      0 10.0.1.5:48202          198.51.100.10:443       FIN_WAIT2   -                    probe (1.20/3/2)",
            "tcp6       0      0 127.0.0.1:39920         127.0.0.1:44087         ESTABLISHED 10942/nginx: worker  keepalive (7190.11/0/0)",
            "tcp6       0      0 2001:db8:85a3:8d3:1:443 2001:db8:85a3:8d:33021  CLOSE_WAIT  77/java              off (0.00/0/0)",
            "udp        0      0 127.0.0.1:53            0.0.0.0:*                           11006/python3        off (0.00/0/0)",
            "raw6       0      0 :::58                   :::*                    7           611/systemd-network  off (0.00/0/0)",
            "Active UNIX domain sockets (servers and established)",
            "Proto RefCnt Flags       Type       State         I-Node   PID/Program name     Path",
            "unix  2      [ ACC ]     STREAM     LISTENING     114789   10257/php-fpm: mast  /run/php/fpm.sock",
            "unix  2      [ ]         DGRAM                    1142     -                    @/org/kernel/linux/storage",
            "unix  3      [ ]         STREAM     CONNECTED     113775   10459/java           ");

    @Test
    void socketsInTheSpellingOfSs() {
        Rows rows = whole(new NetstatListingSource(), LISTING);
        assertEquals(10, rows.size());
        String[] columns = {
            "netid", "state", "local_address", "local_port", "peer_address", "peer_port", "timer", "timer_s"
        };
        assertEquals(List.of("tcp", "LISTEN", "0.0.0.0", "2024", "0.0.0.0", "", "", ""), row(rows, 0, columns));
        assertEquals(
                List.of("tcp", "TIME-WAIT", "10.0.1.5", "48201", "198.51.100.10", "443", "timewait", "58.12"),
                row(rows, 1, columns));
        assertEquals(
                List.of("tcp", "FIN-WAIT-2", "10.0.1.5", "48202", "198.51.100.10", "443", "persist", "1.2"),
                row(rows, 2, columns));
        assertEquals(
                List.of(
                        "tcp",
                        "ESTAB",
                        "::ffff:127.0.0.1",
                        "39920",
                        "::ffff:127.0.0.1",
                        "44087",
                        "keepalive",
                        "7190.11"),
                row(rows, 3, columns));
        assertEquals(List.of("udp", "UNCONN", "127.0.0.1", "53", "0.0.0.0", "", "", ""), row(rows, 5, columns));
        assertEquals(List.of("raw", "UNCONN", "::", "58", "::", "", "", ""), row(rows, 6, columns));
        assertEquals(List.of("36", "3"), List.of(rows.cell("send_q", 1), rows.cell("retransmits", 2)));
        assertEquals(List.of("10942", "nginx: worker"), row(rows, 3, "pid", "process"));
        assertEquals(List.of("", ""), row(rows, 0, "pid", "process"));
    }

    @Test
    void anAddressThatTheColumnCutIsMarked() {
        Rows rows = whole(new NetstatListingSource(), LISTING);
        assertEquals(
                List.of("2001:db8:85a3:8d3:1", "443", "1"), row(rows, 4, "local_address", "local_port", "address_cut"));
        assertEquals(List.of("", ""), List.of(rows.cell("address_cut", 3), rows.cell("address_cut", 0)));
    }

    @Test
    void unixSocketsBelow() {
        Rows rows = whole(new NetstatListingSource(), LISTING);
        String[] columns = {"netid", "state", "local_address", "inode", "pid", "process"};
        assertEquals(
                List.of("u_str", "LISTEN", "/run/php/fpm.sock", "114789", "10257", "php-fpm: mast"),
                row(rows, 7, columns));
        assertEquals(List.of("u_dgr", "UNCONN", "@/org/kernel/linux/storage", "1142", "", ""), row(rows, 8, columns));
        assertEquals(List.of("u_str", "ESTAB", "*", "113775", "10459", "java"), row(rows, 9, columns));
    }

    @Test
    void theTitleSaysWhichStatesAreListed() {
        assertTrue(whole(new NetstatListingSource(), LISTING).covers().containsAll(List.of("tcp4", "tcp6", "u_str")));
        Rows connected = whole(
                new NetstatListingSource(),
                text(
                        "Active Internet connections (w/o servers)",
                        HEADER,
                        LISTING.lines().get(3)));
        assertTrue(connected.covers().contains("tcp4 TIME-WAIT"));
        assertFalse(connected.covers().contains("tcp4 LISTEN"));
        Rows listeners = whole(
                new NetstatListingSource(),
                text(
                        "Active Internet connections (only servers)",
                        HEADER,
                        LISTING.lines().get(2)));
        assertTrue(listeners.covers().contains("tcp4 LISTEN"));
        assertFalse(listeners.covers().contains("tcp4 TIME-WAIT"));
    }

    @Test
    void userAndInodeWhereTheHeaderHasThem() {
        Rows rows = whole(
                new NetstatListingSource(),
                text(
                        "Active Internet connections (servers and established)",
                        "Proto Recv-Q Send-Q Local Address           Foreign Address         State       User       Inode      PID/Program name    ",
                        "tcp        0      0 127.0.0.1:32812         127.0.0.1:36329         ESTABLISHED 33         114012     10942/java          ",
                        "udp        0      0 0.0.0.0:68              0.0.0.0:*                           systemd    114    -                   "));
        assertEquals(List.of("33", "114012", "10942"), row(rows, 0, "uid", "inode", "pid"));
        assertEquals(List.of("", "114", ""), row(rows, 1, "uid", "inode", "pid"));
    }

    @Test
    void rowsWithoutHeaderAreAnExcerptAndBrokenOnesRejected() {
        var source = new NetstatListingSource();
        Text grepped = text(
                LISTING.lines().get(3), LISTING.lines().get(3).replace("TIME_WAIT", "TIME_WEIGHT"), "tcp 0 0 10.0");
        assertEquals(Source.Match.SHAPE, source.match(grepped));
        Parsed parsed = source.parse(grepped);
        assertTrue(parsed.rows().orElseThrow().excerpt());
        assertEquals(
                List.of(
                        "2: has no state that TCP has: CLOSE CLOSE_WAIT CLOSING ESTABLISHED FIN_WAIT1 FIN_WAIT2 LAST_ACK LISTEN"
                                + " SYN_RECV SYN_SENT TIME_WAIT",
                        "3: is not a socket: protocol, two whole numbers, local and foreign address with their ports"),
                rejects(parsed));
    }

    @Test
    void sentencesOfStatisticsUnderTheKernelsNames() {
        var source = new NetstatStatisticsSource();
        Text statistics = text(
                "Ip:",
                "    Forwarding: 2",
                "    619 total packets received",
                "    OutTransmits: 1031",
                "Icmp:",
                "    5 ICMP messages received",
                "    ICMP input histogram:",
                "        destination unreachable: 5",
                "    ICMP output histogram:",
                "        destination unreachable: 7",
                "Tcp:",
                "    305 active connection openings",
                "    22 segments retransmited",
                "TcpExt:",
                "    210 TCP sockets finished time wait in fast timer",
                "    Quick ack mode was activated 4 times",
                "    3 SYNs to LISTEN sockets dropped",
                "    6 widgets lost on the way",
                "    TCPLostRetransmit: 11",
                "MPTcpExt:");
        Rows rows = whole(source, statistics);
        assertTrue(rows.excerpt());
        Parsed parsed = source.parse(statistics);
        assertEquals(Optional.of("2"), fact(parsed, "snmp:Ip.Forwarding"));
        assertEquals(Optional.of("619"), fact(parsed, "snmp:Ip.InReceives"));
        assertEquals(Optional.of("1031"), fact(parsed, "snmp:Ip.OutTransmits"));
        assertEquals(Optional.of("5"), fact(parsed, "snmp:Icmp.InDestUnreachs"));
        assertEquals(Optional.of("7"), fact(parsed, "snmp:Icmp.OutDestUnreachs"));
        assertEquals(Optional.of("305"), fact(parsed, "snmp:Tcp.ActiveOpens"));
        assertEquals(Optional.of("22"), fact(parsed, "snmp:Tcp.RetransSegs"));
        assertEquals(Optional.of("210"), fact(parsed, "netstat:TcpExt.TW"));
        assertEquals(Optional.of("4"), fact(parsed, "netstat:TcpExt.DelayedACKLost"));
        assertEquals(Optional.of("3"), fact(parsed, "netstat:TcpExt.ListenDrops"));
        assertEquals(Optional.of("11"), fact(parsed, "netstat:TcpExt.TCPLostRetransmit"));
        assertEquals(
                List.of("TcpExt", "widgets lost on the way", "6"),
                row(rows, rows.size() - 2, "group", "name", "value"));
        assertEquals(12, parsed.facts().size());
    }

    @Test
    void nstatWithItsGroupsTakenApart() {
        var source = new NstatSource();
        Text nstat = printedBy(
                "nstat -asz",
                "#kernel",
                "IpInReceives                    619                0.0",
                "Icmp6OutType133                 8                  0.0",
                "UdpLite6InErrors                0                  0.0",
                "TcpExtTW                        210                0.0",
                "IpExtInOctets                   34445              0.0");
        Rows rows = whole(source, nstat);
        assertEquals(List.of("TcpExt", "TW", "210"), row(rows, 3, "group", "name", "value"));
        assertEquals(List.of("UdpLite6", "InErrors", "0"), row(rows, 2, "group", "name", "value"));
        assertTrue(rows.covers().containsAll(List.of("Ip", "TcpExt", "IpExt", "Icmp6")));
        assertEquals(Optional.of("210"), fact(source.parse(nstat), "netstat:TcpExt.TW"));
        assertEquals(Optional.of("8"), fact(source.parse(nstat), "snmp6:Icmp6.OutType133"));
    }

    @Test
    void incrementsOfNstatAreNoTotals() {
        Parsed parsed = new NstatSource()
                .parse(printedBy("nstat -z", "#kernel", "TcpActiveOpens 3 0.0", "TcpPassiveOpens 0 0.0"));
        assertEquals(List.of(), parsed.facts());
        assertTrue(parsed.rows().orElseThrow().excerpt());
    }

    @Test
    void withoutZerosNstatIsAnExcerpt() {
        assertTrue(new NstatSource()
                .parse(text("#kernel", "TcpActiveOpens 3 0.0"))
                .rows()
                .orElseThrow()
                .excerpt());
    }
}
