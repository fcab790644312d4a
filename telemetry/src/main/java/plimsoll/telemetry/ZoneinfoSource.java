package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/zoneinfo} of kernels 4 to 6 into table {@code zones}, all in pages: one row per zone with its watermarks and counters,
 * {@code pcp_count} the pages that wait in the lists of the CPUs. Counters of a whole node are facts {@code zoneinfo:nodeN.NAME}. The
 * fact {@code zoneinfo:reserve} is what the kernel keeps from page cache and users: per zone the highest protection plus the high
 * watermark, at most the pages managed ({@code calculate_totalreserve_pages} in {@code mm/page_alloc.c}).
 */
final class ZoneinfoSource implements Source {
    private static final Pattern ZONE = Pattern.compile("Node (\\d{1,9}), zone +(\\w+) *");
    private static final Pattern FREE = Pattern.compile(" +pages free +(\\d+) *");
    private static final Pattern VALUE = Pattern.compile(" +([a-z]\\w*) +(-?\\d+) *");
    private static final Pattern PROTECTION = Pattern.compile(" +protection: \\((\\d+(?:, *\\d+)*+)\\) *");
    // of the lists of free pages of each CPU, and below them of the zone; `high:` and `batch:` tune the lists
    private static final Pattern COUNT = Pattern.compile(" +count: +(\\d+) *");
    private static final Pattern OTHER = Pattern.compile(
            " +(pagesets|(cpu|high|batch|high_min|high_max|vm stats threshold|node_unreclaimable|all_unreclaimable|start_pfn): +\\d+"
                    + "|inactive_ratio: +\\d+) *");

    private static final int HEAD =
            300; // lines that are looked at: the counters of a node come before its first zone's pages

    @Override
    public String name() {
        return "/proc/zoneinfo";
    }

    /** The first zone of an x86 machine; where there is no such zone no line alone proves a beginning. */
    @Override
    public boolean begins(String line) {
        return line.startsWith("Node 0, zone ") && line.matches("Node 0, zone +DMA *");
    }

    @Override
    public Match match(Text text) {
        List<String> lines = text.lines().subList(0, Math.min(text.lines().size(), HEAD));
        boolean zone = lines.stream()
                .anyMatch(l -> l.startsWith("Node ") && ZONE.matcher(l).matches());
        boolean inside = lines.stream()
                .anyMatch(
                        l -> FREE.matcher(l).matches() || PROTECTION.matcher(l).matches());
        return zone && inside ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        return new Pass(text).read();
    }

    /** One pass through a text. */
    private static final class Pass {
        private final Text text;
        private final Parsed.Account account;
        private final Rows.Builder rows =
                new Rows.Builder("zones").column("node", Rows.Type.NUMBER).column("zone", Rows.Type.TEXT);
        private final List<String> shares = new ArrayList<>();
        private String zone = "";
        private boolean perNode;
        private long pcp = -1;
        private OptionalLong high = OptionalLong.empty();
        private OptionalLong managed = OptionalLong.empty();
        private OptionalLong protection = OptionalLong.empty();
        private long reserve;
        private boolean whole = true;

        Pass(Text text) {
            this.text = text;
            this.account = new Parsed.Account(text);
            for (String column :
                    List.of("free", "min", "low", "high", "spanned", "present", "managed", "protection_max")) {
                rows.column(column, Rows.Type.NUMBER);
            }
        }

        Parsed read() {
            String node = "";
            for (int i = 0; i < text.lines().size(); i++) {
                String line = text.lines().get(i);
                Matcher m = ZONE.matcher(line);
                if (line.isBlank()) {
                    account.empty();
                } else if (m.matches()) {
                    end();
                    node = m.group(1);
                    zone = m.group(2);
                    rows.number("node", Long.parseLong(node)).text("zone", zone);
                    account.used();
                } else if (zone.isEmpty()) {
                    account.reject(i, "stands before the first zone, which begins like \"Node 0, zone Normal\"");
                } else if (line.strip().equals("per-node stats")) {
                    perNode = true;
                    account.empty();
                } else if (line(i, line, node)) {
                    account.used();
                } else {
                    account.reject(
                            i,
                            "not a line of /proc/zoneinfo, which are like \"pages free 3840\" or \"protection: (0, 3019)\"");
                }
            }
            end();
            if (whole && rows.size() > 0) {
                account.derived(
                        "zoneinfo:reserve",
                        Long.toString(reserve),
                        "sum over zones of min(managed, max(protection) + high) in " + text.path() + ": "
                                + String.join(" + ", shares));
            }
            return account.close(Optional.of(rows.rows()));
        }

        /** Takes a line of the zone being read; false where it is none. */
        private boolean line(int i, String line, String node) {
            Matcher m = FREE.matcher(line);
            try {
                if (m.matches()) {
                    perNode = false;
                    rows.number("free", Long.parseLong(m.group(1)));
                    return true;
                }
                m = PROTECTION.matcher(line);
                if (m.matches()) {
                    long max = 0;
                    for (String pages : m.group(1).split(", *", -1)) {
                        max = Math.max(max, Long.parseLong(pages));
                    }
                    protection = OptionalLong.of(max);
                    rows.number("protection_max", max);
                    return true;
                }
                m = COUNT.matcher(line);
                if (m.matches()) {
                    pcp = Math.max(pcp, 0) + Long.parseLong(m.group(1));
                    return true;
                }
                m = VALUE.matcher(line);
                if (m.matches()) {
                    value(i, m.group(1), Long.parseLong(m.group(2)), node);
                    return true;
                }
            } catch (NumberFormatException e) {
                return false; // more digits than any counter has
            }
            return OTHER.matcher(line).matches();
        }

        private void value(int i, String name, long value, String node) {
            if (perNode) {
                account.fact(i, "zoneinfo:node" + node + "." + name, Long.toString(value));
                return;
            }
            rows.number(name, value);
            if (name.equals("high")) {
                high = OptionalLong.of(value);
            } else if (name.equals("managed")) {
                managed = OptionalLong.of(value);
            }
        }

        /** Ends the zone being read. */
        private void end() {
            if (zone.isEmpty()) {
                return;
            }
            if (pcp >= 0) {
                rows.number("pcp_count", pcp);
            }
            rows.end();
            if (managed.isPresent() && high.isPresent() && protection.isPresent()) {
                long share = Math.min(managed.getAsLong(), protection.getAsLong() + high.getAsLong());
                reserve += share;
                shares.add(String.format(Locale.ROOT, "%s %d", zone, share));
            } else {
                whole = false; // a zone that is cut short, or a kernel before 3.9, which does not say what it manages
            }
            pcp = -1;
            perNode = false;
            high = OptionalLong.empty();
            managed = OptionalLong.empty();
            protection = OptionalLong.empty();
        }
    }
}
