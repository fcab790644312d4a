package plimsoll.analyses;

import plimsoll.dsl.Facts;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * How long a closed connection holds its port in TIME-WAIT: TCP_TIMEWAIT_LEN (60 s, include/net/tcp.h) rounded up to the grid of the
 * kernel's timer wheel (kernel/time/timer.c), so that ports come back in batches. Another system than Linux says its own time.
 */
final class TimeWait {
    /** The fact that holds the time of another system. */
    static final String ELSEWHERE = "system:time-wait";

    static final double LENGTH = 60;
    private static final int LEVEL_SIZE = 64;
    private static final int LEVEL_SHIFT = 3;

    /** TCP_TIMEWAIT_LEN. */
    static final Formula LEN = Formula.fixed(Quantity.seconds(LENGTH));

    private TimeWait() {}

    /** The ticks per second of the kernel's timers: read, else assumed. */
    static Input hz(Facts facts) {
        Input hz = facts.input("HZ", Unit.COUNT)
                .orElseGet(() -> Input.assumed(
                        "HZ",
                        Quantity.count(250),
                        "the kernel's configuration was not read; 100, 250, 300 and 1000 are built",
                        Quantity.count(100),
                        Quantity.count(250),
                        Quantity.count(300),
                        Quantity.count(1000)));
        if (!(hz.value() >= 1)) {
            throw new IllegalArgumentException(
                    "HZ is " + hz.quantity() + ": a kernel is built with 100, 250, 300 or 1000");
        }
        return hz;
    }

    /** The grid on which a 60 s timer ends, in seconds. 2.048 s at HZ=250. */
    static double granule(double hz) {
        return granule(LENGTH, hz);
    }

    /** The grid on which a timer of so many seconds ends, in seconds: LVL_GRAN of the level that holds it. */
    static double granule(double seconds, double hz) {
        double jiffies = seconds * hz;
        int level = 0;
        // LVL_START(n) = (LVL_SIZE - 1) << ((n - 1) * LVL_CLK_SHIFT): a timer lies in the last level whose start it
        // reaches
        while (jiffies >= (LEVEL_SIZE - 1) * Math.scalb(1.0, level * LEVEL_SHIFT)) {
            level++;
        }
        return Math.scalb(1.0, level * LEVEL_SHIFT) / hz;
    }

    private static Formula grid(Input hz) {
        return Formula.call("timer_granule", Unit.SPAN, v -> granule(v[0]), hz);
    }

    /** The mean hold: 60 s and half a granule. */
    static Formula mean(Facts facts) {
        return facts.input(ELSEWHERE, Unit.SPAN).map(life -> life.named("hold")).orElseGet(() -> LEN.plus(
                        grid(hz(facts)).times(Formula.fixed(Quantity.of(0.5, Unit.COUNT))))
                .named("hold"));
    }

    /** The longest hold: 60 s and a granule. The batches make it the one that counts for a large pool. */
    static Formula longest(Facts facts) {
        return facts.input(ELSEWHERE, Unit.SPAN)
                .map(life -> life.named("longest hold"))
                .orElseGet(() -> LEN.plus(grid(hz(facts))).named("longest hold"));
    }
}
