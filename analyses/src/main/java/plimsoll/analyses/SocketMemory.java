package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;
import plimsoll.telemetry.Settings;

/**
 * Memory that sockets hold. Scope {@code tcp}: all of TCP on the host, which sockstat counts in pages, against the pressure mark of
 * tcp_mem (net/core/sock.c, __sk_mem_raise_allocated). Besides, the send and the receive buffer that is fullest: what is charged to the
 * socket ({@code ss -m}: t or w, and r) against its own limit (tb, rb). For a unix socket ss shows what is charged to the writer as Send-Q.
 */
final class SocketMemory extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Memory of sockets: all of TCP, or the one whose buffer is fullest. */
        default Budget socketMemory() {
            return budgets("socket-memory").worst();
        }

        /** With {@code sockets} TCP sockets: {@code socketMemory("10000").with("each", "64 KiB")}. */
        default Budget socketMemory(String sockets) {
            return ask("socket-memory.sockets", sockets).socketMemory();
        }
    }

    private static final String TCP = "tcp";
    private static final String LIMITS = "net.ipv4.tcp_mem";
    private static final String WRITER = "net.core.wmem_default";
    private static final String SEND = "send ";
    private static final String RECEIVE = "receive ";

    private static final double MOST_TIMES = 16;

    private static final Parameter SOCKETS =
            Parameter.integer("sockets", Unit.COUNT, 0, "TCP sockets at the same time");
    private static final Parameter EACH = Parameter.integer("each", Unit.BYTES, 0, "what each of them holds");

    @Override
    public String name() {
        return "socket-memory";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "tcp: buffers are cut and windows shrink, beyond the third mark data is dropped; a socket: its writer sleeps or gets EAGAIN";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(SOCKETS, EACH);
    }

    @Override
    public List<String> scopes(Facts facts) {
        var scopes = new ArrayList<String>(List.of(TCP));
        facts.table("sockets", Rows.class).ifPresent(sockets -> {
            fullest(sockets, SEND).ifPresent(row -> scopes.add(scope(SEND, sockets, row)));
            fullest(sockets, RECEIVE).ifPresent(row -> scopes.add(scope(RECEIVE, sockets, row)));
        });
        return scopes;
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        if (scope.equals(TCP)) {
            return all(facts, scope);
        }
        if (!scope.startsWith(SEND) && !scope.startsWith(RECEIVE)) {
            throw new IllegalArgumentException(
                    "socket-memory has no scope '" + scope
                            + "'; it has tcp, or send or receive and the ends of a socket, as 'send 10.0.0.1:80 -> 10.0.0.2:5000'");
        }
        return one(facts, scope);
    }

    // ---- all of TCP

    private Finding all(Facts facts, String scope) {
        Input page = PageSize.of(facts);
        Optional<Input> sockets = SOCKETS.find(facts, this, scope);
        Optional<Input> each = EACH.find(facts, this, scope);
        Optional<Formula> demand = sockets.flatMap(n -> each.<Formula>map(n::times))
                .or(() -> sockets.isPresent()
                        ? Optional.empty()
                        : facts.input("sockstat:TCP.mem", Unit.COUNT).map(pages -> pages.times(page)));
        Optional<double[]> marks = facts.find(LIMITS).map(f -> Settings.quantities(f).stream()
                .mapToDouble(Quantity::value)
                .toArray());
        if (marks.isEmpty()) {
            return Finding.unknown(Unit.BYTES, new Missing(LIMITS, "sysctl " + LIMITS));
        }
        Input pressure = new Input(
                LIMITS + ".pressure",
                Quantity.of(marks.get()[1], Unit.COUNT),
                facts.find(LIMITS).orElseThrow().evidence(),
                List.of());
        Formula supply = pressure.times(page);
        Finding found = demand.map(d -> Finding.of(Unit.BYTES, d, supply)).orElseGet(() -> Finding.unknown(
                        Unit.BYTES,
                        sockets.isPresent()
                                ? new Missing(EACH.name(), "say what each socket holds, as 64 KiB")
                                : new Missing("sockstat mem", "cat /proc/net/sockstat"))
                .supplied(supply));
        return found.figure("pressure ends", bytes(marks.get()[0] * page.value()))
                .figure("data is dropped from", bytes(marks.get()[2] * page.value()))
                .note("sockstat mem and tcp_mem are pages of the whole host, in a container too");
    }

    private static Quantity bytes(double value) {
        return Quantity.of(Math.rint(value), Unit.BYTES);
    }

    // ---- one socket

    private static Finding one(Facts facts, String scope) {
        String way = scope.startsWith(SEND) ? SEND : RECEIVE;
        Optional<Rows> sockets = facts.table("sockets", Rows.class);
        OptionalInt row = sockets.map(s -> find(s, way, scope)).orElse(OptionalInt.empty());
        if (row.isEmpty()) {
            return Finding.unknown(
                    Unit.BYTES, new Missing("the memory of the socket", "ss -nam; ss -xam for unix sockets"));
        }
        Rows rows = sockets.orElseThrow();
        OptionalLong held = held(rows, way, row.getAsInt());
        OptionalLong limit = limit(rows, way, row.getAsInt());
        if (held.isEmpty()) {
            return Finding.unknown(
                    Unit.BYTES, new Missing("the memory of the socket", "ss -nam; ss -xam for unix sockets"));
        }
        String column = way.equals(SEND) ? "tb" : "rb";
        Optional<Input> supply = limit.isPresent()
                ? Optional.of(Input.read(column, Quantity.bytes(limit.getAsLong()), "skmem of the socket"))
                : facts.input(WRITER, Unit.BYTES, "B");
        if (supply.isEmpty()) {
            return Finding.unknown(Unit.BYTES, new Missing(column, "ss -nam; ss -xam for unix sockets"));
        }
        Finding found = Finding.of(
                Unit.BYTES,
                Input.read("held", Quantity.bytes(held.getAsLong()), "the listing of sockets"),
                supply.get());
        return way.equals(SEND)
                ? found.note(
                        "a write is let in while less than the buffer is held, so a full one holds up to one segment more")
                : found.note("what has come and is not yet read; a full one closes the window");
    }

    private static OptionalInt find(Rows sockets, String way, String scope) {
        for (int row = 0; row < sockets.size(); row++) {
            if (scope(way, sockets, row).equals(scope)) {
                return OptionalInt.of(row);
            }
        }
        return OptionalInt.empty();
    }

    private static String scope(String way, Rows sockets, int row) {
        boolean unix = sockets.text("netid", row).orElse("").startsWith("u_");
        String local = sockets.text("local_address", row).orElse("");
        String peer = sockets.text("peer_address", row).orElse("");
        return way
                + (unix
                        ? local + " " + sockets.cell("inode", row)
                        : Listener.endpoint(local, sockets.cell("local_port", row)) + " -> "
                                + Listener.endpoint(peer, sockets.cell("peer_port", row)));
    }

    /** The row that fills most of its buffer; those whose limit is not shown are left out. */
    private static OptionalInt fullest(Rows sockets, String way) {
        int best = -1;
        double most = -1;
        for (int row = 0; row < sockets.size(); row++) {
            OptionalLong held = held(sockets, way, row);
            OptionalLong limit = limit(sockets, way, row);
            if (held.isPresent() && limit.orElse(0) > 0) {
                double use = (double) held.getAsLong() / limit.getAsLong();
                if (use > most) {
                    most = use;
                    best = row;
                }
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    /** What is charged: to the reader r; to the writer w for TCP, which counts what waits, and for unix sockets t, which ss shows as Send-Q. */
    private static OptionalLong held(Rows sockets, String way, int row) {
        if (sockets.text("state", row).orElse("").equals("LISTEN")) {
            return OptionalLong.empty(); // its columns are queues of connections
        }
        if (way.equals(RECEIVE)) {
            return sockets.number("skmem_r", row);
        }
        if (sockets.text("netid", row).orElse("").startsWith("u_")) {
            OptionalLong queued = sockets.number("send_q", row);
            OptionalLong charged = sockets.number("skmem_t", row);
            return charged.orElse(-1) > queued.orElse(-1) ? charged : queued;
        }
        return sockets.number("skmem_w", row);
    }

    private static OptionalLong limit(Rows sockets, String way, int row) {
        return sockets.number(way.equals(SEND) ? "skmem_tb" : "skmem_rb", row);
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        Optional<double[]> marks = facts.find(LIMITS).map(f -> Settings.quantities(f).stream()
                .mapToDouble(Quantity::value)
                .toArray());
        if (!scope.equals(TCP) || marks.isEmpty()) {
            return List.of();
        }
        double page = PageSize.of(facts).value();
        double present = marks.get()[1];
        // the kernel's own proportions: tcp_init_mem
        return List.of(Lever.scale(present, present * MOST_TIMES, Unit.COUNT, v -> {
            long pressure = (long) Math.ceil(v);
            return Candidate.of("tcp_mem, pressure " + Levers.bytes(pressure * page))
                    .set(LIMITS, pressure / 4 * 3 + " " + pressure + " " + pressure / 2 * 3)
                    .cost("up to " + Levers.bytes((pressure - present) * page)
                            + " more of kernel memory in socket buffers")
                    .risk(
                            "the memory cannot be swapped and is that of the whole host, in a container too",
                            "net/ipv4/tcp.c, tcp_init_mem; Documentation/networking/ip-sysctl.rst");
        }));
    }
}
