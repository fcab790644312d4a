package plimsoll.plots;

import java.util.List;

/** The palette of Okabe and Ito (2008), told apart by colour-blind readers, as {@code #rrggbb}; yellow is left out on white. */
final class Colours {
    static final List<String> LINES = List.of("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9");
    static final String LEVEL = "#d55e00";
    static final String MARK = "#777777";
    static final String GRID = "#dddddd";
    static final String TEXT = "#222222";

    private Colours() {}

    static String line(int i) {
        return LINES.get(i % LINES.size());
    }
}
