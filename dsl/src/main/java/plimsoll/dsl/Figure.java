package plimsoll.dsl;

/**
 * A number that a law gives besides use: an immutable value.
 *
 * @param name what it is: {@code ceiling rate}, {@code time to exhaustion}
 * @param quantity how much
 */
public record Figure(String name, Quantity quantity) {
    @Override
    public String toString() {
        return name + " " + quantity.brief();
    }
}
