package plimsoll.analyses;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import plimsoll.dsl.Brief;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Input;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Capture;

/** The lines of a capture that the numbers of a report were read from, in the order in which they are first named. Mutable; lives for one report. */
final class Quotes {
    private static final int LONGEST = 400;

    /**
     * A line as it was captured: an immutable value.
     *
     * @param place its place among those that are quoted, from 0
     * @param at where it stands, as {@code file:line}
     * @param text the line
     */
    record Quote(int place, String at, String text) {
        /** The line as a reader is shown it: tabs as blanks, and of a very long one its beginning, with how long it is. */
        String shown() {
            String all = text.length() > LONGEST ? " (" + Terminal.grouped(text.length()) + " characters in all)" : "";
            return beginning().replace('\t', ' ') + all;
        }

        /** The line, or of a very long one its beginning, as it is. */
        String beginning() {
            return Brief.clipped(text, LONGEST);
        }
    }

    private final Capture capture;
    private final List<Quote> quotes = new ArrayList<>();
    private final Map<String, Optional<Quote>> found = new HashMap<>();

    Quotes(Capture capture) {
        this.capture = capture;
    }

    /** Every line that a report names: first those of the capture's own name, then of inputs, symptoms and doubts. */
    static Quotes of(Report report) {
        var quotes = new Quotes(report.host().capture());
        Identity identity = Identity.of(report.host().capture());
        quotes.find(identity.named());
        quotes.find(identity.released());
        for (Budget budget : report.budgets()) {
            for (Input input : budget.finding().inputs()) {
                quotes.find(input.evidence().source());
            }
        }
        report.symptoms().stream().forEach(s -> quotes.find(s.source()));
        report.doubts().stream().forEach(d -> d.sources().forEach(quotes::find));
        return quotes;
    }

    /** The line that a source names; from now on it is among those quoted. Empty where the source names none, or one that is not kept. */
    Optional<Quote> find(String source) {
        Optional<Quote> whole = exactly(source);
        int end = source.indexOf(' ');
        return whole.isPresent() || end < 0 ? whole : exactly(source.substring(0, end));
    }

    private Optional<Quote> exactly(String at) {
        Optional<Quote> known = found.get(at);
        if (known == null) {
            known = capture.line(at).map(line -> new Quote(quotes.size(), at, line));
            known.ifPresent(quotes::add);
            found.put(at, known);
        }
        return known;
    }

    /** All that were found so far. */
    List<Quote> list() {
        return List.copyOf(quotes);
    }
}
