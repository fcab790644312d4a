package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Input;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Terminal;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.NginxConfig;
import plimsoll.telemetry.Text;

/** What the silence of a command that printed nothing does and does not prove. */
final class SilenceRules {
    private static final double FIVE_MINUTES = 300;

    /** How long the command ran, as the notes on a capture claim it. */
    private static final String WATCHED = "tcpdump.for";

    /** A silence of fewer that were due may be chance: none of 20 comes once in half a billion times. */
    private static final double DUE = 20;

    private SilenceRules() {}

    /** A line that runs tcpdump, perhaps for a stated time; a holder, for most captures have none. */
    private static final class Tcpdump {
        static final Pattern LINE =
                Pattern.compile("(?:timeout\\s+(?:-\\S+\\s+)*(\\d{1,7})([smh]?)\\s+(?:sudo\\s+)?)?tcpdump\\s.*");
        static final Pattern SYNS = Pattern.compile("Flags ?\\\\?\\[S|tcp-syn|tcpflags");
        static final Pattern BARE_FIN = Pattern.compile("Flags ?\\\\\\[F\\\\\\]");

        private Tcpdump() {}
    }

    private static Optional<Matcher> tcpdump(Text text) {
        String line = text.command().orElse("");
        if (!line.contains("tcpdump")) {
            return Optional.empty();
        }
        Matcher m = Tcpdump.LINE.matcher(line);
        return m.matches() ? Optional.of(m) : Optional.empty();
    }

    /** The seconds after which {@code timeout} ended it; empty where the line has none. */
    private static OptionalDouble seconds(Matcher tcpdump) {
        if (tcpdump.group(1) == null) {
            return OptionalDouble.empty();
        }
        double each =
                switch (tcpdump.group(2)) {
                    case "m" -> 60;
                    case "h" -> 3600;
                    default -> 1;
                };
        return OptionalDouble.of(Long.parseLong(tcpdump.group(1)) * each);
    }

    private static String at(Text text) {
        return text.path() + ":" + Math.max(1, text.firstLine() - 1);
    }

    /** A kept connection ends after keepalive_requests: no SYN to its server is not what a load leaves, however long tcpdump ran. */
    static List<Doubt> opens(Observed seen) {
        Optional<Claim> rate =
                Claim.of(seen, "keepalive.rate", Unit.RATE).or(() -> Claim.of(seen, "ports.rate", Unit.RATE));
        Optional<NginxConfig> config = Nginx.config(seen.host().facts());
        if (rate.isEmpty() || config.isEmpty()) {
            return List.of();
        }
        var doubts = new ArrayList<Doubt>();
        for (Text text : seen.capture().silent()) {
            Optional<Matcher> tcpdump = tcpdump(text);
            String line = text.command().orElse("");
            if (tcpdump.isEmpty()
                    || (line.contains("|") && !Tcpdump.SYNS.matcher(line).find())) {
                continue;
            }
            for (NginxConfig.Directive upstream : config.get().blocks("upstream")) {
                if (!upstream.directives("keepalive").isEmpty() && watched(upstream, line)) {
                    silence(seen, upstream.arg(0), rate.get(), seconds(tcpdump.get()), at(text))
                            .ifPresent(doubts::add);
                }
            }
        }
        return doubts;
    }

    /** True where the line names a server of the upstream. */
    private static boolean watched(NginxConfig.Directive upstream, String line) {
        return upstream.directives("server").stream()
                .map(s -> s.arg(0).replaceFirst(":\\d+$", ""))
                .anyMatch(host -> !host.isEmpty() && line.contains("host " + host));
    }

    private static Optional<Doubt> silence(
            Observed seen, String upstream, Claim rate, OptionalDouble timeout, String source) {
        Optional<Claim> span = timeout.isPresent() ? Optional.empty() : Claim.of(seen, WATCHED, Unit.SPAN);
        OptionalDouble stated = span.isPresent() ? OptionalDouble.of(span.get().value()) : timeout;
        Facts facts = seen.host().facts();
        Input requests = Keepalive.requests(facts, upstream);
        double perSecond = seen.host().budgets("keepalive").stream()
                .filter(b -> b.scope().equals(upstream))
                .flatMap(SilenceRules::opened)
                .findFirst()
                .orElse(rate.value() / Math.max(1, requests.value()));
        double due = perSecond * stated.orElse(FIVE_MINUTES);
        if (due < DUE) {
            return Optional.empty();
        }
        String during =
                stated.isPresent() ? Quantity.seconds(stated.getAsDouble()).toString() : "five minutes";
        return Optional.of(Doubt.of(
                "keepalive-silence",
                "tcpdump saw no SYN, but at the " + rate.words() + ", nginx opens at least "
                        + Terminal.grouped(Math.round(due)) + " connections to " + upstream + " in " + during
                        + ", as each ends after " + requests.quantity() + " requests"
                        + (stated.isPresent() ? "" : "; the capture does not say how long it ran")
                        + ": the load is another, it went elsewhere, or tcpdump ran for a moment only",
                source,
                rate.source(),
                span.map(Claim::source).orElse("")));
    }

    private static Stream<Double> opened(Budget budget) {
        return budget.finding().figures().stream()
                .filter(f -> f.name().equals("new connections, at least"))
                .map(f -> f.quantity().value());
    }

    /** tcpdump prints the flags of a FIN with its ACK, which all but the strangest have, as {@code [F.]}: {@code \[F\]} matches none. */
    static List<Doubt> filter(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        for (Text text : seen.capture().silent()) {
            String line = text.command().orElse("");
            if (tcpdump(text).isPresent() && Tcpdump.BARE_FIN.matcher(line).find()) {
                doubts.add(Doubt.of(
                        "flags-filter",
                        "no FIN was seen, but the filter Flags \\[F\\] finds none: tcpdump prints a FIN with its ACK as Flags [F.];"
                                + " this silence does not say that no connection was closed",
                        at(text)));
            }
        }
        return doubts;
    }
}
