package plimsoll.telemetry;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time stamps of log files in ISO 8601, whatever the machine's language: months have their English names in all of them. */
final class Times {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final Pattern ZONED =
            Pattern.compile("(\\d{1,2})/([A-Z][a-z]{2})/(\\d{4}):(\\d\\d:\\d\\d:\\d\\d) ([+-]\\d\\d)(\\d\\d)");
    private static final Pattern NAMED =
            Pattern.compile("(\\d\\d)-([A-Z][a-z]{2})-(\\d{4}) (\\d\\d:\\d\\d:\\d\\d\\S*)");

    private static final Pattern SECONDS = Pattern.compile("\\d{1,11}(\\.\\d{1,9})?");

    private Times() {}

    /** {@code 21/Nov/2026:01:26:11 +0100}, as web servers write it, as {@code 2026-11-21T01:26:11+01:00}; empty for anything else. */
    static Optional<String> zoned(String text) {
        Matcher m = ZONED.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        String offset = m.group(5) + ":" + m.group(6);
        return date(m.group(3), m.group(2), m.group(1))
                .map(date -> date + "T" + m.group(4) + (offset.matches("[+-]00:00") ? "Z" : offset));
    }

    /** {@code 21-Nov-2026 01:26:11}, as PHP-FPM writes it, as {@code 2026-11-21T01:26:11} of the host's clock; empty for anything else. */
    static Optional<String> named(String text) {
        Matcher m = NAMED.matcher(text);
        return m.matches()
                ? date(m.group(3), m.group(2), m.group(1)).map(date -> date + "T" + m.group(4))
                : Optional.empty();
    }

    /** {@code 1795224441.883}, seconds since 1970, as {@code 2026-11-21T01:27:21.883Z}; empty for anything else. */
    static Optional<String> seconds(String text) {
        return SECONDS.matcher(text).matches()
                ? Optional.of(Instant.ofEpochMilli(
                                new BigDecimal(text).movePointRight(3).longValue())
                        .toString())
                : Optional.empty();
    }

    private static Optional<String> date(String year, String month, String day) {
        int at = MONTHS.indexOf(month);
        return at < 0 || at % 3 != 0
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "%s-%02d-%2s", year, at / 3 + 1, day)
                        .replace(' ', '0'));
    }
}
