package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code lsof} for people to read, into table {@code open_files} (lsof(8)). Some columns may be blank in a row, so a row is read by the
 * shape of its fields; the header proves the format and says whether link counts are printed. Rows that {@code grep} left without
 * header are an excerpt, and so is {@code lsof +L1}, which lists deleted files only. Where threads are listed ({@code TID}), each repeats
 * the files of its process.
 */
final class LsofSource implements Source {
    private static final Pattern HEADER = Pattern.compile(
            "COMMAND +PID +(?:TID +(?:TASKCMD +)?)?(?:ZONE +)?(?:SECURITY-CONTEXT +)?(?:PPID +)?(?:PGID +)?(?:PPID +)?(?:USER +)?FD +TYPE +DEVICE +.*NAME *");
    private static final Pattern FD = Pattern.compile(
            "(?:cwd|rtd|txt|mem|mmap|DEL|NOFD|ltx|pd|jld|err|fp\\.|tr|v86|[mM]\\d+)(?:[rwu-][NrRwWuUxX]?)?"
                    + "|\\d+(?:[rwu-]?[NrRwWuUxX]?)");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z]\\w*|0\\d{3,5}");
    // the types that prove a row without a header
    private static final Pattern USUAL =
            Pattern.compile("REG|DIR|CHR|BLK|FIFO|LINK|unix|IPv4|IPv6|sock|a_inode|netlink|pack|raw|unknown");
    private static final Pattern DEVICE = Pattern.compile("\\d+,\\d+|0x[0-9a-f]+|\\d+");
    private static final Pattern SIZE = Pattern.compile("\\d+|0t\\d+|0x[0-9a-f]+");
    private static final Pattern PROTOCOL = Pattern.compile("TCP|UDP|UDPLITE|ICMP|ICMPV6|SCTP|RAW");
    private static final int HEAD = 5; // rows that must have the shape where there is no header

    @Override
    public String name() {
        return "lsof";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("COMMAND ") && HEADER.matcher(line).matches();
    }

    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, HEAD);
        if (head.stream().anyMatch(this::begins)) {
            return Match.SURE;
        }
        return !head.isEmpty() && head.stream().allMatch(LsofSource::usual) ? Match.SHAPE : Match.NO;
    }

    private static boolean usual(String line) {
        Row row = row(line, false);
        return row != null && !row.user.isEmpty() && USUAL.matcher(row.type).matches();
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var files = new OpenFiles();
        boolean header = false;
        boolean links = false;
        int named = Integer.MAX_VALUE;
        boolean linked = false;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (line.isBlank()) {
                account.empty();
            } else if (begins(line)) {
                header = true;
                links = line.contains(" NLINK ");
                named = line.contains(" TID ") ? between(line) : Integer.MAX_VALUE;
                account.empty();
            } else if (line.matches("lsof: .*|      Output information may be incomplete\\..*")) {
                account.reject(i, "a message of lsof, not an open file");
            } else {
                Row row = row(line, links);
                if (row == null) {
                    account.reject(i, "not an open file: command, process, user, descriptor, type, ... and name");
                } else {
                    row.into(files, named);
                    linked |= !links || !row.links.equals("0");
                    account.used();
                }
            }
        }
        if (!header || !linked) {
            account.excerpt();
        }
        return account.close(Optional.of(files.close(account)));
    }

    /** One open file as it was printed; empty where a column is blank. */
    private record Row(
            String command,
            String pid,
            List<String> between,
            String user,
            String fd,
            String type,
            String device,
            String size,
            String links,
            String node,
            String name) {
        /** Where threads are listed, a row of one has more between process and descriptor than the {@code named} columns. */
        private void into(OpenFiles files, int named) {
            files.text("command", command.replace("\\x20", " "))
                    .pid(pid)
                    .number("tid", between.size() > named ? between.get(0) : "")
                    .text("user", user)
                    .descriptor(fd)
                    .text("type", type)
                    .text("device", device)
                    .sizeOrOffset(size)
                    .number("nlink", links)
                    .text("node", node)
                    .end(name);
        }
    }

    private static @Nullable Row row(String line, boolean links) {
        var fields = new Fields().over(line);
        var words = new ArrayList<String>();
        var starts = new ArrayList<Integer>();
        while (fields.next()) {
            words.add(fields.text());
            starts.add(fields.start());
        }
        if (words.size() < 5 || Values.whole(words.get(1)) < 0) {
            return null;
        }
        int fd = descriptor(words);
        if (!FD.matcher(words.get(fd)).matches() || fd >= words.size() - 2) {
            return null;
        }
        boolean none = words.get(fd).equals("NOFD");
        int next = none ? fd + 1 : fd + 2;
        String device = "";
        if (!none
                && DEVICE.matcher(words.get(next)).matches()
                && !words.get(next).startsWith("0t")) {
            device = words.get(next++);
        }
        var numbers = new ArrayList<String>();
        while (!none
                && next < words.size() - 1
                && numbers.size() < (links ? 3 : 2)
                && number(words.get(next), numbers)) {
            numbers.add(words.get(next++));
        }
        if (next >= words.size()) {
            return null;
        }
        String node = numbers.isEmpty() ? "" : numbers.remove(numbers.size() - 1);
        if (numbers.isEmpty() && node.startsWith("0t")) {
            numbers.add(node);
            node = "";
        }
        boolean counted = links
                && (numbers.size() == 2
                        || (numbers.size() == 1 && !numbers.get(0).startsWith("0t")));
        String link = counted ? numbers.remove(numbers.size() - 1) : "";
        return new Row(
                words.get(0),
                words.get(1),
                List.copyOf(words.subList(2, fd)),
                fd > 2 ? words.get(fd - 1) : "",
                words.get(fd),
                none ? "" : words.get(fd + 1),
                device,
                numbers.isEmpty() ? "" : numbers.get(0),
                link,
                node,
                line.substring(starts.get(next)).stripTrailing());
    }

    /** How many columns between process and descriptor each row has, by the header. */
    private static int between(String header) {
        List<String> columns = Fields.split(header);
        return (int) columns.subList(0, columns.indexOf("FD")).stream()
                .filter(c -> c.matches("PPID|PGID|USER"))
                .count();
    }

    /** Where the descriptor stands: before a usual type, for a number may be that of a group, and else before what may be one. */
    private static int descriptor(List<String> words) {
        int end = Math.min(words.size() - 1, 8);
        for (int fd = 2; fd < end; fd++) {
            if (FD.matcher(words.get(fd)).matches()
                    && USUAL.matcher(words.get(fd + 1)).matches()) {
                return fd;
            }
        }
        int fd = 2;
        while (fd < end && !(FD.matcher(words.get(fd)).matches() && type(words, fd))) {
            fd++;
        }
        return fd;
    }

    private static boolean type(List<String> words, int fd) {
        return words.get(fd).equals("NOFD") || TYPE.matcher(words.get(fd + 1)).matches();
    }

    /** A size, a link count or a node number; a protocol stands where the node would and is the last of them. */
    private static boolean number(String word, List<String> before) {
        boolean ended = !before.isEmpty()
                && PROTOCOL.matcher(before.get(before.size() - 1)).matches();
        return !ended && (SIZE.matcher(word).matches() || PROTOCOL.matcher(word).matches());
    }
}
