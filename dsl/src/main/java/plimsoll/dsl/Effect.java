package plimsoll.dsl;

/** What happens when demand exceeds supply. */
public enum Effect {
    /** Someone gets an error. */
    REFUSES,
    /** Everyone waits, or work is done in a slower way. */
    SLOWS
}
