package plimsoll.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a run of the command line returned and printed. */
record Ran(int code, String out, String err) {
    /** The captures that travel with the project. */
    static final Path DATASETS = Path.of("..", "datasets");

    static Ran of(String... args) {
        return with("", args);
    }

    /** With {@code in} on standard input. */
    static Ran with(String in, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = Main.run(new Console(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out, err), args);
        return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A capture's path. */
    static String dataset(String name) {
        return DATASETS.resolve(name).toString();
    }
}
