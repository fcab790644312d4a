package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.Captured.ACK;
import static plimsoll.telemetry.Captured.ETHERNET;
import static plimsoll.telemetry.Captured.PUSH;
import static plimsoll.telemetry.Captured.SYN;
import static plimsoll.telemetry.Captured.bytes;
import static plimsoll.telemetry.Captured.join;
import static plimsoll.telemetry.Captured.pcapHeader;
import static plimsoll.telemetry.Captured.record;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Capture files, written here after their standards. */
class PacketFileSourceTest {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;
    private static final int MICRO = 0xa1b2c3d4;
    private static final int NANO = 0xa1b23c4d;
    private static final String[] COLUMNS = {
        "time_ns", "protocol", "src", "sport", "dst", "dport", "flags", "seq", "ack", "win", "length"
    };

    private static final byte[] SEGMENT =
            Captured.tcp("10.0.1.5", 48201, "198.51.100.10", 443, PUSH | ACK, 4294967295L, 7, 1024);

    private static Parsed parse(byte[]... parts) {
        byte[] file = join(parts);
        assertTrue(new PacketFileSource().begins(file));
        return new PacketFileSource().parse("dump.pcap", file);
    }

    private static Rows rows(Parsed parsed) {
        assertEquals(List.of(), parsed.rejected());
        return parsed.rows().orElseThrow();
    }

    @Test
    void aSegmentInEitherByteOrderAndResolution() {
        List<String> expected = List.of(
                "1700000000123456000",
                "tcp",
                "10.0.1.5",
                "48201",
                "198.51.100.10",
                "443",
                "P.",
                "4294967295",
                "7",
                "502",
                "1024");
        for (ByteOrder order : List.of(LITTLE, BIG)) {
            Parsed micro = parse(
                    pcapHeader(order, MICRO, ETHERNET), record(order, 1_700_000_000, 123_456, SEGMENT, SEGMENT.length));
            assertEquals(expected, row(rows(micro), 0, COLUMNS));
            Parsed nano = parse(
                    pcapHeader(order, NANO, ETHERNET),
                    record(order, 1_700_000_000, 123_456_000, SEGMENT, SEGMENT.length));
            assertEquals(expected, row(rows(nano), 0, COLUMNS));
        }
    }

    @Test
    void ofAPacketCutByTheSnapshotLengthTheWholeLengthIsKnown() {
        Rows rows = rows(parse(pcapHeader(LITTLE, MICRO, ETHERNET), record(LITTLE, 1, 0, SEGMENT, 54)));
        assertEquals("1024", rows.cell("length", 0));
        // not even the flags were captured: what is known is kept
        rows = rows(parse(pcapHeader(LITTLE, MICRO, ETHERNET), record(LITTLE, 1, 0, SEGMENT, 40)));
        assertEquals(
                List.of("tcp", "48201", "443", "", ""), row(rows, 0, "protocol", "sport", "dport", "flags", "length"));
    }

    @Test
    void linksOfOtherKinds() {
        byte[] ip = Captured.ipv4("10.0.1.5", "198.51.100.10", 6, Captured.tcp(48201, 443, SYN, 1, 0, 0));
        String[] columns = {"src", "sport", "flags"};
        List<String> expected = List.of("10.0.1.5", "48201", "S");
        String macs = "020000000001020000000002";
        assertEquals(expected, row(one(ETHERNET, join(bytes(macs + "810000640800"), ip)), 0, columns));
        assertEquals(expected, row(one(ETHERNET, join(bytes(macs + "88a8006481000064" + "0800"), ip)), 0, columns));
        assertEquals(expected, row(one(113, join(bytes("00000001000602000000000100000800"), ip)), 0, columns));
        assertEquals(expected, row(one(276, join(bytes("0800000000000002000100060200000000010000"), ip)), 0, columns));
        assertEquals(expected, row(one(101, ip), 0, columns));
        assertEquals(expected, row(one(0, join(bytes("02000000"), ip)), 0, columns));
    }

    private static Rows one(int linkType, byte[] packet) {
        return rows(parse(pcapHeader(LITTLE, MICRO, linkType), record(LITTLE, 1, 0, packet, packet.length)));
    }

    @Test
    void ipv6BehindAnExtensionHeader() {
        String header = "6000000000203c40" + "20010db8000000000000000000000001" + "20010db8000000000000000000000002";
        byte[] options = bytes("0600010400000000");
        byte[] packet = join(bytes(header), options, Captured.tcp(33000, 443, SYN | ACK, 5, 6, 4));
        assertEquals(
                List.of("tcp", "2001:db8::1", "33000", "2001:db8::2", "443", "S.", "4"),
                row(one(101, packet), 0, "protocol", "src", "sport", "dst", "dport", "flags", "length"));
    }

    @Test
    void datagramsFragmentsArpAndTheRest() {
        byte[] udp = bytes("00350401000c0000" + "00000000");
        Rows rows = one(101, Captured.ipv4("10.0.0.1", "10.0.0.2", 17, udp));
        assertEquals(List.of("udp", "53", "1025", "4"), row(rows, 0, "protocol", "sport", "dport", "length"));
        byte[] later = Captured.ipv4("10.0.0.1", "10.0.0.2", 17, udp);
        later[7] = 5; // fragment offset: no ports in it
        assertEquals(List.of("udp", "", ""), row(one(101, later), 0, "protocol", "sport", "dport"));
        byte[] arp = bytes(
                "ffffffffffff0200000000010806" + "0001080006040001" + "0200000000010a000005" + "0000000000000a000001");
        assertEquals(List.of("arp", "10.0.0.5", "10.0.0.1"), row(one(ETHERNET, arp), 0, "protocol", "src", "dst"));
        byte[] lldp = bytes("0180c200000e020000000001" + "88cc0000");
        assertEquals("ethertype 0x88cc", one(ETHERNET, lldp).cell("protocol", 0));
    }

    @Test
    void pcapngWithTwoInterfacesOfDifferentClocks() {
        for (ByteOrder order : List.of(LITTLE, BIG)) {
            Rows rows = rows(parse(
                    Captured.section(order),
                    Captured.device(order, ETHERNET, "eth0", 9),
                    Captured.device(order, 101, "tun0", 3),
                    Captured.block(order, 5, new byte[12]),
                    Captured.enhanced(order, 0, 1_700_000_000_123_456_789L, SEGMENT),
                    Captured.enhanced(
                            order, 1, 1_700_000_000_250L, Captured.ipv4("10.0.0.1", "10.0.0.2", 1, new byte[8]))));
            assertEquals(List.of("1700000000123456789", "eth0"), row(rows, 0, "time_ns", "interface"));
            assertEquals(
                    List.of("1700000000250000000", "tun0", "icmp", "8"),
                    row(rows, 1, "time_ns", "interface", "protocol", "length"));
        }
    }

    @Test
    void aFileStillBeingWrittenGivesThePacketsBefore() {
        byte[] whole = join(
                pcapHeader(LITTLE, MICRO, ETHERNET),
                record(LITTLE, 1, 0, SEGMENT, SEGMENT.length),
                record(LITTLE, 2, 0, SEGMENT, SEGMENT.length));
        Parsed parsed = parse(java.util.Arrays.copyOf(whole, whole.length - 100));
        assertEquals(1, parsed.used());
        assertEquals(List.of("2: the file ends within the packet"), rejects(parsed));
    }

    @Test
    void whatCannotBeReadIsSaid() {
        assertEquals(
                List.of(
                        "1: the link type 127 is not known: Ethernet (1), Linux cooked (113, 276), loopback (0, 108) and raw IP (12, 14,"
                                + " 101, 228, 229) are"),
                rejects(parse(pcapHeader(LITTLE, MICRO, 127), record(LITTLE, 1, 0, SEGMENT, SEGMENT.length))));
        assertEquals(
                List.of("1: cut off within the header of IPv4", "2: cut off within the header of the link"),
                rejects(parse(
                        pcapHeader(LITTLE, MICRO, ETHERNET),
                        record(LITTLE, 1, 0, SEGMENT, 30),
                        record(LITTLE, 1, 0, SEGMENT, 9))));
        assertEquals(
                List.of("1: says that 4294967295 bytes of it were captured: the rest of the file is not read"),
                rejects(parse(pcapHeader(LITTLE, MICRO, ETHERNET), bytes("0100000000000000ffffffffffffffff"))));
        assertEquals(
                List.of("1: names the interface 3, and the section has 0"),
                rejects(parse(Captured.section(BIG), Captured.enhanced(BIG, 3, 0, SEGMENT))));
    }

    @Test
    void onlyItsOwnBytes() {
        assertFalse(new PacketFileSource().begins(bytes("a1b2c3d4")));
        assertFalse(new PacketFileSource()
                .begins("State  Recv-Q Send-Q".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void inACaptureBesideText(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.txt"), "MemTotal: 16 kB\n");
        Files.write(
                folder.resolve("dump.pcap"),
                join(
                        pcapHeader(LITTLE, MICRO, ETHERNET),
                        record(LITTLE, 10, 0, Captured.tcp("10.0.1.5", 48201, "198.51.100.10", 443, SYN, 9, 0, 0), 54),
                        record(
                                LITTLE,
                                12,
                                0,
                                Captured.tcp("10.0.1.5", 48202, "198.51.100.10", 443, SYN, 9, 0, 0),
                                54)));
        Capture capture = Capture.read(folder);
        assertEquals(
                new Capture.Item("dump.pcap", "packet capture", 2, 0, 24 + 2 * (16 + 54), true, ""),
                capture.sources().get(1));
        assertEquals(2, capture.table("packets").orElseThrow().size());
        assertEquals("dump.pcap", capture.origin("opens"));
        assertEquals(
                List.of("10.0.1.5", "198.51.100.10", "443", "2", "1.0"),
                row(
                        capture.table("opens").orElseThrow(),
                        0,
                        "client",
                        "server",
                        "server_port",
                        "opens",
                        "opens_per_s"));
    }

    /** Whatever the bytes, an account and no exception; a packet is a row or a reject, never both. */
    @Property(tries = 500)
    void randomPacketsOfEveryLinkType(
            @ForAll @Size(max = 90) byte[] packet, @ForAll @IntRange(max = 300) int linkType, @ForAll boolean swapped) {
        ByteOrder order = swapped ? BIG : LITTLE;
        Parsed parsed = parse(pcapHeader(order, MICRO, linkType), record(order, 1, 0, packet, packet.length));
        assertEquals(1, parsed.used() + parsed.rejected().size());
    }

    @Property(tries = 500)
    void randomBytesInPlaceOfAFilesOwn(@ForAll @Size(max = 60) byte[] noise, @ForAll @IntRange(max = 500) int at) {
        byte[] pcap = join(
                pcapHeader(LITTLE, MICRO, ETHERNET),
                record(LITTLE, 1, 0, SEGMENT, 80),
                record(LITTLE, 1, 0, SEGMENT, 80));
        byte[] pcapng = join(
                Captured.section(LITTLE),
                Captured.device(LITTLE, ETHERNET, "eth0", 6),
                Captured.enhanced(LITTLE, 0, 5, SEGMENT),
                Captured.block(LITTLE, 3, new byte[70]),
                Captured.block(LITTLE, 2, new byte[70]));
        for (byte[] file : List.of(pcap, pcapng)) {
            byte[] spoilt = file.clone();
            int from = at % spoilt.length;
            System.arraycopy(noise, 0, spoilt, from, Math.min(noise.length, spoilt.length - from));
            Parsed parsed = new PacketFileSource().parse("dump.pcap", spoilt);
            assertEquals(parsed.used(), parsed.rows().orElseThrow().size());
        }
    }
}
