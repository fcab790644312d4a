package plimsoll.bench;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes the inputs of the parse race, the same for everybody: {@code Inputs (conntrack|tcp|ss) ROWS FILE}. A proxy with a few
 * addresses of its own, some hundred thousand clients and a few dozen backends; 3 % of the entries are IPv6.
 */
public final class Inputs {
    private static final String[] CONNTRACK_STATES = {"ESTABLISHED", "TIME_WAIT", "CLOSE_WAIT", "FIN_WAIT", "SYN_SENT"};
    private static final String[] SS_STATES = {"ESTAB", "TIME-WAIT", "CLOSE-WAIT", "FIN-WAIT-2", "SYN-SENT"};
    private static final int[] TCP_STATES = {0x01, 0x06, 0x08, 0x05, 0x02};

    private final SplittableRandom random = new SplittableRandom(42);
    private final PrintWriter out;

    private Inputs(PrintWriter out) {
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        int rows = Integer.parseInt(args[1]);
        try (var out = new PrintWriter(
                new OutputStreamWriter(Files.newOutputStream(Path.of(args[2])), StandardCharsets.US_ASCII))) {
            var inputs = new Inputs(out);
            switch (args[0]) {
                case "conntrack" -> inputs.conntrack(rows);
                case "tcp" -> inputs.tcp(rows);
                case "ss" -> inputs.ss(rows);
                default -> throw new IllegalArgumentException(args[0] + " is not conntrack, tcp or ss");
            }
        }
    }

    /** Four of ten established, five in TIME-WAIT, as on a proxy with short connections. */
    private int state() {
        int i = random.nextInt(100);
        return i < 40 ? 0 : i < 90 ? 1 : i < 94 ? 2 : i < 98 ? 3 : 4;
    }

    private String client() {
        return (1 + random.nextInt(223)) + "." + random.nextInt(256) + "." + random.nextInt(256) + "."
                + random.nextInt(256);
    }

    private void conntrack(int rows) {
        for (int i = 0; i < rows; i++) {
            boolean six = random.nextInt(100) < 3;
            boolean udp = random.nextInt(100) < 10;
            String from = six
                    ? String.format(
                            Locale.ROOT,
                            "2001:0db8:%04x:0000:0000:0000:0000:%04x",
                            random.nextInt(65536),
                            random.nextInt(65536))
                    : client();
            String to = six ? "2001:0db8:0000:0000:0000:0000:0000:0001" : "203.0.113." + (1 + random.nextInt(4));
            int port = 1024 + random.nextInt(64512);
            int service = udp ? 53 : random.nextInt(4) == 0 ? 80 : 443;
            int state = state();
            out.print(six ? "ipv6     10 " : "ipv4     2 ");
            out.print(udp ? "udp      17 " : "tcp      6 ");
            out.print(udp ? random.nextInt(180) : state == 0 ? random.nextInt(432000) : random.nextInt(120));
            out.print(' ');
            if (!udp) {
                out.print(CONNTRACK_STATES[state]);
                out.print(' ');
            }
            direction(from, to, port, service);
            if (state == 4) {
                out.print("[UNREPLIED] ");
            }
            direction(to, from, service, port);
            if (state != 4) {
                out.print("[ASSURED] ");
            }
            out.print("mark=0 zone=0 use=2\n");
        }
    }

    private void direction(String from, String to, int sport, int dport) {
        out.print("src=");
        out.print(from);
        out.print(" dst=");
        out.print(to);
        out.print(" sport=");
        out.print(sport);
        out.print(" dport=");
        out.print(dport);
        out.print(' ');
    }

    private String word() {
        return String.format(Locale.ROOT, "%08X", random.nextInt());
    }

    private void tcp(int rows) {
        out.print("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
                + "                                                     \n");
        for (int i = 0; i < rows; i++) {
            int state = state();
            boolean gone = state == 1;
            String row = String.format(
                    Locale.ROOT,
                    "%4d: %s:%04X %s:%04X %02X %08X:%08X %02X:%08X %08X %5d %8d %d %d %016x",
                    i,
                    "0100A8C0",
                    random.nextInt(4) == 0 ? 80 : 443,
                    word(),
                    1024 + random.nextInt(64512),
                    TCP_STATES[state],
                    0,
                    random.nextInt(10) == 0 ? random.nextInt(4096) : 0,
                    gone ? 3 : 0,
                    gone ? random.nextInt(6000) : 0,
                    0,
                    gone ? 0 : 33,
                    0,
                    gone ? 0 : 10_000 + random.nextInt(10_000_000),
                    gone ? 3 : 1,
                    gone ? 0L : random.nextLong());
            // the kernel pads each line to 149 characters
            out.print(gone ? row : row + " 20 4 30 10 -1");
            for (int j = row.length() + (gone ? 0 : 14); j < 149; j++) {
                out.print(' ');
            }
            out.print('\n');
        }
    }

    private void ss(int rows) {
        out.print("State      Recv-Q Send-Q        Local Address:Port          Peer Address:Port Process\n");
        for (int i = 0; i < rows; i++) {
            int state = state();
            boolean six = random.nextInt(100) < 3;
            int service = random.nextInt(4) == 0 ? 80 : 443;
            String local = (six ? "[2001:db8::1]:" : "203.0.113." + (1 + random.nextInt(4)) + ":") + service;
            String peer = (six
                            ? String.format(
                                    Locale.ROOT,
                                    "[2001:db8:%x::%x]:",
                                    1 + random.nextInt(65535),
                                    1 + random.nextInt(65535))
                            : client() + ":")
                    + (1024 + random.nextInt(64512));
            out.print(String.format(
                    Locale.ROOT,
                    "%-10s %-6d %-6d %26s %26s %s\n",
                    SS_STATES[state],
                    random.nextInt(10) == 0 ? random.nextInt(4096) : 0,
                    0,
                    local,
                    peer,
                    state == 1
                            ? ""
                            : "users:((\"nginx\",pid=" + (1000 + random.nextInt(8)) + ",fd=" + random.nextInt(60000)
                                    + "))"));
        }
    }
}
