package plimsoll.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.analyses.Host;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Rows;

/** {@code plimsoll tables}: the tables of a capture. */
final class TablesCommand implements Main.Asked {
    private final Console console;

    TablesCommand(Console console) {
        this.console = console;
    }

    @Override
    public CommandSpec spec() {
        return Grammar.command("tables", "The tables of a capture, their columns, and what they were read from.")
                .addPositional(Grammar.word("0", "1", "PATH", Hosts.PATH));
    }

    @Override
    public int answer(ParseResult parsed) {
        Host host = Hosts.read(console, Grammar.words(parsed, 0));
        var lines = new ArrayList<List<String>>();
        lines.add(List.of("table", "rows", "columns", "from"));
        for (String name : host.tables()) {
            Rows rows = host.rows(name);
            lines.add(List.of(
                    name,
                    rows.size() + (rows.excerpt() ? ", an excerpt" : ""),
                    String.join(" ", rows.columns()),
                    host.capture().origin(name)));
        }
        console.print(lines.size() == 1 ? "no tables, only single values\n" : Terminal.aligned(lines));
        return Main.FITS;
    }
}
