package plimsoll.analyses;

import java.util.List;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Verdict;

/** Writes a report as one page without scripts. All captured text is escaped: it stays text. */
final class HtmlReport {
    private static final String STYLE =
            """
            :root { color-scheme: light dark; }
            body { font: 16px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
            table { border-collapse: collapse; display: block; overflow-x: auto; }
            th, td { border-bottom: 1px solid #8886; padding: .3rem .7rem; text-align: left; white-space: nowrap; }
            .OVER { font-weight: 700; color: #d55e00; } .UNKNOWN { color: #8a6d00; }
            code, li { overflow-wrap: anywhere; }
            """;

    private HtmlReport() {}

    static String write(Report report) {
        String name = escaped(report.host().name());
        var out = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
                .append("<title>")
                .append(name)
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style></head><body>\n<h1>")
                .append(name)
                .append("</h1>\n<p>")
                .append(escaped(TextReport.head(report.host())))
                .append("</p>\n<table><thead>");
        row(out, "th", Cells.HEADS, "");
        out.append("</thead><tbody>\n");
        Cells.seen(report.budgets())
                .forEach(b ->
                        row(out, "td", Cells.of(b).list(), b.verdict().state().name()));
        out.append("</tbody></table>\n");
        Cells.seen(report.budgets()).forEach(b -> detail(out, b));
        listed(out, "UNKNOWN, and what would decide", Cells.wanted(report.budgets()));
        listed(out, "Symptoms", report.symptoms().stream().toList());
        listed(out, "Doubts", report.doubts().stream().toList());
        List<String> problems = report.host().capture().problems();
        if (!problems.isEmpty()) {
            out.append("<h2>Not read</h2>\n<ul>");
            problems.forEach(p -> item(out, p));
            out.append("</ul>\n");
        }
        return out.append("</body></html>\n").toString();
    }

    private static void row(StringBuilder out, String tag, List<String> cells, String css) {
        out.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            out.append('<')
                    .append(tag)
                    .append(i == 0 && !css.isEmpty() ? " class=\"" + css + "\">" : ">")
                    .append(escaped(cells.get(i)))
                    .append("</")
                    .append(tag)
                    .append('>');
        }
        out.append("</tr>\n");
    }

    private static void detail(StringBuilder out, Budget b) {
        out.append("<h2>")
                .append(escaped(b.name() + ", " + b.scope()))
                .append("</h2>\n<p class=\"")
                .append(b.verdict().state())
                .append("\">")
                .append(escaped(b.toString()))
                .append("</p>\n<ul>\n");
        Cells.formulas(b).forEach(f -> item(out, String.join(" = ", f)));
        Cells.inputs(b).forEach(i -> item(out, i.get(0) + " = " + i.get(1) + ", " + i.get(2)));
        item(out, Cells.range(b));
        item(out, Cells.figures(b));
        b.finding().notes().forEach(n -> item(out, n));
        b.finding().missing().forEach(m -> item(out, m.input() + " is missing; this would decide: " + m.command()));
        if (b.verdict().state() == Verdict.State.OVER) {
            item(out, "over means: " + b.law().meaning());
        }
        out.append("</ul>\n");
    }

    private static void listed(StringBuilder out, String title, List<?> items) {
        if (!items.isEmpty()) {
            out.append("<h2>").append(title).append("</h2>\n<ul>\n");
            items.forEach(i -> item(out, i.toString()));
            out.append("</ul>\n");
        }
    }

    private static void item(StringBuilder out, String text) {
        if (!text.isEmpty()) {
            out.append("<li>").append(escaped(text)).append("</li>\n");
        }
    }

    static String escaped(String text) {
        return Terminal.printable(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
