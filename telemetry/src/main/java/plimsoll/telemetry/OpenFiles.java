package plimsoll.telemetry;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Table {@code open_files}, filled by all who list the open files of processes. Mutable; for one thread. */
final class OpenFiles {
    private static final String DELETED = " (deleted)";
    private static final List<String> NUMBERS = List.of("pid", "tid", "size", "offset", "nlink", "deleted");

    private final Rows.Builder rows = new Rows.Builder("open_files");
    private final Set<String> processes = new TreeSet<>();

    OpenFiles() {
        for (String column : List.of(
                "command", "pid", "tid", "user", "fd", "mode", "type", "device", "size", "offset", "nlink", "node",
                "name", "deleted")) {
            rows.column(column, NUMBERS.contains(column) ? Rows.Type.NUMBER : Rows.Type.TEXT);
        }
    }

    /** A cell of text; an empty one is missing. */
    OpenFiles text(String column, String value) {
        if (!value.isEmpty()) {
            rows.text(column, value);
        }
        return this;
    }

    /** A cell of a whole number; what is none is missing. */
    OpenFiles number(String column, String value) {
        long number = Values.whole(value);
        if (number >= 0) {
            rows.number(column, number);
        }
        return this;
    }

    /** The process that has the file open. */
    OpenFiles pid(String pid) {
        processes.add(pid);
        return number("pid", pid);
    }

    /** The descriptor: a number and how it is open, {@code 34w}, or a word, {@code cwd}. A lock's letter may follow. */
    OpenFiles descriptor(String fd) {
        int digits = Fields.digits(fd, 0);
        boolean numbered = digits > 0;
        text("fd", numbered ? fd.substring(0, digits) : fd);
        String mode = numbered && digits < fd.length() ? fd.substring(digits, digits + 1) : "";
        return text("mode", mode.matches("[rwu]") ? mode : "");
    }

    /** Size or offset, as lsof prints them in one column: {@code 15600000}, {@code 0t4096}, {@code 0x1000}. */
    OpenFiles sizeOrOffset(String value) {
        if (value.startsWith("0t")) {
            return number("offset", value.substring(2));
        }
        if (value.startsWith("0x")) {
            long offset = Fields.hexadecimal(value, 2, value.length());
            return offset < 0 ? this : number("offset", Long.toString(offset));
        }
        return number("size", value);
    }

    /** The name, without the remark that the file is deleted, and the end of the row. */
    void end(String name) {
        boolean deleted = name.endsWith(DELETED);
        text("name", deleted ? name.substring(0, name.length() - DELETED.length()) : name);
        rows.number("deleted", deleted ? 1 : 0).end();
    }

    /** The rows, complete for the processes they are of. */
    Rows close(Parsed.Account account) {
        processes.forEach(pid -> account.covers("pid " + pid));
        return rows.rows();
    }
}
