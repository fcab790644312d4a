package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code nginx -V} into facts: {@code nginx:version}, {@code nginx:built with} and {@code nginx:configure arguments}. */
final class NginxVersionSource implements Source {
    private static final Pattern VERSION =
            Pattern.compile("nginx version: (?:nginx|openresty|tengine|angie)/(\\S+)(?: \\(.*\\))?");
    private static final Pattern ARGUMENTS = Pattern.compile("configure arguments: ?(.*)");
    private static final Pattern BUILT = Pattern.compile("built (?:with|by) (.*)");

    @Override
    public String name() {
        return "nginx -V";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("nginx version: ") && VERSION.matcher(line).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher version = VERSION.matcher(line);
            Matcher arguments = ARGUMENTS.matcher(line);
            Matcher built = BUILT.matcher(line);
            if (version.matches()) {
                account.fact(i, "nginx:version", version.group(1));
                account.used();
            } else if (arguments.matches()) {
                account.fact(i, "nginx:configure arguments", arguments.group(1).strip());
                account.used();
            } else if (built.matches()) {
                account.fact(i, "nginx:" + line.substring(0, line.indexOf(' ', 6)), built.group(1));
                account.used();
            } else if (line.isBlank() || line.matches("TLS SNI support (en|dis)abled")) {
                account.empty();
            } else {
                account.reject(i, "not a line of nginx -V");
            }
        }
        return account.close(Optional.empty());
    }
}
