package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code php.ini} and the files beside it into {@code php_ini} and facts {@code php:opcache.memory_consumption}. Values keep the spelling
 * of the file: {@code 128M}, {@code On}. Lines of {@code php -i} count as well. Settings below {@code [PATH=...]} or {@code [HOST=...]} hold for some requests only and are no facts.
 */
final class PhpIniSource implements Source {
    private static final Pattern OWN = Pattern.compile(
            "(opcache|session|mysqli|mysqlnd|pdo_mysql|apc|realpath_cache|mbstring|soap|zlib|date"
                    + "|zend|redis|igbinary|xdebug)[._][\\w.-]+|zend_extension|extension(_dir)?|memory_limit|max_execution_time|max_input_(time|vars)"
                    + "|post_max_size|upload_max_filesize|max_file_uploads|output_buffering|display_(startup_)?errors|error_reporting|log_errors"
                    + "|short_open_tag|expose_php|disable_(functions|classes)|default_socket_timeout|ignore_user_abort|variables_order|auto_\\w+_file"
                    + "|allow_url_(fopen|include)|cgi\\.[\\w.]+|fastcgi\\.[\\w.]+|open_basedir|precision|file_uploads|user_ini\\.\\w+");
    private static final Pattern LOCAL = Pattern.compile("(PATH|HOST)=.*");
    private static final int LOOKED_AT = 2000;

    @Override
    public String name() {
        return "php.ini";
    }

    @Override
    public boolean uncut() {
        return true;
    }

    /** Sure once every line so far is INI and one name is PHP's own: its extensions have names that nobody could list. */
    @Override
    public Match match(Text text) {
        int own = 0;
        int other = 0;
        for (int i = 0; i < Math.min(LOOKED_AT, text.lines().size()); i++) {
            Ini.Line line = Ini.read(text.lines().get(i));
            if (line.kind() == Ini.Kind.WRONG) {
                return Match.NO;
            }
            if (line.kind() == Ini.Kind.VALUE) {
                boolean php = OWN.matcher(line.name()).matches();
                own += php ? 1 : 0;
                other += php ? 0 : 1;
            }
        }
        return own > 0 && own * 3 >= other && new FpmConfigSource().match(text) == Match.NO ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("php_ini")
                .column("section", Rows.Type.TEXT)
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.TEXT)
                .column("where", Rows.Type.TEXT);
        String section = "";
        for (int i = 0; i < text.lines().size(); i++) {
            Ini.Line line = Ini.read(text.lines().get(i));
            switch (line.kind()) {
                case EMPTY -> account.empty();
                case SECTION -> {
                    section = line.name();
                    account.used();
                }
                case VALUE -> {
                    account.used();
                    String value =
                            line.value().replaceFirst("^> (.*?)( => .*)?$", "$1"); // php -i: name => local => master
                    if (!LOCAL.matcher(section).matches()
                            && !line.name().matches("(zend_)?extension")
                            && !value.equals("no value")) {
                        account.fact(i, "php:" + line.name(), value);
                    }
                    if (!section.isEmpty()) {
                        rows.text("section", section);
                    }
                    rows.text("name", line.name())
                            .text("value", value)
                            .text("where", account.at(i))
                            .end();
                }
                case WRONG -> account.reject(i, "not a line of [section] or name = value");
            }
        }
        account.values();
        return account.close(Optional.of(rows.rows()));
    }
}
