package plimsoll.analyses;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import plimsoll.dsl.Brief;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.WholeFile;
import plimsoll.telemetry.Capture;

/** What became of each file of a capture, immutable: prints as aligned text, or as the JSON that {@code docs/json.md} describes. */
public final class SourceList {
    private static final int NARROWEST = 80;
    private static final int GAP = 2;

    /** From this width on the sizes are shown. */
    private static final int SIZED = 100;

    /** A path has at least so many columns, and a note beside it. */
    private static final int PATH = 24;

    private static final int NOTE = 28;

    /** From this length on a folder that all are in is left out of each line. */
    private static final int SHARED = 8;

    private static final int BYTES = 4;
    private static final int USED = 5;

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

    /** One line per source: its path, what it turned out to be, how much of it was understood, whether it counts; and their sum. */
    public String text() {
        return text(Integer.MAX_VALUE);
    }

    /**
     * The same in {@code width} columns, at least 80: a folder that all are in is said once, long paths are cut in the middle, the sizes
     * are left out where it is narrow, and notes go on below.
     */
    public String text(int width) {
        int fitted = Math.max(NARROWEST, width);
        String shared = width == Integer.MAX_VALUE ? "" : shared();
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("path", "format", "rows", "rejected", "bytes", "used"));
        var notes = new ArrayList<String>();
        notes.add("note");
        for (Capture.Item item : capture.sources()) {
            lines.add(List.of(
                    Terminal.printable(item.path().substring(shared.length())),
                    item.format(),
                    Terminal.grouped(item.rows()),
                    Terminal.grouped(item.rejected()),
                    Terminal.grouped(item.bytes()),
                    item.used() ? "yes" : "no"));
            String note = shared.isEmpty() ? item.note() : item.note().replace(shared, "");
            notes.add(Terminal.printable(note));
        }
        var out = new StringBuilder();
        if (!shared.isEmpty()) {
            wrapped(out, "All in " + Terminal.printable(shared), 0, fitted);
            out.append('\n');
        }
        rows(out, lines, notes, fitted);
        wrapped(out.append('\n'), sum(), 0, fitted);
        if (!capture.problems().isEmpty()) {
            out.append("\nLeft out:\n");
            capture.problems().forEach(p -> wrapped(out.append("  "), Terminal.printable(p), 4, fitted - 4));
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

    /** The folder that all sources are in; empty where it is short. */
    private String shared() {
        String shared =
                capture.sources().isEmpty() ? "" : capture.sources().get(0).path();
        for (Capture.Item item : capture.sources()) {
            int same = 0;
            while (same < Math.min(shared.length(), item.path().length())
                    && shared.charAt(same) == item.path().charAt(same)) {
                same++;
            }
            shared = shared.substring(0, same);
        }
        String folder = shared.substring(0, shared.lastIndexOf('/') + 1);
        return folder.length() < SHARED ? "" : folder;
    }

    private static void rows(StringBuilder out, List<List<String>> lines, List<String> notes, int width) {
        int[] widths = new int[USED + 1];
        for (List<String> line : lines) {
            for (int c = 0; c <= USED; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
        }
        if (width < SIZED) {
            widths[BYTES] = 0;
        }
        int others = 0;
        for (int c = 1; c <= USED; c++) {
            others += widths[c] == 0 ? 0 : widths[c] + GAP;
        }
        widths[0] = Math.min(widths[0], Math.max(PATH, width - others - (width < SIZED ? 0 : NOTE)));
        int left = width - widths[0] - others - GAP;
        for (int i = 0; i < lines.size(); i++) {
            var row = new StringBuilder();
            for (int c = 0; c <= USED; c++) {
                String cell = c == 0
                        ? cut(lines.get(i).get(0), widths[0])
                        : lines.get(i).get(c);
                if (widths[c] > 0) {
                    String fill = " ".repeat(widths[c] - cell.length());
                    boolean number = c > 1 && c < USED;
                    row.append(number ? fill + cell : cell + fill).append(" ".repeat(GAP));
                }
            }
            if (left >= NOTE) {
                wrapped(out.append(row), notes.get(i), row.length(), left);
            } else {
                out.append(row.toString().stripTrailing()).append('\n');
                if (i > 0 && !notes.get(i).isEmpty()) {
                    wrapped(out.append("    "), notes.get(i), 4, width - 4);
                }
            }
        }
    }

    /** Words on lines of {@code width}, those below the first {@code indent} to the right. */
    private static void wrapped(StringBuilder out, String text, int indent, int width) {
        int on = 0;
        for (String word : text.split(" ", -1)) {
            if (on > 0 && on + 1 + word.length() > width) {
                strip(out);
                out.append('\n').append(" ".repeat(indent));
                on = 0;
            }
            out.append(on == 0 ? "" : " ").append(word);
            on += word.length() + (on == 0 ? 0 : 1);
        }
        strip(out);
        out.append('\n');
    }

    private static void strip(StringBuilder out) {
        while (out.length() > 0 && out.charAt(out.length() - 1) == ' ') {
            out.setLength(out.length() - 1);
        }
    }

    /** A path that is too long keeps its beginning and, above all, its end. */
    private static String cut(String path, int width) {
        int end = 2 * (width - 1) / 3;
        return path.length() <= width
                ? path
                : path.substring(0, width - 1 - end) + "…" + path.substring(path.length() - end);
    }

    private String sum() {
        List<Capture.Item> items = capture.sources();
        var counts = new LinkedHashMap<String, Integer>();
        long rejected = 0;
        for (Capture.Item item : items) {
            boolean other = List.of("not recognised", "binary", "empty").contains(item.format());
            counts.merge(item.used() ? "used" : other ? item.format() : "not used", 1, Integer::sum);
            rejected += item.rejected();
        }
        var parts = new ArrayList<String>();
        counts.forEach((what, count) -> parts.add(Terminal.grouped(count) + " " + what));
        return Terminal.grouped(items.size())
                + (items.size() == 1 ? " source: " : " sources: ")
                + String.join(", ", parts)
                + "; "
                + Terminal.grouped(rejected)
                + (rejected == 1 ? " line was not understood" : " lines were not understood")
                + (rejected == 0 ? "" : ", --rejected lists them");
    }
}
