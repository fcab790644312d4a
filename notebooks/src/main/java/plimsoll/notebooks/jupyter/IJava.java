package plimsoll.notebooks.jupyter;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;

/** IJava has no services: {@code plimsoll.notebooks.jupyter.IJava.install(getKernelInstance())} in the first cell. */
public final class IJava {
    private IJava() {}

    /**
     * Makes the kernel show Plimsoll's values as HTML beside their text, and does the imports.
     *
     * @throws IllegalStateException when the kernel cannot do the imports
     */
    public static void install(BaseKernel kernel) {
        for (Class<?> type : Html.TYPES) {
            kernel.getRenderer()
                    .createRegistration(type)
                    .preferring(MIMEType.TEXT_HTML)
                    .register((value, context) ->
                            context.renderIfRequested(MIMEType.TEXT_HTML, () -> Notebook.html(value)));
        }
        if (!imported(kernel)) {
            try {
                kernel.eval(Notebook.script(Notebook.imports()));
            } catch (Exception e) {
                throw new IllegalStateException("the kernel cannot import Plimsoll's packages: " + e.getMessage(), e);
            }
        }
    }

    private static boolean imported(BaseKernel kernel) {
        try {
            kernel.eval(Notebook.PROBE);
            return true;
        } catch (Exception notYet) {
            return false;
        }
    }
}
