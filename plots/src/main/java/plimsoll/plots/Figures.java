package plimsoll.plots;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import plimsoll.dsl.Picture;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.HoverLabel;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.Trace;

/**
 * Pictures as figures of Tablesaw's plotting library, for programs that already show those. Layout and traces are Plotly JSON of our own:
 * titles survive newer versions of plotly.js, and captured text cannot end the script it stands in.
 */
public final class Figures {
    private Figures() {}

    /** The picture as a figure; {@link Figure#asJavascript(String)} gives a script that draws it with the page's plotly.js. */
    public static Figure of(Picture picture) {
        return new RawFigure(Plotly.of(picture), picture.title());
    }

    /**
     * The picture as Plotly's JSON, an object with {@code data}, {@code layout} and {@code config}. It may stand inside a script element:
     * no character in it can end one.
     */
    public static String json(Picture picture) {
        return Plotly.script(Plotly.of(picture));
    }

    private static Trace[] traces(ObjectNode figure) {
        Trace[] traces = new Trace[figure.get("data").size()];
        for (int i = 0; i < traces.length; i++) {
            traces[i] = new RawTrace(figure.get("data").get(i));
        }
        return traces;
    }

    private record RawTrace(JsonNode json) implements Trace {
        @Override
        public String asJavascript(int i) {
            return "var trace" + i + " = " + Plotly.script(json) + ";\n";
        }

        @Override
        public String name() {
            return json.path("name").asText();
        }

        @Override
        public HoverLabel hoverLabel() {
            return HoverLabel.builder().build();
        }

        @Override
        public boolean showLegend() {
            return true;
        }
    }

    private static final class RawFigure extends Figure {
        private final ObjectNode figure;

        RawFigure(ObjectNode figure, String title) {
            super(Layout.builder().title(title).build(), traces(figure));
            this.figure = figure;
        }

        @Override
        public String asJavascript(String divName) {
            return "<script>\nPlotly.newPlot(" + Plotly.script(divName) + ", " + Plotly.script(figure.get("data"))
                    + ", " + Plotly.script(figure.get("layout")) + ", " + Plotly.script(figure.get("config"))
                    + ");\n</script>\n";
        }
    }
}
