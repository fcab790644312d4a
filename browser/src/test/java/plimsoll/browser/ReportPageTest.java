package plimsoll.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import plimsoll.analyses.Host;

/** Report pages in Chromium, without a network. Where there is no Chromium or no driver the tests are skipped, and say so. */
class ReportPageTest {
    private static final File BROWSER = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");
    private static final String HOSTILE = "</script><img src=x onerror=\"window.ran=1\">'\u202E";

    @TempDir
    static Path folder;

    private static @Nullable ChromeDriver chrome;

    @BeforeAll
    static void open() {
        boolean there = BROWSER.canExecute() && DRIVER.canExecute();
        if (!there) {
            System.out.println("NOT RUN: report pages in a browser: " + BROWSER + " or " + DRIVER + " is not there");
        }
        assumeTrue(there);
        var options = new ChromeOptions();
        options.setBinary(BROWSER);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + folder.resolve("profile"),
                "--window-size=1100,900");
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        chrome = new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).build(), options);
        chrome.manage().timeouts().scriptTimeout(Duration.ofMinutes(1));
    }

    @AfterAll
    static void close() {
        if (chrome != null) {
            chrome.quit();
        }
    }

    private static ChromeDriver shown(String html, String name) throws Exception {
        Path page = folder.resolve(name + ".html");
        Files.writeString(page, html);
        ChromeDriver c = Objects.requireNonNull(chrome);
        c.get(page.toUri().toString());
        return c;
    }

    /** Scrolls through the page, since what is not near is not drawn, and waits for each figure. */
    private static List<WebElement> figures(ChromeDriver c) {
        List<WebElement> figures = c.findElements(By.cssSelector("figure.plot"));
        for (WebElement figure : figures) {
            c.executeScript("arguments[0].scrollIntoView({block: 'center'})", figure);
            until(c, "element.dataset.drawn === 'yes'", figure);
        }
        return figures;
    }

    /** Waits in the page, up to a minute, until something holds of an element. */
    private static void until(ChromeDriver c, String condition, WebElement element) {
        c.executeAsyncScript(
                "const element = arguments[0], done = arguments[1];" + "(function look() { if (" + condition
                        + ") done(); else setTimeout(look, 20); })()",
                element);
    }

    private static void quiet(ChromeDriver c) {
        assertEquals(
                List.of(),
                c.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .map(Object::toString)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"changing-load", "fin-wait-2-history", "license-api", "license-api-proxied", "port-exhaustion"})
    void everyFigureIsDrawnAndNothingIsWrong(String dataset) throws Exception {
        ChromeDriver c = shown(Host.read("../datasets/" + dataset).report().html(), dataset);
        for (WebElement figure : figures(c)) {
            long marks = Objects.requireNonNull((Long) c.executeScript(
                    "return arguments[0].querySelectorAll('.main-svg path.js-line, .main-svg .point path, .main-svg .shapelayer path,"
                            + " .main-svg image').length",
                    figure));
            assertTrue(marks > 0, figure.getText());
        }
        quiet(c);
        List<String> serious = new AxeBuilder()
                .analyze(c).getViolations().stream()
                        .filter(r -> List.of("serious", "critical").contains(r.getImpact()))
                        .map(Rule::toString)
                        .toList();
        assertEquals(List.of(), serious);
    }

    @Test
    void whatIsPointedAtShowsItsValue() throws Exception {
        ChromeDriver c = shown(
                Host.read("../datasets/license-api")
                        .ask("ports.rate", "500/s")
                        .report()
                        .html(),
                "hover");
        WebElement figure = figures(c).get(0);
        new Actions(c)
                .moveToElement(figure.findElement(By.cssSelector(".point path")))
                .perform();
        until(c, "element.querySelector('.hovertext')", figure);
        assertTrue(figure.findElement(By.cssSelector(".hovertext")).getText().contains("%"));
    }

    @Test
    void hostileTextIsShownAndRunsNothing() throws Exception {
        Host host = Host.of(
                """
                $ uname -a
                Linux %s 6.1.0 #1 SMP x86_64 GNU/Linux
                $ sysctl net.netfilter
                net.netfilter.nf_conntrack_count = 1
                net.netfilter.nf_conntrack_max = 2
                $ ss -tanp
                State Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                ESTAB 0 0 10.0.0.1:40000 10.0.0.2:443 users:(("%s",pid=1,fd=3))
                $ nginx -T
                # configuration file /etc/nginx/nginx.conf:
                # %s
                events {}
                http { server { location / { fastcgi_pass unix:/run/php.sock; } } }
                """
                        .formatted(HOSTILE, HOSTILE, HOSTILE));
        ChromeDriver c = shown(host.report().title(HOSTILE + "\n").note(HOSTILE).html(), "hostile");
        figures(c);
        quiet(c);
        assertEquals(false, c.executeScript("return 'ran' in window"));
        assertTrue(c.findElements(By.tagName("img")).isEmpty());
        assertTrue(c.findElement(By.tagName("h1")).getText().startsWith("</script><img src=x onerror="));
    }

    @Test
    void thePolicyLetsNoOtherScriptRun() throws Exception {
        ChromeDriver c = shown(Host.read("../datasets/license-api").report().html(), "policy");
        figures(c);
        c.executeScript(
                "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)");
        assertEquals(false, c.executeScript("return 'ran' in window"));
        assertFalse(c.manage().logs().get(LogType.BROWSER).getAll().isEmpty(), "the browser says that it refused");
    }
}
