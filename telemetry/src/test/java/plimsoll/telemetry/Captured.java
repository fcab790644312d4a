package plimsoll.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes packets and capture files for tests, byte by byte after the standards, apart from the code that reads them. */
final class Captured {
    static final int ETHERNET = 1;
    static final int SYN = 2;
    static final int ACK = 16;
    static final int FIN = 1;
    static final int RST = 4;
    static final int PUSH = 8;

    private Captured() {}

    /** An Ethernet frame with IPv4 and TCP headers and {@code payload} zero bytes. */
    static byte[] tcp(String src, int sport, String dst, int dport, int flags, long seq, long ack, int payload) {
        return join(
                bytes("0200000000010200000000020800"), ipv4(src, dst, 6, tcp(sport, dport, flags, seq, ack, payload)));
    }

    static byte[] ipv4(String src, String dst, int protocol, byte[] content) {
        var header = ByteBuffer.allocate(20);
        header.put((byte) 0x45).put((byte) 0).putShort((short) (20 + content.length));
        header.putShort((short) 1)
                .putShort((short) 0x4000)
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0);
        header.put(address(src)).put(address(dst));
        return join(header.array(), content);
    }

    static byte[] tcp(int sport, int dport, int flags, long seq, long ack, int payload) {
        var header = ByteBuffer.allocate(20 + payload);
        header.putShort((short) sport).putShort((short) dport).putInt((int) seq).putInt((int) ack);
        header.put((byte) 0x50).put((byte) flags).putShort((short) 502);
        return header.array();
    }

    private static byte[] address(String dotted) {
        var address = new byte[4];
        String[] parts = dotted.split("\\.", -1);
        for (int i = 0; i < 4; i++) {
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        return address;
    }

    static byte[] pcapHeader(ByteOrder order, int magic, int linkType) {
        return ByteBuffer.allocate(24)
                .order(order)
                .putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(262144)
                .putInt(linkType)
                .array();
    }

    static byte[] record(ByteOrder order, long seconds, int fraction, byte[] packet, int captured) {
        byte[] header = ByteBuffer.allocate(16)
                .order(order)
                .putInt((int) seconds)
                .putInt(fraction)
                .putInt(captured)
                .putInt(packet.length)
                .array();
        return join(header, java.util.Arrays.copyOf(packet, captured));
    }

    static byte[] block(ByteOrder order, int type, byte[] body) {
        int padded = (body.length + 3) / 4 * 4;
        var block = ByteBuffer.allocate(12 + padded).order(order);
        block.putInt(type).putInt(12 + padded).put(body);
        block.position(8 + padded);
        return block.putInt(12 + padded).array();
    }

    static byte[] section(ByteOrder order) {
        return block(
                order,
                0x0a0d0d0a,
                ByteBuffer.allocate(16)
                        .order(order)
                        .putInt(0x1a2b3c4d)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putLong(-1)
                        .array());
    }

    /** An interface with a name and a resolution of time, 10 to the power of {@code -digits} seconds. */
    static byte[] device(ByteOrder order, int linkType, String name, int digits) {
        byte[] letters = name.getBytes(StandardCharsets.UTF_8);
        int padded = (letters.length + 3) / 4 * 4;
        var body = ByteBuffer.allocate(8 + 4 + padded + 8 + 4).order(order);
        body.putShort((short) linkType).putShort((short) 0).putInt(0);
        body.putShort((short) 2).putShort((short) letters.length).put(letters);
        body.position(12 + padded);
        body.putShort((short) 9).putShort((short) 1).put((byte) digits);
        return block(order, 1, body.array());
    }

    static byte[] enhanced(ByteOrder order, int device, long ticks, byte[] packet) {
        var body = ByteBuffer.allocate(20 + packet.length).order(order);
        body.putInt(device).putInt((int) (ticks >>> 32)).putInt((int) ticks);
        body.putInt(packet.length).putInt(packet.length).put(packet);
        return block(order, 6, body.array());
    }

    static byte[] bytes(String hexadecimal) {
        return java.util.HexFormat.of().parseHex(hexadecimal);
    }

    static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
