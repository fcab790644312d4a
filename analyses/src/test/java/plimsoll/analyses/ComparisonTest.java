package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import plimsoll.analyses.Comparison.Difference;

class ComparisonTest {
    private static final Comparison REPORT =
            Host.read("../datasets/license-api").compare(Host.read("../datasets/license-api-proxied"));

    @Test
    void theTimeWaitThatIsGoneIsLoadThatIsGone() {
        assertEquals(1, REPORT.implied().size());
        String message = REPORT.implied().get(0).message();
        assertTrue(message.contains("TIME-WAIT went from 31,401 to 42: 514.77 closes/s, then 0.69/s"), message);
    }

    @Test
    void budgetsSettingsAndSocketsThatDifferAreBesideEachOther() {
        assertTrue(REPORT.differences()
                .contains(new Difference("setting", "net.ipv4.ip_local_port_range", "32768 60999", "1024 65535")));
        assertTrue(REPORT.differences().contains(new Difference("sockets", "ss:timewait", "31,401", "42")));
        assertTrue(
                REPORT.differences().stream()
                        .anyMatch(d -> d.kind().equals("budget")
                                && d.name().equals("conntrack")
                                && d.before().startsWith("FITS 34,210 of 65,536")
                                && d.after().startsWith("UNKNOWN")),
                REPORT.differences()::toString);
    }

    @Test
    void whatOneSideLacksIsADash() {
        assertTrue(REPORT.differences()
                .contains(new Difference("sockets", "net.netfilter.nf_conntrack_count", "34,210", "-")));
    }

    @Test
    void aHostDoesNotDifferFromItself() {
        Host host = Host.read("../datasets/port-exhaustion/t0/client");
        Comparison same = host.compare(host);
        assertEquals(0, same.differences().size());
        assertEquals(0, same.implied().size());
        assertTrue(same.toString().endsWith("\nnothing differs"), same::toString);
    }

    @Test
    void itPrintsAlignedAndShort() {
        String text = REPORT.toString();
        assertTrue(text.length() <= 1000, text);
        assertTrue(text.contains("BEFORE"), text);
    }

    @Test
    void thePoolThatDrainedInAMinute() {
        Host both = Host.read("../datasets/port-exhaustion");
        Comparison drained = both.at("t0").compare(both.at("t66"));
        assertTrue(
                drained.differences().stream()
                        .anyMatch(d -> d.name().equals("sockstat:TCP.tw")
                                && d.before().equals("209")
                                && d.after().equals("0")),
                drained.differences()::toString);
    }
}
