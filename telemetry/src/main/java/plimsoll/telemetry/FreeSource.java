package plimsoll.telemetry;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code free} into facts {@code free:Mem.available}, in the unit that the command asked for, KiB if none. Where neither the command nor
 * a letter behind the numbers says the unit, the numbers are {@code free:Mem.available (unit unknown)}: {@code free} and
 * {@code free -m} print the same header.
 */
final class FreeSource implements Source {
    private static final Pattern HEADER = Pattern.compile(" +total +used +free[ a-z/]*");
    private static final Pattern ROW = Pattern.compile("(Mem|Swap|Low|High|Total|-/\\+ buffers/cache):( +\\d.*)");
    private static final Pattern VALUE = Pattern.compile("(\\d+(?:\\.\\d+)?)([BKMGTP]?)(i?)");
    private static final Pattern OPTIONS = Pattern.compile("free((?:\\s+-\\S+(?:\\s+\\d+)?){0,20})\\s*(?:[|>;&2].*)?");

    @Override
    public String name() {
        return "free";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("  ") && HEADER.matcher(line).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        String unit = unit(text);
        List<String> names = List.of();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher row = ROW.matcher(line);
            List<String> values = row.matches() ? Fields.split(row.group(2)) : List.of();
            if (line.isBlank()) {
                account.empty();
            } else if (begins(line)) {
                names = Fields.split(line);
                account.empty();
            } else if (values.isEmpty()
                    || !values.stream().allMatch(v -> VALUE.matcher(v).matches())
                    || values.size() > names.size()) {
                account.reject(i, "not Mem or Swap and the numbers that the header calls for");
            } else {
                // without buffers and cache there is no total: the two numbers are used and free
                int from = row.group(1).startsWith("-") ? 1 : 0;
                for (int c = 0; c < values.size() && c + from < names.size(); c++) {
                    say(account, i, "free:" + row.group(1) + "." + names.get(c + from), values.get(c), unit);
                }
                account.used();
            }
        }
        return account.close(Optional.empty());
    }

    private static void say(Parsed.Account account, int index, String name, String written, String unit) {
        Matcher m = VALUE.matcher(written);
        if (!m.matches()) {
            return;
        }
        String letter = m.group(2);
        if (!letter.isEmpty()) {
            String prefix = letter.equals("B") ? "" : letter + "i";
            account.fact(index, name, m.group(1) + " " + prefix + "B");
        } else {
            account.fact(
                    index,
                    unit.isEmpty() ? name + " (unit unknown)" : name,
                    m.group(1) + (unit.isEmpty() ? "" : " " + unit));
        }
    }

    /** The unit that the command asks for; empty where the command is not known or asks for powers of 1000. */
    private static String unit(Text text) {
        Matcher m = OPTIONS.matcher(text.command().orElse(""));
        if (!m.matches()) {
            return "";
        }
        String options = m.group(1);
        if (options.contains("--si") || options.matches(".*--(kilo|mega|giga|tera|peta)(\\s.*)?")) {
            return "";
        }
        for (String letter : List.of("b", "k", "m", "g")) {
            String word = List.of("bytes", "kibi", "mebi", "gibi").get("bkmg".indexOf(letter));
            if (options.matches(".*\\s-[a-z]*" + letter + "[a-z]*(\\s.*)?") || options.contains("--" + word)) {
                return letter.equals("b") ? "B" : letter.toUpperCase(Locale.ROOT) + "iB";
            }
        }
        return "KiB";
    }
}
