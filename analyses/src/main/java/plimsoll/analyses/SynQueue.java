package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import plimsoll.dsl.Refused;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/**
 * Handshakes that are not complete, per listener: SYNs per second times how long each waits for its last ACK, against one more than the
 * backlog. Without SYN cookies the last quarter of tcp_max_syn_backlog is kept for known peers, which may be less
 * (net/ipv4/tcp_input.c, tcp_conn_request; inet_csk_reqsk_queue_is_full).
 */
final class SynQueue extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Handshakes that are not complete, of the listener whose queue is fullest. */
        default Budget synQueue() {
            return budgets("syn-queue").worst();
        }

        /** At {@code rate} SYNs per second: {@code synQueue("500/s").with("rtt", "50 ms")}. */
        default Budget synQueue(String rate) {
            return ask("syn-queue.rate", rate).synQueue();
        }
    }

    private static final String COOKIES = "net.ipv4.tcp_syncookies";
    private static final String MOST = "net.ipv4.tcp_max_syn_backlog";
    private static final double LONGEST = 65535;
    private static final String REPEATED = "net.ipv4.tcp_synack_retries";

    private static final Parameter RATE = Parameter.continuous("rate", Unit.RATE, "SYNs that come in per second");
    private static final Parameter RTT = Parameter.continuous(
            "rtt", Unit.SPAN, "the round trip to the client; 65 s for clients that never answer (tcp_synack_retries)");

    @Override
    public String name() {
        return "syn-queue";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "with tcp_syncookies: SYN cookies are sent, without the client's options; without: SYNs are dropped";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, RTT, AcceptQueue.BACKLOG);
    }

    @Override
    public List<String> scopes(Facts facts) {
        List<String> tcp = Listener.scopes(facts, name()).stream()
                .filter(s -> !s.startsWith("/") && !s.startsWith("@"))
                .toList();
        return tcp.isEmpty() ? List.of(Listener.ANY) : tcp;
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Listener> listener = Optional.ofNullable(Listener.all(facts).get(scope));
        Optional<Input> backlog = AcceptQueue.backlog(this, facts, scope, listener);
        if (backlog.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(AcceptQueue.BACKLOG.name(), "ss -ltn"));
        }
        Input cookies = facts.input(COOKIES, Unit.COUNT)
                .orElseGet(() -> Input.byDefault(COOKIES, Quantity.count(1), "Linux: tcp_sk_init"));
        boolean on = cookies.value() > 0;
        Optional<Formula> supply = supply(facts, backlog.get());
        if (supply.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(MOST, "sysctl " + MOST));
        }
        Finding found = demanded(facts, scope, supply.get(), whenRead(facts, scope, listener))
                .figure("held by a client that never answers", Quantity.seconds(silent(facts)));
        return on
                ? found.note("tcp_syncookies=" + Math.round(cookies.value())
                        + ": tcp_max_syn_backlog does not count, beyond the queue cookies are sent")
                : found.note("tcp_syncookies=0: beyond the queue SYNs are dropped");
    }

    /** How many handshakes may be open; empty where that takes a limit that is not known. */
    private static Optional<Formula> supply(Facts facts, Input backlog) {
        Formula queue = AcceptQueue.admitted(facts, backlog).plus(Formula.fixed(Quantity.count(1)));
        boolean on = Levers.value(facts.input(COOKIES, Unit.COUNT), 1) > 0;
        return on ? Optional.of(queue) : facts.input(MOST, Unit.COUNT).map(most -> queue.min(strangers(most)));
    }

    /** How many there might be when the sockets were listed. */
    private double whenRead(Facts facts, String scope, Optional<Listener> listener) {
        return AcceptQueue.backlog(this, facts.asRead(), scope, listener)
                .flatMap(b -> supply(facts.asRead(), b))
                .map(Formula::value)
                .orElse(Double.POSITIVE_INFINITY);
    }

    /** max - qlen below a quarter of max refuses. */
    private static Formula strangers(Input most) {
        return Formula.call("for_unknown_peers", Unit.COUNT, v -> v[0] - Math.floor(v[0] / 4) + 1, most);
    }

    private static double silent(Facts facts) {
        double retries = facts.input(REPEATED, Unit.COUNT).map(Input::value).orElse(5.0);
        return Retries.handshake(retries, 0, TimeWait.hz(facts).value());
    }

    private Finding demanded(Facts facts, String scope, Formula supply, double whenRead) {
        Optional<Input> rate = RATE.find(facts, this, scope);
        if (rate.isPresent()) {
            return RTT.find(facts, this, scope)
                    .map(rtt -> Finding.of(Unit.COUNT, rate.get().times(rtt), supply))
                    .orElseGet(() -> Finding.unknown(
                                    Unit.COUNT, new Missing(RTT.name(), "say the round trip, as 50 ms; ss -i shows it"))
                            .supplied(supply));
        }
        Optional<Rows> sockets = facts.table("sockets", Rows.class)
                .filter(r -> Occupancy.whole(r) || r.covers().contains("tcp4 SYN-RECV"));
        if (sockets.isEmpty() || scope.equals(Listener.ANY)) {
            return Finding.unknown(Unit.COUNT, new Missing("sockets in SYN-RECV", "ss -nat"))
                    .supplied(supply);
        }
        long half = opening(sockets.get(), scope);
        Finding found =
                Finding.of(Unit.COUNT, Input.read("SYN-RECV", Quantity.count(half), "sockets of the listing"), supply);
        return half >= whenRead ? found.demandAtLeast() : found;
    }

    /** Sockets in SYN-RECV on the listener's port, on its address or on any where it listens on all. */
    private static long opening(Rows sockets, String scope) {
        String address = scope.substring(0, Math.max(0, scope.lastIndexOf(':')));
        boolean all = List.of("0.0.0.0", "*", "[::]").contains(address);
        long count = 0;
        for (int row = 0; row < sockets.size(); row++) {
            String local =
                    Listener.endpoint(sockets.text("local_address", row).orElse(""), sockets.cell("local_port", row));
            if (sockets.text("state", row).orElse("").equals("SYN-RECV")
                    && (all
                            ? local.substring(local.lastIndexOf(':')).equals(scope.substring(scope.lastIndexOf(':')))
                            : local.equals(scope))) {
                count++;
            }
        }
        return count;
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        var levers = new ArrayList<Lever>();
        boolean on = Levers.value(facts.input(COOKIES, Unit.COUNT), 1) > 0;
        if (!on) {
            facts.input(MOST, Unit.COUNT)
                    .ifPresent(m -> levers.add(Levers.setting(MOST, m.value(), LONGEST, 1, (c, value) -> c.cost(
                                    "kernel memory of a request for each handshake")
                            .risk(
                                    "a flood of SYNs fills a longer queue as well: tcp_syncookies=1 is against that",
                                    "Documentation/networking/ip-sysctl.rst"))));
        }
        AcceptQueue.backlog(
                        this,
                        facts,
                        scope,
                        Optional.ofNullable(Listener.all(facts).get(scope)))
                .ifPresent(b -> levers.add(AcceptQueue.longer(this, facts, scope, b)));
        return levers;
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return Levers.value(facts.input(COOKIES, Unit.COUNT), 1) > 0
                ? List.of(new Refused(
                        MOST,
                        "with tcp_syncookies on it does not count: the queue is as long as the backlog",
                        "net/ipv4/tcp_input.c, tcp_conn_request"))
                : List.of();
    }
}
