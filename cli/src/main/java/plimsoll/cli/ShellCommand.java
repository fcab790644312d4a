package plimsoll.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import plimsoll.notebooks.Shell;

/** {@code plimsoll shell}: JShell with everything imported and {@code host} loaded. */
@Command(
        name = "shell",
        mixinStandardHelpOptions = true,
        description = "JShell with imports done and the variable host loaded; a script may come in on standard input.")
final class ShellCommand implements Main.Asked {
    @Parameters(
            paramLabel = "PATH",
            arity = "0..1",
            description = "A folder, a file or an archive; here is this machine.")
    private @Nullable String path;

    @Override
    public int answer() {
        if (Output.STDOUT.equals(path)) {
            throw new IllegalArgumentException(
                    "a shell reads its lines from standard input: give a PATH, or use Host.paste() in the shell");
        }
        return Shell.open(path);
    }
}
