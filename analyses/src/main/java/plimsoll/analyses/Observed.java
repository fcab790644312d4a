package plimsoll.analyses;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Rows;

/**
 * What the checks look at, immutable: a capture, the one before it where there is one, and the host that was made of it, with what the
 * user said on top. Checks of readings look at what was read alone: a what-if contradicts nothing.
 *
 * @param host the host, with what was said of it
 * @param capture what was read
 * @param before the capture of the moment before, where there are several
 */
record Observed(Host host, Capture capture, Optional<Capture> before) {

    /** A whole number that was read and where it stands. */
    record Count(String name, long value, String source) {
        /** The number as people write it. */
        String text() {
            return Terminal.grouped(value);
        }

        /** The file it was read from. */
        String file() {
            int colon = source.lastIndexOf(':');
            return colon < 0 ? source : source.substring(0, colon);
        }
    }

    /** A number with at most two decimals. */
    static String rounded(double value) {
        BigDecimal shown =
                BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP).stripTrailingZeros();
        return Terminal.grouped(shown.toPlainString());
    }

    /** What was read under a name. */
    Optional<Fact> read(String name) {
        return read(capture.facts(), name);
    }

    private static Optional<Fact> read(Facts facts, String name) {
        return facts.all(name).stream()
                .filter(f -> f.evidence().kind() == Evidence.Kind.READ
                        || f.evidence().kind() == Evidence.Kind.DERIVED)
                .findFirst();
    }

    /** What was read under a name, where it is a whole number. */
    Optional<Count> count(String name) {
        return count(capture, name);
    }

    /** What was read under a name a moment before, where it is a whole number. */
    Optional<Count> countBefore(String name) {
        return before.flatMap(b -> count(b, name));
    }

    private static Optional<Count> count(Capture capture, String name) {
        return read(capture.facts(), name)
                .filter(f -> f.text().matches("-?\\d{1,18}"))
                .map(f -> new Count(name, Long.parseLong(f.text()), f.evidence().source()));
    }

    /** The names that were read and begin so, in order. */
    List<String> names(String prefix) {
        return capture.facts().names().stream()
                .filter(n -> n.startsWith(prefix))
                .toList();
    }

    Optional<Rows> table(String name) {
        return capture.table(name).filter(r -> r.size() > 0);
    }

    /** Where a row of a table stands, as far as it is known: the files of the table and what tells the row. */
    String at(String table, String row) {
        String origin = capture.origin(table);
        return row.isEmpty() ? origin : origin + " (" + row + ")";
    }

    Optional<Distribution> distribution() {
        return Distribution.of(capture.facts());
    }

    /** The kernel that runs, where {@code uname} says it. */
    Optional<String> kernel() {
        return read("uname:release").map(Fact::text);
    }

    /** A text of a row; empty where the table has no such column or the cell is missing. */
    static String text(Rows rows, String column, int row) {
        return rows.has(column) ? rows.cell(column, row) : "";
    }

    /** A number of a row, whole or not; NaN where the table has no such column or the cell is missing. */
    static double number(Rows rows, String column, int row) {
        if (!rows.has(column)) {
            return Double.NaN;
        } else if (rows.type(column) == Rows.Type.NUMBER) {
            OptionalLong whole = rows.number(column, row);
            return whole.isPresent() ? whole.getAsLong() : Double.NaN;
        } else if (rows.type(column) == Rows.Type.REAL) {
            return rows.real(column, row).orElse(Double.NaN);
        }
        String cell = text(rows, column, row);
        return cell.isEmpty() || !cell.matches("-?\\d+(\\.\\d+)?(E-?\\d+)?") ? Double.NaN : Double.parseDouble(cell);
    }

    /** A whole number of a row; {@code otherwise} where there is none. */
    static long whole(Rows rows, String column, int row, long otherwise) {
        double value = number(rows, column, row);
        return Double.isNaN(value) ? otherwise : Math.round(value);
    }
}
