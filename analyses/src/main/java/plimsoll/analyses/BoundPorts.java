package plimsoll.analyses;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
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
 * Ephemeral ports of sockets that share none, so that one pool serves all destinations of a source address: UDP sockets, and TCP sockets
 * that call bind() with port 0 before connect() without IP_BIND_ADDRESS_NO_PORT (net/ipv4/inet_connection_sock.c, inet_csk_get_port;
 * net/ipv4/udp.c, udp_lib_get_port). A TCP one keeps its port through TIME-WAIT, whatever tcp_tw_reuse says.
 */
final class BoundPorts extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Ports of sockets that share none: UDP, and TCP after bind() to port 0. */
        default Budget boundPorts() {
            return budgets("bound-ports").worst();
        }

        /** Sockets opened at {@code rate} per second: {@code boundPorts("100/s").with("open", "5 s")}. */
        default Budget boundPorts(String rate) {
            return ask("bound-ports.rate", rate).boundPorts();
        }
    }

    private static final String UDP = "udp";
    private static final String BIND = "tcp bind";

    private static final Parameter RATE = Parameter.continuous("rate", Unit.RATE, "sockets opened per second");
    private static final Parameter OPEN = Parameter.continuous("open", Unit.SPAN, "how long each is open");

    @Override
    public String name() {
        return "bound-ports";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "UDP: connect() and bind() get EAGAIN; TCP: bind() gets EADDRINUSE, SO_REUSEADDR does not lift it";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, OPEN);
    }

    @Override
    public List<String> scopes(Facts facts) {
        List<String> scopes = new ArrayList<>(Scopes.asked(facts, name()));
        if (facts.find(RATE.fact(this)).isEmpty()) {
            held(facts).keySet().stream()
                    .sorted()
                    .filter(s -> !scopes.contains(s))
                    .forEach(scopes::add);
        }
        return scopes.isEmpty() ? List.of(UDP) : scopes;
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        boolean tcp = scope.equals(BIND) || scope.startsWith(BIND + " ");
        if (!tcp && !scope.equals(UDP) && !scope.startsWith(UDP + " ")) {
            throw new IllegalArgumentException("bound-ports has no scope '" + scope
                    + "'; it has udp, tcp bind, or one of them and a source address");
        }
        Formula pool = pool(facts, tcp);
        Optional<Input> rate = RATE.find(facts, this, scope);
        Optional<Input> open = OPEN.find(facts, this, scope);
        if (rate.isPresent() && (tcp || open.isPresent())) {
            Input held = open.orElseGet(() -> Input.assumed(OPEN.name(), Quantity.seconds(0), "until given"));
            Formula demand = rate.get().times(tcp ? held.plus(TimeWait.mean(facts)) : held);
            Formula hard = rate.get()
                    .times(tcp ? held.plus(TimeWait.longest(facts)) : held)
                    .named("offered at the longest hold");
            return Finding.of(Unit.COUNT, demand, pool)
                    .losing("sockets get no port", Erlang.loss(demand, pool), Erlang.loss(hard, pool))
                    .note("one pool for all destinations of a source address; each further address has its own");
        }
        if (rate.isPresent()) {
            return Finding.unknown(Unit.COUNT, new Missing(OPEN.name(), "say how long a socket is open, as 5 s"))
                    .supplied(pool);
        }
        Set<Long> ports = held(facts).get(scope);
        List<Input> all = Totals.udp(facts);
        if (ports == null && scope.equals(UDP) && !all.isEmpty()) {
            return counted(all, pool);
        }
        if (ports == null) {
            return Finding.unknown(
                            Unit.COUNT,
                            tcp
                                    ? new Missing(
                                            RATE.name(),
                                            "say how many are opened, as 100/s: a listing does not tell who called bind()")
                                    : new Missing("UDP sockets", "ss -nau"))
                    .supplied(pool);
        }
        Finding found = Finding.of(
                Unit.COUNT, Input.read("held", Quantity.count(ports.size()), "UDP sockets inside the range"), pool);
        return ports.size() >= pool(facts.asRead(), tcp).value() ? found.demandAtLeast() : found;
    }

    private static Formula pool(Facts facts, boolean tcp) {
        return tcp ? Ports.poolSize(facts) : Ports.choice(facts).named("pool");
    }

    /** Only a total is known: each of them holds one port at most. */
    private static Finding counted(List<Input> all, Formula pool) {
        Formula sockets = all.get(0);
        for (Input more : all.subList(1, all.size())) {
            sockets = sockets.plus(more);
        }
        Finding found = Finding.of(Unit.COUNT, sockets, pool).demandAtMost();
        return sockets.value() <= pool.value()
                ? found.note("proved by the count of all UDP sockets: less than one pool, so every source address fits")
                : found.missing(new Missing("UDP sockets", "ss -nau"));
    }

    /** Distinct local ports inside the range of UDP sockets, by source address, from a whole listing. */
    private static Map<String, Set<Long>> held(Facts facts) {
        var held = new HashMap<String, Set<Long>>();
        long[] range = Ports.range(facts);
        facts.table("sockets", Rows.class)
                .filter(r -> r.covers().contains("udp4") || r.covers().contains("udp6"))
                .ifPresent(rows -> {
                    for (int row = 0; row < rows.size(); row++) {
                        long port = rows.number("local_port", row).orElse(-1);
                        if (rows.text("netid", row).orElse("").startsWith("udp")
                                && port >= range[0]
                                && port <= range[1]) {
                            held.computeIfAbsent(
                                            UDP + " "
                                                    + rows.text("local_address", row)
                                                            .orElse(""),
                                            s -> new HashSet<>())
                                    .add(port);
                        }
                    }
                });
        return held;
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return PortRemedies.range(facts).stream().toList();
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return List.of(new Refused(
                "net.ipv4.tcp_tw_reuse",
                "it is for connect(): bind() takes no port that is in TIME-WAIT; IP_BIND_ADDRESS_NO_PORT leaves the choice to connect()",
                "net/ipv4/inet_connection_sock.c, inet_csk_get_port; measured on 6.18"));
    }

    @Override
    public OptionalDouble solve(String input, Finding present, double goal) {
        double hard = present.parts().stream()
                .filter(p -> p.name().equals("offered at the longest hold"))
                .mapToDouble(Formula::value)
                .findFirst()
                .orElse(0);
        return input.equals(RATE.name()) ? Erlang.solve(input, present, goal, hard) : OptionalDouble.empty();
    }
}
