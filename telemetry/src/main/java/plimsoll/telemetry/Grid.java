package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import plimsoll.dsl.Terminal;

/** The first rows of a table and the columns that fit a width, as aligned text. */
final class Grid {
    private final Rows rows;
    private final int shown;
    private final int cell;
    private final List<String> columns;

    /**
     * @param most how many rows at most
     * @param width how many characters a line has at most; the first column shows whatever its width
     * @param cell how many characters of a cell are shown
     */
    Grid(Rows rows, int most, int width, int cell) {
        this.rows = rows;
        this.shown = Math.min(rows.size(), most);
        this.cell = cell;
        this.columns = fitting(width);
    }

    private List<String> fitting(int width) {
        var fit = new ArrayList<String>();
        long taken = 0;
        for (String column : rows.columns()) {
            int widest = cut(column).length();
            for (int row = 0; row < shown; row++) {
                widest = Math.max(widest, cut(rows.cell(column, row)).length());
            }
            taken += widest + 2;
            if (taken - 2 > width && !fit.isEmpty()) {
                break;
            }
            fit.add(column);
        }
        return fit;
    }

    /** The columns that did not fit. */
    List<String> columnsLeft() {
        return rows.columns().subList(columns.size(), rows.columns().size());
    }

    /** How many rows there are beyond those shown. */
    int rowsLeft() {
        return rows.size() - shown;
    }

    /** The header and the rows. */
    String text() {
        var lines = new ArrayList<List<String>>();
        lines.add(columns.stream().map(this::cut).toList());
        for (int row = 0; row < shown; row++) {
            int at = row;
            lines.add(columns.stream().map(c -> cut(rows.cell(c, at))).toList());
        }
        return Terminal.aligned(lines);
    }

    private String cut(String text) {
        return text.codePointCount(0, text.length()) <= cell
                ? text
                : text.substring(0, text.offsetByCodePoints(0, cell - 1)) + "…";
    }
}
