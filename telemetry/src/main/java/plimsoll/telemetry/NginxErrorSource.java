package plimsoll.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * nginx's error log into {@code nginx_errors}, with a {@code kind} for the messages that say that a limit was met. The time is of the
 * host's clock: the log has no zone. Source of the lines: {@code ngx_log_error_core} in {@code src/core/ngx_log.c} and
 * {@code ngx_http_log_error} in {@code src/http/ngx_http_request.c}.
 */
final class NginxErrorSource implements Source {
    private static final Pattern LINE = Pattern.compile(
            "(\\d{4})/(\\d\\d)/(\\d\\d) (\\d\\d:\\d\\d:\\d\\d)"
                    + " \\[(debug|info|notice|warn|error|crit|alert|emerg)\\] (\\d{1,10})#(\\d{1,10}): (?:\\*(\\d{1,18}) )?(.*)");
    private static final Pattern ERRNO = Pattern.compile("\\((\\d{1,4}): [^)]+\\)");
    private static final Pattern BUFFERED = Pattern.compile("buffered to a temporary file (\\S+)");
    private static final String STDERR = "FastCGI sent in stderr: \"";

    // what nginx appends to a message, from its end on; all but the first two in quotes
    private static final String[] DETAILS = {"client", "server", "request", "subrequest", "upstream", "host", "referrer"
    };
    private static final int UNQUOTED = 2;

    // the first that is found decides
    private static final Map<String, String> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("an upstream response is buffered to a temporary file", "buffered");
        KINDS.put("a client request body is buffered to a temporary file", "request-buffered");
        KINDS.put("worker_connections are not enough", "worker_connections");
        KINDS.put("worker_connections exceed open file resource limit", "worker_connections");
        KINDS.put("no live upstreams", "no-live-upstreams");
        KINDS.put("upstream timed out", "timeout");
        KINDS.put("upstream prematurely closed", "upstream-closed");
        KINDS.put("upstream sent too big header", "too-big-header");
        KINDS.put("client prematurely closed connection", "client-closed");
        KINDS.put("closed keepalive connection", "keepalive-closed");
        KINDS.put("client intended to send too large body", "too-large-body");
        KINDS.put("limiting requests", "limited");
        KINDS.put("delaying request", "limited");
        KINDS.put("limiting connections", "limited");
        KINDS.put(STDERR, "stderr");
    }

    @Override
    public String name() {
        return "nginx error log";
    }

    @Override
    public Match match(Text text) {
        return text.early(LINE) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        account.covers(account.at(0));
        var rows = new Rows.Builder("nginx_errors")
                .column("time", Rows.Type.TEXT)
                .column("level", Rows.Type.TEXT)
                .column("pid", Rows.Type.NUMBER)
                .column("tid", Rows.Type.NUMBER)
                .column("connection", Rows.Type.NUMBER)
                .column("kind", Rows.Type.TEXT)
                .column("errno", Rows.Type.NUMBER)
                .column("message", Rows.Type.TEXT);
        for (String detail : DETAILS) {
            rows.column(detail, Rows.Type.TEXT);
        }
        rows.column("file", Rows.Type.TEXT);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            if (m.matches()) {
                account.used();
                String message = m.group(9);
                // what a FastCGI application says may have lines of its own
                while (open(message)
                        && i + 1 < text.lines().size()
                        && !LINE.matcher(text.lines().get(i + 1)).matches()) {
                    i++;
                    message = message + "\n" + text.lines().get(i);
                    account.used();
                }
                row(rows, m, message);
            } else if (line.isBlank()) {
                account.empty();
            } else {
                account.reject(
                        i,
                        "not a line of nginx's error log, which are like \"2026/11/21 01:32:28 [warn] 7#7: *9 ...\"");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    /** True where the quote of an application's words is not closed yet. */
    private static boolean open(String message) {
        return message.startsWith(STDERR) && message.lastIndexOf("\" while ") < STDERR.length();
    }

    private static void row(Rows.Builder rows, Matcher m, String logged) {
        rows.text("time", m.group(1) + "-" + m.group(2) + "-" + m.group(3) + "T" + m.group(4))
                .text("level", m.group(5))
                .number("pid", Long.parseLong(m.group(6)))
                .number("tid", Long.parseLong(m.group(7)));
        if (m.group(8) != null) {
            rows.number("connection", Long.parseLong(m.group(8)));
        }
        int bytes = logged.lastIndexOf(", bytes from/to client:"); // of the stream module
        String message = bytes < 0 ? logged : logged.substring(0, bytes);
        for (int d = DETAILS.length - 1; d >= 0; d--) {
            String opens = ", " + DETAILS[d] + ": " + (d < UNQUOTED ? "" : "\"");
            int at = message.lastIndexOf(opens);
            boolean closed = d < UNQUOTED || message.endsWith("\"");
            if (at >= 0 && closed && message.length() - (d < UNQUOTED ? 0 : 1) >= at + opens.length()) {
                String detail = message.substring(at + opens.length(), message.length() - (d < UNQUOTED ? 0 : 1));
                rows.text(DETAILS[d], detail);
                message = message.substring(0, at);
            }
        }
        rows.text("message", message);
        Matcher errno = ERRNO.matcher(message);
        long number = errno.find() ? Long.parseLong(errno.group(1)) : 0;
        if (number > 0) {
            rows.number("errno", number);
        }
        String kind = kind(message, number);
        if (kind != null) {
            rows.text("kind", kind);
        }
        Matcher file = BUFFERED.matcher(message);
        if (file.find()) {
            rows.text("file", file.group(1));
        }
        rows.end();
    }

    /** The limit or event that a message speaks of; null where it is none of those that are told apart. Error numbers are Linux's. */
    private static @Nullable String kind(String message, long errno) {
        for (Map.Entry<String, String> kind : KINDS.entrySet()) {
            if (message.contains(kind.getKey())) {
                return kind.getValue();
            }
        }
        boolean connect = message.startsWith("connect() ");
        if (errno == 24 || errno == 23) {
            return "too-many-files";
        } else if (errno == 28) {
            return "no-space";
        } else if (errno == 99 && connect) {
            return "no-local-port";
        } else if (errno == 110) {
            return "timeout";
        } else if ((errno == 11 || errno == 111) && connect) {
            return "connect-refused"; // 11: the backlog of a unix socket is full; 111: nothing listens, or a full one
            // resets
        } else if (errno == 104 && message.contains("upstream")) {
            return "upstream-reset";
        }
        return null;
    }
}
