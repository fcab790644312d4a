package plimsoll.telemetry;

import java.io.Serial;

/** There was nothing to read in what was given; the message is one sentence that names it. */
public final class NothingReadable extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NothingReadable(String message) {
        super(message);
    }
}
