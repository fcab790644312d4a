package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's names: {@code uname -a}, {@code uname -r}, {@code uname -n}, {@code hostname}, {@code /etc/hostname} and {@code /proc/version}
 * (uname(1), proc(5)). The kernel takes any bytes for a host's name, up to 64 of them, blanks and quotes as well (sethostname(2)).
 */
final class UnameSource implements Source {
    private static final Pattern ALL =
            Pattern.compile("Linux (?>(\\S(?:.{0,62}?\\S)?) (\\d\\S*) #\\d).* (\\S+) GNU/Linux\\s*");
    private static final Pattern VERSION = Pattern.compile("Linux version (\\d\\S*) \\(.*");
    private static final Pattern RELEASE = Pattern.compile("\\d+\\.\\d+\\S*");
    private static final int LONGEST_NAME = 64;
    // uname -a puts the machine before "unknown unknown" where coreutils was built to print processor and platform
    private static final Pattern MACHINE = Pattern.compile(".* (\\S+)(?: (?:unknown|\\1)){1,2} GNU/Linux\\s*");

    @Override
    public String name() {
        return "uname";
    }

    @Override
    public Match match(Text text) {
        boolean asked = text.command().isPresent()
                && text.command().get().matches("uname\\s+-[rn]|hostname(\\s+-f)?|cat\\s+/etc/hostname");
        return asked ? Match.SURE : Source.super.match(text);
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Linux ")
                && (ALL.matcher(line).matches() || VERSION.matcher(line).matches());
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        String command = text.command().orElse("");
        boolean done = false;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher all = ALL.matcher(line);
            Matcher version = VERSION.matcher(line);
            if (line.isBlank()) {
                account.empty();
            } else if (done) {
                account.reject(i, "a line after the kernel's name");
            } else if (all.matches()) {
                Matcher machine = MACHINE.matcher(line);
                account.fact(i, "uname:nodename", all.group(1));
                account.fact(i, "uname:release", all.group(2));
                account.fact(i, "uname:machine", machine.matches() ? machine.group(1) : all.group(3));
                account.used();
                done = true;
            } else if (version.matches()) {
                account.fact(i, "uname:release", version.group(1));
                account.used();
                done = true;
            } else if (names(command) && name(line.strip())) {
                account.fact(i, "uname:nodename", line.strip());
                account.used();
                done = true;
            } else if (command.startsWith("uname")
                    && RELEASE.matcher(line.strip()).matches()) {
                account.fact(i, "uname:release", line.strip());
                account.used();
                done = true;
            } else {
                account.reject(i, "not the name of a kernel");
            }
        }
        return account.close(Optional.empty());
    }

    /** True for a command that prints nothing but the host's name. */
    private static boolean names(String command) {
        return command.startsWith("hostname") || command.endsWith("hostname") || command.matches("uname\\s+-n");
    }

    /** True for what may be a host's name and is no message, such as {@code sh: 1: hostname: not found}. */
    private static boolean name(String line) {
        return line.length() <= LONGEST_NAME && !line.contains("hostname: ") && !line.contains(": command not found");
    }
}
