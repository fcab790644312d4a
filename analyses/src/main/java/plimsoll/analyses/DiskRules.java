package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/** Rows of iostat against Little's law, their own units and the version that printed them (sysstat rd_stats.c, compute_ext_disk_stats). */
final class DiskRules {
    private static final int SHOWN = 3;
    private static final double KIB = 1024;

    /** What a volume allows, by the names of the inputs of the budget {@code disk}. */
    private static final String MAX_RATE = "disk.max-rate";

    private static final String MAX_BANDWIDTH = "disk.max-bandwidth";

    private DiskRules() {}

    /** One row of a report; what a column says, NaN where it is not there. */
    private record Row(Rows rows, int at) {
        double get(String column) {
            return Observed.number(rows, column, at);
        }

        double first(String... columns) {
            for (String column : columns) {
                if (!Double.isNaN(get(column))) {
                    return get(column);
                }
            }
            return Double.NaN;
        }

        boolean has(String column) {
            return !Double.isNaN(get(column));
        }

        /** All requests per second. */
        double rate() {
            return Stream.of("r/s", "w/s", "d/s", "f/s")
                    .filter(this::has)
                    .mapToDouble(this::get)
                    .sum();
        }

        /** KiB per second of a direction, whatever unit the report is in. */
        double throughput(String way) {
            if (has(way + "kB/s")) {
                return get(way + "kB/s");
            }
            return has(way + "MB/s") ? get(way + "MB/s") * KIB : get(way + "sec/s") / 2;
        }

        String name() {
            return Observed.text(rows, "device", at) + ", row " + (at + 1);
        }
    }

    private static List<Row> rows(Observed seen) {
        Optional<Rows> disks = seen.table("disks");
        var list = new ArrayList<Row>();
        for (int i = 0; disks.isPresent() && i < disks.get().size(); i++) {
            list.add(new Row(disks.get(), i));
        }
        return list;
    }

    /** avgrq-sz and avgqu-sz became areq-sz and aqu-sz in sysstat 11.5.7, svctm went in 12.1.2. */
    static List<Doubt> version(Observed seen) {
        Optional<Rows> disks = seen.table("disks");
        Optional<Distribution> on = seen.distribution();
        if (disks.isEmpty() || on.isEmpty()) {
            return List.of();
        }
        List<String> gone = disks.get().columns().stream()
                .filter(c -> (List.of("avgrq-sz", "avgqu-sz").contains(c)
                                && Distribution.atLeast(on.get().sysstat(), "11.5.7"))
                        || (c.equals("svctm") && Distribution.atLeast(on.get().sysstat(), "12.1.2")))
                .toList();
        return gone.isEmpty()
                ? List.of()
                : List.of(Doubt.of(
                        "iostat-version",
                        "columns " + String.join(", ", gone) + " are not printed by sysstat "
                                + on.get().sysstat() + ", which " + on.get().name()
                                + " has: avgqu-sz is aqu-sz since 11.5.7 and svctm went in 12.1.2; this is from another host or was put together",
                        seen.at("disks", ""),
                        seen.read("os:VERSION_ID")
                                .map(f -> f.evidence().source())
                                .orElse("")));
    }

    /** Little: requests in the queue = rate x time each takes. */
    static List<Doubt> queue(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        for (Row row : rows(seen)) {
            double queue = row.first("aqu-sz", "avgqu-sz");
            double held = held(row);
            // the time of requests still under way is in the queue and not yet in the wait
            if (Double.isNaN(queue) || Double.isNaN(held) || doubts.size() == SHOWN) {
                continue;
            }
            double rounding = 0.01 + 0.005 * row.rate() / 1000 + 0.005 * waits(row) / 1000;
            if (Math.abs(queue - held) > 0.25 * Math.max(queue, held) + 0.1 + rounding) {
                doubts.add(Doubt.of(
                        "iostat-queue",
                        "a queue of " + Observed.rounded(queue) + " on " + row.name() + ", but rates times waits make "
                                + Observed.rounded(held)
                                + " (Little's law): a figure of the row was changed, or requests hung over from the interval before",
                        seen.at("disks", row.name())));
            }
        }
        return doubts;
    }

    private static double held(Row row) {
        double sum = 0;
        boolean any = false;
        for (String way : List.of("r", "w", "d", "f")) {
            double rate = row.get(way + "/s");
            double wait = row.get(way + "_await");
            if (!Double.isNaN(rate) && !Double.isNaN(wait)) {
                sum += rate * wait / 1000;
                any = true;
            }
        }
        if (any) {
            return sum;
        }
        double all = row.has("tps") ? row.get("tps") : row.rate();
        return all * row.get("await") / 1000;
    }

    private static double waits(Row row) {
        return Stream.of("r_await", "w_await", "d_await", "f_await", "await")
                .filter(row::has)
                .mapToDouble(row::get)
                .sum();
    }

    /** Throughput = rate x size; avgrq-sz counts sectors of 512 B, the newer columns KiB. */
    static List<Doubt> size(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        for (Row row : rows(seen)) {
            for (String way : List.of("r", "w", "d")) {
                check(seen, doubts, row, way + "areq-sz", row.get(way + "/s"), row.throughput(way));
            }
            double sectors = row.get("avgrq-sz");
            if (!Double.isNaN(sectors)) {
                double rate = row.get("r/s") + row.get("w/s");
                clash(seen, doubts, row, "avgrq-sz", sectors / 2, rate, row.throughput("r") + row.throughput("w"));
            }
        }
        return doubts.stream().limit(SHOWN).toList();
    }

    private static void check(
            Observed seen, List<Doubt> doubts, Row row, String column, double rate, double throughput) {
        double size = row.get(column);
        if (!Double.isNaN(size)) {
            clash(seen, doubts, row, column, size, rate, throughput);
        }
    }

    private static void clash(
            Observed seen, List<Doubt> doubts, Row row, String column, double kib, double rate, double throughput) {
        double made = rate * kib;
        double rounding = 0.01 + 0.006 * kib + 0.006 * rate + (row.has("wMB/s") ? 0.006 * KIB : 0);
        if (Math.abs(made - throughput) > 0.05 * Math.max(made, throughput) + rounding) {
            doubts.add(Doubt.of(
                    "iostat-size",
                    Observed.rounded(rate) + " requests/s of " + Observed.rounded(kib) + " KiB (" + column + ") make "
                            + Observed.rounded(made) + " KiB/s on " + row.name() + ", but the row says "
                            + Observed.rounded(throughput) + ": a figure was changed, or its unit is another",
                    seen.at("disks", row.name())));
        }
    }

    /** svctm = busy time per request, and no disk is busy more than all the time. */
    static List<Doubt> utilisation(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        for (Row row : rows(seen)) {
            double busy = row.get("%util");
            double service = row.get("svctm");
            if (busy > 105) {
                doubts.add(Doubt.of(
                        "iostat-utilisation",
                        "%util " + Observed.rounded(busy) + " on " + row.name()
                                + " is above 100: a figure was changed, " + "or the clock was set in between",
                        seen.at("disks", row.name())));
            } else if (!Double.isNaN(busy) && !Double.isNaN(service)) {
                double made = row.rate() * service / 10;
                if (Math.abs(made - busy) > 0.1 * Math.max(made, busy) + 1 + 0.0006 * row.rate()) {
                    doubts.add(Doubt.of(
                            "iostat-utilisation",
                            Observed.rounded(row.rate()) + " requests/s of svctm " + Observed.rounded(service)
                                    + " ms make the disk busy " + Observed.rounded(made)
                                    + "% of the time, but %util says "
                                    + Observed.rounded(busy)
                                    + ": iostat computes svctm from %util, so a figure was changed",
                            seen.at("disks", row.name())));
                }
            }
        }
        return doubts.stream().limit(SHOWN).toList();
    }

    /** %util is the share of time with any request under way: a disk that serves many at once is not full at 100 % (iostat(1)). */
    static List<Doubt> caps(Observed seen) {
        Optional<Claim> rate = Claim.of(seen, MAX_RATE, Unit.RATE);
        Optional<Claim> bandwidth = Claim.of(seen, MAX_BANDWIDTH, Unit.BANDWIDTH);
        String[] sources = Stream.of(rate, bandwidth)
                .flatMap(c -> c.map(Claim::source).stream())
                .toArray(String[]::new);
        return caps(
                seen,
                rate.map(Claim::value).orElse(Double.NaN),
                bandwidth.map(Claim::value).orElse(Double.NaN),
                sources);
    }

    /** The same with the caps in requests and bytes per second, NaN for one that is not known, and where they are said. */
    static List<Doubt> caps(Observed seen, double iops, double bytes, String... sources) {
        if (!(iops > 0) && !(bytes > 0)) {
            return List.of();
        }
        for (Row row : rows(seen)) {
            double rate = row.rate();
            double throughput = Stream.of("r", "w")
                            .mapToDouble(row::throughput)
                            .filter(t -> !Double.isNaN(t))
                            .sum()
                    * KIB;
            double most = Math.max(share(rate, iops), share(throughput, bytes));
            String uses = uses(rate, iops, throughput, bytes);
            if (uses.isEmpty()) {
                continue;
            }
            if (most > 1.1) {
                return List.of(Doubt.of(
                        "disk-caps",
                        uses + " on " + row.name()
                                + ": more than the caps that were given, so they are not those of this disk",
                        places(seen, row, sources)));
            }
            if (row.get("%util") >= 95 && most < 0.6) {
                return List.of(Doubt.of(
                        "disk-caps",
                        "%util " + Observed.rounded(row.get("%util")) + " on " + row.name() + ", but " + uses
                                + ": not at its caps; %util says that a request was always under way, not that the disk is full, so "
                                + "either the caps are others or something else makes the requests slow",
                        places(seen, row, sources)));
            }
        }
        return List.of();
    }

    private static String[] places(Observed seen, Row row, String... sources) {
        return Stream.concat(Stream.of(seen.at("disks", row.name())), Stream.of(sources))
                .toArray(String[]::new);
    }

    private static double share(double value, double cap) {
        double share = value / cap;
        return Double.isFinite(share) ? share : 0; // a value or a cap that is not known, or a cap of nothing
    }

    private static String uses(double rate, double iops, double throughput, double bytes) {
        var parts = new ArrayList<String>();
        if (Double.isFinite(rate / iops)) {
            parts.add(Observed.rounded(rate) + " requests/s are "
                    + Quantity.share(rate / iops).brief() + " of the cap on them");
        }
        if (Double.isFinite(throughput / bytes)) {
            parts.add(Quantity.bytesPerSecond(throughput).brief() + " are "
                    + Quantity.share(throughput / bytes).brief() + " of the cap on bandwidth");
        }
        return String.join(", ", parts);
    }
}
