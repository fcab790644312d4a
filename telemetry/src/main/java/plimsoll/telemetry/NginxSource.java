package plimsoll.telemetry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import plimsoll.telemetry.NginxTokens.Lexer;

/**
 * nginx configuration, single files and {@code nginx -T}, into {@code nginx_directives}. File names and line numbers are nginx's own. In
 * {@code nginx -T} the directives of an included file are rows of the block that includes it, once for each {@code include}. The numbers
 * of blocks begin anew with each main file.
 */
final class NginxSource implements Source {
    private static final String MARKED = "# configuration file ";
    private static final Pattern MARKER = Pattern.compile(MARKED + "(\\S.*):");
    // what `nginx -T` writes to standard error above the files
    private static final Pattern BANNER = Pattern.compile("nginx: (\\[\\w+\\] .*|(the )?configuration file .*)");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern CONTEXTS = Pattern.compile("http|events|server|stream|mail");
    private static final Pattern BLOCKS = Pattern.compile("location|upstream|map|types|geo|split_clients|limit_except");
    // directives with names that other configuration languages do not use
    private static final Pattern OWN = Pattern.compile(
            "(fastcgi|proxy|uwsgi|scgi|grpc|client|worker|keepalive|gzip|ssl|open_file_cache|limit_(req|conn)|real_ip|large_client)_[a-z_]+"
                    + "|gzip|listen|server_name|server_tokens|access_log|error_log|log_format|sendfile|tcp_nopush|tcp_nodelay|default_type"
                    + "|resolver|resolver_timeout|add_header|send_timeout|try_files|error_page|load_module");
    // of those, what stands at the beginning of a line only as a directive: an argument that looks so lacks a semicolon
    // before it
    private static final Pattern BEGINS_DIRECTIVE =
            Pattern.compile("(fastcgi|proxy|uwsgi|scgi|grpc|client|worker|keepalive|gzip|ssl|open_file_cache)_[a-z_]+"
                    + "|listen|server_name|access_log|error_log|add_header|send_timeout|try_files|location|upstream");
    private static final Set<String> FREE_BLOCKS = Set.of("map", "types", "geo", "split_clients", "charset_map");
    private static final Set<String> FACTS =
            Set.of("worker_processes", "worker_shutdown_timeout", "worker_rlimit_nofile", "worker_connections");
    private static final Pattern GLOB = Pattern.compile("[*?\\[]");
    private static final int RECOGNISED_BY = 400; // directives that are looked at
    private static final int RECOGNISED_BY_LINES = 1000;
    private static final int DEEPEST = 100;
    /** Characters of what is said of one line, beyond which nothing is added. */
    private static final int REASONS = 500;

    private static final int MOST_ROWS = 1_000_000; // includes that include each other can multiply

    @Override
    public String name() {
        return "nginx configuration";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("nginx: the configuration file ") && line.endsWith(" syntax is ok");
    }

    /** Line {@code number} of a file that {@code nginx -T} printed in this text; empty where it did not, or the file has fewer. */
    static Optional<String> line(Text text, String file, int number) {
        int marker = text.lines().indexOf(MARKED + file + ":");
        if (marker < 0 || number < 1 || marker + number >= text.lines().size()) {
            return Optional.empty();
        }
        List<String> until = text.lines().subList(marker + 1, marker + number + 1);
        return until.stream().anyMatch(l -> MARKER.matcher(l).matches())
                ? Optional.empty()
                : Optional.of(until.get(number - 1));
    }

    @Override
    public boolean uncut() {
        return true;
    }

    @Override
    public Match match(Text text) {
        if (dump(text)) {
            return Match.SURE;
        }
        var lexer = new Lexer(
                String.join("\n", text.lines().subList(0, Math.min(text.lines().size(), RECOGNISED_BY_LINES))));
        int own = 0;
        int good = 0;
        int bad = 0;
        boolean free = false;
        for (int i = 0; i < RECOGNISED_BY; i++) {
            Lexer.Kind kind = lexer.next();
            if (kind == Lexer.Kind.END) {
                break;
            }
            List<Integer> starts = free ? List.of(0) : starts(lexer, kind);
            bad += starts.size() - 1;
            List<String> words = lexer.words.subList(
                    Math.min(starts.get(starts.size() - 1), lexer.words.size()), lexer.words.size());
            switch (kind) {
                case SIMPLE, BLOCK -> {
                    String name = words.get(0);
                    // `name = value` is an ini file
                    if (words.size() > 1 && words.get(1).equals("=") && !name.equals("location")) {
                        return Match.NO;
                    }
                    if (!free) { // a map or types block holds pairs of the user's own
                        boolean named = NAME.matcher(name).matches();
                        good += named ? 1 : 0;
                        bad += named ? 0 : 1;
                        own += own(kind, words) ? 1 : 0;
                    }
                    free |= kind == Lexer.Kind.BLOCK && FREE_BLOCKS.contains(name);
                    if (kind == Lexer.Kind.BLOCK && name.endsWith("_by_lua_block") && lexer.lua() == null) {
                        bad++;
                    }
                }
                case GLUED -> {
                    bad++;
                    lexer.skip();
                }
                case STRAY, UNFINISHED -> bad++;
                case CLOSE -> free = false;
                case END -> {}
            }
        }
        if (own > 0 && own * 4 >= good && good >= 3 * bad) {
            return Match.SURE;
        }
        boolean named = text.path().endsWith(".conf") && text.path().matches(".*nginx.*\\.conf");
        return named && good + bad > 0 ? Match.SHAPE : Match.NO;
    }

    private static boolean own(Lexer.Kind kind, List<String> words) {
        return kind == Lexer.Kind.BLOCK
                ? (words.size() == 1 && CONTEXTS.matcher(words.get(0)).matches())
                        || (words.size() > 1 && BLOCKS.matcher(words.get(0)).matches())
                : words.size() > 1 && OWN.matcher(words.get(0)).matches();
    }

    /** Where in the words a directive begins: at 0, and where a line begins with a directive's name. */
    private static List<Integer> starts(Lexer lexer, Lexer.Kind kind) {
        var starts = new ArrayList<>(List.of(0));
        for (int i = 1; i < lexer.words.size(); i++) {
            String word = lexer.words.get(i);
            boolean last = i + 1 == lexer.words.size();
            boolean directive = last
                    ? kind == Lexer.Kind.BLOCK && CONTEXTS.matcher(word).matches()
                    : BEGINS_DIRECTIVE.matcher(word).matches();
            if (directive && lexer.lines.get(i) > lexer.ends.get(i - 1)) {
                starts.add(i);
            }
        }
        return starts;
    }

    /** True for the output of {@code nginx -T}, which holds every file. */
    static boolean dump(Text text) {
        for (String line : text.lines()) {
            if (line.startsWith(MARKED) && MARKER.matcher(line).matches()) {
                return true;
            }
            boolean banner = line.startsWith("nginx: ") && BANNER.matcher(line).matches();
            if (!line.isBlank() && !banner) {
                return false;
            }
        }
        return false;
    }

    @Override
    public Parsed parse(Text text) {
        return new Pass(List.of(text)).read();
    }

    /**
     * What became of several files that are one configuration.
     *
     * @param parsed in the order of the files, the table with the first root; empty for a file that no include reached
     * @param missing what is included by a plain name and was not there
     */
    record Together(List<Optional<Parsed>> parsed, Set<String> missing) {}

    /**
     * Several files as one configuration.
     *
     * @param names which of {@code files} each name leads to that an include may say, absolute, as nginx has it
     * @param roots the main file, or files that stand for themselves
     * @param folder the one that relative names start from, absolute, with a slash at its end
     */
    static Together together(List<Text> files, Map<String, Integer> names, List<Integer> roots, String folder) {
        var pass = new Pass(files);
        return new Together(pass.read(names, roots, folder), pass.missing);
    }

    /** Lines of a text that are one file; {@code first} is the number of its first line. */
    private record Segment(String name, int from, int to, int first) {}

    /** A directive as one file has it. */
    private static final class Directive {
        private final int index;
        private final int line;
        private final String file;
        private final List<String> words;
        private final boolean block;
        private final List<Directive> children = new ArrayList<>();

        Directive(int index, int line, String file, List<String> words, boolean block) {
            this.index = index;
            this.line = line;
            this.file = file;
            this.words = List.copyOf(words);
            this.block = block;
        }

        String name() {
            return words.get(0);
        }
    }

    /** One pass through a text, or through several that include each other. */
    private static final class Pass {
        private final List<Text> texts;
        private final List<Parsed.Account> accounts;
        private final int[] starts; // where the lines of each text begin among those of all
        private final List<String> lines = new ArrayList<>();
        private final boolean[] used;
        private final @Nullable String[] wrong;
        private final List<Segment> segments = new ArrayList<>();
        private final Map<Integer, List<Directive>> read = new HashMap<>();
        private final Map<String, Integer> names = new LinkedHashMap<>();
        private final List<Integer> including = new ArrayList<>();
        private final Set<Integer> included = new HashSet<>();
        private final Set<Integer> said = new HashSet<>(); // lines with a fact
        private final Set<String> missing = new LinkedHashSet<>();
        private final Rows.Builder rows = new Rows.Builder("nginx_directives")
                .column("file", Rows.Type.TEXT)
                .column("line", Rows.Type.NUMBER)
                .column("depth", Rows.Type.NUMBER)
                .column("name", Rows.Type.TEXT)
                .column("args", Rows.Type.TEXT)
                .column("block", Rows.Type.NUMBER)
                .column("parent", Rows.Type.NUMBER);
        private String base = "";
        private int blocks;

        Pass(List<Text> texts) {
            this.texts = texts;
            this.accounts = texts.stream().map(Parsed.Account::new).toList();
            this.starts = new int[texts.size()];
            for (int t = 0; t < texts.size(); t++) {
                starts[t] = lines.size();
                lines.addAll(texts.get(t).lines());
            }
            this.used = new boolean[lines.size()];
            this.wrong = new @Nullable String[lines.size()];
        }

        /** The one text alone, which may be {@code nginx -T}. */
        Parsed read() {
            Text text = texts.get(0);
            boolean dump = dump(text);
            if (dump) {
                cut();
            } else {
                segments.add(new Segment(text.path(), 0, lines.size(), text.firstLine()));
            }
            for (int s = 0; s < segments.size(); s++) {
                names.putIfAbsent(segments.get(s).name, s);
            }
            String first = segments.get(0).name;
            base = first.substring(0, first.lastIndexOf('/') + 1);
            // the first is the main file; one that no include reaches stands for itself
            roots(List.copyOf(names.values()));
            if (dump) {
                // more than the main file has with those of its includes that were captured
                accounts.get(0).covers(first);
                accounts.get(0).covers("nginx -T: " + first);
            }
            return account(0, Optional.of(NginxConfig.withContexts(rows.rows())));
        }

        /** Several texts, each of them a file. */
        List<Optional<Parsed>> read(Map<String, Integer> named, List<Integer> roots, String folder) {
            for (int t = 0; t < texts.size(); t++) {
                Text text = texts.get(t);
                segments.add(new Segment(
                        text.path(), starts[t], starts[t] + text.lines().size(), text.firstLine()));
            }
            names.putAll(named);
            base = folder;
            named.forEach((name, t) -> {
                if (roots.contains(t)) {
                    accounts.get(roots.get(0)).covers(name);
                }
            });
            roots(roots);
            Optional<Rows> all = Optional.of(NginxConfig.withContexts(rows.rows()));
            var parsed = new ArrayList<Optional<Parsed>>();
            for (int t = 0; t < texts.size(); t++) {
                Optional<Rows> own = t == roots.get(0) ? all : Optional.empty();
                parsed.add(included.contains(t) ? Optional.of(account(t, own)) : Optional.empty());
            }
            return parsed;
        }

        private void roots(List<Integer> roots) {
            for (int root : roots) {
                if (included.add(root)) {
                    rows(directives(root), 0, 0, Optional.empty());
                }
            }
        }

        private List<Directive> directives(int segment) {
            List<Directive> known = read.get(segment);
            if (known == null) {
                Segment s = segments.get(segment);
                known = file(s.name, s.from, s.to, s.first);
                read.put(segment, known);
            }
            return known;
        }

        /** What became of text {@code t}. */
        private Parsed account(int t, Optional<Rows> table) {
            Parsed.Account account = accounts.get(t);
            for (int i = 0; i < texts.get(t).lines().size(); i++) {
                String reason = wrong[starts[t] + i];
                if (reason != null) {
                    account.reject(i, reason);
                } else if (used[starts[t] + i]) {
                    account.used();
                } else {
                    account.empty();
                }
            }
            return account.close(table);
        }

        /** Cuts {@code nginx -T} at its file markers. */
        private void cut() {
            String path = "";
            int start = -1;
            for (int i = 0; i <= lines.size(); i++) {
                Matcher marker = MARKER.matcher(i < lines.size() ? lines.get(i) : "");
                boolean end = i == lines.size();
                if (end || marker.matches()) {
                    if (start >= 0) {
                        segments.add(new Segment(path, start, i, 1));
                    }
                    if (!end) {
                        path = marker.group(1);
                        start = i + 1;
                    }
                }
            }
        }

        /** The directives of lines {@code from} to before {@code to} of the text, which are a file whose first line has number {@code first}. */
        private List<Directive> file(String path, int from, int to, int first) {
            var lexer = new Lexer(String.join("\n", lines.subList(from, to)));
            var top = new ArrayList<Directive>();
            Deque<List<Directive>> open = new ArrayDeque<>();
            Deque<Directive> owners = new ArrayDeque<>(); // of the blocks open, the outermost last
            open.push(top);
            while (true) {
                Lexer.Kind kind = lexer.next();
                int now = Math.min(from + lexer.line(), to - 1);
                for (int word = 0; word < lexer.words.size(); word++) {
                    Arrays.fill(used, from + lexer.lines.get(word), from + lexer.ends.get(word) + 1, true);
                }
                if (kind != Lexer.Kind.END) {
                    used[now] = true;
                }
                boolean free =
                        !owners.isEmpty() && FREE_BLOCKS.contains(owners.peek().name());
                List<Integer> starts = free ? List.of(0) : starts(lexer, kind);
                int last = starts.get(starts.size() - 1);
                for (int s = 0; s + 1 < starts.size(); s++) {
                    spoil(
                            lexer,
                            from,
                            starts.get(s),
                            starts.get(s + 1) - 1,
                            "no \";\" ends the directive \"" + lexer.words.get(starts.get(s))
                                    + "\" before the next one begins");
                }
                List<String> words =
                        List.copyOf(lexer.words.subList(Math.min(last, lexer.words.size()), lexer.words.size()));
                int at = words.isEmpty() ? lexer.line() : lexer.lines.get(last);
                switch (kind) {
                    case SIMPLE -> open.element().add(new Directive(from + at, first + at, path, words, false));
                    case BLOCK ->
                        block(lexer, from, at, new Directive(from + at, first + at, path, words, true), open, owners);
                    case CLOSE -> {
                        if (open.size() > 1) {
                            open.pop();
                            owners.pop();
                        } else {
                            reject(now, "unexpected \"}\": no block is open here");
                        }
                    }
                    case STRAY -> reject(now, "unexpected \"" + lexer.unexpected + "\": no directive stands before it");
                    case GLUED -> {
                        int word = lexer.words.size() - 1;
                        if (lexer.unexpected == '}') {
                            spoil(lexer, from, last, word, unended(words.get(0), "\"}\""));
                            continue; // the brace is read again, as one that closes
                        }
                        spoil(
                                lexer,
                                from,
                                last,
                                word,
                                "unexpected \"" + lexer.unexpected
                                        + "\" behind a closing quote: a space, \";\" or \"{\" belongs there, or the quote is not the one meant");
                        int quote = lexer.lines.get(word);
                        if (quote != lexer.line()) {
                            lexer.resume(quote + 1); // the quote ran over lines that are directives of their own
                        } else {
                            boolean opens = lexer.skip();
                            for (int i = quote + 1; i <= lexer.line() && i < to - from; i++) {
                                reject(from + i, "part of the directive that is wrong on line " + (first + quote));
                            }
                            if (opens) {
                                block(
                                        lexer,
                                        from,
                                        at,
                                        new Directive(from + at, first + at, path, words, true),
                                        open,
                                        owners);
                            }
                        }
                    }
                    case UNFINISHED -> {
                        int word = lexer.words.size() - 1;
                        if (lexer.quoteOpen) {
                            int quote = lexer.lines.get(word);
                            // read on behind the line: what the quote swallowed are directives of their own
                            Arrays.fill(used, from + quote + 1, to, false);
                            spoil(lexer, from, last, word, "the quote that opens here is never closed");
                            lexer.resume(quote + 1);
                        } else {
                            String found = lexer.unexpected == 0 ? "the end of the file" : "\"}\"";
                            spoil(lexer, from, last, word, unended(words.get(0), found));
                        }
                    }
                    case END -> {
                        if (!owners.isEmpty()) {
                            Directive inner = owners.element();
                            reject(
                                    inner.index,
                                    "the block \"" + inner.name()
                                            + "\" that opens here is not closed before the end of the file: "
                                            + owners.size() + " \"}\" missing");
                        }
                        return top;
                    }
                }
            }
        }

        private void block(
                Lexer lexer,
                int from,
                int at,
                Directive directive,
                Deque<List<Directive>> open,
                Deque<Directive> owners) {
            if (directive.name().endsWith("_by_lua_block")) {
                int start = lexer.line();
                String code = lexer.lua();
                if (code != null) {
                    var words = new ArrayList<>(directive.words);
                    words.add(code);
                    open.element().add(new Directive(directive.index, directive.line, directive.file, words, false));
                    for (int i = start; i <= lexer.line(); i++) {
                        used[from + i] |= !lines.get(from + i).isBlank();
                    }
                    return;
                }
                reject(from + at, "no \"}\" ends the Lua code that opens here");
                lexer.resume(start + 1);
                return;
            }
            if (owners.size() >= DEEPEST) {
                reject(
                        from + at,
                        "blocks nested more than " + DEEPEST
                                + " deep; what is in this one is read as part of the one around it");
                owners.push(directive);
                open.push(open.element());
                return;
            }
            open.element().add(directive);
            open.push(directive.children);
            owners.push(directive);
        }

        private static String unended(String name, String found) {
            return "no \";\" ends the directive \"" + name + "\" before " + found;
        }

        /** Rejects the lines of words {@code first} to {@code last}, the line where the last one begins for the reason given. */
        private void spoil(Lexer lexer, int from, int first, int last, String reason) {
            int at = lexer.lines.get(last);
            reject(from + at, reason);
            for (int word = first; word < last; word++) {
                int line = lexer.lines.get(word);
                if (line != at && wrong[from + line] == null) {
                    reject(from + line, "part of a directive that is wrong further down: " + reason);
                }
            }
        }

        private void reject(int index, String reason) {
            String before = wrong[index];
            // a line may be wrong in more ways than anybody reads
            if (before == null || before.length() < REASONS) {
                wrong[index] = before == null ? reason : before + "; " + reason;
            }
        }

        /** Writes the rows of directives that stand in block {@code parent}, 0 for none, included files among them. */
        private void rows(List<Directive> directives, int parent, int depth, Optional<String> owner) {
            for (Directive d : directives) {
                if (rows.size() >= MOST_ROWS) {
                    return;
                }
                rows.text("file", d.file)
                        .number("line", d.line)
                        .number("depth", depth)
                        .text("name", d.name())
                        .text("args", NginxTokens.join(d.words.subList(1, d.words.size())));
                if (parent > 0) {
                    rows.number("parent", parent);
                }
                if (d.block) {
                    blocks++;
                    int block = blocks;
                    rows.number("block", block).end();
                    rows(d.children, block, depth + 1, Optional.of(d.name()));
                } else {
                    rows.end();
                    boolean global = d.name().equals("worker_connections")
                            ? owner.equals(Optional.of("events"))
                            : owner.isEmpty();
                    if (global && FACTS.contains(d.name()) && d.words.size() == 2 && said.add(d.index)) {
                        int t = Arrays.binarySearch(starts, d.index);
                        t = t < 0 ? -t - 2 : t;
                        accounts.get(t).fact(d.index - starts[t], "nginx:" + d.name(), d.words.get(1));
                    }
                    if (d.name().equals("include") && d.words.size() == 2) {
                        include(d.words.get(1), parent, depth, owner);
                    }
                }
            }
        }

        private void include(String path, int parent, int depth, Optional<String> owner) {
            // nginx takes a relative path from the folder of its main configuration file
            String absolute = path.startsWith("/") ? path : base + path;
            Pattern wanted = glob(absolute);
            List<Integer> found = names.entrySet().stream()
                    .filter(n -> wanted.matcher(n.getKey()).matches())
                    .sorted(Map.Entry.comparingByKey())
                    .map(Map.Entry::getValue)
                    .toList();
            if (found.isEmpty() && !GLOB.matcher(path).find()) {
                missing.add(path);
            }
            for (Integer segment : found) {
                if (including.size() < DEEPEST
                        && !including.contains(segment)) { // a file that includes itself would never end
                    included.add(segment);
                    including.add(segment);
                    rows(directives(segment), parent, depth, owner);
                    including.remove(segment);
                }
            }
        }

        /** As glob(3): {@code *} and {@code ?} match neither a slash nor a leading dot. */
        private static Pattern glob(String path) {
            var regex = new StringBuilder();
            for (int i = 0; i < path.length(); i++) {
                char c = path.charAt(i);
                String visible = regex.length() == 0 || path.charAt(i - 1) == '/' ? "(?!\\.)" : "";
                int close = path.indexOf(']', i + 2);
                if (c == '*') {
                    regex.append(visible).append("[^/]*");
                } else if (c == '?') {
                    regex.append(visible).append("[^/]");
                } else if (c == '[' && close > 0) {
                    String set = path.substring(i + 1, close)
                            .replace("\\", "\\\\")
                            .replace("[", "\\[")
                            .replace("&", "\\&");
                    regex.append(visible)
                            .append('[')
                            .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                            .append(']');
                    i = close;
                } else {
                    regex.append(Pattern.quote(String.valueOf(c)));
                }
            }
            try {
                return Pattern.compile(regex.toString());
            } catch (PatternSyntaxException e) {
                return Pattern.compile(path, Pattern.LITERAL); // such as [z-a]
            }
        }
    }
}
