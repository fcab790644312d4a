package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/own-budgets.md}: the lines after {@code jshell>} are run, and what the page shows below them is what they make. */
class OwnBudgetPageTest {
    private static final Path PAGE = Pages.DOCS.resolve("own-budgets.md");
    private static final String PROMPT = "jshell> ";
    private static final String FENCE = "```";

    @Test
    void thePageShowsWhatItsLinesMake() throws IOException {
        var page = new StringBuilder();
        int number = 0;
        try (var session = new Session()) {
            boolean answer = false;
            for (String line : Files.readAllLines(PAGE)) {
                boolean asks = line.startsWith(PROMPT);
                answer &= !line.equals(FENCE);
                if (asks) {
                    String asked = line.substring(PROMPT.length());
                    number++;
                    page.append(line).append('\n');
                    page.append(Session.shown(asked, number, session.value(asked)))
                            .append('\n');
                    answer = true;
                } else if (!answer) {
                    page.append(line).append('\n');
                }
            }
        }
        assertTrue(number >= 10, () -> "lines: " + page);
        Pages.golden(PAGE, page.toString());
    }
}
