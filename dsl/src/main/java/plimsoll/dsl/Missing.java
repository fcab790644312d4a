package plimsoll.dsl;

/**
 * An input that nobody has said or read, and the one command that would decide: an immutable value.
 *
 * @param input the name of the input
 * @param command the command to run, or what to say
 */
public record Missing(String input, String command) {
    @Override
    public String toString() {
        return input + ": " + command;
    }
}
