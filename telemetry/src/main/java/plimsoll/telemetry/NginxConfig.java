package plimsoll.telemetry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * nginx configuration as the tree that nginx sees, immutable: blocks within blocks, included files in their place, and the value a
 * directive has in a location by nginx's inheritance. Built from the rows of {@code nginx_directives}.
 */
public final class NginxConfig {
    // handlers: a nested location needs its own, only `if` and `limit_except` take over the one around them
    private static final Set<String> NOT_INHERITED = Set.of(
            "fastcgi_pass",
            "proxy_pass",
            "uwsgi_pass",
            "scgi_pass",
            "grpc_pass",
            "memcached_pass",
            "return",
            "rewrite",
            "try_files");
    private static final Pattern SIZE = Pattern.compile("(\\d+)([kKmM]?)");
    // each unit at most once and in this order; a number without one means seconds, and comes last
    private static final Pattern TIME = Pattern.compile(
            "(?=.*\\d)(?:(\\d+)w *)?(?:(\\d+)d *)?(?:(\\d+)h *)?(?:(\\d+)m(?!s) *)?(?:(\\d+)s *)?(?:(\\d+)ms *)?(\\d+)?");
    private static final long[] TIME_MS = {604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1, 1000};

    private final List<Directive> top;
    private final List<Directive> all;

    private NginxConfig(List<Directive> top, List<Directive> all) {
        this.top = top;
        this.all = all;
    }

    /** The tree that the rows of {@code nginx_directives} describe; throws {@link IllegalArgumentException} for another table. */
    public static NginxConfig of(Rows rows) {
        var top = new ArrayList<Directive>();
        var all = new ArrayList<Directive>(rows.size());
        var blocks = new HashMap<Long, Directive>();
        for (int row = 0; row < rows.size(); row++) {
            OptionalLong parent = rows.number("parent", row);
            OptionalLong block = rows.number("block", row);
            Optional<Directive> enclosing =
                    parent.isPresent() ? Optional.ofNullable(blocks.get(parent.getAsLong())) : Optional.empty();
            var directive = new Directive(
                    rows.text("file", row).orElse("-"),
                    rows.number("line", row).orElse(0),
                    rows.text("name", row).orElse(""),
                    NginxTokens.split(rows.text("args", row).orElse("")),
                    block.isPresent(),
                    enclosing);
            enclosing.map(e -> e.children).orElse(top).add(directive);
            all.add(directive);
            if (block.isPresent()) {
                blocks.put(block.getAsLong(), directive);
            }
        }
        name(all);
        return new NginxConfig(Collections.unmodifiableList(top), Collections.unmodifiableList(all));
    }

    /** The same rows with the column {@code context}: the labels of the blocks around each directive. */
    static Rows withContexts(Rows rows) {
        NginxConfig config = of(rows);
        var out = new Rows.Builder(rows.name())
                .column("file", Rows.Type.TEXT)
                .column("line", Rows.Type.NUMBER)
                .column("context", Rows.Type.TEXT)
                .column("depth", Rows.Type.NUMBER)
                .column("name", Rows.Type.TEXT)
                .column("args", Rows.Type.TEXT)
                .column("block", Rows.Type.NUMBER)
                .column("parent", Rows.Type.NUMBER);
        for (int row = 0; row < rows.size(); row++) {
            Directive d = config.all.get(row);
            out.text("file", d.file)
                    .number("line", d.line)
                    .text("context", d.context())
                    .text("name", d.name);
            rows.text("args", row).ifPresent(args -> out.text("args", args));
            rows.number("depth", row).ifPresent(depth -> out.number("depth", depth));
            rows.number("block", row).ifPresent(block -> out.number("block", block));
            rows.number("parent", row).ifPresent(parent -> out.number("parent", parent));
            out.end();
        }
        return out.rows();
    }

    /** The directives outside all blocks, in order. */
    public List<Directive> directives() {
        return top;
    }

    /** Every block of this name, such as {@code location} or {@code upstream}, in order, nested ones too. */
    public List<Directive> blocks(String name) {
        return all.stream().filter(d -> d.block && d.name.equals(name)).toList();
    }

    /** Every directive of this name, wherever it stands, in order. */
    public List<Directive> directives(String name) {
        return all.stream().filter(d -> d.name.equals(name)).toList();
    }

    @Override
    public String toString() {
        return "nginx configuration: " + all.size() + " directives, "
                + blocks("server").size() + " servers, " + blocks("location").size() + " locations";
    }

    /**
     * Bytes, from a size as nginx's directives for sizes take it: whole, or with {@code k}/{@code K} = 1024 or {@code m}/{@code M} =
     * 1024 x 1024. Source: {@code ngx_parse_size} in {@code src/core/ngx_parse.c}; {@code g} is for file offsets only. Throws
     * {@link IllegalArgumentException} for what nginx refuses.
     */
    public static long size(String text) {
        Matcher m = SIZE.matcher(text);
        if (m.matches()) {
            int shift = m.group(2).isEmpty() ? 0 : m.group(2).equalsIgnoreCase("k") ? 10 : 20;
            try {
                return Math.multiplyExact(Long.parseLong(m.group(1)), 1L << shift);
            } catch (ArithmeticException | NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is more than nginx can count (directive invalid value); the most is "
                                + Long.MAX_VALUE,
                        e);
            }
        }
        throw new IllegalArgumentException(
                "'" + text
                        + "' is not a size in nginx (directive invalid value): a whole number, or one with k or m, as in 32k or 4096m");
    }

    /**
     * A time as nginx's directives for milliseconds take it: {@code 500ms}, {@code 2s}, {@code 1m30s}, {@code 1h 30m}; without a unit it is
     * seconds. Source: {@code ngx_parse_time} in {@code src/core/ngx_parse.c}. Throws {@link IllegalArgumentException} for what nginx refuses.
     */
    public static Duration time(String text) {
        Matcher m = TIME.matcher(text);
        if (m.matches()) {
            try {
                long ms = 0;
                for (int unit = 0; unit < TIME_MS.length; unit++) {
                    if (m.group(unit + 1) != null) {
                        ms = Math.addExact(ms, Math.multiplyExact(Long.parseLong(m.group(unit + 1)), TIME_MS[unit]));
                    }
                }
                return Duration.ofMillis(ms);
            } catch (ArithmeticException | NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is more than nginx can count (directive invalid value)", e);
            }
        }
        throw new IllegalArgumentException(
                "'" + text
                        + "' is not a time in nginx (directive invalid value): whole numbers with w, d, h, m, s, ms in this order, as in 500ms, 2s or 1m30s");
    }

    /** Gives every block its label, unique among its siblings, and its scope, unique in the configuration. */
    private static void name(List<Directive> all) {
        var servers =
                all.stream().filter(d -> d.block && d.name.equals("server")).toList();
        servers.forEach(s -> s.label = s.serverName());
        distinct(servers, Directive::firstListen);
        distinct(servers, Directive::at);
        var others =
                all.stream().filter(d -> d.block && !d.name.equals("server")).toList();
        others.forEach(d -> d.label = d.text());
        for (Directive d : all) {
            d.scope = d.enclosing.map(e -> e.scope).orElse("");
            if (d.block && !TRANSPARENT.contains(d.name)) {
                d.scope = d.scope.isEmpty()
                        ? d.label
                        : d.scope
                                + (d.enclosing.map(e -> e.name.equals("server")).orElse(false) ? " " : " > ")
                                + d.label;
            }
        }
        Map<String, Integer> seen = count(others.stream().map(d -> d.scope).toList());
        others.stream().filter(d -> seen.getOrDefault(d.scope, 0) > 1).forEach(d -> {
            d.scope += " (" + d.at() + ")";
            d.label += " (" + d.at() + ")";
        });
    }

    private static final Set<String> TRANSPARENT = Set.of("http", "stream", "mail");

    private static void distinct(List<Directive> blocks, java.util.function.Function<Directive, String> more) {
        Map<String, Integer> seen = count(blocks.stream().map(d -> d.label).toList());
        blocks.stream()
                .filter(d -> seen.getOrDefault(d.label, 0) > 1)
                .forEach(d -> d.label += " (" + more.apply(d) + ")");
    }

    private static Map<String, Integer> count(List<String> texts) {
        var seen = new HashMap<String, Integer>();
        texts.forEach(t -> seen.merge(t, 1, Integer::sum));
        return seen;
    }

    /** A directive, with a block or without: immutable once the tree is made. */
    public static final class Directive {
        private final String file;
        private final long line;
        private final String name;
        private final List<String> args;
        private final boolean block;
        private final Optional<Directive> enclosing;
        private final List<Directive> children = new ArrayList<>();
        private String label = "";
        private String scope = "";

        private Directive(
                String file, long line, String name, List<String> args, boolean block, Optional<Directive> enclosing) {
            this.file = file;
            this.line = line;
            this.name = name;
            this.args = args;
            this.block = block;
            this.enclosing = enclosing;
        }

        /** The file it stands in, as nginx names it. */
        public String file() {
            return file;
        }

        /** Its line in that file, from 1. */
        public long line() {
            return line;
        }

        /** Where it stands: {@code file:line}. */
        public String at() {
            return file + ":" + line;
        }

        /** Its name. */
        public String name() {
            return name;
        }

        /** Its arguments, without quotes and escapes. */
        public List<String> args() {
            return args;
        }

        /** Argument {@code index}, from 0; throws {@link IllegalArgumentException} where there is none. */
        public String arg(int index) {
            if (index >= args.size()) {
                throw new IllegalArgumentException(
                        at() + ": " + name + " has " + args.size() + " arguments, asked for number " + (index + 1));
            }
            return args.get(index);
        }

        /** True where it opens a block. */
        public boolean isBlock() {
            return block;
        }

        /** The block it stands in; empty at the top. */
        public Optional<Directive> enclosing() {
            return enclosing;
        }

        /** What its block holds, included files in their place. */
        public List<Directive> directives() {
            return Collections.unmodifiableList(children);
        }

        /** What its block holds of this name. */
        public List<Directive> directives(String wanted) {
            return children.stream().filter(d -> d.name.equals(wanted)).toList();
        }

        /**
         * A name that a reader finds again and that no other block has: {@code 127.0.0.1:18090 location ~ \.php$}; a server is named by its
         * {@code server_name}, else by where it listens, and by file and line where that would not tell two apart.
         */
        public String scope() {
            return scope.isEmpty() ? "main" : scope;
        }

        /** The blocks around it: {@code http > server 127.0.0.1:18090 > location ~ \.php$}; {@code main} at the top. */
        public String context() {
            return enclosing
                    .map(e -> (e.enclosing.isPresent() ? e.context() + " > " : "")
                            + (e.name.equals("server") ? "server " : "")
                            + e.label)
                    .orElse("main");
        }

        /**
         * The directive whose value holds in this block: its own, else that of the nearest block around it (location, server, http, main).
         * Empty where none sets it: nginx's default holds. Handlers such as {@code fastcgi_pass} are not taken over from
         * around a location, only into {@code if} and {@code limit_except}.
         */
        public Optional<Directive> effective(String wanted) {
            List<Directive> found = effectives(wanted);
            return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
        }

        /** As {@link #effective}, of directives that may stand several times, such as {@code fastcgi_param}: one level's replace all of the outer ones. */
        public List<Directive> effectives(String wanted) {
            Optional<Directive> at = Optional.of(this);
            while (at.isPresent()) {
                Directive level = at.get();
                List<Directive> found = level.directives(wanted);
                if (!found.isEmpty()) {
                    return found;
                }
                if (NOT_INHERITED.contains(wanted) && !level.name.equals("if") && !level.name.equals("limit_except")) {
                    return List.of();
                }
                at = level.enclosing;
            }
            return List.of();
        }

        private String text() {
            return args.isEmpty() ? name : name + " " + NginxTokens.join(args);
        }

        private String serverName() {
            return directives("server_name").stream()
                    .flatMap(d -> d.args.stream())
                    .filter(n -> !n.isEmpty() && !n.equals("_"))
                    .findFirst()
                    .orElseGet(this::firstListen);
        }

        private String firstListen() {
            return directives("listen").stream()
                    .filter(d -> !d.args.isEmpty())
                    .map(d -> d.args.get(0).matches("\\d+") ? "*:" + d.args.get(0) : d.args.get(0))
                    .findFirst()
                    .orElse(args.isEmpty() ? "*:80" : args.get(0)); // *:80 is nginx's default
        }

        @Override
        public String toString() {
            return text() + (block ? " {" + children.size() + "}" : ";") + "  " + at();
        }
    }
}
