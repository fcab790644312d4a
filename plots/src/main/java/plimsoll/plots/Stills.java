package plimsoll.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Band;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Scale;
import plimsoll.dsl.Unit;

/** Pictures as still images, drawn without a display. Text is large, so that an image shrunk to 400 pixels can still be read. */
final class Stills {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 450;
    private static final int TICKS = 6;

    static {
        // a server has no display, and none is needed
        System.setProperty("java.awt.headless", "true");
    }

    private Stills() {}

    /** 1600 x 900 pixels: two for each point, sharp on dense screens. */
    static byte[] png(Picture picture) {
        return drawn(() -> {
            var image = new BufferedImage(2 * WIDTH, 2 * HEIGHT, BufferedImage.TYPE_INT_RGB);
            var graphics = image.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.scale(2, 2);
            chart(picture).draw(graphics, area());
            graphics.dispose();
            var out = new ByteArrayOutputStream();
            try {
                ImageIO.write(image, "png", out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return out.toByteArray();
        });
    }

    static String svg(Picture picture) {
        return drawn(() -> {
            Document document = document();
            SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
            context.setComment(" Plimsoll ");
            var graphics = new SVGGraphics2D(context, false);
            graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
            chart(picture).draw(graphics, area());
            var out = new StringWriter();
            try {
                var root = graphics.getRoot();
                root.setAttribute("viewBox", "0 0 " + WIDTH + " " + HEIGHT);
                root.setAttribute("role", "img");
                root.setAttribute("aria-label", picture.title());
                graphics.stream(root, out, true, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            // without Batik's document type, which readers would look for on the network
            String text = out.toString();
            return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text.substring(text.indexOf("<svg"));
        });
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVGGraphics2D.SVG_NAMESPACE_URI, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs the drawing; without any font Java's text dies with an Error that names none of this. */
    static <T> T drawn(Supplier<T> drawing) {
        try {
            return drawing.get();
        } catch (Error e) {
            if (e instanceof InternalError || e instanceof LinkageError) {
                throw new IllegalStateException(
                        "an image needs fonts, and Java found none on this machine: install fontconfig and a font"
                                + " (fonts-dejavu-core), or save the picture as .html or .txt",
                        e);
            }
            throw e;
        }
    }

    private static Rectangle2D area() {
        return new Rectangle2D.Double(0, 0, WIDTH, HEIGHT);
    }

    private static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }

    private static Color colour(String hex) {
        return Color.decode(hex);
    }

    private static JFreeChart chart(Picture picture) {
        boolean bars = picture.layers().stream().anyMatch(Bars.class::isInstance);
        Plot plot = bars ? bars(picture) : lines(picture);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        plot.setInsets(new RectangleInsets(2, 6, 4, picture.right().isPresent() ? 10 : 34));
        var chart = new JFreeChart(picture.title(), font(19), plot, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.getTitle().setPadding(8, 0, 8, 0);
        chart.getTitle().setPaint(colour(Colours.TEXT));
        LegendTitle legend = chart.getLegend();
        legend.setItemFont(font(16));
        legend.setFrame(BlockBorder.NONE);
        legend.setPosition(RectangleEdge.BOTTOM);
        if (plot.getLegendItems().getItemCount() < 2) {
            chart.removeLegend();
        }
        return chart;
    }

    private static XYPlot lines(Picture picture) {
        var plot = new XYPlot();
        plot.setDomainAxis(axis(picture.x(), Scale.x(picture, TICKS)));
        plot.setRangeAxis(axis(picture.y(), Scale.y(picture, TICKS)));
        plot.setDomainGridlinePaint(colour(Colours.GRID));
        plot.setRangeGridlinePaint(colour(Colours.GRID));
        picture.right().ifPresent(right -> {
            plot.setRangeAxis(1, axis(right, Scale.right(picture, TICKS)));
            plot.setRangeAxisLocation(1, AxisLocation.BOTTOM_OR_RIGHT);
        });
        // levels are drawn on the axis of the first data set, which so has to be one of the left axis
        plot.setDataset(0, new XYSeriesCollection());
        plot.setRenderer(0, new XYLineAndShapeRenderer());
        int pen = 0;
        for (Picture.Layer layer : picture.layers()) {
            if (layer instanceof Line line) {
                add(plot, pen, line);
                pen++;
            } else if (layer instanceof Band band) {
                add(plot, pen, band);
                pen++;
            } else if (layer instanceof Level level && Double.isFinite(level.y())) {
                ValueMarker marker = marker(level.name(), level.y(), picture.y().unit(), Colours.LEVEL);
                marker.setLabelAnchor(RectangleAnchor.TOP_LEFT);
                marker.setLabelTextAnchor(TextAnchor.BOTTOM_LEFT);
                plot.addRangeMarker(marker, Layer.FOREGROUND);
            } else if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                plot.addDomainMarker(marker(picture, mark), Layer.FOREGROUND);
            }
        }
        // in the order of the layers, first at the bottom
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        return plot;
    }

    private static void add(XYPlot plot, int pen, Line line) {
        var series = new XYSeries(line.name(), false);
        for (int i = 0; i < line.xs().size(); i++) {
            double x = line.xs().get(i);
            double y = line.ys().get(i);
            series.add(Double.isFinite(x) ? x : Double.NaN, Double.isFinite(y) ? y : Double.NaN);
        }
        var renderer = new XYLineAndShapeRenderer(true, line.xs().size() == 1);
        renderer.setDefaultStroke(new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        renderer.setAutoPopulateSeriesStroke(false);
        renderer.setSeriesPaint(0, colour(Colours.line(pen)));
        renderer.setLegendLine(new Line2D.Double(-12, 0, 12, 0));
        plot.setDataset(pen + 1, new XYSeriesCollection(series));
        plot.setRenderer(pen + 1, renderer);
        plot.mapDatasetToRangeAxis(pen + 1, line.right() ? 1 : 0);
    }

    /** One series for each stretch without gaps. */
    private static void add(XYPlot plot, int pen, Band band) {
        var data = new YIntervalSeriesCollection();
        Color colour = colour(Colours.line(pen));
        var renderer = new BandRenderer(band.name(), colour);
        YIntervalSeries series = null;
        for (int i = 0; i < band.xs().size(); i++) {
            double low = band.low().get(i);
            double high = band.high().get(i);
            if (!Double.isFinite(band.xs().get(i)) || !Double.isFinite(low) || !Double.isFinite(high)) {
                series = null;
                continue;
            }
            if (series == null) {
                series = new YIntervalSeries(data.getSeriesCount(), false, true);
                renderer.setSeriesStroke(data.getSeriesCount(), new BasicStroke(0.6f));
                renderer.setSeriesPaint(data.getSeriesCount(), colour);
                renderer.setSeriesFillPaint(data.getSeriesCount(), colour);
                data.addSeries(series);
            }
            series.add(band.xs().get(i), low / 2 + high / 2, low, high);
        }
        renderer.setAlpha(0.3f);
        plot.setDataset(pen + 1, data);
        plot.setRenderer(pen + 1, renderer);
        plot.mapDatasetToRangeAxis(pen + 1, band.right() ? 1 : 0);
    }

    /** Shows a band in the legend once, as an area. */
    private static final class BandRenderer extends DeviationRenderer {
        private static final long serialVersionUID = 1;

        private final String name;
        private final Color colour;

        BandRenderer(String name, Color colour) {
            super(true, false);
            this.name = name;
            this.colour = colour;
        }

        @Override
        public @Nullable LegendItem getLegendItem(int dataset, int series) {
            var box = new Rectangle2D.Double(-12, -5, 24, 10);
            Color fill = new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 90);
            return series == 0 ? new LegendItem(name, null, null, null, box, fill) : null;
        }
    }

    private static ValueMarker marker(Picture picture, Mark mark) {
        ValueMarker marker = marker(mark.name(), mark.x(), picture.x().unit(), Colours.MARK);
        boolean late = Scale.x(picture, TICKS).place(mark.x()) > 0.6;
        marker.setLabelAnchor(late ? RectangleAnchor.TOP_LEFT : RectangleAnchor.TOP_RIGHT);
        marker.setLabelTextAnchor(late ? TextAnchor.TOP_RIGHT : TextAnchor.TOP_LEFT);
        return marker;
    }

    private static ValueMarker marker(String name, double value, Unit unit, String colour) {
        var dashes = new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {7, 5}, 0);
        var marker = new ValueMarker(value, colour(colour), dashes);
        marker.setLabel((name + " " + Quantity.of(value, unit).brief()).strip());
        marker.setLabelFont(font(16));
        marker.setLabelPaint(colour(colour).darker());
        marker.setLabelBackgroundColor(new Color(255, 255, 255, 200));
        marker.setLabelOffset(new RectangleInsets(4, 6, 4, 6));
        return marker;
    }

    private static CategoryPlot bars(Picture picture) {
        var data = new DefaultCategoryDataset();
        var renderer = new BarRenderer();
        for (Picture.Layer layer : picture.layers()) {
            if (layer instanceof Bars bars) {
                renderer.setSeriesPaint(data.getRowCount(), colour(Colours.line(data.getRowCount())));
                for (int i = 0; i < bars.categories().size(); i++) {
                    double value = bars.values().get(i);
                    boolean known = Double.isFinite(value);
                    String category = bars.categories().get(i) + (known ? "" : " (unknown)");
                    data.addValue(known ? value : null, bars.name(), category);
                }
            }
        }
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setMaximumBarWidth(0.12);
        renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator(
                "{2}", new Written(v -> Quantity.of(v, picture.x().unit()).brief())));
        renderer.setDefaultItemLabelsVisible(true);
        renderer.setDefaultItemLabelFont(font(15));
        renderer.setDefaultPositiveItemLabelPosition(
                new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
        renderer.setDefaultNegativeItemLabelPosition(
                new ItemLabelPosition(ItemLabelAnchor.OUTSIDE9, TextAnchor.CENTER_RIGHT));
        Scale scale = Scale.x(picture, TICKS);
        NumberAxis values = axis(picture.x(), scale);
        // room for the values after the longest bars
        double room = (scale.high() - scale.low()) * 0.12;
        values.setRange(scale.low() < 0 ? scale.low() - room : scale.low(), scale.high() + room);
        var categories = new CategoryAxis();
        categories.setTickLabelFont(font(16));
        categories.setTickLabelPaint(colour(Colours.TEXT));
        categories.setMaximumCategoryLabelWidthRatio(0.4f);
        var plot = new CategoryPlot(data, categories, values, renderer);
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setRangeGridlinePaint(colour(Colours.GRID));
        plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
        for (Picture.Layer layer : picture.layers()) {
            if (layer instanceof Mark mark && Double.isFinite(mark.x())) {
                ValueMarker marker = marker(picture, mark);
                boolean late = marker.getLabelTextAnchor().equals(TextAnchor.TOP_RIGHT);
                // the lowest bar is most often the shortest
                marker.setLabelAnchor(late ? RectangleAnchor.BOTTOM_LEFT : RectangleAnchor.BOTTOM_RIGHT);
                marker.setLabelTextAnchor(late ? TextAnchor.BOTTOM_RIGHT : TextAnchor.BOTTOM_LEFT);
                plot.addRangeMarker(marker, Layer.FOREGROUND);
            }
        }
        return plot;
    }

    private static NumberAxis axis(Picture.Axis axis, Scale scale) {
        var drawn = new NumberAxis(axis.label().isEmpty() ? null : axis.label());
        drawn.setRange(scale.low(), scale.high());
        drawn.setTickUnit(new NumberTickUnit(scale.step(), new Written(scale::label)));
        drawn.setLabelFont(font(17));
        drawn.setTickLabelFont(font(16));
        drawn.setLabelPaint(colour(Colours.TEXT));
        drawn.setTickLabelPaint(colour(Colours.TEXT));
        drawn.setAxisLinePaint(colour(Colours.MARK));
        return drawn;
    }

    /** Numbers written with their unit. */
    private static final class Written extends NumberFormat {
        private static final long serialVersionUID = 1;

        private final transient DoubleFunction<String> law;

        Written(DoubleFunction<String> law) {
            this.law = law;
        }

        @Override
        public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
            return to.append(law.apply(number));
        }

        @Override
        public StringBuffer format(long number, StringBuffer to, FieldPosition position) {
            return format((double) number, to, position);
        }

        @Override
        public Number parse(String text, ParsePosition position) {
            throw new UnsupportedOperationException("an axis is written, never read");
        }
    }
}
