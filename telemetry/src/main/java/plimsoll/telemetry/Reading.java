package plimsoll.telemetry;

import java.util.Optional;

/**
 * A text with the source that read it, or without one where no source knows it: an immutable value.
 *
 * @param text the text
 * @param source the source; empty where the text was not recognised
 * @param parsed what became of it; every line that is not blank is rejected where it was not recognised
 * @param note what to know of it; empty where there is nothing to say
 * @param within true where its rows are in the table of another reading, which includes it
 */
record Reading(Text text, Optional<Source> source, Parsed parsed, String note, boolean within) {

    Reading(Text text, Optional<Source> source, Parsed parsed) {
        this(text, source, parsed, "", false);
    }

    /** Reads a text by the first source that is sure of it, else by the first whose shape fits; rows known by shape are an excerpt. */
    static Reading of(Text text) {
        return of(text, false);
    }

    /** Reads a text, {@code cut} where no source of texts that are never cut is sure of it. */
    static Reading of(Text text, boolean cut) {
        // each source would look for the first line with something on it; one or no line may be a value that is empty
        if (text.lines().size() > BLANK && text.first().isEmpty()) {
            return unknown(text);
        }
        Optional<Source> shape = Optional.empty();
        for (Source source : Sources.ALL) {
            if (cut && source.uncut()) {
                continue;
            }
            Source.Match match = source.match(text);
            if (match == Source.Match.SURE) {
                return new Reading(text, Optional.of(source), source.parse(text));
            }
            if (match == Source.Match.SHAPE && shape.isEmpty()) {
                shape = Optional.of(source);
            }
        }
        return shape.map(s -> new Reading(text, Optional.of(s), s.parse(text).asExcerpt()))
                .orElseGet(() -> unknown(text));
    }

    /** Reads the bytes of a file by the first source that knows them; empty where none does, and for text. */
    static Optional<Reading> of(String path, byte[] bytes) {
        return Sources.BINARY.stream()
                .filter(s -> s.begins(bytes))
                .findFirst()
                .map(s -> new Reading(Text.of(path, ""), Optional.of(s), s.parse(path, bytes)));
    }

    private static final int BLANK = 100;
    private static final String OWN_FORMAT =
            "a request in a log_format of its own? The nginx configuration that defines it, read with it, names the columns";

    /** A text that no source knows, every line with text in it rejected. */
    static Reading unknown(Text text) {
        var account = new Parsed.Account(text);
        for (int i = 0; i < text.lines().size(); i++) {
            if (text.lines().get(i).isBlank()) {
                account.empty();
            } else {
                String line = text.lines().get(i);
                account.reject(i, line.contains(" HTTP/") ? OWN_FORMAT : "no source knows this line");
            }
        }
        return new Reading(text, Optional.empty(), account.close(Optional.empty()));
    }

    /** A text that is not read, since there is no more memory for what is in it. */
    static Reading cut(Text text) {
        return new Reading(text, Optional.empty(), Parsed.cut(text), Memory.SPENT + ": not read", false);
    }

    boolean known() {
        return source.isPresent();
    }

    /** The index of the first line after which nothing was understood; the number of lines where the last one was. */
    int understood() {
        int end = text.lines().size();
        int next = parsed.rejected().size() - 1;
        while (end > 0) {
            boolean rejected = next >= 0 && parsed.rejected().get(next).line() == text.firstLine() + end - 1;
            if (!rejected && !text.lines().get(end - 1).isBlank()) {
                break;
            }
            if (rejected) {
                next--;
            }
            end--;
        }
        return next == parsed.rejected().size() - 1 ? text.lines().size() : end;
    }
}
