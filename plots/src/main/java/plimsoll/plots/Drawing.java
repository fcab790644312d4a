package plimsoll.plots;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Band;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Heat;
import plimsoll.dsl.Picture.Layer;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;
import plimsoll.dsl.Picture.Spans;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Scale;
import plimsoll.dsl.Unit;
import plimsoll.plots.Canvas.Anchor;

/** A picture laid out on paper 640 points wide: where everything goes, whatever it is drawn on. */
final class Drawing {
    static final int WIDTH = 640;

    private static final double TITLE = 18;
    private static final double SIZE = 15;
    private static final double SMALL = 13;
    private static final double PLOT = 270;
    private static final double EDGE = 12;
    private static final double LEADING = 1.35;
    private static final double MARK = 20;
    /** From this shade on text has the colour of the paper. */
    static final double DARK = 0.55;

    private static final int TICKS = 6;
    private static final List<String> DASHES = List.of("", "2 4", "9 4");

    private final Picture picture;
    private final List<String> title;
    private final List<String> notes;
    private final List<Entry> legend = new ArrayList<>();
    private final List<List<Entry>> legendRows = new ArrayList<>();
    private final List<String> categories;
    private final boolean heat;
    private final Scale x;
    private final Scale y;
    private final Scale right;
    private final double left;
    private final double end;
    private final double top;
    private final double tall;
    private final double bottom;

    /** How an entry of the legend is drawn. */
    private enum Sample {
        STROKE,
        AREA,
        SHADE,
        RANGE
    }

    private record Entry(String name, Ink ink, Sample sample, String dash) {
        double width() {
            return 34 + Canvas.width(name, SMALL) + 14;
        }
    }

    /** @param titled false where the title and the notes are shown beside the drawing */
    Drawing(Picture given, boolean titled) {
        picture = given.thinned();
        categories = picture.categories();
        heat = picture.layers().stream().anyMatch(Heat.class::isInstance);
        // bold letters are wider
        title = titled ? wrapped(picture.title(), TITLE, (WIDTH - 2 * EDGE) * 0.9) : List.of();
        notes = titled
                ? picture.notes().stream()
                        .flatMap(n -> wrapped(n, SMALL, WIDTH - 2 * EDGE).stream())
                        .toList()
                : List.of();
        x = scaled();
        y = Scale.y(picture, TICKS);
        right = picture.right().isPresent() ? Scale.right(picture, TICKS) : y;
        left = EDGE + leftLabels();
        end = WIDTH - EDGE - (upright() && picture.right().isPresent() ? widest(right) + 8 : behindBars());
        top = 8 + title.size() * TITLE * LEADING + above();
        tall = upright() ? PLOT : rows() * rowHeight();
        bottom = top + tall;
        legend();
    }

    private boolean upright() {
        return categories.isEmpty() && !heat;
    }

    private Heat grid() {
        return picture.layers().stream()
                .filter(Heat.class::isInstance)
                .map(Heat.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private int rows() {
        return heat ? grid().rows().size() : categories.size();
    }

    /** As many ticks as there is room for. */
    private Scale scaled() {
        int most = TICKS;
        Scale scale = Scale.x(picture, most);
        while (most > 2
                && widest(scale) + 16
                        > (WIDTH - (upright() ? 130 : 260)) * scale.step() / (scale.high() - scale.low())) {
            scale = Scale.x(picture, --most);
        }
        return scale;
    }

    private double rowHeight() {
        int bars = (int) Math.max(
                1,
                picture.layers().stream()
                        .filter(l -> l instanceof Bars b && b.verdict().isEmpty())
                        .count());
        return heat ? 30 : rows() > 16 ? 22 * Math.max(1, bars * 0.8) : 28 * Math.max(1, bars * 0.75);
    }

    private double leftLabels() {
        double widest = upright()
                ? widest(y)
                : (heat ? grid().rows() : categories)
                        .stream().mapToDouble(c -> Canvas.width(c, SIZE)).max().orElse(0);
        return Math.min(widest, WIDTH * 0.36) + 8;
    }

    private static double widest(Scale scale) {
        return scale.ticks().stream()
                .mapToDouble(t -> Canvas.width(scale.label(t), SIZE))
                .max()
                .orElse(0);
    }

    /** Room for the titles of the upright axes, and for the names of marks. */
    private double above() {
        boolean named =
                upright() && (!picture.y().label().isEmpty() || picture.right().isPresent());
        return heat ? 46 : (named ? 26 : 10) + MARK * marks();
    }

    private int marks() {
        return (int) picture.layers().stream()
                .filter(l -> l instanceof Mark m && Double.isFinite(m.x()))
                .count();
    }

    /** Room for the values behind the longest bars. */
    private double behindBars() {
        return picture.layers().stream()
                        .filter(Bars.class::isInstance)
                        .map(Bars.class::cast)
                        .flatMap(b -> b.values().stream())
                        .filter(v -> Double.isFinite(v) && !x.beyond(v))
                        .mapToDouble(v ->
                                Canvas.width(Quantity.of(v, picture.x().unit()).brief(), SIZE))
                        .max()
                        .orElse(4)
                + 6;
    }

    /** The height of the paper. */
    double height() {
        double axis = heat ? 4 : 46;
        return bottom + axis + legendRows.size() * 22 + notes.size() * SMALL * LEADING + EDGE;
    }

    private void legend() {
        int pen = 0;
        int lines = 0;
        boolean bars = picture.layers().stream().anyMatch(Bars.class::isInstance);
        for (Layer layer : picture.layers()) {
            if (layer instanceof Line line && upright()) {
                legend.add(new Entry(
                        name(line.name(), line.right()), Ink.series(pen++), Sample.STROKE, DASHES.get(lines++ % 3)));
            } else if (layer instanceof Band band && upright()) {
                legend.add(new Entry(name(band.name(), band.right()), Ink.series(pen++), Sample.SHADE, ""));
            } else if (layer instanceof Bars b) {
                legend.add(new Entry(b.name(), ink(b, pen++), Sample.AREA, ""));
            } else if (layer instanceof Spans spans) {
                legend.add(
                        bars
                                ? new Entry(spans.name(), Ink.TEXT, Sample.RANGE, "")
                                : new Entry(spans.name(), Ink.series(pen++), Sample.AREA, ""));
            }
        }
        if (legend.size() < 2) {
            return;
        }
        double used = Double.MAX_VALUE;
        for (Entry entry : legend) {
            if (used + entry.width() > WIDTH - 2 * EDGE) {
                legendRows.add(new ArrayList<>());
                used = 0;
            }
            legendRows.get(legendRows.size() - 1).add(entry);
            used += entry.width();
        }
    }

    private static String name(String name, boolean onRight) {
        return Canvas.cut(name, SMALL, 300) + (onRight ? " (right)" : "");
    }

    private static Ink ink(Bars bars, int pen) {
        return bars.verdict().map(Ink::of).orElse(Ink.series(pen));
    }

    private static List<String> wrapped(String text, double size, double most) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && Canvas.width(longer, size) > most) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(word);
            } else {
                line.setLength(0);
                line.append(longer);
            }
        }
        lines.add(line.toString());
        return lines.stream().limit(3).map(l -> Canvas.cut(l, size, most)).toList();
    }

    // ---- drawing

    void draw(Canvas canvas) {
        for (int i = 0; i < title.size(); i++) {
            canvas.text(EDGE, 8 + (i + 1) * TITLE * LEADING - 6, title.get(i), Ink.TEXT, TITLE, Anchor.START, true);
        }
        if (heat) {
            heat(canvas);
        } else if (upright()) {
            uprightAxes(canvas);
            lines(canvas);
        } else {
            acrossAxis(canvas);
            bars(canvas);
        }
        below(canvas);
    }

    private double across(double value) {
        return left + x.place(value) * (end - left);
    }

    private double up(double value, Scale scale) {
        return bottom - scale.place(value) * tall;
    }

    private void acrossAxis(Canvas canvas) {
        for (double tick : x.ticks()) {
            double at = across(tick);
            straight(canvas, at, top, at, bottom, Ink.GRID, 1, "");
            double half = Canvas.width(x.label(tick), SIZE) / 2;
            double middle = Math.max(EDGE + half, Math.min(at, WIDTH - 2 - half));
            canvas.text(middle, bottom + 20, x.label(tick), Ink.TEXT, SIZE, Anchor.MIDDLE, false);
        }
        String name = Canvas.cut(x.title(picture.x()), SIZE, end - left);
        canvas.text((left + end) / 2, bottom + 40, name, Ink.QUIET, SIZE, Anchor.MIDDLE, false);
    }

    private void uprightAxes(Canvas canvas) {
        for (double tick : y.ticks()) {
            double at = up(tick, y);
            straight(canvas, left, at, end, at, Ink.GRID, 1, "");
            canvas.text(left - 7, at + 5, y.label(tick), Ink.TEXT, SIZE, Anchor.END, false);
        }
        acrossAxis(canvas);
        straight(canvas, left, bottom, end, bottom, Ink.QUIET, 1, "");
        double half = (WIDTH - 2 * EDGE) / 2.0;
        double base = top - 11 - MARK * marks();
        canvas.text(EDGE, base, Canvas.cut(y.title(picture.y()), SIZE, half), Ink.QUIET, SIZE, Anchor.START, false);
        if (picture.right().isPresent()) {
            for (double tick : right.ticks()) {
                canvas.text(end + 7, up(tick, right) + 5, right.label(tick), Ink.TEXT, SIZE, Anchor.START, false);
            }
            String name = Canvas.cut(right.title(picture.right().get()), SIZE, half);
            canvas.text(WIDTH - EDGE, base, name, Ink.QUIET, SIZE, Anchor.END, false);
        }
    }

    private static void straight(
            Canvas canvas, double x1, double y1, double x2, double y2, Ink ink, double width, String dash) {
        canvas.stroke(new double[] {x1, x2}, new double[] {y1, y2}, ink, width, dash);
    }

    private void lines(Canvas canvas) {
        int pen = 0;
        int line = 0;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Band band) {
                band(canvas, band, Ink.series(pen++));
            } else if (layer instanceof Line l) {
                line(canvas, l, Ink.series(pen++), DASHES.get(line++ % 3));
            }
        }
        double said = Double.NaN;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Level level && Double.isFinite(level.y())) {
                double at = up(level.y(), y);
                straight(canvas, left, at, end, at, Ink.LIMIT, 2, "7 5");
                // two levels that lie close together are named at opposite ends
                boolean crowded = Math.abs(said - at) < SIZE * 1.3;
                said = crowded ? Double.NaN : at;
                double base = at < top + SIZE * 1.4 ? at + SIZE + 2 : at - 6;
                String text = named(level.name(), level.y(), picture.y().unit());
                label(canvas, crowded ? end - 6 : left + 6, base, text, Ink.LIMIT, crowded);
            }
        }
        marks(canvas, Ink.QUIET, 1.6, "2 4");
    }

    /** Marks are named above each other, over what is drawn. */
    private void marks(Canvas canvas, Ink ink, double width, String dash) {
        List<Mark> marks = picture.layers().stream()
                .filter(l -> l instanceof Mark m && Double.isFinite(m.x()))
                .map(Mark.class::cast)
                .toList();
        double base = top - 6 - MARK * (marks.size() - 1);
        for (Mark mark : marks) {
            double at = across(mark.x());
            straight(canvas, at, base - SIZE + 3, at, bottom, ink, width, dash);
            base += MARK;
        }
        base = top - 6 - MARK * (marks.size() - 1);
        for (Mark mark : marks) {
            double at = across(mark.x());
            String text = named(mark.name(), mark.x(), picture.x().unit());
            boolean late = at + 6 + Canvas.width(text, SIZE) > WIDTH - 4;
            label(canvas, late ? at - 6 : at + 6, base, text, ink, late);
            base += MARK;
        }
    }

    private static String named(String name, double value, Unit unit) {
        return (Canvas.cut(name, SIZE, 280) + " " + Quantity.of(value, unit).brief()).strip();
    }

    /** The name and value of a line, on paper of its own. */
    private static void label(Canvas canvas, double at, double base, String text, Ink ink, boolean toLeft) {
        double wide = Canvas.width(text, SIZE);
        canvas.box(toLeft ? at - wide - 3 : at - 3, base - SIZE + 1, wide + 6, SIZE + 4, Ink.PAPER, 0.78);
        canvas.text(at, base, text, ink, SIZE, toLeft ? Anchor.END : Anchor.START, false);
    }

    private void line(Canvas canvas, Line line, Ink ink, String dash) {
        Scale scale = line.right() ? right : y;
        int size = line.xs().size();
        for (int from = 0; from < size; from++) {
            int to = from;
            while (to < size
                    && Double.isFinite(line.xs().get(to))
                    && Double.isFinite(line.ys().get(to))) {
                to++;
            }
            if (to == from + 1) {
                canvas.box(across(line.xs().get(from)) - 3, up(line.ys().get(from), scale) - 3, 6, 6, ink, 1);
            } else if (to > from) {
                double[] xs = new double[to - from];
                double[] ys = new double[to - from];
                for (int i = from; i < to; i++) {
                    xs[i - from] = across(line.xs().get(i));
                    ys[i - from] = up(line.ys().get(i), scale);
                }
                canvas.stroke(xs, ys, ink, 2.4, dash);
            }
            from = to;
        }
    }

    private void band(Canvas canvas, Band band, Ink ink) {
        Scale scale = band.right() ? right : y;
        int size = band.xs().size();
        for (int from = 0; from < size; from++) {
            int to = from;
            while (to < size
                    && Double.isFinite(band.xs().get(to))
                    && Double.isFinite(band.low().get(to))
                    && Double.isFinite(band.high().get(to))) {
                to++;
            }
            int n = to - from;
            if (n > 1) {
                double[] xs = new double[2 * n];
                double[] ys = new double[2 * n];
                for (int i = 0; i < n; i++) {
                    xs[i] = across(band.xs().get(from + i));
                    xs[2 * n - 1 - i] = xs[i];
                    ys[i] = up(band.high().get(from + i), scale);
                    ys[2 * n - 1 - i] = up(band.low().get(from + i), scale);
                }
                canvas.area(xs, ys, ink, 0.3);
                canvas.stroke(Arrays.copyOf(xs, n), Arrays.copyOf(ys, n), ink, 1, "");
                canvas.stroke(Arrays.copyOfRange(xs, n, 2 * n), Arrays.copyOfRange(ys, n, 2 * n), ink, 1, "");
            }
            from = to;
        }
    }

    private void bars(Canvas canvas) {
        double height = rowHeight();
        for (int row = 0; row < categories.size(); row++) {
            String category = categories.get(row);
            double from = top + row * height;
            canvas.text(
                    left - 7,
                    from + height / 2 + 5,
                    Canvas.cutInside(category, SIZE, left - EDGE - 7),
                    Ink.TEXT,
                    SIZE,
                    Anchor.END,
                    false);
            bars(canvas, category, from, height);
        }
        double zero = across(Math.max(0, x.low()));
        straight(canvas, zero, top, zero, bottom, Ink.QUIET, 1, "");
        marks(canvas, Ink.LIMIT, 2, "7 5");
    }

    private void bars(Canvas canvas, String category, double from, double height) {
        long shares = Math.max(
                1,
                picture.layers().stream()
                        .filter(l -> l instanceof Bars b && b.categories().contains(category))
                        .count());
        double each = (height - 6) / shares;
        boolean withBars = picture.layers().stream().anyMatch(Bars.class::isInstance);
        int pen = 0;
        int done = 0;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Bars bars) {
                Ink ink = ink(bars, pen++);
                for (int i = 0; i < bars.categories().size(); i++) {
                    if (bars.categories().get(i).equals(category)) {
                        double to = reach(category, bars.values().get(i));
                        bar(canvas, bars.values().get(i), to, from + 3 + done++ * each, Math.max(2, each - 1), ink);
                    }
                }
            } else if (layer instanceof Spans spans) {
                Ink ink = withBars ? Ink.TEXT : Ink.series(pen++);
                for (int i = 0; i < spans.categories().size(); i++) {
                    if (spans.categories().get(i).equals(category)) {
                        span(canvas, spans.from().get(i), spans.to().get(i), from + height / 2, ink, !withBars);
                    }
                }
            }
        }
    }

    /** Where a bar and the range around it end. */
    private double reach(String category, double value) {
        double to = value;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Spans spans) {
                int i = spans.categories().indexOf(category);
                to = i >= 0 && spans.to().get(i) > to ? spans.to().get(i) : to;
            }
        }
        return to;
    }

    private void bar(Canvas canvas, double value, double to, double from, double height, Ink ink) {
        double zero = across(Math.max(0, x.low()));
        double size = Math.min(SIZE, Math.max(10, height));
        double base = from + height / 2 + size * 0.36;
        boolean endless = value == Double.POSITIVE_INFINITY;
        if (!Double.isFinite(value) && !endless) {
            canvas.text(zero + 6, base, "unknown", Ink.QUIET, size, Anchor.START, false);
            return;
        }
        double at = endless ? end : across(value);
        canvas.box(Math.min(zero, at), from, Math.max(1.5, Math.abs(at - zero)), height, ink, 1);
        boolean beyond = x.beyond(value);
        if (beyond) {
            // it goes on beyond the edge
            double middle = from + height / 2;
            canvas.area(
                    new double[] {at - 1, at + 9, at - 1}, new double[] {from - 1, middle, from + height + 1}, ink, 1);
        }
        String text =
                endless ? "none left" : Quantity.of(value, picture.x().unit()).brief();
        double wide = Canvas.width(text, size);
        double start = value < 0 ? at - 6 - wide : Math.max(at, endless ? at : across(to)) + 6;
        if (beyond || start + wide > WIDTH - 4 || start < EDGE) {
            double inside = value < 0 ? at + 6 : at - 8 - wide;
            canvas.box(inside - 3, from + 1, wide + 6, height - 2, Ink.PAPER, 0.85);
            canvas.text(inside, base, text, Ink.TEXT, size, Anchor.START, false);
        } else {
            canvas.box(start - 2, from + 1, wide + 4, height - 2, Ink.PAPER, 0.7);
            canvas.text(start, base, text, Ink.TEXT, size, Anchor.START, false);
        }
    }

    /** A range is a thin line with ends, a time a bar. */
    private void span(Canvas canvas, double from, double to, double middle, Ink ink, boolean thick) {
        if (!Double.isFinite(from) || !Double.isFinite(to)) {
            return;
        }
        double start = across(from);
        double stop = across(to);
        if (thick) {
            canvas.box(Math.min(start, stop), middle - 5, Math.max(1.5, Math.abs(stop - start)), 10, ink, 1);
            return;
        }
        straight(canvas, start, middle, stop, middle, ink, 1.4, "");
        straight(canvas, start, middle - 4, start, middle + 4, ink, 1.4, "");
        straight(canvas, stop, middle - 4, stop, middle + 4, ink, 1.4, "");
    }

    private void heat(Canvas canvas) {
        Heat grid = grid();
        double wide = (end - left) / Math.max(1, grid.columns().size());
        double most = most(grid);
        double size = SMALL;
        canvas.text((left + end) / 2, top - 28, picture.x().label() + " →", Ink.QUIET, SIZE, Anchor.MIDDLE, false);
        canvas.text(
                EDGE,
                top - 8,
                Canvas.cut(picture.y().label(), SIZE, left - EDGE),
                Ink.QUIET,
                SIZE,
                Anchor.START,
                false);
        for (int c = 0; c < grid.columns().size(); c++) {
            String name = Canvas.cut(grid.columns().get(c), size, wide - 4);
            canvas.text(left + (c + 0.5) * wide, top - 8, name, Ink.TEXT, size, Anchor.MIDDLE, false);
        }
        for (int r = 0; r < grid.rows().size(); r++) {
            double from = top + r * rowHeight();
            String name = Canvas.cut(grid.rows().get(r), size, left - EDGE - 7);
            canvas.text(left - 7, from + rowHeight() / 2 + 5, name, Ink.TEXT, size, Anchor.END, false);
            for (int c = 0; c < grid.columns().size(); c++) {
                double value = grid.values().get(r).get(c);
                double opacity = shade(value, most);
                canvas.box(left + c * wide + 1, from + 1, wide - 2, rowHeight() - 2, Ink.BLUE, opacity);
                String text =
                        Double.isFinite(value) ? Quantity.of(value, grid.unit()).brief() : "–";
                Ink ink = opacity > DARK ? Ink.PAPER : Ink.TEXT;
                canvas.text(
                        left + (c + 0.5) * wide,
                        from + rowHeight() / 2 + 5,
                        Canvas.cut(text, size, wide - 4),
                        ink,
                        size,
                        Anchor.MIDDLE,
                        false);
            }
        }
    }

    static double most(Heat grid) {
        return grid.values().stream()
                .flatMap(List::stream)
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }

    /** From hardly seen to full, by the logarithm: what is ten times as much is a shade darker, not ten. */
    static double shade(double value, double most) {
        return !Double.isFinite(value) || value <= 0 || most <= 0
                ? 0.05
                : 0.12 + 0.83 * Math.log1p(value) / Math.log1p(most);
    }

    private void below(Canvas canvas) {
        double at = bottom + (heat ? 4 : 46);
        for (List<Entry> row : legendRows) {
            double from = EDGE;
            for (Entry entry : row) {
                sample(canvas, entry, from, at + 11);
                canvas.text(from + 34, at + 16, entry.name(), Ink.TEXT, SMALL, Anchor.START, false);
                from += entry.width();
            }
            at += 22;
        }
        for (String note : notes) {
            at += SMALL * LEADING;
            canvas.text(EDGE, at, note, Ink.QUIET, SMALL, Anchor.START, false);
        }
    }

    private static void sample(Canvas canvas, Entry entry, double from, double middle) {
        switch (entry.sample()) {
            case STROKE -> straight(canvas, from, middle, from + 26, middle, entry.ink(), 2.4, entry.dash());
            case SHADE -> canvas.box(from, middle - 6, 26, 12, entry.ink(), 0.4);
            case AREA -> canvas.box(from, middle - 6, 26, 12, entry.ink(), 1);
            case RANGE -> {
                straight(canvas, from, middle, from + 26, middle, entry.ink(), 1.4, "");
                straight(canvas, from, middle - 4, from, middle + 4, entry.ink(), 1.4, "");
                straight(canvas, from + 26, middle - 4, from + 26, middle + 4, entry.ink(), 1.4, "");
            }
        }
    }
}
