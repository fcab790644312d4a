package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import plimsoll.dsl.Fact;

class TranscriptTest {
    private static List<Reading> read(String text) {
        return Transcript.read(Text.of("report.txt", text), new Memory(0));
    }

    private static List<String> formats(List<Reading> readings) {
        return readings.stream()
                .map(r -> r.text().at(0) + " " + r.source().map(Source::name).orElse("-"))
                .toList();
    }

    private static List<String> facts(List<Reading> readings) {
        return readings.stream()
                .flatMap(r -> r.parsed().facts().stream())
                .map(Fact::toString)
                .toList();
    }

    @Test
    void promptsOfEveryKindPartTheOutputs() {
        List<Reading> readings = read(
                """
                ops@edge-1:~$ uname -r
                6.1.0-18-amd64
                ops@edge-1:~$ cat /proc/sys/net/ipv4/ip_local_port_range
                32768	60999
                [root@edge-1 ~]# sysctl net.ipv4.tcp_tw_reuse
                net.ipv4.tcp_tw_reuse = 2
                $ hostname
                edge-1
                """);
        assertEquals(
                List.of(
                        "report.txt:2 uname",
                        "report.txt:4 /proc/sys value",
                        "report.txt:6 sysctl",
                        "report.txt:8 uname"),
                formats(readings));
        assertEquals(
                List.of(
                        "uname:release = 6.1.0-18-amd64  READ (report.txt:2)",
                        "net.ipv4.ip_local_port_range = 32768 60999  READ (report.txt:4)",
                        "net.ipv4.tcp_tw_reuse = 2  READ (report.txt:6)",
                        "uname:nodename = edge-1  READ (report.txt:8)"),
                facts(readings));
    }

    /** A file that begins at a prompt is a terminal's, also where one of its outputs is a configuration that would take the whole file. */
    @Test
    void configurationsAmongOutputsDoNotTakeTheFile() {
        List<Reading> readings = read(
                """
                $ sysctl fs.file-nr
                fs.file-nr = 3520	0	1048576
                $ nginx -T
                # configuration file /etc/nginx/nginx.conf:
                worker_processes 4;
                events {
                }
                $ php-fpm8.2 -tt
                [21-Nov-2026 01:32:34] NOTICE: [www]
                [21-Nov-2026 01:32:34] NOTICE: 	pm.max_children = 4
                $ cat /proc/meminfo
                MemAvailable:    5120000 kB
                """);
        assertEquals(
                List.of(
                        "report.txt:2 sysctl",
                        "report.txt:4 nginx configuration",
                        "report.txt:9 PHP-FPM configuration",
                        "report.txt:12 /proc/meminfo"),
                formats(readings));
        assertTrue(readings.stream().allMatch(r -> r.parsed().rejected().isEmpty()));
    }

    @Test
    void aReportInProseGivesItsOutputsAndKeepsItsSentencesAsRejects() {
        List<Reading> readings = read(
                """
                I looked at the range.

                cat /proc/sys/net/ipv4/ip_local_port_range
                32768   60999

                The kernel uses these ports.
                So I went on.

                cat /proc/sys/net/ipv4/tcp_tw_reuse
                2
                That was the default.
                """);
        assertEquals(
                List.of(
                        "report.txt:1 -",
                        "report.txt:4 /proc/sys value",
                        "report.txt:5 -",
                        "report.txt:10 /proc/sys value",
                        "report.txt:11 -"),
                formats(readings));
        assertEquals(
                List.of(
                        "net.ipv4.ip_local_port_range = 32768 60999  READ (report.txt:4)",
                        "net.ipv4.tcp_tw_reuse = 2  READ (report.txt:10)"),
                facts(readings));
        assertEquals(
                List.of(
                        "report.txt:1: no source knows this line: I looked at the range.",
                        "report.txt:6: no source knows this line: The kernel uses these ports.",
                        "report.txt:7: no source knows this line: So I went on.",
                        "report.txt:11: no source knows this line: That was the default."),
                readings.stream()
                        .flatMap(r -> r.parsed().rejected().stream())
                        .map(Reject::toString)
                        .toList());
    }

    @Test
    void outputsPastedBelowEachOtherArePartedWhereASourceBegins() {
        List<Reading> readings = read(
                """
                net.ipv4.tcp_tw_reuse = 2
                Linux edge-1 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64 GNU/Linux
                PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
                ID=debian
                """);
        assertEquals(
                List.of("report.txt:1 sysctl", "report.txt:2 uname", "report.txt:3 os-release"), formats(readings));
    }

    @Test
    void configurationIsNeverCut() {
        String text =
                """
                # ss -s
                # cat /proc/sys/net/ipv4/tcp_tw_reuse
                net.ipv4.tcp_tw_reuse = 1
                """;
        List<Reading> readings = Transcript.read(Text.of("etc/sysctl.d/99-net.conf", text), new Memory(0));
        assertEquals(List.of("etc/sysctl.d/99-net.conf:1 sysctl"), formats(readings));
        assertEquals(List.of("sysctl.d:net.ipv4.tcp_tw_reuse = 1  READ (etc/sysctl.d/99-net.conf:3)"), facts(readings));
    }

    @Test
    void whatASentenceAnnouncesAsConfigurationIsNotTakenForWhatRuns() {
        List<Reading> readings = read(
                """
                cat /proc/sys/net/ipv4/tcp_tw_reuse
                2

                Put this into /etc/sysctl.conf and load it.

                net.ipv4.tcp_tw_reuse = 1
                net.ipv4.tcp_timestamps = 1
                """);
        assertEquals(
                List.of(
                        "net.ipv4.tcp_tw_reuse = 2  READ (report.txt:2)",
                        "sysctl.d:net.ipv4.tcp_tw_reuse = 1  READ (report.txt:6)",
                        "sysctl.d:net.ipv4.tcp_timestamps = 1  READ (report.txt:7)"),
                facts(readings));
    }

    @Test
    void whatACommandFiltersIsAnExcerptButForSingleValues() {
        Text grepped = new Text("a.txt", 1, Optional.of("cat /proc/slabinfo | grep tcp"), List.of("tw_sock_TCP 1"));
        var account = new Parsed.Account(grepped);
        account.used();
        assertTrue(account.close(Optional.empty()).excerpt());
        List<Reading> readings = read("$ sysctl -a | grep tw_reuse\nnet.ipv4.tcp_tw_reuse = 2\n");
        assertFalse(readings.get(0).parsed().excerpt());
    }

    @Test
    void aBadLineWithinAnOutputDoesNotEndIt() {
        List<Reading> readings = read(
                """
                $ sysctl -a
                net.ipv4.tcp_tw_reuse = 2
                net.ipv4.tcp_tim
                net.ipv4.tcp_timestamps = 1
                """);
        assertEquals(List.of("report.txt:2 sysctl"), formats(readings));
        assertEquals(1, readings.get(0).parsed().rejected().size());
        assertEquals(2, readings.get(0).parsed().used());
    }
}
