package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;

/**
 * {@code /proc/net/snmp} and {@code /proc/net/netstat}: groups of two lines, the names and below them the values, matched by name
 * whatever the kernel's version ({@code snmp_seq_show} and {@code netstat_seq_show} of net/ipv4/proc.c).
 */
final class SnmpSource implements Source {
    private static final List<String> SNMP = List.of("Ip", "Icmp", "IcmpMsg", "Tcp", "Udp", "UdpLite");
    private static final List<String> NETSTAT = List.of("TcpExt", "IpExt", "MPTcpExt");

    @Override
    public String name() {
        return "/proc/net/snmp";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Ip: Forwarding ") || line.startsWith("TcpExt: SyncookiesSent ");
    }

    @Override
    public Match match(Text text) {
        List<String> lines = text.lines();
        for (int i = 0; i < Math.min(10, lines.size()); i++) {
            String group = group(lines.get(i));
            if ((SNMP.contains(group) || NETSTAT.contains(group)) && names(Fields.split(lines.get(i)))) {
                return Match.SURE;
            }
        }
        return Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var counters = new Counters(account);
        List<String> lines = text.lines();
        for (int i = 0; i < lines.size(); i++) {
            String group = group(lines.get(i));
            List<String> names = Fields.split(lines.get(i));
            if (names.isEmpty()) {
                account.empty();
            } else if (group.isEmpty() || !names(names)) {
                account.reject(i, "is not a line of names, 'Group: Name Name ...', with its line of values below");
            } else if (i + 1 == lines.size() || !group(lines.get(i + 1)).equals(group)) {
                account.reject(i, "has no line of values of " + group + " below");
            } else {
                account.empty();
                i++;
                values(account, counters, i, group, names, Fields.split(lines.get(i)));
            }
        }
        return account.close(Optional.of(counters.rows()));
    }

    private static void values(
            Parsed.Account account,
            Counters counters,
            int line,
            String group,
            List<String> names,
            List<String> values) {
        if (values.size() != names.size()) {
            account.reject(
                    line, group + " has " + (names.size() - 1) + " names but " + (values.size() - 1) + " values");
            return;
        }
        for (String value : values.subList(1, values.size())) {
            if (Fields.decimal(value, value.startsWith("-") ? 1 : 0, value.length()) < 0) {
                account.reject(line, "'" + value + "' stands where a whole number of 64 bits should be");
                return;
            }
        }
        for (int i = 1; i < names.size(); i++) {
            counters.add(line, group, names.get(i), Long.parseLong(values.get(i)));
        }
        account.covers(group);
        account.used();
    }

    /** The word before the first colon, which a blank follows; empty where there is none. */
    private static String group(String line) {
        int colon = line.indexOf(": ");
        return colon <= 0 || line.indexOf(' ') < colon ? "" : line.substring(0, colon);
    }

    private static boolean names(List<String> fields) {
        return fields.size() > 1 && Character.isLetter(fields.get(1).charAt(0));
    }
}
