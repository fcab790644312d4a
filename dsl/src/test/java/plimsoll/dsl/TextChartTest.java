package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Picture.Band;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Layer;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;

class TextChartTest {
    private static List<Double> steps(double from, double to, int points) {
        return IntStream.range(0, points)
                .mapToObj(i -> from + (to - from) * i / (points - 1))
                .toList();
    }

    private static List<Double> over(List<Double> xs, DoubleUnaryOperator law) {
        return xs.stream().map(x -> law.applyAsDouble(x)).toList();
    }

    private static Picture picture(String title, Unit x, Unit y, Layer... layers) {
        return new Picture(title, new Axis("across", x), new Axis("up", y), Optional.empty(), List.of(layers));
    }

    private static Picture named(String name) {
        List<Double> xs = steps(0, 800, 81);
        List<Double> minute = steps(0, 60, 61);
        return switch (name) {
            case "ports" ->
                new Picture(
                        "ports: demand as rate goes 0/s to 800/s",
                        new Axis("rate", Unit.RATE),
                        new Axis("ports", Unit.COUNT),
                        Optional.of(new Axis("loss", Unit.SHARE)),
                        List.of(
                                new Band(
                                        "loss",
                                        xs,
                                        over(xs, x -> Math.max(0, 1 - 462 / x)),
                                        over(xs, x -> Math.max(0, 1 - 400 / x)),
                                        true),
                                new Line("demand", xs, over(xs, x -> x * 61.124), false),
                                new Level("supply", 28_232),
                                new Mark("breaks here", 449.4823)));
            case "gaps" ->
                picture(
                        "three lines, one with a gap",
                        Unit.SPAN,
                        Unit.BYTES,
                        new Line("used", minute, over(minute, x -> x > 20 && x < 30 ? Double.NaN : x * 2e7), false),
                        new Line("free", minute, over(minute, x -> 9e8 - x * 1e7), false),
                        new Line("cached", minute, over(minute, x -> 5e8), false),
                        new Level("limit", 1.1e9),
                        new Mark("start", 10),
                        new Mark("end", 50));
            case "one-point" ->
                picture("one point", Unit.SPAN, Unit.COUNT, new Line("seen", List.of(5.0), List.of(7.0), false));
            case "all-zero" ->
                picture("all zero", Unit.SPAN, Unit.SHARE, new Line("loss", minute, over(minute, x -> 0), false));
            case "negative" ->
                picture("negative", Unit.COUNT, Unit.SPAN, new Line("drift", xs, over(xs, x -> -x / 1e5), false));
            case "bars" ->
                new Picture(
                        "use of each budget",
                        new Axis("use", Unit.SHARE),
                        new Axis("", Unit.COUNT),
                        Optional.empty(),
                        List.of(
                                new Bars(
                                        "use",
                                        List.of("ports", "conntrack", "accept-queue", "dirty-pages", "unknown"),
                                        List.of(1.083, 0.522, 0.03, 0.0001, Double.NaN)),
                                new Mark("full", 1)));
            case "bars-negative" ->
                picture(
                        "what is left",
                        Unit.COUNT,
                        Unit.COUNT,
                        new Bars("left", List.of("ports", "conntrack", "none"), List.of(-2330.0, 12000.0, 0.0)));
            case "empty" -> picture("nothing to draw", Unit.BANDWIDTH, Unit.RATE);
            default -> throw new AssertionError(name);
        };
    }

    /** The files were looked at in a terminal before they were kept. */
    @ParameterizedTest
    @ValueSource(strings = {"ports", "gaps", "one-point", "all-zero", "negative", "bars", "bars-negative", "empty"})
    void drawsAsKept(String name) throws IOException {
        try (InputStream kept =
                Objects.requireNonNull(TextChartTest.class.getResourceAsStream("textchart/" + name + ".txt"), name)) {
            assertEquals(new String(kept.readAllBytes(), StandardCharsets.UTF_8), named(name) + "\n");
        }
    }

    @Test
    void manyPointsInOneColumnShowTheirLeastAndGreatest() {
        var random = new Random(7);
        List<Double> xs = steps(0, 1, 10_000);
        var ys = new ArrayList<>(over(xs, x -> 5 + random.nextDouble()));
        ys.set(5_000, 40.0);
        List<String> lines = picture("spike", Unit.COUNT, Unit.COUNT, new Line("n", xs, ys, false))
                .toString()
                .lines()
                .toList();
        assertTrue(lines.get(2).matches("40 ┤ +[⠁-⣿] *"), lines.get(2));
    }

    @Test
    void namesThatDoNotFitGoToTheLegend() {
        List<Double> xs = steps(0, 1, 50);
        String text = picture(
                        "full",
                        Unit.COUNT,
                        Unit.COUNT,
                        new Line("zigzag", xs, over(xs, x -> Math.rint(x * 49) % 2), false),
                        new Level("half", 0.5))
                .toString();
        assertTrue(text.endsWith("⠒⠒ zigzag   ┄┄ half 0.5"), text);
    }

    @Test
    void hostileTextStaysOneLineAndReadsForwards() {
        Picture hostile = picture("a\nb\u202Ec\u0000d\uD800", Unit.COUNT, Unit.COUNT, new Level("x\r\ny\u2028z", 1));
        assertEquals("a b\uFFFDc d\uFFFD", hostile.title());
        assertEquals("x  y z", hostile.layers().get(0).name());
        assertEquals(
                "a b\uFFFDc d\uFFFD", hostile.toString().lines().findFirst().orElseThrow());
    }

    @Test
    void aLayerOnTheRightNeedsARightAxis() {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> picture("p", Unit.COUNT, Unit.COUNT, new Line("loss", List.of(), List.of(), true)));
        assertEquals("picture 'p' has a layer on the right axis, but no right axis", e.getMessage());
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void everyPictureFitsInAShell(@ForAll("pictures") Picture picture) {
        String text = picture.toString();
        assertTrue(text.length() < 1000, () -> text.length() + " characters:\n" + text);
        for (String line : text.split("\n", -1)) {
            assertTrue(line.length() <= 76, () -> line.length() + " columns:\n" + text);
            assertFalse(line.endsWith(" "), () -> line + "<:\n" + text);
        }
    }

    @Provide
    Arbitrary<Picture> pictures() {
        Arbitrary<Double> value = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.doubles().between(-1e6, 1e6)),
                Tuple.of(1, Arbitraries.doubles()),
                Tuple.of(1, Arbitraries.of(0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 1e18, 1e-9)));
        Arbitrary<String> name = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(100),
                Arbitraries.strings().alpha().ofMaxLength(12));
        Arbitrary<Layer> level = Combinators.combine(name, value).as(Level::new);
        Arbitrary<Layer> mark = Combinators.combine(name, value).as(Mark::new);
        Arbitrary<Layer> line = Combinators.combine(
                        name, value.array(double[].class).ofMaxSize(60), Arbitraries.of(true, false))
                .as((n, v, right) -> new Line(n, half(v, 0), half(v, 1), right));
        Arbitrary<Layer> band = Combinators.combine(
                        name, value.array(double[].class).ofMaxSize(60), Arbitraries.of(true, false))
                .as((n, v, right) -> new Band(n, half(v, 0), half(v, 1), half(v, 1), right));
        Arbitrary<Layer> bars = Combinators.combine(
                        name.list().ofMinSize(20).ofMaxSize(20),
                        value.array(double[].class).ofMaxSize(20))
                .as((n, v) -> new Bars(
                        "bars",
                        n.subList(0, v.length),
                        DoubleStream.of(v).boxed().toList()));
        Arbitrary<List<Layer>> layers = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.oneOf(level, mark, line, band).list().ofMaxSize(8)),
                Tuple.of(1, Arbitraries.oneOf(bars, mark).list().ofMaxSize(3)));
        Arbitrary<Axis> axis =
                Combinators.combine(name, Arbitraries.of(Unit.class)).as(Axis::new);
        return Combinators.combine(name, axis, axis, axis, layers)
                .as((title, x, y, right, l) -> new Picture(title, x, y, Optional.of(right), l));
    }

    private static List<Double> half(double[] values, int odd) {
        return IntStream.range(0, values.length / 2)
                .mapToObj(i -> values[2 * i + odd])
                .toList();
    }
}
