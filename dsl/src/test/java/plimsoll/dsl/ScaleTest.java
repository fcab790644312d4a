package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;

class ScaleTest {
    private static Picture reaching(double low, double high, Unit unit) {
        return new Picture(
                "",
                new Axis("", unit),
                new Axis("", unit),
                Optional.empty(),
                List.of(new Line("", List.of(low, high), List.of(low, high), false)));
    }

    private static String labels(Scale scale) {
        return String.join(" ", scale.ticks().stream().map(scale::label).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            COUNT     | 48900    | 0 20,000 40,000 60,000
            COUNT     | -30      | -30 -20 -10 0
            SHARE     | 0.0918   | 0% 5% 10%
            SHARE     | 0.0005   | 0% 0.02% 0.04% 0.06%
            RATE      | 800      | 0/s 200/s 400/s 600/s 800/s
            SPAN      | 0.0071   | 0 ms 2 ms 4 ms 6 ms 8 ms
            SPAN      | 100      | 0 s 50 s 100 s
            SPAN      | 7200     | 0 h 0.5 h 1.0 h 1.5 h 2.0 h
            SPAN      | 2.5e-5   | 0 µs 10 µs 20 µs 30 µs
            BYTES     | 15728640 | 0 MiB 4 MiB 8 MiB 12 MiB 16 MiB
            BYTES     | 1100     | 0 KiB 0.5 KiB 1.0 KiB 1.5 KiB
            BANDWIDTH | 1.25e9   | 0 GiB/s 0.5 GiB/s 1.0 GiB/s 1.5 GiB/s
            """)
    void ticksAreRoundInTheUnitThatIsRead(Unit unit, double far, String expected) {
        assertEquals(expected, labels(Scale.y(reaching(0, far, unit), 4)));
    }

    @Test
    void theHorizontalAxisEndsWithTheDataAndNeedsNoZero() {
        Scale scale = Scale.x(reaching(449, 462, Unit.RATE), 5);
        assertEquals(449, scale.low());
        assertEquals(462, scale.high());
        assertEquals("450/s 455/s 460/s", labels(scale));
    }

    @Test
    void oneValueGetsTheMiddleAndZeroGetsOneUnit() {
        assertEquals(0.5, Scale.x(reaching(-4, -4, Unit.COUNT), 4).place(-4));
        Scale zero = Scale.y(reaching(0, 0, Unit.COUNT), 4);
        assertEquals(0, zero.low());
        assertEquals(1, zero.high());
    }

    @Test
    void levelsAreInsideAndMissingValuesHaveNoPlace() {
        var level = new Picture(
                "",
                new Axis("", Unit.COUNT),
                new Axis("", Unit.COUNT),
                Optional.empty(),
                List.of(new Level("", 100), new Level("", Double.NaN)));
        assertEquals(1, Scale.y(level, 4).place(100));
        assertEquals(Double.NaN, Scale.y(level, 4).place(Double.NaN));
    }

    @Property
    void valuesLieOnTheAxisAndTicksAreFew(@ForAll double a, @ForAll double b, @ForAll Unit unit) {
        for (Scale scale : List.of(Scale.x(reaching(a, b, unit), 5), Scale.y(reaching(a, b, unit), 5))) {
            assertTrue(scale.low() < scale.high(), scale::toString);
            assertTrue(scale.ticks().size() <= 6, scale::toString);
            assertTrue(scale.place(a) >= -1e-9 && scale.place(a) <= 1 + 1e-9, scale::toString);
            assertTrue(scale.place(b) >= -1e-9 && scale.place(b) <= 1 + 1e-9, scale::toString);
        }
    }
}
