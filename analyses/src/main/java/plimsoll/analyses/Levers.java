package plimsoll.analyses;

import java.util.Optional;
import java.util.function.BiFunction;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/** What the remedies of several laws are made of. */
final class Levers {
    private static final String SOMAXCONN = AcceptQueue.SOMAXCONN;

    private Levers() {}

    /** A setting of one whole number, taken up or down to {@code most} in steps; {@code words} adds what it costs and risks. */
    static Lever setting(
            String name, double present, double most, long step, BiFunction<Candidate, Long, Candidate> words) {
        boolean up = most >= present;
        return Lever.scale(present, most, Unit.COUNT, v -> {
            long value =
                    up ? (long) Math.ceil(v / step) * step : Math.max((long) most, (long) Math.floor(v / step) * step);
            String brief = name.replaceFirst("^.*[.:](?=[a-z_]+(\\[|$))", "").replaceFirst("\\[.*]$", "");
            String title = name.startsWith("fpm:") ? name.substring(4).replaceFirst("\\[.*]$", "") : brief;
            return words.apply(Candidate.of(title + "=" + value).set(name, String.valueOf(value)), value);
        });
    }

    /** With net.core.somaxconn as high as a backlog, where it is lower: the kernel cuts the backlog to it. */
    static Candidate admitting(Candidate candidate, Facts facts, long backlog) {
        double most = facts.input(SOMAXCONN, Unit.COUNT).map(Input::value).orElse(4096.0);
        return backlog > most ? candidate.set(SOMAXCONN, String.valueOf(backlog)) : candidate;
    }

    /** Bytes for reading. */
    static String bytes(double bytes) {
        return Quantity.of(Math.rint(bytes), Unit.BYTES).brief();
    }

    /** A size as nginx and PHP write it. */
    static String size(double bytes) {
        long whole = Math.round(bytes);
        return whole % 1024 == 0 ? whole / 1024 + "k" : String.valueOf(whole);
    }

    static double value(Optional<Input> input, double otherwise) {
        return input.map(Input::value).orElse(otherwise);
    }
}
