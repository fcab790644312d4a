package plimsoll.dsl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A change and what it does, computed over all budgets of its host: an immutable value. It prints one line: what is done, what becomes of
 * the budget, and what is met next. {@link #print()} shows all of it, the snippets too.
 */
public final class Remedy {
    private static final int WIDTH = 76;
    private static final int TITLE = 28;
    private static final int NAMED = 3;

    private final Budget before;
    private final Budget after;
    private final Candidate candidate;
    private final double ratio;
    private final Optional<Bottleneck> next;
    private final List<Budget> over;
    private final List<Budget> alike;
    private final int untried;

    Remedy(
            Budget before,
            Budget after,
            Candidate candidate,
            double ratio,
            Optional<Bottleneck> next,
            List<Budget> over,
            List<Budget> alike,
            int untried) {
        this.before = before;
        this.after = after;
        this.candidate = candidate;
        this.ratio = ratio;
        this.next = next;
        this.over = List.copyOf(over);
        this.alike = List.copyOf(alike);
        this.untried = untried;
    }

    /** The budget that is to be mended, as it is. */
    public Budget before() {
        return before;
    }

    /** The same budget with the change made. */
    public Budget after() {
        return after;
    }

    /** What is done, in a few words. */
    public String title() {
        return candidate.title();
    }

    /** The settings and inputs that get another value; {@code with} of each in turn gives the figures of {@link #after()}. */
    public List<Change> changes() {
        return candidate.changes();
    }

    /** How many changes it is: each setting is one, a change of an application or a network is one. */
    public int size() {
        return candidate.size(before.law());
    }

    /** How many times the present value the new one is, or which part of it, always 1 or more; 1 for what is only switched. */
    public double ratio() {
        return ratio;
    }

    /** Demand over supply with the change made; empty where it is not known. */
    public OptionalDouble use() {
        return after.verdict().use();
    }

    /** The expected loss with the change made, its hard end; empty for a law that does not lose. */
    public OptionalDouble loss() {
        return after.finding()
                .loss()
                .map(l -> OptionalDouble.of(l.high().value()))
                .orElseGet(OptionalDouble::empty);
    }

    /** What is met next as more is asked for; empty where nothing is in sight. */
    public Optional<Bottleneck> next() {
        return next;
    }

    /** The other budgets that are OVER with the change made, what is asked carried on to them. */
    public List<Budget> over() {
        return over;
    }

    /**
     * The other scopes of the same law that are OVER as they are, by consequence, each with the change made: what helps one destination may
     * help the next, or not. The twenty that come first.
     */
    public List<Budget> alike() {
        return alike;
    }

    /** What becomes of them, the first by name and the others counted. */
    private String elsewhere() {
        String named = alike.stream()
                .limit(NAMED)
                .map(b -> b.scope() + ": " + b.verdict().state()
                        + (b.verdict().use().isPresent()
                                ? " "
                                        + Quantity.share(b.verdict().use().getAsDouble())
                                                .brief()
                                : ""))
                .collect(Collectors.joining("; "));
        List<Budget> rest = alike.subList(Math.min(NAMED, alike.size()), alike.size());
        long fit = rest.stream()
                .filter(b -> b.verdict().state() == Verdict.State.FITS)
                .count();
        return named
                + (rest.isEmpty() ? "" : "; of " + rest.size() + " more " + fit + (fit == 1 ? " fits" : " fit"))
                + (untried == 0 ? "" : "; " + untried + " more not tried");
    }

    /** What it costs. */
    public String cost() {
        return candidate.cost();
    }

    /** Its conditions and what may go wrong, in one sentence. */
    public String risk() {
        return candidate.risk();
    }

    /** Where the risk is documented or was measured. */
    public String source() {
        return candidate.source();
    }

    /** What to put where. */
    public List<Snippet> snippets() {
        return candidate.written();
    }

    /** Label and text of everything there is to say, without the snippets. */
    public List<List<String>> details() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("changes", changes().stream().map(Change::toString).collect(Collectors.joining("; "))));
        rows.add(List.of("gives", after.toString()));
        rows.add(List.of("next", next.map(Bottleneck::toString).orElse("nothing else in sight")));
        over.forEach(b -> rows.add(List.of("but then", b.toString())));
        if (!alike.isEmpty()) {
            rows.add(List.of("also", elsewhere()));
        }
        rows.add(List.of("cost", cost()));
        rows.add(List.of("risk", risk() + " [" + source() + "]"));
        return rows;
    }

    /** Writes all of it to standard output, the snippets too, and returns this. */
    public Remedy print() {
        System.out.print(text());
        return this;
    }

    /** All of it. */
    String text() {
        var out = new StringBuilder(sentence()).append('\n');
        for (List<String> row : details()) {
            out.append("  ")
                    .append(row.get(0))
                    .append(" ".repeat(10 - row.get(0).length()))
                    .append(row.get(1))
                    .append('\n');
        }
        for (Snippet snippet : snippets()) {
            snippet.toString().lines().forEach(l -> out.append("    ").append(l).append('\n'));
        }
        return out.toString();
    }

    /** The one line uncut, for a report. */
    public String sentence() {
        return line(Integer.MAX_VALUE);
    }

    /** One line of at most 76 characters. */
    @Override
    public String toString() {
        return line(WIDTH);
    }

    /** What becomes of it comes first; the title is cut to what is left. */
    String line(int width) {
        String state = ": " + after.verdict().state();
        String use = use().isPresent() && Double.isFinite(use().getAsDouble())
                ? " " + Quantity.share(use().getAsDouble()).brief()
                : "";
        double lost = loss().orElse(0);
        String loss = lost < 1e-6 ? "" : ", loss " + Quantity.share(lost).brief();
        String far = next.map(n -> "; next " + n.brief()).orElse("");
        int room = width - Math.min(title().length(), TITLE);
        String tail = (state + use + loss + far).length() <= room
                ? state + use + loss + far
                : (state + use + loss).length() <= room ? state + use + loss : state;
        int left = width - tail.length();
        return (title().length() <= left ? title() : title().substring(0, left - 1) + "…") + tail;
    }
}
