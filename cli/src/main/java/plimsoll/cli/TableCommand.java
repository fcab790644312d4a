package plimsoll.cli;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.analyses.Host;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.WholeFile;
import plimsoll.telemetry.Rows;

/** {@code plimsoll table}: one table, as text or whole as CSV. */
final class TableCommand implements Main.Asked {
    private static final int ROWS = 50;
    private static final int WIDTH = 160;
    private static final int CELL = 48;

    private final Console console;

    TableCommand(Console console) {
        this.console = console;
    }

    @Override
    public CommandSpec spec() {
        return Grammar.command("table", "One table of a capture: its first rows, or all of it as CSV.")
                .addPositional(Grammar.word("0", "1", "PATH", Hosts.PATH))
                .addPositional(Grammar.word("1", "1", "NAME", "The table's name, as tables lists it."))
                .addOption(Grammar.value("--csv", "FILE", "Write the whole table as CSV; - is standard output."));
    }

    @Override
    public int answer(ParseResult parsed) {
        String csv = Grammar.given(parsed, "--csv");
        var output = new Output().wants("--csv", csv, "csv");
        Host host = Hosts.read(console, Grammar.words(parsed, 0));
        String name = Grammar.words(parsed, 1).get(0);
        if (csv == null) {
            console.print(text(host.rows(name)));
            return Main.FITS;
        }
        var text = new StringWriter();
        host.table(name).write().csv(text);
        if (output.tookStdout()) {
            console.print(text.toString());
        } else {
            WholeFile.write(csv, text.toString());
        }
        return Main.FITS;
    }

    /** The first rows and the columns that fit in a wide terminal; what is left out is said. */
    static String text(Rows rows) {
        int shown = Math.min(rows.size(), ROWS);
        var columns = new ArrayList<String>();
        int width = 0;
        for (String column : rows.columns()) {
            int widest = cut(column).length();
            for (int row = 0; row < shown; row++) {
                widest = Math.max(widest, cut(rows.cell(column, row)).length());
            }
            width += widest + 2;
            if (width > WIDTH && !columns.isEmpty()) {
                break;
            }
            columns.add(column);
        }
        var lines = new ArrayList<List<String>>();
        lines.add(columns.stream().map(TableCommand::cut).toList());
        for (int row = 0; row < shown; row++) {
            int at = row;
            lines.add(columns.stream().map(c -> cut(rows.cell(c, at))).toList());
        }
        var out = new StringBuilder(Terminal.aligned(lines));
        int moreRows = rows.size() - shown;
        int moreColumns = rows.columns().size() - columns.size();
        if (moreColumns > 0) {
            List<String> left =
                    rows.columns().subList(columns.size(), rows.columns().size());
            out.append(moreColumns)
                    .append(moreColumns == 1 ? " more column: --csv (" : " more columns: --csv (")
                    .append(Terminal.printable(String.join(" ", left)))
                    .append(")\n");
        }
        if (moreRows > 0) {
            out.append(moreRows).append(moreRows == 1 ? " more row: --csv\n" : " more rows: --csv\n");
        }
        if (rows.excerpt()) {
            out.append("an excerpt: it shows that these exist, not how many there are\n");
        }
        return out.toString();
    }

    private static String cut(String cell) {
        return cell.codePointCount(0, cell.length()) <= CELL
                ? cell
                : cell.substring(0, cell.offsetByCodePoints(0, CELL - 1)) + "…";
    }
}
