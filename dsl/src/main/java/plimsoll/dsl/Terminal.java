package plimsoll.dsl;

import java.io.Console;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text for a terminal: captured text made harmless, cells in aligned columns. */
public final class Terminal {
    /** A system property: {@code true} where colours are to be shown whatever standard output is. */
    public static final String COLOURS = "plimsoll.colours";

    private static final String GAP = "  ";
    private static final String RESET = "\u001b[0m";

    private Terminal() {}

    /** A whole number with its thousands set apart, as in {@code 28,232}. */
    public static String grouped(long number) {
        return grouped(Long.toString(number));
    }

    /** Digits with their thousands set apart; a sign and decimals stay. Java's Formatter does it too, for the start of a small program. */
    public static String grouped(String digits) {
        int end = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
        int start = digits.startsWith("-") ? 1 : 0;
        var out = new StringBuilder(digits);
        for (int at = end - 3; at > start; at -= 3) {
            out.insert(at, ',');
        }
        return out.toString();
    }

    /** The text with everything that would move the cursor, ring, or turn the line round shown as a question mark. */
    public static String printable(String text) {
        var safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(harmless(c) ? c : '?'));
        return safe.toString();
    }

    /**
     * True where standard output is a terminal that shows colours and nobody asked for none: {@code NO_COLOR} is not set to anything
     * (no-color.org), and {@code TERM} is neither unset nor {@code dumb}. A JShell's own JVM has no terminal: the property
     * {@value #COLOURS} says there what the one that started it found.
     */
    public static boolean colours() {
        return Boolean.getBoolean(COLOURS) || (shown() && colours(System.getenv("NO_COLOR"), System.getenv("TERM")));
    }

    /** From Java 22 on there is a console also where nothing is a terminal, and a method that tells. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean shown() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    static boolean colours(@Nullable String noColour, @Nullable String term) {
        return (noColour == null || noColour.isEmpty()) && term != null && !term.isEmpty() && !term.equals("dumb");
    }

    /** The text in one of the terminal's own colours, by its number from 31 (red) to 36 (cyan), or 90 (grey). */
    static String coloured(String text, int colour) {
        return "\u001b[" + colour + "m" + text + RESET;
    }

    private static boolean harmless(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.UNASSIGNED
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    /**
     * Lines of cells as columns, each as wide as its widest printable cell, two blanks apart; one line of text per line, none where
     * there are none.
     *
     * @throws IllegalArgumentException when the lines do not all have the same number of cells
     */
    public static String aligned(List<List<String>> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        var widths = new int[lines.get(0).size()];
        for (List<String> line : lines) {
            if (line.size() != widths.length) {
                throw new IllegalArgumentException(
                        "a line of " + line.size() + " cells among lines of " + widths.length + ": " + line);
            }
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], printable(line.get(i)).length());
            }
        }
        var out = new StringBuilder();
        for (List<String> line : lines) {
            var row = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = printable(line.get(i));
                row.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
            }
            out.append(row.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
