package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Quantity;

/**
 * What a person wrote about a capture, {@code MANIFEST.md} or {@code README.md}. Nothing in it is telemetry; what stands as a list below the
 * heading {@code ## Claimed}, as <code>- `ports.rate=500/s`</code>, becomes a fact {@code claimed:ports.rate}: no budget counts with it, the
 * telemetry is held against it.
 */
final class ManifestSource implements Source {
    private static final String HEADING = "## Claimed";
    private static final String ITEM = "- `";

    @Override
    public String name() {
        return "notes on the capture";
    }

    /** Prose has no form of its own: the file's name tells. */
    @Override
    public Match match(Text text) {
        String path = text.path();
        boolean may = path.endsWith(".md") || path.endsWith(".txt");
        return may && path.matches("(.*/)?(MANIFEST|README)\\.(md|txt)") ? Match.SURE : Match.NO;
    }

    @Override
    public boolean uncut() {
        return true;
    }

    @Override
    public Parsed parse(Text text) {
        List<String> lines = text.lines();
        if (!lines.contains(HEADING)) {
            return Parsed.aside(text);
        }
        var account = new Parsed.Account(text);
        boolean claimed = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            claimed = line.startsWith("#") ? line.equals(HEADING) : claimed;
            if (!claimed || !line.startsWith(ITEM)) {
                account.empty();
                continue;
            }
            int end = line.indexOf('`', ITEM.length());
            int equals = line.indexOf('=', ITEM.length());
            if (equals < 0 || equals > end || !quantity(line.substring(equals + 1, end))) {
                account.reject(i, "not a claim with a quantity, as - `ports.rate=500/s`");
                continue;
            }
            account.fact(i, "claimed:" + line.substring(ITEM.length(), equals), line.substring(equals + 1, end));
            account.used();
        }
        return account.close(Optional.empty());
    }

    private static boolean quantity(String text) {
        try {
            Quantity.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
