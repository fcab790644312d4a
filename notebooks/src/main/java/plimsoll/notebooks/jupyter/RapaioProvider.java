package plimsoll.notebooks.jupyter;

import java.util.List;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;
import org.rapaio.jupyter.kernel.display.DisplayTransformer;
import org.rapaio.jupyter.kernel.display.spi.DisplayProvider;

/**
 * What rapaio's kernel asks for renderers. A service. The kernel asks after every single jar that comes to its class path, and an error
 * thrown here ends its thread, so that the notebook hangs: this class names nothing of Plimsoll or Tablesaw, and hands on to
 * {@link RapaioRenderers} only once all of them are there. (A class that was missing once when it was named stays missing for the JVM.)
 */
public final class RapaioProvider implements DisplayProvider {
    /** One class of each jar that a value or its HTML may need. */
    static final List<String> NEEDED = List.of(
            "plimsoll.dsl.Budget",
            "plimsoll.plots.Inline",
            "plimsoll.telemetry.Capture",
            "plimsoll.analyses.Host",
            "tech.tablesaw.api.Table",
            "com.fasterxml.jackson.core.JsonFactory",
            "com.fasterxml.jackson.databind.ObjectMapper",
            "com.fasterxml.jackson.annotation.JsonProperty",
            "org.apache.commons.compress.archivers.tar.TarArchiveInputStream",
            "org.slf4j.Logger",
            "io.github.classgraph.ClassGraph",
            "it.unimi.dsi.fastutil.ints.IntList",
            "com.google.common.base.Strings");

    @Override
    public List<DisplayRenderer> getDisplayRenderers() {
        try {
            for (String name : NEEDED) {
                Class.forName(name, false, RapaioProvider.class.getClassLoader());
            }
            return RapaioRenderers.all();
        } catch (ClassNotFoundException | LinkageError | RuntimeException notYet) {
            return List.of();
        }
    }

    @Override
    public List<DisplayTransformer> getDisplayTransformers() {
        return List.of();
    }
}
