package plimsoll.analyses;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import plimsoll.dsl.Facts;
import plimsoll.telemetry.Rows;

/** A column of durations of the access log, in seconds and ascending: an immutable value. */
final class Durations {
    private final double[] seconds;
    private final OptionalDouble rate;

    private Durations(double[] seconds, OptionalDouble rate) {
        this.seconds = seconds;
        this.rate = rate;
    }

    /** The column of the access log; empty where the log was not read, or does not have it. */
    static Optional<Durations> logged(Facts facts, String column) {
        return facts.table("access_log", Rows.class)
                .filter(log -> log.columns().contains(column))
                .map(log -> new Durations(
                        IntStream.range(0, log.size())
                                .mapToObj(row -> log.real(column, row))
                                .flatMapToDouble(OptionalDouble::stream)
                                .sorted()
                                .toArray(),
                        rate(log)))
                .filter(d -> d.seconds.length > 0);
    }

    /** Requests per second between the first and the last line; empty where that is less than a second, or the lines have no time. */
    private static OptionalDouble rate(Rows log) {
        long[] times = log.columns().contains("time")
                ? IntStream.range(0, log.size())
                        .mapToObj(row -> log.text("time", row).flatMap(Durations::time))
                        .flatMap(Optional::stream)
                        .mapToLong(Instant::getEpochSecond)
                        .sorted()
                        .toArray()
                : new long[0];
        long span = times.length < 2 ? 0 : times[times.length - 1] - times[0];
        return span > 0 ? OptionalDouble.of(times.length / (double) span) : OptionalDouble.empty();
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    int count() {
        return seconds.length;
    }

    double mean() {
        return Arrays.stream(seconds).average().orElse(0);
    }

    double longest() {
        return seconds[seconds.length - 1];
    }

    /** The mean of what each lasts beyond {@code limit}. */
    double meanBeyond(double limit) {
        return Arrays.stream(seconds).map(d -> Math.max(0, d - limit)).average().orElse(0);
    }

    /** Requests per second, where the log says when. */
    OptionalDouble rate() {
        return rate;
    }
}
