package plimsoll.analyses;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import plimsoll.dsl.Facts;
import plimsoll.telemetry.Rows;

/**
 * A socket in LISTEN, as {@code ss -l} shows it: an immutable value.
 *
 * @param scope its address and port, or the path of a unix socket
 * @param backlog the length that listen() set, not above somaxconn at that time: Send-Q; empty where it was not shown
 * @param waiting connections that are complete and not yet accepted: Recv-Q; empty where it was not shown
 * @param unix true for a unix socket
 */
record Listener(String scope, OptionalLong backlog, OptionalLong waiting, boolean unix) {
    /** The scope of a question that was asked of no listener in particular. */
    static final String ANY = "any one listener";

    /** Under which the facts of a host hold the listeners of its listing. */
    static final String FOUND = "listeners";

    /** The listening stream sockets by scope; of several on one address (SO_REUSEPORT), each with its own queue, the fullest. */
    static Map<String, Listener> all(Facts facts) {
        return facts.table(FOUND, Found.class)
                .or(() -> facts.table("sockets", Rows.class).map(Listener::found))
                .map(Found::all)
                .orElse(Map.of());
    }

    /** The listeners of a listing, looked for once and not for each of them. */
    record Found(Map<String, Listener> all) {}

    static Found found(Rows sockets) {
        var found = new TreeMap<String, Listener>();
        for (int row = 0; row < sockets.size(); row++) {
            of(sockets, row).ifPresent(l -> found.merge(l.scope, l, Listener::fuller));
        }
        return new Found(Collections.unmodifiableMap(found));
    }

    /** The listeners, those that were asked of, else the one that stands for any. */
    static List<String> scopes(Facts facts, String law) {
        List<String> scopes = new ArrayList<>(Scopes.asked(facts, law));
        all(facts).keySet().stream().filter(s -> !scopes.contains(s)).forEach(scopes::add);
        return scopes.isEmpty() ? List.of(ANY) : scopes;
    }

    private static Optional<Listener> of(Rows sockets, int row) {
        if (!sockets.text("state", row).orElse("").equals("LISTEN")) {
            return Optional.empty();
        }
        String netid = sockets.text("netid", row).orElse("tcp");
        boolean unix = netid.startsWith("u_");
        if (!unix && !netid.startsWith("tcp")) {
            return Optional.empty();
        }
        String address = sockets.text("local_address", row).orElse("");
        String scope = unix ? address : endpoint(address, sockets.cell("local_port", row));
        return Optional.of(new Listener(scope, sockets.number("send_q", row), sockets.number("recv_q", row), unix));
    }

    /** An address and a port as {@code ss} writes them. */
    static String endpoint(String address, String port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }

    private static Listener fuller(Listener one, Listener other) {
        return other.waiting.orElse(-1) > one.waiting.orElse(-1) ? other : one;
    }
}
