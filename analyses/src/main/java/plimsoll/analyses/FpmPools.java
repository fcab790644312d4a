package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Input;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/** What several laws look for in PHP-FPM's configuration and on its status page. */
final class FpmPools {
    static final String ANY = "any one pool";
    static final String CHILDREN = "fpm:pm.max_children";

    private FpmPools() {}

    /** The pools that are configured or that a status page shows. */
    static List<String> names(Facts facts) {
        var names = new TreeSet<>(Scopes.bracketed(facts, CHILDREN, ""));
        names.addAll(Scopes.bracketed(facts, "fpm:status.total processes", ""));
        return List.copyOf(names);
    }

    /** A setting of a pool: {@code fpm:pm.max_children[www]}. */
    static String setting(String name, String pool) {
        return "fpm:" + name + "[" + pool + "]";
    }

    /** A count of a pool's status page: {@code active processes}. */
    static Optional<Input> status(Facts facts, String name, String pool) {
        return facts.input(setting("status." + name, pool), Unit.COUNT);
    }

    /** {@code pm.max_children} of a pool. */
    static Optional<Input> children(Facts facts, String pool) {
        return facts.input(setting("pm.max_children", pool), Unit.COUNT);
    }

    /** {@code pm.max_children} of all pools together; empty where none is known. */
    static Optional<Input> allChildren(Facts facts) {
        List<Input> each = Scopes.bracketed(facts, CHILDREN, "").stream()
                .flatMap(pool -> children(facts, pool).stream())
                .toList();
        return each.isEmpty()
                ? Optional.empty()
                : Optional.of(Input.derived(
                        "workers",
                        Quantity.count(Math.round(
                                each.stream().mapToDouble(Input::value).sum())),
                        "pm.max_children of " + each.size() + (each.size() == 1 ? " pool" : " pools")));
    }
}
