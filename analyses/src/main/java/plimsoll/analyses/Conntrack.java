package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Fact;
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

/**
 * Entries of the connection tracking table: flows per second times how long each is remembered, against nf_conntrack_max
 * (net/netfilter/nf_conntrack_core.c, __nf_conntrack_alloc). A closed TCP flow is remembered for nf_conntrack_tcp_timeout_time_wait, 120 s
 * by default (nf_conntrack_proto_tcp.c), twice as long as its socket. A new flow on a remembered tuple takes the old entry's place, so
 * there are never more entries than distinct tuples.
 */
final class Conntrack extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Entries of the connection tracking table. */
        default Budget conntrack() {
            return budgets("conntrack").worst();
        }

        /** Entries of the connection tracking table at {@code rate} new flows per second. */
        default Budget conntrack(String rate) {
            return ask("conntrack.rate", rate).conntrack();
        }
    }

    static final String HOST = "host";
    static final String COUNT = "net.netfilter.nf_conntrack_count";
    static final String MAX = "net.netfilter.nf_conntrack_max";
    private static final String LISTED = "conntrack:entries";
    private static final String TIMEOUT = "net.netfilter.nf_conntrack_tcp_timeout_time_wait";
    private static final double SLAB_BYTES = 256;
    private static final double GC_CYCLE = 60;
    private static final double BUCKET_BYTES = 8;
    private static final double MOST = 1 << 24;
    private static final long STEP = 16384;
    private static final double SHORTEST = 30;

    private static final Parameter RATE = Parameter.continuous("rate", Unit.RATE, "new flows per second");
    private static final Parameter CONNECTED =
            Parameter.continuous("connected", Unit.SPAN, "how long a flow is open before it is closed");
    private static final Parameter DESTINATIONS = Parameter.integer(
            "destinations", Unit.COUNT, 1, "destination address and port pairs that this host opens connections to");

    private static final Parameter OTHERS =
            Parameter.integer("others", Unit.COUNT, 0, "entries of other flows, which stay beside those of the rate");

    @Override
    public String name() {
        return "conntrack";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "packets of new flows are dropped: 'nf_conntrack: table full, dropping packet'; connect() hangs, sendto() gets EPERM";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, CONNECTED, DESTINATIONS, OTHERS);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(HOST);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> max = facts.input(MAX, Unit.COUNT);
        Optional<Input> rate = RATE.find(facts, this, scope);
        Optional<Input> count = counted(facts);
        if (max.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(MAX, "sysctl " + MAX + " net.netfilter.nf_conntrack_count"));
        }
        Input timeout = timeout(facts);
        Input connected = CONNECTED
                .find(facts, this, scope)
                .orElseGet(() -> Input.assumed(CONNECTED.name(), Quantity.seconds(0), "until given"));
        if (rate.isPresent()) {
            Formula flows = rate.get().times(connected.plus(timeout));
            Formula entries = bounded(facts, scope, flows);
            Formula all =
                    OTHERS.find(facts, this, scope).<Formula>map(entries::plus).orElse(entries);
            Finding found = full(all, max.get());
            return figures(found, connected, timeout)
                    .note(
                            timeout.evidence().kind() == plimsoll.dsl.Evidence.Kind.DEFAULT
                                    ? "the timeout was not read: the default of 120 s is used"
                                    : "each closed flow is remembered for the timeout that was read");
        }
        if (count.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(COUNT, "sysctl " + COUNT))
                    .supplied(max.get());
        }
        return figures(full(count.get(), max.get()), connected, timeout)
                .note("expired entries stay counted until they are looked up or collected, up to a minute late");
    }

    /** The entries that were counted. */
    static Optional<Input> counted(Facts facts) {
        return facts.input(COUNT, Unit.COUNT).or(() -> facts.input(LISTED, Unit.COUNT));
    }

    private static Input timeout(Facts facts) {
        return facts.input(TIMEOUT, Unit.SPAN, "s")
                .orElseGet(() -> Input.byDefault(
                        TIMEOUT, Quantity.seconds(120), "Linux: net/netfilter/nf_conntrack_proto_tcp.c, tcp_timeouts"));
    }

    /** A flow on a tuple that is still remembered takes its entry: no more entries than tuples, where it is known how many there are. */
    private Formula bounded(Facts facts, String scope, Formula flows) {
        Optional<Input> destinations = DESTINATIONS.find(facts, this, scope);
        if (destinations.isEmpty()) {
            return flows;
        }
        Formula tuples = destinations.get().times(Ports.poolSize(facts)).named("distinct tuples");
        return flows.min(tuples);
    }

    private static Finding full(Formula demand, Input max) {
        Formula loss = Erlang.loss(demand, max);
        return Finding.of(Unit.COUNT, demand, max).losing("new flows are dropped", loss, loss);
    }

    private static Finding figures(Finding found, Input connected, Input timeout) {
        double hold = connected.value() + timeout.value();
        double max = found.supply().orElseThrow().value();
        double entries = Math.min(found.demand().orElseThrow().value(), max);
        Finding more = hold > 0 ? found.figure("rate at full", Quantity.perSecond(max / hold)) : found;
        return more.figure("memory", Quantity.of(Math.rint(entries * SLAB_BYTES), Unit.BYTES))
                .figure("lag of the count, at most", Quantity.seconds(GC_CYCLE));
    }

    /** As many entries as there are, or as the table holds, lie in its buckets. */
    @Override
    public List<Fact> loads(Facts facts, String scope) {
        Finding found = apply(facts, scope);
        if (found.demand().isEmpty() || found.supply().isEmpty()) {
            return List.of();
        }
        double entries =
                Math.min(found.demand().get().value(), found.supply().get().value());
        var on = new Loads("the entries of conntrack");
        on.load("conntrack-depth.entries", Quantity.of(entries, Unit.COUNT));
        return on.facts();
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        var levers = new ArrayList<Lever>();
        facts.input(MAX, Unit.COUNT).ifPresent(max -> levers.add(table(facts, max.value())));
        double timeout = timeout(facts).value();
        if (timeout > SHORTEST) {
            levers.add(Levers.setting(
                    TIMEOUT,
                    timeout,
                    SHORTEST,
                    1,
                    (c, value) -> c.risk(
                            "a segment of a closed connection that comes later than " + value
                                    + " s is INVALID to rules that match states; its sockets wait 60 s",
                            "Documentation/networking/nf_conntrack-sysctl.rst; measured on 6.18")));
        }
        return levers;
    }

    /** A larger table with as many buckets as entries, as kernels since 5.15 make it. */
    private static Lever table(Facts facts, double max) {
        double buckets = Levers.value(ConntrackDepth.buckets(facts), 0);
        return Lever.scale(max, MOST, Unit.COUNT, v -> {
            long entries = (long) Math.ceil(v / STEP) * STEP;
            Candidate c = Candidate.of("nf_conntrack_max=" + entries + (entries > buckets ? " + buckets" : ""))
                    .set(MAX, String.valueOf(entries));
            if (entries > buckets) {
                c = c.set(ConntrackDepth.BUCKETS, String.valueOf(entries));
            }
            double more = (entries - max) * SLAB_BYTES + Math.max(0, entries - buckets) * BUCKET_BYTES;
            return c.cost("up to " + Levers.bytes(more) + " of kernel memory: 256 B an entry, 8 B a bucket")
                    .risk(
                            "both are the host's, settable in its first network namespace only; the buckets are had at once",
                            "Documentation/networking/nf_conntrack-sysctl.rst; net/netfilter/nf_conntrack_core.c");
        });
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        String why =
                "the same buckets with longer chains: a full table has 2 x max / buckets nodes in each, and from about 21 on"
                        + " insertions are refused although the table has room";
        Optional<Input> buckets = ConntrackDepth.buckets(facts);
        Optional<Input> max = facts.input(MAX, Unit.COUNT);
        if (buckets.isPresent() && max.isPresent()) {
            why += String.format(
                    Locale.ROOT,
                    "; four times the entries in %,.0f buckets are %.0f",
                    buckets.get().value(),
                    8 * max.get().value() / buckets.get().value());
        }
        return List.of(
                new Refused(
                        "nf_conntrack_max without nf_conntrack_buckets",
                        why,
                        "net/netfilter/nf_conntrack_core.c, MIN_CHAINLEN, MAX_CHAINLEN; measured on 6.18"),
                new Refused(
                        "net.ipv4.tcp_fin_timeout",
                        "it is of sockets; connection tracking has timeouts of its own",
                        "net/netfilter/nf_conntrack_proto_tcp.c, tcp_timeouts"));
    }

    @Override
    public OptionalDouble solve(String input, Finding present, double goal) {
        return input.equals(RATE.name()) ? Erlang.solve(input, present, goal) : OptionalDouble.empty();
    }
}
