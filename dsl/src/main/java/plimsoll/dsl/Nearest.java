package plimsoll.dsl;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names nearest to one that is not known, for the sentence that refuses it. */
public final class Nearest {
    private static final int SHOWN = 3;

    private Nearest() {}

    /**
     * At most three of the known names, the nearest first; empty where none is near. A name is near where few letters have to be
     * exchanged, where it is all but the ending of what was asked ({@code net.ipv4.ip_local_port_range.low}), or where its last part is
     * near and no folder was named.
     */
    public static List<String> of(String asked, Collection<String> known) {
        int far = Math.max(1, asked.length() / 4);
        return known.stream()
                .distinct()
                .filter(name -> distance(asked, name) <= far)
                .sorted(Comparator.comparingInt((String name) -> distance(asked, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN)
                .toList();
    }

    private static int distance(String asked, String known) {
        String a = asked.toLowerCase(Locale.ROOT);
        String b = known.toLowerCase(Locale.ROOT);
        if (a.startsWith(b + ".")) {
            return 0;
        }
        int whole = edits(a, b);
        return a.contains(".") ? whole : Math.min(whole, edits(a, b.substring(b.lastIndexOf('.') + 1)));
    }

    /** Levenshtein's distance: letters put in, left out or exchanged. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchanged = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
