package plimsoll.notebooks.jupyter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.MainApp;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;

/** The renderers for rapaio's kernel, which has no other hook: whenever it asks for them, what is missing is imported as well. */
final class RapaioRenderers {
    private RapaioRenderers() {}

    static List<DisplayRenderer> all() {
        imports();
        var all = new ArrayList<DisplayRenderer>();
        for (Class<?> type : Html.TYPES) {
            all.add(new Renderer(type));
        }
        all.add(new AsText(CharSequence.class));
        all.add(new AsText(Collection.class));
        all.add(new AsText(Optional.class));
        return List.copyOf(all);
    }

    private static void imports() {
        JShell shell = MainApp.kernel.javaEngine().getShell();
        Set<String> there = shell.imports().map(ImportSnippet::fullname).collect(Collectors.toSet());
        List<String> missing = Stream.concat(Notebook.JSHELL.stream(), Notebook.imports().stream())
                .filter(name -> !there.contains(name))
                .toList();
        for (String name : missing) {
            shell.eval(Notebook.script(List.of(name)));
        }
    }

    /** HTML for whoever asks for it or for nothing in particular, with the text beside it. */
    private record Renderer(Class<?> type) implements DisplayRenderer {
        @Override
        public Class<?> rendererClass() {
            return type;
        }

        @Override
        public boolean canRender(@Nullable String mime) {
            return mime == null || mime.equals("html") || mime.equals("text/html");
        }

        @Override
        public DisplayData render(@Nullable String mime, Object value) {
            DisplayData data = DisplayData.fromText(value.toString());
            try {
                data.putHTML(Notebook.html(value));
            } catch (RuntimeException | LinkageError e) {
                // an error that is let through ends the kernel's thread
                data.putText(value + "\nIt cannot be shown as HTML: " + e);
            }
            return data;
        }
    }

    /**
     * Texts and lists of them, where nobody asked for a form: the kernel shows them as HTML, and what was captured would be part of the page.
     * {@code display("html", text)} stays what it was.
     */
    private record AsText(Class<?> type) implements DisplayRenderer {
        @Override
        public Class<?> rendererClass() {
            return type;
        }

        @Override
        public boolean canRender(@Nullable String mime) {
            return mime == null;
        }

        @Override
        public DisplayData render(@Nullable String mime, Object value) {
            return DisplayData.fromText(value.toString());
        }
    }
}
