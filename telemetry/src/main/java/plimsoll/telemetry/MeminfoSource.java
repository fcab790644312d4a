package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/meminfo} into facts {@code meminfo:NAME}. Its "kB" means 1024 B ({@code show_val_kb} in {@code fs/proc/meminfo.c} shifts
 * pages), so the facts say KiB; the lines without a unit count huge pages.
 */
final class MeminfoSource implements Source {
    private static final Pattern LINE = Pattern.compile("([A-Z]\\w*(?:\\([a-z_]+\\))?): +(\\d+)( kB)? *");
    private static final Pattern FIRST = Pattern.compile("MemTotal: +\\d+ kB *");
    // of meminfo alone: smaps, status and numastat have names in common with the rest
    private static final Pattern OWN = Pattern.compile(
            "(Mem(Free|Available)|Buffers|Cached|Swap(Cached|Total|Free)|(In)?[Aa]ctive(\\([a-z]+\\))?|Dirty|Writeback(Tmp)?|Slab|SReclaimable"
                    + "|SUnreclaim|KReclaimable|CommitLimit|Committed_AS|HugePages_\\w+): .*");

    private static final int HEAD = 100; // lines among which the first one of the file is looked for

    @Override
    public String name() {
        return "/proc/meminfo";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("MemTotal:") && FIRST.matcher(line).matches();
    }

    @Override
    public Match match(Text text) {
        if (text.lines().stream().anyMatch(this::begins)) {
            return Match.SURE;
        }
        boolean shape = text.lines().stream().anyMatch(l -> OWN.matcher(l).matches())
                && text.lines().stream()
                        .allMatch(l -> l.isBlank() || LINE.matcher(l).matches());
        return shape ? Match.SHAPE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        if (text.lines().stream().limit(HEAD).noneMatch(this::begins)) {
            account.excerpt();
        }
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            if (line.isBlank()) {
                account.empty();
            } else if (m.matches()) {
                account.fact(i, "meminfo:" + m.group(1), m.group(2) + (m.group(3) == null ? "" : " KiB"));
                account.used();
            } else {
                account.reject(i, "not a line of /proc/meminfo, which are like \"MemFree:  19481828 kB\"");
            }
        }
        return account.close(Optional.empty());
    }
}
