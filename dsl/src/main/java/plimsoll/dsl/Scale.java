package plimsoll.dsl;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import plimsoll.dsl.Picture.Band;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Layer;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;
import plimsoll.dsl.Picture.Spans;

/**
 * An axis laid out: the range it shows, its ticks and how their values are written. An immutable value, shared by everything that draws a
 * {@link Picture}, so that the text, the page and the image of one picture agree.
 *
 * @param low the value at the start of the axis, in the base of the unit
 * @param high the value at its end, always above {@code low}
 * @param step the distance between ticks; ticks are whole multiples of it
 * @param factor the size of the unit that ticks are written in: 1,048,576 for MiB, 0.01 for per cent
 * @param suffix what follows the number in a tick: {@code " MiB"}, {@code "%"}, {@code "/s"}
 */
public record Scale(double low, double high, double step, double factor, String suffix) {
    /** Larger values are drawn at this edge: differences of doubles must not overflow. */
    private static final double EDGE = 1e300;

    private static final String[] BINARY = {" B", " KiB", " MiB", " GiB", " TiB", " PiB"};

    /** The horizontal axis, at most {@code most} steps long; it ends where the data ends, and holds zero where there are bars. */
    public static Scale x(Picture picture, int most) {
        boolean bars = picture.layers().stream().anyMatch(Bars.class::isInstance);
        return of(picture.layers().stream().flatMapToDouble(Scale::across), picture.x(), most, bars, false);
    }

    /** The left axis, at most {@code most} steps long; it holds zero and ends on a tick. */
    public static Scale y(Picture picture, int most) {
        var values = picture.layers().stream().flatMapToDouble(layer -> upwards(layer, false));
        return of(values, picture.y(), most, true, true);
    }

    /** The right axis, as {@link #y}. Throws {@link java.util.NoSuchElementException} where the picture has none. */
    public static Scale right(Picture picture, int most) {
        var values = picture.layers().stream().flatMapToDouble(layer -> upwards(layer, true));
        return of(values, picture.right().orElseThrow(), most, true, true);
    }

    private static DoubleStream across(Layer layer) {
        if (layer instanceof Line line) {
            return doubles(line.xs());
        } else if (layer instanceof Band band) {
            return doubles(band.xs());
        } else if (layer instanceof Mark mark) {
            return DoubleStream.of(mark.x());
        } else if (layer instanceof Spans spans) {
            return DoubleStream.concat(doubles(spans.from()), doubles(spans.to()));
        }
        return layer instanceof Bars bars ? doubles(bars.values()) : DoubleStream.empty();
    }

    private static DoubleStream upwards(Layer layer, boolean right) {
        if (layer instanceof Line line && line.right() == right) {
            return doubles(line.ys());
        } else if (layer instanceof Band band && band.right() == right) {
            return DoubleStream.concat(doubles(band.low()), doubles(band.high()));
        }
        return layer instanceof Level level && !right ? DoubleStream.of(level.y()) : DoubleStream.empty();
    }

    private static DoubleStream doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue);
    }

    private static Scale of(DoubleStream values, Picture.Axis axis, int most, boolean zero, boolean whole) {
        Unit unit = axis.unit();
        double[] shown = values.filter(Double::isFinite)
                .map(v -> Math.min(inside(v), axis.most()))
                .toArray();
        var range = DoubleStream.of(shown).summaryStatistics();
        // things that are counted have no halves
        boolean things = !whole && unit == Unit.COUNT && DoubleStream.of(shown).allMatch(v -> v == Math.rint(v));
        double low = range.getCount() == 0 ? 0 : zero ? Math.min(0, range.getMin()) : range.getMin();
        double high = range.getCount() == 0 ? 0 : zero ? Math.max(0, range.getMax()) : range.getMax();
        double size = Math.max(Math.abs(low), Math.abs(high));
        if (high - low <= Math.max(size * 1e-12, 1e-300)) {
            // one value only: it gets the middle, and zero gets one unit above it
            low = size <= 1e-300 ? 0 : low - size / 2;
            high = size <= 1e-300 ? 1 : high + size / 2;
            size = Math.max(Math.abs(low), Math.abs(high));
        }
        boolean binary = unit.dimension().bytes() == 1;
        int power = 0;
        while (binary && power < BINARY.length - 1 && size >= Math.scalb(1.0, 10 * (power + 1))) {
            power++;
        }
        double factor = binary ? Math.scalb(1.0, 10 * power) : factor(unit, size);
        String suffix = binary ? BINARY[power] + (unit == Unit.BANDWIDTH ? "/s" : "") : suffix(unit, factor);
        double step = Math.max(step(low, high, most, factor, binary, whole), things ? 1 : 0);
        return whole
                ? new Scale(Math.floor(low / step) * step, Math.ceil(high / step) * step, step, factor, suffix)
                : new Scale(low, high, step, factor, suffix);
    }

    private static double factor(Unit unit, double size) {
        if (unit == Unit.SHARE) {
            return 0.01;
        } else if (unit != Unit.SPAN) {
            return 1;
        } else if (size >= 2 * 3600) {
            return size >= 2 * 86400 ? 86400 : 3600;
        }
        return size >= 1 ? 1 : size >= 1e-3 ? 1e-3 : size >= 1e-6 ? 1e-6 : 1e-9;
    }

    private static String suffix(Unit unit, double factor) {
        if (unit == Unit.SPAN) {
            return factor == 86400 ? " d" : factor == 3600 ? " h" : factor == 1 ? " s" : tiny(factor);
        }
        return unit == Unit.SHARE ? "%" : unit == Unit.RATE ? "/s" : "";
    }

    private static String tiny(double factor) {
        return factor == 1e-3 ? " ms" : factor == 1e-6 ? " µs" : " ns";
    }

    /** The smallest of 1, 2, 5, 10 ... (a power of two for bytes) that needs at most {@code most} steps. */
    private static double step(double low, double high, int most, double factor, boolean binary, boolean whole) {
        double span = (high - low) / factor;
        int exponent = binary ? Math.getExponent(span / most) : (int) Math.floor(Math.log10(span / most));
        for (int i = exponent - 1; ; i++) {
            for (int digit : binary ? new int[] {1} : new int[] {1, 2, 5}) {
                double step = factor * (binary ? Math.scalb(1.0, i) : Double.parseDouble(digit + "e" + i));
                double steps = whole ? Math.ceil(high / step) - Math.floor(low / step) : (high - low) / step;
                if (steps <= most) {
                    return step;
                }
            }
        }
    }

    private static double inside(double value) {
        return Math.max(-EDGE, Math.min(EDGE, value));
    }

    /** Where a value lies on the axis: 0 at {@link #low}, 1 at {@link #high} and beyond; NaN for what cannot be drawn. */
    public double place(double value) {
        return Double.isFinite(value) ? Math.max(0, Math.min(1, (inside(value) - low) / (high - low))) : Double.NaN;
    }

    /** True for a value beyond the end of the axis, which is drawn at its edge. */
    public boolean beyond(double value) {
        return value > high + (high - low) * 1e-9;
    }

    /** The values that carry a tick, lowest first. */
    public List<Double> ticks() {
        var ticks = new ArrayList<Double>();
        double last = Math.floor(high / step + 1e-9);
        for (double k = Math.ceil(low / step - 1e-9); k <= last; k++) {
            ticks.add(k == 0 ? 0.0 : k * step);
        }
        return List.copyOf(ticks);
    }

    /** The title of an axis laid out so: its label, and the unit that its ticks are written in; {@code loss (%)}. */
    public String title(Picture.Axis axis) {
        String unit = suffix.equals("/s") ? "1/s" : suffix.strip();
        return unit.isEmpty() || axis.label().isEmpty() ? axis.label() : axis.label() + " (" + unit + ")";
    }

    /** How the value of a tick is written: grouped, with as many decimals as the step needs, and its unit. */
    public String label(double tick) {
        double shown = tick / factor;
        double unit = step / factor;
        if (shown == 0) {
            return "0" + suffix;
        } else if (Math.abs(shown) >= 1e15 || unit < 1e-9) {
            int digits = Math.max(1, (int) Math.ceil(Math.log10(Math.abs(shown) / unit)) + 1);
            return new BigDecimal(shown)
                            .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                            .stripTrailingZeros()
                    + suffix;
        }
        // twelve digits: the step is a round number but for the last bits of a division
        int decimals = new BigDecimal(unit)
                .round(new MathContext(12))
                .stripTrailingZeros()
                .scale();
        return String.format(Locale.ROOT, "%,." + Math.max(0, decimals) + "f", shown) + suffix;
    }
}
