package plimsoll.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.analyses.Host;

/** Which of its moments and network namespaces a capture is looked at in. */
final class Look {
    private static final String AT = "--at";
    private static final String IN = "--in";

    private Look() {}

    /** Adds the options to a command that reads PATHs, and the limits of that. */
    static CommandSpec options(CommandSpec command) {
        return command.addOption(
                        Grammar.value(
                                AT,
                                "TIME",
                                "Another moment of the capture than the last: its folder's name, or the ISO time its date says."))
                .addOption(Grammar.value(
                        IN,
                        "NAMESPACE",
                        "Another network namespace: its folder's name, or the one its commands ran in."))
                .addOption(Hosts.limit());
    }

    /**
     * Reads the host that the PATHs name, as it was asked to be looked at.
     *
     * @throws plimsoll.telemetry.NothingReadable when there is nothing to read
     * @throws IllegalArgumentException when it has no such moment or namespace, naming those it has
     */
    static Host host(Console console, ParseResult parsed) {
        Host host = Hosts.read(console, parsed);
        String in = Grammar.given(parsed, IN);
        String at = Grammar.given(parsed, AT);
        // the namespace first: rates are those between its own moments
        Host inside = in == null ? host : host.in(in);
        return at == null ? inside : inside.at(at);
    }
}
