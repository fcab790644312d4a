package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
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
        TEXT
    }

    private static final long NO_NUMBER = Long.MIN_VALUE;
    private static final int NO_TEXT = -1;

    private final String name;
    private final int size;
    private final Map<String, Column> columns;
    private final Set<String> covers;

    private Rows(String name, int size, Map<String, Column> columns, Set<String> covers) {
        this.name = name;
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
        return new Rows(name, size, columns, Collections.unmodifiableSet(new TreeSet<>(parts)));
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
        for (Rows table : tables) {
            for (int row = 0; row < table.size; row++) {
                for (String column : table.columns.keySet()) {
                    table.copy(column, row, types.getOrDefault(column, Type.TEXT), all);
                }
                all.end();
            }
        }
        return all.rows().covering(covers);
    }

    private static Type wider(Type one, Type other) {
        return one == other ? one : one == Type.TEXT || other == Type.TEXT ? Type.TEXT : Type.REAL;
    }

    private void copy(String column, int row, Type as, Builder to) {
        switch (as) {
            case NUMBER -> number(column, row).ifPresent(v -> to.number(column, v));
            case REAL -> {
                if (type(column) == Type.NUMBER) {
                    number(column, row).ifPresent(v -> to.real(column, (double) v));
                } else {
                    real(column, row).ifPresent(v -> to.real(column, v));
                }
            }
            case TEXT -> {
                String cell = cell(column, row);
                if (type(column) == Type.TEXT ? text(column, row).isPresent() : !cell.isEmpty()) {
                    to.text(column, cell);
                }
            }
        }
    }

    /** How many columns have a cell that is not missing. */
    int filled() {
        int filled = 0;
        for (String column : columns.keySet()) {
            int row = 0;
            while (row < size && cell(column, row).isEmpty()) {
                row++;
            }
            filled += row < size ? 1 : 0;
        }
        return filled;
    }

    /** How many rows. */
    public int size() {
        return size;
    }

    /** The column names in order. */
    public List<String> columns() {
        return List.copyOf(columns.keySet());
    }

    /** What {@code column} holds. */
    public Type type(String column) {
        return column(column).type;
    }

    /** A whole number; empty where the cell is missing. Throws {@link IllegalArgumentException} for a column that is not of whole numbers. */
    public OptionalLong number(String column, int row) {
        long value = column(column, Type.NUMBER).numbers[row];
        return value == NO_NUMBER ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** A real number; empty where the cell is missing. Throws {@link IllegalArgumentException} for a column that is not of real numbers. */
    public OptionalDouble real(String column, int row) {
        double value = column(column, Type.REAL).reals[row];
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** A text; empty where the cell is missing. Throws {@link IllegalArgumentException} for a column that is not of text. */
    public Optional<String> text(String column, int row) {
        Column c = column(column, Type.TEXT);
        return c.codes[row] == NO_TEXT ? Optional.empty() : Optional.of(c.dictionary.get(c.codes[row]));
    }

    /** The cell as text whatever its type; empty where it is missing. */
    public String cell(String column, int row) {
        return switch (column(column).type) {
            case NUMBER ->
                number(column, row).isPresent()
                        ? Long.toString(number(column, row).getAsLong())
                        : "";
            case REAL ->
                real(column, row).isPresent()
                        ? Double.toString(real(column, row).getAsDouble())
                        : "";
            case TEXT -> text(column, row).orElse("");
        };
    }

    /** The rows for which {@code wanted} holds, in order. */
    public Rows where(IntPredicate wanted) {
        int[] kept = java.util.stream.IntStream.range(0, size).filter(wanted).toArray();
        var picked = new LinkedHashMap<String, Column>();
        columns.forEach((n, c) -> picked.put(n, c.pick(kept)));
        return new Rows(name, kept.length, picked, covers);
    }

    /**
     * How many rows there are of each combination of values of {@code by}, most first; a missing cell counts as an empty text.
     * The result has the columns {@code by} as text and {@code count}.
     */
    public Rows count(String... by) {
        var groups = new HashMap<List<String>, long[]>();
        for (int row = 0; row < size; row++) {
            var key = new ArrayList<String>(by.length);
            for (String column : by) {
                key.add(cell(column, row));
            }
            groups.computeIfAbsent(key, k -> new long[1])[0]++;
        }
        var builder = new Builder(name + " by " + String.join(", ", by));
        groups.entrySet().stream()
                .sorted((a, b) -> a.getValue()[0] != b.getValue()[0]
                        ? Long.compare(b.getValue()[0], a.getValue()[0])
                        : a.getKey().toString().compareTo(b.getKey().toString()))
                .forEach(e -> {
                    for (int i = 0; i < by.length; i++) {
                        builder.text(by[i], e.getKey().get(i));
                    }
                    builder.number("count", e.getValue()[0]).end();
                });
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
                        if (c.numbers[i] != NO_NUMBER) {
                            to.set(i, c.numbers[i]);
                        }
                    }
                    table.addColumns(to);
                }
                case REAL -> table.addColumns(DoubleColumn.create(n, Arrays.copyOf(c.reals, size)));
                case TEXT -> {
                    StringColumn to = StringColumn.create(n, size);
                    for (int i = 0; i < size; i++) {
                        if (c.codes[i] != NO_TEXT) {
                            to.set(i, c.dictionary.get(c.codes[i]));
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
            throw new IllegalArgumentException(
                    "column " + column + " of table " + name + " holds " + found.type + ", not " + wanted);
        }
        return found;
    }

    @Override
    public String toString() {
        return name + ": " + size + (size == 1 ? " row of " : " rows of ") + String.join(", ", columns.keySet());
    }

    private static final class Column {
        private final Type type;
        private final long[] numbers;
        private final double[] reals;
        private final int[] codes;
        private final List<String> dictionary;

        private Column(Type type, long[] numbers, double[] reals, int[] codes, List<String> dictionary) {
            this.type = type;
            this.numbers = numbers;
            this.reals = reals;
            this.codes = codes;
            this.dictionary = dictionary;
        }

        private Column pick(int[] rows) {
            return switch (type) {
                case NUMBER ->
                    new Column(
                            type, Arrays.stream(rows).mapToLong(i -> numbers[i]).toArray(), reals, codes, dictionary);
                case REAL ->
                    new Column(
                            type,
                            numbers,
                            Arrays.stream(rows).mapToDouble(i -> reals[i]).toArray(),
                            codes,
                            dictionary);
                case TEXT ->
                    new Column(
                            type,
                            numbers,
                            reals,
                            Arrays.stream(rows).map(i -> codes[i]).toArray(),
                            dictionary);
            };
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
            Growing c = growing(column, Type.NUMBER);
            c.room(size);
            c.numbers[size] = value;
            return this;
        }

        Builder real(String column, double value) {
            Growing c = growing(column, Type.REAL);
            c.room(size);
            c.reals[size] = value;
            return this;
        }

        Builder text(String column, String value) {
            Growing c = growing(column, Type.TEXT);
            c.room(size);
            Integer code = c.codeOf.get(value);
            if (code == null) {
                code = c.dictionary.size();
                c.codeOf.put(value, code);
                c.dictionary.add(value);
            }
            c.codes[size] = code;
            return this;
        }

        /** Ends the row. */
        void end() {
            size++;
        }

        int size() {
            return size;
        }

        Rows rows() {
            var done = new LinkedHashMap<String, Column>();
            columns.forEach((n, c) -> done.put(n, c.done(size)));
            return new Rows(name, size, done, Set.of(name));
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

    private static final class Growing {
        private final Type type;
        private final List<String> dictionary = new ArrayList<>();
        private final Map<String, Integer> codeOf = new HashMap<>();
        private long[] numbers = {};
        private double[] reals = {};
        private int[] codes = {};

        private Growing(Type type) {
            this.type = type;
        }

        private void room(int index) {
            int length = Math.max(numbers.length, Math.max(reals.length, codes.length));
            if (index >= length) {
                grow(Math.max(16, Math.max(index + 1, length + (length >> 1))));
            }
        }

        private void grow(int to) {
            switch (type) {
                case NUMBER -> {
                    int from = numbers.length;
                    numbers = Arrays.copyOf(numbers, to);
                    Arrays.fill(numbers, from, to, NO_NUMBER);
                }
                case REAL -> {
                    int from = reals.length;
                    reals = Arrays.copyOf(reals, to);
                    Arrays.fill(reals, from, to, Double.NaN);
                }
                case TEXT -> {
                    int from = codes.length;
                    codes = Arrays.copyOf(codes, to);
                    Arrays.fill(codes, from, to, NO_TEXT);
                }
            }
        }

        private Column done(int size) {
            if (size > 0) {
                room(size - 1);
            }
            return switch (type) {
                case NUMBER -> new Column(type, Arrays.copyOf(numbers, size), reals, codes, dictionary);
                case REAL -> new Column(type, numbers, Arrays.copyOf(reals, size), codes, dictionary);
                case TEXT -> new Column(type, numbers, reals, Arrays.copyOf(codes, size), List.copyOf(dictionary));
            };
        }
    }
}
