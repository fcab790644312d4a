package plimsoll.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import plimsoll.telemetry.NothingReadable;

/** The command line, {@code ./plimsoll}. What it promises to scripts is in {@code docs/cli.md}. */
public final class Main {
    static final int FITS = 0;
    static final int OVER = 1;
    static final int USAGE = 2;
    static final int UNREADABLE = 3;
    /** EX_SOFTWARE of sysexits.h. */
    static final int DEFECT = 70;

    private static final String[] FOOTER = {
        "",
        "PATH is a folder, a file or an archive; - is standard input, here is this machine.",
        "Exit codes: 0 fits, 1 over (--fail-over) or unknown (--fail-unknown), 2 wrong usage, 3 nothing readable."
    };

    private static final List<String> COMMANDS = List.of("report", "sources", "tables", "table", "record", "shell");

    // loops and a switch here and below: the first lambda of a Java takes as long as all of this, and the warm-up pays
    // for it aside
    private static Asked command(String name, Console console) {
        return switch (name) {
            case "report" -> new ReportCommand(console);
            case "sources" -> new SourcesCommand(console);
            case "tables" -> new TablesCommand(console);
            case "table" -> new TableCommand(console);
            case "record" -> new RecordCommand(console);
            case "shell" -> new ShellCommand();
            default -> throw new IllegalArgumentException("there is no command " + name);
        };
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Hosts.warmUp(args);
        // none of its types but text is asked for, and it would look each of the others up
        System.setProperty("picocli.converters.excludes", ".*");
        System.exit(run(Console.ofProcess(), args));
    }

    /** Runs one command and returns its exit code; throws nothing. */
    static int run(Console console, String... args) {
        try {
            CommandSpec spec = Grammar.command(
                    "plimsoll",
                    "Says for every finite thing a Linux host hands out: how much is asked for, how much there is.");
            spec.usageMessage().footer(FOOTER);
            var commands = new LinkedHashMap<String, Asked>();
            // a start is faster where it does not make the others
            boolean named = args.length > 0 && COMMANDS.contains(args[0]);
            for (String name : named ? List.of(args[0]) : COMMANDS) {
                Asked command = command(name, console);
                commands.put(name, command);
                spec.addSubcommand(name, command.spec());
            }
            // a word that begins with @ is a word
            ParseResult parsed = new CommandLine(spec).setExpandAtFiles(false).parseArgs(args);
            Optional<String> help = help(parsed);
            if (help.isPresent()) {
                console.print(help.get());
                return FITS;
            }
            return execute(parsed, commands);
        } catch (ParameterException e) {
            console.say(message(e) + "; " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help says more");
            return USAGE;
        } catch (NothingReadable e) {
            console.say(message(e));
            return UNREADABLE;
        } catch (InvalidPathException e) {
            console.say("'" + e.getInput() + "' is no path: " + e.getReason());
            return USAGE;
        } catch (IllegalArgumentException | UncheckedIOException e) {
            trace(console, e);
            console.say(message(e));
            return USAGE;
        } catch (OutOfMemoryError e) {
            console.say("this does not fit in the memory that Java may use: allow more, as in "
                    + "PLIMSOLL_JAVA_OPTIONS=-Xmx8g, or give fewer files");
            return DEFECT;
        } catch (Throwable e) {
            trace(console, e);
            console.say("a defect in plimsoll: " + e + "; please report it with what PLIMSOLL_DEBUG=1 prints");
            return DEFECT;
        }
    }

    private static Optional<String> help(ParseResult parsed) {
        for (ParseResult at = parsed; ; at = at.subcommand()) {
            CommandLine line = at.commandSpec().commandLine();
            if (at.isUsageHelpRequested()) {
                return Optional.of(line.getUsageMessage(CommandLine.Help.Ansi.OFF));
            }
            if (at.isVersionHelpRequested()) {
                return Optional.of(String.join("\n", new Version().getVersion()) + "\n");
            }
            if (!at.hasSubcommand()) {
                return Optional.empty();
            }
        }
    }

    private static int execute(ParseResult parsed, Map<String, Asked> commands) {
        if (!parsed.hasSubcommand()) {
            throw new ParameterException(
                    parsed.commandSpec().commandLine(),
                    "nothing is asked: say report, sources, tables, table, record or shell");
        }
        ParseResult asked = parsed.subcommand();
        return Objects.requireNonNull(commands.get(asked.commandSpec().name())).answer(asked);
    }

    private static String message(Throwable e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }

    private static void trace(Console console, Throwable e) {
        if ("1".equals(System.getenv("PLIMSOLL_DEBUG"))) {
            var text = new StringWriter();
            e.printStackTrace(new PrintWriter(text));
            console.error(text.toString());
        }
    }

    /** One of the commands. */
    interface Asked {
        /** The words it takes. */
        CommandSpec spec();

        /** Does what the words say and returns the exit code. */
        int answer(ParseResult parsed);
    }

    /** What the jar says it is. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "plimsoll " + Objects.requireNonNullElse(version, "from classes"),
                "Java " + System.getProperty("java.version")
            };
        }
    }
}
