package plimsoll.telemetry;

import org.jspecify.annotations.Nullable;

/** One format of telemetry: knows its own text when it sees it, and turns it into rows and facts. Stateless. */
public interface Source {

    /** How sure a source is that a text is its own. */
    enum Match {
        /** Not this format. */
        NO,
        /** Rows of the right shape without the header that would prove it, as {@code grep} leaves them. */
        SHAPE,
        /** The format beyond doubt: its header, or a command line that prints it. */
        SURE
    }

    /** The format in a few words, as the list of sources shows it: {@code ss listing}, {@code /proc/net/tcp}. */
    String name();

    /**
     * How sure it is that {@code text} is of this format; looks at the content, and at the file's name only where content cannot tell.
     * Sure of a text whose first line {@linkplain #begins begins} one, unless a source knows better.
     */
    default Match match(Text text) {
        return text.first().filter(this::begins).isPresent() ? Match.SURE : Match.NO;
    }

    /**
     * True for a line with which a text of this format certainly begins, so that outputs pasted one below the other can be told
     * apart; false where no single line proves it.
     */
    default boolean begins(String line) {
        return false;
    }

    /** True for a format of which a whole file is one text, whatever its lines look like: configuration. */
    default boolean uncut() {
        return false;
    }

    /** A pass over a large text, where this source can make one; null where it reads every text line by line. */
    default @Nullable Pass pass(Text text) {
        return null;
    }

    /** Reads the text. Never throws for what is in it: a line that is not understood is rejected with its reason. */
    Parsed parse(Text text);
}
