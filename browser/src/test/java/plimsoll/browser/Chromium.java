package plimsoll.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import javax.imageio.ImageIO;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium without a network. Where there is none, or no driver, the tests that need it are skipped, and say so. */
final class Chromium implements AutoCloseable {
    private static final File BROWSER = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");

    private final ChromeDriver driver;
    private final Path folder;

    private Chromium(ChromeDriver driver, Path folder) {
        this.driver = driver;
        this.folder = folder;
    }

    /** {@code folder} takes the browser's profile and the pages that are shown. */
    static Chromium open(Path folder) {
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
                "--hide-scrollbars",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + folder.resolve("profile"),
                "--window-size=1100,900");
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        var driver = new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).build(), options);
        driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(1));
        return new Chromium(driver, folder);
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Shows what is not smaller than asked for: a window cannot be as narrow as a telephone, the paper in it can. */
    void paper(int width, int height, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        media("", dark);
    }

    /** Shows the page as on a screen, {@code ""}, or as it is printed, {@code "print"}. */
    void media(String media, boolean dark) {
        Map<String, String> scheme = Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", media, "features", List.of(scheme)));
    }

    void scripts(boolean run) {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !run));
    }

    void show(String html, String name) throws IOException {
        Path page = folder.resolve(name + ".html");
        Files.writeString(page, html);
        driver.get(page.toUri().toString());
    }

    /** Scrolls through the page, since what is not near is not drawn, and waits for each figure. */
    List<WebElement> figures() {
        List<WebElement> figures = driver.findElements(By.cssSelector("figure.plot"));
        for (WebElement figure : figures) {
            driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", figure);
            until("element.dataset.drawn === 'yes'", figure);
        }
        return figures;
    }

    /** Waits in the page, up to a minute, until something holds of an element. */
    void until(String condition, WebElement element) {
        driver.executeAsyncScript(
                "const element = arguments[0], done = arguments[1];" + "(function look() { if (" + condition
                        + ") done(); else setTimeout(look, 20); })()",
                element);
    }

    /** What the browser complained of since the last time. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(Object::toString)
                .toList();
    }

    /** How many of the pixels of an element are its own: those that change when it is made invisible. */
    int pixels(WebElement element) throws IOException {
        var with = image(element);
        driver.executeScript("arguments[0].style.visibility = 'hidden'", element);
        var without = image(element);
        driver.executeScript("arguments[0].style.visibility = ''", element);
        int differing = 0;
        for (int x = 0; x < Math.min(with.getWidth(), without.getWidth()); x++) {
            for (int y = 0; y < Math.min(with.getHeight(), without.getHeight()); y++) {
                differing += with.getRGB(x, y) == without.getRGB(x, y) ? 0 : 1;
            }
        }
        return differing;
    }

    private static java.awt.image.BufferedImage image(WebElement element) throws IOException {
        return Objects.requireNonNull(
                ImageIO.read(new ByteArrayInputStream(element.getScreenshotAs(OutputType.BYTES))));
    }

    /** The first {@code height} pixels of the page from {@code top} on, as PNG. */
    byte[] png(int top, int width, int height) {
        Map<String, Object> clip = Map.of("x", 0, "y", top, "width", width, "height", height, "scale", 1);
        Map<String, Object> shot = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip", clip));
        return Base64.getDecoder().decode((String) Objects.requireNonNull(shot.get("data")));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
