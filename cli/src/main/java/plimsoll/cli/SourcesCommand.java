package plimsoll.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.analyses.Host;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Reject;

/** {@code plimsoll sources}: what became of each file. */
final class SourcesCommand implements Main.Asked {
    private final Console console;

    SourcesCommand(Console console) {
        this.console = console;
    }

    @Override
    public CommandSpec spec() {
        return Look.options(Grammar.command(
                        "sources", "What each file of a capture turned out to be, and how much of it was understood.")
                .addPositional(Grammar.word("0..*", "1..*", "PATH", Hosts.PATH + " Several are one host."))
                .addOption(Grammar.flag("--rejected", "List the lines that were not understood, each with its reason."))
                .addOption(Grammar.value("--json", "FILE", "Write all of it as JSON; - is standard output.")));
    }

    @Override
    public int answer(ParseResult parsed) {
        String json = Grammar.given(parsed, "--json");
        boolean rejected = parsed.hasMatchedOption("--rejected");
        var output = new Output().wants("--json", json, "json");
        Host host = Look.host(console, parsed);
        if (json != null && !output.tookStdout()) {
            host.sources().save(json);
        }
        console.print(
                output.tookStdout()
                        ? host.sources().json()
                        : rejected
                                ? rejects(host.capture().rejected())
                                : host.sources().text(Screen.width()) + "\n");
        return Main.FITS;
    }

    private static String rejects(List<Reject> rejects) {
        return rejects.isEmpty()
                ? "every line was understood\n"
                : rejects.stream()
                        .map(r -> Terminal.printable(r.toString()) + "\n")
                        .collect(Collectors.joining());
    }
}
