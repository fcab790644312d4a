package plimsoll.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.analyses.Host;
import plimsoll.telemetry.Limits;

/** The host that the PATHs of a command name. */
final class Hosts {
    static final String PATH = "A folder, a file or an archive; - is standard input, here is this machine.";

    private static final String LIMIT = "--limit";

    private Hosts() {}

    /** What a command takes that reads a host beside its PATHs. */
    static OptionSpec limit() {
        return Grammar.values(
                LIMIT,
                "NAME=VALUE",
                "Read more of a capture, or less: entries, file, total, ratio or depth, as total=\"16 GiB\". May be repeated.");
    }

    /** Applies every law once on another processor, while this one reads the command line and the capture. */
    static void warmUp(String... args) {
        if (args.length > 0 && args[0].equals("report")) {
            // what goes wrong here goes wrong again where it can be told
            var aside = new Thread(new FutureTask<>(new WarmUp()), "warm-up");
            aside.setDaemon(true);
            aside.start();
        }
    }

    /** No lambda: making the first one is part of what is to be done aside. */
    private static final class WarmUp implements Callable<String> {
        @Override
        public String call() {
            return Host.blank().report().toString();
        }
    }

    /**
     * Reads it.
     *
     * @throws plimsoll.telemetry.NothingReadable when there is nothing to read
     * @throws IllegalArgumentException when {@code -} or {@code here} is not alone
     */
    static Host read(Console console, ParseResult parsed) {
        List<String> paths = Grammar.words(parsed, 0);
        for (String alone : List.of("-", "here")) {
            if (paths.contains(alone) && paths.size() > 1) {
                throw new IllegalArgumentException("'" + alone + "' is a host of its own: give it as the only PATH"
                        + (alone.equals("here") ? ", or write ./here for a file of that name" : ""));
            }
        }
        return switch (paths.get(0)) {
            case "-" -> Host.of(limits(parsed), console.in());
            case "here" -> here(parsed);
            default -> read(console, limits(parsed), paths.toArray(String[]::new));
        };
    }

    private static Host here(ParseResult parsed) {
        if (parsed.hasMatchedOption(LIMIT)) {
            throw new IllegalArgumentException(LIMIT + " is for captures: 'here' reads what the kernel shows, whole");
        }
        return Host.here();
    }

    private static Host read(Console console, Limits limits, String... paths) {
        try (ProgressLine progress = ProgressLine.on(console)) {
            return Host.read(limits, progress, paths);
        }
    }

    private static Limits limits(ParseResult parsed) {
        Limits limits = Limits.usual();
        for (String given : Grammar.all(parsed, LIMIT)) {
            KeyValue limit = KeyValue.parse(LIMIT, given, "NAME=VALUE, as ratio=2000 or total=\"16 GiB\"");
            try {
                limits = limits.with(limit.key(), limit.value());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(LIMIT + " '" + given + "': " + e.getMessage(), e);
            }
        }
        return limits;
    }
}
