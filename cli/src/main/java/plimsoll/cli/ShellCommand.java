package plimsoll.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.notebooks.Shell;

/** {@code plimsoll shell}: JShell with everything imported and {@code host} loaded. */
final class ShellCommand implements Main.Asked {
    @Override
    public CommandSpec spec() {
        return Grammar.command(
                        "shell",
                        "JShell with imports done and the variable host loaded; a script may come in on standard input.")
                .addPositional(
                        Grammar.word("0", "0..1", "PATH", "A folder, a file or an archive; here is this machine."));
    }

    @Override
    public int answer(ParseResult parsed) {
        List<String> paths = Grammar.words(parsed, 0);
        if (paths.contains(Output.STDOUT)) {
            throw new IllegalArgumentException(
                    "a shell reads its lines from standard input: give a PATH, or use Host.paste() in the shell");
        }
        return Shell.open(paths.isEmpty() ? null : paths.get(0));
    }
}
