package plimsoll.plots;

/** What a still picture is drawn on: points from the upper left corner. */
interface Canvas {
    /** Where a text is held. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** A stroke through points; {@code dash} is empty for a solid one. */
    void stroke(double[] xs, double[] ys, Ink ink, double width, String dash);

    /** A filled outline. */
    void area(double[] xs, double[] ys, Ink ink, double opacity);

    /** A filled rectangle with corners that are a little round. */
    void box(double x, double y, double width, double height, Ink ink, double opacity);

    /** A line of text at its base line. */
    void text(double x, double y, String text, Ink ink, double size, Anchor anchor, boolean bold);

    /**
     * About how wide a text is, in points: the same for each canvas, whatever fonts there are. By the widths of DejaVu Sans, the widest of
     * the usual sans-serif fonts, so that what fits by this fits in all of them; wide scripts take a whole em.
     */
    static double width(String text, double size) {
        return text.codePoints().mapToDouble(Canvas::em).sum() * size;
    }

    private static double em(int c) {
        if (c >= 0x1100) {
            return c >= 0x2000 && c < 0x2e80 ? 0.84 : 1;
        } else if ("iljI.,:;'|! ".indexOf(c) >= 0) {
            return 0.33;
        } else if ("()[]/\\ftr-".indexOf(c) >= 0) {
            return 0.4;
        } else if ("mwMW%@<>=+".indexOf(c) >= 0) {
            return 0.92;
        }
        return c >= 'A' && c <= 'Z' ? 0.7 : 0.63;
    }

    /** The text cut to a width with its middle left out: of a destination the end says more. */
    static String cutInside(String text, double size, double most) {
        if (width(text, size) <= most) {
            return text;
        }
        String head = cut(text, size, most / 3);
        double room = most - width(head, size);
        int[] points = text.codePoints().toArray();
        int from = points.length;
        double used = 0;
        while (from > 0 && used + em(points[from - 1]) * size <= room) {
            used += em(points[--from]) * size;
        }
        return head + new String(points, from, points.length - from);
    }

    /** The text cut to a width, with an ellipsis where something is left out. */
    static String cut(String text, double size, double most) {
        if (width(text, size) <= most) {
            return text;
        }
        var kept = new StringBuilder();
        double used = em('…') * size;
        for (int c : text.codePoints().toArray()) {
            used += em(c) * size;
            if (used > most) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return kept.toString().stripTrailing() + "…";
    }
}
