package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IostatSourceTest {
    static final String OLD =
            """
            Device: rrqm/s wrqm/s r/s w/s rkB/s wkB/s avgrq-sz avgqu-sz await r_await w_await svctm %util
            nvme0n1 0.00 0.00 0.00 410.00 0.00 52001.00 253.66 4.10 10.00 0.00 10.00 2.44 100.00
            nvme0n1 0.00 0.00 0.00 390.00 0.00 48101.00 246.67 12.40 31.90 0.00 31.90 2.56 100.00
            """;
    static final String TEXT =
            """
            Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)

            11/21/26 01:32:33
            avg-cpu:  %user   %nice %system %iowait  %steal   %idle
                      53.30    0.00   24.37    0.51    0.00   21.83

            Device            r/s     rkB/s  r_await     w/s     wkB/s w_await  aqu-sz  %util
            loop0            0.05      0.92    0.10     0.92    989.24    5.53    0.01   0.10
            vda            104.73   2996.74    0.77    90.57   7586.60    0.39    0.12   1.49


            11/21/26 01:32:34
            avg-cpu:  %user   %nice %system %iowait  %steal   %idle
                      51.78    0.00    4.06    0.00    0.00   44.16

            Device            r/s     rkB/s  r_await     w/s     wkB/s w_await  aqu-sz  %util
            loop0            0.00      0.00    0.00     0.00      0.00    0.00    0.00   0.00
            vda            187.00   1288.00    0.70     0.00      0.00    0.00    0.13   0.00

            """;
    static final String JSON =
            """
            {"sysstat": {
            	"hosts": [
            		{
            			"nodename": "vm",
            			"number-of-cpus": 2,
            			"statistics": [
            				{
            					"timestamp": "2026-11-21T01:32:33+0000",
            					"avg-cpu":  {"user": 50.25, "idle": 49.25},
            					"disk": [
            						{"disk_device": "loop0", "r/s": 0.05, "rrqm": 0.00, "util": 0.10},
            						{"disk_device": "vda", "r/s": 104.73, "rrqm": 9.35, "util": 1.49}
            					]
            				},
            				{
            					"timestamp": "2026-11-21T01:32:34+0000",
            					"disk": [
            						{"disk_device": "vda", "r/s": 178.00, "rrqm": 0.00, "util": 0.00}
            					]
            				}
            			]
            		}
            	]
            }}
            """;

    private final IostatSource source = new IostatSource();

    private Parsed parse(Text text) {
        assertEquals(Source.Match.SURE, source.match(text));
        Parsed parsed = source.parse(text);
        assertEquals(
                text.lines().size(),
                parsed.used() + parsed.empty() + parsed.rejected().size());
        return parsed;
    }

    private Rows rows(String content) {
        Parsed parsed = parse(Text.of("iostat.txt", content));
        assertEquals(List.of(), parsed.rejected());
        return parsed.rows().orElseThrow();
    }

    private static List<String> column(Rows rows, String column) {
        return IntStream.range(0, rows.size())
                .mapToObj(row -> rows.cell(column, row))
                .toList();
    }

    @Test
    void oldColumnsWithoutBannerAreReadByTheirNames() {
        Rows disks = rows(OLD);
        assertEquals(List.of("0", "1"), column(disks, "sample"));
        assertEquals(List.of("0", "0"), column(disks, "since_boot"));
        assertEquals(390.0, disks.real("w/s", 1).orElseThrow());
        assertEquals(12.4, disks.real("avgqu-sz", 1).orElseThrow());
        assertEquals(2.56, disks.real("svctm", 1).orElseThrow());
        assertEquals(100.0, disks.real("%util", 1).orElseThrow());
    }

    @Test
    void aReportHasItsStampItsProcessorsAndItsDevices() {
        Rows disks = rows(TEXT);
        assertEquals(List.of("loop0", "vda", "loop0", "vda"), column(disks, "device"));
        assertEquals(List.of("0", "0", "1", "1"), column(disks, "sample"));
        assertEquals(List.of("1", "1", "0", "0"), column(disks, "since_boot"));
        assertEquals("11/21/26 01:32:33", disks.cell("time", 1));
        assertEquals("11/21/26 01:32:34", disks.cell("time", 2));
        assertEquals(0.51, disks.real("cpu %iowait", 1).orElseThrow());
        assertEquals(2996.74, disks.real("rkB/s", 1).orElseThrow());
        assertEquals(0.13, disks.real("aqu-sz", 3).orElseThrow());
        Parsed parsed = source.parse(Text.of("-", TEXT));
        assertEquals(8, parsed.used()); // two stamps, two lines of shares, four devices
    }

    @Test
    void withTheOptionYNothingIsSinceBoot() {
        // iostat -y leaves a second blank line where the first report would have stood
        assertEquals(
                List.of("0", "0", "0", "0"), column(rows(TEXT.replaceFirst("CPU\\)\n\n", "CPU)\n\n\n")), "since_boot"));
        Text told = new Text("-", 1, Optional.of("iostat -xy 1 2"), TEXT.lines().toList());
        assertEquals(List.of("0", "0", "0", "0"), column(parse(told).rows().orElseThrow(), "since_boot"));
        Text other = new Text(
                "-", 1, Optional.of("iostat -x 1 2 /dev/disk-y"), TEXT.lines().toList());
        assertEquals(List.of("1", "1", "0", "0"), column(parse(other).rows().orElseThrow(), "since_boot"));
    }

    @Test
    void stampsOfEveryKindAreStamps() {
        for (String stamp : List.of(
                "11/21/2026 01:32:33 AM",
                "2026-11-21T01:32:33+0000",
                "2026-11-21T01:32:33+0100",
                "21.11.2026 13:32:33",
                "2026-11-21 13:32:33",
                "Time: 01:32:33 PM",
                "Time: 13:32:33")) {
            Rows disks = rows(TEXT.replace("11/21/26 01:32:33", stamp));
            assertEquals(stamp.replace("Time: ", ""), disks.cell("time", 1));
            assertEquals(4, disks.size());
        }
    }

    @Test
    void otherColumnsDecimalCommasAndWrappedNamesAreRead() {
        Rows basic = rows(
                "Device:            tps    kB_read/s    kB_wrtn/s    kB_read    kB_wrtn\nsda   5,09  0,52  10,85  97402  2029384\n");
        assertEquals(5.09, basic.real("tps", 0).orElseThrow());
        assertEquals(2_029_384.0, basic.real("kB_wrtn", 0).orElseThrow());
        Rows pretty = rows("      tps    kB_read/s    kB_wrtn/s Device\n    52.98       929.95       451.21 vda\n");
        assertEquals("vda", pretty.cell("device", 0));
        assertEquals(451.21, pretty.real("kB_wrtn/s", 0).orElseThrow());
        Rows wrapped = rows("Device:  tps  MB_read/s\nmapper-with-a-long-name\n   1.00  2.00\nsda  3.00  4.00\n");
        assertEquals(List.of("mapper-with-a-long-name", "sda"), column(wrapped, "device"));
        assertEquals(List.of("2.0", "4.0"), column(wrapped, "MB_read/s"));
    }

    @Test
    void reportsOnTheProcessorsAloneAreRowsWithoutADevice() {
        Rows rows = rows(
                """
                Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)

                avg-cpu:  %user   %nice %system %iowait  %steal   %idle
                          17.82    0.00    1.95    0.08    0.02   80.13


                avg-cpu:  %user   %nice %system %iowait  %steal   %idle
                          51.01    0.00    0.00    0.00    0.00   48.99

                """);
        assertEquals(List.of("17.82", "51.01"), column(rows, "cpu %user"));
        assertEquals(List.of("0", "1"), column(rows, "sample"));
        assertEquals(List.of("1", "0"), column(rows, "since_boot"));
        assertTrue(rows.text("device", 0).isEmpty());
    }

    @Test
    void wrongRowsAreRejectedAndTheRestIsRead() {
        Parsed parsed = parse(Text.of(
                "-",
                "1.00 2.00\nDevice  tps  kB_read/s\nvda  1.00\nvdb  929.5k  1.7G\nvdc  1.00  x\nvdd  1.00  2.00\n"));
        assertEquals(
                List.of(
                        "1: no header stands above it: columns are known by a line like \"Device r/s w/s ... %util\"",
                        "3: 2 columns, where the header above has 3",
                        "4: rounded for people (-h or --human); iostat without it prints the numbers",
                        "5: not a device and its numbers, which the header above calls for"),
                parsed.rejected().stream()
                        .map(r -> r.line() + ": " + r.reason())
                        .toList());
        assertEquals(List.of("vdd"), column(parsed.rows().orElseThrow(), "device"));
    }

    @Test
    void jsonHasTheColumnsOfTheText() {
        Rows disks = rows(JSON);
        assertEquals(List.of("0", "0", "1"), column(disks, "sample"));
        assertEquals(List.of("1", "1", "0"), column(disks, "since_boot"));
        assertEquals(List.of("loop0", "vda", "vda"), column(disks, "device"));
        assertEquals("2026-11-21T01:32:34+0000", disks.cell("time", 2));
        assertEquals(1.49, disks.real("%util", 1).orElseThrow());
        assertEquals(9.35, disks.real("%rrqm", 1).orElseThrow());
        assertEquals(50.25, disks.real("cpu %user", 1).orElseThrow());
        assertTrue(disks.real("cpu %user", 2).isEmpty());
    }

    @Test
    void jsonCutShortIsReadUpToTheCut() {
        Parsed parsed = parse(Text.of("-", JSON.substring(0, JSON.indexOf("\"r/s\": 178"))));
        assertEquals(2, parsed.rows().orElseThrow().size());
        assertEquals(1, parsed.rejected().size());
        assertEquals(18, parsed.rejected().get(0).line());
        assertTrue(
                parsed.rejected().get(0).reason().startsWith("not JSON from here on: "),
                parsed.rejected().get(0).reason());
    }

    @Test
    void likeOutputsAreNotTaken() {
        for (String other : List.of(
                "Linux 6.18.44 (vm) \t11/21/26 \t_x86_64_\t(2 CPU)\n\n01:32:32          DEV       tps     rkB/s\n01:32:33          vda    165.00    996.00\n",
                "Device     Boot Start      End  Sectors Size Id Type\n/dev/sda1  *     2048  2099199  2097152   1G 83 Linux\n",
                "{\"sysstat\": {\"sysdata-version\": 2.15, \"hosts\": [{\"statistics\": [{\"disk\": [{\"disk-device\": \"vda\"}]}]}]}}")) {
            assertEquals(Source.Match.NO, source.match(Text.of("-", other)), other);
        }
    }
}
