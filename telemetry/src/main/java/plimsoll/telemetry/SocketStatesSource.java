package plimsoll.telemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sockets counted by state, as {@code ss -tan | awk '{print $1}' | sort | uniq -c} prints them, number first, or an {@code awk} of
 * one's own, state first. The word of the header that such a pipe counts too is passed over.
 *
 * <p>{@code netstat} spells states with underscores, as {@code conntrack} does: such counts are taken for sockets only where the
 * command or a word of netstat's header says so.
 */
final class SocketStatesSource implements Source {
    /** What {@code ss} and {@code netstat} leave of their headers in the column of the states. */
    private static final List<String> HEADERS = List.of("State", "Foreign", "established)");

    @Override
    public String name() {
        return "socket states, counted";
    }

    @Override
    public Match match(Text text) {
        int states = 0;
        boolean netstat = ofNetstat(text);
        for (String line : text.lines()) {
            if (line.isBlank()) {
                continue;
            }
            Count count = Count.of(line);
            if (count == null) {
                return Match.NO;
            }
            if (state(count.word, netstat) != null) {
                states++;
            } else if (!HEADERS.contains(count.word)) {
                return Match.NO;
            }
        }
        return states > 0 ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        boolean netstat = ofNetstat(text);
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("socket_states")
                .column("state", Rows.Type.TEXT)
                .column("sockets", Rows.Type.NUMBER);
        var seen = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Count count = Count.of(line);
            String state = count == null ? null : state(count.word, netstat);
            if (line.isBlank() || (count != null && HEADERS.contains(count.word))) {
                account.empty();
            } else if (count == null || state == null) {
                account.reject(i, "is not a number and a state, one of " + String.join(" ", SsListingSource.STATES));
            } else if (seen.putIfAbsent(state, i) != null) {
                account.reject(i, state + " is counted twice");
            } else {
                rows.text("state", state).number("sockets", count.number).end();
                account.fact(i, "states:" + state, Long.toString(count.number));
                account.used();
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static @Nullable String state(String word, boolean netstat) {
        if (SsListingSource.STATES.contains(word)) {
            return word;
        }
        return netstat ? NetstatListingSource.STATES.get(word) : null;
    }

    private static boolean ofNetstat(Text text) {
        if (text.command().orElse("").toLowerCase(Locale.ROOT).contains("netstat")) {
            return true;
        }
        return text.lines().stream()
                .limit(100)
                .map(Count::of)
                .anyMatch(c -> c != null && (c.word.equals("Foreign") || c.word.equals("established)")));
    }

    /** A number and a word, in either order. */
    private record Count(long number, String word) {
        static @Nullable Count of(String line) {
            if (line.length() > 100) {
                return null;
            }
            List<String> fields = Fields.split(line);
            if (fields.size() != 2) {
                return null;
            }
            for (int i = 0; i < 2; i++) {
                String digits = fields.get(i);
                long number = Fields.decimal(digits, 0, digits.length());
                if (number >= 0) {
                    return new Count(number, fields.get(1 - i));
                }
            }
            return null;
        }
    }
}
