package plimsoll.notebooks.jupyter;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import plimsoll.analyses.Cells;
import plimsoll.analyses.Comparison;
import plimsoll.analyses.Doubt;
import plimsoll.analyses.Doubts;
import plimsoll.analyses.Host;
import plimsoll.analyses.Pictures;
import plimsoll.analyses.PortShape;
import plimsoll.analyses.Report;
import plimsoll.analyses.SourceList;
import plimsoll.analyses.Symptom;
import plimsoll.analyses.Symptoms;
import plimsoll.analyses.TableList;
import plimsoll.dsl.Bottleneck;
import plimsoll.dsl.Breakpoint;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Budgets;
import plimsoll.dsl.Change;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Explanation;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Figure;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Remedies;
import plimsoll.dsl.Remedy;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Sweep;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Verdict;
import plimsoll.plots.Inline;
import plimsoll.plots.Page;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Reject;
import plimsoll.telemetry.Rows;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/**
 * The one place where a value becomes HTML, for a notebook's cell. All text is escaped, whatever was captured; styles stand in the elements,
 * since code hosts take style sheets away; lists and tables are cut with a sentence that says so.
 */
final class Html {
    /** What is shown; the list is held against the public types by a test. */
    static final List<Class<?>> TYPES = List.of(
            Bottleneck.class,
            Breakpoint.class,
            Budget.class,
            Budgets.class,
            Capture.class,
            Change.class,
            Comparison.class,
            Doubt.class,
            Doubts.class,
            Evidence.class,
            Explanation.class,
            Fact.class,
            Facts.class,
            Figure.class,
            Finding.class,
            Formula.class,
            Host.class,
            Input.class,
            Missing.class,
            Notebook.Plotly.class,
            Picture.class,
            Pictures.class,
            PortShape.class,
            Quantity.class,
            Refused.class,
            Reject.class,
            Remedies.class,
            Remedy.class,
            Report.class,
            Rows.class,
            Snippet.class,
            SourceList.class,
            Sweep.class,
            Symptom.class,
            Symptoms.class,
            Table.class,
            TableList.class,
            Verdict.class);

    static final int ROWS = 20;
    private static final int ITEMS = 60;
    private static final int WIDTH = 240;

    private static final String TEXT = "text-align:left";
    private static final String NUMBER = "text-align:right";
    private static final String OVER = "font-weight:bold;color:#d55e00";

    private Html() {}

    /** The value as markup. */
    static String of(Object value) {
        if (value instanceof Picture picture) {
            return Inline.figure(picture);
        } else if (value instanceof Pictures pictures) {
            return pictures.stream().map(p -> Inline.figure(p.picture())).collect(Collectors.joining());
        } else if (value instanceof Sweep sweep) {
            return paragraph(sweep.toString()) + Inline.figure(sweep.plot());
        } else if (value instanceof Host host) {
            return host(host);
        } else if (value instanceof Report report) {
            return report(report);
        } else if (value instanceof Budget budget) {
            return budget(budget);
        } else if (value instanceof Budgets budgets) {
            return budgets(budgets.stream().toList(), ".stream() has all, .worst() the first");
        } else if (value instanceof Remedies remedies) {
            return remedies(remedies);
        } else if (value instanceof Remedy remedy) {
            return paragraph(remedy.sentence()) + working(remedy);
        } else if (value instanceof Rows rows) {
            return rows(rows);
        } else if (value instanceof Table table) {
            return table(table);
        } else if (value instanceof Comparison comparison) {
            return list(comparison.implied()) + list(comparison.differences());
        } else if (value instanceof Capture capture) {
            return paragraph(capture.toString()) + list(capture.sources()) + list(capture.problems());
        } else if (value instanceof Notebook.Plotly) {
            return Inline.library();
        } else if (value instanceof Explanation explanation) {
            return preformatted(explanation.text());
        } else if (value instanceof SourceList sources) {
            return preformatted(sources.text());
        } else if (value instanceof TableList tables) {
            return preformatted(tables.text());
        } else if (value instanceof Iterable<?> items) {
            return list(items);
        }
        return preformatted(value.toString());
    }

    // ---- hosts and budgets

    private static String host(Host host) {
        return paragraph(host.toString())
                + known(host.budgets())
                + counted(host.symptoms().size(), "symptom", "host.symptoms()")
                + counted(host.doubts().size(), "doubt", "host.doubts()");
    }

    private static String report(Report report) {
        return paragraph(report.host().toString())
                + known(report.budgets())
                + titled("Symptoms: a limit was hit", report.symptoms())
                + titled("Doubts: this telemetry contradicts itself", report.doubts())
                + titled("Not read", report.host().capture().problems());
    }

    /** The budgets of which something is known, and what would decide the others. */
    private static String known(Budgets budgets) {
        return budgets(Cells.seen(budgets), ".budgets() has all")
                + folded("UNKNOWN, and what would decide", Cells.wanted(budgets));
    }

    private static String counted(int count, String what, String how) {
        return count == 0 ? "" : paragraph(count + " " + what + (count == 1 ? ": " : "s: ") + how);
    }

    private static String budgets(List<Budget> budgets, String more) {
        var rows = new ArrayList<List<String>>();
        budgets.stream().limit(ITEMS).forEach(b -> rows.add(Cells.of(b).list()));
        return table(Cells.HEADS, rows, i -> i >= 2 && i <= 5, rows.size(), budgets.size(), more);
    }

    private static String budget(Budget budget) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("of", budget.scope(), ""));
        Cells.formulas(budget).forEach(f -> rows.add(List.of(f.get(0), "= " + f.get(1), "")));
        rows.addAll(Cells.inputs(budget));
        add(rows, "range", Cells.range(budget));
        add(rows, "figures", Cells.figures(budget));
        budget.finding().notes().forEach(n -> add(rows, "why", n));
        budget.finding().missing().forEach(m -> add(rows, "missing", m.toString()));
        add(rows, "over means", budget.law().meaning());
        return verdict(budget)
                + "<details><summary>the working: formulas, inputs and where each comes from</summary>"
                + table(List.of(), rows, i -> false, rows.size(), rows.size(), "") + "</details>";
    }

    private static String verdict(Budget budget) {
        boolean over = budget.verdict().state() == Verdict.State.OVER;
        return "<p" + (over ? " style=\"" + OVER + "\"" : "") + ">" + escaped(budget.toString()) + "</p>";
    }

    /** Below each budget its changes, each to be unfolded, and the advice that is refused. */
    private static String remedies(Remedies remedies) {
        if (remedies.budgets().isEmpty()) {
            return paragraph(remedies.toString());
        }
        var out = new StringBuilder();
        for (Budget budget : remedies.budgets()) {
            out.append(verdict(budget)).append('\n');
            List<Remedy> changes = remedies.of(budget.name(), budget.scope());
            changes.forEach(r -> out.append("<details><summary>")
                    .append(escaped(r.sentence()))
                    .append("</summary>")
                    .append(working(r))
                    .append("</details>\n"));
            if (changes.isEmpty()) {
                out.append(paragraph(
                        budget.verdict().state() == Verdict.State.OVER
                                ? "no change is known that would mend it"
                                : "nothing to mend"));
            }
            out.append(folded(
                    "advice that is refused",
                    remedies.refused(budget.name()).stream()
                            .map(Refused::toString)
                            .toList()));
        }
        return out.toString();
    }

    /** What a change is, brings, costs and risks, and the lines for each file. */
    private static String working(Remedy remedy) {
        return points(remedy.details().stream()
                        .map(d -> d.get(0) + ": " + d.get(1))
                        .toList())
                + remedy.snippets().stream()
                        .map(s -> preformatted(s.toString()))
                        .collect(Collectors.joining());
    }

    private static void add(List<List<String>> rows, String name, String text) {
        if (!text.isEmpty()) {
            rows.add(List.of(name, text, ""));
        }
    }

    // ---- tables

    private static String rows(Rows rows) {
        return columns(
                rows.name(),
                rows.columns(),
                column -> rows.type(column) == Rows.Type.NUMBER || rows.type(column) == Rows.Type.REAL,
                rows::cell,
                rows.size(),
                ".where(…) and .count(…) pick among them");
    }

    private static String table(Table table) {
        return columns(
                table.name() == null ? "" : table.name(),
                table.columnNames(),
                column -> table.column(column) instanceof NumericColumn<?>,
                (column, row) -> table.column(column).getString(row),
                table.rowCount(),
                ".where(…) and .first(…) pick among them");
    }

    /** A cell by its column and row. */
    private interface Cell {
        String at(String column, int row);
    }

    /** The first rows, without the columns that are empty in them. */
    private static String columns(
            String name, List<String> columns, Predicate<String> number, Cell cells, int size, String more) {
        int shown = Math.min(ROWS, size);
        List<String> filled = columns.stream()
                .filter(c -> shown == 0
                        || IntStream.range(0, shown)
                                .anyMatch(row -> !cells.at(c, row).isEmpty()))
                .toList();
        List<List<String>> rows = IntStream.range(0, shown)
                .mapToObj(row -> filled.stream().map(c -> cells.at(c, row)).toList())
                .toList();
        int empty = columns.size() - filled.size();
        return paragraph(name)
                + table(filled, rows, i -> number.test(filled.get(i)), shown, size, more)
                + (empty == 0
                        ? ""
                        : paragraph(empty + (empty == 1 ? " column" : " columns") + " without a value in these rows: "
                                + columns.stream()
                                        .filter(c -> !filled.contains(c))
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    /** What a list of any kind shows: records as rows under the names of their components, anything else as points. */
    private static String list(Iterable<?> items) {
        var all = new ArrayList<Object>();
        items.forEach(all::add);
        if (all.isEmpty()) {
            return items instanceof Collection ? "" : paragraph(items.toString());
        }
        List<Object> shown = all.subList(0, Math.min(ITEMS, all.size()));
        RecordComponent[] components = all.get(0).getClass().getRecordComponents();
        if (components == null) {
            return points(shown.stream().map(Object::toString).toList())
                    + cut(shown.size(), all.size(), ".print() has all");
        }
        List<List<String>> cells = shown.stream()
                .map(item -> IntStream.range(0, components.length)
                        .mapToObj(i -> cell(read(components[i], item)))
                        .toList())
                .toList();
        return table(
                IntStream.range(0, components.length)
                        .mapToObj(i -> components[i].getName())
                        .toList(),
                cells,
                i -> components[i].getType().isPrimitive() && components[i].getType() != boolean.class,
                cells.size(),
                all.size(),
                ".print() has all");
    }

    private static Object read(RecordComponent component, Object item) {
        try {
            return component.getAccessor().invoke(item);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the " + component.getName() + " of " + item + " cannot be read", e);
        }
    }

    private static String cell(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(Object::toString).orElse("");
        } else if (value instanceof Collection<?> several) {
            return several.stream().map(Object::toString).collect(Collectors.joining(", "));
        }
        return value.toString();
    }

    /** Cells as a table, with a sentence below it where {@code shown} of {@code all} are there. */
    private static String table(
            List<String> heads, List<List<String>> rows, IntPredicate right, int shown, int all, String more) {
        var out = new StringBuilder("<div style=\"overflow-x:auto\"><table>");
        if (!heads.isEmpty()) {
            row(out.append("<thead>"), "th", heads, right);
            out.append("</thead>");
        }
        out.append("<tbody>");
        rows.forEach(r -> row(out, "td", r, right));
        out.append("</tbody></table></div>");
        return out + cut(shown, all, more);
    }

    private static void row(StringBuilder out, String tag, List<String> cells, IntPredicate right) {
        out.append("<tr>");
        boolean over = cells.get(0).equals(Verdict.State.OVER.name());
        for (int i = 0; i < cells.size(); i++) {
            String style = i == 0 && over ? TEXT + ";" + OVER : right.test(i) ? NUMBER : TEXT;
            out.append('<').append(tag).append(" style=\"").append(style).append("\">");
            out.append(escaped(clipped(cells.get(i)))).append("</").append(tag).append('>');
        }
        out.append("</tr>\n");
    }

    private static String clipped(String text) {
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 1) + "…";
    }

    private static String cut(int shown, int all, String more) {
        return shown == all
                ? ""
                : paragraph("The first " + shown + " of " + Quantity.count(all) + " are shown; " + more + ".");
    }

    // ---- text

    private static String titled(String title, Iterable<?> items) {
        return items.iterator().hasNext() ? "<p><b>" + escaped(title) + "</b></p>" + list(items) : "";
    }

    private static String folded(String title, List<String> items) {
        return items.isEmpty()
                ? ""
                : "<details><summary>" + escaped(title) + "</summary>" + points(items) + "</details>";
    }

    private static String points(List<String> items) {
        return items.stream()
                .map(i -> "<li>" + lines(i) + "</li>")
                .collect(Collectors.joining("\n", "<ul>", "</ul>\n"));
    }

    private static String paragraph(String text) {
        return text.isEmpty() ? "" : "<p>" + escaped(text) + "</p>\n";
    }

    private static String preformatted(String text) {
        return "<pre>" + text.lines().map(Html::escaped).collect(Collectors.joining("\n")) + "</pre>\n";
    }

    private static String lines(String text) {
        return text.lines().map(Html::escaped).collect(Collectors.joining("<br>"));
    }

    private static String escaped(String text) {
        return Page.escaped(Terminal.printable(text));
    }
}
