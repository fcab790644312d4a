package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.dsl.OneLaw.count;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static Budget ports() {
        return OneLaw.of("ports", List.of(), facts -> {
                    Input rate = Input.given("rate", "500/s");
                    Input hz = facts.input("HZ", Unit.COUNT)
                            .orElseGet(() -> Input.assumed(
                                    "HZ",
                                    Quantity.count(250),
                                    "the kernel's configuration was not read",
                                    Quantity.count(250),
                                    Quantity.count(100)));
                    Formula hold = Formula.fixed(Quantity.seconds(60))
                            .plus(Formula.fixed(Quantity.seconds(256)).over(hz))
                            .named("hold");
                    Input size = Input.read("net.ipv4.ip_local_port_range", Quantity.count(28232), "sysctl.txt:412");
                    Formula loss = Formula.call(
                            "erlangB",
                            Unit.SHARE,
                            v -> Queueing.erlangB(v[0], Math.round(v[1])),
                            rate.times(hold),
                            size);
                    return Finding.of(Unit.COUNT, rate.times(hold), size)
                            .supplyAtMost()
                            .losing("connects fail", loss, loss)
                            .figure("latency cliff", Quantity.count(14116))
                            .note("a port in TIME-WAIT is not taken again, because net.ipv4.tcp_tw_reuse=2 covers only"
                                    + " loopback addresses and this one is elsewhere");
                })
                .alone();
    }

    @Test
    void theWorkingIsAlignedAndBroken() {
        // 500 x (60 + 1.024) = 30,512; 30,512 / 28,232 = 108 %; beyond the pool Erlang's loss nears 1 - 28,232 / 30,512
        // = 7.47 %
        assertEquals(
                """
                ports OVER: 30,512 of at most 28,232 (108%); 7.5% of connects fail
                of                              host
                demand                          30,512 = rate x hold
                supply                          at most 28,232 = net.ipv4.ip_local_port_range
                loss, low                       7.5% = erlangB(rate x hold, net.ipv4.ip_local_port_range)
                loss, high                      7.5% = erlangB(rate x hold, net.ipv4.ip_local_port_range)
                  hold                          61.02 s = 60 s + 256 s / HZ
                  rate                          500/s  GIVEN (you)
                  HZ                            250  ASSUMED (the kernel's configuration was not read); else 100
                  net.ipv4.ip_local_port_range  28,232  READ (sysctl.txt:412)
                range                           use 108% to 111% over what HZ may be
                goal                            loss at most 0.05%
                latency cliff                   14,116
                note                            a port in TIME-WAIT is not taken again, because
                                                net.ipv4.tcp_tw_reuse=2 covers only loopback addresses and this one
                                                is elsewhere
                over means                      someone is turned away""",
                ports().explain().text());
    }

    @Test
    void whatIsMissingAndWhereItTurnsAreTold() {
        String unknown = OneLaw.of(
                        "ports", List.of(), f -> Finding.unknown(Unit.COUNT, new Missing("ports held", "ss -nat")))
                .alone()
                .explain()
                .text();
        assertTrue(unknown.contains("\nmissing     ports held: ss -nat\n"), unknown);
        String turning = OneLaw.of(
                        "ticks",
                        List.of(),
                        f -> Finding.of(
                                Unit.COUNT,
                                f.input("HZ", Unit.COUNT)
                                        .orElseGet(() -> Input.assumed(
                                                "HZ", Quantity.count(250), "unread", Quantity.count(1000))),
                                count(500)))
                .alone()
                .explain()
                .text();
        assertTrue(turning.contains("\nturns       OVER at HZ=1000\n"), turning);
    }

    @Test
    void aRangeOverNoSupplyIsWords() {
        String text = OneLaw.of(
                        "b",
                        List.of(),
                        f -> Finding.of(
                                Unit.COUNT,
                                count(5),
                                f.input("n", Unit.COUNT)
                                        .orElseGet(() ->
                                                Input.assumed("n", Quantity.count(10), "unread", Quantity.count(0)))))
                .alone()
                .explain()
                .text();
        assertTrue(text.contains("use 50% to no supply at all over what n may be"), text);
    }

    @Test
    void noLineIsLongerThanAHundredUnlessAWordIs() {
        Formula sum = Input.given("a.rather.long.kernel.setting.name.that.fills.a.column", "1");
        for (int i = 0; i < 30; i++) {
            sum = sum.plus(Input.given("another.setting." + i, "1"));
        }
        String text = Budget.of("b", sum, count(99)).explain().text();
        assertTrue(text.lines().allMatch(l -> l.length() <= 100), text);
        assertTrue(text.lines().noneMatch(l -> l.endsWith(" ")), text);
    }
}
