package plimsoll.dsl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import plimsoll.dsl.Picture.Band;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Layer;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;

/**
 * Draws a picture with characters, without colour: lines with braille dots (2 x 4 to a character), bands with shade, levels and marks
 * with dashes. A JShell cuts a bare result at 1,000 characters, so the width follows from the number of lines.
 */
final class TextChart {
    private static final int CHARACTERS = 999;
    private static final int COLUMNS = 76;
    private static final int LABEL = 24;
    private static final int BARS = 12;

    private final Picture picture;
    private final int width;
    private final Scale x;
    private final Scale y;
    private final List<String> left;
    private final List<String> right;
    private final int gutter;
    private final int rows;
    private final int columns;
    /** What is drawn in each cell; a blank may be written over by a name. */
    private final char[][] cells;

    private final List<String> legend = new ArrayList<>();

    static String draw(Picture picture) {
        String drawn = picture.layers().stream().anyMatch(Bars.class::isInstance)
                ? bars(picture)
                : new TextChart(picture).lines();
        return drawn.stripTrailing();
    }

    private TextChart(Picture picture) {
        this.picture = picture;
        y = Scale.y(picture, 4);
        int steps = (int) Math.round((y.high() - y.low()) / y.step());
        rows = (steps == 3 ? 9 : 8) + 1;
        // a title, names above, an axis, its ticks and two lines of legend
        width = Math.min(COLUMNS, CHARACTERS / (rows + 6) - 1);
        left = labels(y, steps);
        right = picture.right().isEmpty() ? List.of() : labels(Scale.right(picture, steps), steps);
        gutter = widest(left) + 1;
        columns = width - gutter - 1 - (right.isEmpty() ? 0 : widest(right) + 2);
        x = across(picture, columns);
        cells = new char[rows][columns];
        for (char[] row : cells) {
            Arrays.fill(row, ' ');
        }
    }

    /** One label for each step of the left axis; a right axis with fewer steps leaves the upper ones empty. */
    private static List<String> labels(Scale scale, int steps) {
        var labels = new ArrayList<String>();
        for (int i = 0; i <= steps; i++) {
            labels.add(scale.label(scale.low() + i * scale.step()));
        }
        return labels;
    }

    /** As many ticks as there is room for their labels. */
    private static Scale across(Picture picture, int columns) {
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

    private static int widest(List<String> labels) {
        return labels.stream().mapToInt(String::length).max().orElse(0);
    }

    private String lines() {
        Scale rightScale = right.isEmpty() ? y : stretched(Scale.right(picture, right.size() - 1), right.size() - 1);
        for (Layer layer : picture.layers()) {
            if (layer instanceof Band band) {
                shade(band, band.right() ? rightScale : y);
            }
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Level level && Double.isFinite(level.y())) {
                Arrays.fill(cells[row(y.place(level.y()))], '┄');
            }
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                int column = column(mark.x());
                for (char[] row : cells) {
                    row[column] = row[column] == '┄' ? '┼' : '┊';
                }
            }
        }
        int pen = 0;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Line line) {
                trace(line, line.right() ? rightScale : y, pen++);
            }
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Level level && Double.isFinite(level.y())) {
                name(level);
            } else if (layer instanceof Band band) {
                legend.add("░░ " + cut(band.name(), LABEL) + (band.right() ? " (right)" : ""));
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

    private void shade(Band band, Scale scale) {
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
    private void trace(Line line, Scale scale, int pen) {
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
                }
            }
        }
        legend.add(List.of("⠒⠒ ", "⠂⠂ ", "⠒⠀⠒ ").get(pen % 3)
                + cut(line.name(), LABEL)
                + (line.right() ? " (right)" : ""));
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
        legend.add("┄┄" + text.stripTrailing());
    }

    private static String named(String name, double value, Unit unit) {
        return cut(name, LABEL) + " " + Quantity.of(value, unit).brief();
    }

    private String framed() {
        var text = new StringBuilder();
        append(text, cut(picture.title(), width));
        append(text, above());
        int per = (rows - 1) / (left.size() - 1);
        for (int r = 0; r < rows; r++) {
            boolean tick = r % per == 0;
            int i = left.size() - 1 - r / per;
            append(
                    text,
                    (tick ? padded(left.get(i), gutter - 1) + " ┤" : " ".repeat(gutter) + "│")
                            + new String(cells[r])
                            + (right.isEmpty() ? "" : tick ? "├ " + right.get(i) : "│"));
        }
        append(text, axis());
        append(text, ticks());
        text.append(legend(legend, width));
        return text.toString();
    }

    private static void append(StringBuilder text, String line) {
        if (!line.isBlank()) {
            text.append(line.stripTrailing()).append('\n');
        }
    }

    /** The names of the upright axes over them, and between those the names of marks over theirs. */
    private String above() {
        char[] line = new char[width];
        Arrays.fill(line, ' ');
        put(line, 0, cut(picture.y().label(), LABEL));
        picture.right().ifPresent(axis -> {
            String label = cut(axis.label(), LABEL);
            put(line, width - label.length(), label);
        });
        for (Layer layer : picture.layers()) {
            if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                String name = named(mark.name(), mark.x(), picture.x().unit());
                int at = gutter + 1 + column(mark.x());
                if (!put(line, at, "▾ " + name) && !put(line, at - name.length() - 1, name + " ▾")) {
                    legend.add("┊ " + name);
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
        char[] line = new char[width];
        Arrays.fill(line, ' ');
        for (double tick : x.ticks()) {
            String label = x.label(tick);
            int middle = gutter + 1 + column(tick) - label.length() / 2;
            put(line, Math.max(0, Math.min(middle, width - label.length())), label);
        }
        String name = cut(picture.x().label(), LABEL);
        if (!name.isEmpty()) {
            legend.add(0, name + " →");
        }
        return new String(line);
    }

    /** At most two lines. */
    private static String legend(List<String> entries, int width) {
        var lines = new ArrayList<String>(List.of(""));
        for (String entry : entries) {
            String last = lines.get(lines.size() - 1);
            if (last.isEmpty()) {
                lines.set(lines.size() - 1, cut(entry, width));
            } else if (last.length() + 3 + entry.length() <= width) {
                lines.set(lines.size() - 1, last + "   " + entry);
            } else if (lines.size() == 1) {
                lines.add(cut(entry, width));
            } else {
                lines.set(1, cut(last, width - 2) + " …");
                break;
            }
        }
        return lines.get(0).stripTrailing()
                + (lines.size() == 1 ? "" : "\n" + lines.get(1).stripTrailing());
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String cut(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(width - 2)) ? width - 2 : width - 1;
        return text.substring(0, end).stripTrailing() + "…";
    }

    private record Row(String name, double value, String shown) {}

    private static String bars(Picture picture) {
        var rows = new ArrayList<Row>();
        for (Layer layer : picture.layers()) {
            if (layer instanceof Bars bars) {
                for (int i = 0; i < bars.categories().size(); i++) {
                    double value = bars.values().get(i);
                    String shown = Double.isFinite(value)
                            ? Quantity.of(value, picture.x().unit()).brief()
                            : "–";
                    rows.add(new Row(cut(bars.categories().get(i), LABEL), value, shown));
                }
            }
        }
        int more = rows.size() <= BARS ? 0 : rows.size() - BARS + 1;
        List<Row> kept = rows.subList(0, rows.size() - more);
        int width = Math.min(COLUMNS, CHARACTERS / (kept.size() + 3) - 1);
        int names = widest(kept.stream().map(Row::name).toList());
        int values = widest(kept.stream().map(Row::shown).toList());
        int columns = Math.max(8, width - names - values - 4);
        Scale scale = Scale.x(picture, 4);
        var text = new StringBuilder();
        append(text, cut(picture.title(), width));
        for (Row row : kept) {
            append(text, padded(row.name(), names) + " │" + bar(row, scale, columns, picture) + " " + row.shown());
        }
        append(text, more == 0 ? "" : padded("…", names) + " and " + more + " more");
        var legend = new ArrayList<String>();
        if (!picture.x().label().isEmpty()) {
            legend.add(cut(picture.x().label(), LABEL) + " →");
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                legend.add("┊ " + named(mark.name(), mark.x(), picture.x().unit()));
            }
        }
        return text + legend(legend, width).lines().findFirst().orElse("");
    }

    /** A bar to an eighth of a character, with the marks behind it; its value follows the bar. */
    private static String bar(Row row, Scale scale, int columns, Picture picture) {
        char[] line = new char[columns];
        Arrays.fill(line, ' ');
        int zero = (int) Math.rint(scale.place(0) * columns);
        if (zero > 0 && zero < columns) {
            line[zero] = '│';
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                line[(int) Math.round(scale.place(mark.x()) * (columns - 1))] = '┊';
            }
        }
        if (Double.isFinite(row.value())) {
            double end = scale.place(row.value()) * columns;
            if (row.value() < 0 && zero > 0) {
                Arrays.fill(line, Math.min((int) Math.rint(end), zero - 1), zero, '█');
            } else if (row.value() > 0 && zero < columns) {
                int full = Math.max(zero, (int) end);
                int eighths = (int) ((end - full) * 8);
                Arrays.fill(line, zero, full, '█');
                if (full < columns && (eighths > 0 || full == zero)) {
                    line[full] = "▏▏▎▍▌▋▊▉".charAt(Math.max(0, eighths));
                }
            }
        }
        return new String(line);
    }
}
