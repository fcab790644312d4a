package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks along the fields of a line, with blanks between them, without an object per field. Mutable; for one thread. */
final class Fields {
    private String line = "";
    private int start;
    private int end;

    /** Goes before the first field of {@code line}. */
    Fields over(String line) {
        this.line = line;
        start = 0;
        end = 0;
        return this;
    }

    /** Goes to the next field; false, with an empty field, at the end of the line. */
    boolean next() {
        start = skipBlanks(line, end);
        end = start;
        while (end < line.length() && !blank(line.charAt(end))) {
            end++;
        }
        return start < end;
    }

    /** The line. */
    String line() {
        return line;
    }

    /** Where the field begins in the line. */
    int start() {
        return start;
    }

    /** Where the field ends in the line. */
    int end() {
        return end;
    }

    /** The field. */
    String text() {
        return line.substring(start, end);
    }

    /** True when the field is exactly {@code word}. */
    boolean is(String word) {
        return end - start == word.length() && line.startsWith(word, start);
    }

    /** True when the field begins with {@code prefix}. */
    boolean startsWith(String prefix) {
        return end - start >= prefix.length() && line.startsWith(prefix, start);
    }

    /** The one of {@code words} that the field is. */
    @Nullable
    String oneOf(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (is(words.get(i))) {
                return words.get(i);
            }
        }
        return null;
    }

    /** The field as a whole number, -1 where it is none. */
    long decimal() {
        return decimal(line, start, end);
    }

    /** The whole number, of decimal digits alone, between two places of a text; -1 where there is none or it needs more than 63 bits. */
    static long decimal(String s, int from, int to) {
        if (from >= to) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = s.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }

    /** The number, of at most 15 hexadecimal digits, between two places of a text; -1 where there is none. */
    static long hexadecimal(String s, int from, int to) {
        if (from >= to || to - from > 15) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(s.charAt(i), 16);
            if (digit < 0 || s.charAt(i) > 'f') {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Where the first decimal digit run that begins at {@code from} ends. */
    static int digits(String s, int from) {
        int i = from;
        while (i < s.length() && s.charAt(i) >= '0' && s.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    /** The next place from {@code from} on that is not blank. */
    static int skipBlanks(String s, int from) {
        int i = from;
        while (i < s.length() && blank(s.charAt(i))) {
            i++;
        }
        return i;
    }

    /** All fields of a line, for sources whose lines are few. */
    static List<String> split(String line) {
        var all = new ArrayList<String>();
        var fields = new Fields().over(line);
        while (fields.next()) {
            all.add(fields.text());
        }
        return all;
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }
}
