package plimsoll.cli;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import plimsoll.dsl.Terminal;

/** The three streams of a process. What is written is UTF-8 whatever the locale; a reader that went away ({@code | head}) is no error. */
final class Console {
    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;
    private boolean deaf;

    Console(InputStream in, OutputStream out, OutputStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** The streams of this process. */
    static Console ofProcess() {
        return new Console(
                // buffered: FileInputStream.readAllBytes asks a pipe for its position
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err));
    }

    InputStream in() {
        return in;
    }

    /** Prints a text as it stands, in one write. Throws {@link UncheckedIOException} when standard output cannot be written. */
    void print(String text) {
        if (deaf) {
            return;
        }
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.toLowerCase(Locale.ROOT).contains("broken pipe")) {
                throw new UncheckedIOException("cannot write to standard output: " + why, e);
            }
            deaf = true;
        }
    }

    /** Says one sentence on standard error. */
    void say(String sentence) {
        String line = "plimsoll: " + Terminal.printable(sentence.strip().replaceAll("\\s*\\R\\s*", " ")) + "\n";
        error(line);
    }

    /** Puts a text on standard error. */
    void error(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            // there is nowhere left to say it
        }
    }
}
