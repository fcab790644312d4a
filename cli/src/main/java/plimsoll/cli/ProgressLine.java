package plimsoll.cli;

import java.util.function.LongSupplier;
import plimsoll.dsl.Terminal;
import plimsoll.telemetry.Progress;

/**
 * One line on standard error that says how far the reading is, from its second second on, where standard error is a terminal. It is
 * drawn over itself and gone at the end.
 */
final class ProgressLine implements Progress, AutoCloseable {
    private static final long FIRST_NS = 1_000_000_000;
    private static final long NEXT_NS = 100_000_000;
    private static final int WIDTH = 79;
    private static final String ERASE = "\r\033[K";

    private final Console console;
    private final LongSupplier clock;
    private final boolean seen;
    private long due;
    private boolean drawn;

    /** A line that is drawn where {@code terminal} holds; {@code clock} counts nanoseconds. */
    ProgressLine(Console console, boolean terminal, LongSupplier clock) {
        this.console = console;
        this.clock = clock;
        this.seen = terminal;
        this.due = clock.getAsLong() + FIRST_NS;
    }

    static ProgressLine on(Console console) {
        return new ProgressLine(console, Screen.shows(2), System::nanoTime);
    }

    @Override
    public void at(int file, int files, String path) {
        if (!seen || clock.getAsLong() - due < 0) {
            return;
        }
        String line = "reading file " + file + " of " + files + ": " + Terminal.printable(path);
        console.error(ERASE + (line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…"));
        drawn = true;
        due = clock.getAsLong() + NEXT_NS;
    }

    @Override
    public void close() {
        if (drawn) {
            console.error(ERASE);
        }
    }
}
