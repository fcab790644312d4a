package plimsoll.analyses;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import plimsoll.dsl.Brief;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.WholeFile;
import plimsoll.telemetry.Capture;

/** What became of each file of a capture, immutable: prints as aligned text, or as the JSON that {@code docs/json.md} describes. */
public final class SourceList {
    private final Capture capture;

    SourceList(Capture capture) {
        this.capture = capture;
    }

    /** The sources with every line that was not understood, as JSON. */
    public String json() {
        return JsonReport.write(capture);
    }

    /**
     * Writes {@link #json()} to a file and returns its path.
     *
     * @throws IllegalArgumentException when the name does not end in {@code .json}
     * @throws java.io.UncheckedIOException when the file cannot be written
     */
    public Path save(String file) {
        if (!file.endsWith(".json")) {
            throw new IllegalArgumentException("cannot save sources as '" + file + "': the ending must be json");
        }
        return WholeFile.write(file, json());
    }

    /** One line per source: its path, what it turned out to be, how much of it was understood, whether it counts. */
    public String text() {
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("path", "format", "rows", "rejected", "bytes", "used", "note"));
        for (Capture.Item item : capture.sources()) {
            lines.add(List.of(
                    item.path(),
                    item.format(),
                    Integer.toString(item.rows()),
                    Integer.toString(item.rejected()),
                    Long.toString(item.bytes()),
                    item.used() ? "yes" : "no",
                    item.note()));
        }
        var out = new StringBuilder(Terminal.aligned(lines));
        if (!capture.problems().isEmpty()) {
            out.append("\nNot read:\n");
            capture.problems()
                    .forEach(p -> out.append("  ").append(Terminal.printable(p)).append('\n'));
        }
        return out.toString().stripTrailing();
    }

    /** Writes {@link #text()} to standard output. */
    public void print() {
        System.out.println(text());
    }

    /** How many are used, then the lines of {@link #text()} that fit in a thousand characters. */
    @Override
    public String toString() {
        long used = capture.sources().stream().filter(Capture.Item::used).count();
        String title = used + " of " + capture.sources().size() + " sources used";
        List<String> lines = text().lines().toList();
        return Brief.of(title + "\n" + lines.get(0), lines.subList(1, lines.size()), lines.size() - 1);
    }
}
