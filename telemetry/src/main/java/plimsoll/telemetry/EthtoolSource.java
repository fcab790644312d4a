package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ethtool -S DEVICE}: a driver's own counters (ethtool(8)), the allowances of cloud network devices among them
 * ({@code bw_in_allowance_exceeded}), as rows and as facts {@code ethtool:eth0.NAME}. The output does not say the device: the command or
 * the file's name does; where neither does, the facts are named {@code ethtool:NAME}.
 */
final class EthtoolSource implements Source {
    private static final Pattern COMMAND = Pattern.compile("ethtool\\s+(?:-S|--statistics)\\s+(\\S+).*");
    private static final Pattern FILE = Pattern.compile("(?:.*/)?ethtool_-S_([\\w.-]+?)(?:\\.txt)?");
    private static final Pattern COUNTER = Pattern.compile("\\s+(\\S.*?):\\s*(-?\\d{1,20})\\s*");

    /** Digits that a table's cell holds for certain: a counter of 64 bits may need more, and is a fact only. */
    private static final int EXACT = 18;

    @Override
    public String name() {
        return "ethtool -S";
    }

    @Override
    public boolean begins(String line) {
        return line.strip().equals("NIC statistics:");
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream().limit(3).anyMatch(this::begins) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("ethtool")
                .column("interface", Rows.Type.TEXT)
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.NUMBER);
        Optional<String> device = device(text);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher counter = COUNTER.matcher(line);
            if (line.isBlank() || begins(line)) {
                account.empty();
            } else if (!counter.matches()) {
                account.reject(i, "is not the name of a counter, a colon and a whole number");
            } else {
                String name = counter.group(1);
                device.ifPresent(d -> rows.text("interface", d));
                rows.text("name", name);
                if (counter.group(2).length() <= EXACT) {
                    rows.number("value", Long.parseLong(counter.group(2)));
                }
                rows.end();
                account.fact(i, "ethtool:" + device.map(d -> d + ".").orElse("") + name, counter.group(2));
                account.used();
            }
        }
        device.ifPresent(account::covers);
        return account.close(Optional.of(rows.rows()));
    }

    private static Optional<String> device(Text text) {
        Matcher m = COMMAND.matcher(text.command().orElse(""));
        if (m.matches()) {
            return Optional.of(m.group(1));
        }
        m = FILE.matcher(text.path());
        return m.matches() ? Optional.of(m.group(1)) : Optional.empty();
    }
}
