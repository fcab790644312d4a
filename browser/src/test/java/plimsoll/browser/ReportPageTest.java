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

    /** A capture of a host on which every name that somebody can choose was chosen to do harm. */
    private static Host hostile() throws IOException {
        // the folder of a capture bears the name of its host; in a file system this one is two folders, since it has a
        // slash
        Path capture = Files.createDirectories(folder.resolve("captures").resolve("folder" + HOSTILE + "\nname"));
        Files.writeString(
                capture.resolve("uname.txt"),
                "Linux " + HOSTILE + " 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64 GNU/Linux\n");
        Files.writeString(
                capture.resolve("sysctl.txt"),
                """
                kernel.hostname = %s
                net.ipv4.ip_local_port_range = 32768\t60999
                net.netfilter.nf_conntrack_count = 1
                net.netfilter.nf_conntrack_max = 2
                """
                        .formatted(HOSTILE));
        Files.writeString(
                capture.resolve("ss-natp.txt"),
                """
                State Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                LISTEN 0 128 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=7,fd=3))
                ESTAB 0 0 10.0.0.1:40000 10.0.0.2:443 users:(("php %1$s",pid=1,fd=3))
                ESTAB 0 0 10.0.0.1:40001 10.0.0.2:443 users:(("php %1$s",pid=2,fd=3))
                TIME-WAIT 0 0 10.0.0.1:40002 10.0.0.2:443
                """
                        .formatted(HOSTILE));
        Files.writeString(
                capture.resolve("nginx-T.txt"),
                """
                # configuration file /etc/nginx/%1$s.conf:
                # %1$s
                worker_processes 2;
                events { worker_connections 1024; } # connections %1$s
                http { server { listen 80;
                location '/first
                %2$s' { # %1$s
                fastcgi_buffers 8 4k; # buffers %1$s
                fastcgi_pass unix:/run/php.sock; } } }
                """
                        .formatted(HOSTILE, HOSTILE.replace("'", "\\'")));
        Files.writeString(
                capture.resolve("df.txt"),
                """
                Filesystem 1024-blocks Used Available Capacity Mounted on
                /dev/sda1 1000 900 100 90%% /mnt/%s
                """
                        .formatted(HOSTILE));
        String process = "process " + HOSTILE;
        return Host.read(folder.resolve("captures").toString())
                .ask("file-descriptors[" + process + "].open", "5")
                .ask("file-descriptors[" + process + "].limit", "1024")
                .ask("nginx-connections.clients", "10")
                .ask("fastcgi-buffers.payload", "15 MiB");
    }

    /** Asserts that the page shown is only text where it was to be: nothing ran, nothing was loaded, nobody complained. */
    private static void nothingRan(ChromeDriver c) {
        assertEquals(List.of(), chromium().complaints());
        assertEquals(false, c.executeScript("return 'ran' in window"));
        assertEquals(0L, c.executeScript("return document.querySelectorAll('img, [onerror], iframe, object').length"));
        assertEquals(
                false,
                c.executeScript("return /<img/i.test(document.querySelector('main').innerHTML)"),
                "no such element");
        assertFalse(Objects.requireNonNull(c.getPageSource()).contains("\u202E"));
    }

    @Test
    void hostileTextIsShownAndRunsNothing() throws Exception {
        chromium().show(hostile().report().html(), "hostile");
        ChromeDriver c = chromium().driver();
        assertFalse(chromium().figures().isEmpty());
        nothingRan(c);
        String shown = HOSTILE.replace('\u202E', '?');
        assertEquals(shown, c.findElement(By.tagName("h1")).getText());
        assertTrue(c.findElement(By.cssSelector("header p")).getText().startsWith(shown + ", Linux 6.1.0-18-amd64: "));
        String holders = c.findElement(By.cssSelector("#holders + .scroll")).getText();
        assertTrue(holders.contains("php " + shown + " 2 2 ESTAB 2 10.0.0.2:443 2"), holders);
        String lines = c.findElement(By.cssSelector("#sources ~ .pairs")).getText();
        for (String line : List.of(
                "Linux " + shown + " 6.1.0-18-amd64 #1 SMP",
                "# connections " + shown,
                "fastcgi_buffers 8 4k; # buffers " + shown,
                "/etc/nginx/" + shown + ".conf:7")) {
            assertTrue(lines.contains(line), () -> "no " + line + " in " + lines);
        }
        String text = c.findElement(By.tagName("body")).getText();
        for (String each : List.of(
                "process " + shown,
                "location \"/first\\n" + shown.replace("\"", "\\\""),
                "/mnt/" + shown,
                "folder" + shown)) {
            assertTrue(text.contains(each), () -> "no " + each + " in " + text);
        }
        assertEquals(List.of(), serious(c));
        chromium().paper(400, 800, false);
        assertEquals(0, overflow(c));
    }

    @Test
    void aLinkLeadsFromANumberToTheLineWithItsComment() throws Exception {
        chromium().show(hostile().report().html(), "origin");
        ChromeDriver c = chromium().driver();
        WebElement origin = c.findElements(By.partialLinkText("nginx-T.txt:4)")).get(0);
        String target = Objects.requireNonNull(origin.getDomAttribute("href")).substring(1);
        origin.click();
        WebElement line = c.findElement(By.cssSelector("#" + target + " + dd"));
        assertTrue(line.isDisplayed());
        assertEquals(
                "events { worker_connections 1024; } # connections " + HOSTILE.replace('\u202E', '?'), line.getText());
        assertEquals(target, c.executeScript("return document.querySelector(':target').id"));
    }

    @Test
    void titleNotesAndTheNameOfAFolderAreText() throws Exception {
        Path capture = Files.createDirectories(folder.resolve("named").resolve("host" + HOSTILE + "\nname"));
        Files.writeString(
                capture.resolve("sysctl.txt"),
                "net.netfilter.nf_conntrack_count = 1\nnet.netfilter.nf_conntrack_max = 2\n");
        Host host = Host.read(folder.resolve("named").toString());
        chromium().show(host.report().title(HOSTILE + "\n").note(HOSTILE).html(), "named");
        ChromeDriver c = chromium().driver();
        nothingRan(c);
        String shown = HOSTILE.replace('\u202E', '?');
        assertTrue(c.findElement(By.tagName("h1")).getText().startsWith(shown));
        assertTrue(c.findElement(By.cssSelector(".said")).getText().startsWith(shown));
        assertTrue(c.findElement(By.tagName("body")).getText().contains("host" + shown));
    }

    @Test
    void whatHostnamePrintsIsTheNameOfTheReport() throws Exception {
        chromium()
                .show(
                        Host.of("$ hostname\n" + HOSTILE + "\n$ sysctl net.core.somaxconn\nnet.core.somaxconn = 4096\n")
                                .report()
                                .html(),
                        "hostname");
        ChromeDriver c = chromium().driver();
        nothingRan(c);
        assertEquals(
                HOSTILE.replace('\u202E', '?'), c.findElement(By.tagName("h1")).getText());
        assertEquals(
                "pasted:2",
                c.findElement(By.cssSelector("#sources ~ .pairs dt")).getText());
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
