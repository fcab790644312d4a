package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;

/**
 * {@code /proc/net/snmp6}: a name with its group in front and a value on each line ({@code snmp6_seq_show} of net/ipv6/proc.c). The files
 * of {@code /proc/net/dev_snmp6}, which begin with the device's index, count for one device: the table {@code device_counters}, and no
 * facts.
 */
final class Snmp6Source implements Source {
    private static final String INDEX = "ifIndex";

    @Override
    public String name() {
        return "/proc/net/snmp6";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith(INDEX) && index(line) >= 0;
    }

    @Override
    public Match match(Text text) {
        Optional<String> first = text.first();
        if (first.filter(l -> begins(l) || (l.startsWith("Ip6InReceives") && counter(Fields.split(l))))
                .isPresent()) {
            return Match.SURE;
        }
        return first.filter(l -> counter(Fields.split(l))).isPresent() ? Match.SHAPE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var counters = new Counters(account);
        var device = new Rows.Builder("device_counters")
                .column("if_index", Rows.Type.NUMBER)
                .column("group", Rows.Type.TEXT)
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.NUMBER);
        long index = -1;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            List<String> fields = Fields.split(line);
            if (fields.isEmpty()) {
                account.empty();
            } else if (begins(line)) {
                index = index(line);
                account.covers("device " + index);
                account.used();
            } else if (!counter(fields)) {
                account.reject(i, "is not the name of a counter of IPv6 and a whole number");
            } else {
                String group = Counters.group(fields.get(0));
                String name = fields.get(0).substring(group.length());
                long value = Fields.decimal(fields.get(1), 0, fields.get(1).length());
                if (index < 0) {
                    counters.add(i, group, name, value);
                    account.covers(group);
                } else {
                    device.number("if_index", index)
                            .text("group", group)
                            .text("name", name)
                            .number("value", value)
                            .end();
                }
                account.used();
            }
        }
        return account.close(Optional.of(index < 0 ? counters.rows() : device.rows()));
    }

    private static long index(String line) {
        List<String> fields = Fields.split(line);
        return fields.size() == 2 && fields.get(0).equals(INDEX)
                ? Fields.decimal(fields.get(1), 0, fields.get(1).length())
                : -1;
    }

    private static boolean counter(List<String> fields) {
        return fields.size() == 2
                && Counters.group(fields.get(0)).endsWith("6")
                && Fields.decimal(fields.get(1), 0, fields.get(1).length()) >= 0;
    }
}
