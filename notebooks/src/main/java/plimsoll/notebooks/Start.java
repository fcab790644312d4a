package plimsoll.notebooks;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import plimsoll.analyses.Host;

/** What the start-up script calls, and the script itself. */
public final class Start {
    /** The system property of the shell's own Java that names what {@code host} is read from; empty where the user is to be told how. */
    static final String PATH = "plimsoll.path";

    private static volatile @Nullable Host read;

    private Start() {}

    /** Prints the start-up script, for a JShell that is started without the command line. */
    public static void main(String[] args) throws IOException {
        try (InputStream script = Objects.requireNonNull(Start.class.getResourceAsStream(Shell.START))) {
            script.transferTo(System.out);
        }
    }

    /**
     * The host the shell was opened with; null where it was opened with none. {@code ./plimsoll shell} then shows a line that says how to
     * begin; a plain JShell shows nothing, because it may be running a script, which has an output of its own.
     */
    public static @Nullable Host host() {
        if (read != null) {
            return read;
        }
        String path = System.getProperty(PATH);
        if (path == null) {
            return null;
        }
        if (path.isEmpty()) {
            System.out.println(
                    "no host yet: var host = Host.read(\"PATH\"), Host.here() or Host.paste(); then host.budgets()");
            return null;
        }
        Host host = host(path);
        System.out.println(host);
        return host;
    }

    /** Reads what {@link #host()} gives in this Java. */
    static void read(@Nullable String path) {
        read = host(path);
    }

    /** Reads a path as the command line does; null for none. */
    private static @Nullable Host host(@Nullable String path) {
        return path == null ? null : path.equals("here") ? Host.here() : Host.read(path);
    }
}
