package plimsoll.dsl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Layer;
import plimsoll.dsl.Picture.Mark;
import plimsoll.dsl.Picture.Spans;

/** Draws a picture of categories with characters: a line for each bar, to an eighth of a character, its value behind it. */
final class TextBars {
    private static final int BRIEF = 12;
    private static final int LONG = 34;
    private static final int GREY = 90;

    private final Picture picture;
    private final TextSheet sheet;
    private final boolean several;

    /** One line: a bar, or a stretch where {@code spans} is there; {@code first} where its category is named. */
    private record Row(
            String category,
            boolean first,
            String series,
            Optional<Bars> bars,
            Optional<Spans> spans,
            int at,
            int ink) {
        double value() {
            return bars.map(b -> b.values().get(at)).orElse(Double.NaN);
        }
    }

    TextBars(Picture picture, TextSheet sheet) {
        this.picture = picture;
        this.sheet = sheet;
        several = picture.layers().stream()
                        .filter(l -> l instanceof Bars b && b.verdict().isEmpty())
                        .count()
                > 1;
    }

    /** Ranges lie in the lines of the bars; spans without bars have lines of their own. */
    private List<Row> rows() {
        boolean bars = picture.layers().stream().anyMatch(Bars.class::isInstance);
        var rows = new ArrayList<Row>();
        for (String category : picture.categories()) {
            int pen = 0;
            boolean first = true;
            for (Layer layer : picture.layers()) {
                List<String> categories = layer instanceof Bars b
                        ? b.categories()
                        : layer instanceof Spans s ? s.categories() : List.of();
                boolean drawn = layer instanceof Bars || (layer instanceof Spans && !bars);
                for (int i = 0; drawn && i < categories.size(); i++) {
                    if (categories.get(i).equals(category)) {
                        rows.add(
                                layer instanceof Bars b
                                        ? new Row(
                                                category,
                                                first,
                                                b.name(),
                                                Optional.of(b),
                                                Optional.empty(),
                                                i,
                                                ink(b, pen))
                                        : new Row(
                                                category,
                                                first,
                                                layer.name(),
                                                Optional.empty(),
                                                Optional.of((Spans) layer),
                                                i,
                                                TextChart.pen(pen)));
                        first = false;
                    }
                }
                pen += layer instanceof Bars || layer instanceof Spans ? 1 : 0;
            }
        }
        return rows;
    }

    private static int ink(Bars bars, int pen) {
        return bars.verdict()
                .map(v -> switch (v) {
                    case OVER -> 31;
                    case FITS -> 34;
                    case UNKNOWN -> GREY;
                })
                .orElse(TextChart.pen(pen));
    }

    private String shown(Row row) {
        if (row.spans().isPresent()) {
            Spans s = row.spans().get();
            double length = s.to().get(row.at()) - s.from().get(row.at());
            return Double.isFinite(length)
                    ? Quantity.of(length, picture.x().unit()).brief()
                    : "–";
        }
        double value = row.value();
        return (value == Double.POSITIVE_INFINITY
                        ? "none left"
                        : Double.isFinite(value)
                                ? Quantity.of(value, picture.x().unit()).brief()
                                : "–")
                + (several ? " " + TextSheet.cut(row.series(), TextChart.LABEL / 2) : "");
    }

    String text() {
        List<Row> rows = rows();
        boolean brief = !sheet.notes();
        int more = !brief || rows.size() <= BRIEF ? 0 : rows.size() - BRIEF + 1;
        List<Row> kept = rows.subList(0, rows.size() - more);
        int width = sheet.width(kept.size() + 3);
        int names = TextChart.widest(kept.stream().map(this::named).toList());
        int values = TextChart.widest(kept.stream().map(this::shown).toList());
        int columns = Math.max(8, width - names - values - 4);
        Scale scale = Scale.x(picture, 4);
        var text = new StringBuilder();
        TextSheet.append(text, sheet.title(picture.title(), width));
        for (Row row : kept) {
            TextSheet.append(
                    text, TextSheet.padded(named(row), names) + " │" + bar(row, scale, columns) + " " + shown(row));
        }
        TextSheet.append(text, more == 0 ? "" : TextSheet.padded("…", names) + " and " + more + " more");
        var legend = new ArrayList<TextSheet.Entry>();
        if (!picture.x().label().isEmpty()) {
            legend.add(new TextSheet.Entry(TextSheet.cut(picture.x().label(), TextChart.LABEL) + " →", "", 0));
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                legend.add(new TextSheet.Entry(
                        "┊",
                        " " + TextChart.named(mark.name(), mark.x(), picture.x().unit()),
                        GREY));
            } else if (layer instanceof Spans spans && picture.layers().stream().anyMatch(Bars.class::isInstance)) {
                legend.add(new TextSheet.Entry("├─┤", " " + TextSheet.cut(spans.name(), TextChart.LABEL), 0));
            }
        }
        String last = sheet.legend(legend, width);
        return text + (brief ? last.lines().findFirst().orElse("") : last);
    }

    private String named(Row row) {
        return row.first() ? TextSheet.cutInside(row.category(), sheet.notes() ? LONG : TextChart.LABEL) : "";
    }

    /** The bar over the marks, and the range of its category over both. */
    private String bar(Row row, Scale scale, int columns) {
        char[] line = new char[columns];
        int[] inks = new int[columns];
        Arrays.fill(line, ' ');
        int zero = (int) Math.rint(scale.place(0) * columns);
        if (scale.low() < 0 && zero > 0 && zero < columns) {
            line[zero] = '│';
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                int at = (int) Math.round(scale.place(mark.x()) * (columns - 1));
                line[at] = '┊';
                inks[at] = GREY;
            }
        }
        if (row.spans().isPresent()) {
            stretch(line, inks, row.spans().get(), row.at(), scale, row.ink(), '━', '━');
            return sheet.inked(line, inks);
        }
        double value = row.value();
        if (value == Double.POSITIVE_INFINITY) {
            fill(line, inks, zero, columns, '█', row.ink());
            line[columns - 1] = '▶';
        } else if (Double.isFinite(value)) {
            double end = scale.place(value) * columns;
            if (value < 0 && zero > 0) {
                fill(line, inks, Math.min((int) Math.rint(end), zero - 1), zero, '█', row.ink());
            } else if (value > 0 && zero < columns) {
                int full = Math.max(zero, (int) end);
                int eighths = (int) ((end - full) * 8);
                fill(line, inks, zero, full, '█', row.ink());
                if (full < columns && (eighths > 0 || full == zero)) {
                    fill(line, inks, full, full + 1, "▏▏▎▍▌▋▊▉".charAt(Math.max(0, eighths)), row.ink());
                }
                if (scale.beyond(value)) {
                    line[columns - 1] = '▶';
                }
            }
        }
        for (Layer layer : picture.layers()) {
            if (layer instanceof Spans spans && row.first()) {
                int at = spans.categories().indexOf(row.category());
                if (at >= 0) {
                    stretch(line, inks, spans, at, scale, 0, '├', '┤');
                }
            }
        }
        return sheet.inked(line, inks);
    }

    private static void stretch(
            char[] line, int[] inks, Spans spans, int at, Scale scale, int ink, char start, char end) {
        double from = scale.place(spans.from().get(at));
        double to = scale.place(spans.to().get(at));
        if (Double.isNaN(from) || Double.isNaN(to)) {
            return;
        }
        int first = (int) Math.round(Math.min(from, to) * (line.length - 1));
        int last = (int) Math.round(Math.max(from, to) * (line.length - 1));
        fill(line, inks, first, last + 1, start == '━' ? '━' : '─', ink);
        if (last > first) {
            line[first] = start;
            line[last] = end;
        }
    }

    private static void fill(char[] line, int[] inks, int from, int to, char with, int ink) {
        Arrays.fill(line, from, to, with);
        Arrays.fill(inks, from, to, ink);
    }
}
