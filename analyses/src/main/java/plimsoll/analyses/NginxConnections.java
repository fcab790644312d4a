package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Effect;
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

/**
 * Connections of nginx: those of clients and those to upstreams, which a proxied request needs besides, against worker_connections times the
 * workers (ngx_get_connection in src/core/ngx_connection.c), or the limit of open files where that is lower: each connection is a file, and so
 * is each temporary file. Connections are spread unevenly over workers, so one may be full before all are.
 */
final class NginxConnections extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Connections of nginx. */
        default Budget nginxConnections() {
            return budgets("nginx-connections").worst();
        }

        /** Connections of nginx with so many clients at once: {@code nginxConnections("5000")}. */
        default Budget nginxConnections(String clients) {
            return ask("nginx-connections.clients", clients).nginxConnections();
        }
    }

    private static final String CONNECTIONS = "worker_connections";
    private static final double MOST = 65535;
    private static final String RLIMIT = "worker_rlimit_nofile";

    private static final Parameter CLIENTS =
            Parameter.integer("clients", Unit.COUNT, 0, "connections of clients at the same time, idle ones too");
    private static final Parameter UPSTREAMS =
            Parameter.integer("upstreams", Unit.COUNT, 0, "connections to upstreams at the same time, idle ones too");
    private static final Parameter WORKERS = Parameter.integer("workers", Unit.COUNT, 1, "nginx worker processes");
    private static final Parameter NOFILE =
            Parameter.integer("nofile", Unit.COUNT, 0, "the limit of open files of one worker");

    @Override
    public String name() {
        return "nginx-connections";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "'worker_connections are not enough': requests get 500 or their connection is closed; beyond the limit of files, accept() fails";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(CLIENTS, UPSTREAMS, WORKERS, NOFILE);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Nginx.SCOPE);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> each = Nginx.count(facts, CONNECTIONS, 512);
        Optional<Input> workers = WORKERS.find(facts, this, scope).or(() -> Nginx.workers(facts));
        if (each.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(CONNECTIONS, "nginx -T"));
        }
        if (workers.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(WORKERS.name(), "pgrep -c -f 'nginx: worker'"));
        }
        Optional<Input> nofile = NOFILE.find(facts, this, scope).or(() -> Nginx.main(facts, RLIMIT)
                .filter(f -> f.text().matches("\\d{1,12}"))
                .map(f -> new Input(RLIMIT, Quantity.count(Long.parseLong(f.text())), f.evidence(), List.of())));
        Formula perWorker = nofile.<Formula>map(n -> each.get().min(n)).orElse(each.get());
        Formula supply = perWorker.times(workers.get());
        Optional<Input> said = CLIENTS.find(facts, this, scope);
        Optional<Input> clients = said.or(() -> facts.input("nginx:status.active", Unit.COUNT));
        if (clients.isEmpty()) {
            return Finding.unknown(
                            Unit.COUNT,
                            new Missing(
                                    CLIENTS.name(),
                                    "say how many clients are connected, as 5000; or capture stub_status"))
                    .supplied(supply);
        }
        Optional<Input> upstreams = UPSTREAMS.find(facts, this, scope);
        Optional<Input> writing = facts.input("nginx:status.writing", Unit.COUNT);
        Input proxied = upstreams
                .or(() -> said.isEmpty()
                        ? writing.map(w -> Input.derived(
                                UPSTREAMS.name(), w.quantity(), "one for each request in work, nginx:status.writing"))
                        : Optional.empty())
                .orElseGet(() -> Input.assumed(
                        UPSTREAMS.name(), clients.get().quantity(), "every client's request is passed on"));
        Finding found = Finding.of(Unit.COUNT, clients.get().plus(proxied), supply)
                .note("a request that is passed on uses two connections");
        if (nofile.isEmpty()) {
            found = found.note("the workers' limit of open files was not read: cat /proc/PID/limits of one");
        } else if (nofile.get().value() < each.get().value()) {
            found = found.note(
                    "the limit of open files is below " + CONNECTIONS
                            + ", and nginx warns of it: it counts; listening sockets, logs and temporary files come off it, too");
        }
        return found;
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        Optional<Input> each = Nginx.count(facts, CONNECTIONS, 512);
        if (each.isEmpty()) {
            return List.of();
        }
        Optional<Input> limit = Nginx.main(facts, RLIMIT)
                .filter(f -> f.text().matches("\\d{1,12}"))
                .map(f -> Input.read(RLIMIT, Quantity.count(Long.parseLong(f.text())), ""));
        double present = Math.min(each.get().value(), Levers.value(limit, Double.MAX_VALUE));
        return List.of(Lever.scale(present, MOST, Unit.COUNT, v -> {
            long connections = (long) Math.max(each.get().value(), Math.ceil(v));
            Candidate c = Candidate.of(CONNECTIONS + " " + connections);
            if (connections > each.get().value()) {
                c = c.set("nginx:" + CONNECTIONS, String.valueOf(connections))
                        .snippet(Snippet.Kind.NGINX_EVENTS, CONNECTIONS + " " + connections + ";");
            }
            // below, accept() and connect() fail for want of descriptors
            if (Levers.value(limit, 0) < connections) {
                c = c.set("nginx:" + RLIMIT, String.valueOf(connections))
                        .snippet(Snippet.Kind.NGINX_MAIN, RLIMIT + " " + connections + ";");
            }
            return c.cost("a descriptor and some 0.5 KiB of memory for each connection of each worker")
                    .risk(
                            "what is behind nginx gets as many more requests at the same time",
                            "nginx: src/core/ngx_connection.c, ngx_get_connection");
        }));
    }
}
