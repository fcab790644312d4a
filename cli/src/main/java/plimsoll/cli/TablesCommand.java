package plimsoll.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import plimsoll.analyses.Host;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Rows;

/** {@code plimsoll tables}: the tables of a capture. */
@Command(
        name = "tables",
        mixinStandardHelpOptions = true,
        description = "The tables of a capture, their columns, and what they were read from.")
final class TablesCommand implements Main.Asked {
    private final Console console;

    @Parameters(paramLabel = "PATH", arity = "1", description = Hosts.PATH)
    private String path = "";

    TablesCommand(Console console) {
        this.console = console;
    }

    @Override
    public int answer() {
        Host host = Hosts.read(console, List.of(path));
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
