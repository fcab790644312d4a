package plimsoll.analyses;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import plimsoll.dsl.Facts;
import plimsoll.telemetry.Rows;

/** What laws look for in the tables of file systems and open files. */
final class FileSystems {
    static final String ANY = "any one file system";
    private static final String TABLE = "filesystems";

    private FileSystems() {}

    /** Where the file systems are mounted that {@code df} counted {@code column} of. */
    static List<String> mounted(Facts facts, String column) {
        return table(facts, column).stream()
                .flatMap(t -> IntStream.range(0, t.size())
                        .filter(row -> t.number(column, row).orElse(0) > 0)
                        .mapToObj(row -> t.text("mounted_on", row))
                        .flatMap(Optional::stream))
                .distinct()
                .toList();
    }

    private static Optional<Rows> table(Facts facts, String column) {
        return facts.table(TABLE, Rows.class).filter(t -> t.columns().contains(column));
    }

    /** A number that {@code df} shows of a file system. */
    static OptionalLong number(Facts facts, String mountedOn, String column) {
        Optional<Rows> table = table(facts, column);
        OptionalInt row = table.isEmpty()
                ? OptionalInt.empty()
                : IntStream.range(0, table.get().size())
                        .filter(r -> table.get().text("mounted_on", r).equals(Optional.of(mountedOn)))
                        .filter(r -> table.get().number(column, r).isPresent())
                        .findFirst();
        return row.isPresent() ? table.orElseThrow().number(column, row.getAsInt()) : OptionalLong.empty();
    }

    /** True where {@code df} rounded it for people. */
    static boolean rounded(Facts facts, String mountedOn) {
        return number(facts, mountedOn, "rounded").orElse(0) == 1;
    }

    /** Files that are deleted and still open: how many, and their bytes. */
    record Deleted(long files, long bytes) {}

    /** Those of one file system: each inode once, whoever has it open. Empty where open files were not listed. */
    static Optional<Deleted> deleted(Facts facts, String mountedOn) {
        List<String> mounts = mounted(facts, "size");
        return facts.table("open_files", Rows.class)
                .filter(f -> f.columns().containsAll(List.of("deleted", "name", "size")))
                .map(files -> {
                    Map<String, Long> sizes = new LinkedHashMap<>();
                    for (int row = 0; row < files.size(); row++) {
                        String name = files.text("name", row).orElse("");
                        if (files.number("deleted", row).orElse(0) == 1
                                && within(name, mounts).equals(mountedOn)) {
                            String inode = cell(files, "device", row) + " " + cell(files, "node", row);
                            sizes.putIfAbsent(
                                    inode.isBlank() ? name : inode,
                                    files.number("size", row).orElse(0));
                        }
                    }
                    return new Deleted(
                            sizes.size(),
                            sizes.values().stream().mapToLong(Long::longValue).sum());
                });
    }

    private static String cell(Rows rows, String column, int row) {
        return rows.columns().contains(column) ? rows.cell(column, row) : "";
    }

    /** The deepest mount that a path lies below; the path need not be there any more. */
    private static String within(String path, List<String> mounts) {
        return mounts.stream()
                .filter(m -> m.equals("/") ? path.startsWith("/") : path.equals(m) || path.startsWith(m + "/"))
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }
}
