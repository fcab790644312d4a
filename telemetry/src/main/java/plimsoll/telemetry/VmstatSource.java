package plimsoll.telemetry;

import java.util.regex.Pattern;

/** {@code /proc/vmstat} into facts {@code vmstat:NAME}: pages and events. The output of the command {@code vmstat 1} is another format. */
final class VmstatSource implements Source {
    private static final NamedValues FILE = new NamedValues(
            "vmstat",
            Pattern.compile("nr_free_pages \\d+"),
            Pattern.compile("([a-z]\\w*) (-?\\d+)"),
            // memory.stat and cpu.stat of a cgroup have names in common with the rest
            Pattern.compile(
                    "(nr_(free_pages|zone_\\w+|(in)?active_(anon|file)|unevictable|mlock|dirty|dirty_(background_)?threshold|dirtied|writeback"
                            + "|written|file_pages|anon_pages|mapped|slab_\\w+|vmscan_\\w+)|pgpg(in|out)|pswp(in|out)|compact_\\w+|balloon_\\w+) .*"),
            m -> m.group(2),
            "nr_dirty 41886");

    @Override
    public String name() {
        return "/proc/vmstat";
    }

    @Override
    public boolean begins(String line) {
        return FILE.begins(line);
    }

    @Override
    public Match match(Text text) {
        return FILE.match(text);
    }

    @Override
    public Parsed parse(Text text) {
        return FILE.parse(text);
    }
}
