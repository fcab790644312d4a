package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Evidence;
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
import plimsoll.telemetry.NginxConfig;

/**
 * A FastCGI response against the memory that nginx buffers it in, per location with a {@code fastcgi_pass}: buffer_size + number x size,
 * and the buffers that the client's socket has taken whole. What does not fit is written to a temporary file (src/event/ngx_event_pipe.c,
 * ngx_event_pipe_read_upstream and ngx_event_pipe_write_chain_to_temp_file), or waits in the upstream where temporary files are off. The
 * rule is exact to the byte for a client that takes nothing more; whether a reading client is fast enough is a race. Directives are
 * inherited as nginx does; defaults and validity are those of ngx_http_fastcgi_merge_loc_conf.
 */
final class FastcgiBuffers extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** nginx's FastCGI buffers in the location that is most over. */
        default Budget fastcgiBuffers() {
            return budgets("fastcgi-buffers").worst();
        }

        /** nginx's FastCGI buffers for a response of {@code payload}, in the location that is most over: {@code fastcgiBuffers("15 MiB")}. */
        default Budget fastcgiBuffers(String payload) {
            return ask("fastcgi-buffers.payload", payload).fastcgiBuffers();
        }
    }

    private static final String PASS = "fastcgi_pass";
    private static final String BUFFER_SIZE = "fastcgi_buffer_size";
    private static final String BUFFERS = "fastcgi_buffers";
    static final String NOWHERE = "nginx";

    private static final Parameter PAYLOAD = Parameter.integer("payload", Unit.BYTES, 0, "the body of one response");
    private static final Parameter HEADER =
            Parameter.integer("header", Unit.BYTES, 0, "the header that the application sends before it");
    private static final Parameter RECORD = new Parameter(
            "record",
            Unit.BYTES,
            Parameter.Domain.INTEGER,
            1,
            65535,
            List.of((double) FastcgiRecords.GATHERED + 1),
            "the most content in one FastCGI record: 65528 B for PHP's large writes, 8184 B for small ones");
    private static final Parameter PADDING = new Parameter(
            "padding",
            Unit.BYTES,
            Parameter.Domain.STEPPED,
            1,
            8,
            List.of(1.0, 8.0),
            "what records are padded to a multiple of: 8 B as PHP does, 1 B for an upstream that does not pad");
    private static final Parameter ABSORBED =
            Parameter.integer("absorbed", Unit.BYTES, 0, "what the client's socket takes while the response comes in");
    private static final Parameter CONCURRENCY =
            Parameter.integer("concurrency", Unit.COUNT, 0, "responses at the same time");

    @Override
    public String name() {
        return "fastcgi-buffers";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "nginx writes the rest to a temporary file; where those are off, the upstream is held at the client's speed";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(PAYLOAD, HEADER, RECORD, PADDING, ABSORBED, CONCURRENCY);
    }

    @Override
    public List<String> scopes(Facts facts) {
        List<String> found = Nginx.passing(facts, PASS).stream()
                .map(NginxConfig.Directive::scope)
                .distinct()
                .toList();
        return found.isEmpty() ? List.of(NOWHERE) : found;
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        List<NginxConfig.Directive> locations = Nginx.passing(facts, PASS);
        Optional<NginxConfig.Directive> location =
                locations.stream().filter(l -> l.scope().equals(scope)).findFirst();
        if (location.isEmpty() && !locations.isEmpty()) {
            throw new IllegalArgumentException("nginx has no location '" + scope + "' with a " + PASS + "; it has "
                    + locations.stream().map(NginxConfig.Directive::scope).collect(Collectors.joining(", ")));
        }
        if (location.isEmpty()
                && facts.find(BUFFERS).isEmpty()
                && facts.find(BUFFER_SIZE).isEmpty()) {
            Finding unknown = Finding.unknown(Unit.BYTES, new Missing("location", "nginx -T"));
            return Nginx.config(facts).isPresent()
                    ? unknown.note("the nginx configuration that was read has no " + PASS)
                    : unknown;
        }
        var buffering = NginxBuffers.of(NginxBuffers.Family.FASTCGI, facts, location);
        Formula supply = buffering.memory().plus(drained(facts, scope, buffering));
        Optional<Input> payload = PAYLOAD.find(facts, this, scope);
        Finding found = payload.isPresent()
                ? demanded(facts, scope, buffering, payload.get(), supply)
                : Spool.undemanded(facts, NginxBuffers.Family.FASTCGI, locations.size(), supply);
        if (supply.value() <= PAYLOAD.most()) {
            found = found.figure(
                    "first payload over", Quantity.bytes(upstream(facts, scope).first(supply.value())));
        }
        return buffering.noted(found, location);
    }

    // ---- supply

    /** What the client's socket took in whole buffers: only those are filled again. */
    private Formula drained(Facts facts, String scope, NginxBuffers buffering) {
        Input absorbed = ABSORBED.find(facts, this, scope)
                .orElseGet(() -> Input.assumed(ABSORBED.name(), Quantity.bytes(0), "a client that takes nothing"));
        return buffering.drained(absorbed);
    }

    // ---- demand

    /** How the upstream makes records of a response. */
    private record Upstream(Input header, Input record, Input padding) {

        FastcgiRecords records(double payload) {
            return records(payload, header.value(), record.value(), padding.value());
        }

        static FastcgiRecords records(double payload, double header, double record, double padding) {
            return new FastcgiRecords((long) header, (long) payload, (long) record, (long) padding);
        }

        boolean over(double payload, double room) {
            return records(payload).bytes() > room;
        }

        /** The same with a range over what is assumed, where another value would turn the verdict: else a range says nothing. */
        Upstream ranged(double payload, double room) {
            boolean over = over(payload, room);
            Input cookies = Input.given(HEADER.name(), Quantity.bytes(1024));
            Input small = Input.given(RECORD.name(), Quantity.bytes(FastcgiRecords.GATHERED));
            boolean byHeader = new Upstream(cookies, record, padding).over(payload, room) != over;
            boolean byRecord = new Upstream(header, small, padding).over(payload, room) != over;
            return new Upstream(ranged(header, byHeader, cookies), ranged(record, byRecord, small), padding);
        }

        private static Input ranged(Input input, boolean turns, Input other) {
            boolean assumed = input.evidence().kind() == Evidence.Kind.ASSUMED;
            return assumed && turns
                    ? new Input(input.name(), input.quantity(), input.evidence(), List.of(other.quantity()))
                    : input;
        }

        /** The smallest payload that takes more than {@code room} bytes. */
        long first(double room) {
            long fits = -1;
            long over = (long) room + 1;
            while (over - fits > 1) {
                long middle = (fits + over) >>> 1;
                if (over((double) middle, room)) {
                    over = middle;
                } else {
                    fits = middle;
                }
            }
            // a payload of a multiple of 8 bytes needs no padding: it may fit where one just below it does not
            long first = Math.max(0, over - 2 * (long) padding.value());
            while (!over((double) first, room)) {
                first++;
            }
            return first;
        }
    }

    private Upstream upstream(Facts facts, String scope) {
        return new Upstream(
                HEADER.find(facts, this, scope)
                        .orElseGet(() -> Input.assumed(
                                HEADER.name(),
                                Quantity.bytes(42),
                                "what PHP-FPM sends where the script sets no header")),
                RECORD.find(facts, this, scope)
                        .orElseGet(() -> Input.assumed(
                                RECORD.name(),
                                Quantity.bytes(65528),
                                "what PHP-FPM makes of one large write (fcgi_write)")),
                PADDING.find(facts, this, scope)
                        .orElseGet(() -> Input.assumed(
                                PADDING.name(), Quantity.bytes(8), "the upstream is PHP-FPM (close_packet)")));
    }

    private Finding demanded(Facts facts, String scope, NginxBuffers buffering, Input payload, Formula supply) {
        Upstream upstream = upstream(facts, scope).ranged(payload.value(), supply.value());
        Formula overhead = Formula.call(
                        "fastcgiRecords",
                        Unit.BYTES,
                        v -> Upstream.records(v[0], v[1], v[2], v[3]).bytes() - Math.floor(v[0]) - Math.floor(v[1]),
                        payload,
                        upstream.header,
                        upstream.record,
                        upstream.padding)
                .named("record overhead");
        Formula demand = payload.plus(upstream.header).plus(overhead);
        double memory = buffering.memory().value();
        Spool spool = Spool.of(buffering, upstream.records(payload.value()), supply.value() - memory);
        double held = Math.min(demand.value(), memory);
        Finding found = Finding.of(Unit.BYTES, demand, supply)
                .figure("writes per response", Quantity.count(spool.writes()))
                .figure("spooled per response", Quantity.bytes(spool.bytes()))
                .figure("memory per response", Quantity.of(held, Unit.BYTES));
        if (spool.writes() > 0) {
            found = found.figure("bytes per write, at most", Quantity.bytes(spool.perWrite()));
        }
        Optional<Input> concurrency = CONCURRENCY.find(facts, this, scope);
        if (concurrency.isPresent()) {
            found = found.figure("memory", Quantity.of(held * concurrency.get().value(), Unit.BYTES));
        }
        for (String note : spool.notes()) {
            found = found.note(note);
        }
        return found;
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return NginxBuffers.remedies(NginxBuffers.Family.FASTCGI, facts, scope);
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return NginxBuffers.refused(NginxBuffers.Family.FASTCGI);
    }

    @Override
    public OptionalDouble solve(String input, Finding present, double goal) {
        var inputs = present.inputs().stream().collect(Collectors.toMap(Input::name, i -> i));
        Input header = inputs.get(HEADER.name());
        Input record = inputs.get(RECORD.name());
        Input padding = inputs.get(PADDING.name());
        if (!input.equals(PAYLOAD.name())
                || header == null
                || record == null
                || padding == null
                || present.supply().isEmpty()) {
            return OptionalDouble.empty();
        }
        double room = present.supply().get().value() * goal;
        return room <= PAYLOAD.most()
                ? OptionalDouble.of((double) new Upstream(header, record, padding).first(room))
                : OptionalDouble.empty();
    }
}
