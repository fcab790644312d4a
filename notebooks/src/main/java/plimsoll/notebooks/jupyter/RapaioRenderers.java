package plimsoll.notebooks.jupyter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;
import org.rapaio.jupyter.kernel.global.Global;

/** The renderers for rapaio's kernel, which has no other hook: asked for the first time, they also do the imports. */
final class RapaioRenderers {
    private static boolean imported;

    private RapaioRenderers() {}

    static synchronized List<DisplayRenderer> all() {
        if (!imported) {
            imported = true;
            imports();
        }
        var all = new ArrayList<DisplayRenderer>();
        for (Class<?> type : Html.TYPES) {
            all.add(new Renderer(type));
        }
        return List.copyOf(all);
    }

    private static void imports() {
        try {
            Global.eval(String.join("\n", Notebook.imports()));
        } catch (Exception notReady) {
            // at its very start the kernel has no engine yet: there its start-up script does the imports
            imported = false;
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
}
