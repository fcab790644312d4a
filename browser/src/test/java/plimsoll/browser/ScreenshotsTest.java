package plimsoll.browser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import plimsoll.analyses.Host;

/**
 * Pictures of a report for those who have not made one: light, dark, on a telephone and on paper. They are written to
 * {@code target/screenshots}, or to the folder that the property {@code screenshots} names: {@code docs/img} holds those of README.md.
 */
class ScreenshotsTest {
    private static final int MOST = 200_000;

    @Test
    void theReportIsShownAndItsPicturesAreSmall(@TempDir Path work) throws Exception {
        Path folder = Path.of(System.getProperty("screenshots", "target/screenshots"));
        Files.createDirectories(folder);
        String html = Host.read("../datasets/license-api")
                .ask("ports.rate", "500/s")
                .ask("ports.connected", "100 ms")
                .report()
                .html();
        try (Chromium chromium = Chromium.open(work)) {
            chromium.paper(1000, 1000, false);
            chromium.show(html, "light");
            chromium.figures();
            save(folder, "report-light", chromium.png(0, 1000, 1000));

            chromium.paper(1000, 1000, true);
            chromium.show(html, "dark");
            chromium.figures();
            WebElement evidence = chromium.driver().findElement(By.id("evidence"));
            save(folder, "report-dark", chromium.png(evidence.getLocation().getY() - 20, 1000, 1000));

            chromium.paper(400, 900, false);
            chromium.show(html, "narrow");
            chromium.figures();
            save(folder, "report-narrow", chromium.png(0, 400, 1400));

            // A4 at 96 points an inch, without the margins
            chromium.paper(718, 1046, false);
            chromium.show(html, "print");
            chromium.figures();
            chromium.media("print", false);
            save(folder, "report-print", chromium.png(0, 718, 1046));
        }
    }

    private static void save(Path folder, String name, byte[] png) throws Exception {
        assertTrue(png.length > 10_000 && png.length < MOST, name + " has " + png.length + " bytes");
        Files.write(folder.resolve(name + ".png"), png);
    }
}
