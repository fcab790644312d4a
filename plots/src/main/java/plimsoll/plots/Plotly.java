package plimsoll.plots;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Axis;
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

/**
 * A picture as Plotly's JSON: {@code data}, {@code layout}, {@code config}. Values are divided by the unit that the axis is read in (MiB,
 * ms, per cent), so that Plotly's own ticks are round there at every zoom.
 */
final class Plotly {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int TICKS = 6;
    private static final List<String> DASHES = List.of("solid", "dot", "dash");
    /** The height of a line of text, in pixels. */
    private static final int MARK = 19;

    private static final int LETTER = 9;
    private static final int TITLE = 38;
    /** How much of a page 400 pixels wide a letter takes. */
    private static final double NARROW_LETTER = 0.025;

    private final Picture picture;
    private final boolean bars;
    private final Scale x;
    private final Scale y;
    private final Scale right;
    private final ArrayNode data = JSON.createArrayNode();
    private final ArrayNode shapes = JSON.createArrayNode();
    private final ArrayNode annotations = JSON.createArrayNode();

    private Plotly(Picture given) {
        picture = given.thinned();
        bars = !picture.categories().isEmpty();
        x = Scale.x(picture, TICKS);
        y = Scale.y(picture, TICKS);
        right = picture.right().isPresent() ? Scale.right(picture, TICKS) : y;
    }

    static ObjectNode of(Picture picture) {
        return new Plotly(picture).figure();
    }

    /** For a page that shows the title itself. */
    static ObjectNode untitled(Picture picture) {
        ObjectNode figure = of(picture);
        ObjectNode layout = (ObjectNode) figure.get("layout");
        layout.remove("title");
        // its buttons would lie over what is named at the top
        ((ObjectNode) figure.get("config")).put("displayModeBar", false);
        ObjectNode margin = (ObjectNode) layout.get("margin");
        margin.put("t", margin.get("t").asInt() - TITLE);
        return figure;
    }

    /** JSON that may stand inside a script element: no {@code <} can end it, and no line separator can end a string. */
    static String script(Object json) {
        try {
            return JSON.writeValueAsString(json)
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e")
                    .replace("&", "\\u0026")
                    .replace("\u2028", "\\u2028")
                    .replace("\u2029", "\\u2029");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode figure() {
        Optional<Heat> heat = picture.layers().stream()
                .filter(Heat.class::isInstance)
                .map(Heat.class::cast)
                .findFirst();
        heat.ifPresentOrElse(this::heat, this::layers);
        ObjectNode figure = JSON.createObjectNode();
        figure.set("data", data);
        figure.set("layout", layout(heat));
        figure.putObject("config").put("responsive", true).put("displaylogo", false);
        return figure;
    }

    private void layers() {
        int pen = 0;
        int lines = 0;
        int levels = 0;
        int marks = 0;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Bars b) {
                bars(b, b.verdict().map(Ink::of).orElse(Ink.series(pen)).light());
                pen++;
            } else if (layer instanceof Spans spans) {
                boolean range = picture.layers().stream().anyMatch(Bars.class::isInstance);
                spans(spans, range ? Ink.TEXT.light() : Ink.series(pen++).light(), range);
            } else if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                mark(mark, marks++);
            } else if (!bars && layer instanceof Line line) {
                line(line, Ink.series(pen++).light(), DASHES.get(lines++ % 3));
            } else if (!bars && layer instanceof Band band) {
                band(band, Ink.series(pen++).light());
            } else if (!bars && layer instanceof Level level && Double.isFinite(level.y())) {
                level(level, levels++);
            }
        }
    }

    private void line(Line line, String colour, String dash) {
        Scale scale = line.right() ? right : y;
        ObjectNode trace = trace("scatter", line.name(), line.right());
        trace.put("mode", alone(line) ? "lines+markers" : "lines").put("cliponaxis", !alone(line));
        trace.putObject("line").put("color", colour).put("width", 2.5).put("dash", dash);
        numbers(trace.putArray("x"), line.xs(), x);
        numbers(trace.putArray("y"), line.ys(), scale);
        ArrayNode hover = trace.putArray("hovertext");
        for (int i = 0; i < line.xs().size(); i++) {
            hover.add(hover(line.name(), line.xs().get(i), read(line.ys().get(i), unit(line.right()))));
        }
    }

    /** A point between two gaps has no stretch of line to be seen by. */
    private static boolean alone(Line line) {
        for (int i = 0; i < line.ys().size(); i++) {
            boolean before = i > 0 && Double.isFinite(line.ys().get(i - 1));
            boolean after =
                    i + 1 < line.ys().size() && Double.isFinite(line.ys().get(i + 1));
            if (Double.isFinite(line.ys().get(i)) && !before && !after) {
                return true;
            }
        }
        return false;
    }

    /** One closed outline for each stretch without gaps: up along the upper bound, back along the lower. */
    private void band(Band band, String colour) {
        Scale scale = band.right() ? right : y;
        var xs = new ArrayList<Double>();
        var ys = new ArrayList<Double>();
        int size = band.xs().size();
        for (int from = 0; from < size; from++) {
            int end = from;
            while (end < size && whole(band, end)) {
                end++;
            }
            if (end > from) {
                List<Double> back = new ArrayList<>(band.xs().subList(from, end));
                List<Double> low = new ArrayList<>(band.low().subList(from, end));
                Collections.reverse(back);
                Collections.reverse(low);
                xs.addAll(band.xs().subList(from, end));
                xs.addAll(back);
                ys.addAll(band.high().subList(from, end));
                ys.addAll(low);
                xs.add(Double.NaN);
                ys.add(Double.NaN);
                from = end;
            }
        }
        ObjectNode area = trace("scatter", band.name(), band.right());
        area.put("mode", "lines")
                .put("fill", "toself")
                .put("fillcolor", colour + "55")
                .put("hoveron", "points");
        area.putObject("line").put("color", colour).put("width", 1);
        numbers(area.putArray("x"), xs, x);
        numbers(area.putArray("y"), ys, scale);
        ArrayNode hover = area.putArray("hovertext");
        for (int i = 0; i < xs.size(); i++) {
            hover.add(hover(band.name(), xs.get(i), read(ys.get(i), unit(band.right()))));
        }
    }

    private static boolean whole(Band band, int i) {
        return Double.isFinite(band.xs().get(i))
                && Double.isFinite(band.low().get(i))
                && Double.isFinite(band.high().get(i));
    }

    /** Levels are named at the left and at the right in turn, so that two that lie close together can be read. */
    private void level(Level level, int place) {
        double at = level.y() / y.factor();
        boolean first = place % 2 == 0;
        shape(Ink.LIMIT, "dash")
                .put("xref", "paper")
                .put("x0", 0)
                .put("x1", 1)
                .put("y0", at)
                .put("y1", at);
        annotation(level.name(), level.y(), picture.y().unit(), Ink.LIMIT)
                .put("xref", "paper")
                .put("x", first ? 0.01 : 0.99)
                .put("xanchor", first ? "left" : "right")
                .put("y", at)
                .put("yanchor", y.place(level.y()) > 0.93 ? "top" : "bottom");
    }

    /** Marks are named above each other, over what is drawn: two that lie close together can be read. */
    private void mark(Mark mark, int place) {
        double at = mark.x() / x.factor();
        String name = (mark.name() + " " + read(mark.x(), picture.x().unit())).strip();
        boolean late = x.place(mark.x()) + NARROW_LETTER * name.length() > 1 && x.place(mark.x()) > 0.5;
        shape(bars ? Ink.LIMIT : Ink.QUIET, "dot")
                .put("yref", "paper")
                .put("x0", at)
                .put("x1", at)
                .put("y0", 0)
                .put("y1", 1);
        annotation(mark.name(), mark.x(), picture.x().unit(), bars ? Ink.LIMIT : Ink.QUIET)
                .put("yref", "paper")
                .put("x", at)
                .put("xanchor", late ? "right" : "left")
                .put("y", 1)
                .put("yshift", MARK * (marks() - 1 - place))
                .put("yanchor", "bottom");
    }

    private ObjectNode shape(Ink ink, String dash) {
        ObjectNode shape = shapes.addObject().put("type", "line");
        shape.putObject("line").put("color", ink.light()).put("width", 2).put("dash", dash);
        return shape;
    }

    private ObjectNode annotation(String name, double value, Unit unit, Ink ink) {
        ObjectNode annotation = annotations.addObject().put("showarrow", false);
        annotation.put("text", text((name + " " + read(value, unit)).strip()));
        annotation.put("bgcolor", Ink.PAPER.light() + "b0");
        annotation.putObject("font").put("color", ink.light());
        return annotation;
    }

    private void bars(Bars layer, String colour) {
        ObjectNode trace = trace("bar", layer.name(), false).put("orientation", "h");
        trace.putObject("marker").put("color", colour);
        // what has no end, or one beyond that of the axis, goes to that of the axis
        List<Double> ends = layer.values().stream()
                .map(v -> v == Double.POSITIVE_INFINITY || x.beyond(v) ? x.high() : v)
                .toList();
        numbers(trace.putArray("x"), ends, x);
        ArrayNode categories = trace.putArray("y");
        ArrayNode shown = trace.putArray("text");
        ArrayNode hover = trace.putArray("hovertext");
        for (int i = 0; i < layer.categories().size(); i++) {
            boolean endless = layer.values().get(i) == Double.POSITIVE_INFINITY;
            String value = endless
                    ? "none left"
                    : read(layer.values().get(i), picture.x().unit());
            boolean known = endless || Double.isFinite(layer.values().get(i));
            categories.add(text(layer.categories().get(i)) + (known ? "" : " (unknown)"));
            shown.add(
                    ranged(layer.categories().get(i))
                            ? ""
                            : x.beyond(layer.values().get(i)) ? "▸ " + value : value);
            hover.add(text(layer.categories().get(i)) + "<br>" + text(layer.name()) + " " + value);
        }
        trace.put("textposition", "outside").put("constraintext", "none").put("cliponaxis", false);
    }

    /** True where a range lies around the bar of a category: the value stands behind both. */
    private boolean ranged(String category) {
        return picture.layers().stream().anyMatch(l -> l instanceof Spans s && finite(s, category));
    }

    private static boolean finite(Spans spans, String category) {
        int i = spans.categories().indexOf(category);
        return i >= 0
                && Double.isFinite(spans.from().get(i))
                && Double.isFinite(spans.to().get(i));
    }

    /** The value of the bar of a category. */
    private String value(String category) {
        for (Layer layer : picture.layers()) {
            if (layer instanceof Bars b && b.categories().contains(category)) {
                double value = b.values().get(b.categories().indexOf(category));
                return (x.beyond(value) ? "▸ " : "") + read(value, picture.x().unit());
            }
        }
        return "";
    }

    /** A range around a bar is a thin line with ends, a stretch of its own a floating bar. */
    private void spans(Spans layer, String colour, boolean range) {
        ObjectNode trace = trace(range ? "scatter" : "bar", layer.name(), false);
        ArrayNode xs = trace.putArray("x");
        ArrayNode categories = trace.putArray("y");
        ArrayNode hover = trace.putArray("hovertext");
        ArrayNode shown = JSON.createArrayNode();
        if (range) {
            trace.put("mode", "lines+markers+text").put("textposition", "middle right");
            trace.put("cliponaxis", false).set("text", shown);
            trace.putObject("line").put("color", colour).put("width", 1.5);
            trace.putObject("marker")
                    .put("color", colour)
                    .put("symbol", "line-ns-open")
                    .put("size", 9);
        } else {
            trace.put("orientation", "h").put("width", 0.4);
            trace.putObject("marker").put("color", colour);
        }
        ArrayNode base = JSON.createArrayNode();
        for (int i = 0; i < layer.categories().size(); i++) {
            double from = layer.from().get(i);
            double to = layer.to().get(i);
            String category = text(layer.categories().get(i));
            String said = category + "<br>" + text(layer.name()) + " "
                    + read(from, picture.x().unit()) + " to "
                    + read(to, picture.x().unit());
            if (!Double.isFinite(from) || !Double.isFinite(to)) {
                continue;
            }
            if (range) {
                xs.add(from / x.factor())
                        .add(Math.min(to, picture.x().most()) / x.factor())
                        .addNull();
                categories.add(category).add(category).add(category);
                hover.add(said).add(said).add("");
                shown.add("").add(value(layer.categories().get(i))).add("");
            } else {
                xs.add((to - from) / x.factor());
                base.add(from / x.factor());
                categories.add(category);
                hover.add(said);
            }
        }
        if (!range) {
            trace.set("base", base);
        }
    }

    private void heat(Heat grid) {
        double most = Drawing.most(grid);
        ObjectNode trace = data.addObject().put("type", "heatmap").put("name", text(grid.name()));
        trace.put("hoverinfo", "text").put("showscale", false).put("xgap", 2).put("ygap", 2);
        trace.put("zmin", 0).put("zmax", 1);
        ArrayNode scale = trace.putArray("colorscale");
        scale.addArray().add(0).add(Ink.BLUE.light() + "00");
        scale.addArray().add(1).add(Ink.BLUE.light() + "ff");
        ArrayNode columns = trace.putArray("x");
        grid.columns().forEach(c -> columns.add(text(c)));
        ArrayNode rows = trace.putArray("y");
        grid.rows().forEach(r -> rows.add(text(r)));
        ArrayNode z = trace.putArray("z");
        ArrayNode hover = trace.putArray("hovertext");
        for (int r = 0; r < grid.rows().size(); r++) {
            ArrayNode shades = z.addArray();
            ArrayNode said = hover.addArray();
            for (int c = 0; c < grid.columns().size(); c++) {
                double value = grid.values().get(r).get(c);
                double shade = Drawing.shade(value, most);
                shades.add(shade);
                ObjectNode cell = annotations.addObject().put("showarrow", false);
                cell.put("x", c).put("y", r).put("text", Double.isFinite(value) ? read(value, grid.unit()) : "–");
                cell.putObject("font").put("color", (shade > Drawing.DARK ? Ink.PAPER : Ink.TEXT).light());
                said.add(text(picture.y().label()) + " " + text(grid.rows().get(r)) + "<br>"
                        + text(picture.x().label()) + " " + text(grid.columns().get(c)) + "<br>" + text(grid.name())
                        + " "
                        + read(value, grid.unit()));
            }
        }
    }

    private ObjectNode trace(String type, String name, boolean onRight) {
        ObjectNode trace =
                data.addObject().put("type", type).put("name", text(name)).put("hoverinfo", "text");
        if (onRight) {
            trace.put("yaxis", "y2");
        }
        return trace;
    }

    private Unit unit(boolean onRight) {
        return onRight ? picture.right().orElseThrow().unit() : picture.y().unit();
    }

    private String hover(String name, double at, String value) {
        return text(name) + " " + value + "<br>" + text(picture.x().label()) + " "
                + read(at, picture.x().unit());
    }

    private static String read(double value, Unit unit) {
        return Double.isFinite(value) ? Quantity.of(value, unit).brief() : "unknown";
    }

    /** Plotly reads a few HTML tags in any text. */
    static String text(String captured) {
        return captured.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void numbers(ArrayNode array, List<Double> values, Scale scale) {
        for (double value : values) {
            if (Double.isFinite(value / scale.factor())) {
                array.add(value / scale.factor());
            } else {
                array.addNull();
            }
        }
    }

    private ObjectNode layout(Optional<Heat> heat) {
        ObjectNode layout = JSON.createObjectNode();
        layout.putObject("title")
                .put("text", text(picture.title()))
                .put("x", 0.02)
                .putObject("font")
                .put("size", 17);
        layout.putObject("font")
                .put("family", "system-ui, sans-serif")
                .put("size", 14)
                .put("color", Ink.TEXT.light());
        int above = TITLE + 12 + (heat.isEmpty() ? MARK * marks() : 0);
        layout.putObject("margin")
                .put("l", 10)
                .put("r", behind())
                .put("t", above)
                .put("b", 10);
        layout.put("paper_bgcolor", "rgba(0,0,0,0)").put("plot_bgcolor", "rgba(0,0,0,0)");
        layout.put("hovermode", "closest").put("separators", ".,").put("height", height(heat));
        layout.put("barmode", verdicts() ? "overlay" : "group").put("bargap", 0.25);
        layout.put("showlegend", data.size() > 1);
        // below the title of the axis, whatever the height
        double plot = height(heat) - above - (data.size() > 1 ? 100 : 60);
        layout.putObject("legend")
                .put("orientation", "h")
                .put("x", 0)
                .put("y", -58 / plot)
                .put("yanchor", "top");
        layout.set("xaxis", heat.isPresent() ? named(picture.x()).put("side", "top") : axis(picture.x(), x));
        if (bars) {
            ArrayNode order = JSON.createArrayNode();
            picture.categories().forEach(c -> order.add(text(c)));
            layout.putObject("yaxis")
                    .put("autorange", "reversed")
                    .put("automargin", true)
                    .put("type", "category")
                    .put("ticks", "outside")
                    .put("ticklen", 6)
                    .put("tickcolor", "rgba(0,0,0,0)")
                    .put("categoryorder", "array")
                    .set("categoryarray", order);
            range((ObjectNode) layout.get("xaxis"), x);
        } else if (heat.isPresent()) {
            layout.set("yaxis", named(picture.y()).put("autorange", "reversed"));
        } else {
            layout.set("yaxis", axis(picture.y(), y).put("rangemode", "tozero"));
            range((ObjectNode) layout.get("yaxis"), y);
            range((ObjectNode) layout.get("xaxis"), x);
        }
        picture.right().filter(axis -> !bars && heat.isEmpty()).ifPresent(axis -> {
            ObjectNode second = axis(axis, right)
                    .put("overlaying", "y")
                    .put("side", "right")
                    .put("showgrid", false);
            range(second, right);
            layout.set("yaxis2", second);
        });
        layout.putObject("modebar")
                .put("bgcolor", "rgba(0,0,0,0)")
                .put("color", "#888888")
                .put("activecolor", Ink.BLUE.light());
        layout.set("shapes", shapes);
        layout.set("annotations", annotations);
        return layout;
    }

    private int marks() {
        return (int) picture.layers().stream()
                .filter(l -> l instanceof Mark m && Double.isFinite(m.x()))
                .count();
    }

    /** Room on the right for the values behind the longest bars. */
    private int behind() {
        return 10
                + LETTER
                        * picture.layers().stream()
                                .filter(Bars.class::isInstance)
                                .map(Bars.class::cast)
                                .flatMap(b -> b.values().stream())
                                .mapToInt(v -> read(v, picture.x().unit()).length() + (x.beyond(v) ? 2 : 0))
                                .max()
                                .orElse(0);
    }

    /** Bars of verdicts: each category has one. */
    private boolean verdicts() {
        return picture.layers().stream()
                .anyMatch(l -> l instanceof Bars b && b.verdict().isPresent());
    }

    private int height(Optional<Heat> heat) {
        int rows = heat.map(h -> h.rows().size()).orElse(picture.categories().size());
        return (rows == 0 ? 420 : 120 + rows * 34) + (heat.isEmpty() ? MARK * marks() : 0);
    }

    /** An axis of names. */
    private static ObjectNode named(Axis axis) {
        ObjectNode node = JSON.createObjectNode();
        titled(node, axis.label());
        return node.put("type", "category")
                .put("automargin", true)
                .put("showgrid", false)
                .put("ticks", "outside")
                .put("ticklen", 6)
                .put("tickcolor", "rgba(0,0,0,0)");
    }

    private static void titled(ObjectNode axis, String name) {
        ObjectNode title = axis.putObject("title").put("text", text(name)).put("standoff", 10);
        title.putObject("font").put("size", 14).put("color", Ink.QUIET.light());
    }

    private static void range(ObjectNode axis, Scale scale) {
        axis.putArray("range").add(scale.low() / scale.factor()).add(scale.high() / scale.factor());
    }

    private static ObjectNode axis(Axis axis, Scale scale) {
        ObjectNode node = JSON.createObjectNode();
        titled(node, scale.title(axis));
        node.put("ticksuffix", scale.suffix())
                .put("automargin", true)
                .put("nticks", 8)
                .put("gridcolor", Ink.GRID.light());
        node.put("zerolinecolor", "#888888")
                .put("ticks", "outside")
                .put("ticklen", 5)
                .put("tickcolor", "rgba(0,0,0,0)");
        if (axis.unit() == Unit.COUNT && scale.step() == 1) {
            // things that are counted have no halves
            node.put("dtick", 1);
        }
        if (scale.step() / scale.factor() >= 1e-4 && scale.high() / scale.factor() < 1e15) {
            node.put("tickformat", ",~f");
        }
        return node;
    }
}
