package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code redis-cli config get} into {@code redis_config} and facts {@code redis:maxclients}: what is in force. Reads the two lines per
 * setting that a pipe gets, the numbered lines of a terminal, and the maps of RESP3.
 */
final class RedisConfigSource implements Source {
    private static final Pattern NUMBERED = Pattern.compile("\\s*(\\d+)\\) \"(.*)\"");
    private static final Pattern MAPPED = Pattern.compile("\\s*\\d+# \"([^\"]+)\" => \"(.*)\"");
    private static final Pattern SECRET = Pattern.compile("requirepass|masterauth|user|tls-.*-pass");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");
    private static final int LOOKED_AT = 40; // settings

    @Override
    public String name() {
        return "redis config get";
    }

    @Override
    public Match match(Text text) {
        boolean asked = text.command()
                .filter(c -> c.matches("(?i).*\\bconfig\\s+get\\b.*"))
                .isPresent();
        List<String> names = names(text);
        long known = names.stream().filter(RedisNames::known).count();
        boolean own = names.stream().anyMatch(RedisNames::own);
        boolean most = names.size() > 0 && known * 2 > names.size();
        return most && (own || asked) ? Match.SURE : Match.NO;
    }

    /** What would be the names of the first settings; none where a line shows that this is something else. */
    private static List<String> names(Text text) {
        var names = new ArrayList<String>();
        for (int i = 0; i < text.lines().size() && names.size() < LOOKED_AT; i++) {
            String line = text.lines().get(i);
            Matcher numbered = NUMBERED.matcher(line);
            Matcher mapped = MAPPED.matcher(line);
            if (mapped.matches()) {
                names.add(mapped.group(1));
            } else if (numbered.matches()) {
                if (odd(numbered)) {
                    names.add(numbered.group(2));
                }
            } else if (NAME.matcher(line).matches() && i + 1 < text.lines().size()) {
                names.add(line);
                i++;
            } else if (!line.isBlank()) {
                return List.of();
            }
        }
        return names;
    }

    private static boolean odd(Matcher numbered) {
        String number = numbered.group(1);
        return (number.charAt(number.length() - 1) - '0') % 2 == 1;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = builder();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            boolean more = i + 1 < text.lines().size();
            Matcher numbered = NUMBERED.matcher(line);
            Matcher mapped = MAPPED.matcher(line);
            Matcher next = NUMBERED.matcher(more ? text.lines().get(i + 1) : "");
            if (mapped.matches()) {
                value(account, rows, i, "redis:", mapped.group(1), mapped.group(2));
                account.used();
            } else if (numbered.matches()) {
                if (odd(numbered) && next.matches() && !odd(next)) {
                    value(account, rows, i, "redis:", numbered.group(2), next.group(2));
                    account.used();
                    account.used();
                    i++;
                } else {
                    account.reject(i, "a name without its value on the line below, or a value without its name above");
                }
            } else if (line.isBlank()) {
                account.empty();
            } else if (NAME.matcher(line).matches() && more) {
                value(account, rows, i, "redis:", line, text.lines().get(i + 1).strip());
                account.used();
                account.used();
                i++;
            } else {
                account.reject(
                        i, more ? "not the name of a setting of Redis" : "a name without its value on the line below");
            }
        }
        account.values();
        return account.close(Optional.of(rows.rows()));
    }

    static Rows.Builder builder() {
        return new Rows.Builder("redis_config")
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.TEXT)
                .column("where", Rows.Type.TEXT);
    }

    /**
     * A setting as a fact and a row; configuration files and the running server share the table, where {@code prefix} tells them apart. Of
     * passwords only it is kept that there is one: captures are passed around.
     */
    static void value(
            Parsed.Account account, Rows.Builder rows, int index, String prefix, String name, String written) {
        String value = SECRET.matcher(name).matches() && !written.isEmpty() ? "(not kept)" : written;
        account.fact(index, prefix + name, value);
        rows.text("name", prefix + name)
                .text("value", value)
                .text("where", account.at(index))
                .end();
    }
}
