package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
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
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/**
 * Connections that this side has closed and the peer has not, in FIN-WAIT-2. Once the program has closed its descriptor, each lives for a
 * time that tcp_fin_timeout sets, and not as it reads: up to 60 s that time, above it twice what exceeds 60 s, half of it as a full
 * socket and half as a small one of the kind that TIME-WAIT uses (net/ipv4/tcp_timer.c, tcp_keepalive_timer; net/ipv4/tcp.c,
 * __tcp_close). The small ones count against tcp_max_tw_buckets, the full ones against tcp_max_orphans. While the descriptor is still
 * open (shutdown without close, a lingering close) nothing ends it: no setting of the kernel does.
 */
final class FinWait2 extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Sockets in FIN-WAIT-2 that no program holds any more. */
        default Budget finWait2() {
            return budgets("fin-wait-2").worst();
        }

        /** At {@code rate} connections per second that the peer does not close. */
        default Budget finWait2(String rate) {
            return ask("fin-wait-2.rate", rate).finWait2();
        }
    }

    static final String TIMEOUT = "net.ipv4.tcp_fin_timeout";

    /** The fact that holds the life on another system. */
    static final String ELSEWHERE = "system:fin-wait-2";

    private static final double SHORTEST = 5;
    private static final double LEAST_ROUNDS = 3.5; // tcp_fin_time: (rto << 2) - (rto >> 1)

    private static final Parameter RATE = Parameter.continuous(
            "rate", Unit.RATE, "connections per second that this side closes and the peer does not");
    private static final Parameter OPEN = Parameter.integer(
            "open", Unit.COUNT, 0, "connections in FIN-WAIT-2 whose descriptor the program still holds");
    private static final Parameter RTO = Parameter.continuous(
            "rto", Unit.SPAN, "the retransmission timeout to the peer: a life is no less than 3.5 of them");

    @Override
    public String name() {
        return "fin-wait-2";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "the kernel drops them early: a peer that still sends gets a RST";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(RATE, OPEN, RTO);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Conntrack.HOST);
    }

    /** The time that is set: the setting, or 3.5 retransmission timeouts. */
    static double set(double timeout, double rto) {
        return Math.max(timeout, LEAST_ROUNDS * rto);
    }

    /** How long one lives in all, in seconds, each of its timers half a granule late. */
    static double life(double timeout, double rto, double hz) {
        double set = set(timeout, rto);
        return set <= TimeWait.LENGTH ? timer(set, hz) : 2 * timer(set - TimeWait.LENGTH, hz);
    }

    private static double full(double timeout, double rto, double hz) {
        double set = set(timeout, rto);
        return set <= TimeWait.LENGTH ? 0 : timer(set - TimeWait.LENGTH, hz);
    }

    private static double timer(double seconds, double hz) {
        return seconds + TimeWait.granule(seconds, hz) / 2;
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Input timeout = facts.input(TIMEOUT, Unit.SPAN, "s")
                .orElseGet(() -> Input.byDefault(TIMEOUT, Quantity.seconds(60), "Linux: TCP_FIN_TIMEOUT"));
        Input rto = RTO.find(facts, this, scope)
                .orElseGet(() -> Input.byDefault(RTO.name(), Quantity.seconds(Retries.LEAST_TIMEOUT), "TCP_RTO_MIN"));
        Optional<Input> elsewhere = facts.input(ELSEWHERE, Unit.SPAN);
        if (elsewhere.isEmpty() && facts.find(TimeWait.ELSEWHERE).isPresent()) {
            return Finding.unknown(
                    Unit.COUNT, new Missing(ELSEWHERE, "no life of FIN-WAIT-2 is known for this system"));
        }
        Input hz = TimeWait.hz(facts);
        Formula life = elsewhere.map(e -> e.named("life")).orElseGet(() -> Formula.call(
                        "fin_wait_2_life", Unit.SPAN, v -> life(v[0], v[1], v[2]), timeout, rto, hz)
                .named("life"));
        boolean small = elsewhere.isPresent() || set(timeout.value(), rto.value()) <= TimeWait.LENGTH;
        Optional<Input> seen = orphaned(facts);
        Optional<Input> rate = RATE.find(facts, this, scope).or(() -> derived(facts, seen, rto, hz, life));
        String limit = small ? TimeWaitSockets.MAX : Orphans.MAX;
        Optional<Input> supply = facts.input(limit, Unit.COUNT);
        Finding found = rate.isEmpty()
                ? Finding.unknown(Unit.COUNT, new Missing("sockets in FIN-WAIT-2", "ss -nate"))
                : supply.isEmpty()
                        ? Finding.unknown(Unit.COUNT, new Missing(limit, "sysctl " + limit))
                        : Finding.of(Unit.COUNT, held(rate.get(), small, life, timeout, rto, hz), supply.get());
        found = found.figure("life", life.in(Unit.SPAN));
        if (rate.isPresent()) {
            found = found.figure("in FIN-WAIT-2", Quantity.of(rate.get().value() * life.value(), Unit.COUNT));
        }
        Optional<Input> open = OPEN.find(facts, this, scope).or(() -> open(facts));
        if (open.isPresent()) {
            found = found.figure("with the descriptor open", open.get().quantity());
        }
        if (open.isPresent() && open.get().value() > 0) {
            found = found.note(
                    "those with the descriptor open end when the program closes them, tcp_fin_timeout does not count"
                            + " (nginx lingers for 30 s at most)");
        }
        if (rate.isPresent() && seen.isPresent() && !told(facts)) {
            found = found.note(
                    "whether their descriptors are open was not shown: as if the programs had closed all of them");
        }
        if (elsewhere.isPresent()) {
            return found.note("another system than Linux: tcp_fin_timeout does not count");
        }
        return found.note(
                small
                        ? "they are held as TIME-WAIT sockets are and counted with them: sockstat tw, tcp_max_tw_buckets"
                        : "tcp_fin_timeout above 60 s: a life is twice what exceeds 60 s, the first half as a full socket");
    }

    /** Those that count against the limit: the small ones all their life, of the others the time as full sockets. */
    private static Formula held(Input rate, boolean small, Formula life, Input timeout, Input rto, Input hz) {
        return rate.times(
                small
                        ? life
                        : Formula.call("full_socket", Unit.SPAN, v -> full(v[0], v[1], v[2]), timeout, rto, hz)
                                .named("time as a full socket"));
    }

    /** Little's law backwards, with the timeout that was in force when they were counted. */
    private static Optional<Input> derived(Facts facts, Optional<Input> seen, Input rto, Input hz, Formula now) {
        double then = facts.all(TIMEOUT).stream()
                .filter(f -> f.evidence().kind() == Evidence.Kind.READ)
                .map(Fact::text)
                .filter(t -> t.strip().matches("\\d+"))
                .findFirst()
                .map(t -> life(Double.parseDouble(t.strip()), rto.value(), hz.value()))
                .orElseGet(() -> facts.find(ELSEWHERE).isPresent()
                        ? now.value()
                        : life(TimeWait.LENGTH, rto.value(), hz.value()));
        return seen.map(s -> Input.derived(
                RATE.name(), Quantity.perSecond(s.value() / then), s.quantity().brief() + " in FIN-WAIT-2 / life"));
    }

    /** Those whose program has closed them; without a listing all of them. */
    private static Optional<Input> orphaned(Facts facts) {
        return listed(facts, false).or(() -> facts.input("states:FIN-WAIT-2", Unit.COUNT));
    }

    private static Optional<Input> open(Facts facts) {
        return listed(facts, true);
    }

    private static Optional<Input> listed(Facts facts, boolean open) {
        return facts.table("sockets", Rows.class)
                .filter(s -> Occupancy.whole(s) || s.covers().contains("tcp4 FIN-WAIT-2"))
                .filter(s -> !open || told(s))
                .map(s -> Input.read(
                        open ? "open" : "FIN-WAIT-2", Quantity.count(count(s, open)), "sockets of the listing"));
    }

    private static boolean told(Facts facts) {
        return facts.table("sockets", Rows.class).map(FinWait2::told).orElse(false);
    }

    /** True where the listing shows what holds a socket. */
    private static boolean told(Rows sockets) {
        for (int row = 0; row < sockets.size(); row++) {
            if (held(sockets, row)) {
                return true;
            }
        }
        return false;
    }

    private static boolean held(Rows sockets, int row) {
        return sockets.number("inode", row).orElse(0) > 0
                || sockets.text("process", row).isPresent();
    }

    /** Rows in FIN-WAIT-2; a socket that a program still holds has an inode or a process. */
    private static long count(Rows sockets, boolean open) {
        long count = 0;
        for (int row = 0; row < sockets.size(); row++) {
            if (sockets.text("state", row).orElse("").equals("FIN-WAIT-2")) {
                count += held(sockets, row) == open ? 1 : 0;
            }
        }
        return count;
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        double present = Math.min(TimeWait.LENGTH, Levers.value(facts.input(TIMEOUT, Unit.SPAN, "s"), TimeWait.LENGTH));
        if (present <= SHORTEST) {
            return List.of();
        }
        return List.of(Levers.setting(
                TIMEOUT,
                present,
                SHORTEST,
                1,
                (c, value) -> c.risk(
                        "a peer that takes longer than " + value + " s to send its last data gets a RST for it",
                        "net/ipv4/tcp_timer.c, tcp_keepalive_timer; net/ipv4/tcp.c, __tcp_close")));
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return List.of(new Refused(
                TIMEOUT + " for those whose descriptor is open",
                "nothing of the kernel ends a connection that a program still holds: it has to close it",
                "net/ipv4/tcp.c, __tcp_close; measured on 6.18"));
    }
}
