package plimsoll.telemetry;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the kernel's with one name and one value a line, as facts {@code PREFIX:NAME}.
 *
 * @param prefix what the facts' names begin with
 * @param first the line with which the file begins
 * @param line any line: the name is group 1
 * @param own a line that no other file of that shape has
 * @param value the fact's text for a line that matched
 * @param example a right line, for the sentence that rejects a wrong one
 */
record NamedValues(
        String prefix, Pattern first, Pattern line, Pattern own, Function<Matcher, String> value, String example) {
    private static final int HEAD = 100; // lines among which the first one of the file is looked for

    boolean begins(String text) {
        return first.matcher(text).matches();
    }

    Source.Match match(Text text) {
        if (text.lines().stream().limit(HEAD).anyMatch(this::begins)) {
            return Source.Match.SURE;
        }
        boolean shape = text.lines().stream().anyMatch(l -> own.matcher(l).matches())
                && text.lines().stream()
                        .allMatch(l -> l.isBlank() || line.matcher(l).matches());
        return shape ? Source.Match.SHAPE : Source.Match.NO;
    }

    Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        if (text.lines().stream().limit(HEAD).noneMatch(this::begins)) {
            account.excerpt();
        }
        for (int i = 0; i < text.lines().size(); i++) {
            String l = text.lines().get(i);
            Matcher m = line.matcher(l);
            if (l.isBlank()) {
                account.empty();
            } else if (m.matches()) {
                account.fact(i, prefix + ":" + m.group(1), value.apply(m));
                account.used();
            } else {
                account.reject(i, "not a line of /proc/" + prefix + ", which are like \"" + example + "\"");
            }
        }
        return account.close(Optional.empty());
    }
}
