package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code lsof -F} for programs to read, into table {@code open_files}: a field per line, its letter first; {@code p} begins a process and
 * {@code f} a file (lsof(8), "OUTPUT FOR OTHER PROGRAMS").
 */
final class LsofFieldsSource implements Source {
    private static final Pattern PROCESS = Pattern.compile("p\\d+");
    private static final Pattern FIELD = Pattern.compile("[acCdDfFgGikKlLmMnNoPprRsStTuzZ].*");
    private static final Pattern FIRST_FILE = Pattern.compile("f(\\d+|cwd|rtd|txt|mem|DEL|mmap|NOFD|ltx|err|[mM]\\d+)");
    /** As {@link Decoded} shows a NUL. */
    private static final char NUL = '\uFFFD';

    private static final int HEAD = 12; // lines: a process has at most seven fields before its first file

    @Override
    public String name() {
        return "lsof -F";
    }

    @Override
    public Match match(Text text) {
        var head = Places.head(text, HEAD);
        if (!head.isEmpty() && head.get(0).indexOf(NUL) > 0) {
            return PROCESS.matcher(head.get(0).substring(0, head.get(0).indexOf(NUL)))
                            .matches()
                    ? Match.SURE
                    : Match.NO;
        }
        return !head.isEmpty()
                        && PROCESS.matcher(head.get(0)).matches()
                        && head.stream().allMatch(l -> FIELD.matcher(l).matches())
                        && head.stream().anyMatch(l -> FIRST_FILE.matcher(l).matches())
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        return new Pass(text).read();
    }

    /** One pass through a text. */
    private static final class Pass {
        private final Text text;
        private final Parsed.Account account;
        private final OpenFiles files = new OpenFiles();
        private String pid = "";
        private String tid = "";
        private String command = "";
        private String user = "";
        private String login = "";
        private String name = "";
        private boolean file;

        Pass(Text text) {
            this.text = text;
            this.account = new Parsed.Account(text);
        }

        Parsed read() {
            for (int i = 0; i < text.lines().size(); i++) {
                String line = text.lines().get(i).stripTrailing();
                if (line.isEmpty()) {
                    account.empty();
                } else if (line.indexOf(NUL) >= 0) {
                    fields(i, line);
                } else if (!FIELD.matcher(line).matches() || (pid.isEmpty() && line.charAt(0) != 'p')) {
                    account.reject(
                            i,
                            pid.isEmpty() ? "stands before the first process" : "does not begin with a field's letter");
                } else if (line.charAt(0) == 'p' && !PROCESS.matcher(line).matches()) {
                    account.reject(i, "'" + line.substring(1) + "' stands where the number of a process should be");
                } else {
                    field(line.charAt(0), line.substring(1));
                    account.used();
                }
            }
            end();
            return account.close(Optional.of(files.close(account)));
        }

        /** A process or a file with {@code -F0}: its fields, each with a NUL behind it, on one line. */
        private void fields(int index, String line) {
            List<String> all = List.of(line.split(String.valueOf(NUL), 0));
            String head = all.isEmpty() ? "" : all.get(0); // a line of NULs alone has none
            boolean first = PROCESS.matcher(head).matches() || (!pid.isEmpty() && head.startsWith("f"));
            if (!first || !all.stream().allMatch(f -> FIELD.matcher(f).matches())) {
                account.reject(index, "is not a process or a file with fields, each a letter and its value");
                return;
            }
            all.forEach(f -> field(f.charAt(0), f.substring(1)));
            account.used();
        }

        private void field(char letter, String value) {
            switch (letter) {
                case 'p' -> {
                    end();
                    pid = value;
                    tid = "";
                    command = "";
                    user = "";
                    login = "";
                }
                case 'K' -> tid = value;
                case 'c' -> command = value;
                case 'u' -> user = value;
                case 'L' -> login = value;
                case 'f' -> {
                    end();
                    file = true;
                    files.descriptor(value);
                }
                case 'a' -> files.text("mode", value.strip());
                case 't' -> files.text("type", value);
                case 'D' -> files.text("device", value);
                case 's' -> files.number("size", value);
                case 'o' -> files.sizeOrOffset(value);
                case 'k' -> files.number("nlink", value);
                case 'i', 'P' -> files.text("node", value);
                case 'n' -> name = value;
                default -> {} // flags, locks, TCP's queues: not in the table
            }
        }

        private void end() {
            if (file) {
                files.pid(pid)
                        .number("tid", tid)
                        .text("command", command)
                        .text("user", login.isEmpty() ? user : login)
                        .end(name);
            }
            file = false;
            name = "";
        }
    }
}
