package plimsoll.analyses;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import plimsoll.dsl.Budgets;
import plimsoll.dsl.WholeFile;

/** All budgets of a host with their evidence, immutable: prints as text, saves as text, Markdown, JSON or a page. */
public final class Report {
    private final Host host;
    private final Budgets budgets;
    private final Doubts doubts;
    private final Symptoms symptoms;

    private Report(Host host, Budgets budgets, Doubts doubts, Symptoms symptoms) {
        this.host = host;
        this.budgets = budgets;
        this.doubts = doubts;
        this.symptoms = symptoms;
    }

    /** The report of a host: every budget there is. */
    public static Report of(Host host) {
        return new Report(host, host.budgets(), host.doubts(), host.symptoms());
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

    /** The report as JSON: the contract that scripts may rely on, see {@code docs/json.md}. */
    public String json() {
        return JsonReport.write(this);
    }

    /** The report as Markdown. */
    public String markdown() {
        return MarkdownReport.write(this);
    }

    /** The report as one page that needs no network. */
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
                    case "txt" -> this + "\n";
                    case "md" -> markdown();
                    case "json" -> json();
                    case "html" -> html();
                    default ->
                        throw new IllegalArgumentException("cannot save a report as '" + file
                                + "': the ending must be one of html, json, md, txt");
                };
        return WholeFile.write(file, text);
    }

    @Override
    public String toString() {
        return TextReport.write(this);
    }
}
