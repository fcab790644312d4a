package plimsoll.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** JSON texts value by value, for sources whose JSON is a tree of single values. */
final class Json {
    /** Takes a value that is no object and no array. */
    interface Leaf {
        /**
         * One value.
         *
         * @param path the names on the way to it, the place in an array as its number from 0
         * @param value as it is written, without quotes; {@code null} as a word
         * @param line index of its line
         */
        void value(List<String> path, String value, int line);
    }

    private static final int LOOKED_AT = 2000;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(100)
                    .maxNestingDepth(50)
                    .build())
            .build();

    private Json() {}

    /** The first 2,000 characters of a text that begins as a JSON object does; empty for any other. */
    static String head(Text text) {
        var head = new StringBuilder();
        for (String line : text.lines()) {
            if (head.length() > LOOKED_AT) {
                break;
            }
            head.append(head.length() == 0 ? line.strip() : line)
                    .append(line.isBlank() && head.length() == 0 ? "" : "\n");
        }
        return head.length() > 0 && head.charAt(0) == '{' ? head.substring(0, Math.min(LOOKED_AT, head.length())) : "";
    }

    /** Hands every value to {@code leaf} and accounts for every line; from the line on where the JSON breaks, lines are rejected. */
    static void read(Text text, Parsed.Account account, Leaf leaf) {
        int wrong = text.lines().size();
        String reason = "";
        try (JsonParser json = FACTORY.createParser(String.join("\n", text.lines()))) {
            values(json, leaf);
        } catch (JsonProcessingException e) {
            // a limit that is exceeded says nothing of the place
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            wrong = Math.min(Math.max(0, line - 1), text.lines().size() - 1);
            while (wrong > 0 && text.lines().get(wrong).isBlank()) {
                wrong--; // a text cut short ends on its last line
            }
            reason = "not JSON from here on: "
                    + e.getOriginalMessage().lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a string has no input errors
        }
        for (int i = 0; i < text.lines().size(); i++) {
            if (text.lines().get(i).isBlank()) {
                account.empty();
            } else if (i < wrong) {
                account.used();
            } else {
                account.reject(i, i == wrong ? reason : "stands behind broken JSON");
            }
        }
    }

    private static void values(JsonParser json, Leaf leaf) throws IOException {
        var path = new ArrayList<String>(); // of what is open; a place in an array is counted up
        JsonToken token;
        while ((token = json.nextToken()) != null) {
            switch (token) {
                case FIELD_NAME -> path.set(path.size() - 1, json.currentName());
                case START_OBJECT -> {
                    next(json, path);
                    path.add("");
                }
                case START_ARRAY -> {
                    next(json, path);
                    path.add("-1");
                }
                case END_OBJECT, END_ARRAY -> path.remove(path.size() - 1);
                default -> {
                    next(json, path);
                    if (!path.isEmpty()) { // a lone value has no name
                        leaf.value(
                                List.copyOf(path),
                                json.getText(),
                                json.currentTokenLocation().getLineNr() - 1);
                    }
                }
            }
        }
    }

    /** In an array, one place further. */
    private static void next(JsonParser json, List<String> path) {
        var around = json.getParsingContext();
        boolean opens = json.currentToken() != null && json.currentToken().isStructStart();
        if ((opens ? around.getParent() : around).inArray()) {
            int last = path.size() - 1;
            path.set(last, Integer.toString(Integer.parseInt(path.get(last)) + 1));
        }
    }
}
