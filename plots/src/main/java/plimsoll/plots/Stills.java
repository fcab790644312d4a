package plimsoll.plots;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import plimsoll.dsl.Picture;

/** Pictures as still images. Text is large, so that an image shrunk to 400 pixels can still be read. */
final class Stills {
    private static final double PIXELS = 2.5;

    private Stills() {}

    /** 1600 pixels wide: sharp on dense screens. */
    static byte[] png(Picture picture) {
        var drawing = new Drawing(picture, true);
        return drawn(() -> {
            var canvas = new PixelCanvas(Drawing.WIDTH, drawing.height(), PIXELS);
            drawing.draw(canvas);
            var out = new ByteArrayOutputStream();
            try {
                ImageIO.write(canvas.image(), "png", out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return out.toByteArray();
        });
    }

    /** A file of its own, dark where the reader's system is; it needs no fonts to be made. */
    static String svg(Picture picture) {
        var drawing = new Drawing(picture, true);
        var canvas = new SvgCanvas();
        canvas.box(0, 0, Drawing.WIDTH, drawing.height(), Ink.PAPER, 1);
        drawing.draw(canvas);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + element(drawing, picture, " xmlns=\"http://www.w3.org/2000/svg\"")
                + "<style>" + SvgCanvas.style() + "</style>\n" + canvas.body() + "</svg>\n";
    }

    /** An element for a page that has the style and shows the title itself. */
    static String inline(Picture picture) {
        var drawing = new Drawing(picture, false);
        var canvas = new SvgCanvas();
        drawing.draw(canvas);
        return element(drawing, picture, "") + canvas.body() + "</svg>";
    }

    private static String element(Drawing drawing, Picture picture, String more) {
        String height = String.format(Locale.ROOT, "%.0f", drawing.height());
        return "<svg" + more + " width=\"" + Drawing.WIDTH + "\" height=\"" + height + "\" viewBox=\"0 0 "
                + Drawing.WIDTH + " " + height + "\" role=\"img\" aria-label=\"" + Page.escaped(picture.title())
                + "\" font-family=\"system-ui, sans-serif\">\n";
    }

    /** Runs the drawing; without any font Java's text dies with an Error that names none of this. */
    static <T> T drawn(Supplier<T> drawing) {
        try {
            return drawing.get();
        } catch (Error e) {
            if (e instanceof InternalError || e instanceof LinkageError) {
                throw new IllegalStateException(
                        "an image needs fonts, and Java found none on this machine: install fontconfig and a font"
                                + " (fonts-dejavu-core), or save the picture as .svg, .html or .txt",
                        e);
            }
            throw e;
        }
    }
}
