package plimsoll.telemetry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Packet captures: pcap of either byte order, in microseconds or nanoseconds (draft-ietf-opsawg-pcap), and pcapng
 * (draft-ietf-opsawg-pcapng). A file that ends within a packet, as one still being written does, gives the packets before.
 */
final class PacketFileSource implements BinarySource {
    private static final int PCAP_MICRO = 0xa1b2c3d4;
    private static final int PCAP_NANO = 0xa1b23c4d;
    private static final int SECTION = 0x0a0d0d0a;
    private static final int SECTION_ORDER = 0x1a2b3c4d;
    private static final int INTERFACE = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int OPTION_NAME = 2;
    private static final int OPTION_RESOLUTION = 9;
    private static final int OPTION_OFFSET = 14;

    /** No packet is longer (MAXIMUM_SNAPLEN of libpcap); a length beyond it is not one. */
    private static final long LONGEST = 256 << 10;

    private static final long NANOS = 1_000_000_000L;
    private static final int SHOWN = 48;

    @Override
    public String name() {
        return "packet capture";
    }

    @Override
    public boolean begins(byte[] bytes) {
        if (bytes.length < 12) {
            return false;
        }
        var head = ByteBuffer.wrap(bytes);
        int magic = head.getInt(0);
        int order = head.getInt(8);
        return order(magic) != null
                || (magic == SECTION && (order == SECTION_ORDER || order == Integer.reverseBytes(SECTION_ORDER)));
    }

    private static @Nullable ByteOrder order(int magic) {
        if (magic == PCAP_MICRO || magic == PCAP_NANO) {
            return ByteOrder.BIG_ENDIAN;
        }
        int reversed = Integer.reverseBytes(magic);
        return reversed == PCAP_MICRO || reversed == PCAP_NANO ? ByteOrder.LITTLE_ENDIAN : null;
    }

    @Override
    public Parsed parse(String path, byte[] bytes) {
        return new Parse(path, bytes).run();
    }

    /** What a packet's interface is in pcapng. */
    private record Device(int linkType, long ticksPerSecond, long offset, Optional<String> name) {}

    /** One pass over a file. */
    private static final class Parse {
        private final String path;
        private final ByteBuffer in;
        private final Rows.Builder rows = Packets.builder();
        private final PacketDecoder decoder = new PacketDecoder(rows);
        private final List<Reject> rejected = new ArrayList<>();
        private final List<Device> devices = new ArrayList<>();
        private int packet;

        Parse(String path, byte[] bytes) {
            this.path = path;
            this.in = ByteBuffer.wrap(bytes);
        }

        Parsed run() {
            if (in.remaining() < 12) {
                reject(0, in.limit(), "is shorter than the header of a packet capture");
            } else if (order(in.getInt(0)) == null) {
                sections();
            } else {
                pcap();
            }
            // files of one capture follow each other: none lists what another does
            Rows packets = rows.rows().covering(Set.of(path));
            return new Parsed(
                    Optional.of(packets),
                    List.of(),
                    List.of(),
                    packets.size(),
                    0,
                    rejected,
                    Memory.Kept.NOTHING,
                    false);
        }

        /** {@code packet} is the number of the record in the file. */
        private void reject(int from, int to, String reason) {
            byte[] bytes = in.array();
            int end = Math.min(Math.min(to, bytes.length), from + SHOWN);
            String text = from < end ? HexFormat.ofDelimiter(" ").formatHex(bytes, from, end) : "";
            rejected.add(new Reject(path, Math.max(1, packet), text, reason));
        }

        private void pcap() {
            ByteOrder order = order(in.getInt(0));
            in.order(order == null ? ByteOrder.BIG_ENDIAN : order);
            boolean nano = in.getInt(0) == PCAP_NANO;
            if (in.limit() < 24) {
                reject(0, in.limit(), "ends within the header of the file, which is 24 bytes");
                return;
            }
            int linkType = in.getInt(20) & 0xffff;
            if (!PacketDecoder.knows(linkType)) {
                reject(0, 24, unknownLink(linkType));
                return;
            }
            int at = 24;
            while (at < in.limit()) {
                packet++;
                if (in.limit() - at < 16) {
                    reject(at, in.limit(), "the file ends within the header of a packet");
                    return;
                }
                long captured = in.getInt(at + 8) & 0xffffffffL;
                if (captured > LONGEST) {
                    reject(
                            at,
                            in.limit(),
                            "says that " + captured + " bytes of it were captured: the rest of the file is not read");
                    return;
                }
                long fraction = in.getInt(at + 4) & 0xffffffffL;
                long time = (in.getInt(at) & 0xffffffffL) * NANOS + (nano ? fraction : fraction * 1000);
                int end = at + 16 + (int) captured;
                if (end > in.limit()) {
                    reject(at, in.limit(), "the file ends within the packet");
                    return;
                }
                packet(at + 16, end, linkType, time, Optional.empty());
                at = end;
            }
        }

        private static String unknownLink(int linkType) {
            return "the link type " + linkType
                    + " is not known: Ethernet (1), Linux cooked (113, 276), loopback (0, 108) and raw IP (12, 14, 101, 228, 229) are";
        }

        private void packet(int from, int to, int linkType, long time, Optional<String> device) {
            ByteBuffer bytes = in.duplicate().order(ByteOrder.BIG_ENDIAN);
            bytes.limit(to).position(from);
            String wrong = decoder.decode(bytes, linkType);
            if (wrong != null) {
                reject(from, to, wrong);
                return;
            }
            if (time >= 0) {
                rows.number(Packets.TIME, time);
            }
            device.ifPresent(name -> rows.text(Packets.INTERFACE, name));
            rows.end();
        }

        private void sections() {
            int at = 0;
            while (at < in.limit()) {
                if (in.limit() - at < 12) {
                    reject(at, in.limit(), "the file ends within a block");
                    return;
                }
                if (in.getInt(at) == SECTION) { // the same in either byte order
                    in.order(ByteOrder.BIG_ENDIAN);
                    if (in.getInt(at + 8) != SECTION_ORDER) {
                        in.order(ByteOrder.LITTLE_ENDIAN);
                    }
                    devices.clear();
                }
                int type = in.getInt(at);
                long length = in.getInt(at + 4) & 0xffffffffL;
                boolean holdsPacket = type == ENHANCED_PACKET || type == SIMPLE_PACKET || type == OBSOLETE_PACKET;
                if (holdsPacket) {
                    packet++;
                }
                if (length < 12 || length % 4 != 0 || at + length > in.limit()) {
                    reject(at, in.limit(), "the file ends within a block that says it has " + length + " bytes");
                    return;
                }
                int end = (int) (at + length - 4);
                if (type == INTERFACE) {
                    device(at + 8, end);
                } else if (holdsPacket) {
                    block(type, at + 8, end);
                }
                at = end + 4;
            }
        }

        private void device(int at, int end) {
            if (end - at < 8) {
                devices.add(new Device(-1, 1, 0, Optional.empty()));
                return;
            }
            long ticks = 1_000_000;
            long offset = 0;
            Optional<String> name = Optional.empty();
            int i = at + 8;
            while (i + 4 <= end) {
                int option = in.getShort(i) & 0xffff;
                int length = in.getShort(i + 2) & 0xffff;
                if (option == 0 || i + 4 + length > end) {
                    break;
                }
                if (option == OPTION_NAME) {
                    name = Optional.of(new String(in.array(), i + 4, length, java.nio.charset.StandardCharsets.UTF_8));
                } else if (option == OPTION_RESOLUTION && length == 1) {
                    ticks = ticks(in.get(i + 4));
                } else if (option == OPTION_OFFSET && length == 8) {
                    offset = in.getLong(i + 4);
                }
                i += 4 + (length + 3) / 4 * 4;
            }
            devices.add(new Device(in.getShort(at) & 0xffff, ticks, offset, name));
        }

        /** Ticks a second: a power of ten, or of two where the highest bit is set; -1 where it is more than 63 bits hold. */
        private static long ticks(byte resolution) {
            int exponent = resolution & 0x7f;
            if ((resolution & 0x80) != 0) {
                return exponent < 62 ? 1L << exponent : -1;
            }
            long ticks = 1;
            for (int i = 0; i < exponent; i++) {
                if (ticks > Long.MAX_VALUE / 10) {
                    return -1;
                }
                ticks *= 10;
            }
            return ticks;
        }

        private void block(int type, int at, int end) {
            int header = type == SIMPLE_PACKET ? 4 : 20;
            if (end - at < header) {
                reject(at, end, "the block of a packet is shorter than its header");
                return;
            }
            int number = type == SIMPLE_PACKET ? 0 : type == OBSOLETE_PACKET ? in.getShort(at) & 0xffff : in.getInt(at);
            if (number < 0 || number >= devices.size()) {
                reject(at, end, "names the interface " + number + ", and the section has " + devices.size());
                return;
            }
            Device device = devices.get(number);
            if (!PacketDecoder.knows(device.linkType)) {
                reject(at, end, unknownLink(device.linkType));
                return;
            }
            // a simple packet does not say how much of it was captured, only how long it was
            long captured = in.getInt(type == SIMPLE_PACKET ? at : at + 12) & 0xffffffffL;
            if (type == SIMPLE_PACKET) {
                captured = Math.min(captured, end - at - 4);
            }
            if (captured > end - at - header) {
                reject(at, end, "says that " + captured + " bytes of it were captured, and the block holds fewer");
                return;
            }
            long time = -1;
            if (type != SIMPLE_PACKET && device.ticksPerSecond > 0) {
                long ticks = (in.getInt(at + 4) & 0xffffffffL) << 32 | (in.getInt(at + 8) & 0xffffffffL);
                time = nanos(ticks, device);
            }
            packet(at + header, at + header + (int) captured, device.linkType, time, device.name);
        }

        /** -1 for a time that is none: before 1970 or beyond 2262. */
        private static long nanos(long ticks, Device device) {
            long seconds = Long.divideUnsigned(ticks, device.ticksPerSecond);
            long rest = Long.remainderUnsigned(ticks, device.ticksPerSecond);
            double fraction = (double) rest / device.ticksPerSecond;
            long nanos = device.ticksPerSecond <= NANOS && NANOS % device.ticksPerSecond == 0
                    ? rest * (NANOS / device.ticksPerSecond)
                    : (long) (fraction * NANOS);
            long total = seconds + device.offset;
            return seconds < 0 || total < 0 || total >= Long.MAX_VALUE / NANOS ? -1 : total * NANOS + nanos;
        }
    }
}
