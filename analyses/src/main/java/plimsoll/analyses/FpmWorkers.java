package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Candidate;
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
import plimsoll.dsl.Queueing;
import plimsoll.dsl.Unit;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.NginxConfig;

/**
 * The workers of a PHP-FPM pool: requests per second times how long each holds a worker, against pm.max_children, with a queue of the
 * listen backlog and one more (sk_acceptq_is_full of include/net/sock.h and unix_recvq_full of net/unix/af_unix.c ask for more than the
 * backlog): M/M/c/K. A worker is held by PHP, then by a slow client where nginx has no temporary files, and by a request that runs on
 * although its client has gone. Given the longest mean {@code wait} that is fine, the supply is the load that keeps it.
 */
final class FpmWorkers extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** The workers of the PHP-FPM pool that lies deepest. */
        default Budget fpmWorkers() {
            return budgets("fpm-workers").worst();
        }

        /** The workers of the PHP-FPM pool that lies deepest at {@code rate} requests per second: {@code fpmWorkers("40/s").with("service", "200 ms")}. */
        default Budget fpmWorkers(String rate) {
            return ask("fpm-workers.rate", rate).fpmWorkers();
        }
    }

    private static final double USUAL_BACKLOG = 511; // FPM_BACKLOG_DEFAULT, sapi/fpm/fpm/fpm_sockets.h

    private static final double MOST_CHILDREN = 4096;
    private static final double MOST_BACKLOG = 65535;

    private static final Parameter RATE = Parameter.continuous("rate", Unit.RATE, "requests per second to the pool");
    private static final Parameter SERVICE =
            Parameter.continuous("service", Unit.SPAN, "how long PHP takes for one request");
    private static final Parameter WAIT =
            Parameter.continuous("wait", Unit.SPAN, "the longest mean wait for a worker that is fine");
    private static final Parameter PAYLOAD = Parameter.integer("payload", Unit.BYTES, 0, "the body of one response");
    private static final Parameter CLIENT =
            Parameter.continuous("client", Unit.BANDWIDTH, "how fast a client takes its response");
    private static final Parameter ABSORBED =
            Parameter.integer("absorbed", Unit.BYTES, 0, "what the sockets take of a response at once");
    private static final Parameter ABORTED =
            Parameter.continuous("aborted", Unit.RATE, "requests per second that run on after their client has gone");
    private static final Parameter RUNS_ON =
            Parameter.continuous("runs-on", Unit.SPAN, "how long such a request still holds its worker");

    @Override
    public String name() {
        return "fpm-workers";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "requests wait for a worker; when the backlog is full, nginx answers 502 at once (unix socket) or its connect() is retried (TCP)";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, SERVICE, WAIT, PAYLOAD, CLIENT, ABSORBED, ABORTED, RUNS_ON);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Scopes.of(facts, this, FpmPools.names(facts), FpmPools.ANY);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> children = FpmPools.children(facts, scope);
        if (children.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing("pm.max_children", "php-fpm -tt"));
        }
        if (children.get().value() < 1) {
            throw new IllegalArgumentException(
                    children.get().name() + " is " + children.get().quantity() + ": a pool has at least 1 child");
        }
        var notes = new ArrayList<String>();
        Optional<Input> active = FpmPools.status(facts, "active processes", scope);
        Optional<Formula> hold = hold(facts, scope, notes);
        Optional<Input> rate = RATE.find(facts, this, scope);
        Finding found;
        if (rate.isPresent() && hold.isPresent()) {
            found = queued(facts, scope, rate.get(), hold.get(), children.get());
        } else if (rate.isEmpty() && active.isPresent()) {
            found = counted(facts, scope, active.get(), hold, children.get());
        } else {
            found = Finding.unknown(
                            Unit.COUNT,
                            rate.isPresent()
                                    ? new Missing(
                                            SERVICE.name(),
                                            "say how long PHP takes, as 200 ms; $upstream_response_time in the access log")
                                    : new Missing(
                                            RATE.name(),
                                            "say how many requests a second, as 40/s; or capture the status page"))
                    .supplied(children.get());
        }
        for (String note : notes) {
            found = found.note(note);
        }
        return noted(facts, scope, found);
    }

    // ---- demand

    /** How long one request holds its worker: in PHP, and while a slow client is fed. Empty where PHP's part is not known. */
    private Optional<Formula> hold(Facts facts, String scope, List<String> notes) {
        Optional<Input> said = SERVICE.find(facts, this, scope);
        if (said.isEmpty()) {
            Optional<Input> logged = logged(facts);
            logged.ifPresent(
                    l -> notes.add(
                            "the service time is the mean $upstream_response_time, which contains the feeding of slow clients"));
            return logged.map(l -> l);
        }
        Optional<Formula> feeding = feeding(facts, scope, notes);
        return Optional.of(feeding.isPresent() ? said.get().plus(feeding.get()) : said.get());
    }

    /** The mean {@code $upstream_response_time} of the access log. */
    private static Optional<Input> logged(Facts facts) {
        return Durations.logged(facts, "upstream_response_time")
                .map(d -> Input.derived(
                        SERVICE.name(),
                        Quantity.seconds(d.mean()),
                        "mean $upstream_response_time of " + d.count() + " requests"));
    }

    /** How long a worker waits for a client that is slower than it, beyond what buffers and sockets take. */
    private Optional<Formula> feeding(Facts facts, String scope, List<String> notes) {
        Optional<Input> payload = PAYLOAD.find(facts, this, scope);
        Optional<Input> client = CLIENT.find(facts, this, scope);
        if (payload.isEmpty() || client.isEmpty()) {
            return Optional.empty();
        }
        Optional<NginxConfig.Directive> location = location(facts, scope);
        var buffers = NginxBuffers.of(NginxBuffers.Family.FASTCGI, facts, location);
        if (buffers.spools()) {
            notes.add("slow clients hold no worker: nginx puts the rest into a temporary file, up to "
                    + buffers.maxTemp().quantity());
            return Optional.empty();
        }
        notes.add("slow clients hold workers: nginx has no temporary files, "
                + buffers.maxTemp().evidence());
        Input absorbed = ABSORBED.find(facts, this, scope)
                .orElseGet(() -> Input.assumed(ABSORBED.name(), Quantity.bytes(0), "small sockets take nothing"));
        Formula rest = payload.get().minus(buffers.memory()).minus(absorbed).max(Formula.fixed(Quantity.bytes(0)));
        return Optional.of(rest.over(client.get()).named("feeding"));
    }

    /** The location that passes requests on to this pool: the one that names what the pool listens on, else the only one there is. */
    private static Optional<NginxConfig.Directive> location(Facts facts, String scope) {
        List<NginxConfig.Directive> all = Nginx.passing(facts, "fastcgi_pass");
        Optional<String> listen =
                facts.find(FpmPools.setting("listen", scope)).map(f -> f.text().strip());
        Optional<NginxConfig.Directive> named = all.stream()
                .filter(l -> l.effective("fastcgi_pass")
                        .filter(p -> !p.args().isEmpty()
                                && listen.isPresent()
                                && p.arg(0).replaceFirst("^unix:", "").equals(listen.get()))
                        .isPresent())
                .findFirst();
        return named.isPresent() || all.size() != 1 ? named : Optional.of(all.get(0));
    }

    /** A rate is known: Little's law, and the queue. */
    private Finding queued(Facts facts, String scope, Input rate, Formula hold, Input children) {
        Formula load = rate.times(hold);
        Optional<Input> aborted = ABORTED.find(facts, this, scope);
        Optional<Input> runsOn = RUNS_ON.find(facts, this, scope);
        double arrivals = rate.value();
        if (aborted.isPresent()) {
            load = load.plus(aborted.get().times(runsOn.<Formula>map(r -> r).orElse(hold)));
            arrivals += aborted.get().value();
        }
        return pool(facts, scope, load.named("busy workers"), arrivals, children);
    }

    private Finding pool(Facts facts, String scope, Formula load, double arrivals, Input children) {
        Formula backlog = backlog(facts, scope);
        Formula loss = Formula.call(
                "mmcK_loss",
                Unit.SHARE,
                v -> Queueing.mmck(v[0], 1, (long) v[1], (long) (v[1] + v[2]) + 1)
                        .blocking(),
                load,
                children,
                backlog);
        double c = children.value();
        double mean = arrivals > 0 ? load.value() / arrivals : 0;
        Queueing.MMcK queue = Queueing.mmck(load.value(), 1, (long) c, (long) (c + backlog.value()) + 1);
        Optional<Input> wait = WAIT.find(facts, this, scope);
        Finding found;
        if (wait.isPresent()) {
            Formula fine = Formula.call(
                    "load_for_wait",
                    Unit.COUNT,
                    v -> bearable((long) v[0], (long) (v[0] + v[1]) + 1, v[3] > 0 ? v[2] / v[3] : 0),
                    children,
                    backlog,
                    wait.get(),
                    Input.derived("hold", Quantity.seconds(mean), "busy workers / requests per second"));
            found = Finding.of(Unit.COUNT, load, fine)
                    .figure("loss", Quantity.share(queue.blocking()))
                    .note("the supply is the load at which the mean wait is the one given and no more than "
                            + Quantity.share(Verdict.LOSS_GOAL) + " are refused");
        } else {
            found = Finding.of(Unit.COUNT, load, children).losing("requests are refused", loss, loss);
        }
        found = found.figure("capacity at once", Quantity.count((long) (c + backlog.value()) + 1))
                .figure("queue", Quantity.of(queue.queueLength(), Unit.COUNT))
                .figure("utilisation", Quantity.share(queue.utilisation()));
        return arrivals > 0
                ? found.figure("mean wait", Quantity.seconds(queue.meanWait() * mean))
                        .figure("wait behind a full queue", Quantity.seconds((backlog.value() + 1) / c * mean))
                        .figure("ceiling rate", Quantity.perSecond(mean > 0 ? c / mean : arrivals))
                : found;
    }

    /** The most load, in erlang, that keeps the mean wait at {@code wait} service times and the loss at its usual goal. */
    private static double bearable(long servers, long capacity, double wait) {
        double low = 0;
        double high = 2.0 * capacity;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            Queueing.MMcK q = Queueing.mmck(middle, 1, servers, capacity);
            if (q.meanWait() <= wait && q.blocking() <= Verdict.LOSS_GOAL) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The status page was read: busy workers and what waits are counted, and the rate follows where the service time is known. */
    private Finding counted(Facts facts, String scope, Input active, Optional<Formula> hold, Input children) {
        Formula busy = FpmPools.status(facts, "listen queue", scope)
                .<Formula>map(active::plus)
                .orElse(active);
        if (active.value()
                >= FpmPools.children(facts.asRead(), scope).orElse(children).value()) {
            return Finding.of(Unit.COUNT, busy, children)
                    .demandAtLeast()
                    .note("every worker is busy: more may have been asked for than is seen");
        }
        if (hold.isPresent() && hold.get().value() > 0) {
            Input rate = Input.derived(
                    RATE.name(), Quantity.perSecond(busy.value() / hold.get().value()), "busy workers / service time");
            return pool(facts, scope, rate.times(hold.get()).named("busy workers"), rate.value(), children)
                    .figure("rate", rate.quantity())
                    .note("one look at the status page is one moment");
        }
        return Finding.of(Unit.COUNT, busy, children)
                .note("one look at the status page is one moment; with the service time the loss follows");
    }

    // ---- supply

    /** What the kernel made of listen.backlog: never more than net.core.somaxconn. */
    private static Formula backlog(Facts facts, String scope) {
        Input asked = FpmPools.status(facts, "listen queue len", scope)
                .filter(b -> b.value() > 0)
                .or(() -> facts.input(FpmPools.setting("listen.backlog", scope), Unit.COUNT))
                .orElseGet(() -> Input.byDefault(
                        "listen.backlog", Quantity.of(USUAL_BACKLOG, Unit.COUNT), "PHP-FPM: FPM_BACKLOG_DEFAULT"));
        Input most = facts.input("net.core.somaxconn", Unit.COUNT)
                .orElseGet(() ->
                        Input.byDefault("net.core.somaxconn", Quantity.count(4096), "Linux since 5.4; 128 before"));
        // listen(2) takes a negative backlog as a large one
        return Formula.call("backlog", Unit.COUNT, v -> v[0] < 0 ? v[1] : Math.min(v[0], v[1]), asked, most)
                .named("effective backlog");
    }

    private static Finding noted(Facts facts, String scope, Finding found) {
        Finding more = found;
        boolean unix = facts.find(FpmPools.setting("listen", scope))
                .map(f -> f.text().contains("/"))
                .orElse(false);
        boolean fixed = facts.find(FpmPools.setting("pm", scope))
                .or(() -> facts.find(FpmPools.setting("status.process manager", scope)))
                .map(f -> f.text().strip().equals("static"))
                .orElse(false);
        Optional<Input> reached = FpmPools.status(facts, "max children reached", scope);
        if (reached.isPresent() && reached.get().value() > 0) {
            more = more.figure("max children reached", reached.get().quantity())
                    .note("pm.max_children was reached since PHP-FPM started, "
                            + reached.get().evidence().source());
        }
        if (fixed) {
            more = more.note("pm = static never counts 'max children reached': 0 there says nothing");
        }
        if (unix) {
            more = more.note(
                    "on a unix socket the status page shows a listen queue of 0 whatever waits: ss -xl shows it");
        }
        return more;
    }

    /** More children may each keep a connection to Redis, which counts where another number of them was asked for. */
    @Override
    public List<Fact> loads(Facts facts, String scope) {
        boolean changed = facts.find(FpmPools.setting("pm.max_children", scope))
                .filter(f -> f.evidence().kind() == Evidence.Kind.CHANGED)
                .isPresent();
        Optional<Input> workers = FpmPools.allChildren(facts);
        if (!changed || workers.isEmpty()) {
            return List.of();
        }
        var on = new Loads("the children of all pools");
        on.load("redis-clients.workers", workers.get().quantity());
        return on.facts();
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        var levers = new ArrayList<Lever>();
        FpmPools.children(facts, scope)
                .ifPresent(children -> levers.add(Levers.setting(
                        FpmPools.setting("pm.max_children", scope),
                        children.value(),
                        MOST_CHILDREN,
                        1,
                        (c, value) -> c.cost(
                                        Math.round(value - children.value())
                                                + " children more, with memory of their own and what each keeps open: see fpm-memory")
                                .risk(
                                        "where the processors or the database are full, more children make every request slower",
                                        "php-fpm.conf(5); M/M/c/K has no word on what the children share"))));
        Input present = facts.input(FpmPools.setting("listen.backlog", scope), Unit.COUNT)
                .orElseGet(() -> Input.byDefault("listen.backlog", Quantity.of(USUAL_BACKLOG, Unit.COUNT), ""));
        if (present.value() > 0) {
            levers.add(Lever.scale(present.value(), MOST_BACKLOG, Unit.COUNT, v -> Levers.admitting(
                            Candidate.of("listen.backlog=" + Math.round(v))
                                    .set(FpmPools.setting("listen.backlog", scope), String.valueOf(Math.round(v))),
                            facts,
                            Math.round(v))
                    .risk(
                            "it lets requests wait where they were refused: no more are served, and nginx gives up after"
                                    + " fastcgi_read_timeout",
                            "listen(2); measured with PHP-FPM 8.2")));
        }
        return levers;
    }
}
