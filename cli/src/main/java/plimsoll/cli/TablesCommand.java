package plimsoll.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.analyses.Host;

/** {@code plimsoll tables}: the tables of a capture. */
final class TablesCommand implements Main.Asked {
    private final Console console;

    TablesCommand(Console console) {
        this.console = console;
    }

    @Override
    public CommandSpec spec() {
        return Look.options(
                Grammar.command("tables", "The tables of a capture, their columns, and what they were read from.")
                        .addPositional(Grammar.word("0", "1", "PATH", Hosts.PATH)));
    }

    @Override
    public int answer(ParseResult parsed) {
        Host host = Look.host(console, parsed);
        console.print(host.tables().text() + "\n");
        return Main.FITS;
    }
}
