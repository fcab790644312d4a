package plimsoll.telemetry;

/** A format that is not text: knows its own bytes, and no text. Its account is of records instead of lines. Stateless. */
interface BinarySource extends Source {

    /** True for the bytes of a file of this format. */
    boolean begins(byte[] bytes);

    /** Reads the bytes. Never throws for what is in them: a record that is not understood is rejected under its number. */
    Parsed parse(String path, byte[] bytes);

    @Override
    default Match match(Text text) {
        return Match.NO;
    }

    @Override
    default Parsed parse(Text text) {
        return Reading.unknown(text).parsed();
    }
}
