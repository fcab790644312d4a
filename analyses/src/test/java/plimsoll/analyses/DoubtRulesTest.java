package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks that the generated captures leave out, each where it speaks and where it must not. */
class DoubtRulesTest {
    private static final String DEBIAN =
            "$ cat /etc/os-release\nPRETTY_NAME=\"Debian\"\nVERSION_ID=\"12\"\nID=debian\n";
    private static final String SLABS =
            "$ cat /proc/slabinfo\nslabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
                    + " : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static List<Doubt> doubts(Host host, String rule) {
        return host.doubts().of(rule).stream().toList();
    }

    private static int count(String text, String rule) {
        return doubts(Host.of(text), rule).size();
    }

    private Host moments(String file, String before, String after) throws IOException {
        write("t0/" + file, before);
        write("t66/" + file, after);
        return Host.read(folder.toString());
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static String netstat(long entered, long killed) {
        return "TcpExt: SyncookiesSent TW TWRecycled TWKilled\nTcpExt: 0 " + entered + " 0 " + killed + "\n";
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 1600, 500, 1100, 0",
        "1000, 1200, 500, 1100, 1",
        "1000, 900, 500, 400, 1",
        "1000, 1000, 500, 0, 0"
    })
    void noGaugeGrowsByMoreThanItsCounterAndNoCounterFalls(long was, long is, long held, long holds, int doubts)
            throws IOException {
        write("t0/netstat", netstat(was, 0));
        write("t0/sockstat", "sockets: used 900\nTCP: inuse 10 orphan 0 tw " + held + " alloc 20 mem 1\n");
        write("t66/netstat", netstat(is, 0));
        write("t66/sockstat", "sockets: used 900\nTCP: inuse 10 orphan 0 tw " + holds + " alloc 20 mem 1\n");
        assertEquals(doubts, doubts(Host.read(folder.toString()), "two-moments").size());
    }

    @ParameterizedTest
    @CsvSource({"41000 41099, 1", "41000 41199, 0"})
    void noDestinationHoldsMorePortsThanTheRangeHas(String range, int doubts) {
        var text = new StringBuilder("$ sysctl net.ipv4.ip_local_port_range\nnet.ipv4.ip_local_port_range = " + range
                + "\n$ ss -nat\nState Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n");
        for (int i = 0; i < 150; i++) {
            text.append("TIME-WAIT 0 0 10.0.0.5:").append(41000 + i).append(" 10.0.0.9:443 \n");
        }
        assertEquals(doubts, count(text.toString(), "time-wait-pool"));
    }

    @Test
    void manyAcceptedConnectionsOnOnePortAreNoPool() {
        var text = new StringBuilder("$ sysctl net.ipv4.ip_local_port_range\nnet.ipv4.ip_local_port_range = 41000 41009"
                + "\n$ ss -nat\nState Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"
                + "LISTEN 0 128 0.0.0.0:443 0.0.0.0:* \n");
        for (int i = 0; i < 50; i++) {
            text.append("TIME-WAIT 0 0 10.0.0.5:443 10.0.0.9:").append(2000 + i).append(" \n");
        }
        assertEquals(0, count(text.toString(), "time-wait-pool"));
    }

    @ParameterizedTest
    @CsvSource({
        "tcp_bind_bucket_cache, 1",
        "tw_sock_tcp, 1",
        "tcp_bind_bucket, 0",
        "nf_conntrack, 0",
        "tw_sock_TCPv6, 0"
    })
    void onlyCachesThatAKernelHas(String name, int doubts) {
        String row = name + " 64 64 64 64 1 : tunables 0 0 0 : slabdata 1 1 0\n";
        assertEquals(doubts, count(SLABS + row, "slab-names"));
    }

    @Test
    void tunablesProveNothingWhereTheAllocatorIsNotKnown() {
        String row = "tw_sock_TCP 64 64 64 64 1 : tunables 120 60 8 : slabdata 1 1 0\n";
        assertEquals(0, count(SLABS + row, "slab-tunables"));
        assertEquals(1, count(DEBIAN + SLABS + row, "slab-tunables"));
        assertEquals(0, count("$ uname -r\n5.10.0-21-amd64\n" + SLABS + row, "slab-tunables"));
        assertEquals(1, count("$ uname -r\n6.12.41-amd64\n" + SLABS + row, "slab-tunables"));
    }

    @ParameterizedTest
    @CsvSource({"198.51.100.10, 10.0.1.5, 0", "10.0.1.5, 198.51.100.10, 1"})
    void manyTimeWaitOnFewPortsAreOddOnlyBesideConnectionsThatWentOut(String from, String to, int doubts) {
        String text = "$ cat /proc/net/sockstat\nsockets: used 900\nTCP: inuse 10 orphan 0 tw 31401 alloc 31 mem 1\n"
                + SLABS
                + "tcp_bind_bucket 384 384 64 64 1 : tunables 0 0 0 : slabdata 6 6 0\n"
                + "$ grep TIME_WAIT /proc/net/nf_conntrack | head -1\nipv4     2 tcp      6 58 TIME_WAIT src=" + from
                + " dst=" + to + " sport=48201 dport=443 src=" + to + " dst=" + from
                + " sport=443 dport=48201 [ASSURED] mark=0 zone=0 use=2\n";
        assertEquals(doubts, count(text, "bind-buckets"));
    }

    @ParameterizedTest
    @CsvSource({
        "65536, 16384, 6.1.0-18-amd64, 1",
        "65536, 16384, 5.10.0-21-amd64, 0",
        "65536, 65536, 6.1.0, 0",
        "100000, 16384, 6.1.0, 0"
    })
    void theOldDefaultPairIsOddOnANewKernel(long max, long buckets, String kernel, int doubts) {
        String text = "$ uname -r\n" + kernel + "\n$ sysctl -a\nnet.netfilter.nf_conntrack_max = " + max
                + "\nnet.netfilter.nf_conntrack_buckets = " + buckets + "\n";
        assertEquals(doubts, count(text, "conntrack-defaults"));
        String configured = "$ cat /etc/sysctl.d/9.conf\nnet.netfilter.nf_conntrack_max = " + max + "\n";
        assertEquals(0, count(text + configured, "conntrack-defaults"));
    }

    private static final String IOSTAT =
            """
            $ iostat -x -d 1
            Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s  %wrqm w_await wareq-sz  aqu-sz  %util
            nvme0n1          0.00      0.00     0.00   0.00    0.00     0.00  412.00  52401.00     0.00   0.00   10.02   127.19    4.13 100.00
            """;

    @ParameterizedTest
    @CsvSource({"3000, 131072000, 1", "500, 131072000, 0", "300, 131072000, 1", "NaN, NaN, 0"})
    void aBusyDiskFarFromTheCapsThatWereGiven(double iops, double bytes, int doubts) {
        assertEquals(
                doubts, DiskRules.caps(Host.of(IOSTAT).observed(), iops, bytes).size());
    }

    @Test
    void theCapsAreSaidInShares() {
        String message =
                DiskRules.caps(Host.of(IOSTAT).observed(), 3000, 125e6).get(0).message();
        assertTrue(message.contains("412 requests/s are 14% of the cap"), message);
        assertTrue(message.contains("43% of the cap on bandwidth"), message);
        Host asked = Host.read("../datasets/report-sync").ask("disk.max-rate", "3000/s");
        assertEquals(1, doubts(asked, "disk-caps").size());
    }

    @ParameterizedTest
    @CsvSource({"16k, 1", "4k, 0"})
    void aConfigurationThatNginxRefusesIsNotTheOneThatRuns(String size, int doubts) throws IOException {
        write(
                "etc/nginx/nginx.conf",
                "events {\n}\n\nhttp {\n    server {\n        location / {\n            fastcgi_pass 127.0.0.1:9000;\n            fastcgi_buffer_size "
                        + size + ";\n        }\n    }\n}\n");
        assertEquals(
                doubts, doubts(Host.read(folder.toString()), "nginx-invalid").size());
    }

    @ParameterizedTest
    @CsvSource({"42, 500/s, 1", "31401, 500/s, 0", "42, 1/s, 0"})
    void aRateThatIsClaimedLeavesTimeWaitBehind(long waiting, String rate, int doubts) {
        Host host = Host.of("sockets: used 900\nTCP: inuse 10 orphan 0 tw " + waiting + " alloc 20 mem 1\n");
        assertEquals(0, doubts(host, "claimed-rate").size());
        assertEquals(
                doubts, doubts(host.ask("ports.rate", rate), "claimed-rate").size());
    }

    private static String statistics(int drops) {
        return "entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop"
                + " icmp_error  expect_new expect_create expect_delete search_restart\n"
                + String.format(
                        java.util.Locale.ROOT,
                        "00000136  00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 %08x 00000000"
                                + " 00000000  00000000 00000000 00000000 00000000%n",
                        drops);
    }

    @ParameterizedTest
    @CsvSource({"7, 30, 1", "30, 30, 0"})
    void aLimitThatIsBeingHitContradictsABudgetThatFits(int was, int is, int doubts) throws IOException {
        String settings = "net.netfilter.nf_conntrack_count = 310\nnet.netfilter.nf_conntrack_max = 262144\n";
        write("t0/sysctl.txt", settings);
        write("t66/sysctl.txt", settings);
        Host host = moments("proc/net/stat/nf_conntrack", statistics(was), statistics(is));
        assertEquals(doubts, doubts(host, "symptom-fits").size());
        assertEquals(
                0, doubts(host.ask("conntrack.rate", "10/s"), "symptom-fits").size());
        Symptom dropped = host.symptoms().get(0);
        assertEquals("conntrack drop", dropped.counter());
        assertEquals(doubts == 1 ? 23 : 30, dropped.value());
    }

    @ParameterizedTest
    @CsvSource({
        "php8.2-fpm.sock, 1f f8 08, 1",
        "php8.2-fpm.sock, 1f f8 00, 0",
        "php8.2-fpm.sock, 1f fb 05, 0",
        "app.sock, 1f f8 08, 0"
    })
    void phpPadsARecordToAMultipleOfEight(String socket, String lengths, int doubts) throws IOException {
        write(
                "etc/nginx/nginx.conf",
                "events {\n}\n\nhttp {\n    server {\n        location / {\n            fastcgi_pass unix:/run/"
                        + socket + ";\n        }\n    }\n}\n");
        write(
                "records.txt",
                "00000000  01 06 00 01 " + lengths + " 00  7b 22 76 65 68 69 63 6c  |........{\"vehicl|\n");
        assertEquals(
                doubts, doubts(Host.read(folder.toString()), "fastcgi-padding").size());
    }

    @ParameterizedTest
    @CsvSource({"500/s, P., 1", "500/s, S, 1", "10/s, P., 0"})
    void keptConnectionsAreOpenedAnewNowAndThen(String rate, String flags, int doubts) throws IOException {
        write(
                "etc/nginx/nginx.conf",
                "events {\n}\n\nhttp {\n    upstream api {\n        server 198.51.100.10:443;\n        keepalive 64;\n    }\n}\n");
        var packets = new StringBuilder();
        for (int second = 0; second < 60; second++) {
            packets.append(String.format(
                    java.util.Locale.ROOT,
                    "14:45:%02d.100000 IP 10.0.1.5.54320 > 198.51.100.10.443: Flags [%s], seq 1024:2048, ack 4096, win 502, length 1024%n",
                    second,
                    second == 0 ? flags : "P."));
        }
        write("tcpdump.txt", packets.toString());
        Host host = Host.read(folder.toString());
        assertEquals(0, doubts(host, "keepalive-opens").size());
        assertEquals(
                doubts, doubts(host.ask("ports.rate", rate), "keepalive-opens").size());
    }

    @ParameterizedTest
    @CsvSource({
        "500/s, tcpdump -nn host 198.51.100.10, 1, 150",
        "500/s, timeout 60 tcpdump -nn host 198.51.100.10 | grep 'Flags \\[S', 1, 30",
        "500/s, timeout 2m tcpdump -nn 'host 198.51.100.10 and tcp[tcpflags] & tcp-syn != 0', 1, 60",
        "500/s, timeout 10 tcpdump -nn host 198.51.100.10, 0, 0",
        "1/s, tcpdump -nn host 198.51.100.10, 0, 0",
        "500/s, tcpdump -nn host 203.0.113.7, 0, 0",
        "500/s, tcpdump -nn host 198.51.100.10 | grep RST, 0, 0",
        "500/s, ss -tan dst 198.51.100.10, 0, 0"
    })
    void aSilentTcpdumpIsHeldAgainstWhatKeepaliveOpens(String rate, String command, int doubts, int opened)
            throws IOException {
        write(
                "etc/nginx/nginx.conf",
                "events {\n}\n\nhttp {\n    upstream api {\n        server 198.51.100.10:443;\n        keepalive 64;\n    }\n}\n");
        write("tcpdump.txt", "$ " + command + "\n");
        Host host = Host.read(folder.toString());
        assertEquals(0, doubts(host, "keepalive-silence").size());
        Doubts found = host.ask("keepalive.rate", rate).doubts().of("keepalive-silence");
        assertEquals(doubts, found.size());
        assertEquals(doubts == 1, found.toString().contains("opens at least " + opened + " connections to api in"));
    }

    @ParameterizedTest
    @CsvSource({"'Flags \\[S\\]|Flags \\[F\\]', 1", "'Flags \\[S|Flags \\[F', 0"})
    void aFilterThatNoFinMatchesProvesNothing(String filter, int doubts) {
        String uname = "$ uname -r\n6.1.0-18-amd64\n";
        assertEquals(doubts, count(uname + "$ tcpdump -nn -i eth0 | grep -E '" + filter + "'\n", "flags-filter"));
    }

    @Test
    void aLogThatGoesBackToBootContradictsNothingUntilItGrows() throws IOException {
        String full = "[ 100.000001] nf_conntrack: nf_conntrack: table full, dropping packet\n";
        String settings = "net.netfilter.nf_conntrack_count = 310\nnet.netfilter.nf_conntrack_max = 262144\n";
        assertEquals(0, count("$ sysctl -a\n" + settings + "$ dmesg\n" + full, "symptom-fits"));
        write("t0/sysctl.txt", settings);
        write("t66/sysctl.txt", settings);
        Host host = moments("dmesg.txt", full, full + full.replace("100.", "160."));
        assertEquals(1, doubts(host, "symptom-fits").size());
        assertEquals(2, host.symptoms().get(0).value());
    }

    @Test
    void aWhatIfContradictsNothing() {
        Host host = Host.of(
                "$ sysctl -a\nnet.netfilter.nf_conntrack_count = 310\nnet.netfilter.nf_conntrack_max = 262144\n");
        assertEquals(
                0, host.with("net.netfilter.nf_conntrack_max", "100").doubts().size());
    }
}
