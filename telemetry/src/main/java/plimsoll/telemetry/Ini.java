package plimsoll.telemetry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of INI files as PHP and PHP-FPM read them ({@code Zend/zend_ini_scanner.l}): {@code ;} begins a comment, values may be in quotes. */
final class Ini {
    /** What a line is. */
    enum Kind {
        /** A blank line or a comment. */
        EMPTY,
        /** {@code [name]}. */
        SECTION,
        /** {@code name = value}. */
        VALUE,
        /** None of these. */
        WRONG
    }

    /**
     * A line taken apart.
     *
     * @param name of the section or the value; empty for other lines
     * @param value without quotes; empty for other lines
     */
    record Line(Kind kind, String name, String value) {}

    private static final Pattern SECTION = Pattern.compile("\\s*\\[([^\\]]+)\\]\\s*(?:;.*)?");
    private static final Pattern VALUE =
            Pattern.compile("\\s*([A-Za-z_][\\w.-]*(?:\\[[^\\]=]*\\])?)\\s*=\\s*((?:.*\\S)?)\\s*");
    private static final Pattern QUOTED =
            Pattern.compile("\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"\\s*(?:;.*)?|'([^']*)'\\s*(?:;.*)?");

    private Ini() {}

    static Line read(String line) {
        String bare = line.strip();
        if (bare.isEmpty() || bare.startsWith(";") || bare.startsWith("#")) {
            return new Line(Kind.EMPTY, "", "");
        }
        Matcher m = SECTION.matcher(line);
        if (m.matches()) {
            return new Line(Kind.SECTION, m.group(1).strip(), "");
        }
        m = VALUE.matcher(line);
        return m.matches() ? new Line(Kind.VALUE, m.group(1), value(m.group(2))) : new Line(Kind.WRONG, "", "");
    }

    private static String value(String written) {
        Matcher quoted = QUOTED.matcher(written);
        if (quoted.matches()) {
            return quoted.group(1) != null ? quoted.group(1).replace("\\\"", "\"") : quoted.group(2);
        }
        int comment = written.indexOf(';');
        return comment < 0 ? written : written.substring(0, comment).stripTrailing();
    }
}
