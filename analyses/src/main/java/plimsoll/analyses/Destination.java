package plimsoll.analyses;

import java.util.Optional;

/**
 * One pool of ephemeral ports: a source address and a destination address and port. An immutable value.
 *
 * @param source the local address
 * @param address the peer's address
 * @param port the peer's port
 */
record Destination(String source, String address, long port) {

    /** The destination that a scope names; empty where the scope names none in particular. */
    static Optional<Destination> parse(String scope) {
        int arrow = scope.indexOf(" -> ");
        if (arrow < 0) {
            return Optional.empty();
        }
        String peer = scope.substring(arrow + 4).strip();
        int colon = peer.lastIndexOf(':');
        try {
            String address = peer.substring(0, Math.max(0, colon));
            return Optional.of(new Destination(
                    scope.substring(0, arrow).strip(),
                    address.startsWith("[") && address.endsWith("]")
                            ? address.substring(1, address.length() - 1)
                            : address,
                    Long.parseLong(peer.substring(colon + 1))));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + scope + "' is not a destination: write SOURCE -> ADDRESS:PORT, as 10.0.0.1 -> 10.0.0.2:443",
                    e);
        }
    }

    /** True where tcp_tw_reuse=2 counts it as loopback: one end in 127/8, ::1 or its v4-mapped form (tcp_ipv4.c, tcp_twsk_unique). */
    boolean loopback() {
        return loopback(source) || loopback(address);
    }

    private static boolean loopback(String address) {
        return address.startsWith("127.") || address.equals("::1") || address.startsWith("::ffff:127.");
    }

    @Override
    public String toString() {
        return source + " -> " + peer(address, Long.toString(port));
    }

    /** An address and a port as one text: {@code 10.0.0.2:443}, {@code [fd00::2]:443}. */
    static String peer(String address, String port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
