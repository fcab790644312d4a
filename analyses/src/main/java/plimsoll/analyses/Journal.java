package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import plimsoll.dsl.Budget;
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
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/**
 * What a crash can take from an ext3 or ext4 file system of writes that nobody synced: data is written back when it is as old as
 * vm.dirty_expire_centisecs, at the next of the flusher's rounds every vm.dirty_writeback_centisecs (mm/page-writeback.c), and its metadata is
 * committed at the journal's interval, 5 s by default (JBD2_DEFAULT_MAX_COMMIT_AGE of include/linux/jbd2.h; Documentation/filesystems/ext4).
 */
final class Journal extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** What a crash takes of the last writes to the file system that loses most. */
        default Budget journal() {
            return budgets("journal").worst();
        }

        /** What a crash takes of the last writes to the file system that loses most where so much is tolerated: {@code journal("30 s")}. */
        default Budget journal(String tolerated) {
            return ask("journal.tolerated", tolerated).journal();
        }
    }

    private static final String ANY = "any one ext4 file system";

    private static final String EXPIRE = "vm.dirty_expire_centisecs";
    private static final double LEAST_EXPIRE = 100;

    private static final Parameter TOLERATED =
            Parameter.continuous("tolerated", Unit.SPAN, "how much of the last writes may be lost in a crash");

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "a crash loses more than is tolerated of what was written last and not synced";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(TOLERATED);
    }

    /** What is mounted, else what /etc/fstab says is to be. */
    private static Optional<Rows> mounted(Facts facts) {
        return facts.table("mounts", Rows.class).or(() -> facts.table("fstab", Rows.class));
    }

    private static Stream<Integer> mounts(Rows mounts) {
        return IntStream.range(0, mounts.size())
                .boxed()
                .filter(row -> mounts.text("fstype", row).orElse("").matches("ext[34]"));
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Scopes.of(
                facts,
                this,
                mounted(facts).stream()
                        .flatMap(m -> mounts(m).flatMap(row -> m.text("target", row).stream()))
                        .distinct()
                        .toList(),
                ANY);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Rows> mounts = mounted(facts);
        Optional<Integer> row = mounts.flatMap(m -> mounts(m)
                .filter(r -> m.text("target", r).equals(Optional.of(scope)))
                .reduce((first, last) -> last)); // what is mounted last hides what is below
        if (mounts.isEmpty() || row.isEmpty()) {
            return Finding.unknown(Unit.SPAN, new Missing("mount options", "cat /proc/mounts"));
        }
        List<String> options = options(mounts.get(), row.get());
        Input commit = options.stream()
                .filter(o -> o.matches("commit=\\d{1,9}"))
                .map(o -> Long.parseLong(o.substring("commit=".length())))
                .filter(seconds -> seconds > 0) // commit=0 is the default
                .findFirst()
                .map(s ->
                        new Input("commit", Quantity.seconds(s), Evidence.read("mount options of " + scope), List.of()))
                .orElseGet(() -> Input.byDefault("commit", Quantity.seconds(5), "Linux: JBD2_DEFAULT_MAX_COMMIT_AGE"));
        Input expire = centiseconds(facts, EXPIRE, 30);
        Input round = centiseconds(facts, "vm.dirty_writeback_centisecs", 5);
        String mode = options.stream()
                .filter(o -> o.startsWith("data="))
                .map(o -> o.substring("data=".length()))
                .findFirst()
                .orElse("ordered");
        boolean journalled = mode.equals("journal");
        Formula window = (journalled ? commit : expire.plus(round).plus(commit)).named("loss window");
        Optional<Input> tolerated = TOLERATED.find(facts, this, scope);
        Finding found = tolerated.isPresent()
                ? Finding.of(Unit.SPAN, window, tolerated.get())
                : Finding.unknown(
                        Unit.SPAN,
                        new Missing(TOLERATED.name(), "say how much of the last writes may be lost, as 30 s"));
        found = found.figure("loss window of data", window.in(Unit.SPAN))
                .figure("loss window of metadata", commit.quantity());
        for (String note : notes(mode, round)) {
            found = found.note(note);
        }
        if (facts.table("mounts", Rows.class).isEmpty()) {
            found = found.note("as /etc/fstab says: cat /proc/mounts shows what is mounted");
        }
        return measured(facts, mounts.get(), row.get(), found);
    }

    private static List<String> options(Rows mounts, int row) {
        String all = mounts.text("options", row).orElse("");
        String more = mounts.columns().contains("super_options")
                ? mounts.text("super_options", row).orElse("")
                : "";
        return Stream.of((all + "," + more).split(",", -1)).map(String::strip).toList();
    }

    private static Input centiseconds(Facts facts, String name, double seconds) {
        return facts.find(name)
                .filter(f -> f.text().strip().matches("\\d{1,12}"))
                .map(f -> new Input(
                        name, Quantity.seconds(Long.parseLong(f.text().strip()) / 100.0), f.evidence(), List.of()))
                .or(() -> facts.input(name, Unit.SPAN))
                .orElseGet(() -> Input.byDefault(name, Quantity.seconds(seconds), "Linux: mm/page-writeback.c"));
    }

    private static List<String> notes(String mode, Input round) {
        var notes = new ArrayList<String>();
        switch (mode) {
            case "writeback" ->
                notes.add(
                        "data=writeback drops the order of data before metadata: after a crash a file may show old blocks;"
                                + " commits come as often and write() is as fast as before");
            case "journal" ->
                notes.add("data=journal writes data with the metadata, twice: both are safe at the next commit");
            default ->
                notes.add(
                        "data=ordered waits at a commit for data whose blocks are allocated; delayed allocation leaves new data out until"
                                + " it is written back. data=writeback would drop that wait, not the commits");
        }
        notes.add("data= cannot be changed by a remount: the file system has to be unmounted");
        if (round.value() == 0) {
            notes.add(
                    "vm.dirty_writeback_centisecs = 0: nothing is written back for its age; the window has no end until memory is short");
        }
        notes.add("fsync() ends the window for its file at once");
        return notes;
    }

    /** What jbd2 itself counted: its device is that of the mount, with the inode of the journal behind it. */
    private static Finding measured(Facts facts, Rows mounts, int row, Finding found) {
        String device = mounts.text("source", row).orElse("").replaceFirst("^/dev/", "");
        List<String> journals = facts.names().stream()
                .flatMap(n -> Scopes.between(n, "jbd2:", ".transactions").stream())
                .filter(j -> !device.isEmpty() && j.startsWith(device + "-"))
                .toList();
        Finding more = found;
        for (String journal : journals) {
            Optional<Input> transactions = facts.input("jbd2:" + journal + ".transactions", Unit.COUNT);
            Optional<Input> committing = facts.input("jbd2:" + journal + ".average transaction commit time", Unit.SPAN);
            more = transactions.isPresent()
                    ? more.figure("commits since mounted", transactions.get().quantity())
                    : more;
            more = committing.isPresent()
                    ? more.figure("time of a commit", committing.get().quantity())
                    : more;
        }
        return more;
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        double present = 100 * centiseconds(facts, EXPIRE, 30).value();
        return List.of(Levers.setting(
                EXPIRE, present, LEAST_EXPIRE, 100, (c, value) -> c.cost("more writes: what is written again within "
                                + value / 100 + " s goes to the disk once less often together")
                        .risk(
                                "it is for all file systems of the host; only fsync() makes a write sure",
                                "Documentation/admin-guide/sysctl/vm.rst")));
    }
}
