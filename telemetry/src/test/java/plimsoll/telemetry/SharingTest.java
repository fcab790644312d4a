package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Small tables that share their columns read as they did before. */
class SharingTest {
    private static final String COLUMNS = "size used name peer";

    private static Rows table(int from, int rows) {
        var builder = new Rows.Builder("disks")
                .column("size", Rows.Type.NUMBER)
                .column("used", Rows.Type.REAL)
                .column("name", Rows.Type.TEXT)
                .column("peer", Rows.Type.ADDRESS);
        for (int i = from; i < from + rows; i++) {
            if (i % 3 != 0) {
                builder.number("size", 1L << i % 50).real("used", i / 8.0);
            }
            builder.text("name", "sd" + i % 5).text("peer", i % 2 == 0 ? "10.0.0." + i : "2001:db8::" + i);
            builder.end();
        }
        return builder.rows();
    }

    private static List<String> cells(Rows rows) {
        return IntStream.range(0, rows.size())
                .mapToObj(i -> rows.columns().stream()
                        .map(c -> rows.cell(c, i))
                        .toList()
                        .toString())
                .toList();
    }

    @Test
    void eachTableIsWhatItWas() {
        List<Rows> tables = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            tables.add(table(i, i % 4).covering(i % 5 == 0 ? Set.of() : Set.of("part " + i)));
        }
        List<Rows> shared = Rows.sharing(tables);
        assertEquals(tables.size(), shared.size());
        for (int i = 0; i < tables.size(); i++) {
            Rows was = tables.get(i);
            Rows now = shared.get(i);
            assertNotSame(was, now);
            assertEquals(was.covers(), now.covers());
            assertEquals(List.of(COLUMNS.split(" ")), now.columns());
            assertEquals(cells(was), cells(now));
            assertEquals(was.filled(), now.filled());
            assertEquals(was.toString(), now.toString());
            assertEquals(was.table().toString(), now.table().toString());
            assertEquals(cells(was.count("name", "peer")), cells(now.count("name", "peer")));
            assertEquals(cells(was.where(r -> r > 0)), cells(now.where(r -> r > 0)));
            for (int row = 0; row < was.size(); row++) {
                assertEquals(was.number("size", row), now.number("size", row));
                assertEquals(was.real("used", row), now.real("used", row));
                assertEquals(was.text("peer", row), now.text("peer", row));
            }
        }
        assertEquals(cells(Rows.concat(tables)), cells(Rows.concat(shared)));
        assertEquals(
                cells(Rows.concat(tables.subList(7, 9))),
                cells(Rows.concat(Rows.sharing(shared).subList(7, 9))));
    }

    @Test
    void aTableOfOtherColumnsOrOfManyRowsKeepsItsOwn() {
        Rows large = table(0, 1000);
        Rows other = new Rows.Builder("disks").text("size", "large").rows();
        List<Rows> shared = Rows.sharing(List.of(large, table(0, 2), other, table(2, 2)));
        assertSame(large, shared.get(0));
        assertEquals(List.of("size"), shared.get(2).columns());
        assertEquals(Rows.Type.TEXT, shared.get(2).type("size"));
        assertEquals(cells(table(2, 2)), cells(shared.get(3)));
    }
}
