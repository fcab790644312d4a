package plimsoll.analyses;

import java.util.ArrayList;
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
import plimsoll.dsl.Unit;

/**
 * Full sockets that no program holds any more, mostly in FIN-WAIT-1 to a peer that does not answer: those per second times how long the
 * FIN is sent again, against tcp_max_orphans (net/ipv4/tcp.c, tcp_check_oom, tcp_too_many_orphans). Gauge and limit are the host's, not
 * the namespace's.
 */
final class Orphans extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Full sockets that no program holds any more. */
        default Budget orphans() {
            return budgets("orphans").worst();
        }

        /** At {@code rate} connections per second that are closed and whose peer is gone. */
        default Budget orphans(String rate) {
            return ask("orphans.rate", rate).orphans();
        }
    }

    static final String MAX = "net.ipv4.tcp_max_orphans";
    private static final String RETRIES = "net.ipv4.tcp_orphan_retries";
    private static final double USUAL_RETRIES = 8; // tcp_orphan_retries: 0 means 8 while the peer may be alive
    private static final double MOST = 1 << 22;
    private static final double SOCKET_BYTES = 2368; // slab TCP, without what waits to be sent

    private static final Parameter RATE =
            Parameter.continuous("rate", Unit.RATE, "connections per second that are closed and whose peer is gone");
    private static final Parameter LIFE = Parameter.continuous("life", Unit.SPAN, "how long each is kept");

    @Override
    public String name() {
        return "orphans";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "closed connections are reset and what they had still to send is lost: TCPAbortOnMemory, 'too many orphaned sockets'";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, LIFE);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Conntrack.HOST);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> max = facts.input(MAX, Unit.COUNT);
        Optional<Input> rate = RATE.find(facts, this, scope);
        Optional<Input> count =
                facts.input("sockstat:TCP.orphan", Unit.COUNT).or(() -> facts.input("ss:orphaned", Unit.COUNT));
        if (max.isEmpty()) {
            Finding unknown = Finding.unknown(Unit.COUNT, new Missing(MAX, "sysctl " + MAX));
            return count.map(c -> unknown.figure("orphans", c.quantity())).orElse(unknown);
        }
        Formula life = LIFE.find(facts, this, scope).<Formula>map(l -> l).orElseGet(() -> life(facts));
        if (rate.isEmpty() && count.isEmpty()) {
            return figures(
                    Finding.unknown(Unit.COUNT, new Missing("orphans", "cat /proc/net/sockstat"))
                            .supplied(max.get()),
                    life,
                    max.get());
        }
        Formula demand = rate.<Formula>map(r -> r.times(life)).orElseGet(count::orElseThrow);
        Formula loss = Erlang.loss(demand, max.get());
        Finding found = figures(
                Finding.of(Unit.COUNT, demand, max.get()).losing("closed connections are reset", loss, loss),
                life,
                max.get());
        boolean full = rate.isEmpty()
                && demand.value()
                        >= facts.asRead()
                                .input(MAX, Unit.COUNT)
                                .orElse(max.get())
                                .value();
        return (full ? found.demandAtLeast() : found)
                .figure(
                        "memory, at least",
                        Quantity.of(Math.rint(Math.min(demand.value(), max.get().value()) * SOCKET_BYTES), Unit.BYTES))
                .note("gauge and limit are those of the whole host, in a container too");
    }

    private static Finding figures(Finding found, Formula life, Input max) {
        return found.figure("life", life.in(Unit.SPAN))
                .figure("ceiling rate", Quantity.perSecond(max.value() / Math.max(1e-9, life.value())))
                .note(
                        "a peer that has been silent for long counts twice or four times: for those a quarter of the limit is enough");
    }

    /** How long a FIN is sent again to a peer that is near. */
    private static Formula life(Facts facts) {
        Input retries = facts.input(RETRIES, Unit.COUNT)
                .orElseGet(() -> Input.byDefault(RETRIES, Quantity.count(0), "Linux: tcp_sk_init; 0 means 8"));
        return Formula.call(
                        "fin_retries",
                        Unit.SPAN,
                        v -> Retries.fin(v[0] == 0 ? USUAL_RETRIES : v[0], v[1]),
                        retries,
                        TimeWait.hz(facts))
                .named("life");
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        var levers = new ArrayList<Lever>();
        facts.input(MAX, Unit.COUNT)
                .ifPresent(max -> levers.add(Levers.setting(MAX, max.value(), MOST, 1024, (c, value) -> c.cost("up to "
                                + Levers.bytes((value - max.value()) * SOCKET_BYTES)
                                + " of kernel memory, besides what waits to be sent")
                        .risk(
                                "the limit is the host's: one container may use it up for all",
                                "net/ipv4/tcp.c, tcp_check_oom"))));
        double retries = Levers.value(facts.input(RETRIES, Unit.COUNT), 0);
        double present = retries == 0 ? USUAL_RETRIES : retries;
        if (present > 1) {
            levers.add(Levers.setting(
                    RETRIES,
                    present,
                    1,
                    1,
                    (c, value) -> c.risk(
                            "a peer that is out of reach for longer than " + value
                                    + (value == 1 ? " retransmission" : " retransmissions")
                                    + " loses what was still to be sent",
                            "Documentation/networking/ip-sysctl.rst, tcp_orphan_retries")));
        }
        return levers;
    }

    @Override
    public OptionalDouble solve(String input, Finding present, double goal) {
        return input.equals(RATE.name()) ? Erlang.solve(input, present, goal) : OptionalDouble.empty();
    }
}
