package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * nginx's access log into {@code access_log}, a column for each variable of its format and {@code time} from whichever variable says it.
 * Without a configuration the format is one of those that nginx and its images come with; what stands behind it is kept as {@code extra}.
 * {@code $upstream_response_time} and its like are in seconds, the sum over all servers that were tried; where there were
 * several, {@code upstream_response_times} holds what the log says. {@code -} is a missing cell.
 */
final class NginxAccessSource implements Source {
    private static final int LOOKED_AT = 50;
    private static final int LONGEST = 64 * 1024;

    private final List<LogFormat> formats;
    private final boolean open;

    private NginxAccessSource(List<LogFormat> formats, boolean open) {
        this.formats = List.copyOf(formats);
        this.open = open;
    }

    /** For the formats that are known beforehand, with whatever a site adds at their end. */
    NginxAccessSource() {
        this(List.of(LogFormat.MAIN, LogFormat.COMBINED, LogFormat.COMMON), true);
    }

    /** For the formats of configurations, to the letter. */
    static NginxAccessSource informed(List<NginxConfig> configs) {
        return new NginxAccessSource(
                configs.stream()
                        .flatMap(c -> c.directives("log_format").stream())
                        .filter(d -> d.args().size() > 1)
                        .map(d -> LogFormat.of(d.args().subList(1, d.args().size())))
                        .toList(),
                false);
    }

    @Override
    public String name() {
        return "nginx access log";
    }

    @Override
    public Match match(Text text) {
        LogFormat format = format(text);
        return format == null ? Match.NO : Match.SURE;
    }

    /** The format that most of the first lines are of, of equals the one that says most; null where it is less than half of them. */
    private @Nullable LogFormat format(Text text) {
        List<String> head = text.lines().stream()
                .limit(LOOKED_AT)
                .filter(l -> !l.isBlank() && l.length() < LONGEST)
                .toList();
        LogFormat best = null;
        long most = 0;
        for (LogFormat format : formats) {
            long fit = head.stream().filter(l -> format.read(l, open) != null).count();
            boolean better = fit > most
                    || (fit == most
                            && best != null
                            && format.variables().size() > best.variables().size());
            if (better && fit * 2 >= head.size() && fit > 0) {
                best = format;
                most = fit;
            }
        }
        return best;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        account.covers(account.at(0));
        var rows = new Rows.Builder("access_log").column("time", Rows.Type.TEXT);
        LogFormat format = Optional.ofNullable(format(text)).orElse(LogFormat.COMBINED);
        for (String variable : format.variables()) {
            if (!variable.startsWith("time_")) {
                rows.column(variable, LogFormat.type(variable));
            }
        }
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            List<String> values = format.read(line, open);
            if (values != null) {
                row(rows, format, values);
                account.used();
            } else if (line.isBlank()) {
                account.empty();
            } else {
                account.reject(i, "not of the log_format that the lines around it have");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static void row(Rows.Builder rows, LogFormat format, List<String> values) {
        Optional<String> time = Optional.empty();
        for (int v = 0; v < format.variables().size(); v++) {
            String variable = format.variables().get(v);
            String value = values.get(v);
            if (value.isEmpty() || value.equals("-")) {
                continue;
            }
            if (variable.startsWith("time_")) {
                time = Optional.of(Times.zoned(value).orElse(value));
                continue;
            }
            switch (LogFormat.type(variable)) {
                case NUMBER -> rows.number(variable, Long.parseLong(value));
                case REAL -> {
                    if (LogFormat.times(variable)) {
                        times(rows, variable, value);
                    } else {
                        rows.real(variable, Double.parseDouble(value));
                    }
                    if (variable.equals("msec") && time.isEmpty()) {
                        time = Times.seconds(value);
                    }
                }
                case TEXT, ADDRESS -> rows.text(variable, value);
            }
        }
        time.ifPresent(t -> rows.text("time", t));
        if (values.size() > format.variables().size()) {
            String extra = values.get(values.size() - 1);
            if (!extra.isBlank()) {
                rows.text("extra", extra.strip());
            }
        }
        rows.end();
    }

    private static void times(Rows.Builder rows, String variable, String value) {
        List<String> each = LogFormat.list(value);
        List<String> known = each.stream().filter(t -> !t.equals("-")).toList();
        if (!known.isEmpty()) {
            rows.real(variable, known.stream().mapToDouble(Double::parseDouble).sum());
        }
        if (each.size() > 1) {
            rows.text(variable + "s", value);
        }
    }
}
