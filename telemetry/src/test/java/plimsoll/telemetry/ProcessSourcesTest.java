package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static plimsoll.telemetry.SocketTexts.alone;
import static plimsoll.telemetry.SocketTexts.fact;
import static plimsoll.telemetry.SocketTexts.file;
import static plimsoll.telemetry.SocketTexts.printedBy;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.rowsAlone;
import static plimsoll.telemetry.SocketTexts.text;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import plimsoll.dsl.Quantity;

/** What {@code /proc} and cgroups say of processes and of the machine as a whole. */
class ProcessSourcesTest {
    @Test
    void limitsAreSoftAndHard() {
        Text text = file(
                "proc/361/limits",
                """
                Limit                     Soft Limit           Hard Limit           Units    \040
                Max open files            20000                524288               files    \040
                Max processes             96365                96365                processes\040
                Max nice priority         0                    0                   \040
                Max realtime timeout      unlimited            unlimited            us       \040
                """);
        Parsed parsed = alone(new LimitsSource(), text);
        assertEquals(Optional.of("20000"), fact(parsed, "limits:361:Max open files"));
        assertEquals(Optional.of("524288"), fact(parsed, "limits:361:Max open files (hard)"));
        assertEquals(Optional.of("unlimited"), fact(parsed, "limits:361:Max realtime timeout"));
        Rows rows = parsed.rows().orElseThrow();
        assertEquals(
                List.of("361", "Max open files", "20000", "524288", "files"),
                row(rows, 0, "process", "limit", "soft", "hard", "units"));
        assertEquals(List.of("Max nice priority", "0", ""), row(rows, 2, "limit", "soft", "units"));
    }

    @Test
    void limitsOfTwoProcessesStandBelowEachOther() {
        String header = "Limit                     Soft Limit           Hard Limit           Units     ";
        Text one = printedBy(
                "cat /proc/361/limits",
                header,
                "Max open files            20000                20000                files     ");
        Text two = printedBy(
                "cat /proc/362/limits",
                header,
                "Max open files            1024                 4096                 files     ");
        Rows rows = Optional.ofNullable(Chosen.of(List.of(Reading.of(one), Reading.of(two)))
                        .tables()
                        .get("limits"))
                .orElseThrow();
        assertEquals(List.of("361", "20000"), row(rows, 0, "process", "soft"));
        assertEquals(List.of("362", "1024"), row(rows, 1, "process", "soft"));
    }

    @Test
    void statusIoAndMemoryOfAProcess() {
        Parsed status = alone(
                new ProcessSource(ProcessSource.File.STATUS),
                file(
                        "proc/361/status",
                        "Name:\tnginx\nUmask:\t0000\nState:\tS (sleeping)\nVmRSS:\t    8488 kB\nThreads:\t1\nGroups:\t\n"));
        assertEquals(Optional.of("nginx"), fact(status, "status:361:Name"));
        assertEquals(Optional.of("8488 KiB"), fact(status, "status:361:VmRSS"));
        assertEquals(
                8_691_712,
                Quantity.parse(fact(status, "status:361:VmRSS").orElseThrow()).value());
        Parsed io = alone(
                new ProcessSource(ProcessSource.File.IO),
                printedBy(
                        "cat /proc/361/io",
                        "rchar: 182512445",
                        "syscr: 13217",
                        "write_bytes: 170016768",
                        "cancelled_write_bytes: -1024"));
        assertEquals(Optional.of("182512445 B"), fact(io, "io:361:rchar"));
        assertEquals(Optional.of("13217"), fact(io, "io:361:syscr"));
        assertEquals(Optional.of("-1024 B"), fact(io, "io:361:cancelled_write_bytes"));
        Parsed memory = alone(
                new ProcessSource(ProcessSource.File.SMAPS_ROLLUP),
                file(
                        "worker_smaps_rollup.txt",
                        "562befc94000-7ffdc01c2000 ---p 00000000 00:00 0                          [rollup]\nRss:                8488 kB\nPss:                6015 kB\n"));
        assertEquals(Optional.of("6015 KiB"), fact(memory, "smaps_rollup:worker_smaps_rollup.txt:Pss"));
    }

    @Test
    void loadAndTicks() {
        Parsed load = alone(new LoadavgSource(), text("1.85 3.54 3.45 2/264 535"));
        assertEquals(Optional.of("1.85"), fact(load, "loadavg:1min"));
        assertEquals(Optional.of("2"), fact(load, "loadavg:running"));
        Parsed stat = alone(
                new ProcStatSource(),
                text(
                        "cpu  203056 270 57066 193351 3688 0 1931 737 0 0",
                        "cpu0 98567 141 27935 100402 1713 0 770 378 0 0",
                        "intr 3566660" + " 0".repeat(20_000),
                        "ctxt 10754174",
                        "btime 1795222438",
                        "procs_blocked 0",
                        "softirq 4605508 0 374294"));
        assertEquals(Optional.of("1795222438"), fact(stat, "stat:btime"));
        assertEquals(Optional.of("3566660"), fact(stat, "stat:intr"));
        assertEquals(List.of("cpu0", "1713", "378"), row(stat.rows().orElseThrow(), 1, "cpu", "iowait", "steal"));
        // kernels before 2.6.24 end before guest
        assertEquals(
                List.of("4", ""),
                row(rowsAlone(new ProcStatSource(), text("cpu  1 2 3 4 5 6 7 8", "btime 1")), 0, "idle", "guest"));
    }

    @Test
    void freeBlocksByOrder() {
        Rows rows = rowsAlone(
                new BuddyinfoSource(),
                text(
                        "Node 0, zone      DMA      0      0      0      0      0      0      0      0      1      1      3 ",
                        "Node 0, zone   Normal   2793   1121   1192   5877  10179   3538   2363    902    387    121     35 "));
        assertEquals(List.of("0", "Normal", "2793", "35"), row(rows, 1, "node", "zone", "order_0", "order_10"));
        assertEquals(
                List.of("2: has 2 orders where the zone above has 3"),
                rejects(new BuddyinfoSource().parse(text("Node 0, zone DMA 1 2 3", "Node 0, zone Normal 27 11"))));
    }

    @Test
    void freeIsInTheUnitOfTheCommand() {
        String[] lines = {
            "               total        used        free      shared  buff/cache   available",
            "Mem:        24684084     1557956    19489168       11300     3966828    23126128",
            "Swap:              0           0           0"
        };
        Parsed asked = alone(new FreeSource(), printedBy("free", lines));
        assertEquals(Optional.of("23126128 KiB"), fact(asked, "free:Mem.available"));
        assertEquals(Optional.of("0 KiB"), fact(asked, "free:Swap.total"));
        assertEquals(
                Optional.of("23126128 MiB"),
                fact(alone(new FreeSource(), printedBy("free -mw", lines)), "free:Mem.available"));
        Parsed unknown = alone(new FreeSource(), text(lines));
        assertEquals(Optional.empty(), fact(unknown, "free:Mem.available"));
        assertEquals(Optional.of("23126128"), fact(unknown, "free:Mem.available (unit unknown)"));
        Parsed rounded = alone(
                new FreeSource(),
                text(
                        lines[0],
                        "Mem:            23Gi       3.2Gi        19Gi       8.6Mi       1.0Gi        20Gi",
                        "Swap:             0B          0B          0B"));
        assertEquals(Optional.of("8.6 MiB"), fact(rounded, "free:Mem.shared"));
        assertEquals(Optional.of("0 B"), fact(rounded, "free:Swap.free"));
    }

    @Test
    void oldFreeHasALineForBuffers() {
        Parsed old = alone(
                new FreeSource(),
                printedBy(
                        "free -k",
                        "             total       used       free     shared    buffers     cached",
                        "Mem:       1020620     862028     158592          0     138484     497756",
                        "-/+ buffers/cache:     225788     794832"));
        assertEquals(Optional.of("225788 KiB"), fact(old, "free:-/+ buffers/cache.used"));
        assertEquals(Optional.of("794832 KiB"), fact(old, "free:-/+ buffers/cache.free"));
    }

    @Test
    void vmstatReports() {
        String[] lines = {
            "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----",
            " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st",
            " 2  0      0 19488904  14472 3952356    0    0  1508  4312  775 2337 44 13 42  1  0",
            " 3  1      0 19488904  14472 3952356    0    0     0     0 1191 3117 52  3 45  0  0"
        };
        Rows rows = rowsAlone(new VmstatCommandSource(), text(lines));
        assertEquals(List.of("0", "1", "4312", "1"), row(rows, 0, "sample", "since_boot", "bo", "wa"));
        assertEquals(List.of("1", "0", "3", "3117"), row(rows, 1, "sample", "since_boot", "r", "cs"));
        assertEquals(
                List.of("0"),
                row(rowsAlone(new VmstatCommandSource(), printedBy("vmstat -y 1", lines)), 0, "since_boot"));
        Rows stamped = rowsAlone(
                new VmstatCommandSource(),
                text(
                        lines[0] + " -----timestamp-----",
                        lines[1] + "                 UTC",
                        lines[2] + " 2026-11-21 01:32:36"));
        assertEquals(List.of("2026-11-21 01:32:36", "0"), row(stamped, 0, "time", "st"));
        Rows wide = rowsAlone(
                new VmstatCommandSource(),
                text(
                        "--procs-- -----------------------memory---------------------- ---swap-- -----io---- -system-- ----------cpu----------",
                        "   r    b         swpd         free         buff        cache   si   so    bi    bo   in   cs  us  sy  id  wa  st  gu",
                        "   9    0            0     19070500        85004      2288420    0    0   333   317  368 1142  65   5  30   0   0   0"));
        assertEquals(List.of("9", "19070500", "0"), row(wide, 0, "r", "free", "gu"));
        assertEquals(
                List.of("3: has 4 columns where the header above has 17"),
                rejects(new VmstatCommandSource().parse(text(lines[0], lines[1], " 2  0      0 194889"))));
    }

    @Test
    void pressureNamesItsResourceByThePath() {
        String[] lines = {
            "some avg10=0.00 avg60=0.09 avg300=3.26 total=56872691",
            "full avg10=1.50 avg60=0.01 avg300=1.02 total=20574918"
        };
        Parsed io = alone(new PressureSource(), printedBy("cat /proc/pressure/io", lines));
        assertEquals(Optional.of("3.26%"), fact(io, "pressure:io.some.avg300"));
        assertEquals(Optional.of("20574918 us"), fact(io, "pressure:io.full.total"));
        assertEquals(
                0.015,
                Quantity.parse(fact(io, "pressure:io.full.avg10").orElseThrow()).value(),
                1e-12);
        assertEquals(Optional.of("0.00%"), fact(alone(new PressureSource(), text(lines)), "pressure:some.avg10"));
        Parsed group = alone(new CgroupSource(), printedBy("cat /sys/fs/cgroup/web/memory.pressure", lines));
        assertEquals(Optional.of("1.50%"), fact(group, "cgroup:web:memory.pressure.full.avg10"));
    }

    @Test
    void filesOfACgroup() {
        CgroupSource source = new CgroupSource();
        String group = "sys/fs/cgroup/system.slice/php-fpm.service/";
        String prefix = "cgroup:system.slice/php-fpm.service:";
        assertEquals(
                Optional.of("1073741824 B"),
                fact(alone(source, file(group + "memory.max", "1073741824\n")), prefix + "memory.max"));
        assertEquals(
                Optional.of("max"), fact(alone(source, file(group + "memory.high", "max\n")), prefix + "memory.high"));
        Parsed events = alone(source, file(group + "memory.events", "low 0\nhigh 0\nmax 812\noom 3\noom_kill 2\n"));
        assertEquals(Optional.of("2"), fact(events, prefix + "memory.events.oom_kill"));
        Parsed stat = alone(
                source,
                file(group + "memory.stat", "anon 4096\nfile_dirty 8192\npgfault 12\nworkingset_refault_file 7\n"));
        assertEquals(Optional.of("8192 B"), fact(stat, prefix + "memory.stat.file_dirty"));
        assertEquals(Optional.of("7"), fact(stat, prefix + "memory.stat.workingset_refault_file"));
        Parsed cpu = alone(source, file(group + "cpu.max", "150000 100000\n"));
        assertEquals(Optional.of("150000 100000"), fact(cpu, prefix + "cpu.max"));
        assertEquals(Optional.of("1.5"), fact(cpu, prefix + "cpu.max.cpus"));
        Parsed unlimited = alone(source, file(group + "cpu.max", "max 100000\n"));
        assertEquals(Optional.empty(), fact(unlimited, prefix + "cpu.max.cpus"));
        Parsed time = alone(source, file(group + "cpu.stat", "usage_usec 123\nnr_throttled 4\nthrottled_usec 56\n"));
        assertEquals(Optional.of("56 us"), fact(time, prefix + "cpu.stat.throttled_usec"));
        assertEquals(Optional.of("4"), fact(time, prefix + "cpu.stat.nr_throttled"));
        Parsed io = alone(source, file(group + "io.max", "8:16 rbps=2097152 wbps=max riops=max wiops=120\n"));
        assertEquals(Optional.of("2097152 B/s"), fact(io, prefix + "io.max.8:16.rbps"));
        assertEquals(Optional.of("120/s"), fact(io, prefix + "io.max.8:16.wiops"));
        assertEquals(Optional.of("max"), fact(io, prefix + "io.max.8:16.wbps"));
        assertEquals(Optional.of("512"), fact(alone(source, file(group + "pids.max", "512\n")), prefix + "pids.max"));
    }

    @Test
    void commandsSayWhichGroupItIs() {
        Parsed two = alone(
                new CgroupSource(),
                printedBy(
                        "cat /sys/fs/cgroup/web/memory.max /sys/fs/cgroup/web/memory.current",
                        "1073741824",
                        "524288000"));
        assertEquals(Optional.of("524288000 B"), fact(two, "cgroup:web:memory.current"));
        Parsed prefixed = alone(
                new CgroupSource(),
                text(
                        "/sys/fs/cgroup/web/pids.max:max",
                        "/sys/fs/cgroup/web/pids.current:34",
                        "/sys/fs/cgroup/web/memory.events:oom 0"));
        assertEquals(Optional.of("34"), fact(prefixed, "cgroup:web:pids.current"));
        assertEquals(Optional.of("0"), fact(prefixed, "cgroup:web:memory.events.oom"));
        assertEquals(
                Optional.of("9 B"), fact(alone(new CgroupSource(), file("memory.max", "9")), "cgroup:.:memory.max"));
        assertEquals(
                List.of("2: not a line of io.max"),
                rejects(new CgroupSource()
                        .parse(file("sys/fs/cgroup/web/io.max", "8:16 rbps=1 wbps=2\n8:32 rbps=1 wb"))));
    }
}
