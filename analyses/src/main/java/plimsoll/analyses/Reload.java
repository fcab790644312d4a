package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
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
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;
import plimsoll.dsl.Verdict;

/**
 * The requests that a reload of nginx cuts: those that last longer than worker_shutdown_timeout and the 100 ms that the master waits
 * between starting the new workers and telling the old ones (ngx_process_cycle.c, ngx_msleep(100); ngx_cycle.c, ngx_shutdown_timer_handler).
 * In flight are rate x E[D] requests, of which rate x E[(D - T - 0.1 s)+] are cut. Without the directive, none.
 */
final class Reload extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Requests that a reload of nginx cuts. */
        default Budget reload() {
            return budgets("reload").worst();
        }

        /** Requests that a reload of nginx cuts where every request takes so long: {@code reload("4 s").with("rate", "20/s")}. */
        default Budget reload(String duration) {
            return ask("reload.duration", duration).reload();
        }
    }

    static final String TIMEOUT = "worker_shutdown_timeout";
    private static final double MOST = 3600;
    private static final Formula LEAD = Formula.fixed(Quantity.seconds(0.1));

    private static final Parameter DURATION =
            Parameter.continuous("duration", Unit.SPAN, "how long every request takes");
    private static final Parameter MEAN = Parameter.continuous(
            "mean-duration", Unit.SPAN, "how long requests take on average where they are exponentially distributed");
    private static final Parameter SHORTEST = Parameter.continuous(
            "shortest-duration", Unit.SPAN, "the shortest request where all up to the longest are alike");
    private static final Parameter LONGEST = Parameter.continuous(
            "longest-duration", Unit.SPAN, "the longest request where all from the shortest are alike");
    private static final Parameter RATE = Parameter.continuous("rate", Unit.RATE, "requests per second");

    @Override
    public String name() {
        return "reload";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "the old worker closes the connection: the client sees an end of file without a status, the upstream an abort";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(DURATION, MEAN, SHORTEST, LONGEST, RATE);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Nginx.SCOPE);
    }

    /** How long requests last: the longest, the mean, and the mean of what each lasts beyond a limit. */
    private record Lasting(Formula longest, Formula mean, Formula beyond, String note) {}

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Fact> set = Nginx.main(facts, TIMEOUT);
        Optional<Formula> limit = set.map(
                f -> Nginx.time(TIMEOUT, f.text(), f.evidence()).plus(LEAD).named("time to finish"));
        boolean never = set.isEmpty() && Nginx.whole(facts).isPresent();
        if (limit.isEmpty() && !never) {
            return Finding.unknown(Unit.SPAN, new Missing(TIMEOUT, "nginx -T"));
        }
        Optional<Lasting> lasting = lasting(facts, scope, limit.orElse(LEAD));
        if (lasting.isEmpty()) {
            Finding unknown = Finding.unknown(
                    Unit.SPAN, new Missing("duration", "say how long requests take, as 4 s; or log $request_time"));
            return never ? unknown.note(unlimited()) : unknown.supplied(limit.orElseThrow());
        }
        Lasting l = lasting.get();
        Formula none = Formula.fixed(Quantity.share(0));
        Formula share =
                never || l.mean.value() == 0 ? none : l.beyond.over(l.mean).named("share cut");
        Finding found = Finding.of(Unit.SPAN, l.longest, limit.orElse(l.longest.named("as long as it takes")))
                .losing("requests in flight are cut", share, share)
                .note(l.note);
        found = never ? found.note(unlimited()) : found;
        Optional<Input> rate = RATE.find(facts, this, scope).or(() -> Durations.logged(facts, "request_time")
                .filter(d -> d.rate().isPresent())
                .map(d -> Input.derived(
                        RATE.name(), Quantity.perSecond(d.rate().getAsDouble()), "lines of the access log a second")));
        return rate.isEmpty()
                ? found
                : found.figure("requests in flight", Quantity.of(rate.get().value() * l.mean.value(), Unit.COUNT))
                        .figure(
                                "requests cut",
                                Quantity.of(never ? 0 : rate.get().value() * l.beyond.value(), Unit.COUNT));
    }

    private static String unlimited() {
        return "never cuts: " + TIMEOUT
                + " is not set, and no version of nginx has one by default; old workers stay until they are done";
    }

    private Optional<Lasting> lasting(Facts facts, String scope, Formula limit) {
        Formula zero = Formula.fixed(Quantity.seconds(0));
        Optional<Input> duration = DURATION.find(facts, this, scope);
        if (duration.isPresent()) {
            Input d = duration.get();
            return Optional.of(new Lasting(d, d, d.minus(limit).max(zero), "every request takes as long"));
        }
        Optional<Input> mean = MEAN.find(facts, this, scope);
        if (mean.isPresent()) {
            Formula longest = Formula.call(
                    "exceeded_by_1_in_2000", Unit.SPAN, v -> v[0] * Math.log(1 / Verdict.LOSS_GOAL), mean.get());
            Formula beyond = Formula.call(
                    "exponential_beyond",
                    Unit.SPAN,
                    v -> v[0] > 0 ? v[0] * Math.exp(-v[1] / v[0]) : 0,
                    mean.get(),
                    limit);
            return Optional.of(new Lasting(longest, mean.get(), beyond, "exponential durations"));
        }
        Optional<Input> longest = LONGEST.find(facts, this, scope);
        if (longest.isPresent()) {
            Input shortest = SHORTEST.find(facts, this, scope)
                    .orElseGet(() -> Input.assumed(SHORTEST.name(), Quantity.seconds(0), "until given"));
            Formula half = shortest.plus(longest.get()).over(Formula.fixed(Quantity.count(2)));
            Formula beyond = Formula.call(
                    "uniform_beyond", Unit.SPAN, v -> uniform(v[0], v[1], v[2]), shortest, longest.get(), limit);
            return Optional.of(
                    new Lasting(longest.get(), half, beyond, "durations alike from the shortest to the longest"));
        }
        return Durations.logged(facts, "request_time").map(logged -> {
            String how = "$request_time of " + logged.count() + " requests";
            Input most = Input.derived("longest", Quantity.seconds(logged.longest()), how);
            Input average = Input.derived("mean", Quantity.seconds(logged.mean()), how);
            Formula beyond = Formula.call("logged_beyond", Unit.SPAN, v -> logged.meanBeyond(v[0]), limit);
            return new Lasting(
                    most, average, beyond, "durations as logged: $request_time ends when the kernel has the last byte");
        });
    }

    /** E[(D - t)+] of durations alike between two. */
    private static double uniform(double shortest, double longest, double t) {
        if (longest <= shortest) {
            return Math.max(0, longest - t);
        }
        double from = Math.max(shortest, Math.min(t, longest));
        double beyond = (longest - from) * ((longest + from) / 2 - t);
        return Math.max(0, beyond / (longest - shortest));
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return Nginx.main(facts, TIMEOUT).stream()
                .map(f -> Nginx.time(TIMEOUT, f.text(), f.evidence()).value())
                .filter(present -> present >= 1)
                .map(present -> Lever.scale(present, MOST, Unit.SPAN, v -> {
                    long seconds = (long) Math.ceil(v);
                    return Candidate.of(TIMEOUT + " " + seconds + "s")
                            .set("nginx:" + TIMEOUT, seconds + "s")
                            .snippet(Snippet.Kind.NGINX_MAIN, TIMEOUT + " " + seconds + "s;")
                            .cost("the old workers with their memory and connections, up to " + seconds
                                    + " s after each reload")
                            .risk(
                                    "reloads that come faster than this leave several generations of workers at once",
                                    "nginx: src/core/ngx_cycle.c, ngx_set_shutdown_timer; measured with 1.22");
                }))
                .toList();
    }
}
