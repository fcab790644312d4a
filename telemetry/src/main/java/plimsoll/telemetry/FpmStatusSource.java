package plimsoll.telemetry;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * PHP-FPM's status page as text, JSON, XML and OpenMetrics, in short and in full, into {@code fpm_status} (pool, name, value) and
 * {@code fpm_processes}, with facts {@code fpm:status.active processes[www]}. Names are those of the text page whatever the format. On a
 * unix socket {@code listen queue} is 0 whatever waits there. Source: {@code sapi/fpm/fpm/fpm_status.c}.
 */
final class FpmStatusSource implements Source {
    private static final Pattern FIRST = Pattern.compile("pool:\\s{2,}\\S.*");
    private static final Pattern LINE = Pattern.compile("([a-z][A-Za-z ]*):\\s+(\\S(?:.*\\S)?)\\s*|([a-z][A-Za-z ]*):");
    private static final Pattern RULE = Pattern.compile("\\*{8,}\\s*");
    private static final Pattern METRIC = Pattern.compile("phpfpm_(\\w+)(?:\\{[^}]*\\})? (-?[\\d.]+)");
    private static final Pattern UP =
            Pattern.compile("# HELP phpfpm_up Could pool (.+) using a (\\w+) PM on PHP-FPM be reached\\?");
    private static final Map<String, String> METRICS =
            Map.of("accepted_connections", "accepted conn", "listen_queue_length", "listen queue len");
    private static final Set<String> NUMBERS =
            Set.of("pid", "start since", "requests", "request duration", "content length", "last request memory");
    // with the unit that fpm_status.c counts in
    private static final Map<String, String> COLUMNS = Map.of(
            "start since",
            "start_since_s",
            "request duration",
            "request_duration_us",
            "last request cpu",
            "last_request_cpu_percent",
            "last request memory",
            "last_request_memory_bytes");

    @Override
    public String name() {
        return "PHP-FPM status";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("pool:") && FIRST.matcher(line).matches();
    }

    @Override
    public Match match(Text text) {
        boolean sure = text(text) || json(text) || xml(text) || metrics(text);
        return sure ? Match.SURE : Match.NO;
    }

    private boolean text(Text text) {
        List<String> head = Places.head(text, 2);
        return head.size() == 2 && begins(head.get(0)) && head.get(1).startsWith("process manager:");
    }

    private static boolean json(Text text) {
        String head = Json.head(text);
        return head.contains("\"pool\"") && head.contains("\"process manager\"");
    }

    private static boolean xml(Text text) {
        String head = String.join(
                " ", text.lines().subList(0, Math.min(6, text.lines().size())));
        return head.contains("<status>") && head.contains("<pool>") && head.contains("<process-manager>");
    }

    private static boolean metrics(Text text) {
        return Places.head(text, 3).stream()
                .anyMatch(l -> l.startsWith("# HELP phpfpm_")
                        || (l.startsWith("phpfpm_") && METRIC.matcher(l).matches()));
    }

    @Override
    public Parsed parse(Text text) {
        var pass = new Pass(text);
        if (json(text)) {
            Json.read(text, pass.account, (path, value, line) -> {
                if (path.size() == 1) {
                    pass.value(line, path.get(0), value);
                } else if (path.size() == 3 && path.get(0).equals("processes")) {
                    pass.process(path.get(1), path.get(2), value);
                }
            });
        } else if (xml(text)) {
            pass.xml();
        } else if (metrics(text)) {
            pass.metrics();
        } else {
            pass.lines();
        }
        return pass.close();
    }

    /** One pass through a text. */
    private static final class Pass {
        private final Text text;
        private final Parsed.Account account;
        private final Rows.Builder status = new Rows.Builder("fpm_status")
                .column("pool", Rows.Type.TEXT)
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.TEXT);
        private final Rows.Builder processes = new Rows.Builder("fpm_processes")
                .column("pool", Rows.Type.TEXT)
                .column("pid", Rows.Type.NUMBER)
                .column("state", Rows.Type.TEXT);
        private final List<String> covered = new ArrayList<>();
        private String pool = "";
        private String process = "";

        Pass(Text text) {
            this.text = text;
            this.account = new Parsed.Account(text);
        }

        /** A value of the pool, of which its name comes first. */
        void value(int line, String name, String value) {
            endProcess();
            if (name.equals("pool")) {
                pool = value;
                covered.add(pool);
            }
            status.text("pool", pool).text("name", name).text("value", value).end();
            if (!name.equals("pool")) {
                account.fact(
                        line,
                        "fpm:status." + name + "[" + pool + "]",
                        name.equals("start since") ? value + " s" : value);
            }
        }

        /** A value of process {@code id}. */
        void process(String id, String written, String value) {
            if (!process.equals(id)) {
                endProcess();
                process = id;
                processes.text("pool", pool);
            }
            String name = written.toLowerCase(Locale.ROOT);
            String column = COLUMNS.getOrDefault(name, name.replace(' ', '_'));
            if (NUMBERS.contains(name)) {
                if (value.matches("\\d{1,18}")) {
                    processes.number(column, Long.parseLong(value));
                }
            } else if (name.equals("last request cpu")) {
                if (value.matches("\\d{1,15}(\\.\\d{1,15})?")) {
                    processes.real(column, Double.parseDouble(value));
                }
            } else {
                processes.text(column, name.equals("start time") ? time(value) : value);
            }
        }

        private void endProcess() {
            if (!process.isEmpty()) {
                processes.end();
                process = "";
            }
        }

        /** The text page says {@code 21/Nov/2026:01:32:31 +0000}, the others the same in seconds since 1970. */
        private static String time(String value) {
            return Times.zoned(value).or(() -> Times.seconds(value)).orElse(value);
        }

        void lines() {
            int rules = 0;
            for (int i = 0; i < text.lines().size(); i++) {
                String line = text.lines().get(i);
                Matcher m = LINE.matcher(line);
                if (line.isBlank()) {
                    account.empty();
                } else if (RULE.matcher(line).matches()) {
                    rules++;
                    account.empty();
                } else if (m.matches()) {
                    String name = m.group(1) != null ? m.group(1) : m.group(3);
                    String value = m.group(2) != null ? m.group(2) : "";
                    rules = name.equals("pool") ? 0 : rules;
                    if (rules > 0) {
                        process(Integer.toString(rules), name, value);
                    } else {
                        value(i, name, value);
                    }
                    account.used();
                } else {
                    account.reject(
                            i, "not a line of PHP-FPM's status page, which are like \"active processes:     4\"");
                }
            }
        }

        void metrics() {
            for (int i = 0; i < text.lines().size(); i++) {
                String line = text.lines().get(i);
                Matcher metric = METRIC.matcher(line);
                Matcher up = UP.matcher(line);
                if (metric.matches()) {
                    String name = METRICS.getOrDefault(
                            metric.group(1), metric.group(1).replace('_', ' '));
                    value(i, name, metric.group(2));
                    account.used();
                } else if (up.matches()) {
                    value(i, "pool", up.group(1));
                    value(i, "process manager", up.group(2));
                    account.used();
                } else if (line.isBlank() || line.startsWith("#")) {
                    account.empty();
                } else {
                    account.reject(i, "not a metric of PHP-FPM, which are like \"phpfpm_active_processes 4\"");
                }
            }
        }

        void xml() {
            int wrong = text.lines().size();
            String reason = "";
            try {
                elements();
            } catch (XMLStreamException e) {
                int line = e.getLocation() == null ? 1 : e.getLocation().getLineNumber();
                wrong = Math.min(Math.max(0, line - 1), text.lines().size() - 1);
                reason = "not XML from here on";
            }
            for (int i = 0; i < text.lines().size(); i++) {
                if (text.lines().get(i).isBlank()) {
                    account.empty();
                } else if (i < wrong) {
                    account.used();
                } else {
                    account.reject(i, i == wrong ? reason : "stands behind broken XML");
                }
            }
        }

        private void elements() throws XMLStreamException {
            XMLInputFactory factory = XMLInputFactory.newInstance();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            String content = String.join("\n", text.lines()).stripLeading();
            int skipped = (int) text.lines().stream().takeWhile(String::isBlank).count();
            XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(content));
            int count = 0;
            boolean inProcess = false;
            var value = new StringBuilder();
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        value.setLength(0);
                        if (xml.getLocalName().equals("process")) {
                            inProcess = true;
                            count++;
                        }
                    }
                    case XMLStreamConstants.CHARACTERS -> value.append(xml.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        String name = xml.getLocalName().replace('-', ' ');
                        if (name.equals("process")) {
                            inProcess = false;
                        } else if (inProcess) {
                            process(
                                    Integer.toString(count),
                                    name,
                                    value.toString().strip());
                        } else if (!name.equals("status") && !name.equals("processes")) {
                            value(
                                    xml.getLocation().getLineNumber() - 1 + skipped,
                                    name,
                                    value.toString().strip());
                        }
                        value.setLength(0);
                    }
                    default -> {}
                }
            }
        }

        Parsed close() {
            endProcess();
            covered.forEach(account::covers);
            return account.close(
                    Optional.of(status.rows()), processes.size() > 0 ? List.of(processes.rows()) : List.of());
        }
    }
}
