package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.rowsAlone;
import static plimsoll.telemetry.SocketTexts.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysstatSourcesTest {
    private static final String[] SAR_ROW = {"date", "time", "activity", "item", "name", "value", "average"};

    // sections of a report of sysstat 12.6.1, shortened, with a reboot
    private static final String SAR =
            """
            Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)

            01:32:32        CPU      %usr     %idle
            01:32:33        all     52.79     22.34
            01:32:33          1     92.08      0.99

            01:32:40     LINUX RESTART\t(2 CPU)

            01:32:50        CPU      %usr     %idle
            01:32:51        all      1.00     99.00
            Average:        all     26.90     60.67

            01:32:32       proc/s   cswch/s
            01:32:33        56.00   5749.00

            01:32:32          DEV       tps     wkB/s     await     %util
            01:32:33          vda    165.00      0.00      0.77      0.40
            Average:          vda     40.88      0.00      0.48      0.05

            01:32:32          tps      rtps
            01:32:33       165.00    165.00

            01:32:32       totsck    tcpsck    tcp-tw
            01:32:33           81        39        57

            01:32:32     MBfsfree  MBfsused FILESYSTEM
            01:32:33       224904     33115 /srv/my data
            """;

    @Test
    void sarIsOneValuePerRow() {
        Rows rows = rowsAlone(new SarSource(), Text.of("sar.txt", SAR));
        assertEquals("sar", rows.name());
        assertEquals(List.of("11/21/26", "01:32:33", "cpu-load", "all", "%usr", "52.79", "0"), row(rows, 0, SAR_ROW));
        assertEquals(List.of("11/21/26", "01:32:33", "cpu-load", "1", "%idle", "0.99", "0"), row(rows, 3, SAR_ROW));
        assertEquals(List.of("11/21/26", "01:32:51", "cpu-load", "all", "%usr", "1.0", "0"), row(rows, 4, SAR_ROW));
        assertEquals(List.of("11/21/26", "", "cpu-load", "all", "%usr", "26.9", "1"), row(rows, 6, SAR_ROW));
        assertEquals(
                List.of("11/21/26", "01:32:33", "process-and-context-switch", "", "proc/s", "56.0", "0"),
                row(rows, 8, SAR_ROW));
        assertEquals(List.of("11/21/26", "01:32:33", "disk", "vda", "await", "0.77", "0"), row(rows, 12, SAR_ROW));
        assertEquals(
                Set.of("cpu-load", "process-and-context-switch", "disk", "io", "net-sock", "filesystems"),
                activities(rows));
        Rows last = rows.where(r -> rows.cell("activity", r).equals("filesystems"));
        assertEquals(List.of("/srv/my data", "MBfsused", "33115.0"), row(last, 1, "item", "name", "value"));
    }

    private static Set<String> activities(Rows rows) {
        return IntStream.range(0, rows.size())
                .mapToObj(r -> rows.cell("activity", r))
                .collect(Collectors.toSet());
    }

    @Test
    void mpstatIsTheSameActivity() {
        Rows rows = rowsAlone(
                new SarSource(),
                text(
                        "Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)",
                        "",
                        "01:32:36     CPU    %usr   %idle",
                        "01:32:37     all   53.27   45.23",
                        "01:32:37       0    6.06   90.91"));
        assertEquals(List.of("11/21/26", "01:32:37", "cpu-load", "0", "%idle", "90.91", "0"), row(rows, 3, SAR_ROW));
    }

    @Test
    void twelveHourClocksAndDecimalCommas() {
        Rows rows = rowsAlone(
                new SarSource(),
                Text.of(
                        "sa",
                        """
                        Linux 3.10.0-957.el7.x86_64 (web1)\t11/21/2026\t_x86_64_\t(4 CPU)

                        12:00:01 AM     CPU     %user     %nice   %system   %iowait    %steal     %idle
                        12:10:01 PM     all      5,43      0,00      2,31      0,12      0,00     92,14
                        """
                                .replace("\n", "\r\n")));
        assertEquals(
                List.of("11/21/2026", "12:10:01 PM", "cpu-load", "all", "%user", "5.43", "0"), row(rows, 0, SAR_ROW));
        assertEquals(List.of("%idle", "92.14"), row(rows, 5, "name", "value"));
    }

    @Test
    void aReportInAnotherLanguageAndACutLineAreRejected() {
        Parsed parsed = new SarSource()
                .parse(text(
                        "01:32:32        CPU      %usr     %idle",
                        "01:32:33        all     52.79     22.34",
                        "Moyenne :       all     52.79     22.34",
                        "01:32:34        all     5"));
        assertEquals(
                List.of(
                        "3: begins neither with a time nor with \"Average:\"; a report in another language is read after LC_ALL=C sar",
                        "4: has 2 columns where the header above has 3"),
                rejects(parsed));
        assertEquals(2, parsed.rows().orElseThrow().size());
    }

    @Test
    void activitiesOfSeveralFilesArePutTogetherOnce() {
        String banner = "Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)\n\n";
        String disks = "01:32:32          DEV       tps     %util\n01:32:33          vda    165.00      0.40\n";
        String memory = "01:32:32    kbmemfree   kbdirty\n01:32:33     19463076    167276\n";
        Rows rows = Optional.ofNullable(Chosen.of(List.of(
                                Reading.of(Text.of("d", banner + disks)),
                                Reading.of(Text.of("r", banner + memory)),
                                Reading.of(Text.of("again", banner + memory))))
                        .tables()
                        .get("sar"))
                .orElseThrow();
        assertEquals(4, rows.size());
        assertEquals(Set.of("2026-11-21 disk", "2026-11-21 memory"), rows.covers());
    }

    @Test
    void oneDayInTheSpellingsOfSarAndSadf() {
        for (String date : List.of("11/21/26", "11/21/2026", "21/11/2026", "21.11.2026", "2026-11-21")) {
            Rows rows = rowsAlone(
                    new SarSource(),
                    text(
                            "Linux 6.18.44 (vm) \t" + date + " \t_x86_64_\t(2 CPU)",
                            "",
                            "01:32:32       totsck    tcp-tw",
                            "01:32:33           81        57"));
            assertEquals(Set.of("2026-11-21 net-sock"), rows.covers());
            assertEquals(date, rows.cell("date", 0));
        }
    }

    /** sysstat 12.6 with -h, which means --human: what is rounded is no value. */
    @Test
    void roundedValuesAreRejectedWithWhatToDo() {
        Parsed parsed = new SarSource()
                .parse(text(
                        "Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)",
                        "",
                        "08:46:41    kbmemfree  %memused",
                        "08:46:42        19.8G      6.0%",
                        "08:46:41      rxpck/s    rxkB/s   %ifutil IFACE",
                        "08:46:42         0.00      0.0B      0.0% lo"));
        assertEquals(0, parsed.rows().orElseThrow().size());
        assertEquals(
                List.of(
                        "4: rounded for people (-h or --human); sar without it prints the numbers",
                        "6: rounded for people (-h or --human); sar without it prints the numbers"),
                rejects(parsed));
    }

    @Test
    void reportsOfOtherThingsArePutTogether() {
        String banner = "Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)\n\n";
        Rows rows = Optional.ofNullable(Chosen.of(List.of(
                                Reading.of(Text.of(
                                        "d",
                                        banner + "1795250810    UID       PID   kB_rd/s   kB_wr/s  Command\n"
                                                + "1795250811      0     15590     39.60      0.00  java\n")),
                                Reading.of(Text.of(
                                        "r",
                                        banner + "01:32:38      UID       PID     VSZ     RSS  Command\n"
                                                + "01:32:39        0     15590  900000  500000  java\n"))))
                        .tables()
                        .get("pidstat"))
                .orElseThrow();
        assertEquals(2, rows.size());
        assertEquals(List.of("1795250811", "39.6", ""), row(rows, 0, "time", "kB_rd/s", "RSS"));
        assertEquals(List.of("01:32:39", "", "500000.0"), row(rows, 1, "time", "kB_rd/s", "RSS"));
    }

    @Test
    void pidstatByItsColumns() {
        Rows rows = rowsAlone(
                new PidstatSource(),
                text(
                        "Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)",
                        "",
                        "01:32:38      UID       PID   kB_rd/s   kB_wr/s kB_ccwr/s iodelay  Command",
                        "01:32:39        0       432      0.00      3.96     -1.00       0  kworker/u4:2 flush",
                        "",
                        "Average:      UID       PID   kB_rd/s   kB_wr/s kB_ccwr/s iodelay  Command",
                        "Average:        0       373    111.44      1.99      0.00       0  bash"));
        assertEquals(
                List.of("01:32:39", "0", "0", "432", "3.96", "", "kworker/u4:2 flush"),
                row(rows, 0, "time", "average", "UID", "PID", "kB_wr/s", "kB_ccwr/s", "Command"));
        assertEquals(List.of("", "1", "373", "111.44"), row(rows, 1, "time", "average", "PID", "kB_rd/s"));
    }

    @Test
    void pidstatOnOneLinePerProcess() {
        Rows rows = rowsAlone(
                new PidstatSource(),
                text(
                        "Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)",
                        "",
                        "# Time        UID       PID    %usr %system  kB_wr/s  Command",
                        "1795224759      0       432    1.00    2.00     3.96  sadc",
                        "01:32:39        0       433    1.00    2.00     3.96  sadc"));
        assertEquals(List.of("1795224759", "432", "2.0", "sadc"), row(rows, 0, "time", "PID", "%system", "Command"));
        assertEquals(List.of("01:32:39", "433"), row(rows, 1, "time", "PID"));
        assertEquals(
                List.of("2: 'x' stands where PID should be"),
                rejects(new PidstatSource()
                        .parse(text(
                                "01:32:38      UID       PID   kB_rd/s  Command", "01:32:39        0  x  1.0  sadc"))));
    }

    @Test
    void sadfForDatabasesAndForScripts() {
        Rows rows = rowsAlone(
                new SadfSource(),
                text(
                        "# hostname;interval;timestamp;CPU;%usr;%idle",
                        "vm;1;2026-11-21 01:32:33 UTC;-1;52.79;22.34",
                        "vm;-1;2026-11-21 01:32:40 UTC;LINUX-RESTART\t(2 CPU)",
                        "# hostname;interval;timestamp;INTR;CPU*",
                        "vm;1;2026-11-21 01:32:33 UTC;sum;1418.00;819.00;599.00",
                        "# hostname;interval;timestamp;DEV;tps;%util",
                        "vm;1;2026-11-21 01:32:33 UTC;vda;165.00;0.40"));
        assertEquals(
                List.of("2026-11-21", "01:32:33 UTC", "cpu-load", "all", "%usr", "52.79", "0"), row(rows, 0, SAR_ROW));
        assertEquals(List.of("interrupts", "sum", "CPU1", "599.0"), row(rows, 4, "activity", "item", "name", "value"));
        assertEquals(List.of("disk", "vda", "%util", "0.4"), row(rows, 6, "activity", "item", "name", "value"));
        Rows single = rowsAlone(
                new SadfSource(),
                text(
                        "vm\t1\t2026-11-21 01:32:33 UTC\t-\tkbmemfree\t19463076",
                        "vm\t1\t1795224754\t-\tkbdirty\t167276"));
        assertEquals(
                List.of("2026-11-21", "01:32:33 UTC", "memory", "", "kbmemfree", "1.9463076E7", "0"),
                row(single, 0, SAR_ROW));
        assertEquals(List.of("", "1795224754", "memory"), row(single, 1, "date", "time", "activity"));
    }

    @Test
    void severalItemsOnOneLineAreRejectedWithWhatToDo() {
        assertEquals(
                List.of("2: has several items on one line (sadf -h); sadf -d without it prints one"),
                rejects(new SadfSource()
                        .parse(text(
                                "# hostname;interval;timestamp;DEV;tps[...]",
                                "vm;1;2026-11-21 01:32:33 UTC;loop0;0.00;vda;165.00"))));
    }

    private static final String JSON =
            """
            {"sysstat": {
            \t"hosts": [
            \t\t{
            \t\t\t"nodename": "vm",
            \t\t\t"file-date": "2026-11-21",
            \t\t\t"file-utc-time": "01:32:32",
            \t\t\t"statistics": [
            \t\t\t\t{
            \t\t\t\t\t"timestamp": {"date": "2026-11-21", "time": "01:32:33", "utc": 1, "interval": 1},
            \t\t\t\t\t"cpu-load": [
            \t\t\t\t\t\t{"cpu": "all", "usr": 52.79, "idle": 22.34}
            \t\t\t\t\t],
            \t\t\t\t\t"io": {"tps": 165.00, "io-reads": {"rtps": 164.00, "bread": 1992.00}},
            \t\t\t\t\t"network": {
            \t\t\t\t\t\t"net-dev": [
            \t\t\t\t\t\t\t{"iface": "lo", "rxpck": 1531.00}
            \t\t\t\t\t\t],
            \t\t\t\t\t\t"net-sock": {"totsck": 81, "tcp-tw": 57}
            \t\t\t\t\t}
            \t\t\t\t}
            \t\t\t]
            \t\t}
            \t]
            }}
            """;

    @Test
    void sadfAsJson() {
        Rows rows = rowsAlone(new SadfJsonSource(), Text.of("sar", JSON));
        assertEquals(8, rows.size());
        assertEquals(List.of("2026-11-21", "01:32:33", "cpu-load", "all", "usr", "52.79", "0"), row(rows, 0, SAR_ROW));
        List<String> activities = List.of("cpu-load", "cpu-load", "io", "io", "io", "net-dev", "net-sock", "net-sock");
        for (int r = 0; r < rows.size(); r++) {
            assertEquals(activities.get(r), rows.cell("activity", r));
        }
        assertEquals(List.of("lo", "rxpck", "1531.0"), row(rows, 5, "item", "name", "value"));
        assertEquals(List.of("tcp-tw", "57.0"), row(rows, 7, "name", "value"));
    }

    @Test
    void jsonCutShortIsReadUpToTheCut() {
        Parsed parsed = new SadfJsonSource().parse(Text.of("sar", JSON.substring(0, JSON.indexOf("\"network\""))));
        assertEquals(5, parsed.rows().orElseThrow().size());
        assertEquals(1, parsed.rejected().size());
        assertTrue(
                parsed.rejected().get(0).reason().startsWith("not JSON from here on: "),
                parsed.rejected().toString());
    }

    @Test
    void binaryFilesAreKnownByTheirFirstBytes() {
        assertTrue(SarBinary.is(new byte[] {(byte) 0x96, (byte) 0xd5, 0x75, 0x21}));
        assertTrue(SarBinary.is(new byte[] {(byte) 0xd5, (byte) 0x96, 0x21, 0x75}));
        assertFalse(SarBinary.is("text".getBytes(StandardCharsets.US_ASCII)));
        assertFalse(SarBinary.is(new byte[] {(byte) 0x96}));
    }

    @Test
    void aBinaryFileThatCannotBeReadIsAProblemThatSaysWhatToRun(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("sa21"), new byte[] {(byte) 0x96, (byte) 0xd5, 0, 0, 1, 2, 3});
        Files.writeString(folder.resolve("load"), "1.85 3.54 3.45 2/264 535\n");
        Capture capture = Capture.read(folder);
        assertEquals(1, capture.problems().size());
        String problem = capture.problems().get(0);
        assertTrue(problem.startsWith("sa21 is a binary sar file that was not read ("), problem);
        assertTrue(
                problem.endsWith(
                        "): run  sadf -j sa21 -- -A > sar.json  where sysstat is installed, and read sar.json"),
                problem);
    }

    @Test
    void whatSadfSaysIsRead(@TempDir Path folder) throws IOException {
        Path program = folder.resolve("sadf");
        Files.writeString(folder.resolve("said.json"), JSON);
        Files.writeString(program, "#!/bin/sh\n[ \"$1\" = -j ] && [ \"$3\" = -- ] && cat '" + folder + "/said.json'\n");
        assertTrue(program.toFile().setExecutable(true));
        assertEquals(JSON, SarBinary.json(new byte[] {(byte) 0x96, (byte) 0xd5, 0, 0}, program.toString()));
        IOException missing = assertThrows(IOException.class, () -> SarBinary.json(new byte[0], folder + "/none"));
        assertTrue(String.valueOf(missing.getMessage()).contains("none"), missing.toString());
    }
}
