package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * nginx's own words: cuts configuration text into directives by the rules of nginx for spaces, quotes, backslashes and comments, and
 * writes arguments in a spelling that reads back as the same arguments. Source of the rules: {@code ngx_conf_read_token} in
 * {@code src/core/ngx_conf_file.c}; Lua blocks end where {@code ngx_http_lua_conf_lua_block_parse} of lua-nginx-module ends them.
 */
public final class NginxTokens {
    private NginxTokens() {}

    /** The arguments in a text that {@link #join} wrote, or as they stand in a configuration file. Throws {@link IllegalArgumentException}. */
    public static List<String> split(String args) {
        var lexer = new Lexer(args);
        Lexer.Kind kind = lexer.next();
        boolean all = kind == Lexer.Kind.END || (kind == Lexer.Kind.UNFINISHED && !lexer.quoteOpen && lexer.atEnd());
        if (!all) {
            throw new IllegalArgumentException("not the arguments of one nginx directive: " + args
                    + "; write them as in a configuration file, without the ';'");
        }
        return List.copyOf(lexer.words);
    }

    /** One text for several arguments: each as it is where nginx reads it as one word, in quotes elsewhere. {@link #split} gives them back. */
    public static String join(List<String> args) {
        var joined = new StringBuilder();
        for (String arg : args) {
            joined.append(joined.length() == 0 ? "" : " ").append(bare(arg) ? arg : quoted(arg));
        }
        return joined.toString();
    }

    private static boolean bare(String arg) {
        // a backslash at the end would take the space behind it
        if (arg.isEmpty() || arg.endsWith("\\") || arg.chars().anyMatch(c -> c == '\n' || c == '\r' || c == '\t')) {
            return false;
        }
        var lexer = new Lexer(arg);
        return lexer.next() == Lexer.Kind.UNFINISHED
                && !lexer.quoteOpen
                && lexer.atEnd()
                && lexer.words.equals(List.of(arg));
    }

    private static String quoted(String arg) {
        char quote = arg.indexOf('"') >= 0 && arg.indexOf('\'') < 0 ? '\'' : '"';
        var text = new StringBuilder().append(quote);
        for (int i = 0; i < arg.length(); i++) {
            char c = arg.charAt(i);
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                // doubled only where nginx would take it for an escape, so that regular expressions stay as they are
                case '\\' ->
                    text.append(
                            i + 1 == arg.length() || "\"'\\trn\t\r\n".indexOf(arg.charAt(i + 1)) >= 0 ? "\\\\" : "\\");
                default -> {
                    if (c == quote) {
                        text.append('\\');
                    }
                    text.append(c);
                }
            }
        }
        return text.append(quote).toString();
    }

    /** Goes through configuration text statement by statement. Not thread-safe. */
    static final class Lexer {
        /** What {@link #next()} came to. */
        enum Kind {
            /** A directive and its semicolon. */
            SIMPLE,
            /** A directive and the brace that opens its block. */
            BLOCK,
            /** A brace that closes a block. */
            CLOSE,
            /** A semicolon or an opening brace with no directive before it. */
            STRAY,
            /** A directive that a closing brace or the end of the text cuts off. */
            UNFINISHED,
            /** Text directly behind a closing quote. */
            GLUED,
            /** The end of the text. */
            END
        }

        private final String text;
        private int pos;
        private int line;

        /** The directive and its arguments, unquoted. */
        final List<String> words = new ArrayList<>();

        /** The line of the text, from 0, on which each word begins. */
        final List<Integer> lines = new ArrayList<>();

        /** The line on which each word ends: a word in quotes may run over several. */
        final List<Integer> ends = new ArrayList<>();

        /** True where the end of the text came inside quotes. */
        boolean quoteOpen;

        /** The character that should not be there, of {@link Kind#STRAY}, {@link Kind#UNFINISHED} and {@link Kind#GLUED}; 0 at the end. */
        char unexpected;

        Lexer(String text) {
            this.text = text;
        }

        /** The line, from 0, that is being read. */
        int line() {
            return line;
        }

        boolean atEnd() {
            return pos >= text.length();
        }

        /** Reads up to the end of the next directive. */
        Kind next() {
            words.clear();
            lines.clear();
            ends.clear();
            quoteOpen = false;
            while (pos < text.length()) {
                char c = text.charAt(pos);
                switch (c) {
                    case '\n' -> {
                        line++;
                        pos++;
                    }
                    case ' ', '\t', '\r' -> pos++;
                    case '#' -> pos = lineEnd(pos);
                    case ';' -> {
                        pos++;
                        return words.isEmpty() ? stray(c) : Kind.SIMPLE;
                    }
                    case '{' -> {
                        pos++;
                        return words.isEmpty() ? stray(c) : Kind.BLOCK;
                    }
                    case '}' -> {
                        unexpected = c;
                        if (!words.isEmpty()) {
                            return Kind.UNFINISHED; // the brace is read again, as one that closes
                        }
                        pos++;
                        return Kind.CLOSE;
                    }
                    case '"', '\'' -> {
                        Kind wrong = quotedWord(c);
                        if (wrong != null) {
                            return wrong;
                        }
                    }
                    default -> bareWord();
                }
            }
            unexpected = 0;
            return words.isEmpty() ? Kind.END : Kind.UNFINISHED;
        }

        private Kind stray(char c) {
            unexpected = c;
            return Kind.STRAY;
        }

        private @Nullable Kind quotedWord(char quote) {
            int from = pos + 1;
            int at = line;
            int end = from;
            while (end < text.length() && text.charAt(end) != quote) {
                if (text.charAt(end) == '\\') {
                    line += end + 1 < text.length() && text.charAt(end + 1) == '\n' ? 1 : 0;
                    end++;
                } else if (text.charAt(end) == '\n') {
                    line++;
                }
                end++;
            }
            word(from, Math.min(end, text.length()), at);
            pos = Math.min(end + 1, text.length());
            if (end >= text.length()) {
                unexpected = 0;
                quoteOpen = true;
                return Kind.UNFINISHED;
            }
            if (pos < text.length() && " \t\r\n;{)".indexOf(text.charAt(pos)) < 0) {
                unexpected = text.charAt(pos);
                return Kind.GLUED;
            }
            return null;
        }

        private void bareWord() {
            int from = pos;
            int at = line;
            boolean variable = false;
            while (pos < text.length()) {
                char c = text.charAt(pos);
                if (c == '{' && variable) {
                    pos++;
                    continue; // ${name}
                }
                variable = c == '$';
                if (c == '\\') {
                    pos++;
                    line += pos < text.length() && text.charAt(pos) == '\n' ? 1 : 0;
                } else if (" \t\r\n;{".indexOf(c) >= 0) {
                    break;
                }
                pos++;
            }
            pos = Math.min(pos, text.length());
            word(from, pos, at);
        }

        private void word(int from, int to, int at) {
            var word = new StringBuilder(to - from);
            for (int i = from; i < to; i++) {
                char c = text.charAt(i);
                if (c == '\\' && i + 1 < to) {
                    char escaped = text.charAt(i + 1);
                    switch (escaped) {
                        case '"', '\'', '\\' -> word.append(escaped);
                        case 't' -> word.append('\t');
                        case 'r' -> word.append('\r');
                        case 'n' -> word.append('\n');
                        default -> word.append(c).append(escaped); // the backslash stays, as in \. or \{
                    }
                    i++;
                } else {
                    word.append(c);
                }
            }
            words.add(word.toString());
            lines.add(at);
            ends.add(line);
        }

        /** After {@link Kind#GLUED}: leaves out the rest of the directive; true where it would have opened a block. */
        boolean skip() {
            while (pos < text.length() && ";{}".indexOf(text.charAt(pos)) < 0) {
                line += text.charAt(pos) == '\n' ? 1 : 0;
                pos++;
            }
            boolean block = pos < text.length() && text.charAt(pos) == '{';
            if (pos < text.length() && text.charAt(pos) != '}') {
                pos++;
            }
            return block;
        }

        /** Goes to the beginning of a line, from 0. */
        void resume(int at) {
            pos = 0;
            line = 0;
            while (line < at && pos < text.length()) {
                pos = lineEnd(pos) + 1;
                line++;
            }
            pos = Math.min(pos, text.length());
        }

        /** The Lua code up to the brace that closes its block, which is consumed; null, and nothing consumed, where there is none. */
        @Nullable
        String lua() {
            int depth = 1;
            int i = pos;
            while (i < text.length()) {
                char c = text.charAt(i);
                if (c == '-' && text.startsWith("--", i)) {
                    int end = longBracket(i + 2);
                    i = end > 0 ? end : lineEnd(i);
                } else if (c == '[' && longBracket(i) > 0) {
                    i = longBracket(i);
                } else if (c == '"' || c == '\'') {
                    i = luaString(i);
                } else {
                    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                    if (depth == 0) {
                        String code = text.substring(pos, i);
                        line += (int) code.chars().filter(ch -> ch == '\n').count();
                        pos = i + 1;
                        return code;
                    }
                    i++;
                }
            }
            return null;
        }

        private int luaString(int open) {
            int i = open + 1;
            while (i < text.length() && text.charAt(i) != text.charAt(open)) {
                i += text.charAt(i) == '\\' ? 2 : 1;
            }
            return i + 1;
        }

        /** The index behind {@code [[...]]} or {@code [==[...]==]}; 0 where none begins at {@code open} or it is never closed. */
        private int longBracket(int open) {
            int i = open + 1;
            while (i < text.length() && text.charAt(i) == '=') {
                i++;
            }
            if (!text.startsWith("[", open) || !text.startsWith("[", i)) {
                return 0;
            }
            String close = "]" + "=".repeat(i - open - 1) + "]";
            int end = text.indexOf(close, i + 1);
            return end < 0 ? 0 : end + close.length();
        }

        private int lineEnd(int from) {
            int end = text.indexOf('\n', from);
            return end < 0 ? text.length() : end;
        }
    }
}
