package plimsoll.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads a text as JSON and keeps the account of its lines: which ones were of use, and from which on it is broken. Lives for one parse. */
final class JsonLines {
    /** What goes through the JSON. */
    interface Reader {
        /** Reads to the end. */
        void read(JsonParser json) throws IOException;
    }

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(100)
                    .maxNestingDepth(50)
                    .build())
            .build();

    private final Text text;
    private final boolean[] used;

    JsonLines(Text text) {
        this.text = text;
        this.used = new boolean[text.lines().size()];
    }

    /** The line of the token at which the parser stands was of use. */
    void use(JsonParser json) {
        used[Math.min(json.currentTokenLocation().getLineNr() - 1, used.length - 1)] = true;
    }

    /** Lets {@code reader} read, and accounts for every line. */
    void read(Parsed.Account account, Reader reader) {
        int wrong = used.length;
        String reason = "";
        try (JsonParser json = FACTORY.createParser(String.join("\n", text.lines()))) {
            reader.read(json);
        } catch (JsonProcessingException e) {
            // a limit that is exceeded says nothing of the place
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            wrong = Math.min(Math.max(0, line - 1), used.length - 1);
            while (wrong > 0 && text.lines().get(wrong).isBlank()) {
                wrong--; // a text that is cut breaks behind its last line
            }
            reason = "not JSON from here on: "
                    + e.getOriginalMessage().lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a string has no input errors
        }
        for (int i = 0; i < used.length; i++) {
            if (i >= wrong && !text.lines().get(i).isBlank()) {
                account.reject(i, i == wrong ? reason : "stands behind broken JSON");
            } else if (used[i]) {
                account.used();
            } else {
                account.empty();
            }
        }
    }
}
