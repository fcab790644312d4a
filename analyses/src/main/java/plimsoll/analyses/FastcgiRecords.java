package plimsoll.analyses;

/**
 * A FastCGI response as it comes from the upstream, byte for byte: STDOUT records, each with a header of 8 bytes, then the header of the
 * END_REQUEST record, at which nginx stops reading ({@code ngx_http_fastcgi_input_filter}). An immutable value; all sizes in bytes.
 *
 * <p>With {@code padding} 1 header and payload are one stream cut into records, none padded. With 8 they are laid out as PHP does it
 * ({@code fcgi_write}, {@code close_packet} in {@code main/fastcgi.c}): small writes are gathered in a buffer of 8192 bytes, so records
 * of 8184; a write beyond the buffer closes the header's record, goes out in records of 65528, and ends in a record cut to a multiple
 * of 8 and, for the rest, one of 1 to 7 bytes that is padded.
 *
 * @param header the header that the application sends
 * @param payload the body
 * @param record the most content in one record
 * @param padding what a record's content is padded to a multiple of
 */
record FastcgiRecords(long header, long payload, long record, long padding) implements Spool.Response {
    static final long RECORD_HEADER = 8;

    /** The most content that PHP's own buffer of 8192 bytes takes (FCGI_FLUSH, {@code out_buf} in main/fastcgi.h). */
    static final long GATHERED = 8184;

    FastcgiRecords {
        if (header < 0 || payload < 0 || record < 1 || padding < 1 || padding > 255) {
            throw new IllegalArgumentException(
                    "FastCGI records of at least 1 byte, padded to a multiple of 1 to 255, were "
                            + "expected: header " + header + ", payload " + payload + ", record " + record
                            + ", padding " + padding);
        }
    }

    /** All that nginx reads before it stops: the STDOUT records and the header of the END_REQUEST record. */
    @Override
    public long bytes() {
        return stdout() + RECORD_HEADER;
    }

    private long stdout() {
        if (!ownHeader()) {
            return up(header + payload + RECORD_HEADER * records(header + payload, record));
        }
        long rest = payload % padding;
        return headerRecord()
                + (payload - rest)
                + RECORD_HEADER * records(payload - rest, whole())
                + (rest > 0 ? RECORD_HEADER + padding : 0);
    }

    /** How much of the first {@code read} bytes is content of records behind that of the header. */
    @Override
    public long content(long read) {
        long past = ownHeader() ? headerRecord() : 0;
        long cut = (ownHeader() ? whole() : record) + RECORD_HEADER;
        long from = Math.max(0, read - past);
        return from - from / cut * RECORD_HEADER - Math.min(from % cut, RECORD_HEADER);
    }

    private boolean ownHeader() {
        return padding > 1 && record > GATHERED;
    }

    private long headerRecord() {
        return header == 0 ? 0 : RECORD_HEADER + up(header);
    }

    private long whole() {
        return record - record % padding;
    }

    private static long records(long content, long record) {
        return (content + record - 1) / record;
    }

    private long up(long bytes) {
        return (bytes + padding - 1) / padding * padding;
    }
}
