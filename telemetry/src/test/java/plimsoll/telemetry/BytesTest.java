package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What is read from bytes is what is read from the same text. */
class BytesTest {
    private static long[] words(String address) {
        byte[] bytes = ("src=" + address + "] and more").getBytes(StandardCharsets.UTF_8);
        long[] words = new long[2];
        boolean read = Bytes.ipv6(bytes, 4, 4 + address.getBytes(StandardCharsets.UTF_8).length, new int[8], words);
        return read ? words : new long[0];
    }

    @Test
    void addressesAsRfc5952SpellsThem() {
        assertArrayEquals(new long[] {0x20010db8_00000000L, 1}, words("2001:db8::1"));
        assertArrayEquals(new long[] {0, 0}, words("::"));
        assertArrayEquals(new long[] {0, 1}, words("::1"));
        assertArrayEquals(new long[] {0x00010000_00000000L, 0}, words("1::"));
        assertArrayEquals(new long[] {0, 0xffff_cb007104L}, words("::ffff:203.0.113.4"));
        assertArrayEquals(new long[] {0x0001000200030004L, 0x0005000600070008L}, words("1:2:3:4:5:6:7:8"));
    }

    @Test
    void otherSpellingsAreLeftToTheText() {
        for (String address : new String[] {
            "",
            ":",
            "1",
            "1:",
            ":1",
            ":::",
            "1::2::3",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "0:0:0:0:0:0:0:1",
            "01::",
            "::12345",
            "2001:DB8::1",
            "1:2:3::5:6:7:8",
            "0::1:0:0:1",
            "::ffff:cb00:7104",
            "::ffff:203.0.113.04",
            "::203.0.113.4",
            "fe80::1%eth0",
            "::ffff:1.2.3.4.5"
        }) {
            assertArrayEquals(new long[0], words(address), address);
        }
    }

    /** Whatever is put together of groups, colons and dots is read as the text is, or left to it; what the text spells is read. */
    @Property(tries = 2000)
    void ipv6(@ForAll @LongRange(min = 0) long seed) {
        var random = new SplittableRandom(seed);
        var text = new StringBuilder(random.nextInt(3) == 0 ? "::" : "");
        for (int i = 1 + random.nextInt(9); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> text.append(0);
                case 3 -> text.append("ffff");
                case 4 -> text.append("1.2.3.").append(random.nextInt(300));
                default -> text.append(Integer.toHexString(random.nextInt(65536)));
            }
            text.append(i == 1 ? "" : random.nextInt(6) == 0 ? "::" : ":");
        }
        String address = text.toString();
        long[] careful = Addresses.words(address);
        long[] read = words(address);
        if (read.length > 0) {
            assertArrayEquals(careful, read, address);
        }
        long high = random.nextLong() & mask(random);
        long low = random.nextLong() & mask(random);
        assertArrayEquals(new long[] {high, low}, words(Addresses.ipv6(high, low)), Addresses.ipv6(high, low));
    }

    /** Some of the four groups of a word are zero. */
    private static long mask(SplittableRandom random) {
        long mask = 0;
        for (int i = 0; i < 4; i++) {
            mask = mask << 16 | (random.nextBoolean() ? 0xffff : 0);
        }
        return mask;
    }

    @Test
    void ipv4() {
        byte[] bytes = "src=203.0.113.4 256.0.0.1 010.0.0.1 ".getBytes(StandardCharsets.UTF_8);
        assertTrue(Bytes.ipv4(bytes, 4) == (0xcb007104L << 5 | 11));
        assertFalse(Bytes.ipv4(bytes, 16) >= 0);
        assertFalse(Bytes.ipv4(bytes, 26) >= 0);
    }
}
