package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code /proc/diskstats} into table {@code diskstats}: counters since boot, sectors of 512 B, times in milliseconds. Kernels before
 * 4.18 print 14 fields, before 5.5 18, since then 20 (Documentation/admin-guide/iostats.rst; {@code diskstats_show} of block/genhd.c).
 */
final class DiskstatsSource implements Source {
    private static final Pattern LINE =
            Pattern.compile(" *\\d+ +\\d+ [\\w!.:-]+(?: \\d+){11}(?:(?: \\d+){4}){0,1}(?: \\d+ \\d+)? *");
    private static final List<String> COLUMNS = List.of(
            "reads_completed",
            "reads_merged",
            "sectors_read",
            "ms_reading",
            "writes_completed",
            "writes_merged",
            "sectors_written",
            "ms_writing",
            "ios_in_progress",
            "ms_doing_io",
            "weighted_ms_doing_io",
            "discards_completed",
            "discards_merged",
            "sectors_discarded",
            "ms_discarding",
            "flushes_completed",
            "ms_flushing");

    @Override
    public String name() {
        return "/proc/diskstats";
    }

    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, 3);
        return !head.isEmpty() && head.stream().anyMatch(l -> LINE.matcher(l).matches()) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("diskstats")
                .column("device", Rows.Type.TEXT)
                .column("major", Rows.Type.NUMBER)
                .column("minor", Rows.Type.NUMBER);
        COLUMNS.forEach(column -> rows.column(column, Rows.Type.NUMBER));
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            List<String> fields = Fields.split(line);
            if (line.isBlank()) {
                account.empty();
            } else if (!LINE.matcher(line).matches()) {
                account.reject(
                        i,
                        fields.size() == 14 || fields.size() == 18 || fields.size() == 20
                                ? "is not two device numbers, a name and counters"
                                : "has " + fields.size() + " fields; /proc/diskstats has 14, 18 or 20, by kernel");
            } else if (fields.stream().skip(3).anyMatch(f -> Values.whole(f) < 0)) {
                account.reject(i, "has a counter of more than 63 bits");
            } else {
                rows.text("device", fields.get(2))
                        .number("major", Values.whole(fields.get(0)))
                        .number("minor", Values.whole(fields.get(1)));
                for (int c = 3; c < fields.size(); c++) {
                    rows.number(COLUMNS.get(c - 3), Values.whole(fields.get(c)));
                }
                rows.end();
                account.used();
            }
        }
        return account.close(Optional.of(rows.rows()));
    }
}
