package plimsoll.analyses;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Budgets;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Law;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Remedies;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Limits;
import plimsoll.telemetry.Progress;
import plimsoll.telemetry.Rows;
import plimsoll.telemetry.Settings;
import tech.tablesaw.api.Table;

/**
 * A Linux host as its telemetry shows it: an immutable value. Each noun is a budget: without an argument it reads what was captured and
 * gives the worst scope, with one it asks. {@link #budgets()} is all of them by consequence.
 */
public final class Host
        implements Ports.Noun,
                BoundPorts.Noun,
                NatPorts.Noun,
                TimeWaitSockets.Noun,
                FinWait2.Noun,
                Orphans.Noun,
                Conntrack.Noun,
                ConntrackDepth.Noun,
                AcceptQueue.Noun,
                SynQueue.Noun,
                SocketMemory.Noun,
                TcpWindow.Noun,
                FileDescriptors.Noun,
                FastcgiBuffers.Noun,
                DirtyPages.Noun,
                StreamBuffers.Noun,
                FpmWorkers.Noun,
                FpmMemory.Noun,
                RedisClients.Noun,
                OpcacheKeys.Noun,
                OpcacheStrings.Noun,
                OpcacheMemory.Noun,
                Reload.Noun,
                Keepalive.Noun,
                Disk.Noun,
                BufferMemory.Noun,
                NginxConnections.Noun,
                DiskSpace.Noun,
                Inodes.Noun,
                Journal.Noun,
                Cgroup.Noun,
                Tasks.Noun {
    private static final Pattern ASKED = Pattern.compile("([a-z][a-z0-9-]*)(?:\\[(.+)])?\\.([a-z][a-z-]*)");

    private final Moments moments;
    private final Facts facts;

    private Host(Moments moments, Facts facts) {
        this.moments = moments;
        this.facts = facts;
    }

    private static Host of(Moments moments) {
        return new Host(moments, known(moments));
    }

    /** What was captured, with the sockets already counted by destination. */
    private static Facts known(Moments moments) {
        Capture capture = moments.chosen();
        Facts read = capture.facts().plus(moments.rates());
        Optional<Rows> sockets = capture.table("sockets");
        Facts facts = sockets.map(s -> read.holding(Listener.FOUND, Listener.found(s)))
                .orElse(read);
        return sockets.filter(Occupancy::whole)
                .map(s -> Occupancy.of(s, Ports.range(facts), origin(capture)))
                .map(o -> facts.holding(Ports.OCCUPANCY, o))
                .orElse(facts);
    }

    private static String origin(Capture capture) {
        return Stream.of("tcp4", "tcp6")
                .map(part -> capture.origin("sockets", part))
                .filter(path -> !path.isEmpty())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /**
     * Reads folders, files and archives as one host's capture.
     *
     * @throws plimsoll.telemetry.NothingReadable when a path does not exist, or nothing in them is in a format that is known
     */
    public static Host read(String... paths) {
        return read(Progress.NONE, paths);
    }

    /** Reads them, telling {@code progress} of each file. Throws as {@link #read(String...)} does. */
    public static Host read(Progress progress, String... paths) {
        return read(Limits.usual(), progress, paths);
    }

    /**
     * Reads them, as much as {@code limits} allow, as in {@code Host.read(Limits.usual().with("ratio", "2000"), "capture.tar.gz")}.
     * Throws as {@link #read(String...)} does.
     */
    public static Host read(Limits limits, String... paths) {
        return read(limits, Progress.NONE, paths);
    }

    /** Reads them, as much as {@code limits} allow, telling {@code progress} of each file. Throws as {@link #read(String...)} does. */
    public static Host read(Limits limits, Progress progress, String... paths) {
        return of(Moments.read(
                limits, progress, Arrays.stream(paths).map(Path::of).toList()));
    }

    /** Reads pasted text: one output or a transcript of several. Throws as {@link #read(String...)}. */
    public static Host of(String text) {
        return of(Moments.of(Capture.of(text)));
    }

    /**
     * A host of which nothing was captured: every budget is unknown and says what would decide it, until settings and inputs are given,
     * as in {@code Host.blank().with("net.ipv4.ip_local_port_range", "1024 65535").ports("500/s")}.
     */
    public static Host blank() {
        return of(Moments.of(Capture.none()));
    }

    /** Reads a stream to its end, as {@link #of(String)} does. */
    public static Host of(InputStream in) {
        return of(Limits.usual(), in);
    }

    /** Reads a stream, as much of it as {@code limits} allow, as {@link #of(String)} does. */
    public static Host of(Limits limits, InputStream in) {
        return of(Moments.of(Capture.stdin(limits, in)));
    }

    /** This machine, now: files of {@code /proc} and {@code /sys} only, no root needed. What needs root is among {@code capture().problems()}. */
    public static Host here() {
        return of(Moments.of(Capture.live(Path.of("/"))));
    }

    /**
     * This machine, looked at twice {@code interval} apart ({@code "10s"}), so that counters become rates: the facts named
     * {@code rate:…}. Waits that long.
     *
     * @throws IllegalArgumentException when the interval is not a span
     */
    public static Host here(String interval) {
        return of(Moments.live(Path.of("/"), interval));
    }

    /**
     * Reads what is pasted into the terminal, up to a line that is a lone {@code .} or the end of input. For large pastes save a file
     * and use {@link #read(String...)}: terminals cut long lines.
     */
    public static Host paste() {
        return paste(System.in);
    }

    static Host paste(InputStream in) {
        var text = new StringBuilder();
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        try {
            for (String line = lines.readLine(); line != null && !line.equals("."); line = lines.readLine()) {
                text.append(line).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what is pasted cannot be read: " + e.getMessage(), e);
        }
        return of(text.toString());
    }

    /** Every budget there is, by consequence. */
    public Budgets budgets() {
        return Budgets.of(Catalogue.ALL.stream().flatMap(l -> all(l).stream()).toList());
    }

    /**
     * All scopes of one budget, by consequence.
     *
     * @throws IllegalArgumentException when there is no such budget, naming those there are
     */
    @Override
    public Budgets budgets(String name) {
        return Budgets.of(all(Catalogue.law(name)));
    }

    private List<Budget> all(Law law) {
        List<String> scopes;
        try {
            scopes = law.scopes(facts);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return List.of(unanswered(law, "host", e, () -> law.scopes(known(moments))));
        }
        return scopes.stream().map(s -> budget(law, s)).toList();
    }

    private Budget budget(Law law, String scope) {
        try {
            return Budget.of(law, facts, scope, Catalogue.ALL);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return unanswered(law, scope, e, () -> Budget.of(law, known(moments), scope));
        }
    }

    /** Unknown, where the capture itself cannot be asked; what the user said is refused. */
    private Budget unanswered(Law law, String scope, RuntimeException why, Supplier<?> asCaptured) {
        try {
            Object unused = asCaptured.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Budget.of(new Unanswered(law, String.valueOf(e.getMessage())), facts, scope);
        }
        throw why;
    }

    /** A budget of the user's own, from the facts of this host. */
    public Budget budget(Function<Facts, Budget> own) {
        return own.apply(facts);
    }

    // the moves

    /**
     * This host with one setting replaced, in the setting's own spelling: {@code with("net.ipv4.ip_local_port_range", "1024 65535")},
     * {@code with("fpm:pm.max_children[www]", "80")}, {@code with("fastcgi_buffers", "16 32k")}. Besides the settings of the kernel every
     * name is taken that a law looks up, the inputs of laws among them.
     *
     * @throws IllegalArgumentException when no law looks such a name up, or the value is not right; the sentence says what would be
     */
    public Host with(String setting, String value) {
        if (Settings.find(setting).isPresent()) {
            String name = Settings.check(setting, value).name();
            return new Host(moments, facts.with(name, value.strip()));
        }
        String name = setting.strip();
        List<Budget> looking = budgets().stream().filter(b -> b.looksAt(name)).toList();
        if (looking.isEmpty()) {
            Settings.check(setting, value); // says what is near
        }
        looking.forEach(b -> b.with(name, value.strip())); // says what is wrong with the value
        return new Host(moments, facts.with(name, value.strip()));
    }

    /** What would mend the budgets that are OVER: for each law that of most consequence, each change computed over all budgets. */
    public Remedies remedies() {
        return Remedies.of(budgets());
    }

    /**
     * This host asked with one input of a budget: {@code ask("ports.rate", "500/s")}, or for one scope
     * {@code ask("ports[10.0.0.1 -> 10.0.0.2:443].rate", "500/s")}.
     *
     * @throws IllegalArgumentException when there is no such input, or the value is not of its unit; the sentence says what would be
     */
    @Override
    public Host ask(String input, String value) {
        Matcher m = ASKED.matcher(input.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + input
                    + "' is not an input of a budget: write BUDGET.INPUT or BUDGET[SCOPE].INPUT, as ports.rate");
        }
        Law law = Catalogue.law(m.group(1));
        String name = m.group(3);
        Parameter parameter = parameters(law).stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(law.name() + " has no input '" + name + "'; it has "
                        + parameters(law).stream().map(Parameter::name).collect(Collectors.joining(", "))));
        try {
            Quantity.parse(value, parameter.unit());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(input + ": " + e.getMessage(), e);
        }
        String scope = m.group(2);
        String fact = scope == null ? parameter.fact(law) : parameter.fact(law, scope);
        return new Host(moments, facts.given(fact, value.strip()));
    }

    private static List<Parameter> parameters(Law law) {
        var all = new ArrayList<>(law.parameters());
        all.add(Parameter.goal());
        return all;
    }

    /**
     * What was asked of this host, asked of another system at its defaults: {@code as("freebsd")}. Nothing that was read of this host
     * counts any more.
     *
     * @throws IllegalArgumentException when there is no preset for that system, naming those there are
     */
    public Host as(String system) {
        Facts other = Systems.facts(system);
        for (String name : facts.names()) {
            List<Fact> said = new ArrayList<>(facts.all(name));
            said.removeIf(f ->
                    f.evidence().kind() != Evidence.Kind.GIVEN && f.evidence().kind() != Evidence.Kind.CHANGED);
            Collections.reverse(said); // the last word counts
            other = other.plus(said);
        }
        return new Host(moments, other);
    }

    /**
     * This host at another moment of the capture, by the folder's name or the ISO time.
     *
     * @throws IllegalArgumentException when the capture has no such moment, naming those it has
     */
    public Host at(String time) {
        Moments then = moments.at(time);
        return new Host(then, known(then));
    }

    /**
     * This host as another of its network namespaces shows it, by its folder's name: {@code in("server")}. What stands in a folder named
     * {@code host} belongs to all of them.
     *
     * @throws IllegalArgumentException when the capture has no such namespace, naming those it has
     */
    public Host in(String namespace) {
        return of(moments.in(namespace));
    }

    // what was read

    /** The tables that were read, by name. */
    public TableList tables() {
        return new TableList(capture());
    }

    /**
     * A fresh Tablesaw copy of a table.
     *
     * @throws IllegalArgumentException when there is no such table, naming those there are
     */
    public Table table(String name) {
        return rows(name).table();
    }

    /**
     * A table as typed columns.
     *
     * @throws IllegalArgumentException when there is no such table, naming those there are
     */
    public Rows rows(String name) {
        return capture()
                .table(name)
                .orElseThrow(() -> new IllegalArgumentException("this capture has no table '" + name + "'; it has "
                        + (tables().isEmpty() ? "none" : String.join(", ", tables()))));
    }

    /** Every reading of every name, and what the user said on top. */
    public Facts facts() {
        return facts;
    }

    /** The capture: every file, what it turned out to be, every line that was not understood. */
    public Capture capture() {
        return moments.chosen();
    }

    /** What became of each file of the capture. */
    public SourceList sources() {
        return new SourceList(capture());
    }

    /** Where this telemetry contradicts itself or what the stated system can print. */
    public Doubts doubts() {
        return Doubts.of(observed());
    }

    /** The counters and log lines that say that a limit was hit already. */
    public Symptoms symptoms() {
        return Symptoms.of(observed());
    }

    /** This host and the same one later, side by side: {@code before.compare(after)}. */
    public Comparison compare(Host after) {
        return Comparison.of(this, after);
    }

    Observed observed() {
        return new Observed(this, capture(), moments.before());
    }

    /** The host's name. */
    public String name() {
        return capture().name();
    }

    /** At a glance: the use of every budget of which it is known, by consequence. */
    public Picture plot() {
        Picture glance = budgets().plot();
        return new Picture(
                name() + ": " + glance.title(),
                glance.x(),
                glance.y(),
                glance.right(),
                glance.layers(),
                glance.notes());
    }

    /**
     * One of the pictures of this host: {@code picture("states")}.
     *
     * @throws IllegalArgumentException when there is no such picture, or this capture holds not enough for it, saying what would be
     */
    public Picture picture(String name) {
        return Pictures.of(this, name);
    }

    /** Every picture that this capture holds enough for. */
    public Pictures pictures() {
        return Pictures.of(this);
    }

    /** A report of all budgets, to print or to save. */
    public Report report() {
        return Report.of(this);
    }

    /** One line: whose telemetry this is and how much of it was understood. */
    @Override
    public String toString() {
        long used = capture().sources().stream().filter(Capture.Item::used).count();
        int rejected = capture().rejected().size();
        return "host " + name() + ": " + used + " of " + capture().sources().size() + " sources used"
                + (rejected == 0 ? "" : ", " + rejected + (rejected == 1 ? " line" : " lines") + " not understood")
                + "; next: .budgets()";
    }
}
