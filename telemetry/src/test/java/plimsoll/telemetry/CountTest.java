package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Grouping by cells gives what grouping by texts gives. */
class CountTest {
    private static final String[] TEXTS = {
        "",
        "a",
        "ESTAB",
        "10.0.0.1",
        "10.0.0.10",
        "2001:db8::1",
        "2001:db8::a",
        "2001:db8::b:1",
        "2001:db8:ffff:0:1::1",
        "2001:db8:ffff:0:1::2",
        "9",
        "*",
        "%",
        "fe80::1%eth0",
        "-",
        "/",
        ".",
        "\u00e9",
        "10.0.0.1.5",
        "255.255.255.255",
        "255.255.255.2559",
        "0.0.0.0"
    };

    private static String text(SplittableRandom random) {
        return random.nextInt(3) == 0
                ? Addresses.ipv4(random.nextInt())
                : random.nextInt(8) == 0
                        ? Addresses.ipv6(0x20010db8_00000000L, random.nextLong(3) << 60 | random.nextInt(9))
                        : TEXTS[random.nextInt(TEXTS.length)];
    }

    private static Rows rows(SplittableRandom random) {
        var builder = new Rows.Builder("t")
                .column("text", Rows.Type.TEXT)
                .column("address", Rows.Type.ADDRESS)
                .column("number", Rows.Type.NUMBER);
        for (int i = random.nextInt(500); i > 0; i--) {
            if (random.nextInt(9) > 0) {
                builder.text("text", text(random));
            }
            if (random.nextInt(9) > 0) {
                builder.text("address", text(random));
            }
            if (random.nextInt(9) > 0) {
                builder.number("number", random.nextInt(100) - 10);
            }
            builder.end();
        }
        return builder.rows();
    }

    @Property(tries = 300)
    void asByTheTexts(@ForAll @LongRange(min = 0) long seed) {
        var random = new SplittableRandom(seed);
        Rows rows = rows(random);
        String[] by = List.of(
                        new String[] {"address"},
                        new String[] {"text"},
                        new String[] {"number"},
                        new String[] {"text", "address"},
                        new String[] {"address", "number", "text"})
                .get(random.nextInt(5));
        Map<List<String>, Integer> groups = new HashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            int at = row;
            groups.merge(Arrays.stream(by).map(column -> rows.cell(column, at)).toList(), 1, Integer::sum);
        }
        var order = new ArrayList<>(groups.entrySet());
        order.sort(Comparator.<Map.Entry<List<String>, Integer>>comparingInt(e -> -e.getValue())
                .thenComparing((a, b) -> Arrays.compare(
                        a.getKey().toArray(new String[0]), b.getKey().toArray(new String[0]))));
        Rows counted = rows.count(by);
        assertEquals(order.size(), counted.size());
        for (int row = 0; row < counted.size(); row++) {
            int at = row;
            assertEquals(
                    order.get(row).getKey(),
                    Arrays.stream(by)
                            .map(column -> counted.text(column, at).orElseThrow())
                            .toList());
            assertEquals(
                    (long) order.get(row).getValue(),
                    counted.number("count", row).orElseThrow());
        }
    }

    @Test
    void anAddressHasTheKeyOfItsText() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            int address = random.nextInt();
            assertEquals(Ranks.key(Addresses.ipv4(address)), Ranks.key(address));
        }
        assertTrue(Ranks.key("255.255.255.255") == Ranks.key(-1) && Ranks.key("") == 0);
    }
}
