package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static plimsoll.telemetry.SocketTexts.fact;
import static plimsoll.telemetry.SocketTexts.printedBy;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.text;
import static plimsoll.telemetry.SocketTexts.whole;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Devices, neighbours and packet filters. */
class NetworkDeviceSourcesTest {
    @Test
    void linksWithTheirCounters() {
        Rows rows = whole(
                new IpLinkSource(),
                text(
                        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000",
                        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
                        "    RX:  bytes packets errors dropped  missed   mcast           ",
                        "       3626130   23970      0       0       0       0 ",
                        "    RX errors:  length    crc   frame    fifo overrun",
                        "                     1      2       3       4       5 ",
                        "    TX:  bytes packets errors dropped carrier collsns           ",
                        "       3626131   23971      6       7       8       9 ",
                        "2: eth0@if7: <BROADCAST,UP> mtu 1400 qdisc pfifo_fast state UP mode DEFAULT group default qlen 1000",
                        "    link/ether 02:fc:00:00:00:01 brd ff:ff:ff:ff:ff:ff"));
        assertEquals(
                List.of("lo", "UNKNOWN", "65536", "3626130", "3626131", "6", "7", "9", "5"),
                row(
                        rows,
                        0,
                        "interface",
                        "state",
                        "mtu",
                        "rx_bytes",
                        "tx_bytes",
                        "tx_errors",
                        "tx_dropped",
                        "tx_collisions",
                        "rx_overrun"));
        assertEquals(List.of("eth0", "UP", "1400", ""), row(rows, 1, "interface", "state", "mtu", "rx_bytes"));
    }

    @Test
    void neighboursInTheirStates() {
        Text neighbours = text(
                "192.0.2.1 dev eth0 lladdr 02:fc:00:00:00:05 STALE ",
                "fd00::1 dev eth0 FAILED ",
                "fe80::1 dev eth0 lladdr 02:fc:00:00:00:05 router REACHABLE",
                "arp_cache: neighbor table overflow!");
        Parsed parsed = new NeighbourSource().parse(neighbours);
        Rows rows = parsed.rows().orElseThrow();
        assertEquals(
                List.of("192.0.2.1", "eth0", "02:fc:00:00:00:05", "STALE", "0"),
                row(rows, 0, "address", "device", "lladdr", "state", "router"));
        assertEquals(List.of("fd00::1", "", "FAILED"), row(rows, 1, "address", "lladdr", "state"));
        assertEquals("1", rows.cell("router", 2));
        assertEquals(
                List.of("4: is not a neighbour, which is like '10.0.0.1 dev eth0 lladdr 02:00:00:00:00:01 STALE'"),
                rejects(parsed));
    }

    /** With -s, with who put the entry there, of one device, and what the host answers for. */
    @Test
    void neighboursWithStatisticsOfOneDeviceAndProxied() {
        Rows rows = whole(
                new NeighbourSource(),
                text(
                        "10.77.0.2 dev va lladdr c6:de:f8:76:e6:64 used 6/6/6 probes 4 REACHABLE ",
                        "10.77.0.9 dev va used 16/76/13 probes 6 FAILED ",
                        "10.77.0.3 dev va lladdr 02:00:00:00:00:03 PERMANENT proto static ",
                        "10.77.0.4 lladdr 02:00:00:00:00:04 STALE",
                        "10.77.0.200 dev va proxy "));
        assertEquals(List.of("10.77.0.2", "va", "REACHABLE"), row(rows, 0, "address", "device", "state"));
        assertEquals(List.of("10.77.0.9", "", "FAILED"), row(rows, 1, "address", "lladdr", "state"));
        assertEquals(List.of("02:00:00:00:00:03", "PERMANENT"), row(rows, 2, "lladdr", "state"));
        assertEquals(List.of("10.77.0.4", "", "STALE"), row(rows, 3, "address", "device", "state"));
        assertEquals(List.of("10.77.0.200", "va", ""), row(rows, 4, "address", "device", "state"));
        assertEquals(Set.of("ip4"), rows.covers());
    }

    @Test
    void allowancesOfACloudDevice() {
        var source = new EthtoolSource();
        Text counters = printedBy(
                "ethtool -S eth0",
                "NIC statistics:",
                "     bw_in_allowance_exceeded: 1703",
                "     conntrack_allowance_exceeded: 0",
                "     queue_0_tx_cnt: 18446744073709551615",
                "     [0]: rx_ucast_packets: 12");
        Rows rows = whole(source, counters);
        assertEquals(List.of("eth0", "bw_in_allowance_exceeded", "1703"), row(rows, 0, "interface", "name", "value"));
        assertEquals(Optional.of("1703"), fact(source.parse(counters), "ethtool:eth0.bw_in_allowance_exceeded"));
        // 2^64 - 1 is no whole number of a table
        assertEquals("", rows.cell("value", 2));
        assertEquals(Optional.of("18446744073709551615"), fact(source.parse(counters), "ethtool:eth0.queue_0_tx_cnt"));
        assertEquals(List.of("[0]: rx_ucast_packets", "12"), row(rows, 3, "name", "value"));
    }

    @Test
    void nftRulesThatDecideHowManyConnectionsFit() {
        Rows rows = whole(
                new NftSource(),
                text(
                        "table ip raw {",
                        "\tchain prerouting {",
                        "\t\ttype filter hook prerouting priority raw; policy accept;",
                        "\t\ttcp dport 443 counter packets 5 bytes 300 notrack comment \"x\"",
                        "\t}",
                        "}",
                        "table inet nat { # handle 2",
                        "\tset s { # handle 3",
                        "\t\ttype ipv4_addr",
                        "\t\telements = { 192.0.2.4,",
                        "\t\t\t     192.0.2.5 }",
                        "\t}",
                        "",
                        "\tchain post { # handle 2",
                        "\t\ttype nat hook postrouting priority srcnat; policy accept;",
                        "\t\tip saddr 10.0.0.0/8 ip protocol tcp counter packets 0 bytes 0 snat ip to 192.0.2.3-192.0.2.9:1024-65535 # handle 6",
                        "\t\toifname \"eth0\" meta l4proto tcp masquerade to :1024-2048 random",
                        "\t\ttcp dport { 80, 443 } drop",
                        "\t\toifname \"masquerade\" accept",
                        "\t\toifname \"eth1\" counter packets 0 bytes 0 masquerade fully-random",
                        "\t}",
                        "}"));
        String[] columns = {"family", "table", "chain", "kind", "to", "packets", "bytes"};
        assertEquals(4, rows.size());
        assertEquals(List.of("ip", "raw", "prerouting", "notrack", "", "5", "300"), row(rows, 0, columns));
        assertEquals(
                List.of("inet", "nat", "post", "snat", "192.0.2.3-192.0.2.9:1024-65535", "0", "0"),
                row(rows, 1, columns));
        assertEquals(List.of("inet", "nat", "post", "masquerade", ":1024-2048", "", ""), row(rows, 2, columns));
        assertEquals(List.of("inet", "nat", "post", "masquerade", "", "0", "0"), row(rows, 3, columns));
    }

    @Test
    void iptablesSaved() {
        Rows rows = whole(
                new IptablesSource(),
                text(
                        "# Generated by iptables-save v1.8.9 on Sat Nov 21 01:32:28 2026",
                        "*raw",
                        ":PREROUTING ACCEPT [10:840]",
                        "-A PREROUTING -p tcp -m tcp --dport 443 -j CT --notrack",
                        "-A PREROUTING -p udp -j CT --helper ftp",
                        "COMMIT",
                        "*nat",
                        ":POSTROUTING ACCEPT [0:0]",
                        "[5:300] -A POSTROUTING -o eth0 -p tcp -j SNAT --to-source 192.0.2.3-192.0.2.9:1024-65535",
                        "-A POSTROUTING -o eth1 -p tcp -j MASQUERADE --to-ports 1024-2048 --random",
                        "-A POSTROUTING -o eth2 -m comment --comment \"no SNAT here\" -j ACCEPT",
                        "COMMIT",
                        "# Completed on Sat Nov 21 01:32:28 2026"));
        String[] columns = {"family", "table", "chain", "kind", "to", "packets", "bytes"};
        assertEquals(3, rows.size());
        assertEquals(List.of("ip", "raw", "PREROUTING", "notrack", "", "", ""), row(rows, 0, columns));
        assertEquals(
                List.of("ip", "nat", "POSTROUTING", "snat", "192.0.2.3-192.0.2.9:1024-65535", "5", "300"),
                row(rows, 1, columns));
        assertEquals(List.of("ip", "nat", "POSTROUTING", "masquerade", "1024-2048", "", ""), row(rows, 2, columns));
    }

    @Test
    void theChainsOfAListingTellItsTable() {
        String columns = "target     prot opt source               destination         ";
        Rows nat = whole(
                new IptablesSource(),
                text(
                        "Chain PREROUTING (policy ACCEPT)",
                        columns,
                        "",
                        "Chain INPUT (policy ACCEPT)",
                        columns,
                        "",
                        "Chain OUTPUT (policy ACCEPT)",
                        columns,
                        "",
                        "Chain POSTROUTING (policy ACCEPT)",
                        columns,
                        "MASQUERADE  tcp  --  anywhere             anywhere             masq ports: 20000-30000"));
        assertEquals(Set.of("ip nat"), nat.covers());
        assertEquals(List.of("nat", "20000-30000"), row(nat, 0, "table", "to"));
        Rows raw = whole(
                new IptablesSource(), text("-P PREROUTING ACCEPT", "-P OUTPUT ACCEPT", "-A OUTPUT -p udp -j NOTRACK"));
        assertEquals(Set.of("ip raw"), raw.covers());
        Rows six = whole(
                new IptablesSource(),
                text(
                        "Chain INPUT (policy ACCEPT)",
                        columns,
                        "ACCEPT     all      ::/0                 ::/0                ",
                        "Chain FORWARD (policy ACCEPT)",
                        columns));
        assertEquals(Set.of("ip6 filter"), six.covers());
    }

    @Test
    void iptablesListed() {
        Rows rows = whole(
                new IptablesSource(),
                printedBy(
                        "iptables -t nat -L -n -v",
                        "Chain POSTROUTING (policy ACCEPT 12 packets, 840 bytes)",
                        " pkts bytes target     prot opt in     out     source               destination         ",
                        "    5   300 SNAT       tcp  --  *      eth0    10.0.0.0/8           0.0.0.0/0            to:192.0.2.3-192.0.2.9:1024-65535",
                        "5041K  302M MASQUERADE  all  --  *      eth1    0.0.0.0/0            0.0.0.0/0           ",
                        "    0     0            all  --  *      eth2    0.0.0.0/0            0.0.0.0/0           ",
                        "",
                        "Chain DOCKER (2 references)",
                        " pkts bytes target     prot opt in     out     source               destination         ",
                        "    7   420 DNAT       6    --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:80 to:10.0.0.2:8080"));
        String[] columns = {"table", "chain", "kind", "to", "packets", "bytes"};
        assertEquals(3, rows.size());
        assertEquals(
                List.of("nat", "POSTROUTING", "snat", "192.0.2.3-192.0.2.9:1024-65535", "5", "300"),
                row(rows, 0, columns));
        assertEquals(List.of("nat", "POSTROUTING", "masquerade", "", "", ""), row(rows, 1, columns));
        assertEquals(List.of("nat", "DOCKER", "dnat", "10.0.0.2:8080", "7", "420"), row(rows, 2, columns));
    }
}
