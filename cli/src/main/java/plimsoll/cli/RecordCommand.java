package plimsoll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Recording;

/** {@code plimsoll record}: a capture of this machine. */
final class RecordCommand implements Main.Asked {
    private final Console console;

    RecordCommand(Console console) {
        this.console = console;
    }

    @Override
    public CommandSpec spec() {
        return Grammar.command(
                        "record",
                        "Writes a capture of this machine, of one moment or of several.",
                        "Where there is no Java, collect.sh takes the same. Configuration is taken as it stands, passwords in it too.")
                .addPositional(
                        Grammar.word(
                                "0",
                                "1",
                                "OUT",
                                "An archive where it ends in .tar.gz or .tgz, else a new folder; several moments go into a folder."))
                .addOption(Grammar.value("--every", "SPAN", "One moment each SPAN, as in 1s; needs --for."))
                .addOption(Grammar.value("--for", "SPAN", "How long, as in 60s; needs --every."));
    }

    @Override
    public int answer(ParseResult parsed) {
        String out = Grammar.words(parsed, 0).get(0);
        String every = Grammar.given(parsed, "--every");
        String lasting = Grammar.given(parsed, "--for");
        if (every == null && lasting == null) {
            Recording recording = Recording.take();
            recording.save(Path.of(out));
            console.print(recording + ": " + out + "\n");
            return Main.FITS;
        }
        if (every == null || lasting == null) {
            throw new IllegalArgumentException("--every and --for go together, as in --every 1s --for 60s");
        }
        if (out.matches(".*\\.(tar\\.gz|tgz)")) {
            throw new IllegalArgumentException("several moments go into a folder, and " + out + " is an archive");
        }
        long step = nanos("--every", every);
        long moments = nanos("--for", lasting) / step + 1;
        Path folder = Path.of(out);
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot make the folder " + out + (Files.exists(folder) ? ": it is there already" : ""), e);
        }
        long start = System.nanoTime();
        for (long i = 0; i < moments; i++) {
            pause(start + i * step - System.nanoTime());
            Recording recording = Recording.take();
            recording.save(folder.resolve(recording.time()));
        }
        console.print(moments + (moments == 1 ? " moment: " : " moments: ") + out + "\n");
        return Main.FITS;
    }

    private static long nanos(String option, String text) {
        double seconds = Quantity.parse(text, Unit.SPAN).value();
        if (!(seconds >= 0.1 && seconds <= 7 * 86400)) {
            throw new IllegalArgumentException(option + " is from 100 ms to 7 days, and not '" + text + "'");
        }
        return Math.round(seconds * 1e9);
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between two moments", e);
        }
    }
}
