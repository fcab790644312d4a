package plimsoll.notebooks.jupyter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import plimsoll.notebooks.Shell;
import plimsoll.plots.Inline;

/** A notebook's session: what its kernel shows of a value, and what a cell may call. */
public final class Notebook {
    /** What JShell imports by itself (jdk.jshell.tool.resources, DEFAULT.jsh). */
    static final List<String> JSHELL = List.of(
            "java.io.*",
            "java.math.*",
            "java.net.*",
            "java.nio.file.*",
            "java.util.*",
            "java.util.concurrent.*",
            "java.util.function.*",
            "java.util.prefs.*",
            "java.util.regex.*",
            "java.util.stream.*");

    /** True in a session that has the imports. */
    static final String PROBE = "Host.class";

    private static final AtomicBoolean SENT = new AtomicBoolean();

    /** What {@link #plotly()} gives: shown as the last line of a cell, it sends plotly.js. */
    public record Plotly() {
        @Override
        public String toString() {
            return "plotly.js, sent again: the pictures of this page are drawn anew";
        }
    }

    private Notebook() {}

    /**
     * plotly.js once more. The first picture of a session brings it along; after the page was loaded anew, or that picture's output was
     * cleared, pictures stay still images until this is the last line of a cell that is run.
     */
    public static Plotly plotly() {
        return new Plotly();
    }

    /** A value as HTML; the first picture of the session comes with plotly.js. */
    static String html(Object value) {
        String html = Html.of(value);
        if (value instanceof Plotly) {
            SENT.set(true);
        } else if (html.contains(Inline.FIGURE) && SENT.compareAndSet(false, true)) {
            return Inline.library() + html;
        }
        return html;
    }

    /** What the shell imports beside {@link #JSHELL}: the packages or classes. */
    static List<String> imports() {
        try (InputStream in = Objects.requireNonNull(Shell.class.getResourceAsStream("start.jsh"))) {
            Stream<String> shell = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("import "))
                    .map(line -> line.replaceAll("^import |;$", ""))
                    // the shell's own commands
                    .filter(name -> !name.startsWith("plimsoll.notebooks."));
            return Stream.concat(shell, Stream.of(Notebook.class.getName())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The imports as a script. To import anew what is imported empties the variables that depend on it: only ever what is missing. */
    static String script(List<String> imports) {
        return imports.stream().map(name -> "import " + name + ";").collect(Collectors.joining("\n"));
    }
}
