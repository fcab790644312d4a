package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import plimsoll.dsl.Brief;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Terminal;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A table as typed columns of primitives, immutable: whole numbers as longs, real numbers as doubles, text coded by a dictionary. A
 * missing cell is missing, never zero. {@link #table()} hands out a Tablesaw copy.
 */
public final class Rows {
    /** What a column holds. */
    public enum Type {
        /** Whole numbers, exact. */
        NUMBER,
        /** Real numbers. */
        REAL,
        /** Text. */
        TEXT,
        /** Text of which most is Internet addresses, kept as their bits; read it as text. */
        ADDRESS
    }

    /** The bits in which the value for missing and that of not a number differ. */
    private static final long NAN_TO_MISSING = Cells.MISSING ^ Double.doubleToLongBits(Double.NaN);

    /** A table of so many rows is small. */
    private static final int SMALL = 64;

    /** What cells of numbers stand for. */
    private static final Words NO_WORDS = new Words(false).done();

    private static final int CELL = 48;
    private static final int WIDTH = 76;
    private static final int BRIEF = 20;

    private final String name;

    /** Where its rows begin in the columns, which small tables share. */
    private final int first;

    private final int size;
    private final Map<String, Column> columns;
    private final Set<String> covers;

    private Rows(String name, int first, int size, Map<String, Column> columns, Set<String> covers) {
        this.name = name;
        this.first = first;
        this.size = size;
        this.columns = columns;
        this.covers = covers;
    }

    /** The table's name, as {@code host.rows(name)} takes it. */
    public String name() {
        return name;
    }

    /**
     * The parts of the table that are listed to the last row: {@code tcp4}, {@code tcp6}; the table's own name where it has no parts.
     * Empty for an excerpt.
     */
    public Set<String> covers() {
        return covers;
    }

    /** True where these are some rows of a larger table: they prove that something exists, never how much. */
    public boolean excerpt() {
        return covers.isEmpty();
    }

    /** The same rows, known to be all there is of {@code parts}; an excerpt where there are none. */
    Rows covering(Set<String> parts) {
        return new Rows(
                name,
                first,
                size,
                columns,
                parts.size() <= 1 ? Set.copyOf(parts) : Collections.unmodifiableSet(new TreeSet<>(parts)));
    }

    /** The rows of several tables of one name below each other, with all their columns; a column of two types becomes the wider one. */
    static Rows concat(List<Rows> tables) {
        if (tables.size() == 1) {
            return tables.get(0);
        }
        var types = new LinkedHashMap<String, Type>();
        var covers = new TreeSet<String>();
        for (Rows table : tables) {
            table.columns.forEach((n, c) -> types.merge(n, c.type, Rows::wider));
            covers.addAll(table.covers);
        }
        var all = new Builder(tables.get(0).name);
        types.forEach(all::column);
        for (Rows each : tables) {
            Rows table = each.alone();
            table.columns.forEach((n, c) -> all.append(n, c, types.getOrDefault(n, Type.TEXT), table));
            all.size += table.size;
        }
        return all.rows().covering(covers);
    }

    /** The same tables, in the same order: small ones with the same columns share them, since a column of few cells is mostly frame. */
    static List<Rows> sharing(List<Rows> tables) {
        var alike = new LinkedHashMap<String, List<Rows>>();
        for (Rows table : tables) {
            if (table.size <= SMALL) {
                alike.computeIfAbsent(table.shape(), s -> new ArrayList<>()).add(table);
            }
        }
        var shared = new IdentityHashMap<Rows, Rows>();
        for (List<Rows> group : alike.values()) {
            Rows all = concat(group);
            int next = 0;
            for (Rows table : group) {
                shared.put(table, new Rows(table.name, next, table.size, all.columns, table.covers));
                next += table.size;
            }
        }
        return tables.stream().map(t -> shared.getOrDefault(t, t)).toList();
    }

    private String shape() {
        var shape = new StringBuilder(name);
        columns.forEach((n, c) -> shape.append('\n').append(n).append(' ').append(c.type));
        return shape.toString();
    }

    /** The same rows in columns that no other table shares. */
    private Rows alone() {
        for (Column column : columns.values()) {
            if (column.cells.size() != size) {
                return where(row -> true);
            }
        }
        return this;
    }

    private static Type wider(Type one, Type other) {
        boolean numbers = one.compareTo(Type.TEXT) < 0 && other.compareTo(Type.TEXT) < 0;
        return one == other ? one : numbers ? Type.REAL : Type.TEXT;
    }

    /** Puts a cell of another type into a column of {@code to}. */
    private void copy(String column, int row, Type as, Builder to, int at) {
        if (as == Type.REAL) {
            number(column, row).ifPresent(v -> to.growing(column, as).cells.set(at, bits((double) v)));
        } else if (column(column).cells.get(first + row) != Cells.MISSING) {
            Growing c = to.growing(column, as);
            c.cells.set(at, c.words.cell(cell(column, row)));
        }
    }

    /** A real number as a cell: not a number is missing. */
    static long bits(double value) {
        return Double.doubleToLongBits(value) ^ NAN_TO_MISSING;
    }

    private static double real(long bits) {
        return Double.longBitsToDouble(bits ^ NAN_TO_MISSING);
    }

    /** How many columns have a cell that is not missing. */
    int filled() {
        int filled = 0;
        for (Column column : columns.values()) {
            long empty = column.words.empty();
            int row = first;
            while (row < first + size && (column.cells.get(row) == Cells.MISSING || column.cells.get(row) == empty)) {
                row++;
            }
            filled += row < first + size ? 1 : 0;
        }
        return filled;
    }

    /** Bytes that the cells take, without the words they refer to. */
    long bytes() {
        return columns.values().stream().mapToLong(c -> c.cells.bytes()).sum();
    }

    /** How many rows. */
    public int size() {
        return size;
    }

    /** The column names in order. */
    public List<String> columns() {
        return List.copyOf(columns.keySet());
    }

    /** True where there is a column of that name. */
    public boolean has(String column) {
        return columns.containsKey(column);
    }

    /** What {@code column} holds. */
    public Type type(String column) {
        return column(column).type;
    }

    /** A whole number; empty where the cell is missing. Throws {@link IllegalArgumentException} for a column that is not of whole numbers. */
    public OptionalLong number(String column, int row) {
        long value = cell(column(column, Type.NUMBER), row);
        return value == Cells.MISSING ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** A real number; empty where the cell is missing. Throws {@link IllegalArgumentException} for a column that is not of real numbers. */
    public OptionalDouble real(String column, int row) {
        long value = cell(column(column, Type.REAL), row);
        return value == Cells.MISSING ? OptionalDouble.empty() : OptionalDouble.of(real(value));
    }

    /** A text; empty where the cell is missing. Throws {@link IllegalArgumentException} for a column that is not of text. */
    public Optional<String> text(String column, int row) {
        Column c = column(column);
        if (c.type != Type.ADDRESS && c.type != Type.TEXT) {
            throw wrong(column, c.type, Type.TEXT);
        }
        long value = cell(c, row);
        return value == Cells.MISSING ? Optional.empty() : Optional.of(c.words.word(value));
    }

    /** The cell as text whatever its type; empty where it is missing. */
    public String cell(String column, int row) {
        Column c = column(column);
        return c.text(cell(c, row));
    }

    private long cell(Column column, int row) {
        return column.cells.get(first + Objects.checkIndex(row, size));
    }

    /** The rows for which {@code wanted} holds, in order. */
    public Rows where(IntPredicate wanted) {
        int[] kept =
                IntStream.range(0, size).filter(wanted).map(row -> first + row).toArray();
        var picked = new LinkedHashMap<String, Column>();
        columns.forEach((n, c) -> picked.put(n, c.pick(kept)));
        return new Rows(name, 0, kept.length, picked, covers);
    }

    /**
     * How many rows there are of each combination of values of {@code by}, most first, then in the order of the texts; a missing cell
     * counts as an empty text. The result has the columns {@code by}, addresses as addresses and all else as text, and {@code count}.
     */
    public Rows count(String... by) {
        return alone().counted(by);
    }

    private Rows counted(String... by) {
        var groups = new Groups(size);
        for (String column : by) {
            groups.by(column(column).cells, column(column).words.empty());
        }
        int[] first = groups.firstRows();
        long[] counts = groups.counts();
        int[] order = Ranks.places(first.length);
        // the last column first: what is sorted later keeps the order of what it finds equal
        for (int i = by.length - 1; i >= 0; i--) {
            order = Ranks.sorted(order, column(by[i]).ranks(first));
        }
        order = Ranks.sorted(order, LongStream.of(counts).map(c -> ~c).toArray());
        var builder = new Builder(name + " by " + String.join(", ", by));
        for (String column : new LinkedHashSet<>(List.of(by))) {
            builder.texts(column, column(column), first, order);
        }
        builder.numbers("count", IntStream.of(order).mapToLong(g -> counts[g]).toArray());
        return builder.rows().covering(covers);
    }

    /** A fresh Tablesaw table with these columns. Touching Tablesaw costs some 0.4 s the first time in a JVM. */
    public Table table() {
        Table table = Table.create(name);
        columns.forEach((n, c) -> {
            switch (c.type) {
                case NUMBER -> {
                    LongColumn to = LongColumn.create(n, size);
                    for (int i = 0; i < size; i++) {
                        long value = c.cells.get(first + i);
                        if (value != Cells.MISSING) {
                            to.set(i, value);
                        }
                    }
                    table.addColumns(to);
                }
                case REAL -> {
                    double[] values = new double[size];
                    Arrays.setAll(values, i -> real(c.cells.get(first + i)));
                    table.addColumns(DoubleColumn.create(n, values));
                }
                case TEXT, ADDRESS -> {
                    StringColumn to = StringColumn.create(n, size);
                    for (int i = 0; i < size; i++) {
                        long value = c.cells.get(first + i);
                        if (value != Cells.MISSING) {
                            to.set(i, c.words.word(value));
                        }
                    }
                    table.addColumns(to);
                }
            }
        });
        return table;
    }

    private Column column(String column) {
        Column found = columns.get(column);
        if (found == null) {
            throw new IllegalArgumentException(
                    "table " + name + " has no column '" + column + "'; it has " + String.join(", ", columns.keySet()));
        }
        return found;
    }

    private Column column(String column, Type wanted) {
        Column found = column(column);
        if (found.type != wanted) {
            throw wrong(column, found.type, wanted);
        }
        return found;
    }

    private IllegalArgumentException wrong(String column, Type found, Type wanted) {
        return new IllegalArgumentException(
                "column " + column + " of table " + name + " holds " + found + ", not " + wanted);
    }

    /**
     * The first rows and the columns that fit, aligned, then what is left out.
     *
     * @param most how many rows at most
     * @param width how many characters a line has at most; long cells are cut
     * @param all where the rest is, as {@code --csv}
     */
    public String text(int most, int width, String all) {
        var grid = new Grid(this, most, width, CELL);
        var out = new StringBuilder(grid.text());
        List<String> columns = grid.columnsLeft();
        if (!columns.isEmpty()) {
            out.append(columns.size())
                    .append(columns.size() == 1 ? " more column: " : " more columns: ")
                    .append(all)
                    .append(" (")
                    .append(Terminal.printable(String.join(" ", columns)))
                    .append(")\n");
        }
        if (grid.rowsLeft() > 0) {
            out.append(grid.rowsLeft())
                    .append(grid.rowsLeft() == 1 ? " more row: " : " more rows: ")
                    .append(all)
                    .append('\n');
        }
        if (excerpt()) {
            out.append("an excerpt: it shows that these exist, not how many there are\n");
        }
        return out.toString();
    }

    /** Writes all rows and columns, uncut, to standard output. */
    public void print() {
        System.out.print(new Grid(this, size, Integer.MAX_VALUE, Integer.MAX_VALUE).text());
    }

    /** How many rows, then the first of them with the columns that fit 76 characters: under a thousand in all. */
    @Override
    public String toString() {
        var grid = new Grid(this, BRIEF, WIDTH, WIDTH);
        List<String> lines = grid.text().lines().toList();
        List<String> left = grid.columnsLeft();
        String title = name + ": " + Quantity.count(size).brief() + (size == 1 ? " row" : " rows")
                + (excerpt() ? ", an excerpt" : "")
                + (left.isEmpty() ? "" : "; not shown: " + String.join(", ", left));
        String head = Brief.clipped(Terminal.printable(title), 4 * WIDTH) + "\n" + Brief.clipped(lines.get(0), WIDTH);
        return Brief.of(
                head,
                lines.subList(1, lines.size()).stream()
                        .map(l -> Brief.clipped(l, WIDTH))
                        .toList(),
                size);
    }

    private record Column(Type type, Cells cells, Words words) {
        private String text(long cell) {
            if (cell == Cells.MISSING) {
                return "";
            }
            return switch (type) {
                case NUMBER -> Long.toString(cell);
                case REAL -> Double.toString(real(cell));
                case TEXT, ADDRESS -> words.word(cell);
            };
        }

        /** The places of the texts of some rows in the order of all of them. */
        private long[] ranks(int[] rows) {
            long empty = words.empty();
            long[] ids = new long[rows.length];
            long[] keys = new long[rows.length];
            for (int i = 0; i < rows.length; i++) {
                long cell = cells.get(rows[i]);
                ids[i] = cell == empty ? Cells.MISSING : cell;
                keys[i] = type == Type.ADDRESS && cell >= 0 ? Ranks.key((int) cell) : Ranks.key(text(cell));
            }
            return Ranks.ranks(keys, ids, i -> text(ids[i]));
        }

        private Column pick(int[] rows) {
            var picked = new Cells();
            for (int row : rows) {
                picked.set(picked.size(), cells.get(row));
            }
            return new Column(type, picked.trim(), words);
        }
    }

    /** Collects rows cell by cell; a cell that is not set before {@link #end()} is missing. Not thread-safe. */
    static final class Builder {
        private final String name;
        private final Map<String, Growing> columns = new LinkedHashMap<>();
        private int size;

        Builder(String name) {
            this.name = name;
        }

        /** Declares a column, so that it is there, in this order, even where no row has a cell in it. */
        Builder column(String column, Type type) {
            growing(column, type);
            return this;
        }

        Builder number(String column, long value) {
            growing(column, Type.NUMBER).cells.set(size, value);
            return this;
        }

        Builder real(String column, double value) {
            growing(column, Type.REAL).cells.set(size, bits(value));
            return this;
        }

        /** Puts a text into a column of texts or of addresses. */
        Builder text(String column, String value) {
            Growing found = columns.get(column);
            Growing c = growing(column, found != null && found.type == Type.ADDRESS ? Type.ADDRESS : Type.TEXT);
            c.cells.set(size, c.words.cell(value));
            return this;
        }

        /** The words of a column of texts or addresses, to code them for {@link #append(Block)}. */
        Words words(String column) {
            return Objects.requireNonNull(columns.get(column)).words;
        }

        /** Puts the rows of a block below those there are, and empties it. */
        void append(Block block) {
            for (int i = 0; i < block.columns.length; i++) {
                Cells cells = Objects.requireNonNull(columns.get(block.columns[i])).cells;
                cells.size(size);
                cells.append(block.cells, i << Block.SHIFT, block.size);
            }
            size += block.size;
            block.size = 0;
        }

        /** Moves the rows of {@code other}, which has the same types, below those there are. */
        void append(Builder other) {
            other.columns.forEach((n, c) -> {
                Growing to = growing(n, c.type);
                to.cells.size(size);
                to.take(c);
            });
            size += other.size;
        }

        /** Takes over the words of {@code other}, so that {@link #append(Builder)} has little to translate. */
        void learn(Builder other) {
            other.columns.forEach((n, c) -> growing(n, c.type).words.learn(c.words));
        }

        private void append(String column, Column from, Type as, Rows table) {
            Growing to = growing(column, as);
            to.cells.size(size);
            if (from.type == as) {
                to.append(from.cells, from.words);
            } else {
                for (int row = 0; row < table.size; row++) {
                    table.copy(column, row, as, this, size + row);
                }
            }
        }

        /** A column of the texts of {@code from} in the rows {@code rows[order[0]]} and so on, empty where they are missing. */
        private void texts(String column, Column from, int[] rows, int[] order) {
            Growing to = growing(column, from.type == Type.ADDRESS ? Type.ADDRESS : Type.TEXT);
            Words.Translation translation = to.words.from(from.words);
            long empty = to.words.cell("");
            long[] piece = new long[Block.ROWS];
            for (int at = 0; at < order.length; at += piece.length) {
                int count = Math.min(piece.length, order.length - at);
                for (int i = 0; i < count; i++) {
                    piece[i] = from.cells.get(rows[order[at + i]]);
                }
                if (from.type == Type.NUMBER || from.type == Type.REAL) {
                    for (int i = 0; i < count; i++) {
                        piece[i] = to.words.cell(from.text(piece[i]));
                    }
                } else {
                    translation.accept(piece, count);
                }
                for (int i = 0; i < count; i++) {
                    piece[i] = piece[i] == Cells.MISSING ? empty : piece[i];
                }
                to.cells.append(piece, 0, count);
            }
        }

        /** A column of these numbers, and as many rows. */
        private void numbers(String column, long[] values) {
            growing(column, Type.NUMBER).cells.append(values, 0, values.length);
            size = values.length;
        }

        /** Ends the row. */
        void end() {
            size++;
        }

        int size() {
            return size;
        }

        /** The rows; nothing may be added any more. */
        Rows rows() {
            var done = new LinkedHashMap<String, Column>();
            columns.forEach((n, c) -> done.put(n, c.done(size)));
            return new Rows(name, 0, size, done, Set.of(name));
        }

        private Growing growing(String column, Type type) {
            Growing found = columns.computeIfAbsent(column, n -> new Growing(type));
            if (found.type != type) {
                throw new IllegalStateException(
                        "column " + column + " of " + name + " is " + found.type + ", not " + type);
            }
            return found;
        }
    }

    /** Rows on their way into a {@link Builder}: an array for the cells of several columns, one column behind the other. */
    static final class Block {
        /** A column has 2 to the power of this cells. */
        static final int SHIFT = 10;

        /** How many rows at most. */
        static final int ROWS = 1 << SHIFT;

        /** Cell {@code row} of column {@code i} at {@code (i << SHIFT) + row}; each has to be set. */
        final long[] cells;

        /** How many rows there are. */
        int size;

        private final String[] columns;

        Block(String... columns) {
            this.columns = columns;
            this.cells = new long[columns.length << SHIFT];
        }

        /** How many columns. */
        int columns() {
            return columns.length;
        }
    }

    private static final class Growing {
        private final Type type;
        private final Cells cells = new Cells();
        private final Words words;

        private Growing(Type type) {
            this.type = type;
            this.words = coded() ? new Words(type == Type.ADDRESS) : NO_WORDS;
        }

        /** Appends a copy of the cells of a column of the same type. */
        private void append(Cells from, Words theirs) {
            Words.Translation translation = words.from(theirs);
            // many tables of one row each are put together as well
            long[] piece = new long[Math.min(Block.ROWS, from.size())];
            for (int at = 0; at < from.size(); at += piece.length) {
                int count = Math.min(piece.length, from.size() - at);
                from.get(at, piece, count);
                if (coded()) {
                    translation.accept(piece, count);
                }
                cells.append(piece, 0, count);
            }
        }

        /** Moves the cells of a column of the same type behind the last. */
        private void take(Growing from) {
            Words.Translation translation = words.from(from.words);
            if (coded() && !translation.same()) {
                from.cells.replace(translation);
            }
            cells.take(from.cells);
        }

        private boolean coded() {
            return type == Type.TEXT || type == Type.ADDRESS;
        }

        private Column done(int size) {
            cells.size(size);
            return new Column(type, cells.trim(), words.done());
        }
    }
}
