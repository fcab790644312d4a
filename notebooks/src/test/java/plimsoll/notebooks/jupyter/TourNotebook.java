package plimsoll.notebooks.jupyter;

import java.util.ArrayList;
import java.util.List;

/**
 * The cells of a tour's script, in order. A block of lines that begin with {@code //} is text in Markdown; any other block, ended by an
 * empty line outside a text block, is code. A code block whose first line is {@code // volatile} shows what differs from run to run.
 */
record TourNotebook(List<Cell> cells) {
    /** The comment that says that a cell's output is not to be compared. */
    static final String VOLATILE = "// volatile";

    /** Text or code. */
    record Cell(boolean code, boolean varies, String source) {}

    static TourNotebook of(String script) {
        var cells = new ArrayList<Cell>();
        var block = new ArrayList<String>();
        boolean quoted = false;
        for (String line : script.lines().toList()) {
            boolean comment = block.stream().allMatch(l -> l.startsWith("//"));
            boolean starts = !block.isEmpty() && comment && !quoted && !line.startsWith("//") && !line.isBlank();
            if ((line.isBlank() && !quoted) || (starts && !block.get(0).equals(VOLATILE))) {
                add(cells, block);
            }
            if (!line.isBlank() || quoted) {
                block.add(line);
            }
            quoted ^= line.split("\"\"\"", -1).length % 2 == 0;
        }
        add(cells, block);
        return new TourNotebook(List.copyOf(cells));
    }

    private static void add(List<Cell> cells, List<String> block) {
        if (block.isEmpty()) {
            return;
        }
        boolean varies = block.get(0).equals(VOLATILE);
        List<String> lines = block.stream()
                .skip(varies ? 1 : 0)
                .filter(l -> !l.startsWith("/exit"))
                .toList();
        if (!lines.isEmpty() && lines.stream().allMatch(l -> l.startsWith("//"))) {
            cells.add(new Cell(
                    false,
                    false,
                    String.join(
                            "\n",
                            lines.stream().map(l -> l.substring(2).strip()).toList())));
        } else if (!lines.isEmpty()) {
            // a notebook shows a value whole, and what print() prints would be there twice
            cells.add(new Cell(true, varies, String.join("\n", lines).replaceFirst("\\.print\\(\\)$", "")));
        }
        block.clear();
    }
}
