package plimsoll.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import plimsoll.analyses.Host;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Reject;

/** {@code plimsoll sources}: what became of each file. */
@Command(
        name = "sources",
        mixinStandardHelpOptions = true,
        description = "What each file of a capture turned out to be, and how much of it was understood.")
final class SourcesCommand implements Main.Asked {
    private final Console console;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = Hosts.PATH + " Several are one host.")
    private List<String> paths = List.of();

    @Option(names = "--rejected", description = "List the lines that were not understood, each with its reason.")
    private boolean rejected;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all of it as JSON; - is standard output.")
    private @Nullable String json;

    SourcesCommand(Console console) {
        this.console = console;
    }

    @Override
    public int answer() {
        var output = new Output().wants("--json", json, "json");
        Host host = Hosts.read(console, paths);
        if (json != null && !output.tookStdout()) {
            host.sources().save(json);
        }
        console.print(
                output.tookStdout()
                        ? host.sources().json()
                        : rejected ? rejects(host.capture().rejected()) : host.sources() + "\n");
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
