package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import plimsoll.dsl.Verdict;

class DoubtsTest {
    private static final int CAPTURES = 200;

    private static List<String> rules(Host host) {
        return host.doubts().stream().map(Doubt::rule).toList();
    }

    private static Host dataset(String name) {
        return Host.read("../datasets/" + name);
    }

    @Test
    void theLicenseReportContradictsItself() {
        assertEquals(
                List.of(
                        "prompt",
                        "ss-version",
                        "ss-summary",
                        "time-wait-pool",
                        "slab-objects",
                        "slab-tunables",
                        "slab-names",
                        "bind2-buckets",
                        "bind-buckets",
                        "conntrack-defaults"),
                rules(dataset("license-api")));
    }

    @Test
    void aFigureThatClashesIsNamedWithItsPlace() {
        Doubt closed = dataset("license-api").doubts().of("ss-summary").get(0);
        assertTrue(closed.message().contains("leaves 0 closed, but closed says 31,502"), closed::message);
        assertEquals(List.of("ss-s.txt:2", "ss-s.txt:8"), closed.sources());
    }

    @Test
    void soDoesTheMomentAfterIt() {
        assertEquals(
                List.of("ss-version", "ss-summary", "claimed-rate", "keepalive-silence", "flags-filter"),
                rules(dataset("license-api-proxied")));
    }

    /** The ten that were found by hand before there was a program, each by its check, with what the reports themselves say and no more. */
    @ParameterizedTest
    @CsvSource({
        "license-api, ss-summary, closed is not what the other counts leave",
        "license-api-proxied, ss-summary, nor a moment later",
        "license-api, bind-buckets, more sockets than local ports",
        "license-api, bind2-buckets, fewer of the second kind than of the first",
        "license-api, time-wait-pool, more to one destination than its pool",
        "license-api-proxied, claimed-rate, TIME-WAIT does not go with the rate",
        "report-sync, disk-caps, saturated far below its caps",
        "license-api, conntrack-defaults, the pair of another kernel",
        "license-api, ss-version, a form that the distribution cannot print",
        "report-sync, iostat-version, columns that the distribution cannot print",
        "license-api-proxied, keepalive-silence, no SYN where keepalive opens 150",
        "report-sync, fastcgi-padding, padding that PHP does not make",
        "report-sync, send-queue, more queued than the send buffer takes"
    })
    void theTenContradictionsOfTheReports(String name, String rule, String what) {
        assertTrue(rules(dataset(name)).contains(rule), what);
    }

    @Test
    void aClaimIsNoInput() {
        Host host = dataset("license-api-proxied");
        assertEquals(Verdict.State.UNKNOWN, host.keepalive().verdict().state());
        Doubt silence = host.doubts().of("keepalive-silence").get(0);
        assertTrue(
                silence.message()
                        .startsWith("tcpdump saw no SYN, but at the 500/s that the notes on the capture claim, nginx"
                                + " opens at least 150 connections to external_api in 300 s, as each ends"),
                silence::message);
        assertEquals(List.of("tcpdump-syn-fin.txt:1", "MANIFEST.md:26", "MANIFEST.md:27"), silence.sources());
        assertEquals(
                0,
                host.ask("keepalive.rate", "1/s")
                        .doubts()
                        .of("keepalive-silence")
                        .size());
    }

    /** 500/s / 1000 requests + 22.5 connections / 3600 s are 0.50625/s: 151.9 in five minutes. */
    @Test
    void noSynInFiveMinutesIsNotWhatKeepaliveLeaves() {
        Host said = dataset("license-api-proxied")
                .ask("keepalive.rate", "500/s")
                .ask("keepalive.held", "45 ms")
                .ask("keepalive.workers", "4");
        Doubt silence = said.doubts().of("keepalive-silence").get(0);
        assertTrue(
                silence.message().contains("opens at least 152 connections to external_api in 300 s"),
                silence::message);
        assertEquals(List.of("tcpdump-syn-fin.txt:1", "MANIFEST.md:27"), silence.sources());
    }

    @Test
    void soDoTheSyncReportAndTheReloadReport() {
        List<String> sync = rules(dataset("report-sync"));
        assertEquals(List.of("prompt", "send-queue", "skmem", "iostat-version", "disk-caps", "fastcgi-padding"), sync);
        assertEquals(List.of("prompt"), rules(dataset("tls-reload")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port-exhaustion",
                "port-exhaustion/t0",
                "port-exhaustion/t66",
                "port-exhaustion/t0/client",
                "port-exhaustion/t0/server",
                "port-exhaustion/t66/client",
                "port-exhaustion/t66/server"
            })
    void aRealCaptureDoesNot(String name) {
        assertEquals("no doubts", dataset(name).doubts().toString());
    }

    @Test
    void twoHundredConsistentCapturesHaveNone() {
        var doubts = new ArrayList<String>();
        for (int seed = 0; seed < CAPTURES; seed++) {
            for (Doubt doubt : Host.of(new Consistent(seed).text()).doubts()) {
                doubts.add(seed + ": " + doubt);
            }
        }
        assertEquals(List.of(), doubts);
    }

    /** In each of them one figure is changed, in turn each that can be: nine of ten are found by a check that speaks of that figure. */
    @Test
    void aChangedFigureIsFoundByTheRightCheck() {
        List<String> changes = List.copyOf(Consistent.CHANGED.keySet());
        var missed = new ArrayList<String>();
        for (int seed = 0; seed < CAPTURES; seed++) {
            String change = changes.get(seed % changes.size());
            List<String> found =
                    rules(Host.of(new Consistent(seed).change(change).text()));
            if (found.stream().noneMatch(Consistent.CHANGED.getOrDefault(change, List.of())::contains)) {
                missed.add(seed + " " + change + " " + found);
            }
        }
        assertTrue(missed.size() <= CAPTURES / 10, () -> missed.size() + " missed: " + missed);
    }

    @Test
    void eachCheckHasItsOwnName() {
        assertEquals(Doubts.rules().size(), new TreeSet<>(Doubts.rules()).size());
    }

    @Test
    void whatDoesNotFitInAThousandCharactersIsCounted() {
        Doubts doubts = dataset("license-api").doubts();
        String text = doubts.toString();
        assertTrue(text.length() <= 1000, text);
        assertTrue(text.endsWith(" more: .print()"), text);
    }

    @Test
    void aCapOfNothingIsNoCap() {
        Observed sync = Host.read("../datasets/report-sync").observed();
        assertEquals(List.of(), DiskRules.caps(sync, 0, Double.NaN));
    }
}
