package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Budget;
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
import plimsoll.telemetry.NginxConfig;

/**
 * The memory of nginx's response buffers, per location that passes requests on: responses at once times what each holds, against what is
 * available. Buffers are had one by one as a response needs them (ngx_event_pipe_read_upstream), so a response holds the smaller of its size and
 * all its buffers; the memory goes back to the system when the connection closes.
 */
final class BufferMemory extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** The memory of nginx's response buffers in the location that lies deepest. */
        default Budget bufferMemory() {
            return budgets("buffer-memory").worst();
        }

        /** The memory of nginx's response buffers in the location that lies deepest with so many responses at once: {@code bufferMemory("200").with("payload", "15 MiB")}. */
        default Budget bufferMemory(String concurrency) {
            return ask("buffer-memory.concurrency", concurrency).bufferMemory();
        }
    }

    private static final Quantity WORKER = Quantity.bytes(1536 * 1024L);

    private static final Parameter CONCURRENCY =
            Parameter.integer("concurrency", Unit.COUNT, 0, "responses at the same time");
    private static final Parameter PAYLOAD = Parameter.integer("payload", Unit.BYTES, 0, "the body of one response");

    @Override
    public String name() {
        return "buffer-memory";
    }

    @Override
    public Effect effect() {
        return Effect.SLOWS;
    }

    @Override
    public String meaning() {
        return "the kernel drops caches and swaps; beyond that a process is killed";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(CONCURRENCY, PAYLOAD);
    }

    /** A location and the module by which it passes requests on. */
    private record Place(NginxBuffers.Family family, NginxConfig.Directive location) {}

    private static List<Place> places(Facts facts) {
        var places = new ArrayList<Place>();
        for (var family : NginxBuffers.Family.values()) {
            Nginx.passing(facts, family.directive("pass")).forEach(l -> places.add(new Place(family, l)));
        }
        return places;
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Scopes.of(
                facts, this, places(facts).stream().map(p -> p.location.scope()).toList(), Nginx.SCOPE);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> available = Memory.available(facts);
        Optional<Place> place = places(facts).stream()
                .filter(p -> p.location.scope().equals(scope))
                .findFirst();
        boolean said = facts.find("fastcgi_buffers").isPresent();
        if (place.isEmpty() && !said) {
            return Finding.unknown(Unit.BYTES, new Missing("location", "nginx -T"));
        }
        var buffers = NginxBuffers.of(
                place.map(Place::family).orElse(NginxBuffers.Family.FASTCGI), facts, place.map(Place::location));
        Optional<Input> payload = PAYLOAD.find(facts, this, scope);
        Formula each = payload.<Formula>map(p -> p.min(buffers.memory()))
                .orElse(buffers.memory())
                .named("memory of a response");
        if (available.isEmpty()) {
            return Finding.unknown(Unit.BYTES, Memory.UNSEEN).figure("memory of a response", each.in(Unit.BYTES));
        }
        Optional<Input> concurrency = CONCURRENCY.find(facts, this, scope);
        Finding found = concurrency.isPresent()
                ? Finding.of(
                        Unit.BYTES,
                        concurrency.get().times(each).plus(Formula.fixed(WORKER).named("an idle worker")),
                        available.get())
                : Finding.unknown(
                                Unit.BYTES,
                                new Missing(CONCURRENCY.name(), "say how many responses there are at once, as 200"))
                        .supplied(available.get());
        found = found.figure("memory of a response", each.in(Unit.BYTES));
        found = each.value() > 0
                ? found.figure("responses that fit", Quantity.count((long)
                        Math.floor(available.get().value() / each.value())))
                : found;
        return payload.isPresent()
                ? found.note("buffers are had as a response needs them, and go back when its connection closes")
                : found.note("as if every response filled its buffers: say the payload");
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return places(facts).stream()
                .filter(p -> p.location.scope().equals(scope))
                .findFirst()
                .flatMap(p -> NginxBuffers.of(p.family, facts, Optional.of(p.location))
                        .fewer())
                .stream()
                .toList();
    }
}
