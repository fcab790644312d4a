package plimsoll.analyses;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import plimsoll.dsl.Brief;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Budgets;
import plimsoll.dsl.Remedies;
import plimsoll.dsl.WholeFile;

/**
 * All budgets of a host with their evidence, immutable: prints as text, saves as text, Markdown, JSON or a page. {@code
 * Report.of(host).title("…").add(budget).note("…").save("report.html")}.
 */
public final class Report {
    private final Host host;
    private final Budgets budgets;
    private final Doubts doubts;
    private final Symptoms symptoms;
    private final Remedies remedies;
    private final Words words;

    /** What whoever sends the report says in it. */
    private record Words(String title, List<String> notes) {}

    private Report(Host host, Budgets budgets, Doubts doubts, Symptoms symptoms, Remedies remedies, Words words) {
        this.host = host;
        this.budgets = budgets;
        this.doubts = doubts;
        this.symptoms = symptoms;
        this.remedies = remedies;
        this.words = words;
    }

    /** The report of a host: every budget there is. */
    public static Report of(Host host) {
        Budgets budgets = host.budgets();
        return new Report(
                host, budgets, host.doubts(), host.symptoms(), Remedies.of(budgets), new Words("", List.of()));
    }

    /** The same under a title of its own, instead of the host's name. */
    public Report title(String title) {
        return new Report(host, budgets, doubts, symptoms, remedies, new Words(title, words.notes));
    }

    /** The same with another budget, which takes the place of that of the same name and scope: a what-if, or one of your own. */
    public Report add(Budget budget) {
        Stream<Budget> others = budgets.stream()
                .filter(b -> !b.name().equals(budget.name()) || !b.scope().equals(budget.scope()));
        Budgets all = Budgets.of(Stream.concat(others, Stream.of(budget)).toList());
        return new Report(host, all, doubts, symptoms, Remedies.of(all), words);
    }

    /** The same with a paragraph of your own below the title. */
    public Report note(String note) {
        var notes = new ArrayList<>(words.notes);
        notes.add(note);
        return new Report(host, budgets, doubts, symptoms, remedies, new Words(words.title, List.copyOf(notes)));
    }

    /** The title that was given; empty where none was. */
    public Optional<String> title() {
        return words.title.isEmpty() ? Optional.empty() : Optional.of(words.title);
    }

    /** The notes that were given, in order. */
    public List<String> notes() {
        return words.notes;
    }

    /** The host. */
    public Host host() {
        return host;
    }

    /** The budgets by consequence. */
    public Budgets budgets() {
        return budgets;
    }

    /** Where the telemetry contradicts itself. */
    public Doubts doubts() {
        return doubts;
    }

    /** What shows that limits were hit already. */
    public Symptoms symptoms() {
        return symptoms;
    }

    /** What would mend the budgets that are over. */
    public Remedies remedies() {
        return remedies;
    }

    /** The report as JSON: the contract that scripts may rely on, see {@code docs/json.md}. */
    public String json() {
        return JsonReport.write(this);
    }

    /** The report as text. */
    public String text() {
        return TextReport.write(this);
    }

    /** The report as Markdown. */
    public String markdown() {
        return MarkdownReport.write(this);
    }

    /** The report as one page with pictures, which needs no network and can be read without scripts. */
    public String html() {
        return HtmlReport.write(this);
    }

    /**
     * Writes the report to a file and returns its path; the ending chooses the form: {@code .txt}, {@code .md}, {@code .json} or
     * {@code .html}. The file is replaced only when the new one is whole.
     *
     * @throws IllegalArgumentException for another ending
     * @throws UncheckedIOException when the file cannot be written
     */
    public Path save(String file) {
        String ending = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String text =
                switch (ending) {
                    case "txt" -> text() + "\n";
                    case "md" -> markdown();
                    case "json" -> json();
                    case "html" -> html();
                    default ->
                        throw new IllegalArgumentException("cannot save a report as '" + file
                                + "': the ending must be one of html, json, md, txt");
                };
        return WholeFile.write(file, text);
    }

    /** Writes {@link #text()} to standard output. */
    public void print() {
        System.out.println(text());
    }

    /** The lines of {@link #text()} that fit in a thousand characters. */
    @Override
    public String toString() {
        return Brief.of(text());
    }
}
