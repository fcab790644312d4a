package plimsoll.analyses;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.IntStream;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
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
 * The memory of a PHP-FPM pool: children times what each has for itself, against what is available, to which the children that ran when
 * that was read belong. What children share (OPcache, the program) is counted once and not here: private memory is Private_Clean +
 * Private_Dirty of smaps_rollup, else the proportional set size, else RssAnon (proc(5)).
 */
final class FpmMemory extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** The memory of the children of the PHP-FPM pool that lies deepest. */
        default Budget fpmMemory() {
            return budgets("fpm-memory").worst();
        }

        /** The memory of the children of the PHP-FPM pool that lies deepest with so many of them: {@code fpmMemory("100").with("child", "60 MiB")}. */
        default Budget fpmMemory(String children) {
            return ask("fpm-memory.children", children).fpmMemory();
        }
    }

    private static final Parameter CHILDREN =
            Parameter.integer("children", Unit.COUNT, 0, "children that run at the same time");
    private static final Parameter CHILD =
            Parameter.integer("child", Unit.BYTES, 1, "the memory that one child has for itself");
    private static final Parameter RUNNING =
            Parameter.integer("running", Unit.COUNT, 0, "children that ran when the available memory was read");

    @Override
    public String name() {
        return "fpm-memory";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "the kernel's OOM killer ends a process, often a PHP worker or the database";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(CHILDREN, CHILD, RUNNING);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Scopes.of(facts, this, FpmPools.names(facts), FpmPools.ANY);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> children = CHILDREN.find(facts, this, scope).or(() -> FpmPools.children(facts, scope));
        Optional<Input> child = CHILD.find(facts, this, scope).or(() -> measured(facts));
        Optional<Input> available = Memory.available(facts);
        if (available.isEmpty()) {
            return Finding.unknown(Unit.BYTES, Memory.UNSEEN);
        }
        if (child.isEmpty()) {
            return Finding.unknown(
                            Unit.BYTES,
                            new Missing(
                                    CHILD.name(),
                                    "say what one child has for itself, as 40 MiB: Private_* of /proc/PID/smaps_rollup"))
                    .supplied(available.get());
        }
        if (children.isEmpty()) {
            return Finding.unknown(Unit.BYTES, new Missing("pm.max_children", "php-fpm -tt"))
                    .supplied(available.get());
        }
        Optional<Input> running =
                RUNNING.find(facts, this, scope).or(() -> FpmPools.status(facts, "total processes", scope));
        Formula supply = running.<Formula>map(r -> available.get().plus(r.times(child.get())))
                .orElse(available.get())
                .named("memory for children");
        Finding found = Finding.of(Unit.BYTES, children.get().times(child.get()), supply)
                .figure("children that fit", Quantity.count((long)
                        Math.floor(supply.value() / child.get().value())))
                .note("memory is shared with all else on the host: what other programs grow by is not in it");
        return running.isPresent()
                ? found.note("the children that ran already had their memory: it is theirs again")
                : found.note("as if no child ran when the available memory was read: curl the status page to know");
    }

    /** The mean private memory of the processes that are PHP-FPM by their name, or by its status page. */
    private static Optional<Input> measured(Facts facts) {
        var workers = new TreeSet<String>();
        facts.names().stream()
                .flatMap(n -> Scopes.between(n, "status:", ":Name").stream())
                .filter(pid -> facts.find("status:" + pid + ":Name")
                        .map(f -> f.text().startsWith("php-fpm"))
                        .orElse(false))
                .forEach(workers::add);
        facts.table("fpm_processes", Rows.class).ifPresent(p -> IntStream.range(0, p.size())
                .mapToObj(row -> p.cell("pid", row))
                .forEach(workers::add));
        double[] each = workers.stream()
                .map(pid -> own(facts, pid))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        if (each.length == 0) {
            return Optional.empty();
        }
        double mean = Arrays.stream(each).average().orElse(0);
        return Optional.of(Input.derived(
                CHILD.name(),
                Quantity.bytes(Math.round(mean)),
                "mean private memory of " + each.length + " processes"));
    }

    private static OptionalDouble own(Facts facts, String pid) {
        OptionalDouble clean = bytes(facts, "smaps_rollup:" + pid + ":Private_Clean");
        OptionalDouble dirty = bytes(facts, "smaps_rollup:" + pid + ":Private_Dirty");
        if (clean.isPresent() && dirty.isPresent()) {
            return OptionalDouble.of(clean.getAsDouble() + dirty.getAsDouble());
        }
        OptionalDouble pss = bytes(facts, "smaps_rollup:" + pid + ":Pss");
        return pss.isPresent() ? pss : bytes(facts, "status:" + pid + ":RssAnon");
    }

    private static OptionalDouble bytes(Facts facts, String name) {
        return facts.input(name, Unit.BYTES).stream().mapToDouble(Input::value).findFirst();
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return FpmPools.children(facts, scope).filter(c -> c.value() > 1).stream()
                .map(children -> Levers.setting(
                        FpmPools.setting("pm.max_children", scope), children.value(), 1, 1, (c, value) -> c.cost(
                                        Math.round(children.value() - value) + " requests less at the same time")
                                .risk(
                                        "requests beyond them wait in the backlog: see fpm-workers at the rate there is",
                                        "php-fpm.conf(5)")))
                .toList();
    }
}
