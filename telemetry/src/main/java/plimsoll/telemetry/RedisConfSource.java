package plimsoll.telemetry;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code redis.conf} into {@code redis_config} and facts {@code redis.conf:maxclients}: what a server would start with, in the file's own
 * spelling ({@code 2gb}). Names are in lower case, as Redis reads them in any.
 */
final class RedisConfSource implements Source {
    private static final Pattern DIRECTIVE = Pattern.compile("\\s*([A-Za-z][\\w-]*)\\s+(\\S(?:.*\\S)?)\\s*");
    private static final int LOOKED_AT = 4000;

    @Override
    public String name() {
        return "redis.conf";
    }

    @Override
    public boolean uncut() {
        return true;
    }

    /** Sure where every directive is of Redis and one of no other program; in other words, by its file's name. */
    @Override
    public Match match(Text text) {
        int own = 0;
        int known = 0;
        int other = 0;
        for (int i = 0; i < Math.min(LOOKED_AT, text.lines().size()); i++) {
            String line = text.lines().get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher m = DIRECTIVE.matcher(line);
            if (!m.matches()) {
                return Match.NO;
            }
            String name = m.group(1).toLowerCase(Locale.ROOT);
            boolean redis = RedisNames.known(name);
            own += RedisNames.own(name) ? 1 : 0;
            known += redis ? 1 : 0;
            other += redis ? 0 : 1;
        }
        return known > 4 * other && (own > 0 || text.path().matches("(.*[/_.-])?redis[\\w.-]*\\.conf"))
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = RedisConfigSource.builder();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = DIRECTIVE.matcher(line);
            if (line.isBlank() || line.startsWith("#")) {
                account.empty();
            } else if (m.matches()) {
                String value = m.group(2).matches("\"[^\"]*\"")
                        ? m.group(2).substring(1, m.group(2).length() - 1)
                        : m.group(2);
                RedisConfigSource.value(
                        account, rows, i, "redis.conf:", m.group(1).toLowerCase(Locale.ROOT), value);
                account.used();
            } else {
                account.reject(i, "not a line of redis.conf, which are like \"maxclients 10000\"");
            }
        }
        account.values();
        return account.close(Optional.of(rows.rows()));
    }
}
