package plimsoll.analyses;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * Keys of OPcache's hash table against its size: the first prime of a table that is not below opcache.max_accelerated_files
 * (zend_accel_hash_init of ext/opcache/zend_accelerator_hash.c). A script may have several keys, one for each path it is included by.
 */
final class OpcacheKeys extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Keys of OPcache's hash table. */
        default Budget opcacheKeys() {
            return budgets("opcache-keys").worst();
        }

        /** Keys of OPcache's hash table with so many of them: {@code opcacheKeys("20000")}. */
        default Budget opcacheKeys(String keys) {
            return ask("opcache-keys.keys", keys).opcacheKeys();
        }
    }

    private static final double[] PRIMES = {
        223, 463, 983, 1979, 3907, 7963, 16229, 32531, 65407, 130987, 262237, 524521, 1048793
    };
    private static final long LEAST = 200;
    private static final long MOST = 1_000_000;
    private static final long USUAL = 10_000;
    private static final String MAX = "opcache_statistics.max_cached_keys";
    private static final String USED = "opcache_statistics.num_cached_keys";

    private static final Parameter KEYS =
            Parameter.integer("keys", Unit.COUNT, 0, "paths by which scripts are included");

    @Override
    public String name() {
        return "opcache-keys";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "scripts beyond the table are compiled at every request; without waste there is no restart that would change it";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(KEYS);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Opcache.SCOPE);
    }

    /** How many keys a setting of max_accelerated_files gives: outside 200 to 1,000,000 it counts as 10,000. */
    static double effective(double setting) {
        double valid = setting < LEAST || setting > MOST ? USUAL : setting;
        return Arrays.stream(PRIMES).filter(p -> p >= valid).findFirst().orElseThrow();
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Formula supply = supply(facts);
        Optional<Input> said = KEYS.find(facts, this, scope);
        Optional<Input> used = Opcache.status(facts, USED, Unit.COUNT);
        Optional<Input> keys = said.isPresent() ? said : used;
        if (keys.isEmpty()) {
            return Finding.unknown(Unit.COUNT, Opcache.missing("num_cached_keys"))
                    .supplied(supply);
        }
        Finding found = Finding.of(Unit.COUNT, keys.get(), supply);
        boolean full = said.isEmpty()
                && Opcache.status(facts, MAX, Unit.COUNT)
                        .filter(m -> keys.get().value() >= m.value())
                        .isPresent();
        if (full) {
            found = found.demandAtLeast().note("the table is full: scripts that are not in it are not counted");
        }
        Optional<Input> scripts = Opcache.status(facts, "opcache_statistics.num_cached_scripts", Unit.COUNT);
        Optional<Input> restarts = Opcache.status(facts, "opcache_statistics.hash_restarts", Unit.COUNT);
        found = scripts.isPresent() ? found.figure("scripts", scripts.get().quantity()) : found;
        return restarts.isPresent()
                ? found.figure("hash restarts", restarts.get().quantity())
                : found;
    }

    private static Formula supply(Facts facts) {
        Optional<Fact> setting = Opcache.setting(facts, "max_accelerated_files");
        Optional<Input> shown = Opcache.status(facts, MAX, Unit.COUNT);
        if (shown.isPresent() && setting.map(s -> !Opcache.said(s.evidence())).orElse(true)) {
            return shown.get();
        }
        String name = "opcache.max_accelerated_files";
        Input files = setting.map(s -> new Input(name, Quantity.parse(s.text(), Unit.COUNT), s.evidence(), List.of()))
                .orElseGet(() -> Input.byDefault(name, Quantity.count(USUAL), "PHP: zend_accelerator_module.c"));
        return Formula.call("prime_at_least", Unit.COUNT, v -> effective(v[0]), files)
                .named("max_cached_keys");
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        double present = Levers.value(
                Opcache.setting(facts, "max_accelerated_files")
                        .map(s -> Input.read("files", Quantity.parse(s.text(), Unit.COUNT), "")),
                USUAL);
        // the table is what counts: what is set to less than it gives nothing more
        double table = Math.min(MOST, Math.max(present, supply(facts).value()));
        return List.of(Levers.setting("opcache.max_accelerated_files", table, MOST, 1, (c, value) -> c.cost(
                        "some 32 B of shared memory for each key that the table is larger")
                .risk(
                        "it counts after PHP-FPM has been started anew; the table is as large as the next prime of a list",
                        "ext/opcache/zend_accelerator_hash.c, zend_accel_hash_init")));
    }
}
