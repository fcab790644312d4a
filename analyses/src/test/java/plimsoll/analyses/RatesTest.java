package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plimsoll.dsl.Fact;

/** Counters of two moments, 10 s apart: rates by hand, and what a counter that went backwards takes with it. */
class RatesTest {
    private static final String DEV =
            """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
              eth0: %d     652    0    %d    0     0          0         0   126571    1089    0    0    0     0       0          0
            """;
    private static final String CONNTRACK =
            """
            entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart
            000000%02x  00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 %08x 00000000 00000000 00000000  00000000 00000000 00000000 00000000
            """;

    @TempDir
    private Path folder;

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Host host() throws IOException {
        write("t0/date.txt", "2026-11-21T01:32:28Z\n");
        write("t10/date.txt", "2026-11-21T01:32:38Z\n");
        return Host.read(folder.toString());
    }

    private static String rate(Host host, String name) {
        return host.facts().find("rate:" + name).map(Fact::text).orElse("none");
    }

    private void snmp(String moment, long opens) throws IOException {
        write(moment + "/proc/net/snmp", "Tcp: CurrEstab ActiveOpens\nTcp: 9 " + opens + "\n");
    }

    private void stat(String moment, long switches, long started) throws IOException {
        write(
                moment + "/proc/stat",
                "cpu  " + switches + " 270 57066 193351 3688 0 1931 737 0 0\nctxt " + switches + "\nbtime " + started
                        + "\n");
    }

    @Test
    void everyKindOfCounterHasItsUnit() throws IOException {
        write("t0/proc/net/dev", DEV.formatted(46105, 3));
        write("t10/proc/net/dev", DEV.formatted(46105 + 10 * 4096, 8));
        write("t0/proc/net/stat/nf_conntrack", CONNTRACK.formatted(200, 1));
        write("t10/proc/net/stat/nf_conntrack", CONNTRACK.formatted(100, 21));
        write(
                "t0/proc/net/softnet_stat",
                "000000ff 00000001 00000002 00000000 00000000 00000000 00000000 00000000 00000000\n");
        write(
                "t10/proc/net/softnet_stat",
                "000001ff 00000001 0000000c 00000000 00000000 00000000 00000000 00000000 00000000\n");
        write("t0/proc/vmstat", "nr_free_pages 900\nnr_dirty 90\npgpgin 1000\noom_kill 1\n");
        write("t10/proc/vmstat", "nr_free_pages 100\nnr_dirty 10\npgpgin 3000\noom_kill 1\n");
        write("t0/proc/diskstats", " 254       0 vda 100 0 800 50 200 0 1600 80 2 1000 2000\n");
        write("t10/proc/diskstats", " 254       0 vda 150 0 900 60 200 0 1600 80 0 6000 27000\n");
        write("t0/sys/fs/cgroup/web/cpu.stat", "usage_usec 1000000\nnr_throttled 4\nthrottled_usec 500\n");
        write("t10/sys/fs/cgroup/web/cpu.stat", "usage_usec 16000000\nnr_throttled 34\nthrottled_usec 500\n");
        stat("t0", 1000, 1795222438);
        stat("t10", 1500, 1795222439);
        Host host = host();
        assertEquals(List.of(), host.capture().problems());
        assertEquals("4 KiB/s", rate(host, "interfaces:eth0.rx_bytes"));
        assertEquals("0.5/s", rate(host, "interfaces:eth0.rx_dropped"));
        assertEquals("2/s", rate(host, "conntrack:stat.insert_failed"));
        assertEquals("none", rate(host, "conntrack:stat.entries"), "a gauge has no rate");
        assertEquals("25.6/s", rate(host, "softnet:processed"));
        assertEquals("1/s", rate(host, "softnet:time_squeeze"));
        assertEquals("200/s", rate(host, "vmstat:pgpgin"));
        assertEquals("0/s", rate(host, "vmstat:oom_kill"));
        assertEquals("none", rate(host, "vmstat:nr_dirty"), "a gauge has no rate");
        assertEquals("5/s", rate(host, "diskstats:vda.reads_completed"));
        assertEquals("10/s", rate(host, "diskstats:vda.sectors_read"));
        assertEquals("50%", rate(host, "diskstats:vda.ms_doing_io"));
        assertEquals("2.5", rate(host, "diskstats:vda.weighted_ms_doing_io"));
        assertEquals("none", rate(host, "diskstats:vda.ios_in_progress"), "a gauge has no rate");
        assertEquals("150%", rate(host, "cgroup:web:cpu.stat.usage_usec"));
        assertEquals("3/s", rate(host, "cgroup:web:cpu.stat.nr_throttled"));
        assertEquals("50/s", rate(host, "stat:ctxt"));
        assertEquals("50%", rate(host, "cpu_times:cpu.user"));
    }

    @Test
    void aCounterOfTheHostThatWentBackwardsTakesAllWithIt() throws IOException {
        snmp("t0", 100);
        snmp("t10", 200);
        write("t0/proc/vmstat", "nr_free_pages 900\npgpgin 3000\n");
        write("t10/proc/vmstat", "nr_free_pages 900\npgpgin 1000\n");
        Host host = host();
        assertEquals("none", rate(host, "Tcp.ActiveOpens"));
        assertEquals(
                List.of(
                        "no rates from t0 to t10: the counter vmstat:pgpgin (3000 to 1000) went backwards, so that the host was"
                                + " started anew in between"),
                host.capture().problems());
    }

    @Test
    void aCounterOfANamespaceLeavesThoseOfTheHost() throws IOException {
        snmp("t0", 200);
        snmp("t10", 100);
        write("t0/proc/net/dev", DEV.formatted(46105, 3));
        write("t10/proc/net/dev", DEV.formatted(50000, 3));
        stat("t0", 1000, 1795222438);
        stat("t10", 1500, 1795222438);
        Host host = host();
        assertEquals("none", rate(host, "Tcp.ActiveOpens"));
        assertEquals("none", rate(host, "interfaces:eth0.rx_bytes"), "a device is of the namespace");
        assertEquals("50/s", rate(host, "stat:ctxt"));
        assertEquals(
                List.of(
                        "no rates of the network from t0 to t10: the counter Tcp.ActiveOpens (200 to 100) went backwards, so that"
                                + " another network namespace was read: the host's own counters went on"),
                host.capture().problems());
    }

    @Test
    void aDeviceMadeAnewHasNoRatesAndTheOthersHave() throws IOException {
        snmp("t0", 100);
        snmp("t10", 200);
        write("t0/proc/net/dev", DEV.formatted(46105, 3));
        write("t10/proc/net/dev", DEV.formatted(10, 0));
        Host host = host();
        assertEquals("10/s", rate(host, "Tcp.ActiveOpens"));
        assertEquals("none", rate(host, "interfaces:eth0.tx_packets"));
        assertEquals(
                List.of(
                        "no rates of the interface eth0 from t0 to t10: interfaces:eth0.rx_bytes (46105 to 10) and 1 more went"
                                + " backwards, so that it was made or started anew in between"),
                host.capture().problems());
    }

    @Test
    void theTimeOfTheStartSaysOfAReboot() throws IOException {
        snmp("t0", 100);
        snmp("t10", 200);
        stat("t0", 1000, 1795222438);
        stat("t10", 1500, 1795300000);
        Host host = host();
        assertEquals("none", rate(host, "Tcp.ActiveOpens"));
        assertEquals(
                List.of("no rates from t0 to t10: btime of /proc/stat says that the host was started anew in between"),
                host.capture().problems());
    }

    /** As a loop leaves it: {@code while sleep 10; do date; cat /proc/net/snmp; done}. */
    @Test
    void roundsOfOneTextHaveRates() {
        String text = "";
        for (int round = 0; round < 3; round++) {
            text += "2026-11-21T01:32:" + (28 + 10 * round) + "Z\nTcp: CurrEstab ActiveOpens\nTcp: 9 "
                    + (100 + 250 * round) + "\n";
        }
        Host host = Host.of(text);
        assertEquals("25/s", rate(host, "Tcp.ActiveOpens"));
        assertEquals("none", rate(host.at("2026-11-21T01:32:28Z"), "Tcp.ActiveOpens"));
        assertEquals(List.of(), host.capture().problems());
    }

    /** A folder of moments in a folder: found by the folders' names, with a namespace each. */
    @Test
    void momentsAndNamespacesDeeperDown() throws IOException {
        for (String namespace : List.of("client", "server")) {
            int more = namespace.equals("client") ? 0 : 1000;
            write("host/t9/" + namespace + "/snmp", "Tcp: CurrEstab ActiveOpens\nTcp: 9 " + (100 + more) + "\n");
            write("host/t9/" + namespace + "/date.txt", "2026-11-21T01:32:28Z\n");
            write("host/t66/" + namespace + "/snmp", "Tcp: CurrEstab ActiveOpens\nTcp: 9 " + (300 + 2 * more) + "\n");
            write("host/t66/" + namespace + "/date.txt", "2026-11-21T01:32:38Z\n");
        }
        Host host = Host.read(folder.toString());
        assertEquals("20/s", rate(host, "Tcp.ActiveOpens"));
        assertEquals("120/s", rate(host.in("server"), "Tcp.ActiveOpens"));
        assertEquals("none", rate(host.in("server").at("t9"), "Tcp.ActiveOpens"));
    }
}
