package plimsoll.dsl;

import java.util.List;

/**
 * Answers as they print in a shell: whole items, as many as a thousand characters hold, because JShell cuts what is longer in the middle.
 * Every value with a {@code print()} prints itself this way; {@code print()} writes the whole.
 */
public final class Brief {
    /** JShell shows a value whole up to this many characters. */
    private static final int LIMIT = 1000;

    private static final String CUT = " ...";

    private Brief() {}

    /**
     * The items one below the other; those that do not fit are counted in a last line. One item always shows, cut where it must be. An item
     * may have lines of its own; the text always stays under a thousand characters.
     *
     * @param items what is shown, in order
     * @param none what is shown where there are none
     */
    public static String of(List<?> items, String none) {
        return of("", items, items.size(), none);
    }

    /** A text line by line: see {@link #of(List, String)}. */
    public static String of(String text) {
        return of(text.lines().toList(), "");
    }

    /**
     * A headline, which is not counted and always shows, then items of which only the first may be at hand.
     *
     * @param headline the first line
     * @param first the first of the items, or all
     * @param count how many items there are
     */
    public static String of(String headline, List<?> first, int count) {
        return of(clipped(headline, LIMIT / 2), first, count, "");
    }

    /** A text of at most so many characters, its end left out where it has more. */
    public static String clipped(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most - CUT.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    private static String of(String headline, List<?> items, int count, String none) {
        if (count == 0) {
            return headline + none;
        }
        var out = new StringBuilder(headline);
        int shown = 0;
        for (Object item : items) {
            String line = (out.isEmpty() ? "" : "\n") + item;
            if (out.length() + line.length() + more(count - shown - 1).length() >= LIMIT) {
                if (out.isEmpty()) {
                    out.append(line, 0, LIMIT - CUT.length() - more(count).length() - 1)
                            .append(CUT);
                }
                break;
            }
            out.append(line);
            shown++;
        }
        return out.append(more(count - shown)).toString();
    }

    private static String more(int items) {
        return items == 0 ? "" : "\n" + items + " more: .print()";
    }
}
