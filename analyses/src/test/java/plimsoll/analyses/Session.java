package plimsoll.analyses;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;

/** JShell as a page of the documentation shows it: lines in, what each makes. Paths below datasets and docs are those of the checkout's root. */
public final class Session implements AutoCloseable {
    private static final Pattern NAMED = Pattern.compile("var (\\w+) = (.+)");
    private static final AtomicReference<Object> SEEN = new AtomicReference<>();

    private final JShell shell;

    Session() {
        shell = JShell.builder().executionEngine("local").build();
        shell.addToClasspath(System.getProperty("java.class.path"));
        for (String name : List.of("java.util", "plimsoll.analyses", "plimsoll.dsl", "plimsoll.telemetry")) {
            run("import " + name + ".*;");
        }
    }

    /** Called from within, with what a line makes. */
    public static <T> T seen(T value) {
        SEEN.set(value);
        return value;
    }

    /** What an expression is, or {@code var NAME = EXPRESSION}. What it throws, or javac says of it, fails the test. */
    Object value(String line) {
        Matcher named = NAMED.matcher(line);
        run(
                named.matches()
                        ? "var " + named.group(1) + " = Session.seen(" + named.group(2) + ");"
                        : "Session.seen(" + line + ");");
        return SEEN.getAndSet(null);
    }

    /** What several expressions are. */
    List<?> values(List<String> expressions) {
        run("Session.seen(Arrays.<Object>asList(" + String.join(", ", expressions) + "));");
        return (List<?>) SEEN.getAndSet(null);
    }

    /** What JShell shows of a line, the {@code number}th of its session; what it prints alone where it prints. */
    static String shown(String line, int number, Object value) {
        boolean printed = line.endsWith(".print()");
        String name = line.startsWith("var ") ? line.split(" ", 3)[1] : "$" + number;
        return (printed ? "" : name + " ==> ")
                + (value instanceof String && !printed ? "\"" + value + '"' : String.valueOf(value));
    }

    private void run(String line) {
        List<SnippetEvent> events =
                shell.eval(line.replace("\"datasets/", "\"../datasets/").replace("\"docs/", "\"../docs/"));
        for (SnippetEvent e : events) {
            if (e.exception() != null) {
                throw new AssertionError(line + " throws " + e.exception().getMessage(), e.exception());
            }
            if (e.status() == Snippet.Status.REJECTED) {
                List<String> why = shell.diagnostics(e.snippet())
                        .map(d -> d.getMessage(Locale.ROOT))
                        .toList();
                throw new AssertionError(line + " is not Java: " + why);
            }
        }
    }

    @Override
    public void close() {
        shell.close();
    }
}
