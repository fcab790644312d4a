package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static plimsoll.analyses.Read.assertNoted;
import static plimsoll.analyses.Read.assertState;
import static plimsoll.analyses.Read.facts;
import static plimsoll.analyses.Read.value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Law;
import plimsoll.dsl.Verdict;

/** Against OPcache of PHP 8.2.35. */
class OpcacheTest {
    private static Budget budget(Law law, Facts facts) {
        return Budget.of(law, facts, Opcache.SCOPE);
    }

    @ParameterizedTest(name = "web lab 6, vectors 1: {0} gives {1} keys")
    @CsvSource({
        "32769, 65407",
        "32768, 65407",
        "32531, 32531",
        "16384, 32531",
        "10000, 16229",
        "65536, 130987",
        "1000000, 1048793",
        "20000, 32531",
        "4000, 7963",
        "200, 223",
        "199, 16229",
        "1000001, 16229",
    })
    void theTableIsAPrime(int setting, int keys) {
        assertEquals(
                keys,
                value(
                        budget(new OpcacheKeys(), facts("php:opcache.max_accelerated_files", "" + setting))
                                .with("keys", "1"),
                        "supply"));
    }

    @Test
    void whatIsInForceCountsUntilAnotherIsAsked() {
        Facts facts = facts(
                "opcache:opcache_statistics.max_cached_keys", "223",
                "opcache:opcache_statistics.num_cached_keys", "223",
                "opcache:opcache_statistics.num_cached_scripts", "223",
                "opcache:opcache_statistics.hash_restarts", "0",
                "php:opcache.max_accelerated_files", "200");
        Budget b = budget(new OpcacheKeys(), facts);
        assertState(Verdict.State.OVER, b);
        assertEquals(Finding.Bound.AT_LEAST, b.finding().demandBound());
        assertState(Verdict.State.OVER, b.with("keys", "300"));
        Budget raised = b.with("keys", "300").with("php:opcache.max_accelerated_files", "300");
        assertEquals(463, value(raised, "supply"));
        assertState(Verdict.State.FITS, raised);
        assertEquals(0, value(b, "hash restarts"));
    }

    @ParameterizedTest(name = "web lab 6: {0} MiB are {1} full from the start")
    @CsvSource({"8, 0.278", "64, 0.254"})
    void theBufferIsNeverEmpty(int mib, double share) {
        Budget b = budget(new OpcacheStrings(), facts("php:opcache.interned_strings_buffer", "" + mib))
                .with("strings", "0 B");
        assertEquals(share, value(b, "use"), 0.0005);
    }

    @Test
    void whatIsUsedIsTheDemandAndAnotherBufferHasAnotherTable() {
        Facts facts = facts(
                "opcache:interned_strings_usage.buffer_size", "8388608 B",
                "opcache:interned_strings_usage.used_memory", "8388584 B",
                "opcache:interned_strings_usage.free_memory", "24 B");
        Budget b = budget(new OpcacheStrings(), facts);
        assertEquals(8388608, value(b, "demand"), 1e-6);
        assertNoted("was full", b);
        Budget asked = b.with("opcache.interned_strings_buffer", "64");
        assertEquals(8388608 - 2097152 + 16777216, value(asked, "demand"), 1e-6);
        assertEquals(Finding.Bound.AT_LEAST, asked.finding().demandBound());
    }

    /** A cache of three scripts whose strings PHP had all by itself. */
    @Test
    void aBufferWithoutAnyStringsOfTheApplicationIsAsFullAsItWasRead() {
        Budget b = budget(
                new OpcacheStrings(),
                facts(
                        "opcache:interned_strings_usage.buffer_size", "8388608 B",
                        "opcache:interned_strings_usage.used_memory", "2327408 B",
                        "opcache:interned_strings_usage.free_memory", "6061200 B"));
        assertEquals(2327408, value(b, "demand"), 1e-6);
        assertState(Verdict.State.FITS, b);
    }

    @Test
    void fullIsWhereNothingIsFree() {
        Facts facts = facts(
                "opcache:interned_strings_usage.buffer_size", "8388608 B",
                "opcache:interned_strings_usage.used_memory", "8388584 B",
                "opcache:interned_strings_usage.free_memory", "24 B");
        assertState(Verdict.State.OVER, budget(new OpcacheStrings(), facts));
    }

    @Test
    void withoutABufferThereIsNoUsage() {
        Budget b = budget(new OpcacheStrings(), Facts.none());
        assertState(Verdict.State.UNKNOWN, b);
        assertNoted("buffer of 0", b);
    }

    /** 8 MiB: 31 of 60 scripts were cached and 126,136 bytes were left, cache_full false. */
    @Test
    void memoryIsFullWhereOneMoreScriptDoesNotFit() {
        Facts facts = facts(
                "opcache:memory_usage.used_memory", (8388608 - 126136) + " B",
                "opcache:memory_usage.free_memory", "126136 B",
                "opcache:memory_usage.wasted_memory", "0 B",
                "opcache:opcache_statistics.num_cached_scripts", "31",
                "opcache:opcache_statistics.oom_restarts", "0");
        Budget b = budget(new OpcacheMemory(), facts);
        assertState(Verdict.State.OVER, b);
        assertEquals(8388608, value(b, "supply"));
        assertState(Verdict.State.FITS, b.with("opcache.memory_consumption", "128"));
        assertState(Verdict.State.FITS, b.with("script", "81 KiB"));
    }

    @Test
    void wasteIsNotFree() {
        Facts facts = facts(
                "opcache:memory_usage.used_memory", "9175280 B",
                "opcache:memory_usage.free_memory", "118331008 B",
                "opcache:memory_usage.wasted_memory", "6711440 B");
        Budget b = budget(new OpcacheMemory(), facts);
        assertEquals(0.05, value(b, "wasted"), 1e-5);
        assertEquals(9175280 + 6711440, value(b, "demand"));
        assertState(Verdict.State.UNKNOWN, budget(new OpcacheMemory(), Facts.none()));
    }
}
