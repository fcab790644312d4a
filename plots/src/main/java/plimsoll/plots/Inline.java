package plimsoll.plots;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import plimsoll.dsl.Picture;

/**
 * A picture as a piece of a page that someone else makes: a notebook. It shows as an image by itself; once the page holds
 * {@link #library()}, every figure in it, also one that comes later, is drawn by plotly.js in place of its image.
 */
public final class Inline {
    /** How every figure begins: markup that holds this shows a picture. Text that is escaped cannot hold it. */
    public static final String FIGURE = "<figure class=\"plimsoll\"";

    /** How the library begins, up to the next end of a script. */
    public static final String LIBRARY = "<script data-plimsoll=\"plotly\">";

    private Inline() {}

    /** The picture as markup; where Java finds no fonts, the image is a chart in characters. */
    public static String figure(Picture picture) {
        // in an attribute, which a host that takes scripts away takes away without a trace
        return FIGURE + " style=\"margin:0\" data-picture=\"" + Page.escaped(Plotly.script(Plotly.of(picture))) + "\">"
                + still(picture) + "</figure>\n";
    }

    private static String still(Picture picture) {
        try {
            return "<img alt=\"" + Page.escaped(picture.title())
                    + "\" style=\"width:800px;max-width:100%\" src=\"data:image/png;base64,"
                    + Base64.getEncoder().encodeToString(Stills.png(picture)) + "\">";
        } catch (IllegalStateException noFonts) {
            return "<pre>" + Page.escaped(picture.toString()) + "</pre>";
        }
    }

    /** A script with plotly.js in it, some megabytes; sent again it does no harm. */
    public static String library() {
        return LIBRARY
                + new String(Page.resource("/plimsoll/plots/inline.js"), StandardCharsets.UTF_8)
                        .replace("PACKED", Page.Bundle.GZIP)
                + "</script>\n";
    }
}
