package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /proc/slabinfo} version 2: sections between colons, {@code tunables} and {@code slabdata} named by their first word, columns
 * by the header's names. Rows that {@code grep} left without header are read by the header that version 2.1 has always had, and are
 * an excerpt. Sizes are in bytes ({@code slabinfo_show} of mm/slab_common.c).
 */
final class SlabinfoSource implements Source {
    private static final String HEADER =
            "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
                    + " : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>";
    private static final String VERSION = "slabinfo - version: ";
    private static final String TABLE = "slabs";

    /** The columns that are kept, in the table's order. */
    private static final List<String> KEPT = List.of(
            "active_objs",
            "num_objs",
            "objsize",
            "objperslab",
            "pagesperslab",
            "limit",
            "batchcount",
            "sharedfactor",
            "active_slabs",
            "num_slabs");

    @Override
    public String name() {
        return "/proc/slabinfo";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith(VERSION);
    }

    @Override
    public Match match(Text text) {
        int seen = 0;
        for (String line : text.lines()) {
            if (begins(line) || (line.startsWith("# name") && line.contains("<active_objs>"))) {
                return Match.SURE;
            }
            if (line.contains(" : tunables ") && line.contains(" : slabdata ")) {
                return Match.SHAPE;
            }
            if (!line.isBlank() && ++seen == 3) {
                break;
            }
        }
        return Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder(TABLE).column("name", Rows.Type.TEXT);
        KEPT.forEach(column -> rows.column(column, Rows.Type.NUMBER));
        List<List<String>> sections = sections(HEADER);
        boolean header = false;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (line.isBlank() || begins(line)) {
                account.empty();
            } else if (line.startsWith("#")) {
                sections = sections(line);
                header = true;
                account.empty();
            } else {
                String wrong = slab(line, sections, rows);
                if (wrong == null) {
                    account.used();
                } else {
                    account.reject(i, wrong);
                }
            }
        }
        if (!header) {
            account.excerpt();
        }
        return account.close(Optional.of(rows.rows()));
    }

    /** The names of each section; the first of a section is the word that stands in every row, {@code tunables} or {@code slabdata}. */
    private static List<List<String>> sections(String header) {
        var sections = new ArrayList<List<String>>();
        for (String section : header.replace("# name", "name").split(" : ", -1)) {
            sections.add(Fields.split(section.replace("<", "").replace(">", "")));
        }
        return sections;
    }

    /** Puts the cache on this line into the table; or says what is wrong with the line, having written nothing. */
    private static @Nullable String slab(String line, List<List<String>> sections, Rows.Builder rows) {
        String[] parts = line.split(" : ", -1);
        if (parts.length != sections.size()) {
            return "has " + parts.length + " sections between colons where the header has " + sections.size();
        }
        var values = new ArrayList<List<String>>();
        for (int s = 0; s < parts.length; s++) {
            List<String> names = sections.get(s);
            List<String> fields = Fields.split(parts[s]);
            int numbers = names.size() - 1;
            // the cache's name may have blanks in it: the numbers are counted from the right
            boolean first = s == 0;
            if (first ? fields.size() < names.size() : fields.size() != names.size()) {
                return "has " + (fields.size() - 1) + " values for " + String.join(" ", names.subList(1, names.size()));
            }
            if (!first && !fields.get(0).equals(names.get(0))) {
                return "'" + fields.get(0) + "' stands where '" + names.get(0) + "' should be";
            }
            List<String> tail = fields.subList(fields.size() - numbers, fields.size());
            for (String value : tail) {
                if (Fields.decimal(value, 0, value.length()) < 0) {
                    return "'" + value + "' stands where a whole number should be";
                }
            }
            values.add(tail);
        }
        List<String> name = Fields.split(parts[0]);
        int words = name.size() - (sections.get(0).size() - 1);
        rows.text("name", String.join(" ", name.subList(0, words)));
        for (int s = 0; s < parts.length; s++) {
            List<String> names = sections.get(s);
            for (int i = 1; i < names.size(); i++) {
                if (KEPT.contains(names.get(i))) {
                    String value = values.get(s).get(i - 1);
                    rows.number(names.get(i), Fields.decimal(value, 0, value.length()));
                }
            }
        }
        rows.end();
        return null;
    }
}
