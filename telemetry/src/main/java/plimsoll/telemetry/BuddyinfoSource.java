package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /proc/buddyinfo} into table {@code buddyinfo}: free blocks of 2^n pages in column {@code order_n} ({@code frag_show_print} of mm/vmstat.c). */
final class BuddyinfoSource implements Source {
    private static final Pattern LINE = Pattern.compile("Node (\\d+), zone +(\\w+) +(\\d[\\d ]*)");

    @Override
    public String name() {
        return "/proc/buddyinfo";
    }

    @Override
    public Match match(Text text) {
        return Places.head(text, 1).stream()
                        .anyMatch(l -> l.startsWith("Node ") && LINE.matcher(l).matches())
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows =
                new Rows.Builder("buddyinfo").column("node", Rows.Type.NUMBER).column("zone", Rows.Type.TEXT);
        int orders = 0;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line);
            List<String> blocks = m.matches() ? Fields.split(m.group(3)) : List.of();
            if (line.isBlank()) {
                account.empty();
            } else if (blocks.isEmpty()) {
                account.reject(
                        i, "not a line of /proc/buddyinfo, which are like \"Node 0, zone Normal 2793 1121 1192\"");
            } else if (orders > 0 && blocks.size() != orders) {
                account.reject(i, "has " + blocks.size() + " orders where the zone above has " + orders);
            } else {
                orders = blocks.size();
                rows.number("node", Values.whole(m.group(1))).text("zone", m.group(2));
                for (int order = 0; order < orders; order++) {
                    rows.number("order_" + order, Values.whole(blocks.get(order)));
                }
                rows.end();
                account.used();
            }
        }
        return account.close(Optional.of(rows.rows()));
    }
}
