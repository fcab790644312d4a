package plimsoll.analyses;

/**
 * How long the kernel goes on sending to a peer that does not answer: each timer twice the last, each rounded up to the grid of the timer
 * wheel, until one ends when {@code 2^(n + 1) - 1} first timers have gone by (net/ipv4/tcp_timer.c, tcp_write_timeout,
 * retransmits_timed_out, tcp_model_timeout). Which is why n = 6 takes 131 s with four linear timers and 127 s with none.
 */
final class Retries {
    /** TCP_TIMEOUT_INIT. */
    static final double SYN_TIMEOUT = 1;

    /** TCP_RTO_MIN, the timer of a peer that is near. */
    static final double LEAST_TIMEOUT = 0.2;

    private static final double LONGEST_TIMEOUT = 120; // TCP_RTO_MAX

    private Retries() {}

    /** Seconds that a SYN, or the answer to one, is sent again for: {@code linear} is 0 for the answer. */
    static double handshake(double retries, double linear, double hz) {
        return life(SYN_TIMEOUT, retries, linear, hz, true);
    }

    /** Seconds that a FIN is sent again for, the time counted from the first repetition. */
    static double fin(double retries, double hz) {
        return life(LEAST_TIMEOUT, retries, 0, hz, false);
    }

    private static double life(double first, double retries, double linear, double hz, boolean fromTheStart) {
        double enough = modelled(first, retries);
        double timer = first;
        double now = 0;
        double start = 0;
        for (int sent = 1; ; sent++) {
            now += timer + TimeWait.granule(timer, hz) / 2;
            if (sent == 1) {
                start = fromTheStart ? 0 : now;
            } else if (now - start >= enough) {
                return now;
            }
            if (sent > linear) {
                timer = Math.min(2 * timer, LONGEST_TIMEOUT);
            }
        }
    }

    /** tcp_model_timeout: the sum of doubled timers, the longest one repeated. */
    private static double modelled(double first, double retries) {
        double doubling = Math.floor(Math.log(LONGEST_TIMEOUT / first) / Math.log(2));
        return retries <= doubling
                ? (Math.pow(2, retries + 1) - 1) * first
                : (Math.pow(2, doubling + 1) - 1) * first + (retries - doubling) * LONGEST_TIMEOUT;
    }
}
