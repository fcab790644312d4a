package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
 * Sockets in TIME-WAIT of one network namespace: connections that this side closes first, times how long each waits, against
 * tcp_max_tw_buckets (net/ipv4/inet_timewait_sock.c, inet_twsk_alloc). Beyond it a socket is closed without TIME-WAIT: nothing is refused
 * and nothing is logged, TCPTimeWaitOverflow rises. Sockets in FIN-WAIT-2 whose program has closed them are of the same kind and count.
 */
final class TimeWaitSockets extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Sockets in TIME-WAIT against the most there may be. */
        default Budget timeWait() {
            return budgets("time-wait").worst();
        }

        /** At {@code rate} connections per second that this side closes first. */
        default Budget timeWait(String rate) {
            return ask("time-wait.rate", rate).timeWait();
        }
    }

    static final String MAX = "net.ipv4.tcp_max_tw_buckets";
    private static final double SOCKET_BYTES = 256; // tw_sock_TCP, 16 in a page
    private static final double PORT_BYTES = 256; // tcp_bind_bucket and tcp_bind2_bucket, 128 B each
    private static final double MOST = 1 << 22;
    private static final String HARD = "waiting at the longest hold";

    private static final Parameter RATE =
            Parameter.continuous("rate", Unit.RATE, "connections that this side closes first, per second");
    private static final Parameter BURST =
            Parameter.integer("burst", Unit.COUNT, 0, "connections closed at once, instead of a rate");
    private static final Parameter PER_PORT = Parameter.continuous(
            "per-port", Unit.COUNT, "sockets in TIME-WAIT on one local port, which share its bind buckets");

    @Override
    public String name() {
        return "time-wait";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "sockets are closed without TIME-WAIT, silently (TCPTimeWaitOverflow): late segments may meet a new connection";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, BURST, PER_PORT);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Conntrack.HOST);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> rate = RATE.find(facts, this, scope);
        Optional<Input> burst = BURST.find(facts, this, scope);
        Optional<Input> max = facts.input(MAX, Unit.COUNT);
        Optional<Formula> count = counted(facts);
        Optional<Formula> demand = burst.<Formula>map(b -> b)
                .or(() -> rate.map(r -> r.times(TimeWait.mean(facts))))
                .or(() -> count);
        if (demand.isEmpty() || max.isEmpty()) {
            return unknown(facts, scope, demand, max);
        }
        Formula waiting = demand.get();
        Formula supply = max.get();
        Finding found = Finding.of(Unit.COUNT, waiting, supply);
        if (burst.isPresent()) {
            Formula skipped =
                    Formula.call("beyond", Unit.SHARE, v -> v[0] > v[1] ? 1 - v[1] / v[0] : 0, waiting, supply);
            found = found.losing("closes skip TIME-WAIT", skipped, skipped)
                    .figure("skipped", Quantity.of(Math.max(0, waiting.value() - supply.value()), Unit.COUNT));
        } else if (rate.isPresent()) {
            Formula hard = rate.get().times(TimeWait.longest(facts)).named(HARD);
            found = found.losing("closes skip TIME-WAIT", Erlang.loss(waiting, supply), Erlang.loss(hard, supply))
                    .figure(
                            "ceiling rate",
                            Quantity.perSecond(
                                    supply.value() / TimeWait.mean(facts).value()));
        } else {
            found = found.figure(
                    "rate of closes",
                    Quantity.perSecond(waiting.value() / TimeWait.mean(facts).value()));
            if (waiting.value()
                    >= facts.asRead().input(MAX, Unit.COUNT).map(Input::value).orElse(supply.value())) {
                found = found.demandAtLeast()
                        .note(
                                "the count is at its ceiling: TCPTimeWaitOverflow says how many were closed without TIME-WAIT");
            }
        }
        return memory(facts, scope, found, Math.min(waiting.value(), supply.value()))
                .note("in this namespace only; the kernel logs nothing when the limit is met");
    }

    private Finding unknown(Facts facts, String scope, Optional<Formula> demand, Optional<Input> max) {
        Finding unknown = max.isEmpty()
                ? Finding.unknown(Unit.COUNT, new Missing(MAX, "sysctl " + MAX))
                : Finding.unknown(Unit.COUNT, new Missing("sockets in TIME-WAIT", "cat /proc/net/sockstat"))
                        .supplied(max.get());
        // what is known of the demand is kept among the figures
        return demand.map(d -> memory(
                        facts,
                        scope,
                        unknown.figure("in TIME-WAIT", Quantity.of(Math.rint(d.value()), Unit.COUNT)),
                        d.value()))
                .orElse(unknown);
    }

    /** Sockets in TIME-WAIT and those of FIN-WAIT-2 that are held in the same way. */
    private static Optional<Formula> counted(Facts facts) {
        Optional<Formula> gauge = facts.input("sockstat:TCP.tw", Unit.COUNT)
                .or(() -> facts.input("ss:timewait", Unit.COUNT))
                .map(tw -> tw);
        return gauge.or(
                () -> facts.input("states:TIME-WAIT", Unit.COUNT).map(tw -> facts.input("states:FIN-WAIT-2", Unit.COUNT)
                        .<Formula>map(tw::plus)
                        .orElse(tw)));
    }

    private Finding memory(Facts facts, String scope, Finding found, double sockets) {
        double each = PER_PORT.find(facts, this, scope).map(Input::value).orElse(1.0);
        double ports = sockets / Math.max(1, each);
        Finding more = found.figure("memory", bytes(sockets * SOCKET_BYTES + ports * PORT_BYTES));
        Optional<Rows> slabs = facts.table("slabs", Rows.class);
        for (String slab : List.of("tw_sock_TCP", "tw_sock_TCPv6", "tcp_bind_bucket", "tcp_bind2_bucket")) {
            OptionalDouble held = slabs.map(s -> slab(s, slab)).orElse(OptionalDouble.empty());
            if (held.isPresent()) {
                more = more.figure("slab " + slab + ", read", bytes(held.getAsDouble()));
            }
        }
        return more;
    }

    /** num_objs x objsize: the count of active objects lags behind. */
    private static OptionalDouble slab(Rows slabs, String name) {
        for (int row = 0; row < slabs.size(); row++) {
            if (slabs.text("name", row).orElse("").equals(name)
                    && slabs.number("num_objs", row).isPresent()
                    && slabs.number("objsize", row).isPresent()) {
                return OptionalDouble.of((double) slabs.number("num_objs", row).getAsLong()
                        * slabs.number("objsize", row).getAsLong());
            }
        }
        return OptionalDouble.empty();
    }

    private static Quantity bytes(double value) {
        return Quantity.of(Math.rint(value), Unit.BYTES);
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return facts.input(MAX, Unit.COUNT).stream()
                .map(max -> Levers.setting(MAX, max.value(), MOST, 1024, (c, value) -> c.cost(
                                "up to " + Levers.bytes((value - max.value()) * (SOCKET_BYTES + PORT_BYTES))
                                        + " of kernel memory for more sockets in TIME-WAIT")
                        .risk(
                                "the memory is the kernel's own and cannot be swapped",
                                "net/ipv4/inet_timewait_sock.c, inet_twsk_alloc")))
                .toList();
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return PortRemedies.REFUSED.subList(0, 2);
    }

    @Override
    public OptionalDouble solve(String input, Finding present, double goal) {
        double hard = present.parts().stream()
                .filter(p -> p.name().equals(HARD))
                .mapToDouble(Formula::value)
                .findFirst()
                .orElse(0);
        return input.equals(RATE.name()) ? Erlang.solve(input, present, goal, hard) : OptionalDouble.empty();
    }
}
