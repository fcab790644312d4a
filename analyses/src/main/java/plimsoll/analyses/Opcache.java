package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/** What the laws of OPcache look for: {@code opcache_get_status()}, and settings as they are in force, in the file, or as the user says them. */
final class Opcache {
    static final String SCOPE = "opcache";
    private static final double MEBIBYTE = 1 << 20;
    private static final double MOST_MEBIBYTES = 4096;

    private Opcache() {}

    /** A value of {@code opcache_get_status()}. */
    static Optional<Input> status(Facts facts, String name, Unit unit) {
        return facts.input("opcache:" + name, unit);
    }

    /** What would show it; the page runs in PHP-FPM, whose cache is another than that of the command line. */
    static Missing missing(String name) {
        return new Missing(name, "a page in PHP-FPM that prints json_encode(opcache_get_status(false))");
    }

    /** A setting such as {@code max_accelerated_files}: what the user says, else what is in force, else what the file says. */
    static Optional<Fact> setting(Facts facts, String name) {
        List<Fact> all = Stream.of("opcache.", "opcache:directives.opcache.", "php:opcache.")
                .flatMap(prefix -> facts.find(prefix + name).stream())
                .toList();
        return all.stream().filter(f -> said(f.evidence())).findFirst().or(() -> all.stream()
                .findFirst());
    }

    /** True for what the user says, given or as a what-if. */
    static boolean said(Evidence evidence) {
        return evidence.kind() == Evidence.Kind.CHANGED || evidence.kind() == Evidence.Kind.GIVEN;
    }

    /** A setting of memory in MiB, raised from what is in force. */
    static List<Lever> larger(Facts facts, String name, Optional<Input> inForce, String where) {
        Optional<Input> present = inForce.or(() -> memory(facts, name)).filter(p -> p.value() >= MEBIBYTE);
        return present.stream()
                .map(p -> Levers.setting(
                        "opcache." + name, Math.floor(p.value() / MEBIBYTE), MOST_MEBIBYTES, 1, (c, value) -> c.cost(
                                        "up to " + Levers.bytes(value * MEBIBYTE - p.value()) + " more of memory; "
                                                + where)
                                .risk(
                                        "it counts after PHP-FPM has been started anew, which empties the cache",
                                        "PHP: ext/opcache/zend_accelerator_module.c")))
                .toList();
    }

    /** A setting of memory in bytes: php.ini counts these in MiB where no unit stands there. */
    static Optional<Input> memory(Facts facts, String name) {
        return setting(facts, name).map(f -> {
            String text = f.text().strip().replaceFirst("^(\\d+)[mM]?$", "$1 MiB");
            return new Input("opcache." + name, Quantity.parse(text, Unit.BYTES), f.evidence(), List.of());
        });
    }
}
