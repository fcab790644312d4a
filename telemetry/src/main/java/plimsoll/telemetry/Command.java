package plimsoll.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Command lines: how they look at a prompt, and what a pipe does to their output. */
final class Command {
    // programs whose output is telemetry: only these are taken for a command where no prompt proves it
    private static final Set<String> KNOWN = Set.of(
            "ss",
            "netstat",
            "nstat",
            "conntrack",
            "sysctl",
            "slabtop",
            "vmstat",
            "iostat",
            "pidstat",
            "mpstat",
            "sar",
            "sadf",
            "free",
            "df",
            "lsof",
            "lsblk",
            "uname",
            "nginx",
            "php-fpm",
            "php",
            "redis-cli",
            "dmesg",
            "journalctl",
            "tcpdump",
            "ethtool",
            "ip",
            "nft",
            "iptables",
            "iptables-save",
            "ip6tables",
            "ip6tables-save",
            "hexdump",
            "xxd",
            "cat",
            "zcat",
            "grep",
            "zgrep",
            "egrep",
            "head",
            "tail",
            "date",
            "hostname",
            "hostnamectl",
            "mount",
            "findmnt",
            "ulimit",
            "prlimit",
            "getconf",
            "curl",
            "top",
            "ps",
            "watch");
    // of those, the ones that say something with no argument at all
    private static final Set<String> ALONE = Set.of(
            "ss",
            "netstat",
            "nstat",
            "vmstat",
            "iostat",
            "free",
            "df",
            "date",
            "mount",
            "dmesg",
            "lsof",
            "lsblk",
            "iptables-save",
            "ip6tables-save");

    // what may stand before a command
    private static final Set<String> BEFORE = Set.of("#", "sudo", "time", "command", "env");

    private static final Pattern SHELL = Pattern.compile(
            "(?:\\[[\\w.-]+@[\\w.-]++[^\\]]*+\\]|[\\w.-]+@[\\w.-]+[:\\s][^$#%]{0,200})\\s?[$#%]\\s+(\\S.*)");
    private static final Pattern DOLLAR = Pattern.compile("\\$\\s+(\\S.*)");
    private static final Pattern HASH = Pattern.compile("#\\s+(\\S.*)");
    private static final Pattern WATCH = Pattern.compile("Every \\d+[.,]\\ds: (\\S.*?)(?:\\s{2,}.*)?");
    private static final Pattern FILE = Pattern.compile("==> (\\S.*) <==");
    private static final Pattern PREFIX = Pattern.compile(
            "(?:(?:sudo|time|command|env|LC_ALL=\\S+|LANG=\\S+)\\s+|watch(?:\\s+-\\S+(?:\\s+[\\d.]+)?)*+\\s+['\"]?)++");
    private static final Pattern SUBJECT = Pattern.compile("[-/|*.'\"\\[$>(].*|[a-z]+[./][\\w./-]+");
    // only these take a bare number; a row of lsof begins with a program's name and a number, too
    private static final Pattern EVERY =
            Pattern.compile("(?:vmstat|iostat|mpstat|pidstat|sar)\\s+\\d+(?:\\s+\\d+)?(?:\\s*[|>&;].*)?");

    private static final Pattern COUNTS = Pattern.compile(".*\\s-\\w*c\\w*(?:\\s.*)?");
    private static final Pattern EVERY_LINE = Pattern.compile("(?:\\s+-\\w+)*+\\s+(?:\\.|'[.^]?'|\"[.^]?\")(?:\\s.*)?");

    /** No command line at a prompt is longer; what is, is text that somebody made to be slow. */
    private static final int LONGEST = 4096;

    private Command() {}

    /** The command that a prompt line runs; empty where the line is no prompt. A prompt proves any command, known or not. */
    static Optional<String> prompt(String line) {
        if (line.length() > LONGEST) {
            return Optional.empty();
        }
        if (line.startsWith("==> ")) {
            Matcher m = FILE.matcher(line);
            return m.matches() ? Optional.of("cat " + m.group(1)) : Optional.empty();
        }
        // most lines are none, and are known by their beginning
        Pattern prompt = line.startsWith("$") ? DOLLAR : line.startsWith("Every ") ? WATCH : SHELL;
        if (prompt == SHELL && line.indexOf('@') < 0) {
            return Optional.empty();
        }
        Matcher m = prompt.matcher(line);
        return m.matches() ? Optional.of(Once.of(bare(m.group(1)))) : Optional.empty();
    }

    /** The command of a line that is nothing but a known command line, or one after a {@code #} prompt; empty for all else. */
    static Optional<String> alone(String line) {
        if (line.length() > LONGEST || line.startsWith(" ") || !may(line)) {
            return Optional.empty();
        }
        Matcher m = HASH.matcher(line);
        String command = bare(m.matches() ? m.group(1) : line);
        String[] words = command.split("\\s+", 3);
        if (!KNOWN.contains(words[0])) {
            return Optional.empty();
        }
        boolean told = Inside.namespace(command).isPresent()
                || (words.length == 1
                        ? ALONE.contains(words[0])
                        : SUBJECT.matcher(words[1]).matches()
                                || EVERY.matcher(command).matches()
                                || (words[0].equals("ss") && words[1].equals("state"))
                                || (words[0].equals("redis-cli")
                                        && List.of("info", "config", "client")
                                                .contains(words[1].toLowerCase(Locale.ROOT))));
        // prose may begin with a command's name: it goes on in sentences
        return told && !command.matches(".*[a-z]{2}[.:!?]$|.*[.,;] [A-Za-z].*")
                ? Optional.of(command)
                : Optional.empty();
    }

    /** True for a line whose first word a command line may have. */
    private static boolean may(String line) {
        String command = line.strip();
        int end = 0;
        while (end < command.length() && !Character.isWhitespace(command.charAt(end))) {
            end++;
        }
        String word = command.substring(0, end);
        return KNOWN.contains(word) || BEFORE.contains(word) || word.startsWith("LC_ALL=") || word.startsWith("LANG=");
    }

    /** The command without {@code sudo}, {@code watch} and their like. */
    private static String bare(String command) {
        Matcher m = PREFIX.matcher(command);
        if (!m.lookingAt()) {
            return command.strip();
        }
        String rest = command.substring(m.end()).strip();
        boolean quoted = command.substring(0, m.end()).matches(".*['\"]") && rest.matches(".*['\"]");
        return quoted ? rest.substring(0, rest.length() - 1) : rest;
    }

    /**
     * True where the output is some lines of what there is: {@code ... | grep tcp}, {@code head -5 FILE}. Counting what was picked
     * ({@code grep -c}, {@code uniq -c}, {@code wc -l}) gives a total again.
     */
    static boolean filters(String command) {
        List<String> stages =
                Arrays.stream(command.split("\\|")).map(String::strip).toList();
        boolean picked = false;
        for (String stage : stages) {
            String word = stage.split("\\s+", 2)[0];
            String arguments = stage.substring(word.length());
            switch (word) {
                case "grep", "egrep", "fgrep", "zgrep" ->
                    picked = !COUNTS.matcher(arguments).matches()
                            && !EVERY_LINE.matcher(arguments).matches();
                case "head" -> picked = true;
                case "tail" -> picked = !arguments.matches(".*\\s\\+1\\b.*");
                case "sed" -> picked |= arguments.matches("\\s+-n.*");
                case "awk" -> picked |= arguments.matches("\\s+['\"]?(/|\\$\\d+\\s*[=~<>!]|NR).*");
                case "uniq" -> picked &= !arguments.matches("\\s+-\\w*c.*");
                case "wc" -> picked = false;
                default -> {}
            }
        }
        return picked;
    }
}
