package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.text;
import static plimsoll.telemetry.SocketTexts.whole;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcNetTcpSourceTest {
    private static final String TCP =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ";
    private static final String TCP6 =
            "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    private final ProcNetTcpSource source = new ProcNetTcpSource();

    @Test
    void statesQueuesTimersAndOwners() {
        Rows rows = whole(
                source,
                text(
                        TCP,
                        "   0: 0100090A:9C46 0200090A:232A 08 00000000:00000001 00:00000000 00000000    33        0 3239987 1 0000000034bf7179 20 4 0 10 -1 ",
                        " 270: 0100090A:9C4A 0200090A:232B 02 00000001:00000000 01:00000040 00000002     0        0 3240217 2 00000000388613d0 100 0 0 1 -1 ",
                        "   3: 0100007F:46AA 00000000:0000 0A 00000000:00000009 00:00000000 00000000     0        0 77 1 0000000000000000 100 0 0 10 0 ",
                        "   4: 0100090A:9C46 0200090A:2328 06 00000000:00000000 03:0000167E 00000000     0        0 0 3 00000000fb663922"));
        assertEquals(
                List.of(
                        "tcp",
                        "CLOSE-WAIT",
                        "1",
                        "0",
                        "10.9.0.1",
                        "40006",
                        "10.9.0.2",
                        "9002",
                        "33",
                        "3239987",
                        "",
                        ""),
                row(
                        rows,
                        0,
                        "netid",
                        "state",
                        "recv_q",
                        "send_q",
                        "local_address",
                        "local_port",
                        "peer_address",
                        "peer_port",
                        "uid",
                        "inode",
                        "timer",
                        "timer_s"));
        assertEquals(
                List.of("SYN-SENT", "1", "on", "0.64", "2"),
                row(rows, 1, "state", "send_q", "timer", "timer_s", "retransmits"));
        assertEquals(
                List.of("LISTEN", "9", "", "127.0.0.1", "18090", "0.0.0.0", ""),
                row(rows, 2, "state", "recv_q", "send_q", "local_address", "local_port", "peer_address", "peer_port"));
        assertEquals(List.of("TIME-WAIT", "timewait", "57.58"), row(rows, 3, "state", "timer", "timer_s"));
        assertTrue(rows.covers().contains("tcp4"));
        assertEquals(12, rows.covers().size());
    }

    @Test
    void version6() {
        Rows rows = whole(
                source,
                text(
                        TCP6,
                        "   0: 000000FD000000000000000001000000:9C44 000000FD000000000000000002000000:2328 06 00000000:00000000 03:0000167E 00000000     0        0 0 3 00000000fb663922",
                        "   1: 0000000000000000FFFF00000100000A:0050 0000000000000000FFFF00000200000A:D431 01 00000000:00000000 00:00000000 00000000     0        0 3240242 1 00000000c2f8e66d 20 0 0 10 -1",
                        "   2: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 9 1 00000000c2f8e66d 100 0 0 10 0"));
        assertEquals(
                List.of("fd00::1", "40004", "fd00::2", "9000"),
                row(rows, 0, "local_address", "local_port", "peer_address", "peer_port"));
        assertEquals(
                List.of("::ffff:10.0.0.1", "80", "::ffff:10.0.0.2"),
                row(rows, 1, "local_address", "local_port", "peer_address"));
        assertEquals(List.of("::1", "::", ""), row(rows, 2, "local_address", "peer_address", "peer_port"));
        assertTrue(rows.covers().contains("tcp6"));
    }

    @Test
    void aFileWithoutSocketsCoversItsPart() {
        Rows rows = whole(source, text(TCP6));
        assertEquals(0, rows.size());
        assertTrue(rows.covers().contains("tcp6"));
    }

    @Test
    void datagramsHaveDropsOrAFileName() {
        String header =
                "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
        String socket =
                " 4173: 00000000:9C86 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 3240249 2 00000000d57b0ef4 0";
        Rows udp = whole(source, text(header + " ref pointer drops            ", socket));
        assertEquals(List.of("udp", "UNCONN", "40070", ""), row(udp, 0, "netid", "state", "local_port", "peer_port"));
        Rows named = whole(source, new Text("proc/net/raw", 1, Optional.empty(), List.of(header, socket)));
        assertEquals(List.of("raw"), row(named, 0, "netid"));
        assertEquals(List.of("udp"), row(source.parse(text(socket)).rows().orElseThrow(), 0, "netid"));
    }

    @Test
    void rowsWithoutHeaderAreAnExcerpt() {
        Text grep = text(
                "   4: 0100090A:9C46 0200090A:2328 06 00000000:00000000 03:0000167E 00000000     0        0 0 3 00000000fb663922");
        assertEquals(Source.Match.SHAPE, source.match(grep));
        Parsed parsed = source.parse(grep);
        assertTrue(parsed.excerpt());
        assertEquals(List.of("tcp", "TIME-WAIT"), row(parsed.rows().orElseThrow(), 0, "netid", "state"));
    }

    @Test
    void columnsThatTheHeaderLacksAreMissing() {
        Rows rows = whole(source, text("  sl  local_address rem_address   st", "   1: 00000000:0016 00000000:0000 0A"));
        assertEquals(
                List.of("LISTEN", "22", "", "", ""), row(rows, 0, "state", "local_port", "recv_q", "uid", "inode"));
    }

    @Test
    void damagedLinesAreRejected() {
        Parsed parsed = source.parse(text(
                TCP,
                "   0: 0100090A:9C46 0200090A:232A 08 00000000:00000001 00:00000000 00000000     0",
                "   1: 0100090A:9C4 0200090A:232A 08 00000000:00000001 00:00000000 00000000     0        0 3239987",
                "   2: 0100090A:9C46 0200090A:232A 0D 00000000:00000001 00:00000000 00000000     0        0 3239987",
                "   3: 0100090A:9C46 0200090A:232A 08 00000000 00:00000000 00000000     0        0 3239987",
                "xyz"));
        assertEquals(
                List.of(
                        "2: cut off after 8 of at least 10 fields",
                        "3: '0100090A:9C4' stands where an address of 8 or 32 and a port of 4 hexadecimal digits should be",
                        "4: '0D' stands where st, 01 to 0C, should be",
                        "5: '00000000' stands where tx_queue:rx_queue, in hexadecimal, should be",
                        "6: 'xyz' stands where sl, a number and a colon, should be"),
                rejects(parsed));
    }

    /** RFC 5952 §4 and its examples, and what a scanner must not do. */
    @ParameterizedTest
    @CsvSource({
        "20010db8000000000000000000000001, 2001:db8::1",
        "20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
        "20010000000000010000000000000001, 2001:0:0:1::1",
        "20010db8000000000001000000000001, 2001:db8::1:0:0:1",
        "00010000000000000000000000000000, 1::",
        "00000000000000000000000000000000, ::",
        "00000000000000000000ffff0a000001, ::ffff:10.0.0.1",
        "fe80000000000000020c29fffe9bcb12, fe80::20c:29ff:fe9b:cb12"
    })
    void rfc5952(String bytes, String expected) {
        assertEquals(
                expected,
                Addresses.ipv6(
                        Long.parseUnsignedLong(bytes.substring(0, 16), 16),
                        Long.parseUnsignedLong(bytes.substring(16), 16)));
        assertEquals(
                expected.equals("::ffff:10.0.0.1") ? "::ffff:10.0.0.1" : expected,
                Addresses.canonical(
                        String.join(":", bytes.split("(?<=\\G.{4})", -1)).replaceAll(":$", "")));
    }

    @Property
    void everyAddressReadsBackAsItself(@ForAll long high, @ForAll long low, @ForAll boolean sparse)
            throws UnknownHostException {
        long h = sparse ? high & 0xffff0000ffff0000L : high;
        long l = sparse ? low & 0x0000ffffL : low;
        String printed = Addresses.ipv6(h, l);
        byte[] bytes = InetAddress.getByName(printed).getAddress();
        String hex = String.format(Locale.ROOT, "%016x%016x", h, l);
        var back = new StringBuilder();
        for (byte b : bytes) {
            back.append(String.format(Locale.ROOT, "%02x", b));
        }
        assertTrue(hex.endsWith(back.toString()), printed);
    }
}
