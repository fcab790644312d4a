package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * Threads of the whole host, the kernel's own among them. {@code copy_process} (kernel/fork.c) refuses one more where nr_threads has
 * reached kernel.threads-max; {@code alloc_pid} (kernel/pid.c) where no number below kernel.pid_max is free, and once the numbers have
 * gone round it gives out none below RESERVED_PIDS, 300: those stay with whoever has them since boot. Both answer EAGAIN. The fourth field
 * of /proc/loadavg is nr_threads itself (fs/proc/loadavg.c).
 */
final class Tasks extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Threads of the host. */
        default Budget tasks() {
            return budgets("tasks").worst();
        }

        /** With {@code threads} threads on the host: {@code tasks("40000")}. */
        default Budget tasks(String threads) {
            return ask("tasks.threads", threads).tasks();
        }
    }

    private static final String THREADS_MAX = "kernel.threads-max";
    private static final String PID_MAX = "kernel.pid_max";
    private static final String COUNT = "loadavg:threads";
    private static final long RESERVED_PIDS = 300;

    private static final Parameter THREADS = Parameter.integer("threads", Unit.COUNT, 0, "threads of all processes");
    private static final Parameter LOW_PIDS = new Parameter(
            "low-pids",
            Unit.COUNT,
            Parameter.Domain.INTEGER,
            0,
            RESERVED_PIDS - 1,
            List.of(),
            "threads that have a PID below 300 since boot");

    @Override
    public String name() {
        return "tasks";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "fork() and clone() fail with EAGAIN: 'fork: retry: Resource temporarily unavailable', 'unable to create native thread'";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(THREADS, LOW_PIDS);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Conntrack.HOST);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> asked = THREADS.find(facts, this, scope);
        Optional<Input> threads = asked.or(() -> facts.input(COUNT, Unit.COUNT));
        Optional<Formula> most = facts.input(THREADS_MAX, Unit.COUNT).map(m -> m);
        Optional<Formula> pids = facts.input(PID_MAX, Unit.COUNT).map(m -> pids(m, low(facts, scope)));
        if (threads.isEmpty()) {
            Finding unknown = Finding.unknown(Unit.COUNT, new Missing(COUNT, "cat /proc/loadavg"));
            return most.flatMap(m -> pids.map(m::min)).map(unknown::supplied).orElse(unknown);
        }
        if (most.isEmpty() || pids.isEmpty()) {
            Optional<Formula> one = most.or(() -> pids);
            if (one.isPresent() && threads.get().value() > one.get().value()) {
                return Finding.of(Unit.COUNT, threads.get(), one.get()).supplyAtMost();
            }
            String other = most.isEmpty() ? THREADS_MAX : PID_MAX;
            return Finding.unknown(Unit.COUNT, new Missing(other, "sysctl " + THREADS_MAX + " " + PID_MAX));
        }
        return Finding.of(Unit.COUNT, threads.get(), most.get().min(pids.get()))
                .note("count and kernel.threads-max are those of the whole host, in a container too");
    }

    private Input low(Facts facts, String scope) {
        return LOW_PIDS.find(facts, this, scope)
                .orElseGet(() -> Input.assumed(
                        LOW_PIDS.name(),
                        Quantity.count(0),
                        "nothing shows how many there are; at most 299",
                        Quantity.count(RESERVED_PIDS - 1)));
    }

    /** Threads that can have a number once the numbers have gone round: from 300 to one below the limit, and those below. */
    private static Formula pids(Input max, Input low) {
        return max.minus(Formula.fixed(Quantity.count(RESERVED_PIDS))).plus(low);
    }
}
