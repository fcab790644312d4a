package plimsoll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fields of the JSON report that scripts rely on, and the numbers of the first field report. */
class ContractTest {
    private static final String RANGE = "net.ipv4.ip_local_port_range=1024 65535";

    private static JsonNode report(String... more) throws IOException {
        var args = new ArrayList<>(List.of("report", Ran.dataset("license-api"), "--json", "-"));
        args.addAll(List.of(more));
        Ran ran = Ran.of(args.toArray(String[]::new));
        assertEquals(0, ran.code(), ran.err());
        return new ObjectMapper().readTree(ran.out());
    }

    private static JsonNode budget(JsonNode report, String name) {
        for (JsonNode budget : report.get("budgets")) {
            if (budget.get("name").asText().equals(name)) {
                return budget;
            }
        }
        throw new AssertionError("no budget " + name);
    }

    private static JsonNode named(JsonNode list, String name) {
        for (JsonNode node : list) {
            if (node.get("name").asText().equals(name)) {
                return node;
            }
        }
        throw new AssertionError("no " + name + " in " + list);
    }

    @Test
    void everyFieldIsThere() throws IOException {
        JsonNode report = report("--ask", "ports.rate=500/s");
        assertEquals(
                List.of(
                        "host",
                        "kernel",
                        "captured",
                        "sources",
                        "budgets",
                        "doubts",
                        "symptoms",
                        "remedies",
                        "refused",
                        "holders",
                        "lines"),
                names(report));
        for (JsonNode source : report.get("sources")) {
            assertTrue(names(source).containsAll(List.of("path", "format", "rows", "rejected", "bytes", "used")));
        }
        for (JsonNode budget : report.get("budgets")) {
            assertTrue(
                    names(budget)
                            .containsAll(List.of(
                                    "name",
                                    "scope",
                                    "verdict",
                                    "effect",
                                    "demand",
                                    "supply",
                                    "use",
                                    "censored",
                                    "loss",
                                    "range",
                                    "figures",
                                    "formula",
                                    "inputs",
                                    "missing")),
                    budget.toString());
        }
        JsonNode ports = budget(report, "ports");
        assertTrue(names(ports.get("demand")).containsAll(List.of("value", "unit")));
        assertTrue(names(ports.get("formula")).containsAll(List.of("demand", "supply")));
        assertTrue(names(ports.get("inputs").get(0)).containsAll(List.of("name", "value", "unit", "kind", "source")));
        assertEquals(2, ports.get("range").get("use").size());
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void portsAtTheReportedRate() throws IOException {
        JsonNode ports = budget(report("--ask", "ports.rate=500/s", "--ask", "ports.connected=100ms"), "ports");
        assertEquals("OVER", ports.get("verdict").asText());
        assertEquals(28232, ports.get("supply").get("value").asLong());
        assertEquals(30562, ports.get("demand").get("value").asDouble(), 2);
        assertEquals(0.0766, ports.get("loss").get("low").asDouble(), 0.0005);
        assertEquals(0.0918, ports.get("loss").get("high").asDouble(), 0.0005);
        JsonNode hz = named(ports.get("inputs"), "HZ");
        assertEquals(250, hz.get("value").asInt());
        assertEquals("ASSUMED", hz.get("kind").asText());
        assertEquals("HZ", ports.get("range").get("over").get(0).asText());
        assertEquals(
                461.9, named(ports.get("figures"), "ceiling rate").get("value").asDouble(), 0.05);
    }

    @Test
    void portsWithAWiderRange() throws IOException {
        JsonNode ports = budget(
                report("--ask", "ports.connected=100ms", "--with", RANGE, "--ask", "ports.rate=1200/s"), "ports");
        assertEquals(64512, ports.get("supply").get("value").asLong());
        assertEquals("at most", ports.get("supply").get("bound").asText());
        assertEquals(0.1206, ports.get("loss").get("low").asDouble(), 0.0005);
        assertEquals(0.1351, ports.get("loss").get("high").asDouble(), 0.0005);
    }

    @Test
    void portsWithReuse() throws IOException {
        JsonNode ports = budget(
                report(
                        "--ask", "ports.rate=500/s",
                        "--ask", "ports.connected=100ms",
                        "--with", "net.ipv4.tcp_tw_reuse=1"),
                "ports");
        assertEquals("FITS", ports.get("verdict").asText());
        assertTrue(
                named(ports.get("figures"), "expected TIME-WAIT").get("value").asDouble() > 10_000);
    }

    /** The field report's question at twelve hundred a second: what is proposed, in which order, and what is refused. */
    @Test
    void whatWouldMendThePorts() throws IOException {
        JsonNode report = report("--ask", "ports.rate=1200/s");
        var changes = new ArrayList<String>();
        double before = -1;
        for (JsonNode r : report.get("remedies")) {
            assertTrue(
                    names(r).containsAll(List.of(
                            "budget", "scope", "change", "use", "loss", "next", "caveat", "cost", "source", "snippet")),
                    r::toString);
            assertTrue(names(r.get("next")).containsAll(List.of("budget", "scope", "at")), r::toString);
            assertTrue(r.get("next").get("at").get("value").asDouble() > 0, r::toString);
            assertTrue(r.get("loss").asDouble() >= before, r::toString);
            before = r.get("loss").asDouble();
            changes.add(r.get("change").asText());
        }
        assertTrue(
                changes.containsAll(List.of(
                        "wider range, reserved ports",
                        "tcp_tw_reuse=1",
                        "keepalive proxy on this host",
                        "a second source address")),
                changes::toString);
        assertTrue(!report.get("remedies").toString().contains("tcp_fin_timeout"));
        assertEquals(
                "net.ipv4.tcp_fin_timeout",
                report.get("refused").get(0).get("change").asText());
        assertEquals(0, report().get("remedies").size());
    }

    @Test
    void whatTheCaptureAloneSays() throws IOException {
        JsonNode report = report();
        assertEquals(0.522, budget(report, "conntrack").get("use").asDouble(), 0.0005);
        JsonNode depth = budget(report, "conntrack-depth");
        assertEquals(4.176, depth.get("demand").get("value").asDouble(), 0.001);
        assertEquals("FITS", depth.get("verdict").asText());
        JsonNode ports = budget(report, "ports");
        assertEquals("UNKNOWN", ports.get("verdict").asText());
        assertTrue(ports.get("missing").get(0).get("command").asText().contains("ss "), ports.toString());
    }

    @Test
    void sourcesHaveTheirRejectedLines() throws IOException {
        JsonNode sources = new ObjectMapper()
                .readTree(Ran.of("sources", Ran.dataset("license-api"), "--json", "-")
                        .out());
        int rejected = 0;
        for (JsonNode source : sources.get("sources")) {
            rejected += source.get("rejected").asInt();
        }
        assertEquals(rejected, sources.get("rejected").size());
    }
}
