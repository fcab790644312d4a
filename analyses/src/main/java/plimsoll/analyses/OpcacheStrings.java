package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
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

/**
 * OPcache's buffer of interned strings. Its hash table takes a quarter of it and PHP's own strings some 235 kB (measured, PHP 8.2), so
 * that it is never empty; full is where nothing is free, which a share of 99.999 % shows, not 100 %.
 */
final class OpcacheStrings extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** OPcache's buffer of interned strings. */
        default Budget opcacheStrings() {
            return budgets("opcache-strings").worst();
        }

        /** OPcache's buffer of interned strings with so much of the application in it: {@code opcacheStrings("12 MiB")}. */
        default Budget opcacheStrings(String strings) {
            return ask("opcache-strings.strings", strings).opcacheStrings();
        }
    }

    private static final String SECTION = "interned_strings_usage.";
    private static final double TABLE_SHARE = 0.25;
    private static final long PHP_OWN = 235_000;
    private static final double NOTHING = 1024; // less than this takes no string of a source file

    private static final Parameter STRINGS =
            Parameter.integer("strings", Unit.BYTES, 0, "interned strings of the application");

    @Override
    public String name() {
        return "opcache-strings";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "further strings go into the memory of the scripts, each file with its own copy; no error and no restart";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(STRINGS);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Opcache.SCOPE);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> shown = Opcache.status(facts, SECTION + "buffer_size", Unit.BYTES);
        Optional<Input> setting = Opcache.memory(facts, "interned_strings_buffer");
        boolean asked = setting.filter(s -> Opcache.said(s.evidence())).isPresent();
        Optional<Input> buffer = asked || shown.isEmpty() ? setting : shown;
        Optional<Input> used = Opcache.status(facts, SECTION + "used_memory", Unit.BYTES);
        Optional<Input> said = STRINGS.find(facts, this, scope);
        boolean full = said.isEmpty()
                && Opcache.status(facts, SECTION + "free_memory", Unit.BYTES)
                        .filter(free -> free.value() < NOTHING)
                        .isPresent();
        Optional<Input> strings = said.or(() -> used.flatMap(u -> shown.map(s -> Input.derived(
                STRINGS.name(),
                Quantity.of(Math.max(0, (full ? s : u).value() - s.value() * TABLE_SHARE - PHP_OWN), Unit.BYTES),
                (full ? "the whole buffer" : "used_memory") + " less the table and PHP's own strings"))));
        if (buffer.isEmpty()) {
            return Finding.unknown(Unit.BYTES, Opcache.missing("interned_strings_usage"))
                    .note("with a buffer of 0 there is no interned_strings_usage");
        }
        if (strings.isEmpty()) {
            return Finding.unknown(Unit.BYTES, Opcache.missing("interned_strings_usage"))
                    .supplied(buffer.get());
        }
        Formula table =
                buffer.get().times(Formula.fixed(Quantity.share(TABLE_SHARE))).named("hash table");
        double read = said.isEmpty() && used.isPresent() && shown.isPresent()
                ? used.get().value() - shown.get().value() * TABLE_SHARE
                : PHP_OWN;
        // PHP's own are a little fewer or more from build to build
        Formula own = Formula.fixed(Quantity.of(Math.max(0, Math.min(read, PHP_OWN)), Unit.BYTES))
                .named("PHP's own strings");
        Finding found = Finding.of(Unit.BYTES, strings.get().plus(table).plus(own), buffer.get())
                .figure("floor", Quantity.bytes(Math.round(table.value() + PHP_OWN)))
                .note("a quarter of the buffer and 235 kB are used from the start");
        return full
                ? found.demandAtLeast().note("the buffer was full: strings that went elsewhere are not counted")
                : found;
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return Opcache.larger(
                facts,
                "interned_strings_buffer",
                Opcache.status(facts, SECTION + "buffer_size", Unit.BYTES),
                "it is taken out of opcache.memory_consumption");
    }
}
