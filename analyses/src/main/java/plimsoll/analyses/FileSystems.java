package plimsoll.analyses;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Law;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/** What the laws of file systems share: what they look for in the tables of file systems and open files, and what they make of it. */
final class FileSystems {
    static final String ANY = "any one file system";
    private static final String TABLE = "filesystems";
    private static final double MOST = 16;
    private static final double GIB = 1 << 30;

    private FileSystems() {}

    /**
     * What a file system hands out, space or inodes, and how it is asked of.
     *
     * @param law whose inputs they are
     * @param more what is asked for besides
     * @param rate what it grows by
     * @param freed what is given back
     * @param added what a larger file system has more
     */
    record Kind(Law law, Parameter more, Parameter rate, Parameter freed, Parameter added) {
        List<Parameter> parameters() {
            return List.of(more, rate, freed, added);
        }

        private double value(Parameter parameter, Facts facts, String scope) {
            return Levers.value(parameter.find(facts, law, scope), 0);
        }

        /** What is taken against all there is, with the time to full and what deleted files hold of it. */
        Finding found(Facts facts, String scope, Input taken, Formula all, Function<Deleted, Quantity> held) {
            Formula asked =
                    more.find(facts, law, scope).<Formula>map(taken::plus).orElse(taken);
            Formula demand = freed.find(facts, law, scope)
                    .map(f -> asked.minus(f).max(Formula.fixed(Quantity.of(0, more.unit()))))
                    .orElse(asked);
            Formula supply = added.find(facts, law, scope).map(all::plus).orElse(all);
            Finding found = Finding.of(more.unit(), demand, supply);
            Optional<Input> growth = rate.find(facts, law, scope).filter(r -> r.value() > 0);
            if (growth.isPresent()) {
                found = found.figure(
                        "time to full",
                        Quantity.seconds(Math.max(0, supply.value() - demand.value())
                                / growth.get().value()));
            }
            if (taken.value() >= all.value()) {
                found = found.demandAtLeast().note("it was full when it was read: what was refused is not counted");
            }
            Optional<Quantity> deleted = deleted(facts, scope).map(held);
            return deleted.isPresent() ? found.figure("deleted and still open", deleted.get()) : found;
        }

        /** Files that nobody sees closed, files removed, a larger file system. */
        List<Lever> remedies(Facts facts, String scope, Function<Deleted, Quantity> held) {
            Finding found = law.apply(facts, scope);
            if (found.supply().isEmpty()) {
                return List.of();
            }
            double present = found.supply().orElseThrow().value();
            double taken = found.demand().orElseThrow().value();
            double before = value(freed, facts, scope);
            double larger = value(added, facts, scope);
            var levers = new ArrayList<Lever>();
            deleted(facts, scope)
                    .map(held)
                    .filter(d -> d.value() > 0)
                    .ifPresent(d -> levers.add(closed(scope, before + d.value(), d)));
            levers.add(Lever.scale(0, taken, more.unit(), v -> {
                String much = said(v);
                return Candidate.of("files removed: " + much)
                        .set(freed.fact(law, scope), spelled(before + v))
                        .snippet(
                                Snippet.Kind.APPLICATION,
                                "remove or move files of " + scope + ", " + much + " of them at least: "
                                        + (bytes() ? "du -x" : "du -x --inodes") + " says where they are")
                        .cost("what the files hold")
                        .risk("a file that a program has open frees nothing before it is closed", "unlink(2)");
            }));
            levers.add(Lever.scale(present, present * MOST, more.unit(), v -> {
                String much = said(v - present);
                return Candidate.of("larger file system: " + much + " more")
                        .set(added.fact(law, scope), spelled(larger + v - present))
                        .snippet(
                                Snippet.Kind.APPLICATION,
                                "make the volume below " + scope
                                        + " larger, then the file system with resize2fs or xfs_growfs:" + " " + much
                                        + " more" + (bytes() ? "" : "; ext4 gets inodes with its size, 1 for 16 KiB"))
                        .cost("the volume's space")
                        .risk(
                                "both grow while they are mounted, and neither is easily made smaller again: XFS not at all",
                                "resize2fs(8), xfs_growfs(8), mke2fs(8)");
            }));
            return levers;
        }

        private Lever closed(String scope, double all, Quantity held) {
            return Lever.of(Candidate.of("deleted files closed")
                    .set(freed.fact(law, scope), Math.round(all) + (bytes() ? " B" : ""))
                    .snippet(
                            Snippet.Kind.APPLICATION,
                            "lsof +L1 " + scope + " says who has deleted files open, " + held.brief()
                                    + " here: have logs opened anew (nginx -s reopen), restart what keeps others")
                    .cost("none for a log that is opened anew; connections, for a program that is restarted")
                    .risk(
                            "temporary files of responses under way come back by themselves as their clients have been served",
                            "unlink(2), lsof(8)"));
        }

        private boolean bytes() {
            return more.unit() == Unit.BYTES;
        }

        /** Space in whole GiB, or MiB where it is less, inodes in whole thousands: never less than is needed. */
        private double rounded(double much) {
            double step = bytes() ? much > GIB ? GIB : GIB / 1024 : 1000;
            return Math.ceil(much / step) * step;
        }

        private String spelled(double much) {
            return bytes() ? Math.round(rounded(much) / (GIB / 1024)) + " MiB" : "" + Math.round(rounded(much));
        }

        private String said(double much) {
            return Quantity.of(rounded(much), more.unit()).brief();
        }
    }

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
