package plimsoll.plots;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Picture.Band;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Layer;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Scale;
import plimsoll.dsl.Unit;

/**
 * A picture as Plotly's JSON: {@code data}, {@code layout}, {@code config}. Values are divided by the unit that the axis is read in (MiB,
 * ms, per cent), so that Plotly's own ticks are round there at every zoom.
 */
final class Plotly {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TICKS = 6;

    private final Picture picture;
    private final boolean bars;
    private final Scale x;
    private final Scale y;
    private final Scale right;
    private final ArrayNode data = JSON.createArrayNode();
    private final ArrayNode shapes = JSON.createArrayNode();
    private final ArrayNode annotations = JSON.createArrayNode();

    private Plotly(Picture picture) {
        this.picture = picture;
        bars = picture.layers().stream().anyMatch(Bars.class::isInstance);
        x = Scale.x(picture, TICKS);
        y = Scale.y(picture, TICKS);
        right = picture.right().isPresent() ? Scale.right(picture, TICKS) : y;
    }

    static ObjectNode of(Picture picture) {
        return new Plotly(picture).figure();
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
        int pen = 0;
        for (Layer layer : picture.layers()) {
            if (layer instanceof Bars b) {
                bars(b, Colours.line(pen++));
            } else if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                mark(mark);
            } else if (!bars && layer instanceof Line line) {
                line(line, Colours.line(pen++));
            } else if (!bars && layer instanceof Band band) {
                band(band, Colours.line(pen++));
            } else if (!bars && layer instanceof Level level && Double.isFinite(level.y())) {
                level(level);
            }
        }
        ObjectNode figure = JSON.createObjectNode();
        figure.set("data", data);
        figure.set("layout", layout());
        figure.putObject("config").put("responsive", true).put("displaylogo", false);
        return figure;
    }

    private void line(Line line, String colour) {
        Scale scale = line.right() ? right : y;
        ObjectNode trace = trace("scatter", line.name(), line.right());
        trace.put("mode", alone(line) ? "lines+markers" : "lines");
        trace.putObject("line").put("color", colour).put("width", 2.5);
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

    private void level(Level level) {
        double at = level.y() / y.factor();
        shape(Colours.LEVEL, "dash")
                .put("xref", "paper")
                .put("x0", 0)
                .put("x1", 1)
                .put("y0", at)
                .put("y1", at);
        annotation(level.name(), level.y(), picture.y().unit(), Colours.LEVEL)
                .put("xref", "paper")
                .put("x", 0.01)
                .put("xanchor", "left")
                .put("y", at)
                .put("yanchor", "bottom");
    }

    private void mark(Mark mark) {
        double at = mark.x() / x.factor();
        boolean late = x.place(mark.x()) > 0.6;
        shape(Colours.MARK, "dot")
                .put("yref", "paper")
                .put("x0", at)
                .put("x1", at)
                .put("y0", 0)
                .put("y1", 1);
        annotation(mark.name(), mark.x(), picture.x().unit(), Colours.MARK)
                .put("yref", "paper")
                .put("x", at)
                .put("xanchor", late ? "right" : "left")
                .put("y", 1)
                .put("yanchor", bars ? "bottom" : "top");
    }

    private ObjectNode shape(String colour, String dash) {
        ObjectNode shape = shapes.addObject().put("type", "line");
        shape.putObject("line").put("color", colour).put("width", 2).put("dash", dash);
        return shape;
    }

    private ObjectNode annotation(String name, double value, Unit unit, String colour) {
        ObjectNode annotation = annotations.addObject().put("showarrow", false);
        annotation.put("text", text((name + " " + read(value, unit)).strip()));
        annotation.putObject("font").put("color", colour);
        return annotation;
    }

    private void bars(Bars layer, String colour) {
        ObjectNode trace = trace("bar", layer.name(), false).put("orientation", "h");
        trace.putObject("marker").put("color", colour);
        numbers(trace.putArray("x"), layer.values(), x);
        ArrayNode categories = trace.putArray("y");
        ArrayNode shown = trace.putArray("text");
        ArrayNode hover = trace.putArray("hovertext");
        for (int i = 0; i < layer.categories().size(); i++) {
            String value = read(layer.values().get(i), picture.x().unit());
            boolean known = Double.isFinite(layer.values().get(i));
            categories.add(text(layer.categories().get(i)) + (known ? "" : " (unknown)"));
            shown.add(value);
            hover.add(text(layer.categories().get(i)) + "<br>" + text(layer.name()) + " " + value);
        }
        trace.put("textposition", "auto");
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

    private ObjectNode layout() {
        ObjectNode layout = JSON.createObjectNode();
        layout.putObject("title")
                .put("text", text(picture.title()))
                .put("x", 0.02)
                .putObject("font")
                .put("size", 17);
        layout.putObject("font")
                .put("family", "system-ui, sans-serif")
                .put("size", 14)
                .put("color", Colours.TEXT);
        layout.putObject("margin").put("l", 10).put("r", 10).put("t", 50).put("b", 10);
        layout.put("paper_bgcolor", "rgba(0,0,0,0)").put("plot_bgcolor", "rgba(0,0,0,0)");
        layout.put("hovermode", "closest").put("separators", ".,").put("height", 440);
        layout.put("showlegend", data.size() > 1);
        layout.putObject("legend").put("orientation", "h").put("y", -0.22).put("yanchor", "top");
        layout.set("xaxis", axis(picture.x(), x));
        if (bars) {
            layout.putObject("yaxis")
                    .put("autorange", "reversed")
                    .put("automargin", true)
                    .put("type", "category");
        } else {
            layout.set("yaxis", axis(picture.y(), y).put("rangemode", "tozero"));
            range((ObjectNode) layout.get("yaxis"), y);
        }
        picture.right().filter(axis -> !bars).ifPresent(axis -> {
            ObjectNode second = axis(axis, right)
                    .put("overlaying", "y")
                    .put("side", "right")
                    .put("showgrid", false);
            range(second, right);
            layout.set("yaxis2", second);
        });
        layout.putObject("modebar")
                .put("bgcolor", "rgba(0,0,0,0)")
                .put("color", "#888")
                .put("activecolor", "#0072b2");
        layout.set("shapes", shapes);
        layout.set("annotations", annotations);
        return layout;
    }

    private static void range(ObjectNode axis, Scale scale) {
        axis.putArray("range").add(scale.low() / scale.factor()).add(scale.high() / scale.factor());
    }

    private static ObjectNode axis(Axis axis, Scale scale) {
        ObjectNode node = JSON.createObjectNode();
        node.putObject("title").put("text", text(axis.label())).put("standoff", 10);
        node.put("ticksuffix", scale.suffix())
                .put("automargin", true)
                .put("nticks", 8)
                .put("gridcolor", "#8884");
        node.put("zerolinecolor", "#888")
                .put("ticks", "outside")
                .put("ticklen", 5)
                .put("tickcolor", "rgba(0,0,0,0)");
        if (scale.step() / scale.factor() >= 1e-4 && scale.high() / scale.factor() < 1e15) {
            node.put("tickformat", ",~f");
        }
        return node;
    }
}
