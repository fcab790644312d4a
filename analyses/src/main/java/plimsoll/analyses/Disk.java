package plimsoll.analyses;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/**
 * Requests and bytes per second of a block device against what the volume allows: whichever of the two lies deeper. Rows of iostat are
 * checked by operational laws: queue = rate x await (Little) and utilisation = rate x service time (Denning and Buzen, 1978). A
 * utilisation of 100 % says that the device was never idle, not that it is full: devices serve several requests at once (iostat(1)).
 */
final class Disk extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Requests and bytes of the block device that lies deepest. */
        default Budget disk() {
            return budgets("disk").worst();
        }

        /** Requests and bytes of the block device that lies deepest at {@code rate} requests per second: {@code disk("412/s").with("max-rate", "3000/s")}. */
        default Budget disk(String rate) {
            return ask("disk.rate", rate).disk();
        }
    }

    private static final String ANY = "any one device";
    private static final double TOLERANCE = 0.1;
    private static final double ROUNDED = 0.02; // two decimals are printed
    private static final double MIB = 1 << 20;
    private static final double MOST = 16;

    private static final Parameter RATE = Parameter.continuous("rate", Unit.RATE, "requests per second");
    private static final Parameter BANDWIDTH = Parameter.continuous("bandwidth", Unit.BANDWIDTH, "bytes per second");
    private static final Parameter MAX_RATE =
            Parameter.continuous("max-rate", Unit.RATE, "requests per second that the volume allows");
    private static final Parameter MAX_BANDWIDTH =
            Parameter.continuous("max-bandwidth", Unit.BANDWIDTH, "bytes per second that the volume allows");

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "requests queue before the device; buffered writes wait for it only once memory is dirty beyond its limit";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, BANDWIDTH, MAX_RATE, MAX_BANDWIDTH);
    }

    @Override
    public List<String> scopes(Facts facts) {
        List<String> devices = facts.table("disks", Rows.class).stream()
                .flatMap(disks -> IntStream.range(0, disks.size())
                        .mapToObj(row -> disks.text("device", row))
                        .flatMap(Optional::stream))
                .distinct()
                .filter(d -> !d.matches("(loop|ram|zram)\\d+"))
                .toList();
        return Scopes.of(facts, this, devices, ANY);
    }

    /** One row of iostat; what it does not print is missing. */
    private record Row(
            OptionalDouble iops,
            OptionalDouble bytes,
            OptionalDouble queue,
            OptionalDouble little,
            OptionalDouble await,
            OptionalDouble util,
            OptionalDouble service) {

        static Row of(Rows rows, int row) {
            var cells = new Line(rows, row);
            OptionalDouble iops = cells.or("tps", cells.sum(1, "r/s", "w/s", "d/s"));
            OptionalDouble bytes = cells.sum(1024, "rkB/s", "wkB/s");
            for (String columns : List.of(
                    "1048576 rMB/s wMB/s",
                    "1024 kB_read/s kB_wrtn/s",
                    "1048576 MB_read/s MB_wrtn/s",
                    "512 rsec/s wsec/s")) {
                String[] words = columns.split(" ", -1);
                if (bytes.isEmpty()) {
                    bytes = cells.sum(Double.parseDouble(words[0]), words[1], words[2]);
                }
            }
            OptionalDouble little =
                    cells.weighed("r/s", "r_await", "w/s", "w_await", "d/s", "d_await", "f/s", "f_await");
            OptionalDouble queue = cells.or("aqu-sz", cells.of("avgqu-sz"));
            OptionalDouble await = little.isPresent() && iops.isPresent() && iops.getAsDouble() > 0
                    ? OptionalDouble.of(little.getAsDouble() / iops.getAsDouble())
                    : OptionalDouble.empty();
            return new Row(iops, bytes, queue, little, await, cells.of("%util"), cells.of("svctm"));
        }

        double rate() {
            return iops.orElse(0);
        }
    }

    /** The cells of one row. */
    private record Line(Rows rows, int row) {
        OptionalDouble of(String column) {
            return rows.columns().contains(column) ? rows.real(column, row) : OptionalDouble.empty();
        }

        OptionalDouble or(String column, OptionalDouble other) {
            return of(column).isPresent() ? of(column) : other;
        }

        OptionalDouble sum(double unit, String... columns) {
            OptionalDouble sum = OptionalDouble.empty();
            for (String column : columns) {
                if (of(column).isPresent()) {
                    sum = OptionalDouble.of(sum.orElse(0) + of(column).getAsDouble() * unit);
                }
            }
            return sum;
        }

        /** Little's law: rates times their waits in ms; empty where a rate's wait is not printed. */
        OptionalDouble weighed(String... columns) {
            OptionalDouble sum = OptionalDouble.empty();
            for (int i = 0; i < columns.length; i += 2) {
                if (of(columns[i]).isPresent() && of(columns[i + 1]).isPresent()) {
                    sum = OptionalDouble.of(sum.orElse(0)
                            + of(columns[i]).getAsDouble() * of(columns[i + 1]).getAsDouble() / 1000);
                }
            }
            return sum;
        }
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        List<Row> rows = rows(facts, scope);
        Optional<Input> rate = RATE.find(facts, this, scope).or(() -> busiest(rows, scope, true));
        Optional<Input> bandwidth = BANDWIDTH.find(facts, this, scope).or(() -> busiest(rows, scope, false));
        Optional<Input> maxRate = MAX_RATE.find(facts, this, scope);
        Optional<Input> maxBandwidth = MAX_BANDWIDTH.find(facts, this, scope);
        boolean byRate = rate.isPresent() && maxRate.isPresent();
        boolean byBytes = bandwidth.isPresent() && maxBandwidth.isPresent();
        Finding found;
        if (byRate && (!byBytes || share(rate, maxRate) >= share(bandwidth, maxBandwidth))) {
            found = Finding.of(Unit.RATE, rate.orElseThrow(), maxRate.orElseThrow());
        } else if (byBytes) {
            found = Finding.of(Unit.BANDWIDTH, bandwidth.orElseThrow(), maxBandwidth.orElseThrow());
        } else {
            found = Finding.unknown(
                    Unit.RATE,
                    maxRate.isEmpty() && maxBandwidth.isEmpty() && (rate.isPresent() || bandwidth.isPresent())
                            ? new Missing(
                                    MAX_RATE.name(),
                                    "say what the volume allows, as 3000/s, or max-bandwidth, as 125 MiB/s")
                            : new Missing(RATE.name(), "iostat -x -d -y 1 5"));
        }
        found = rate.isPresent()
                ? found.figure("requests per second", rate.get().quantity())
                : found;
        found = bandwidth.isPresent()
                ? found.figure("bytes per second", bandwidth.get().quantity())
                : found;
        found = byRate ? found.figure("share of the requests allowed", Quantity.share(share(rate, maxRate))) : found;
        found = byBytes
                ? found.figure("share of the bytes allowed", Quantity.share(share(bandwidth, maxBandwidth)))
                : found;
        return checked(rows, found);
    }

    private static double share(Optional<Input> demand, Optional<Input> supply) {
        double most = supply.map(Input::value).orElse(0.0);
        return most > 0 ? demand.map(Input::value).orElse(0.0) / most : Double.MAX_VALUE;
    }

    /** The rows of one device: those of intervals, else the one since boot. */
    private static List<Row> rows(Facts facts, String scope) {
        Optional<Rows> disks = facts.table("disks", Rows.class);
        if (disks.isEmpty()) {
            return List.of();
        }
        Rows of = disks.get().where(row -> disks.get().text("device", row).equals(Optional.of(scope)));
        Rows intervals = of.where(row -> of.number("since_boot", row).orElse(0) == 0);
        Rows used = intervals.size() > 0 ? intervals : of;
        return IntStream.range(0, used.size())
                .mapToObj(row -> Row.of(used, row))
                .toList();
    }

    private static Optional<Input> busiest(List<Row> rows, String scope, boolean requests) {
        double[] all = rows.stream()
                .map(r -> requests ? r.iops : r.bytes)
                .flatMapToDouble(OptionalDouble::stream)
                .toArray();
        OptionalDouble most = Arrays.stream(all).max();
        if (most.isEmpty()) {
            return Optional.empty();
        }
        String name = requests ? RATE.name() : BANDWIDTH.name();
        Unit unit = requests ? Unit.RATE : Unit.BANDWIDTH;
        return Optional.of(new Input(
                name,
                Quantity.of(most.getAsDouble(), unit),
                new Evidence(
                        Evidence.Kind.DERIVED,
                        "the busiest of " + all.length + (all.length == 1 ? " row" : " rows") + " of iostat, " + scope),
                List.of()));
    }

    /** What the rows say of queue and wait, and whether they agree with themselves. */
    private static Finding checked(List<Row> rows, Finding found) {
        Finding more = found;
        OptionalDouble queue =
                rows.stream().flatMapToDouble(r -> r.queue.stream()).max();
        OptionalDouble await =
                rows.stream().flatMapToDouble(r -> r.await.stream()).max();
        OptionalDouble util =
                rows.stream().flatMapToDouble(r -> r.util.stream()).max();
        if (queue.isPresent()) {
            more = more.figure("queue, longest", Quantity.of(queue.getAsDouble(), Unit.COUNT));
        }
        if (await.isPresent()) {
            more = more.figure("time per request, longest", Quantity.seconds(await.getAsDouble()));
        }
        if (util.isPresent()) {
            more = more.figure("never idle", Quantity.share(util.getAsDouble() / 100));
            if (util.getAsDouble() >= 95) {
                more = more.note("%util of 100 says that the device was never idle, not that it is full");
            }
        }
        var wrong = new ArrayList<String>();
        for (int i = 0; i < rows.size(); i++) {
            Row r = rows.get(i);
            if (r.queue.isPresent() && r.little.isPresent() && differ(r.queue.getAsDouble(), r.little.getAsDouble())) {
                wrong.add(String.format(
                        Locale.ROOT,
                        "row %d: a queue of %.2f is not rate x await, which is %.2f",
                        i + 1,
                        r.queue.getAsDouble(),
                        r.little.getAsDouble()));
            }
            if (r.service.isPresent() && r.util.isPresent()) {
                double busy = r.rate() * r.service.getAsDouble() / 10;
                if (differ(r.util.getAsDouble(), busy)) {
                    wrong.add(String.format(
                            Locale.ROOT,
                            "row %d: %%util of %.2f is not rate x svctm, which is %.2f",
                            i + 1,
                            r.util.getAsDouble(),
                            busy));
                }
            }
        }
        for (String sentence : wrong) {
            more = more.note(sentence);
        }
        boolean checkable = rows.stream().anyMatch(r -> r.queue.isPresent() && r.little.isPresent());
        more = checkable && wrong.isEmpty() ? more.note("queue = rate x await holds in every row") : more;
        return ceiling(rows)
                ? more.note(
                        "the queue grows while the device serves no more: this is all it gives for requests of this size,"
                                + " whatever the volume allows")
                : more;
    }

    private static boolean differ(double shown, double computed) {
        return Math.abs(shown - computed) > ROUNDED + TOLERANCE * Math.max(shown, computed);
    }

    /** True where the queue more than doubles over the rows and the rate stays as it is. */
    private static boolean ceiling(List<Row> rows) {
        if (rows.size() < 3 || rows.stream().anyMatch(r -> r.queue.isEmpty() || r.iops.isEmpty())) {
            return false;
        }
        double first = rows.get(0).queue.orElse(0);
        double last = rows.get(rows.size() - 1).queue.orElse(0);
        double least = rows.stream().mapToDouble(Row::rate).min().orElse(0);
        double most = rows.stream().mapToDouble(Row::rate).max().orElse(0);
        return first >= 1 && last > 2 * first && most - least < TOLERANCE * most;
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        List<Row> rows = rows(facts, scope);
        var levers = new ArrayList<Lever>();
        Optional<Input> rate = RATE.find(facts, this, scope).or(() -> busiest(rows, scope, true));
        Optional<Input> bandwidth = BANDWIDTH.find(facts, this, scope).or(() -> busiest(rows, scope, false));
        levers.addAll(pair(facts, scope, rate, RATE, MAX_RATE, 1, "requests"));
        levers.addAll(pair(facts, scope, bandwidth, BANDWIDTH, MAX_BANDWIDTH, MIB, "bytes"));
        return levers;
    }

    /** A volume that allows more, and less asked of it. */
    private List<Lever> pair(
            Facts facts,
            String scope,
            Optional<Input> asked,
            Parameter demand,
            Parameter supply,
            double step,
            String what) {
        Optional<Input> allowed = supply.find(facts, this, scope).filter(a -> a.value() > 0);
        if (asked.isEmpty() || allowed.isEmpty()) {
            return List.of();
        }
        double most = allowed.get().value();
        Lever volume = Lever.scale(most, MOST * most, supply.unit(), v -> {
            String much = spelled(Math.ceil(v / step), step);
            return Candidate.of("volume of " + much)
                    .set(supply.fact(this, scope), much)
                    .snippet(
                            Snippet.Kind.APPLICATION,
                            "have the volume of " + scope + " allow " + much
                                    + ": more of it provisioned, another kind of volume, or several as one")
                    .cost("what the provider asks for it, or the device")
                    .risk(
                            "the machine has a limit of its own, which may lie below the volume's",
                            "the provider's limits of volumes and machines");
        });
        Lever less = Lever.scale(asked.get().value(), step, demand.unit(), v -> {
            String much = spelled(Math.max(1, Math.floor(v / step)), step);
            return Candidate.of(what + " cut to " + much)
                    .set(demand.fact(this, scope), much)
                    .snippet(
                            Snippet.Kind.APPLICATION,
                            "have no more than " + much + " go to " + scope
                                    + ": keep responses out of temporary files (see fastcgi-buffers), write logs through a buffer,"
                                    + " sync less often, move what can be moved to another device")
                    .cost("work on the programs that write")
                    .risk(
                            "what is buffered and not synced is lost in a crash: see journal",
                            "fsync(2); nginx: ngx_http_log_module.c");
        });
        return List.of(volume, less);
    }

    private static String spelled(double steps, double step) {
        return Math.round(steps) + (step == MIB ? " MiB/s" : "/s");
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return List.of(
                new Refused(
                        "a longer queue (nr_requests)",
                        "more requests wait before the device and it serves no more of them: queue = rate x wait",
                        "Documentation/block/queue-sysfs.rst; Little's law"),
                new Refused(
                        "vm.dirty_ratio, raised",
                        "memory takes a burst for longer; the device is asked for the same bytes in the end",
                        "mm/page-writeback.c"));
    }
}
