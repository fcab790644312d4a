package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /proc/PID} says of one process in lines of name and value, into facts {@code status:PID:VmRSS}, {@code io:PID:wchar} and
 * {@code smaps_rollup:PID:Pss}. Their "kB" means 1024 B; the {@code char} and {@code bytes} of {@code io} are bytes (proc(5)).
 */
final class ProcessSource implements Source {
    /** Which file. */
    enum File {
        /** What {@code ps} prints, for reading. */
        STATUS(
                "status",
                "Name:\t\\S.*",
                "([A-Z]\\w*|voluntary_ctxt_switches|nonvoluntary_ctxt_switches|untag_mask|x86_\\w+):\\s*(.*)"),
        /** What it has read and written. */
        IO("io", "rchar: \\d+", "(rchar|wchar|syscr|syscw|read_bytes|write_bytes|cancelled_write_bytes): (-?\\d+)"),
        /** Its memory, shares counted in parts. */
        SMAPS_ROLLUP("smaps_rollup", "[0-9a-f]+-[0-9a-f]+ .*\\[rollup\\]", "([A-Z]\\w*): +(\\d+ kB)");

        private final String path;
        private final Pattern first;
        private final Pattern line;

        File(String path, String first, String line) {
            this.path = path;
            this.first = Pattern.compile(first);
            this.line = Pattern.compile(line);
        }
    }

    private static final Pattern KB = Pattern.compile("(\\d+) kB");

    private final File file;

    ProcessSource(File file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "/proc/PID/" + file.path;
    }

    @Override
    public boolean begins(String line) {
        return line.length() < 200 && file.first.matcher(line.stripTrailing()).matches();
    }

    @Override
    public Match match(Text text) {
        var head = Places.head(text, 2);
        boolean second = head.size() < 2
                ? file != File.STATUS
                : file.line.matcher(head.get(1).stripTrailing()).matches();
        return !head.isEmpty() && begins(head.get(0)) && second ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        String prefix = file.path + ":" + Places.processOrPath(text) + ":";
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i).stripTrailing();
            Matcher m = file.line.matcher(line);
            if (line.isEmpty() || (file == File.SMAPS_ROLLUP && begins(line))) {
                account.empty();
            } else if (m.matches()) {
                account.fact(i, prefix + m.group(1), value(m.group(1), m.group(2)));
                account.used();
            } else {
                account.reject(i, "not a line of /proc/PID/" + file.path + ", which are a name, a colon and a value");
            }
        }
        return account.close(Optional.empty());
    }

    private String value(String name, String written) {
        Matcher kb = KB.matcher(written);
        if (kb.matches()) {
            return kb.group(1) + " KiB";
        }
        return file == File.IO && !name.startsWith("sys") ? written + " B" : Values.plain(written);
    }
}
