package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Remedy;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Capture;

/** Writes a report as aligned text, by consequence, for a terminal. */
final class TextReport {
    private static final int ROWS = 40;
    private static final int DETAILS = 12;

    private TextReport() {}

    static String write(Report report) {
        var out = new StringBuilder();
        Capture capture = report.host().capture();
        report.title().ifPresent(t -> out.append(Terminal.printable(t)).append("\n\n"));
        out.append(Terminal.printable(head(report.host()))).append("\n\n");
        report.notes().forEach(n -> out.append(Terminal.printable(n)).append("\n\n"));
        List<Budget> seen = Cells.seen(report.budgets());
        if (!seen.isEmpty()) {
            table(out, seen);
        }
        for (Budget b : seen.subList(0, Math.min(DETAILS, seen.size()))) {
            detail(out, b);
            // one picture, of what is worst
            if (b == seen.get(0) && b.verdict().state() == Verdict.State.OVER) {
                Cells.loadLine(b).ifPresent(p -> out.append('\n').append(p).append('\n'));
            }
        }
        if (seen.size() > DETAILS) {
            out.append("\nThe working of ")
                    .append(seen.size() - DETAILS)
                    .append(" more: --json, or budgets() in the shell\n");
        }
        remedies(out, report);
        unseen(out, report);
        holders(out, report.host());
        listed(out, "Symptoms: a limit was hit", report.symptoms().stream().toList());
        listed(
                out,
                "Doubts: this telemetry contradicts itself",
                report.doubts().stream().toList());
        if (!capture.problems().isEmpty()) {
            out.append("\nNot read:\n");
            capture.problems()
                    .forEach(p -> out.append("  ").append(Terminal.printable(p)).append('\n'));
        }
        return out.toString().stripTrailing();
    }

    /** What would mend, for each budget that is over, with what has to be put where. */
    private static void remedies(StringBuilder out, Report report) {
        for (Budget b : report.remedies().budgets()) {
            List<Remedy> found = report.remedies().of(b.name(), b.scope());
            List<Refused> refused = report.remedies().refused(b.name());
            if (found.isEmpty() && refused.isEmpty()) {
                continue;
            }
            out.append("\nRemedies for ")
                    .append(Terminal.printable(b.name() + ", " + b.scope()))
                    .append('\n');
            found.forEach(r -> remedy(out, r));
            refused.forEach(r -> out.append("  not ").append(r).append('\n'));
        }
    }

    private static void remedy(StringBuilder out, Remedy remedy) {
        out.append("  ").append(Terminal.printable(remedy.sentence())).append('\n');
        for (List<String> row : remedy.details()) {
            out.append("    ")
                    .append(row.get(0))
                    .append(" ".repeat(9 - row.get(0).length()))
                    .append(Terminal.printable(row.get(1)))
                    .append('\n');
        }
        for (Snippet snippet : remedy.snippets()) {
            snippet.toString().lines().forEach(l -> out.append("      ")
                    .append(Terminal.printable(l))
                    .append('\n'));
        }
    }

    private static void unseen(StringBuilder out, Report report) {
        var lines = new ArrayList<List<String>>();
        Cells.deciding(report.budgets())
                .forEach((command, names) -> lines.add(List.of("  " + command, String.join(", ", names))));
        if (!lines.isEmpty()) {
            out.append("\nUNKNOWN, and what would decide:\n").append(Terminal.aligned(lines));
        }
    }

    private static void listed(StringBuilder out, String title, List<?> items) {
        if (!items.isEmpty()) {
            out.append('\n').append(title).append('\n');
            items.forEach(i ->
                    out.append("  ").append(Terminal.printable(i.toString())).append('\n'));
        }
    }

    static String head(Host host) {
        return Identity.of(host.capture()) + sources(host.capture());
    }

    /** When it was captured and how much of it was understood, as the sentence goes on. */
    static String sources(Capture capture) {
        long used = capture.sources().stream().filter(Capture.Item::used).count();
        int rejected = capture.rejected().size();
        return capture.captured().map(t -> ", " + t).orElse("")
                + ": " + used + " of " + capture.sources().size()
                + (capture.sources().size() == 1 ? " source" : " sources")
                + " used"
                + (rejected == 0
                        ? ""
                        : ", " + rejected + (rejected == 1 ? " line" : " lines")
                                + " not understood (sources --rejected lists them)");
    }

    private static void holders(StringBuilder out, Host host) {
        Optional<Holders> holders = Holders.of(host);
        if (holders.isEmpty()) {
            return;
        }
        var lines = new ArrayList<List<String>>();
        lines.add(Holders.HEADS);
        lines.addAll(holders.get().cells());
        out.append("\nWho holds the sockets [")
                .append(Terminal.printable(holders.get().source()))
                .append("]:\n");
        Terminal.aligned(lines).lines().forEach(l -> out.append("  ").append(l).append('\n'));
        holders.get().notes().forEach(n -> out.append("  ").append(n).append('\n'));
    }

    private static void table(StringBuilder out, List<Budget> budgets) {
        var lines = new ArrayList<List<String>>();
        lines.add(Cells.HEADS);
        budgets.stream().limit(ROWS).forEach(b -> lines.add(Cells.of(b).list()));
        out.append(Terminal.aligned(lines));
        if (budgets.size() > ROWS) {
            out.append(budgets.size() - ROWS).append(" more: --json lists them\n");
        }
    }

    private static void detail(StringBuilder out, Budget b) {
        Finding found = b.finding();
        out.append('\n').append(Terminal.printable(b.toString())).append('\n');
        line(out, "of", b.scope());
        block(
                out,
                "formula",
                Cells.formulas(b).stream()
                        .map(f -> List.of(f.get(0), "= " + f.get(1)))
                        .toList());
        block(out, "inputs", Cells.inputs(b));
        line(out, "range", Cells.range(b));
        line(out, "figures", Cells.figures(b));
        found.notes().forEach(n -> line(out, "why", n));
        found.missing().forEach(m -> line(out, "missing", m.input() + "; this would decide: " + m.command()));
        if (b.verdict().state() == Verdict.State.OVER) {
            line(out, "means", b.law().meaning());
        }
    }

    private static void block(StringBuilder out, String label, List<List<String>> cells) {
        String first = label;
        for (String line : cells.isEmpty()
                ? List.<String>of()
                : Terminal.aligned(cells).lines().toList()) {
            line(out, first, line);
            first = "";
        }
    }

    private static void line(StringBuilder out, String label, String text) {
        if (!text.isEmpty()) {
            out.append("  ")
                    .append(label)
                    .append(" ".repeat(9 - label.length()))
                    .append(Terminal.printable(text))
                    .append('\n');
        }
    }
}
