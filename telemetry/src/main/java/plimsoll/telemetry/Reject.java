package plimsoll.telemetry;

import java.util.Objects;

/**
 * A line that was not understood: an immutable value.
 *
 * @param path the file
 * @param line its number in the file, from 1
 * @param text the line as it stands
 * @param reason what is wrong with it and what would have been right
 */
public record Reject(String path, int line, String text, String reason) {
    public Reject {
        Objects.requireNonNull(path);
        Objects.requireNonNull(text);
        Objects.requireNonNull(reason);
    }

    @Override
    public String toString() {
        return path + ":" + line + ": " + reason + ": " + text;
    }
}
