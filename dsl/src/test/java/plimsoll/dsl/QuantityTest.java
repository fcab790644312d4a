package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
    private static void roundTrip(double value, Unit unit) {
        Quantity q = Quantity.of(value, unit);
        assertEquals(q, Quantity.parse(q.toString()), q::toString);
        assertEquals(q, Quantity.parse(q.toString(), unit), q::toString);
    }

    @Property(tries = 5_000)
    void whatIsPrintedIsReadBack(@ForAll("values") double value, @ForAll Unit unit) {
        boolean whole = unit == Unit.COUNT || unit == Unit.BYTES;
        roundTrip(whole ? value % 0x1p53 : value, unit);
    }

    @Property(tries = 5_000)
    void countsAndBytesAreExact(@ForAll("longs") long whole) {
        assertEquals(
                whole, (long) Quantity.parse(Quantity.count(whole).toString()).value());
        assertEquals(
                whole, (long) Quantity.parse(Quantity.bytes(whole).toString()).value());
    }

    @Property(tries = 2_000)
    void theLocaleOfTheMachineChangesNothing(@ForAll("values") double value, @ForAll Unit unit) {
        Quantity q = Quantity.of(value % 0x1p53, unit);
        String exact = q.toString();
        String brief = q.brief();
        Locale before = Locale.getDefault();
        try {
            for (String tag : new String[] {"de-DE", "tr-TR", "ar-EG", "hi-IN-u-nu-deva"}) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(exact, q.toString(), tag);
                assertEquals(brief, q.brief(), tag);
                assertEquals(q, Quantity.parse(exact), tag);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aTurkishMachineReadsTheSameUnitsAndRefusesTheSameOnes() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertEquals(Quantity.bytes(15 << 20), Quantity.parse("15 MiB"));
            assertEquals(Quantity.seconds(60), Quantity.parse("1 min"));
            assertEquals(
                    "'16 MB' can be read two ways: write 16 MiB (1024) or 16000000 B (1000)", refusal("16 MB", null));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Provide
    Arbitrary<Double> values() {
        return Arbitraries.oneOf(
                Arbitraries.doubles().filter(d -> Math.abs(d) < 1e300),
                Arbitraries.doubles().between(-1e6, 1e6),
                Arbitraries.doubles().between(0, 1),
                Arbitraries.integers().between(-20, 20).map(e -> Math.pow(10, e)),
                Arbitraries.integers().between(-20, 60).map(e -> Math.scalb(3.0, e)),
                Arbitraries.longs().between(0, 1L << 53).map(Long::doubleValue),
                Arbitraries.integers().between(0, 1_000_000).map(i -> i * 3600.0));
    }

    @Provide
    Arbitrary<Long> longs() {
        return Arbitraries.longs().between(-(1L << 53), 1L << 53);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            28,232       | COUNT     | 28232
            28232        | COUNT     | 28232
            1.5          | COUNT     | 1.5
            -.5          | COUNT     | -0.5
            1e3          | COUNT     | 1000
            0.05%        | SHARE     | 0.0005
            7.7 %        | SHARE     | 0.077
            100 ms       | SPAN      | 0.1
            250us        | SPAN      | 0.00025
            250 µs       | SPAN      | 0.00025
            40 ns        | SPAN      | 4e-8
            5 min        | SPAN      | 300
            2 h          | SPAN      | 7200
            5 d          | SPAN      | 432000
            500/s        | RATE      | 500
            30/min       | RATE      | 0.5
            36/h         | RATE      | 0.01
            4096 B       | BYTES     | 4096
            32 KiB       | BYTES     | 32768
            15 MiB       | BYTES     | 15728640
            1.5 GiB      | BYTES     | 1610612736
            10 Gbit/s    | BANDWIDTH | 1.25e9
            8 bit/s      | BANDWIDTH | 1
            125 MiB/s    | BANDWIDTH | 131072000
            """)
    void readsWhatPeopleWrite(String text, Unit unit, double value) {
        assertEquals(Quantity.of(value, unit), Quantity.parse(text));
        assertEquals(Quantity.of(value, unit), Quantity.parse("  " + text + "\n", unit));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            COUNT     | 30562.048   | 30,562
            COUNT     | 0.5221      | 0.5221
            COUNT     | 999.96      | 1,000
            COUNT     | -2330       | -2,330
            RATE      | 449.4823    | 449.5/s
            RATE      | 0.016666667 | 0.01667/s
            SHARE     | 0.0766      | 7.7%
            SHARE     | 0.1206      | 12%
            SHARE     | 0.0005      | 0.05%
            SHARE     | 1.083       | 108%
            SHARE     | 0.522       | 52%
            SHARE     | 0.9996      | 100%
            SHARE     | 0           | 0%
            SHARE     | 12.345      | 1,234%
            BYTES     | 15693960    | 14.97 MiB
            BYTES     | 1023.9      | 1,024 B
            BYTES     | 4096        | 4 KiB
            SPAN      | 61.024      | 61.02 s
            SPAN      | 60          | 60 s
            SPAN      | 0.1         | 100 ms
            SPAN      | 0.00025     | 250 µs
            SPAN      | 432000      | 5 d
            SPAN      | 0           | 0 s
            BANDWIDTH | 1.25e9      | 1.164 GiB/s
            """)
    void isBriefForReading(Unit unit, double value, String brief) {
        assertEquals(brief, Quantity.of(value, unit).brief());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            COUNT     | 30562.048 | 30,562.048
            SPAN      | 61.024    | 61.024 s
            SPAN      | 7200      | 2 h
            SPAN      | 0.0021    | 2.1 ms
            SHARE     | 0.0766    | 7.66%
            BYTES     | 32768     | 32 KiB
            BYTES     | 15693960  | 15,693,960 B
            BANDWIDTH | 131072000 | 125 MiB/s
            """)
    void printsEveryDigit(Unit unit, double value, String exact) {
        assertEquals(exact, Quantity.of(value, unit).toString());
    }

    private static String refusal(String text, @Nullable Unit wanted) {
        return String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> {
                            if (wanted == null) {
                                Quantity.parse(text);
                            } else {
                                Quantity.parse(text, wanted);
                            }
                        },
                        text)
                .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            16 MB      |       | '16 MB' can be read two ways: write 16 MiB (1024) or 16000000 B (1000)
            16 MB      | BYTES | '16 MB' can be read two ways: write 16 MiB (1024) or 16000000 B (1000)
            1.5k       | BYTES | '1.5k' can be read two ways: write 1.5 KiB (1024) or 1500 B (1000)
            10 MB/s    |       | '10 MB/s' can be read two ways: write 10 MiB/s (1024) or 10000000 B/s (1000)
            500        | RATE  | '500' has no unit: a rate is written 500/s, 30/min or 100/h
            500        | SPAN  | '500' has no unit: a span is written 100 ms, 60 s or 2 h
            500 ms     | RATE  | '500 ms' is not a rate: that is written 500/s, 30/min or 100/h
            100 ms     | COUNT | '100 ms' is not a count: that is written 28232
            -          |       | '-' is not a number with a unit
            -          | SHARE | '-' is not a number with a unit: a share is written 0.05%
            ''         |       | '' is not a number with a unit
            '  '       | RATE  | '' is not a number with a unit: a rate is written 500/s, 30/min or 100/h
            NaN        |       | 'NaN' is not a number with a unit
            1,23       | COUNT | '1,23' has commas that do not group by three: write 1.23 or 123
            1,23 s     |       | '1,23 s' has commas that do not group by three: write 1.23 s or 123 s
            100 xs     |       | '100 xs' has a unit that is not known: use %, ns, us, ms, s, min, h, d, /s, /min, /h, B, KiB, MiB, GiB, MiB/s or Gbit/s
            100 xs     | SPAN  | '100 xs' has a unit that is not known: a span is written 100 ms, 60 s or 2 h
            1,23,456   |       | '1,23,456' has commas that do not group by three: write 123456
            1e400 s    |       | '1e400 s' is too large
            9007199254740993 |  | 9,007,199,254,740,993 is beyond 2^53, where a count is no longer exact
            9 PiB      |       | 10,133,099,161,583,616 is beyond 2^53, where an amount of bytes is no longer exact
            1e16       |       | 10,000,000,000,000,000 is beyond 2^53, where a count is no longer exact
            """)
    void refusesWithASentence(String text, @Nullable Unit wanted, String sentence) {
        assertEquals(sentence, refusal(text, wanted));
    }

    @Test
    void isAFiniteNumberOfExactThings() {
        assertEquals(
                "a quantity is a finite number, not NaN",
                assertThrows(IllegalArgumentException.class, () -> Quantity.share(Double.NaN))
                        .getMessage());
        assertEquals(
                "9007199254740993 is beyond 2^53, where a count is no longer exact",
                assertThrows(IllegalArgumentException.class, () -> Quantity.count((1L << 53) + 1))
                        .getMessage());
        assertEquals(Quantity.count(0), Quantity.of(-0.0, Unit.COUNT));
    }

    @Test
    void onlyLikeIsComparedWithLike() {
        assertEquals(1, Quantity.parse("2 h").compareTo(Quantity.parse("100 ms")));
        assertEquals(
                "cannot compare 1 s with 1/s",
                assertThrows(IllegalArgumentException.class, () -> Quantity.seconds(1)
                                .compareTo(Quantity.perSecond(1)))
                        .getMessage());
    }
}
