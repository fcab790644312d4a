package plimsoll.analyses;

import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * How long a closed connection holds its port in TIME-WAIT: TCP_TIMEWAIT_LEN (60 s, include/net/tcp.h) rounded up to the grid of the
 * kernel's timer wheel (kernel/time/timer.c), so that ports come back in batches.
 */
final class TimeWait {
    private static final double LENGTH = 60;
    private static final int LEVEL_SIZE = 64;
    private static final int LEVEL_SHIFT = 3;

    /** TCP_TIMEWAIT_LEN. */
    static final Formula LEN = Formula.fixed(Quantity.seconds(LENGTH));

    private TimeWait() {}

    /** The grid on which a 60 s timer ends, in seconds: LVL_GRAN of the level that holds it. 2.048 s at HZ=250. */
    static double granule(double hz) {
        double jiffies = LENGTH * hz;
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
    static Formula mean(Input hz) {
        return LEN.plus(grid(hz).times(Formula.fixed(Quantity.of(0.5, Unit.COUNT))))
                .named("hold");
    }

    /** The longest hold: 60 s and a granule. The batches make it the one that counts for a large pool. */
    static Formula longest(Input hz) {
        return LEN.plus(grid(hz)).named("longest hold");
    }
}
