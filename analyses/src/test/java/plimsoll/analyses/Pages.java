package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pages of the documentation that tests write. {@code -Dgolden.update=true} writes them anew: read the difference before it is kept. */
final class Pages {
    static final Path DOCS = Path.of("..", "docs");

    private Pages() {}

    static boolean updating() {
        return Boolean.getBoolean("golden.update");
    }

    static void golden(Path page, String text) throws IOException {
        if (updating()) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, text);
        }
        assertEquals(Files.readString(page), text);
    }

    /** A cell of a table, in which nothing but words has a meaning. */
    static String cell(String text) {
        return text.replace("<", "&lt;").replace("*", "\\*").replace("|", "\\|").replace("\n", "<br>");
    }

    /** The same in the type of code. */
    static String code(String text) {
        return text.isEmpty() ? "" : "`" + text.replace("|", "\\|").replace("\n", "`<br>`") + "`";
    }
}
