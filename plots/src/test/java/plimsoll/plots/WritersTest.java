package plimsoll.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Picture.Band;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;
import plimsoll.dsl.Unit;

class WritersTest {
    private static final String HOSTILE =
            "</script><img src=x onerror=alert(1)> \"double\" 'single' back\\slash\nline \u202Eturned ]]> &amp;";

    private static Picture ports(String title) {
        List<Double> xs = List.of(0.0, 200.0, 400.0, 600.0, 800.0);
        return new Picture(
                title,
                new Axis("rate", Unit.RATE),
                new Axis("ports", Unit.COUNT),
                Optional.of(new Axis("loss", Unit.SHARE)),
                List.of(
                        new Band(
                                title,
                                xs,
                                List.of(0.0, 0.0, 0.0, 0.23, 0.42),
                                List.of(0.0, 0.0, Double.NaN, 0.27, 0.45),
                                true),
                        new Line(title, xs, List.of(0.0, 12225.0, Double.NaN, 36674.0, 48899.0), false),
                        new Level("supply " + title, 28_232),
                        new Mark("breaks here " + title, 449.4823)));
    }

    private static Picture bars(String name) {
        return new Picture(
                "bars",
                new Axis("use", Unit.SHARE),
                new Axis("", Unit.COUNT),
                Optional.empty(),
                List.of(
                        new Bars("use", List.of(name, "missing", "below"), List.of(1.083, Double.NaN, -0.2)),
                        new Mark("full", 1)));
    }

    private static String page(Picture picture) {
        return new String(new Pages().render(picture, "html"), StandardCharsets.UTF_8);
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode figure(String page) throws IOException {
        Matcher m = Pattern.compile("<script type=\"application/json\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        assertTrue(m.find());
        return new ObjectMapper().readTree(m.group(1));
    }

    private static int scripts(String page) {
        return page.split("</script>", -1).length - 1;
    }

    @Test
    void thePageCarriesTheTracesInTheUnitsThatAreRead() throws IOException {
        JsonNode figure = figure(page(ports("demand")));
        JsonNode band = figure.at("/data/0");
        assertEquals("toself", band.path("fill").asText());
        assertEquals("y2", band.path("yaxis").asText());
        assertTrue(band.path("y").get(4).isNull(), "a gap parts the outlines");
        assertEquals(45.0, band.path("y").get(6).asDouble(), 1e-9);
        JsonNode line = figure.at("/data/1");
        assertEquals(12225, line.path("y").get(1).asDouble());
        assertTrue(line.path("y").get(2).isNull());
        assertEquals(
                "demand 12,225<br>rate 200/s", line.path("hovertext").get(1).asText());
        assertEquals(28232, figure.at("/layout/shapes/0/y0").asDouble());
        assertEquals(
                "supply demand 28,232", figure.at("/layout/annotations/0/text").asText());
        assertEquals(
                "breaks here demand 449.5/s",
                figure.at("/layout/annotations/1/text").asText());
        assertEquals("/s", figure.at("/layout/xaxis/ticksuffix").asText());
        assertEquals("loss (%)", figure.at("/layout/yaxis2/title/text").asText());
        assertTrue(figure.at("/layout/title").isMissingNode(), "the page shows it");
        assertEquals(
                "demand",
                new ObjectMapper()
                        .readTree(ports("demand").bytes("json"))
                        .at("/layout/title/text")
                        .asText());
    }

    @Test
    void thePageLoadsNothingAndStaysSmall() {
        String page = page(ports("demand"));
        assertTrue(page.length() < 4_000_000, () -> page.length() + " characters");
        Matcher loads = Pattern.compile("(src|href|url)\\s*[=(]\\s*[\"']?\\s*(https?:)?//", Pattern.CASE_INSENSITIVE)
                .matcher(page);
        assertFalse(loads.find());
        assertTrue(page.contains("default-src 'none'; script-src 'sha256-"));
    }

    @Test
    void capturedTextStaysText() throws IOException {
        for (Picture hostile : List.of(ports(HOSTILE), bars(HOSTILE))) {
            String page = page(hostile);
            assertFalse(page.contains("<img"));
            assertFalse(page.contains("\u202E"));
            assertEquals(3, scripts(page), "the data, plotly and the loader");
            JsonNode figure = figure(page);
            assertFalse(figure.toString().contains("<img"), "Plotly reads tags in text");
            assertFalse(Figures.of(hostile)
                    .asJavascript(HOSTILE)
                    .replace("</script>\n", "")
                    .contains("</script>"));
            assertFalse(Figures.of(hostile).getTraces()[0].asJavascript(0).contains("<"));
        }
        assertEquals(
                "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; \"double\" 'single' back\\slash line \uFFFDturned ]]&gt; &amp;amp;",
                new ObjectMapper()
                        .readTree(Figures.json(ports(HOSTILE)))
                        .at("/layout/title/text")
                        .asText());
    }

    @Test
    void theSvgIsXmlAndHoldsItsTitle() throws Exception {
        for (String title : List.of("demand over rate", HOSTILE)) {
            Document svg = xml(Stills.svg(ports(title)));
            assertEquals("svg", svg.getDocumentElement().getTagName());
            assertEquals(ports(title).title(), svg.getDocumentElement().getAttribute("aria-label"));
            assertEquals(0, svg.getElementsByTagName("img").getLength());
            assertEquals(0, svg.getElementsByTagName("script").getLength());
        }
        String text =
                xml(Stills.svg(ports("demand over rate"))).getDocumentElement().getTextContent();
        for (String shown : List.of("demand over rate", "supply demand over rate 28,232", "50,000", "200/s", "40%")) {
            assertTrue(text.contains(shown), () -> shown + " is not in " + text);
        }
    }

    @Test
    void aMissingBarSaysSo() throws Exception {
        assertTrue(xml(Stills.svg(bars("ports")))
                .getDocumentElement()
                .getTextContent()
                .contains("unknown"));
        assertEquals(
                "missing (unknown)",
                figure(page(bars("ports"))).at("/data/0/y/1").asText());
    }

    @Test
    void thePngIsAPictureOfManyColours() throws IOException {
        for (Picture picture : List.of(ports("demand"), bars("ports"))) {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(new Images().render(picture, "png")));
            assertEquals(1600, image.getWidth());
            Set<Integer> colours = new HashSet<>();
            for (int x = 0; x < 1600; x += 2) {
                for (int y = 0; y < image.getHeight(); y += 2) {
                    colours.add(image.getRGB(x, y) & 0xffffff);
                }
            }
            assertTrue(colours.contains(Integer.decode(Ink.series(0).light()))
                    || colours.contains(Integer.decode(Ink.series(1).light())));
            assertTrue(colours.size() > 20, () -> colours.size() + " colours");
        }
    }

    @Test
    void aLevelIsDrawnOnTheLeftAxisAlsoAfterABandOnTheRight() throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Stills.png(ports("demand"))));
        int level = Integer.decode(Ink.LIMIT.light());
        int found = 0;
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 100; y < 800; y++) {
                found += (image.getRGB(x, y) & 0xffffff) == level ? 1 : 0;
            }
        }
        assertTrue(found > 1000, found + " pixels in the colour of the level");
    }

    @Test
    void withoutFontsASentenceSaysWhatToInstall() {
        for (Error error :
                List.of(new InternalError("Fontconfig head is null"), new NoClassDefFoundError("sun.font"))) {
            var e = assertThrows(
                    IllegalStateException.class,
                    () -> Stills.drawn(() -> {
                        throw error;
                    }));
            assertEquals(
                    "an image needs fonts, and Java found none on this machine: install fontconfig and a font"
                            + " (fonts-dejavu-core), or save the picture as .svg, .html or .txt",
                    e.getMessage());
        }
        assertThrows(
                StackOverflowError.class,
                () -> Stills.drawn(() -> {
                    throw new StackOverflowError();
                }));
    }

    @Test
    void onePageHoldsManyPicturesAndOnePlotly() {
        Page page = Page.titled("a < b")
                .with(ports("one"))
                .withMarkup("<p>between</p>")
                .with(bars("two"));
        String html = page.html();
        assertEquals(2, html.split("class=\"plot\"", -1).length - 1);
        assertEquals(1, html.split("id=\"plotly\"", -1).length - 1);
        assertTrue(html.contains("<title>a &lt; b</title>"));
        String bare = Page.titled("text").withMarkup("<p>only</p>").html();
        assertTrue(bare.length() < 6_000 && bare.contains("script-src 'none'"), bare);
    }

    @Test
    void picturesAreSavedByTheirEnding(@TempDir Path folder) throws IOException {
        for (String ending : List.of("html", "json", "png", "svg", "txt")) {
            Path saved = ports("demand").save(folder.resolve("p." + ending).toString());
            assertTrue(Files.size(saved) > 500, saved::toString);
        }
        try (var files = Files.list(folder)) {
            assertEquals(5, files.count(), "nothing is left aside");
        }
        assertEquals(
                "cannot save a picture as 'p.gif': the ending must be one of html, json, png, svg, txt",
                assertThrows(IllegalArgumentException.class, () -> ports("demand")
                                .save("p.gif"))
                        .getMessage());
    }
}
