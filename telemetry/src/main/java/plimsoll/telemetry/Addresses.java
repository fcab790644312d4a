package plimsoll.telemetry;

/** Internet addresses in one spelling, whichever the source prints, so that tables of different sources can be joined. */
final class Addresses {
    private Addresses() {}

    /** An IPv4 address from its four bytes, the first in the highest eight bits. */
    static String ipv4(int bits) {
        return (bits >>> 24) + "." + ((bits >>> 16) & 0xff) + "." + ((bits >>> 8) & 0xff) + "." + (bits & 0xff);
    }

    /**
     * An IPv6 address from its sixteen bytes as RFC 5952 spells it: lower case, no leading zeros, the first longest run of at least
     * two zero groups as {@code ::}, an IPv4-mapped address with its last four bytes in decimal.
     */
    static String ipv6(long high, long low) {
        if (high == 0 && low >>> 32 == 0xffff) {
            return "::ffff:" + ipv4((int) low);
        }
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && group(high, low, i + length) == 0) {
                length++;
            }
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
            i += length;
        }
        var out = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                out.append("::");
                i += bestLength - 1;
            } else {
                if (i > 0 && out.charAt(out.length() - 1) != ':') {
                    out.append(':');
                }
                out.append(Integer.toHexString(group(high, low, i)));
            }
        }
        return out.toString();
    }

    /** The same address; one with all its zeros written out, as {@code /proc/net/nf_conntrack} prints IPv6, as RFC 5952 spells it. */
    static String canonical(String address) {
        if (address.length() != 39) {
            return address;
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            long group = Fields.hexadecimal(address, 5 * i, 5 * i + 4);
            if (group < 0 || (i < 7 && address.charAt(5 * i + 4) != ':')) {
                return address;
            }
            high = high << 16 | low >>> 48;
            low = low << 16 | group;
        }
        return ipv6(high, low);
    }

    private static int group(long high, long low, int i) {
        return (int) ((i < 4 ? high : low) >>> (16 * (3 - i % 4))) & 0xffff;
    }
}
