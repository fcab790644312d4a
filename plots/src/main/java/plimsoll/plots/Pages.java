package plimsoll.plots;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import plimsoll.dsl.Picture;
import plimsoll.dsl.PictureWriter;

/** Writes a picture as a page of its own, {@code html}. Loaded as a service. */
public final class Pages implements PictureWriter {
    @Override
    public Set<String> endings() {
        return Set.of("html");
    }

    @Override
    public byte[] render(Picture picture, String ending) {
        return Page.titled(picture.title()).with(picture).html().getBytes(StandardCharsets.UTF_8);
    }
}
