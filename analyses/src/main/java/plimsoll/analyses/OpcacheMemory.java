package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/**
 * OPcache's shared memory: what is used, what is wasted by scripts that changed, and room for one more script, against
 * opcache.memory_consumption. Waste comes back only by a restart, and without waste there is none: a full cache stays as it is
 * (zend_accel_schedule_restart_if_necessary of ext/opcache/ZendAccelerator.c).
 */
final class OpcacheMemory extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** OPcache's shared memory. */
        default Budget opcacheMemory() {
            return budgets("opcache-memory").worst();
        }

        /** OPcache's shared memory with so much of it used: {@code opcacheMemory("100 MiB")}. */
        default Budget opcacheMemory(String used) {
            return ask("opcache-memory.used", used).opcacheMemory();
        }
    }

    private static final Parameter USED =
            Parameter.integer("used", Unit.BYTES, 0, "memory that scripts and strings take");
    private static final Parameter SCRIPT =
            Parameter.integer("script", Unit.BYTES, 0, "memory that one more script takes");

    @Override
    public String name() {
        return "opcache-memory";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "scripts that are not in it are compiled at every request; cache_full stays false";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(USED, SCRIPT);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Opcache.SCOPE);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> used = USED.find(facts, this, scope).or(() -> memory(facts, "used_memory"));
        Optional<Input> wasted = memory(facts, "wasted_memory");
        Optional<Formula> supply = supply(facts, wasted);
        if (used.isEmpty()) {
            Finding unknown = Finding.unknown(Unit.BYTES, Opcache.missing("used_memory"));
            return supply.map(unknown::supplied).orElse(unknown);
        }
        if (supply.isEmpty()) {
            return Finding.unknown(Unit.BYTES, Opcache.missing("free_memory"));
        }
        Input waste = wasted.orElseGet(() -> Input.assumed("wasted_memory", Quantity.bytes(0), "not shown"));
        Input script = SCRIPT.find(facts, this, scope).orElseGet(() -> script(facts, used.get()));
        Finding found = Finding.of(Unit.BYTES, used.get().plus(waste).plus(script), supply.get())
                .figure(
                        "wasted",
                        Quantity.share(waste.value() / Math.max(1, supply.get().value())))
                .note("waste comes back only by a restart, which comes when memory is short and"
                        + " opcache.max_wasted_percentage of it, 5 by default, is wasted");
        Optional<Input> restarts = Opcache.status(facts, "opcache_statistics.oom_restarts", Unit.COUNT);
        return restarts.isPresent()
                ? found.figure("out of memory restarts", restarts.get().quantity())
                : found;
    }

    private static Optional<Input> memory(Facts facts, String name) {
        return Opcache.status(facts, "memory_usage." + name, Unit.BYTES);
    }

    /** What is configured; where only the status is known, its three parts. */
    private static Optional<Formula> supply(Facts facts, Optional<Input> wasted) {
        Optional<Input> setting = Opcache.memory(facts, "memory_consumption");
        Optional<Input> used = memory(facts, "used_memory");
        Optional<Input> free = memory(facts, "free_memory");
        boolean asked = setting.filter(s -> Opcache.said(s.evidence())).isPresent();
        if (asked || used.isEmpty() || free.isEmpty() || wasted.isEmpty()) {
            return setting.map(s -> s);
        }
        // as the cache has it: a setting below 8 MiB counts as 128 MiB
        return Optional.of(Input.derived(
                "opcache.memory_consumption",
                Quantity.of(
                        used.get().value() + free.get().value() + wasted.get().value(), Unit.BYTES),
                "used + free + wasted"));
    }

    /** The largest script that is cached, else what one takes on average. */
    private static Input script(Facts facts, Input used) {
        String column = "memory_consumption";
        Optional<Rows> scripts = facts.table("opcache_scripts", Rows.class)
                .filter(rows -> rows.columns().contains(column));
        if (scripts.isPresent()) {
            long largest = IntStream.range(0, scripts.get().size())
                    .mapToObj(row -> scripts.get().number(column, row))
                    .mapToLong(size -> size.orElse(0))
                    .max()
                    .orElse(0);
            return Input.derived("script", Quantity.bytes(largest), "the largest script that is cached");
        }
        double strings = Opcache.status(facts, "interned_strings_usage.buffer_size", Unit.BYTES)
                .map(Input::value)
                .orElse(0.0);
        double cached = Opcache.status(facts, "opcache_statistics.num_cached_scripts", Unit.COUNT)
                .map(Input::value)
                .orElse(0.0);
        return cached > 0 && used.value() > strings
                ? Input.derived(
                        "script",
                        Quantity.bytes(Math.round((used.value() - strings) / cached)),
                        "what one script takes on average")
                : Input.assumed("script", Quantity.bytes(0), "nothing shows what a script takes");
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        Optional<Formula> supply = supply(facts, memory(facts, "wasted_memory"));
        return Opcache.larger(
                facts,
                "memory_consumption",
                supply.map(s -> Input.read("memory", s.in(Unit.BYTES), "")),
                "it is shared by all children of the pool and counted once");
    }
}
