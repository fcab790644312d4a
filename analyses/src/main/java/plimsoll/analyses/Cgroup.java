package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
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
 * The limits of a control group, version 2 (Documentation/admin-guide/cgroup-v2.rst), each a scope of its own: {@code PATH memory} against
 * memory.max, {@code PATH cpu} against the quota of cpu.max, {@code PATH pids} against pids.max. Page cache is counted in memory.current and given back
 * under pressure, so what cannot be given back is the demand where memory.stat was read.
 */
final class Cgroup extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** The limit of a control group that lies deepest. */
        default Budget cgroup() {
            return budgets("cgroup").worst();
        }

        /** The limit of a control group that lies deepest with so much memory that cannot be given back: {@code cgroup("1 GiB")}. */
        default Budget cgroup(String memory) {
            return ask("cgroup.memory", memory).cgroup();
        }
    }

    private static final String ANY = "any one memory";
    private static final List<String> RESOURCES = List.of("memory", "cpu", "pids");

    private static final double MOST_TIMES = 64;
    private static final long MEBIBYTE = 1 << 20;

    private static final Parameter MEMORY =
            Parameter.integer("memory", Unit.BYTES, 0, "memory that the group cannot give back");
    private static final Parameter CPUS =
            Parameter.continuous("cpus", Unit.COUNT, "processors that the group would keep busy");
    private static final Parameter PIDS =
            Parameter.integer("pids", Unit.COUNT, 0, "processes and threads of the group");

    @Override
    public String name() {
        return "cgroup";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "beyond memory.max a process of the group is killed; beyond the CPU quota all of it stops for the rest of the period;"
                + " beyond pids.max fork() fails with EAGAIN";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(MEMORY, CPUS, PIDS);
    }

    @Override
    public List<String> scopes(Facts facts) {
        var limited = new TreeSet<String>();
        for (String resource : RESOURCES) {
            for (String name : facts.names()) {
                Scopes.between(name, "cgroup:", ":" + resource + ".max")
                        .filter(group -> facts.find(name)
                                .map(f -> !f.text().startsWith("max"))
                                .orElse(false))
                        .ifPresent(group -> limited.add(group + " " + resource));
            }
        }
        return Scopes.of(facts, this, limited, ANY);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        int blank = scope.lastIndexOf(' ');
        String resource = scope.substring(blank + 1);
        if (blank < 1 || !RESOURCES.contains(resource)) {
            throw new IllegalArgumentException("'" + scope + "' is not a limit of a control group: write its path and "
                    + String.join(", ", RESOURCES) + ", as 'system.slice/nginx.service memory'");
        }
        String group = "cgroup:" + scope.substring(0, blank) + ":";
        return switch (resource) {
            case "memory" -> memory(facts, scope, group);
            case "cpu" -> cpu(facts, scope, group);
            default -> pids(facts, scope, group);
        };
    }

    private static Missing missing(String scope, String file) {
        String group = scope.equals(ANY) ? "*.slice/*.service" : scope.substring(0, scope.lastIndexOf(' '));
        return new Missing(file, "grep . /sys/fs/cgroup/" + group + "/" + file);
    }

    private static boolean unlimited(Facts facts, String name) {
        return facts.find(name).map(f -> f.text().strip().startsWith("max")).orElse(true);
    }

    private Finding memory(Facts facts, String scope, String group) {
        if (unlimited(facts, group + "memory.max")) {
            return Finding.unknown(Unit.BYTES, missing(scope, "memory.max"))
                    .note("without a limit of its own the group has what its parents and the host have");
        }
        Input max = facts.input(group + "memory.max", Unit.BYTES).orElseThrow();
        Optional<Input> said = MEMORY.find(facts, this, scope);
        Optional<Input> anon = facts.input(group + "memory.stat.anon", Unit.BYTES);
        Optional<Input> shmem = facts.input(group + "memory.stat.shmem", Unit.BYTES);
        Optional<Input> kernel = facts.input(group + "memory.stat.kernel", Unit.BYTES);
        Optional<Input> current = facts.input(group + "memory.current", Unit.BYTES);
        Finding found;
        if (said.isPresent()) {
            found = Finding.of(Unit.BYTES, said.get(), max);
        } else if (anon.isPresent()) {
            Formula kept = anon.get();
            kept = shmem.isPresent() ? kept.plus(shmem.get()) : kept;
            kept = kernel.isPresent() ? kept.plus(kernel.get()) : kept;
            found = Finding.of(Unit.BYTES, kept.named("memory kept"), max)
                    .note("page cache is not counted: it is given back before anything is killed");
        } else if (current.isPresent()) {
            found = Finding.of(Unit.BYTES, current.get(), max)
                    .demandAtMost()
                    .note("page cache is in memory.current: memory.stat tells it apart");
        } else {
            return Finding.unknown(Unit.BYTES, missing(scope, "memory.current")).supplied(max);
        }
        if (current.isPresent()) {
            found = found.figure("with page cache", current.get().quantity());
        }
        Optional<Input> kills = facts.input(group + "memory.events.oom_kill", Unit.COUNT);
        return kills.isPresent()
                ? found.figure("killed since the group was made", kills.get().quantity())
                : found;
    }

    private Finding cpu(Facts facts, String scope, String group) {
        String[] quota = facts.find(group + "cpu.max")
                .map(f -> f.text().strip().split("\\s+", -1))
                .orElse(new String[0]);
        if (quota.length != 2 || !quota[0].matches("\\d{1,15}") || !quota[1].matches("[1-9]\\d{0,14}")) {
            return Finding.unknown(Unit.COUNT, missing(scope, "cpu.max"))
                    .note("without a quota of its own the group has what its parents and the host have");
        }
        Input supply = new Input(
                "cpu.max",
                Quantity.of(Double.parseDouble(quota[0]) / Double.parseDouble(quota[1]), Unit.COUNT),
                facts.find(group + "cpu.max").orElseThrow().evidence(),
                List.of());
        Optional<Input> said = CPUS.find(facts, this, scope);
        Optional<Input> periods = facts.input(group + "cpu.stat.nr_periods", Unit.COUNT);
        Optional<Input> throttled = facts.input(group + "cpu.stat.nr_throttled", Unit.COUNT);
        Finding found;
        if (said.isPresent()) {
            found = Finding.of(Unit.COUNT, said.get(), supply);
        } else if (periods.isPresent() && throttled.isPresent() && periods.get().value() > 0) {
            Formula share = throttled.get().over(periods.get()).named("throttled share");
            found = Finding.of(Unit.COUNT, throttled.get(), periods.get())
                    .losing("periods are throttled", share, share)
                    .note("since the group was made: a mean over its life");
        } else {
            found = Finding.unknown(Unit.COUNT, missing(scope, "cpu.stat")).supplied(supply);
        }
        found = found.figure("processors allowed", supply.quantity());
        Optional<Input> stopped = facts.input(group + "cpu.stat.throttled_usec", Unit.SPAN);
        Optional<Input> used = facts.input(group + "cpu.stat.usage_usec", Unit.SPAN);
        if (stopped.isPresent()) {
            found = found.figure("throttled", stopped.get().quantity());
        }
        return used.isPresent() && periods.isPresent() && periods.get().value() > 0
                ? found.figure(
                        "processors used, in periods with work",
                        Quantity.of(
                                used.get().value() / (periods.get().value() * Double.parseDouble(quota[1]) / 1e6),
                                Unit.COUNT))
                : found;
    }

    private Finding pids(Facts facts, String scope, String group) {
        if (unlimited(facts, group + "pids.max")) {
            return Finding.unknown(Unit.COUNT, missing(scope, "pids.max"));
        }
        Input max = facts.input(group + "pids.max", Unit.COUNT).orElseThrow();
        Optional<Input> pids = PIDS.find(facts, this, scope).or(() -> facts.input(group + "pids.current", Unit.COUNT));
        return pids.isPresent()
                ? Finding.of(Unit.COUNT, pids.get(), max).note("threads are counted, too")
                : Finding.unknown(Unit.COUNT, missing(scope, "pids.current")).supplied(max);
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        int blank = scope.lastIndexOf(' ');
        String resource = scope.substring(blank + 1);
        String name = "cgroup:" + scope.substring(0, Math.max(0, blank)) + ":" + resource + ".max";
        String unit = scope.substring(scope.lastIndexOf('/') + 1, Math.max(0, blank));
        if (resource.equals("cpu")
                || unlimited(facts, name)
                || !unit.matches("[A-Za-z0-9@._-]+\\.(service|slice|scope)")) {
            return List.of();
        }
        boolean memory = resource.equals("memory");
        double present = facts.input(name, memory ? Unit.BYTES : Unit.COUNT)
                .orElseThrow()
                .value();
        return List.of(Lever.scale(present, present * MOST_TIMES, memory ? Unit.BYTES : Unit.COUNT, v -> {
            long value = memory ? (long) Math.ceil(v / MEBIBYTE) * MEBIBYTE : Math.round(v);
            return Candidate.of(memory ? "memory.max " + Levers.bytes((double) value) : "pids.max " + value)
                    .set(name, memory ? value + " B" : String.valueOf(value))
                    .snippet(
                            Snippet.Kind.SHELL,
                            "systemctl set-property " + unit + " " + (memory ? "MemoryMax=" : "TasksMax=") + value)
                    .cost(
                            memory
                                    ? Levers.bytes((double) value - present)
                                            + " that others on the host no longer have for sure"
                                    : "none")
                    .risk(
                            "the groups above it have limits of their own, and so has the host",
                            "Documentation/admin-guide/cgroup-v2.rst");
        }));
    }
}
