package plimsoll.dsl;

import java.util.Set;

/** Turns a {@link Picture} into a file of some form; found as a service, so that the core needs no drawing library. */
public interface PictureWriter {
    /** The file endings it writes, in lower case and without the dot. */
    Set<String> endings();

    /** The bytes of the file. {@code ending} is one of {@link #endings()}. */
    byte[] render(Picture picture, String ending);
}
