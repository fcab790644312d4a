package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Settings;

/**
 * Bytes on their way in one TCP connection: bandwidth times round trip, against the window that the largest buffer allows, about half of
 * it: the other half is for the kernel's own bookkeeping (include/net/tcp.h, tcp_win_from_space; tcp_adv_win_scale before 6.6). Without
 * window scaling a window ends at 64 KiB.
 */
final class TcpWindow extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Bytes on their way in one TCP connection against the window. */
        default Budget tcpWindow() {
            return budgets("tcp-window").worst();
        }

        /** At {@code bandwidth}: {@code tcpWindow("1 Gbit/s").with("rtt", "20 ms")}. */
        default Budget tcpWindow(String bandwidth) {
            return ask("tcp-window.bandwidth", bandwidth).tcpWindow();
        }
    }

    private static final String RECEIVE = "receive";
    private static final String SEND = "send";
    private static final String SCALE = "net.ipv4.tcp_adv_win_scale";
    private static final String SCALING = "net.ipv4.tcp_window_scaling";
    private static final double MOST = 1 << 30;
    private static final long STEP = 65536;
    private static final double UNSCALED = 65535;

    private static final Parameter BANDWIDTH =
            Parameter.continuous("bandwidth", Unit.BANDWIDTH, "what one connection is to carry");
    private static final Parameter RTT = Parameter.continuous("rtt", Unit.SPAN, "the round trip");

    @Override
    public String name() {
        return "tcp-window";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "the sender waits for acknowledgements: one connection carries window / round trip and no more";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(BANDWIDTH, RTT);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(RECEIVE, SEND);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        if (!scope.equals(RECEIVE) && !scope.equals(SEND)) {
            throw new IllegalArgumentException("tcp-window has no scope '" + scope + "'; it has receive, send");
        }
        String setting = scope.equals(RECEIVE) ? "net.ipv4.tcp_rmem" : "net.ipv4.tcp_wmem";
        Optional<Fact> sizes = facts.find(setting);
        Optional<Input> bandwidth = BANDWIDTH.find(facts, this, scope);
        Optional<Input> rtt = RTT.find(facts, this, scope);
        if (sizes.isEmpty()) {
            return Finding.unknown(Unit.BYTES, new Missing(setting, "sysctl " + setting));
        }
        Settings.check(setting, sizes.get().text());
        Input largest = new Input(
                setting + ".max",
                Quantity.of(Settings.quantities(sizes.get()).get(2).value(), Unit.BYTES),
                sizes.get().evidence(),
                List.of());
        Formula window = window(facts, scope, largest);
        Finding found = bandwidth.isPresent() && rtt.isPresent()
                ? Finding.of(Unit.BYTES, bandwidth.get().times(rtt.get()), window)
                        .figure(
                                "buffer that is enough",
                                Quantity.of(
                                        Math.ceil(bandwidth.get().value()
                                                * rtt.get().value()
                                                * largest.value()
                                                / window.value()),
                                        Unit.BYTES))
                : Finding.unknown(
                                Unit.BYTES,
                                bandwidth.isEmpty()
                                        ? new Missing(
                                                BANDWIDTH.name(), "say what one connection is to carry, as 1 Gbit/s")
                                        : new Missing(RTT.name(), "say the round trip, as 20 ms; ss -i shows it"))
                        .supplied(window);
        return rtt.filter(r -> r.value() > 0)
                .map(r -> found.figure("throughput ceiling", Quantity.of(window.value() / r.value(), Unit.BANDWIDTH)))
                .orElse(found)
                .note("a program that sets SO_RCVBUF or SO_SNDBUF itself has what it set, not these");
    }

    private static Formula window(Facts facts, String scope, Input largest) {
        Input scale = facts.input(SCALE, Unit.COUNT)
                .filter(s -> scope.equals(RECEIVE))
                .orElseGet(() ->
                        Input.byDefault(SCALE, Quantity.count(1), "Linux: half the buffer, since 6.6 always at first"));
        Formula window = Formula.call("win_from_space", Unit.BYTES, v -> fromSpace(v[0], v[1]), largest, scale);
        Optional<Input> scaling = facts.input(SCALING, Unit.COUNT);
        return scaling.isPresent() && scaling.get().value() == 0
                ? window.min(Formula.fixed(Quantity.of(UNSCALED, Unit.BYTES))).named("window without scaling")
                : window.named("window");
    }

    /** tcp_win_from_space before 6.6; at 1, the default, it is what later kernels begin with. */
    static double fromSpace(double space, double scale) {
        return scale <= 0 ? Math.floor(space * Math.pow(2, scale)) : space - Math.floor(space / Math.pow(2, scale));
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        var levers = new ArrayList<Lever>();
        if (Levers.value(facts.input(SCALING, Unit.COUNT), 1) == 0) {
            levers.add(Lever.of(Candidate.of("tcp_window_scaling=1")
                    .set(SCALING, "1")
                    .risk("it counts for connections that are opened afterwards", "RFC 7323")));
        }
        String setting = scope.equals(SEND) ? "net.ipv4.tcp_wmem" : "net.ipv4.tcp_rmem";
        facts.find(setting).ifPresent(f -> {
            List<Quantity> sizes = Settings.quantities(f);
            double present = sizes.get(2).value();
            levers.add(Lever.scale(present, MOST, Unit.BYTES, v -> {
                long largest = (long) Math.ceil(v / STEP) * STEP;
                return Candidate.of(
                                setting.substring("net.ipv4.".length()) + ", up to " + Levers.bytes((double) largest))
                        .set(
                                setting,
                                Math.round(sizes.get(0).value()) + " "
                                        + Math.round(sizes.get(1).value()) + " " + largest)
                        .cost("up to " + Levers.bytes((double) largest - present)
                                + " more of kernel memory for each connection that needs it")
                        .risk(
                                "the other end's buffer bounds the window as well; all buffers together are bounded by tcp_mem",
                                "tcp(7); Documentation/networking/ip-sysctl.rst");
            }));
        });
        return levers;
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return List.of(new Refused(
                "net.core.rmem_max, net.core.wmem_max",
                "they bound what a program sets itself with SO_RCVBUF or SO_SNDBUF, not the buffers that the kernel sizes",
                "tcp(7), tcp_rmem"));
    }
}
