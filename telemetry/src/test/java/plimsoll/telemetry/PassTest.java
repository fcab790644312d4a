package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What a pass over the bytes of a text finds is what reading it line by line finds. */
class PassTest {
    private static final String TCP_HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    private static final String SS_HEADER = "State      Recv-Q Send-Q   Local Address:Port   Peer Address:Port Process";

    private static final List<String> CONNTRACK = List.of(
            "ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.7 dst=203.0.113.4 sport=61358 dport=443 src=203.0.113.4 dst=10.0.0.7 sport=443 dport=61358 [ASSURED] mark=0 zone=0 use=2",
            "ipv4     2 tcp      6 119 SYN_SENT src=255.255.255.255 dst=0.0.0.0 sport=1 dport=65535 [UNREPLIED] src=203.0.113.4 dst=10.0.0.7 sport=443 dport=61358 mark=7 use=1",
            "ipv4     2 udp      17 29 src=10.0.0.7 dst=10.0.0.1 sport=5353 dport=53 packets=1 bytes=60 src=10.0.0.1 dst=10.0.0.7 sport=53 dport=5353 packets=1 bytes=18446744073709551 [ASSURED] mark=0 zone=0 use=2",
            "ipv4     2 icmp     1 29 src=10.0.0.7 dst=10.0.0.1 type=8 code=0 id=4711 src=10.0.0.1 dst=10.0.0.7 type=0 code=0 id=4711 mark=0 use=1",
            "ipv6     10 tcp      6 97 TIME_WAIT src=2001:0db8:0000:0000:0000:0000:0000:0001 dst=2001:0DB8:0000:0001:0000:0000:0000:0002 sport=33000 dport=80 src=2001:0db8:0000:0001:0000:0000:0000:0002 dst=ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff sport=80 dport=33000 [ASSURED] mark=0 zone=0 use=2",
            "ipv4     2 tcp      6 [OFFLOAD] src=10.0.0.7 dst=203.0.113.4 sport=1 dport=443 src=203.0.113.4 dst=10.0.0.7 sport=443 dport=1 [OFFLOAD] mark=0 zone=0 use=3",
            "ipv4     2 unknown  2 600 src=10.0.0.7 dst=224.0.0.1 [UNREPLIED] src=224.0.0.1 dst=10.0.0.7 mark=0 zone=0 use=2",
            "tcp      6 431999 ESTABLISHED src=2001:db8::1 dst=::ffff:10.0.0.1 sport=1 dport=2 src=::1 dst=2001:db8::1 sport=2 dport=1 [ASSURED] mark=0 use=1",
            "tcp      6 300 ESTABLISHED src=010.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED] mark=0 use=1",
            "conntrack v1.4.6 (conntrack-tools): 9 flow entries have been shown.");

    private static final List<String> TCP = List.of(
            "   0: 0100007F:0016 00000000:0000 0A 00000000:00000080 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0",
            "   1: 0100007F:0016 0100A8C0:D431 01 00000024:00000000 01:00000018 00000002  1000        0 54321 2 ffff8b0f4a3c2d00 20 4 30 10 -1",
            "   2: 0100007F:0016 0100A8C0:D432 06 00000000:00000000 03:0000176E 00000000     0        0 0 3 0000000000000000",
            "   3: 0100007F:0016 0100A8C0:D433 0C 00000000:00000000 01:FFFFFFF0 00000000     0        0 0 1 0000000000000000",
            "   4: 0100007F:0016 0100A8C0:D434 0D 00000000:00000000 09:00000010 00000000     0        0 0 1 0000000000000000",
            "   5: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:D431 01 00000000:00000000 09:00000010 00000000    33        0 7 1 0000000000000000",
            "   6: B80D0120000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 8 1 0000000000000000");

    private static final List<String> SS = List.of(
            "LISTEN     0      511                 0.0.0.0:443              0.0.0.0:*     users:((\"nginx\",pid=12,fd=6),(\"nginx\",pid=13,fd=6))",
            "LISTEN     0      511                    [::]:443                 [::]:*     users:((\"nginx\",pid=12,fd=7))",
            "LISTEN     0      128                       *:80                     *:*    ",
            "ESTAB      0      36              203.0.113.1:443         138.79.80.46:40384 users:((\"php-fpm: pool a\",pid=1003,fd=29151))",
            "TIME-WAIT  0      0              203.0.113.4:80         157.82.64.121:5330 ",
            "ESTAB      1      0      [::ffff:203.0.113.4]:80  [::ffff:10.0.0.1]:5330",
            "\t skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d3)",
            "CLOSE-WAIT 1      0        10.0.0.1%eth0:80         10.0.0.2:5331 users:((\"a\\\"b\",pid=5,fd=1))",
            "ESTAB 0 0 10.0.0.1:https 10.0.0.2:99999",
            "ESTAB 0 0 10.0.0.1:443 10.0.0.2:9999 timer:(keepalive,14sec,0) uid:33 ino:77 sk:1 <->",
            "ESTAB 0 0 10.0.0.1:443 10.0.0.2:9998 timer:(on,928ms,3) uid:33 ino:78 sk:1a <-> skmem:(r0,rb131072,t0,tb87040,f0,w0,o0,bl0,d7) ts sack cubic wscale:7,7 rto:204 cwnd:10",
            "ESTAB 0 0 10.0.0.1:443 10.0.0.2:9997 users:((\"nginx\",pid=12,fd=6)) timer:(keepalive,4min59sec,0) ino:79 sk:2 cgroup:/system.slice/nginx.service <->",
            "\t skmem:(r0,rb131072,t0,tb87040,f0,w0,o0,bl0,d0) cubic wscale:7,7 rto:204 rtt:1.5/0.75 mss:1448",
            "TIME-WAIT 0 0 10.0.0.1:443 10.0.0.2:9996 timer:(timewait,9.748ms,0) ino:0 sk:3",
            "\t ts sack cubic wscale:7,7 rto:204",
            "UNKNOWN 0 0 10.0.0.1:1 10.0.0.2:2",
            "FIN-WAIT-9 0 0 10.0.0.1:1 10.0.0.2:2");

    private static final String NETID_HEADER = "Netid " + SS_HEADER;

    /** The same in a listing of several kinds. */
    private static final List<String> NETID = Stream.concat(
                    SS.stream().map(line -> line.startsWith("\t") ? line : "tcp   " + line),
                    Stream.of(
                            "udp   UNCONN 0      0         0.0.0.0:68         0.0.0.0:*    users:((\"dhclient\",pid=7,fd=6))",
                            "u_str ESTAB  0      0      /run/dbus/system_bus_socket 18 * 17",
                            "tcp   ESTAB 0 0 10.0.0.1:443 10.0.0.2:9995",
                            "users:((\"nginx\",pid=12,fd=6))"))
            .toList();

    /** Everything there is to know of a reading, row by row. */
    static List<String> all(Parsed parsed) {
        var all = new ArrayList<String>();
        for (Rows rows : parsed.tables()) {
            for (int row = 0; row < rows.size(); row++) {
                var cells = new StringBuilder();
                for (String column : rows.columns()) {
                    cells.append(column)
                            .append('=')
                            .append(rows.cell(column, row))
                            .append(' ');
                }
                all.add(cells.toString());
            }
            all.add(rows.name() + rows.columns() + " " + rows.covers());
        }
        all.add(parsed.used() + " " + parsed.empty() + " " + parsed.excerpt());
        all.add(parsed.facts().toString());
        parsed.rejected().forEach(r -> all.add(r.toString()));
        return all;
    }

    /** Compares the pass with the careful reading; true where the pass left the text to the careful reading. */
    private static boolean same(Source source, String content, int processors) {
        return same(source, content, processors, 1 << 18);
    }

    private static boolean same(Source source, String content, int processors, int chunk) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Text careful = new Text(
                "proc/net/x", 1, Optional.empty(), Decoded.text(bytes).lines().toList());
        Lines lines = Lines.of(bytes, 0);
        Pass pass = Objects.requireNonNull(source.pass(new Text("proc/net/x", 1, Optional.empty(), lines)));
        Optional<Parsed> fast = pass.run(lines, processors, chunk);
        fast.ifPresent(
                parsed -> assertEquals(String.join("\n", all(source.parse(careful))), String.join("\n", all(parsed))));
        return fast.isEmpty();
    }

    private static String text(String header, List<String> lines, int times) {
        var all = new StringBuilder(header);
        for (int i = 0; i < times; i++) {
            lines.forEach(line -> all.append(line).append('\n'));
        }
        return all.toString();
    }

    @Test
    void theSamples() {
        for (int processors = 1; processors <= 3; processors++) {
            assertTrue(!same(new ConntrackSource(), text("", CONNTRACK, 1), processors));
            assertTrue(!same(new ConntrackSource(), text("", CONNTRACK.subList(0, 9), 2000), processors));
            assertTrue(!same(new ProcNetTcpSource(), text(TCP_HEADER + "\n", TCP, 3000), processors));
            assertTrue(!same(new SsListingSource(), text(SS_HEADER + "\n", SS, 3000), processors));
            assertTrue(!same(new SsListingSource(), text(NETID_HEADER + "\n", NETID, 3000), processors));
            assertTrue(!same(
                    new SsListingSource(), text(SS_HEADER + "\n", SS, 3000).replace("\n", "\r\n"), processors));
            assertTrue(!same(
                    new SsListingSource(), text(SS_HEADER + "\n", SS, 3000).strip(), processors));
        }
    }

    @Test
    void aPromptOrASecondHeaderIsLeftToTheCarefulReading() {
        assertTrue(same(new SsListingSource(), text(SS_HEADER + "\n", SS, 1) + SS_HEADER + "\n", 1));
        assertTrue(same(new ConntrackSource(), text("", CONNTRACK, 1) + "$ ss -s\n", 1));
        assertTrue(same(new ProcNetTcpSource(), text(TCP_HEADER + "\n", TCP, 1) + "a\rb\n", 2));
        // also where a part begins with it, or where it is none of the usual headers
        String twice = text(SS_HEADER + "\n", SS, 9) + "State Recv-Q\n" + text("", SS, 9);
        for (int chunk = 128; chunk < 1 << 14; chunk *= 2) {
            assertTrue(same(new SsListingSource(), twice, 3, chunk));
        }
    }

    /** The lines that are not read as bytes, of these below each other ten times: what is read carefully takes some ten times as long. */
    private static List<String> careful(Source source, String header, List<String> lines) {
        String content = text(header, lines, 10);
        int to = content.length();
        byte[] bytes = Arrays.copyOf(content.getBytes(StandardCharsets.UTF_8), to + Lines.PADDING);
        Pass pass = Objects.requireNonNull(source.pass(new Text("proc/net/x", 1, Optional.empty(), Lines.of(content))));
        var careful = new ArrayList<String>();
        for (int at = pass.lines(bytes, 0, to); at < to; at = pass.lines(bytes, at, to)) {
            pass.flush();
            int end = content.indexOf('\n', at);
            careful.add(content.substring(at, end));
            pass.line(0, content.substring(at, end));
            at = end + 1;
        }
        return careful;
    }

    @Test
    void usualLinesAreReadAsBytes() {
        // one of the samples counts more bytes than are read so
        List<String> conntrack = List.of(CONNTRACK.get(0), CONNTRACK.get(1), CONNTRACK.get(3), CONNTRACK.get(4));
        assertEquals(List.of(), careful(new ConntrackSource(), "", conntrack));
        assertEquals(List.of(TCP_HEADER), careful(new ProcNetTcpSource(), TCP_HEADER + "\n", TCP.subList(0, 3)));
        // the last socket may go on below
        List<String> plain = List.of(SS.get(1), SS.get(2), SS.get(3), SS.get(4));
        assertEquals(List.of(SS_HEADER, SS.get(4)), careful(new SsListingSource(), SS_HEADER + "\n", plain));
        // the first with details has columns made for them
        List<String> details = List.of(SS.get(9), SS.get(10), SS.get(12), SS.get(13), SS.get(14), SS.get(4));
        assertEquals(
                List.of(SS_HEADER, SS.get(9), SS.get(4)), careful(new SsListingSource(), SS_HEADER + "\n", details));
    }

    /** A character put in, taken out or replaced somewhere, in any line. */
    @Property(tries = 500)
    void mutatedLines(@ForAll @LongRange(min = 0) long seed, @ForAll @IntRange(min = 1, max = 4) int processors) {
        var random = new SplittableRandom(seed);
        // from some that are shorter than a line: each part has several, and begins within the text
        int chunk = 64 << random.nextInt(7);
        same(new ConntrackSource(), mutated("", CONNTRACK, random), processors, chunk);
        same(new ProcNetTcpSource(), mutated(TCP_HEADER + "\n", TCP, random), processors, chunk);
        same(new SsListingSource(), mutated(SS_HEADER + "\n", SS, random), processors, chunk);
        same(new SsListingSource(), mutated(NETID_HEADER + "\n", NETID, random), processors, chunk);
    }

    private static String mutated(String header, List<String> lines, SplittableRandom random) {
        String alphabet = " :.,=[]()*\"\t019aAfF\u00e9\0\r-%";
        var all = new StringBuilder(header);
        for (int i = 0; i < 100; i++) {
            var line = new StringBuilder(lines.get(random.nextInt(lines.size())));
            for (int j = random.nextInt(4); j > 0; j--) {
                int at = random.nextInt(line.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(4)) {
                    case 0 -> line.setCharAt(at, c);
                    case 1 -> line.insert(at, c);
                    case 2 -> line.setLength(Math.max(1, at));
                    default -> line.deleteCharAt(line.length() > 1 ? at : 0).append(' ');
                }
            }
            all.append(line).append('\n');
        }
        // a lone carriage return would leave nearly every text to the careful reading
        return random.nextInt(10) == 0 ? all.toString() : all.toString().replace("\r", "");
    }

    @Test
    void aHundredThousandGeneratedLines() {
        var random = new SplittableRandom(7);
        var conntrack = new StringBuilder();
        var tcp = new StringBuilder(TCP_HEADER + "\n");
        var ss = new StringBuilder(SS_HEADER + "\n");
        String[] states = {"ESTAB", "TIME-WAIT", "SYN-SENT", "CLOSE-WAIT"};
        for (int i = 0; i < 100_000; i++) {
            String a = address(random);
            String b = address(random);
            int p = random.nextInt(65536);
            int q = random.nextInt(65536);
            conntrack
                    .append("ipv4     2 tcp      6 ")
                    .append(random.nextInt(500_000))
                    .append(" TIME_WAIT src=");
            conntrack
                    .append(a)
                    .append(" dst=")
                    .append(b)
                    .append(" sport=")
                    .append(p)
                    .append(" dport=")
                    .append(q);
            conntrack
                    .append(" packets=")
                    .append(random.nextInt())
                    .append(" bytes=")
                    .append(random.nextLong(1L << 60));
            conntrack
                    .append(" src=")
                    .append(b)
                    .append(" dst=")
                    .append(a)
                    .append(" sport=")
                    .append(q)
                    .append(" dport=");
            conntrack.append(p).append(" packets=1 bytes=2 [ASSURED] mark=0 zone=0 use=2\n");
            tcp.append(String.format(
                    java.util.Locale.ROOT,
                    "%4d: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08X %08X %5d %8d %d 1 %016x\n",
                    i,
                    random.nextInt(),
                    p,
                    random.nextInt(),
                    q,
                    1 + random.nextInt(12),
                    random.nextInt(),
                    0,
                    random.nextInt(6),
                    random.nextInt(),
                    0,
                    random.nextInt(70_000),
                    0,
                    random.nextInt(1 << 30),
                    0L));
            ss.append(states[random.nextInt(4)])
                    .append(' ')
                    .append(random.nextInt(9))
                    .append("  0    ");
            ss.append(a)
                    .append(':')
                    .append(p)
                    .append("   ")
                    .append(b)
                    .append(':')
                    .append(q);
            ss.append(" users:((\"nginx\",pid=").append(random.nextInt(9)).append(",fd=3))\n");
        }
        assertTrue(!same(new ConntrackSource(), conntrack.toString(), 2));
        assertTrue(!same(new ProcNetTcpSource(), tcp.toString(), 2));
        assertTrue(!same(new SsListingSource(), ss.toString(), 2));
    }

    private static String address(SplittableRandom random) {
        return random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256);
    }
}
