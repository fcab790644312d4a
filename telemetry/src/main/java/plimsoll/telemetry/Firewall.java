package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code firewall}, which {@code nft} and {@code iptables} listings fill: the rules that decide how many connections fit,
 * those that exempt from tracking (kind {@code notrack}) and those that rewrite addresses ({@code masquerade}, {@code snat},
 * {@code dnat}, {@code redirect}), with {@code to}, the addresses and ports rewritten to, as printed. Other rules have no row.
 */
final class Firewall {
    private static final Pattern TO = Pattern.compile("\\S*\\d\\S*");

    private final Rows.Builder rows = new Rows.Builder("firewall")
            .column("family", Rows.Type.TEXT)
            .column("table", Rows.Type.TEXT)
            .column("chain", Rows.Type.TEXT)
            .column("rule", Rows.Type.TEXT)
            .column("kind", Rows.Type.TEXT)
            .column("to", Rows.Type.TEXT)
            .column("packets", Rows.Type.NUMBER)
            .column("bytes", Rows.Type.NUMBER);

    /**
     * One rule.
     *
     * @param to null where it says none: every address of the outgoing device, every port
     * @param packets how often it was hit; empty where it is not counted
     */
    record Rule(
            @Nullable String family,
            @Nullable String table,
            String chain,
            String text,
            String kind,
            @Nullable String to,
            Optional<long[]> packets) {}

    void add(Rule rule) {
        text("family", rule.family);
        text("table", rule.table);
        rows.text("chain", rule.chain).text("rule", rule.text).text("kind", rule.kind);
        text("to", rule.to != null && TO.matcher(rule.to).matches() ? rule.to : null);
        rule.packets.ifPresent(p -> rows.number("packets", p[0]).number("bytes", p[1]));
        rows.end();
    }

    /** The counts in groups 1 and 2, where {@code counted} matched them. */
    static Optional<long[]> counts(Matcher counted, boolean found) {
        return found && counted.group(1) != null
                ? Optional.of(new long[] {Long.parseLong(counted.group(1)), Long.parseLong(counted.group(2))})
                : Optional.empty();
    }

    private void text(String column, @Nullable String value) {
        if (value != null) {
            rows.text(column, value);
        }
    }

    Rows rows() {
        return rows.rows();
    }
}
