package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.dsl.OneLaw.count;
import static plimsoll.dsl.OneLaw.refusal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final String TIMEOUT = "net.ipv4.tcp_fin_timeout";
    private static final Parameter RATE = Parameter.continuous("rate", Unit.RATE, "closed per second");

    /** Sockets half closed per second times how long the kernel keeps them; it reads a setting, and a switch that is no number. */
    private static final OneLaw WAITING = OneLaw.of("fin-wait", List.of(RATE), facts -> {
        Input life = facts.input(TIMEOUT, Unit.SPAN, "s")
                .orElseGet(() -> Input.byDefault(TIMEOUT, Quantity.seconds(60), "Linux: include/net/tcp.h"));
        boolean off =
                facts.find("net.ipv4.tcp_skip").map(f -> f.text().equals("1")).orElse(false);
        Input seen = Input.read("seen", Quantity.count(7), "ss:3");
        Input rate = facts.input("fin-wait.rate", Unit.RATE)
                .map(i -> new Input("rate", i.quantity(), i.evidence(), List.of()))
                .orElseGet(() -> Input.derived("rate", Quantity.perSecond(2), "seen / life"));
        return Finding.of(Unit.COUNT, off ? seen : rate.times(life), count(150));
    });

    private static Budget jdbc() {
        return Budget.of(
                "jdbc", Input.given("rate", "200/s").times(Input.given("hold", "100 ms")), Input.given("size", "25"));
    }

    @Test
    void aLawOfTheUsersOwnTakesOneCallAndEveryMove() {
        Budget b = jdbc();
        assertEquals("jdbc FITS: 20 of 25 (80%)", b.toString());
        assertEquals("jdbc OVER: 30 of 25 (120%)", b.with("hold", "150 ms").toString());
        assertEquals("jdbc OVER: 20 of 10 (200%)", b.with("size", "10").toString());
        assertEquals("250/s", b.breaksAt("rate").toString());
        assertEquals("125 ms", b.breaksAt("hold").toString());
        assertEquals("20", b.breaksAt("size").toString());
        assertEquals("200/s", b.breaksAt("rate", "80%").toString());
        assertEquals(
                "jdbc as rate goes 0/s to 400/s: FITS to 250/s, then OVER; at most 160% used",
                b.sweep("rate", "0/s", "400/s").toString());
        assertEquals(Quantity.count(5), b.figure("left"));
        assertEquals(Quantity.share(0.8), b.figure("use"));
    }

    @Test
    void aBudgetItselfDoesNotChange() {
        Budget b = jdbc();
        b.with("rate", "999/s");
        assertEquals("jdbc FITS: 20 of 25 (80%)", b.toString());
    }

    @Test
    void demandAndSupplyAreOfOneUnit() {
        Input rate = Input.given("rate", "200/s");
        assertEquals("rate is a rate, not a count", refusal(() -> Budget.of("jdbc", rate, Input.given("size", "25"))));
        assertEquals(
                "jdbc has two inputs named 'rate', one of 200/s and one of 300/s: give each its own name",
                refusal(() -> Law.of("jdbc", Effect.SLOWS, Unit.RATE, rate, Input.given("rate", "300/s"))));
        assertEquals(
                "jdbc has an input named 'goal', which is what every budget calls its goal",
                refusal(() -> Law.of("jdbc", Effect.SLOWS, Unit.RATE, rate, Input.given("goal", "300/s"))));
        assertEquals(
                "the name of a law is one line of text, not ''",
                refusal(() -> Law.of("", Effect.SLOWS, Unit.RATE, rate, rate)));
    }

    @Test
    void aFigureThatIsNotThereNamesThoseThatAre() {
        assertEquals(
                "jdbc has no figure 'usage'; it has demand, supply, use, left", refusal(() -> jdbc().figure("usage")));
    }

    @Test
    void anInputTakesItsUnitAndItsRange() {
        assertEquals(
                "'100' has no unit: a span is written 100 ms, 60 s or 2 h", refusal(() -> jdbc().with("hold", "100")));
        assertEquals("rate is at least 0/s, not -5/s", refusal(() -> jdbc().with("rate", "-5/s")));
        assertEquals("goal is at least 0%, not -1%", refusal(() -> jdbc().with("goal", "-1%")));
    }

    @Test
    void whatIsNearToANameIsNamed() {
        assertEquals("jdbc has no input 'rte': did you mean rate?", refusal(() -> jdbc().with("rte", "5/s")));
        assertEquals("jdbc has no input 'connected'; it has rate, hold, size, goal", refusal(() -> jdbc().with(
                        "connected", "1 s")));
        assertEquals("jdbc has no input 'Hold': did you mean hold?", refusal(() -> jdbc().breaksAt("Hold")));
        assertEquals("jdbc has no input 'sise': did you mean size?", refusal(() -> jdbc().sweep("sise", "1", "2")));
    }

    @Test
    void aHostSettingIsTakenWhereTheLawLooksAtIt() {
        Budget b = WAITING.alone();
        assertEquals("fin-wait FITS: 120 of 150 (80%)", b.toString());
        assertEquals("fin-wait OVER: 240 of 150 (160%)", b.with(TIMEOUT, "120").toString());
        assertEquals(
                "fin-wait FITS: 7 of 150 (4.7%)",
                b.with("net.ipv4.tcp_skip", "1").toString());
        assertEquals("75 s", b.breaksAt(TIMEOUT).toString());
    }

    @Test
    void aHostSettingThatNobodyKnowsIsRefusedWithTheNearest() {
        Budget b = WAITING.alone();
        assertEquals(
                "fin-wait has no input 'net.ipv4.tcp_fin_timout': did you mean net.ipv4.tcp_fin_timeout?",
                refusal(() -> b.with("net.ipv4.tcp_fin_timout", "1")));
        assertEquals(
                "fin-wait has no input 'tcp_fin_timeout': did you mean net.ipv4.tcp_fin_timeout?",
                refusal(() -> b.with("tcp_fin_timeout", "1")));
        assertEquals(
                "fin-wait has no input 'net.ipv4.tcp_fin_timeout.low': did you mean net.ipv4.tcp_fin_timeout?",
                refusal(() -> b.with("net.ipv4.tcp_fin_timeout.low", "1")));
        assertEquals(
                "fin-wait has no input 'vm.swappiness'; it has rate, goal, net.ipv4.tcp_fin_timeout, net.ipv4.tcp_skip",
                refusal(() -> b.with("vm.swappiness", "1")));
    }

    @Test
    void aHostSettingThatTheFactsHoldIsTakenThoughTheLawDoesNotLookAtIt() {
        Budget b = WAITING.in(Facts.none().plus(new Fact("vm.swappiness", "60", Evidence.read("sysctl:9"))));
        Budget changed = b.with("vm.swappiness", "10");
        assertEquals(b.toString(), changed.toString());
        assertEquals("10", changed.facts().find("vm.swappiness").orElseThrow().text());
    }

    @Test
    void whatTheLawCountsItselfCannotBeGiven() {
        Budget b = WAITING.alone().with("net.ipv4.tcp_skip", "1");
        assertEquals(
                "fin-wait cannot be given 'seen', which is READ (ss:3); "
                        + "it has rate, goal, net.ipv4.tcp_fin_timeout, net.ipv4.tcp_skip",
                refusal(() -> b.with("seen", "9")));
        assertEquals(
                "'net.ipv4.tcp_skip' is no number in the formulas of fin-wait that ran; these are: rate, goal",
                refusal(() -> b.breaksAt("net.ipv4.tcp_skip")));
    }

    @Test
    void aWhatIfSaysWhatWas() {
        Budget b = WAITING.alone();
        assertEquals(
                "CHANGED (was 2/s)",
                b.with("rate", "3/s").finding().inputs().get(0).evidence().toString());
        assertEquals(
                "CHANGED (was 3/s)",
                b.with("rate", "3/s")
                        .with("rate", "4/s")
                        .finding()
                        .inputs()
                        .get(0)
                        .evidence()
                        .toString());
        Budget read = WAITING.in(Facts.none().plus(new Fact(TIMEOUT, "30", Evidence.read("sysctl:4"))));
        assertEquals(
                "CHANGED (was 30)",
                read.with(TIMEOUT, "10").finding().inputs().get(1).evidence().toString());
        assertEquals(
                "GIVEN (you)",
                b.with(TIMEOUT, "10").finding().inputs().get(1).evidence().toString());
    }

    @Test
    void aValueGivenForOneScopeIsChangedThere() {
        Law law = jdbc().law();
        Facts facts = Facts.none().given("jdbc[all].rate", "100/s");
        Budget b = Budget.of(law, facts, "all");
        assertEquals("jdbc FITS: 10 of 25 (40%)", b.toString());
        assertEquals("jdbc FITS: 15 of 25 (60%)", b.with("rate", "150/s").toString());
        assertEquals("jdbc FITS: 20 of 25 (80%)", b.at("elsewhere").toString());
    }

    // ---- assumptions

    private static Budget assuming(double... alternatives) {
        return OneLaw.of("ticks", List.of(), facts -> {
                    Input hz = facts.input("HZ", Unit.COUNT)
                            .orElseGet(() -> Input.assumed(
                                    "HZ",
                                    Quantity.count(250),
                                    "unread",
                                    Arrays.stream(alternatives)
                                            .mapToObj(q -> Quantity.of(q, Unit.COUNT))
                                            .toArray(Quantity[]::new)));
                    return Finding.of(Unit.COUNT, hz, count(500));
                })
                .alone();
    }

    @Test
    void anAssumptionGivesARangeAndSaysWhereTheVerdictTurns() {
        Budget b = assuming(100, 250, 300, 1000);
        assertEquals("ticks FITS (OVER at HZ=1000): 250 of 500 (50%)", b.toString());
        assertEquals(0.2, b.verdict().least().orElseThrow());
        assertEquals(2.0, b.verdict().most().orElseThrow());
        assertEquals(List.of("HZ"), b.verdict().assumed());
        assertEquals("ticks FITS: 250 of 500 (50%)", assuming(100, 300).toString());
        assertEquals(
                "ticks FITS (OVER at HZ=600; OVER at HZ=1000): 250 of 500 (50%)",
                assuming(600, 1000).toString());
    }

    @Test
    void whatIsGivenIsNoLongerAssumed() {
        Budget b = assuming(100, 1000).with("HZ", "1000");
        assertEquals("ticks OVER: 1,000 of 500 (200%)", b.toString());
        assertTrue(b.verdict().least().isEmpty());
        assertEquals(List.of(), b.verdict().assumed());
    }

    @Test
    void twoAssumptionsThatTurnItOnlyTogetherAreNamedTogether() {
        Budget b = OneLaw.of("pair", List.of(), facts -> {
                    Formula sum = count(0);
                    for (String name : List.of("a", "b")) {
                        sum = sum.plus(facts.input(name, Unit.COUNT)
                                .orElseGet(() -> Input.assumed(name, Quantity.count(1), "unread", Quantity.count(4))));
                    }
                    return Finding.of(Unit.COUNT, sum, count(6));
                })
                .alone();
        assertEquals("pair FITS (OVER at a=4, b=4): 2 of 6 (33%)", b.toString());
    }

    // ---- the line

    @Test
    void whatIsUnknownNamesWhatIsMissing() {
        OneLaw law = OneLaw.of(
                "ports",
                List.of(),
                f -> Finding.unknown(Unit.COUNT, new Missing("ports held for each destination", "ss -nat")));
        assertEquals(
                "ports UNKNOWN: ports held for each destination is missing",
                law.alone().toString());
        OneLaw brief = OneLaw.of("ports", List.of(), f -> Finding.unknown(Unit.COUNT, new Missing("rate", "say it")));
        assertEquals(
                "ports UNKNOWN: rate is missing; .explain() says how to get it",
                brief.alone().toString());
        OneLaw lengthy =
                OneLaw.of("ports", List.of(), f -> Finding.unknown(Unit.COUNT, new Missing("x".repeat(80), "say it")));
        assertEquals("ports UNKNOWN: .explain()", lengthy.alone().toString());
    }

    @Test
    void boundsAndLossAreInTheLine() {
        Finding lost = Finding.of(Unit.COUNT, count(30_562), count(28_232))
                .losing("connects fail", Formula.fixed(Quantity.share(0.077)), Formula.fixed(Quantity.share(0.092)));
        assertEquals(
                "ports OVER: 30,562 of 28,232 (108%); 7.7-9.2% of connects fail",
                OneLaw.of("ports", List.of(), f -> lost).alone().toString());
        assertEquals(
                "ports OVER: 30,562 of at most 28,232 (108%); 7.7-9.2% of connects fail",
                OneLaw.of("ports", List.of(), f -> lost.supplyAtMost()).alone().toString());
        assertEquals(
                "ports OVER: at least 200 of 200 (100%)",
                OneLaw.of("ports", List.of(), f -> Finding.of(Unit.COUNT, count(200), count(200))
                                .demandAtLeast())
                        .alone()
                        .toString());
    }

    @Property(tries = 300)
    void theLineIsNeverLongerThan76AndAlwaysHasItsVerdict(
            @ForAll @StringLength(min = 1, max = 90) @AlphaChars String name,
            @ForAll @DoubleRange(min = 0, max = 1e15) double demand,
            @ForAll @DoubleRange(min = 0, max = 1e15) double supply,
            @ForAll @DoubleRange(min = 0, max = 1) double loss,
            @ForAll @IntRange(min = 0, max = 3) int bound,
            @ForAll @StringLength(min = 1, max = 60) @AlphaChars String assumed) {
        OneLaw law = OneLaw.of(name, List.of(), facts -> {
            Formula asked = facts.input(assumed, Unit.COUNT)
                    .orElseGet(() -> Input.assumed(
                            assumed, Quantity.of(demand, Unit.COUNT), "unread", Quantity.of(1e15, Unit.COUNT)));
            Finding found = Finding.of(Unit.COUNT, asked, count(supply)).losing("calls", count(loss / 3), count(loss));
            return switch (bound) {
                case 0 -> found.demandAtLeast();
                case 1 -> found.demandAtMost().supplyAtMost();
                case 2 -> found.missing(new Missing(assumed, "say it"));
                default -> Finding.of(Unit.COUNT, asked, count(supply));
            };
        });
        Budget b = law.alone();
        String line = b.toString();
        assertTrue(line.length() <= 76, line);
        assertTrue(line.contains(" " + b.verdict().state()), line);
        if (!b.verdict().turns().isEmpty() && b.verdict().state() != Verdict.State.UNKNOWN) {
            assertTrue(line.matches(".* \\((OVER|UNKNOWN|FITS) at .*") || line.contains("(maybe "), line);
        }
        assertFalse(line.contains("\n"), line);
    }

    // ---- parameters

    @Test
    void aParameterReadsOnlyItsOwnValues() {
        Parameter whole = Parameter.integer("bound", Unit.COUNT, 1, "ports");
        assertEquals(Quantity.count(3), whole.parse("3"));
        assertEquals("bound is a whole number, not 2.5", refusal(() -> whole.parse("2.5")));
        assertEquals("bound is at least 1, not 0", refusal(() -> whole.parse("0")));
        Parameter size = Parameter.stepped("buffer", Unit.BYTES, List.of(4096.0, 8192.0), "a page or two");
        assertEquals(Quantity.bytes(8192), size.parse("8 KiB"));
        assertEquals("buffer is one of 4 KiB, 8 KiB, not 16 KiB", refusal(() -> size.parse("16 KiB")));
        assertEquals(
                "goal is at most 100,000%, not 200,000%",
                refusal(() -> Parameter.goal().parse("200000%")));
        assertEquals(
                "the steps of parameter buffer do not ascend: [2.0, 1.0]",
                refusal(() -> Parameter.stepped("buffer", Unit.COUNT, List.of(2.0, 1.0), "")));
        assertEquals(
                "parameter m is stepped and has no steps",
                refusal(() -> new Parameter("m", Unit.COUNT, Parameter.Domain.STEPPED, 0, 1, List.of(), "")));
        assertEquals(
                "parameter m runs from 2.0 to 1.0",
                refusal(() -> new Parameter("m", Unit.COUNT, Parameter.Domain.INTEGER, 2, 1, List.of(), "")));
    }

    @Test
    void aValueInTheFactsIsHeldToTheSameRange() {
        Facts facts = Facts.none().given("jdbc.rate", "-1/s");
        assertEquals("rate is at least 0/s, not -1/s", refusal(() -> Budget.of(jdbc().law(), facts, "all")));
    }

    @Test
    void aParameterOfOneScopeGoesBeforeThatOfAll() {
        Law law = jdbc().law();
        Facts facts = Facts.none().given("jdbc.rate", "1/s").given("jdbc[a].rate", "2/s");
        Parameter rate = law.parameters().get(0);
        assertEquals(
                Optional.of(Quantity.perSecond(2)), rate.find(facts, law, "a").map(Input::quantity));
        assertEquals(
                Optional.of(Quantity.perSecond(1)), rate.find(facts, law, "b").map(Input::quantity));
        assertEquals(Optional.empty(), rate.find(Facts.none(), law, "b"));
    }

    @Test
    void theNearestNamesComeByDistanceAndAtMostThree() {
        List<String> known =
                List.of("hold", "net.core.rmem_mux", "net.core.rmem_max", "net.core.wmem_mix", "net.core.wmem_max");
        assertEquals(
                List.of("net.core.rmem_max", "net.core.rmem_mux", "net.core.wmem_max"),
                Nearest.of("net.core.rmem_max", known));
        assertEquals(List.of(), Nearest.of("connected", known));
        assertEquals(List.of("hold"), Nearest.of("HOLD", known));
    }
}
