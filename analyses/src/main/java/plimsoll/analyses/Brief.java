package plimsoll.analyses;

import java.util.List;

/** Lists as they print in a shell: whole items, as many as a thousand characters hold. */
final class Brief {
    private static final int LIMIT = 1000;

    private Brief() {}

    /** The items one below the other; those that do not fit are counted in a last line. One item always shows, cut where it must be. */
    static String of(List<?> items, String none) {
        if (items.isEmpty()) {
            return none;
        }
        var out = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            String line = (i == 0 ? "" : "\n") + items.get(i);
            String more = "\n" + (items.size() - i) + " more: .print()";
            String after = i + 1 == items.size() ? "" : "\n" + (items.size() - i - 1) + " more: .print()";
            if (out.length() + line.length() + after.length() > LIMIT) {
                if (i == 0) {
                    out.append(line, 0, LIMIT - more.length() - 4).append(" ...");
                }
                return out.append(more).toString();
            }
            out.append(line);
        }
        return out.toString();
    }
}
