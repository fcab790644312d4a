package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FastcgiRecordsTest {

    /** Bytes on the wire of records with these contents, each padded to a multiple of {@code padding}. */
    private static long wire(List<Long> contents, long padding) {
        return contents.stream()
                .mapToLong(c -> 8 + (c + padding - 1) / padding * padding)
                .sum();
    }

    private static List<Long> cut(long content, long record) {
        var records = new ArrayList<Long>();
        for (long left = content; left > 0; left -= Math.min(left, record)) {
            records.add(Math.min(left, record));
        }
        return records;
    }

    @Test
    void fifteenMebibytesOfPhpAsSeenOnTheWire() {
        // 243 records with that of the header and END_REQUEST, 2000 bytes of overhead with END_REQUEST's body of 8
        assertEquals(15_728_640 + 2_000 - 8, new FastcgiRecords(42, 15_728_640, 65_528, 8).bytes());
        // small echoes: 1923 records, 15440 bytes
        assertEquals(15_728_640 + 15_440 - 8, new FastcgiRecords(42, 15_728_640, 8_184, 8).bytes());
    }

    @Property
    void oneStreamIsCutIntoRecords(
            @ForAll @IntRange(max = 4_000) int header,
            @ForAll @IntRange(max = 1_000_000) int payload,
            @ForAll @IntRange(min = 100, max = 65_535) int record) {
        assertEquals(
                wire(cut(header + payload, record), 1) + 8, new FastcgiRecords(header, payload, record, 1).bytes());
    }

    /** As fcgi_write makes them: 65528 as long as more than 65535 are left, then a multiple of 8, then the rest. */
    @Property
    void aLargeWriteOfPhp(
            @ForAll @IntRange(min = 1, max = 4_000) int header, @ForAll @IntRange(max = 1_000_000) int payload) {
        var records = new ArrayList<>(List.of((long) header));
        long left = payload;
        for (; left > 0xffff; left -= 0xfff8) {
            records.add(0xfff8L);
        }
        for (long part : new long[] {left - left % 8, left % 8}) {
            if (part > 0) {
                records.add(part);
            }
        }
        assertEquals(wire(records, 8) + 8, new FastcgiRecords(header, payload, 65_528, 8).bytes());
    }

    @Property
    void contentIsWhatIsNotARecordHeader(
            @ForAll @IntRange(max = 200_000) int read, @ForAll @IntRange(min = 100, max = 8_184) int record) {
        long content = 0;
        for (int i = 0; i < read; i++) {
            content += i % (record + 8) >= 8 ? 1 : 0;
        }
        assertEquals(content, new FastcgiRecords(42, 1_000_000, record, 1).content(read));
    }
}
