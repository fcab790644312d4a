package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.NothingReadable;

class HostTest {
    @Test
    void aBlankHostKnowsNothingUntilItIsTold() {
        Host blank = Host.blank();
        assertTrue(
                blank.budgets().stream().allMatch(b -> b.verdict().state() == Verdict.State.UNKNOWN),
                blank.budgets().toString());
        Budget ports = blank.with("net.ipv4.ip_local_port_range", "1024 65535").ports("500/s");
        assertEquals(64512, ports.finding().supply().orElseThrow().value());
    }

    private static final String SS_S =
            """
            Total: 34102 (kernel 34210)
            TCP:   32104 (estab 410, closed 31502, orphaned 12, synrecv 0, timewait 31401/0), ports 0

            Transport Total     IP        IPv6
            *         34210     -         -
            RAW       0         0         0
            UDP       12        8         4
            TCP       32104     32100     4
            INET      32116     32108     8
            FRAG      0         0         0
            """;

    private static void assertSays(String words, RuntimeException e) {
        assertTrue(String.valueOf(e.getMessage()).contains(words), e::toString);
    }

    private static Host dataset(String name) {
        return Host.read("../datasets/" + name);
    }

    @Test
    void theReportThatTookDaysIsOneLine() {
        Budget b = dataset("license-api").ports("500/s").with("connected", "100 ms");
        assertEquals("ports OVER: 30,562 of at most 28,232 (108%); 7.7-9.2% of connects fail", b.toString());
        assertEquals("449.5/s", b.breaksAt("rate").toString());
    }

    @Test
    void withoutARateTheTotalOfAllDestinationsProvesNothing() {
        Host host = dataset("license-api");
        assertEquals(Verdict.State.UNKNOWN, host.ports().verdict().state());
        assertEquals("ss -nat", host.ports().finding().missing().get(0).command());
        assertEquals(0.522, host.conntrack().verdict().use().orElseThrow(), 0.0005);
        assertEquals(4.176, host.conntrackDepth().figure("demand").value(), 0.0005);
    }

    @Test
    void aTotalBelowOnePoolProvesThatAllFits() {
        Budget b = dataset("tls-reload").ports();
        assertEquals(Verdict.State.FITS, b.verdict().state());
        assertEquals(Finding.Bound.AT_MOST, b.finding().demandBound());
        assertTrue(b.finding().notes().stream().anyMatch(n -> n.contains("4,102 TIME-WAIT")), b.finding()::toString);
        assertTrue(b.finding().notes().contains("the port range was not read: the default 32768 60999 is used"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.9.0.1 -> 10.9.0.2:9000, 199, OVER",
        "10.9.0.1 -> 10.9.0.2:9001, 40, FITS",
        "10.9.0.1 -> 10.9.0.2:9002, 12, FITS",
        "fd00:9::1 -> [fd00:9::2]:9000, 15, FITS"
    })
    void everyDestinationOfARealCaptureIsCountedOnce(String scope, double held, Verdict.State state) {
        Budget b = dataset("port-exhaustion/t0/client").budgets("ports").stream()
                .filter(x -> x.scope().equals(scope))
                .findFirst()
                .orElseThrow();
        assertEquals(held, b.figure("demand").value());
        assertEquals(199, b.figure("supply").value());
        assertEquals(state, b.verdict().state());
        assertEquals(state == Verdict.State.OVER, b.verdict().censored());
    }

    @Test
    void theWorstScopeComesFirst() {
        assertEquals(
                "10.9.0.1 -> 10.9.0.2:9000",
                dataset("port-exhaustion/t0/client").ports().scope());
    }

    @Test
    void aSummaryAloneInventsNothing() {
        Host host = Host.of(SS_S);
        assertEquals(Verdict.State.UNKNOWN, host.ports().verdict().state());
        assertEquals(32104, host.ports().figure("demand").value());
        assertTrue(host.conntrack().finding().demand().isEmpty());
        assertEquals(List.of("socket_summary"), host.tables());
    }

    @Test
    void anExcerptNeverBecomesATotal() {
        Host host = Host.of(
                """
                $ ss -nat | grep TIME-WAIT | head -2
                TIME-WAIT 0      0      10.0.0.1:40000 10.0.0.2:443
                TIME-WAIT 0      0      10.0.0.1:40001 10.0.0.2:443
                """);
        assertEquals(2, host.rows("sockets").size());
        assertEquals(Verdict.State.UNKNOWN, host.ports().verdict().state());
        assertEquals(Ports.EVERY, host.ports().scope());
    }

    @Test
    void whatIsPastedEndsAtALoneDot() {
        byte[] typed = (SS_S + ".\nnot read any more\n").getBytes(StandardCharsets.UTF_8);
        Host host = Host.paste(new ByteArrayInputStream(typed));
        assertEquals(1, host.capture().sources().size());
        assertEquals(0, host.capture().rejected().size());
    }

    @Test
    void aSettingReplacedIsAWhatIf() {
        Host host = dataset("license-api").with("net.ipv4.ip_local_port_range", "1024 65535");
        Budget b = host.ports("1200/s");
        assertEquals(64512, b.figure("supply").value());
        Input low = b.finding().inputs().stream()
                .filter(i -> i.name().endsWith("range.low"))
                .findFirst()
                .orElseThrow();
        assertEquals(Evidence.Kind.CHANGED, low.evidence().kind());
        assertTrue(low.evidence().source().startsWith("was 32768"));
    }

    @Test
    void anAskForOneScopeIsForThatScope() {
        Host host = dataset("port-exhaustion/t0/client").ask("ports[10.9.0.1 -> 10.9.0.2:9001].rate", "10/s");
        Budget asked = host.budgets("ports").stream()
                .filter(b -> b.scope().endsWith(":9001"))
                .findFirst()
                .orElseThrow();
        assertEquals(Verdict.State.OVER, asked.verdict().state());
        assertEquals(6, host.budgets("ports").size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ports.rate | 500 | ports.rate: '500' has no unit: a rate is written 500/s, 30/min or 100/h",
                "ports.rte | 5/s | ports has no input 'rte'; it has rate, connected, bound, unanswered, sources, kept, idle, goal",
                "prts.rate | 5/s | there is no budget 'prts'; there are",
                "rate | 5/s | 'rate' is not an input of a budget: write BUDGET.INPUT or BUDGET[SCOPE].INPUT, as ports.rate"
            })
    void aWrongAskTeaches(String input, String value, String message) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> dataset("license-api").ask(input, value));
        assertSays(message, e);
    }

    @Test
    void aSettingThatIsNotKnownIsRefused() {
        var e = assertThrows(
                IllegalArgumentException.class, () -> dataset("license-api").with("nonsense", "1"));
        assertSays("'nonsense' is not a setting that is known", e);
    }

    @Test
    void theMomentsOfACaptureAreLookedAtOneByOne() {
        Host host = dataset("port-exhaustion");
        assertEquals(0, waiting(host));
        assertEquals(209, waiting(host.at("t0")));
        assertEquals(0, waiting(host.at("t0").at("t66")));
        var e = assertThrows(IllegalArgumentException.class, () -> host.at("noon"));
        assertEquals("this capture has no moment 'noon'; it has t0, t66", e.getMessage());
    }

    private static long waiting(Host host) {
        return states(host, "TIME-WAIT");
    }

    private static long states(Host host, String state) {
        var states = host.rows("sockets").count("state");
        for (int row = 0; row < states.size(); row++) {
            if (states.cell("state", row).equals(state)) {
                return states.number("count", row).orElseThrow();
            }
        }
        return 0;
    }

    @Test
    void aTableThatIsNotThereIsNamedWithThoseThatAre() {
        var e = assertThrows(IllegalArgumentException.class, () -> Host.of(SS_S).rows("sockets"));
        assertEquals("this capture has no table 'sockets'; it has socket_summary", e.getMessage());
    }

    @Test
    void aBudgetOfTheUsersOwnIsOneCall() {
        Budget jdbc = dataset("license-api")
                .budget(facts -> Budget.of(
                        "jdbc-pool",
                        Input.given("queries", Quantity.perSecond(400))
                                .times(Input.given("held", Quantity.seconds(0.03))),
                        Formula.fixed(Quantity.count(10))));
        assertEquals("jdbc-pool OVER: 12 of 10 (120%)", jdbc.toString());
        assertEquals("333.3/s", jdbc.breaksAt("queries").toString());
    }

    @Test
    void whatIsNotThereIsOneSentence() {
        var e = assertThrows(NothingReadable.class, () -> Host.read("../datasets/no-such-folder"));
        assertSays("no-such-folder", e);
    }

    @Test
    void aNamespaceIsLookedAtByItsFolderWithWhatTheHostShares() {
        Host host = dataset("port-exhaustion").at("t0");
        assertEquals(List.of("client", "server"), host.capture().namespaces());
        Host server = host.in("server");
        assertEquals(0, waiting(server));
        assertEquals(30, states(server, "FIN-WAIT-2"));
        assertEquals(30, states(server.at("t0"), "FIN-WAIT-2"));
        assertEquals(0, states(server.at("t66"), "FIN-WAIT-2"));
        assertEquals(209, waiting(server.in("client")));
        // the server's folder has no zoneinfo of its own: the host's counts
        assertTrue(server.capture().origin("zones").startsWith("host/"));
        assertTrue(server.capture().origin("sockets").startsWith("server/"));
        var e = assertThrows(IllegalArgumentException.class, () -> host.in("backend"));
        assertEquals("this capture has no network namespace 'backend'; it has client, server", e.getMessage());
        var one = assertThrows(
                IllegalArgumentException.class, () -> dataset("license-api").in("backend"));
        assertEquals(
                "this capture has no network namespace 'backend'; it has only one, without a name", one.getMessage());
    }

    /** 66 s lie between the two dates; the values are those of nstat in the two folders. */
    @Test
    void countersOfTwoMomentsBecomeRatesOfEachNamespace() {
        Host client = dataset("port-exhaustion");
        assertEquals((100 - 12) / 66.0, perSecond(client, "rate:TcpExt.TCPTimeouts"), 1e-6);
        assertEquals(0, perSecond(client, "rate:Ip.InReceives"));
        assertEquals((1123 - 1035) / 66.0, perSecond(client.in("server"), "rate:Ip.InReceives"), 1e-6);
        assertTrue(client.at("t0").facts().find("rate:Ip.InReceives").isEmpty(), "nothing was read before t0");
        assertTrue(client.facts().find("rate:Tcp.CurrEstab").isEmpty(), "a gauge has no rate");
    }

    private static double perSecond(Host host, String name) {
        String text = host.facts().find(name).orElseThrow().text();
        assertTrue(text.endsWith("/s"), text);
        return Double.parseDouble(text.substring(0, text.length() - 2));
    }

    @Test
    void aCounterThatWentBackwardsIsSaidAndThereAreNoRates(@TempDir Path folder) throws IOException {
        moment(
                folder.resolve("t0"),
                "2026-11-21T05:49:28Z",
                "Tcp: CurrEstab ActiveOpens PassiveOpens",
                "Tcp: 9 100 50");
        moment(
                folder.resolve("t10"),
                "2026-11-21T05:49:38Z",
                "Tcp: CurrEstab ActiveOpens PassiveOpens",
                "Tcp: 2 350 51");
        moment(
                folder.resolve("t20"),
                "2026-11-21T05:49:48Z",
                "Tcp: CurrEstab ActiveOpens PassiveOpens",
                "Tcp: 3 360 7");
        moment(
                folder.resolve("t30"),
                "2026-11-21T05:49:48Z",
                "Tcp: CurrEstab ActiveOpens PassiveOpens",
                "Tcp: 3 361 8");
        Host host = Host.read(folder.toString());
        assertEquals(25, perSecond(host.at("t10"), "rate:Tcp.ActiveOpens"));
        assertEquals(List.of(), host.at("t10").capture().problems());
        Host rebooted = host.at("t20");
        assertTrue(rebooted.facts().find("rate:Tcp.ActiveOpens").isEmpty());
        assertEquals(
                List.of("no rates from t10 to t20: the counter Tcp.PassiveOpens (51 to 7) went backwards, so that the"
                        + " host was started anew in between, or another network namespace was read"),
                rebooted.capture().problems());
        assertEquals(
                List.of("no rates from t20 to t30: their dates lie 0 s apart"),
                host.capture().problems());
    }

    private static void moment(Path folder, String date, String... snmp) throws IOException {
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("date.txt"), date + "\n");
        Files.writeString(folder.resolve("snmp"), String.join("\n", snmp) + "\n");
    }
}
