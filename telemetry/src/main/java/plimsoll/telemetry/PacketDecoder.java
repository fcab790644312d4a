package plimsoll.telemetry;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one captured packet, link to transport, into a row of the table {@code packets}: Ethernet with VLAN tags, Linux cooked
 * capture v1 and v2, BSD loopback, raw IP (LINKTYPE registry of tcpdump.org); ARP; IPv4 (RFC 791), IPv6 with its extension headers
 * (RFC 8200); TCP (RFC 9293), UDP (RFC 768). Mutable; for one thread.
 */
final class PacketDecoder {
    private static final int ETHERNET = 1;
    private static final int RAW_BSD = 12;
    private static final int RAW_OPENBSD = 14;
    private static final int RAW = 101;
    private static final int LOOP = 108;
    private static final int COOKED = 113;
    private static final int IPV4_ONLY = 228;
    private static final int IPV6_ONLY = 229;
    private static final int COOKED_2 = 276;
    private static final int NULL = 0;

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_ARP = 0x0806;
    private static final int TYPE_IPV6 = 0x86dd;
    private static final int ANY_IP = -1;

    private static final int TCP = 6;
    private static final int UDP = 17;

    private final Rows.Builder rows;

    PacketDecoder(Rows.Builder rows) {
        this.rows = rows;
    }

    /** True for a link type whose headers are known. */
    static boolean knows(int linkType) {
        return switch (linkType) {
            case NULL, ETHERNET, RAW_BSD, RAW_OPENBSD, RAW, LOOP, COOKED, IPV4_ONLY, IPV6_ONLY, COOKED_2 -> true;
            default -> false;
        };
    }

    /**
     * Puts the packet between the position and the limit of {@code packet} into the current row, which the caller ends; or says what is
     * wrong with it, having written nothing. A packet cut off by the capture's length gives what is left of it.
     */
    @Nullable
    String decode(ByteBuffer packet, int linkType) {
        int at = packet.position();
        int type;
        int header;
        switch (linkType) {
            case ETHERNET -> {
                header = 14;
                type = unsigned16(packet, at + 12);
                while (type == 0x8100 || type == 0x88a8 || type == 0x9100) {
                    type = unsigned16(packet, at + header + 2);
                    header += 4;
                }
            }
            case COOKED -> {
                header = 16;
                type = unsigned16(packet, at + 14);
            }
            case COOKED_2 -> {
                header = 20;
                type = unsigned16(packet, at);
            }
            case NULL, LOOP -> {
                header = 4;
                type = ANY_IP;
            }
            default -> {
                header = 0;
                type = ANY_IP;
            }
        }
        if (packet.limit() - at < header || type < ANY_IP) {
            return "cut off within the header of the link";
        }
        int network = at + header;
        if (type == ANY_IP) {
            int version = network < packet.limit() ? (packet.get(network) & 0xf0) >> 4 : 0;
            type = version == 4 ? TYPE_IPV4 : version == 6 ? TYPE_IPV6 : 0;
        }
        return switch (type) {
            case TYPE_IPV4 -> ipv4(packet, network);
            case TYPE_IPV6 -> ipv6(packet, network);
            case TYPE_ARP -> arp(packet, network);
            default -> other(type);
        };
    }

    /** -2 beyond the end. */
    private static int unsigned16(ByteBuffer packet, int at) {
        return at + 2 <= packet.limit() ? ((packet.get(at) & 0xff) << 8) | (packet.get(at + 1) & 0xff) : -2;
    }

    private static long unsigned32(ByteBuffer packet, int at) {
        return ((long) unsigned16(packet, at) << 16) | unsigned16(packet, at + 2);
    }

    private static long bits64(ByteBuffer packet, int at) {
        return unsigned32(packet, at) << 32 | unsigned32(packet, at + 4);
    }

    private @Nullable String other(int type) {
        // below 0x600 it is a length, and the frame IEEE 802.3: spanning tree and its like
        rows.text(Packets.PROTOCOL, type < 0x600 ? "llc" : String.format(Locale.ROOT, "ethertype 0x%04x", type));
        return null;
    }

    private @Nullable String arp(ByteBuffer packet, int at) {
        rows.text(Packets.PROTOCOL, "arp");
        boolean ipv4 = unsigned16(packet, at + 2) == TYPE_IPV4 && at + 28 <= packet.limit();
        if (ipv4) {
            rows.text(Packets.SRC, Addresses.ipv4((int) unsigned32(packet, at + 14)))
                    .text(Packets.DST, Addresses.ipv4((int) unsigned32(packet, at + 24)));
        }
        return null;
    }

    private @Nullable String ipv4(ByteBuffer packet, int at) {
        if (packet.limit() - at < 20) {
            return "cut off within the header of IPv4";
        }
        int words = packet.get(at) & 0x0f;
        if ((packet.get(at) & 0xf0) != 0x40 || words < 5) {
            return "the header of IPv4 has version and length 0x" + Integer.toHexString(packet.get(at) & 0xff)
                    + " instead of 0x45 or more";
        }
        int length = unsigned16(packet, at + 2);
        // a card that cuts segments itself has them seen before, without a length; then what was captured is all there
        // is to tell
        int total = length == 0 ? packet.limit() - at : length;
        if (total < 4 * words) {
            return "the length of IPv4, " + total + ", is less than its header";
        }
        int offset = unsigned16(packet, at + 6) & 0x1fff;
        rows.text(Packets.SRC, Addresses.ipv4((int) unsigned32(packet, at + 12)))
                .text(Packets.DST, Addresses.ipv4((int) unsigned32(packet, at + 16)));
        transport(packet, at + 4 * words, total - 4 * words, packet.get(at + 9) & 0xff, offset > 0);
        return null;
    }

    private @Nullable String ipv6(ByteBuffer packet, int at) {
        if (packet.limit() - at < 40) {
            return "cut off within the header of IPv6";
        }
        if ((packet.get(at) & 0xf0) != 0x60) {
            return "the header of IPv6 has version " + ((packet.get(at) & 0xf0) >> 4);
        }
        int left = unsigned16(packet, at + 4);
        int next = packet.get(at + 6) & 0xff;
        int i = at + 40;
        boolean fragment = false;
        while (extension(next) && i + 8 <= packet.limit()) {
            int length = next == 44
                    ? 8
                    : next == 51 ? 4 * ((packet.get(i + 1) & 0xff) + 2) : 8 * ((packet.get(i + 1) & 0xff) + 1);
            fragment |= next == 44 && (unsigned16(packet, i + 2) & 0xfff8) != 0;
            next = packet.get(i) & 0xff;
            i += length;
            left -= length;
        }
        rows.text(Packets.SRC, Addresses.ipv6(bits64(packet, at + 8), bits64(packet, at + 16)))
                .text(Packets.DST, Addresses.ipv6(bits64(packet, at + 24), bits64(packet, at + 32)));
        transport(packet, i, Math.max(0, left), next, fragment);
        return null;
    }

    /** Hop-by-hop, routing, fragment, authentication, destination options. */
    private static boolean extension(int next) {
        return next == 0 || next == 43 || next == 44 || next == 51 || next == 60;
    }

    private void transport(ByteBuffer packet, int at, int length, int protocol, boolean laterFragment) {
        rows.text(Packets.PROTOCOL, name(protocol));
        int there = Math.min(packet.limit() - at, length);
        boolean ports = (protocol == TCP || protocol == UDP) && there >= 4 && !laterFragment;
        if (ports) {
            rows.number(Packets.SPORT, unsigned16(packet, at)).number(Packets.DPORT, unsigned16(packet, at + 2));
        }
        if (ports && protocol == TCP && there >= 16) {
            tcp(packet, at, length);
        } else if (protocol != TCP || !ports) {
            int header = ports && protocol == UDP ? 8 : 0;
            rows.number(Packets.LENGTH, Math.max(0, length - header));
        }
    }

    private void tcp(ByteBuffer packet, int at, int length) {
        int bits = packet.get(at + 13) & 0xff;
        int header = 4 * ((packet.get(at + 12) & 0xf0) >> 4);
        rows.number(Packets.SEQ, unsigned32(packet, at + 4))
                .text(Packets.FLAGS, flags(bits))
                .number(Packets.WIN, unsigned16(packet, at + 14));
        if ((bits & 0x10) != 0) {
            rows.number(Packets.ACK, unsigned32(packet, at + 8));
        }
        if (header >= 20 && header <= length) {
            rows.number(Packets.LENGTH, length - header);
        }
    }

    /** As tcpdump spells them (print-tcp.c): {@code S.} is SYN and ACK, {@code .} is ACK alone. */
    private static String flags(int bits) {
        String letters = "FSRP.UEW";
        var flags = new StringBuilder();
        for (int bit = 0; bit < 8; bit++) {
            if ((bits & 1 << bit) != 0) {
                flags.append(letters.charAt(bit));
            }
        }
        return flags.length() == 0 ? "none" : flags.toString();
    }

    private static String name(int protocol) {
        return switch (protocol) {
            case 1 -> "icmp";
            case TCP -> "tcp";
            case UDP -> "udp";
            case 47 -> "gre";
            case 50 -> "esp";
            case 58 -> "icmp6";
            case 132 -> "sctp";
            default -> "ip-proto-" + protocol;
        };
    }
}
