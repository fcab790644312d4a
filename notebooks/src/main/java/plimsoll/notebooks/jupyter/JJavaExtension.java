package plimsoll.notebooks.jupyter;

import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;

/** What JJava loads when this jar comes to its class path: Plimsoll's values as HTML beside their text, and the imports. A service. */
public final class JJavaExtension implements Extension {
    @Override
    public void install(BaseKernel kernel) {
        for (Class<?> type : Html.TYPES) {
            kernel.getRenderer()
                    .createRegistration(type)
                    .preferring(MIMEType.TEXT_HTML)
                    .register((value, context) ->
                            context.renderIfRequested(MIMEType.TEXT_HTML, () -> Notebook.html(value)));
        }
        if (!imported(kernel)) {
            kernel.eval(Notebook.script(Notebook.imports()));
        }
    }

    private static boolean imported(BaseKernel kernel) {
        try {
            kernel.eval(Notebook.PROBE);
            return true;
        } catch (RuntimeException notYet) {
            return false;
        }
    }
}
