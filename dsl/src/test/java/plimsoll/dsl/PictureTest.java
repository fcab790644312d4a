package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Heat;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;
import plimsoll.dsl.Picture.Spans;

class PictureTest {
    private static Picture of(Unit x, Picture.Layer... layers) {
        return new Picture("p", new Axis("x", x), new Axis("y", Unit.COUNT), Optional.empty(), List.of(layers));
    }

    @Test
    void tenThousandPointsAreDrawnAsTheirLeastAndGreatestAndItIsSaid() {
        List<Double> xs = IntStream.range(0, 10_000).mapToObj(i -> (double) i).toList();
        var ys = new ArrayList<>(Collections.nCopies(10_000, 5.0));
        ys.set(4_321, 9.0);
        ys.set(8_765, 1.0);
        Picture drawn = of(Unit.COUNT, new Line("n", xs, ys, false)).thinned();
        Line line = (Line) drawn.layers().get(0);
        assertTrue(line.xs().size() <= 802, () -> line.xs().size() + " points");
        assertEquals(9.0, line.ys().get(line.xs().indexOf(4_321.0)));
        assertEquals(1.0, line.ys().get(line.xs().indexOf(8_765.0)));
        assertEquals(
                List.of(0.0, 9_999.0),
                List.of(line.xs().get(0), line.xs().get(line.xs().size() - 1)));
        assertEquals(
                List.of("n: of 10,000 points the least and the greatest of each of 400 stretches are drawn"),
                drawn.notes());
        assertEquals(drawn, drawn.thinned());
    }

    @Test
    void aGapAmongManyPointsStaysAGap() {
        List<Double> xs = IntStream.range(0, 8_000).mapToObj(i -> (double) i).toList();
        var ys = new ArrayList<>(Collections.nCopies(8_000, 5.0));
        Collections.fill(ys.subList(2_000, 2_100), Double.NaN);
        Line line = (Line)
                of(Unit.COUNT, new Line("n", xs, ys, false)).thinned().layers().get(0);
        assertTrue(line.ys().stream().anyMatch(v -> v.isNaN()));
        assertFalse(line.ys().get(0).isNaN());
    }

    @Test
    void aSmallPictureIsDrawnAsItIs() {
        Picture small = of(Unit.COUNT, new Line("n", List.of(1.0, 2.0), List.of(1.0, 2.0), false));
        assertSame(small, small.thinned());
    }

    @Test
    void ofManyCategoriesTheFirstAreDrawnAndItIsSaid() {
        List<String> names = IntStream.range(0, 1_000).mapToObj(i -> "c" + i).toList();
        Picture drawn = of(
                        Unit.COUNT,
                        new Bars("b", names, Collections.nCopies(1_000, 1.0)),
                        new Spans("r", List.of("c0", "c999"), List.of(0.0, 0.0), List.of(1.0, 1.0)))
                .thinned();
        assertEquals(39, drawn.categories().size());
        assertEquals(List.of("c0"), ((Spans) drawn.layers().get(1)).categories());
        assertEquals(List.of("the first 39 of 1,000 are drawn"), drawn.notes());
    }

    @Test
    void aBarBeyondTheEndOfTheAxisIsDrawnAtItsEdge() {
        Picture gauges = new Picture(
                "g",
                new Axis("use", Unit.SHARE, 1.5),
                new Axis("", Unit.COUNT),
                Optional.empty(),
                List.of(
                        new Bars(
                                "OVER",
                                List.of("a", "b"),
                                List.of(7.62, Double.POSITIVE_INFINITY),
                                Optional.of(Verdict.State.OVER)),
                        new Bars("FITS", List.of("c"), List.of(0.5), Optional.of(Verdict.State.FITS)),
                        new Spans("range", List.of("c"), List.of(0.25), List.of(0.75)),
                        new Mark("full", 1)));
        assertEquals(1.5, Scale.x(gauges, 6).high());
        assertTrue(Scale.x(gauges, 6).beyond(7.62));
        List<String> lines = gauges.toString().lines().toList();
        assertTrue(lines.get(1).matches("a │█+▶ 762%"), lines.get(1));
        assertTrue(lines.get(2).matches("b │█+▶ none left"), lines.get(2));
        assertTrue(lines.get(3).matches("c │█+├─+┤ +┊ +50%"), lines.get(3));
    }

    @Test
    void stretchesAreDrawnFromTheirStartToTheirEnd() {
        List<String> lines = of(Unit.SPAN, new Spans("open", List.of("a", "b"), List.of(0.0, 5.0), List.of(5.0, 10.0)))
                .toString()
                .lines()
                .toList();
        assertTrue(lines.get(1).matches("a │━+ +5 s"), lines.get(1));
        assertTrue(lines.get(2).matches("b │ +━+ 5 s"), lines.get(2));
    }

    @Test
    void aGridWritesEachValueBehindItsShade() {
        String text = of(
                        Unit.COUNT,
                        new Heat(
                                "writes",
                                List.of("8 4k", "16 16k"),
                                List.of("1 MiB", "15 MiB"),
                                List.of(List.of(124.0, 0.0), List.of(1_916.0, Double.NaN)),
                                Unit.COUNT))
                .toString();
        assertEquals(
                """
                p
                       x →
                     y    8 4k 16 16k
                 1 MiB  ▓▓▓124      0
                15 MiB  █1,916      –
                shade: writes""",
                text);
    }

    @Test
    void aGridNeedsAValueForEachCell() {
        assertEquals(
                "layer 'h' has 2 positions and 1 values",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Heat("h", List.of("a", "b"), List.of("r"), List.of(List.of(1.0)), Unit.COUNT))
                        .getMessage());
    }

    @Test
    void formsThatNothingMakesAreNamed() {
        assertEquals(
                "cannot make 'svg' of a picture: the ending must be one of txt",
                assertThrows(IllegalArgumentException.class, () -> of(Unit.COUNT)
                                .bytes("svg"))
                        .getMessage());
    }

    @Test
    void colourOnlyRepeatsWhatTheCharactersSay() {
        Picture picture = new Picture(
                "p",
                new Axis("x", Unit.COUNT),
                new Axis("y", Unit.COUNT),
                Optional.empty(),
                List.of(
                        new Line("n", List.of(0.0, 10.0), List.of(0.0, 10.0), false),
                        new Picture.Level("most", 8),
                        new Mark("here", 5)),
                List.of("a note"));
        String plain = TextChart.draw(picture, false);
        String coloured = TextChart.draw(picture, true);
        assertFalse(plain.contains("\u001b"));
        assertTrue(coloured.contains("\u001b[34m") && coloured.contains("\u001b[31m"), coloured);
        assertEquals(plain, coloured.replaceAll("\u001b\\[\\d+m", ""));
        assertTrue(plain.endsWith("\na note"), plain);
        assertTrue(plain.lines().allMatch(l -> l.length() <= 80), plain);
    }

    @Test
    void aLongNoteKeepsToEightyColumns() {
        var picture = new Picture(
                "chart",
                new Picture.Axis("x", Unit.COUNT),
                new Picture.Axis("y", Unit.COUNT),
                Optional.empty(),
                List.of(new Picture.Line("line", List.of(0.0, 1.0), List.of(0.0, 1.0), false)),
                List.of("word ".repeat(40).strip()));
        assertTrue(picture.text().lines().allMatch(l -> l.length() <= 80), picture::text);
        assertEquals(40, picture.text().split("word", -1).length - 1);
    }
}
