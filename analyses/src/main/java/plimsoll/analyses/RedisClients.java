package plimsoll.analyses;

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
import plimsoll.dsl.Refused;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;

/**
 * Clients of a Redis server: workers of all hosts times their pools of persistent connections, those that are opened for a request, and the
 * one that asks, against maxclients as the server computes it: what is configured, 10000 by default, no more than the hard limit of open
 * files less 32 (adjustOpenFilesLimit of src/server.c, CONFIG_MIN_RESERVED_FDS).
 */
final class RedisClients extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Clients of a Redis server. */
        default Budget redisClients() {
            return budgets("redis-clients").worst();
        }

        /** Clients of a Redis server with so many PHP workers on one host: {@code redisClients("250").with("hosts", "20")}. */
        default Budget redisClients(String workers) {
            return ask("redis-clients.workers", workers).redisClients();
        }
    }

    private static final String CONNECTED = "redis:connected_clients";
    private static final String IN_FORCE = "redis:maxclients";
    private static final String CONFIGURED = "redis.conf:maxclients";
    private static final Quantity RESERVED = Quantity.count(32);

    private static final double MOST = 1_000_000;

    private static final Parameter WORKERS =
            Parameter.integer("workers", Unit.COUNT, 0, "PHP workers of one host that use Redis");
    private static final Parameter OLD_WORKERS =
            Parameter.integer("old-workers", Unit.COUNT, 0, "workers of one host that still run from before a reload");
    private static final Parameter POOLS = Parameter.integer(
            "pools",
            Unit.COUNT,
            0,
            "persistent connections of one worker: one for each host and port, and for each id where pooling is off");
    private static final Parameter HOSTS = Parameter.integer("hosts", Unit.COUNT, 1, "hosts that share this Redis");
    private static final Parameter RATE = Parameter.continuous(
            "rate", Unit.RATE, "connections opened per second for one request and closed behind it");
    private static final Parameter LIFETIME =
            Parameter.continuous("lifetime", Unit.SPAN, "how long such a connection is open");
    private static final Parameter NOFILE =
            Parameter.integer("nofile", Unit.COUNT, 0, "the hard limit of open files that Redis is started with");

    @Override
    public String name() {
        return "redis-clients";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "'ERR max number of clients reached': phpredis connects and then returns false without an exception; redis-cli is locked out, too";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(WORKERS, OLD_WORKERS, POOLS, HOSTS, RATE, LIFETIME, NOFILE);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Scopes.of(facts, this, List.of(), "redis");
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Formula supply = maxclients(facts, scope);
        Optional<Input> connected = facts.input(CONNECTED, Unit.COUNT);
        Optional<Input> children = FpmPools.allChildren(facts);
        Optional<Input> said = WORKERS.find(facts, this, scope);
        boolean opened = RATE.find(facts, this, scope).isPresent();
        Finding found;
        if (said.isPresent() || opened || (connected.isEmpty() && children.isPresent())) {
            Optional<Input> workers = said.isPresent() ? said : opened ? Optional.empty() : children;
            found = Finding.of(Unit.COUNT, demand(facts, scope, workers), supply);
            if (opened) {
                // those that stay leave the rest to those that come and go
                Formula room = supply.minus(persistent(facts, scope, workers))
                        .max(Formula.fixed(Quantity.count(0)))
                        .named("room for what is opened");
                Formula refused = Erlang.loss(opened(facts, scope).orElseThrow(), room);
                found = found.losing("connects are refused", refused, refused);
            }
            if (said.isEmpty() && workers.isPresent()) {
                found = found.demandAtMost().note("if every PHP worker uses Redis");
            }
        } else if (connected.isPresent()) {
            found = Finding.of(Unit.COUNT, connected.get(), supply);
            found = connected.get().value() >= maxclients(facts.asRead(), scope).value()
                    ? found.demandAtLeast().note("the server is full: those it refused are not among the connected")
                    : found;
            if (children.isPresent()) {
                found = found.figure(
                        "with every worker",
                        Quantity.of(demand(facts, scope, children).value(), Unit.COUNT));
            }
        } else {
            found = Finding.unknown(Unit.COUNT, new Missing("connected_clients", "redis-cli info"))
                    .supplied(supply);
        }
        return noted(facts, found);
    }

    // ---- demand

    private Formula demand(Facts facts, String scope, Optional<Input> workers) {
        Formula clients = persistent(facts, scope, workers);
        return opened(facts, scope).map(clients::plus).orElse(clients);
    }

    /** Those that stay, and the one that asks. */
    private Formula persistent(Facts facts, String scope, Optional<Input> workers) {
        Formula one = Formula.fixed(Quantity.count(1));
        if (workers.isEmpty()) {
            return one;
        }
        Input old = or(facts, scope, OLD_WORKERS, 0, "no reload is going on");
        Input pools = or(facts, scope, POOLS, 1, "one server and no ids of their own");
        return workers.get().plus(old).times(pools).times(hosts(facts, scope)).plus(one);
    }

    /** Those that come and go with requests, on average. */
    private Optional<Formula> opened(Facts facts, String scope) {
        return RATE.find(facts, this, scope).map(rate -> {
            Input lifetime = LIFETIME.find(facts, this, scope)
                    .orElseGet(() -> Input.assumed(LIFETIME.name(), Quantity.seconds(0), "until given"));
            return rate.times(lifetime).times(hosts(facts, scope)).named("opened for a request");
        });
    }

    private Input hosts(Facts facts, String scope) {
        return or(facts, scope, HOSTS, 1, "until given");
    }

    private Input or(Facts facts, String scope, Parameter parameter, long value, String why) {
        return parameter
                .find(facts, this, scope)
                .orElseGet(() -> Input.assumed(parameter.name(), Quantity.count(value), why));
    }

    // ---- supply

    private Formula maxclients(Facts facts, String scope) {
        Optional<Input> inForce = facts.input(IN_FORCE, Unit.COUNT);
        Optional<Input> configured = facts.input(CONFIGURED, Unit.COUNT);
        Optional<Input> nofile = NOFILE.find(facts, this, scope);
        boolean asked = nofile.isPresent()
                || configured
                        .filter(c -> c.evidence().kind() == Evidence.Kind.CHANGED
                                || c.evidence().kind() == Evidence.Kind.GIVEN)
                        .isPresent();
        if (inForce.isPresent() && !asked) {
            return inForce.get();
        }
        Input most = configured
                .or(() -> inForce)
                .orElseGet(() -> Input.byDefault("maxclients", Quantity.count(10000), "Redis: src/config.c"));
        Formula none = Formula.fixed(Quantity.count(0));
        return nofile.<Formula>map(n ->
                        most.min(n.minus(Formula.fixed(RESERVED)).max(none)).named("effective maxclients"))
                .orElse(most);
    }

    private static Finding noted(Facts facts, Finding found) {
        Finding more = found;
        Optional<Input> refused = facts.input("redis:rejected_connections", Unit.COUNT);
        if (refused.isPresent()) {
            more = more.figure("refused since the server started", refused.get().quantity());
        }
        if (found.supply().isPresent() && found.supply().get().value() == 0) {
            more = more.note("with 32 open files or fewer Redis does not start");
        }
        Optional<Input> timeout = facts.input("redis:timeout", Unit.SPAN, "s")
                .or(() -> facts.input("redis.conf:timeout", Unit.SPAN, "s"));
        if (timeout.isPresent()) {
            more = more.note(
                    timeout.get().value() == 0
                            ? "timeout 0: idle clients are never closed"
                            : "clients idle for " + timeout.get().quantity()
                                    + " are closed; PHP connects again at its next request");
        }
        return more.note(
                "tcp-keepalive finds hosts that are gone, after about twice its time; never a worker that hangs or runs on:"
                        + " its kernel answers");
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        double present = maxclients(facts, scope).value();
        if (present < 1) {
            return List.of();
        }
        Optional<Input> nofile = NOFILE.find(facts, this, scope);
        return List.of(Lever.scale(present, MOST, Unit.COUNT, v -> {
            long clients = Math.round(v);
            long files = clients + Math.round(RESERVED.value());
            Candidate c = Candidate.of("maxclients " + clients).set(CONFIGURED, String.valueOf(clients));
            if (nofile.isPresent() && nofile.get().value() < files) {
                c = c.set(NOFILE.fact(this, scope), String.valueOf(files));
            }
            return c.snippet(
                            Snippet.Kind.APPLICATION,
                            "a hard limit of at least " + files
                                    + " open files: LimitNOFILE= in the unit of Redis, then start it anew")
                    .cost("a descriptor for each client, and what its buffers take")
                    .risk(
                            "a server that may not open so many files lowers it when it starts, with a line in its log",
                            "Redis: src/server.c, adjustOpenFilesLimit; measured with 7.0");
        }));
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return List.of(new Refused(
                "tcp-keepalive",
                "it finds hosts that are gone, after about twice its time; a worker that hangs or runs on keeps its connection,"
                        + " for its kernel answers",
                "Redis: src/anet.c, anetKeepAlive"));
    }
}
