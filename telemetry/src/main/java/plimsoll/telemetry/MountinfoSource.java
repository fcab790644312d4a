package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/PID/mountinfo} into table {@code mounts} (proc(5)): {@code options} are those of the mount and then, where they differ,
 * those of the filesystem, as {@code /proc/mounts} joins them; {@code super_options} are the filesystem's alone.
 */
final class MountinfoSource implements Source {
    private static final Pattern LINE =
            Pattern.compile("(\\d+) (\\d+) (\\d+:\\d+) (\\S+) +(/\\S*) (\\S+)( [a-z_:\\d ]+)? - (\\S+) (\\S*) (\\S+)");

    @Override
    public String name() {
        return "mountinfo";
    }

    @Override
    public Match match(Text text) {
        return Places.head(text, 5).stream()
                        .anyMatch(l -> LINE.matcher(l.stripTrailing()).matches())
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        Rows.Builder rows = MountsSource.table()
                .column("mount_id", Rows.Type.NUMBER)
                .column("parent_id", Rows.Type.NUMBER)
                .column("device", Rows.Type.TEXT)
                .column("root", Rows.Type.TEXT)
                .column("propagation", Rows.Type.TEXT)
                .column("super_options", Rows.Type.TEXT);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher m = LINE.matcher(line.stripTrailing());
            if (line.isBlank()) {
                account.empty();
            } else if (m.matches()) {
                MountsSource.mount(
                        rows,
                        MountsSource.decoded(m.group(9)),
                        MountsSource.decoded(m.group(5)),
                        m.group(8),
                        joined(m.group(6), m.group(10)));
                rows.number("mount_id", Values.whole(m.group(1)))
                        .number("parent_id", Values.whole(m.group(2)))
                        .text("device", m.group(3))
                        .text("root", MountsSource.decoded(m.group(4)))
                        .text("super_options", m.group(10));
                if (m.group(7) != null) {
                    rows.text("propagation", m.group(7).strip());
                }
                rows.end();
                account.used();
            } else {
                account.reject(
                        i,
                        "not a line of mountinfo, which are like \"27 1 254:0 / /srv rw,relatime - ext4 /dev/vda rw\"");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    /** The mount's options and those of the filesystem that it does not repeat. */
    private static String joined(String mount, String filesystem) {
        List<String> have = List.of(mount.split(",", -1));
        var all = new StringBuilder(mount);
        for (String option : filesystem.split(",", -1)) {
            if (!have.contains(option) && !option.equals("rw") && !option.equals("ro")) {
                all.append(',').append(option);
            }
        }
        return all.toString();
    }
}
