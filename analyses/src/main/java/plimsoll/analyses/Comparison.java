package plimsoll.analyses;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import plimsoll.dsl.Brief;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Settings;

/**
 * Two hosts, or two moments of one, side by side: an immutable value. Budget by budget, setting by setting, count by count: what differs,
 * and what the differences imply. What only one side has is shown with a dash for the other: nothing is taken for unchanged because it
 * was not captured.
 */
public final class Comparison {
    /**
     * One thing on both sides: an immutable value.
     *
     * @param kind {@code budget}, {@code setting} or {@code sockets}
     * @param name its name, with the scope of a budget
     * @param before what it was; a dash where it was not captured
     * @param after what it is; a dash where it was not captured
     */
    public record Difference(String kind, String name, String before, String after) {
        /** True where only one side captured it. */
        boolean oneSided() {
            return before.equals(NONE) || after.equals(NONE);
        }
    }

    private static final String NONE = "-";
    private static final double HOLD = 61;
    private static final double SHRUNK = 10;

    private final String title;
    private final List<Difference> differences;
    private final List<Doubt> implied;

    private Comparison(String title, List<Difference> differences, List<Doubt> implied) {
        this.title = title;
        this.differences = List.copyOf(differences);
        this.implied = List.copyOf(implied);
    }

    static Comparison of(Host before, Host after) {
        var differences = new ArrayList<Difference>();
        differences.addAll(budgets(before, after));
        differences.addAll(settings(before, after));
        differences.addAll(sockets(before, after));
        // what only one side captured may not have changed at all: last
        differences.sort((a, b) -> Boolean.compare(a.oneSided(), b.oneSided()));
        return new Comparison(title(before) + " -> " + title(after), differences, implied(before, after));
    }

    private static String title(Host host) {
        return host.name() + host.capture().captured().map(t -> " " + t).orElse("");
    }

    /** What differs: budgets, then settings, then counts of sockets; last what only one side captured. */
    public List<Difference> differences() {
        return differences;
    }

    /** What the two sides say of each other that neither says alone. */
    public Doubts implied() {
        return Doubts.of(implied);
    }

    // ---- what differs

    private static List<Difference> budgets(Host before, Host after) {
        Map<String, String> was = verdicts(before);
        Map<String, String> is = verdicts(after);
        return differing("budget", was, is);
    }

    private static Map<String, String> verdicts(Host host) {
        var verdicts = new LinkedHashMap<String, String>();
        for (Budget b : host.budgets()) {
            Cells cells = Cells.of(b);
            String use = cells.use().isEmpty() ? "" : " " + cells.use();
            verdicts.put(
                    b.name() + (b.scope().equals("host") ? "" : " [" + b.scope() + "]"),
                    cells.verdict() + " " + cells.demand() + " of " + cells.supply() + use);
        }
        return verdicts;
    }

    private static List<Difference> settings(Host before, Host after) {
        return differing("setting", values(before, Comparison::setting), values(after, Comparison::setting));
    }

    private static boolean setting(String name) {
        return Settings.find(name.replaceFirst("^sysctl\\.d:", "")).isPresent();
    }

    private static List<Difference> sockets(Host before, Host after) {
        return differing("sockets", values(before, Comparison::counted), values(after, Comparison::counted));
    }

    private static boolean counted(String name) {
        return name.matches("states:.*|ss:(tcp|estab|closed|orphaned|timewait|total)|sockstat:TCP\\.(inuse|tw|alloc)"
                + "|net\\.netfilter\\.nf_conntrack_count|snmp:Tcp\\.CurrEstab");
    }

    private static Map<String, String> values(Host host, java.util.function.Predicate<String> wanted) {
        var values = new LinkedHashMap<String, String>();
        for (String name : host.facts().names()) {
            if (wanted.test(name)) {
                host.facts().find(name).map(Fact::text).ifPresent(t -> values.put(name, shown(t)));
            }
        }
        return values;
    }

    private static String shown(String text) {
        return text.matches("\\d{4,18}") ? Terminal.grouped(Long.parseLong(text)) : text;
    }

    private static List<Difference> differing(String kind, Map<String, String> was, Map<String, String> is) {
        var names = new ArrayList<>(was.keySet());
        new TreeSet<>(is.keySet()).stream().filter(n -> !was.containsKey(n)).forEach(names::add);
        return names.stream()
                .map(n -> new Difference(kind, n, was.getOrDefault(n, NONE), is.getOrDefault(n, NONE)))
                .filter(d -> !d.before.equals(d.after))
                .toList();
    }

    // ---- what that implies

    private static List<Doubt> implied(Host before, Host after) {
        var implied = new ArrayList<Doubt>();
        Observed was = before.observed();
        Observed is = after.observed();
        Optional<Observed.Count> then = waiting(was);
        Optional<Observed.Count> now = waiting(is);
        if (then.isPresent() && now.isPresent()) {
            double closed = then.get().value() / HOLD;
            double closes = now.get().value() / HOLD;
            if (then.get().value() > 500 && closes * SHRUNK < closed) {
                implied.add(Doubt.of(
                        "compare-load",
                        "TIME-WAIT went from " + then.get().text() + " to "
                                + now.get().text() + ": "
                                + Observed.rounded(closed) + " closes/s, then " + Observed.rounded(closes)
                                + "/s at 61 s each. Where each request still closes a connection on this host, a local one too, this is "
                                + "not the same load; else connections are kept now, or the other side closes first",
                        then.get().source(),
                        now.get().source()));
            }
        }
        for (String name : List.of("snmp:Tcp.ActiveOpens", "netstat:TcpExt.TW")) {
            Optional<Observed.Count> first = was.count(name);
            Optional<Observed.Count> second = is.count(name);
            if (first.isPresent()
                    && second.isPresent()
                    && second.get().value() < first.get().value()) {
                implied.add(Doubt.of(
                        "compare-counter",
                        name.replaceFirst("^.*:", "") + " went back from "
                                + first.get().text() + " to "
                                + second.get().text()
                                + ": a reboot or another network namespace lies between, so no rate can be made of them",
                        first.get().source(),
                        second.get().source()));
            }
        }
        return implied;
    }

    private static Optional<Observed.Count> waiting(Observed seen) {
        return Stream.of("ss:timewait", "sockstat:TCP.tw", "states:TIME-WAIT")
                .map(seen::count)
                .flatMap(Optional::stream)
                .findFirst();
    }

    // ---- how it prints

    private List<String> lines() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("", "BEFORE", "AFTER"));
        differences.forEach(d -> rows.add(List.of(d.name, d.before, d.after)));
        var lines = new ArrayList<String>();
        lines.add(Terminal.printable(title));
        implied.forEach(d -> lines.add("note: " + Terminal.printable(d.message())));
        if (differences.isEmpty()) {
            lines.add("nothing differs");
        } else {
            lines.addAll(Terminal.aligned(rows).lines().toList());
        }
        return lines;
    }

    /** Writes all of it to standard output. */
    public void print() {
        lines().forEach(System.out::println);
    }

    /** What is implied, then the differences, aligned, as many as fit in a thousand characters. */
    @Override
    public String toString() {
        return Brief.of(lines(), "");
    }
}
