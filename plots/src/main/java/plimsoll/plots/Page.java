package plimsoll.plots;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;
import plimsoll.dsl.Picture;

/**
 * One self-contained web page with pictures and text: an immutable value. It needs no network, carries plotly.js once however many
 * pictures it shows, and shows each picture as an image where scripts do not run. Its content security policy lets only the page's own
 * two scripts run, by their SHA-256, and lets nothing load; plotly.js writes style elements, so inline styles stay allowed.
 */
public final class Page {
    private static final String STYLE = new String(resource("/plimsoll/plots/page.css"), StandardCharsets.UTF_8);

    private final String title;
    private final String style;
    private final List<String> parts;
    private final boolean plotted;

    private Page(String title, String style, List<String> parts, boolean plotted) {
        this.title = title;
        this.style = style;
        this.parts = List.copyOf(parts);
        this.plotted = plotted;
    }

    /** An empty page. {@code title} is plain text. */
    public static Page titled(String title) {
        return new Page(title, "", List.of(), false);
    }

    /** The page with rules of its own behind those that every page has. */
    public Page styled(String rules) {
        return new Page(title, style + rules, parts, plotted);
    }

    /** The page with a picture at its end: a figure with its title, an image, its notes and its numbers as tables. */
    public Page with(Picture picture) {
        var notes = new StringBuilder();
        Picture drawn = picture.thinned();
        drawn.notes()
                .forEach(n ->
                        notes.append("<p class=\"note\">").append(escaped(n)).append("</p>\n"));
        return with(
                "<figure class=\"plot\">\n<figcaption>" + escaped(picture.title()) + "</figcaption>\n"
                        + Stills.inline(drawn) + "\n<script type=\"application/json\">"
                        + Plotly.script(Plotly.untitled(drawn)) + "</script>\n" + notes
                        + "<details><summary>The numbers</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\""
                        + escaped("the numbers of: " + picture.title()) + "\">\n" + Numbers.of(drawn)
                        + "</div></details>\n</figure>\n",
                true);
    }

    /** The page with markup at its end, taken as it is: whoever makes it escapes the text in it with {@link #escaped(String)}. */
    public Page withMarkup(String markup) {
        return with(markup, plotted);
    }

    /** The page with the parts of another one at its end; the title and the style stay. */
    public Page with(Page other) {
        var more = new ArrayList<>(parts);
        more.addAll(other.parts);
        return new Page(title, style, more, plotted || other.plotted);
    }

    private Page with(String part, boolean plots) {
        var more = new ArrayList<>(parts);
        more.add(part);
        return new Page(title, style, more, plots);
    }

    /** Text as it must stand in markup, also inside a quoted attribute. */
    public static String escaped(String text) {
        return Plotly.text(text).replace("\"", "&quot;").replace("'", "&#39;");
    }

    /** The whole page as HTML, to be written as UTF-8. */
    public String html() {
        String scripts = plotted
                ? "<script type=\"application/gzip\" id=\"plotly\">" + Bundle.GZIP + "</script>\n<script>"
                        + Bundle.LOADER + "</script>\n"
                : "";
        String allowed = plotted ? "'" + Bundle.PLOTLY_HASH + "' '" + Bundle.LOADER_HASH + "'" : "'none'";
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="UTF-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src %s; style-src 'unsafe-inline'; \
                img-src data: blob:; base-uri 'none'; form-action 'none'">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                %s%s</body>
                </html>
                """
                .formatted(
                        allowed,
                        escaped(title),
                        STYLE + SvgCanvas.style() + "\n" + style,
                        String.join("", parts),
                        scripts);
    }

    static byte[] resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("a page needs " + name + " on the class path, and it is not there");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What every page with pictures carries, made once. */
    static final class Bundle {
        static final String LOADER =
                new String(resource("/plimsoll/plots/page.js"), StandardCharsets.UTF_8).replace("/*INKS*/", inks());
        static final String LOADER_HASH = hash(LOADER.getBytes(StandardCharsets.UTF_8));
        static final String GZIP;
        static final String PLOTLY_HASH;

        static {
            byte[] plotly = resource("/META-INF/resources/webjars/plotly.js-dist/" + version() + "/plotly.js");
            GZIP = Base64.getEncoder().encodeToString(gzip(plotly));
            PLOTLY_HASH = hash(plotly);
        }

        private Bundle() {}

        /** The inks on light paper and what they are on dark paper. */
        private static String inks() {
            return Plotly.script(Arrays.stream(Ink.values())
                    .map(ink -> List.of(ink.light(), ink.dark()))
                    .toList());
        }

        private static String version() {
            var properties = new Properties();
            try (InputStream in =
                    Page.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/plotly.js-dist/pom.properties")) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return properties.getProperty("version");
        }

        private static byte[] gzip(byte[] bytes) {
            var out = new ByteArrayOutputStream(bytes.length / 4);
            try (var gzip = new GZIPOutputStream(out)) {
                gzip.write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return out.toByteArray();
        }

        private static String hash(byte[] script) {
            try {
                return "sha256-"
                        + Base64.getEncoder()
                                .encodeToString(
                                        MessageDigest.getInstance("SHA-256").digest(script));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
    }
}
