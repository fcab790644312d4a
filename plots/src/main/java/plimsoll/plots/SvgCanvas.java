package plimsoll.plots;

import java.util.Locale;

/** Draws as SVG: paths and text, with a class for each ink, so that a style sheet can turn it dark. */
final class SvgCanvas implements Canvas {
    private final StringBuilder out = new StringBuilder();

    /** What was drawn, without the element around it. */
    String body() {
        return out.toString();
    }

    /** The rules that turn the inks dark where the reader's system is. */
    static String style() {
        var rules = new StringBuilder("@media screen and (prefers-color-scheme:dark){");
        for (Ink ink : Ink.values()) {
            rules.append(".f.")
                    .append(ink.css())
                    .append("{fill:")
                    .append(ink.dark())
                    .append("}.s.")
                    .append(ink.css())
                    .append("{stroke:")
                    .append(ink.dark())
                    .append('}');
        }
        return rules.append('}').toString();
    }

    @Override
    public void stroke(double[] xs, double[] ys, Ink ink, double width, String dash) {
        out.append("<path class=\"s ").append(ink.css()).append("\" fill=\"none\" stroke=\"");
        out.append(ink.light())
                .append("\" stroke-width=\"")
                .append(number(width))
                .append('"');
        if (!dash.isEmpty()) {
            out.append(" stroke-dasharray=\"").append(dash).append('"');
        } else {
            out.append(" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
        }
        path(xs, ys).append("\"/>\n");
    }

    @Override
    public void area(double[] xs, double[] ys, Ink ink, double opacity) {
        filled("path", ink, opacity);
        path(xs, ys).append("Z\"/>\n");
    }

    private StringBuilder path(double[] xs, double[] ys) {
        out.append(" d=\"");
        for (int i = 0; i < xs.length; i++) {
            out.append(i == 0 ? 'M' : 'L').append(number(xs[i])).append(' ').append(number(ys[i]));
        }
        return out;
    }

    @Override
    public void box(double x, double y, double width, double height, Ink ink, double opacity) {
        filled("rect", ink, opacity);
        out.append(" x=\"").append(number(x)).append("\" y=\"").append(number(y));
        out.append("\" width=\"").append(number(width)).append("\" height=\"").append(number(height));
        out.append("\" rx=\"1.5\"/>\n");
    }

    private void filled(String element, Ink ink, double opacity) {
        out.append('<').append(element).append(" class=\"f ").append(ink.css());
        out.append("\" fill=\"").append(ink.light()).append('"');
        if (opacity < 1) {
            out.append(" fill-opacity=\"").append(number(opacity)).append('"');
        }
    }

    @Override
    public void text(double x, double y, String text, Ink ink, double size, Anchor anchor, boolean bold) {
        out.append("<text class=\"f ").append(ink.css()).append("\" fill=\"").append(ink.light());
        out.append("\" x=\"").append(number(x)).append("\" y=\"").append(number(y));
        out.append("\" font-size=\"").append(number(size)).append('"');
        if (anchor != Anchor.START) {
            out.append(" text-anchor=\"")
                    .append(anchor == Anchor.END ? "end" : "middle")
                    .append('"');
        }
        if (bold) {
            out.append(" font-weight=\"600\"");
        }
        out.append('>').append(Page.escaped(text)).append("</text>\n");
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
