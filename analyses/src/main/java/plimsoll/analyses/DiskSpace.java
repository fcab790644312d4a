package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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

/**
 * The space of a file system: used, against used and available, which leaves out what is reserved for root (df(1), statfs(2)). Files that are
 * deleted and still open are among the used: du does not see them, and they come back when the last process closes them.
 */
final class DiskSpace extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** The space of the file system that lies deepest. */
        default Budget diskSpace() {
            return budgets("disk-space").worst();
        }

        /** The space of the file system that lies deepest with so much written besides: {@code diskSpace("20 GiB")}. */
        default Budget diskSpace(String more) {
            return ask("disk-space.more", more).diskSpace();
        }
    }

    private final FileSystems.Kind space = new FileSystems.Kind(
            this,
            Parameter.integer("more", Unit.BYTES, 0, "bytes to be written besides"),
            Parameter.continuous("rate", Unit.BANDWIDTH, "what the file system grows by"),
            Parameter.integer("freed", Unit.BYTES, 0, "bytes given back: files removed, or deleted ones closed"),
            Parameter.integer("added", Unit.BYTES, 0, "bytes that a larger file system has more"));

    @Override
    public String name() {
        return "disk-space";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "write() fails with ENOSPC, 'No space left on device'";
    }

    @Override
    public List<Parameter> parameters() {
        return space.parameters();
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Scopes.of(facts, this, FileSystems.mounted(facts, "size"), FileSystems.ANY);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        OptionalLong used = FileSystems.number(facts, scope, "used");
        OptionalLong available = FileSystems.number(facts, scope, "available");
        if (used.isEmpty() || available.isEmpty()) {
            return Finding.unknown(Unit.BYTES, new Missing("used", "df -P -k"));
        }
        Input taken = new Input("used", Quantity.bytes(used.getAsLong()), Evidence.read("df " + scope), List.of());
        Input left =
                new Input("available", Quantity.bytes(available.getAsLong()), Evidence.read("df " + scope), List.of());
        Formula supply = taken.plus(left);
        Finding found = space.found(facts, scope, taken, supply, DiskSpace::held);
        OptionalLong size = FileSystems.number(facts, scope, "size");
        if (size.isPresent() && size.getAsLong() > supply.value()) {
            found = found.figure("reserved for root", Quantity.of(size.getAsLong() - supply.value(), Unit.BYTES));
        }
        Optional<FileSystems.Deleted> deleted = FileSystems.deleted(facts, scope);
        if (deleted.isPresent() && deleted.get().files() > 0) {
            found = found.note(deleted.get().files()
                    + " deleted files are still open: du does not see them, closing gives them back");
        }
        return FileSystems.rounded(facts, scope)
                ? found.note("df -h rounds to two digits: df -P -k prints the sizes")
                : found;
    }

    private static Quantity held(FileSystems.Deleted deleted) {
        return Quantity.bytes(deleted.bytes());
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return space.remedies(facts, scope, DiskSpace::held);
    }
}
