package plimsoll.analyses;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Evidence;
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
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Settings;

/**
 * Ephemeral ports: connects per second times how long each holds its port, against the ports of the range, for one source address and
 * one destination address and port. The kernel tests uniqueness on that tuple (net/ipv4/inet_hashtables.c, __inet_hash_connect and
 * __inet_check_established), so the pool is per destination, not per host. Loss is Erlang's, between the mean and the longest hold.
 */
final class Ports extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Ephemeral ports to the destination that lies deepest. */
        default Budget ports() {
            return budgets("ports").worst();
        }

        /** Ephemeral ports to one destination at {@code rate} connections per second: {@code ports("500/s")}. */
        default Budget ports(String rate) {
            return ask("ports.rate", rate).ports();
        }
    }

    /** The scope of a rate that was given for no destination in particular; it is not a loopback one. */
    static final String ANY = "any one destination";

    /** The scope of a bound that holds for each destination. */
    static final String EVERY = "every destination";

    /** The name under which the facts hold the {@link Occupancy}. */
    static final String OCCUPANCY = "occupancy";

    static final String RANGE = "net.ipv4.ip_local_port_range";
    private static final String RESERVED = "net.ipv4.ip_local_reserved_ports";
    private static final String REUSE = "net.ipv4.tcp_tw_reuse";
    private static final String DELAY = "net.ipv4.tcp_tw_reuse_delay";
    private static final String TIMESTAMPS = "net.ipv4.tcp_timestamps";
    private static final String SYN_RETRIES = "net.ipv4.tcp_syn_retries";
    private static final String LINEAR = "net.ipv4.tcp_syn_linear_timeouts";
    private static final String DEFAULT_RANGE = "32768 60999";

    private static final Parameter RATE = Parameter.continuous("rate", Unit.RATE, "connections opened per second");
    private static final Parameter CONNECTED =
            Parameter.continuous("connected", Unit.SPAN, "how long a connection is open before this side closes it");
    private static final Parameter BOUND =
            Parameter.integer("bound", Unit.COUNT, 0, "ports inside the range taken by listeners and by bind()");

    private static final Parameter UNANSWERED = Parameter.continuous(
            "unanswered",
            Unit.SHARE,
            "share of the connects whose peer does not answer: those hold their port in SYN-SENT");

    private static final Parameter SOURCES = Parameter.integer(
            "sources",
            Unit.COUNT,
            1,
            "source addresses that the connections are spread over, each with a pool of its own");
    private static final Parameter KEPT = new Parameter(
            "kept",
            Unit.SHARE,
            Parameter.Domain.CONTINUOUS,
            0,
            1,
            List.of(),
            "share of the requests that go over a connection that is open already");
    private static final Parameter IDLE =
            Parameter.integer("idle", Unit.COUNT, 0, "connections kept open that wait for the next request");

    private static final Missing OCCUPIED = new Missing("ports held for each destination", "ss -nat");

    @Override
    public String name() {
        return "ports";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "connect() fails with EADDRNOTAVAIL; from half the pool on, each connect() scans thousands of ports first";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, CONNECTED, BOUND, UNANSWERED, SOURCES, KEPT, IDLE);
    }

    @Override
    public List<String> scopes(Facts facts) {
        List<String> scopes = new ArrayList<>(Scopes.asked(facts, name()));
        if (facts.find(RATE.fact(this)).isPresent()) {
            if (!scopes.contains(ANY)) {
                scopes.add(ANY);
            }
            return scopes;
        }
        occupancy(facts).ifPresent(o -> o.pools().keySet().stream()
                .map(Destination::toString)
                .filter(s -> !scopes.contains(s))
                .forEach(scopes::add));
        return scopes.isEmpty() ? List.of(EVERY) : scopes;
    }

    private static Optional<Occupancy> occupancy(Facts facts) {
        return facts.table(OCCUPANCY, Occupancy.class);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Destination> destination = Destination.parse(scope);
        Pool pool = new Pool(facts, scope);
        Hold hold = hold(facts, destination);
        Optional<Occupancy> occupancy = occupancy(facts);
        Optional<Occupancy.Held> held =
                occupancy.flatMap(o -> destination.map(d -> o.pools().get(d)));
        Optional<Input> rate = RATE.find(facts, this, scope);
        Finding found = rate.map(r -> asked(facts, scope, pool, hold, r, held))
                .or(() -> held.map(h -> otherwise(facts, scope) && h.waiting() > 0
                        ? moved(facts, scope, pool, hold, h)
                        : counted(
                                facts,
                                scope,
                                pool,
                                hold,
                                h,
                                occupancy.orElseThrow().source())))
                .orElseGet(() ->
                        occupancy.isPresent() ? idle(pool, occupancy.get(), destination) : bounded(facts, pool, hold));
        for (String note : pool.notes) {
            found = found.note(note);
        }
        found = found.note(hold.why);
        return pool.seen ? found : found.supplyAtMost();
    }

    /** The ports that one destination can have at once. */
    private final class Pool {
        private final Formula formula;
        private final boolean seen;
        private final List<String> notes = new ArrayList<>();

        Pool(Facts facts, String scope) {
            Fact range = rangeFact(facts);
            if (range.evidence().kind() == Evidence.Kind.DEFAULT) {
                notes.add("the port range was not read: the default 32768 60999 is used");
            }
            Optional<Input> bound = BOUND.find(facts, Ports.this, scope).or(() -> occupancy(facts)
                    .map(o -> Input.derived(
                            BOUND.name(), Quantity.count(o.listening()), "listeners inside the range, " + o.source())));
            seen = facts.find(RESERVED).isPresent() && bound.isPresent();
            formula = choice(facts)
                    .minus(bound.orElseGet(
                            () -> Input.assumed(BOUND.name(), Quantity.count(0), "none, while the sockets are unseen")))
                    .max(Formula.fixed(Quantity.count(0)))
                    .named("pool");
        }
    }

    /** How many ports one destination can have at once. */
    static Formula poolSize(Facts facts) {
        return new Ports().new Pool(facts, ANY).formula;
    }

    /** How many ports the range has for choice, whatever is bound in it. */
    static Formula choice(Facts facts) {
        Fact range = rangeFact(facts);
        long[] ends = range(facts);
        Input low = new Input(RANGE + ".low", Quantity.count(ends[0]), range.evidence(), List.of());
        Input high = new Input(RANGE + ".high", Quantity.count(ends[1]), range.evidence(), List.of());
        Input reserved = facts.find(RESERVED)
                .map(f -> new Input(RESERVED, Quantity.count(inside(f.text(), ends)), f.evidence(), List.of()))
                .orElseGet(() -> Input.assumed(RESERVED, Quantity.count(0), "none, while the setting is unseen"));
        return high.minus(low).plus(Formula.fixed(Quantity.count(1))).minus(reserved);
    }

    private static Fact rangeFact(Facts facts) {
        return facts.find(RANGE)
                .orElseGet(() ->
                        new Fact(RANGE, DEFAULT_RANGE, Evidence.byDefault("Linux: net/ipv4/af_inet.c, inet_init_net")));
    }

    /** The first and the last port of {@code ip_local_port_range}. */
    static long[] range(Facts facts) {
        Fact fact = rangeFact(facts);
        Settings.check(RANGE, fact.text());
        return Settings.quantities(fact).stream()
                .mapToLong(q -> Math.round(q.value()))
                .toArray();
    }

    /** How many ports of a list such as {@code 8080,9000-9010} lie in a range. */
    private static long inside(String list, long[] range) {
        var ports = new BitSet();
        Settings.reserved(list).forEach(r -> ports.set(r[0], r[1] + 1));
        return ports.stream().filter(p -> p >= range[0] && p <= range[1]).count();
    }

    /** How long a port stays taken after its connection is closed. */
    private record Hold(Formula mean, Formula longest, double timeWait, boolean reuse, String why) {}

    private static Hold hold(Facts facts, Optional<Destination> destination) {
        Fact reuse = facts.find(REUSE)
                .orElseGet(() -> new Fact(REUSE, "2", Evidence.byDefault("Linux since 4.18: loopback only")));
        String mode = one(reuse, "0, 1 or 2");
        double timeWait = TimeWait.mean(facts).value();
        boolean stamped = facts.find(TIMESTAMPS)
                .map(f -> !one(f, "0, 1 or 2").equals("0"))
                .orElse(true);
        boolean loopback = destination.map(Destination::loopback).orElse(false);
        if (stamped && (mode.equals("1") || (mode.equals("2") && loopback))) {
            Input delay = delay(facts);
            String where = mode.equals("1") ? "" : " and the address is in 127/8";
            return new Hold(
                    delay,
                    delay,
                    timeWait,
                    true,
                    "a port in TIME-WAIT is taken again after the reuse delay: tcp_tw_reuse=" + mode + where);
        }
        String why = !stamped
                ? "a port is not taken again while in TIME-WAIT: tcp_timestamps=0"
                : "a port is not taken again while in TIME-WAIT: tcp_tw_reuse=" + mode
                        + (mode.equals("2") ? " covers 127/8 only" : "");
        return new Hold(TimeWait.mean(facts), TimeWait.longest(facts), timeWait, false, why);
    }

    private static String one(Fact fact, String accepted) {
        String text = fact.text().strip();
        if (!text.matches("[012]")) {
            throw new IllegalArgumentException(fact.name() + " is '" + fact.text() + "': it takes " + accepted);
        }
        return text;
    }

    private static Input delay(Facts facts) {
        // tcp_twsk_unique compared seconds before the setting came: the wait is one second and a part of the next
        return facts.input(DELAY, Unit.SPAN, "ms")
                .orElseGet(() -> Input.assumed(
                        DELAY,
                        Quantity.seconds(1),
                        "no such setting was read: a kernel without it compares whole seconds, 1 s to 2 s",
                        Quantity.seconds(1),
                        Quantity.seconds(2)));
    }

    /** A rate is known: Little's law. */
    private Finding asked(Facts facts, String scope, Pool pool, Hold hold, Input rate, Optional<Occupancy.Held> held) {
        Input connected = CONNECTED
                .find(facts, this, scope)
                .or(() -> held.flatMap(h -> connected(h, hold)))
                .orElseGet(() -> Input.assumed(CONNECTED.name(), Quantity.seconds(0), "until given"));
        Optional<Input> unanswered = UNANSWERED.find(facts, this, scope);
        Formula demand = demand(facts, scope, rate, each(facts, held(facts, scope, connected, hold.mean), unanswered));
        Formula hard = demand(facts, scope, rate, each(facts, held(facts, scope, connected, hold.longest), unanswered))
                .named("offered at the longest hold");
        Finding found = Finding.of(Unit.COUNT, demand, pool.formula)
                .losing("connects fail", Erlang.loss(demand, pool.formula), Erlang.loss(hard, pool.formula));
        if (unanswered.isPresent()) {
            double ports = pool.formula.value();
            return found.figure("a silent peer holds a port", silent(facts).in(Unit.SPAN))
                    .figure("ceiling rate", Quantity.perSecond(ports * rate.value() / Math.max(1e-9, demand.value())));
        }
        return shaped(found, rate, connected, pool, hold);
    }

    /** How long a port is held for one request: only what opens a connection leaves a TIME-WAIT. */
    private Formula held(Facts facts, String scope, Input connected, Formula hold) {
        Formula opened = KEPT.find(facts, this, scope)
                .<Formula>map(k -> Formula.fixed(Quantity.share(1)).minus(k).times(hold))
                .orElse(hold);
        return connected.plus(opened);
    }

    /** Little's law for one source address, and the connections that wait open. */
    private Formula demand(Facts facts, String scope, Input rate, Formula each) {
        Formula flow = SOURCES.find(facts, this, scope).<Formula>map(rate::over).orElse(rate);
        Formula busy = flow.times(each);
        return IDLE.find(facts, this, scope).<Formula>map(busy::plus).orElse(busy);
    }

    /** How long one connect holds its port, some of them for as long as the SYN is sent again. */
    private static Formula each(Facts facts, Formula answered, Optional<Input> unanswered) {
        return unanswered
                .map(u -> u.times(silent(facts))
                        .plus(Formula.fixed(Quantity.share(1)).minus(u).times(answered))
                        .named("held on average"))
                .orElse(answered);
    }

    /** How long a connect to a peer that does not answer is in SYN-SENT. */
    private static Formula silent(Facts facts) {
        Input retries = facts.input(SYN_RETRIES, Unit.COUNT)
                .orElseGet(() -> Input.byDefault(SYN_RETRIES, Quantity.count(6), "Linux: TCP_SYN_RETRIES"));
        Input linear = facts.input(LINEAR, Unit.COUNT)
                .orElseGet(() -> Input.byDefault(LINEAR, Quantity.count(4), "Linux since 6.5; none before"));
        return Formula.call(
                        "syn_retries",
                        Unit.SPAN,
                        v -> Retries.handshake(v[0], v[1], v[2]),
                        retries,
                        linear,
                        TimeWait.hz(facts))
                .named("time in SYN-SENT");
    }

    private static Finding shaped(Finding found, Input rate, Input connected, Pool pool, Hold hold) {
        double ports = pool.formula.value();
        double mean = connected.value() + hold.mean.value();
        double longest = connected.value() + hold.longest.value();
        Finding more = found;
        if (mean > 0) {
            more = more.figure("ceiling rate", Quantity.perSecond(ports / mean));
        }
        if (rate.value() > 0 && ports / rate.value() <= longest) {
            more = more.figure("time to exhaustion", Quantity.seconds(ports / rate.value()));
            if (ports / rate.value() < mean) {
                more = more.figure("first blackout", Quantity.seconds(mean - ports / rate.value()));
            }
        }
        // connect() tries the ports of one parity first; past half it walks all of them before the other half
        double waiting = rate.value() * hold.timeWait;
        return more.figure("latency cliff", Quantity.of(Math.floor(ports / 2), Unit.COUNT))
                .figure(
                        "expected TIME-WAIT",
                        Quantity.of(Math.rint(Math.min(waiting, hold.reuse ? ports / 2 : ports)), Unit.COUNT));
    }

    /** Little's law backwards: sockets that are open at the rate at which they close. */
    private static Optional<Input> connected(Occupancy.Held held, Hold hold) {
        return held.waiting() == 0
                ? Optional.empty()
                : Optional.of(Input.derived(
                        CONNECTED.name(),
                        Quantity.seconds((held.held() - held.waiting()) / closing(held, hold)),
                        "ports held by open sockets / rate"));
    }

    private static double closing(Occupancy.Held held, Hold hold) {
        return held.waiting() / hold.timeWait;
    }

    /** True where something is another than when the sockets were listed, so that the listing is no longer the demand. */
    private boolean otherwise(Facts facts, String scope) {
        return Stream.of(REUSE, DELAY, TIMESTAMPS).anyMatch(name -> facts.find(name)
                        .map(f -> f.evidence().kind() == Evidence.Kind.CHANGED)
                        .orElse(false))
                || Stream.of(SOURCES, KEPT, IDLE)
                        .anyMatch(p -> p.find(facts, this, scope).isPresent());
    }

    /** The rate at which the listed sockets were closed, asked of what is another now. */
    private Finding moved(Facts facts, String scope, Pool pool, Hold hold, Occupancy.Held count) {
        Input rate = Input.derived(
                RATE.name(), Quantity.perSecond(closing(count, hold)), count.waiting() + " in TIME-WAIT / hold");
        Finding found = asked(facts, scope, pool, hold, rate, Optional.of(count));
        return count.held() >= poolWhenRead(facts, scope)
                ? found.demandAtLeast().note("the pool was at its ceiling: more may have been asked for than was seen")
                : found;
    }

    /** How many ports one destination could have when the capture was taken, whatever has been changed since. */
    private double poolWhenRead(Facts facts, String scope) {
        return new Pool(facts.asRead(), scope).formula.value();
    }

    /** The sockets were listed: what is held is counted, and the rate follows from what waits. */
    private Finding counted(Facts facts, String scope, Pool pool, Hold hold, Occupancy.Held count, String source) {
        Input held = new Input("held", Quantity.count(count.held()), Evidence.read(source), List.of());
        Finding counts = Finding.of(Unit.COUNT, held, pool.formula)
                .figure("held in TIME-WAIT", Quantity.count(count.waiting()))
                .figure("latency cliff", Quantity.of(Math.floor(pool.formula.value() / 2), Unit.COUNT));
        Finding found = Recorder.figures(counts, facts, scope);
        if (count.held() >= poolWhenRead(facts, scope)) {
            return found.demandAtLeast().note("the pool is at its ceiling: more may have been asked for than is seen");
        }
        if (count.waiting() == 0) {
            // nothing was closed in the last minute: no connect is refused while a port is left
            Formula none = Formula.fixed(Quantity.share(0));
            return found.losing("connects fail", none, none);
        }
        Input rate = Input.derived(
                RATE.name(),
                Quantity.perSecond(closing(count, hold)),
                count.waiting() + " in TIME-WAIT / hold" + (hold.reuse ? ", at least: reused ports are not seen" : ""));
        Input connected = CONNECTED
                .find(facts, this, scope)
                .or(() -> connected(count, hold))
                .orElseThrow();
        Formula hard = rate.times(connected.plus(hold.longest)).named("offered at the longest hold");
        return found.losing(
                        "connects fail",
                        Erlang.loss(rate.times(connected.plus(hold.mean)), pool.formula),
                        Erlang.loss(hard, pool.formula))
                .figure("rate", rate.quantity())
                .figure(
                        "ceiling rate",
                        Quantity.perSecond(pool.formula.value() / (connected.value() + hold.mean.value())));
    }

    /** The sockets were listed and none of them goes there. */
    private static Finding idle(Pool pool, Occupancy occupancy, Optional<Destination> destination) {
        Input held = new Input("held", Quantity.count(0), Evidence.read(occupancy.source()), List.of());
        return Finding.of(Unit.COUNT, held, pool.formula)
                .note(
                        destination.isPresent()
                                ? "no socket of the listing goes there"
                                : "this host opened no connection in the listing");
    }

    /** Only totals are known: what is below one pool proves that every destination fits, what is above proves nothing. */
    private Finding bounded(Facts facts, Pool pool, Hold hold) {
        List<Input> total = Totals.held(facts);
        if (total.isEmpty()) {
            return Finding.unknown(Unit.COUNT, OCCUPIED).supplied(pool.formula);
        }
        Formula all = total.get(0);
        for (Input more : total.subList(1, total.size())) {
            all = all.plus(more);
        }
        double ratio = hold.longest.value() / hold.mean.value();
        Formula hard = all.times(hold.longest.over(hold.mean)).named("all to one destination");
        Finding found = Finding.of(Unit.COUNT, all, pool.formula)
                .demandAtMost()
                .losing("connects fail", Formula.fixed(Quantity.share(0)), Erlang.loss(hard, pool.formula));
        String words = total.stream()
                .map(i -> Terminal.grouped(Math.round(i.value())) + " "
                        + i.name().substring(i.name().lastIndexOf(':') + 1))
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        if (all.value() * ratio <= pool.formula.value()) {
            return found.note(
                    "proved by the host-wide bound (" + words + "): less than one pool, so every destination fits");
        }
        return found.missing(OCCUPIED)
                .note(
                        "the host-wide total (" + words
                                + ") is above one pool; over how many destinations it spreads is not known, so it proves nothing");
    }

    // ---- what it lies on besides

    /**
     * Its connections are entries of connection tracking, on as many tuples as there are ports, and sockets in TIME-WAIT. Of the entries that
     * were counted those are of others that are more than one destination's ports: they stay.
     */
    @Override
    public List<Fact> loads(Facts facts, String scope) {
        Optional<Destination> destination = Destination.parse(scope);
        if (destination.isEmpty() && !scope.equals(ANY)) {
            return List.of();
        }
        Hold hold = hold(facts, destination);
        Optional<Occupancy.Held> held =
                occupancy(facts).flatMap(o -> destination.map(d -> o.pools().get(d)));
        OptionalDouble rate =
                RATE.find(facts, this, scope).stream().mapToDouble(Input::value).findFirst();
        if (rate.isEmpty() && held.isPresent()) {
            rate = OptionalDouble.of(closing(held.get(), hold));
        }
        if (rate.isEmpty()) {
            return List.of();
        }
        double sources = SOURCES.find(facts, this, scope).map(Input::value).orElse(1.0);
        double opened = rate.getAsDouble()
                * (1 - KEPT.find(facts, this, scope).map(Input::value).orElse(0.0));
        double ports = new Pool(facts, scope).formula.value();
        double waiting = sources * Math.min(opened / sources * hold.timeWait, hold.reuse ? ports / 2 : ports);
        var on = new Loads("the connections of ports, " + scope);
        on.load("conntrack.rate", Quantity.perSecond(opened));
        CONNECTED
                .find(facts, this, scope)
                .or(() -> held.flatMap(h -> connected(h, hold)))
                .ifPresent(c -> on.load("conntrack.connected", c.quantity()));
        on.load("conntrack.destinations", Quantity.of(sources, Unit.COUNT));
        Conntrack.counted(facts)
                .map(c -> Math.floor(c.value() - poolWhenRead(facts, scope)))
                .filter(others -> others > 0)
                .ifPresent(others -> on.load("conntrack.others", Quantity.of(others, Unit.COUNT)));
        on.load("time-wait.rate", Quantity.perSecond(waiting / hold.timeWait));
        return on.facts();
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return PortRemedies.of(facts, scope, this);
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return PortRemedies.REFUSED;
    }

    /** The name of the fact that holds an input of this law for one scope. */
    String input(String name, String scope) {
        return name() + "[" + scope + "]." + name;
    }

    /** The rate at which Erlang's loss on the longest hold is the goal. */
    @Override
    public OptionalDouble solve(String input, Finding present, double goal) {
        return input.equals(RATE.name())
                ? Erlang.solve(input, present, goal, offered(present))
                : OptionalDouble.empty();
    }

    private static double offered(Finding present) {
        return present.parts().stream()
                .filter(p -> p.name().equals("offered at the longest hold"))
                .mapToDouble(Formula::value)
                .findFirst()
                .orElse(0);
    }
}
