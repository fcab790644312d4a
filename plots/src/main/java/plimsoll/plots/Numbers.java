package plimsoll.plots;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
import plimsoll.dsl.Unit;

/** What a picture shows as tables: for readers who do not see it, and for those who want the numbers. */
final class Numbers {
    private static final int ROWS = 25;

    private final Picture picture;
    private final StringBuilder out = new StringBuilder();

    private Numbers(Picture picture) {
        this.picture = picture;
    }

    /** The tables as markup. */
    static String of(Picture picture) {
        return new Numbers(picture).markup();
    }

    private String markup() {
        var limits = new ArrayList<List<String>>();
        var lines = new LinkedHashMap<List<Double>, List<Layer>>();
        for (Layer layer : picture.layers()) {
            if (layer instanceof Level level) {
                limits.add(List.of(level.name(), read(level.y(), picture.y().unit())));
            } else if (layer instanceof Mark mark) {
                limits.add(List.of(mark.name(), read(mark.x(), picture.x().unit())));
            } else if (layer instanceof Line line) {
                Line whole = withoutGaps(line);
                lines.computeIfAbsent(whole.xs(), xs -> new ArrayList<>()).add(whole);
            } else if (layer instanceof Band band) {
                lines.computeIfAbsent(band.xs(), xs -> new ArrayList<>()).add(layer);
            } else if (layer instanceof Heat heat) {
                heat(heat);
            }
        }
        if (!picture.categories().isEmpty()) {
            categories();
        }
        lines.forEach(this::lines);
        if (!limits.isEmpty()) {
            table(List.of("line", "at"), limits);
        }
        return out.toString();
    }

    /** Places without an x part points from each other: nothing is to be read there. */
    private static Line withoutGaps(Line line) {
        int[] placed = IntStream.range(0, line.xs().size())
                .filter(i -> Double.isFinite(line.xs().get(i)))
                .toArray();
        return placed.length == line.xs().size()
                ? line
                : new Line(
                        line.name(),
                        Arrays.stream(placed).mapToObj(line.xs()::get).toList(),
                        Arrays.stream(placed).mapToObj(line.ys()::get).toList(),
                        line.right());
    }

    private void lines(List<Double> xs, List<Layer> layers) {
        var heads = new ArrayList<String>();
        heads.add(picture.x().label().isEmpty() ? "at" : picture.x().label());
        layers.forEach(l -> heads.add(l.name()));
        int rows = Math.min(ROWS, xs.size());
        var cells = new ArrayList<List<String>>();
        for (int row = 0; row < rows; row++) {
            int i = rows == 1 ? 0 : (int) Math.round((double) row * (xs.size() - 1) / (rows - 1));
            var line = new ArrayList<String>();
            line.add(read(xs.get(i), picture.x().unit()));
            for (Layer layer : layers) {
                line.add(
                        layer instanceof Line l
                                ? read(l.ys().get(i), unit(l.right()))
                                : layer instanceof Band b
                                        ? range(b.low().get(i), b.high().get(i), unit(b.right()))
                                        : "");
            }
            cells.add(line);
        }
        table(heads, cells);
        if (xs.size() > rows) {
            out.append("<p class=\"note\">")
                    .append(Page.escaped(rows + " of " + Quantity.count(xs.size()) + " points, evenly picked"))
                    .append("</p>\n");
        }
    }

    private Unit unit(boolean onRight) {
        return onRight ? picture.right().orElseThrow().unit() : picture.y().unit();
    }

    private void categories() {
        var heads = new ArrayList<String>(List.of(picture.y().label()));
        Map<String, List<String>> rows = new LinkedHashMap<>();
        picture.categories().forEach(c -> rows.put(c, new ArrayList<>(List.of(c))));
        Unit unit = picture.x().unit();
        for (Layer layer : picture.layers()) {
            if (layer instanceof Bars || layer instanceof Spans) {
                heads.add(layer.name());
                rows.values().forEach(r -> r.add(""));
            }
            if (layer instanceof Bars bars) {
                for (int i = 0; i < bars.categories().size(); i++) {
                    put(rows, bars.categories().get(i), read(bars.values().get(i), unit));
                }
            } else if (layer instanceof Spans spans) {
                for (int i = 0; i < spans.categories().size(); i++) {
                    put(
                            rows,
                            spans.categories().get(i),
                            range(spans.from().get(i), spans.to().get(i), unit));
                }
            }
        }
        table(heads, List.copyOf(rows.values()));
    }

    private static void put(Map<String, List<String>> rows, String category, String text) {
        List<String> row = rows.getOrDefault(category, new ArrayList<>(List.of("")));
        int last = row.size() - 1;
        row.set(last, row.get(last).isEmpty() ? text : row.get(last) + ", " + text);
    }

    private void heat(Heat heat) {
        var heads = new ArrayList<String>(
                List.of(picture.y().label() + " / " + picture.x().label()));
        heads.addAll(heat.columns());
        var cells = new ArrayList<List<String>>();
        for (int r = 0; r < heat.rows().size(); r++) {
            var row = new ArrayList<String>(List.of(heat.rows().get(r)));
            heat.values().get(r).forEach(v -> row.add(read(v, heat.unit())));
            cells.add(row);
        }
        table(heads, cells);
    }

    private static String range(double low, double high, Unit unit) {
        String from = read(low, unit);
        String to = read(high, unit);
        return from.equals(to) ? from : from + " to " + to;
    }

    private static String read(double value, Unit unit) {
        return Double.isFinite(value) ? Quantity.of(value, unit).brief() : "unknown";
    }

    private void table(List<String> heads, List<List<String>> rows) {
        out.append("<table><thead><tr>");
        heads.forEach(
                h -> out.append("<th scope=\"col\">").append(Page.escaped(h)).append("</th>"));
        out.append("</tr></thead><tbody>\n");
        for (List<String> row : rows) {
            out.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                String cell = i == 0 ? "th scope=\"row\"" : "td";
                out.append('<')
                        .append(cell)
                        .append('>')
                        .append(Page.escaped(row.get(i)))
                        .append("</")
                        .append(cell, 0, 2)
                        .append('>');
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table>\n");
    }
}
