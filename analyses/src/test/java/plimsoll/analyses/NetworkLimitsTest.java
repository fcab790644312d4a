package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Queueing;
import plimsoll.dsl.Verdict;

/** Memory, windows, descriptors, translated and bound ports, other systems. */
class NetworkLimitsTest {
    private static final String SUMMARY =
            """
            $ cat /proc/net/sockstat
            sockets: used 113
            TCP: inuse 103 orphan 0 tw 209 alloc 184 mem 17
            $ sysctl net.ipv4.tcp_mem
            net.ipv4.tcp_mem = 188000\t250000\t376000
            """;

    @Test
    void allOfTcpIsCountedInPages() {
        Budget b = Host.of(SUMMARY).socketMemory();
        assertEquals(17 * 4096, b.figure("demand").value());
        assertEquals(250000.0 * 4096, b.figure("supply").value());
        assertEquals(376000.0 * 4096, b.figure("data is dropped from").value());
        Budget asked = Host.of(SUMMARY).socketMemory("20000").with("each", "64 KiB");
        assertEquals(Verdict.State.OVER, asked.verdict().state());
        assertEquals("socket-memory OVER: 1.221 GiB of 976.6 MiB (128%)", asked.toString());
    }

    @Test
    void aUnixWriterIsChargedBeyondItsBufferByOneSegmentAtMost() {
        // measured: 180,224 B unread, the writer charged 214,016 B of 212,992 B
        Host host = Host.of(
                """
                $ ss -xam
                Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                u_str ESTAB 180224 0      * 419200            * 419201
                \t skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d0)
                u_str ESTAB 0      214016 * 419201            * 419200
                \t skmem:(r0,rb212992,t214016,tb212992,f0,w0,o0,bl0,d0)
                """);
        Budget b = host.socketMemory();
        assertEquals("send * 419201", b.scope());
        assertEquals(214016, b.figure("demand").value());
        assertEquals(212992, b.figure("supply").value());
        assertEquals(Verdict.State.OVER, b.verdict().state());
        var e = assertThrows(IllegalArgumentException.class, () -> b.at("elsewhere"));
        assertEquals(
                "socket-memory has no scope 'elsewhere'; it has tcp, or send or receive and the ends of a socket, as"
                        + " 'send 10.0.0.1:80 -> 10.0.0.2:5000'",
                e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1, 3145728", "2, 4718592", "-2, 1572864", "0, 6291456"})
    void theWindowIsAPartOfTheBuffer(double scale, double window) {
        assertEquals(window, TcpWindow.fromSpace(6291456, scale));
    }

    @Test
    void oneConnectionCarriesAWindowEachRoundTrip() {
        Facts facts = Given.read("net.ipv4.tcp_rmem", "4096 131072 6291456", "net.ipv4.tcp_wmem", "4096 16384 4194304");
        Budget b = Given.budget(new TcpWindow(), facts, "receive", "bandwidth", "1 Gbit/s", "rtt", "20 ms");
        assertEquals(2_500_000, b.figure("demand").value(), 1e-6);
        assertEquals(3145728, b.figure("supply").value());
        assertEquals(Verdict.State.FITS, b.verdict().state());
        assertEquals(3145728 / 0.02, b.figure("throughput ceiling").value(), 1e-3);
        assertEquals(5_000_000, b.figure("buffer that is enough").value(), 1);
        Budget send = Given.budget(new TcpWindow(), facts, "send", "bandwidth", "1 Gbit/s", "rtt", "20 ms");
        assertEquals(Verdict.State.OVER, send.verdict().state());
        assertEquals(
                "rtt",
                Given.budget(new TcpWindow(), facts, "send", "bandwidth", "1 Gbit/s")
                        .finding()
                        .missing()
                        .get(0)
                        .input());
        Budget unscaled = Budget.of(
                new TcpWindow(),
                b.facts()
                        .plus(Given.read("net.ipv4.tcp_window_scaling", "0")
                                .find("net.ipv4.tcp_window_scaling")
                                .orElseThrow()),
                "receive");
        assertEquals(65535, unscaled.figure("supply").value());
    }

    @Test
    void filesOfTheHostAndOfAProcess() {
        Host host = Host.of("$ sysctl fs.file-nr\nfs.file-nr = 835\t0\t2466177\n");
        assertEquals(
                "file-descriptors FITS: 835 of 2,466,177 (0.034%)",
                host.fileDescriptors().toString());
        assertEquals(
                Verdict.State.OVER,
                host.fileDescriptors("1100").with("limit", "1024").verdict().state());
        assertEquals(
                "grep 'open files' /proc/PID/limits",
                host.fileDescriptors("1100").finding().missing().get(0).command());
    }

    @Test
    void aWorkerMayOpenAsManyConnectionsAsItHasDescriptors() {
        Host host = Host.of(
                """
                # configuration file /etc/nginx/nginx.conf:
                worker_processes 4;
                worker_rlimit_nofile 1024;
                events { worker_connections 4096; }
                http { server { listen 80; } }
                """);
        Budget b = host.fileDescriptors();
        assertEquals("file-descriptors OVER: 4,096 of 1,024 (400%)", b.toString());
        assertEquals("nginx worker", b.scope());
    }

    @Test
    void translatedPortsAreHeldAsLongAsTheFlowIsRemembered() {
        NatPorts law = new NatPorts();
        Budget b = Given.budget(law, Facts.none(), "MASQUERADE", "rate", "500/s", "connected", "100 ms");
        assertEquals(500 * 120.1, b.figure("demand").value(), 1e-6);
        assertEquals(64512, b.figure("supply").value());
        assertEquals(64512 / 120.1, b.figure("ceiling rate").value(), 1e-6);
        Budget aws = Given.budget(law, Facts.none(), "AWS NAT gateway", "rate", "917/s", "addresses", "1");
        assertEquals(Verdict.State.OVER, aws.verdict().state());
        assertEquals(916.7, aws.figure("ceiling rate").value(), 0.05);
        assertEquals(
                Evidence.Kind.ASSUMED,
                aws.finding().inputs().stream()
                        .filter(i -> i.name().equals("hold"))
                        .findFirst()
                        .orElseThrow()
                        .evidence()
                        .kind());
        var e = assertThrows(IllegalArgumentException.class, () -> aws.at("elsewhere"));
        assertEquals(
                "nat-ports has no scope 'elsewhere'; it has MASQUERADE, AWS NAT gateway, Azure NAT gateway, Google Cloud NAT,"
                        + " or ADDRESS -> DESTINATION:PORT as tracked",
                e.getMessage());
    }

    /** With one port, and with very many tries for each port, the search is Erlang's; with few it refuses earlier. */
    @Test
    void theSearchForAPortGivesUpBeforeTheLastOneIsTaken() {
        assertEquals(Queueing.erlangB(1, 1), NatPorts.searched(1, 1), 1e-12);
        assertEquals(Queueing.erlangB(12, 10), NatPorts.searched(12, 10), 1e-9);
        assertEquals(1, NatPorts.searched(5, 0));
        assertEquals(0, NatPorts.searched(0, 100));
        // without fluctuations: 0.985 (1 - u^249) = u at u = 0.9794, and 0.9794^249 is 0.0056
        double found = NatPorts.searched(0.985 * 64512, 64512);
        assertEquals(0.0, Queueing.erlangB(0.985 * 64512, 64512), 1e-5);
        assertEquals(0.0056, found, 0.0008);
        Budget b = Given.budget(new NatPorts(), Facts.none(), "MASQUERADE", "rate", "529.5/s");
        assertEquals(Verdict.State.OVER, b.verdict().state());
        double turns = b.breaksAt("rate").at().orElseThrow().value();
        assertEquals(0.0005, NatPorts.searched(turns * 120, 64512), 1e-6);
    }

    @Test
    void translatedConnectionsAreReadFromTheTable() {
        Host host = Host.of(
                """
                $ conntrack -L
                tcp      6 117 TIME_WAIT src=10.1.0.5 dst=198.51.100.7 sport=40000 dport=443 src=198.51.100.7 dst=203.0.113.1 sport=443 dport=40000 [ASSURED] mark=0 use=1
                tcp      6 118 TIME_WAIT src=10.1.0.6 dst=198.51.100.7 sport=40000 dport=443 src=198.51.100.7 dst=203.0.113.1 sport=443 dport=1024 [ASSURED] mark=0 use=1
                tcp      6 431999 ESTABLISHED src=203.0.113.1 dst=198.51.100.7 sport=50000 dport=443 src=198.51.100.7 dst=203.0.113.1 sport=443 dport=50000 [ASSURED] mark=0 use=1
                """);
        Budget b = host.natPorts();
        assertEquals("203.0.113.1 -> 198.51.100.7:443", b.scope());
        assertEquals(2, b.figure("demand").value());
    }

    @Test
    void udpSocketsShareNoPort() {
        BoundPorts law = new BoundPorts();
        Facts facts = Given.read("net.ipv4.ip_local_port_range", "40000 40099", "HZ", "250");
        Budget udp = Given.budget(law, facts, "udp", "rate", "25/s", "open", "5 s");
        assertEquals(100, udp.figure("supply").value());
        assertEquals(125, udp.figure("demand").value());
        assertEquals(Verdict.State.OVER, udp.verdict().state());
        Budget tcp = Given.budget(law, facts, "tcp bind", "rate", "1/s");
        assertEquals(61.024, tcp.figure("demand").value(), 1e-9);
        Budget reserved = Given.budget(
                law,
                facts.plus(Given.read("net.ipv4.ip_local_reserved_ports", "40010-40019,40050")
                        .find("net.ipv4.ip_local_reserved_ports")
                        .orElseThrow()),
                "tcp bind",
                "rate",
                "1/s");
        assertEquals(89, reserved.figure("supply").value());
    }

    @Test
    void fewerUdpSocketsThanPortsProveThatEveryAddressHasEnough() {
        Budget b = Host.read("../datasets/license-api").boundPorts();
        assertEquals("bound-ports FITS: at most 12 of 28,232 (0.043%)", b.toString());
        Budget many = Budget.of(
                new BoundPorts(), Given.read("sockstat:UDP.inuse", "40000", "sockstat6:UDP6.inuse", "1"), "udp");
        assertEquals(Verdict.State.UNKNOWN, many.verdict().state());
        assertEquals("ss -nau", many.finding().missing().get(0).command());
        assertEquals(40001, many.figure("demand").value());
    }

    @ParameterizedTest
    @CsvSource({"freebsd, 55536, 60", "macos, 16384, 30", "windows, 16384, 120", "illumos, 32768, 60"})
    void otherSystemsHaveOtherPoolsAndTimes(String system, double ports, double timeWait) {
        Host host = Host.of(SUMMARY).as(system);
        Budget b = host.ports("100/s");
        assertEquals(ports, b.figure("supply").value());
        assertEquals(100 * timeWait, b.figure("demand").value(), 1e-9);
        assertEquals(ports / timeWait, b.figure("ceiling rate").value(), 1e-6);
        assertEquals(
                b.finding().loss().orElseThrow().low().value(),
                b.finding().loss().orElseThrow().high().value());
    }

    @Test
    void whatIsUnverifiedSaysSo() {
        Finding found = Host.of(SUMMARY).as("windows").ports("136.5/s").finding();
        assertEquals(
                Evidence.Kind.ASSUMED,
                found.inputs().stream()
                        .filter(i -> i.name().equals(TimeWait.ELSEWHERE))
                        .findFirst()
                        .orElseThrow()
                        .evidence()
                        .kind());
        assertEquals(136.5, found.supply().orElseThrow().value() / 120, 0.05);
        assertEquals(
                "there is no preset for 'plan9'; there are freebsd, macos, windows, illumos",
                assertThrows(IllegalArgumentException.class, () -> Host.of(SUMMARY)
                                .as("plan9"))
                        .getMessage());
        assertEquals(
                Verdict.State.UNKNOWN,
                Host.of(SUMMARY).as("windows").finWait2("1/s").verdict().state());
        assertEquals(
                600,
                Host.of(SUMMARY).as("freebsd").finWait2("1/s").figure("life").value());
    }
}
