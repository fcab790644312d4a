package plimsoll.notebooks;

import org.jspecify.annotations.Nullable;
import plimsoll.analyses.Host;

/** What the start-up script calls. */
public final class Start {
    /** The system property of the shell's own Java that names what {@code host} is read from. */
    static final String PATH = "plimsoll.path";

    private Start() {}

    /** The host the shell was opened with; null, after a line that says how to begin, where it was opened with none. */
    public static @Nullable Host host() {
        Host host = host(System.getProperty(PATH));
        System.out.println(
                host == null
                        ? "no host yet: var host = Host.read(\"PATH\"), Host.here() or Host.paste(); then host.budgets()"
                        : host);
        return host;
    }

    /** Reads a path as the command line does; null for none. */
    static @Nullable Host host(@Nullable String path) {
        return path == null ? null : path.equals("here") ? Host.here() : Host.read(path);
    }
}
