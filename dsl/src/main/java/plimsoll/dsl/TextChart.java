package plimsoll.dsl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import plimsoll.dsl.Picture.Band;
import plimsoll.dsl.Picture.Layer;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;

/**
 * Draws a picture with characters: lines with braille dots (2 x 4 to a character), bands with shade, levels and marks with dashes.
 * Nothing is told by colour alone. A JShell cuts a bare result at 1,000 characters, so there the width follows from the number of lines.
 */
final class TextChart {
    /** The longest name that is written out. */
    static final int LABEL = 24;

    /** Colours of lines in the order in which they are drawn: blue, yellow, green, magenta, cyan. */
    private static final int COLUMNS = 80;

    private static final List<Integer> PENS = List.of(34, 33, 32, 35, 36);

    private static final int LEVEL = 31;
    private static final int MARK = 90;

    private final Picture picture;
    private final TextSheet sheet;
    private final Scale x;
    private final Scale y;
    private final List<String> left;
    private final List<String> right;
    private final int gutter;
    private final int rows;
    private final int columns;
    /** What is drawn in each cell; a blank may be written over by a name. */
    private final char[][] cells;
    /** The colour of each cell; 0 for none. */
    private final int[][] inks;

    private final List<TextSheet.Entry> legend = new ArrayList<>();

    /** For a shell that shows a thousand characters: without colour and notes. */
    static String draw(Picture picture) {
        return draw(picture, TextSheet.BRIEF);
    }

    /** 80 columns, with the notes below. */
    static String draw(Picture picture, boolean colour) {
        return draw(picture.thinned(), colour ? TextSheet.COLOURED : TextSheet.PLAIN);
    }

    private static String draw(Picture picture, TextSheet sheet) {
        String drawn = picture.layers().stream().anyMatch(Picture.Heat.class::isInstance)
                ? new TextHeat(picture, sheet).text()
                : picture.categories().isEmpty()
                        ? new TextChart(picture, sheet).text()
                        : new TextBars(picture, sheet).text();
        var text = new StringBuilder(drawn.stripTrailing());
        if (sheet.notes()) {
            picture.notes()
                    .forEach(n -> wrapped(n).forEach(l -> text.append('\n').append(sheet.ink(l, MARK))));
        }
        return text.toString();
    }

    /** A sentence in lines of 80 columns; what follows the first is indented. */
    private static List<String> wrapped(String sentence) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : sentence.split(" ", -1)) {
            if (line.toString().isBlank()) {
                line.append(word);
            } else if (line.length() + 1 + word.length() <= COLUMNS) {
                line.append(' ').append(word);
            } else {
                lines.add(line.toString());
                line.setLength(0);
                line.append("  ").append(word);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    /** The colour of the bars or lines that are drawn as the {@code pen}-th. */
    static int pen(int pen) {
        return PENS.get(pen % PENS.size());
    }

    private TextChart(Picture picture, TextSheet sheet) {
        this.picture = picture;
        this.sheet = sheet;
        y = Scale.y(picture, 4);
        int steps = (int) Math.round((y.high() - y.low()) / y.step());
        rows = (steps == 3 ? 9 : 8) * sheet.tall() + 1;
        // a title, names above, an axis, its ticks and two lines of legend
        int width = sheet.width(rows + 6);
        left = labels(y, steps);
        right = picture.right().map(axis -> right(axis, steps)).orElse(List.of());
        gutter = widest(left) + 1;
        columns = width - gutter - 1 - (right.isEmpty() ? 0 : widest(right) + 2);
        x = across(picture, columns);
        cells = new char[rows][columns];
        inks = new int[rows][columns];
        for (char[] row : cells) {
            Arrays.fill(row, ' ');
        }
    }

    private int width() {
        return sheet.width(rows + 6);
    }

    /** One label for each step of the left axis; a right axis with fewer steps leaves the upper ones empty. */
    private static List<String> labels(Scale scale, int steps) {
        var labels = new ArrayList<String>();
        for (int i = 0; i <= steps; i++) {
            labels.add(scale.label(scale.low() + i * scale.step()));
        }
        return labels;
    }

    /** Those of the right axis; none beyond its end. */
    private List<String> right(Picture.Axis axis, int steps) {
        Scale scale = Scale.right(picture, steps);
        var labels = new ArrayList<>(labels(scale, steps));
        for (int i = 0; i <= steps; i++) {
            if (scale.low() + i * scale.step() > axis.most() * (1 + 1e-9)) {
                labels.set(i, "");
            }
        }
        return labels;
    }

    /** As many ticks as there is room for their labels. */
    static Scale across(Picture picture, int columns) {
        int most = columns / 8;
        Scale scale = Scale.x(picture, most);
        while (most > 2 && crowded(scale, columns)) {
            scale = Scale.x(picture, --most);
        }
        return scale;
    }

    private static boolean crowded(Scale scale, int columns) {
        double apart = scale.step() / (scale.high() - scale.low()) * (columns - 1);
        return widest(scale.ticks().stream().map(scale::label).toList()) + 2 > apart;
    }

    static int widest(List<String> labels) {
        return labels.stream().mapToInt(String::length).max().orElse(0);
    }

    private String text() {
        Scale rightScale = right.isEmpty() ? y : stretched(Scale.right(picture, right.size() - 1), right.size() - 1);
        int pen = 0;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Band band) {
                shade(band, band.right() ? rightScale : y, pen(pen++));
            } else if (layer instanceof Line) {
                pen++;
            }
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Level level && Double.isFinite(level.y())) {
                int row = row(y.place(level.y()));
                Arrays.fill(cells[row], '┄');
                Arrays.fill(inks[row], LEVEL);
            }
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                int column = column(mark.x());
                for (int row = 0; row < rows; row++) {
                    cells[row][column] = cells[row][column] == '┄' ? '┼' : '┊';
                    inks[row][column] = MARK;
                }
            }
        }
        pen = 0;
        int line = 0;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Line l) {
                trace(l, l.right() ? rightScale : y, line++, pen(pen++));
            } else if (layer instanceof Band) {
                pen++;
            }
        }
        pen = 0;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Level level && Double.isFinite(level.y())) {
                name(level);
            } else if (layer instanceof Band band) {
                legend.add(new TextSheet.Entry(
                        "░░", " " + TextSheet.cut(band.name(), LABEL) + (band.right() ? " (right)" : ""), pen(pen++)));
            } else if (layer instanceof Line) {
                pen++;
            }
        }
        return framed();
    }

    /** The right axis over as many steps as the left one has, so that their ticks share rows. */
    private static Scale stretched(Scale scale, int steps) {
        return new Scale(scale.low(), scale.low() + steps * scale.step(), scale.step(), scale.factor(), scale.suffix());
    }

    private int row(double place) {
        return (int) Math.round((1 - place) * (rows - 1));
    }

    private int column(double value) {
        return (int) Math.round(x.place(value) * (columns - 1));
    }

    private void shade(Band band, Scale scale, int ink) {
        double[] low = new double[columns];
        double[] high = new double[columns];
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
        int size = band.xs().size();
        for (int i = 0; i < size; i++) {
            int j = i + 1 < size && column(band, i + 1) >= 0 ? i + 1 : i;
            int from = column(band, i);
            int to = column(band, j);
            if (from < 0) {
                continue;
            }
            for (int c = Math.min(from, to); c <= Math.max(from, to); c++) {
                double part = from == to ? 0 : (c - from) / (double) (to - from);
                double a = scale.place(band.low().get(i)) * (1 - part)
                        + scale.place(band.low().get(j)) * part;
                double b = scale.place(band.high().get(i)) * (1 - part)
                        + scale.place(band.high().get(j)) * part;
                low[c] = Math.min(low[c], Math.min(a, b));
                high[c] = Math.max(high[c], Math.max(a, b));
            }
        }
        for (int c = 0; c < columns; c++) {
            if (low[c] < high[c]) {
                for (int r = row(high[c]); r <= row(low[c]); r++) {
                    cells[r][c] = '░';
                    inks[r][c] = ink;
                }
            }
        }
    }

    /** The column of a point of a band, or -1 where the point is a gap. */
    private int column(Band band, int i) {
        boolean whole = Double.isFinite(band.xs().get(i))
                && Double.isFinite(band.low().get(i))
                && Double.isFinite(band.high().get(i));
        return whole ? column(band.xs().get(i)) : -1;
    }

    /** Every stretch between two points is drawn, so a column that holds many points shows their least and their greatest. */
    private void trace(Line line, Scale scale, int pen, int ink) {
        boolean[][] dots = new boolean[4 * rows][2 * columns];
        boolean joined = false;
        boolean any = false;
        double toX = 0;
        double toY = 0;
        for (int i = 0; i <= line.xs().size(); i++) {
            double px = i < line.xs().size() ? x.place(line.xs().get(i)) : Double.NaN;
            double py = i < line.ys().size() ? scale.place(line.ys().get(i)) : Double.NaN;
            boolean drawn = !Double.isNaN(px) && !Double.isNaN(py);
            // the middle of a row of characters is the value of its tick
            double dotX = 2 * px * (columns - 1) + 0.5;
            double dotY = 4 * (1 - py) * (rows - 1) + 1.5;
            if (drawn && any) {
                stroke(dots, toX, toY, dotX, dotY, pen);
                joined = true;
            } else if (!drawn && any && !joined) {
                cells[(int) toY / 4][(int) toX / 2] = '●';
                inks[(int) toY / 4][(int) toX / 2] = ink;
            }
            joined = drawn && any;
            any = drawn;
            toX = dotX;
            toY = dotY;
        }
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                char braille = braille(dots, r, c);
                if (braille != '⠀') {
                    cells[r][c] = braille;
                    inks[r][c] = ink;
                }
            }
        }
        legend.add(new TextSheet.Entry(
                List.of("⠒⠒", "⠂⠂", "⠒⠀⠒").get(pen % 3),
                " " + TextSheet.cut(line.name(), LABEL) + (line.right() ? " (right)" : ""),
                ink));
    }

    /** A solid pen, then dotted, then dashed: lines must differ without colour. */
    private static void stroke(boolean[][] dots, double x1, double y1, double x2, double y2, int pen) {
        int steps = (int) Math.ceil(Math.max(Math.abs(x2 - x1), Math.abs(y2 - y1)));
        for (int i = 0; i <= steps; i++) {
            double part = steps == 0 ? 0 : i / (double) steps;
            int column = (int) Math.round(x1 + (x2 - x1) * part);
            int row = (int) Math.round(y1 + (y2 - y1) * part);
            int along = Math.abs(x2 - x1) >= Math.abs(y2 - y1) ? column : row;
            if (pen % 3 == 0 || (pen % 3 == 1 ? along % 2 == 0 : along % 6 < 3)) {
                dots[Math.min(row, dots.length - 1)][Math.min(column, dots[0].length - 1)] = true;
            }
        }
    }

    /** The braille pattern of a cell; Unicode numbers its dots down the left, down the right, then the lowest two. */
    private static char braille(boolean[][] dots, int row, int column) {
        int pattern = 0;
        for (int d = 0; d < 8; d++) {
            int down = d < 6 ? d % 3 : 3;
            int across = d < 6 ? d / 3 : d - 6;
            if (dots[4 * row + down][2 * column + across]) {
                pattern |= 1 << d;
            }
        }
        return (char) ('⠀' + pattern);
    }

    /** Writes a level's name into its row where nothing else is drawn, else into the legend. */
    private void name(Level level) {
        char[] row = cells[row(y.place(level.y()))];
        String text = " " + named(level.name(), level.y(), picture.y().unit()) + " ";
        for (int start = 1; start + text.length() < columns; start++) {
            boolean free = true;
            for (int i = 0; free && i < text.length(); i++) {
                free = row[start + i] == '┄';
            }
            if (free) {
                text.getChars(0, text.length(), row, start);
                return;
            }
        }
        legend.add(new TextSheet.Entry("┄┄", text.stripTrailing(), LEVEL));
    }

    static String named(String name, double value, Unit unit) {
        return (TextSheet.cut(name, LABEL) + " " + Quantity.of(value, unit).brief()).strip();
    }

    private String framed() {
        int width = width();
        var text = new StringBuilder();
        TextSheet.append(text, sheet.title(picture.title(), width));
        TextSheet.append(text, above());
        int per = (rows - 1) / (left.size() - 1);
        for (int r = 0; r < rows; r++) {
            boolean tick = r % per == 0;
            int i = left.size() - 1 - r / per;
            TextSheet.append(
                    text,
                    (tick ? TextSheet.padded(left.get(i), gutter - 1) + " ┤" : " ".repeat(gutter) + "│")
                            + sheet.inked(cells[r], inks[r])
                            + (right.isEmpty() ? "" : tick ? "├ " + right.get(i) : "│"));
        }
        TextSheet.append(text, axis());
        TextSheet.append(text, ticks());
        text.append(sheet.legend(legend, width));
        return text.toString();
    }

    /** The names of the upright axes over them, and between those the names of marks over theirs. */
    private String above() {
        int width = width();
        char[] line = new char[width];
        Arrays.fill(line, ' ');
        put(line, 0, TextSheet.cut(picture.y().label(), LABEL));
        picture.right().ifPresent(axis -> {
            String label = TextSheet.cut(axis.label(), LABEL);
            put(line, width - label.length(), label);
        });
        for (Layer layer : picture.layers()) {
            if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                String name = named(mark.name(), mark.x(), picture.x().unit());
                int at = gutter + 1 + column(mark.x());
                if (!put(line, at, "▾ " + name) && !put(line, at - name.length() - 1, name + " ▾")) {
                    legend.add(new TextSheet.Entry("┊", " " + name, MARK));
                }
            }
        }
        return new String(line);
    }

    /** Writes the text where the line is blank, with a blank on either side; false when there is no room. */
    private static boolean put(char[] line, int start, String text) {
        int end = start + text.length();
        if (start < 0 || end > line.length) {
            return false;
        }
        for (int i = Math.max(0, start - 1); i < Math.min(line.length, end + 1); i++) {
            if (line[i] != ' ') {
                return false;
            }
        }
        text.getChars(0, text.length(), line, start);
        return true;
    }

    private String axis() {
        char[] line = new char[columns];
        Arrays.fill(line, '─');
        for (double tick : x.ticks()) {
            line[column(tick)] = '┬';
        }
        return " ".repeat(gutter) + "└" + new String(line) + (right.isEmpty() ? "" : "┘");
    }

    private String ticks() {
        int width = width();
        char[] line = new char[width];
        Arrays.fill(line, ' ');
        for (double tick : x.ticks()) {
            String label = x.label(tick);
            int middle = gutter + 1 + column(tick) - label.length() / 2;
            put(line, Math.max(0, Math.min(middle, width - label.length())), label);
        }
        String name = TextSheet.cut(picture.x().label(), LABEL);
        if (!name.isEmpty()) {
            legend.add(0, new TextSheet.Entry(name + " →", "", 0));
        }
        return new String(line);
    }
}
