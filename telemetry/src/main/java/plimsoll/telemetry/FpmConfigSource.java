package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PHP-FPM's configuration into {@code fpm_pools} and facts {@code fpm:pm.max_children[www]}: its files, and {@code php-fpm -tt}, which
 * prints what is in force with the defaults filled in. What is not set there ({@code undefined}) is a row, not a fact. Source of the
 * names: {@code sapi/fpm/fpm/fpm_conf.c}.
 */
final class FpmConfigSource implements Source {
    private static final Pattern OWN = Pattern.compile(
            "pm(\\.\\w+)?|listen(\\.\\w+)?|php_(admin_)?(value|flag)\\[.*|ping\\.\\w+"
                    + "|request_(terminate|slowlog)_timeout|process_control_timeout|emergency_restart_\\w+|catch_workers_output|clear_env"
                    + "|decorate_workers_output|security\\.limit_extensions|process\\.max|access\\.(log|format)|systemd_interval");
    private static final Pattern PRINTED =
            Pattern.compile("\\[[\\w: .-]+\\] NOTICE: (\\[[^\\]]+\\]\\s*|\\t[\\w.]+(\\[[^\\]]*\\])? = .*)");
    private static final Pattern STAMP = Pattern.compile("\\[[\\w: .-]+\\] ([A-Z]+): (.*)");
    private static final Pattern INCLUDE = Pattern.compile("include\\s*=.*");
    private static final int LOOKED_AT = 2000;
    private static final int MESSAGES = 50; // that php-fpm -tt may write above the configuration

    @Override
    public String name() {
        return "PHP-FPM configuration";
    }

    @Override
    public boolean uncut() {
        return true;
    }

    @Override
    public Match match(Text text) {
        if (printed(text)) {
            return Match.SURE;
        }
        boolean section = false;
        for (int i = 0; i < Math.min(LOOKED_AT, text.lines().size()); i++) {
            Ini.Line line = Ini.read(text.lines().get(i));
            switch (line.kind()) {
                case SECTION -> section = true;
                case VALUE -> {
                    if (section && OWN.matcher(line.name()).matches()) {
                        return Match.SURE;
                    }
                }
                case WRONG -> {
                    return Match.NO;
                }
                case EMPTY -> {}
            }
        }
        return Match.NO;
    }

    /** True for the output of {@code php-fpm -tt}; started with a log file, it writes the same lines there too, among others. */
    static boolean printed(Text text) {
        int printed = 0;
        int stamped = 0;
        int left = MESSAGES;
        for (String line : text.lines()) {
            if (left-- == 0) {
                break;
            }
            printed += printed(line) ? 1 : 0;
            stamped += line.startsWith("[") && STAMP.matcher(line).matches() ? 1 : 0;
        }
        return printed * 2 > stamped;
    }

    /** True for a line of {@code php-fpm -tt}. */
    static boolean printed(String line) {
        return line.startsWith("[") && PRINTED.matcher(line).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("fpm_pools")
                .column("pool", Rows.Type.TEXT)
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.TEXT)
                .column("where", Rows.Type.TEXT);
        boolean printed = printed(text);
        String pool = "global";
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (printed) {
                Matcher m = STAMP.matcher(line);
                if (m.matches() && !m.group(1).equals("NOTICE")) {
                    account.reject(i, "a message of php-fpm, not a setting");
                    continue;
                }
                // a value stands as it is: php-fpm has read the quotes and comments already
                line = m.matches() ? m.group(2) : line;
                if (line.strip().matches("configuration file .* test is successful")) {
                    account.empty();
                    continue;
                }
            }
            Ini.Line read = Ini.read(line);
            switch (read.kind()) {
                case EMPTY -> account.empty();
                case SECTION -> {
                    pool = read.name();
                    account.used();
                }
                case VALUE -> {
                    String value =
                            printed ? line.substring(line.indexOf('=') + 1).strip() : read.value();
                    account.used();
                    if (!INCLUDE.matcher(line.strip()).matches() && !(printed && value.equals("undefined"))) {
                        account.fact(i, "fpm:" + read.name() + "[" + pool + "]", value);
                    }
                    rows.text("pool", pool)
                            .text("name", read.name())
                            .text("value", value)
                            .text("where", account.at(i))
                            .end();
                }
                case WRONG -> account.reject(i, "not a line of [pool] or name = value");
            }
        }
        account.values();
        return account.close(Optional.of(rows.rows()));
    }
}
