package plimsoll.dsl;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * A chart as data: axes and layers, immutable. {@link #toString()} draws it with characters for a terminal;
 * {@link #save(String)} writes it as text, or as a page or an image where a {@link PictureWriter} is on the class path. Titles and names may come from a captured host: they are kept as one line, and characters that do not
 * print or turn the reading direction become U+FFFD. In a picture with {@link Bars} the vertical axis holds the categories: only bars
 * and marks are drawn.
 *
 * @param title what the chart says, in one line
 * @param x the horizontal axis
 * @param y the left axis
 * @param right the right axis, where a layer needs a scale of its own
 * @param layers what is drawn, first at the bottom
 */
public record Picture(String title, Axis x, Axis y, Optional<Axis> right, List<Layer> layers) {

    /**
     * One axis: what it shows and in which unit.
     *
     * @param label what is shown, without the unit
     * @param unit the unit of the values on it
     */
    public record Axis(String label, Unit unit) {
        public Axis {
            label = shown(label);
        }
    }

    /** One thing drawn in a picture. */
    public sealed interface Layer permits Line, Level, Mark, Band, Bars {
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

    /** Horizontal bars, one for each category, first on top; values lie on the x axis. */
    public record Bars(String name, List<String> categories, List<Double> values) implements Layer {
        public Bars {
            name = shown(name);
            categories = categories.stream().map(Picture::shown).toList();
            values = List.copyOf(values);
            sameLength(name, categories.size(), values.size());
        }
    }

    public Picture {
        title = shown(title);
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
     * Writes the picture to a file and returns its path; the ending chooses the form: {@code .txt} always, {@code .html}, {@code .png}
     * and {@code .svg} with plimsoll-plots on the class path. The file is replaced only when the new one is whole.
     *
     * @throws IllegalArgumentException when nothing on the class path writes that ending
     * @throws java.io.UncheckedIOException when the file cannot be written
     */
    public Path save(String file) {
        String ending = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        byte[] bytes = ending.equals("txt") ? (this + "\n").getBytes(StandardCharsets.UTF_8) : rendered(ending, file);
        return WholeFile.write(file, bytes);
    }

    private byte[] rendered(String ending, String file) {
        var known = new TreeSet<>(List.of("txt"));
        for (PictureWriter writer : ServiceLoader.load(PictureWriter.class, Picture.class.getClassLoader())) {
            if (writer.endings().contains(ending)) {
                return writer.render(this, ending);
            }
            known.addAll(writer.endings());
        }
        throw new IllegalArgumentException(
                "cannot save a picture as '" + file + "': the ending must be one of " + String.join(", ", known));
    }

    /** The picture drawn with characters: at most 76 columns and under 1,000 characters in all, so that a shell shows it whole. */
    @Override
    public String toString() {
        return TextChart.draw(this);
    }
}
