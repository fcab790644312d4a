package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's names: {@code uname -a}, {@code uname -r}, {@code hostname} and {@code /proc/version} (uname(1), proc(5)). */
final class UnameSource implements Source {
    private static final Pattern ALL = Pattern.compile("Linux (\\S+) (\\d\\S*) #\\d.* (\\S+) GNU/Linux\\s*");
    private static final Pattern VERSION = Pattern.compile("Linux version (\\d\\S*) \\(.*");
    private static final Pattern RELEASE = Pattern.compile("\\d+\\.\\d+\\S*");
    private static final Pattern HOST = Pattern.compile("[\\w-]+(?:\\.[\\w-]+)*+");
    // uname -a puts the machine before "unknown unknown" where coreutils was built to print processor and platform
    private static final Pattern MACHINE = Pattern.compile(".* (\\S+)(?: (?:unknown|\\1)){1,2} GNU/Linux\\s*");

    @Override
    public String name() {
        return "uname";
    }

    @Override
    public Match match(Text text) {
        boolean asked = text.command().orElse("").matches("uname\\s+-r|hostname(\\s+-f)?");
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
            } else if (command.startsWith("uname")
                    && RELEASE.matcher(line.strip()).matches()) {
                account.fact(i, "uname:release", line.strip());
                account.used();
                done = true;
            } else if (command.startsWith("hostname")
                    && HOST.matcher(line.strip()).matches()) {
                account.fact(i, "uname:nodename", line.strip());
                account.used();
                done = true;
            } else {
                account.reject(i, "not the name of a kernel");
            }
        }
        return account.close(Optional.empty());
    }
}
