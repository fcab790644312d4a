package plimsoll.notebooks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.VarSnippet;
import jdk.jshell.execution.LocalExecutionControlProvider;
import org.jspecify.annotations.Nullable;

/**
 * Snippets run one by one in this Java, with the shell's imports: what a script runs on. The interactive shell runs them in a Java of
 * their own, which takes a second longer to start and never tells whether one failed. Not thread-safe.
 */
final class Session implements AutoCloseable {
    /**
     * What a snippet came to.
     *
     * @param shown what JShell shows of it, {@code b ==> ports FITS ...}; empty where it has no value
     * @param failure what went wrong; empty where nothing did
     */
    record Answer(String shown, Optional<Failure> failure) {}

    /**
     * A snippet that did not run to its end.
     *
     * @param line its line in the snippet, from 0
     * @param message one sentence
     * @param type the class of the exception; empty where it is no Java
     */
    record Failure(int line, String message, String type) {}

    private final JShell shell;
    private int run;

    private Session(JShell shell) {
        this.shell = shell;
    }

    /** Opens one and does the imports. */
    static Session open() {
        var counter = new Object() {
            @Nullable
            Session session;
        };
        JShell shell = JShell.builder()
                .executionEngine(new LocalExecutionControlProvider(), Map.of())
                .tempVariableNameGenerator(() -> "$" + Objects.requireNonNull(counter.session).run)
                .build();
        shell.addToClasspath(ClassPath.of());
        var session = new Session(shell);
        counter.session = session;
        imports().forEach(line -> session.begin(line + ";"));
        return session;
    }

    /** Runs a line of the start: it is not counted among those of the user, and it does not fail. */
    void begin(String line) {
        Answer answer = eval(line);
        run = 0;
        if (answer.failure().isPresent()) {
            throw new IllegalStateException("the shell's start-up script failed: " + line + ": "
                    + answer.failure().get().message());
        }
    }

    /** The import lines of the start-up script, and JShell's own. */
    static List<String> imports() {
        var lines = new ArrayList<String>();
        for (String script : List.of("default.jsh", "start.jsh")) {
            try (InputStream text = Objects.requireNonNull(Session.class.getResourceAsStream(script))) {
                new String(text.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(l -> l.startsWith("import "))
                        .forEach(lines::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return lines;
    }

    /** Whether a text is whole, and what is left of it after its first snippet. */
    SourceCodeAnalysis.CompletionInfo completeness(String text) {
        return shell.sourceCodeAnalysis().analyzeCompletion(text);
    }

    /** What JShell offers after a text, sorted; a name as often as it has signatures. */
    List<String> completions(String text) {
        return shell.sourceCodeAnalysis().completionSuggestions(text, text.length(), new int[1]).stream()
                .map(SourceCodeAnalysis.Suggestion::continuation)
                .sorted()
                .toList();
    }

    /** The signatures JShell shows in the parentheses that a text has just opened. */
    List<String> signatures(String text) {
        return shell.sourceCodeAnalysis().documentation(text, text.length(), false).stream()
                .map(SourceCodeAnalysis.Documentation::signature)
                .toList();
    }

    /** Runs one snippet. */
    Answer eval(String snippet) {
        run++;
        var shown = new StringBuilder();
        for (SnippetEvent event : shell.eval(snippet)) {
            if (event.causeSnippet() != null) {
                continue; // an earlier snippet that this one brought up to date
            }
            if (event.exception() != null) {
                return failed(0, event.exception());
            }
            if (event.status() == Snippet.Status.REJECTED) {
                return rejected(event.snippet());
            }
            name(event.snippet())
                    .filter(n -> event.value() != null && !event.value().isEmpty())
                    .ifPresent(n -> shown.append(n).append(" ==> ").append(event.value()));
        }
        return new Answer(shown.toString(), Optional.empty());
    }

    private static Optional<String> name(Snippet snippet) {
        if (snippet instanceof VarSnippet variable) {
            return Optional.of(variable.name());
        }
        return snippet instanceof ExpressionSnippet expression ? Optional.of(expression.name()) : Optional.empty();
    }

    private static Answer failed(int line, JShellException e) {
        String type = e instanceof EvalException eval ? eval.getExceptionClassName() : "";
        String message = e.getMessage();
        // a sentence of ours says it all; what others throw needs its name
        boolean sentence = Sentences.is(type, Optional.ofNullable(message));
        String said = sentence ? message : type + (message == null ? "" : ": " + message);
        return new Answer("", Optional.of(new Failure(line, Objects.requireNonNull(said), type)));
    }

    private Answer rejected(Snippet snippet) {
        Optional<Diag> first = shell.diagnostics(snippet).filter(Diag::isError).findFirst();
        int at = first.map(d -> (int) Math.max(0, d.getPosition())).orElse(0);
        String before =
                snippet.source().substring(0, Math.min(at, snippet.source().length()));
        String message = first.map(d -> d.getMessage(Locale.ROOT))
                .orElse("this is no Java")
                .lines()
                .map(String::strip)
                .filter(l -> !l.startsWith("location:"))
                .collect(Collectors.joining(" "));
        return new Answer(
                "",
                Optional.of(
                        new Failure((int) before.chars().filter(c -> c == '\n').count(), message, "")));
    }

    @Override
    public void close() {
        shell.close();
    }
}
