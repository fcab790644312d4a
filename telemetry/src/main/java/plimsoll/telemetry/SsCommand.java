package plimsoll.telemetry;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line of an {@code ss} listing says that the listing itself does not: an immutable value.
 *
 * @param known true where the command is there and is {@code ss}
 * @param kinds the kinds of socket asked for, as the Netid column has them; empty for all
 * @param states the states asked for, in the spelling of the State column
 * @param versions the IP versions asked for, {@code 4} and {@code 6}
 * @param headless true for {@code -H}
 * @param filtered true where an expression, {@code dst 10.0.0.1}, leaves out sockets
 */
record SsCommand(
        boolean known,
        Set<String> kinds,
        Set<String> states,
        List<String> versions,
        boolean headless,
        boolean filtered) {
    private static final SsCommand NONE = new SsCommand(false, Set.of(), Set.of(), List.of(), false, false);
    private static final Map<String, String> KINDS = Map.of(
            "t", "tcp", "u", "udp", "w", "raw", "M", "mptcp", "S", "sctp", "d", "dccp", "x", "unix", "0", "packet");
    private static final Set<String> WITH_ARGUMENT =
            Set.of("-f", "--family", "-A", "--query", "--socket", "-D", "--diag", "-F", "--filter", "-N", "--net");
    private static final Map<String, Set<String>> STATES = Map.ofEntries(
            Map.entry("established", Set.of("ESTAB")),
            Map.entry("syn-sent", Set.of("SYN-SENT")),
            Map.entry("syn-recv", Set.of("SYN-RECV")),
            Map.entry("fin-wait-1", Set.of("FIN-WAIT-1")),
            Map.entry("fin-wait-2", Set.of("FIN-WAIT-2")),
            Map.entry("time-wait", Set.of("TIME-WAIT")),
            Map.entry("closed", Set.of("UNCONN")),
            Map.entry("close-wait", Set.of("CLOSE-WAIT")),
            Map.entry("last-ack", Set.of("LAST-ACK")),
            Map.entry("listening", Set.of("LISTEN")),
            Map.entry("closing", Set.of("CLOSING")),
            Map.entry("all", Sockets.ALL_STATES));

    /** Reads a command line; without one, or with another than {@code ss}, nothing is known. */
    static SsCommand of(Optional<String> command) {
        List<String> words = Fields.split(command.orElse("").split("\\|", 2)[0]);
        if (words.isEmpty() || !words.get(0).matches("(\\S*/)?ss")) {
            return NONE;
        }
        var kinds = new LinkedHashSet<String>();
        var states = new LinkedHashSet<String>();
        var options = new StringBuilder();
        boolean filtered = false;
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.startsWith("2>") || word.startsWith(">")) {
                break;
            } else if (WITH_ARGUMENT.contains(word)) {
                filtered = true; // what these ask for is not looked into
                i++;
            } else if (word.startsWith("--")) {
                options.append(letter(word));
            } else if (word.startsWith("-")) {
                options.append(word, 1, word.length());
            } else if (word.equals("state") && i + 1 < words.size()) {
                i++;
                states.addAll(STATES.getOrDefault(words.get(i).toLowerCase(Locale.ROOT), Set.of()));
            } else {
                filtered = true;
            }
        }
        String letters = options.toString();
        KINDS.forEach((letter, kind) -> {
            if (letters.contains(letter)) {
                kinds.add(kind);
            }
        });
        if (states.isEmpty()) {
            states.addAll(
                    letters.contains("a")
                            ? Sockets.ALL_STATES
                            : letters.contains("l") ? Sockets.LISTENING : Sockets.CONNECTED);
        }
        List<String> versions = letters.contains("4") == letters.contains("6")
                ? List.of("4", "6")
                : List.of(letters.contains("4") ? "4" : "6");
        return new SsCommand(true, Set.copyOf(kinds), Set.copyOf(states), versions, letters.contains("H"), filtered);
    }

    /** The short form of a long option that says what is listed; empty for the others. */
    private static String letter(String option) {
        return switch (option) {
            case "--tcp" -> "t";
            case "--udp" -> "u";
            case "--raw" -> "w";
            case "--mptcp" -> "M";
            case "--sctp" -> "S";
            case "--dccp" -> "d";
            case "--unix" -> "x";
            case "--packet" -> "0";
            case "--all" -> "a";
            case "--listening" -> "l";
            case "--ipv4" -> "4";
            case "--ipv6" -> "6";
            case "--no-header" -> "H";
            default -> "";
        };
    }

    /** The one kind of socket asked for, where there is one that the listing then does not name: those of unix are always named. */
    @Nullable
    String netid() {
        return kinds.size() == 1 && !kinds.contains("unix") && !kinds.contains("packet")
                ? kinds.iterator().next()
                : null;
    }

    /** The one state asked for, where there is one. */
    @Nullable
    String state() {
        return states.size() == 1 ? states.iterator().next() : null;
    }

    /** True where sockets of that kind were asked for. */
    boolean lists(String kind) {
        return known && (kinds.isEmpty() || kinds.contains(kind));
    }
}
