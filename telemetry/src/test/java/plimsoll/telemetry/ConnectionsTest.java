package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Connections out of packets: hand-made dialogues, and generated ones whose outcome is known. */
class ConnectionsTest {
    private static final long SECOND = 1_000_000_000L;

    private static Rows connections(String... lines) {
        return Connections.of(new TcpdumpSource().parse(text(lines)).rows().orElseThrow());
    }

    @Test
    void theDialogueOfAFieldReport() {
        Rows rows = connections(
                "14:02:01.102000 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [S], seq 102930102, win 64240, length 0",
                "14:02:01.122000 IP 198.51.100.10.443 > 10.0.1.5.48201: Flags [S.], seq 482910201, ack 102930103, win 65160, length 0",
                "14:02:01.122010 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [.], ack 1, win 502, length 0",
                "14:02:01.130000 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [P.], seq 1:1020, ack 1, win 502, length 1019",
                "14:02:01.130200 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [P.], seq 1:1020, ack 1, win 502, length 1019",
                "14:02:01.140000 IP 198.51.100.10.443 > 10.0.1.5.48201: Flags [P.], seq 1:4092, ack 1020, win 502, length 4091",
                "14:02:01.210000 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [F.], seq 1020, ack 4092, win 502, length 0",
                "14:02:01.230000 IP 198.51.100.10.443 > 10.0.1.5.48201: Flags [F.], seq 4092, ack 1021, win 510, length 0",
                "14:02:01.230010 IP 10.0.1.5.48201 > 198.51.100.10.443: Flags [.], ack 4093, win 502, length 0");
        assertEquals(1, rows.size());
        assertEquals(
                List.of("10.0.1.5", "48201", "198.51.100.10", "443", "client", "client", "", "1", "1019", "4091", "9"),
                row(
                        rows,
                        0,
                        "client",
                        "client_port",
                        "server",
                        "server_port",
                        "opener",
                        "first_closer",
                        "reset_by",
                        "established",
                        "client_bytes",
                        "server_bytes",
                        "packets"));
        assertEquals(0.128, rows.real("lifetime_s", 0).orElseThrow(), 1e-9);
    }

    @Test
    void aRefusalARetransmissionAndAPortUsedAgain() {
        Rows rows = connections(
                "10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 100, win 1, length 0",
                "10:00:01.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 100, win 1, length 0",
                "10:00:01.000500 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [R.], seq 0, ack 101, win 0, length 0",
                "10:00:05.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 900, win 1, length 0",
                "10:00:05.000010 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 900, win 1, length 0");
        assertEquals(2, rows.size());
        String[] columns = {"established", "reset_by", "first_closer", "syn_retransmits", "lifetime_s"};
        assertEquals(List.of("0", "server", "", "1", "1.0005"), row(rows, 0, columns));
        // the same SYN seen on two interfaces is not one sent again
        assertEquals(List.of("0", "", "", "0", ""), row(rows, 1, columns));
    }

    @Test
    void withoutItsOpeningAConnectionHasNoOpener() {
        Rows rows = connections(
                "10:00:00.000000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [P.], seq 4000000000:4000001000, ack 5, win 1, length 1000",
                "10:00:00.100000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [P.], seq 1000:1500, ack 5, win 1, length 500",
                "10:00:00.200000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [F.], seq 1500, ack 5, win 1, length 0");
        assertEquals(
                List.of("10.0.0.1", "10.0.0.2", "", "server", "", "", "1500"),
                row(rows, 0, "client", "server", "opener", "first_closer", "opened_ns", "lifetime_s", "bytes"));
        assertEquals(0, Connections.opens(rows, 1).size());
    }

    @Test
    void anExcerptHasNoRate() {
        Rows.Builder packets = Packets.builder();
        packet(packets, SECOND, "10.9.9.9", 1, "10.0.0.1", 80, "S", 5, 0);
        packet(packets, 3 * SECOND, "10.9.9.9", 2, "10.0.0.1", 80, "S", 5, 0);
        Rows opens = Connections.opens(Connections.of(packets.rows()), 2);
        assertEquals(List.of("2", "1.0"), row(opens, 0, "opens", "opens_per_s"));
        Rows excerpt = Connections.opens(Connections.of(packets.rows().covering(Set.of())), 2);
        assertEquals(List.of("2", ""), row(excerpt, 0, "opens", "opens_per_s"));
    }

    @Test
    void aSynAckTellsWhoOpened() {
        Rows rows = connections(
                "10:00:00.000000 IP 10.0.0.2.50000 > 10.0.0.1.40: Flags [S.], seq 1, ack 5, win 1, length 0");
        assertEquals(
                List.of("10.0.0.1", "10.0.0.2", "client", "1", ""),
                row(rows, 0, "client", "server", "opener", "established", "opened_ns"));
    }

    @Test
    void midnightDoesNotTurnTimeBack() {
        Rows rows = connections(
                "23:59:59.500000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 1, length 0",
                "00:00:00.500000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [R.], seq 0, ack 2, win 0, length 0");
        assertEquals(1.0, rows.real("lifetime_s", 0).orElseThrow(), 1e-9);
    }

    /** One dialogue: when it opens, how long it lives, who closes first, what it carries. */
    record Dialogue(int server, int startMs, int lifeMs, boolean clientCloses, int bytes) {}

    @Provide
    Arbitrary<List<Dialogue>> dialogues() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(0, 60_000),
                        Arbitraries.integers().between(10, 5_000),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 100_000))
                .as(Dialogue::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    @Property(tries = 200)
    void whatWasDrivenIsFoundWhateverTheOrderOfThePackets(
            @ForAll("dialogues") List<Dialogue> dialogues, @ForAll long seed) {
        var packets = new ArrayList<Runnable>();
        Rows.Builder rows = Packets.builder();
        for (int i = 0; i < dialogues.size(); i++) {
            Dialogue d = dialogues.get(i);
            int port = 40_000 + i;
            long start = 1_700_000_000L * SECOND + d.startMs * 1_000_000L;
            long end = start + d.lifeMs * 1_000_000L;
            long isn = 4_294_960_000L; // wraps on the way
            String server = "10.0.0." + d.server;
            packets.add(() -> packet(rows, start, "10.9.9.9", port, server, 80, "S", isn, 0));
            packets.add(() -> packet(rows, start + 1, server, 80, "10.9.9.9", port, "S.", 7, 0));
            int half = d.bytes / 2;
            packets.add(() -> packet(rows, start + 2, "10.9.9.9", port, server, 80, "P.", isn + 1, half));
            packets.add(() -> packet(
                    rows,
                    start + 3,
                    "10.9.9.9",
                    port,
                    server,
                    80,
                    "P.",
                    (isn + 1 + half) & 0xffffffffL,
                    d.bytes - half));
            packets.add(() -> closes(rows, end - 1, d.clientCloses, server, port));
            packets.add(() -> closes(rows, end, !d.clientCloses, server, port));
        }
        java.util.Collections.shuffle(packets, new java.util.Random(seed));
        packets.forEach(Runnable::run);
        Map<String, Rows> derived = Connections.derived(Map.of(Packets.NAME, rows.rows()));
        Rows found = Objects.requireNonNull(derived.get(Connections.NAME));
        assertEquals(dialogues.size(), found.size());
        for (int row = 0; row < found.size(); row++) {
            Dialogue d = dialogues.get((int) found.number("client_port", row).orElseThrow() - 40_000);
            assertEquals("10.9.9.9", found.cell("client", row));
            assertEquals(d.clientCloses ? "client" : "server", found.cell("first_closer", row));
            assertEquals(d.bytes, found.number("client_bytes", row).orElseThrow());
            assertEquals(d.lifeMs / 1000.0, found.real("lifetime_s", row).orElseThrow(), 1e-9);
        }
        Rows opens = Objects.requireNonNull(derived.get(Connections.OPENS));
        double span = Connections.span(rows.rows());
        long opened = 0;
        for (int row = 0; row < opens.size(); row++) {
            long count = opens.number("opens", row).orElseThrow();
            opened += count;
            assertEquals(count / span, opens.real("opens_per_s", row).orElseThrow(), 1e-9);
            assertEquals(
                    count,
                    opens.number("closed_by_client", row).orElseThrow()
                            + opens.number("closed_by_server", row).orElseThrow());
        }
        assertEquals(dialogues.size(), opened);
    }

    private static void closes(Rows.Builder rows, long time, boolean client, String server, int port) {
        if (client) {
            packet(rows, time, "10.9.9.9", port, server, 80, "F.", 0, 0);
        } else {
            packet(rows, time, server, 80, "10.9.9.9", port, "F.", 8, 0);
        }
    }

    private static void packet(
            Rows.Builder rows,
            long time,
            String src,
            int sport,
            String dst,
            int dport,
            String flags,
            long seq,
            int length) {
        rows.number(Packets.TIME, time)
                .text(Packets.PROTOCOL, "tcp")
                .text(Packets.SRC, src)
                .number(Packets.SPORT, sport)
                .text(Packets.DST, dst)
                .number(Packets.DPORT, dport)
                .text(Packets.FLAGS, flags)
                .number(Packets.SEQ, seq)
                .number(Packets.LENGTH, length)
                .end();
    }
}
