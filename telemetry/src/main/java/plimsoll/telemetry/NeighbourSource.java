package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code ip neigh}: an address, its device, its link-layer address where it is known, and the states of the entry (ip/ipneigh.c of
 * iproute2), into the table {@code neighbours}.
 */
final class NeighbourSource implements Source {
    private static final Set<String> STATES =
            Set.of("INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED", "NOARP", "PERMANENT", "NONE");

    @Override
    public String name() {
        return "ip neigh";
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream()
                        .filter(l -> !l.isBlank())
                        .findFirst()
                        .filter(l -> neighbour(Fields.split(l)))
                        .isPresent()
                ? Match.SURE
                : Match.NO;
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
                rows.text("address", Addresses.canonical(fields.get(0)))
                        .text("device", fields.get(2))
                        .text("state", fields.get(fields.size() - 1))
                        .number("router", fields.contains("router") ? 1 : 0);
                int lladdr = fields.indexOf("lladdr");
                if (lladdr > 0 && lladdr + 1 < fields.size()) {
                    rows.text("lladdr", fields.get(lladdr + 1));
                }
                rows.end();
                account.used();
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean neighbour(List<String> fields) {
        return fields.size() >= 4
                && fields.get(1).equals("dev")
                && (fields.get(0).indexOf('.') > 0 || fields.get(0).indexOf(':') >= 0)
                && STATES.contains(fields.get(fields.size() - 1));
    }
}
