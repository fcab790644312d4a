package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.text;
import static plimsoll.telemetry.SocketTexts.whole;

import java.util.List;
import org.junit.jupiter.api.Test;

/** FastCGI records in dumps of three programs. */
class FastCgiDumpSourceTest {
    private static final String[] COLUMNS = {"offset", "type", "request", "content_length", "padding"};

    @Test
    void theFirstLinesOfALongRecordAreAnExcerpt() {
        Rows rows = whole(
                new FastCgiDumpSource(),
                text(
                        "00000000 01 06 00 01 1f f8 08 00 7b 22 76 65 68 69 63 6c |........{\"vehicl|",
                        "00000010 65 5f 69 64 22 3a 34 38 32 30 31 2c 22 69 6e 73 |e_id\":48201,\"ins|"));
        assertEquals(List.of("0", "FCGI_STDOUT", "1", "8184", "8"), row(rows, 0, COLUMNS));
        assertTrue(rows.excerpt());
    }

    @Test
    void hexdumpWithLinesLeftOut() {
        // stdout of 64 zero bytes, then the end of the request
        Rows rows = whole(
                new FastCgiDumpSource(),
                text(
                        "00000000  01 06 00 02 00 40 00 00  00 00 00 00 00 00 00 00  |.....@..........|",
                        "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|",
                        "*",
                        "00000040  00 00 00 00 00 00 00 00  01 03 00 02 00 08 00 00  |................|",
                        "00000050  00 00 00 00 00 00 00 00                           |........|",
                        "00000058"));
        assertEquals(List.of("0", "FCGI_STDOUT", "2", "64", "0"), row(rows, 0, COLUMNS));
        assertEquals(List.of("72", "FCGI_END_REQUEST", "2", "8", "0"), row(rows, 1, COLUMNS));
        assertEquals(false, rows.excerpt());
    }

    @Test
    void xxdWithItsPairs() {
        Rows rows = whole(
                new FastCgiDumpSource(),
                text(
                        "00000000: 0101 0001 0008 0000 0001 0000 0000 0000  ................",
                        "00000010: 0105 0001 0000 0000                      ........"));
        assertEquals(List.of("0", "FCGI_BEGIN_REQUEST", "1", "8", "0"), row(rows, 0, COLUMNS));
        assertEquals(List.of("16", "FCGI_STDIN", "1", "0", "0"), row(rows, 1, COLUMNS));
        assertEquals(false, rows.excerpt());
    }

    @Test
    void aStreamThatIsNotFastCgiFurtherDown() {
        Parsed parsed = new FastCgiDumpSource()
                .parse(text(
                        "00000000  01 05 00 01 00 00 00 00  47 45 54 20 2f 20 48 54  |........GET / HT|",
                        "00000030  00",
                        "prose"));
        assertEquals(
                List.of(
                        "1: a FastCGI record should begin with version 1 and a type from 1 to 11, and has 71 and 69",
                        "2: is at offset 00000030, where 00000010 should follow",
                        "3: is not an offset and up to 16 bytes in hexadecimal"),
                rejects(parsed));
    }

    @Test
    void anyOtherDumpIsNotOne() {
        assertEquals(
                Source.Match.NO,
                new FastCgiDumpSource()
                        .match(text("00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF|")));
    }
}
