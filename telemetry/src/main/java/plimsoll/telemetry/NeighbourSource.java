package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code ip neigh}: an address, its device, its link-layer address where it is known, and the state of the entry (ip/ipneigh.c of
 * iproute2), into the table {@code neighbours}. Asked for one device, it leaves the device out; an entry it answers for has no state.
 */
final class NeighbourSource implements Source {
    private static final Set<String> STATES =
            Set.of("INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED", "NOARP", "PERMANENT", "NONE");

    private static final Pattern ADDRESS = Pattern.compile("[\\d.]{7,15}|[0-9a-f:.]*:[0-9a-f:.]*");

    @Override
    public String name() {
        return "ip neigh";
    }

    @Override
    public Match match(Text text) {
        return text.first().filter(l -> neighbour(Fields.split(l))).isPresent() ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("neighbours")
                .column("address", Rows.Type.TEXT)
                .column("device", Rows.Type.TEXT)
                .column("lladdr", Rows.Type.TEXT)
                .column("state", Rows.Type.TEXT)
                .column("router", Rows.Type.NUMBER);
        for (int i = 0; i < text.lines().size(); i++) {
            List<String> fields = Fields.split(text.lines().get(i));
            if (fields.isEmpty()) {
                account.empty();
            } else if (!neighbour(fields)) {
                account.reject(
                        i, "is not a neighbour, which is like '10.0.0.1 dev eth0 lladdr 02:00:00:00:00:01 STALE'");
            } else {
                boolean six = fields.get(0).indexOf(':') >= 0;
                account.covers(six ? "ip6" : "ip4");
                rows.text("address", Addresses.canonical(fields.get(0)))
                        .number("router", fields.contains("router") ? 1 : 0);
                after(fields, "dev").ifPresent(device -> rows.text("device", device));
                after(fields, "lladdr").ifPresent(lladdr -> rows.text("lladdr", lladdr));
                fields.stream().filter(STATES::contains).findFirst().ifPresent(state -> rows.text("state", state));
                rows.end();
                account.used();
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static Optional<String> after(List<String> fields, String word) {
        int at = fields.indexOf(word);
        return at > 0 && at + 1 < fields.size() ? Optional.of(fields.get(at + 1)) : Optional.empty();
    }

    private static boolean neighbour(List<String> fields) {
        return fields.size() >= 2
                && ADDRESS.matcher(fields.get(0)).matches()
                && (fields.get(1).equals("dev")
                        ? fields.size() >= 4 && (fields.stream().anyMatch(STATES::contains) || fields.contains("proxy"))
                        : (fields.get(1).equals("lladdr") || fields.size() == 2)
                                && fields.stream().anyMatch(STATES::contains));
    }
}
