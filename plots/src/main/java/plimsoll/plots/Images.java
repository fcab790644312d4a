package plimsoll.plots;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import plimsoll.dsl.Picture;
import plimsoll.dsl.PictureWriter;

/** Writes a picture as an image: {@code png}, 1600 x 900 pixels, or {@code svg}. Loaded as a service. */
public final class Images implements PictureWriter {
    @Override
    public Set<String> endings() {
        return Set.of("png", "svg");
    }

    /** Throws {@link IllegalStateException} on a machine without fonts. */
    @Override
    public byte[] render(Picture picture, String ending) {
        return ending.equals("png") ? Stills.png(picture) : Stills.svg(picture).getBytes(StandardCharsets.UTF_8);
    }
}
