package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /proc/swaps} into table {@code swaps}: {@code size} and {@code used} in KiB ({@code swap_show} of mm/swapfile.c). */
final class SwapsSource implements Source {
    private static final Pattern HEADER = Pattern.compile("Filename\\s+Type\\s+Size\\s+Used\\s+Priority\\s*");
    private static final Pattern LINE =
            Pattern.compile("(/\\S*)\\s+(partition|file)\\s+(\\d{1,18})\\s+(\\d{1,18})\\s+(-?\\d{1,9})\\s*");

    @Override
    public String name() {
        return "/proc/swaps";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Filename") && HEADER.matcher(line).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("swaps")
                .column("filename", Rows.Type.TEXT)
                .column("type", Rows.Type.TEXT)
                .column("size", Rows.Type.NUMBER)
                .column("used", Rows.Type.NUMBER)
                .column("priority", Rows.Type.NUMBER);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            if (line.isBlank() || begins(line)) {
                account.empty();
            } else if (m.matches()) {
                rows.text("filename", MountsSource.decoded(m.group(1)))
                        .text("type", m.group(2))
                        .number("size", Long.parseLong(m.group(3)))
                        .number("used", Long.parseLong(m.group(4)))
                        .number("priority", Long.parseLong(m.group(5)))
                        .end();
                account.used();
            } else {
                account.reject(i, "not a file, its type, size, use and priority");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }
}
