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

    /** Parses, and proves that this source, and no other, is sure of the text, and that nothing of it is rejected. */
    static Parsed alone(Source source, Text text) {
        List<String> sure = Sources.ALL.stream()
                .filter(s -> s.match(text) == Source.Match.SURE)
                .map(Source::name)
                .toList();
        assertEquals(List.of(source.name()), sure);
        Parsed parsed = source.parse(text);
        assertEquals(List.of(), parsed.rejected());
        assertEquals(text.lines().size(), parsed.used() + parsed.empty());
        return parsed;
    }

    /** The rows of what {@link #alone} parses. */
    static Rows rowsAlone(Source source, Text text) {
        return alone(source, text).rows().orElseThrow();
    }

    /** A text block as a file of that path. */
    static Text file(String path, String block) {
        return Text.of(path, block);
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
