package plimsoll.analyses;

import java.util.List;
import java.util.OptionalLong;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * The inodes of a file system, one a file: ext4 fixes their number when it is made (mke2fs(8)); file systems that make them as they need them,
 * such as btrfs, show 0 and are left out. Files that are deleted and still open are among the used.
 */
final class Inodes extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** The inodes of the file system that lies deepest. */
        default Budget inodes() {
            return budgets("inodes").worst();
        }

        /** The inodes of the file system that lies deepest with so many files made besides: {@code inodes("100000")}. */
        default Budget inodes(String more) {
            return ask("inodes.more", more).inodes();
        }
    }

    private final FileSystems.Kind files = new FileSystems.Kind(
            this,
            Parameter.integer("more", Unit.COUNT, 0, "files to be made besides"),
            Parameter.continuous("rate", Unit.RATE, "files that come per second"),
            Parameter.integer("freed", Unit.COUNT, 0, "files removed, or deleted ones closed"),
            Parameter.integer("added", Unit.COUNT, 0, "inodes that a larger file system has more"));

    @Override
    public String name() {
        return "inodes";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "no file can be made: ENOSPC, 'No space left on device', although df shows space";
    }

    @Override
    public List<Parameter> parameters() {
        return files.parameters();
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Scopes.of(facts, this, FileSystems.mounted(facts, "inodes"), FileSystems.ANY);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        OptionalLong used = FileSystems.number(facts, scope, "iused");
        OptionalLong all = FileSystems.number(facts, scope, "inodes");
        if (used.isEmpty() || all.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing("iused", "df -i"));
        }
        Input taken = new Input("iused", Quantity.count(used.getAsLong()), Evidence.read("df -i " + scope), List.of());
        Input supply = new Input("inodes", Quantity.count(all.getAsLong()), Evidence.read("df -i " + scope), List.of());
        return files.found(facts, scope, taken, supply, Inodes::held);
    }

    private static Quantity held(FileSystems.Deleted deleted) {
        return Quantity.count(deleted.files());
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return files.remedies(facts, scope, Inodes::held);
    }
}
