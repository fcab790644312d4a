package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Commands run inside of something else, a network namespace or a container: {@code ip netns exec web ss -tan}, {@code nsenter -t 812 -n
 * ss -tan}, {@code docker exec web ss -tan}, and the names that sos gives to files of such output.
 */
final class Inside {
    /** Options of those commands that take a word. */
    private static final Set<String> WITH_WORD = Set.of(
            "-u", "--user", "-w", "--workdir", "-e", "--env", "-n", "--namespace", "-c", "--container", "--context");

    private static final String SOS = "ip_netns_exec_";

    private Inside() {}

    /** The command itself. */
    static String command(String line) {
        List<String> words = words(line);
        int at = begins(words);
        return at == 0 ? line : String.join(" ", words.subList(at, words.size()));
    }

    /** Where the command line or else the path says it was run; empty where neither does. */
    static Optional<String> namespace(String path, Optional<String> line) {
        return line.flatMap(Inside::namespace).or(() -> named(path));
    }

    /** The namespace or container that the command line names; empty where it names none. */
    static Optional<String> namespace(String line) {
        List<String> words = words(line);
        return begins(words) == 0 ? Optional.empty() : Optional.of(name(words));
    }

    private static List<String> words(String line) {
        boolean may = line.startsWith("ip ")
                || line.startsWith("nsenter ")
                || line.startsWith("docker ")
                || line.startsWith("podman ")
                || line.startsWith("kubectl ");
        return may ? Fields.split(line) : List.of();
    }

    /** The index of the first word of the command inside; 0 where there is none. */
    private static int begins(List<String> words) {
        if (words.isEmpty()) {
            return 0;
        }
        int at =
                switch (words.get(0)) {
                    case "ip" -> {
                        int exec = words.indexOf("exec");
                        yield exec > 1 && words.get(exec - 1).equals("netns") ? exec + 2 : 0;
                    }
                    case "nsenter" -> network(words) ? entered(words) : 0;
                    default -> words.indexOf("exec") == 1 || words.indexOf("exec") == 3 ? contained(words) : 0;
                };
        return at < words.size() ? at : 0;
    }

    private static boolean network(List<String> words) {
        return words.stream().anyMatch(w -> w.matches("-\\w*[na]\\w*") || w.startsWith("--net") || w.equals("--all"));
    }

    /** nsenter's options stand before the command; those of one letter may have their word behind them. */
    private static int entered(List<String> words) {
        int at = 1;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String option = words.get(at);
            at += option.matches("-\\w*t|--target") ? 2 : 1;
            if (option.equals("--")) {
                break;
            }
        }
        return at;
    }

    private static int contained(List<String> words) {
        int at = words.indexOf("exec") + 1;
        boolean named = false;
        while (at < words.size()) {
            String word = words.get(at);
            if (word.equals("--")) {
                return at + 1;
            }
            if (!word.startsWith("-")) {
                if (named) {
                    return at;
                }
                named = true;
            }
            at += WITH_WORD.contains(word) ? 2 : 1;
        }
        return 0;
    }

    private static String name(List<String> words) {
        switch (words.get(0)) {
            case "ip" -> {
                return words.get(words.indexOf("exec") + 1);
            }
            case "nsenter" -> {
                for (int i = 1; i + 1 < words.size(); i++) {
                    String word = words.get(i);
                    if (word.startsWith("--net=") || word.startsWith("-n/")) {
                        return word.substring(word.lastIndexOf('/') + 1);
                    }
                    if (word.startsWith("--target=")) {
                        return word.substring("--target=".length());
                    }
                    if (word.matches("-\\w*t|--target")) {
                        return words.get(i + 1);
                    }
                }
                return words.get(1);
            }
            default -> {
                int at = words.indexOf("exec") + 1;
                while (at < words.size() - 1 && words.get(at).startsWith("-")) {
                    at += WITH_WORD.contains(words.get(at)) ? 2 : 1;
                }
                return words.get(Math.min(at, words.size() - 1));
            }
        }
    }

    /** As sos names what it ran in a namespace: {@code namespaces/web/ip_netns_exec_web_ss_-peaonmi}. */
    private static Optional<String> named(String path) {
        int file = path.lastIndexOf('/') + 1;
        if (!path.startsWith(SOS, file)) {
            return Optional.empty();
        }
        String rest = path.substring(file + SOS.length());
        int end = Math.max(0, file - 1);
        String folder = path.substring(path.lastIndexOf('/', end - 1) + 1, end);
        if (rest.startsWith(folder + "_")) {
            return Optional.of(folder);
        }
        int name = rest.indexOf('_');
        return name > 0 ? Optional.of(rest.substring(0, name)) : Optional.empty();
    }
}
