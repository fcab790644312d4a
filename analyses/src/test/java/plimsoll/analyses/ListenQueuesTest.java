package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Verdict;

/** The queues of a listener, and how long the kernel goes on knocking, as measured on Linux 6.18 at HZ=250. */
class ListenQueuesTest {
    private static final AcceptQueue ACCEPT = new AcceptQueue();
    private static final SynQueue SYN = new SynQueue();

    @ParameterizedTest(name = "TCP lab 9: listen({0}), somaxconn {1}: {2}")
    @CsvSource({"10, 4096, 11", "10, 5, 6", "0, 4096, 1", "1, 4096, 2", "128, 4096, 129", "1024, 16, 17"})
    void theQueueAdmitsOneMoreThanTheSmallerOfBacklogAndSomaxconn(String backlog, String somaxconn, double admitted) {
        Budget b = Given.budget(
                ACCEPT, Given.read("net.core.somaxconn", somaxconn), Listener.ANY, "backlog", backlog, "rate", "0/s");
        assertEquals(admitted, b.finding().supply().orElseThrow().value());
        assertEquals("stall", b.finding().missing().get(0).input());
    }

    @Test
    void aPauseFillsTheQueueAndTheRestIsRefused() {
        Budget b =
                Given.budget(ACCEPT, Given.read(), Listener.ANY, "backlog", "511", "rate", "2000/s", "stall", "300 ms");
        assertEquals(Verdict.State.OVER, b.verdict().state());
        assertEquals(600, b.figure("demand").value(), 1e-9);
        assertEquals(512, b.figure("supply").value());
        assertEquals(0.256, b.figure("time to full").value(), 1e-9);
        assertEquals(88, b.figure("refused in one stall").value());
        assertEquals("accept-queue OVER: 600 of 512 (117%)", b.toString());
        assertEquals(256, b.breaksAt("stall").at().orElseThrow().value() * 1000, 0.01);
    }

    @Test
    void aListenerIsReadFromItsRow() {
        Host server = Host.of(
                """
                $ ss -ltn
                State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
                LISTEN 9      8           10.9.0.2:9003      0.0.0.0:*
                LISTEN 0      4096     [fd00:9::2]:9000         [::]:*
                $ sysctl net.core.somaxconn
                net.core.somaxconn = 4096
                """);
        Budget full = server.acceptQueue();
        assertEquals("accept-queue OVER: at least 9 of 9 (100%)", full.toString());
        assertEquals("10.9.0.2:9003", full.scope());
        assertEquals(Finding.Bound.AT_LEAST, full.finding().demandBound());
        Budget other = server.budgets("accept-queue").get(1);
        assertEquals("[fd00:9::2]:9000", other.scope());
        assertTrue(other.finding()
                .notes()
                .contains("the backlog is as long as somaxconn lets it be: the program may ask for more"));
        assertEquals(
                17,
                server.with("net.core.somaxconn", "16")
                        .budgets("accept-queue")
                        .get(1)
                        .figure("supply")
                        .value(),
                "a smaller somaxconn counts from the next listen() on");
        assertEquals(
                Verdict.State.UNKNOWN, server.synQueue().verdict().state(), "a listing of listeners has no SYN-RECV");
    }

    @Test
    void aUnixSocketSaysSo() {
        Host host = Host.of(
                """
                $ ss -lx
                Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                u_str LISTEN 12     511    /run/php/php-fpm.sock 21003            * 0
                """);
        Budget b = host.acceptQueue("2000/s").with("stall", "1 s");
        assertEquals("/run/php/php-fpm.sock", b.scope());
        assertEquals(512, b.figure("supply").value());
        assertTrue(b.finding().notes().get(0).startsWith("a non-blocking connect() gets EAGAIN"));
    }

    @ParameterizedTest(name = "TCP lab 9: cookies {0}, listen({1}), tcp_max_syn_backlog {2}: {3}")
    @CsvSource({
        "0, 100, 64, 49",
        "0, 1024, 128, 97",
        "0, 200, 256, 193",
        "0, 4096, 256, 193",
        "0, 20, 2048, 21",
        "1, 20, 2048, 21",
        "1, 100, 64, 101"
    })
    void halfOpenConnectionsThatAListenerHolds(String cookies, String backlog, String most, double held) {
        Budget b = Given.budget(
                SYN,
                Given.read("net.ipv4.tcp_syncookies", cookies, "net.ipv4.tcp_max_syn_backlog", most),
                Listener.ANY,
                "backlog",
                backlog,
                "rate",
                "300/s",
                "rtt",
                "1 s");
        assertEquals(held, b.figure("supply").value());
        assertEquals(Verdict.State.OVER, b.verdict().state());
    }

    @Test
    void withoutCookiesTheOtherLimitHasToBeKnown() {
        Budget b = Given.budget(SYN, Given.read("net.ipv4.tcp_syncookies", "0"), Listener.ANY, "backlog", "100");
        assertEquals(
                "sysctl net.ipv4.tcp_max_syn_backlog",
                b.finding().missing().get(0).command());
        assertEquals(
                "ss -ltn",
                Given.budget(SYN, Given.read(), Listener.ANY)
                        .finding()
                        .missing()
                        .get(0)
                        .command());
    }

    @ParameterizedTest(name = "TCP lab 11: SYN-SENT, {0} retries, {1} linear: {2} s")
    @CsvSource({"6, 4, 134.2", "6, 0, 130.1", "2, 4, 7.14", "2, 0, 7.13", "1, 4, 3.06"})
    void howLongASynIsSentToAPeerThatDoesNotAnswer(double retries, double linear, double measured) {
        assertEquals(measured, Retries.handshake(retries, linear, 250), measured * 0.015);
    }

    @ParameterizedTest(name = "TCP lab 11: SYN-RECV, {0} retries: {1} s")
    @CsvSource({"5, 65.2", "2, 7.1"})
    void howLongTheAnswerToASynIsRepeated(double retries, double measured) {
        assertEquals(measured, Retries.handshake(retries, 0, 250), measured * 0.02);
    }

    @ParameterizedTest(name = "TCP lab 11: FIN-WAIT-1, {0} retries: {1} s")
    @CsvSource({"8, 107.0", "3, 6.9"})
    void howLongAFinIsSentToAPeerThatDoesNotAnswer(double retries, double measured) {
        // the timer itself starts a little above TCP_RTO_MIN, so that the model stays below
        assertEquals(measured, Retries.fin(retries, 250), measured * 0.08);
    }
}
