package plimsoll.telemetry;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code tcpdump -nn} into the table {@code packets}: with the time of day, the date ({@code -tttt}, taken as UTC), seconds
 * since 1970 ({@code -tt}) or no time; on one line or two ({@code -v}); with payloads as text or in hexadecimal ({@code -A}, {@code -x},
 * {@code -X}), which belong to the packet above them. Differences of time ({@code -ttt}) leave the time missing.
 */
final class TcpdumpSource implements Source {
    private static final String STAMP =
            "(?:(?:(\\d{4}-\\d\\d-\\d\\d) )?(\\d\\d):(\\d\\d):(\\d\\d)\\.(\\d{6,9}) |(\\d{9,10})\\.(\\d{6,9}) | \\d\\d:\\d\\d:\\d\\d\\.\\d{6,9} )";

    /** What {@code -#} numbers the packets with. */
    private static final String NUMBER = "(?: {0,4}\\d{1,9}  )?";

    private static final Pattern PACKET = Pattern.compile(
            NUMBER + STAMP + "(?:(\\S+) +(?:In|Out|B|M|P) +)?((?:IP6?|ARP,|[A-Z][\\w.]*,?)(?: .*)?|[0-9a-f:]{17} .*)");
    private static final Pattern UNTIMED = Pattern.compile(NUMBER
            + "()()()()()()()()(IP6? (?:\\(.*\\) ?)?(?:\\S+ > \\S+: .*)?|ARP, .*|[0-9a-f:]{17} (?:\\([^)]*\\) )?> .*)");
    private static final Pattern LINK = Pattern.compile(
            "[0-9a-f:]{17} (?:\\([^)]*\\) )?> \\S+(?: \\([^)]*\\))?, (?:802\\.1Q, |ethertype 802\\.1Q[^:]*?, )?(?:vlan \\d+, p \\d+, )?"
                    + "ethertype (IPv4|IPv6|ARP)[^:]*?(?:, length \\d+)?: (.*)");
    private static final Pattern IP =
            Pattern.compile("IP6? (?:truncated-ip6? - \\d+ bytes missing! ?)?(\\S+) > (\\S+?): (.*)");
    private static final Pattern VERBOSE = Pattern.compile("IP6? \\((.*?)\\)(?: (\\S+ > \\S+: .*))?");
    private static final Pattern CHECKED =
            Pattern.compile("(?:HBH )?(?:\\([^)]*\\) ?)*\\[[^\\]]*\\b(?:ck)?sum\\b[^\\]]*\\] ");
    private static final Pattern CONTINUED = Pattern.compile("\\s+(\\S+ > \\S+: .*)");
    private static final Pattern FLAGS = Pattern.compile("Flags ?\\[([A-Zce.]+|none)\\](.*)");
    private static final Pattern SEQ = Pattern.compile("\\bseq (\\d{1,10})(?::(\\d{1,10}))?");
    private static final Pattern ACK = Pattern.compile("\\back (\\d{1,10})");
    private static final Pattern WIN = Pattern.compile("\\bwin (\\d{1,10})");
    private static final Pattern LENGTH = Pattern.compile("\\blength (\\d{1,9})(?!.*\\blength \\d)");
    private static final Pattern DNS_LENGTH = Pattern.compile(".*\\((\\d{1,5})\\)");
    private static final Pattern WHO_HAS = Pattern.compile("ARP, .*who-has (\\S+) .*tell ([^\\s,]+).*");
    private static final Pattern IS_AT = Pattern.compile("ARP, .*Reply (\\S+) is-at .*");
    private static final Pattern HEX = Pattern.compile("\\s+0x[0-9a-f]{4,}: .*");
    private static final Pattern TEXT_DUMP = Pattern.compile("[EF`].{0,20}\\..*");
    private static final Pattern NOTICE = Pattern.compile(
            "tcpdump: .*|listening on \\S+,.*|reading from file .*|dropped privs to .*|\\^C.*|Warning: interface names .*");
    private static final Pattern TOTAL =
            Pattern.compile("(\\d{1,18}) packets? (captured|received by filter|dropped by (?:kernel|interface))");

    private static final long NANOS = 1_000_000_000L;

    /** Of headers, beyond a packet's payload, a dump shows at most. */
    private static final int HEADERS = 160;

    /** So many lines show whether payloads are shown as text. */
    private static final int TOP = 400;

    @Override
    public String name() {
        return "tcpdump text";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("tcpdump: verbose output suppressed") || line.startsWith("reading from file ");
    }

    @Override
    public Match match(Text text) {
        return Places.head(text, 5).stream().anyMatch(l -> {
                    Matcher m = packet(l);
                    return m != null && m.group(9).matches("(IP6?|ARP,) .*|[0-9a-f:]{17} .*");
                })
                ? Match.SURE
                : Match.NO;
    }

    private static @Nullable Matcher packet(String line) {
        if (line.isEmpty() || "0123456789IA abcdef".indexOf(line.charAt(0)) < 0) {
            return null;
        }
        Matcher m = PACKET.matcher(line);
        if (m.matches()) {
            return m;
        }
        m = UNTIMED.matcher(line);
        return m.matches() ? m : null;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        Rows.Builder rows = Packets.builder();
        List<String> lines = text.lines();
        int dump = 0; // characters of payload that may still follow
        boolean fresh = false; // true right below a packet
        boolean below = false; // true where a packet stands above
        boolean ascii = ascii(lines);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher packet = packet(line);
            Matcher total = TOTAL.matcher(line);
            if (packet != null) {
                String told = unlinked(packet.group(9));
                Matcher verbose = VERBOSE.matcher(told);
                boolean above = verbose.matches() && verbose.group(2) == null;
                Matcher addresses = CONTINUED.matcher(above && i + 1 < lines.size() ? lines.get(i + 1) : "");
                if (above && !addresses.matches()) {
                    account.reject(i, "has no line of addresses below, as the output of -v does");
                    continue;
                }
                if (verbose.matches()) {
                    String version = told.startsWith("IP6") ? "IP6 " : "IP ";
                    told = version + (above ? addresses.group(1) : verbose.group(2));
                }
                below = true;
                String wrong = row(rows, packet, told);
                if (wrong == null) {
                    account.used();
                    dump = length(told) + HEADERS;
                    fresh = true;
                } else {
                    account.reject(i, wrong);
                    dump = 0;
                }
                if (above) {
                    i++;
                    account.used();
                }
                continue;
            }
            if (total.matches()) {
                account.fact(i, "tcpdump:" + total.group(2).replace(' ', '_'), total.group(1));
                account.used();
                dump = 0;
            } else if (HEX.matcher(line).matches() && dump > 0) {
                account.used();
            } else if (below && line.startsWith("\t") && !line.isBlank()) {
                account.used(); // what -v reads out of the packet above
            } else if (NOTICE.matcher(line).matches()) {
                account.empty();
            } else if (dump > 0 && (!fresh || ascii || TEXT_DUMP.matcher(line).matches())) {
                dump -= line.length() + 1;
                account.used();
                fresh = false;
            } else if (line.isBlank()) {
                account.empty();
            } else {
                if (line.strip().startsWith("...")) {
                    account.excerpt(); // packets were left out where it was pasted
                }
                account.reject(
                        i,
                        "is neither a packet, which is like '12:00:00.000001 IP A.port > B.port: ...', nor its payload");
            }
            if (fresh && line.isBlank()) {
                dump = 0;
            }
        }
        account.covers(text.at(0)); // as for capture files: none lists what another does
        return account.close(Optional.of(rows.rows()));
    }

    /** True where payloads are shown as text: that of an IP packet begins with the version in its header. */
    private static boolean ascii(List<String> lines) {
        boolean packet = false;
        for (String line : lines.subList(0, Math.min(lines.size(), TOP))) {
            if (packet && TEXT_DUMP.matcher(line).matches()) {
                return true;
            }
            packet = packet(line) != null;
        }
        return false;
    }

    /** What is told behind the header of the link, which {@code -e} shows. */
    private static String unlinked(String told) {
        Matcher link = LINK.matcher(told);
        return !link.matches()
                ? told
                : switch (link.group(1)) {
                    case "ARP" -> "ARP, " + link.group(2);
                    case "IPv6" -> "IP6 " + link.group(2);
                    default -> "IP " + link.group(2);
                };
    }

    private static @Nullable String row(Rows.Builder rows, Matcher packet, String plain) {
        Matcher ip = IP.matcher(plain);
        boolean addressed = plain.startsWith("IP ") || plain.startsWith("IP6 ");
        if (addressed && !ip.matches()) {
            return "has no two addresses with '>' between and ':' behind them";
        }
        Long time;
        try {
            time = time(packet);
        } catch (DateTimeException e) {
            return "begins with a date that is none";
        }
        if (time != null) {
            rows.number(Packets.TIME, time);
        }
        if (packet.group(8) != null && !packet.group(8).isEmpty()) {
            rows.text(Packets.INTERFACE, packet.group(8));
        }
        if (addressed) {
            internet(rows, ip.group(1), ip.group(2), ip.group(3));
        } else {
            link(rows, plain);
        }
        rows.end();
        return null;
    }

    private static void link(Rows.Builder rows, String told) {
        Matcher asks = WHO_HAS.matcher(told);
        Matcher answers = IS_AT.matcher(told);
        rows.text(Packets.PROTOCOL, word(told));
        if (asks.matches()) {
            rows.text(Packets.SRC, asks.group(2)).text(Packets.DST, asks.group(1));
        } else if (answers.matches()) {
            rows.text(Packets.SRC, answers.group(1));
        }
        find(LENGTH, told).ifPresent(v -> rows.number(Packets.LENGTH, v));
    }

    private static String word(String told) {
        return told.split("[ ,:]", 2)[0].toLowerCase(Locale.ROOT);
    }

    private static void internet(Rows.Builder rows, String src, String dst, String told) {
        Matcher checked = CHECKED.matcher(told);
        String rest = checked.lookingAt() ? told.substring(checked.end()) : told;
        Matcher flags = FLAGS.matcher(rest);
        boolean tcp = flags.matches();
        boolean icmp6 = rest.startsWith("ICMP6") || rest.startsWith("HBH ICMP6");
        boolean ports = !icmp6 && !rest.startsWith("ICMP");
        boolean from = endpoint(rows, src, Packets.SRC, Packets.SPORT, ports);
        boolean to = endpoint(rows, dst, Packets.DST, Packets.DPORT, ports);
        // tcpdump prints Flags before anything it reads out of a segment: what has ports and no flags is a datagram
        String protocol =
                tcp ? "tcp" : icmp6 ? "icmp6" : rest.startsWith("sctp") ? "sctp" : from && to ? "udp" : word(rest);
        rows.text(Packets.PROTOCOL, protocol);
        Optional<Long> length = find(LENGTH, rest);
        if (tcp) {
            rows.text(Packets.FLAGS, flags.group(1));
            Matcher seq = SEQ.matcher(flags.group(2));
            if (seq.find()) {
                long first = Long.parseLong(seq.group(1));
                rows.number(Packets.SEQ, first);
                if (length.isEmpty() && seq.group(2) != null) {
                    length = Optional.of(Math.max(0, Long.parseLong(seq.group(2)) - first));
                }
            }
            find(ACK, flags.group(2)).ifPresent(v -> rows.number(Packets.ACK, v));
            find(WIN, flags.group(2)).ifPresent(v -> rows.number(Packets.WIN, v));
        } else if (length.isEmpty()) {
            length = find(DNS_LENGTH, rest);
        }
        length.ifPresent(v -> rows.number(Packets.LENGTH, v));
    }

    private static Optional<Long> find(Pattern pattern, String in) {
        Matcher m = pattern.matcher(in);
        return m.find() ? Optional.of(Long.parseLong(m.group(1))) : Optional.empty();
    }

    private static int length(String told) {
        return find(LENGTH, told).map(Long::intValue).orElse(0);
    }

    /** Splits {@code 10.0.0.5.443} and {@code 2001:db8::1.443} at the dot before the port; true where there is a port. */
    private static boolean endpoint(Rows.Builder rows, String told, String address, String port, boolean ports) {
        int dot = told.lastIndexOf('.');
        long dots = told.chars().filter(c -> c == '.').count();
        boolean six = told.indexOf(':') >= 0;
        boolean quad = !six && told.matches("[\\d.]+");
        boolean has = ports && dot > 0 && (six ? dots == 1 || dots == 4 : !quad || dots == 4);
        rows.text(address, has ? told.substring(0, dot) : told);
        long number = has ? Fields.decimal(told, dot + 1, told.length()) : -1;
        if (number >= 0) {
            rows.number(port, number);
        }
        return has;
    }

    /** Null where the line tells no point in time. */
    private static @Nullable Long time(Matcher packet) {
        if (packet.group(6) != null && !packet.group(6).isEmpty()) {
            return Long.parseLong(packet.group(6)) * NANOS + fraction(packet.group(7));
        }
        if (packet.group(2) == null || packet.group(2).isEmpty()) {
            return null;
        }
        long seconds = 3600 * Long.parseLong(packet.group(2))
                + 60 * Long.parseLong(packet.group(3))
                + Long.parseLong(packet.group(4));
        long days =
                packet.group(1) == null ? 0 : LocalDate.parse(packet.group(1)).toEpochDay();
        return (days * 86_400 + seconds) * NANOS + fraction(packet.group(5));
    }

    private static long fraction(String digits) {
        return Long.parseLong((digits + "000").substring(0, 9));
    }
}
