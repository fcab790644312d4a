package plimsoll.analyses;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;

/**
 * What other systems than Linux have by default, as facts under the names that the laws look for: the port range, how long TIME-WAIT and
 * FIN-WAIT-2 last. What no primary source was found for is ASSUMED and says so.
 */
final class Systems {
    private static final String RANGE = Ports.RANGE;

    /** One row: system | fact | text | {@code +} where it was read in a source, {@code -} where it is unverified | the source. */
    private static final String TABLE =
            """
            freebsd | range | 10000 65535 | + | FreeBSD: sys/netinet/in_pcb.c, IPPORT_EPHEMERALFIRST; net.inet.ip.portrange
            freebsd | time-wait | 60 s | + | FreeBSD: 2 x net.inet.tcp.msl of 30 s, tcp_timer.h, TCPTV_MSL; the internals of 14 and later are unverified
            freebsd | fin-wait-2 | 600 s | + | FreeBSD: keepcnt x keepintvl, tcp_usrreq.c; 60 s with net.inet.tcp.fast_finwait2_recycle=1
            macos | range | 49152 65535 | - | unverified: listings of net.inet.ip.portrange by others
            macos | time-wait | 30 s | + | XNU: 2 x TCPTV_MSL of 15 s, bsd/netinet/tcp_timer.h
            macos | fin-wait-2 | 60 s | + | XNU: TCPTV_FINWAIT2, bsd/netinet/tcp_timer.h
            windows | range | 49152 65535 | + | Microsoft: KB929851, since Vista and Server 2008; netsh int ipv4 show dynamicport tcp
            windows | time-wait | 120 s | - | unverified for Windows 10 and Server 2012 and later; TcpTimedWaitDelay of XP and Server 2003, KB314053
            illumos | range | 32768 65535 | + | illumos: tcp_tunables.c; ipadm show-prop tcp
            illumos | time-wait | 60 s | + | illumos: tcp_tunables.c, _time_wait_interval
            illumos | fin-wait-2 | 60 s | + | illumos: tcp_tunables.c, _fin_wait_2_flush_interval
            """;

    private static final Map<String, List<Fact>> ALL = table();

    private Systems() {}

    private static Map<String, List<Fact>> table() {
        var all = new LinkedHashMap<String, List<Fact>>();
        TABLE.lines().map(l -> l.split(" \\| ", -1)).forEach(c -> {
            Evidence from = c[3].equals("+") ? Evidence.byDefault(c[4]) : Evidence.assumed(c[4]);
            List<Fact> facts = all.computeIfAbsent(c[0], system -> new ArrayList<>(List.of(noReuse(system))));
            facts.add(new Fact(name(c[1]), c[2], from));
        });
        return all;
    }

    private static String name(String what) {
        return switch (what) {
            case "range" -> RANGE;
            case "time-wait" -> TimeWait.ELSEWHERE;
            default -> FinWait2.ELSEWHERE;
        };
    }

    private static Fact noReuse(String system) {
        return new Fact("net.ipv4.tcp_tw_reuse", "0", Evidence.byDefault(system + " has no such setting"));
    }

    /** The names that {@link #facts} takes. */
    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /**
     * The defaults of a system.
     *
     * @throws IllegalArgumentException when it is not one of those known, naming them
     */
    static Facts facts(String system) {
        List<Fact> facts = ALL.get(system.strip().toLowerCase(Locale.ROOT));
        if (facts == null) {
            throw new IllegalArgumentException(
                    "there is no preset for '" + system + "'; there are " + String.join(", ", ALL.keySet()));
        }
        return Facts.none().plus(facts);
    }
}
