package plimsoll.telemetry;

import org.jspecify.annotations.Nullable;

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

    /** The bits of an IPv4 address that {@link #ipv4} spells exactly so; -1 for all else. */
    static long bits(String address) {
        long bits = 0;
        int i = 0;
        for (int part = 0; part < 4; part++) {
            int end = Fields.digits(address, i);
            boolean last = part == 3;
            if (end == i
                    || end - i > 3
                    || (end - i > 1 && address.charAt(i) == '0')
                    || (last ? end != address.length() : end == address.length() || address.charAt(end) != '.')) {
                return -1;
            }
            long value = Fields.decimal(address, i, end);
            if (value > 255) {
                return -1;
            }
            bits = bits << 8 | value;
            i = end + 1;
        }
        return bits;
    }

    /** The sixteen bytes of an IPv6 address, in two words, that {@link #ipv6} spells exactly so; null for all else. */
    static long @Nullable [] words(String address) {
        if (address.length() > 45 || address.indexOf(':') < 0) {
            return null;
        }
        long[] words = new long[2];
        if (address.startsWith("::ffff:") && bits(address.substring(7)) >= 0) {
            words[1] = 0xffff_0000_0000L | bits(address.substring(7));
            return words;
        }
        int[] groups = new int[8];
        int count = 0;
        int gap = -1;
        int i = 0;
        if (address.startsWith("::")) {
            gap = 0;
            i = 2;
        }
        while (i < address.length()) {
            int colon = address.indexOf(':', i);
            int end = colon < 0 ? address.length() : colon;
            long group = end - i > 4 ? -1 : Fields.hexadecimal(address, i, end);
            if (group < 0 || count == 8) {
                return null;
            }
            groups[count++] = (int) group;
            i = end + 1;
            if (colon >= 0 && i < address.length() && address.charAt(i) == ':' && gap < 0) {
                gap = count;
                i++;
            }
        }
        for (int g = 0; g < count; g++) {
            int at = gap >= 0 && g >= gap ? 8 - count + g : g;
            words[at / 4] |= (long) groups[g] << (16 * (3 - at % 4));
        }
        return ipv6(words[0], words[1]).equals(address) ? words : null;
    }
}
