package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;

/**
 * What a source made of a text, immutable: rows, facts, and an account of every line: {@code lines = used + empty + rejected}.
 *
 * @param rows the table, where the source has one
 * @param further tables beside it, where one text holds several: the processes of a pool below the pool's status
 * @param facts the single values
 * @param used lines that became rows or facts, continuation lines included
 * @param empty header and blank lines, and lines the format defines as comment
 * @param rejected lines that were not understood
 * @param kept what is kept of it all
 * @param excerpt true where these are some rows of a larger table: they prove that something exists, never how much
 */
public record Parsed(
        Optional<Rows> rows,
        List<Rows> further,
        List<Fact> facts,
        int used,
        int empty,
        List<Reject> rejected,
        Memory.Kept kept,
        boolean excerpt) {
    public Parsed {
        further = List.copyOf(further);
        facts = List.copyOf(facts);
        rejected = List.copyOf(rejected);
    }

    /** What lies beside telemetry and is none: all its lines count as comment. */
    static Parsed aside(Text text) {
        return nothing(text, Memory.Kept.NOTHING);
    }

    /** What is not read, since there is no more memory for it. */
    static Parsed cut(Text text) {
        return nothing(text, new Memory.Kept(0, 0, text.firstLine()));
    }

    private static Parsed nothing(Text text, Memory.Kept kept) {
        return new Parsed(
                Optional.empty(), List.of(), List.of(), 0, text.lines().size(), List.of(), kept, text.excerpt());
    }

    /** All its tables, {@link #rows()} first. */
    List<Rows> tables() {
        return Stream.concat(rows.stream(), further.stream()).toList();
    }

    /** The same with other tables, as many as {@link #tables()} has. */
    Parsed with(List<Rows> tables) {
        int first = rows.isPresent() ? 1 : 0;
        return new Parsed(
                tables.stream().limit(first).findFirst(),
                tables.subList(first, tables.size()),
                facts,
                used,
                empty,
                rejected,
                kept,
                excerpt);
    }

    /** The same, known to be some rows of a larger table. */
    Parsed asExcerpt() {
        return excerpt
                ? this
                : new Parsed(
                        rows.map(r -> r.covering(Set.of())),
                        further.stream().map(r -> r.covering(Set.of())).toList(),
                        facts,
                        used,
                        empty,
                        rejected,
                        kept,
                        true);
    }

    /** Keeps the account while a source goes through a text line by line. Not thread-safe; lives for one parse. */
    static final class Account {
        private final Text text;
        private final List<Fact> facts = new ArrayList<>();
        private final List<Reject> rejected = new ArrayList<>();
        private int used;
        private int empty;
        private final Set<String> covers = new TreeSet<>();
        private Evidence last = Evidence.read("");
        private int lastLine = -1;
        private final Memory memory;
        private int unkept;
        private int cut;
        private boolean excerpt;

        Account(Text text) {
            this.text = text;
            this.excerpt = text.excerpt();
            this.memory = new Memory(text.lines() instanceof Lines lines ? lines.bytes() : 0);
        }

        /** Where line {@code index} stands. */
        String at(int index) {
            return text.at(index);
        }

        /** One more line that became a row or a fact. */
        void used() {
            used++;
        }

        /** So many more lines that became rows. */
        void used(int lines) {
            used += lines;
        }

        /** One more header, blank or comment line. */
        void empty() {
            empty++;
        }

        /** Line {@code index} was not understood. */
        void reject(int index, String reason) {
            reject(index, text.lines().get(index), reason);
        }

        /** Line {@code index}, which is {@code line}, was not understood. */
        void reject(int index, String line, String reason) {
            if (!memory.takeReject(line)) {
                cut(index);
                unkept++;
                return;
            }
            rejected.add(new Reject(
                    text.path(),
                    text.firstLine() + index,
                    line,
                    Lines.cut(line)
                            ? String.format(
                                    Locale.ROOT,
                                    "is longer than %,d bytes (plimsoll.limit.line): its beginning is kept",
                                    Lines.LONGEST)
                            : reason));
        }

        private void cut(int index) {
            cut = cut == 0 ? text.firstLine() + index : cut;
        }

        /** Adds the lines of the next part of the text, which begins after {@code before} lines. */
        void add(Account next, int before) {
            used += next.used;
            empty += next.empty;
            memory.take(next.memory.taken());
            unkept += next.unkept;
            cut = cut == 0 && next.cut > 0 ? next.cut + before : cut;
            for (Reject each : next.rejected) {
                rejected.add(new Reject(each.path(), each.line() + before, each.text(), each.reason()));
            }
        }

        /** A value read on line {@code index}. Does not count the line: say {@link #used()} once for it. */
        void fact(int index, String name, String value) {
            if (!memory.takeValue(name, value)) {
                cut(index);
                return;
            }
            if (index != lastLine) {
                last = Evidence.read(text.path(), text.firstLine() + index);
                lastLine = index;
            }
            facts.add(new Fact(Once.of(name), Once.of(value), last));
        }

        /** A value computed from what was read. */
        void derived(String name, String value, String how) {
            facts.add(new Fact(name, value, Evidence.derived(how)));
        }

        /** These are some rows of a larger table. */
        void excerpt() {
            excerpt = true;
        }

        /**
         * These rows are all there is of {@code part} of the table: {@code tcp4}, {@code tcp6}. Sources that list the same part list
         * the same things, and one of them is used; sources of different parts are put together. A source that names no part
         * covers the whole table.
         */
        void covers(String part) {
            covers.add(Once.of(part));
        }

        /** These rows are single values, each complete in itself: all are kept, whoever else lists them, and facts rank the readings. */
        void values() {
            excerpt = false;
            covers.add(text.at(0));
        }

        /** The result. Throws {@link IllegalStateException} when a line is unaccounted for, which is a defect of the source. */
        Parsed close(Optional<Rows> rows) {
            return close(rows, List.of());
        }

        /** The result with further tables, which cover what {@code rows} covers. Throws as {@link #close(Optional)} does. */
        Parsed close(Optional<Rows> rows, List<Rows> further) {
            int lines = text.lines().size();
            if (used + empty + rejected.size() + unkept != lines) {
                throw new IllegalStateException(text.path() + ": " + lines + " lines, but " + used + " used, " + empty
                        + " empty and " + (rejected.size() + unkept) + " rejected");
            }
            return new Parsed(
                    rows.map(this::covering),
                    further.stream().map(this::covering).toList(),
                    facts,
                    used,
                    empty,
                    rejected,
                    new Memory.Kept(memory.taken(), unkept, cut),
                    excerpt);
        }

        private Rows covering(Rows rows) {
            return excerpt ? rows.covering(Set.of()) : covers.isEmpty() ? rows : rows.covering(covers);
        }
    }
}
