package plimsoll.telemetry;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stream of FastCGI records as {@code hexdump -C} or {@code xxd} shows it, into the table {@code fastcgi_records}: every record has a
 * header of eight bytes, version, type, request, content length, padding length, one reserved (FastCGI Specification 1.0, section
 * 3.3). A dump that ends within a record is an excerpt.
 */
final class FastCgiDumpSource implements Source {
    /** By number (section 8). */
    private static final List<String> TYPES = List.of(
            "",
            "FCGI_BEGIN_REQUEST",
            "FCGI_ABORT_REQUEST",
            "FCGI_END_REQUEST",
            "FCGI_PARAMS",
            "FCGI_STDIN",
            "FCGI_STDOUT",
            "FCGI_STDERR",
            "FCGI_DATA",
            "FCGI_GET_VALUES",
            "FCGI_GET_VALUES_RESULT",
            "FCGI_UNKNOWN_TYPE");

    // offset, then up to 16 bytes in groups of one or two, then the same as text
    private static final Pattern LINE = Pattern.compile(
            "\\s*([0-9a-f]{6,8}):?((?: {1,3}[0-9a-f]{2}(?:[0-9a-f]{2})?){1,16})(?:\\s*| {1,60}[|>]?.{1,16}[|<]?\\s*)");
    private static final Pattern FIRST = Pattern.compile("\\s*0{6,8}:? {1,3}01");
    private static final Pattern END = Pattern.compile("\\s*[0-9a-f]{6,8}\\s*");
    private static final int HEADER = 8;
    private static final int MOST = 64 << 20;

    @Override
    public String name() {
        return "FastCGI dump";
    }

    @Override
    public boolean begins(String line) {
        return FIRST.matcher(line).lookingAt() && record(line);
    }

    @Override
    public Match match(Text text) {
        return text.first().filter(FastCgiDumpSource::record).isPresent() ? Match.SURE : Match.NO;
    }

    /** True for a line of a dump that begins with the header of a record. */
    private static boolean record(String line) {
        Matcher m = LINE.matcher(line);
        if (!m.matches()) {
            return false;
        }
        byte[] bytes = bytes(m.group(2));
        return bytes.length >= HEADER && wrong(bytes, 0) == null && bytes[HEADER - 1] == 0;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var stream = new Stream();
        var rows = new Rows.Builder("fastcgi_records")
                .column("offset", Rows.Type.NUMBER)
                .column("type", Rows.Type.TEXT)
                .column("request", Rows.Type.NUMBER)
                .column("content_length", Rows.Type.NUMBER)
                .column("padding", Rows.Type.NUMBER);
        long base = -1;
        long next = 0; // where the next record begins, from base
        byte[] last = {};
        boolean repeats = false;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            if (line.isBlank() || (base >= 0 && END.matcher(line).matches())) {
                account.empty();
            } else if (line.strip().equals("*") && last.length > 0) {
                repeats = true;
                account.used();
            } else if (!m.matches()) {
                account.reject(i, "is not an offset and up to 16 bytes in hexadecimal");
            } else {
                long offset = Fields.hexadecimal(m.group(1), 0, m.group(1).length());
                base = base < 0 ? offset : base;
                long expected = base + stream.size();
                if (repeats) {
                    fill(stream, last, offset - expected);
                }
                repeats = false;
                if (offset != base + stream.size()) {
                    account.reject(
                            i,
                            "is at offset " + m.group(1) + ", where "
                                    + String.format(java.util.Locale.ROOT, "%08x", base + stream.size())
                                    + " should follow");
                    continue;
                }
                last = bytes(m.group(2));
                stream.writeBytes(last);
                String wrong = null;
                while (wrong == null && next + HEADER <= stream.size()) {
                    wrong = wrong(stream.bytes(), (int) next);
                    if (wrong == null) {
                        next += record(rows, stream.bytes(), (int) next, base);
                    }
                }
                if (wrong == null) {
                    account.used();
                } else {
                    account.reject(i, wrong);
                    next = Long.MAX_VALUE - HEADER; // the stream is lost
                }
            }
        }
        if (next != stream.size()) {
            account.excerpt();
        }
        return account.close(Optional.of(rows.rows()));
    }

    /** Lines that hexdump leaves out are copies of the one before. */
    private static void fill(ByteArrayOutputStream stream, byte[] line, long missing) {
        for (long left = Math.min(missing, MOST); left >= line.length; left -= line.length) {
            stream.writeBytes(line);
        }
    }

    private static byte[] bytes(String groups) {
        var bytes = new ByteArrayOutputStream();
        for (String group : Fields.split(groups)) {
            for (int i = 0; i < group.length(); i += 2) {
                bytes.write((int) Fields.hexadecimal(group, i, i + 2));
            }
        }
        return bytes.toByteArray();
    }

    private static @Nullable String wrong(byte[] stream, int at) {
        if (stream[at] != 1 || stream[at + 1] < 1 || stream[at + 1] >= TYPES.size()) {
            return "a FastCGI record should begin with version 1 and a type from 1 to 11, and has "
                    + (stream[at] & 0xff) + " and " + (stream[at + 1] & 0xff);
        }
        return null;
    }

    /** The record's length with its header. */
    private static long record(Rows.Builder rows, byte[] stream, int at, long base) {
        int content = unsigned16(stream, at + 4);
        int padding = stream[at + 6] & 0xff;
        rows.number("offset", base + at)
                .text("type", TYPES.get(stream[at + 1]))
                .number("request", unsigned16(stream, at + 2))
                .number("content_length", content)
                .number("padding", padding)
                .end();
        return (long) HEADER + content + padding;
    }

    private static int unsigned16(byte[] stream, int at) {
        return (stream[at] & 0xff) << 8 | (stream[at + 1] & 0xff);
    }

    /** Bytes that can be looked at while they grow. */
    private static final class Stream extends ByteArrayOutputStream {
        /** The bytes up to the size, and room behind them; not a copy. */
        private byte[] bytes() {
            return buf;
        }
    }
}
