package plimsoll.dsl;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A chart as data: axes and layers, immutable. {@link #toString()} draws it with characters; {@link #print()} does so in colour where the
 * terminal has any; {@link #save(String)} and {@link #bytes(String)} make a page, an image or Plotly's JSON of it where a
 * {@link PictureWriter} is on the class path. Titles and names may come from a captured host: they are kept as one line, and characters
 * that do not print or turn the reading direction become U+FFFD.
 *
 * <p>A picture is of one of three kinds. With {@link Bars} or {@link Spans} the vertical axis holds the categories in the order in which
 * they first occur, and only bars, spans and marks are drawn. With {@link Heat} it is a grid, and nothing else is drawn. Otherwise it
 * is drawn over numbers on both axes.
 *
 * @param title what the chart says, in one line
 * @param x the horizontal axis
 * @param y the left axis
 * @param right the right axis, where a layer needs a scale of its own
 * @param layers what is drawn, first at the bottom
 * @param notes what to know before it is believed, one sentence each: what was left out, added up or assumed
 */
public record Picture(String title, Axis x, Axis y, Optional<Axis> right, List<Layer> layers, List<String> notes) {
    private static final int POINTS = 800;
    private static final int CATEGORIES = 40;

    /**
     * One axis: what it shows and in which unit.
     *
     * @param label what is shown, without the unit
     * @param unit the unit of the values on it
     * @param most where the axis ends at the latest: what lies beyond is drawn at its edge, its number written out
     */
    public record Axis(String label, Unit unit, double most) {
        public Axis {
            label = shown(label);
        }

        /** An axis as long as what it shows. */
        public Axis(String label, Unit unit) {
            this(label, unit, Double.POSITIVE_INFINITY);
        }
    }

    /** One thing drawn in a picture. */
    public sealed interface Layer permits Line, Level, Mark, Band, Bars, Spans, Heat {
        /** What the layer shows, for the legend. */
        String name();
    }

    /** A line through points; NaN in {@code ys} leaves a gap. {@code right} puts it on the right axis. */
    public record Line(String name, List<Double> xs, List<Double> ys, boolean right) implements Layer {
        public Line {
            name = shown(name);
            xs = List.copyOf(xs);
            ys = List.copyOf(ys);
            sameLength(name, xs.size(), ys.size());
        }
    }

    /** A horizontal line across the picture: a supply, a threshold. */
    public record Level(String name, double y) implements Layer {
        public Level {
            name = shown(name);
        }
    }

    /** A vertical line: where something turns. */
    public record Mark(String name, double x) implements Layer {
        public Mark {
            name = shown(name);
        }
    }

    /** The area between two lines: a range. {@code right} puts it on the right axis. */
    public record Band(String name, List<Double> xs, List<Double> low, List<Double> high, boolean right)
            implements Layer {
        public Band {
            name = shown(name);
            xs = List.copyOf(xs);
            low = List.copyOf(low);
            high = List.copyOf(high);
            sameLength(name, xs.size(), low.size());
            sameLength(name, xs.size(), high.size());
        }
    }

    /**
     * Horizontal bars, one for each category, first on top; values lie on the x axis, NaN is unknown. Layers that share a category
     * lie beside each other in it. Bars of a {@code verdict} wear its colour.
     */
    public record Bars(String name, List<String> categories, List<Double> values, Optional<Verdict.State> verdict)
            implements Layer {
        public Bars {
            name = shown(name);
            categories = categories.stream().map(Picture::shown).toList();
            values = List.copyOf(values);
            sameLength(name, categories.size(), values.size());
        }

        /** Bars of no verdict. */
        public Bars(String name, List<String> categories, List<Double> values) {
            this(name, categories, values, Optional.empty());
        }
    }

    /** Thin horizontal stretches in categories, from one value to another on the x axis: a range around a bar, a time from and to. */
    public record Spans(String name, List<String> categories, List<Double> from, List<Double> to) implements Layer {
        public Spans {
            name = shown(name);
            categories = categories.stream().map(Picture::shown).toList();
            from = List.copyOf(from);
            to = List.copyOf(to);
            sameLength(name, categories.size(), from.size());
            sameLength(name, categories.size(), to.size());
        }
    }

    /** A grid of values: rows from the top, each with a value for every column; NaN is unknown. */
    public record Heat(String name, List<String> columns, List<String> rows, List<List<Double>> values, Unit unit)
            implements Layer {
        public Heat {
            name = shown(name);
            columns = columns.stream().map(Picture::shown).toList();
            rows = rows.stream().map(Picture::shown).toList();
            values = values.stream().map(List::copyOf).toList();
            sameLength(name, rows.size(), values.size());
            for (List<Double> row : values) {
                sameLength(name, columns.size(), row.size());
            }
        }
    }

    /** A picture of which nothing needs to be said. */
    public Picture(String title, Axis x, Axis y, Optional<Axis> right, List<Layer> layers) {
        this(title, x, y, right, layers, List.of());
    }

    public Picture {
        title = shown(title);
        notes = notes.stream().map(Picture::shown).toList();
        layers = List.copyOf(layers);
        boolean asksRight = layers.stream()
                .anyMatch(layer ->
                        (layer instanceof Line line && line.right()) || (layer instanceof Band band && band.right()));
        if (asksRight && right.isEmpty()) {
            throw new IllegalArgumentException(
                    "picture '" + title + "' has a layer on the right axis, but no right axis");
        }
    }

    /** Text for the eye: one line, without characters that do not print, turn the reading direction or are not valid in XML. */
    private static String shown(String text) {
        var shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> shown.append(' ');
                case Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> shown.append('\uFFFD');
                default -> shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    private static void sameLength(String name, int a, int b) {
        if (a != b) {
            throw new IllegalArgumentException("layer '" + name + "' has " + a + " positions and " + b + " values");
        }
    }

    /**
     * Writes the picture to a file and returns its path; the ending chooses the form: {@code .txt} always; {@code .html}, {@code .png},
     * {@code .svg} and {@code .json} (Plotly's) with plimsoll-plots on the class path. The file is replaced only when the new one is
     * whole.
     *
     * @throws IllegalArgumentException when nothing on the class path writes that ending
     * @throws java.io.UncheckedIOException when the file cannot be written
     */
    public Path save(String file) {
        String ending = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return WholeFile.write(file, rendered(ending, "save a picture as '" + file + "'"));
    }

    /**
     * The picture in one form, as {@link #save(String)} writes it: {@code bytes("svg")}.
     *
     * @throws IllegalArgumentException when nothing on the class path makes that form, naming those there are
     */
    public byte[] bytes(String form) {
        return rendered(form, "make '" + form + "' of a picture");
    }

    private byte[] rendered(String ending, String asked) {
        if (ending.equals("txt")) {
            return (text() + "\n").getBytes(StandardCharsets.UTF_8);
        }
        var known = new TreeSet<>(List.of("txt"));
        for (PictureWriter writer : ServiceLoader.load(PictureWriter.class, Picture.class.getClassLoader())) {
            if (writer.endings().contains(ending)) {
                return writer.render(this, ending);
            }
            known.addAll(writer.endings());
        }
        throw new IllegalArgumentException(
                "cannot " + asked + ": the ending must be one of " + String.join(", ", known));
    }

    /** Draws it on standard output, 80 columns wide, in colour where that is a terminal with colours and {@code NO_COLOR} is not set. */
    public Picture print() {
        System.out.println(TextChart.draw(this, Terminal.colours()));
        return this;
    }

    /** The picture drawn with characters, 80 columns wide and without colour, its notes below: what {@link #print()} writes to a file. */
    public String text() {
        return TextChart.draw(this, false);
    }

    /**
     * The picture as it is drawn: of a line or a band with more than 800 points, what happens in each of 400 stretches of the x axis,
     * its least and its greatest value; of more than 40 categories the first 39. {@link #notes()} says so.
     */
    public Picture thinned() {
        var drawn = new ArrayList<Layer>();
        var said = new LinkedHashSet<>(notes);
        for (Layer layer : layers) {
            drawn.add(thinned(layer, said));
        }
        List<String> kept = categories();
        if (kept.size() > CATEGORIES) {
            Set<String> first = Set.copyOf(kept.subList(0, CATEGORIES - 1));
            drawn.replaceAll(l -> l instanceof Bars b ? within(b, first) : l instanceof Spans s ? within(s, first) : l);
            said.add(String.format(Locale.ROOT, "the first %d of %,d are drawn", CATEGORIES - 1, kept.size()));
        }
        return drawn.equals(layers) ? this : new Picture(title, x, y, right, drawn, List.copyOf(said));
    }

    /** The categories of bars and spans in the order in which they first occur. */
    public List<String> categories() {
        var all = new LinkedHashSet<String>();
        for (Layer layer : layers) {
            if (layer instanceof Bars bars) {
                all.addAll(bars.categories());
            } else if (layer instanceof Spans spans) {
                all.addAll(spans.categories());
            }
        }
        return List.copyOf(all);
    }

    private static Layer thinned(Layer layer, Set<String> said) {
        if (layer instanceof Line line && line.xs().size() > POINTS) {
            said.add(sentence(line.name(), line.xs().size()));
            int[] kept = kept(line.xs(), line.ys(), line.ys());
            return new Line(line.name(), at(line.xs(), kept), at(line.ys(), kept), line.right());
        } else if (layer instanceof Band band && band.xs().size() > POINTS) {
            said.add(sentence(band.name(), band.xs().size()));
            int[] kept = kept(band.xs(), band.low(), band.high());
            return new Band(
                    band.name(), at(band.xs(), kept), at(band.low(), kept), at(band.high(), kept), band.right());
        }
        return layer;
    }

    private static String sentence(String name, int points) {
        return String.format(
                Locale.ROOT,
                "%s: of %,d points the least and the greatest of each of %d stretches are drawn",
                name,
                points,
                POINTS / 2);
    }

    /** Of each of so many stretches of points in a row the place of the least low and of the greatest high, in their order. */
    private static int[] kept(List<Double> xs, List<Double> low, List<Double> high) {
        var kept = new TreeSet<Integer>(List.of(0, xs.size() - 1));
        for (int stretch = 0; stretch < POINTS / 2; stretch++) {
            int from = (int) ((long) xs.size() * stretch / (POINTS / 2));
            int to = (int) ((long) xs.size() * (stretch + 1) / (POINTS / 2));
            int least = from;
            int greatest = from;
            for (int i = from; i < to; i++) {
                // a gap in the stretch stays a gap
                least = !(low.get(i) >= low.get(least)) ? i : least;
                greatest = high.get(i) > high.get(greatest) ? i : greatest;
            }
            kept.add(least);
            kept.add(greatest);
        }
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    private static List<Double> at(List<Double> values, int[] places) {
        return Arrays.stream(places).mapToObj(values::get).toList();
    }

    private static Layer within(Bars bars, Set<String> categories) {
        int[] kept = places(bars.categories(), categories);
        return new Bars(
                bars.name(),
                Arrays.stream(kept).mapToObj(bars.categories()::get).toList(),
                at(bars.values(), kept),
                bars.verdict());
    }

    private static Layer within(Spans spans, Set<String> categories) {
        int[] kept = places(spans.categories(), categories);
        return new Spans(
                spans.name(),
                Arrays.stream(kept).mapToObj(spans.categories()::get).toList(),
                at(spans.from(), kept),
                at(spans.to(), kept));
    }

    private static int[] places(List<String> all, Set<String> wanted) {
        return IntStream.range(0, all.size())
                .filter(i -> wanted.contains(all.get(i)))
                .toArray();
    }

    /** The picture drawn with characters: at most 76 columns and under 1,000 characters in all, so that a shell shows it whole. */
    @Override
    public String toString() {
        return TextChart.draw(this);
    }
}
