package plimsoll.dsl;

/**
 * The queueing laws, as pure functions of plain numbers.
 *
 * <p>Offered load is in erlang: arrivals per second times seconds held, a number without a unit. Probabilities run from
 * 0 to 1. Times come back in the unit they were given in. Arrivals are Poisson throughout, and nobody who is refused
 * tries again. Every function throws {@link IllegalArgumentException} for a number outside the range it names.
 *
 * <p>Every sum here has positive terms only and stops when what is left cannot change the result, so the relative error
 * is about 1e-12 at a million servers, and the number of terms grows with the square root of the servers.
 */
public final class Queueing {

    /** Most servers, and largest mean: at the extreme of every argument a call takes some seconds. */
    private static final long MOST = 1_000_000_000_000L;

    /** Least blocking whose inverse is computed without overflow. */
    private static final double LEAST_BLOCKING = 1e-300;

    private static final double HALF_ULP = 0x1p-53;

    private Queueing() {}

    // ---- Little's law: any two give the third

    /**
     * Mean number present, {@code L = λW}.
     *
     * <p>Source: J. D. C. Little, "A Proof for the Queuing Formula: L = λW", Operations Research 9 (1961).
     *
     * @param rate arrivals per unit of time, 0 or more
     * @param hold mean time each stays, in the same unit of time, 0 or more
     */
    public static double occupancy(double rate, double hold) {
        return atLeastZero("rate", rate) * atLeastZero("hold", hold);
    }

    /**
     * Mean time each stays, {@code W = L/λ}: {@linkplain #occupancy Little's law} read backwards.
     *
     * @param occupancy mean number present, 0 or more
     * @param rate arrivals per unit of time, above 0
     */
    public static double hold(double occupancy, double rate) {
        return atLeastZero("occupancy", occupancy) / aboveZero("rate", rate);
    }

    /**
     * Arrivals per unit of time, {@code λ = L/W}: {@linkplain #occupancy Little's law} read backwards.
     *
     * @param occupancy mean number present, 0 or more
     * @param hold mean time each stays, above 0
     */
    public static double rate(double occupancy, double hold) {
        return atLeastZero("occupancy", occupancy) / aboveZero("hold", hold);
    }

    // ---- Erlang B: a pool without a queue

    /**
     * Share of arrivals that find every server taken and are refused: Erlang B, the M/G/c/c queue.
     *
     * <p>It depends on the time held only through its mean. The inverse recursion {@code 1/B(k) = 1 + (k/A)/B(k-1)} from
     * {@code B(0) = 1} is summed from its large end: {@code 1/B(c) = 1 + c/A + c(c-1)/A² + …}. A result below about
     * 1e-308 is 0.
     *
     * <p>Source: A. K. Erlang, "Solution of some Problems in the Theory of Probabilities of Significance in Automatic
     * Telephone Exchanges" (1917); the recursion as in M. Marzolla's queueing toolbox, {@code erlangb.m}, after G. Zeng,
     * "Two common properties of the Erlang-B function, Erlang-C function, and Engset blocking function" (2003).
     *
     * @param offered offered load in erlang, 0 or more
     * @param servers servers, 0 to 1,000,000,000,000
     */
    public static double erlangB(double offered, long servers) {
        return blocking(atLeastZero("offered load", offered), servers("servers", servers, 0));
    }

    /**
     * Offered load in erlang at which the given share of arrivals is refused: {@link #erlangB} solved for the load.
     *
     * <p>Newton's method on the logarithm of {@code (1-B)/B}, which falls with the logarithm of the load and is convex in
     * it, so that every step from too small a load stops short of the solution. {@code B >= 1 - c/A} gives the start.
     *
     * @param blocking share refused, 1e-300 to 1, without 1
     * @param servers servers, 1 to 1,000,000,000,000
     */
    public static double erlangBOffered(double blocking, long servers) {
        share("blocking", blocking);
        servers("servers", servers, 1);
        double wanted = (1 - blocking) / blocking;
        double low = 0;
        double high = servers / (1 - blocking);
        double load = high;
        while (true) {
            Odds odds = odds(load, servers);
            if (!odds.isFinite()) {
                low = load;
                load = Math.sqrt(low * high);
                continue;
            }
            double step = Math.log(odds.notFull() / wanted) / odds.meanFree();
            double next = load * Math.exp(step);
            if (Math.abs(step) < 1e-10) { // what is left after this step is about its square
                return next;
            }
            if (step > 0) {
                low = load;
            } else {
                high = load;
            }
            load = next > low ? next : Math.sqrt(low * high);
        }
    }

    /**
     * Fewest servers at which no more than the given share of arrivals is refused: {@link #erlangB} solved for the servers.
     *
     * @param offered offered load in erlang, 0 to 1,000,000,000,000
     * @param blocking share refused, 1e-300 to 1, without 1
     */
    public static long erlangBServers(double offered, double blocking) {
        atMost("offered load", atLeastZero("offered load", offered));
        share("blocking", blocking);
        // B >= 1 - c/A: fewer than this are never enough
        long tooFew = Math.max(0, (long) (offered * (1 - blocking)) - 1);
        long enough = tooFew + 1;
        while (blocking(offered, enough) > blocking) {
            long step = 2 * (enough - tooFew);
            tooFew = enough;
            enough += step;
        }
        while (enough - tooFew > 1) {
            long middle = tooFew + (enough - tooFew) / 2;
            if (blocking(offered, middle) > blocking) {
                tooFew = middle;
            } else {
                enough = middle;
            }
        }
        return enough;
    }

    // ---- Erlang C and M/M/c/K: a pool with a queue

    /**
     * Share of arrivals that wait, in a queue without end: Erlang C, the M/M/c queue.
     *
     * <p>{@code C = B / (1 - ρ(1 - B))} with {@code B} of {@link #erlangB} and {@code ρ = A/c}.
     *
     * <p>Source: Erlang (1917), as for {@link #erlangB}; the form as in M. Marzolla's queueing toolbox, {@code erlangc.m}.
     *
     * @param offered offered load in erlang, 0 or more and less than {@code servers}: beyond, the queue grows for ever
     * @param servers servers, 1 to 1,000,000,000,000
     */
    public static double erlangC(double offered, long servers) {
        atLeastZero("offered load", offered);
        servers("servers", servers, 1);
        if (offered >= servers) {
            throw new IllegalArgumentException(
                    "offered load must be less than the servers, or the queue grows for ever," + " but is " + offered
                            + " erlang on " + servers + " servers");
        }
        double b = blocking(offered, servers);
        return servers * b / (servers - offered + offered * b);
    }

    /**
     * Mean wait of all arrivals in a queue without end, {@code C · (1/µ) / (c - A)}, in the unit of the service time.
     *
     * @param offered offered load in erlang, as for {@link #erlangC}
     * @param servers servers, as for {@link #erlangC}
     * @param serviceTime mean time a server is held, 0 or more
     */
    public static double erlangCWait(double offered, long servers, double serviceTime) {
        atLeastZero("service time", serviceTime);
        return erlangC(offered, servers) * serviceTime / (servers - offered);
    }

    /**
     * What a pool of servers with a queue of limited length does: M/M/c/K.
     *
     * @param blocking share of arrivals refused, {@code p_K}
     * @param queueLength mean number waiting, {@code Lq}
     * @param meanWait mean wait of an accepted arrival, {@code Wq}, in the unit of time of the rates; 0 when nothing arrives
     * @param throughput accepted arrivals per unit of time, {@code λ(1 - p_K)}
     * @param utilisation share of the time a server is held, 0 to 1
     */
    public record MMcK(double blocking, double queueLength, double meanWait, double throughput, double utilisation) {}

    /**
     * A pool of servers with a queue of limited length.
     *
     * <p>{@code p_n ∝ a^n/n!} up to {@code c} and {@code ∝ a^n/(c! c^(n-c))} from there to {@code K}, with {@code a = λ/µ}.
     * Taken relative to {@code p_c}, the states below it are the sum of {@link #erlangB} and those above it a geometric
     * series, so nothing overflows.
     *
     * <p>Source: standard; as in M. Marzolla's queueing toolbox, {@code qsmmmk.m}.
     *
     * @param arrivalRate λ, arrivals per unit of time, 0 or more
     * @param serviceRate µ, completions per unit of time of one busy server, above 0
     * @param servers c, 1 to 1,000,000,000,000
     * @param capacity K, places in all, served and waiting: {@code servers} to 1,000,000,000,000
     */
    public static MMcK mmck(double arrivalRate, double serviceRate, long servers, long capacity) {
        atLeastZero("arrival rate", arrivalRate);
        aboveZero("service rate", serviceRate);
        servers("servers", servers, 1);
        servers("capacity", capacity, servers);
        if (arrivalRate == 0) {
            return new MMcK(0, 0, 0, 0, 0);
        }
        double offered = atLeastZero("arrival rate / service rate", arrivalRate / serviceRate);
        long places = capacity - servers;
        double load = offered / servers;
        double below = odds(offered, servers).notFull();

        // weights of the states, relative to p_c, or to p_K when the weights grow
        double open;
        double full;
        double waiting;
        if (load <= 1) {
            Powers powers = powers(load, places);
            open = below + powers.sum();
            full = powers.next();
            waiting = powers.weightedSum() + places * full;
        } else {
            Powers powers = powers(1 / load, places);
            open = below * powers.next() + powers.sum() / load;
            full = 1;
            waiting = places * powers.sum() - powers.weightedSum();
        }
        double all = open + full;
        double accepted = open / all;
        if (Double.isInfinite(all)) { // so little load that a full pool is never seen
            accepted = 1;
        }
        double throughput = arrivalRate * accepted;
        double queueLength = waiting / all;
        return new MMcK(
                full / all,
                queueLength,
                queueLength / throughput,
                throughput,
                Math.min(1, throughput / serviceRate / servers));
    }

    // ---- Poisson: a pool without a limit

    /**
     * Probability that exactly {@code n} are present where nobody is ever refused, {@code e^-m m^n / n!}: M/G/∞.
     *
     * <p>Computed by the saddle point, so that neither a large mean nor a tiny result costs accuracy. Source: C. Loader,
     * "Fast and Accurate Computation of Binomial Probabilities" (2000).
     *
     * @param mean mean number present: {@linkplain #occupancy rate times hold}, 0 to 1,000,000,000,000
     * @param n 0 or more
     */
    public static double poisson(double mean, long n) {
        return pointProbability(mean(mean), count(n));
    }

    /**
     * Probability that more than {@code n} are present where nobody is ever refused: M/G/∞.
     *
     * <p>This is not the share refused by a pool of {@code n}: see {@link #erlangB}.
     *
     * @param mean mean number present: {@linkplain #occupancy rate times hold}, 0 to 1,000,000,000,000
     * @param n 0 or more
     */
    public static double poissonTail(double mean, long n) {
        mean(mean);
        count(n);
        if (mean == 0) {
            return 0;
        }
        if (n + 1.0 < mean) { // the other side is the small one
            double top = pointProbability(mean, (double) n);
            return top == 0 ? 1 : 1 - top * (1 + odds(mean, n).notFull());
        }
        double sum = 1;
        double term = 1;
        double ratio = mean / (n + 2.0);
        for (double k = n + 2.0; term > sum * HALF_ULP * (1 - ratio); k++) {
            ratio = mean / k;
            term *= ratio;
            sum += term;
        }
        return pointProbability(mean, n + 1.0) * sum;
    }

    private static double pointProbability(double mean, double n) {
        if (n == 0) {
            return Math.exp(-mean);
        }
        if (mean == 0) {
            return 0;
        }
        return Math.exp(-stirlingError(n) - deviance(n, mean)) / Math.sqrt(2 * Math.PI * n);
    }

    /** {@code ln n!} less Stirling's {@code ln(√(2πn) (n/e)^n)}. */
    private static double stirlingError(double n) {
        if (n < 16) {
            double factorial = 1;
            for (int k = 2; k <= n; k++) {
                factorial *= k;
            }
            return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
        }
        double s = 1 / (n * n);
        return (1 / 12.0 - s * (1 / 360.0 - s * (1 / 1260.0 - s * (1 / 1680.0 - s / 1188)))) / n;
    }

    /** {@code n ln(n/m) + m - n}; by its series where the three would cancel. */
    private static double deviance(double n, double mean) {
        double difference = n - mean;
        if (Math.abs(difference) >= 0.1 * (n + mean)) {
            return n * Math.log(n / mean) - difference;
        }
        double v = difference / (n + mean);
        double sum = difference * v;
        double power = 2 * n * v;
        for (int j = 3; ; j += 2) {
            power *= v * v;
            double next = sum + power / j;
            if (next == sum) {
                return sum;
            }
            sum = next;
        }
    }

    // ---- sums

    private static double blocking(double offered, long servers) {
        if (offered == 0) {
            return servers == 0 ? 1 : 0;
        }
        return 1 / (1 + odds(offered, servers).notFull());
    }

    /**
     * Odds of a pool without a queue.
     *
     * @param notFull {@code (1-B)/B}: how much likelier some servers are free than none
     * @param meanFree how many are free then, on average: the slope of {@code -ln notFull} over the logarithm of the load
     */
    private record Odds(double notFull, double meanFree) {
        boolean isFinite() {
            return Double.isFinite(notFull) && Double.isFinite(meanFree);
        }
    }

    /** {@code c/A + c(c-1)/A² + …}, of which term {@code j} is the weight of {@code j} free servers; {@code A > 0}. */
    private static Odds odds(double offered, long servers) {
        // counted in double, which is exact here: converting a long in each round would take most of the time
        double all = servers;
        double term = 1;
        double sum = 0;
        double weighted = 0;
        for (double free = 1; free <= all; free++) {
            double ratio = (all - free + 1) / offered;
            term *= ratio;
            sum += term;
            weighted += term * free;
            // what follows is less than a geometric series
            boolean settled = ratio < 1 && term <= sum * HALF_ULP * (1 - ratio);
            if (settled || sum == Double.POSITIVE_INFINITY) {
                break;
            }
        }
        return new Odds(sum, weighted / sum);
    }

    /**
     * A geometric series of {@code n} terms.
     *
     * @param sum {@code Σ r^m} for {@code m < n}
     * @param weightedSum {@code Σ m r^m} for {@code m < n}
     * @param next {@code r^n}
     */
    private record Powers(double sum, double weightedSum, double next) {}

    /** By doubling, which unlike the closed form is accurate near {@code r = 1}; {@code 0 <= r <= 1}. */
    private static Powers powers(double r, long n) {
        double sum = 0;
        double weighted = 0;
        double next = 1;
        for (int bit = Long.SIZE - Long.numberOfLeadingZeros(n) - 1; bit >= 0; bit--) {
            double terms = n >> (bit + 1);
            weighted += next * (weighted + terms * sum);
            sum += next * sum;
            next *= next;
            if ((n >> bit & 1) == 1) {
                weighted += 2 * terms * next;
                sum += next;
                next *= r;
            }
        }
        return new Powers(sum, weighted, next);
    }

    // ---- what is accepted

    private static double atLeastZero(String what, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + " must be 0 or more and finite, but is " + value);
        }
        return value;
    }

    private static double aboveZero(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + " must be above 0 and finite, but is " + value);
        }
        return value;
    }

    private static double atMost(String what, double value) {
        if (value > MOST) {
            throw new IllegalArgumentException(what + " must be at most " + MOST + ", but is " + value);
        }
        return value;
    }

    private static double mean(double mean) {
        return atMost("mean", atLeastZero("mean", mean));
    }

    private static double share(String what, double value) {
        if (!(value >= LEAST_BLOCKING && value < 1)) {
            throw new IllegalArgumentException(
                    what + " must be at least " + LEAST_BLOCKING + " and less than 1, but is " + value);
        }
        return value;
    }

    private static long servers(String what, long value, long least) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(what + " must be " + least + " to " + MOST + ", but is " + value);
        }
        return value;
    }

    private static double count(long n) {
        if (n < 0) {
            throw new IllegalArgumentException("n must be 0 or more, but is " + n);
        }
        return (double) n;
    }
}
