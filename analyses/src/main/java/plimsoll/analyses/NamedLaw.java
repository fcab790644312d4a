package plimsoll.analyses;

import plimsoll.dsl.Law;

/** A law of the catalogue, which says its name and what it means to be over when it is printed. */
abstract class NamedLaw implements Law {
    /** One line: {@code law NAME: MEANING}. */
    @Override
    public final String toString() {
        return "law " + name() + ": " + meaning();
    }
}
