package plimsoll.telemetry;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ss -s}, as iproute2 before 4.20 prints it, {@code Total: 34102 (kernel 34210)}, and since.
 *
 * <p>The old form takes some figures from {@code /proc/slabinfo} (the kernel's sockets, {@code synrecv}, the second figure of
 * {@code timewait}, {@code ports}) and prints 0 where it may not read that file: such a 0 says nothing and becomes no fact.
 */
final class SsSummarySource implements Source {
    private static final Pattern TOTAL = Pattern.compile("\\s*Total: (\\d+)(?: \\(kernel (\\d+)\\))?\\s*");
    private static final Pattern TCP =
            Pattern.compile("\\s*TCP:\\s+(\\d+)\\s+\\((estab [^)]*)\\)(?:, ports (\\d+))?\\s*");
    private static final Pattern PART = Pattern.compile("(\\w+) (\\d+)(?:/(\\d+))?");
    private static final Pattern HEADER = Pattern.compile("\\s*Transport\\s+Total\\s+IP\\s+IPv6\\s*");
    private static final List<String> COLUMNS = List.of("Total", "IP", "IPv6");

    @Override
    public String name() {
        return "ss -s";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Total: ") && TOTAL.matcher(line).matches();
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream()
                        .limit(10)
                        .anyMatch(line -> line.length() < 200
                                && (TCP.matcher(line).matches()
                                        || HEADER.matcher(line).matches()))
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("socket_summary")
                .column("group", Rows.Type.TEXT)
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.NUMBER);
        account.covers("ss -s");
        boolean table = false;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher total = TOTAL.matcher(line);
            Matcher tcp = TCP.matcher(line);
            if (line.isBlank()) {
                account.empty();
            } else if (HEADER.matcher(line).matches()) {
                table = true;
                account.empty();
            } else if (total.matches()) {
                say(account, rows, i, "total", total.group(1));
                if (total.group(2) != null) {
                    sayUnlessZero(account, rows, i, "kernel", total.group(2));
                }
                account.used();
            } else if (tcp.matches()) {
                String wrong = tcp(account, rows, i, tcp);
                if (wrong.isEmpty()) {
                    account.used();
                } else {
                    account.reject(i, wrong);
                }
            } else if (table && transport(account, rows, i, Fields.split(line))) {
                account.used();
            } else {
                account.reject(
                        i,
                        table
                                ? "is not a transport and three numbers or dashes"
                                : "is none of the lines of ss -s: 'Total: N', 'TCP: N (estab N, ...)', 'Transport Total IP IPv6'");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static String tcp(Parsed.Account account, Rows.Builder rows, int line, Matcher tcp) {
        String[] parts = tcp.group(2).split(", ", -1);
        for (String part : parts) {
            if (!PART.matcher(part).matches()) {
                return "'" + part + "' stands where a name and a number should be";
            }
        }
        say(account, rows, line, "tcp", tcp.group(1));
        for (String part : parts) {
            Matcher matcher = PART.matcher(part);
            matcher.matches();
            if (matcher.group(1).equals("synrecv")) {
                sayUnlessZero(account, rows, line, "synrecv", matcher.group(2));
            } else {
                say(account, rows, line, matcher.group(1), matcher.group(2));
            }
            if (matcher.group(3) != null) {
                sayUnlessZero(account, rows, line, matcher.group(1) + ".slab", matcher.group(3));
            }
        }
        if (tcp.group(3) != null) {
            sayUnlessZero(account, rows, line, "ports", tcp.group(3));
        }
        return "";
    }

    private static boolean transport(Parsed.Account account, Rows.Builder rows, int line, List<String> fields) {
        if (fields.size() != 4) {
            return false;
        }
        for (String field : fields.subList(1, 4)) {
            if (!field.equals("-") && Fields.decimal(field, 0, field.length()) < 0) {
                return false;
            }
        }
        String transport = fields.get(0);
        for (int i = 0; i < COLUMNS.size(); i++) {
            String value = fields.get(i + 1);
            rows.text("group", transport).text("name", COLUMNS.get(i));
            if (!value.equals("-")) {
                rows.number("value", Fields.decimal(value, 0, value.length()));
            }
            rows.end();
        }
        if (!transport.equals("*") && !fields.get(1).equals("-")) {
            account.fact(line, "ss:inuse." + transport.toLowerCase(Locale.ROOT), fields.get(1));
        }
        return true;
    }

    private static void say(Parsed.Account account, Rows.Builder rows, int line, String name, String value) {
        row(rows, name, value);
        account.fact(line, "ss:" + name, value);
    }

    private static void sayUnlessZero(Parsed.Account account, Rows.Builder rows, int line, String name, String value) {
        if (!value.equals("0")) {
            say(account, rows, line, name, value);
        }
    }

    private static void row(Rows.Builder rows, String name, String value) {
        rows.text("group", "ss").text("name", name);
        long number = Fields.decimal(value, 0, value.length());
        if (number >= 0) {
            rows.number("value", number);
        }
        rows.end();
    }
}
