package plimsoll.telemetry;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** How values are written: what sources share. */
final class Values {
    private static final Pattern REAL = Pattern.compile("-?\\d+(?:[.,]\\d+)?");

    private Values() {}

    /** A whole number of decimal digits; -1 where there is none or it needs more than 63 bits. */
    static long whole(String word) {
        return Fields.decimal(word, 0, word.length());
    }

    /** A number with a decimal point, or the decimal comma of some locales; empty where the word is none. */
    static OptionalDouble real(String word) {
        return REAL.matcher(word).matches()
                ? OptionalDouble.of(Double.parseDouble(word.replace(',', '.')))
                : OptionalDouble.empty();
    }

    /** Blank runs as one space: {@code 32768<tab>60999} is {@code 32768 60999}. */
    static String plain(String value) {
        String bare = value.strip();
        for (int i = 0; i < bare.length(); i++) {
            char c = bare.charAt(i);
            boolean run = c == ' ' && bare.charAt(i + 1) == ' '; // the last one is no blank
            if (run || (c >= '\t' && c <= '\r')) {
                return bare.replaceAll("\\s+", " ");
            }
        }
        return bare;
    }

    /** A setting read on line {@code index}, as a fact and a row; rejected where it cannot be a value of that setting. */
    static void setting(
            Parsed.Account account, Rows.Builder rows, int index, String prefix, String name, String value) {
        String plain = plain(value);
        if (Settings.find(name).isPresent()) {
            try {
                Settings.check(name, plain);
            } catch (IllegalArgumentException e) {
                account.reject(index, String.valueOf(e.getMessage()));
                return;
            }
        }
        account.used();
        account.fact(index, prefix + name, plain);
        rows.text("name", prefix + name)
                .text("value", plain)
                .text("where", account.at(index))
                .end();
    }
}
