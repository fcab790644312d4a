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
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/**
 * Ports of an address translation, for one destination: connections per second times how long the translation remembers each, against the
 * ports of its addresses. Linux keeps the source port where it is free and else takes one of 1024 to 65535
 * (net/netfilter/nf_nat_core.c, nf_nat_l4proto_unique_tuple); it remembers as long as connection tracking does. Scopes of this host's own
 * translation are read from the tracked connections; {@code MASQUERADE} and the gateways of clouds are presets to ask with.
 */
final class NatPorts extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Ports of an address translation for one destination. */
        default Budget natPorts() {
            return budgets("nat-ports").worst();
        }

        /** At {@code rate} connections per second to one destination: {@code natPorts("500/s").at("AWS NAT gateway")}. */
        default Budget natPorts(String rate) {
            return ask("nat-ports.rate", rate).natPorts();
        }
    }

    private static final String MASQUERADE = "MASQUERADE";
    private static final String TIMEOUT = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";

    private static final int TRIES = 249;
    private static final double LARGE = 1e200;
    private static final double MOST_ADDRESSES = 32;
    private static final double SHORTEST = 60;

    /** A translation whose figures are known: ports for one destination and address, and how long a closed connection keeps its port. */
    private record Preset(String name, long ports, Evidence portsFrom, double hold, Evidence holdFrom) {}

    private static final List<Preset> PRESETS = List.of(
            new Preset(
                    MASQUERADE,
                    64512,
                    Evidence.byDefault("Linux: 1024 to 65535, nf_nat_l4proto_unique_tuple"),
                    120,
                    Evidence.byDefault("Linux: net/netfilter/nf_conntrack_proto_tcp.c, tcp_timeouts")),
            new Preset(
                    "AWS NAT gateway",
                    55000,
                    Evidence.byDefault("Amazon VPC user guide, NAT gateway basics"),
                    60,
                    Evidence.assumed(
                            "55,000 connections a minute, as the same page puts it; the timer itself is not published")),
            new Preset(
                    "Azure NAT gateway",
                    64512,
                    Evidence.byDefault("PSRule for Azure, Azure.VNET.FirewallSubnetNAT"),
                    65,
                    Evidence.assumed("unverified: a cool-down after FIN is documented, its length was not found")),
            new Preset(
                    "Google Cloud NAT",
                    64512,
                    Evidence.assumed("unverified: all ports of one address; a VM has 64 of them unless more are set"),
                    120,
                    Evidence.assumed("unverified: tcpTimeWaitTimeoutSec is a setting, its default was not found")));

    private static final Parameter RATE =
            Parameter.continuous("rate", Unit.RATE, "connections per second to one destination, of all clients");
    private static final Parameter CONNECTED =
            Parameter.continuous("connected", Unit.SPAN, "how long a connection is open before it is closed");
    private static final Parameter HOLD =
            Parameter.continuous("hold", Unit.SPAN, "how long a closed connection keeps its port");
    private static final Parameter PORTS =
            Parameter.integer("ports", Unit.COUNT, 1, "ports for one destination, of one address");
    private static final Parameter ADDRESSES =
            Parameter.integer("addresses", Unit.COUNT, 1, "addresses of the translation");

    @Override
    public String name() {
        return "nat-ports";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "the first packet of a connection is dropped: connect() hangs and times out, the client sees no error of its own";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, CONNECTED, HOLD, PORTS, ADDRESSES);
    }

    @Override
    public List<String> scopes(Facts facts) {
        List<String> scopes = new ArrayList<>(Scopes.asked(facts, name()));
        if (facts.find(RATE.fact(this)).isEmpty()) {
            translated(facts).keySet().stream()
                    .sorted()
                    .filter(s -> !scopes.contains(s))
                    .forEach(scopes::add);
        }
        return scopes.isEmpty() ? List.of(MASQUERADE) : scopes;
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Preset preset = PRESETS.stream()
                .filter(p -> p.name.equals(scope))
                .findFirst()
                .orElseGet(() -> scope.contains(" -> ") ? PRESETS.get(0) : unknown(scope));
        boolean linux = preset.name.equals(MASQUERADE);
        Input ports = PORTS.find(facts, this, scope)
                .orElseGet(() -> new Input(PORTS.name(), Quantity.count(preset.ports), preset.portsFrom, List.of()));
        Input addresses = ADDRESSES
                .find(facts, this, scope)
                .orElseGet(() -> Input.assumed(ADDRESSES.name(), Quantity.count(1), "until given"));
        Input hold = HOLD.find(facts, this, scope)
                .or(() -> linux ? facts.input(TIMEOUT, Unit.SPAN, "s") : Optional.empty())
                .orElseGet(() -> new Input(HOLD.name(), Quantity.seconds(preset.hold), preset.holdFrom, List.of()));
        Formula supply = ports.times(addresses);
        double whenRead = Levers.value(PORTS.find(facts.asRead(), this, scope), (double) preset.ports)
                * Levers.value(ADDRESSES.find(facts.asRead(), this, scope), 1);
        Optional<Input> rate = RATE.find(facts, this, scope);
        Optional<Set<Long>> taken = Optional.ofNullable(translated(facts).get(scope));
        if (rate.isEmpty() && taken.isPresent()) {
            Finding found = Finding.of(
                    Unit.COUNT,
                    Input.read("held", Quantity.count(taken.get().size()), "the tracked connections"),
                    supply);
            return taken.get().size() >= whenRead ? found.demandAtLeast() : found;
        }
        if (rate.isEmpty()) {
            return Finding.unknown(
                            Unit.COUNT,
                            new Missing(
                                    RATE.name(),
                                    "say the rate to one destination, as 500/s; conntrack -L on the translator"))
                    .supplied(supply);
        }
        Input connected = CONNECTED
                .find(facts, this, scope)
                .orElseGet(() -> Input.assumed(CONNECTED.name(), Quantity.seconds(0), "until given"));
        Formula demand = rate.get().times(connected.plus(hold));
        Formula least = Erlang.loss(demand, supply);
        Formula most = linux
                ? Formula.call("nat_search", Unit.SHARE, v -> searched(v[0], Math.round(v[1])), demand, supply)
                : least;
        Finding found = Finding.of(Unit.COUNT, demand, supply).losing("connects fail", least, most);
        double each = connected.value() + hold.value();
        Finding more = each > 0 ? found.figure("ceiling rate", Quantity.perSecond(supply.value() / each)) : found;
        return linux
                ? more.note(
                        "the kernel tries " + TRIES
                                + " ports and gives up: near the end it refuses before the last one is taken;"
                                + " newer kernels may then take the port of a closed connection, and lose no more than Erlang's share")
                : more;
    }

    /**
     * The share refused where a connection is tried on its own port and 248 others (rounds of 128, 64, 32, 16 and 8): a chain of
     * states, one for each number of ports taken, whose arrivals find a port with the chance that not all of those are taken.
     */
    static double searched(double offered, long ports) {
        double term = 1;
        double all = 1;
        double refused = ports == 0 ? 1 : 0;
        for (long taken = 1; taken <= ports; taken++) {
            double before = 1 - Math.pow((taken - 1.0) / ports, TRIES);
            term *= offered * before / taken;
            all += term;
            refused += term * Math.pow((double) taken / ports, TRIES);
            if (all > LARGE) {
                term /= LARGE;
                all /= LARGE;
                refused /= LARGE;
            }
        }
        return refused / all;
    }

    private static Preset unknown(String scope) {
        throw new IllegalArgumentException("nat-ports has no scope '" + scope + "'; it has "
                + String.join(", ", PRESETS.stream().map(Preset::name).toList())
                + ", or ADDRESS -> DESTINATION:PORT as tracked");
    }

    /** The ports in use by source address after translation and destination, from a whole listing of the tracked connections. */
    private static Map<String, Set<Long>> translated(Facts facts) {
        var taken = new HashMap<String, Set<Long>>();
        facts.table("conntrack", Rows.class).filter(r -> !r.excerpt()).ifPresent(rows -> {
            for (int row = 0; row < rows.size(); row++) {
                String from = rows.text("reply_dst", row).orElse("");
                if (!from.isEmpty()
                        && !from.equals(rows.text("orig_src", row).orElse(""))
                        && rows.text("l4", row).orElse("").equals("tcp")
                        && rows.number("reply_dport", row).isPresent()) {
                    String scope = new Destination(
                                    from,
                                    rows.text("reply_src", row).orElse(""),
                                    rows.number("reply_sport", row).orElse(0))
                            .toString();
                    taken.computeIfAbsent(scope, s -> new HashSet<>())
                            .add(rows.number("reply_dport", row).getAsLong());
                }
            }
        });
        return taken;
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        var levers = new ArrayList<Lever>();
        double present = ADDRESSES.find(facts, this, scope).map(Input::value).orElse(1.0);
        levers.add(Lever.scale(present, MOST_ADDRESSES, Unit.COUNT, v -> {
            long many = Math.round(v);
            return Candidate.of(many + " addresses of the translation")
                    .set(ADDRESSES.fact(this, scope), String.valueOf(many))
                    .snippet(
                            Snippet.Kind.APPLICATION,
                            "translate to " + many + " addresses: in nftables snat to 192.0.2.11-192.0.2." + (10 + many)
                                    + " in place of masquerade, in a cloud as many addresses of the gateway")
                    .cost("an address each")
                    .risk(
                            "the peer sees the clients come from each of them: it has to let them in",
                            "net/netfilter/nf_nat_core.c, nf_nat_l4proto_unique_tuple");
        }));
        boolean linux = scope.equals(MASQUERADE) || scope.contains(" -> ");
        double timeout = Levers.value(facts.input(TIMEOUT, Unit.SPAN, "s"), 120);
        if (linux && timeout > SHORTEST && HOLD.find(facts, this, scope).isEmpty()) {
            levers.add(Levers.setting(
                    TIMEOUT,
                    timeout,
                    SHORTEST,
                    1,
                    (c, value) -> c.risk(
                            "a client whose own socket is still in TIME-WAIT does not mind; a peer that waits 60 s may take a new connection"
                                    + " on the same port for the old one",
                            "net/netfilter/nf_conntrack_proto_tcp.c; measured on 6.18")));
        }
        return levers;
    }

    @Override
    public OptionalDouble solve(String input, Finding present, double goal) {
        return input.equals(RATE.name()) ? Erlang.solve(input, present, goal) : OptionalDouble.empty();
    }
}
