package plimsoll.dsl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text ready to be put into a file or run: an immutable value.
 *
 * @param kind what reads it
 * @param text the text, without a newline at its end
 */
public record Snippet(Kind kind, String text) {
    private static final Pattern POOL = Pattern.compile("fpm:([a-z._]+)\\[(.+)]");

    /** What reads a snippet. */
    public enum Kind {
        /** A file of sysctl.d(5). */
        SYSCTL("/etc/sysctl.d/90-plimsoll.conf"),
        /** Directives of nginx's {@code http} block. */
        NGINX("nginx, in the http block"),
        /** Directives of nginx's main context. */
        NGINX_MAIN("nginx.conf, outside of any block"),
        /** Directives of nginx's {@code events} block. */
        NGINX_EVENTS("nginx.conf, in the events block"),
        /** A pool file of PHP-FPM. */
        FPM("the pool's file of PHP-FPM"),
        /** PHP's own configuration. */
        PHP("php.ini"),
        /** Redis's configuration. */
        REDIS("redis.conf"),
        /** Commands for a shell. */
        SHELL("a shell, as root"),
        /** What has to be changed in an application, in words. */
        APPLICATION("the application");

        private final String file;

        Kind(String file) {
            this.file = file;
        }

        /** Where it goes. */
        public String file() {
            return file;
        }
    }

    public Snippet {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(text);
    }

    /** What the changes of settings are in the files they are set in, one snippet a file; what no file sets is left out. */
    static List<Snippet> of(List<Change> changes) {
        var lines = new LinkedHashMap<Kind, List<String>>();
        for (Change c : changes) {
            Matcher pool = POOL.matcher(c.name());
            if (c.name().matches("(net|vm|fs|kernel)\\..*")) {
                lines.computeIfAbsent(Kind.SYSCTL, k -> new ArrayList<>()).add(c.toString());
            } else if (pool.matches()) {
                List<String> of = lines.computeIfAbsent(Kind.FPM, k -> new ArrayList<>());
                if (of.isEmpty()) {
                    of.add("[" + pool.group(2) + "]");
                }
                of.add(pool.group(1) + " = " + c.value());
            } else if (c.name().startsWith("opcache.")) {
                lines.computeIfAbsent(Kind.PHP, k -> new ArrayList<>()).add(c.toString());
            } else if (c.name().startsWith("redis.conf:")) {
                lines.computeIfAbsent(Kind.REDIS, k -> new ArrayList<>())
                        .add(c.name().substring("redis.conf:".length()) + " " + c.value());
            }
        }
        return lines.entrySet().stream()
                .map(e -> new Snippet(e.getKey(), String.join("\n", e.getValue())))
                .toList();
    }

    /** The text below a comment that says where it goes. */
    @Override
    public String toString() {
        return "# " + kind.file() + "\n" + text;
    }
}
