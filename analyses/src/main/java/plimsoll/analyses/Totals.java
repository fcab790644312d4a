package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Input;
import plimsoll.dsl.Unit;

/** How many sockets there are in all, from the first source that counted them: each of them holds at most one port. */
final class Totals {
    private static final String STATES = "states:";

    private Totals() {}

    /** The counts that add up to all sockets that may hold an ephemeral port, none of them twice; empty where nothing counted them. */
    static List<Input> held(Facts facts) {
        List<Input> states = facts.names().stream()
                .filter(n -> n.startsWith(STATES) && !n.equals(STATES + "LISTEN") && !n.equals(STATES + "UNCONN"))
                .map(n -> facts.input(n, Unit.COUNT).orElseThrow())
                .sorted((a, b) -> Double.compare(b.value(), a.value()))
                .toList();
        if (!states.isEmpty()) {
            return states;
        }
        // ss -s: TCP is alloc + timewait, alloc of the whole host: still no less than what this namespace holds
        return all(facts, "ss:tcp")
                .or(() -> all(facts, "sockstat:TCP.tw", "sockstat:TCP.inuse", "sockstat6:TCP6.inuse"))
                .or(() -> all(facts, "sockstat:TCP.tw", "sockstat:TCP.alloc"))
                .orElse(List.of());
    }

    /** All UDP sockets; empty where nothing counted them. */
    static List<Input> udp(Facts facts) {
        return all(facts, "ss:inuse.udp")
                .or(() -> all(facts, "sockstat:UDP.inuse", "sockstat6:UDP6.inuse"))
                .orElse(List.of());
    }

    private static Optional<List<Input>> all(Facts facts, String... names) {
        var found = new java.util.ArrayList<Input>();
        for (String name : names) {
            facts.input(name, Unit.COUNT).ifPresent(found::add);
        }
        return found.size() == names.length ? Optional.of(List.copyOf(found)) : Optional.empty();
    }
}
