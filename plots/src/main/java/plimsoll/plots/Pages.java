package plimsoll.plots;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import plimsoll.dsl.Picture;
import plimsoll.dsl.PictureWriter;

/** Writes a picture as a page of its own, {@code html}, or as the figure that Plotly draws, {@code json}. Loaded as a service. */
public final class Pages implements PictureWriter {
    @Override
    public Set<String> endings() {
        return Set.of("html", "json");
    }

    @Override
    public byte[] render(Picture picture, String ending) {
        String text = ending.equals("json")
                ? Figures.json(picture)
                : Page.titled(picture.title()).with(picture).html();
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
