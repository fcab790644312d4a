package plimsoll.telemetry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads the files of a running machine that sources know. They are only read: no command is run, nothing is written. */
final class LiveHost {
    /** What every Linux has unless a module is missing; the rest depends on versions and on what is installed. */
    private static final Pattern EXPECTED = Pattern.compile("/proc/(net/.*|[a-z]+)|/etc/os-release|/boot/.*");

    private LiveHost() {}

    static Collected collect(Path root) {
        var collected = new Collected(Limits.USUAL);
        if (!Files.isDirectory(root.resolve("proc"))) {
            throw new NothingReadable(
                    "there is no " + root.resolve("proc") + ": the live host is read from the /proc of Linux");
        }
        Inventory.files(root).forEach(f -> add(collected, root, f.path()));
        configuration(collected, root);
        return collected;
    }

    /** The kernel's build configuration, for HZ: where the kernel shows it, else where distributions install it. */
    private static void configuration(Collected collected, Path root) {
        Path shown = root.resolve("proc/config.gz");
        if (Files.isReadable(shown)) {
            collected.add(shown, "/proc/");
            return;
        }
        try {
            String release =
                    Files.readString(root.resolve("proc/sys/kernel/osrelease")).strip();
            add(collected, root, "/boot/config-" + release);
        } catch (IOException e) {
            collected
                    .problems()
                    .add("/boot/config-$(uname -r) was not looked for: the kernel's release cannot be read");
        }
    }

    private static void add(Collected collected, Path root, String path) {
        Path file = Inventory.below(root, path);
        if (!Files.exists(file)) {
            if (EXPECTED.matcher(path).matches()) {
                collected.problems().add(path + " is not there" + why(path));
            }
            return;
        }
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            collected.add(path, in);
        } catch (AccessDeniedException e) {
            collected.problems().add(path + " cannot be read: permission denied, needs root");
        } catch (IOException e) {
            collected.problems().add(path + " cannot be read: " + e.getMessage());
        }
    }

    private static String why(String path) {
        return path.endsWith("nf_conntrack")
                ? ": the module nf_conntrack is not loaded, or shows its table to conntrack -L only"
                : path.startsWith("/boot/") ? ": HZ is not known" : "";
    }
}
