package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /proc/vmstat} into facts {@code vmstat:NAME}: pages and events. The output of the command {@code vmstat 1} is another format. */
final class VmstatSource implements Source {
    private static final Pattern LINE = Pattern.compile("([a-z]\\w*) (-?\\d+)");
    private static final Pattern FIRST = Pattern.compile("nr_free_pages \\d+");
    // of vmstat alone: memory.stat and cpu.stat of a cgroup have names in common with the rest
    private static final Pattern OWN = Pattern.compile(
            "(nr_(free_pages|zone_\\w+|(in)?active_(anon|file)|unevictable|mlock|dirty|dirty_(background_)?threshold|dirtied|writeback"
                    + "|written|file_pages|anon_pages|mapped|slab_\\w+|vmscan_\\w+)|pgpg(in|out)|pswp(in|out)|compact_\\w+|balloon_\\w+) .*");

    private static final int HEAD = 100; // lines among which the first one of the file is looked for

    @Override
    public String name() {
        return "/proc/vmstat";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("nr_free_pages ") && FIRST.matcher(line).matches();
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
                account.fact(i, "vmstat:" + m.group(1), m.group(2));
                account.used();
            } else {
                account.reject(i, "not a line of /proc/vmstat, which are like \"nr_dirty 41886\"");
            }
        }
        return account.close(Optional.empty());
    }
}
