package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Unit;

/**
 * Memory that was written and is not yet on disk, against the point above which the kernel slows those who write: the middle between the
 * background threshold and the dirty threshold (mm/page-writeback.c, balance_dirty_pages, dirty_freerun_ceiling). The thresholds are
 * those that the kernel shows; where it does not, or a setting is changed, they are computed as domain_dirty_limits does from dirtyable
 * memory (global_dirtyable_memory): free memory less the reserves, and the file pages. A write that goes on is two-phase: up to the
 * background threshold nothing is written back, above it the disk drains.
 */
final class DirtyPages extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Dirty memory against the point from which writers are slowed. */
        default Budget dirtyPages() {
            return budgets("dirty-pages").worst();
        }

        /** Dirty memory after files were written at {@code write}: {@code dirtyPages("100 MiB/s").with("drain", "20 MiB/s").with("burst", "5 s")}. */
        default Budget dirtyPages(String write) {
            return ask("dirty-pages.write", write).dirtyPages();
        }
    }

    private static final String LIMIT = "vmstat:nr_dirty_threshold";
    private static final String BACKGROUND = "vmstat:nr_dirty_background_threshold";
    private static final String DIRTY = "vmstat:nr_dirty";
    private static final String WRITEBACK = "vmstat:nr_writeback";
    private static final String FREE = "meminfo:MemFree";
    private static final String RESERVE = "zoneinfo:reserve";
    private static final String INACTIVE = "vmstat:nr_inactive_file";
    private static final String ACTIVE = "vmstat:nr_active_file";
    private static final String VM = "vm.dirty_";
    private static final List<String> DECIDING = List.of(
            VM + "bytes",
            VM + "ratio",
            VM + "background_bytes",
            VM + "background_ratio",
            FREE,
            RESERVE,
            INACTIVE,
            ACTIVE);
    private static final String MEMORY_COMMAND = "cat /proc/vmstat /proc/meminfo /proc/zoneinfo";
    private static final String SOURCE = "mm/page-writeback.c";
    /** What is dirty or under writeback before anything asked for is written. */
    static final String NOW = "dirty now";

    private static final double MOST_TIMES = 16;
    private static final double MOST_RATIO = 60;
    private static final long MEBIBYTE = 1 << 20;
    private static final double LEAST_BYTES_PAGES = 2; // dirty_bytes_min

    private static final Parameter WRITE = Parameter.continuous("write", Unit.BANDWIDTH, "what is written to files");
    private static final Parameter DRAIN =
            Parameter.continuous("drain", Unit.BANDWIDTH, "what the disk takes of it meanwhile");
    private static final Parameter BURST = Parameter.continuous("burst", Unit.SPAN, "how long it is written");

    @Override
    public String name() {
        return "dirty-pages";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "write() sleeps, up to 200 ms a time, until writers are as slow as the disk (balance_dirty_pages)";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(WRITE, DRAIN, BURST);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Conntrack.HOST);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        var notes = new ArrayList<String>();
        var missing = new ArrayList<Missing>();
        Input page = PageSize.of(facts);
        Optional<Thresholds> derived = derived(facts, page, notes, missing);
        Optional<Thresholds> shown =
                DECIDING.stream().anyMatch(name -> said(facts, name)) ? Optional.empty() : shown(facts);
        if (shown.isEmpty() && derived.isEmpty()) {
            Finding unknown = Finding.unknown(Unit.BYTES, missing.get(0));
            for (Missing more : missing.subList(1, missing.size())) {
                unknown = unknown.missing(more);
            }
            return unknown.note("the thresholds are a part of dirtyable memory, not of all memory: it has to be known");
        }
        if (shown.isPresent()) {
            notes.clear(); // how they would have been derived does not matter
            notes.add("the thresholds are the kernel's own");
            derived.ifPresent(d -> notes.add(compared(shown.get(), d)));
        } else {
            notes.add(
                    shown(facts).isPresent()
                            ? "a setting or the memory is another than when the kernel's thresholds were read: they are derived"
                            : "the kernel's thresholds were not read: they are derived");
        }
        Thresholds used = shown.or(() -> derived).orElseThrow();
        Finding found = demanded(facts, scope, used, page);
        if (shown.isPresent() && derived.isPresent()) {
            found = found.figure(
                            "derived nr_dirty_threshold", derived.get().limit.in(Unit.COUNT))
                    .figure(
                            "derived nr_dirty_background_threshold",
                            derived.get().background.in(Unit.COUNT));
        }
        for (String note : notes) {
            found = found.note(note);
        }
        return found;
    }

    // ---- supply

    /** The two thresholds, in pages. */
    private record Thresholds(Formula limit, Formula background) {
        /** dirty_freerun_ceiling: below it nobody is slowed. */
        Formula throttlePoint(Formula page) {
            return background.plus(limit).over(Formula.fixed(Quantity.count(2))).times(page);
        }
    }

    private static Optional<Thresholds> shown(Facts facts) {
        return facts.input(LIMIT, Unit.COUNT).flatMap(limit -> facts.input(BACKGROUND, Unit.COUNT)
                .map(background -> new Thresholds(limit, background)));
    }

    private static String compared(Thresholds shown, Thresholds derived) {
        double apart = Math.max(
                Math.abs(shown.limit.value() - derived.limit.value()),
                Math.abs(shown.background.value() - derived.background.value()));
        String same = "derived from dirtyable memory they are the same";
        return apart == 0
                ? same
                : apart <= 1
                        ? same + " within a page"
                        : "derived from dirtyable memory they are up to " + Quantity.of(apart, Unit.COUNT)
                                + " pages off: the files were not read at one moment";
    }

    /** domain_dirty_limits; empty where the memory it needs is not known, which is then in {@code missing}. */
    private static Optional<Thresholds> derived(Facts facts, Input page, List<String> notes, List<Missing> missing) {
        Optional<Formula> dirtyable = dirtyable(facts, page);
        Optional<Formula> limit = threshold(facts, "", 20, page, dirtyable, notes);
        Optional<Formula> background = threshold(facts, "background_", 10, page, dirtyable, notes);
        if (limit.isEmpty() || background.isEmpty()) {
            Stream.of(FREE, RESERVE, INACTIVE, ACTIVE)
                    .filter(name -> facts.find(name).isEmpty())
                    .forEach(name -> missing.add(new Missing(name.substring(name.indexOf(':') + 1), MEMORY_COMMAND)));
            return Optional.empty();
        }
        Formula most = limit.get().named("dirty threshold");
        if (background.get().value() < most.value()) {
            return Optional.of(new Thresholds(most, background.get().named("background threshold")));
        }
        notes.add("the background threshold is not below the dirty threshold: the kernel takes half of that instead");
        Formula half = Formula.call(
                "below_or_half", Unit.COUNT, v -> v[0] < v[1] ? v[0] : Math.floor(v[1] / 2), background.get(), most);
        return Optional.of(new Thresholds(most, half.named("background threshold")));
    }

    /** global_dirtyable_memory, in pages. MemFree, because nr_free_pages leaves out pages that are not yet initialised. */
    private static Optional<Formula> dirtyable(Facts facts, Input page) {
        Optional<Input> free = facts.input(FREE, Unit.BYTES);
        Optional<Input> reserve = facts.input(RESERVE, Unit.COUNT);
        Optional<Input> inactive = facts.input(INACTIVE, Unit.COUNT);
        Optional<Input> active = facts.input(ACTIVE, Unit.COUNT);
        if (free.isEmpty() || reserve.isEmpty() || inactive.isEmpty() || active.isEmpty()) {
            return Optional.empty();
        }
        Formula pages = free.get().over(page);
        return Optional.of(pages.minus(pages.min(reserve.get()))
                .plus(inactive.get())
                .plus(active.get())
                .plus(Formula.fixed(Quantity.count(1)))
                .named("dirtyable memory"));
    }

    /** One threshold: by bytes where those are set, else a share of dirtyable memory; empty where that is not known. */
    private static Optional<Formula> threshold(
            Facts facts, String which, int usual, Input page, Optional<Formula> dirtyable, List<String> notes) {
        String bytesName = VM + which + "bytes";
        String ratioName = VM + which + "ratio";
        Optional<Input> bytes = facts.input(bytesName, Unit.BYTES, "B").filter(b -> b.value() > 0);
        if (bytes.isPresent() && said(facts, ratioName) && !said(facts, bytesName)) {
            notes.add("setting " + ratioName + " sets " + bytesName + " to 0");
            bytes = Optional.empty();
        }
        if (bytes.isPresent()) {
            if (facts.input(ratioName, Unit.SHARE, "%")
                    .filter(r -> r.value() > 0)
                    .isPresent()) {
                notes.add(bytesName + " counts, " + ratioName + " does not: setting one sets the other to 0");
            }
            if (which.isEmpty() && bytes.get().value() < LEAST_BYTES_PAGES * page.value()) {
                notes.add("the kernel refuses " + bytesName + " below two pages (EINVAL)");
            }
            return Optional.of(Formula.call("pages", Unit.COUNT, v -> Math.ceil(v[0] / v[1]), bytes.get(), page));
        }
        Input ratio = facts.input(ratioName, Unit.SHARE, "%")
                .orElseGet(() -> Input.byDefault(ratioName, Quantity.share(usual / 100.0), "Linux: " + SOURCE));
        if (ratio.value() > 1) {
            notes.add("the kernel refuses " + ratioName + " above 100 (EINVAL)");
        }
        return dirtyable.map(
                memory -> Formula.call("dirty_share", Unit.COUNT, v -> share(v[0], v[1], v[2]), ratio, memory, page));
    }

    /** The kernel's integer arithmetic: percent x PAGE_SIZE / 100, times the memory, / PAGE_SIZE. */
    private static double share(double ratio, double memory, double page) {
        double percent = Math.floor(ratio * 100 + 1e-9); // a sysctl of whole per cents
        return Math.floor(Math.floor(percent * page / 100) * Math.floor(memory) / page);
    }

    private static boolean said(Facts facts, String name) {
        return facts.find(name)
                .map(f -> f.evidence().kind() == Evidence.Kind.CHANGED
                        || f.evidence().kind() == Evidence.Kind.GIVEN)
                .orElse(false);
    }

    // ---- demand

    private Finding demanded(Facts facts, String scope, Thresholds thresholds, Input page) {
        Formula supply = thresholds.throttlePoint(page).named("throttle point");
        Optional<Formula> dirty = dirty(facts, page);
        if (dirty.isEmpty()) {
            return figures(
                    Finding.unknown(Unit.BYTES, new Missing("nr_dirty", "cat /proc/vmstat"))
                            .supplied(supply),
                    thresholds,
                    page);
        }
        Optional<Input> write = WRITE.find(facts, this, scope);
        if (write.isEmpty()) {
            return figures(Finding.of(Unit.BYTES, dirty.get(), supply), thresholds, page)
                    .note(
                            "what is dirty now; .with(\"write\", …), \"drain\" and \"burst\" ask what a burst of writes makes of it");
        }
        var flow = new Flow(
                dirty.get(),
                thresholds.background.times(page),
                supply,
                write.get(),
                DRAIN.find(facts, this, scope),
                BURST.find(facts, this, scope));
        return flow.timed(figures(flow.finding(), thresholds, page));
    }

    /** Dirty pages and those being written: what balance_dirty_pages compares. */
    private static Optional<Formula> dirty(Facts facts, Input page) {
        Optional<Input> dirty = facts.input(DIRTY, Unit.COUNT);
        Optional<Input> writeback = facts.input(WRITEBACK, Unit.COUNT);
        if (dirty.isPresent() && writeback.isPresent()) {
            return Optional.of(dirty.get().plus(writeback.get()).times(page).named(NOW));
        }
        return facts.input("meminfo:Dirty", Unit.BYTES).flatMap(d -> facts.input("meminfo:Writeback", Unit.BYTES)
                .map(w -> d.plus(w).named(NOW)));
    }

    /** Bytes written to files, and drained by the disk from the background threshold on. */
    private record Flow(
            Formula dirty,
            Formula background,
            Formula throttlePoint,
            Input write,
            Optional<Input> drain,
            Optional<Input> burst) {

        private boolean keepsUp() {
            return drain.isPresent() && write.value() <= drain.get().value();
        }

        Finding finding() {
            if (keepsUp()) {
                Formula most = burst.<Formula>map(
                                b -> dirty.plus(write.times(b)).min(background))
                        .orElse(background);
                return Finding.of(Unit.BYTES, dirty.max(most), throttlePoint)
                        .note("the drain keeps up with the writes: from the background threshold on nothing is added");
            }
            if (burst.isEmpty()) {
                Finding unknown = Finding.unknown(
                                Unit.BYTES, new Missing(BURST.name(), "say how long is written, as 30 s"))
                        .supplied(throttlePoint)
                        .figure(NOW, bytes(dirty.value()));
                return drain.isPresent() ? unknown : unknown.missing(undrained());
            }
            Formula written = dirty.plus(write.times(burst.get()));
            if (drain.isEmpty()) {
                Finding found = Finding.of(Unit.BYTES, written, throttlePoint)
                        .demandAtMost()
                        .note("the drain is not known: as if the disk took nothing meanwhile");
                return written.value() <= throttlePoint.value() ? found : found.missing(undrained());
            }
            Formula zero = Formula.fixed(Quantity.bytes(0));
            Formula before = background.minus(dirty).max(zero).over(write).named("time to background");
            Formula draining = burst.get().minus(before).max(Formula.fixed(Quantity.seconds(0)));
            return Finding.of(Unit.BYTES, written.minus(drain.get().times(draining)), throttlePoint)
                    .note("nothing drains below the background threshold (the flusher threads start there)");
        }

        private static Missing undrained() {
            return new Missing(
                    DRAIN.name(), "say what the disk takes, as 100 MiB/s; iostat -x shows it while it is busy");
        }

        /** With the time to throttling, or why there is none. */
        Finding timed(Finding found) {
            if (keepsUp() && dirty.value() <= throttlePoint.value()) {
                return found.note("never throttles at this rate");
            }
            if (keepsUp() || drain.isEmpty()) {
                return found;
            }
            double start = Math.max(dirty.value(), background.value());
            double seconds = Math.max(0, background.value() - dirty.value()) / write.value()
                    + Math.max(0, throttlePoint.value() - start)
                            / (write.value() - drain.get().value());
            return found.figure("time to throttling", Quantity.seconds(seconds));
        }
    }

    private static Finding figures(Finding found, Thresholds thresholds, Input page) {
        double limit = thresholds.limit.value() * page.value();
        double throttle = thresholds.throttlePoint(page).value();
        return found.figure("dirty threshold", bytes(limit))
                .figure("background threshold", bytes(thresholds.background.value() * page.value()))
                .figure("throttle point", bytes(throttle))
                .figure("setpoint", bytes((throttle + limit) / 2));
    }

    private static Quantity bytes(double value) {
        return Quantity.of(Math.rint(value), Unit.BYTES);
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        boolean bytes = facts.input(VM + "bytes", Unit.BYTES, "B")
                .filter(b -> b.value() > 0)
                .isPresent();
        if (bytes) {
            double present =
                    facts.input(VM + "bytes", Unit.BYTES, "B").orElseThrow().value();
            return List.of(Lever.scale(present, MOST_TIMES * present, Unit.BYTES, v -> {
                long value = (long) Math.ceil(v / MEBIBYTE) * MEBIBYTE;
                return waiting(Candidate.of("vm.dirty_bytes=" + value).set(VM + "bytes", String.valueOf(value)));
            }));
        }
        double present = 100 * Levers.value(facts.input(VM + "ratio", Unit.SHARE, "%"), 0.2);
        return present >= MOST_RATIO
                ? List.of()
                : List.of(Levers.setting(VM + "ratio", present, MOST_RATIO, 1, (c, value) -> waiting(c)));
    }

    private static Candidate waiting(Candidate c) {
        return c.cost("none until it is written: then as much memory more holds what is not yet on disk")
                .risk(
                        "a crash loses more, and a sync() or a full cache waits longer: it helps with bursts, not with a disk that is too slow",
                        "Documentation/admin-guide/sysctl/vm.rst");
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return List.of(new Refused(
                VM + "background_ratio, raised",
                "writing back begins later: the point from which writers are slowed moves by half of it, and the disk idles until then",
                "mm/page-writeback.c, dirty_freerun_ceiling"));
    }
}
