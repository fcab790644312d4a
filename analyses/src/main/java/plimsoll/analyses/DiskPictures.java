package plimsoll.analyses;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Input;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Axis;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/** Pictures of disks. */
final class DiskPictures {
    private static final int DAY = 86_400;

    private DiskPictures() {}

    /** Requests per second of the busiest device in each report of iostat, against what the volume allows where that is known; how long it was busy on the right. */
    static Optional<Picture> overTime(Host host) {
        Optional<Rows> disks = host.capture().table("disks");
        if (disks.isEmpty()) {
            return Optional.empty();
        }
        return host.budgets("disk").stream()
                .map(b -> overTime(disks.get(), b))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Picture> overTime(Rows disks, Budget budget) {
        Rows rows = disks.where(row -> disks.text("device", row).equals(Optional.of(budget.scope()))
                && disks.number("since_boot", row).orElse(0) == 0);
        if (rows.size() < 2) {
            return Optional.empty();
        }
        Optional<List<Double>> seconds = seconds(rows);
        var xs = new ArrayList<Double>();
        var requests = new ArrayList<Double>();
        var busy = new ArrayList<Double>();
        for (int row = 0; row < rows.size(); row++) {
            xs.add(seconds.isPresent() ? seconds.get().get(row) : (double) (row + 1));
            requests.add(rate(rows, row));
            busy.add(real(rows, "%util", row).orElse(Double.NaN) / 100);
        }
        var layers = new ArrayList<Picture.Layer>();
        boolean utilised = busy.stream().anyMatch(Double::isFinite);
        if (utilised) {
            layers.add(new Picture.Line("busy", xs, busy, true));
        }
        layers.add(new Picture.Line("requests", xs, requests, false));
        budget.finding().inputs().stream()
                .filter(i -> i.name().equals("max-rate"))
                .mapToDouble(Input::value)
                .forEach(cap -> layers.add(new Picture.Level("the volume allows", cap)));
        return Optional.of(
                new Picture(
                        "Requests of " + budget.scope() + " over " + rows.size() + " reports of iostat",
                        seconds.isPresent()
                                ? new Axis(
                                        "since "
                                                + clock(rows, 0)
                                                        .map(DateTimeFormatter.ISO_LOCAL_TIME::format)
                                                        .orElse(""),
                                        Unit.SPAN)
                                : new Axis("report", Unit.COUNT),
                        new Axis("requests", Unit.RATE),
                        utilised ? Optional.of(new Axis("busy", Unit.SHARE, 1)) : Optional.empty(),
                        layers,
                        List.of(
                                "busy at 100 % says that the device was never idle, not that it is full: devices serve several requests at once")));
    }

    /** When each report was, since the first; empty unless all of them are stamped. */
    private static Optional<List<Double>> seconds(Rows rows) {
        var seconds = new ArrayList<Double>();
        double first = Double.NaN;
        double last = 0;
        for (int row = 0; row < rows.size(); row++) {
            Optional<LocalTime> clock = clock(rows, row);
            if (clock.isEmpty()) {
                return Optional.empty();
            }
            double now = clock.get().toSecondOfDay();
            first = Double.isNaN(first) ? now : first;
            // a clock that goes back has passed midnight
            while (now - first < last) {
                now += DAY;
            }
            last = now - first;
            seconds.add(last);
        }
        return last > 0 ? Optional.of(List.copyOf(seconds)) : Optional.empty();
    }

    /** The time of day of a report, in the zone of the host; iostat stamps it as the locale wants. */
    private static Optional<LocalTime> clock(Rows rows, int row) {
        Matcher m =
                Pattern.compile("(\\d{1,2}):(\\d{2}):(\\d{2})(?:.* ([AP])M)?").matcher(rows.cell("time", row));
        if (!m.find()) {
            return Optional.empty();
        }
        int hour = Integer.parseInt(m.group(1));
        if (m.group(4) != null) {
            hour = hour % 12 + (m.group(4).equals("P") ? 12 : 0);
        }
        try {
            return Optional.of(LocalTime.of(hour, Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3))));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    private static double rate(Rows rows, int row) {
        OptionalDouble tps = real(rows, "tps", row);
        if (tps.isPresent()) {
            return tps.getAsDouble();
        }
        double sum = Double.NaN;
        for (String column : List.of("r/s", "w/s", "d/s")) {
            OptionalDouble value = real(rows, column, row);
            if (value.isPresent()) {
                sum = (Double.isNaN(sum) ? 0 : sum) + value.getAsDouble();
            }
        }
        return sum;
    }

    private static OptionalDouble real(Rows rows, String column, int row) {
        return rows.columns().contains(column) && rows.type(column) == Rows.Type.REAL
                ? rows.real(column, row)
                : OptionalDouble.empty();
    }
}
