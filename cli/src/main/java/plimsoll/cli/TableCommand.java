package plimsoll.cli;

import java.io.StringWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.analyses.Host;
import plimsoll.dsl.WholeFile;

/** {@code plimsoll table}: one table, as text or whole as CSV. */
final class TableCommand implements Main.Asked {
    private static final int ROWS = 50;
    private static final int WIDTH = 160;

    private final Console console;

    TableCommand(Console console) {
        this.console = console;
    }

    @Override
    public CommandSpec spec() {
        return Look.options(Grammar.command("table", "One table of a capture: its first rows, or all of it as CSV.")
                .addPositional(Grammar.word("0", "1", "PATH", Hosts.PATH))
                .addPositional(Grammar.word("1", "1", "NAME", "The table's name, as tables lists it."))
                .addOption(Grammar.value("--csv", "FILE", "Write the whole table as CSV; - is standard output.")));
    }

    @Override
    public int answer(ParseResult parsed) {
        String csv = Grammar.given(parsed, "--csv");
        var output = new Output().wants("--csv", csv, "csv");
        Host host = Look.host(console, parsed);
        String name = Grammar.words(parsed, 1).get(0);
        if (csv == null) {
            console.print(host.rows(name).text(ROWS, WIDTH, "--csv"));
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
}
