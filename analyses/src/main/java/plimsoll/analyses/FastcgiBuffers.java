package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Law;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.NginxConfig;
import plimsoll.telemetry.Rows;

/**
 * A FastCGI response against the memory that nginx buffers it in, per location with a {@code fastcgi_pass}: buffer_size + number x size,
 * and the buffers that the client's socket has taken whole. What does not fit is written to a temporary file (src/event/ngx_event_pipe.c,
 * ngx_event_pipe_read_upstream and ngx_event_pipe_write_chain_to_temp_file), or waits in the upstream where temporary files are off. The
 * rule is exact to the byte for a client that takes nothing more; whether a reading client is fast enough is a race. Directives are
 * inherited as nginx does; defaults and validity are those of ngx_http_fastcgi_merge_loc_conf.
 */
final class FastcgiBuffers implements Law {
    private static final String TABLE = "nginx_directives";
    private static final String PASS = "fastcgi_pass";
    private static final String BUFFER_SIZE = "fastcgi_buffer_size";
    private static final String BUFFERS = "fastcgi_buffers";
    private static final String NUMBER = "fastcgi_buffers.number";
    private static final String SIZE = "fastcgi_buffers.size";
    private static final String BUSY = "fastcgi_busy_buffers_size";
    private static final String WRITE_SIZE = "fastcgi_temp_file_write_size";
    private static final String MAX_TEMP = "fastcgi_max_temp_file_size";
    private static final String BUFFERING = "fastcgi_buffering";
    private static final String NOWHERE = "nginx";
    private static final String DEFAULTS = "nginx: ngx_http_fastcgi_merge_loc_conf";

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
        List<String> found = config(facts).map(FastcgiBuffers::locations).orElse(List.of()).stream()
                .map(NginxConfig.Directive::scope)
                .distinct()
                .toList();
        return found.isEmpty() ? List.of(NOWHERE) : found;
    }

    private static Optional<NginxConfig> config(Facts facts) {
        return facts.table(TABLE, Rows.class).map(NginxConfig::of);
    }

    /** The blocks that pass requests on to a FastCGI server. */
    private static List<NginxConfig.Directive> locations(NginxConfig config) {
        return config.directives(PASS).stream()
                .flatMap(d -> d.enclosing().stream())
                .toList();
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<NginxConfig> config = config(facts);
        List<NginxConfig.Directive> locations =
                config.map(FastcgiBuffers::locations).orElse(List.of());
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
            return config.isPresent() ? unknown.note("the nginx configuration that was read has no " + PASS) : unknown;
        }
        var buffering = Buffering.of(facts, location);
        Formula supply = buffering.memory().plus(drained(facts, scope, buffering));
        Optional<Input> payload = PAYLOAD.find(facts, this, scope);
        Finding found = payload.isPresent()
                ? demanded(facts, scope, buffering, payload.get(), supply)
                : Finding.unknown(
                                Unit.BYTES,
                                new Missing(
                                        PAYLOAD.name(),
                                        "say the size of a response, as 15 MiB; $bytes_sent in the access log"))
                        .supplied(supply);
        if (supply.value() <= PAYLOAD.most()) {
            found = found.figure(
                    "first payload over", Quantity.bytes(upstream(facts, scope).first(supply.value())));
        }
        return buffering.noted(found, location);
    }

    // ---- supply

    /** What the client's socket took in whole buffers: only those are filled again. */
    private Formula drained(Facts facts, String scope, Buffering buffering) {
        Input absorbed = ABSORBED.find(facts, this, scope)
                .orElseGet(() -> Input.assumed(ABSORBED.name(), Quantity.bytes(0), "a client that takes nothing"));
        return Formula.call(
                        "whole_buffers",
                        Unit.BYTES,
                        v -> v[0] < v[1] ? 0 : v[1] + Math.floor((v[0] - v[1]) / v[2]) * v[2],
                        absorbed,
                        buffering.bufferSize,
                        buffering.size)
                .named("drained");
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

    private Finding demanded(Facts facts, String scope, Buffering buffering, Input payload, Formula supply) {
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
                .figure("writes per response", Quantity.count(spool.writes))
                .figure("spooled per response", Quantity.bytes(spool.bytes))
                .figure("memory per response", Quantity.of(held, Unit.BYTES));
        if (spool.writes > 0) {
            found = found.figure("bytes per write, at most", Quantity.bytes(spool.perWrite));
        }
        Optional<Input> concurrency = CONCURRENCY.find(facts, this, scope);
        if (concurrency.isPresent()) {
            found = found.figure("memory", Quantity.of(held * concurrency.get().value(), Unit.BYTES));
        }
        for (String note : spool.notes) {
            found = found.note(note);
        }
        return found;
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

    // ---- the temporary file

    /** What a client that takes nothing more leaves to the temporary file. */
    private record Spool(long writes, long bytes, long perWrite, List<String> notes) {

        /**
         * nginx gives the client up to fastcgi_busy_buffers_size at first; those buffers are stuck in the socket, less what it drained.
         * The others fill, and each time all are full one call writes as many whole buffers as fit in fastcgi_temp_file_write_size.
         */
        static Spool of(Buffering b, FastcgiRecords records, double drained) {
            double size = b.size.value();
            double stuck = Math.max(size, b.busy.value() - drained);
            double free = b.memory().value() - stuck;
            double perWrite = Math.max(1, Math.floor(Math.min(b.writeSize.value(), free) / size)) * size;
            double beyond = records.bytes() - b.memory().value() - drained;
            if (beyond <= 0) {
                return new Spool(0, 0, 0, List.of("fits in memory: no temporary file"));
            }
            if (!b.spools()) {
                return new Spool(
                        0,
                        0,
                        0,
                        List.of(
                                "never spools: beyond its memory nginx reads only as fast as the client takes, and the upstream "
                                        + "is held for that long"));
            }
            double all = Math.ceil(Math.ceil(beyond / size) * size / perWrite) * perWrite;
            double bounded = Math.min(all, Math.floor(b.maxTemp.value() / size) * size);
            long start = (long) (drained + stuck);
            long end = Math.min(start + (long) bounded, records.bytes());
            var notes = new ArrayList<String>();
            notes.add(
                    "spools: written for a client that takes nothing more; one that reads is a race with the upstream");
            if (free < b.writeSize.value()) {
                notes.add("one write takes " + Quantity.of(perWrite, Unit.BYTES) + ", not " + WRITE_SIZE
                        + ": the other buffers are " + "on their way to the client");
            }
            if (bounded < all) {
                notes.add("the temporary file is full at " + MAX_TEMP
                        + ": the rest waits in the upstream for the client");
            }
            return new Spool(
                    (long) Math.ceil(bounded / perWrite),
                    records.content(end) - records.content(start),
                    (long) perWrite,
                    List.copyOf(notes));
        }
    }

    /** The directives of one location. */
    private record Buffering(
            Input bufferSize,
            Input number,
            Input size,
            Input busy,
            Input writeSize,
            Input maxTemp,
            boolean buffered,
            String bufferedBy) {

        static Buffering of(Facts facts, Optional<NginxConfig.Directive> location) {
            Input page = PageSize.of(facts);
            var read = new Directives(facts, location);
            Input bufferSize = read.size(BUFFER_SIZE, page.quantity(), "one page");
            Optional<Fact> buffers = read.text(BUFFERS);
            Input number = facts.input(NUMBER, Unit.COUNT)
                    .or(() -> buffers.map(f -> number(f)))
                    .orElseGet(() -> Input.byDefault(NUMBER, Quantity.count(8), DEFAULTS));
            Input size = facts.input(SIZE, Unit.BYTES, "B")
                    .or(() -> buffers.map(f -> input(SIZE, f, word(f, 1))))
                    .orElseGet(() -> Input.byDefault(SIZE, page.quantity(), DEFAULTS + ", one page"));
            Quantity twice = Quantity.of(2 * Math.max(bufferSize.value(), size.value()), Unit.BYTES);
            String rule = "2 x the larger of " + BUFFER_SIZE + " and one of " + BUFFERS;
            Optional<Fact> buffering = read.text(BUFFERING);
            return new Buffering(
                    bufferSize,
                    number,
                    size,
                    read.size(BUSY, twice, rule),
                    read.size(WRITE_SIZE, twice, rule),
                    read.size(MAX_TEMP, Quantity.bytes(1L << 30), "1024m"),
                    !buffering.map(f -> f.text().equals("off")).orElse(false),
                    buffering.map(f -> f.evidence().toString()).orElse(""));
        }

        private static Input number(Fact buffers) {
            String text = word(buffers, 0);
            if (!text.matches("\\d{1,9}")) {
                throw new IllegalArgumentException(BUFFERS + ", " + buffers.evidence() + ": '" + buffers.text()
                        + "' is not a number and a size, as 16 32k");
            }
            return new Input(NUMBER, Quantity.count(Long.parseLong(text)), buffers.evidence(), List.of());
        }

        private static String word(Fact fact, int index) {
            String[] words = fact.text().strip().split("\\s+", -1);
            if (words.length != 2) {
                throw new IllegalArgumentException(fact.name() + ", " + fact.evidence() + ": '" + fact.text()
                        + "' is not a number and a size, as 16 32k");
            }
            return words[index];
        }

        private static Input input(String name, Fact fact, String text) {
            try {
                return new Input(name, size(text), fact.evidence(), List.of());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ", " + fact.evidence() + ": " + e.getMessage(), e);
            }
        }

        /** A size as nginx spells it, or as a quantity with its unit. */
        private static Quantity size(String text) {
            return text.endsWith("B") ? Quantity.parse(text, Unit.BYTES) : Quantity.bytes(NginxConfig.size(text));
        }

        /** What holds a response: without buffering only the first buffer. */
        Formula memory() {
            Formula all = buffered ? bufferSize.plus(number.times(size)) : bufferSize;
            return all.named("buffers");
        }

        boolean spools() {
            return buffered && maxTemp.value() > 0;
        }

        /** The first rule of ngx_http_fastcgi_merge_loc_conf that the directives break, in nginx's own words. */
        Optional<String> refusal() {
            double larger = Math.max(bufferSize.value(), size.value());
            String least = "equal to or greater than the maximum of the value of \"" + BUFFER_SIZE
                    + "\" and one of the \"" + BUFFERS + "\"";
            if (number.value() < 2) {
                return Optional.of("there must be at least 2 \"" + BUFFERS + "\"");
            }
            if (busy.value() < larger) {
                return Optional.of("\"" + BUSY + "\" must be " + least);
            }
            if (busy.value() > (number.value() - 1) * size.value()) {
                return Optional.of(
                        "\"" + BUSY + "\" must be less than the size of all \"" + BUFFERS + "\" minus one buffer");
            }
            if (writeSize.value() < larger) {
                return Optional.of("\"" + WRITE_SIZE + "\" must be " + least);
            }
            if (maxTemp.value() != 0 && maxTemp.value() < larger) {
                return Optional.of("\"" + MAX_TEMP
                        + "\" must be equal to zero to disable temporary files usage or must be " + least);
            }
            return Optional.empty();
        }

        Finding noted(Finding found, Optional<NginxConfig.Directive> location) {
            Finding noted = found;
            if (!buffered) {
                noted = noted.note(BUFFERING + " off, " + bufferedBy + ": only " + BUFFER_SIZE + " holds a response");
            } else {
                noted = noted.note(said(MAX_TEMP, maxTemp));
                noted = noted.note(said(WRITE_SIZE, writeSize)).note(said(BUSY, busy));
            }
            Optional<String> refusal = refusal();
            if (refusal.isPresent()) {
                noted = noted.note("not valid, nginx -t refuses it: " + refusal.get() + ": " + sizes()
                        + (refusal.get().contains("must be less than")
                                ? "; equal to " + Quantity.of((number.value() - 1) * size.value(), Unit.BYTES)
                                        + " is accepted, whatever the message says"
                                : ""));
            }
            boolean cached = location.flatMap(l -> l.effective("fastcgi_cache"))
                    .map(d -> !d.args().equals(List.of("off")))
                    .orElse(false);
            boolean stored = location.flatMap(l -> l.effective("fastcgi_store"))
                    .map(d -> !d.args().equals(List.of("off")))
                    .orElse(false);
            return cached || stored
                    ? noted.note("a response that " + (cached ? "fastcgi_cache" : "fastcgi_store")
                            + " keeps is written to a file whatever its size: this holds for the others")
                    : noted;
        }

        private static String said(String name, Input input) {
            return name + " " + input.quantity() + "  " + input.evidence();
        }

        private String sizes() {
            return BUFFER_SIZE + " " + bufferSize.quantity() + ", " + BUFFERS + " " + number.quantity() + " of "
                    + size.quantity() + ", " + BUSY + " " + busy.quantity() + ", " + WRITE_SIZE + " "
                    + writeSize.quantity() + ", " + MAX_TEMP + " " + maxTemp.quantity();
        }
    }

    /** Directives as the user says them, else as the location has them. */
    private record Directives(Facts facts, Optional<NginxConfig.Directive> location) {

        Optional<Fact> text(String name) {
            Optional<Fact> read = location.flatMap(l -> l.effective(name))
                    .map(d -> new Fact(name, String.join(" ", d.args()), Evidence.read(d.at())));
            Optional<Fact> said = facts.find(name);
            return said.isPresent() && read.isPresent()
                    ? Optional.of(new Fact(
                            name,
                            said.get().text(),
                            new Evidence(
                                    Evidence.Kind.CHANGED,
                                    "was " + read.get().text() + ", "
                                            + read.get().evidence().source())))
                    : said.or(() -> read);
        }

        Input size(String name, Quantity byDefault, String rule) {
            return text(name)
                    .map(f -> Buffering.input(name, f, f.text()))
                    .orElseGet(() -> Input.byDefault(name, byDefault, DEFAULTS + ", " + rule));
        }
    }
}
