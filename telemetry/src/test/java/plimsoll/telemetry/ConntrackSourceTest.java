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
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConntrackSourceTest {
    private static final String PROC =
            "ipv4     2 tcp      6 57 CLOSE_WAIT src=10.9.0.1 dst=10.9.0.2 sport=40090 dport=9002 src=10.9.0.2 dst=10.9.0.1 sport=9002 dport=40090 [ASSURED] mark=0 zone=0 use=2";
    private static final String PROC6 =
            "ipv6     10 tcp      6 117 TIME_WAIT src=fd00:0000:0000:0000:0000:0000:0000:0001 dst=fd00:0000:0000:0000:0000:0000:0000:0002 sport=40154 dport=9000 src=fd00:0000:0000:0000:0000:0000:0000:0002 dst=fd00:0000:0000:0000:0000:0000:0000:0001 sport=9000 dport=40154 [ASSURED] mark=0 zone=7 use=2";
    private static final String UDP =
            "udp      17 27 src=10.9.0.1 dst=10.9.0.2 sport=40070 dport=7004 [UNREPLIED] src=10.9.0.2 dst=10.9.0.1 sport=7004 dport=40070 mark=42 use=1";

    private final ConntrackSource source = new ConntrackSource();

    @Test
    void entriesOfTheKernelsFile() {
        Text file = new Text("proc/net/nf_conntrack", 1, Optional.empty(), List.of(PROC, PROC6));
        Rows rows = whole(source, file);
        assertEquals(
                List.of(
                        "ipv4",
                        "tcp",
                        "57",
                        "CLOSE_WAIT",
                        "10.9.0.1",
                        "10.9.0.2",
                        "40090",
                        "9002",
                        "10.9.0.2",
                        "10.9.0.1",
                        "9002",
                        "40090",
                        "1",
                        "0",
                        "0",
                        "0",
                        "2",
                        "",
                        ""),
                row(
                        rows,
                        0,
                        "l3",
                        "l4",
                        "timeout_s",
                        "state",
                        "orig_src",
                        "orig_dst",
                        "orig_sport",
                        "orig_dport",
                        "reply_src",
                        "reply_dst",
                        "reply_sport",
                        "reply_dport",
                        "assured",
                        "unreplied",
                        "mark",
                        "zone",
                        "use",
                        "packets",
                        "bytes"));
        assertEquals(List.of("ipv6", "fd00::1", "fd00::2", "7"), row(rows, 1, "l3", "orig_src", "orig_dst", "zone"));
        assertEquals(Optional.of("2"), fact(source.parse(file), "conntrack:entries"));
        assertEquals(Set.of("ipv4", "ipv6"), rows.covers());
    }

    @Test
    void plainListingWithAccountingAndTotal() {
        Text text = text(
                "tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 packets=10 bytes=840 src=10.0.0.2 dst=192.0.2.1 sport=2 dport=1 packets=9 bytes=700 [ASSURED] mark=0 secctx=system_u:object_r:unlabeled_t:s0 use=1",
                UDP,
                "conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.");
        Rows rows = whole(source, text);
        assertEquals(
                List.of("ipv4", "10", "840", "9", "700", "192.0.2.1"),
                row(rows, 0, "l3", "packets", "bytes", "reply_packets", "reply_bytes", "reply_dst"));
        assertEquals(
                List.of("udp", "", "1", "0", "42", ""),
                row(rows, 1, "l4", "state", "unreplied", "assured", "mark", "zone"));
        assertEquals(Optional.of("2"), fact(source.parse(text), "conntrack:entries"));
        assertEquals(Set.of("ipv4"), rows.covers());
    }

    @Test
    void protocolsWithoutPortsOrStateAndOffloadedOnes() {
        Rows rows = whole(
                source,
                text(
                        "ipv4     2 icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=1234 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=1234 mark=0 use=2",
                        "ipv4     2 gre      47 21599 timeout=600, stream_timeout=10800 src=10.0.0.1 dst=10.0.0.2 srckey=0x0 dstkey=0x1 src=10.0.0.2 dst=10.0.0.1 srckey=0x1 dstkey=0x0 [ASSURED] mark=0 zone=0 use=2",
                        "ipv4     2 sctp     132 209 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=5 dport=6 src=10.0.0.2 dst=10.0.0.1 sport=6 dport=5 [ASSURED] mark=0 use=2",
                        "unknown  50 599 src=10.0.0.1 dst=10.0.0.2 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 mark=0 use=1",
                        "ipv4     2 unknown  2 500 src=10.0.0.1 dst=224.0.0.22 [UNREPLIED] src=224.0.0.22 dst=10.0.0.1 mark=0 zone=0 use=2",
                        "ipv4     2 tcp      6 src=10.0.0.1 dst=10.0.0.2 sport=5 dport=6 packets=1 bytes=2 src=10.0.0.2 dst=10.0.0.1 sport=6 dport=5 packets=3 bytes=4 [OFFLOAD] mark=0 zone=0 use=3",
                        "tcp      6 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=5 dport=7 src=10.0.0.2 dst=10.0.0.1 sport=7 dport=5 [HW_OFFLOAD] mark=0 use=2"));
        String[] columns = {"l3", "l4", "timeout_s", "state", "orig_dport", "assured", "unreplied", "offload"};
        assertEquals(List.of("ipv4", "icmp", "29", "", "", "0", "0", "0"), row(rows, 0, columns));
        assertEquals(List.of("ipv4", "gre", "21599", "", "", "1", "0", "0"), row(rows, 1, columns));
        assertEquals(List.of("ipv4", "sctp", "209", "ESTABLISHED", "6", "1", "0", "0"), row(rows, 2, columns));
        assertEquals(List.of("ipv4", "unknown", "599", "", "", "0", "1", "0"), row(rows, 3, columns));
        assertEquals(List.of("ipv4", "unknown", "500", "", "", "0", "1", "0"), row(rows, 4, columns));
        assertEquals(List.of("ipv4", "tcp", "", "", "6", "", "0", "1"), row(rows, 5, columns));
        assertEquals(List.of("ipv4", "tcp", "", "ESTABLISHED", "7", "", "0", "1"), row(rows, 6, columns));
    }

    @Test
    void oneEntryIsNoTotal() {
        Parsed one = source.parse(text(PROC));
        assertTrue(one.excerpt());
        assertEquals(Optional.empty(), fact(one, "conntrack:entries"));
        assertTrue(source.parse(printedBy("grep TIME_WAIT /proc/net/nf_conntrack", PROC))
                .excerpt());
        assertTrue(source.parse(printedBy("cat /proc/net/nf_conntrack | head -1", PROC))
                .excerpt());
        assertTrue(source.parse(printedBy("conntrack -L -p tcp", PROC)).excerpt());
        assertFalse(source.parse(printedBy("cat /proc/net/nf_conntrack", PROC)).excerpt());
        assertFalse(source.parse(printedBy("sudo conntrack -L -o extended 2>/dev/null", PROC))
                .excerpt());
        // the total says that lines are missing
        assertTrue(source.parse(text(PROC, "conntrack v1.4.7 (conntrack-tools): 310 flow entries have been shown."))
                .excerpt());
    }

    @Test
    void damagedLinesAreRejected() {
        Parsed parsed = source.parse(text(
                PROC.substring(0, 100),
                PROC.substring(0, PROC.indexOf(" [ASSURED]") - 8),
                "    [NEW] tcp      6 120 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1",
                "tcp six 120",
                UDP.replace("mark=42", "mark=x")));
        assertEquals(
                List.of(
                        "1: has no reply_dst",
                        "2: has no port in reply_dport",
                        "3: is an event of conntrack -E, not an entry of the table",
                        "4: 'six' stands where the number of the protocol 'tcp' should be",
                        "5: 'mark=x' has no whole number"),
                rejects(parsed));
    }

    @Test
    void statisticsByTheHeadersNames() {
        var stat = new ConntrackStatSource();
        Text old = text(
                "entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart",
                "00000021  00000000 00000000 00000000 00000003 0000588a 00000000 00000000 00000000 00000000 00000000 00000000 00000000  00000000 00000000 00000000 00000000",
                "00000021  00000000 00000000 00000000 00000002 000056a4 00000000 00000000 00000000 00000001 00000002 00000000 00000000  00000000 00000000 00000000 00000002");
        Rows rows = whole(stat, old);
        Parsed parsed = stat.parse(old);
        assertEquals(List.of("1", "33", "2", "22180"), row(rows, 1, "cpu", "entries", "invalid", "ignore"));
        assertEquals(Optional.of("33"), fact(parsed, "conntrack:stat.entries"));
        assertEquals(Optional.of("5"), fact(parsed, "conntrack:stat.invalid"));
        assertEquals(Optional.of("0"), fact(parsed, "conntrack:stat.searched"));
        assertEquals(Optional.empty(), fact(parsed, "conntrack:stat.clashres"));

        Text renamed = text(
                "entries  clashres found insert_failed chainlength", "00000136  0000000a 00000000 00000000 00000001");
        assertEquals(Optional.of("10"), fact(stat.parse(renamed), "conntrack:stat.clashres"));
        assertEquals(Optional.of("310"), fact(stat.parse(renamed), "conntrack:stat.entries"));
        assertEquals(
                List.of("2: has 2 values where the header has 3 names", "3: has a value that is not hexadecimal"),
                rejects(stat.parse(text("entries clashres insert_failed ", "00 01", "00 0x 00"))));
    }

    @Test
    void statisticsOfTheTool() {
        var stat = new ConntrackStatisticsSource();
        Text text = text(
                "cpu=0   \tfound=1 invalid=2 insert=0 insert_failed=3 drop=0 chaintoolong=0 ",
                "cpu=1   \tfound=10 invalid=0 insert=0 insert_failed=4 drop=0 chaintoolong=0 ");
        Rows rows = whole(stat, text);
        assertEquals(List.of("1", "10", "4"), row(rows, 1, "cpu", "found", "insert_failed"));
        assertEquals(Optional.of("7"), fact(stat.parse(text), "conntrack:stat.insert_failed"));
    }

    @Test
    void slabs() {
        var slabinfo = new SlabinfoSource();
        Rows rows = whole(
                slabinfo,
                text(
                        "slabinfo - version: 2.1",
                        "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>",
                        "tw_sock_TCP          704    864    256   32    2 : tunables    0    0    0 : slabdata     27     28      0",
                        "two words             12     13    320   12    1 : tunables    0    0    0 : slabdata      1      1      0"));
        assertEquals(
                List.of("tw_sock_TCP", "704", "864", "256", "32", "2", "27", "28"),
                row(
                        rows,
                        0,
                        "name",
                        "active_objs",
                        "num_objs",
                        "objsize",
                        "objperslab",
                        "pagesperslab",
                        "active_slabs",
                        "num_slabs"));
        assertEquals(List.of("two words", "12", "13"), row(rows, 1, "name", "active_objs", "num_objs"));
        assertEquals(Set.of("slabs"), rows.covers());
    }

    @Test
    void slabsWithoutHeaderAreAnExcerpt() {
        var slabinfo = new SlabinfoSource();
        Text grep = text(
                "tw_sock_TCP             31401  31401    256   16    1 : tunables  120   60    8 : slabdata   1963   1963      0",
                "tw_sock_TCPv6               0      0    256 : tunables  120   60    8 : slabdata   1963   1963      0",
                "request_sock_TCP            0      0    304   13    1 : tunables  120   60");
        assertEquals(Source.Match.SHAPE, slabinfo.match(grep));
        Parsed parsed = slabinfo.parse(grep);
        assertTrue(parsed.excerpt());
        assertEquals(
                List.of("tw_sock_TCP", "31401", "256", "1963"),
                row(parsed.rows().orElseThrow(), 0, "name", "active_objs", "objsize", "num_slabs"));
        assertEquals(
                List.of(
                        "2: has 3 values for active_objs num_objs objsize objperslab pagesperslab",
                        "3: has 2 sections between colons where the header has 3"),
                rejects(parsed));
    }
}
