package plimsoll.analyses;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/** Pictures of nginx's buffers. */
final class BufferPictures {
    private static final String BUFFERS = "fastcgi_buffers";
    private static final List<String> PAYLOADS = List.of("64 KiB", "256 KiB", "1 MiB", "4 MiB", "15 MiB", "64 MiB");
    private static final List<String> SETTINGS = List.of("8 4k", "16 16k", "64 16k", "256 16k", "256 64k");

    private BufferPictures() {}

    /** Writes to the temporary file of one response, by its size and by settings of fastcgi_buffers, the present one first. */
    static Optional<Picture> writes(Host host) {
        return grid(host, "writes per response", Unit.COUNT, "Writes to nginx's temporary file for one response");
    }

    /** Memory that one response holds in nginx, likewise. */
    static Optional<Picture> memory(Host host) {
        return grid(host, "memory per response", Unit.BYTES, "Memory that one response holds in nginx");
    }

    private static Optional<Picture> grid(Host host, String figure, Unit unit, String title) {
        Optional<Budget> budget = host.budgets("fastcgi-buffers").stream()
                .filter(b -> b.finding().supply().isPresent())
                .findFirst();
        if (budget.isEmpty()) {
            return Optional.empty();
        }
        var settings = new LinkedHashSet<String>();
        present(budget.get(), host).ifPresent(settings::add);
        settings.addAll(SETTINGS);
        List<String> columns = List.copyOf(settings);
        var values = new ArrayList<List<Double>>();
        for (String payload : PAYLOADS) {
            values.add(columns.stream()
                    .map(s -> figure(budget.get(), payload, s, figure))
                    .toList());
        }
        return Optional.of(
                new Picture(
                        title,
                        new Axis(
                                BUFFERS + (present(budget.get(), host).isPresent() ? ", the present one first" : ""),
                                Unit.COUNT),
                        new Axis("payload", Unit.COUNT),
                        Optional.empty(),
                        List.of(new Picture.Heat(figure, columns, PAYLOADS, values, unit)),
                        List.of(
                                "for a client that takes nothing while the response comes in; a dash where nginx refuses the setting")));
    }

    private static Optional<String> present(Budget budget, Host host) {
        return budget.facts().find(BUFFERS).or(() -> host.facts().find(BUFFERS)).map(Fact::text);
    }

    private static double figure(Budget budget, String payload, String setting, String figure) {
        try {
            return budget.with("payload", payload).with(BUFFERS, setting).finding().figures().stream()
                    .filter(f -> f.name().equals(figure))
                    .map(f -> f.quantity())
                    .mapToDouble(Quantity::value)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IllegalArgumentException refused) {
            return Double.NaN;
        }
    }
}
