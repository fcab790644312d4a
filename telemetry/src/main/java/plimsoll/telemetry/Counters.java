package plimsoll.telemetry;

import java.util.List;

/**
 * The table {@code counters}, which several sources fill, and the facts of the same values: {@code snmp:Tcp.ActiveOpens},
 * {@code netstat:TcpExt.TW}, {@code snmp6:Ip6.InReceives}. Mutable; lives for one parse.
 */
final class Counters {
    /** The kernel's groups, the longer before those that they begin with. */
    private static final List<String> GROUPS = List.of(
            "UdpLite6",
            "MPTcpExt",
            "UdpLite",
            "IcmpMsg",
            "TcpExt",
            "IpExt",
            "Icmp6",
            "Icmp",
            "Udp6",
            "Tcp",
            "Udp",
            "Ip6",
            "Ip");

    private final Parsed.Account account;
    private final Rows.Builder rows = new Rows.Builder("counters")
            .column("group", Rows.Type.TEXT)
            .column("name", Rows.Type.TEXT)
            .column("value", Rows.Type.NUMBER);

    Counters(Parsed.Account account) {
        this.account = account;
    }

    /** The group that a name of {@code nstat} or {@code snmp6} begins with: {@code TcpExt} of {@code TcpExtTW}; empty where there is none. */
    static String group(String joined) {
        for (String group : GROUPS) {
            if (joined.length() > group.length()
                    && joined.startsWith(group)
                    && Character.isUpperCase(joined.charAt(group.length()))) {
                return group;
            }
        }
        return "";
    }

    /** A counter under the kernel's own name, as a row and a fact. */
    void add(int line, String group, String name, long value) {
        row(group, name, value);
        account.fact(line, source(group) + group + "." + name, Long.toString(value));
    }

    /** The prefix of the facts of a group, after the file of {@code /proc/net} that the kernel shows it in. */
    static String source(String group) {
        return group.endsWith("Ext") ? "netstat:" : group.endsWith("6") ? "snmp6:" : "snmp:";
    }

    /** A counter under a name that is not the kernel's, as a row alone. */
    void row(String group, String name, long value) {
        rows.text("group", group).text("name", name).number("value", value).end();
    }

    Rows rows() {
        return rows.rows();
    }
}
