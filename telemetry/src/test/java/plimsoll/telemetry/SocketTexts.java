package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;

/** Texts for the tests of sources, and what came of them. */
final class SocketTexts {
    private SocketTexts() {}

    static Text text(String... lines) {
        return new Text("file", 1, Optional.empty(), List.of(lines));
    }

    static Text printedBy(String command, String... lines) {
        return new Text("file", 1, Optional.of(command), List.of(lines));
    }

    /** Parses, and proves that the source knows the text as its own and that every line is accounted for without a reject. */
    static Rows whole(Source source, Text text) {
        assertEquals(Source.Match.SURE, source.match(text));
        Parsed parsed = source.parse(text);
        assertEquals(List.of(), parsed.rejected());
        assertEquals(text.lines().size(), parsed.used() + parsed.empty());
        return parsed.rows().orElseThrow();
    }

    /** The cells of a row in those columns, a missing one empty. */
    static List<String> row(Rows rows, int row, String... columns) {
        return java.util.Arrays.stream(columns)
                .map(column -> rows.columns().contains(column) ? rows.cell(column, row) : "")
                .toList();
    }

    /** The value of the fact of that name. */
    static Optional<String> fact(Parsed parsed, String name) {
        return parsed.facts().stream()
                .filter(fact -> fact.name().equals(name))
                .map(fact -> fact.text())
                .findFirst();
    }

    /** The reasons of the rejects, by line: {@code 2: reason}. */
    static List<String> rejects(Parsed parsed) {
        return parsed.rejected().stream()
                .map(reject -> reject.line() + ": " + reject.reason())
                .toList();
    }
}
