package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** Small files of {@code /proc/net}, as kernel 6.18 prints them, and older ones where the columns differ. */
class ProcNetSourcesTest {
    @Test
    void snmp6OfTheHost() {
        Text snmp6 = text(
                "Ip6InReceives                   \t32", "Icmp6OutType133                 \t8", "Udp6InErrors  \t0");
        Rows rows = whole(new Snmp6Source(), snmp6);
        assertEquals(List.of("Icmp6", "OutType133", "8"), row(rows, 1, "group", "name", "value"));
        assertEquals(Optional.of("32"), fact(new Snmp6Source().parse(snmp6), "snmp6:Ip6.InReceives"));
    }

    @Test
    void snmp6OfOneDeviceIsNotTheHosts() {
        Text device = text("ifIndex                         \t2", "Ip6InReceives                   \t14003");
        Rows rows = whole(new Snmp6Source(), device);
        assertEquals("device_counters", rows.name());
        assertEquals(List.of("2", "Ip6", "InReceives", "14003"), row(rows, 0, "if_index", "group", "name", "value"));
        assertEquals(List.of(), new Snmp6Source().parse(device).facts());
    }

    @Test
    void softnetByPosition() {
        Text softnet = printedBy(
                "cat /proc/net/softnet_stat",
                "0018c9e9 00000041 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000007 00000008 00000009 00000001 00000005 00000006",
                "00000010 00000001 00000011 00000000 00000000 00000000 00000000 00000000 00000003");
        Rows rows = whole(new SoftnetSource(), softnet);
        String[] columns = {
            "cpu",
            "processed",
            "dropped",
            "time_squeeze",
            "received_rps",
            "flow_limit",
            "backlog_len",
            "input_qlen",
            "process_qlen"
        };
        assertEquals(List.of("1", "1624553", "65", "2", "7", "8", "9", "5", "6"), row(rows, 0, columns));
        assertEquals(List.of("", "16", "1", "17", "", "", "", "", ""), row(rows, 1, columns));
        assertEquals("3", rows.cell("cpu_collision", 1));
        assertEquals(Optional.of("66"), fact(new SoftnetSource().parse(softnet), "softnet:dropped"));
    }

    @Test
    void softnetWithoutItsNameIsKnownByShapeAndOtherShapesAreNot() {
        String line = "00000010 00000001 00000011 00000000 00000000 00000000 00000000 00000000 00000003";
        assertEquals(Source.Match.SHAPE, new SoftnetSource().match(text(line)));
        assertEquals(Source.Match.NO, new SoftnetSource().match(text("00015c73 00020e76 F0000769 00000000")));
        // the rows of stat/nf_conntrack, two blanks after the first column
        assertEquals(Source.Match.NO, new SoftnetSource().match(text(line.replaceFirst(" ", "  "))));
    }

    @Test
    void protocolsByTheHeadersNames() {
        Text protocols = text(
                "protocol  size sockets  memory press maxhdr  slab module     cl co di ac",
                "PACKET    1600      0      -1   NI       0   no   kernel      n  n  n  n",
                "TCP       2368    124     310   no     320   yes  kernel      y  y  y  y");
        Rows rows = whole(new ProtocolsSource(), protocols);
        assertEquals(
                List.of("TCP", "2368", "124", "310", "no", "320", "kernel", "y"),
                row(rows, 1, "protocol", "size", "sockets", "memory", "press", "maxhdr", "module", "ac"));
        assertEquals("", rows.cell("memory", 0));
        assertEquals(Optional.of("310"), fact(new ProtocolsSource().parse(protocols), "protocols:TCP.memory"));
    }

    @Test
    void unixSocketsWithAndWithoutInode() {
        Rows rows = whole(
                new ProcNetUnixSource(),
                text(
                        "Num       RefCount Protocol Flags    Type St Inode Path",
                        "000000002a48fd1c: 00000002 00000000 00010000 0001 01 3240249 /srv/my app.sock",
                        "000000002a48fd1d: 00000003 00000000 00000000 0001 02     0 /srv/lab.sock",
                        "00000000b5468f02: 00000003 00000000 00000000 0002 03 3240255",
                        "00000000b5468f03: 00000003 00000000 00000000 0005 01 3240256 @abstract"));
        String[] columns = {"netid", "state", "local_address", "inode"};
        assertEquals(List.of("u_str", "LISTEN", "/srv/my app.sock", "3240249"), row(rows, 0, columns));
        assertEquals(List.of("u_str", "SYN-SENT", "/srv/lab.sock", ""), row(rows, 1, columns));
        assertEquals(List.of("u_dgr", "ESTAB", "*", "3240255"), row(rows, 2, columns));
        assertEquals(List.of("u_seq", "UNCONN", "@abstract", "3240256"), row(rows, 3, columns));
        assertTrue(rows.covers().contains("u_str"));
        Rows old = whole(
                new ProcNetUnixSource(),
                text(
                        "Num       RefCount Protocol Flags    Type St Path",
                        "0000000000000000: 00000002 00000000 00010000 0001 01 /run/control"));
        assertEquals(List.of("u_str", "LISTEN", "/run/control", ""), row(old, 0, columns));
    }

    @Test
    void devicesWithColumnsOfBothHeaderLines() {
        Text dev = text(
                "Inter-|   Receive                                                |  Transmit",
                " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed",
                "   ve0:   46105     652    1    2    0     0          0         0   126571    1089    3    4    0     5       6          0",
                "  eth0:46105     652    1 ");
        Parsed parsed = new NetDevSource().parse(dev);
        Rows rows = parsed.rows().orElseThrow();
        assertEquals(
                List.of("ve0", "46105", "652", "1", "2", "126571", "3", "5", "6"),
                row(
                        rows,
                        0,
                        "interface",
                        "rx_bytes",
                        "rx_packets",
                        "rx_errors",
                        "rx_dropped",
                        "tx_bytes",
                        "tx_errors",
                        "tx_collisions",
                        "tx_carrier"));
        assertEquals(List.of("4: has 3 values where the header has 16 names"), rejects(parsed));
    }
}
