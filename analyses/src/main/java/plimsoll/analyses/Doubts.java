package plimsoll.analyses;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import plimsoll.dsl.Brief;
import plimsoll.dsl.Terminal;

/** Where a host's telemetry contradicts itself, immutable: one doubt a line, in the order of the rules. */
public final class Doubts implements Iterable<Doubt> {
    private final List<Doubt> doubts;

    private Doubts(List<Doubt> doubts) {
        this.doubts = List.copyOf(doubts);
    }

    static Doubts of(Observed seen) {
        return new Doubts(DoubtRules.ALL.stream()
                .flatMap(r -> r.check().apply(seen).stream())
                .toList());
    }

    static Doubts of(List<Doubt> doubts) {
        return new Doubts(doubts);
    }

    /** The names of the checks there are. */
    public static List<String> rules() {
        return DoubtRules.ALL.stream().map(DoubtRules.Rule::name).toList();
    }

    /** How many. */
    public int size() {
        return doubts.size();
    }

    /** The one at a place, from 0. */
    public Doubt get(int index) {
        return doubts.get(index);
    }

    /** Those of one rule. */
    public Doubts of(String rule) {
        return new Doubts(doubts.stream().filter(d -> d.rule().equals(rule)).toList());
    }

    @Override
    public Iterator<Doubt> iterator() {
        return doubts.iterator();
    }

    /** In order. */
    public Stream<Doubt> stream() {
        return doubts.stream();
    }

    /** Writes all of them to standard output. */
    public void print() {
        doubts.forEach(d -> System.out.println(Terminal.printable(d.toString())));
    }

    /** One a line, as many as fit in a thousand characters. */
    @Override
    public String toString() {
        return Brief.of(doubts, "no doubts");
    }
}
