package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.analyses.Read.facts;
import static plimsoll.analyses.Read.value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Queueing;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Capture;
import plimsoll.telemetry.Settings;

/**
 * What was measured or published, figure by figure, against the laws. "TCP lab" is Linux 6.18.44 at HZ=250 in network namespaces, "web lab"
 * nginx 1.22.1, PHP-FPM 8.2, Redis 7.0.15 and OPcache on the same kernel, "vectors" are numbers computed elsewhere and measurements of an earlier
 * audit; the numbers are those of their sections.
 *
 * <p>What has a test of its own stands there, its section in the name of the test. {@code docs/measured.md} lists all of them, and what is left
 * out and why; {@link MeasuredPageTest} holds that page to the tests.
 */
class MeasuredTest {
    /** How many rows of the table there are for each section. */
    static java.util.Map<String, Long> sections() {
        return rows().collect(java.util.stream.Collectors.groupingBy(
                r -> r.section, java.util.TreeMap::new, java.util.stream.Collectors.counting()));
    }

    /** One figure: where it was measured, what of, the figure and how far off the law may be. */
    private record Row(String section, String what, double measured, double tolerance, DoubleSupplier law) {
        @Override
        public String toString() {
            return section + ": " + what;
        }
    }

    static Stream<Row> rows() {
        var rows = new ArrayList<Row>();
        vectors(rows);
        pools(rows);
        waits(rows);
        losses(rows);
        computedBeside(rows);
        rest(rows);
        conntrack(rows);
        slabs(rows);
        web(rows);
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theLawSaysWhatWasMeasured(Row row) {
        assertEquals(row.measured, row.law.getAsDouble(), row.tolerance, row::toString);
    }

    /** A number printed to four decimals. */
    private static final double HALF_A_DIGIT = 0.0000501;

    // ---- how the laws are asked

    private static final String ANOTHER = "10.9.0.1 -> 10.9.0.2:9001";

    private static Facts host(String... namesAndTexts) {
        return facts(namesAndTexts).plus(new Fact("HZ", "250", Evidence.read("config:1")));
    }

    private static Budget ports(Facts facts, String rate, String connected, String scope) {
        return Budget.of(new Ports(), facts.given("ports.rate", rate).given("ports.connected", connected), scope);
    }

    private static double pool(String range, String... more) {
        Facts facts = host("net.ipv4.ip_local_port_range", range);
        for (int i = 0; i < more.length; i += 2) {
            facts = facts.with(more[i], more[i + 1]);
        }
        return value(ports(facts, "1/s", "0 s", ANOTHER), "supply");
    }

    private static double pool(String scope, Facts facts) {
        return value(ports(facts.with("net.ipv4.ip_local_port_range", "40000 40099"), "1/s", "0 s", scope), "supply");
    }

    private static double bound(String scope, String... more) {
        Facts facts = host("net.ipv4.ip_local_port_range", "40000 40099")
                .plus(host(more).all("net.ipv4.ip_local_reserved_ports"))
                .given("bound-ports.rate", "1/s")
                .given("bound-ports.open", "1 s");
        return value(Budget.of(new BoundPorts(), facts, scope), "supply");
    }

    /** What a port is held for after its connection, in seconds: the ports taken at one connection a second. */
    private static double hold(String scope, String... namesAndTexts) {
        return value(ports(host(namesAndTexts), "1/s", "0 s", scope), "demand");
    }

    /** The point of the law's range that is next to what was measured. */
    private static double nearest(Budget b, double measured) {
        Finding.Loss loss = b.finding().loss().orElseThrow();
        return Math.max(loss.low().value(), Math.min(loss.high().value(), measured));
    }

    // ---- rows

    private static void vectors(List<Row> rows) {
        String section = "vectors 1, rate at a loss";
        rows.add(new Row(section, "0.05 %, 60.1 s", 464.77, 0.005, () -> Queueing.erlangBOffered(5e-4, 28232) / 60.1));
        rows.add(new Row(
                section, "0.05 %, 61.124 s", 456.99, 0.005, () -> Queueing.erlangBOffered(5e-4, 28232) / 61.124));
        rows.add(new Row(section, "1 %, 60.1 s", 473.13, 0.005, () -> Queueing.erlangBOffered(1e-2, 28232) / 60.1));
        rows.add(new Row(section, "1 %, 61.124 s", 465.20, 0.005, () -> Queueing.erlangBOffered(1e-2, 28232) / 61.124));
        for (String range :
                List.of("32768 60999=28232", "1024 65535=64512", "49152 65535=16384", "10000 65535=55536")) {
            String[] parts = range.split("=", -1);
            rows.add(new Row(
                    "vectors 1, ports of a range", parts[0], Double.parseDouble(parts[1]), 0, () -> pool(parts[0])));
        }
        // the least of 60 that are spread over 2.048 s lies some 0.03 s above the time that is set
        rows.add(new Row("vectors 2, TIME-WAIT of 60 sockets", "shortest", 60.081, 0.1, () -> TimeWait.LENGTH));
        rows.add(new Row("vectors 2, TIME-WAIT of 60 sockets", "mean", 61.089, 0.15, () -> hold(ANOTHER)));
        rows.add(new Row("vectors 2, TIME-WAIT of 60 sockets", "longest", 62.063, 0.05, MeasuredTest::longest));
        rows.add(new Row(
                "vectors 2, reuse on loopback",
                "1,000 ports, 200/s",
                500,
                0,
                () -> value(
                        ports(
                                host("net.ipv4.ip_local_port_range", "40000 40999", "net.ipv4.tcp_tw_reuse", "2")
                                        .with("net.ipv4.tcp_tw_reuse_delay", "1000"),
                                "200/s",
                                "0 s",
                                "127.0.0.1 -> 127.0.0.1:9000"),
                        "expected TIME-WAIT")));
        section = "vectors 2, ports to be had";
        rows.add(new Row(section, "range of 100", 100, 0, () -> pool("50000 50099")));
        rows.add(new Row(
                section,
                "10 reserved",
                90,
                0,
                () -> pool("50000 50099", "net.ipv4.ip_local_reserved_ports", "50010-50019")));
        rows.add(new Row(section, "three listeners", 97, 0, () -> pool("50000 50099", "ports.bound", "3")));
        rows.add(new Row(section, "all held by bind()", 0, 0, () -> pool("50000 50099", "ports.bound", "100")));
        section = "vectors 2, sockets in TIME-WAIT";
        rows.add(new Row(section, "after 100 closes", 100, 0, () -> waiting("131072", "100")));
        rows.add(new Row(section, "after 50 closes, limit 10", 10, 0, () -> waiting("10", "50")));
        section = "vectors 2, what an entry in TIME_WAIT has left";
        rows.add(new Row(section, "at the close", 119, 1, MeasuredTest::entry));
        rows.add(new Row(section, "61 s later", 58, 1, () -> entry() - 61));
        section = "vectors 2, 15 MiB to a client that stops, 3.95 MB in the sockets";
        rows.add(new Row(
                section, "spooled", 11.74e6, 0.01e6, () -> value(spooled("4k", "8 4k", ""), "spooled per response")));
        rows.add(new Row(section, "calls", 1434, 0, () -> value(spooled("4k", "8 4k", ""), "writes per response")));
        rows.add(new Row(
                section, "calls, 16 of 32k", 173, 1, () -> value(spooled("32k", "16 32k", ""), "writes per response")));
        rows.add(new Row(
                section,
                "bytes of a call",
                8185,
                0.01e6 / 1434,
                () -> value(spooled("4k", "8 4k", ""), "spooled per response")
                        / value(spooled("4k", "8 4k", ""), "writes per response")));
        rows.add(new Row(
                section,
                "bytes of a call, 16 of 32k",
                65149,
                0.01 * 65149,
                () -> value(spooled("32k", "16 32k", ""), "spooled per response")
                        / value(spooled("32k", "16 32k", ""), "writes per response")));
        // the memory that bounds a call was seen at 7 and at 8 buffers
        rows.add(new Row(
                section,
                "calls, write size 256k",
                411,
                0.14 * 411,
                () -> value(spooled("4k", "8 4k", "fastcgi_temp_file_write_size 256k;"), "writes per response")));
        // its standard error is 0.0096 at least
        Budget blocked = ports(host("net.ipv4.ip_local_port_range", "40000 40199"), "4/s", "0 s", ANOTHER);
        section = "vectors 3, 200 ports, 4/s";
        rows.add(new Row(section, "share refused", 0.2014, 0.0096, () -> nearest(blocked, 0.2014)));
        rows.add(new Row(section, "Erlang-B, 61.02 s", 0.1961, HALF_A_DIGIT, () -> Queueing.erlangB(4 * 61.02, 200)));
        rows.add(new Row(section, "Erlang-B, 60 s", 0.1836, HALF_A_DIGIT, () -> Queueing.erlangB(4 * 60, 200)));
    }

    /** As many as are in TIME-WAIT after so many closes at once. */
    private static double waiting(String limit, String closes) {
        Facts facts = host("net.ipv4.tcp_max_tw_buckets", limit).given("time-wait.burst", closes);
        Budget b = Budget.of(new TimeWaitSockets(), facts, Conntrack.HOST);
        return Math.min(value(b, "demand"), value(b, "supply"));
    }

    /** How long connection tracking remembers a closed connection, by default. */
    private static double entry() {
        Facts facts = facts(Conntrack.MAX, "262144").given("conntrack.rate", "1/s");
        return value(Budget.of(new Conntrack(), facts, Conntrack.HOST), "demand");
    }

    private static Budget spooled(String first, String buffers, String more) {
        Facts facts = Capture.of("# configuration file /etc/nginx/nginx.conf:\n"
                        + "events { }\n"
                        + "http { server { listen 80; location / { fastcgi_pass unix:/run/fpm.sock;"
                        + " fastcgi_buffer_size " + first
                        + "; fastcgi_buffers " + buffers
                        + "; " + more + " } } }\n")
                .facts();
        return Budget.of(new FastcgiBuffers(), facts, "*:80 location /")
                .with("payload", "15 MiB")
                .with("absorbed", "3954072 B");
    }

    private static void pools(List<Row> rows) {
        String section = "TCP lab 1, ports to be had";
        String range = "40000 40099";
        rows.add(new Row(section, "range of 100", 100, 0, () -> pool(range)));
        rows.add(new Row(section, "the default range", 28232, 0, () -> pool("32768 60999")));
        rows.add(new Row(section, "range of one", 1, 0, () -> pool("40000 40000")));
        rows.add(new Row(section, "range that begins odd", 100, 0, () -> pool("40001 40100")));
        rows.add(new Row(section, "another destination, the first one full", 100, 0, () -> pool(range)));
        rows.add(new Row(
                section, "another address, both full", 100, 0, () -> pool("10.9.0.1 -> 10.9.0.3:9000", host())));
        rows.add(new Row(section, "another source address", 100, 0, () -> pool("10.9.0.11 -> 10.9.0.2:9000", host())));
        rows.add(new Row(
                section, "TCP after bind(), another source address", 100, 0, () -> bound("tcp bind 10.9.0.11")));
        rows.add(new Row(section, "UDP, another source address", 100, 0, () -> bound("udp 10.9.0.11")));
        rows.add(new Row(
                section,
                "reserved 40010-40019,40050, bind()",
                89,
                0,
                () -> bound("tcp bind", "net.ipv4.ip_local_reserved_ports", "40010-40019,40050")));
        rows.add(new Row(
                section,
                "reserved 40010-40019,40050",
                89,
                0,
                () -> pool(range, "net.ipv4.ip_local_reserved_ports", "40010-40019,40050")));
        rows.add(new Row(section, "a listener in the range", 99, 0, () -> pool(range, "ports.bound", "1")));
        rows.add(new Row(section, "three listeners", 97, 0, () -> pool(range, "ports.bound", "3")));
        rows.add(new Row(section, "30 ports held by bind()", 70, 0, () -> pool(range, "ports.bound", "30")));
        rows.add(new Row(section, "all ports held by bind()", 0, 0, () -> pool(range, "ports.bound", "100")));
        rows.add(new Row(section, "TCP after bind(), all destinations", 100, 0, () -> bound("tcp bind")));
        rows.add(new Row(section, "UDP, all destinations", 100, 0, () -> bound("udp")));
        rows.add(new Row(
                section,
                "IPv6 beside IPv4",
                100,
                0,
                () -> value(
                        ports(host("net.ipv4.ip_local_port_range", range), "1/s", "0 s", "::1 -> [::1]:9000"),
                        "supply")));
        rows.add(new Row(
                "TCP lab 1, connect() gets slow from",
                "28,232 ports",
                14116,
                0,
                () -> value(ports(host(), "1/s", "0 s", ANOTHER), "latency cliff")));
        // 50 of the pool's 100 stood in TIME-WAIT already
        rows.add(new Row("TCP lab 6, ports left", "100, 50 held", 50, 0, () -> pool(range, "ports.bound", "50")));
    }

    private static double longest() {
        return TimeWait.longest(host()).value();
    }

    private static void waits(List<Row> rows) {
        String section = "TCP lab 2, TIME-WAIT";
        double[][] measured = {
            {60, 1, 61.040, 62.042, 60.020},
            {15, 1, 61.018, 62.038, 60.011},
            {5, 1, 61.047, 62.038, 60.027},
            {120, 1, 61.038, 62.031, 60.011},
            {60, 0, 61.015, 62.035, 60.008},
            {60, 1, 61.024, 62.024, 60.010},
            {15, 1, 61.022, 62.024, 60.015}
        };
        for (double[] m : measured) {
            String what = "tcp_fin_timeout " + Math.round(m[0]) + ", timestamps " + Math.round(m[1]);
            rows.add(new Row(
                    section,
                    what + ", mean",
                    m[2],
                    0.025,
                    () -> hold(
                            ANOTHER,
                            "net.ipv4.tcp_fin_timeout",
                            "" + Math.round(m[0]),
                            "net.ipv4.tcp_timestamps",
                            "" + Math.round(m[1]))));
            rows.add(new Row(section, what + ", longest", m[3], 0.025, MeasuredTest::longest));
            rows.add(new Row(section, what + ", shortest", m[4], 0.03, () -> TimeWait.LENGTH));
        }
        rows.add(new Row(section, "from batch to batch", 2.045, 0.005, () -> TimeWait.granule(250)));
        for (double[] g : new double[][] {{1000, 4.096}, {100, 5.12}, {300, 1.707}, {250, 2.048}}) {
            rows.add(new Row(
                    "TCP lab 2, granule by the source",
                    "HZ=" + Math.round(g[0]),
                    g[1],
                    0.0005,
                    () -> TimeWait.granule(g[0])));
        }
        for (String line : List.of(
                // to, tcp_tw_reuse, timestamps, delay in ms, seconds until connect() succeeds, tolerance
                "10.9.0.1 -> 10.9.0.2:9000, 0, 1, 1000, 61.08, 1.03",
                "10.9.0.1 -> 10.9.0.2:9000, 0, 1, 1000, 61.40, 1.03",
                "10.9.0.1 -> 10.9.0.2:9000, 1, 1, 1000, 1.001, 0.0061",
                "10.9.0.1 -> 10.9.0.2:9000, 1, 1, 1000, 1.005, 0.0061",
                "10.9.0.1 -> 10.9.0.2:9000, 2, 1, 1000, 60.05, 1.03",
                "10.9.0.1 -> 10.9.0.2:9000, 2, 1, 1000, 61.41, 1.03",
                "127.0.0.1 -> 127.0.0.1:9000, 0, 1, 1000, 61.64, 1.03",
                "127.0.0.1 -> 127.0.0.1:9000, 0, 1, 1000, 61.40, 1.03",
                "127.0.0.1 -> 127.0.0.1:9000, 1, 1, 1000, 1.001, 0.0061",
                "127.0.0.1 -> 127.0.0.1:9000, 2, 1, 1000, 1.001, 0.0061",
                "127.0.0.1 -> 127.0.0.1:9000, 2, 0, 1000, 61.40, 1.03",
                "10.9.0.1 -> 10.9.0.1:9000, 1, 1, 1000, 1.002, 0.0061",
                "10.9.0.1 -> 10.9.0.2:9000, 1, 0, 1000, 60.81, 1.03",
                "10.9.0.1 -> 10.9.0.2:9000, 1, 1, 100, 0.102, 0.0061",
                "10.9.0.1 -> 10.9.0.2:9000, 1, 1, 5000, 5.001, 0.0061",
                "127.0.0.1 -> 127.0.0.1:9000, 1, 1, 1000, 1.005, 0.0061",
                "127.0.0.1 -> 127.0.0.1:9000, 2, 1, 1000, 1.006, 0.0061",
                "10.9.0.1 -> 10.9.0.1:9000, 2, 1, 1000, 60.20, 1.03",
                "10.9.0.1 -> 10.9.0.1:9000, 2, 1, 1000, 61.40, 1.03",
                "10.9.0.1 -> 10.9.0.1:9000, 1, 1, 1000, 1.006, 0.0061",
                "10.9.0.1 -> 10.9.0.2:9000, 1, 0, 1000, 61.26, 1.03",
                "127.0.0.1 -> 127.0.0.1:9000, 2, 0, 1000, 60.34, 1.03",
                "10.9.0.1 -> 10.9.0.2:9000, 1, 1, 100, 0.103, 0.0061",
                "10.9.0.1 -> 10.9.0.2:9000, 1, 1, 5000, 5.002, 0.0061")) {
            String[] c = line.split(", ", -1);
            String what = c[0] + ", reuse " + c[1] + ", timestamps " + c[2] + ", delay " + c[3] + " ms: " + c[4] + " s";
            rows.add(new Row(
                    "TCP lab 3, until the port is had again",
                    what,
                    number(c[4]),
                    number(c[5]),
                    () -> hold(
                            c[0],
                            "net.ipv4.tcp_tw_reuse",
                            c[1],
                            "net.ipv4.tcp_timestamps",
                            c[2],
                            "net.ipv4.tcp_tw_reuse_delay",
                            c[3])));
        }
        rows.add(new Row(
                "TCP lab 3, sustained",
                "50 ports, delay 100 ms",
                500,
                0.001,
                () -> value(ports(reusing("40000 40049", "100"), "500/s", "0 s", ANOTHER), "ceiling rate")));
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }

    private static Facts reusing(String range, String delay) {
        return host(
                "net.ipv4.ip_local_port_range",
                range,
                "net.ipv4.tcp_tw_reuse",
                "1",
                "net.ipv4.tcp_tw_reuse_delay",
                delay);
    }

    /** The tolerance of a share is the confidence interval that was measured with it. */
    private static void losses(List<Row> rows) {
        for (String line : List.of(
                "200, 0.90, 0.0162, 0.0080",
                "200, 1.00, 0.0562, 0.0223",
                "200, 1.06, 0.1082, 0.0134",
                "200, 1.50, 0.3483, 0.0066",
                "200, 2.00, 0.5128, 0.0060",
                "200, 0.99477, 0.0659, 0.0071", // 3.3159/s
                "1000, 0.99618, 0.0422, 0.0052")) { // 16.603/s
            String[] c = line.split(", ", -1);
            int size = Integer.parseInt(c[0]);
            Facts facts = host("net.ipv4.ip_local_port_range", "40000 " + (40000 + size - 1));
            Budget b = ports(facts, number(c[1]) * size / 60 + "/s", "0 s", ANOTHER);
            rows.add(new Row(
                    "TCP lab 4, share refused",
                    size + " ports, load " + c[1],
                    number(c[2]),
                    number(c[3]),
                    () -> nearest(b, number(c[2]))));
        }
        for (String line : List.of(
                "178.92, 0.0091, 0.0048",
                "198.37, 0.0512, 0.0106",
                "210.36, 0.0889, 0.0088",
                "296.99, 0.3341, 0.0075",
                "396.82, 0.5000, 0.0042")) {
            String[] c = line.split(", ", -1);
            Budget b = ports(reusing("40000 40199", "1000"), c[0] + "/s", "0 s", ANOTHER);
            rows.add(new Row(
                    "TCP lab 4b, share refused with reuse",
                    c[0] + "/s",
                    number(c[1]),
                    number(c[2]),
                    () -> value(b, "loss")));
        }
        for (String line :
                List.of("90, 0.0109, 0.0040", "100, 0.0579, 0.0082", "120, 0.1891, 0.0128", "200, 0.5014, 0.0064")) {
            String[] c = line.split(", ", -1);
            Budget b = ports(reusing("40000 40199", "1000"), c[0] + "/s", "1 s", ANOTHER);
            rows.add(new Row(
                    "TCP lab 4d, share refused with reuse, open 1 s",
                    c[0] + "/s",
                    number(c[1]),
                    number(c[2]),
                    () -> value(b, "loss")));
        }
    }

    /** What was computed beside the shares that were measured, and the hold that Little's law gives back. */
    private static void computedBeside(List<Row> rows) {
        String section = "TCP lab 4, Erlang-B beside the shares";
        double[][] all = {
            // ports, offered load, loss
            {200, 180, 0.0103},
            {200, 0.9 * 200 / 60 * 61.024, 0.0147},
            {200, 200, 0.0544},
            {200, 200 / 60.0 * 61.024, 0.0647},
            {200, 212, 0.0923},
            {200, 212 / 60.0 * 61.024, 0.1043},
            {200, 300, 0.3396},
            {200, 300 / 60.0 * 61.024, 0.3504},
            {200, 400, 0.5025},
            {200, 400 / 60.0 * 61.024, 0.5107},
            {1000, 1000, 0.0248},
            {1000, 1000 / 60.0 * 61.024, 0.0360},
            {200, 3.3159 * 61.024, 0.0614},
            {1000, 16.603 * 61.024, 0.0334},
            {200, 178.92, 0.0090},
            {200, 198.37, 0.0496},
            {200, 210.36, 0.0869},
            {200, 296.99, 0.3331},
            {200, 396.82, 0.4985}
        };
        for (double[] m : all) {
            rows.add(new Row(
                    section,
                    Math.round(m[0]) + " ports, " + m[1] + " erlang",
                    m[2],
                    HALF_A_DIGIT,
                    () -> Queueing.erlangB(m[1], Math.round(m[0]))));
        }
        for (double measured : new double[] {61.06, 60.98}) {
            rows.add(new Row("TCP lab 4c, hold by Little's law", measured + " s", measured, 0.05, () -> hold(ANOTHER)));
        }
    }

    private static void rest(List<Row> rows) {
        double[][] full = {
            {61, 1.05, 1.0}, {65, 5.1, 5.1}, {70, 10.1, 10.2}, {90, 30.4, 30.8}, {100, 40.9, 40.9}, {120, 62.0, 61.4}
        };
        for (double[] f : full) {
            Facts facts = host("net.ipv4.tcp_fin_timeout", "" + Math.round(f[0]), "net.ipv4.tcp_max_orphans", "131072")
                    .given("fin-wait-2.rate", "1/s");
            rows.add(new Row(
                    "TCP lab 5, FIN-WAIT-2 as a full socket",
                    Math.round(f[0]) + " s",
                    f[1],
                    0.035 * f[1],
                    () -> value(Budget.of(new FinWait2(), facts, Conntrack.HOST), "demand")));
            rows.add(new Row(
                    "TCP lab 5, FIN-WAIT-2 as a small socket",
                    Math.round(f[0]) + " s",
                    f[2],
                    0.035 * f[2],
                    () -> value(Budget.of(new FinWait2(), facts, Conntrack.HOST), "life")
                            - value(Budget.of(new FinWait2(), facts, Conntrack.HOST), "demand")));
        }
    }

    private static void conntrack(List<Row> rows) {
        for (double[] t : new double[][] {{120, 120.4}, {30, 30.1}, {5, 5.0}, {120, 120.5}}) {
            Facts facts = facts(
                            "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
                            "" + Math.round(t[0]),
                            Conntrack.MAX,
                            "262144")
                    .given("conntrack.rate", "1/s");
            rows.add(new Row(
                    "TCP lab 7, an entry after the close",
                    Math.round(t[0]) + " s",
                    t[1],
                    0.5,
                    () -> value(Budget.of(new Conntrack(), facts, Conntrack.HOST), "demand")));
        }
        Budget entries =
                Budget.of(new Conntrack(), facts(Conntrack.COUNT, "100000", Conntrack.MAX, "262144"), Conntrack.HOST);
        rows.add(new Row(
                "TCP lab 7, memory of an entry", "of 100,000", 255.4, 1, () -> value(entries, "memory") / 100_000));
        Budget tuples = Budget.of(
                new Conntrack(),
                host(Conntrack.MAX, "262144", "net.ipv4.ip_local_port_range", "40000 40049")
                        .given("conntrack.rate", "500/s")
                        .given("conntrack.destinations", "1"),
                Conntrack.HOST);
        rows.add(new Row(
                "TCP lab 7, entries of a pool of 50 that is reused", "500/s", 50, 0, () -> value(tuples, "demand")));
        for (String line : List.of(
                // the state whose timeout it is, seconds until the entry is gone, seconds until the count is 0
                "time_wait, 120.4, 120.9", "time_wait, 120.5, 121.0", "close, 10.1, 10.6", "close_wait, 60.2, 60.7")) {
            String[] c = line.split(", ", -1);
            rows.add(new Row(
                    "TCP lab 7, an entry by its timeout", c[0] + ", gone", number(c[1]), 0.5, () -> timeout(c[0])));
            rows.add(new Row(
                    "TCP lab 7, an entry by its timeout", c[0] + ", count is 0", number(c[2]), 1, () -> timeout(c[0])));
        }
        for (double late : new double[] {34.1, 8.6, 37}) {
            rows.add(new Row(
                    "TCP lab 7, an expired entry still counted, at most",
                    late + " s",
                    late,
                    0,
                    () -> Math.min(late, value(entries, "lag of the count, at most"))));
        }
        rows.add(new Row(
                "TCP lab 7, entries that a full table holds",
                "nf_conntrack_max=1000",
                1000,
                0,
                () -> value(
                        Budget.of(
                                new Conntrack(), facts(Conntrack.COUNT, "1000", Conntrack.MAX, "1000"), Conntrack.HOST),
                        "supply")));
        String buckets = "TCP lab 7, depth by the buckets";
        rows.add(new Row(
                buckets,
                "a full table, as many buckets",
                2,
                0,
                () -> value(
                        Budget.of(
                                new ConntrackDepth(),
                                facts(
                                        Conntrack.COUNT,
                                        "262144",
                                        Conntrack.MAX,
                                        "262144",
                                        ConntrackDepth.BUCKETS,
                                        "262144"),
                                Conntrack.HOST),
                        "depth at full table")));
        rows.add(new Row(
                buckets,
                "1,000 buckets are 1,024",
                2,
                0,
                () -> value(
                        Budget.of(
                                new ConntrackDepth(),
                                facts(Conntrack.COUNT, "1024").given(ConntrackDepth.BUCKETS, "1000"),
                                Conntrack.HOST),
                        "demand")));
        rows.add(new Row(
                "TCP lab 7, depth of the first refused insertion", "1,024 buckets", 38, 2, () -> firstRefused(1024)));
    }

    private static double timeout(String state) {
        return number(Settings.find("net.netfilter.nf_conntrack_tcp_timeout_" + state)
                .orElseThrow()
                .byDefault()
                .orElseThrow());
    }

    /** Memory of 28,000 sockets in TIME-WAIT with so many on each port. */
    private static double waitingMemory(String perPort) {
        Facts facts = host("net.ipv4.tcp_max_tw_buckets", "131072")
                .given("time-wait.burst", "28000")
                .given("time-wait.per-port", perPort);
        return value(Budget.of(new TimeWaitSockets(), facts, Conntrack.HOST), "memory") / 28_000;
    }

    private static void slabs(List<Row> rows) {
        String each = "TCP lab 8, bytes of an object";
        rows.add(new Row(each, "tw_sock_TCP", 256, 1e-9, () -> (4 * waitingMemory("4") - waitingMemory("1")) / 3));
        rows.add(new Row(
                each, "two bind buckets", 2 * 128, 1e-9, () -> (waitingMemory("1") - waitingMemory("4")) / 3 * 4));
        Budget tracked =
                Budget.of(new Conntrack(), facts(Conntrack.COUNT, "1000", Conntrack.MAX, "262144"), Conntrack.HOST);
        rows.add(new Row(each, "nf_conntrack", 256, 0, () -> value(tracked, "memory") / 1000));
        Budget orphans = Budget.of(
                new Orphans(),
                host("sockstat:TCP.orphan", "1000", "net.ipv4.tcp_max_orphans", "131072"),
                Conntrack.HOST);
        rows.add(new Row(
                "TCP lab 8, memory of a TCP socket",
                "slab TCP",
                2368,
                0,
                () -> value(orphans, "memory, at least") / 1000));
    }

    private static Budget location(plimsoll.dsl.Law law, String first, String buffers) {
        return Budget.of(
                law,
                Read.nginx(
                                "worker_processes 1;",
                                "server { listen 80; location / { fastcgi_pass unix:/run/fpm.sock; fastcgi_buffer_size "
                                        + first + "; fastcgi_buffers " + buffers + "; } }")
                        .given("meminfo:MemAvailable", "8 GiB"),
                "*:80 location /");
    }

    private static double pages(String setting, String value, String other, String too, String figure) {
        Facts facts = Capture.read(java.nio.file.Path.of("src/test/resources/dirty-pages"))
                .facts();
        return Budget.of(new DirtyPages(), facts, "host")
                        .with(setting, value)
                        .with(other, too)
                        .figure(figure)
                        .value()
                / 4096;
    }

    private static void web(List<Row> rows) {
        rows.add(new Row(
                "web lab 1, an upstream of 400 kB/s",
                "first payload that spools",
                73675,
                15,
                () -> value(
                        location(new FastcgiBuffers(), "8k", "8 8k")
                                .with("record", "32768 B")
                                .with("header", "28 B")
                                .with("padding", "1 B"),
                        "first payload over")));
        for (String line : List.of(
                // buffer_size, buffers, bytes, how many of 12 spooled
                "4k, 8 4k, 3900000, 0",
                "8k, 8 8k, 3900000, 0",
                "32k, 16 32k, 3900000, 0",
                "4k, 8 4k, 4100000, 4",
                "8k, 8 8k, 4100000, 12",
                "32k, 16 32k, 4100000, 0",
                "4k, 8 4k, 4800000, 12",
                "8k, 8 8k, 4800000, 12",
                "32k, 16 32k, 4800000, 9",
                "4k, 8 4k, 8000000, 12",
                "8k, 8 8k, 8000000, 12",
                "32k, 16 32k, 8000000, 12",
                "4k, 8 4k, 15700000, 11",
                "8k, 8 8k, 15700000, 11")) {
            String[] c = line.split(", ", -1);
            Budget b = location(new FastcgiBuffers(), c[0], c[1])
                    .with("payload", c[2] + " B")
                    .with("absorbed", "3950000 B");
            rows.add(new Row(
                    "web lab 1, a client that never reads, 3.95 MB in the sockets",
                    c[2] + " B, " + c[0] + " and " + c[1] + ": " + c[3] + " of 12 spooled",
                    number(c[3]) > 0 ? 1 : 0,
                    0,
                    () -> b.verdict().state() == Verdict.State.OVER ? 1 : 0));
        }
        for (String line : List.of(
                // buffer_size, buffers, payload, KiB a connection
                "32k, 512 32k, 0 B, 4",
                "32k, 512 32k, 0 B, 10.8",
                "32k, 512 32k, 0 B, 13",
                "32k, 512 32k, 10 KiB, 12",
                "32k, 512 32k, 10 KiB, 19",
                "32k, 512 32k, 10 KiB, 25",
                "32k, 512 32k, 1 MiB, 1043",
                "4k, 8 4k, 15 MiB, 47")) {
            String[] c = line.split(", ", -1);
            Budget b = location(new BufferMemory(), c[0], c[1]).with("payload", c[2]);
            // what nginx needs of its own for a connection: 4 to 19 KiB were seen
            rows.add(new Row(
                    "web lab 2, memory of a connection besides its buffers",
                    c[1] + ", " + c[2] + ", " + c[3] + " KiB",
                    number(c[3]),
                    19,
                    () -> value(b, "memory of a response") / 1024));
        }
        for (double measured : new double[] {15456, 15474, 15475}) {
            rows.add(new Row(
                    "web lab 2, memory of a connection",
                    "512 of 32k, 15 MiB, " + measured + " KiB",
                    measured,
                    0.01 * measured,
                    () -> value(
                                    location(new BufferMemory(), "32k", "512 32k")
                                            .with("payload", "15 MiB"),
                                    "memory of a response")
                            / 1024));
        }
        rows.add(new Row(
                "web lab 4, background not below the limit",
                "ratios 15 and 15",
                0.5,
                1e-6,
                () -> pages("vm.dirty_ratio", "15", "vm.dirty_background_ratio", "15", "background threshold")
                        / pages("vm.dirty_ratio", "15", "vm.dirty_background_ratio", "15", "dirty threshold")));
        for (String line : List.of("67108864, 40962, 2", "134217728, 49200, 48")) {
            String[] c = line.split(", ", -1);
            rows.add(new Row(
                    "web lab 4, dirty pages at the first pause",
                    "background " + c[0] + " B",
                    number(c[1]),
                    number(c[2]),
                    () -> pages("vm.dirty_bytes", "268435456", "vm.dirty_background_bytes", c[0], "throttle point")));
        }
    }

    /** The depth up to which one insertion is expected to have met a chain above its limit. */
    private static double firstRefused(int buckets) {
        double refused = 0;
        int tenths = 0;
        for (; refused < 1; tenths++) {
            refused += 0.1 * buckets / 2 * ConntrackDepth.refused(tenths / 10.0 + 0.05);
        }
        return tenths / 10.0;
    }

    // ---- what is refused

    @ParameterizedTest(name = "TCP lab 1 and 3: {0} is EINVAL")
    @ValueSource(
            strings = {
                "net.ipv4.ip_local_port_range=40099 40000",
                "net.ipv4.tcp_tw_reuse_delay=0",
                "net.ipv4.tcp_tw_reuse_delay=61000"
            })
    void theKernelRefusesAndSoDoesTheSetting(String setting) {
        String[] parts = setting.split("=", -1);
        var e = assertThrows(IllegalArgumentException.class, () -> Settings.check(parts[0], parts[1]));
        String said = String.valueOf(e.getMessage());
        assertTrue(said.startsWith(parts[0] + " cannot be '" + parts[1] + "'"), said);
    }
}
