package plimsoll.plots;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/** Draws as pixels on white paper, without a display. */
final class PixelCanvas implements Canvas {
    static {
        // a server has no display, and none is needed
        System.setProperty("java.awt.headless", "true");
    }

    private final BufferedImage image;
    private final Graphics2D graphics;

    PixelCanvas(double width, double height, double scale) {
        image = new BufferedImage(
                (int) Math.round(width * scale), (int) Math.round(height * scale), BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.decode(Ink.PAPER.light()));
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.scale(scale, scale);
    }

    /** What was drawn; nothing may be drawn any more. */
    BufferedImage image() {
        graphics.dispose();
        return image;
    }

    private void ink(Ink ink, double opacity) {
        graphics.setColor(Color.decode(ink.light()));
        graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, (float) opacity));
    }

    @Override
    public void stroke(double[] xs, double[] ys, Ink ink, double width, String dash) {
        ink(ink, 1);
        graphics.setStroke(
                dash.isEmpty()
                        ? new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
                        : new BasicStroke(
                                (float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, dashes(dash), 0));
        graphics.draw(path(xs, ys));
    }

    private static float[] dashes(String dash) {
        double[] parts = Arrays.stream(dash.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        float[] dashes = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            dashes[i] = (float) parts[i];
        }
        return dashes;
    }

    @Override
    public void area(double[] xs, double[] ys, Ink ink, double opacity) {
        ink(ink, opacity);
        Path2D path = path(xs, ys);
        path.closePath();
        graphics.fill(path);
    }

    private static Path2D path(double[] xs, double[] ys) {
        var path = new Path2D.Double();
        for (int i = 0; i < xs.length; i++) {
            if (i == 0) {
                path.moveTo(xs[i], ys[i]);
            } else {
                path.lineTo(xs[i], ys[i]);
            }
        }
        return path;
    }

    @Override
    public void box(double x, double y, double width, double height, Ink ink, double opacity) {
        ink(ink, opacity);
        graphics.fill(new RoundRectangle2D.Double(x, y, width, height, 3, 3));
    }

    /** Fonts differ from machine to machine: one that is wider than reckoned with is drawn smaller. */
    @Override
    public void text(double x, double y, String text, Ink ink, double size, Anchor anchor, boolean bold) {
        ink(ink, 1);
        Font font = new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, 1).deriveFont((float) size);
        double wide = graphics.getFontMetrics(font).stringWidth(text);
        double room = Canvas.width(text, size);
        if (wide > room) {
            font = font.deriveFont((float) (size * Math.max(0.8, room / wide)));
            wide = graphics.getFontMetrics(font).stringWidth(text);
        }
        graphics.setFont(font);
        double start = anchor == Anchor.START ? x : anchor == Anchor.END ? x - wide : x - wide / 2;
        graphics.drawString(text, (float) start, (float) y);
    }
}
