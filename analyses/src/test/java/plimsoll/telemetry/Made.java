package plimsoll.telemetry;

import java.util.Set;

/** Tables made by hand, whole, for laws whose sources are tested elsewhere. */
public final class Made {
    private Made() {}

    /**
     * A table of lines of cells with a bar between, below a line of column names; an empty cell is missing. A name that ends in {@code #}
     * is a column of whole numbers, in {@code .} one of real numbers.
     */
    public static Rows rows(String name, String lines) {
        var rows = new Rows.Builder(name);
        String[] columns = lines.strip().lines().findFirst().orElse("").split("\\|", -1);
        lines.strip().lines().skip(1).forEach(line -> {
            String[] cells = line.split("\\|", -1);
            for (int c = 0; c < cells.length; c++) {
                cell(rows, columns[c].strip(), cells[c].strip());
            }
            rows.end();
        });
        return rows.rows().covering(Set.of(name));
    }

    private static void cell(Rows.Builder rows, String column, String cell) {
        if (cell.isEmpty()) {
            return;
        }
        String name = column.replaceFirst("[#.]$", "");
        if (column.endsWith("#")) {
            rows.number(name, Long.parseLong(cell));
        } else if (column.endsWith(".")) {
            rows.real(name, Double.parseDouble(cell));
        } else {
            rows.text(name, cell);
        }
    }
}
