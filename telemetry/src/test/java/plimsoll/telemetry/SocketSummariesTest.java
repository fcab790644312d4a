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

class SocketSummariesTest {
    private final SsSummarySource summary = new SsSummarySource();
    private final SocketStatesSource states = new SocketStatesSource();
    private final SockstatSource sockstat = new SockstatSource();
    private final SnmpSource snmp = new SnmpSource();

    @Test
    void newSummary() {
        Text text = text(
                "Total: 107",
                "TCP:   425 (estab 84, closed 330, orphaned 0, timewait 210)",
                "",
                "Transport Total     IP        IPv6",
                "RAW\t  0         0         0        ",
                "TCP\t  95        90        5        ");
        Rows rows = whole(summary, text);
        Parsed parsed = summary.parse(text);
        assertEquals(Optional.of("107"), fact(parsed, "ss:total"));
        assertEquals(Optional.of("425"), fact(parsed, "ss:tcp"));
        assertEquals(Optional.of("84"), fact(parsed, "ss:estab"));
        assertEquals(Optional.of("210"), fact(parsed, "ss:timewait"));
        assertEquals(Optional.of("0"), fact(parsed, "ss:orphaned"));
        assertEquals(Optional.of("95"), fact(parsed, "ss:inuse.tcp"));
        assertEquals(List.of("TCP", "IPv6", "5"), row(rows, rows.size() - 1, "group", "name", "value"));
    }

    @Test
    void oldSummaryKeepsSilentAboutWhatItCouldNotRead() {
        Text text = text(
                "Total: 34102 (kernel 34210)",
                "TCP:   32104 (estab 410, closed 31502, orphaned 12, synrecv 0, timewait 31401/0), ports 0",
                "",
                "Transport Total     IP        IPv6",
                "*         34210     -         -",
                "UDP       12        8         4");
        Rows rows = whole(summary, text);
        Parsed parsed = summary.parse(text);
        assertEquals(Optional.of("34102"), fact(parsed, "ss:total"));
        assertEquals(Optional.of("34210"), fact(parsed, "ss:kernel"));
        assertEquals(Optional.of("31401"), fact(parsed, "ss:timewait"));
        assertEquals(Optional.of("12"), fact(parsed, "ss:orphaned"));
        assertEquals(Optional.empty(), fact(parsed, "ss:ports"));
        assertEquals(Optional.empty(), fact(parsed, "ss:timewait.slab"));
        assertEquals(Optional.empty(), fact(parsed, "ss:synrecv"));
        assertEquals(List.of("*", "IP", ""), row(rows, rows.size() - 5, "group", "name", "value"));
    }

    @Test
    void oneLineOfASummaryIsEnoughAndAnotherIsRejected() {
        Text text = text("TCP:   425 (estab 84, closed 330, orphaned 0, timewait 210)", "TCP:   425 (estab 84, clos");
        assertEquals(Source.Match.SURE, summary.match(text));
        assertEquals(
                List.of(
                        "2: is none of the lines of ss -s: 'Total: N', 'TCP: N (estab N, ...)', 'Transport Total IP IPv6'"),
                rejects(summary.parse(text)));
        assertEquals(Source.Match.NO, summary.match(text("Total: 107")));
    }

    @Test
    void statesNumberFirstWithTheHeaderCounted() {
        Text text = text("   4102 TIME-WAIT", "    850 ESTAB", "    420 FIN-WAIT-2", "     32 LISTEN", "      1 State");
        Rows rows = whole(states, text);
        assertEquals(List.of("TIME-WAIT", "4102"), row(rows, 0, "state", "sockets"));
        assertEquals(4, rows.size());
        assertEquals(Optional.of("850"), fact(states.parse(text), "states:ESTAB"));
    }

    @Test
    void statesNameFirst() {
        assertEquals(2, whole(states, text("ESTAB 850", "TIME-WAIT 4102")).size());
    }

    @Test
    void netstatSpellingNeedsProofThatItCountsSockets() {
        Text netstat = text("    210 TIME_WAIT", "     54 ESTABLISHED", "      1 Foreign", "      1 established)");
        Rows rows = whole(states, netstat);
        assertEquals(List.of("TIME-WAIT", "210"), row(rows, 0, "state", "sockets"));
        Text bare = text("    210 TIME_WAIT", "     54 ESTABLISHED");
        assertEquals(Source.Match.NO, states.match(bare));
        assertEquals(
                Source.Match.SURE,
                states.match(printedBy(
                        "netstat -ant | awk '{print $6}' | sort | uniq -c",
                        bare.lines().toArray(String[]::new))));
    }

    @Test
    void otherCountsAreNotStates() {
        assertEquals(Source.Match.NO, states.match(text("12 tcp", "4 udp")));
        assertEquals(Source.Match.NO, states.match(text("1 State")));
        assertEquals(
                List.of(
                        "2: ESTAB is counted twice",
                        "3: is not a number and a state, one of " + String.join(" ", SsListingSource.STATES)),
                rejects(states.parse(text("1 ESTAB", "2 ESTAB", "3 tcp"))));
    }

    @Test
    void sockstatOfBothVersions() {
        Text text =
                text("sockets: used 107", "TCP: inuse 90 orphan 0 tw 210 alloc 215 mem 12", "FRAG: inuse 0 memory 0");
        Rows rows = whole(sockstat, text);
        Parsed parsed = sockstat.parse(text);
        assertEquals(Optional.of("107"), fact(parsed, "sockstat:sockets.used"));
        assertEquals(Optional.of("210"), fact(parsed, "sockstat:TCP.tw"));
        assertEquals(Optional.of("12"), fact(parsed, "sockstat:TCP.mem"));
        assertEquals(8, rows.size());
        Text six = text("TCP6: inuse 5", "UDP6: inuse 0");
        whole(sockstat, six);
        assertEquals(Optional.of("5"), fact(sockstat.parse(six), "sockstat6:TCP6.inuse"));
        assertEquals(
                List.of("2: is not a group with its colon, then names each with a whole number"),
                rejects(sockstat.parse(text("TCP: inuse 90", "UDP: inuse"))));
    }

    /** Fields by name: a fork of the kernel, or a version that is newer than this test, has other names at other places. */
    @Test
    void countersByNameAllGroups() {
        Text text = text(
                "Ip: Forwarding DefaultTTL InReceives OutTransmits",
                "Ip: 2 64 619 1031",
                "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens CurrEstab",
                "Tcp: 1 200 120000 -1 305 84",
                "Udp: InDatagrams NoPorts InErrors OutDatagrams",
                "Udp: 545 3 0 546",
                "MPTcpExt: MPCapableSYNRX Brandnew",
                "MPTcpExt: 0 7");
        Rows rows = whole(snmp, text);
        Parsed parsed = snmp.parse(text);
        assertEquals(List.of("Ip", "Forwarding", "2"), row(rows, 0, "group", "name", "value"));
        assertEquals(Optional.of("84"), fact(parsed, "snmp:Tcp.CurrEstab"));
        assertEquals(Optional.of("-1"), fact(parsed, "snmp:Tcp.MaxConn"));
        assertEquals(Optional.of("545"), fact(parsed, "snmp:Udp.InDatagrams"));
        assertEquals(Optional.of("546"), fact(parsed, "snmp:Udp.OutDatagrams"));
        assertEquals(Optional.of("7"), fact(parsed, "netstat:MPTcpExt.Brandnew"));
        assertEquals(16, rows.size());
    }

    @Test
    void groupsWhoseTwoLinesDoNotFitAreRejected() {
        Parsed parsed = snmp.parse(text(
                "TcpExt: SyncookiesSent SyncookiesRecv TW",
                "TcpExt: 0 0",
                "IpExt: InNoRoutes",
                "TcpExt: 5",
                "Udp: InDatagrams",
                "Udp: x",
                "Tcp: CurrEstab",
                "Tcp: 9"));
        assertEquals(
                List.of(
                        "2: TcpExt has 3 names but 2 values",
                        "3: has no line of values of IpExt below",
                        "4: is not a line of names, 'Group: Name Name ...', with its line of values below",
                        "6: 'x' stands where a whole number of 64 bits should be"),
                rejects(parsed));
        assertEquals(Optional.of("9"), fact(parsed, "snmp:Tcp.CurrEstab"));
        assertTrue(parsed.rows().orElseThrow().size() == 1);
    }
}
