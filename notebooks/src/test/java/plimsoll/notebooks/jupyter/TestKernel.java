package plimsoll.notebooks.jupyter;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.magic.MagicParser;
import org.dflib.jjava.jupyter.kernel.magic.MagicTranspiler;
import org.dflib.jjava.jupyter.kernel.magic.MagicsRegistry;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.jspecify.annotations.Nullable;

/**
 * A Java kernel on JJava's library, in the JVM it is started in and with its class path: the smallest that loads real extensions. JJava's
 * own kernel is not to be had from Maven Central. As there, the value of a cell's last expression is shown.
 */
final class TestKernel extends BaseKernel {
    private static final Set<Snippet.SubKind> SHOWN = Set.of(
            Snippet.SubKind.VAR_VALUE_SUBKIND,
            Snippet.SubKind.OTHER_EXPRESSION_SUBKIND,
            Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND);

    private final Results results = new Results();
    private final JShell shell = JShell.builder()
            .executionEngine(results, Map.of())
            .compilerOptions("-classpath", System.getProperty("java.class.path"))
            .build();

    private TestKernel() {
        super(
                "plimsoll-test",
                "0",
                new LanguageInfo.Builder("java")
                        .version(System.getProperty("java.specification.version"))
                        .mimetype("text/x-java-source")
                        .fileExtension(".java")
                        .pygments("java")
                        .codemirror("java")
                        .build(),
                List.of(),
                null,
                new JupyterIO(StandardCharsets.UTF_8),
                new CommManager(),
                new Renderer(),
                new MagicParser("(?<=(?:^|=))\\s*%", "%%", new MagicTranspiler()),
                new MagicsRegistry(),
                true,
                new StringStyler("", "", "", i -> ""));
    }

    /** A kernel that has loaded the extensions on the class path. */
    static TestKernel started() {
        var kernel = new TestKernel();
        kernel.evalRaw(Notebook.script(Notebook.JSHELL));
        kernel.onStartup();
        return kernel;
    }

    /** What Jupyter starts: {@code TestKernel connection-file}. */
    public static void main(String[] args) throws Exception {
        var connection = new JupyterConnection(KernelConnectionProperties.parse(Files.readString(Path.of(args[0]))));
        TestKernel kernel = started();
        kernel.becomeHandlerForConnection(connection);
        connection.connect();
        connection.waitUntilClose();
        System.exit(0);
    }

    @Override
    public @Nullable Object evalRaw(String code) {
        Object last = null;
        CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(code);
        while (info.completeness().isComplete()) {
            last = snippet(info.source().strip());
            info = shell.sourceCodeAnalysis().analyzeCompletion(info.remaining());
        }
        if (info.completeness() != Completeness.EMPTY) {
            throw new IllegalArgumentException("not whole: " + info.remaining());
        }
        return last;
    }

    private @Nullable Object snippet(String source) {
        Object shown = null;
        for (SnippetEvent event : shell.eval(source)) {
            if (event.exception() instanceof EvalException thrown) {
                throw new IllegalStateException(thrown.getExceptionClassName() + ": " + thrown.getMessage(), thrown);
            } else if (event.exception() != null) {
                throw new IllegalStateException(event.exception());
            } else if (event.causeSnippet() == null && !event.status().isDefined()) {
                throw new IllegalArgumentException(shell.diagnostics(event.snippet())
                        .map(d -> d.getMessage(null))
                        .collect(Collectors.joining("; ", source + ": ", "")));
            }
            Object value = event.value() == null ? null : results.values.remove(event.value());
            shown = SHOWN.contains(event.snippet().subKind()) ? value : null;
        }
        return shown;
    }

    @Override
    public DisplayData inspect(String code, int at, boolean extra) {
        return new DisplayData();
    }

    @Override
    public ReplacementOptions complete(String code, int at) {
        return new ReplacementOptions(List.of(), at, at);
    }

    @Override
    public String isComplete(String code) {
        return IS_COMPLETE_YES;
    }

    @Override
    public List<String> formatError(Throwable e) {
        return List.of(e.toString());
    }

    @Override
    public void onShutdown(boolean restarting) {
        shell.close();
        super.onShutdown(restarting);
    }

    /** Runs snippets in this JVM and keeps each value, where JShell itself hands out only its text. */
    private static final class Results implements ExecutionControlProvider {
        private final Map<String, Object> values = new ConcurrentHashMap<>();

        @Override
        public String name() {
            return "results";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return new DirectExecutionControl() {
                @Override
                protected String invoke(Method snippet) throws Exception {
                    Object value;
                    try {
                        value = snippet.invoke(null);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() instanceof Exception cause ? cause : e;
                    }
                    String key = "value " + System.nanoTime();
                    if (value != null) {
                        values.put(key, value);
                    }
                    return key;
                }
            };
        }
    }
}
