package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.printedBy;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.rowsAlone;
import static plimsoll.telemetry.SocketTexts.text;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenFilesTest {
    // from a capture of lsof 4.95; the last four rows in forms that it did not have
    private static final String LSOF =
            """
            COMMAND PID USER   FD      TYPE             DEVICE SIZE/OFF     NODE NAME
            nginx   361 root  cwd       DIR              254,0     4096  2146404 /srv/lab
            nginx   361 root  DEL       REG                0,1              6308 /dev/zero
            nginx   361 root    4w      REG              254,0    28610  2165128 /srv/lab/log/main.access
            nginx   361 root    7u     IPv4            3221238      0t0      TCP localhost:18091->localhost:43110 (ESTABLISHED)
            nginx   361 root    8u     unix 0x00000000424c4bc4      0t0  3244088 type=STREAM (CONNECTED)
            nginx   361 root    9u  a_inode               0,16        0     1038 [eventpoll:5,6,7,8,11]
            nginx   361 root   12u      REG              254,0 15595664  2556004 /srv/lab/tmp/fcgi_main/0000000005 (deleted)
            nginx   361 root  251w     FIFO               0,15      0t0  3243727 pipe
            my\\x20job  77 1000    3uW  REG              254,0    0t512  2556077 /srv/a file with spaces.log
            java   5012 app  NOFD                                                /proc/5012/fd (opendir: Permission denied)
            java   5012 app   cwd   unknown                                      /proc/5012/cwd (readlink: Permission denied)
            java   5012 app    3u   netlink                         0t0    12034 ROUTE
            """;

    @Test
    void lsofForPeople() {
        Rows rows = rowsAlone(new LsofSource(), Text.of("lsof.txt", LSOF));
        assertEquals(12, rows.size());
        String[] columns = {"fd", "mode", "type", "device", "size", "offset", "node", "name", "deleted"};
        assertEquals(List.of("cwd", "", "DIR", "254,0", "4096", "", "2146404", "/srv/lab", "0"), row(rows, 0, columns));
        assertEquals(List.of("DEL", "", "REG", "0,1", "", "", "6308", "/dev/zero", "0"), row(rows, 1, columns));
        assertEquals(
                List.of(
                        "7",
                        "u",
                        "IPv4",
                        "3221238",
                        "",
                        "0",
                        "TCP",
                        "localhost:18091->localhost:43110 (ESTABLISHED)",
                        "0"),
                row(rows, 3, columns));
        assertEquals(
                List.of("8", "u", "unix", "0x00000000424c4bc4", "", "0", "3244088", "type=STREAM (CONNECTED)", "0"),
                row(rows, 4, columns));
        assertEquals(
                List.of("12", "u", "REG", "254,0", "15595664", "", "2556004", "/srv/lab/tmp/fcgi_main/0000000005", "1"),
                row(rows, 6, columns));
        assertEquals(List.of("251", "w", "FIFO", "0,15", "", "0", "3243727", "pipe", "0"), row(rows, 7, columns));
        assertEquals(
                List.of("3", "u", "REG", "254,0", "", "512", "2556077", "/srv/a file with spaces.log", "0"),
                row(rows, 8, columns));
        assertEquals(List.of("my job", "77", "1000"), row(rows, 8, "command", "pid", "user"));
        assertEquals(
                List.of("NOFD", "", "", "", "", "", "", "/proc/5012/fd (opendir: Permission denied)", "0"),
                row(rows, 9, columns));
        assertEquals(
                List.of("cwd", "", "unknown", "", "", "", "", "/proc/5012/cwd (readlink: Permission denied)", "0"),
                row(rows, 10, columns));
        assertEquals(List.of("3", "u", "netlink", "", "", "0", "12034", "ROUTE", "0"), row(rows, 11, columns));
        assertEquals(Set.of("pid 361", "pid 77", "pid 5012"), rows.covers());
    }

    /** lsof 4.95 with its threads, locks on mapped files, and process groups. */
    @Test
    void threadsLocksAndGroups() {
        Rows rows = rowsAlone(
                new LsofSource(),
                Text.of(
                        "lsof.txt",
                        """
                        COMMAND     PID   TID TASKCMD    PPID  PGID USER   FD      TYPE             DEVICE  SIZE/OFF    NODE NAME
                        java      14046                 14001 14001 root  mem-W     REG              254,0     32768 2154503 /tmp/hsperfdata_root/14046
                        java      14046 14071 GC\\x20Thr  14001 14001 root  mem-W     REG              254,0     32768 2154503 /tmp/hsperfdata_root/14046
                        java      14046 14071 GC\\x20Thr  14001 14001 root   12uW     REG              254,0        17 2154599 /run/app.lock
                        """));
        String[] columns = {"pid", "tid", "user", "fd", "mode", "size", "node"};
        assertEquals(List.of("14046", "", "root", "mem-W", "", "32768", "2154503"), row(rows, 0, columns));
        assertEquals(List.of("14046", "14071", "root", "mem-W", "", "32768", "2154503"), row(rows, 1, columns));
        assertEquals(List.of("14046", "14071", "root", "12", "u", "17", "2154599"), row(rows, 2, columns));
        Rows fields = rowsAlone(
                new LsofFieldsSource(),
                Text.of(
                        "lsof-F.txt",
                        "p14046\nK14071\nMGC Thread#0\ng14001\nR14001\ncjava\nu0\nLroot\nf12\nau\nlW\ntREG\ns17\n"));
        assertEquals(
                List.of("14046", "14071", "java", "12", "17"), row(fields, 0, "pid", "tid", "command", "fd", "size"));
    }

    @Test
    void aRowIsNotTakenForACommand() {
        Capture capture = Capture.of(LSOF);
        assertEquals(12, capture.table("open_files").orElseThrow().size());
    }

    @Test
    void linkCountsShowDeletedFilesAlone() {
        Rows rows = rowsAlone(
                new LsofSource(),
                text(
                        "COMMAND    PID USER   FD   TYPE DEVICE SIZE/OFF NLINK    NODE NAME",
                        "php-fpm8.  354 root    3u   REG  254,0        0     0 2146528 /run/.ZendSem.Gos81V (deleted)",
                        "nginx      361 root   12u   REG  254,0 15595664     0 2556004 /srv/lab/tmp/fcgi_main/0000000005 (deleted)"));
        assertEquals(List.of("15595664", "0", "2556004", "1"), row(rows, 1, "size", "nlink", "node", "deleted"));
        assertTrue(rows.excerpt());
        Rows all = rowsAlone(
                new LsofSource(),
                text(
                        "COMMAND    PID USER   FD   TYPE DEVICE SIZE/OFF NLINK    NODE NAME",
                        "nginx      361 root    4w   REG  254,0    28610     1 2165128 /srv/lab/log/main.access",
                        "nginx      361 root    7u  IPv4 322123      0t0           TCP *:80 (LISTEN)"));
        assertEquals(List.of("TCP", "*:80 (LISTEN)", "0"), row(all, 1, "node", "name", "offset"));
        assertFalse(all.excerpt());
    }

    @Test
    void rowsWithoutAHeaderAreAnExcerpt() {
        Text text = printedBy(
                "lsof -p 48201 | grep \"/var/lib/nginx\"",
                "nginx   48201 www-data  34w   REG  259,1 12482010 12401 /var/lib/nginx/fastcgi/8/01/0000000108 (deleted)",
                "nginx   48201 www-data  35w   REG  259,1 15820100 12402 /var/lib/nginx/fastcgi/9/01/0000000109 (deleted)");
        Reading reading = Reading.of(text);
        assertEquals("lsof", reading.source().map(Source::name).orElse(""));
        Rows rows = reading.parsed().rows().orElseThrow();
        assertTrue(rows.excerpt());
        assertEquals(
                List.of(
                        "nginx",
                        "48201",
                        "www-data",
                        "34",
                        "w",
                        "12482010",
                        "12401",
                        "/var/lib/nginx/fastcgi/8/01/0000000108",
                        "1"),
                row(rows, 0, "command", "pid", "user", "fd", "mode", "size", "node", "name", "deleted"));
    }

    @Test
    void otherListsOfNumbersHaveNotTheShape() {
        for (String line : List.of(
                "0000004e  00000000 00000000 00000000 00000000 00000000 00000000",
                "tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 use=1",
                "   7       0 loop0 105 0 4242 10 2122 174 4577448 11738 0 2260 11752")) {
            assertEquals(Source.Match.NO, new LsofSource().match(text(line)), line);
        }
    }

    @Test
    void aRowCutShortIsRejected() {
        Parsed parsed = new LsofSource()
                .parse(text(
                        "COMMAND PID USER   FD      TYPE             DEVICE SIZE/OFF     NODE NAME",
                        "lsof: WARNING: can't stat() fuse file system /run/user/1000/doc",
                        "nginx   361 root    4w      REG              254,0    28610  2165128 /srv/lab/log/main.access",
                        "nginx   361 root    5"));
        assertEquals(
                List.of(
                        "2: a message of lsof, not an open file",
                        "4: not an open file: command, process, user, descriptor, type, ... and name"),
                rejects(parsed));
    }

    @Test
    void lsofForPrograms() {
        Rows rows = rowsAlone(
                new LsofFieldsSource(),
                Text.of(
                        "lsof-F.txt",
                        """
                        p361
                        cnginx
                        u0
                        Lroot
                        fcwd
                        tDIR
                        D0xfe00
                        s4096
                        i2146404
                        n/srv/lab
                        f12
                        au
                        tREG
                        D0xfe00
                        s15595664
                        i2556004
                        n/srv/lab/tmp/fcgi_main/0000000005 (deleted)
                        f13
                        tIPv4
                        PTCP
                        o0t0
                        n127.0.0.1:18091->127.0.0.1:43180
                        TST=ESTABLISHED
                        p77
                        cmy job
                        f3
                        n/srv/a file
                        """));
        assertEquals(4, rows.size());
        assertEquals(
                List.of(
                        "nginx",
                        "361",
                        "root",
                        "12",
                        "u",
                        "REG",
                        "15595664",
                        "2556004",
                        "/srv/lab/tmp/fcgi_main/0000000005",
                        "1"),
                row(rows, 1, "command", "pid", "user", "fd", "mode", "type", "size", "node", "name", "deleted"));
        assertEquals(List.of("13", "TCP", "0", ""), row(rows, 2, "fd", "node", "offset", "size"));
        assertEquals(List.of("my job", "77", "", "/srv/a file"), row(rows, 3, "command", "pid", "user", "name"));
        assertEquals(Set.of("pid 361", "pid 77"), rows.covers());
    }

    @Test
    void fieldsOutOfPlaceAreRejected() {
        Parsed parsed = new LsofFieldsSource().parse(text("cnginx", "p361", "f1", "?", "pabc"));
        assertEquals(
                List.of(
                        "1: stands before the first process",
                        "4: does not begin with a field's letter",
                        "5: 'abc' stands where the number of a process should be"),
                rejects(parsed));
    }

    private static final String[] FD = {
        "total 0",
        "lrwx------ 1 root root 64 Nov 21 01:32 12 -> /srv/lab/tmp/fcgi main/0000000005 (deleted)",
        "lr-x------ 1 root root 64 2026-11-21 01:32 10 -> /dev/null",
        "l-wx------. 1 app app 64 Nov 21 01:32 2 -> /srv/lab/log/main.err",
        "lrwx------ 1 root root 64 Nov 21 01:32 13 -> socket:[3244577]"
    };

    @Test
    void aLineOfNulsAloneIsRejected() {
        Parsed parsed = new LsofFieldsSource().parse(text("p361", "cnginx", "\uFFFD\uFFFD", "f1"));
        assertEquals(
                List.of("is not a process or a file with fields, each a letter and its value"),
                parsed.rejected().stream().map(Reject::reason).toList());
    }

    @Test
    void theDescriptorsOfAProcess() {
        Rows rows = rowsAlone(new FdListingSource(), printedBy("ls -l /proc/361/fd", FD));
        assertEquals(
                List.of("361", "12", "u", "/srv/lab/tmp/fcgi main/0000000005", "1"),
                row(rows, 0, "pid", "fd", "mode", "name", "deleted"));
        assertEquals(List.of("10", "r"), row(rows, 1, "fd", "mode"));
        assertEquals(List.of("2", "w", "app"), row(rows, 2, "fd", "mode", "user"));
        assertEquals(List.of("socket", "3244577"), row(rows, 3, "type", "node"));
        assertEquals(Set.of("pid 361"), rows.covers());
        assertTrue(rowsAlone(new FdListingSource(), text(FD)).excerpt());
    }
}
