package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /etc/os-release}: the distribution's names, as facts {@code os:ID}, {@code os:VERSION_ID} (os-release(5)). */
final class OsReleaseSource implements Source {
    private static final Pattern VARIABLE =
            Pattern.compile("([A-Z][A-Z0-9_]*)=(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"']*))\\s*");
    private static final Pattern MARK = Pattern.compile("(?:PRETTY_NAME|VERSION_ID|ID)=.*");

    @Override
    public String name() {
        return "os-release";
    }

    @Override
    public Match match(Text text) {
        boolean marked = false;
        for (String line : text.lines()) {
            if (VARIABLE.matcher(line).matches()) {
                marked |= MARK.matcher(line).matches();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                break;
            }
        }
        return marked ? Match.SURE : Match.NO;
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("PRETTY_NAME=\"");
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = VARIABLE.matcher(line);
            if (m.matches()) {
                String value = line.substring(line.indexOf('=') + 1).strip();
                boolean quoted = value.startsWith("\"") || value.startsWith("'");
                account.fact(i, "os:" + m.group(1), quoted ? value.substring(1, value.length() - 1) : value);
                account.used();
            } else if (line.isBlank() || line.startsWith("#")) {
                account.empty();
            } else {
                account.reject(i, "not a line of NAME=value");
            }
        }
        return account.close(Optional.empty());
    }
}
