package plimsoll.analyses;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Input;
import plimsoll.dsl.Quantity;
import plimsoll.telemetry.NginxConfig;
import plimsoll.telemetry.Rows;

/** What several laws look for in nginx's configuration. */
final class Nginx {
    static final String SCOPE = "nginx";
    static final String WORKERS = "worker_processes";
    private static final String TABLE = "nginx_directives";

    private Nginx() {}

    /** The configuration that was read. */
    static Optional<NginxConfig> config(Facts facts) {
        return facts.table(TABLE, Rows.class).map(NginxConfig::of);
    }

    /** The configuration, where it is all of it: only there does a directive's absence mean that the default holds. */
    static Optional<NginxConfig> whole(Facts facts) {
        return facts.table(TABLE, Rows.class)
                .filter(rows -> !rows.excerpt())
                .map(NginxConfig::of)
                .filter(c -> !c.blocks("events").isEmpty() && !c.blocks("http").isEmpty());
    }

    /** The blocks that pass requests on with {@code pass}. */
    static List<NginxConfig.Directive> passing(Facts facts, String pass) {
        return config(facts).stream()
                .flatMap(c -> c.directives(pass).stream())
                .flatMap(d -> d.enclosing().stream())
                .toList();
    }

    /** A directive of the main context or of {@code events}: what the facts hold as {@code nginx:NAME}, else what the file says. */
    static Optional<Fact> main(Facts facts, String name) {
        return facts.find("nginx:" + name).or(() -> config(facts).stream()
                .flatMap(c -> c.directives(name).stream())
                .filter(d -> d.enclosing().map(e -> e.name().equals("events")).orElse(true))
                .findFirst()
                .map(d -> new Fact("nginx:" + name, String.join(" ", d.args()), Evidence.read(d.at()))));
    }

    /** A count in the main context or in {@code events}; the default where the whole configuration does not set it. */
    static Optional<Input> count(Facts facts, String name, long byDefault) {
        Optional<Fact> found = main(facts, name);
        if (found.isPresent()) {
            String text = found.get().text().strip();
            return text.matches("\\d{1,12}")
                    ? Optional.of(new Input(
                            name,
                            Quantity.count(Long.parseLong(text)),
                            found.get().evidence(),
                            List.of()))
                    : Optional.empty();
        }
        return whole(facts).map(c -> Input.byDefault(name, Quantity.count(byDefault), "nginx"));
    }

    /** How many worker processes there are; empty for {@code auto}, which is one a processor. */
    static Optional<Input> workers(Facts facts) {
        return count(facts, WORKERS, 1);
    }

    /** A time as nginx spells it, or as a quantity with its unit. */
    static Input time(String name, String text, Evidence evidence) {
        Duration time;
        try {
            time = NginxConfig.time(text.strip().replace(" ", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ", " + evidence + ": " + e.getMessage(), e);
        }
        return new Input(name, Quantity.seconds(time.toMillis() / 1000.0), evidence, List.of());
    }
}
