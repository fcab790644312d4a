package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.printedBy;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.text;
import static plimsoll.telemetry.SocketTexts.whole;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SsListingSourceTest {
    private static final String STATE_HEADER = "State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess";
    private static final String NETID_HEADER =
            "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process";

    private final SsListingSource source = new SsListingSource();

    @Test
    void twoLineRecordsWithEverythingAreOneRowEach() {
        Rows rows = whole(
                source,
                text(
                        "State      Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess                      ",
                        "CLOSE-WAIT 1      0           10.9.0.1:40006     10.9.0.2:9002 users:((\"python3\",pid=32718,fd=62)) ino:3239987 sk:11c4 cgroup:unreachable:1 -->",
                        "\t ts sack bbr wscale:10,10 rto:200 rtt:0.007/0.003 ato:40 mss:1448 cwnd:10 bytes_acked:1 send 16548571429bps",
                        "SYN-SENT   0      1           10.9.0.1:40010     10.9.0.2:9003 users:((\"python3\",pid=32718,fd=92)) timer:(on,672ms,2) ino:3240217 sk:12d2 cgroup:unreachable:1 <->",
                        "\t ts sack bbr wscale:10,10 rto:1600",
                        "TIME-WAIT  0      0          [fd00::1]:40004    [fd00::2]:9000 timer:(timewait,57sec,0) ino:0 sk:12e6",
                        "\t ",
                        ""));
        assertEquals(3, rows.size());
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
                        "python3",
                        "32718",
                        "3239987"),
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
                        "process",
                        "pid",
                        "inode"));
        assertEquals(List.of("on", "0.672", "2"), row(rows, 1, "timer", "timer_s", "retransmits"));
        assertEquals(
                List.of("fd00::1", "40004", "fd00::2", "timewait", "57.0", ""),
                row(rows, 2, "local_address", "local_port", "peer_address", "timer", "timer_s", "process"));
        // TIME-WAIT next to others is shown with -a alone: all states of what is seen
        assertTrue(rows.covers().containsAll(Set.of("tcp4", "tcp6", "tcp4 LISTEN")));
    }

    @Test
    void memoryOfALineOfItsOwnIsInItsColumns() {
        Rows rows = whole(
                source,
                text(
                        "State      Recv-Q Send-Q      Local Address:Port           Peer Address:Port Process",
                        "LISTEN     0      511             127.0.0.1:18090               0.0.0.0:*    ",
                        "\t skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d3) bbr cwnd:10",
                        "ESTAB      0      8192            127.0.0.1:18091             127.0.0.1:43148",
                        "\t skmem:(r0,rb131072,t0,tb8192,f2432,w9856,o0,bl0,d0) bbr wscale:0,10 rto:216"));
        assertEquals(2, rows.size());
        assertEquals(
                List.of("0", "131072", "0", "16384", "0", "0", "0", "0", "3"),
                row(
                        rows,
                        0,
                        "skmem_r",
                        "skmem_rb",
                        "skmem_t",
                        "skmem_tb",
                        "skmem_f",
                        "skmem_w",
                        "skmem_o",
                        "skmem_bl",
                        "skmem_d"));
        assertEquals(List.of("2432", "9856"), row(rows, 1, "skmem_f", "skmem_w"));
        assertEquals(List.of("18090", ""), row(rows, 0, "local_port", "peer_port"));
    }

    @Test
    void unixSocketsHaveAPathAndTwoInodes() {
        Rows rows = whole(
                source,
                text(
                        "Netid State  Recv-Q Send-Q                 Local Address:Port    Peer Address:Port   Process",
                        "u_str ESTAB  0      6400                               * 3240255            * 3240256 skmem:(r0,rb212992,t6400,tb212992,f0,w0,o0,bl0,d0)",
                        "u_str LISTEN 0      8             /srv/lab/run/fpm.sock 3244066            * 0       users:((\"php-fpm8.2\",pid=358,fd=17),(\"php-fpm8.2\",pid=357,fd=15))",
                        "u_dgr UNCONN 0      0            /tmp/my 5 sockets/a b.sock 77   /run/peer.sock 78 ino:12 dev:0/5",
                        "u_str ESTAB  0      0                 @/tmp/.X11-unix/X0 79            * 80 users:((\"Xorg\",pid=9,fd=1)) <->"));
        assertEquals(
                List.of("*", "", "3240255", "*", "3240256", "6400", "212992"),
                row(
                        rows,
                        0,
                        "local_address",
                        "local_port",
                        "inode",
                        "peer_address",
                        "peer_inode",
                        "skmem_t",
                        "skmem_rb"));
        assertEquals(
                List.of("/srv/lab/run/fpm.sock", "3244066", "", "php-fpm8.2", "358"),
                row(rows, 1, "local_address", "inode", "peer_inode", "process", "pid"));
        assertEquals(List.of("(\"php-fpm8.2\",pid=358,fd=17),(\"php-fpm8.2\",pid=357,fd=15)"), row(rows, 1, "users"));
        assertEquals(
                List.of("/tmp/my 5 sockets/a b.sock", "77", "/run/peer.sock", "78"),
                row(rows, 2, "local_address", "inode", "peer_address", "peer_inode"));
        assertEquals(List.of("@/tmp/.X11-unix/X0", "79", "Xorg"), row(rows, 3, "local_address", "inode", "process"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Web Content", "a:b", "nginx: worker", "(sd-pam)", "a) uid:7", "sh\"x", "x,y", "kworker/0:1"})
    void processNamesMayHoldAnything(String name) {
        Rows rows = whole(
                source,
                text(
                        NETID_HEADER,
                        "tcp   ESTAB  0 0 10.0.0.1:1 10.0.0.2:2 users:((\"" + name
                                + "\",pid=41,fd=7)) timer:(keepalive,4min59sec,0) uid:33 ino:5 sk:1 <->"));
        assertEquals(
                List.of(name, "41", "33", "5", "299.0"), row(rows, 0, "process", "pid", "uid", "inode", "timer_s"));
    }

    @Test
    void namesWithoutKeysAsBeforeVersion318() {
        Rows rows = whole(
                source,
                text(STATE_HEADER, "LISTEN 0 128 *:22 *:* users:((\"sshd\",1234,3)) uid:0 ino:9 sk:ffff880036c2"));
        assertEquals(
                List.of("*", "22", "*", "", "sshd", "1234", "9"),
                row(rows, 0, "local_address", "local_port", "peer_address", "peer_port", "process", "pid", "inode"));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:80, 127.0.0.1, 80, ''",
        "[::1]:443, ::1, 443, ''",
        "[fe80::1%eth0]:546, fe80::1%eth0, 546, ''",
        "[fe80::1]%eth0:546, fe80::1%eth0, 546, ''",
        "fe80::1%eth0:546, fe80::1%eth0, 546, ''",
        "[::ffff:10.0.0.1]:80, ::ffff:10.0.0.1, 80, ''",
        "::ffff:10.0.0.1:80, ::ffff:10.0.0.1, 80, ''",
        ":::80, ::, 80, ''",
        "*:80, *, 80, ''",
        "*:*, *, '', ''",
        "127.0.0.53%lo:53, 127.0.0.53%lo, 53, ''",
        "10.0.0.1:http, 10.0.0.1, '', http",
        "db.example:postgresql, db.example, '', postgresql",
        "[::]:ssh, ::, '', ssh"
    })
    void addressesOfEveryForm(String printed, String address, String port, String service) {
        Rows rows = whole(source, text(STATE_HEADER, "ESTAB 0 0 " + printed + " " + printed + " "));
        assertEquals(List.of(address, port, service), row(rows, 0, "local_address", "local_port", "local_service"));
        assertEquals(List.of(address, port, service), row(rows, 0, "peer_address", "peer_port", "peer_service"));
    }

    @Test
    void columnsOneSpaceApartAndShiftedWidthsStayInTheirColumns() {
        Rows rows = whole(
                source,
                text(
                        "Netid State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess",
                        "udp UNCONN 0 0 0.0.0.0:38162 0.0.0.0:* users:((\"avahi-daemon\",pid=1,fd=2)) uid:104 ino:20 sk:1 cgroup:/a",
                        "tcp   ESTAB 0      0      [::ffff:10.123.45.67]:40022 [::ffff:10.111.111.111]:51514 ino:21 v6only:0 <->",
                        "???   UNCONN 0      0  *:eth0  * ",
                        "nl    UNCONN 768    0  rtnl:Network Manager/1234  * users:((\"Network Manager\",pid=1234,fd=9))",
                        "p_raw UNCONN 0      0  [34958]:wlan0  * ",
                        "v_str LISTEN 0      0  *:1024  *:* "));
        assertEquals(
                List.of("udp", "UNCONN", "0.0.0.0", "38162", "avahi-daemon", "104", "/a"),
                row(rows, 0, "netid", "state", "local_address", "local_port", "process", "uid", "cgroup"));
        assertEquals(
                List.of("tcp", "::ffff:10.123.45.67", "40022", "::ffff:10.111.111.111", "51514", "0"),
                row(rows, 1, "netid", "local_address", "local_port", "peer_address", "peer_port", "v6only"));
        assertEquals(
                List.of("rtnl", "Network Manager/1234", "*", "1234"),
                row(rows, 3, "local_address", "local_service", "peer_address", "pid"));
    }

    @Test
    void oneLineFormHasTheDetailsBehindTheSocket() {
        Rows rows = whole(
                source,
                text(
                        NETID_HEADER,
                        "tcp ESTAB 0 36 10.0.0.1:22 10.0.0.2:50000 users:((\"sshd\",pid=7,fd=4)) timer:(on,200ms,0) ino:8 sk:5 <-> skmem:(r0,rb87380,t0,tb87040,f2816,w1280,o0,bl0,d1) ts sack cubic wscale:7,7 rto:204 rtt:1.5/0.2"));
        assertEquals(List.of("0.2", "2816", "1"), row(rows, 0, "timer_s", "skmem_f", "skmem_d"));
    }

    @ParameterizedTest
    @CsvSource({
        "9.748ms,9.748",
        "928ms,0.928",
        "14sec,14",
        "1min,60",
        "4min59sec,299",
        "119min,7140",
        "9.048ms,9.048",
        "1.5s,1.5",
        "'',0",
        "040ms,0.04"
    })
    void timersAsPrintMsTimerPrintsThem(String printed, double seconds) {
        assertEquals(seconds, SsListingSource.seconds(printed), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sec", "12", "1 min", "-1ms", "1.2.3ms", ".5ms", "3h"})
    void otherTimersAreNoNumber(String printed) {
        assertTrue(Double.isNaN(SsListingSource.seconds(printed)), printed);
    }

    /** The C code of print_ms_timer in misc/ss.c of iproute2 6.1, transcribed: what it prints is read back as far as it is printed. */
    @Property
    void timersRoundTrip(@ForAll @IntRange(min = 0, max = 8_000_000) int timeout) {
        int minutes = timeout / 60_000;
        int seconds = timeout / 1000 % 60;
        int millis = timeout % 1000;
        var out = new StringBuilder();
        if (minutes != 0) {
            millis = 0;
            out.append(minutes).append("min");
            if (minutes > 9) {
                seconds = 0;
            }
        }
        if (seconds != 0) {
            if (seconds > 9) {
                millis = 0;
            }
            out.append(seconds).append(millis != 0 ? "." : "sec");
        }
        if (millis != 0) {
            out.append(String.format(java.util.Locale.ROOT, "%03dms", millis));
        }
        double printed = minutes * 60 + seconds + millis / 1000.0;
        assertEquals(printed, SsListingSource.seconds(out.toString()), 1e-9, out.toString());
    }

    @Test
    void stateFilteredListingsHaveTheStateOfTheirCommandOrTimer() {
        String header = "Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess";
        String socket = "0      0           10.9.0.1:40000     10.9.0.2:9000       ";
        Rows said = whole(source, printedBy("ss -tn state time-wait", header, socket));
        assertEquals(
                List.of("tcp", "TIME-WAIT", "40000", "9000"),
                row(said, 0, "netid", "state", "local_port", "peer_port"));
        assertEquals(Set.of("tcp4 TIME-WAIT", "tcp6 TIME-WAIT"), said.covers());

        Rows unsaid = whole(source, text(header, socket));
        assertEquals(List.of("", "", "40000", "9000"), row(unsaid, 0, "netid", "state", "local_port", "peer_port"));
        assertTrue(unsaid.excerpt());

        Rows timed = whole(source, text(header, socket + "timer:(timewait,9.748ms,0) ino:0 sk:1"));
        assertEquals(List.of("tcp", "TIME-WAIT", "9.748"), row(timed, 0, "netid", "state", "timer_s"));
        assertEquals(Set.of("tcp4 TIME-WAIT"), timed.covers());
    }

    @Test
    void rowsWithoutHeaderAreKnownByShapeAndAreAnExcerpt() {
        for (Text rows : List.of(
                text("TIME-WAIT 0 0 10.0.0.1:40000 10.0.0.2:9000"),
                text("tcp ESTAB 0 0 10.0.0.1:40000 10.0.0.2:9000"),
                text("0 0 10.0.0.1:40000 10.0.0.2:9000"),
                text("u_str ESTAB 0 8420102 * 419201 * 0", "skmem:(r0,rb212992,t0,tb212992,f8420102,w0,o0,bl0,d0)"))) {
            assertEquals(Source.Match.SHAPE, source.match(rows));
            Parsed parsed = source.parse(rows);
            assertEquals(List.of(), parsed.rejected());
            assertTrue(parsed.excerpt());
        }
        Parsed spool = source.parse(
                text("u_str ESTAB 0 8420102 * 419201 * 0", "skmem:(r0,rb212992,t0,tb212992,f8420102,w0,o0,bl0,d0)"));
        assertEquals(
                List.of("8420102", "419201", "8420102"),
                row(spool.rows().orElseThrow(), 0, "send_q", "inode", "skmem_f"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22 27 0:21 / /proc rw,relatime - proc proc rw",
                "4102 TIME-WAIT",
                "Proto Recv-Q Send-Q Local Address           Foreign Address         State",
                "tcp        0      0 127.0.0.1:80   127.0.0.1:81   ESTABLISHED",
                "   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0",
                "8       0 sda 12 0 96 4"
            })
    void otherFormatsAreLeftAlone(String line) {
        if (line.startsWith("tcp ")) { // netstat: the state stands at the end; as a row of ss it would have none
            assertFalse(source.begins(line));
        } else {
            assertEquals(Source.Match.NO, source.match(text(line)));
        }
    }

    @Test
    void headlessListingOfAKnownCommandIsWhole() {
        Text printed = printedBy("ss -Htan", "LISTEN 0 128 0.0.0.0:22 0.0.0.0:*", "ESTAB 0 0 10.0.0.1:22 10.0.0.2:5");
        Rows rows = whole(source, printed);
        assertTrue(rows.covers().containsAll(Set.of("tcp4", "tcp6")));
    }

    @Test
    void aPartOfTheSocketsCoversThatPart() {
        String listen = "LISTEN 0      511             127.0.0.1:18090      0.0.0.0:*          ";
        Rows listeners = whole(source, text(STATE_HEADER, listen));
        assertEquals(Set.of("tcp4 LISTEN", "tcp4 UNCONN"), listeners.covers());
        Rows connected = whole(source, printedBy("ss -tn", STATE_HEADER, "ESTAB 0 0 10.0.0.1:22 10.0.0.2:5"));
        assertFalse(connected.covers().contains("tcp4 TIME-WAIT"));
        assertTrue(connected.covers().contains("tcp4 ESTAB"));
        assertTrue(whole(source, printedBy("ss -tan dst 10.0.0.2", STATE_HEADER, listen))
                .excerpt());
        assertTrue(whole(source, printedBy("ss -tan | grep -E 'State|9000'", STATE_HEADER, listen))
                .excerpt());
        assertTrue(whole(source, printedBy("ss -4tan", STATE_HEADER, listen))
                .covers()
                .contains("tcp4"));
        assertFalse(whole(source, printedBy("ss -4tan", STATE_HEADER, listen))
                .covers()
                .contains("tcp6"));
    }

    @Test
    void ofTwoListingsTheOneThatNamesProcessesIsUsed() {
        String socket = "ESTAB 0 0 10.0.0.1:22 10.0.0.2:5 ";
        Text plain = printedBy("ss -tan", STATE_HEADER, socket);
        Text named = printedBy("ss -tanp", STATE_HEADER, socket + "users:((\"sshd\",pid=7,fd=4))");
        var chosen = Chosen.of(List.of(Reading.of(plain), Reading.of(named)));
        Rows sockets = java.util.Objects.requireNonNull(chosen.tables().get("sockets"));
        assertEquals(1, sockets.size());
        assertEquals(List.of("sshd"), row(sockets, 0, "process"));
    }

    @Test
    void damagedLinesAreRejectedAndNeverShifted() {
        Parsed parsed = source.parse(text(
                NETID_HEADER,
                "LISTEN 0 128 0.0.0.0:22 0.0.0.0:*",
                "tcp LISTEN 0 128 0.0.0.0:22",
                "tcp WAITING 0 128 0.0.0.0:22 0.0.0.0:*",
                "tcp LISTEN x 128 0.0.0.0:22 0.0.0.0:*",
                "tcp LISTEN 0 y 0.0.0.0:22 0.0.0.0:*",
                "tcp LISTEN 0 128 0.0.0.0:70000 0.0.0.0:*",
                "tcp LISTEN 0 128 0.0.0.0: 0.0.0.0:*",
                "\t skmem:(r0)",
                "u_str LISTEN 0 128 /run/a 12",
                "tcp LISTEN 0 128 0.0.0.0:23 0.0.0.0:*"));
        String states = String.join(" ", SsListingSource.STATES);
        assertEquals(
                List.of(
                        "2: '0' stands where the header has State; known are " + states,
                        "3: cut off before the peer address",
                        "4: 'WAITING' stands where the header has State; known are " + states,
                        "5: 'x' stands where Recv-Q, a whole number, should be",
                        "6: 'y' stands where Send-Q, a whole number, should be",
                        "7: '0.0.0.0:70000' has a port above 65535",
                        "8: '0.0.0.0:' stands where address:port should be",
                        "9: details of a socket whose own line is not above or was not understood",
                        "10: cut off before the inode and the peer"),
                rejects(parsed));
        assertEquals(1, parsed.rows().orElseThrow().size());
        assertEquals(
                List.of("tcp", "LISTEN", "23"), row(parsed.rows().orElseThrow(), 0, "netid", "state", "local_port"));
    }

    @Test
    void aHeaderWithoutNetidIsNotShifted() {
        Parsed parsed = source.parse(text(STATE_HEADER, "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*"));
        assertEquals(List.of("2: begins with 'tcp' where the header has no Netid"), rejects(parsed));
    }

    /** Whatever stands in a text, nothing is thrown and every line is accounted for. */
    @Property(tries = 200)
    void anyTextIsAccountedFor(
            @ForAll
                    List<
                                    @AlphaChars @NumericChars
                                    @Chars({' ', ':', '*', '(', '"', '\t', '-', '[', '.', ',', ')', '/'})
                                    @StringLength(max = 30) String>
                            lines,
            @ForAll @IntRange(max = 2) int header) {
        var all = new java.util.ArrayList<String>();
        if (header > 0) {
            all.add(header == 1 ? STATE_HEADER : NETID_HEADER);
        }
        String prefix = header == 1 ? "ESTAB 0 0 " : header == 2 ? "u_str ESTAB 0 0 " : "";
        lines.forEach(line -> all.add(prefix + line));
        lines.forEach(line -> all.add("\t skmem:(" + line));
        lines.forEach(line -> all.add("tcp ESTAB 0 0 1.1.1.1:1 2.2.2.2:2 users:((\"" + line));
        lines.forEach(line -> all.add("ESTAB 0 0 1.1.1.1:1 2.2.2.2:2 timer:(" + line));
        Parsed parsed = source.parse(new Text("file", 1, java.util.Optional.empty(), all));
        assertEquals(
                all.size(), parsed.used() + parsed.empty() + parsed.rejected().size());
    }
}
