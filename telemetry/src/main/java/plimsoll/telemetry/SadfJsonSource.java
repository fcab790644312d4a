package plimsoll.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code sadf -j} into table {@code sar}, read as a stream: activities, items and values by the names of the JSON (sadf(1)). */
final class SadfJsonSource implements Source {
    /** Names of members that say which thing an object is about. */
    private static final Set<String> ITEMS = Set.of(
            "cpu",
            "disk-device",
            "iface",
            "intr",
            "line",
            "filesystem",
            "number",
            "fchost",
            "bus_number",
            "node",
            "bat");
    // what groups activities and is none itself
    private static final Set<String> GROUPS = Set.of("network", "power-management", "psi");

    @Override
    public String name() {
        return "sadf -j";
    }

    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, 12);
        boolean begins = !head.isEmpty() && head.get(0).strip().startsWith("{");
        return begins
                        && head.stream().anyMatch(l -> l.contains("\"sysstat\""))
                        && head.stream().anyMatch(l -> l.contains("\"file-date\"") || l.contains("\"file-utc-time\""))
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var lines = new JsonLines(text);
        var pass = new Pass(lines);
        lines.read(account, pass::read);
        return account.close(Optional.of(pass.rows.close(account)));
    }

    /** One object: what it is about and the values in it, which may come before what it is about. */
    private static final class Scope {
        private final String name;
        private String item = "";
        private final List<String> names = new ArrayList<>();
        private final List<Double> values = new ArrayList<>();

        Scope(String name) {
            this.name = name;
        }
    }

    /** One pass through a text. */
    private static final class Pass {
        private final JsonLines lines;
        private final SarRows rows = new SarRows();
        private Optional<String> date = Optional.empty();
        private String time = "";

        Pass(JsonLines lines) {
            this.lines = lines;
        }

        void read(JsonParser json) throws IOException {
            Deque<Scope> open = new ArrayDeque<>();
            int statistics = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isStructStart()) {
                    String name = json.currentName();
                    open.push(new Scope(name == null ? "" : name));
                    statistics += "statistics".equals(name) ? 1 : 0;
                } else if (token.isStructEnd()) {
                    Scope closed = open.pop();
                    statistics -= closed.name.equals("statistics") ? 1 : 0;
                    if (statistics > 0 && !closed.names.isEmpty()) {
                        values(closed, open);
                    }
                } else if (statistics > 0 && !open.isEmpty() && token.isScalarValue()) {
                    scalar(open.getFirst(), json);
                }
            }
        }

        private void scalar(Scope scope, JsonParser json) throws IOException {
            String name = json.currentName() == null ? "" : json.currentName();
            if (scope.name.equals("timestamp")) {
                if (name.equals("date")) {
                    date = Optional.of(json.getText());
                } else if (name.equals("time")) {
                    time = json.getText();
                }
            } else if (ITEMS.contains(name)) {
                scope.item = json.getText();
            } else if (json.currentToken().isNumeric()) {
                scope.names.add(name);
                scope.values.add(json.getDoubleValue());
                lines.use(json);
            }
        }

        /** The activity is the outermost name that is no group: {@code io} has {@code io-reads} in it, {@code network} has {@code net-dev}. */
        private void values(Scope closed, Deque<Scope> open) {
            String activity = GROUPS.contains(closed.name) ? "" : closed.name;
            for (Scope outer : open) {
                if (outer.name.equals("statistics")) {
                    break;
                }
                if (!outer.name.isEmpty() && !GROUPS.contains(outer.name)) {
                    activity = outer.name;
                }
            }
            for (int i = 0; i < closed.names.size(); i++) {
                rows.add(date, time, activity, closed.item, closed.names.get(i), closed.values.get(i), false);
            }
        }
    }
}
