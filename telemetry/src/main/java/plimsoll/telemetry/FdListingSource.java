package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ls -l /proc/PID/fd} into table {@code open_files}: the permissions of the link say how the descriptor is open (proc(5)).
 * Without its process, which the command or the path says, a listing is an excerpt.
 */
final class FdListingSource implements Source {
    private static final Pattern LINK =
            Pattern.compile("l([r-])([w-])x------[.+@]? +\\d+ (\\S+) +\\S+ +\\d+ \\S.*? (\\d+) -> (.+)");
    private static final Pattern INODE = Pattern.compile("(socket|pipe):\\[(\\d+)\\]");

    @Override
    public String name() {
        return "/proc/PID/fd";
    }

    @Override
    public Match match(Text text) {
        return Places.head(text, 2).stream().anyMatch(l -> LINK.matcher(l).matches()) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var files = new OpenFiles();
        String process = Places.process(text).orElse("");
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i).stripTrailing();
            Matcher m = LINK.matcher(line);
            if (line.isEmpty() || line.matches("total \\d+|/proc/\\d+/fd/?:")) {
                account.empty();
            } else if (m.matches()) {
                if (Values.whole(process) >= 0) {
                    files.pid(process);
                }
                boolean writes = m.group(2).equals("w");
                files.text("user", m.group(3))
                        .text("fd", m.group(4))
                        .text("mode", m.group(1).equals("r") ? (writes ? "u" : "r") : writes ? "w" : "");
                Matcher inode = INODE.matcher(m.group(5));
                if (inode.matches()) {
                    files.text("type", inode.group(1)).text("node", inode.group(2));
                }
                files.end(m.group(5));
                account.used();
            } else {
                account.reject(
                        i,
                        "not a descriptor, which are like \"lrwx------ 1 root root 64 Nov 21 01:32 12 -> /dev/null\"");
            }
        }
        if (Values.whole(process) < 0) {
            account.excerpt();
        }
        return account.close(Optional.of(files.close(account)));
    }
}
