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
import plimsoll.dsl.Law;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;

/**
 * Connections that are complete and wait for accept(), per listener: those that come in while the program does not accept, against one
 * more than the smaller of backlog and somaxconn (include/net/sock.h, sk_acceptq_is_full; net/socket.c, __sys_listen). The same for unix
 * stream sockets (net/unix/af_unix.c, unix_recvq_full_lockless).
 */
final class AcceptQueue extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Connections that wait for accept(), of the listener whose queue is fullest. */
        default Budget acceptQueue() {
            return budgets("accept-queue").worst();
        }

        /** At {@code rate} connections per second: {@code acceptQueue("500/s").with("stall", "200 ms")}. */
        default Budget acceptQueue(String rate) {
            return ask("accept-queue.rate", rate).acceptQueue();
        }
    }

    static final String SOMAXCONN = "net.core.somaxconn";

    private static final double MOST = 65535;

    private static final Parameter RATE =
            Parameter.continuous("rate", Unit.RATE, "connections that come in per second");
    private static final Parameter STALL =
            Parameter.continuous("stall", Unit.SPAN, "how long the program does not accept");
    static final Parameter BACKLOG = Parameter.integer("backlog", Unit.COUNT, 0, "what the program gives to listen()");

    @Override
    public String name() {
        return "accept-queue";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "TCP: SYNs are dropped and sent again after 1 s, 2 s, ...; unix sockets: connect() gets EAGAIN or waits";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, STALL, BACKLOG);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Listener.scopes(facts, name());
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Listener> listener = Optional.ofNullable(Listener.all(facts).get(scope));
        Optional<Input> backlog = backlog(this, facts, scope, listener);
        Optional<Input> rate = RATE.find(facts, this, scope);
        if (backlog.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(BACKLOG.name(), "ss -ltn; ss -lx for unix sockets"));
        }
        Formula supply = admitted(facts, backlog.get()).plus(Formula.fixed(Quantity.count(1)));
        boolean unix = listener.map(Listener::unix).orElse(scope.startsWith("/") || scope.startsWith("@"));
        Finding found = rate.isPresent()
                ? stalled(rate.get(), STALL.find(facts, this, scope), supply, unix)
                : queued(
                        listener,
                        supply,
                        backlog(this, facts.asRead(), scope, listener)
                                .map(b -> admitted(facts.asRead(), b).value() + 1)
                                .orElse(supply.value()));
        return clipped(facts, backlog.get())
                ? found.note("the backlog is as long as somaxconn lets it be: the program may ask for more")
                : found;
    }

    /** What listen() was given: said, else as it was shown. */
    static Optional<Input> backlog(Law law, Facts facts, String scope, Optional<Listener> listener) {
        return BACKLOG.find(facts, law, scope)
                .or(() -> listener.flatMap(l -> l.backlog().isPresent()
                        ? Optional.of(Input.read(
                                BACKLOG.name(), Quantity.count(l.backlog().getAsLong()), "Send-Q of the listener"))
                        : Optional.empty()));
    }

    /** The backlog that counts. One that was shown has been cut to somaxconn when the program called listen(); a later change waits for the next call. */
    static Formula admitted(Facts facts, Input backlog) {
        Optional<Input> somaxconn = facts.input(SOMAXCONN, Unit.COUNT);
        boolean shown = backlog.evidence().kind() == Evidence.Kind.READ
                && somaxconn.map(s -> s.evidence().kind() == Evidence.Kind.READ).orElse(true);
        return shown
                ? backlog
                : backlog.min(somaxconn.orElseGet(
                        () -> Input.byDefault(SOMAXCONN, Quantity.count(4096), "Linux since 5.4; 128 before")));
    }

    private static boolean clipped(Facts facts, Input backlog) {
        return backlog.evidence().kind() == Evidence.Kind.READ
                && facts.all(SOMAXCONN).stream()
                        .anyMatch(f -> f.text().strip().equals(String.valueOf(Math.round(backlog.value()))));
    }

    private static Finding queued(Optional<Listener> listener, Formula supply, double whenRead) {
        if (listener.isEmpty() || listener.get().waiting().isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing("connections waiting", "ss -ltn: Recv-Q"))
                    .supplied(supply);
        }
        long waiting = listener.get().waiting().getAsLong();
        Finding found = Finding.of(
                Unit.COUNT, Input.read("waiting", Quantity.count(waiting), "Recv-Q of the listener"), supply);
        return waiting >= whenRead
                ? found.demandAtLeast().note("the queue is full: more may have come than are seen")
                : found.note(
                        "what waits now; .with(\"rate\", …) and \"stall\" ask what a pause of the program makes of it");
    }

    private static Finding stalled(Input rate, Optional<Input> stall, Formula supply, boolean unix) {
        if (stall.isEmpty()) {
            return Finding.unknown(
                            Unit.COUNT,
                            new Missing(STALL.name(), "say how long the program does not accept, as 200 ms"))
                    .supplied(supply);
        }
        Formula demand = rate.times(stall.get());
        Finding found = Finding.of(Unit.COUNT, demand, supply);
        double over = demand.value() - supply.value();
        if (rate.value() > 0) {
            found = found.figure("time to full", Quantity.seconds(supply.value() / rate.value()));
        }
        if (over <= 0) {
            return found;
        }
        Finding more = found.figure("refused in one stall", Quantity.count((long) Math.ceil(over)));
        return unix
                ? more.note("a non-blocking connect() gets EAGAIN at once, a blocking one waits")
                : more.figure("wait of a refused client, at least", Quantity.seconds(Retries.SYN_TIMEOUT))
                        .note("ListenOverflows and ListenDrops count every dropped SYN, the repeated ones too:"
                                + " they rise by more than the clients that wait");
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return backlog(
                        this,
                        facts,
                        scope,
                        Optional.ofNullable(Listener.all(facts).get(scope)))
                .stream()
                .map(b -> longer(this, facts, scope, b))
                .toList();
    }

    /** A longer backlog in the program that listens, and somaxconn where it would cut it. */
    static Lever longer(Law law, Facts facts, String scope, Input backlog) {
        return Lever.scale(backlog.value(), MOST, Unit.COUNT, v -> {
            long length = Math.round(v);
            Candidate c = Candidate.of("a backlog of " + length)
                    .set(BACKLOG.fact(law, scope), String.valueOf(length))
                    .snippet(
                            Snippet.Kind.APPLICATION,
                            "listen() with a backlog of " + length + ": in nginx listen ... backlog=" + length
                                    + ", in PHP-FPM listen.backlog, in Redis tcp-backlog");
            String port = scope.replaceFirst("^.*:(?=\\d+$)", "");
            if (port.matches("\\d{1,5}")) {
                c = c.snippet(Snippet.Kind.NGINX, "server {\n    listen " + port + " backlog=" + length + ";\n}");
            }
            return Levers.admitting(c, facts, length)
                    .cost("kernel memory of a socket for each connection that waits")
                    .risk(
                            "it lets clients wait where they were refused: it helps with bursts and pauses, not with a program that is"
                                    + " too slow; it counts from the next listen() on, so the program has to be started anew",
                            "listen(2); net/socket.c, __sys_listen");
        });
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return List.of(
                new Refused(
                        "net.ipv4.tcp_max_syn_backlog",
                        "it bounds handshakes that are not complete; these are complete and wait for accept()",
                        "net/ipv4/tcp_input.c, tcp_conn_request"),
                new Refused(
                        "net.ipv4.tcp_abort_on_overflow=1",
                        "it turns a wait of a second into an error for the client",
                        "Documentation/networking/ip-sysctl.rst"));
    }
}
