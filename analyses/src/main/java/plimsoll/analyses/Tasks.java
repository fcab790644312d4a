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
import plimsoll.dsl.Refused;
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
    private static final long PID_MAX_LIMIT = 1 << 22; // on 64 bits
    private static final long STEP = 1024;
    private static final double STACK_BYTES = 16384; // THREAD_SIZE of x86-64

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
        Optional<Input> threads = asked.isPresent() ? asked : facts.input(COUNT, Unit.COUNT);
        Optional<Input> most = facts.input(THREADS_MAX, Unit.COUNT);
        Optional<Input> max = facts.input(PID_MAX, Unit.COUNT);
        if (most.isEmpty() || max.isEmpty()) {
            return oneLimit(threads, most, max, low(facts, scope));
        }
        Formula supply = most.get().min(pids(max.get(), low(facts, scope)));
        if (threads.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(COUNT, "cat /proc/loadavg"))
                    .supplied(supply);
        }
        Finding found = Finding.of(Unit.COUNT, threads.get(), supply)
                .note("the count and kernel.threads-max are those of the whole host, in a container too");
        return asked.isEmpty() && full(facts.asRead(), scope, threads.get().value()) ? found.demandAtLeast() : found;
    }

    /** As many as there can be at most under the limits that were read: how many more are wanted does not show. */
    private boolean full(Facts read, String scope, double threads) {
        Optional<Input> most = read.input(THREADS_MAX, Unit.COUNT);
        Optional<Input> max = read.input(PID_MAX, Unit.COUNT);
        Input low = low(read, scope);
        double held = low.alternatives().isEmpty() ? low.value() : RESERVED_PIDS - 1;
        return (most.isPresent() && threads >= most.get().value())
                || (max.isPresent() && threads >= max.get().value() - RESERVED_PIDS + held);
    }

    /** One limit alone decides where it is too low already. */
    private static Finding oneLimit(Optional<Input> threads, Optional<Input> most, Optional<Input> max, Input low) {
        Finding unknown = Finding.unknown(
                Unit.COUNT,
                new Missing(most.isEmpty() ? THREADS_MAX : PID_MAX, "sysctl " + THREADS_MAX + " " + PID_MAX));
        if (threads.isEmpty()) {
            unknown = unknown.missing(new Missing(COUNT, "cat /proc/loadavg"));
        }
        if (most.isEmpty() && max.isEmpty()) {
            return unknown;
        }
        Formula one = most.isPresent() ? most.get() : pids(max.get(), low);
        return threads.isPresent() && threads.get().value() > one.value()
                ? Finding.of(Unit.COUNT, threads.get(), one).supplyAtMost()
                : unknown;
    }

    private Input low(Facts facts, String scope) {
        Optional<Input> known = LOW_PIDS.find(facts, this, scope);
        return known.isPresent()
                ? known.get()
                : Input.assumed(
                        LOW_PIDS.name(),
                        Quantity.count(0),
                        "nothing shows how many there are; at most 299",
                        Quantity.count(RESERVED_PIDS - 1));
    }

    /** Threads that can have a number once the numbers have gone round: from 300 to one below the limit, and those below. */
    private static Formula pids(Input max, Input low) {
        return max.minus(Formula.fixed(Quantity.count(RESERVED_PIDS))).plus(low);
    }

    // ---- remedies

    /** Whichever of the two limits is too low is raised, both where both are. */
    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        Optional<Input> most = facts.input(THREADS_MAX, Unit.COUNT);
        Optional<Input> pids = facts.input(PID_MAX, Unit.COUNT);
        if (most.isEmpty() || pids.isEmpty()) {
            return List.of();
        }
        double low = low(facts, scope).value();
        double present =
                Math.min(most.get().value(), pids(pids.get(), low(facts, scope)).value());
        return List.of(Lever.scale(present, PID_MAX_LIMIT - RESERVED_PIDS + low, Unit.COUNT, v -> {
            long threads = (long) Math.ceil(v / STEP) * STEP;
            long numbers = Math.min(PID_MAX_LIMIT, (long) Math.ceil((v + RESERVED_PIDS - low) / STEP) * STEP);
            boolean more = v > most.get().value();
            boolean further = v > pids(pids.get(), low(facts, scope)).value();
            Candidate c = Candidate.of((more ? "threads-max=" + threads : "")
                    + (more && further ? ", " : "")
                    + (further ? "pid_max=" + numbers : ""));
            if (more) {
                c = c.set(THREADS_MAX, String.valueOf(threads));
            }
            if (further) {
                c = c.set(PID_MAX, String.valueOf(numbers));
            }
            return c.cost("at least " + Levers.bytes((v - present) * STACK_BYTES)
                            + " of kernel memory once they run: a stack of 16 KiB each")
                    .risk(
                            "the limits of users (ulimit -u) and of control groups (pids.max) stay what they are",
                            "kernel/fork.c, copy_process; kernel/cgroup/pids.c");
        }));
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return List.of(new Refused(
                "ulimit -s",
                "smaller stacks of programs make room in a process's addresses; a thread still takes one PID and one of kernel.threads-max",
                "kernel/fork.c, copy_process; pthread_create(3)"));
    }
}
