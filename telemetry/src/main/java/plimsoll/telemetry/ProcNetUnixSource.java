package plimsoll.telemetry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /proc/net/unix} into the table {@code sockets} ({@code unix_seq_show} of net/unix/af_unix.c). States are spelled as {@code ss}
 * spells them for the same sockets ({@code unix_state_map} of misc/ss.c); a socket without a path has the local address {@code *}. The
 * file has no queues.
 */
final class ProcNetUnixSource implements Source {
    private static final Map<Integer, String> NETIDS = Map.of(1, "u_str", 2, "u_dgr", 5, "u_seq");
    private static final List<String> STATES = List.of("", "UNCONN", "SYN-SENT", "ESTAB", "CLOSING");
    private static final long ACCEPTS = 0x10000; // __SO_ACCEPTCON

    private static final int FLAGS = 3;
    private static final int TYPE = 4;
    private static final int STATE = 5;

    @Override
    public String name() {
        return "/proc/net/unix";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("Num ") && line.contains(" RefCount ") && line.contains(" Type St ");
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream().limit(3).anyMatch(this::begins) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        Rows.Builder rows = Sockets.builder();
        NETIDS.values().forEach(netid -> Sockets.cover(account, netid, Sockets.ALL_STATES));
        boolean inode = true;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (line.isBlank()) {
                account.empty();
            } else if (begins(line)) {
                inode = line.contains(" Inode ");
                account.empty();
            } else {
                String wrong = socket(rows, line, inode);
                if (wrong == null) {
                    account.used();
                } else {
                    account.reject(i, wrong);
                }
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static @Nullable String socket(Rows.Builder rows, String line, boolean hasInode) {
        var fields = new Fields().over(line);
        long[] values = new long[STATE + 1];
        for (int field = 0; field <= STATE; field++) {
            fields.next();
            int end = field == 0 ? fields.end() - 1 : fields.end();
            if (field == 0) {
                if (end < fields.start() || line.charAt(end) != ':') {
                    return "does not begin with an address and a colon";
                }
            } else {
                values[field] = Fields.hexadecimal(line, fields.start(), end);
                if (values[field] < 0) {
                    return "'" + fields.text() + "' stands where a hexadecimal number should be";
                }
            }
        }
        String netid = NETIDS.get((int) values[TYPE]);
        if (netid == null || values[STATE] < 1 || values[STATE] >= STATES.size()) {
            return "type and state are not those of a unix socket: 1, 2 or 5, and 1 to 4";
        }
        long inode = -1;
        if (hasInode) {
            fields.next();
            inode = fields.decimal();
            if (inode < 0) {
                return "'" + fields.text() + "' stands where the inode should be";
            }
        }
        String path = line.substring(fields.end()).strip();
        rows.text(Sockets.NETID, netid)
                .text(Sockets.STATE, (values[FLAGS] & ACCEPTS) != 0 ? "LISTEN" : STATES.get((int) values[STATE]))
                .text(Sockets.LOCAL_ADDRESS, path.isEmpty() ? "*" : path);
        if (inode > 0) {
            rows.number(Sockets.INODE, inode);
        }
        rows.end();
        return null;
    }
}
