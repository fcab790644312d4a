package plimsoll.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code iostat} of sysstat 9 to 12.7, text and JSON, into table {@code disks}: a row per device and report, columns by their header
 * names (JSON's {@code util} is the text's {@code %util}), in the units these names say; sysstat's kB and MB are 1024 B and 1024 x
 * 1024 B. The processor's shares of a report stand in its device rows as {@code cpu %user} and so on. {@code since_boot} is 1
 * for a first report that averages over the time since boot: {@code iostat} prints one unless it is told {@code -y}.
 */
final class IostatSource implements Source {
    private static final Pattern BANNER =
            Pattern.compile("(Linux|\\S+) \\S+ \\(.+\\)\\s+\\S+\\s+_\\w+_\\s+\\(\\d+ CPU\\)\\s*");
    private static final Pattern CPU = Pattern.compile("avg-cpu: +%user .*");
    private static final Set<String> COLUMNS = Set.of(
            "tps",
            "r/s",
            "w/s",
            "kB/s",
            "MB/s",
            "rkB/s",
            "rMB/s",
            "rsec/s",
            "kB_read/s",
            "MB_read/s",
            "Blk_read/s",
            "%util",
            "aqu-sz");
    // 11/21/26 01:32:33, 11/21/2026 01:32:33 AM, 21.11.2026 01:32:33, 2026-11-21T01:32:33+0000, Time: 01:32:33 PM
    private static final Pattern STAMP = Pattern.compile(
            "(Time: )?(\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{2,4}[T ]+)?\\d{1,2}:\\d{2}:\\d{2}(Z|[+-]\\d{2}:?\\d{2})?( [AP]M)?( [A-Z]{3,4})?\\s*");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+([.,]\\d+)?");
    private static final Pattern HUMAN = Pattern.compile("\\d+([.,]\\d+)?[bBkKMGTPs%]");
    // the JSON keys of what the text marks with a percent sign
    private static final Map<String, String> PERCENT =
            Map.of("rrqm", "%rrqm", "wrqm", "%wrqm", "drqm", "%drqm", "util", "%util");

    @Override
    public String name() {
        return "iostat";
    }

    /** The line about the machine; all tools of sysstat begin with it, so whatever stood above has ended. */
    @Override
    public boolean begins(String line) {
        return banner(line);
    }

    /** True for the line about the machine, with which all tools of sysstat begin. */
    static boolean banner(String line) {
        return line.contains(" CPU)") && BANNER.matcher(line).matches();
    }

    @Override
    public Match match(Text text) {
        if (json(text)) {
            return Match.SURE;
        }
        boolean banner = false;
        for (String line : text.lines()) {
            String[] words = words(line);
            if (device(words) >= 0 || (banner && cpu(line))) {
                return Match.SURE;
            }
            banner |= banner(line);
            boolean before = line.isBlank()
                    || banner(line)
                    || STAMP.matcher(line).matches()
                    || cpu(line)
                    || numbers(words, 0, words.length);
            if (!before) {
                return Match.NO;
            }
        }
        return Match.NO;
    }

    private static boolean json(Text text) {
        boolean begins = text.first().map(l -> l.strip().startsWith("{")).orElse(false);
        return begins
                && text.lines().stream().anyMatch(l -> l.contains("\"sysstat\""))
                && text.lines().stream().anyMatch(l -> l.contains("\"disk_device\"") || l.contains("\"avg-cpu\""));
    }

    @Override
    public Parsed parse(Text text) {
        return json(text) ? new Json(text).read() : new Plain(text).read();
    }

    private static boolean cpu(String line) {
        return line.startsWith("avg-cpu:") && CPU.matcher(line).matches();
    }

    private static String[] words(String line) {
        String stripped = line.strip();
        return stripped.isEmpty() ? new String[0] : stripped.split("\\s+", -1);
    }

    /** Where the device stands in a header line: first, or last with {@code --pretty}; -1 where the line is no header. */
    private static int device(String[] words) {
        for (int i = 0; i < words.length; i += Math.max(1, words.length - 1)) {
            if (words[i].equals("Device") || words[i].equals("Device:")) {
                return Arrays.stream(words).anyMatch(COLUMNS::contains) ? i : -1;
            }
        }
        return -1;
    }

    private static boolean numbers(String[] words, int from, int to) {
        return from < to
                && Arrays.stream(words, from, to)
                        .allMatch(w -> NUMBER.matcher(w).matches());
    }

    /** True where the command says {@code -y}, alone or among other letters. */
    private static boolean omitsSinceBoot(Text text) {
        return text.command()
                .map(c -> c.matches("(.*\\s)?-[a-zA-Z]*y[a-zA-Z]*(\\s.*)?"))
                .orElse(false);
    }

    /** The rows of the reports, in either spelling. */
    private static final class Reports {
        private final Rows.Builder rows = new Rows.Builder("disks")
                .column("sample", Rows.Type.NUMBER)
                .column("time", Rows.Type.TEXT)
                .column("device", Rows.Type.TEXT)
                .column("since_boot", Rows.Type.NUMBER);
        private final Set<String> devices = new HashSet<>();
        private final List<String> cpuNames = new ArrayList<>();
        private final List<Double> cpu = new ArrayList<>();
        private final boolean firstSinceBoot;
        private Optional<String> time = Optional.empty();
        private long sample = -1;

        Reports(boolean firstSinceBoot) {
            this.firstSinceBoot = firstSinceBoot;
        }

        void next() {
            flush();
            sample++;
            devices.clear();
            time = Optional.empty();
        }

        void cpu(String name, double percent) {
            cpuNames.add("cpu " + name);
            cpu.add(percent);
        }

        /** Begins a row. A device that comes again is the next report. */
        void device(String device) {
            if (devices.contains(device)) {
                next();
            }
            devices.add(device);
            begin();
            rows.text("device", device);
        }

        private void begin() {
            rows.number("sample", sample).number("since_boot", firstSinceBoot && sample == 0 ? 1 : 0);
            time.ifPresent(t -> rows.text("time", t));
            for (int i = 0; i < cpu.size(); i++) {
                rows.real(cpuNames.get(i), cpu.get(i));
            }
        }

        void value(String column, double value) {
            rows.real(column, value);
        }

        void endDevice() {
            rows.end();
        }

        /** A report on the processors alone is a row without a device. */
        private void flush() {
            if (devices.isEmpty() && !cpu.isEmpty()) {
                begin();
                rows.end();
            }
            cpu.clear();
            cpuNames.clear();
        }

        Optional<Rows> rows() {
            flush();
            return Optional.of(rows.rows());
        }
    }

    /** Text being read. */
    private static final class Plain {
        private final Text text;
        private final Parsed.Account account;
        private final Reports reports;
        private String[] header = {};
        private String[] cpuHeader = {};
        private boolean open; // a report has begun and has not had its devices
        private int devices; // where the device stands

        Plain(Text text) {
            this.text = text;
            this.account = new Parsed.Account(text);
            this.reports = new Reports(sinceBoot(text));
        }

        /**
         * True where the first report is the one since boot: it follows the banner by one blank line. With {@code -y} that report is left
         * out and the line break that ends it stays: two blank lines (as sysstat 12.6.1 prints with every choice of reports).
         */
        private static boolean sinceBoot(Text text) {
            int i = 0;
            while (i < text.lines().size() && text.lines().get(i).isBlank()) {
                i++;
            }
            if (i + 2 >= text.lines().size() || !banner(text.lines().get(i))) {
                return false;
            }
            boolean omitted =
                    text.lines().get(i + 1).isBlank() && text.lines().get(i + 2).isBlank();
            return !omitted && !omitsSinceBoot(text);
        }

        Parsed read() {
            for (int i = 0; i < text.lines().size(); i++) {
                String line = text.lines().get(i);
                String[] words = words(line);
                if (line.isBlank() || banner(line)) {
                    account.empty();
                } else if (STAMP.matcher(line).matches()) {
                    // the stamp is of the report that begins below
                    reports.next();
                    reports.time = Optional.of(line.strip().replace("Time: ", ""));
                    open = true;
                    account.used();
                } else if (cpu(line)) {
                    if (!open || !reports.cpu.isEmpty()) {
                        reports.next();
                    }
                    open = true;
                    cpuHeader = words;
                    account.empty();
                } else if (device(words) >= 0) {
                    if (!open) {
                        reports.next();
                    }
                    open = false;
                    header = words;
                    devices = device(words);
                    account.empty();
                } else if (words.length == cpuHeader.length - 1 && numbers(words, 0, words.length)) {
                    for (int c = 0; c < words.length; c++) {
                        reports.cpu(cpuHeader[c + 1], number(words[c]));
                    }
                    cpuHeader = new String[0];
                    account.used();
                } else if (header.length > 0 && words.length == 1 && wrapped(i)) {
                    // long names stand alone, their numbers on the next line
                    row(words[0], words(text.lines().get(i + 1)), 0);
                    account.used();
                    account.used();
                    i++;
                } else {
                    row(i, words);
                }
            }
            return account.close(reports.rows());
        }

        private boolean wrapped(int i) {
            if (i + 1 >= text.lines().size()) {
                return false;
            }
            String[] next = words(text.lines().get(i + 1));
            return next.length == header.length - 1 && numbers(next, 0, next.length);
        }

        private void row(int i, String[] words) {
            int from = devices == 0 ? 1 : 0;
            if (header.length == 0) {
                account.reject(
                        i, "no header stands above it: columns are known by a line like \"Device r/s w/s ... %util\"");
            } else if (words.length != header.length) {
                account.reject(i, words.length + " columns, where the header above has " + header.length);
            } else if (numbers(words, from, from + words.length - 1)) {
                row(words[devices], words, from);
                account.used();
            } else if (Arrays.stream(words, from, from + words.length - 1)
                    .allMatch(
                            w -> NUMBER.matcher(w).matches() || HUMAN.matcher(w).matches())) {
                account.reject(i, "rounded for people (-h or --human); iostat without it prints the numbers");
            } else {
                account.reject(i, "not a device and its numbers, which the header above calls for");
            }
        }

        private void row(String device, String[] words, int from) {
            reports.device(device);
            for (int c = 0; c < header.length - 1; c++) {
                reports.value(header[devices == 0 ? c + 1 : c], number(words[from + c]));
            }
            reports.endDevice();
        }

        private static double number(String word) {
            return Double.parseDouble(word.replace(',', '.')); // the decimal comma of some locales
        }
    }

    /** JSON being read. */
    private static final class Json {
        private final Parsed.Account account;
        private final JsonLines lines;
        private final Reports reports;

        Json(Text text) {
            this.account = new Parsed.Account(text);
            this.lines = new JsonLines(text);
            this.reports = new Reports(!omitsSinceBoot(text));
        }

        Parsed read() {
            lines.read(account, this::statistics);
            return account.close(reports.rows());
        }

        private void statistics(JsonParser json) throws IOException {
            boolean statistics = false;
            JsonToken token;
            while ((token = json.nextToken()) != null) {
                if (token == JsonToken.START_ARRAY && "statistics".equals(json.currentName())) {
                    statistics = true;
                } else if (token == JsonToken.START_OBJECT && statistics) {
                    report(json);
                } else if (token == JsonToken.END_ARRAY) {
                    statistics = false;
                }
            }
        }

        private void report(JsonParser json) throws IOException {
            reports.next();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("timestamp") && value == JsonToken.VALUE_STRING) {
                    reports.time = Optional.of(json.getText());
                    lines.use(json);
                } else if (name.equals("avg-cpu") && value == JsonToken.START_OBJECT) {
                    lines.use(json);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String share = json.currentName();
                        json.nextToken();
                        number(json).ifPresent(percent -> reports.cpu("%" + share, percent));
                    }
                } else if (name.equals("disk") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        disk(json);
                    }
                } else {
                    json.skipChildren();
                }
            }
        }

        private void disk(JsonParser json) throws IOException {
            lines.use(json);
            Optional<String> device = Optional.empty();
            var names = new ArrayList<String>();
            var values = new ArrayList<Double>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("disk_device") && value == JsonToken.VALUE_STRING) {
                    device = Optional.of(json.getText());
                } else if (number(json).isPresent()) {
                    names.add(PERCENT.getOrDefault(name, name));
                    values.add(number(json).getAsDouble());
                } else {
                    json.skipChildren();
                }
            }
            if (device.isPresent()) {
                reports.device(device.get());
                for (int i = 0; i < names.size(); i++) {
                    reports.value(names.get(i), values.get(i));
                }
                reports.endDevice();
            }
        }

        private static OptionalDouble number(JsonParser json) throws IOException {
            return json.currentToken() != null && json.currentToken().isNumeric()
                    ? OptionalDouble.of(json.getDoubleValue())
                    : OptionalDouble.empty();
        }
    }
}
