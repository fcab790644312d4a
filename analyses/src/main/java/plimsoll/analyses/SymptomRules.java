package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Rows;

/** The counters and log lines that say that a limit was hit, and which budget each speaks of. */
final class SymptomRules {
    /** A counter by its fact; {@code budget} is the one that it says was over, empty where it is of none in particular. */
    private record Counter(Pattern fact, String budget, String means, String not) {}

    /** Lines of a log by their kind and, where that decides which budget they speak of, by how the address of their upstream begins. */
    private record Line(String table, String kind, String upstream, String budget, String means, String not) {
        Line(String table, String kind, String budget, String means, String not) {
            this(table, kind, "", budget, means, not);
        }

        static Line spooled(String upstream, String of, String budget) {
            return new Line(
                    "nginx_errors",
                    "buffered",
                    upstream,
                    budget,
                    "responses of " + of + " upstreams did not fit their buffers and went to temporary files",
                    "only while the client was slower than the upstream");
        }

        boolean is(Rows log, int row) {
            return Observed.text(log, "kind", row).equals(kind)
                    && (upstream.isEmpty()
                            || Observed.text(log, "upstream", row).startsWith(upstream));
        }

        long in(Rows log) {
            return IntStream.range(0, log.size()).filter(row -> is(log, row)).count();
        }
    }

    /**
     * A symptom and the budget it speaks of.
     *
     * @param symptom what is shown
     * @param budget the budget it speaks of; empty where it is of none in particular
     * @param present true where it happened between the two moments looked at, or stands in a log of the capture
     */
    record Found(Symptom symptom, String budget, boolean present) {}

    private static final String KERNEL_LOG = "kernel_log";

    private static final List<Counter> COUNTERS = List.of(
            tcp(
                    "TCPTimeWaitOverflow",
                    "time-wait",
                    "tcp_max_tw_buckets was reached: connections skipped TIME-WAIT",
                    "no connection failed of it, and TCP logs nothing"),
            tcp(
                    "ListenOverflows",
                    "accept-queue",
                    "SYNs or last ACKs were dropped at a full accept queue",
                    "not as many clients: each SYN that is sent again counts again"),
            tcp(
                    "ListenDrops",
                    "accept-queue",
                    "SYNs were dropped at a listener",
                    "contains ListenOverflows, and drops for other reasons: do not add them"),
            tcp(
                    "TCPReqQFullDrop",
                    "syn-queue",
                    "SYNs were dropped at a full SYN queue without cookies",
                    "not an attack by itself: a short backlog does it"),
            tcp(
                    "TCPReqQFullDoCookies",
                    "syn-queue",
                    "a SYN queue was full and cookies were sent instead",
                    "nothing was lost by it"),
            tcp(
                    "TCPAbortOnMemory",
                    "orphans",
                    "tcp_max_orphans or tcp_mem was exceeded and connections were reset",
                    "does not say which of the two"),
            tcp(
                    "TCPMemoryPressures",
                    "socket-memory",
                    "TCP's memory passed the pressure mark of tcp_mem",
                    "nothing was dropped of that alone"),
            tcp("TCPBacklogDrop", "", "segments were dropped at a socket that its program held locked", ""),
            tcp(
                    "PruneCalled",
                    "",
                    "receive buffers were trimmed for want of room",
                    "no data that was acknowledged is lost"),
            tcp("RcvPruned", "", "segments were dropped for want of receive buffer", ""),
            conntrack(
                    "drop",
                    "conntrack",
                    "packets were dropped because the table was full and nothing could be evicted",
                    "not as many connections: each packet that is sent again counts again"),
            conntrack(
                    "early_drop",
                    "conntrack",
                    "entries that were not assured were evicted from a full table",
                    "their packets went through"),
            conntrack(
                    "insert_failed",
                    "",
                    "two packets of one flow raced for its entry, or a chain was too long",
                    "no sign of a full table: DNS over UDP from two threads does it"),
            conntrack(
                    "chaintoolong|chainlength", // the latter is the name of the column in /proc/net/stat/nf_conntrack
                    "conntrack-depth",
                    "a hash chain was beyond its cap and packets were dropped",
                    "more buckets, not a larger maximum, mend it"),
            new Counter(
                    Pattern.compile("softnet:dropped"),
                    "",
                    "packets were dropped before the stack at a full backlog of a CPU (netdev_max_backlog)",
                    ""),
            new Counter(
                    Pattern.compile("softnet:time_squeeze"),
                    "",
                    "a CPU left the receive loop with work left",
                    "nothing was dropped by it"),
            new Counter(
                    Pattern.compile("ethtool:.*allowance_exceeded"),
                    "",
                    "the cloud shaped or dropped packets above the instance's allowance",
                    "not a limit of this kernel: nothing here can raise it"),
            new Counter(
                    Pattern.compile("fpm:status\\.max children reached.*"),
                    "fpm-workers",
                    "the pool wanted more children than pm.max_children",
                    "stays 0 with pm=static, whatever the load"),
            new Counter(
                    Pattern.compile("redis:rejected_connections"),
                    "redis-clients",
                    "clients were turned away at maxclients",
                    ""),
            new Counter(
                    Pattern.compile("cgroup.*cpu\\.stat\\.nr_throttled"),
                    "",
                    "the group ran out of its CPU quota in that many periods: service times stretch",
                    "the host may be idle meanwhile"),
            new Counter(
                    Pattern.compile("cgroup.*memory\\.events(\\.local)?\\.oom_kill"),
                    "cgroup",
                    "processes of the group were killed at its memory limit",
                    "the host may have memory left"));

    private static final List<Line> LINES = List.of(
            new Line(
                    KERNEL_LOG,
                    "conntrack full",
                    "conntrack",
                    "packets were dropped at a full conntrack table",
                    "rate limited: far more were dropped than lines were logged"),
            new Line(
                    KERNEL_LOG,
                    "SYN flooding",
                    "syn-queue",
                    "a SYN queue was full",
                    "logged once a listener, and no sign of an attack by itself"),
            new Line(
                    KERNEL_LOG,
                    "TIME-WAIT overflow",
                    "time-wait",
                    "tcp_max_tw_buckets was reached",
                    "TCP is silent since 4.x: it counts TCPTimeWaitOverflow"),
            new Line(
                    KERNEL_LOG,
                    "neighbour overflow",
                    "",
                    "the neighbour table was full: packets to new neighbours were dropped",
                    ""),
            new Line(KERNEL_LOG, "OOM kill", "", "the kernel killed processes for want of memory", ""),
            new Line(
                    KERNEL_LOG,
                    "out of socket memory",
                    "socket-memory",
                    "TCP's memory or orphans were beyond their limit",
                    ""),
            new Line(
                    KERNEL_LOG,
                    "too many orphans",
                    "orphans",
                    "tcp_max_orphans was exceeded and connections were reset",
                    ""),
            new Line(KERNEL_LOG, "file-max", "file-descriptors", "the host ran out of open files", ""),
            new Line(KERNEL_LOG, "pids limit", "", "a fork was refused at a cgroup's limit of processes", ""),
            Line.spooled("fastcgi://", "FastCGI", "fastcgi-buffers"),
            Line.spooled("http", "HTTP", "proxy-buffers"),
            Line.spooled("uwsgi://", "uwsgi", "uwsgi-buffers"),
            Line.spooled("scgi://", "SCGI", "scgi-buffers"),
            new Line(
                    "nginx_errors",
                    "worker_connections",
                    "nginx-connections",
                    "nginx ran out of worker_connections",
                    "a proxied request takes two"),
            new Line("nginx_errors", "no-live-upstreams", "", "nginx had put aside every server of an upstream", ""),
            new Line(
                    "fpm_errors",
                    "max_children",
                    "fpm-workers",
                    "the pool reached pm.max_children",
                    "logged once, not each time"),
            new Line(
                    "limit_log",
                    "EADDRNOTAVAIL",
                    "ports",
                    "connects failed for want of an ephemeral port to that destination",
                    "or an address was bound that the host does not have"),
            new Line(
                    "limit_log",
                    "EAGAIN",
                    "fpm-workers",
                    "a connect to a Unix socket met a full backlog",
                    "or another call would have had to wait"),
            new Line("limit_log", "maxclients", "redis-clients", "Redis turned clients away at maxclients", ""),
            new Line("limit_log", "worker_connections", "nginx-connections", "nginx ran out of worker_connections", ""),
            new Line("limit_log", "EMFILE", "file-descriptors", "a process ran out of file descriptors", ""),
            new Line("limit_log", "ENFILE", "file-descriptors", "the host ran out of open files", ""));

    private SymptomRules() {}

    private static Counter tcp(String name, String budget, String means, String not) {
        return new Counter(Pattern.compile("netstat:TcpExt\\." + name), budget, means, not);
    }

    private static Counter conntrack(String name, String budget, String means, String not) {
        return new Counter(Pattern.compile("conntrack:stat\\.(" + name + ")"), budget, means, not);
    }

    /** Every symptom there is, counters first. */
    static Stream<Found> found(Observed seen) {
        var found = new ArrayList<Found>();
        List<String> names = seen.names("");
        for (Counter counter : COUNTERS) {
            names.stream().filter(n -> counter.fact.matcher(n).matches()).forEach(n -> counted(seen, counter, n)
                    .ifPresent(found::add));
        }
        LINES.forEach(l -> logged(seen, l).ifPresent(found::add));
        return found.stream();
    }

    private static Optional<Found> counted(Observed seen, Counter counter, String name) {
        Optional<Observed.Count> now = seen.count(name).filter(c -> c.value() > 0);
        if (now.isEmpty()) {
            return Optional.empty();
        }
        Optional<Observed.Count> was =
                seen.countBefore(name).filter(c -> c.value() <= now.get().value());
        // the rates of the network's counters leave the file out: rate:TcpExt.ListenDrops
        boolean rising = seen.host()
                .facts()
                .find("rate:" + name.replaceFirst("^(netstat|snmp6?):", ""))
                .filter(f -> !f.text().startsWith("0/") && !f.text().startsWith("0 "))
                .isPresent();
        long more = was.map(w -> now.get().value() - w.value()).orElse(0L);
        String start = beginning(name);
        String since = was.isPresent()
                ? more > 0
                        ? "since the moment before, of " + now.get().text() + " " + start
                        : start + ", none since the moment before"
                : rising ? start + ", rising" : start;
        long value = more > 0 ? more : now.get().value();
        var symptom = new Symptom(
                name.startsWith("netstat:TcpExt.")
                        ? name.substring("netstat:TcpExt.".length())
                        : name.replaceFirst(":(stat\\.)?", " "),
                value,
                since,
                counter.means,
                counter.not,
                now.get().source());
        return Optional.of(new Found(symptom, counter.budget, more > 0 || rising));
    }

    /** What a counter counts from. */
    private static String beginning(String name) {
        return name.startsWith("fpm:") || name.startsWith("redis:")
                ? "since it was started"
                : name.startsWith("cgroup") ? "since the group was made" : "since boot";
    }

    private static Optional<Found> logged(Observed seen, Line line) {
        Optional<Rows> log = seen.table(line.table).filter(t -> t.columns().contains("kind"));
        if (log.isEmpty()) {
            return Optional.empty();
        }
        long times = line.in(log.get());
        String first = "";
        for (int i = 0; i < log.get().size() && first.isEmpty(); i++) {
            first = line.is(log.get(), i) ? Observed.text(log.get(), "time", i) : "";
        }
        if (times == 0) {
            return Optional.empty();
        }
        var symptom = new Symptom(
                line.table.replace('_', ' ') + ": " + line.kind,
                times,
                first.isEmpty() ? "in the log" : "in the log since " + first,
                line.means,
                line.not,
                seen.at(line.table, ""));
        return Optional.of(new Found(symptom, line.budget, !line.table.equals(KERNEL_LOG) || grew(seen, line, times)));
    }

    /** The kernel's log goes back to boot and knows all namespaces: only what is new since the moment before speaks of now. */
    private static boolean grew(Observed seen, Line line, long times) {
        return seen.before()
                .flatMap(b -> b.table(line.table))
                .filter(t -> t.columns().contains("kind"))
                .map(t -> times > line.in(t))
                .orElse(false);
    }

    /** A limit that is being hit, and a budget of the same capture that fits in every scope. */
    static List<Doubt> contradicted(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        found(seen)
                .filter(Found::present)
                .filter(f -> Catalogue.ALL.stream().anyMatch(l -> l.name().equals(f.budget)))
                .filter(f -> !asked(seen, f.budget))
                .forEach(f -> {
                    List<Budget> budgets =
                            seen.host().budgets(f.budget).stream().toList();
                    boolean fits = !budgets.isEmpty()
                            && budgets.stream().allMatch(b -> b.verdict().state() == Verdict.State.FITS);
                    if (fits) {
                        doubts.add(Doubt.of(
                                "symptom-fits",
                                "'" + budgets.get(0) + "', but " + f.symptom.counter() + " says "
                                        + Terminal.grouped(f.symptom.value()) + " times (" + f.symptom.since() + "): "
                                        + f.symptom.means()
                                        + "; the limit was hit at another moment, in a scope that was not captured, or for another reason",
                                f.symptom.source()));
                    }
                });
        return doubts;
    }

    /** True where the user gave an input of the budget: what it then says is of that input, not of the capture. */
    private static boolean asked(Observed seen, String budget) {
        return seen.host().facts().names().stream()
                .filter(n -> n.startsWith(budget + ".") || n.startsWith(budget + "["))
                .anyMatch(n -> seen.host()
                        .facts()
                        .find(n)
                        .filter(f -> f.evidence().kind() == Evidence.Kind.GIVEN)
                        .isPresent());
    }
}
