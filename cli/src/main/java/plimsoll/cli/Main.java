package plimsoll.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
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

    private static final Map<String, Function<Console, Asked>> COMMANDS = commands();

    private static Map<String, Function<Console, Asked>> commands() {
        var commands = new LinkedHashMap<String, Function<Console, Asked>>();
        commands.put("report", ReportCommand::new);
        commands.put("sources", SourcesCommand::new);
        commands.put("tables", TablesCommand::new);
        commands.put("table", TableCommand::new);
        commands.put("record", RecordCommand::new);
        commands.put("shell", console -> new ShellCommand());
        return commands;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Hosts.warmUp(args);
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
            boolean named = args.length > 0 && COMMANDS.containsKey(args[0]);
            COMMANDS.forEach((name, command) -> {
                // a start is faster where it does not make the others
                if (!named || name.equals(args[0])) {
                    commands.put(name, command.apply(console));
                }
            });
            commands.forEach((name, command) -> spec.addSubcommand(name, command.spec()));
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
