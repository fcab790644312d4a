package plimsoll.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Short strings that come again and again, such as the names of values in an output that was taken a thousand times, kept once. Holds the
 * last few thousand.
 */
final class Once {
    private static final int PLACES = 1 << 12;
    private static final int LONGEST = 64;

    // strings are immutable: where two threads write at a time, one of two equal ones is found
    private static final @Nullable String[] SEEN = new String[PLACES];

    private Once() {}

    /** True where an equal one was seen lately. */
    static boolean has(String text) {
        return text.equals(SEEN[place(text)]);
    }

    private static int place(String text) {
        int hash = text.hashCode();
        return (hash ^ hash >>> 16) & PLACES - 1;
    }

    /** The string, or an equal one that was seen before. */
    static String of(String text) {
        if (text.length() > LONGEST) {
            return text;
        }
        int place = place(text);
        @Nullable String seen = SEEN[place];
        if (text.equals(seen)) {
            return seen;
        }
        SEEN[place] = text;
        return text;
    }
}
