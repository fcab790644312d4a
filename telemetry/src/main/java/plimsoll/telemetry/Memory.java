package plimsoll.telemetry;

/**
 * What may be kept in memory of a text or a file of texts: so many times the bytes there are, and something more. What a value, a line that
 * was not understood or an output takes is estimated. Not thread-safe;
 * lives as long as the file is read.
 */
final class Memory {
    /**
     * What was kept of a text beside its rows: an immutable value.
     *
     * @param bytes how much memory it takes
     * @param unkept lines that were not understood and are counted only
     * @param cut the number of the first line of which something is not kept; 0 where there is none
     */
    record Kept(long bytes, int unkept, int cut) {
        static final Kept NOTHING = new Kept(OUTPUT, 0, 0);
    }

    private static final int OUTPUT = 500;
    private static final int VALUE = 56;
    private static final int NAME = 80;
    private static final int WORD = 48;
    private static final int REJECT = 100;

    private static final int TIMES = Integer.getInteger("plimsoll.limit.kept", 4);
    private static final long ALWAYS = 192 << 20;

    static final String SPENT =
            "what was read takes more than " + TIMES + " times its size in memory (plimsoll.limit.kept)";

    private final long worth;
    private final long most;
    private long taken = OUTPUT;

    /** What may be kept of so many bytes, which may be in memory themselves. */
    Memory(long bytes) {
        this(bytes, ALWAYS / 2);
    }

    private Memory(long bytes, long more) {
        worth = (TIMES - 1) * bytes;
        most = worth + more;
    }

    /** What the files of a capture may take beyond what their bytes are worth: each half of what is left, so that none takes it all. */
    static final class Reserve {
        private long left = ALWAYS;

        /** What may be kept of a file of so many bytes. */
        Memory file(long bytes) {
            return new Memory(bytes, Math.max(0, left) / 2);
        }

        /** A file has been read. */
        void read(Memory file) {
            left -= Math.max(0, file.taken - file.worth);
        }
    }

    /** True where there is some left. */
    boolean left() {
        return taken <= most;
    }

    /** How many outputs can be kept. */
    long outputs() {
        return (most - taken) / OUTPUT;
    }

    /** How many bytes were taken. */
    long taken() {
        return taken;
    }

    /** Takes so many bytes; false where there are not as many left. */
    boolean take(long bytes) {
        taken += bytes;
        return left();
    }

    /** Takes what is needed for a value, of which name and text may have been kept {@linkplain Once once} before. */
    boolean takeValue(String name, String text) {
        int words = (Once.has(name) ? 0 : NAME + WORD + name.length()) + (Once.has(text) ? 0 : WORD + text.length());
        return take(VALUE + words);
    }

    /** Takes what is needed for a line that was not understood. */
    boolean takeReject(String line) {
        return take(REJECT + line.length());
    }
}
