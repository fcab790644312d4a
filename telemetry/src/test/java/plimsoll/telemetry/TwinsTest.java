package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Fact;

/** What makes two folders, or two outputs, those of two namespaces, moments or hosts, and what does not. */
class TwinsTest {
    private static final String HEADER = "State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n";

    @TempDir
    private Path folder;

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String sockets(String local) {
        return HEADER + "LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\nESTAB 0 0 " + local + ":22 10.9.0.9:50000\n";
    }

    private static String fact(Capture capture, String name) {
        return capture.facts().find(name).map(Fact::text).orElse("nothing");
    }

    private static String local(Capture capture) {
        Rows rows = capture.table("sockets").orElseThrow();
        return rows.cell("local_address", rows.size() - 1);
    }

    @Test
    void foldersWithSocketsOfOtherAddressesAreNamespaces() throws IOException {
        write("client/ss-natp.txt", sockets("10.9.0.1"));
        write("server/ss-natp.txt", sockets("10.9.0.2"));
        Capture capture = Capture.read(folder);
        assertEquals(List.of("client", "server"), capture.namespaces());
        assertEquals("10.9.0.1", local(capture));
        assertEquals("10.9.0.2", local(capture.in("server")));
        assertEquals(
                List.of(
                        "server/ is of another network namespace than client/: not used; --in server, or in(\"server\"),"
                                + " looks at it"),
                capture.problems());
    }

    @Test
    void foldersWithOneAddressAndTwoDatesAreMoments() throws IOException {
        write("before/ss-natp.txt", sockets("10.9.0.1"));
        write("before/date.txt", "2026-11-21T01:32:28Z\n");
        write("after/ss-natp.txt", sockets("10.9.0.1") + "ESTAB 0 0 10.9.0.1:22 10.9.0.9:50001\n");
        write("after/date.txt", "2026-11-21T01:42:28Z\n");
        assertEquals(
                List.of(
                        "before/ is of another moment than after/: not used; --in before, or in(\"before\"), looks at it"),
                Capture.read(folder).problems());
    }

    @Test
    void foldersOfTwoHostsAreNotPutTogether() throws IOException {
        for (String host : List.of("web1", "web2")) {
            write(host + "/uname.txt", "Linux " + host + " 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64 GNU/Linux\n");
            write(host + "/meminfo.txt", "MemTotal: 1 kB\nMemFree: " + host.charAt(3) + " kB\nMemAvailable: 1 kB\n");
        }
        Capture capture = Capture.read(folder);
        assertEquals("1 KiB", fact(capture, "meminfo:MemFree"));
        assertEquals(List.of(), capture.namespaces());
        assertEquals(List.of("web2/ is of another host than web1/: not used; read it by itself"), capture.problems());
    }

    /** As Debian lays out PHP: one php.ini for each way to run it, and nothing of a namespace. */
    @Test
    void foldersThatOnlyHoldFilesOfOneNameAreReadTogether() throws IOException {
        write("etc/php/8.2/cli/php.ini", "[PHP]\nmemory_limit = -1\nmax_execution_time = 30\n");
        write("etc/php/8.2/fpm/php.ini", "[PHP]\nmemory_limit = 128M\nmax_execution_time = 30\n");
        write(
                "etc/php/8.2/fpm/pool.d/www.conf",
                "[www]\nuser = www-data\nlisten = /run/php-fpm.sock\npm = static\npm.max_children = 7\n");
        write("etc/php/8.2/cli/pool.d/www.conf", "; nothing\n");
        Capture capture = Capture.read(folder);
        assertEquals(List.of(), capture.namespaces());
        assertEquals(List.of(), capture.problems());
        assertEquals("7", fact(capture, "fpm:pm.max_children[www]"));
    }

    @Test
    void aCopyIsNoNamespace() throws IOException {
        write("first/ss-natp.txt", sockets("10.9.0.1"));
        write("copy/ss-natp.txt", sockets("10.9.0.1"));
        Capture capture = Capture.read(folder);
        assertEquals(List.of(), capture.namespaces());
        assertEquals(2, capture.table("sockets").orElseThrow().size());
    }

    @Test
    void aCommandNamesTheNamespaceItRanIn() {
        Capture capture = Capture.of("$ cat /proc/meminfo\nMemTotal: 8 kB\nMemFree: 1 kB\nMemAvailable: 1 kB\n"
                + "$ sudo ip netns exec web ss -tan\n" + sockets("10.9.0.1") + "$ sudo ip netns exec db ss -tan\n"
                + sockets("10.9.0.2"));
        assertEquals(List.of("web", "db"), capture.namespaces());
        assertEquals("10.9.0.1", local(capture));
        Capture db = capture.in("db");
        assertEquals("10.9.0.2", local(db));
        assertEquals("1 KiB", fact(db, "meminfo:MemFree"));
        assertEquals(
                List.of(
                        "what was run in web is of another network namespace than db: not used; --in web, or in(\"web\"),"
                                + " looks at it"),
                db.problems());
        var e = assertThrows(IllegalArgumentException.class, () -> capture.in("cache"));
        assertEquals("this capture has no network namespace 'cache'; it has web, db", e.getMessage());
    }

    /** As sos names its files. */
    @Test
    void theHostsOwnNamespaceIsLookedAtFirst() throws IOException {
        write("sos_commands/networking/ss_-peaonmi", sockets("192.0.2.7"));
        write(
                "sos_commands/networking/namespaces/qrouter-1_a/ip_netns_exec_qrouter-1_a_ss_-peaonmi",
                sockets("10.9.0.1"));
        Capture capture = Capture.read(folder);
        assertEquals(List.of("qrouter-1_a"), capture.namespaces());
        assertEquals("192.0.2.7", local(capture));
        assertEquals("10.9.0.1", local(capture.in("qrouter-1_a")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ip netns exec web ss -tan|web|ss -tan",
                "ip -n web netns exec web2 cat /proc/net/snmp|web2|cat /proc/net/snmp",
                "nsenter -t 812 -n ss -s|812|ss -s",
                "nsenter --target 812 --net -- ss -s|812|ss -s",
                "nsenter --net=/run/netns/web nstat -asz|web|nstat -asz",
                "docker exec -it web-1 ss -tan|web-1|ss -tan",
                "docker exec -u root web-1 ss -tan|web-1|ss -tan",
                "kubectl exec -n shop api-7f -c app -- ss -tan|api-7f|ss -tan",
                "ip -s link||ip -s link",
                "nsenter -t 812 -m cat /etc/fstab||nsenter -t 812 -m cat /etc/fstab"
            })
    void whatACommandRunsInside(String line, String namespace, String command) {
        assertEquals(namespace == null ? "" : namespace, Inside.namespace(line).orElse(""));
        assertEquals(command, Inside.command(line));
    }

    @Test
    void roundsBelowADateAreMoments() {
        String text = "";
        for (int round = 0; round < 3; round++) {
            text += "$ date -u +%FT%TZ\n2026-11-21T01:32:" + (28 + 10 * round) + "Z\n$ cat /proc/net/sockstat\n"
                    + "sockets: used 1\nTCP: inuse 1 orphan 0 tw " + (100 + round) + " alloc 1 mem 1\n";
        }
        Capture capture = Capture.of("$ uname -r\n6.1.0-18-amd64\n" + text);
        assertEquals(
                List.of("2026-11-21T01:32:28Z", "2026-11-21T01:32:38Z", "2026-11-21T01:32:48Z"), capture.moments());
        assertEquals("100", fact(capture, "sockstat:TCP.tw"));
        Capture last = capture.at("2026-11-21T01:32:48Z");
        assertEquals("102", fact(last, "sockstat:TCP.tw"));
        assertEquals("2026-11-21T01:32:48Z", last.captured().orElseThrow());
        assertEquals("6.1.0-18-amd64", fact(last, "uname:release"));
        assertEquals(List.of(), last.problems());
        var e = assertThrows(IllegalArgumentException.class, () -> capture.at("noon"));
        assertEquals(
                "this capture has no moment 'noon'; it has 2026-11-21T01:32:28Z, 2026-11-21T01:32:38Z, 2026-11-21T01:32:48Z",
                e.getMessage());
    }

    @Test
    void withoutADateTheLaterOnesAreSaid() {
        String text = "";
        for (int round = 0; round < 3; round++) {
            text += "$ cat /proc/net/sockstat\nsockets: used 1\nTCP: inuse 1 orphan 0 tw " + (100 + round)
                    + " alloc 1 mem 1\n";
        }
        Capture capture = Capture.of(text);
        assertEquals("100", fact(capture, "sockstat:TCP.tw"));
        assertEquals(
                List.of(
                        "pasted:5 is the same output as pasted:2 at another time, and 1 more is: the first is used; with the"
                                + " output of date above each round they are moments"),
                capture.problems());
    }
}
