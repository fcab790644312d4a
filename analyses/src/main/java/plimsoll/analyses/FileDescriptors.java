package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.NginxConfig;
import plimsoll.telemetry.Rows;

/**
 * Open files. Scope {@code host}: fs.file-nr against fs.file-max (fs/file_table.c, alloc_empty_file). Scope {@code nginx worker}: the
 * connections that a worker may open against worker_rlimit_nofile. Scope {@code process N}: against its own limit of open files.
 */
final class FileDescriptors extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Open files of the host or of nginx's workers. */
        default Budget fileDescriptors() {
            return budgets("file-descriptors").worst();
        }

        /** With {@code open} files open in one process: {@code fileDescriptors("900").with("limit", "1024")}. */
        default Budget fileDescriptors(String open) {
            return ask("file-descriptors.open", open).fileDescriptors();
        }
    }

    private static final String HOST = Conntrack.HOST;
    private static final String WORKER = "nginx worker";
    private static final String ANY = "any one process";
    private static final String ALLOCATED = "fs.file-nr";
    private static final String MAX = "fs.file-max";
    private static final Pattern LIMITS = Pattern.compile("limits:(.+):Max open files");
    private static final double MOST_TIMES = 64;
    private static final double WORKER_CONNECTIONS = 512;

    private static final Parameter OPEN = Parameter.integer("open", Unit.COUNT, 0, "files and sockets that are open");
    private static final Parameter LIMIT =
            Parameter.integer("limit", Unit.COUNT, 1, "the soft limit of open files (ulimit -n)");

    @Override
    public String name() {
        return "file-descriptors";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "open(), socket() and accept() fail: EMFILE in a process, ENFILE on the whole host";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(OPEN, LIMIT);
    }

    @Override
    public List<String> scopes(Facts facts) {
        List<String> scopes = new ArrayList<>(Scopes.asked(facts, name()));
        if (facts.find(OPEN.fact(this)).isPresent()
                || facts.find(LIMIT.fact(this)).isPresent()) {
            scopes.add(ANY);
            return scopes;
        }
        if (scopes.isEmpty()) {
            scopes.add(HOST);
        }
        if (config(facts).isPresent() && !scopes.contains(WORKER)) {
            scopes.add(WORKER);
        }
        return scopes;
    }

    private static Optional<NginxConfig> config(Facts facts) {
        return facts.table("nginx_directives", Rows.class).map(NginxConfig::of);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> open = OPEN.find(facts, this, scope);
        Optional<Input> limit = LIMIT.find(facts, this, scope);
        return switch (scope) {
            case HOST -> host(facts, open, limit);
            case WORKER -> worker(facts, open, limit);
            default -> process(facts, scope, open, limit);
        };
    }

    private static Finding host(Facts facts, Optional<Input> open, Optional<Input> limit) {
        Optional<Fact> read = facts.find(ALLOCATED);
        Optional<Input> allocated = open.or(() -> part(read, 0, ALLOCATED + ".allocated"));
        Optional<Input> max = limit.or(() -> facts.input(MAX, Unit.COUNT)).or(() -> part(read, 2, MAX));
        if (allocated.isEmpty() || max.isEmpty()) {
            Finding unknown = Finding.unknown(Unit.COUNT, new Missing(ALLOCATED, "sysctl fs.file-nr fs.file-max"));
            return max.map(unknown::supplied).orElse(unknown);
        }
        return Finding.of(Unit.COUNT, allocated.get(), max.get())
                .note("open files of all processes; root may go beyond the limit");
    }

    /** One of the three numbers of fs.file-nr: allocated, free, most. */
    private static Optional<Input> part(Optional<Fact> read, int index, String name) {
        return read.flatMap(f -> {
            String[] parts = f.text().strip().split("\\s+", -1);
            return parts.length == 3 && parts[index].matches("\\d+")
                    ? Optional.of(new Input(
                            name, Quantity.of(Double.parseDouble(parts[index]), Unit.COUNT), f.evidence(), List.of()))
                    : Optional.empty();
        });
    }

    /** The limit that the captured processes have, where it is one and the same. */
    private static Optional<Input> limits(Facts facts, String scope) {
        Optional<Input> found = Optional.empty();
        for (String name : facts.names()) {
            Matcher m = LIMITS.matcher(name);
            if (m.matches() && (scope.endsWith(" " + m.group(1)) || scope.equals(m.group(1)))) {
                found = facts.input(name, Unit.COUNT);
            }
        }
        return found;
    }

    private static Finding process(Facts facts, String scope, Optional<Input> open, Optional<Input> limit) {
        Optional<Input> most = limit.or(() -> limits(facts, scope));
        if (most.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(LIMIT.name(), "grep 'open files' /proc/PID/limits"));
        }
        return open.map(o -> Finding.of(Unit.COUNT, o, most.get()))
                .orElseGet(() -> Finding.unknown(Unit.COUNT, new Missing(OPEN.name(), "ls /proc/PID/fd | wc -l"))
                        .supplied(most.get()))
                .note(
                        "a process may raise its soft limit up to the hard one itself: look at /proc/PID/limits while it runs");
    }

    private static Finding worker(Facts facts, Optional<Input> open, Optional<Input> limit) {
        Optional<NginxConfig> config = config(facts);
        Input connections = number(config, "worker_connections")
                .orElseGet(() -> Input.byDefault(
                        "worker_connections",
                        Quantity.of(WORKER_CONNECTIONS, Unit.COUNT),
                        "nginx: DEFAULT_CONNECTIONS, ngx_event.c"));
        Optional<Input> most = limit.or(() -> number(config, "worker_rlimit_nofile"));
        if (most.isEmpty()) {
            return Finding.unknown(
                            Unit.COUNT,
                            new Missing(
                                    "worker_rlimit_nofile, or the limit of the workers",
                                    "grep 'open files' /proc/$(pgrep -f 'nginx: worker' | head -1)/limits"))
                    .figure("worker_connections", connections.quantity());
        }
        return Finding.of(Unit.COUNT, open.orElse(connections), most.get())
                .note(
                        "each connection is a descriptor, to clients and to upstreams alike; logs, listeners and each temporary"
                                + " or static file being sent come on top");
    }

    private static Optional<Input> number(Optional<NginxConfig> config, String directive) {
        return config.flatMap(c -> c.directives(directive).stream()
                .filter(d -> d.arg(0).matches("\\d+"))
                .findFirst()
                .map(d -> Input.read(directive, Quantity.of(Double.parseDouble(d.arg(0)), Unit.COUNT), d.at())));
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        double present =
                Levers.value(apply(facts, scope).supply().map(s -> Input.read("limit", s.in(Unit.COUNT), "")), 0);
        if (present < 1) {
            return List.of();
        }
        if (scope.equals(HOST)) {
            return List.of(Levers.setting(MAX, present, present * MOST_TIMES, 1, (c, value) -> c.cost(
                            "about 0.25 KiB of kernel memory for each open file")
                    .risk(
                            "a program that leaks files finds the limit later",
                            "Documentation/admin-guide/sysctl/fs.rst")));
        }
        return List.of(Lever.scale(present, present * MOST_TIMES, Unit.COUNT, v -> {
            long limit = Math.round(v);
            Candidate c =
                    Candidate.of("a limit of " + limit + " files").set(LIMIT.fact(this, scope), String.valueOf(limit));
            return (scope.equals(WORKER)
                            ? c.snippet(Snippet.Kind.NGINX_MAIN, "worker_rlimit_nofile " + limit + ";")
                            : c.snippet(
                                    Snippet.Kind.APPLICATION,
                                    "LimitNOFILE=" + limit + " in the service's unit of systemd, then start it anew"))
                    .cost("a little kernel memory for each file that is open")
                    .risk("a program that leaks files finds the limit later", "getrlimit(2), RLIMIT_NOFILE");
        }));
    }
}
