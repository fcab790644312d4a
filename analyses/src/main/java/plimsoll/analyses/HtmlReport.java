package plimsoll.analyses;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Figure;
import plimsoll.dsl.Input;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Remedy;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Verdict;
import plimsoll.plots.Page;
import plimsoll.telemetry.Capture;

/**
 * Writes a report as one page: the verdict first, then the pictures, the evidence, symptoms, doubts and sources. From each number a link
 * leads to the formula it is from, from there to its inputs, and from those to the lines that were read. All captured text is escaped: it
 * stays text.
 */
final class HtmlReport {
    private static final int ROWS = 200;
    private static final int DETAILS = 60;
    private static final int LOAD_LINES = 12;
    private static final int SOURCES = 500;

    private final Report report;
    private final Capture capture;
    private final List<Budget> seen;
    private final StringBuilder out = new StringBuilder();
    private final Map<String, String> contents = new LinkedHashMap<>();
    private final Quotes quotes;

    private Page page;

    private HtmlReport(Report report) {
        this.report = report;
        capture = report.host().capture();
        quotes = new Quotes(capture);
        seen = Cells.seen(report.budgets());
        page = Page.titled(Terminal.printable(title())).styled(style());
    }

    static String write(Report report) {
        return new HtmlReport(report).html();
    }

    private static String style() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(in, "report.css").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String title() {
        return report.title().orElse(report.host().name());
    }

    private String html() {
        Page top = page;
        page = Page.titled("");
        String whose = identity();
        verdicts();
        pictures();
        holders();
        evidence();
        remedies();
        unknown();
        section(
                "symptoms",
                "Symptoms",
                report.symptoms().stream()
                        .map(s ->
                                escaped(s.sentence()) + origins(s.source().isEmpty() ? List.of() : List.of(s.source())))
                        .toList());
        section(
                "doubts",
                "Doubts",
                report.doubts().stream()
                        .map(d -> escaped(d.sentence()) + origins(d.sources()))
                        .toList());
        section(
                "not-read",
                "Not read",
                capture.problems().stream().map(HtmlReport::escaped).toList());
        sources();
        flush();
        Page rest = page;
        out.append("<a class=\"skip\" href=\"#main\">to the verdict</a>\n<header>\n<h1>")
                .append(escaped(title()))
                .append("</h1>\n<p>")
                .append(whose)
                .append(escaped(TextReport.sources(capture)))
                .append("</p>\n");
        report.notes().forEach(n -> out.append("<p class=\"said\">")
                .append(escaped(n).replace("\n", "<br>"))
                .append("</p>\n"));
        contents();
        out.append("</header>\n<main id=\"main\">\n");
        String head = out.toString();
        return top.withMarkup(head).with(rest).withMarkup("</main>\n").html();
    }

    /** What was written so far becomes a part of the page. */
    private void flush() {
        page = page.withMarkup(out.toString());
        out.setLength(0);
    }

    private void picture(Picture picture) {
        flush();
        page = page.with(picture);
    }

    private void contents() {
        out.append("<nav aria-label=\"contents\"><ul>\n");
        contents.forEach((id, name) -> out.append("<li><a href=\"#")
                .append(id)
                .append("\">")
                .append(escaped(name))
                .append("</a></li>\n"));
        out.append("</ul></nav>\n");
    }

    private void heading(String id, String name) {
        contents.put(id, name);
        out.append("<h2 id=\"").append(id).append("\">").append(escaped(name)).append("</h2>\n");
    }

    // ---- the verdict

    private void verdicts() {
        heading("verdict", "Verdict");
        List<Budget> over = seen.stream()
                .filter(b -> b.verdict().state() == Verdict.State.OVER)
                .toList();
        long fits = seen.stream()
                .filter(b -> b.verdict().state() == Verdict.State.FITS)
                .count();
        out.append("<p class=\"verdict ")
                .append(over.isEmpty() ? "FITS" : "OVER")
                .append("\">");
        if (over.isEmpty()) {
            out.append(fits == 0 ? "Nothing can be said yet." : "Nothing is over.");
        } else {
            out.append(over.size())
                    .append(over.size() == 1 ? " budget is over, " : " budgets are over, ")
                    .append(fits)
                    .append(fits == 1 ? " fits." : " fit.");
        }
        out.append("</p>\n");
        if (!over.isEmpty()) {
            out.append("<ul class=\"over\">\n");
            over.stream().limit(DETAILS).forEach(b -> out.append("<li><a href=\"#")
                    .append(id(b))
                    .append("\">")
                    .append(escaped(b.toString()))
                    .append("</a>: ")
                    .append(escaped(b.law().meaning()))
                    .append("</li>\n"));
            out.append("</ul>\n");
        }
        if (seen.isEmpty()) {
            return;
        }
        // the sentence above says how many are over
        picture(Cells.titled("All budgets at a glance", report.budgets().plot()));
        out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"budgets\">\n<table><thead><tr>");
        for (int i = 0; i < Cells.HEADS.size(); i++) {
            out.append(figure(i) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .append(escaped(Cells.HEADS.get(i)))
                    .append("</th>");
        }
        out.append("</tr></thead><tbody>\n");
        seen.stream().limit(ROWS).forEach(this::row);
        out.append("</tbody></table></div>\n");
        if (seen.size() > ROWS) {
            out.append("<p class=\"note\">")
                    .append(escaped(Terminal.grouped(seen.size() - ROWS) + " more are in the JSON report"))
                    .append("</p>\n");
        }
    }

    private void row(Budget b) {
        List<String> cells = Cells.of(b).list();
        boolean detailed = seen.indexOf(b) < DETAILS;
        out.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            String text = escaped(cells.get(i));
            boolean linked = detailed && i > 0 && i < cells.size() - 1 && !text.isEmpty();
            out.append(i == 0 ? "<td class=\"" + b.verdict().state() + "\">" : figure(i) ? "<td class=\"n\">" : "<td>")
                    .append(linked ? "<a href=\"#" + id(b) + "\">" + text + "</a>" : text)
                    .append("</td>");
        }
        out.append("</tr>\n");
    }

    /** True for a column of figures, between the budget's name and its scope. */
    private static boolean figure(int column) {
        return column > 1 && column < Cells.HEADS.size() - 1;
    }

    private String id(Budget b) {
        return "b" + seen.indexOf(b);
    }

    /** Whose capture it is, with links to the lines that say so. */
    private String identity() {
        Identity identity = Identity.of(capture);
        String name = identity.named().isEmpty() ? escaped(identity.name()) : origin(identity.name(), identity.named());
        return identity.release().isEmpty()
                ? name
                : name + ", " + origin("Linux " + identity.release(), identity.released());
    }

    // ---- pictures

    private void pictures() {
        List<Pictures.Named> drawn = report.host().pictures().stream()
                .filter(p -> !p.name().equals("glance"))
                .toList();
        if (drawn.isEmpty()) {
            return;
        }
        heading("pictures", "Pictures");
        drawn.forEach(p -> picture(p.picture()));
    }

    // ---- who holds the sockets

    private void holders() {
        Optional<Holders> found = Holders.of(report.host());
        if (found.isEmpty()) {
            return;
        }
        Holders holders = found.get();
        heading("holders", "Who holds the sockets");
        out.append(
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"who holds the sockets\">\n<table><thead><tr>");
        for (int i = 0; i < Holders.HEADS.size(); i++) {
            out.append(held(i) ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                    .append(escaped(Holders.HEADS.get(i)))
                    .append("</th>");
        }
        out.append("</tr></thead><tbody>\n");
        for (List<String> cells : holders.cells()) {
            out.append("<tr>");
            for (int i = 0; i < cells.size(); i++) {
                out.append(i == 0 ? "<th scope=\"row\" class=\"name\">" : held(i) ? "<td class=\"n\">" : "<td>")
                        .append(escaped(cells.get(i)))
                        .append(i == 0 ? "</th>" : "</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
        var notes = new ArrayList<String>();
        holders.notes().forEach(n -> notes.add(escaped(n)));
        notes.add("from "
                + Arrays.stream(holders.source().split(", ", -1))
                        .map(s -> origin(s, s))
                        .collect(Collectors.joining(", ")));
        list(notes);
    }

    /** True for a column of figures. */
    private static boolean held(int column) {
        return column == 1 || column == 2;
    }

    // ---- the evidence

    private void evidence() {
        if (seen.isEmpty()) {
            return;
        }
        heading("evidence", "Evidence");
        int lines = 0;
        for (Budget b : seen.subList(0, Math.min(DETAILS, seen.size()))) {
            out.append("<section class=\"budget\" aria-labelledby=\"")
                    .append(id(b))
                    .append("\">\n<h3 id=\"")
                    .append(id(b))
                    .append("\">")
                    .append(escaped(b.name() + ", " + b.scope()))
                    .append("</h3>\n<p class=\"")
                    .append(b.verdict().state())
                    .append("\">")
                    .append(escaped(b.toString()))
                    .append("</p>\n");
            if (lines < LOAD_LINES) {
                Optional<Picture> line = Cells.loadLine(b);
                line.ifPresent(this::picture);
                lines += line.isPresent() ? 1 : 0;
            }
            detail(b);
            out.append("</section>\n");
        }
        if (seen.size() > DETAILS) {
            out.append("<p class=\"note\">")
                    .append(escaped("the working of " + Terminal.grouped(seen.size() - DETAILS)
                            + " more is in the JSON report"))
                    .append("</p>\n");
        }
    }

    private void detail(Budget b) {
        List<String> inputs = b.finding().inputs().stream().map(Input::name).toList();
        var rows = new ArrayList<String>();
        Cells.formulas(b).forEach(f -> rows.add(pair(escaped(f.get(0)), "= " + linked(b, f.get(1), inputs))));
        table("formulas of " + b.name(), "formula", "", rows);
        rows.clear();
        List<List<String>> cells = Cells.inputs(b);
        for (int i = 0; i < cells.size(); i++) {
            Input input = b.finding().inputs().get(i);
            rows.add("<th scope=\"row\" id=\"" + id(b) + "-i" + i + "\">"
                    + escaped(cells.get(i).get(0)) + "</th><td>"
                    + escaped(cells.get(i).get(1)) + "</td><td>"
                    + origin(cells.get(i).get(2), input.evidence().source()) + "</td>");
        }
        table("inputs of " + b.name(), "input", "value</th><th scope=\"col\">where it comes from", rows);
        rows.clear();
        for (Figure figure : b.finding().figures()) {
            rows.add(pair(escaped(figure.name()), escaped(figure.quantity().brief())));
        }
        table("figures of " + b.name(), "figure", "value", rows);
        var said = new ArrayList<String>();
        said.add(Cells.range(b));
        said.addAll(b.finding().notes());
        for (Missing missing : b.finding().missing()) {
            said.add(missing.input() + " is missing; this would decide: " + missing.command());
        }
        if (b.verdict().state() == Verdict.State.OVER) {
            said.add("over means: " + b.law().meaning());
        }
        items(said);
    }

    private static String pair(String name, String value) {
        return "<th scope=\"row\">" + name + "</th><td>" + value + "</td>";
    }

    private void table(String name, String first, String second, List<String> rows) {
        if (rows.isEmpty()) {
            return;
        }
        out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(escaped(name))
                .append("\">\n<table><thead><tr><th scope=\"col\">")
                .append(first)
                .append("</th>")
                .append(second.isEmpty() ? "<td></td>" : "<th scope=\"col\">" + second + "</th>")
                .append("</tr></thead><tbody>\n");
        rows.forEach(r -> out.append("<tr>").append(r).append("</tr>\n"));
        out.append("</tbody></table></div>\n");
    }

    /** A formula in which the name of each input leads to it. */
    private String linked(Budget b, String formula, List<String> inputs) {
        if (inputs.isEmpty()) {
            return escaped(formula);
        }
        String names = inputs.stream()
                .sorted((x, y) -> y.length() - x.length())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        Matcher m = Pattern.compile("(?<![\\w.:-])(" + names + ")(?![\\w.:-])").matcher(formula);
        var linked = new StringBuilder();
        int from = 0;
        while (m.find()) {
            linked.append(escaped(formula.substring(from, m.start())))
                    .append("<a href=\"#")
                    .append(id(b))
                    .append("-i")
                    .append(inputs.indexOf(m.group(1)))
                    .append("\">")
                    .append(escaped(m.group(1)))
                    .append("</a>");
            from = m.end();
        }
        return linked.append(escaped(formula.substring(from))).toString();
    }

    /** Evidence that leads to the line it was read from, or to the file. */
    private String origin(String shown, String source) {
        Optional<Quotes.Quote> quote = quotes.find(source);
        if (quote.isPresent()) {
            return "<a href=\"#l" + quote.get().place() + "\">" + escaped(shown) + "</a>";
        }
        int item = item(source.replaceFirst(" .*", ""));
        return item < 0 ? escaped(shown) : "<a href=\"#s" + item + "\">" + escaped(shown) + "</a>";
    }

    /** Where something was read, behind it; nothing where there is no source. */
    private String origins(List<String> sources) {
        return sources.isEmpty()
                ? ""
                : " [" + sources.stream().map(s -> origin(s, s)).collect(Collectors.joining(", ")) + "]";
    }

    private int item(String at) {
        String path = at.replaceFirst(":\\d+$|,$", "");
        List<Capture.Item> items = capture.sources();
        for (int i = 0; i < Math.min(items.size(), SOURCES); i++) {
            if (items.get(i).path().equals(path)) {
                return i;
            }
        }
        return -1;
    }

    // ---- what else there is

    private void remedies() {
        if (report.remedies().budgets().isEmpty()) {
            return;
        }
        heading("remedies", "Remedies");
        for (Budget b : report.remedies().budgets()) {
            out.append("<section class=\"remedies\">\n<h3>")
                    .append(escaped("for " + b.name() + ", " + b.scope()))
                    .append("</h3>\n");
            for (Remedy r : report.remedies().of(b.name(), b.scope())) {
                out.append("<h4>").append(escaped(r.sentence())).append("</h4>\n");
                out.append("<dl class=\"pairs\">\n");
                r.details().forEach(d -> out.append("<dt>")
                        .append(escaped(d.get(0)))
                        .append("</dt><dd>")
                        .append(escaped(d.get(1)))
                        .append("</dd>\n"));
                out.append("</dl>\n");
                r.snippets().forEach(s -> out.append("<pre tabindex=\"0\">")
                        .append(s.toString().lines().map(HtmlReport::escaped).collect(Collectors.joining("\n")))
                        .append("</pre>\n"));
            }
            List<String> refused = report.remedies().refused(b.name()).stream()
                    .map(Object::toString)
                    .toList();
            if (!refused.isEmpty()) {
                out.append("<h4>Refused</h4>\n");
                items(refused);
            }
            out.append("</section>\n");
        }
    }

    private void unknown() {
        var rows = new ArrayList<String>();
        Cells.deciding(report.budgets())
                .forEach((command, names) -> rows.add("<th scope=\"row\">" + escaped(command) + "</th><td>"
                        + escaped(String.join(", ", names)) + "</td>"));
        if (!rows.isEmpty()) {
            heading("unknown", "Unknown, and what would decide");
            table("what would decide", "this would decide", "budgets", rows);
        }
    }

    private void section(String id, String name, List<String> markup) {
        if (!markup.isEmpty()) {
            heading(id, name);
            list(markup);
        }
    }

    private void items(List<String> texts) {
        list(texts.stream().filter(t -> !t.isEmpty()).map(HtmlReport::escaped).toList());
    }

    private void list(List<String> markup) {
        if (!markup.isEmpty()) {
            out.append("<ul>\n");
            markup.forEach(m -> out.append("<li>").append(m).append("</li>\n"));
            out.append("</ul>\n");
        }
    }

    private void sources() {
        heading("sources", "Sources");
        if (!quotes.list().isEmpty()) {
            out.append("<h3>Lines that were read</h3>\n<dl class=\"pairs\">\n");
            for (Quotes.Quote quote : quotes.list()) {
                out.append("<dt id=\"l")
                        .append(quote.place())
                        .append("\">")
                        .append(escaped(quote.at()))
                        .append("</dt><dd><code>")
                        .append(escaped(quote.shown()))
                        .append("</code></dd>\n");
            }
            out.append("</dl>\n");
        }
        out.append("<h3>Files</h3>\n");
        var rows = new ArrayList<String>();
        List<Capture.Item> items = capture.sources();
        for (int i = 0; i < Math.min(items.size(), SOURCES); i++) {
            Capture.Item item = items.get(i);
            rows.add("<th scope=\"row\" id=\"s" + i + "\">" + escaped(item.path()) + "</th><td>"
                    + escaped(item.format()) + "</td><td>"
                    + escaped(Terminal.grouped(item.rows())) + "</td><td>"
                    + (item.used() ? "used" : "not used")
                    + escaped(item.note().isEmpty() ? "" : ": " + item.note()) + "</td>");
        }
        table(
                "files of the capture",
                "file",
                "format</th><th scope=\"col\">rows</th><th scope=\"col\">what became of it",
                rows);
        if (items.size() > SOURCES) {
            out.append("<p class=\"note\">")
                    .append(escaped(Terminal.grouped(items.size() - SOURCES) + " more are in the JSON report"))
                    .append("</p>\n");
        }
    }

    static String escaped(String text) {
        return Page.escaped(Terminal.printable(text));
    }
}
