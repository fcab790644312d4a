package plimsoll.telemetry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Unit;
import tech.tablesaw.aggregate.AggregateFunctions;
import tech.tablesaw.api.Table;

/**
 * Times of reading a large file into columns, and of grouping them: {@code ParseRace (read|wall) (conntrack|tcp|ss) THREADS FILE},
 * {@code read} in processor time of one thread,
 * {@code ParseRace group FILE}, {@code ParseRace heap (conntrack|tcp|ss) FILE}, {@code ParseRace picture FIGURES PICTURE} of lines that
 * {@code heap} has printed. In the package of what it measures, of which one thread's work is no public part.
 */
@NullMarked
public final class ParseRace {
    private static final int WARM = 3;

    /** Nanoseconds that the runs before the measured ones take at least, so that what runs is compiled. */
    private static final long WARM_UP = 1_500_000_000L;

    private static final int RUNS = 5;

    private ParseRace() {}

    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "read" -> read(true, args[1], Integer.parseInt(args[2]), Path.of(args[3]));
            case "wall" -> read(false, args[1], Integer.parseInt(args[2]), Path.of(args[3]));
            case "group" -> group(Path.of(args[1]));
            case "heap" -> heap(args[1], Path.of(args[2]));
            case "picture" -> picture(Path.of(args[1]), args[2]);
            default -> throw new IllegalArgumentException(args[0] + " is not read, wall, group, heap or picture");
        }
    }

    private static Source source(String kind) {
        return switch (kind) {
            case "conntrack" -> new ConntrackSource();
            case "tcp" -> new ProcNetTcpSource();
            case "ss" -> new SsListingSource();
            default -> throw new IllegalArgumentException(kind + " is not conntrack, tcp or ss");
        };
    }

    private static Rows rows(Source source, int threads, Path file) {
        try (var channel = FileChannel.open(file)) {
            Lines lines = Lines.of(channel, 0, channel.size());
            Text text = new Text(file.toString(), 1, Optional.empty(), lines);
            Parsed parsed = Objects.requireNonNull(source.pass(text))
                    .run(lines, threads)
                    .orElseThrow();
            if (!parsed.rejected().isEmpty()) {
                throw new IllegalStateException("rejected: " + parsed.rejected().get(0));
            }
            return parsed.rows().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints the median in seconds. */
    private static void read(boolean processor, String kind, int threads, Path file) throws IOException {
        Source source = source(kind);
        double median = median(processor, () -> rows(source, threads, file));
        System.out.printf(Locale.ROOT, "%.4f %.0f%n", median, Files.size(file) / median / 1e6);
    }

    /** Prints the medians of grouping by one column and by two: here, with Tablesaw, and their ratio. */
    private static void group(Path file) {
        Rows rows = rows(source("conntrack"), 1, file);
        Table table = rows.table();
        String[][] all = {{"state"}, {"l4", "state"}, {"orig_src"}};
        for (String[] by : all) {
            double own = median(true, () -> rows.count(by));
            double saw = median(true, () -> table.summarize("orig_dst", AggregateFunctions.count)
                    .by(by));
            System.out.printf(Locale.ROOT, "%s %.4f %.4f %.1f%n", String.join(",", by), own, saw, saw / own);
        }
    }

    /**
     * Prints rows, the bytes of their columns, and seconds of processor time; under a limited heap it shows what reading needs
     * beside them.
     */
    private static void heap(String kind, Path file) {
        double start = clock(true);
        Rows rows = rows(source(kind), 1, file);
        System.out.printf(Locale.ROOT, "%d %d %.3f%n", rows.size(), rows.bytes(), clock(true) - start);
    }

    /** Draws seconds over rows, and the straight line from nothing to the largest. */
    private static void picture(Path figures, String picture) throws IOException {
        List<double[]> points = Files.readAllLines(figures).stream()
                .map(line -> line.split(" "))
                .map(f -> new double[] {Double.parseDouble(f[0]), Double.parseDouble(f[2])})
                .toList();
        List<Double> rows = points.stream().map(p -> p[0]).toList();
        double[] last = points.get(points.size() - 1);
        new Picture(
                        "Time to read connections into columns, one thread",
                        new Picture.Axis("entries", Unit.COUNT),
                        new Picture.Axis("time", Unit.SPAN),
                        Optional.empty(),
                        List.of(
                                new Picture.Line(
                                        "a straight line through the largest",
                                        rows,
                                        rows.stream()
                                                .map(x -> x * last[1] / last[0])
                                                .toList(),
                                        false),
                                new Picture.Line(
                                        "measured",
                                        rows,
                                        points.stream().map(p -> p[1]).toList(),
                                        false)))
                .save(picture);
    }

    /** Seconds of wall time; where one thread works, of its processor time, which other work on the machine changes less. */
    private static double clock(boolean processor) {
        return (processor ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime()) / 1e9;
    }

    private static double median(boolean processor, Supplier<Object> work) {
        var seconds = new double[RUNS];
        long began = System.nanoTime();
        for (int i = 0; i < WARM || System.nanoTime() - began < WARM_UP; i++) {
            run(processor, work);
        }
        for (int i = 0; i < RUNS; i++) {
            seconds[i] = run(processor, work);
        }
        Arrays.sort(seconds);
        return seconds[RUNS / 2];
    }

    private static double run(boolean processor, Supplier<Object> work) {
        double start = clock(processor);
        if (work.get().hashCode() == 0) {
            System.out.print("");
        }
        return clock(processor) - start;
    }
}
