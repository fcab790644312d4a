package plimsoll.cli;

import java.util.List;
import plimsoll.analyses.Host;

/** The host that the PATHs of a command name. */
final class Hosts {
    static final String PATH = "A folder, a file or an archive; - is standard input, here is this machine.";

    /** Something short that is recognised, so that every source is asked and every law is applied once. */
    private static final String SAMPLE = "sockets: used 1\nTCP: inuse 1 orphan 0 tw 0 alloc 1 mem 1\n";

    private Hosts() {}

    /** Loads what reading and judging need on another processor, while this one reads the command line. */
    static void warmUp(String... args) {
        if (args.length > 0 && args[0].equals("report")) {
            var aside = new Thread(() -> Host.of(SAMPLE).report(), "warm-up");
            aside.setDaemon(true);
            // what goes wrong here goes wrong again where it can be told
            aside.setUncaughtExceptionHandler((thread, e) -> {});
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
