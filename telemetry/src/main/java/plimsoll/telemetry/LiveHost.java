package plimsoll.telemetry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which files of a running machine are read. They are only read: no command is run, nothing is written. */
final class LiveHost {
    private static final List<String> PROC = List.of(
            "proc/net/tcp",
            "proc/net/tcp6",
            "proc/net/sockstat",
            "proc/net/sockstat6",
            "proc/net/snmp",
            "proc/net/netstat",
            "proc/net/snmp6",
            "proc/net/udp",
            "proc/net/udp6",
            "proc/net/dev",
            "proc/net/protocols",
            "proc/net/softnet_stat",
            "proc/net/nf_conntrack",
            "proc/net/stat/nf_conntrack",
            "proc/meminfo",
            "proc/vmstat",
            "proc/zoneinfo",
            "proc/slabinfo",
            "proc/version",
            "etc/os-release");

    private LiveHost() {}

    static Collected collect(Path root) {
        var collected = new Collected(Collected.Limits.USUAL);
        if (!Files.isDirectory(root.resolve("proc"))) {
            throw new NothingReadable(
                    "there is no " + root.resolve("proc") + ": the live host is read from the /proc of Linux");
        }
        PROC.forEach(path -> add(collected, root, path, true));
        List<String> settings = new ArrayList<>(List.of(
                "proc/sys/kernel/hostname",
                "proc/sys/kernel/osrelease",
                "proc/sys/fs/file-nr",
                "proc/sys/net/netfilter/nf_conntrack_count"));
        Settings.all().forEach(s -> s.path().ifPresent(p -> settings.add(p.substring(1))));
        settings.stream().sorted().distinct().forEach(path -> add(collected, root, path, false));
        configuration(collected, root);
        nginx(collected, root);
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
            add(collected, root, "boot/config-" + release, true);
        } catch (IOException e) {
            collected
                    .problems()
                    .add("/boot/config-$(uname -r) was not looked for: the kernel's release cannot be read");
        }
    }

    private static void nginx(Collected collected, Path root) {
        add(collected, root, "etc/nginx/nginx.conf", false);
        for (String folder : List.of("etc/nginx/conf.d", "etc/nginx/sites-enabled")) {
            if (Files.isDirectory(root.resolve(folder))) {
                try (var files = Files.list(root.resolve(folder))) {
                    files.sorted().forEach(f -> add(collected, root, folder + "/" + f.getFileName(), false));
                } catch (IOException e) {
                    collected.problems().add("/" + folder + " cannot be read: permission denied, needs root");
                }
            }
        }
    }

    private static void add(Collected collected, Path root, String path, boolean expected) {
        Path file = root.resolve(path);
        if (!Files.exists(file)) {
            if (expected) {
                collected.problems().add("/" + path + " is not there" + why(path));
            }
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            collected.add("/" + path, in);
        } catch (AccessDeniedException e) {
            collected.problems().add("/" + path + " cannot be read: permission denied, needs root");
        } catch (IOException e) {
            collected.problems().add("/" + path + " cannot be read: " + e.getMessage());
        }
    }

    private static String why(String path) {
        return path.endsWith("nf_conntrack")
                ? ": the module nf_conntrack is not loaded, or shows its table to conntrack -L only"
                : path.startsWith("boot/") ? ": HZ is not known" : "";
    }
}
