package plimsoll.plots;

import java.util.List;
import java.util.Locale;
import plimsoll.dsl.Verdict;

/**
 * What a part of a picture is drawn with: one visual language for all of them, on light and on dark paper. Series wear the palette of
 * Okabe and Ito (2008), which colour-blind readers can tell apart; its yellow is left out on white, its vermilion is kept for limits and
 * for what is over.
 */
enum Ink {
    PAPER("#ffffff", "#14181b"),
    TEXT("#222222", "#e6e6e6"),
    QUIET("#5a5a5a", "#b4b4b4"),
    GRID("#dedede", "#3b4146"),
    LIMIT("#b84a00", "#ff9a56"),
    BLUE("#0072b2", "#56b4e9"),
    ORANGE("#e69f00", "#e69f00"),
    GREEN("#009e73", "#2bc79a"),
    PURPLE("#cc79a7", "#d895b8"),
    SKY("#56b4e9", "#a3c4f3"),
    OVER("#d55e00", "#ff8a3d"),
    FITS("#0072b2", "#56b4e9"),
    UNKNOWN("#8a8a8a", "#8f979d");

    private static final List<Ink> SERIES = List.of(BLUE, ORANGE, GREEN, PURPLE, SKY);

    private final String light;
    private final String dark;

    Ink(String light, String dark) {
        this.light = light;
        this.dark = dark;
    }

    /** The ink of the {@code i}-th series. */
    static Ink series(int i) {
        return SERIES.get(i % SERIES.size());
    }

    static Ink of(Verdict.State verdict) {
        return switch (verdict) {
            case OVER -> OVER;
            case FITS -> FITS;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** On light paper, as {@code #rrggbb}. */
    String light() {
        return light;
    }

    /** On dark paper. */
    String dark() {
        return dark;
    }

    /** The name of its class in a style sheet. */
    String css() {
        return "i-" + name().toLowerCase(Locale.ROOT);
    }
}
