package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymptomsTest {
    private static Symptoms symptoms(long overflow, long dropped) {
        return Host.of("TcpExt: SyncookiesSent TCPTimeWaitOverflow ListenDrops\nTcpExt: 0 " + overflow + " " + dropped
                        + "\n")
                .symptoms();
    }

    @Test
    void aCounterAboveZeroIsASymptom() {
        Symptom first = symptoms(250, 0).get(0);
        assertEquals("TCPTimeWaitOverflow", first.counter());
        assertEquals(250, first.value());
        assertEquals("since boot", first.since());
        assertEquals("pasted:2", first.source());
        assertTrue(first.toString().contains("no connection failed of it"), first::toString);
        assertEquals(1, symptoms(250, 0).size());
    }

    @Test
    void aCounterAtZeroIsNone() {
        assertEquals("no symptoms", symptoms(0, 0).toString());
    }

    @Test
    void theListenerOfTheRealCaptureDroppedSyns() {
        Symptoms server = Host.read("../datasets/port-exhaustion/t66/server").symptoms();
        assertEquals("ListenOverflows", server.get(0).counter());
        assertEquals(110, server.get(0).value());
        assertTrue(server.get(0).not().contains("each SYN that is sent again counts again"));
    }

    @Test
    void theyStandInEveryFormOfTheReport() {
        Report report = Host.read("../datasets/port-exhaustion/t66/server").report();
        assertTrue(report.text().contains("\nSymptoms: a limit was hit\n  ListenOverflows 110 (since boot)"));
        assertTrue(report.markdown().contains("\n## Symptoms\n\n- ListenOverflows 110"));
        assertTrue(report.html().contains("<h2 id=\"symptoms\">Symptoms</h2>\n<ul>\n<li>ListenOverflows 110"));
        assertTrue(report.json().contains("\"counter\" : \"ListenOverflows\",\n    \"value\" : 110,"));
    }

    @Test
    void soDoDoubts() {
        Report report = Host.read("../datasets/license-api-proxied").report();
        assertTrue(report.text().contains("\nDoubts: this telemetry contradicts itself\n  ss-version: "));
        assertTrue(report.markdown().contains("\n## Doubts\n\n- ss-version: "));
        assertTrue(report.html().contains("<h2 id=\"doubts\">Doubts</h2>\n<ul>\n<li>ss-version: "));
        assertTrue(report.json().contains("\"rule\" : \"ss-version\",\n    \"message\" : "));
        assertTrue(report.json().contains("\"sources\" : [ \"ss-s.txt:1\", \"os-release:3\" ]"));
    }

    // ---- each by itself

    /** The symptom of that name in a capture, with how often and what it says. */
    private static Symptom shown(String capture, String counter, long value, String means, String not) {
        List<Symptom> all = Host.of(capture).symptoms().stream()
                .filter(s -> s.counter().equals(counter))
                .toList();
        assertEquals(1, all.size(), () -> counter + " among " + Host.of(capture).symptoms());
        Symptom symptom = all.get(0);
        assertEquals(value, symptom.value());
        assertTrue(symptom.means().contains(means), symptom::toString);
        assertTrue(symptom.not().contains(not), symptom::toString);
        assertTrue(symptom.source().contains("pasted"), symptom::toString);
        return symptom;
    }

    private static String netstat(String name, long value) {
        return "TcpExt: SyncookiesSent " + name + "\nTcpExt: 0 " + value + "\n";
    }

    @Test
    void timeWaitThatIsSkipped() {
        shown(netstat("TCPTimeWaitOverflow", 250), "TCPTimeWaitOverflow", 250, "skipped TIME-WAIT", "TCP logs nothing");
    }

    @Test
    void anAcceptQueueThatOverflowed() {
        shown(
                netstat("ListenOverflows", 145),
                "ListenOverflows",
                145,
                "full accept queue",
                "each SYN that is sent again counts again");
    }

    @Test
    void synsDroppedAtAListener() {
        shown(netstat("ListenDrops", 145), "ListenDrops", 145, "dropped at a listener", "contains ListenOverflows");
    }

    /** The same counters as nstat and netstat -s print them. */
    @Test
    void countersByAnyOfTheirNames() {
        String nstat = "$ nstat -az\n#kernel\nTcpExtListenOverflows           145                0.0\n";
        shown(nstat, "ListenOverflows", 145, "full accept queue", "sent again");
        String words = "$ netstat -s\nTcpExt:\n    145 SYNs to LISTEN sockets dropped\n    TCPTimeWaitOverflow: 250\n";
        shown(words, "ListenDrops", 145, "dropped at a listener", "do not add them");
        shown(words, "TCPTimeWaitOverflow", 250, "skipped TIME-WAIT", "no connection failed");
    }

    @Test
    void connectionsResetForWantOfMemory() {
        shown(
                netstat("TCPAbortOnMemory", 3),
                "TCPAbortOnMemory",
                3,
                "tcp_max_orphans or tcp_mem was exceeded",
                "which of the two");
    }

    /** As K6.1 prints it; its column chainlength is what conntrack -S calls chaintoolong. */
    private static final String CONNTRACK =
            """
            entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
            000003e8  00000000 00000000 00000000 00000000 00000000 00000000 00000007 00000000 00000009 00000752 0000007e 00000000  00000000 00000000 00000000 00000000
            000003e8  00000000 00000000 00000000 00000000 00000000 00000000 00000001 00000000 00000001 00000001 00000001 00000000  00000000 00000000 00000000 00000000
            """;

    @Test
    void packetsDroppedAtAFullConntrackTable() {
        shown(CONNTRACK, "conntrack drop", 1875, "nothing could be evicted", "sent again");
    }

    @Test
    void entriesEvictedFromAFullConntrackTable() {
        shown(CONNTRACK, "conntrack early_drop", 127, "evicted", "their packets went through");
    }

    /** Two packets of one flow race for its entry, as DNS over UDP does it: the table is not full. */
    @Test
    void insertionsThatFailedWithoutAFullTable() {
        String clash =
                """
                $ conntrack -S
                cpu=0   	found=0 invalid=0 insert=0 insert_failed=3 drop=3 early_drop=0 error=0 search_restart=0 clash_resolve=1 chaintoolong=0
                $ sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max
                net.netfilter.nf_conntrack_count = 310
                net.netfilter.nf_conntrack_max = 262144
                """;
        shown(clash, "conntrack insert_failed", 3, "raced for its entry", "no sign of a full table");
        assertEquals("no doubts", Host.of(clash).doubts().toString());
    }

    @Test
    void chainsThatWereTooLong() {
        shown(CONNTRACK, "conntrack chainlength", 8, "beyond its cap", "more buckets");
        String listed = "$ conntrack -S\n"
                + "cpu=0   \tfound=0 invalid=0 insert=0 insert_failed=4 drop=0 early_drop=0 error=0"
                + " search_restart=0 clash_resolve=0 chaintoolong=4\n";
        shown(listed, "conntrack chaintoolong", 4, "beyond its cap", "more buckets");
    }

    @Test
    void theTableFullMessageInBothItsForms() {
        shown(
                """
                [ 2102.062921] net_ratelimit: 7 callbacks suppressed
                [ 2102.062925] nf_conntrack: nf_conntrack: table full in netns 4026532177, dropping packet
                [ 2103.063095] nf_conntrack: table full, dropping packet
                """,
                "kernel log: conntrack full",
                2,
                "dropped at a full conntrack table",
                "far more were dropped than lines were logged");
    }

    @Test
    void theSynFloodingMessage() {
        shown(
                "[   51.100000] TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:80. Sending cookies. "
                        + " Check SNMP counters.\n",
                "kernel log: SYN flooding",
                1,
                "a SYN queue was full",
                "no sign of an attack by itself");
    }

    @Test
    void packetsDroppedBeforeTheStack() {
        String softnet =
                """
                $ cat /proc/net/softnet_stat
                0018c9e9 00000041 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000
                001718e3 00000001 00000001 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000001 00000000 00000000
                """;
        shown(softnet, "softnet dropped", 66, "netdev_max_backlog", "");
        shown(softnet, "softnet time_squeeze", 3, "with work left", "nothing was dropped");
    }

    @Test
    void allowancesOfACloud() {
        String ethtool =
                """
                $ ethtool -S eth0
                NIC statistics:
                     bw_in_allowance_exceeded: 1703
                     pps_allowance_exceeded: 0
                     conntrack_allowance_exceeded: 12
                """;
        shown(ethtool, "ethtool eth0.bw_in_allowance_exceeded", 1703, "above the instance's allowance", "nothing here");
        shown(
                ethtool,
                "ethtool eth0.conntrack_allowance_exceeded",
                12,
                "above the instance's allowance",
                "nothing here");
        assertEquals(2, Host.of(ethtool).symptoms().size(), "a counter at 0 is none");
    }

    private static String spooled(String upstream) {
        return "2026/11/21 01:32:48 [warn] 361#361: *129 an upstream response is buffered to a temporary file"
                + " /var/lib/nginx/fastcgi/1/00/0000000001 while reading upstream, client: 127.0.0.1, server: _,"
                + " request: \"GET / HTTP/1.1\", upstream: \"" + upstream + "\", host: \"127.0.0.1\"\n";
    }

    @ParameterizedTest
    @CsvSource({
        "fastcgi://unix:/run/fpm.sock:, FastCGI, fastcgi-buffers",
        "http://10.0.0.2:8080/list, HTTP, proxy-buffers",
        "https://10.0.0.2:443/list, HTTP, proxy-buffers",
        "uwsgi://127.0.0.1:3031, uwsgi, uwsgi-buffers",
        "scgi://127.0.0.1:4000, SCGI, scgi-buffers"
    })
    void responsesThatWentToTemporaryFiles(String upstream, String family, String budget) {
        String log = spooled(upstream);
        shown(
                log,
                "nginx errors: buffered",
                1,
                "responses of " + family + " upstreams did not fit their buffers",
                "slower than the upstream");
        assertEquals(
                List.of(budget),
                SymptomRules.found(Host.of(log).observed())
                        .map(SymptomRules.Found::budget)
                        .toList());
    }

    @Test
    void eachFamilyOfUpstreamsIsCountedForItself() {
        String log =
                spooled("uwsgi://127.0.0.1:3031") + spooled("http://10.0.0.2/") + spooled("uwsgi://127.0.0.1:3031");
        assertEquals(
                List.of(1L, 2L),
                Host.of(log).symptoms().stream().map(Symptom::value).toList());
    }

    @Test
    void thePoolThatReachedItsChildren() {
        for (String setting : List.of("pm.max_children", "max_children")) { // dynamic and ondemand
            shown(
                    "[21-Nov-2026 01:32:34] WARNING: [pool www] server reached " + setting
                            + " setting (4), consider raising it\n",
                    "fpm errors: max_children",
                    1,
                    "reached pm.max_children",
                    "logged once");
        }
        Symptom counted = shown(
                """
                pool:                 www
                process manager:      dynamic
                start since:          3
                accepted conn:        51
                listen queue:         0
                active processes:     1
                total processes:      5
                max children reached: 2
                """,
                "fpm status.max children reached[www]",
                2,
                "wanted more children",
                "stays 0 with pm=static");
        assertEquals("since it was started", counted.since());
    }

    @Test
    void clientsThatRedisTurnedAway() {
        Symptom symptom = shown(
                "# Stats\ntotal_connections_received:100\ntotal_commands_processed:90\nrejected_connections:17\n",
                "redis rejected_connections",
                17,
                "turned away at maxclients",
                "");
        assertEquals("since it was started", symptom.since());
    }

    @Test
    void connectsWithoutAPortInAnApplicationsLog() {
        shown(
                """
                2026-11-21 05:49:27,786 ERROR connect to 10.9.0.2:9000 failed: Cannot assign requested address
                2026-11-21 05:49:28,001 ERROR connect: EADDRNOTAVAIL
                2026-11-21 05:49:29,100 INFO done
                """,
                "limit log: EADDRNOTAVAIL",
                2,
                "want of an ephemeral port",
                "that the host does not have");
    }

    @Test
    void groupsThatWereThrottledAndKilled() {
        String group =
                """
                $ grep . /sys/fs/cgroup/web/*
                /sys/fs/cgroup/web/cpu.stat:nr_periods 100
                /sys/fs/cgroup/web/cpu.stat:nr_throttled 7
                /sys/fs/cgroup/web/memory.events:oom 3
                /sys/fs/cgroup/web/memory.events:oom_kill 2
                """;
        Symptom throttled =
                shown(group, "cgroup web:cpu.stat.nr_throttled", 7, "service times stretch", "idle meanwhile");
        assertEquals("since the group was made", throttled.since());
        shown(group, "cgroup web:memory.events.oom_kill", 2, "killed at its memory limit", "may have memory left");
    }

    @Test
    void killsInTheKernelsLog() {
        for (String of : List.of("Memory cgroup out of memory", "Out of memory")) {
            shown(
                    "[ 9102.062925] " + of + ": Killed process 4711 (php-fpm8.2) total-vm:412345kB, anon-rss:312345kB,"
                            + " file-rss:1000kB, shmem-rss:0kB, UID:33 pgtables:800kB oom_score_adj:0\n",
                    "kernel log: OOM kill",
                    1,
                    "want of memory",
                    "");
        }
    }
}
