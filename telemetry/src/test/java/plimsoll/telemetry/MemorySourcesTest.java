package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import plimsoll.dsl.Fact;

class MemorySourcesTest {
    // excerpts of a capture of kernel 6.18
    private static final String MEMINFO =
            """
            MemTotal:       24684084 kB
            MemFree:        19481828 kB
            Active(file):    2086740 kB
            HugePages_Total:       0
            Hugepagesize:       2048 kB
            """;
    private static final String VMSTAT =
            """
            nr_free_pages 1573356
            nr_inactive_file 360184
            nr_active_file 521685
            nr_dirty_threshold 1142718
            nr_dirty_background_threshold 570661
            """;
    private static final String ZONEINFO =
            """
            Node 0, zone      DMA
              per-node stats
                  nr_inactive_file 360184
                  nr_mapped    18194
              pages free     3840
                    boost    0
                    min      22
                    low      27
                    high     32
                    spanned  4095
                    present  3998
                    managed  3840
                    protection: (0, 3019, 11211, 11211, 11211)
                  nr_free_pages 3840
              pagesets
                cpu: 0
                          count:    12
                          high:     0
                          batch:    1
                          high_min: 13
              vm stats threshold: 4
                cpu: 1
                          count:    30
                          high:     0
                          batch:    1
              vm stats threshold: 4
              node_unreclaimable:  0
              start_pfn:           1
            Node 0, zone    DMA32
              pages free     772915
                    min      4544
                    low      5680
                    high     6816
                    spanned  1044480
                    present  782336
                    managed  772915
                    protection: (0, 0, 8192, 8192, 8192)
              start_pfn:           4096
            Node 0, zone   Normal
              pages free     796601
                    min      12329
                    low      15411
                    high     18493
                    spanned  5505024
                    present  5505024
                    managed  2097152
                    protection: (0, 0, 0, 0, 0)
            Node 0, zone  Movable
              pages free     0
                    min      32
                    low      32
                    high     32
                    spanned  0
                    present  0
                    managed  0
                    protection: (0, 0, 0, 0, 0)
            """;

    private static Parsed parse(Source source, String content) {
        Text text = Text.of("proc", content);
        Parsed parsed = source.parse(text);
        assertEquals(
                text.lines().size(),
                parsed.used() + parsed.empty() + parsed.rejected().size());
        return parsed;
    }

    private static String fact(Parsed parsed, String name) {
        return parsed.facts().stream()
                .filter(f -> f.name().equals(name))
                .map(Fact::toString)
                .reduce((a, b) -> a + " and " + b)
                .orElse("no " + name);
    }

    @Test
    void meminfoSaysKiBWhereTheKernelSaysKB() {
        Parsed parsed = parse(new MeminfoSource(), MEMINFO);
        assertEquals("meminfo:MemFree = 19481828 KiB  READ (proc:2)", fact(parsed, "meminfo:MemFree"));
        assertEquals("meminfo:Active(file) = 2086740 KiB  READ (proc:3)", fact(parsed, "meminfo:Active(file)"));
        assertEquals("meminfo:HugePages_Total = 0  READ (proc:4)", fact(parsed, "meminfo:HugePages_Total"));
        assertEquals(5, parsed.used());
        assertFalse(parsed.excerpt());
    }

    @Test
    void aWrongLineIsRejectedAndTheRestIsRead() {
        Parsed parsed = parse(
                new MeminfoSource(),
                "MemTotal:       24684084 kB\nMemFree:        19481828 MB\nBuffers:           14448 kB\n\n");
        assertEquals(
                List.of(
                        "proc:2: not a line of /proc/meminfo, which are like \"MemFree:  19481828 kB\": MemFree:        19481828 MB"),
                parsed.rejected().stream().map(Object::toString).toList());
        assertEquals("meminfo:Buffers = 14448 KiB  READ (proc:3)", fact(parsed, "meminfo:Buffers"));
        assertEquals(1, parsed.empty());
    }

    @Test
    void vmstatIsFacts() {
        Parsed parsed = parse(new VmstatSource(), VMSTAT + "nr_dirty\n");
        assertEquals("vmstat:nr_dirty_threshold = 1142718  READ (proc:4)", fact(parsed, "vmstat:nr_dirty_threshold"));
        assertEquals(
                List.of("proc:6: not a line of /proc/vmstat, which are like \"nr_dirty 41886\": nr_dirty"),
                parsed.rejected().stream().map(Object::toString).toList());
    }

    @Test
    void someLinesAreAnExcerpt() {
        Text meminfo = Text.of("-", "Dirty:            167544 kB\nWriteback:             0 kB\n");
        assertEquals(Source.Match.SHAPE, new MeminfoSource().match(meminfo));
        assertTrue(new MeminfoSource().parse(meminfo).excerpt());
        Text vmstat = Text.of("-", "nr_dirty 41886\nnr_dirty_threshold 1142718\n");
        assertEquals(Source.Match.SHAPE, new VmstatSource().match(vmstat));
        assertTrue(new VmstatSource().parse(vmstat).excerpt());
    }

    @Test
    void likeNamedFilesAreNotTaken() {
        for (String other : List.of(
                // a cgroup's memory.stat and cpu.stat, smaps_rollup, the command vmstat, buddyinfo, a node's meminfo
                "anon 1024\nfile 4096\npgfault 12\nworkingset_refault_anon 0\nthp_fault_alloc 0\n",
                "usage_usec 1\nnr_periods 0\nnr_throttled 0\n",
                "Rss:                4 kB\nPss:                2 kB\nAnonHugePages:         0 kB\n",
                "procs -----------memory----------\n r  b   swpd   free\n 2  0      0 19488904\n",
                "Node 0, zone      DMA      1      1      0      0      2      1      1      0      1      1      3 \n",
                "Node 0 MemTotal:       24684084 kB\nNode 0 MemFree:        19481828 kB\n")) {
            for (Source source : List.of(new MeminfoSource(), new VmstatSource(), new ZoneinfoSource())) {
                assertEquals(Source.Match.NO, source.match(Text.of("-", other)), source.name() + ": " + other);
            }
        }
    }

    @Test
    void zonesAreRowsInPages() {
        Parsed parsed = parse(new ZoneinfoSource(), ZONEINFO);
        assertEquals(List.of(), parsed.rejected());
        Rows zones = parsed.rows().orElseThrow();
        assertEquals(4, zones.size());
        assertEquals("DMA32", zones.cell("zone", 1));
        assertEquals(6816, zones.number("high", 1).orElseThrow());
        assertEquals(8192, zones.number("protection_max", 1).orElseThrow());
        // `high` of a CPU's list is not the zone's watermark; 12 + 30 pages wait in the lists of DMA, no lists were
        // said of DMA32
        assertEquals(32, zones.number("high", 0).orElseThrow());
        assertEquals(42, zones.number("pcp_count", 0).orElseThrow());
        assertTrue(zones.number("pcp_count", 1).isEmpty());
        assertEquals(
                "zoneinfo:node0.nr_inactive_file = 360184  READ (proc:3)",
                fact(parsed, "zoneinfo:node0.nr_inactive_file"));
    }

    @Test
    void theReserveIsTheKernels() {
        // min(3840, 11211 + 32) + (8192 + 6816) + (0 + 18493) + min(0, 32)
        assertEquals(
                "zoneinfo:reserve = 37341  DERIVED (sum over zones of min(managed, max(protection) + high) in proc:"
                        + " DMA 3840 + DMA32 15008 + Normal 18493 + Movable 0)",
                fact(parse(new ZoneinfoSource(), ZONEINFO), "zoneinfo:reserve"));
    }

    @Test
    void aZoneCutShortHasNoReserve() {
        Parsed cut = parse(new ZoneinfoSource(), ZONEINFO.substring(0, ZONEINFO.lastIndexOf("managed")));
        assertEquals("no zoneinfo:reserve", fact(cut, "zoneinfo:reserve"));
        assertTrue(cut.rows().orElseThrow().number("managed", 3).isEmpty());
    }

    /**
     * The dirty limits at ratios 20 and 10 from what was captured in one minute are the kernel's own, 1142718 and 570661 pages: the
     * dirtyable memory of global_dirtyable_memory, with its "+ 1", in mm/page-writeback.c.
     */
    @Test
    void theDirtyLimitsFollowFromTheFacts() {
        Parsed meminfo = parse(new MeminfoSource(), MEMINFO);
        Parsed vmstat = parse(new VmstatSource(), VMSTAT);
        Parsed zones = parse(new ZoneinfoSource(), ZONEINFO);
        long dirtyable = number(meminfo, "meminfo:MemFree") / 4
                - number(zones, "zoneinfo:reserve")
                + number(vmstat, "vmstat:nr_inactive_file")
                + number(vmstat, "vmstat:nr_active_file")
                + 1;
        long limit = 20 * 4096 / 100 * dirtyable / 4096;
        long background = 10 * 4096 / 100 * dirtyable / 4096;
        assertEquals(number(vmstat, "vmstat:nr_dirty_threshold"), limit);
        assertEquals(number(vmstat, "vmstat:nr_dirty_background_threshold"), background);
    }

    private static long number(Parsed parsed, String name) {
        return parsed.facts().stream()
                .filter(f -> f.name().equals(name))
                .mapToLong(f -> Long.parseLong(f.text().replace(" KiB", "")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everySampleHasOneSourceThatIsSure() {
        for (String sample : List.of(
                MEMINFO,
                VMSTAT,
                ZONEINFO,
                IostatSourceTest.OLD,
                IostatSourceTest.TEXT,
                IostatSourceTest.JSON,
                "events {}\nhttp { server { listen 80; } }\n")) {
            assertEquals(
                    1,
                    Sources.ALL.stream()
                            .filter(s -> s.match(Text.of("-", sample)) == Source.Match.SURE)
                            .count(),
                    sample);
        }
    }
}
