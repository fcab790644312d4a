package plimsoll.telemetry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code netstat -s} of net-tools: sections of counters told in sentences (statistics.c), into the table {@code counters}. A sentence
 * that stands for one counter of the kernel gets that counter's name; any other keeps its words as its name and is no fact. Counters
 * of zero are left out by the program, so that this is always an excerpt.
 */
final class NetstatStatisticsSource implements Source {
    private static final Pattern SECTION = Pattern.compile("([A-Z]\\w*):");
    private static final Pattern NAMED = Pattern.compile("([A-Z]\\w+): (\\d{1,18})");
    private static final Pattern HISTOGRAM = Pattern.compile("ICMP(?:v?6)? (input|output) histogram:");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d{1,18}(?![\\w.])");
    private static final Pattern FORWARDING = Pattern.compile("Forwarding is (enabled|disabled)");

    /**
     * Which counter each sentence, without its number, stands for. Measured: every counter of {@code /proc/net/snmp} and
     * {@code netstat} given a number of its own, and the number looked up in what netstat 2.10 printed; the spellings of net-tools
     * 1.60 besides.
     */
    private static final Map<String, String> SENTENCES = sentences(
            """
            Ip:
                InReceives = total packets received
                InHdrErrors = with invalid headers
                InAddrErrors = with invalid addresses
                ForwDatagrams = forwarded
                InUnknownProtos = with unknown protocol
                InDiscards = incoming packets discarded
                InDelivers = incoming packets delivered
                OutRequests = requests sent out
                OutDiscards = outgoing packets dropped
                OutNoRoutes = dropped because of missing route
                ReasmTimeout = fragments dropped after timeout
                ReasmReqds = reassemblies required
                ReasmOKs = packets reassembled ok
                ReasmFails = packet reassemblies failed
                FragOKs = outgoing packets fragmented ok
                FragFails = outgoing packets failed fragmentation
                FragCreates = fragments created
            Icmp:
                InMsgs = ICMP messages received
                InErrors = input ICMP message failed
                InDestUnreachs = input destination unreachable
                InTimeExcds = input timeout in transit
                InParmProbs = input wrong parameters
                InSrcQuenchs = input source quenches
                InRedirects = input redirects
                InEchos = input echo requests
                InEchoReps = input echo replies
                InTimestamps = input timestamp request
                InTimestampReps = input timestamp reply
                InAddrMasks = input address mask request
                InAddrMaskReps = input address mask replies
                OutMsgs = ICMP messages sent
                OutErrors = ICMP messages failed
                OutDestUnreachs = output destination unreachable
                OutTimeExcds = output time exceeded
                OutParmProbs = output wrong parameters
                OutSrcQuenchs = output source quench
                OutRedirects = output redirect
                OutEchos = output echo requests
                OutEchoReps = output echo replies
                OutTimestamps = output timestamp requests
                OutTimestampReps = output timestamp replies
                OutAddrMasks = output address mask requests
                OutAddrMaskReps = output address mask replies
            Tcp:
                ActiveOpens = active connection openings
                PassiveOpens = passive connection openings
                AttemptFails = failed connection attempts
                EstabResets = connection resets received
                CurrEstab = connections established
                InSegs = segments received
                OutSegs = segments sent out
                OutSegs = segments send out
                RetransSegs = segments retransmitted
                RetransSegs = segments retransmited
                InErrs = bad segments received
                OutRsts = resets sent
            Udp:
                InDatagrams = packets received
                NoPorts = packets to unknown port received
                InErrors = packet receive errors
                OutDatagrams = packets sent
                RcvbufErrors = receive buffer errors
                SndbufErrors = send buffer errors
            TcpExt:
                SyncookiesSent = SYN cookies sent
                SyncookiesRecv = SYN cookies received
                SyncookiesFailed = invalid SYN cookies received
                EmbryonicRsts = resets received for embryonic SYN_RECV sockets
                PruneCalled = packets pruned from receive queue because of socket buffer overrun
                RcvPruned = packets pruned from receive queue
                OfoPruned = packets dropped from out-of-order queue because of socket buffer overrun
                OutOfWindowIcmps = ICMP packets dropped because they were out-of-window
                LockDroppedIcmps = ICMP packets dropped because socket was locked
                TW = TCP sockets finished time wait in fast timer
                TWKilled = TCP sockets finished time wait in slow timer
                TWRecycled = time wait sockets recycled by time stamp
                PAWSActive = active connections rejected because of time stamp
                PAWSEstab = packets rejected in established connections because of timestamp
                DelayedACKs = delayed acks sent
                DelayedACKLocked = delayed acks further delayed because of locked socket
                DelayedACKLost = Quick ack mode was activated times
                ListenOverflows = times the listen queue of a socket overflowed
                ListenDrops = SYNs to LISTEN sockets dropped
                ListenDrops = SYNs to LISTEN sockets ignored
                TCPHPHits = packet headers predicted
                TCPPureAcks = acknowledgments not containing data payload received
                TCPHPAcks = predicted acknowledgments
                TCPRenoRecovery = times recovered from packet loss due to fast retransmit
                TCPSACKReorder = Detected reordering times using SACK
                TCPRenoReorder = Detected reordering times using reno fast retransmit
                TCPTSReorder = Detected reordering times using time stamp
                TCPFullUndo = congestion windows fully recovered without slow start
                TCPPartialUndo = congestion windows partially recovered using Hoe heuristic
                TCPLossUndo = congestion windows recovered without slow start after partial ack
                TCPRenoFailures = timeouts after reno fast retransmit
                TCPLossFailures = timeouts in loss state
                TCPFastRetrans = fast retransmits
                TCPSlowStartRetrans = retransmits in slow start
                TCPRcvCollapsed = packets collapsed in receive queue due to low socket buffer
                TCPAbortOnData = connections reset due to unexpected data
                TCPAbortOnClose = connections reset due to early user close
                TCPAbortOnMemory = connections aborted due to memory pressure
                TCPAbortOnTimeout = connections aborted due to timeout
                TCPAbortOnLinger = connections aborted after user close in linger timeout
                TCPAbortFailed = times unable to send RST due to no memory
                TCPMemoryPressures = TCP ran low on memory times
                PAWSPassive = passive connections rejected because of time stamp
                SockMallocOOM = Ran times out of system memory during packet sending
                TCPAbortOnSyn = connections reset due to unexpected SYN
                TCPDirectCopyFromBacklog = bytes directly in process context from backlog
                TCPFACKReorder = Detected reordering times using FACK
                TCPForwardRetrans = forward retransmits
                TCPHPHitsToUser = packet headers predicted and directly queued to user
                TCPPrequeued = packets directly queued to recvmsg prequeue
                TCPSchedulerFailed = times receiver scheduled too late for direct processing
            """);

    @Override
    public String name() {
        return "netstat -s";
    }

    @Override
    public boolean begins(String line) {
        return line.equals("Ip:");
    }

    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, 2);
        return head.size() == 2
                        && SECTION.matcher(head.get(0)).matches()
                        && head.get(1).startsWith("    ")
                        && counter(head.get(1).strip())
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var counters = new Counters(account);
        account.excerpt();
        String group = "";
        String direction = "";
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            String told = line.strip();
            Matcher section = SECTION.matcher(line.stripTrailing());
            Matcher histogram = HISTOGRAM.matcher(told);
            if (told.isEmpty()) {
                account.empty();
            } else if (section.matches()) {
                group = section.group(1);
                direction = "";
                account.empty();
            } else if (group.isEmpty()) {
                account.reject(i, "stands above the first section, which is like 'Tcp:'");
            } else if (histogram.matches()) {
                direction = histogram.group(1) + " ";
                account.empty();
            } else if (!counter(told)) {
                account.reject(i, "is not a sentence with one whole number in it");
            } else {
                boolean detail = line.startsWith("        ");
                count(counters, i, group, told, detail ? direction : "");
                account.used();
            }
        }
        return account.close(Optional.of(counters.rows()));
    }

    private static boolean counter(String told) {
        return FORWARDING.matcher(told).matches()
                || NUMBER.matcher(told).results().count() == 1;
    }

    private static void count(Counters counters, int line, String group, String told, String direction) {
        Matcher forwarding = FORWARDING.matcher(told);
        Matcher named = NAMED.matcher(told);
        if (forwarding.matches()) {
            counters.add(line, group, "Forwarding", forwarding.group(1).equals("enabled") ? 1 : 2);
            return;
        }
        if (named.matches()) {
            counters.add(line, group, named.group(1), Long.parseLong(named.group(2)));
            return;
        }
        Matcher number = NUMBER.matcher(told);
        number.find();
        long value = Long.parseLong(number.group());
        String sentence = direction + words(told.substring(0, number.start()), told.substring(number.end()));
        String counter = SENTENCES.get(group + " " + sentence);
        if (counter == null) {
            counters.row(group, sentence, value);
        } else {
            counters.add(line, group, counter, value);
        }
    }

    /** What is left of a sentence without its number, and without the colon before it or the full stop of old versions. */
    private static String words(String before, String after) {
        String start = before.strip();
        String end = after.strip();
        String bare = start.endsWith(":") ? start.substring(0, start.length() - 1) : start;
        return (bare + " " + (end.endsWith(".") ? end.substring(0, end.length() - 1) : end)).strip();
    }

    private static Map<String, String> sentences(String listed) {
        var sentences = new HashMap<String, String>();
        String group = "";
        for (String line : listed.lines().toList()) {
            if (line.endsWith(":")) {
                group = line.substring(0, line.length() - 1);
            } else {
                String[] sides = line.strip().split(" = ", 2);
                sentences.put(group + " " + sides[1], sides[0]);
            }
        }
        return Map.copyOf(sentences);
    }
}
