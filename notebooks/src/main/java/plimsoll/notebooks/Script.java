package plimsoll.notebooks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import plimsoll.telemetry.NothingReadable;

/**
 * A script of snippets from a stream: each value is shown as JShell shows it, the first error ends it with a sentence on standard error
 * and the exit code of the command line.
 */
final class Script {
    private final Session session;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private int line;

    private Script(Session session, InputStream in, PrintStream out, PrintStream err) {
        this.session = session;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs it to its end, to {@code /exit}, or to its first error.
     *
     * @param withHost whether the variable {@code host} is there, as {@link Start#host()} has it; else the script reads its own
     * @return what {@code /exit} says; 0 at the end; 3 where nothing was readable, 2 for any other error
     */
    static int run(boolean withHost, InputStream in, PrintStream out, PrintStream err) {
        try (Session session = Session.open()) {
            if (withHost) {
                session.begin("var host = plimsoll.notebooks.Start.host();");
            }
            return new Script(session, in, out, err).run();
        }
    }

    private int run() {
        String text = "";
        int first = 1;
        for (Optional<String> read = next(); read.isPresent(); read = next()) {
            if (text.isBlank()) {
                first = line;
                text = "";
                if (read.get().startsWith("/")
                        && !read.get().startsWith("//")
                        && !read.get().startsWith("/*")) {
                    Optional<Integer> code = command(read.get().strip());
                    if (code.isPresent()) {
                        return code.get();
                    }
                    continue;
                }
            }
            text += read.get() + "\n";
            if (session.completeness(text).completeness() == Completeness.EMPTY) {
                text = ""; // comments
                continue;
            }
            for (CompletionInfo info = session.completeness(text);
                    info.completeness().isComplete();
                    info = session.completeness(text)) {
                // what cannot be parsed is run as it stands: the compiler says what is wrong with it
                boolean whole = info.completeness() != Completeness.UNKNOWN
                        && !info.source().isEmpty();
                String snippet = whole ? info.source() : text;
                Optional<Integer> code = eval(snippet, first);
                if (code.isPresent()) {
                    return code.get();
                }
                text = whole ? info.remaining() : "";
                first = line;
                if (text.isBlank()) {
                    break;
                }
            }
        }
        return text.isBlank() ? 0 : eval(text, first).orElse(0);
    }

    /** Runs a snippet; the exit code where it failed. */
    private Optional<Integer> eval(String snippet, int first) {
        Session.Answer answer = session.eval(snippet);
        if (answer.failure().isPresent()) {
            return Optional.of(said(answer.failure().get(), first));
        }
        if (!answer.shown().isEmpty()) {
            out.println(answer.shown());
        }
        return Optional.empty();
    }

    private int said(Session.Failure failure, int first) {
        err.println("plimsoll: line " + (first + failure.line()) + ": " + failure.message());
        return failure.type().equals(NothingReadable.class.getName()) ? Exit.UNREADABLE : Exit.WRONG;
    }

    /** {@code /exit} with or without a value; what else begins with a stroke belongs to a session at a terminal. */
    private Optional<Integer> command(String command) {
        String[] words = command.split("\\s+", 2);
        if (!"/exit".startsWith(words[0]) || words[0].length() < 2) {
            err.println("plimsoll: line " + line + ": '" + words[0] + "' is for a terminal; a script has /exit");
            return Optional.of(Exit.WRONG);
        }
        if (words.length == 1) {
            return Optional.of(0);
        }
        Session.Answer answer = session.eval("int plimsollExit = " + words[1] + ";");
        if (answer.failure().isPresent()) {
            return Optional.of(said(answer.failure().get(), line));
        }
        return Optional.of(Integer.parseInt(answer.shown().replaceFirst("^.* ==> ", "")));
    }

    /** The next line, byte by byte: what the script itself reads from standard input must still be there. */
    private Optional<String> next() {
        var bytes = new ByteArrayOutputStream();
        try {
            int b = in.read();
            if (b < 0) {
                return Optional.empty();
            }
            for (; b >= 0 && b != '\n'; b = in.read()) {
                if (b != '\r') {
                    bytes.write(b);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the script cannot be read: " + e.getMessage(), e);
        }
        line++;
        return Optional.of(bytes.toString(StandardCharsets.UTF_8));
    }
}
