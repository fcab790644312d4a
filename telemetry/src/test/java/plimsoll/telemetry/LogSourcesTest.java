package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.printedBy;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.rowsAlone;
import static plimsoll.telemetry.SocketTexts.text;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSourcesTest {
    private final KernelLogSource kernel = new KernelLogSource();
    private final LimitLogSource limits = new LimitLogSource();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            conntrack full       | nf_conntrack: nf_conntrack: table full, dropping packet
            conntrack full       | nf_conntrack: table full, dropping packet.
            conntrack full       | ip_conntrack: table full, dropping packet.
            conntrack full       | nf_conntrack: nf_conntrack: table full in netns 4026532177, dropping packet
            SYN flooding         | possible SYN flooding on port 4671. Sending cookies.
            SYN flooding         | TCP: Possible SYN flooding on port 80. Sending cookies.
            SYN flooding         | TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.
            SYN flooding         | TCP: request_sock_TCP: Possible SYN flooding on port 127.0.0.1:23456. Sending cookies.
            SYN flooding         | TCP: request_sock_TCPv6: Possible SYN flooding on port 34391. Dropping request.  Check SNMP counters.
            SYN flooding         | TCP: request_sock_subflow_v4: Possible SYN flooding on port [::]:20002. Sending cookies.
            TIME-WAIT overflow   | TCP: time wait bucket table overflow
            TIME-WAIT overflow   | TCP: time wait bucket table overflow (CT1234)
            neighbour overflow   | neighbour: arp_cache: neighbor table overflow!
            neighbour overflow   | ipv4: Neighbour table overflow.
            OOM kill             | Out of memory: Killed process 361 (php-fpm) total-vm:812000kB, anon-rss:700000kB
            OOM kill             | Memory cgroup out of memory: Killed process 361 (php-fpm) total-vm:812000kB
            OOM kill             | Out of memory: Kill process 361 (php-fpm) score 912 or sacrifice child
            out of socket memory | Out of socket memory
            out of socket memory | TCP: out of memory -- consider tuning tcp_mem
            too many orphans     | TCP: too many orphaned sockets
            file-max             | VFS: file-max limit 100000 reached
            ''                   | nf_conntrack: expectation table full
            ''                   | net_ratelimit: 7 callbacks suppressed
            ''                   | EXT4-fs (vda): mounted filesystem with ordered data mode
            """)
    void theKindOfAMessage(String kind, String message) {
        Rows rows = rowsAlone(kernel, text("[ 2102.062925] " + message));
        assertEquals(
                List.of(kind, message, "2102.062925", "kernel"), row(rows, 0, "kind", "message", "seconds", "program"));
    }

    @Test
    void whatAMessageNames() {
        Rows rows = rowsAlone(
                kernel,
                text(
                        "[ 2102.062925] nf_conntrack: nf_conntrack: table full in netns 4026532177, dropping packet",
                        "[ 2103.000001] TCP: request_sock_TCP: Possible SYN flooding on port 127.0.0.1:23456. Sending cookies.",
                        "[ 2104.000001] TCP: request_sock_subflow_v4: Possible SYN flooding on port [::]:20002. Sending cookies.",
                        "[ 2105.000001] TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters."));
        assertEquals(List.of("4026532177", "", ""), row(rows, 0, "netns", "address", "port"));
        assertEquals(List.of("", "127.0.0.1", "23456"), row(rows, 1, "netns", "address", "port"));
        assertEquals(List.of("[::]", "20002"), row(rows, 2, "address", "port"));
        assertEquals(List.of("", "443"), row(rows, 3, "address", "port"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            [    0.000000] Linux version 6.1.0                             | ''                       | 0.0        | kernel
            [  601.749973][    C1] TCP: time wait bucket table overflow    | ''                       | 601.749973 | kernel
            <4>[  601.749973] TCP: time wait bucket table overflow         | ''                       | 601.749973 | kernel
            kern  :warn  : [  601.749973] TCP: x                           | ''                       | 601.749973 | kernel
            [Fri Mar 12 17:26:31 2021] TCP: x                              | Fri Mar 12 17:26:31 2021 | ''         | kernel
            [Fri Mar  2 17:26:31 2021] TCP: x                              | Fri Mar  2 17:26:31 2021 | ''         | kernel
            Jul 8 10:03:53 centos8 kernel: nf_conntrack: x                 | Jul 8 10:03:53           | ''         | kernel
            Jul  8 10:03:53 centos8 kernel: nf_conntrack: x                | Jul  8 10:03:53          | ''         | kernel
            Feb 25 21:35:48 server kernel: [16508.733356] possible x       | Feb 25 21:35:48          | 16508.733356 | kernel
            [Nov21 05:20] Linux version 6.1.0                              | Nov21 05:20              | ''         | kernel
            [  +0.000001] TCP: x                                           | ''                       | ''         | kernel
            2026-04-30T00:22:02Z kernel: TCP: x                            | 2026-04-30T00:22:02Z     | ''         | kernel
            2026-04-30T00:22:02.123456+00:00 edge-1 kernel: TCP: x         | 2026-04-30T00:22:02.123456+00:00 | '' | kernel
            """)
    void everyWayToWriteTheTime(String line, String time, String seconds, String program) {
        Rows rows = rowsAlone(kernel, text(line));
        assertEquals(List.of(time, seconds, program), row(rows, 0, "time", "seconds", "program"));
    }

    @Test
    void isoTimesNeedTheCommand() {
        String line = "2026-04-30T00:22:02,123456+00:00 TCP: time wait bucket table overflow";
        Rows rows = rowsAlone(kernel, printedBy("dmesg --time-format iso", line));
        assertEquals(List.of("2026-04-30T00:22:02,123456+00:00", "TIME-WAIT overflow"), row(rows, 0, "time", "kind"));
        assertEquals(Source.Match.NO, kernel.match(text(line)));
        assertEquals(2, rowsAlone(kernel, text(line, line)).size());
    }

    @Test
    void aJournalKeepsItsOtherPrograms() {
        Rows rows = rowsAlone(
                kernel,
                text(
                        "-- Logs begin at Fri 2026-11-20 08:00:01 UTC, end at Sat 2026-11-21 01:32:40 UTC. --",
                        "Nov 21 01:32:01 edge-1 systemd[1]: Started Session 4 of user ops.",
                        "Nov 21 01:32:02 edge-1 redis-server[88]: Error: max number of clients reached",
                        "Nov 21 01:32:03 edge-1 kernel: Out of memory: Killed process 361 (php-fpm)",
                        "-- Reboot --",
                        "Nov 21 01:35:03 edge-1 kernel: Linux version 6.1.0"));
        assertEquals(4, rows.size());
        assertEquals(List.of("systemd", ""), row(rows, 0, "program", "kind"));
        assertEquals(List.of("redis-server", "maxclients"), row(rows, 1, "program", "kind"));
        assertEquals(List.of("kernel", "OOM kill"), row(rows, 2, "program", "kind"));
    }

    @Test
    void datesInAnotherLanguageAreRejectedAndTheRestIsRead() {
        Text text = printedBy(
                "dmesg -T | tail",
                "[Пт мар 12 17:26:31 2021] TCP: request_sock_TCPv6: Possible SYN flooding on port 34391. Dropping request.  Check SNMP counters.",
                "[Fri Mar 12 17:26:32 2021] TCP: time wait bucket table overflow",
                "[Fri Mar 12 17:26");
        Reading reading = Reading.of(text);
        assertEquals("kernel log", reading.source().map(Source::name).orElse(""));
        assertEquals(
                List.of("1: its date is in another language: it is read after LC_ALL=C dmesg -T"),
                rejects(reading.parsed()));
        assertEquals("TIME-WAIT overflow", reading.parsed().rows().orElseThrow().cell("kind", 0));
    }

    @Test
    void aLineGoesOnWhereItIsIndented() {
        Parsed parsed = kernel.parse(
                text("[ 2102.062921] Mem-Info:\r", " active_anon:1 inactive_anon:2", "free:12", "[ 2102.0629"));
        assertEquals(
                List.of(
                        "3: has no time, with which each line of a kernel log begins",
                        "4: has no time, with which each line of a kernel log begins"),
                rejects(parsed));
        assertEquals("Mem-Info:", parsed.rows().orElseThrow().cell("message", 0));
    }

    @Test
    void aMessageWithoutATimeIsAShape() {
        Text text = text("TCP: Possible SYN flooding on port 443. Sending cookies. Check SNMP counters.");
        assertEquals(Source.Match.SHAPE, kernel.match(text));
        assertTrue(Reading.of(text).parsed().rows().orElseThrow().excerpt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            EADDRNOTAVAIL      | 2026-11-21 01:32:33 ERROR php: connect() to 127.0.0.1:9000 failed (99: Cannot assign requested address)
            EAGAIN             | 2026-11-21 01:32:33 ERROR proxy: connect() to unix:/run/php.sock failed (11: Resource temporarily unavailable)
            maxclients         | 88:M 21 Nov 2026 01:32:33.123 # Error: max number of clients reached
            worker_connections | Nov 21 01:32:33 edge-1 nginx: 1024 worker_connections are not enough
            EMFILE             | 2026-11-21T01:32:33.120Z ERROR accept failed: Too many open files
            ENFILE             | [21/Nov/2026:01:32:33 +0000] open: Too many open files in system
            EADDRNOTAVAIL      | [Sat Nov 21 01:32:33.123456 2026] dial tcp: connect: cannot connect: EADDRNOTAVAIL
            """)
    void limitsInAnyLog(String kind, String line) {
        Text text = text("2026-11-21 01:32:30 started", line);
        Reading reading = Reading.of(text);
        assertEquals("log with limit errors", reading.source().map(Source::name).orElse("none"));
        Rows rows = reading.parsed().rows().orElseThrow();
        assertEquals(List.of("2", kind, line), row(rows, 0, "line", "kind", "text"));
        assertEquals(1, rows.size());
        assertEquals(1, reading.parsed().empty());
    }

    @Test
    void proseAboutLimitsIsNoLog() {
        assertEquals(
                Source.Match.NO,
                limits.match(text(
                        "The service logs 'Cannot assign requested address' from time to time.",
                        "We raised the limit on 2026-11-20 and saw Too many open files.")));
        assertEquals(Source.Match.NO, limits.match(text("2026-11-21 01:32:30 started", "2026-11-21 01:32:31 ready")));
    }
}
