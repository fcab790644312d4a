package plimsoll.telemetry;

/** What a person wrote about a capture, {@code MANIFEST.md} or {@code README.md}: nothing in it is telemetry. */
final class ManifestSource implements Source {
    @Override
    public String name() {
        return "notes on the capture";
    }

    /** Prose has no form of its own: the file's name tells. */
    @Override
    public Match match(Text text) {
        return text.path().matches("(.*/)?(MANIFEST|README)\\.(md|txt)") ? Match.SURE : Match.NO;
    }

    @Override
    public boolean uncut() {
        return true;
    }

    @Override
    public Parsed parse(Text text) {
        return Parsed.aside(text);
    }
}
