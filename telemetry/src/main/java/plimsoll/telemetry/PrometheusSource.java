package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text exposition format of Prometheus 0.0.4, and what OpenMetrics 1.0 adds to it ({@code # UNIT}, {@code # EOF}, exemplars), into the
 * table {@code prometheus}: a column of labels as {@code name="value"} with commas between, in the order of the source, and a column
 * for the value; a value of NaN is missing. What node_exporter took from {@code /proc} becomes the same facts as those files.
 */
final class PrometheusSource implements Source {
    private static final Pattern TYPE = Pattern.compile(
            "# TYPE [a-zA-Z_:][\\w:]* (counter|gauge|histogram|summary|untyped|unknown|info|stateset|gaugehistogram)\\s*");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][\\w:]*");
    private static final Pattern VALUE = Pattern.compile(
            "[ \\t]*([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?|(?i:[+-]?inf(?:inity)?|nan))(?:[ \\t]+(-?\\d{1,18}|-?\\d+\\.\\d+))?[ \\t]*(?:# \\{.*)?");

    @Override
    public String name() {
        return "Prometheus metrics";
    }

    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, 3);
        if (head.stream().anyMatch(l -> l.contains("phpfpm_"))) {
            return Match.NO; // the status page of PHP-FPM in this form has a source of its own
        }
        if (head.stream()
                .anyMatch(l -> l.startsWith("# TYPE ") && TYPE.matcher(l).matches())) {
            return Match.SURE;
        }
        if (text.path().endsWith(".prom") && !head.isEmpty() && Sample.read(head.get(0)) != null) {
            return Match.SURE; // what node_exporter reads from its textfile folder
        }
        // a name and a number are the form of many files: labels, or the prefix of node_exporter, tell
        boolean told = !head.isEmpty()
                && (head.get(0).startsWith("node_") || head.get(0).indexOf("{") > 0)
                && Sample.read(head.get(0)) != null;
        return told ? Match.SHAPE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var facts = new NodeFacts(account);
        var rows = new Rows.Builder("prometheus")
                .column("name", Rows.Type.TEXT)
                .column("labels", Rows.Type.TEXT)
                .column("value", Rows.Type.REAL)
                .column("timestamp", Rows.Type.TEXT);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (line.isBlank() || line.startsWith("#")) {
                account.empty();
                continue;
            }
            Sample sample = Sample.read(line);
            if (sample == null) {
                account.reject(i, "is not a metric: a name, labels in braces where it has any, and a number");
                continue;
            }
            rows.text("name", sample.name);
            if (!sample.labels.isEmpty()) {
                rows.text("labels", sample.told());
            }
            if (!Double.isNaN(sample.value)) {
                rows.real("value", sample.value);
            }
            if (sample.timestamp != null) {
                rows.text("timestamp", sample.timestamp);
            }
            rows.end();
            facts.sample(i, sample.name, sample.labels, sample.value);
            account.used();
        }
        facts.close();
        account.covers(text.at(0)); // each exporter has metrics of its own
        return account.close(Optional.of(rows.rows()));
    }

    /** One line. */
    private record Sample(String name, Map<String, String> labels, double value, @Nullable String timestamp) {

        static @Nullable Sample read(String line) {
            Matcher name = NAME.matcher(line);
            if (!name.lookingAt()) {
                return null;
            }
            var labels = new LinkedHashMap<String, String>();
            int at = Fields.skipBlanks(line, name.end());
            if (at < line.length() && line.charAt(at) == '{') {
                at = labels(line, at + 1, labels);
            } else if (at == name.end()) {
                return null;
            }
            if (at < 0) {
                return null;
            }
            Matcher value = VALUE.matcher(line).region(at, line.length());
            return value.matches() ? new Sample(name.group(), labels, number(value.group(1)), value.group(2)) : null;
        }

        /** Reads the labels up to their brace; the place after it, or -1 where they are not well-formed. */
        private static int labels(String line, int from, Map<String, String> labels) {
            int at = Fields.skipBlanks(line, from);
            while (at < line.length() && line.charAt(at) != '}') {
                int equals = line.indexOf('=', at);
                int quote = equals < 0 ? -1 : Fields.skipBlanks(line, equals + 1);
                if (quote < 0 || quote >= line.length() || line.charAt(quote) != '"') {
                    return -1;
                }
                String label = line.substring(at, equals).strip();
                var value = new StringBuilder();
                int end = quoted(line, quote + 1, value);
                if (end < 0 || !NAME.matcher(label).matches()) {
                    return -1;
                }
                labels.put(label, value.toString());
                at = Fields.skipBlanks(line, end);
                if (at < line.length() && line.charAt(at) == ',') {
                    at = Fields.skipBlanks(line, at + 1);
                } else if (at < line.length() && line.charAt(at) != '}') {
                    return -1;
                }
            }
            return at < line.length() ? at + 1 : -1;
        }

        /** Unescapes up to the closing quote; the place after it, or -1 where there is none. */
        private static int quoted(String line, int from, StringBuilder value) {
            for (int i = from; i < line.length(); i++) {
                char c = line.charAt(i);
                if (c == '"') {
                    return i + 1;
                }
                if (c == '\\' && i + 1 < line.length()) {
                    i++;
                    value.append(line.charAt(i) == 'n' ? '\n' : line.charAt(i));
                } else {
                    value.append(c);
                }
            }
            return -1;
        }

        private static double number(String told) {
            String bare = told.toLowerCase(java.util.Locale.ROOT);
            if (bare.equals("nan") || bare.endsWith("nan")) {
                return Double.NaN;
            }
            if (bare.contains("inf")) {
                return bare.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            }
            return Double.parseDouble(told);
        }

        private String told() {
            var all = new ArrayList<String>();
            labels.forEach((name, value) -> all.add(name + "=\""
                    + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\""));
            return String.join(",", all);
        }
    }
}
