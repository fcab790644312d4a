package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.analyses.PortShape.Pool;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Queueing;

/** The shape over time against a simulation of 40,000 s a row, and against a kernel of 6.18 at HZ=250 (granule 2.048 s). */
class PortShapeTest {
    private static final double GRANULE = 2.048;

    private static Pool pool(int ports, double connected) {
        return new Pool(ports, connected + 60, GRANULE);
    }

    @ParameterizedTest(name = "vectors, simulated: {0} ports, {2}/s: {3}")
    @CsvSource({
        "28232, 0.1, 449.5, 0.0004, 0.0004",
        "28232, 0.1, 453, 0.0027, 0.0006",
        "28232, 0.1, 457, 0.0083, 0.0006",
        "28232, 0.1, 461.9, 0.0173, 0.0006",
        "28232, 0.1, 500, 0.0897, 0.0006",
        "64512, 0.1, 1200, 0.1322, 0.0006",
        "200, 0, 3.0, 0.0169, 0.005",
        "200, 0, 3.33333, 0.0696, 0.006",
        "200, 0, 3.53333, 0.1107, 0.007",
        "200, 0, 5.0, 0.3546, 0.007",
        "200, 0, 6.66667, 0.5133, 0.007",
        "1000, 0, 16.66667, 0.0449, 0.004"
    })
    void lossInTheLongRunIsTheSimulatedOneAndLiesBetweenTheBounds(
            int ports, double connected, double rate, double simulated, double tolerance) {
        double loss = PortShape.longRun(pool(ports, connected), rate, 1200, ports > 50_000 ? 10_000 : 30_000, 42);
        assertEquals(simulated, loss, tolerance);
        double low = Queueing.erlangB(rate * (connected + 60 + GRANULE / 2), ports);
        double high = Queueing.erlangB(rate * (connected + 60 + GRANULE), ports);
        assertTrue(loss > low - tolerance && loss < high + tolerance, low + " < " + loss + " < " + high);
    }

    @ParameterizedTest(name = "vectors, simulated evenly spaced: {0} ports, {2}/s: {3}")
    @CsvSource({
        "28232, 0.1, 449.5, 0",
        "28232, 0.1, 453, 0",
        "28232, 0.1, 457, 0.0059",
        "28232, 0.1, 461.9, 0.0162",
        "28232, 0.1, 500, 0.0896"
    })
    void evenlySpacedConnectsLoseALittleLess(int ports, double connected, double rate, double simulated) {
        assertEquals(simulated, PortShape.longRun(pool(ports, connected), rate, 1200, 10_000, 0), 0.0005);
    }

    @ParameterizedTest(name = "TCP lab 4, evenly spaced: {0}/s: {1} s")
    @CsvSource({"10, 20.10", "5, 40.20", "3.3898, 59.30", "3.3333, 60.30", "3.2787, 61.31"})
    void theFirstFailureIsTheOneAfterTheLastPort(double rate, double measured) {
        assertEquals(
                measured, PortShape.run(pool(200, 0), rate, 120).firstFailure().orElseThrow(), 0.01);
    }

    @Test
    void whatTheLongestHoldCanTakeIsNeverRefused() {
        PortShape shape = PortShape.run(pool(200, 0), 200 / 62.2, 1200);
        assertTrue(shape.firstFailure().isEmpty());
        assertEquals(List.of(), shape.blackouts());
        assertEquals("200 ports at 3.215/s: none refused in 1,200 s", shape.toString());
    }

    /** Ten a second to 200 ports, the share refused in each 10 s as measured; where the grid lies moves it by a few per cent. */
    @ParameterizedTest(name = "TCP lab 4, evenly spaced: bin {0}: {1}")
    @CsvSource({
        "0, 0",
        "1, 0",
        "2, 0.99",
        "3, 1",
        "4, 1",
        "5, 1",
        "6, 0.22",
        "7, 0",
        "8, 0.78",
        "9, 1",
        "10, 1",
        "11, 1",
        "12, 0.43",
        "13, 0",
        "14, 0.57"
    })
    void theLossComesAndGoesWithThePeriodOfTheHold(int bin, double measured) {
        PortShape shape = PortShape.run(pool(200, 0), 10, 160);
        assertEquals(measured, shape.loss(bin * 10, bin * 10 + 10), 0.09);
    }

    @ParameterizedTest(name = "TCP lab 4, evenly spaced: {0}/s: {1}")
    @CsvSource({"3.3333, 0.032", "3.2787, 0.019"})
    void theSteadyLossOfEvenlySpacedConnects(double rate, double measured) {
        assertEquals(measured, PortShape.longRun(pool(200, 0), rate, 600, 20_000, 0), 0.004);
    }

    @Test
    void aBudgetOfPortsHasAShape() {
        Facts facts =
                Given.read("net.ipv4.ip_local_port_range", "32768 60999", "net.ipv4.tcp_tw_reuse", "2", "HZ", "250");
        Budget b = Given.budget(new Ports(), facts, Ports.ANY, "rate", "500/s", "connected", "100 ms");
        assertEquals(61.124 - 28232 / 500.0, b.figure("first blackout").value(), 1e-9);
        PortShape shape = PortShape.of(b);
        assertEquals(28233 / 500.0, shape.firstFailure().orElseThrow(), 1e-9);
        PortShape.Blackout first = shape.blackouts().get(0);
        assertEquals(b.figure("first blackout").value(), first.length(), GRANULE / 2 + 0.01);
        assertEquals(0, shape.loss(0, 56));
        assertEquals(1, shape.loss(57, 60));
        assertTrue(shape.toString().length() <= 76, shape.toString());
        assertTrue(
                shape.toString().startsWith("28,232 ports at 500/s: clean for 56.47 s, then none for "),
                shape.toString());
        assertEquals(
                300,
                ((plimsoll.dsl.Picture.Line) shape.plot().layers().get(0)).xs().size());
    }

    @Test
    void whatHasNoShapeIsRefused() {
        Budget ports = Given.budget(new Ports(), Facts.none(), Ports.ANY);
        assertEquals(
                "the rate of connects is not known: ask with it, as host.ports(\"500/s\")",
                assertThrows(IllegalArgumentException.class, () -> PortShape.of(ports))
                        .getMessage());
        Budget other = Given.budget(new TcpWindow(), Facts.none(), "send");
        assertEquals(
                "the shape over time is that of a budget of ports, not of tcp-window",
                assertThrows(IllegalArgumentException.class, () -> PortShape.of(other))
                        .getMessage());
        Budget fast = Given.budget(new Ports(), Facts.none(), Ports.ANY, "rate", "1000000/s");
        assertEquals(
                "that are 300,000,000 connects: a shape is followed over 20 million at most, so take a shorter span",
                assertThrows(IllegalArgumentException.class, () -> PortShape.of(fast))
                        .getMessage());
    }

    @Property(tries = 40)
    void noMoreSucceedThanThePoolCanTake(
            @ForAll @IntRange(min = 1, max = 300) int ports, @ForAll @IntRange(min = 1, max = 50) int rate) {
        PortShape shape = PortShape.run(pool(ports, 0), rate, 60);
        double succeeded = (1 - shape.loss(0, 60)) * rate * 60;
        assertEquals(Math.min(ports, rate * 60), succeeded, 1e-6);
    }
}
