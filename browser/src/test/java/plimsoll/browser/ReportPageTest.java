package plimsoll.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import plimsoll.analyses.Host;

/** Report pages in Chromium, without a network. */
class ReportPageTest {
    private static final String HOSTILE = "</script><img src=x onerror=\"window.ran=1\">'\u202E";
    /** What a stroke across a figure takes at least. */
    private static final int DRAWN = 400;

    @TempDir
    static Path folder;

    private static @Nullable Chromium opened;

    @BeforeAll
    static void open() {
        opened = Chromium.open(folder);
    }

    @AfterAll
    static void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @BeforeEach
    void onScreen() {
        chromium().scripts(true);
        chromium().paper(1100, 900, false);
        chromium().complaints();
    }

    private static Chromium chromium() {
        return Objects.requireNonNull(opened);
    }

    static List<String> datasets() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("../datasets"))) {
            return folders.filter(Files::isDirectory)
                    .map(f -> f.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String page(String dataset) {
        return Host.read("../datasets/" + dataset).report().html();
    }

    private static List<String> serious(ChromeDriver c) {
        return new AxeBuilder()
                .analyze(c).getViolations().stream()
                        .filter(r -> List.of("serious", "critical").contains(r.getImpact()))
                        .map(Rule::toString)
                        .toList();
    }

    /** How many pixels the page is wider than its paper. */
    private static long overflow(ChromeDriver c) {
        return Objects.requireNonNull(
                (Long) c.executeScript("return document.documentElement.scrollWidth - innerWidth"));
    }

    @ParameterizedTest
    @MethodSource("datasets")
    void everyFigureIsDrawnAndShowsItsValues(String dataset) throws Exception {
        chromium().show(page(dataset), dataset);
        ChromeDriver c = chromium().driver();
        for (WebElement figure : chromium().figures()) {
            WebElement chart = figure.findElement(By.cssSelector(".chart"));
            int pixels = chromium().pixels(chart);
            assertTrue(pixels > DRAWN, () -> figure.getText() + " has " + pixels + " pixels of its own");
            c.executeScript(
                    """
                    const chart = arguments[0], points = chart.data[0].hovertext, last = points.length - 1;
                    Plotly.Fx.hover(chart, [chart.data[0].type === 'heatmap' ? { curveNumber: 0, pointNumber: [last, 0] }
                        : { curveNumber: 0, pointNumber: points.findIndex(t => t !== '') }]);
                    """,
                    chart);
            chromium().until("element.querySelector('.hovertext')", chart);
            String shown = chart.findElement(By.cssSelector(".hovertext")).getText();
            assertTrue(shown.chars().anyMatch(Character::isDigit), () -> figure.getText() + " shows " + shown);
        }
        assertEquals(List.of(), chromium().complaints());
        assertEquals(0, overflow(c));
    }

    @ParameterizedTest
    @MethodSource("datasets")
    void nothingKeepsAReaderOut(String dataset) throws Exception {
        String html = page(dataset);
        ChromeDriver c = chromium().driver();
        for (boolean dark : List.of(false, true)) {
            chromium().paper(1100, 900, dark);
            chromium().show(html, dataset);
            chromium().figures();
            assertEquals(List.of(), serious(c), dark ? "in the dark" : "in the light");
        }
        chromium().paper(400, 800, false);
        chromium().show(html, dataset);
        chromium().figures();
        assertEquals(400L, c.executeScript("return innerWidth"));
        assertEquals(0, overflow(c));
        assertEquals(List.of(), chromium().complaints());
    }

    @ParameterizedTest
    @MethodSource("datasets")
    void withoutScriptsTheStillsAreShown(String dataset) throws Exception {
        chromium().scripts(false);
        chromium().show(page(dataset), dataset);
        ChromeDriver c = chromium().driver();
        assertTrue(c.findElements(By.cssSelector(".chart")).isEmpty());
        for (WebElement still : c.findElements(By.cssSelector("figure.plot > svg"))) {
            assertTrue(still.isDisplayed());
            int pixels = chromium().pixels(still);
            assertTrue(pixels > DRAWN, () -> still.getAccessibleName() + " has " + pixels + " pixels of its own");
        }
    }

    @Test
    void whatIsPointedAtShowsItsValue() throws Exception {
        Host host = Host.read("../datasets/license-api").ask("ports.rate", "500/s");
        chromium().show(host.report().html(), "hover");
        WebElement figure = chromium().figures().get(0);
        ChromeDriver c = chromium().driver();
        c.executeScript("arguments[0].scrollIntoView({block: 'center'})", figure);
        new Actions(c)
                .moveToElement(figure.findElement(By.cssSelector(".point path")))
                .perform();
        chromium().until("element.querySelector('.hovertext')", figure);
        assertTrue(figure.findElement(By.cssSelector(".hovertext")).getText().contains("%"));
    }

    @Test
    void hostileTextIsShownAndRunsNothing() throws Exception {
        // the folder of a capture bears the name of its host; in a file system this one is two folders, since it has a
        // slash
        Path capture = Files.createDirectories(folder.resolve("captures").resolve("host" + HOSTILE + "\nname"));
        Files.writeString(capture.resolve("uname.txt"), "Linux " + HOSTILE + " 6.1.0 #1 SMP x86_64 GNU/Linux\n");
        Files.writeString(
                capture.resolve("sysctl.txt"),
                "net.netfilter.nf_conntrack_count = 1\nnet.netfilter.nf_conntrack_max = 2\n");
        Files.writeString(
                capture.resolve("ss-tanp.txt"),
                """
                State Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                ESTAB 0 0 10.0.0.1:40000 10.0.0.2:443 users:(("%s",pid=1,fd=3))
                """
                        .formatted(HOSTILE));
        Files.writeString(
                capture.resolve("nginx-T.txt"),
                """
                # configuration file /etc/nginx/%s.conf:
                # %s
                events {}
                http { server { location '/%s' { # %s
                fastcgi_pass unix:/run/php.sock; } } }
                """
                        .formatted(HOSTILE, HOSTILE, HOSTILE.replace("'", "\\'"), HOSTILE));
        String process = "process " + HOSTILE;
        Host host = Host.read(folder.resolve("captures").toString())
                .ask("file-descriptors[" + process + "].open", "5")
                .ask("file-descriptors[" + process + "].limit", "1024")
                .ask("fastcgi-buffers.payload", "15 MiB");
        chromium().show(host.report().title(HOSTILE + "\n").note(HOSTILE).html(), "hostile");
        ChromeDriver c = chromium().driver();
        assertFalse(chromium().figures().isEmpty());
        assertEquals(List.of(), chromium().complaints());
        assertEquals(false, c.executeScript("return 'ran' in window"));
        assertTrue(c.findElements(By.tagName("img")).isEmpty());
        String tag = HOSTILE.replace("\u202E", "");
        assertTrue(c.findElement(By.tagName("h1")).getText().startsWith(tag));
        assertTrue(c.findElement(By.cssSelector(".said")).getText().startsWith(tag));
        String text = c.findElement(By.tagName("body")).getText();
        for (String shown : List.of("process " + tag, "location \"/" + tag.replace("\"", "\\\""), "host" + tag)) {
            assertTrue(text.contains(shown), () -> "no " + shown + " in " + text);
        }
        assertFalse(Objects.requireNonNull(c.getPageSource()).contains("\u202E"));
    }

    @Test
    void thePolicyLetsNoOtherScriptRun() throws Exception {
        chromium().show(page("license-api"), "policy");
        chromium().figures();
        ChromeDriver c = chromium().driver();
        c.executeScript(
                "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)");
        assertEquals(false, c.executeScript("return 'ran' in window"));
        assertFalse(chromium().complaints().isEmpty(), "the browser says that it refused");
    }

    @Test
    void thePolicyLetsNothingLoad() throws Exception {
        chromium().show(page("license-api"), "loads");
        Object refused = chromium()
                .driver()
                .executeAsyncScript(
                        """
                        const done = arguments[0];
                        document.addEventListener('securitypolicyviolation', e => done(e.effectiveDirective));
                        const image = new Image();
                        image.src = 'https://plimsoll.invalid/x.png';
                        document.body.append(image);
                        """);
        assertEquals("img-src", refused);
    }
}
