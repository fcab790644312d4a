package plimsoll.dsl;

import java.util.List;
import plimsoll.dsl.Picture.Heat;

/** Draws a grid of values with characters: each value in its cell, with a shade before it that grows with it. */
final class TextHeat {
    private static final String SHADES = " ░▒▓█";
    private static final int LEAST = 5;

    private final Picture picture;
    private final TextSheet sheet;
    private final Heat heat;

    TextHeat(Picture picture, TextSheet sheet) {
        this.picture = picture;
        this.sheet = sheet;
        this.heat = picture.layers().stream()
                .filter(Heat.class::isInstance)
                .map(Heat.class::cast)
                .findFirst()
                .orElseThrow();
    }

    String text() {
        int rows = heat.rows().size();
        int width = sheet.width(rows + 4);
        int names = Math.min(
                Math.min(TextChart.LABEL, width / 3),
                Math.max(picture.y().label().length(), TextChart.widest(heat.rows())));
        int cell = LEAST;
        for (List<Double> row : heat.values()) {
            for (double value : row) {
                cell = Math.max(cell, shown(value).length() + 2);
            }
        }
        cell = Math.max(cell, Math.min(10, TextChart.widest(heat.columns()) + 1));
        int columns = Math.min(heat.columns().size(), Math.max(1, (width - names - 1) / cell));
        double most = heat.values().stream()
                .flatMap(List::stream)
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        var text = new StringBuilder();
        TextSheet.append(text, sheet.title(picture.title(), width));
        TextSheet.append(text, " ".repeat(names + 1) + TextSheet.cut(picture.x().label() + " →", width - names - 1));
        var head = new StringBuilder(TextSheet.padded(TextSheet.cut(picture.y().label(), names), names)).append(' ');
        for (int c = 0; c < columns; c++) {
            head.append(TextSheet.padded(TextSheet.cut(heat.columns().get(c), cell - 1), cell));
        }
        TextSheet.append(text, head.toString());
        for (int r = 0; r < rows; r++) {
            var line =
                    new StringBuilder(TextSheet.padded(TextSheet.cut(heat.rows().get(r), names), names)).append(' ');
            for (int c = 0; c < columns; c++) {
                double value = heat.values().get(r).get(c);
                String number = shown(value);
                line.append(" ")
                        .append(String.valueOf(shade(value, most)).repeat(cell - 1 - number.length()))
                        .append(number);
            }
            TextSheet.append(text, line.toString());
        }
        int hidden = heat.columns().size() - columns;
        text.append("shade: ")
                .append(TextSheet.cut(heat.name(), TextChart.LABEL))
                .append(hidden == 0 ? "" : "; " + hidden + " columns more");
        return text.toString();
    }

    private String shown(double value) {
        return Double.isFinite(value) ? Quantity.of(value, heat.unit()).brief() : "–";
    }

    /** By the logarithm: what is ten times as much is a shade darker, not ten. */
    private static char shade(double value, double most) {
        if (!Double.isFinite(value) || value <= 0 || most <= 0) {
            return ' ';
        }
        double part = Math.log1p(value) / Math.log1p(most);
        return SHADES.charAt((int) Math.min(SHADES.length() - 1.0, 1 + part * (SHADES.length() - 1.0001)));
    }
}
