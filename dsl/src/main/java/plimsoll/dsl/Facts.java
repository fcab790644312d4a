package plimsoll.dsl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a host, immutable: every reading of every name, ranked, and the tables that were read. What is given or
 * changed by the user lies on top of what was read; nothing is ever forgotten.
 */
public final class Facts {
    private static final Facts NONE = new Facts(null, Map.of(), Map.of());
    private static final Comparator<Fact> RANK =
            Comparator.comparing(f -> f.evidence().kind());

    private final @Nullable Facts below;
    private final Map<String, List<Fact>> readings;
    private final Map<String, Object> tables;
    private final @Nullable Consumer<String> listener;
    private final boolean asRead;

    private Facts(@Nullable Facts below, Map<String, List<Fact>> readings, Map<String, Object> tables) {
        this(below, readings, tables, null, false);
    }

    private Facts(
            @Nullable Facts below,
            Map<String, List<Fact>> readings,
            Map<String, Object> tables,
            @Nullable Consumer<String> listener,
            boolean asRead) {
        this.below = below;
        this.readings = readings;
        this.tables = tables;
        this.listener = listener;
        this.asRead = asRead;
    }

    /** No facts at all. */
    public static Facts none() {
        return NONE;
    }

    /** These facts and {@code more} on top: of two readings of one kind the later one counts only where it was CHANGED or GIVEN. */
    public Facts plus(Collection<Fact> more) {
        var map = new LinkedHashMap<String, List<Fact>>();
        for (Fact fact : more) {
            map.computeIfAbsent(fact.name(), n -> new ArrayList<>(1)).add(fact);
        }
        map.replaceAll((name, list) -> List.copyOf(list));
        return new Facts(this, Collections.unmodifiableMap(map), Map.of());
    }

    /** These facts with one more on top. */
    public Facts plus(Fact fact) {
        return new Facts(this, Map.of(fact.name(), List.of(fact)), Map.of());
    }

    /** These facts and what the user says of an input: GIVEN. */
    public Facts given(String name, String text) {
        return plus(new Fact(name, text, Evidence.given()));
    }

    /** These facts with one value replaced, as a what-if: CHANGED from what it was, GIVEN where nothing was known. */
    public Facts with(String name, String text) {
        return find(name)
                .map(was -> plus(new Fact(name, text, new Evidence(Evidence.Kind.CHANGED, "was " + was.text()))))
                .orElseGet(() -> given(name, text));
    }

    /** These facts and a table that laws may look into. The table must be immutable. */
    public Facts holding(String name, Object table) {
        return new Facts(this, Map.of(), Map.of(name, table));
    }

    /** These facts; the listener is told every name that is looked up, so that a budget knows what its law takes from the facts. */
    Facts heard(Consumer<String> listening) {
        return new Facts(this, Map.of(), Map.of(), listening, false);
    }

    /**
     * These facts without what a what-if has CHANGED: a gauge was at its ceiling when it was read, whatever the ceiling is made to be
     * afterwards.
     */
    public Facts asRead() {
        return new Facts(this, Map.of(), Map.of(), null, true);
    }

    /** The table of that name, where one was read. */
    public <T> Optional<T> table(String name, Class<T> type) {
        for (Facts layer = this; layer != null; layer = layer.below) {
            Object found = layer.tables.get(name);
            if (type.isInstance(found)) {
                return Optional.of(type.cast(found));
            }
        }
        return Optional.empty();
    }

    /** The reading of {@code name} that counts: the most binding kind, the last word of the user, else the first read. */
    public Optional<Fact> find(String name) {
        Fact changed = null;
        Fact given = null;
        Fact read = null;
        boolean spoken = false;
        boolean unchanged = false;
        for (Facts layer = this; layer != null; layer = layer.below) {
            if (layer.listener != null) {
                layer.listener.accept(name);
            }
            unchanged |= layer.asRead;
            List<Fact> here = layer.readings.getOrDefault(name, List.of());
            for (int i = here.size() - 1; i >= 0; i--) {
                Fact fact = here.get(i);
                if (!spoken(fact)) {
                    // the lowest layer and the first in it were read first
                    read = read == null || RANK.compare(fact, read) <= 0 ? fact : read;
                } else if (fact.evidence().kind() == Evidence.Kind.GIVEN) {
                    given = given == null ? fact : given;
                    spoken = true;
                } else if (!spoken) {
                    changed = fact;
                    spoken = true;
                }
            }
        }
        return Optional.ofNullable(changed != null && !unchanged ? changed : given != null ? given : read);
    }

    /** Every reading of {@code name}, the one that counts first. */
    public List<Fact> all(String name) {
        var said = new ArrayList<Fact>();
        var read = new ArrayList<List<Fact>>();
        boolean unchanged = false;
        for (Facts layer = this; layer != null; layer = layer.below) {
            if (layer.listener != null) {
                layer.listener.accept(name);
            }
            unchanged |= layer.asRead;
            List<Fact> here = layer.readings.get(name);
            if (here == null) {
                continue;
            }
            for (int i = here.size() - 1; i >= 0; i--) {
                if (spoken(here.get(i))) {
                    said.add(here.get(i));
                }
            }
            read.add(here.stream().filter(f -> !spoken(f)).toList());
        }
        Collections.reverse(read);
        var rest = new ArrayList<Fact>();
        read.forEach(rest::addAll);
        rest.sort(RANK);
        if (unchanged) {
            said.removeIf(f -> f.evidence().kind() == Evidence.Kind.CHANGED);
        }
        said.addAll(rest);
        return List.copyOf(said);
    }

    private static boolean spoken(Fact fact) {
        return fact.evidence().kind() == Evidence.Kind.CHANGED
                || fact.evidence().kind() == Evidence.Kind.GIVEN;
    }

    /** Every name that has a reading, sorted. */
    public Set<String> names() {
        var names = new TreeSet<String>();
        for (Facts layer = this; layer != null; layer = layer.below) {
            names.addAll(layer.readings.keySet());
        }
        return Collections.unmodifiableSet(names);
    }

    /**
     * The reading of {@code name} that counts, as an input of a formula.
     *
     * @throws IllegalArgumentException when there is a reading and it is not a quantity of that unit
     */
    public Optional<Input> input(String name, Unit unit) {
        return find(name).map(f -> {
            try {
                return new Input(name, Quantity.parse(f.text(), unit), f.evidence(), List.of());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ", " + f.evidence() + ": " + e.getMessage(), e);
            }
        });
    }

    /**
     * The reading of {@code name} that counts, where the setting's own spelling leaves the unit out: a bare {@code 120} is read as
     * {@code 120 s} for a {@code nativeUnit} of {@code s}.
     *
     * @throws IllegalArgumentException when there is a reading and it is not a quantity of that unit
     */
    public Optional<Input> input(String name, Unit unit, String nativeUnit) {
        Optional<Fact> found = find(name);
        if (found.isPresent() && found.get().text().strip().matches("\\d+")) {
            Quantity q = Quantity.parse(found.get().text().strip() + " " + nativeUnit, unit);
            return Optional.of(new Input(name, q, found.get().evidence(), List.of()));
        }
        return input(name, unit);
    }

    private List<String> lines() {
        return names().stream()
                .flatMap(n -> find(n).stream())
                .map(f -> Terminal.printable(f.toString()))
                .toList();
    }

    /** Writes the reading that counts of every name to standard output. */
    public void print() {
        lines().forEach(System.out::println);
    }

    /** The reading that counts of every name, one a line, as many as fit in a thousand characters. */
    @Override
    public String toString() {
        return Brief.of(lines(), "no facts");
    }
}
