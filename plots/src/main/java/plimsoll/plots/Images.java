package plimsoll.plots;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import plimsoll.dsl.Picture;
import plimsoll.dsl.PictureWriter;

/**
 * Writes a picture as an image: {@code png}, 1600 pixels wide, or {@code svg}, which turns dark where the reader's system is. Loaded as a
 * service.
 */
public final class Images implements PictureWriter {
    @Override
    public Set<String> endings() {
        return Set.of("png", "svg");
    }

    /** Throws {@link IllegalStateException} for a {@code png} on a machine without fonts. */
    @Override
    public byte[] render(Picture picture, String ending) {
        return ending.equals("png") ? Stills.png(picture) : Stills.svg(picture).getBytes(StandardCharsets.UTF_8);
    }
}
