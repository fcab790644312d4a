package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
import plimsoll.dsl.Refused;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.NginxConfig;

/**
 * A response from an HTTP, uwsgi or SCGI upstream against the memory that nginx buffers it in, per location: as {@link FastcgiBuffers}, by the
 * same code (src/event/ngx_event_pipe.c), without records around the content. Measured for FastCGI only.
 */
final class StreamBuffers extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** nginx's buffers for HTTP upstreams in the location that is most over. */
        default Budget proxyBuffers() {
            return budgets("proxy-buffers").worst();
        }

        /** nginx's buffers for HTTP upstreams in the location that is most over for a response of {@code payload}: {@code proxyBuffers("15 MiB")}. */
        default Budget proxyBuffers(String payload) {
            return ask("proxy-buffers.payload", payload).proxyBuffers();
        }

        /** nginx's buffers for uwsgi upstreams in the location that is most over. */
        default Budget uwsgiBuffers() {
            return budgets("uwsgi-buffers").worst();
        }

        /** nginx's buffers for uwsgi upstreams in the location that is most over for a response of {@code payload}: {@code uwsgiBuffers("15 MiB")}. */
        default Budget uwsgiBuffers(String payload) {
            return ask("uwsgi-buffers.payload", payload).uwsgiBuffers();
        }

        /** nginx's buffers for SCGI upstreams in the location that is most over. */
        default Budget scgiBuffers() {
            return budgets("scgi-buffers").worst();
        }

        /** nginx's buffers for SCGI upstreams in the location that is most over for a response of {@code payload}: {@code scgiBuffers("15 MiB")}. */
        default Budget scgiBuffers(String payload) {
            return ask("scgi-buffers.payload", payload).scgiBuffers();
        }
    }

    private static final Parameter PAYLOAD = Parameter.integer("payload", Unit.BYTES, 0, "the body of one response");
    private static final Parameter HEADER =
            Parameter.integer("header", Unit.BYTES, 0, "the header that the upstream sends before it");
    private static final Parameter ABSORBED =
            Parameter.integer("absorbed", Unit.BYTES, 0, "what the client's socket takes while the response comes in");

    private final NginxBuffers.Family family;

    StreamBuffers(NginxBuffers.Family family) {
        this.family = family;
    }

    @Override
    public String name() {
        return family.directive("buffers").replace('_', '-');
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
        return List.of(PAYLOAD, HEADER, ABSORBED);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return Scopes.of(
                facts,
                this,
                Nginx.passing(facts, family.directive("pass")).stream()
                        .map(NginxConfig.Directive::scope)
                        .toList(),
                Nginx.SCOPE);
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        List<NginxConfig.Directive> locations = Nginx.passing(facts, family.directive("pass"));
        Optional<NginxConfig.Directive> location =
                locations.stream().filter(l -> l.scope().equals(scope)).findFirst();
        if (location.isEmpty() && !locations.isEmpty()) {
            throw new IllegalArgumentException("nginx has no location '" + scope + "' with a "
                    + family.directive("pass") + "; it has "
                    + locations.stream().map(NginxConfig.Directive::scope).collect(Collectors.joining(", ")));
        }
        if (location.isEmpty()
                && facts.find(family.directive("buffers")).isEmpty()
                && facts.find(family.directive("buffer_size")).isEmpty()) {
            Finding unknown = Finding.unknown(Unit.BYTES, new Missing("location", "nginx -T"));
            return Nginx.config(facts).isPresent()
                    ? unknown.note("the nginx configuration that was read has no " + family.directive("pass"))
                    : unknown;
        }
        var buffers = NginxBuffers.of(family, facts, location);
        Input absorbed = ABSORBED.find(facts, this, scope)
                .orElseGet(() -> Input.assumed(ABSORBED.name(), Quantity.bytes(0), "a client that takes nothing"));
        Formula drained = buffers.drained(absorbed);
        Formula supply = buffers.memory().plus(drained);
        Optional<Input> payload = PAYLOAD.find(facts, this, scope);
        if (payload.isEmpty()) {
            return buffers.noted(Spool.undemanded(facts, family, locations.size(), supply), location);
        }
        Input header = HEADER.find(facts, this, scope)
                .orElseGet(() -> Input.assumed(
                        HEADER.name(), Quantity.bytes(0), "a header is small beside the buffer that holds it"));
        Formula demand = payload.get().plus(header);
        Spool spool = Spool.of(buffers, Spool.Response.plain(Math.round(demand.value())), drained.value());
        Finding found = Finding.of(Unit.BYTES, demand, supply)
                .figure("writes per response", Quantity.count(spool.writes()))
                .figure("spooled per response", Quantity.bytes(spool.bytes()))
                .figure(
                        "memory per response",
                        Quantity.of(Math.min(demand.value(), buffers.memory().value()), Unit.BYTES));
        if (spool.writes() > 0) {
            found = found.figure("bytes per write, at most", Quantity.bytes(spool.perWrite()));
        }
        for (String note : spool.notes()) {
            found = found.note(note);
        }
        return buffers.noted(
                found.note("by the code that was measured for FastCGI; a chunked response is a little larger"),
                location);
    }

    // ---- remedies

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return NginxBuffers.remedies(family, facts, scope);
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return NginxBuffers.refused(family);
    }
}
