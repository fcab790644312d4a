package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Capture;

/** Against a kernel 6.18: its own thresholds, and when it began to throttle. */
class DirtyPagesTest {
    /** meminfo, vmstat and zoneinfo of one moment, shortened; ratios 20 and 10. */
    private static final Facts CAPTURED =
            Capture.read(Path.of("src/test/resources/dirty-pages")).facts();

    private static Budget budget(Facts facts) {
        return Budget.of(new DirtyPages(), facts, "host");
    }

    /** What is known without the kernel's own thresholds. */
    private static Facts derivable() {
        Facts some = Facts.none();
        for (String name : CAPTURED.names()) {
            if (!name.endsWith("_threshold")) {
                some = some.plus(CAPTURED.all(name));
            }
        }
        return some;
    }

    private static double pages(Budget budget, String figure) {
        return budget.figure(figure).value() / 4096;
    }

    // ---- thresholds

    @Test
    void theKernelsOwnThresholdsCount() {
        Budget b = budget(CAPTURED);
        assertEquals("dirty-pages FITS: 163.6 MiB of 3.268 GiB (4.9%)", b.toString());
        assertEquals(41_886 * 4096.0, b.figure("demand").value());
        assertEquals((1_142_718 + 570_661) / 2.0, pages(b, "supply"));
        assertEquals(1_142_718, pages(b, "dirty threshold"));
        assertEquals(570_661, pages(b, "background threshold"));
    }

    @Test
    void derivedTheyAreTheSameWithinAPage() {
        Budget b = budget(CAPTURED);
        assertEquals(1_142_718, b.figure("derived nr_dirty_threshold").value(), 1);
        assertEquals(570_661, b.figure("derived nr_dirty_background_threshold").value(), 1);
        Budget derived = budget(derivable());
        assertEquals(1_142_718, pages(derived, "dirty threshold"), 1);
        assertEquals(570_661, pages(derived, "background threshold"), 1);
        assertTrue(derived.finding().notes().contains("the kernel's thresholds were not read: they are derived"));
    }

    @ParameterizedTest(name = "web lab 4: {0} = {1}: {2} and {3} pages")
    @CsvSource({
        // ratio of the memory that the kernel counts, in its integer arithmetic; 5714986 pages
        "vm.dirty_ratio, 40, 2285436, 570661",
        "vm.dirty_ratio, 5, 284633, 142316", // background 10 is not below: half
        "vm.dirty_ratio, 10, 570661, 285330",
        "vm.dirty_background_ratio, 5, 1142718, 284633",
        "vm.dirty_background_ratio, 20, 1142718, 571359",
        "vm.dirty_bytes, 268435456, 65536, 32768",
        "vm.dirty_bytes, 4294967297, 1048577, 570661", // rounded up to whole pages
        "vm.dirty_background_bytes, 67108864, 1142718, 16384",
    })
    void aChangedSettingMakesTheKernelsThresholdsVoid(String setting, String value, double limit, double background) {
        for (Facts facts : List.of(CAPTURED, derivable())) {
            Budget b = budget(facts).with(setting, value);
            assertEquals(limit, pages(b, "dirty threshold"));
            assertEquals(background, pages(b, "background threshold"));
        }
    }

    @Test
    void bothInBytes() {
        Budget b = budget(CAPTURED).with("vm.dirty_bytes", "64 MiB").with("vm.dirty_background_bytes", "256 MiB");
        assertEquals(16_384, pages(b, "dirty threshold"));
        assertEquals(8_192, pages(b, "background threshold"));
        assertTrue(
                b.finding()
                        .notes()
                        .contains(
                                "the background threshold is not below the dirty threshold: the kernel takes half of that instead"));
    }

    @Test
    void settingTheRatioEndsTheBytes() {
        Facts bytes = CAPTURED.plus(List.of(
                new plimsoll.dsl.Fact("vm.dirty_bytes", "268435456", Evidence.read("sysctl.txt:1")),
                new plimsoll.dsl.Fact("vm.dirty_ratio", "0", Evidence.read("sysctl.txt:2"))));
        Budget b = budget(bytes).with("vm.dirty_ratio", "20");
        assertEquals(1_142_718, pages(b, "dirty threshold"));
        assertTrue(b.finding().notes().contains("setting vm.dirty_ratio sets vm.dirty_bytes to 0"));
    }

    @Test
    void whatTheKernelRefusesIsSaid() {
        assertTrue(budget(CAPTURED)
                .with("vm.dirty_bytes", "8191")
                .finding()
                .notes()
                .contains("the kernel refuses vm.dirty_bytes below two pages (EINVAL)"));
        assertTrue(budget(CAPTURED)
                .with("vm.dirty_ratio", "101")
                .finding()
                .notes()
                .contains("the kernel refuses vm.dirty_ratio above 100 (EINVAL)"));
        assertThrows(IllegalArgumentException.class, () -> budget(CAPTURED).with("vm.dirty_ratio", "much"));
    }

    // ---- the time to throttling

    /** MB are 10^6 here. Measured: when dirty memory crossed the middle between the thresholds. */
    @ParameterizedTest(name = "web lab 4: {0} MB/s in, {1} out, {2} and {3} B: {4} s")
    @CsvSource({
        "100, 20, 268435456, 67108864, 2.02, 1.93",
        "60, 20, 268435456, 67108864, 3.55, 3.64",
        "60, 20, 268435456, 134217728, 3.80, 3.91",
        "100, 20, 134217728, 33554432, 1.01, 0.96",
        "150, 50, 268435456, 67108864, 1.51, 1.45",
        "100, 20, 268435456, 201326592, 2.53, 2.43",
    })
    void timeToThrottling(long in, long out, String limit, String background, double measured, double twoPhase) {
        Budget b = burst(limit, background, in, out, "10 s");
        double seconds = b.figure("time to throttling").value();
        assertEquals(twoPhase, seconds, 0.0051);
        assertEquals(measured, seconds, 0.05 * measured);
        assertEquals(seconds, b.breaksAt("burst").at().orElseThrow().value(), 1e-6);
        assertEquals(Verdict.State.OVER, b.verdict().state());
        assertEquals(
                Verdict.State.FITS,
                b.with("burst", Quantity.seconds(seconds * 0.999).toString())
                        .verdict()
                        .state());
    }

    private static Budget burst(String limit, String background, long in, long out, String span) {
        Facts clean = Facts.none()
                .given("vmstat:nr_dirty", "0")
                .given("vmstat:nr_writeback", "0")
                .given("vm.dirty_bytes", limit)
                .given("vm.dirty_background_bytes", background);
        return budget(clean)
                .with("write", in * 1_000_000 + " B/s")
                .with("drain", out * 1_000_000 + " B/s")
                .with("burst", span);
    }

    @Test
    void thePointAndTheSetpointInPages() {
        // the tracepoint's first event was at 40962 dirty pages, its setpoint 53248
        Budget b = burst("268435456", "67108864", 100, 20, "1 s");
        assertEquals(40_960, pages(b, "throttle point"));
        assertEquals(53_248, pages(b, "setpoint"));
        assertEquals(57_344, pages(burst("268435456", "134217728", 60, 20, "1 s"), "setpoint"));
    }

    @Test
    void whatIsDirtyAlreadyShortensIt() {
        Budget b = burst("268435456", "67108864", 100, 20, "1 s");
        // 16384 pages are the background threshold: above it the disk drains from the start
        Budget above = b.with("vmstat:nr_dirty", "30000");
        assertEquals(
                (40_960 - 30_000) * 4096 / 80e6,
                above.figure("time to throttling").value(),
                1e-12);
        assertEquals(
                0,
                b.with("vmstat:nr_dirty", "50000").figure("time to throttling").value());
    }

    @Test
    void aDrainThatKeepsUpNeverThrottles() {
        Budget b = burst("268435456", "67108864", 20, 20, "1 h");
        assertEquals("dirty-pages FITS: 64 MiB of 160 MiB (40%)", b.toString());
        assertTrue(b.finding().notes().contains("never throttles at this rate"));
        var none = assertThrows(IllegalArgumentException.class, () -> b.figure("time to throttling"));
        assertTrue(none.toString().contains("dirty-pages has no figure 'time to throttling'"));
    }

    // ---- what is not known

    @Test
    void aRatioWithoutTheMemorySaysNothing() {
        Facts ratios = Facts.none()
                .given("vm.dirty_ratio", "20")
                .given("vm.dirty_background_ratio", "10")
                .given("vmstat:nr_dirty", "1")
                .given("vmstat:nr_writeback", "0");
        Budget b = budget(ratios);
        assertEquals("dirty-pages UNKNOWN: MemFree is missing; .explain() says how to get it", b.toString());
        assertEquals(
                List.of("MemFree", "reserve", "nr_inactive_file", "nr_active_file"),
                b.finding().missing().stream().map(m -> m.input()).toList());
        assertEquals(
                "cat /proc/vmstat /proc/meminfo /proc/zoneinfo",
                b.finding().missing().get(0).command());
        assertEquals(Optional.empty(), b.finding().supply());
    }

    @Test
    void aShortBurstFitsWhateverTheDiskTakes() {
        Budget b = budget(CAPTURED).with("write", "100 MiB/s").with("burst", "10 s");
        assertEquals("dirty-pages FITS: at most 1.136 GiB of 3.268 GiB (35%)", b.toString());
        Budget longer = b.with("burst", "60 s");
        assertEquals("dirty-pages UNKNOWN: drain is missing; .explain() says how to get it", longer.toString());
    }

    @Test
    void howLongIsWrittenHasToBeSaid() {
        Budget b = budget(CAPTURED).with("write", "100 MiB/s").with("drain", "20 MiB/s");
        assertEquals("dirty-pages UNKNOWN: burst is missing; .explain() says how to get it", b.toString());
        double bytes = 4096 * ((1_142_718 + 570_661) / 2.0 - 570_661);
        double filling = 4096.0 * (570_661 - 41_886) / (100 * 1_048_576.0);
        assertEquals(
                filling + bytes / (80 * 1_048_576.0),
                b.figure("time to throttling").value(),
                1e-9);
    }
}
