package plimsoll.telemetry;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** When the capture was taken: one line of {@code date}, plain, {@code -I}, {@code -R} or ISO 8601 in UTC (date(1)). */
final class DateSource implements Source {
    /** Apart, for a capture without a date to do without them: they take long to make. */
    private static final class Formats {
        private static final List<DateTimeFormatter> ALL = List.of(
                DateTimeFormatter.ISO_OFFSET_DATE_TIME,
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxx", Locale.ROOT),
                DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssxxx", Locale.ROOT),
                DateTimeFormatter.RFC_1123_DATE_TIME,
                DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss zzz uuuu", Locale.ENGLISH),
                DateTimeFormatter.ofPattern("EEE MMM d hh:mm:ss a zzz uuuu", Locale.ENGLISH),
                DateTimeFormatter.ofPattern("EEE d MMM HH:mm:ss zzz uuuu", Locale.ENGLISH));
    }

    @Override
    public String name() {
        return "date";
    }

    /** A line that is nothing but a date, of the forms that no other tool puts between its reports; iostat writes {@code +0000}. */
    @Override
    public boolean begins(String line) {
        int last = line.length() - 1;
        boolean may = last >= 19
                && last < 40
                && (line.charAt(last) == 'Z'
                        ? line.charAt(10) == 'T'
                        : line.charAt(3) == ' '
                                && Character.isLetter(line.charAt(4))
                                && line.charAt(7) == ' '
                                && line.indexOf(':') > 0
                                && Character.isDigit(line.charAt(last)));
        return may && instant(line).isPresent();
    }

    @Override
    public Match match(Text text) {
        List<String> lines = Places.head(text, 2);
        boolean asked = text.command().map(c -> c.matches("date(\\s.*)?")).orElse(lines.size() == 1);
        return asked && !lines.isEmpty() && instant(lines.get(0)).isPresent() ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        boolean done = false;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Optional<Instant> instant = done ? Optional.empty() : instant(line);
            if (line.isBlank()) {
                account.empty();
            } else if (instant.isPresent()) {
                account.fact(i, "date", instant.get().toString());
                account.used();
                done = true;
            } else {
                account.reject(i, done ? "a line after the date" : "not a date with its zone");
            }
        }
        return account.close(Optional.empty());
    }

    private static Optional<Instant> instant(String line) {
        String plain = Values.plain(line);
        if (plain.length() < 16 || plain.length() > 50 || plain.indexOf(':') < 0) {
            return Optional.empty();
        }
        return Formats.ALL.stream().flatMap(f -> read(plain, f).stream()).findFirst();
    }

    private static Optional<Instant> read(String text, DateTimeFormatter format) {
        try {
            return Optional.of(ZonedDateTime.parse(text, format).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
