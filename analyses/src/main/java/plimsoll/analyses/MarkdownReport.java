package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Remedy;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Verdict;

/** Writes a report as Markdown. All captured text is escaped: it stays text. */
final class MarkdownReport {
    private MarkdownReport() {}

    static String write(Report report) {
        var out = new StringBuilder("# ")
                .append(escaped(report.title().orElse(report.host().name())))
                .append("\n\n");
        out.append(escaped(TextReport.head(report.host()))).append("\n\n");
        report.notes().forEach(n -> out.append(escaped(n)).append("\n\n"));
        row(out, Cells.HEADS);
        out.append("|---".repeat(Cells.HEADS.size())).append("|\n");
        Cells.seen(report.budgets()).forEach(b -> row(out, Cells.of(b).list()));
        pictures(out, report);
        Cells.seen(report.budgets()).forEach(b -> detail(out, b));
        remedies(out, report);
        holders(out, report.host());
        listed(out, "UNKNOWN, and what would decide", Cells.wanted(report.budgets()));
        listed(out, "Symptoms", report.symptoms().stream().toList());
        listed(out, "Doubts", report.doubts().stream().toList());
        if (!report.host().capture().problems().isEmpty()) {
            out.append("\n## Not read\n\n");
            report.host().capture().problems().forEach(p -> out.append("- ")
                    .append(escaped(p))
                    .append('\n'));
        }
        List<Quotes.Quote> quotes = Quotes.of(report).list();
        if (!quotes.isEmpty()) {
            out.append("\n## Lines that were read\n\n");
            quotes.forEach(q -> item(out, q.at() + ": " + q.shown()));
        }
        return out.toString();
    }

    private static void holders(StringBuilder out, Host host) {
        Optional<Holders> holders = Holders.of(host);
        if (holders.isEmpty()) {
            return;
        }
        out.append("\n## Who holds the sockets\n\n");
        row(out, Holders.HEADS);
        out.append("|---".repeat(Holders.HEADS.size())).append("|\n");
        holders.get().cells().forEach(c -> row(out, c));
        out.append('\n');
        holders.get().notes().forEach(n -> item(out, n));
        item(out, "from " + holders.get().source());
    }

    /** The pictures drawn with characters: 80 columns, readable wherever the Markdown is. */
    private static void pictures(StringBuilder out, Report report) {
        if (Cells.seen(report.budgets()).isEmpty()) {
            return;
        }
        out.append("\n## Pictures\n");
        picture(out, Cells.titled("All budgets at a glance", report.budgets().plot()));
        report.host().pictures().stream()
                .filter(p -> !p.name().equals("glance"))
                .forEach(p -> picture(out, p.picture()));
    }

    /** A picture's texts are of one line each and print: no fence can come from them. */
    private static void picture(StringBuilder out, Picture picture) {
        out.append("\n```text\n").append(picture.text()).append("\n```\n");
    }

    private static void remedies(StringBuilder out, Report report) {
        for (Budget b : report.remedies().budgets()) {
            out.append("\n## ")
                    .append(escaped("Remedies for " + b.name() + ", " + b.scope()))
                    .append("\n\n");
            for (Remedy r : report.remedies().of(b.name(), b.scope())) {
                out.append("\n### ").append(escaped(r.sentence())).append("\n\n");
                r.details().forEach(d -> item(out, d.get(0) + ": " + d.get(1)));
                // what is captured is of one line each: no fence can come from it
                r.snippets().forEach(s -> out.append("\n```\n")
                        .append(s.toString().lines().map(Terminal::printable).collect(Collectors.joining("\n")))
                        .append("\n```\n"));
            }
            out.append('\n');
            report.remedies().refused(b.name()).forEach(r -> item(out, "not " + r));
        }
    }

    private static void row(StringBuilder out, List<String> cells) {
        cells.forEach(c -> out.append("| ").append(escaped(c)).append(' '));
        out.append("|\n");
    }

    private static void detail(StringBuilder out, Budget b) {
        out.append("\n## ").append(escaped(b.name() + ", " + b.scope())).append("\n\n");
        out.append(escaped(b.toString())).append("\n\n");
        if (b.verdict().state() == Verdict.State.OVER) {
            Cells.loadLine(b).ifPresent(p -> picture(out, p));
            out.append('\n');
        }
        Cells.formulas(b).forEach(f -> item(out, String.join(" = ", f)));
        Cells.inputs(b).forEach(i -> item(out, i.get(0) + " = " + i.get(1) + ", " + i.get(2)));
        item(out, Cells.range(b));
        item(out, Cells.figures(b));
        b.finding().notes().forEach(n -> item(out, n));
        b.finding().missing().forEach(m -> item(out, m.input() + " is missing; this would decide: " + m.command()));
        if (b.verdict().state() == Verdict.State.OVER) {
            item(out, "over means: " + b.law().meaning());
        }
    }

    private static void listed(StringBuilder out, String title, List<?> items) {
        if (!items.isEmpty()) {
            out.append("\n## ").append(title).append("\n\n");
            items.forEach(i -> item(out, i.toString()));
        }
    }

    private static void item(StringBuilder out, String text) {
        if (!text.isEmpty()) {
            out.append("- ").append(escaped(text)).append('\n');
        }
    }

    static String escaped(String text) {
        return Terminal.printable(text).replaceAll("([\\\\`*_{}\\[\\]<>#|!&~])", "\\\\$1");
    }
}
