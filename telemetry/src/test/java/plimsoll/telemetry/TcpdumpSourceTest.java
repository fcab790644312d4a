package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.fact;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.text;
import static plimsoll.telemetry.SocketTexts.whole;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The text of {@code tcpdump} in its spellings. */
class TcpdumpSourceTest {
    private static final String SYN =
            "14:02:01.102000 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [S], seq 102930102, win 64240, options [mss 1460,sackOK], length 0";
    private static final String[] COLUMNS = {
        "time_ns", "protocol", "src", "sport", "dst", "dport", "flags", "seq", "ack", "win", "length"
    };

    private static Rows rows(String... lines) {
        return whole(new TcpdumpSource(), text(lines));
    }

    @Test
    void segmentsAsFieldReportsSpellThem() {
        Rows rows = rows(
                SYN,
                "14:45:01.100000 IP 10.0.1.5.54320 > 198.51.100.10.443: Flags[P.], seq 1024:2048, ack 4096, win 502, options[nop,nop], length 1024",
                "14:02:01.122000 IP 198.51.100.10.443 > 10.0.1.5.48201: Flags [S.], seq 482910201, ack 102930103, win 65160, options[mss 1460],",
                "14:45:01.200000 IP 10.0.1.5.54320 > 198.51.100.10.443: Flags [P.], seq 2048:3048, ack 4096");
        // 14:02:01.102 is 50521.102 s after midnight
        assertEquals(
                List.of(
                        "50521102000000",
                        "tcp",
                        "10.0.1.5",
                        "48201",
                        "198.51.100.10",
                        "443",
                        "S",
                        "102930102",
                        "",
                        "64240",
                        "0"),
                row(rows, 0, COLUMNS));
        assertEquals(List.of("P.", "1024", "4096", "1024"), row(rows, 1, "flags", "seq", "ack", "length"));
        assertEquals(List.of("S.", "482910201", ""), row(rows, 2, "flags", "seq", "length"));
        assertEquals("1000", rows.cell("length", 3));
    }

    @Test
    void otherStampsAndInterfaces() {
        Rows rows = rows(
                "2026-11-21 01:32:28.000001 IP6 2001:db8::1.33000 > 2001:db8::2.443: Flags [F.], seq 5, ack 9, win 10, length 0",
                "1700000000.123456 eth0  Out IP 10.0.0.1.1 > 10.0.0.2.2: Flags [R], seq 5, win 0, length 0",
                " 00:00:00.000012 IP 10.0.0.1.1 > 10.0.0.2.2: Flags [.], ack 1, win 0, length 0",
                "IP 10.0.0.1.1 > 10.0.0.2.2: Flags [.], ack 1, win 0, length 0");
        // 2026-11-21 is day 20778
        assertEquals(Long.toString((20778L * 86400 + 5548) * 1_000_000_000L + 1000), rows.cell("time_ns", 0));
        assertEquals(
                List.of("2001:db8::1", "33000", "2001:db8::2", "443"), row(rows, 0, "src", "sport", "dst", "dport"));
        assertEquals(List.of("1700000000123456000", "eth0", "R"), row(rows, 1, "time_ns", "interface", "flags"));
        assertEquals(List.of("", "."), row(rows, 2, "time_ns", "flags"));
        assertEquals(List.of("", "10.0.0.2"), row(rows, 3, "time_ns", "dst"));
    }

    @Test
    void datagramsAndWhatHasNoPorts() {
        Rows rows = rows(
                "12:00:00.000000 IP 10.0.0.1.5353 > 224.0.0.251.5353: UDP, length 48",
                "12:00:00.000000 IP 10.0.0.1.40001 > 10.0.0.2.53: 12345+ A? example.com. (29)",
                "12:00:00.000000 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 2, length 64",
                "12:00:00.000000 IP6 fe80::1 > ff02::1: ICMP6, router advertisement, length 56",
                "12:00:00.000000 ARP, Request who-has 10.0.0.1 tell 10.0.0.5, length 28",
                "12:00:00.000000 ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46",
                "12:00:00.000000 LLDP, length 60");
        String[] columns = {"protocol", "src", "sport", "dst", "dport", "length"};
        assertEquals(List.of("udp", "10.0.0.1", "5353", "224.0.0.251", "5353", "48"), row(rows, 0, columns));
        assertEquals(List.of("udp", "10.0.0.1", "40001", "10.0.0.2", "53", "29"), row(rows, 1, columns));
        assertEquals(List.of("icmp", "10.0.0.1", "", "10.0.0.2", "", "64"), row(rows, 2, columns));
        assertEquals(List.of("icmp6", "fe80::1", "", "ff02::1", "", "56"), row(rows, 3, columns));
        assertEquals(List.of("arp", "10.0.0.5", "", "10.0.0.1", "", "28"), row(rows, 4, columns));
        assertEquals(List.of("arp", "10.0.0.1", "", "", "", "46"), row(rows, 5, columns));
        assertEquals(List.of("lldp", "", "", "", "", "60"), row(rows, 6, columns));
    }

    @Test
    void recordsOfTwoLinesAndLinkHeaders() {
        Rows rows = rows(
                "12:00:00.000000 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60)",
                "    10.0.1.5.48201 > 198.51.100.10.443: Flags [S], cksum 0x1 (correct), seq 9, win 64240, length 0",
                "12:00:00.000000 02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 74: 10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 3, win 1, length 0");
        assertEquals(List.of("10.0.1.5", "48201", "9"), row(rows, 0, "src", "sport", "seq"));
        assertEquals(List.of("10.0.0.1", "1", "3"), row(rows, 1, "src", "sport", "seq"));
    }

    @Test
    void payloadsBelongToThePacketAbove() {
        Text dump = text(
                "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode",
                "listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes",
                "12:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 1:56, ack 1, win 502, length 55",
                "E..k..@.@.............P........P.......GET / HTTP/1.1",
                "Host: example.com",
                "12:34 is not a stamp",
                "",
                "12:00:01.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 9, win 502, length 0",
                "\t0x0000:  4500 0028 0001 4000 4006 0000 0a00 0001  E..(..@.@.......",
                "5 packets captured",
                "7 packets received by filter",
                "2 packets dropped by kernel");
        Rows rows = whole(new TcpdumpSource(), dump);
        assertEquals(2, rows.size());
        assertEquals(Optional.of("2"), fact(new TcpdumpSource().parse(dump), "tcpdump:dropped_by_kernel"));
    }

    /** tcpdump 4.99 with -e -vv, -#, -t and -A, of a veth pair. */
    @Test
    void linkHeadersBeforeVerboseHeadersAndTheirDetails() {
        Rows rows = rows(
                "08:43:43.707404 aa:d0:ed:6e:1a:c3 > 33:33:ff:6e:1a:c3, ethertype IPv6 (0x86dd), length 86: (hlim 255, next-header ICMPv6 (58) payload length: 32) :: > ff02::1:ff6e:1ac3: [icmp6 sum ok] ICMP6, neighbor solicitation, length 32, who has fe80::a8d0:edff:fe6e:1ac3",
                "\t  unknown option (14), length 8 (1): ",
                "\t    0x0000:  1195 55e6 fadf",
                "08:43:43.739440 aa:d0:ed:6e:1a:c3 > 33:33:00:00:00:16, ethertype IPv6 (0x86dd), length 110: (hlim 1, next-header Options (0) payload length: 56) :: > ff02::16: HBH (rtalert: 0x0000) (padn) [icmp6 sum ok] ICMP6, multicast listener report v2, 2 group record(s)",
                "08:43:47.866223 aa:d0:ed:6e:1a:c3 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: Ethernet (len 6), IPv4 (len 4), Request who-has 10.77.0.2 tell 10.77.0.1, length 28",
                "08:43:47.866264 aa:d0:ed:6e:1a:c3 > c6:de:f8:76:e6:64, ethertype IPv4 (0x0800), length 93: (tos 0x0, ttl 64, id 60271, offset 0, flags [DF], proto TCP (6), length 79)",
                "    10.77.0.1.22424 > 10.77.0.2.80: Flags [P.], cksum 0x14de (incorrect -> 0x2c77), seq 1:28, ack 1, win 63, options [nop,nop,TS val 3071968451 ecr 2277221103], length 27: HTTP, length: 27",
                "\tGET / HTTP/1.1",
                "\tHost: a",
                "\t",
                "08:43:47.878783 aa:d0:ed:6e:1a:c3 > c6:de:f8:76:e6:64, ethertype IPv4 (0x0800), length 71: (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto UDP (17), length 57)",
                "    10.77.0.1.40070 > 10.77.0.2.53: [udp sum ok] 4660+ A? www.example.com. (29)");
        assertEquals(List.of("icmp6", "::", "ff02::1:ff6e:1ac3"), row(rows, 0, "protocol", "src", "dst"));
        assertEquals(List.of("icmp6", "ff02::16"), row(rows, 1, "protocol", "dst"));
        assertEquals(List.of("arp", "10.77.0.1", "10.77.0.2"), row(rows, 2, "protocol", "src", "dst"));
        assertEquals(
                List.of("tcp", "10.77.0.1", "22424", "80", "P.", "1", "27"),
                row(rows, 3, "protocol", "src", "sport", "dport", "flags", "seq", "length"));
        assertEquals(List.of("udp", "53", "29"), row(rows, 4, "protocol", "dport", "length"));
    }

    @Test
    void numberedUntimedAndAsText() {
        Rows numbered = rows(
                "    1  08:43:47.866223 ARP, Request who-has 10.77.0.2 tell 10.77.0.1, length 28",
                "   12  08:43:47.866264 IP 10.77.0.1.22424 > 10.77.0.2.80: Flags [S], seq 1371316853, win 64240, length 0");
        assertEquals(List.of("tcp", "22424", "1371316853"), row(numbered, 1, "protocol", "sport", "seq"));
        Rows untimed = rows(
                "IP 10.77.0.1.22424 > 10.77.0.2.80: Flags [S], seq 1371316853, win 64240, length 0",
                "ARP, Reply 10.77.0.2 is-at c6:de:f8:76:e6:64, length 28");
        assertEquals(List.of("arp", "10.77.0.2", ""), row(untimed, 1, "protocol", "src", "time_ns"));
        Rows text = rows(
                "08:43:46.619340 IP6 fe80::c4de:f8ff:fe76:e664 > ff02::16: HBH ICMP6, multicast listener report v2, 2 group record(s), length 48",
                "`....8...............v.d................:..........W.....................v.d....................",
                "08:43:47.866220 ARP, Request who-has 10.77.0.2 tell 10.77.0.1, length 28",
                "...........n..",
                "M........",
                "M..",
                "08:43:47.866256 ARP, Reply 10.77.0.2 is-at c6:de:f8:76:e6:64, length 28");
        assertEquals(3, text.size());
    }

    @Test
    void proseBelowAPacketIsNoPayload() {
        Parsed parsed = new TcpdumpSource()
                .parse(text(
                        SYN,
                        "While the payload was encrypted, the flags were visible.",
                        "... [handshake] ...",
                        "2026-99-21 01:32:28.000001 IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], length 0",
                        "12:00:00.000000 IP 10.0.0.1.1 10.0.0.2.2"));
        assertEquals(1, parsed.used());
        assertTrue(parsed.rows().orElseThrow().excerpt());
        assertEquals(
                List.of(
                        "2: is neither a packet, which is like '12:00:00.000001 IP A.port > B.port: ...', nor its payload",
                        "3: is neither a packet, which is like '12:00:00.000001 IP A.port > B.port: ...', nor its payload",
                        "4: begins with a date that is none",
                        "5: has no two addresses with '>' between and ':' behind them"),
                rejects(parsed));
    }
}
