package plimsoll.telemetry;

import java.util.regex.Pattern;

/**
 * {@code /proc/meminfo} into facts {@code meminfo:NAME}. Its "kB" means 1024 B ({@code show_val_kb} in {@code fs/proc/meminfo.c} shifts
 * pages), so the facts say KiB; the lines without a unit count huge pages.
 */
final class MeminfoSource implements Source {
    private static final NamedValues FILE = new NamedValues(
            "meminfo",
            Pattern.compile("MemTotal: +\\d+ kB *"),
            Pattern.compile("([A-Z]\\w*(?:\\([a-z_]+\\))?): +(\\d+)( kB)? *"),
            // smaps, status and numastat have names in common with the rest
            Pattern.compile(
                    "(Mem(Free|Available)|Buffers|Cached|Swap(Cached|Total|Free)|(In)?[Aa]ctive(\\([a-z]+\\))?|Dirty|Writeback(Tmp)?|Slab|SReclaimable"
                            + "|SUnreclaim|KReclaimable|CommitLimit|Committed_AS|HugePages_\\w+): .*"),
            m -> m.group(2) + (m.group(3) == null ? "" : " KiB"),
            "MemFree:  19481828 kB");

    @Override
    public String name() {
        return "/proc/meminfo";
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
