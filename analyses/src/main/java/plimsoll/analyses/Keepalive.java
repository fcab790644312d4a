package plimsoll.analyses;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
import plimsoll.dsl.Queueing;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.NginxConfig;

/**
 * nginx's cache of idle connections to an upstream: those in use at once against {@code keepalive} times the workers, for it is a cache per
 * worker process and caps nothing (ngx_http_upstream_keepalive_module.c). Even where it suffices, each connection is retired after
 * keepalive_requests and keepalive_time; new ones are opened for those, and each leaves a TIME-WAIT. In a scope of its own the connections
 * that keepalive clients hold.
 */
final class Keepalive extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** nginx's idle connections to the upstream that lies deepest. */
        default Budget keepalive() {
            return budgets("keepalive").worst();
        }

        /** nginx's idle connections to the upstream that lies deepest at {@code rate} requests per second: {@code keepalive("500/s").with("held", "45 ms")}. */
        default Budget keepalive(String rate) {
            return ask("keepalive.rate", rate).keepalive();
        }
    }

    /** The scope of the connections that clients hold. */
    static final String CLIENTS_SCOPE = "clients";

    private static final String ANY = "any one upstream";
    private static final double FIVE_MINUTES = 300;
    private static final double MOST = 4096;

    private static final Parameter RATE =
            Parameter.continuous("rate", Unit.RATE, "requests per second; of clients, clients that come per second");
    private static final Parameter HELD = Parameter.continuous(
            "held", Unit.SPAN, "how long one request uses its connection; of clients, until their last request");
    private static final Parameter WORKERS = Parameter.integer("workers", Unit.COUNT, 1, "nginx worker processes");

    @Override
    public String name() {
        return "keepalive";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "connections beyond the cache are closed when idle and opened again; of clients, idle ones are closed early";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, HELD, WORKERS);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Scopes.of(
                facts,
                this,
                Nginx.config(facts).stream()
                        .flatMap(c -> c.blocks("upstream").stream())
                        .filter(u -> !u.args().isEmpty())
                        .map(u -> u.arg(0))
                        .toList(),
                ANY);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> rate = RATE.find(facts, this, scope);
        Optional<Input> workers = WORKERS.find(facts, this, scope).or(() -> Nginx.workers(facts));
        if (workers.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(WORKERS.name(), "pgrep -c -f 'nginx: worker'"));
        }
        return scope.equals(CLIENTS_SCOPE)
                ? clients(facts, scope, rate, workers.get())
                : upstream(facts, scope, rate, workers.get());
    }

    // ---- upstream

    /** {@code keepalive} and its limits for one upstream. */
    private record Cache(Input size, Input requests, Input time) {}

    private static Cache cache(Facts facts, String scope) {
        Optional<NginxConfig.Directive> block = Nginx.config(facts).stream()
                .flatMap(c -> c.blocks("upstream").stream())
                .filter(u -> !u.args().isEmpty() && u.arg(0).equals(scope))
                .findFirst();
        long[] version = version(facts);
        boolean before = version.length == 3 && older(version, 1, 19, 10);
        boolean on = version.length == 3 && !older(version, 1, 29, 7);
        return new Cache(
                count(facts, block, "keepalive", on ? 32 : 0, on ? "nginx since 1.29.7" : "nginx: no cache without it"),
                count(
                        facts,
                        block,
                        "keepalive_requests",
                        before ? 100 : 1000,
                        before ? "nginx before 1.19.10" : "nginx since 1.19.10; 100 before"),
                block.flatMap(b -> b.directives("keepalive_time").stream().findFirst())
                        .map(d -> Nginx.time("keepalive_time", d.arg(0), Evidence.read(d.at())))
                        .orElseGet(() ->
                                Input.byDefault("keepalive_time", Quantity.seconds(3600), "nginx since 1.19.10")));
    }

    private static Input count(
            Facts facts, Optional<NginxConfig.Directive> block, String name, long byDefault, String where) {
        Optional<Input> said = facts.input(name, Unit.COUNT);
        return said.or(() -> block.flatMap(b -> b.directives(name).stream().findFirst())
                        .filter(d -> d.arg(0).matches("\\d{1,12}"))
                        .map(d -> Input.read(name, Quantity.count(Long.parseLong(d.arg(0))), d.at())))
                .orElseGet(() -> Input.byDefault(name, Quantity.count(byDefault), where));
    }

    /** How many requests one connection to an upstream serves where the upstream says nothing of it. */
    static Input requests(Facts facts) {
        return requests(facts, "");
    }

    /** How many requests one connection to this upstream serves. */
    static Input requests(Facts facts, String upstream) {
        return cache(facts, upstream).requests;
    }

    private static long[] version(Facts facts) {
        return facts.find("nginx:version")
                .filter(f -> f.text().matches(".*?\\d{1,4}\\.\\d{1,4}\\.\\d{1,4}.*"))
                .map(f -> Arrays.stream(f.text()
                                .replaceFirst("^.*?(\\d+)\\.(\\d+)\\.(\\d+).*$", "$1 $2 $3")
                                .split(" ", -1))
                        .mapToLong(Long::parseLong)
                        .toArray())
                .orElse(new long[0]);
    }

    private static boolean older(long[] version, long major, long minor, long patch) {
        return Arrays.compare(version, new long[] {major, minor, patch}) < 0;
    }

    private Finding upstream(Facts facts, String scope, Optional<Input> rate, Input workers) {
        Cache cache = cache(facts, scope);
        Formula supply = cache.size.times(workers).named("idle cache");
        if (rate.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(RATE.name(), "say how many requests a second, as 500/s"))
                    .supplied(supply);
        }
        Optional<Input> held = HELD.find(facts, this, scope).or(() -> Durations.logged(facts, "upstream_response_time")
                .map(d -> Input.derived(
                        HELD.name(),
                        Quantity.seconds(d.mean()),
                        "mean $upstream_response_time of " + d.count() + " requests")));
        if (held.isEmpty()) {
            return Finding.unknown(
                            Unit.COUNT,
                            new Missing(
                                    HELD.name(),
                                    "say how long a request takes, as 45 ms; or log $upstream_response_time"))
                    .supplied(supply);
        }
        Formula demand = rate.get().times(held.get()).named("in use");
        double requests = rate.get().value();
        boolean cached = cache.size.value() > 0;
        double retired = Math.min(
                requests,
                requests / Math.max(1, cache.requests.value()) + demand.value() / Math.max(1, cache.time.value()));
        double least = cached ? retired : requests;
        // a worker that never uses more than its cache holds never closes one for want of room
        double miss =
                cached ? Queueing.poissonTail(demand.value() / workers.value(), Math.round(cache.size.value()) - 1) : 1;
        double most = Math.min(requests, retired + requests * miss);
        double hold = TimeWait.mean(facts).value();
        return Finding.of(Unit.COUNT, demand, supply)
                .figure("new connections, at least", Quantity.perSecond(least))
                .figure("new connections, at most", Quantity.perSecond(most))
                .figure("SYNs in five minutes, at least", Quantity.of(least * FIVE_MINUTES, Unit.COUNT))
                .figure("TIME-WAIT left, at least", Quantity.of(least * hold, Unit.COUNT))
                .figure("TIME-WAIT left, at most", Quantity.of(most * hold, Unit.COUNT))
                .figure("idle connections, at most", Quantity.of(supply.value(), Unit.COUNT))
                .note(
                        cached
                                ? "each connection is retired after " + cache.requests.quantity()
                                        + " requests or " + cache.time.quantity()
                                        + ": a load without any SYN is not one with this keepalive"
                                : "without keepalive in the upstream every request opens a connection")
                .note("a cache per worker process: it caps nothing, and nothing is opened beforehand");
    }

    // ---- clients

    private Finding clients(Facts facts, String scope, Optional<Input> rate, Input workers) {
        Optional<Input> connections = Nginx.count(facts, "worker_connections", 512);
        if (connections.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing("worker_connections", "nginx -T"));
        }
        Formula supply = connections.get().times(workers);
        if (rate.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(RATE.name(), "say how many clients come a second, as 50/s"))
                    .supplied(supply);
        }
        Input held = HELD.find(facts, this, scope)
                .orElseGet(() -> Input.assumed(HELD.name(), Quantity.seconds(0), "a single request"));
        Input timeout = Nginx.config(facts).stream()
                .flatMap(c -> c.blocks("http").stream())
                .flatMap(h -> h.directives("keepalive_timeout").stream())
                .findFirst()
                .map(d -> Nginx.time("keepalive_timeout", d.arg(0), Evidence.read(d.at())))
                .orElseGet(() -> Input.byDefault("keepalive_timeout", Quantity.seconds(75), "nginx"));
        return Finding.of(Unit.COUNT, rate.get().times(held.plus(timeout)), supply)
                .note("idle connections of clients; when connections run short nginx closes the longest idle first");
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        if (scope.equals(CLIENTS_SCOPE)) {
            return List.of();
        }
        double present = cache(facts, scope).size.value();
        return List.of(Lever.scale(Math.max(1, present), MOST, Unit.COUNT, v -> {
            long size = (long) Math.ceil(v);
            String upstream = scope.equals(ANY) ? "kept_open" : scope;
            return Candidate.of("keepalive " + size + " in the upstream")
                    .set("keepalive", String.valueOf(size))
                    .snippet(
                            Snippet.Kind.NGINX,
                            "upstream " + upstream
                                    + " {\n    server 192.0.2.10:80;    # the servers it has\n    keepalive " + size
                                    + ";\n}")
                    .cost("up to " + size
                            + " idle connections for each worker, a descriptor each, and as many at the upstream")
                    .risk(
                            "it takes proxy_http_version 1.1 and an empty Connection header; the upstream needs a worker or a thread"
                                    + " for each idle connection where it has one for each",
                            "nginx: ngx_http_upstream_keepalive_module.c");
        }));
    }
}
