package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ip -s link} and {@code ip -s -s link}: a device on two lines, then pairs of lines with the names and the values of its counters
 * (ip/ipaddress.c of iproute2), into the table {@code interfaces}. Without {@code -s} the devices have no counters.
 */
final class IpLinkSource implements Source {
    private static final Pattern DEVICE = Pattern.compile("\\d+: (\\S+?)(?:@(\\S+))?: <([^>]*)> (.*)");
    private static final Pattern NAMES =
            Pattern.compile("\\s+(RX|TX)(?: errors)?:\\s+([a-z_]+(?:\\s+[a-z_]+)*+)\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern VALUES = Pattern.compile("\\s+\\d{1,19}(?:\\s+\\d{1,19})*+\\s*");
    private static final Pattern ROUNDED = Pattern.compile("(?:\\s+\\d+(?:\\.\\d+)?[kMGTP]?i?)++\\s*");
    private static final Pattern DETAIL = Pattern.compile("\\s+\\S.*");
    private static final Pattern WORD = Pattern.compile("(mtu|state|qdisc|qlen|master) (\\S+)");

    @Override
    public String name() {
        return "ip link";
    }

    @Override
    public boolean begins(String line) {
        if (!line.startsWith("1: ")) {
            return false;
        }
        Matcher device = DEVICE.matcher(line);
        return device.matches() && device.group(4).startsWith("mtu ");
    }

    @Override
    public Match match(Text text) {
        Optional<String> first = text.first();
        return first.map(DEVICE::matcher)
                        .filter(Matcher::matches)
                        .filter(m -> m.group(4).startsWith("mtu "))
                        .isPresent()
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        Rows.Builder rows = Interfaces.builder();
        rows.column("state", Rows.Type.TEXT).column("mtu", Rows.Type.NUMBER);
        boolean open = false;
        List<String> columns = List.of();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher device = DEVICE.matcher(line);
            Matcher names = NAMES.matcher(line);
            if (line.isBlank()) {
                account.empty();
            } else if (device.matches()) {
                if (open) {
                    rows.end();
                }
                open = true;
                device(rows, device);
                account.used();
            } else if (!open) {
                account.reject(i, "stands above the first device, which is like '2: eth0: <BROADCAST,UP> mtu 1500'");
            } else if (!columns.isEmpty()) {
                columns = values(account, rows, i, line, columns);
            } else if (names.matches() && i + 1 < text.lines().size()) {
                columns = columns(names);
                account.empty();
            } else if (DETAIL.matcher(line).matches()) {
                account.used(); // addresses, alternative names and details of the kind of device
            } else {
                account.reject(i, "is neither a device nor indented below one");
            }
        }
        if (open) {
            rows.end();
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static void device(Rows.Builder rows, Matcher device) {
        rows.text(Interfaces.INTERFACE, device.group(1));
        Matcher word = WORD.matcher(device.group(4));
        while (word.find()) {
            String name = word.group(1);
            String value = word.group(2);
            long number = Fields.decimal(value, 0, value.length());
            if (name.equals("mtu") || name.equals("qlen")) {
                if (number >= 0) {
                    rows.number(name, number);
                }
            } else {
                rows.text(name, value);
            }
        }
    }

    private static List<String> columns(Matcher names) {
        var columns = new ArrayList<String>();
        for (String name : Fields.split(names.group(2))) {
            columns.add(Interfaces.column(names.group(1).toLowerCase(Locale.ROOT), name));
        }
        return columns;
    }

    private static List<String> values(
            Parsed.Account account, Rows.Builder rows, int index, String line, List<String> columns) {
        List<String> values = Fields.split(line);
        boolean whole =
                VALUES.matcher(line).matches() && values.stream().allMatch(v -> Fields.decimal(v, 0, v.length()) >= 0);
        if (!whole || values.size() != columns.size()) {
            account.reject(
                    index,
                    ROUNDED.matcher(line).matches()
                            ? "rounded for people (-h); ip without it prints the numbers"
                            : "is not the " + columns.size() + " whole numbers that the line above names");
        } else {
            for (int c = 0; c < columns.size(); c++) {
                rows.number(columns.get(c), Long.parseLong(values.get(c)));
            }
            account.used();
        }
        return List.of();
    }
}
