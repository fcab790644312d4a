package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/** nginx and PHP against what they can do, and rates that are claimed against what they would leave behind. */
final class WebRules {
    private static final int ALIGNED = 8;
    private static final double HOLD = 61;
    private static final double REQUESTS = 1000;

    private WebRules() {}

    /** PHP pads a record to a multiple of 8 by 0 to 7 bytes (main/fastcgi.c, fcgi_make_header). */
    static List<Doubt> padding(Observed seen) {
        Optional<Rows> records = seen.table("fastcgi_records");
        if (records.isEmpty() || !php(seen)) {
            return List.of();
        }
        Rows rows = records.get();
        for (int i = 0; i < rows.size(); i++) {
            long content = Observed.whole(rows, "content_length", i, -1);
            long padding = Observed.whole(rows, "padding", i, -1);
            long right = (ALIGNED - content % ALIGNED) % ALIGNED;
            if (content > 0
                    && padding >= 0
                    && padding != right
                    && Observed.text(rows, "type", i).contains("STD")) {
                return List.of(Doubt.of(
                        "fastcgi-padding",
                        "a record of " + Terminal.grouped(content) + " bytes has " + padding
                                + " bytes of padding, where PHP-FPM adds "
                                + right
                                + " to reach a multiple of 8: the dump is not of PHP-FPM, or was put together",
                        seen.at("fastcgi_records", "record " + (i + 1))));
            }
        }
        return List.of();
    }

    /** True where something in the capture says that the FastCGI upstream is PHP. */
    private static boolean php(Observed seen) {
        Optional<Rows> directives = seen.table("nginx_directives");
        for (int i = 0; directives.isPresent() && i < directives.get().size(); i++) {
            if (Observed.text(directives.get(), "name", i).equals("fastcgi_pass")
                    && Observed.text(directives.get(), "args", i).contains("php")) {
                return true;
            }
        }
        return seen.capture().tables().stream().anyMatch(t -> t.startsWith("fpm_"));
    }

    /** A configuration that nginx -t refuses is not one that runs. */
    static List<Doubt> invalid(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        for (Budget budget : seen.host().budgets("fastcgi-buffers")) {
            budget.finding().notes().stream()
                    .filter(n -> n.startsWith("not valid"))
                    .findFirst()
                    .ifPresent(n -> doubts.add(Doubt.of(
                            "nginx-invalid",
                            budget.scope() + ": " + n
                                    + "; so this is not the configuration that runs: nginx keeps the former one on a reload",
                            seen.at("nginx_directives", budget.scope()))));
        }
        return doubts;
    }

    /** Little, back from the TIME-WAIT sockets: closes/s = TIME-WAIT / 61 s, no more than half a pool where their ports are used again. */
    static List<Doubt> claimedRate(Observed seen) {
        Optional<Claim> rate = Claim.of(seen, "ports.rate", Unit.RATE);
        Optional<Observed.Count> waiting = seen.count("ss:timewait").or(() -> seen.count("sockstat:TCP.tw"));
        if (rate.isEmpty() || waiting.isEmpty()) {
            return List.of();
        }
        double pool = Ports.poolSize(seen.capture().facts()).value();
        double least = Math.min(rate.get().value() * HOLD, pool / 2);
        double closes = waiting.get().value() / HOLD;
        return least > 500 && waiting.get().value() < 0.1 * least
                ? List.of(Doubt.of(
                        "claimed-rate",
                        "at the " + rate.get().words() + ", some "
                                + Terminal.grouped(Math.round(least)) + " TIME-WAIT sockets or more would stand here; "
                                + waiting.get().text() + " are " + Observed.rounded(closes)
                                + " closes/s: the load is another, connections are kept, or the other side closes first",
                        waiting.get().source(),
                        rate.get().source()))
                : List.of();
    }

    /** A kept connection ends after keepalive_requests (1000 since nginx 1.19.10): so many SYNs are the least there must be. */
    static List<Doubt> keepalive(Observed seen) {
        Optional<Claim> rate =
                Claim.of(seen, "ports.rate", Unit.RATE).or(() -> Claim.of(seen, "keepalive.rate", Unit.RATE));
        Optional<Rows> packets = seen.table("packets");
        if (rate.isEmpty() || packets.isEmpty() || !keeps(seen)) {
            return List.of();
        }
        Rows rows = packets.get();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long opens = 0;
        for (int i = 0; i < rows.size(); i++) {
            OptionalLong time = rows.columns().contains("time_ns") ? rows.number("time_ns", i) : OptionalLong.empty();
            if (time.isPresent()) {
                first = Math.min(first, time.getAsLong());
                last = Math.max(last, time.getAsLong());
            }
            opens += Observed.text(rows, "flags", i).equals("S") ? 1 : 0;
        }
        double least = rate.get().value() * Math.max(0, last - first) / 1e9 / REQUESTS;
        return least >= 20 && opens < 0.3 * least
                ? List.of(Doubt.of(
                        "keepalive-opens",
                        "at the " + rate.get().words() + ", nginx opens at least "
                                + Terminal.grouped(Math.round(least))
                                + " connections in this time, as each ends after 1,000 requests, but "
                                + opens + " SYNs were seen: the load is another, or the filter of the capture hid them",
                        seen.at("packets", ""),
                        rate.get().source()))
                : List.of();
    }

    private static boolean keeps(Observed seen) {
        Optional<Rows> directives = seen.table("nginx_directives");
        for (int i = 0; directives.isPresent() && i < directives.get().size(); i++) {
            if (Observed.text(directives.get(), "name", i).equals("keepalive")) {
                return true;
            }
        }
        return false;
    }
}
