package plimsoll.cli;

import java.util.List;
import java.util.concurrent.FutureTask;
import plimsoll.analyses.Host;

/** The host that the PATHs of a command name. */
final class Hosts {
    static final String PATH = "A folder, a file or an archive; - is standard input, here is this machine.";

    private Hosts() {}

    /** Applies every law once on another processor, while this one reads the command line and the capture. */
    static void warmUp(String... args) {
        if (args.length > 0 && args[0].equals("report")) {
            // what goes wrong here goes wrong again where it can be told
            var aside = new Thread(new FutureTask<>(() -> Host.blank().report().toString()), "warm-up");
            aside.setDaemon(true);
            aside.start();
        }
    }

    /**
     * Reads it.
     *
     * @throws plimsoll.telemetry.NothingReadable when there is nothing to read
     * @throws IllegalArgumentException when {@code -} or {@code here} is not alone
     */
    static Host read(Console console, List<String> paths) {
        for (String alone : List.of("-", "here")) {
            if (paths.contains(alone) && paths.size() > 1) {
                throw new IllegalArgumentException("'" + alone + "' is a host of its own: give it as the only PATH"
                        + (alone.equals("here") ? ", or write ./here for a file of that name" : ""));
            }
        }
        return switch (paths.get(0)) {
            case "-" -> Host.of(console.in());
            case "here" -> Host.here();
            default -> read(console, paths.toArray(String[]::new));
        };
    }

    private static Host read(Console console, String... paths) {
        try (ProgressLine progress = ProgressLine.on(console)) {
            return Host.read(progress, paths);
        }
    }
}
