package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code log_format} of nginx, immutable: takes a line of an access log apart into the variables it was written from. Where the text
 * between two variables could be part of a value too, the value ends at the first one, as a reader would take it. Source of the
 * escapes: {@code ngx_http_log_escape} and {@code ngx_escape_json}.
 */
final class LogFormat {
    /** How a variable's value is written. */
    private enum Escape {
        DEFAULT,
        JSON,
        NONE
    }

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9A-Fa-f]{1,4}");
    // of each server that was tried; ", " between servers, " : " between groups that an internal redirect led to
    private static final Pattern LIST = Pattern.compile("[^\\s,]++(?:(?:, | : )[^\\s,]++)*+|");
    private static final Pattern STAMP = Pattern.compile("\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}");
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final Pattern REAL = Pattern.compile("\\d{1,15}(\\.\\d{1,9})?");
    private static final Set<String> WHOLES = Set.of(
            "status", "body_bytes_sent", "bytes_sent", "request_length", "connection", "connection_requests", "pid");
    private static final Set<String> REALS = Set.of("request_time", "msec", "connection_time");

    static final LogFormat COMBINED = of(
            List.of(
                    "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\""));
    static final LogFormat COMMON =
            of(List.of("$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"));
    static final LogFormat MAIN = of(
            List.of("$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\""
                    + " \"$http_user_agent\" \"$http_x_forwarded_for\""));

    private final List<String> variables;
    private final List<String> literals; // one more than variables
    private final Escape escape;

    private LogFormat(List<String> variables, List<String> literals, Escape escape) {
        this.variables = variables;
        this.literals = literals;
        this.escape = escape;
    }

    /** From the arguments of {@code log_format} behind the name: an escape where there is one, and pieces that nginx joins. */
    static LogFormat of(List<String> args) {
        Escape escape = Escape.DEFAULT;
        var format = new StringBuilder();
        for (String arg : args) {
            if (format.length() == 0 && arg.startsWith("escape=")) {
                escape = arg.equals("escape=json") ? Escape.JSON : arg.equals("escape=none") ? Escape.NONE : escape;
            } else {
                format.append(arg);
            }
        }
        var variables = new ArrayList<String>();
        var literals = new ArrayList<String>();
        Matcher m = VARIABLE.matcher(format);
        int behind = 0;
        while (m.find()) {
            int found = m.start();
            literals.add(format.substring(behind, found));
            variables.add(m.group(1) != null ? m.group(1) : m.group(2));
            behind = m.end();
        }
        literals.add(format.substring(behind));
        return new LogFormat(List.copyOf(variables), List.copyOf(literals), escape);
    }

    /** The variables in order. */
    List<String> variables() {
        return variables;
    }

    /** The type of a variable's column: a list of times counts as one time, the sum. */
    static Rows.Type type(String variable) {
        return WHOLES.contains(variable)
                ? Rows.Type.NUMBER
                : REALS.contains(variable) || times(variable) ? Rows.Type.REAL : Rows.Type.TEXT;
    }

    /** True for a variable with a time for each upstream server that was tried. */
    static boolean times(String variable) {
        return variable.matches("upstream_\\w+_time");
    }

    /** The variables' values, unescaped; null where the line is not of this format. With {@code open}, one more value: what follows. */
    @Nullable
    List<String> read(String line, boolean open) {
        String literal = literals.get(0);
        if (variables.isEmpty() || !line.startsWith(literal)) {
            return null;
        }
        var values = new ArrayList<String>(variables.size() + 1);
        int at = literal.length();
        for (int v = 0; v < variables.size(); v++) {
            String variable = variables.get(v);
            boolean quoted = literal.endsWith("\"");
            literal = literals.get(v + 1);
            int end = end(line, at, variable, quoted, literal);
            if (end < 0 || !line.startsWith(literal, end)) {
                return null;
            }
            String value = unescaped(line.substring(at, end));
            if (!fits(variable, value)) {
                return null;
            }
            values.add(value);
            at = end + literal.length();
        }
        if (open) {
            values.add(line.substring(at));
            return values;
        }
        return at == line.length() ? values : null;
    }

    private int end(String line, int from, String variable, boolean quoted, String literal) {
        if (quoted && literal.startsWith("\"") && escape != Escape.NONE) {
            int i = from;
            while (i < line.length() && line.charAt(i) != '"') {
                i += line.charAt(i) == '\\' ? 2 : 1;
            }
            return i < line.length() ? i : -1;
        }
        Matcher shaped = variable.startsWith("upstream_")
                ? LIST.matcher(line)
                : variable.equals("time_local") ? STAMP.matcher(line) : null;
        if (shaped != null && !literal.startsWith("]")) {
            return shaped.region(from, line.length()).lookingAt() ? shaped.end() : -1;
        }
        return literal.isEmpty() ? restOrWord(line, from, variable) : line.indexOf(literal, from);
    }

    /** Nothing stands behind the variable: a number ends with its digits, all else with the line. */
    private static int restOrWord(String line, int from, String variable) {
        if (type(variable) == Rows.Type.TEXT) {
            return line.length();
        }
        int i = from;
        while (i < line.length() && "0123456789.-".indexOf(line.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    private static boolean fits(String variable, String value) {
        if (value.isEmpty() || value.equals("-")) {
            return true;
        }
        return switch (type(variable)) {
            case NUMBER -> WHOLE.matcher(value).matches();
            case REAL ->
                times(variable)
                        ? list(value).stream()
                                .allMatch(t -> t.equals("-") || REAL.matcher(t).matches())
                        : REAL.matcher(value).matches();
            case TEXT, ADDRESS -> true;
        };
    }

    /** What a variable about upstream servers says of each of them. */
    static List<String> list(String value) {
        return List.of(value.split(", | : ", -1));
    }

    /** {@code \x22} of {@code escape=default}, and the escapes of JSON. */
    private String unescaped(String written) {
        if (escape == Escape.NONE || written.indexOf('\\') < 0) {
            return written;
        }
        var value = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            char next = c == '\\' && i + 1 < written.length() ? written.charAt(i + 1) : 0;
            int digits = next == 'x' ? 2 : next == 'u' ? 4 : 0;
            if (digits > 0
                    && i + 2 + digits <= written.length()
                    && HEXADECIMAL
                            .matcher(written.substring(i + 2, i + 2 + digits))
                            .matches()) {
                value.append((char) Integer.parseInt(written.substring(i + 2, i + 2 + digits), 16));
                i += 1 + digits;
            } else if (next != 0) {
                int control = "nrtbf".indexOf(next);
                value.append(control < 0 ? next : "\n\r\t\b\f".charAt(control));
                i++;
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }
}
