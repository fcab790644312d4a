package plimsoll.telemetry;

/**
 * The table {@code packets}, which packet captures and the text of {@code tcpdump} fill: one row a packet. {@code time_ns} is in
 * nanoseconds since 1970 in UTC, or since midnight where only the time of day was printed; {@code flags} as tcpdump spells them;
 * {@code length} is the payload's in bytes as it was on the wire, however much of it was captured. {@code seq} and {@code ack} are
 * absolute in a capture file, and relative after the first packets of a connection in the text of tcpdump.
 */
final class Packets {
    static final String NAME = "packets";
    static final String TIME = "time_ns";
    static final String PROTOCOL = "protocol";
    static final String SRC = "src";
    static final String SPORT = "sport";
    static final String DST = "dst";
    static final String DPORT = "dport";
    static final String FLAGS = "flags";
    static final String SEQ = "seq";
    static final String ACK = "ack";
    static final String WIN = "win";
    static final String LENGTH = "length";
    static final String INTERFACE = "interface";

    private Packets() {}

    static Rows.Builder builder() {
        return new Rows.Builder(NAME)
                .column(TIME, Rows.Type.NUMBER)
                .column(INTERFACE, Rows.Type.TEXT)
                .column(PROTOCOL, Rows.Type.TEXT)
                .column(SRC, Rows.Type.TEXT)
                .column(SPORT, Rows.Type.NUMBER)
                .column(DST, Rows.Type.TEXT)
                .column(DPORT, Rows.Type.NUMBER)
                .column(FLAGS, Rows.Type.TEXT)
                .column(SEQ, Rows.Type.NUMBER)
                .column(ACK, Rows.Type.NUMBER)
                .column(WIN, Rows.Type.NUMBER)
                .column(LENGTH, Rows.Type.NUMBER);
    }
}
