package plimsoll.dsl;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A change that may mend a budget, as its law offers it, before anything is computed: an immutable value; the methods that add something
 * return a new one.
 *
 * @param title what is done, in a few words: a line of 76 characters has room for some 30 characters of it
 * @param changes the settings and inputs that get another value
 * @param also inputs of other budgets that get what is asked of this one, as {@code ports[127.0.0.1 -> 127.0.0.1:8081].rate}
 * @param snippets what no setting's own file expresses; those are made of the changes
 * @param cost what it costs in memory, descriptors or work
 * @param risk its conditions and what may go wrong, in one sentence
 * @param source where the risk is documented or was measured
 */
public record Candidate(
        String title,
        List<Change> changes,
        List<String> also,
        List<Snippet> snippets,
        String cost,
        String risk,
        String source) {
    public Candidate {
        Objects.requireNonNull(cost);
        Objects.requireNonNull(risk);
        Objects.requireNonNull(source);
        changes = List.copyOf(changes);
        also = List.copyOf(also);
        snippets = List.copyOf(snippets);
        if (title.isBlank()) {
            throw new IllegalArgumentException("a candidate needs a title");
        }
    }

    /** A candidate that changes nothing yet. */
    public static Candidate of(String title) {
        return new Candidate(title, List.of(), List.of(), List.of(), "none", "", "");
    }

    /** With one more setting or input changed. */
    public Candidate set(String name, String value) {
        return new Candidate(title, added(changes, new Change(name, value)), also, snippets, cost, risk, source);
    }

    /** With what is asked of the budget asked of an input of another one, too. */
    public Candidate asksAlso(String input) {
        return new Candidate(title, changes, added(also, input), snippets, cost, risk, source);
    }

    /** With a snippet. */
    public Candidate snippet(Snippet.Kind kind, String text) {
        return new Candidate(
                title, changes, also, added(snippets, new Snippet(kind, text.stripTrailing())), cost, risk, source);
    }

    /** With what it costs. */
    public Candidate cost(String words) {
        return new Candidate(title, changes, also, snippets, words, risk, source);
    }

    /** With its risk in one sentence, and where that is documented or was measured. */
    public Candidate risk(String sentence, String where) {
        return new Candidate(title, changes, also, snippets, cost, sentence, where);
    }

    /** Both together. */
    Candidate and(Candidate other) {
        return new Candidate(
                title + " + " + other.title,
                Stream.concat(changes.stream(), other.changes.stream()).toList(),
                Stream.concat(also.stream(), other.also.stream()).toList(),
                Stream.concat(snippets.stream(), other.snippets.stream()).toList(),
                joined(cost.equals("none") ? "" : cost, other.cost.equals("none") ? "" : other.cost, "none"),
                joined(risk, other.risk, ""),
                joined(source, other.source, ""));
    }

    private static String joined(String one, String other, String none) {
        return one.isEmpty() || one.equals(other)
                ? other.isEmpty() ? none : other
                : other.isEmpty() ? one : one + "; " + other;
    }

    private static <T> List<T> added(List<T> list, T more) {
        var all = new ArrayList<>(list);
        all.add(more);
        return all;
    }

    /** How many changes it is: each setting is one, and all inputs of the law together are one change of an application or a network. */
    int size(Law law) {
        long settings = changes.stream().filter(c -> !c.isInput(law)).count();
        return (int) settings + (settings < changes.size() ? 1 : 0);
    }

    /** Everything that has to be put somewhere: the settings in their files, then the snippets. */
    List<Snippet> written() {
        var all = new ArrayList<>(Snippet.of(changes));
        all.addAll(snippets);
        return List.copyOf(all);
    }
}
