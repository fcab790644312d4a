package plimsoll.analyses;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Brief;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Rows;

/** The names of the tables of a capture, immutable: prints each with its rows, its columns and what it was read from. */
public final class TableList extends AbstractList<String> {
    private static final int WIDTH = 76;

    private final Capture capture;
    private final List<String> names;

    TableList(Capture capture) {
        this.capture = capture;
        this.names = capture.tables();
    }

    @Override
    public String get(int index) {
        return names.get(index);
    }

    @Override
    public int size() {
        return names.size();
    }

    /** One line a table: its name, its rows, its columns, and the files it was read from. */
    public String text() {
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("table", "rows", "columns", "from"));
        for (String name : names) {
            Optional<Rows> rows = capture.table(name);
            rows.ifPresent(r -> lines.add(List.of(
                    name,
                    r.size() + (r.excerpt() ? ", an excerpt" : ""),
                    String.join(" ", r.columns()),
                    capture.origin(name))));
        }
        return names.isEmpty()
                ? "no tables, only single values"
                : Terminal.aligned(lines).stripTrailing();
    }

    /** Writes {@link #text()} to standard output. */
    public void print() {
        System.out.println(text());
    }

    /** The lines of {@link #text()} that fit in a thousand characters, each cut at 76. */
    @Override
    public String toString() {
        List<String> lines = text().lines().map(l -> Brief.clipped(l, WIDTH)).toList();
        String title = names.isEmpty() ? "" : names.size() + (names.size() == 1 ? " table\n" : " tables\n");
        return Brief.of(title + lines.get(0), lines.subList(1, lines.size()), names.size());
    }
}
