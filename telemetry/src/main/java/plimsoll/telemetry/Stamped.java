package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code sar}, {@code mpstat} or {@code pidstat}: a time, or the word that says it is an average, and fields. An immutable value.
 *
 * @param time the time as printed, {@code 01:32:33} or {@code 01:32:33 AM}; empty for an average
 * @param fields what stands behind it
 */
record Stamped(String time, List<String> fields) {
    private static final Pattern LINE =
            Pattern.compile("#?\\s*(?:(\\d{2}:\\d{2}:\\d{2}(?: [AP]M)?)|Average:|Summary:)\\s+(\\S.*)");
    private static final Pattern ROUNDED = Pattern.compile("\\d+\\.\\d[BkMGTPs%]|\\d+\\.\\d\\d%");
    private static final Pattern BANNER_DATE = Pattern.compile(".*\\)\\s+(\\S+)\\s+_\\w+_.*");

    /** Reads a line; empty where it does not begin with a time or an average. */
    static Optional<Stamped> of(String line) {
        if (line.isEmpty() || line.length() > 10_000) {
            return Optional.empty();
        }
        Matcher m = LINE.matcher(line);
        return m.matches()
                ? Optional.of(new Stamped(m.group(1) == null ? "" : m.group(1), Fields.split(m.group(2))))
                : Optional.empty();
    }

    /** True for a line of column names: none of its fields is a number. */
    boolean header() {
        return !restart()
                && !rounded()
                && fields.stream().noneMatch(f -> Values.real(f).isPresent());
    }

    /** True for a line of values that {@code --human} put into other units, {@code 19.8G} and {@code 6.0%}. */
    boolean rounded() {
        return fields.stream().anyMatch(f -> ROUNDED.matcher(f).matches());
    }

    /** True for the line that a reboot leaves in a report. */
    boolean restart() {
        return fields.size() >= 2
                && fields.get(0).equals("LINUX")
                && fields.get(1).equals("RESTART");
    }

    boolean average() {
        return time.isEmpty();
    }

    /** The date of the line about the machine, with which all these tools begin; empty for any other line. */
    static Optional<String> date(String banner) {
        Matcher m = BANNER_DATE.matcher(banner);
        return IostatSource.banner(banner) && m.matches() ? Optional.of(m.group(1)) : Optional.empty();
    }
}
