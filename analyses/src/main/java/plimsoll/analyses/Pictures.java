package plimsoll.analyses;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Terminal;

/** The pictures that a capture holds enough for, immutable: each has a name, and {@code host.picture("states")} draws one. */
public final class Pictures implements Iterable<Pictures.Named> {
    /**
     * A picture and the name to ask for it.
     *
     * @param name its name
     * @param picture the picture
     */
    public record Named(String name, Picture picture) {}

    private final List<Named> pictures;

    private Pictures(List<Named> pictures) {
        this.pictures = pictures;
    }

    /** All that can be drawn of a host, what is at a glance first. */
    static Pictures of(Host host) {
        return new Pictures(Gallery.ALL.entrySet().stream()
                .flatMap(e -> e.getValue().draw(host).map(p -> new Named(e.getKey(), p)).stream())
                .toList());
    }

    /**
     * One of them.
     *
     * @throws IllegalArgumentException when there is no such picture, or the capture holds not enough for it
     */
    static Picture of(Host host, String name) {
        Gallery.Painter painter = Gallery.ALL.get(name);
        if (painter == null) {
            throw new IllegalArgumentException(
                    "there is no picture '" + name + "'; there are " + String.join(", ", Gallery.ALL.keySet()));
        }
        return painter.draw(host)
                .orElseThrow(() -> new IllegalArgumentException("this capture holds not enough for the picture '" + name
                        + "': " + painter.needs() + "; it has "
                        + of(host).stream().map(Named::name).collect(Collectors.joining(", "))));
    }

    /** How many. */
    public int size() {
        return pictures.size();
    }

    /** The one at a place, from 0. */
    public Named get(int index) {
        return pictures.get(index);
    }

    @Override
    public Iterator<Named> iterator() {
        return pictures.iterator();
    }

    /** In order. */
    public Stream<Named> stream() {
        return pictures.stream();
    }

    /** Draws all of them on standard output and returns this. */
    public Pictures print() {
        pictures.forEach(p -> {
            p.picture().print();
            System.out.println();
        });
        return this;
    }

    /** One a line: its name and its title. */
    @Override
    public String toString() {
        if (pictures.isEmpty()) {
            return "no pictures";
        }
        return Terminal.aligned(pictures.stream()
                        .map(p -> List.of(p.name(), p.picture().title()))
                        .toList())
                .stripTrailing();
    }
}
