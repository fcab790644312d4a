package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** HAProxy's {@code show stat} into {@code haproxy_stat}, its columns by the header ({@code doc/management.txt}, section 9.1). */
final class HaproxyStatSource implements Source {
    private static final String HEADER = "# pxname,svname,";
    private static final Set<String> TEXTS = Set.of(
            "pxname",
            "svname",
            "status",
            "check_status",
            "last_chk",
            "last_agt",
            "agent_status",
            "check_desc",
            "agent_desc",
            "addr",
            "cookie",
            "mode",
            "algo",
            "tracked",
            "proto");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

    @Override
    public String name() {
        return "haproxy show stat";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith(HEADER);
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        List<String> header = List.of();
        var lines = new ArrayList<List<String>>();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (line.isBlank()) {
                account.empty();
            } else if (begins(line)) {
                List<String> named = fields(line.substring(2));
                if (new HashSet<>(named).size() < named.size()) {
                    account.reject(i, "a header that names a column twice");
                } else if (!header.isEmpty() && !named.equals(header)) {
                    account.reject(i, "another header than the one above");
                } else {
                    header = named;
                    account.empty();
                }
            } else {
                List<String> fields = fields(line);
                if (header.isEmpty() || fields.size() != header.size()) {
                    account.reject(i, fields.size() + " fields, where the header has " + header.size());
                } else {
                    lines.add(fields);
                    account.used();
                }
            }
        }
        return account.close(Optional.of(rows(header, lines)));
    }

    private static Rows rows(List<String> header, List<List<String>> lines) {
        var rows = new Rows.Builder("haproxy_stat");
        boolean[] numbers = new boolean[header.size()];
        for (int c = 0; c < header.size(); c++) {
            int column = c;
            // a column that HAProxy adds one day may hold text
            numbers[c] = !TEXTS.contains(header.get(c))
                    && lines.stream()
                            .map(l -> l.get(column))
                            .allMatch(f -> f.isEmpty() || NUMBER.matcher(f).matches());
            rows.column(header.get(c), numbers[c] ? Rows.Type.NUMBER : Rows.Type.TEXT);
        }
        for (List<String> line : lines) {
            for (int c = 0; c < header.size(); c++) {
                String field = line.get(c);
                if (field.isEmpty()) {
                    continue; // does not apply to this row
                }
                if (numbers[c]) {
                    rows.number(header.get(c), Long.parseLong(field));
                } else {
                    rows.text(header.get(c), field);
                }
            }
            rows.end();
        }
        return rows.rows();
    }

    /** The fields of a line by RFC 4180; the comma at its end, which HAProxy writes, begins none. */
    static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (field.length() > 0) {
            fields.add(field.toString());
        }
        return fields;
    }
}
