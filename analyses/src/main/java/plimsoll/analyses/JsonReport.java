package plimsoll.analyses;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import plimsoll.dsl.Bottleneck;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Change;
import plimsoll.dsl.Figure;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Remedy;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Reject;

/** Writes a report, or what became of each source, as JSON. Counts and bytes are whole numbers; everything else is a number in the base of its unit. */
final class JsonReport {
    private final JsonGenerator out;

    private JsonReport(JsonGenerator out) {
        this.out = out;
    }

    private interface Content {
        void write(JsonReport json) throws IOException;
    }

    static String write(Report report) {
        return text(json -> json.report(report));
    }

    /** What became of each file, with every line that was not understood. */
    static String write(Capture capture) {
        return text(json -> json.sources(capture));
    }

    private static String text(Content content) {
        var text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.setPrettyPrinter(new DefaultPrettyPrinter());
            content.write(new JsonReport(out));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private void sources(Capture capture) throws IOException {
        out.writeStartObject();
        head(capture);
        out.writeArrayFieldStart("rejected");
        for (Reject reject : capture.rejected()) {
            out.writeStartObject();
            out.writeStringField("path", reject.path());
            out.writeNumberField("line", reject.line());
            out.writeStringField("text", reject.text());
            out.writeStringField("reason", reject.reason());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("problems");
        for (String problem : capture.problems()) {
            out.writeString(problem);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void head(Capture capture) throws IOException {
        out.writeStringField("host", capture.name());
        Identity identity = Identity.of(capture);
        string("kernel", identity.release().isEmpty() ? null : identity.release());
        string("captured", capture.captured().orElse(null));
        out.writeArrayFieldStart("sources");
        for (Capture.Item item : capture.sources()) {
            source(item);
        }
        out.writeEndArray();
    }

    private void report(Report report) throws IOException {
        out.writeStartObject();
        head(report.host().capture());
        if (report.title().isPresent()) {
            out.writeStringField("title", report.title().get());
        }
        if (!report.notes().isEmpty()) {
            out.writeArrayFieldStart("notes");
            for (String note : report.notes()) {
                out.writeString(note);
            }
            out.writeEndArray();
        }
        out.writeArrayFieldStart("budgets");
        for (Budget budget : report.budgets()) {
            budget(budget);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("doubts");
        for (Doubt doubt : report.doubts()) {
            doubt(doubt);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("symptoms");
        for (Symptom symptom : report.symptoms()) {
            symptom(symptom);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("remedies");
        for (Remedy remedy : report.remedies()) {
            remedy(remedy);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("refused");
        for (Budget budget : report.remedies().budgets()) {
            for (Refused refused : report.remedies().refused(budget.name())) {
                out.writeStartObject();
                out.writeStringField("budget", budget.name());
                out.writeStringField("change", refused.change());
                out.writeStringField("why", refused.why());
                out.writeStringField("source", refused.source());
                out.writeEndObject();
            }
        }
        out.writeEndArray();
        holders(report.host());
        out.writeArrayFieldStart("lines");
        for (Quotes.Quote quote : Quotes.of(report).list()) {
            out.writeStartObject();
            out.writeStringField("source", quote.at());
            out.writeStringField("text", quote.beginning());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void holders(Host host) throws IOException {
        out.writeArrayFieldStart("holders");
        for (Holders.Holder holder : Holders.of(host).map(Holders::list).orElse(List.of())) {
            out.writeStartObject();
            string("program", holder.program().isEmpty() ? null : holder.program());
            out.writeFieldName("processes");
            value(holder.processes() == 0 ? Double.NaN : holder.processes());
            out.writeNumberField("sockets", holder.sockets());
            counts("states", "state", holder.states());
            counts("destinations", "to", holder.destinations());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void counts(String name, String of, Map<String, Long> counts) throws IOException {
        out.writeArrayFieldStart(name);
        for (Map.Entry<String, Long> each : counts.entrySet()) {
            out.writeStartObject();
            out.writeStringField(of, each.getKey());
            out.writeNumberField("sockets", each.getValue());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void source(Capture.Item item) throws IOException {
        out.writeStartObject();
        out.writeStringField("path", item.path());
        out.writeStringField("format", item.format());
        out.writeNumberField("rows", item.rows());
        out.writeNumberField("rejected", item.rejected());
        out.writeNumberField("bytes", item.bytes());
        out.writeBooleanField("used", item.used());
        out.writeStringField("note", item.note());
        out.writeEndObject();
    }

    private void doubt(Doubt doubt) throws IOException {
        out.writeStartObject();
        out.writeStringField("rule", doubt.rule());
        out.writeStringField("message", doubt.message());
        out.writeArrayFieldStart("sources");
        for (String source : doubt.sources()) {
            out.writeString(source);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void symptom(Symptom symptom) throws IOException {
        out.writeStartObject();
        out.writeStringField("counter", symptom.counter());
        out.writeNumberField("value", symptom.value());
        out.writeStringField("since", symptom.since());
        out.writeStringField("means", symptom.means());
        out.writeStringField("not", symptom.not());
        out.writeStringField("source", symptom.source());
        out.writeEndObject();
    }

    private void remedy(Remedy remedy) throws IOException {
        out.writeStartObject();
        out.writeStringField("budget", remedy.before().name());
        out.writeStringField("scope", remedy.before().scope());
        out.writeStringField("change", remedy.title());
        out.writeArrayFieldStart("changes");
        for (Change change : remedy.changes()) {
            out.writeStartObject();
            out.writeStringField("name", change.name());
            out.writeStringField("value", change.value());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeStringField("verdict", remedy.after().verdict().state().name());
        number("use", remedy.use());
        number("loss", remedy.loss());
        if (remedy.next().isPresent()) {
            bottleneck(remedy.next().get());
        } else {
            out.writeNullField("next");
        }
        out.writeArrayFieldStart("over");
        for (Budget other : remedy.over()) {
            out.writeStartObject();
            out.writeStringField("budget", other.name());
            out.writeStringField("scope", other.scope());
            number("use", other.verdict().use());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("alike");
        for (Budget other : remedy.alike()) {
            out.writeStartObject();
            out.writeStringField("scope", other.scope());
            out.writeStringField("verdict", other.verdict().state().name());
            number("use", other.verdict().use());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeStringField("cost", remedy.cost());
        out.writeStringField("caveat", remedy.risk());
        out.writeStringField("source", remedy.source());
        out.writeStringField(
                "snippet", remedy.snippets().stream().map(Snippet::toString).collect(Collectors.joining("\n\n")));
        out.writeArrayFieldStart("snippets");
        for (Snippet snippet : remedy.snippets()) {
            out.writeStartObject();
            out.writeStringField("kind", snippet.kind().name());
            out.writeStringField("file", snippet.kind().file());
            out.writeStringField("text", snippet.text());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void bottleneck(Bottleneck next) throws IOException {
        out.writeObjectFieldStart("next");
        out.writeStringField("budget", next.budget());
        out.writeStringField("scope", next.scope());
        out.writeStringField("input", next.input());
        if (next.at().isPresent()) {
            out.writeObjectFieldStart("at");
            quantity(next.at().get());
            out.writeEndObject();
        } else {
            out.writeNullField("at");
        }
        out.writeEndObject();
    }

    private void budget(Budget budget) throws IOException {
        Finding found = budget.finding();
        Verdict verdict = budget.verdict();
        out.writeStartObject();
        out.writeStringField("name", budget.name());
        out.writeStringField("scope", budget.scope());
        out.writeStringField("verdict", verdict.state().name());
        out.writeStringField("effect", budget.law().effect().name());
        side("demand", found.demand(), found.unit(), found.demandBound());
        side("supply", found.supply(), found.unit(), found.supplyBound());
        number("use", verdict.use());
        out.writeNumberField("goal", verdict.goal());
        out.writeBooleanField("censored", verdict.censored());
        loss(found);
        range(verdict);
        out.writeArrayFieldStart("figures");
        for (Figure figure : found.figures()) {
            out.writeStartObject();
            out.writeStringField("name", figure.name());
            quantity(figure.quantity());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeObjectFieldStart("formula");
        string("demand", found.demand().map(Formula::toString).orElse(null));
        string("supply", found.supply().map(Formula::toString).orElse(null));
        for (Formula.Named part : found.parts()) {
            out.writeStringField(part.name(), part.formula().toString());
        }
        out.writeEndObject();
        out.writeArrayFieldStart("inputs");
        for (Input input : found.inputs()) {
            input(input);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("missing");
        for (Missing missing : found.missing()) {
            out.writeStartObject();
            out.writeStringField("input", missing.input());
            out.writeStringField("command", missing.command());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("notes");
        for (String note : found.notes()) {
            out.writeString(note);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void side(String name, Optional<Formula> formula, Unit unit, Finding.Bound bound) throws IOException {
        if (formula.isEmpty()) {
            out.writeNullField(name);
            return;
        }
        out.writeObjectFieldStart(name);
        quantity(formula.get().in(unit));
        out.writeStringField("bound", bound.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        out.writeEndObject();
    }

    private void loss(Finding found) throws IOException {
        if (found.loss().isEmpty()) {
            out.writeNullField("loss");
            return;
        }
        Finding.Loss loss = found.loss().get();
        out.writeObjectFieldStart("loss");
        out.writeNumberField("low", loss.low().value());
        out.writeNumberField("high", loss.high().value());
        out.writeStringField("of", loss.of());
        out.writeEndObject();
    }

    private void range(Verdict verdict) throws IOException {
        if (verdict.least().isEmpty()) {
            out.writeNullField("range");
            return;
        }
        out.writeObjectFieldStart("range");
        out.writeArrayFieldStart("use");
        value(verdict.least().orElse(Double.NaN));
        value(verdict.most().orElse(Double.NaN));
        out.writeEndArray();
        out.writeArrayFieldStart("over");
        for (String name : verdict.assumed()) {
            out.writeString(name);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("turns");
        for (String turn : verdict.turns()) {
            out.writeString(turn);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void input(Input input) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", input.name());
        quantity(input.quantity());
        out.writeStringField("kind", input.evidence().kind().name());
        out.writeStringField("source", input.evidence().source());
        if (!input.alternatives().isEmpty()) {
            out.writeArrayFieldStart("alternatives");
            for (Quantity other : input.alternatives()) {
                value(other.value());
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private void quantity(Quantity quantity) throws IOException {
        out.writeFieldName("value");
        value(quantity.value());
        out.writeStringField("unit", quantity.unit().base());
    }

    private void number(String name, OptionalDouble value) throws IOException {
        out.writeFieldName(name);
        value(value.orElse(Double.NaN));
    }

    private void value(double value) throws IOException {
        if (!Double.isFinite(value)) {
            out.writeNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.writeNumber((long) value);
        } else {
            out.writeNumber(value);
        }
    }

    private void string(String name, @Nullable String value) throws IOException {
        if (value == null) {
            out.writeNullField(name);
        } else {
            out.writeStringField(name, value);
        }
    }
}
