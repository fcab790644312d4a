package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;

/** {@code /etc/fstab} into table {@code fstab}: what is to be mounted, which is not what is (fstab(5); the last two fields may be left out). */
final class FstabSource implements Source {
    private static final String PLACE = "(?:.*[/_\\s])?fstab(?:\\.\\w+)?";

    @Override
    public String name() {
        return "fstab";
    }

    /** True where the path or the command says that it is fstab. */
    static boolean place(Text text) {
        String place = text.command().orElse(text.path());
        return place.contains("fstab") && place.matches(PLACE);
    }

    @Override
    public boolean uncut() {
        return true;
    }

    /** Comments may be anything, so the place or every line must say it. */
    @Override
    public Match match(Text text) {
        boolean mounts = false;
        boolean place = place(text);
        boolean told = place;
        for (String line : text.lines()) {
            List<String> fields = Fields.split(line);
            if (fields.isEmpty()) {
                continue;
            }
            if (comment(line)) {
                told |= line.contains("fstab");
            } else if (problem(fields).isEmpty() && absolute(fields)) {
                mounts = true;
                told |= fields.get(0).matches("(UUID|LABEL|PARTUUID|PARTLABEL)=\\S+")
                        || fields.get(3).matches("(.*,)?(defaults|noauto|nofail|sw)(,.*)?")
                        || fields.get(1).matches("none|swap");
            } else if (!place) {
                return Match.NO;
            }
        }
        return mounts && told ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("fstab")
                .column("source", Rows.Type.TEXT)
                .column("target", Rows.Type.TEXT)
                .column("fstype", Rows.Type.TEXT)
                .column("options", Rows.Type.TEXT)
                .column("dump", Rows.Type.NUMBER)
                .column("pass", Rows.Type.NUMBER);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            List<String> fields = Fields.split(line);
            if (fields.isEmpty() || comment(line)) {
                account.empty();
                continue;
            }
            String problem = problem(fields);
            if (problem.isEmpty()) {
                MountsSource.mount(
                        rows,
                        MountsSource.decoded(fields.get(0)),
                        MountsSource.decoded(fields.get(1)),
                        fields.get(2),
                        fields.get(3));
                if (fields.size() > 4) {
                    rows.number("dump", Values.whole(fields.get(4)));
                }
                if (fields.size() > 5) {
                    rows.number("pass", Values.whole(fields.get(5)));
                }
                rows.end();
                account.used();
            } else {
                account.reject(i, problem);
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static boolean comment(String line) {
        return line.stripLeading().startsWith("#");
    }

    private static boolean absolute(List<String> fields) {
        return fields.get(1).startsWith("/")
                || fields.get(1).equals("none")
                || fields.get(1).equals("swap");
    }

    /** What is wrong with an entry; empty where nothing is. A comment may end the line. */
    private static String problem(List<String> fields) {
        if (fields.size() < 4 || (fields.size() > 6 && !fields.get(6).startsWith("#"))) {
            return "has " + fields.size() + " fields; an entry of fstab has 4 to 6";
        }
        for (String field : fields.subList(4, Math.min(6, fields.size()))) {
            if (Values.whole(field) < 0) {
                return "'" + field + "' stands where the dump or pass number should be";
            }
        }
        return "";
    }
}
