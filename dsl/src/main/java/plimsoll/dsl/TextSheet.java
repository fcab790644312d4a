package plimsoll.dsl;

import java.util.ArrayList;
import java.util.List;

/**
 * What a picture is drawn on with characters, immutable: how wide and how tall, and whether there is colour. Colour only repeats what the
 * characters say.
 *
 * @param columns how many characters a line may have
 * @param characters how many characters there may be in all
 * @param colour whether escape sequences for colours are written
 */
record TextSheet(int columns, int characters, boolean colour) {
    /** What a shell shows whole. */
    static final TextSheet BRIEF = new TextSheet(76, 999, false);

    /** A terminal of the usual width, or a file. */
    static final TextSheet PLAIN = new TextSheet(80, Integer.MAX_VALUE, false);

    /** The same in colour. */
    static final TextSheet COLOURED = new TextSheet(80, Integer.MAX_VALUE, true);

    private static final int BOLD = 1;

    /**
     * One entry of a legend.
     *
     * @param sample how it is drawn
     * @param text what it is, with the blank in front
     * @param ink the colour of the sample; 0 for none
     */
    record Entry(String sample, String text, int ink) {
        int length() {
            return sample.length() + text.length();
        }
    }

    private boolean brief() {
        return characters < Integer.MAX_VALUE;
    }

    /** Whether there is room for notes. */
    boolean notes() {
        return !brief();
    }

    /** How many times the height that a shell has room for. */
    int tall() {
        return brief() ? 1 : 2;
    }

    /** How wide lines may be where there are so many. */
    int width(int lines) {
        return brief() ? Math.min(columns, characters / lines - 1) : columns;
    }

    String title(String title, int width) {
        return ink(cut(title, width), BOLD);
    }

    String ink(String text, int ink) {
        return colour && ink != 0 && !text.isBlank() ? Terminal.coloured(text, ink) : text;
    }

    /** A row of characters, each in its colour. */
    String inked(char[] row, int[] inks) {
        if (!colour) {
            return new String(row);
        }
        var text = new StringBuilder();
        for (int from = 0; from < row.length; ) {
            int end = from + 1;
            while (end < row.length && inks[end] == inks[from]) {
                end++;
            }
            text.append(ink(new String(row, from, end - from), inks[from]));
            from = end;
        }
        return text.toString();
    }

    /** At most two lines. */
    String legend(List<Entry> entries, int width) {
        var lines = new ArrayList<StringBuilder>(List.of(new StringBuilder()));
        int length = 0;
        for (Entry entry : entries) {
            StringBuilder last = lines.get(lines.size() - 1);
            String text = entry.length() <= width
                    ? entry.text()
                    : cut(entry.text(), width - entry.sample().length());
            String shown = ink(entry.sample(), entry.ink()) + text;
            int added = entry.sample().length() + text.length();
            if (length == 0) {
                last.append(shown);
                length = added;
            } else if (length + 3 + added <= width) {
                last.append("   ").append(shown);
                length += 3 + added;
            } else if (lines.size() == 1 || !brief()) {
                lines.add(new StringBuilder(shown));
                length = added;
            } else {
                lines.set(1, new StringBuilder(cut(last.toString(), width - 2)).append(" …"));
                break;
            }
        }
        return String.join(
                "\n", lines.stream().map(l -> l.toString().stripTrailing()).toList());
    }

    static void append(StringBuilder text, String line) {
        if (!line.isBlank()) {
            text.append(line.stripTrailing()).append('\n');
        }
    }

    static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** The text with its middle left out: of a destination the end says more. */
    static String cutInside(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        int head = width / 3;
        int tail = text.length() - (width - head - 1);
        head -= Character.isHighSurrogate(text.charAt(head - 1)) ? 1 : 0;
        tail += Character.isLowSurrogate(text.charAt(tail)) ? 1 : 0;
        return text.substring(0, head) + "…" + text.substring(tail);
    }

    static String cut(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(width - 2)) ? width - 2 : width - 1;
        return text.substring(0, end).stripTrailing() + "…";
    }
}
