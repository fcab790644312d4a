package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static plimsoll.analyses.Read.assertNoted;
import static plimsoll.analyses.Read.assertState;
import static plimsoll.analyses.Read.facts;
import static plimsoll.analyses.Read.value;

import java.util.List;
import org.junit.jupiter.api.Test;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Remedy;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Made;

class FileSystemsTest {
    static final Facts HOST = Facts.none()
            .holding(
                    "filesystems",
                    Made.rows(
                            "filesystems",
                            """
                            mounted_on|size#|used#|available#|inodes#|iused#|ifree#|rounded#
                            /|1000000|600000|350000||||0
                            /||||65536|65000|536|
                            /var|2000000|100000|1900000||||1
                            /proc|0|0|0||||
                            """))
            .holding(
                    "open_files",
                    Made.rows(
                            "open_files",
                            """
                            pid#|name|device|node|size#|deleted#
                            1|/var/lib/nginx/fastcgi/8/01/0000000108|254,1|12|40000|1
                            2|/var/lib/nginx/fastcgi/8/01/0000000108|254,1|12|40000|1
                            2|/var/lib/nginx/fastcgi/9/01/0000000109|254,1|13|10000|1
                            2|/var/log/nginx/access.log|254,1|14|777|0
                            3|/tmp/x|254,0|15|5|1
                            """));

    @Test
    void whatIsReservedForRootIsNotSupply() {
        Budget b = Budget.of(new DiskSpace(), HOST, "/");
        assertEquals(600000 / 950000.0, value(b, "use"), 1e-12);
        assertEquals(50000, value(b, "reserved for root"));
        assertState(Verdict.State.FITS, b);
        assertState(Verdict.State.OVER, b.with("more", "400000 B"));
        assertEquals(35, value(b.with("rate", "10000 B/s"), "time to full"), 1e-12);
        assertEquals(List.of("/", "/var"), new DiskSpace().scopes(HOST));
    }

    @Test
    void deletedFilesThatAreOpenAreAmongTheUsedOncePerInode() {
        Budget b = Budget.of(new DiskSpace(), HOST, "/var");
        assertEquals(50000, value(b, "deleted and still open"));
        assertEquals(100000, value(b, "demand"));
        assertNoted("2 deleted files are still open", b);
        assertNoted("rounds", b);
        assertEquals(5, value(Budget.of(new DiskSpace(), HOST, "/"), "deleted and still open"));
    }

    @Test
    void inodesAreFilesNotBytes() {
        Budget b = Budget.of(new Inodes(), HOST, "/");
        assertEquals(65000 / 65536.0, value(b, "use"), 1e-12);
        assertState(Verdict.State.OVER, b.with("more", "537"));
        assertState(Verdict.State.FITS, b.with("more", "536"));
        assertEquals(53.6, value(b.with("rate", "10/s"), "time to full"), 1e-9);
        assertEquals(List.of("/"), new Inodes().scopes(HOST));
        assertEquals(
                "df -i",
                Budget.of(new Inodes(), Facts.none(), FileSystems.ANY)
                        .finding()
                        .missing()
                        .get(0)
                        .command());
        assertState(Verdict.State.UNKNOWN, Budget.of(new DiskSpace(), Facts.none(), FileSystems.ANY));
    }

    // ---- journal

    private static Budget journal(String options) {
        return Budget.of(
                new Journal(),
                Facts.none()
                        .holding(
                                "mounts",
                                Made.rows(
                                        "mounts",
                                        "source|target|fstype|options\n/dev/vdb|/uploads|ext4|" + options
                                                + "\ntmpfs|/run|tmpfs|rw")),
                "/uploads");
    }

    @Test
    void dataIsLostForLongerThanMetadata() {
        Budget b = journal("rw,relatime").with("tolerated", "30 s");
        assertEquals(40, value(b, "loss window of data"));
        assertEquals(5, value(b, "loss window of metadata"));
        assertState(Verdict.State.OVER, b);
        assertEquals(List.of("/uploads"), new Journal().scopes(b.facts()));
        assertState(Verdict.State.FITS, b.with("vm.dirty_expire_centisecs", "1500"));
    }

    /** A report has data=writeback and commit=30 make writing faster: the one drops an order, the other lengthens what is lost. */
    @Test
    void dataWritebackBuysNoLaterCommit() {
        Budget b = journal("rw,noatime,data=writeback,commit=30").with("tolerated", "60 s");
        assertEquals(65, value(b, "loss window of data"));
        assertEquals(30, value(b, "loss window of metadata"));
        assertNoted("may show old blocks", b);
        assertNoted("cannot be changed by a remount", b);
        assertState(Verdict.State.OVER, b);
    }

    @Test
    void whatIsToBeMountedIsTakenWhereNothingSaysWhatIs() {
        Host host = Host.read("../datasets/tls-reload");
        Budget b = host.journal("60 s");
        assertEquals("/var/www/html/wp-content/uploads", b.scope());
        assertEquals(65, value(b, "demand"));
        assertNoted("as /etc/fstab says", b);
    }

    @Test
    void aJournalOfDataIsSafeAtTheCommit() {
        assertEquals(5, value(journal("rw,data=journal").with("tolerated", "30 s"), "demand"));
        assertState(Verdict.State.UNKNOWN, journal("rw"));
        Budget none = Budget.of(new Journal(), Facts.none(), "any one ext4 file system");
        assertEquals("cat /proc/mounts", none.finding().missing().get(0).command());
    }

    @Test
    void whatTheJournalCountedIsShown() {
        Facts facts = journal("rw")
                .facts()
                .plus(List.of(facts("jbd2:vdb-8.transactions", "1200")
                        .find("jbd2:vdb-8.transactions")
                        .orElseThrow()));
        assertEquals(1200, value(Budget.of(new Journal(), facts, "/uploads"), "commits since mounted"));
    }

    // ---- control groups

    private static final String UNIT = "system.slice/nginx.service";

    private static Budget group(String resource, String... facts) {
        for (int i = 0; i < facts.length; i += 2) {
            facts[i] = "cgroup:" + UNIT + ":" + facts[i];
        }
        return Budget.of(new Cgroup(), facts(facts), UNIT + " " + resource);
    }

    @Test
    void pageCacheIsGivenBackBeforeAnythingIsKilled() {
        Budget b = group(
                "memory",
                "memory.max",
                "1073741824 B",
                "memory.current",
                "1073000000 B",
                "memory.stat.anon",
                "300000000 B",
                "memory.stat.shmem",
                "100000000 B",
                "memory.events.oom_kill",
                "3");
        assertEquals(4e8, value(b, "demand"));
        assertState(Verdict.State.FITS, b);
        assertEquals(3, value(b, "killed since the group was made"));
        Budget bound = group("memory", "memory.max", "1073741824 B", "memory.current", "1073000000 B");
        assertEquals(Finding.Bound.AT_MOST, bound.finding().demandBound());
        assertState(Verdict.State.FITS, bound);
    }

    @Test
    void aQuotaIsOverWherePeriodsAreThrottled() {
        Budget b = group(
                "cpu",
                "cpu.max",
                "50000 100000",
                "cpu.stat.nr_periods",
                "10000",
                "cpu.stat.nr_throttled",
                "1200",
                "cpu.stat.throttled_usec",
                "60000000 us",
                "cpu.stat.usage_usec",
                "400000000 us");
        assertEquals(0.12, value(b, "loss"), 1e-12);
        assertEquals(0.5, value(b, "processors allowed"));
        assertEquals(0.4, value(b, "processors used, in periods with work"), 1e-9);
        assertEquals(60, value(b, "throttled"));
        assertState(Verdict.State.OVER, b);
        assertState(Verdict.State.FITS, b.with("cpus", "0.4"));
        assertState(Verdict.State.OVER, b.with("cpus", "0.6"));
    }

    @Test
    void threadsCountAsPids() {
        Budget b = group("pids", "pids.max", "100", "pids.current", "40");
        assertEquals(0.4, value(b, "use"), 1e-12);
        assertState(Verdict.State.OVER, b.with("pids", "101"));
    }

    @Test
    void onlyLimitsAreScopes() {
        Facts facts = facts(
                "cgroup:a:memory.max", "max",
                "cgroup:a:pids.max", "100",
                "cgroup:b:cpu.max", "max 100000",
                "cgroup:b:memory.max", "1048576 B");
        assertEquals(List.of("a pids", "b memory"), new Cgroup().scopes(facts));
        assertState(Verdict.State.UNKNOWN, Budget.of(new Cgroup(), facts, "a memory"));
        var e = assertThrows(IllegalArgumentException.class, () -> Budget.of(new Cgroup(), facts, "a disk"));
        assertEquals(
                "'a disk' is not a limit of a control group: write its path and memory, cpu, pids, as 'system.slice/nginx.service memory'",
                e.getMessage());
    }

    /** Nobody can say how many were refused: what is full is OVER, and a larger one may be full as well. */
    @Test
    void whatIsFullIsOver() {
        Host full = Host.of(
                """
                $ df -i
                Filesystem     Inodes IUsed IFree IUse% Mounted on
                /dev/vda1       65536 65536     0  100% /
                $ df -P -k
                Filesystem     1024-blocks     Used Available Capacity Mounted on
                /dev/vda1         51474912 48838232         0     100% /
                """);
        for (Budget b : List.of(full.inodes(), full.diskSpace())) {
            assertState(Verdict.State.OVER, b);
            assertNoted("full when it was read", b);
            assertState(Verdict.State.UNKNOWN, b.with("added", b.name().equals("inodes") ? "65536" : "40 GiB"));
        }
    }

    /** 2,050,000 B are asked for and 2,000,000 there: what deleted files hold, 50,000 B, makes it fit just so; the rest is in whole MiB. */
    @Test
    void deletedFilesAreClosedOrOthersRemoved() {
        Budget over = Given.budget(new DiskSpace(), HOST, "/var", "more", "1950000 B");
        assertEquals(
                List.of("files removed: 1 MiB", "larger file system: 1 MiB more", "deleted files closed"),
                over.remedies().stream().map(Remedy::title).toList());
        Remedy closed = over.remedies().get(2);
        assertEquals(2_000_000, value(closed.after(), "demand"));
        assertEquals("disk-space[/var].freed = 50000 B", closed.changes().get(0).toString());
        assertEquals(2_050_000 - 1_048_576, value(over.remedies().get(0).after(), "demand"));
        assertEquals("files removed: 1 MiB", over.smallest("80 %").title());
    }
}
