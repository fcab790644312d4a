package plimsoll.telemetry;

import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;

/**
 * The telemetry of one host as it was captured, immutable: what was found, what each file turned out to be, the tables and facts that
 * came out, and every line that was not understood.
 */
public final class Capture {
    /**
     * One text of the capture and what became of it: an immutable value.
     *
     * @param path the file, relative to the capture; with {@code :line} where the file holds several outputs
     * @param format the source's name; {@code not recognised}, {@code binary} or {@code empty}
     * @param rows rows of its table, or single values where it has none
     * @param rejected lines that were not understood
     * @param bytes its size
     * @param used false where nothing of it counts, or another source of the same table was preferred
     * @param note why not, or what to know of it; empty where there is nothing to say
     */
    public record Item(String path, String format, int rows, int rejected, long bytes, boolean used, String note) {}

    private static final String REJECTED = "rejected";

    private final String name;
    private final List<Item> items;
    private final List<Reject> rejected;
    private final List<Reject> foreign;
    private final List<String> problems;
    private final Map<String, Rows> tables;
    private final Map<String, String> origins;
    private final Facts facts;
    private final List<String> namespaces;
    private final List<String> moments;
    private final Function<Choice, Capture> other;
    private final Choice choice;
    private final List<Text> texts;

    /** What is looked at of several: immutable. */
    private record Choice(Optional<String> namespace, Optional<String> moment) {
        private static final Choice FIRST = new Choice(Optional.empty(), Optional.empty());
    }

    private Capture(
            String name,
            List<Item> items,
            List<Reject> rejected,
            List<Reject> foreign,
            List<String> problems,
            Map<String, Rows> tables,
            Map<String, String> origins,
            Facts facts,
            List<String> namespaces,
            List<String> moments,
            Function<Choice, Capture> other,
            Choice choice,
            List<Text> texts) {
        this.name = name;
        this.items = List.copyOf(items);
        this.rejected = List.copyOf(rejected);
        this.foreign = List.copyOf(foreign);
        this.problems = List.copyOf(problems);
        this.tables = Collections.unmodifiableMap(tables);
        this.origins = Map.copyOf(origins);
        this.facts = facts;
        this.namespaces = List.copyOf(namespaces);
        this.moments = List.copyOf(moments);
        this.other = other;
        this.choice = choice;
        this.texts = List.copyOf(texts);
    }

    /**
     * Reads folders (walked in sorted order), files, and archives ({@code .tar}, {@code .tar.gz}, {@code .tgz}, {@code .tar.xz},
     * {@code .zip}) as one host's capture. What cannot be read is among {@link #problems()}.
     *
     * @throws NothingReadable when a path does not exist, or nothing in them is in a format that is known
     */
    public static Capture read(Path... paths) {
        return read(Limits.USUAL, paths);
    }

    /** Reads them, telling {@code progress} of each file. Throws as {@link #read(Path...)} does. */
    public static Capture read(Progress progress, Path... paths) {
        return read(Limits.USUAL, progress, paths);
    }

    /** Reads them, as much as {@code limits} allow. Throws as {@link #read(Path...)} does. */
    public static Capture read(Limits limits, Path... paths) {
        return read(limits, Progress.NONE, paths);
    }

    /** Reads them, as much as {@code limits} allow, telling {@code progress} of each file. Throws as {@link #read(Path...)} does. */
    public static Capture read(Limits limits, Progress progress, Path... paths) {
        if (paths.length == 0) {
            throw new NothingReadable("no path was given: name a folder, a file or an archive");
        }
        var collected = new Collected(limits);
        for (Path path : paths) {
            boolean several = paths.length > 1 && Files.isDirectory(path);
            collected.add(path, several ? Collected.name(path) + "/" : "");
        }
        Path first = paths[0];
        if (collected.files().isEmpty() && collected.problems().isEmpty()) {
            throw new NothingReadable(
                    Files.isDirectory(first)
                            ? first + " is an empty folder"
                            : first + " is an archive with no file in it");
        }
        String name = Collected.name(first).replaceFirst("\\.(tar|tar\\.gz|tgz|tar\\.xz|txz|zip)$", "");
        return of(collected, name, first.toString(), progress);
    }

    /**
     * Reads pasted text: one output or a transcript of several.
     *
     * @throws NothingReadable when nothing in it is in a format that is known
     */
    public static Capture of(String text) {
        var collected = new Collected(Limits.USUAL);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        collected.files().add(new Collected.Found("pasted", Decoded.lines(bytes), bytes.length));
        return of(collected, "pasted text", "the pasted text");
    }

    /** The capture of a host of which nothing was captured. */
    public static Capture none() {
        return new Capture(
                "nothing captured",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Facts.none(),
                List.of(),
                List.of(),
                choice -> {
                    throw new IllegalStateException("there is nothing to choose");
                },
                Choice.FIRST,
                List.of());
    }

    /**
     * Reads a stream to its end, as {@link #of(String)} does.
     *
     * @throws NothingReadable when nothing in it is in a format that is known
     */
    public static Capture stdin(InputStream in) {
        return stdin(Limits.USUAL, in);
    }

    /** Reads a stream, as much of it as {@code limits} allow. Throws as {@link #stdin(InputStream)} does. */
    public static Capture stdin(Limits limits, InputStream in) {
        var collected = new Collected(limits);
        collected.add("-", in);
        return of(collected, "standard input", "standard input");
    }

    /**
     * Reads this machine below {@code root}, which is {@code /} but for tests: files of {@code /proc}, {@code /sys}, {@code /etc} and
     * {@code /boot} only; no command is run and nothing is written. What needs root, or is not there, is among {@link #problems()}.
     *
     * @throws NothingReadable when none of them is there, as on a system that is not Linux
     */
    public static Capture live(Path root) {
        return of(LiveHost.collect(root), "this host", root.resolve("proc").toString());
    }

    private static Capture of(Collected collected, String name, String asked) {
        return of(collected, name, asked, Progress.NONE);
    }

    private static Capture of(Collected collected, String name, String asked, Progress progress) {
        var read = new ArrayList<List<Reading>>();
        var reserve = new Memory.Reserve();
        for (Collected.Found file : collected.files()) {
            progress.at(read.size() + 1, collected.files().size(), file.path());
            read.add(readings(collected, file, reserve));
        }
        List<List<Reading>> perFile = Informed.of(read, collected.links());
        List<Reading> readings = perFile.stream().flatMap(List::stream).toList();
        if (readings.stream().noneMatch(Reading::known)) {
            throw nothing(asked, collected, readings);
        }
        return of(collected, name, perFile, Series.of(perFile), Choice.FIRST);
    }

    /** The capture as {@code choice} has it; the readings are kept only where there is something to choose. */
    private static Capture of(
            Collected collected, String name, List<List<Reading>> perFile, Series series, Choice choice) {
        List<Reading> readings = perFile.stream().flatMap(List::stream).toList();
        Optional<String> moment = choice.moment.filter(series.names()::contains).or(() -> series.names().stream()
                .findFirst());
        List<Reading> then = moment.isEmpty()
                ? readings
                : readings.stream().filter(r -> !series.other(r, moment.get())).toList();
        var twins = Twins.of(
                then,
                Stream.concat(choice.namespace.stream(), choice.moment.stream()).collect(Collectors.toSet()));
        List<String> moments =
                Stream.concat(series.names().stream(), twins.moments().stream()).toList();
        var later = Collections.<Reading>newSetFromMap(new IdentityHashMap<>());
        later.addAll(readings);
        then.forEach(later::remove);
        Function<Reading, Optional<String>> instead =
                r -> later.contains(r) ? Optional.of("another moment than " + moment.orElse("")) : twins.insteadOf(r);
        List<Reading> counted =
                then.stream().filter(r -> twins.insteadOf(r).isEmpty()).toList();
        var chosen = Chosen.of(counted);
        var items = new ArrayList<Item>();
        for (int i = 0; i < perFile.size(); i++) {
            items.addAll(items(collected.files().get(i), perFile.get(i), chosen, instead));
        }
        var facts = new ArrayList<Fact>();
        var rejected = new ArrayList<Reject>();
        for (Reading reading : readings) {
            if (instead.apply(reading).isEmpty()) {
                facts.addAll(reading.parsed().facts());
            }
            rejected.addAll(reading.parsed().rejected());
        }
        Facts known = Facts.none().plus(facts);
        Map<String, Rows> derived = Connections.derived(chosen.tables());
        var tables = new TreeMap<String, Rows>(chosen.tables());
        tables.putAll(derived);
        for (Map.Entry<String, Rows> table : tables.entrySet()) {
            known = known.holding(table.getKey(), table.getValue());
        }
        String host = known.find("uname:nodename")
                .or(() -> Facts.none().plus(facts).find("kernel.hostname"))
                .map(Fact::text)
                .orElse(name);
        var problems = new ArrayList<>(collected.problems());
        problems.addAll(twins.sentences());
        problems.addAll(series.sentences());
        problems.addAll(cut(readings));
        List<Reject> foreign =
                readings.stream().flatMap(r -> Prompt.foreign(r).stream()).toList();
        return new Capture(
                host,
                items,
                rejected,
                foreign,
                problems,
                tables,
                origins(chosen, derived.keySet()),
                known,
                twins.names(),
                moments,
                twins.names().isEmpty() && moments.isEmpty()
                        ? another -> {
                            throw new IllegalStateException("there is nothing to choose");
                        }
                        : another -> of(collected, name, perFile, series, another),
                choice,
                // a large one is in no memory, and nobody reads through it
                readings.stream()
                        .filter(r -> r.known() || r.text().command().isPresent())
                        .map(Reading::text)
                        .filter(t -> !(t.lines() instanceof Lines lines && lines.large()))
                        .toList());
    }

    /** Says where memory ended. */
    private static List<String> cut(List<Reading> readings) {
        List<Reading> cut =
                readings.stream().filter(r -> r.parsed().kept().cut() > 0).toList();
        if (cut.isEmpty()) {
            return List.of();
        }
        int more = cut.size() - 1;
        Reading first = cut.get(0);
        return List.of(first.text().path() + ":" + first.parsed().kept().cut() + " and what is below it is not kept"
                + (more == 0 ? "" : ", nor the end of " + more + (more == 1 ? " more text" : " more texts")) + ": "
                + Memory.SPENT);
    }

    private static List<Reading> readings(Collected collected, Collected.Found file, Memory.Reserve reserve) {
        if (file.binary().isPresent()) {
            return List.of(file.binary().get());
        }
        return file.text() == null || file.text().isEmpty()
                ? List.of()
                : transcript(collected, file.path(), file.text(), reserve);
    }

    private static List<Reading> transcript(Collected collected, String path, Lines lines, Memory.Reserve reserve) {
        Memory memory = reserve.file(lines.bytes());
        try {
            return Transcript.read(Text.of(path, lines), memory);
        } catch (UncheckedIOException e) {
            collected.problems().add(path + " cannot be read: " + e.getMessage());
            return List.of();
        } catch (RuntimeException | StackOverflowError e) {
            // one file must not keep the others from being read
            collected.problems().add(path + " was not read: " + defect(e));
            return List.of();
        } finally {
            reserve.read(memory);
        }
    }

    private static String defect(Throwable e) {
        String where = Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("plimsoll."))
                .findFirst()
                .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("");
        return "a defect of plimsoll, " + e.getClass().getSimpleName() + where;
    }

    private static List<Item> items(
            Collected.Found file, List<Reading> readings, Chosen chosen, Function<Reading, Optional<String>> instead) {
        if (file.text() == null && file.binary().isEmpty()) {
            return List.of(new Item(file.path(), "binary", 0, 0, file.bytes(), false, "binary, not read"));
        }
        if (readings.stream().allMatch(r -> blank(r.text()) && !r.known())) {
            return List.of(new Item(file.path(), "empty", 0, 0, file.bytes(), false, "an empty file"));
        }
        return readings.stream()
                .map(r -> item(r, readings.size() == 1 ? file.bytes() : size(r.text()), chosen, instead.apply(r)))
                .toList();
    }

    private static boolean blank(Text text) {
        return text.lines().stream().allMatch(String::isBlank);
    }

    private static long size(Text text) {
        return text.lines().stream().mapToLong(l -> l.length() + 1L).sum();
    }

    private static Item item(Reading reading, long bytes, Chosen chosen, Optional<String> twin) {
        Parsed parsed = reading.parsed();
        if (!reading.known() && reading.text().command().isPresent() && blank(reading.text())) {
            return new Item(path(reading), "empty", 0, 0, bytes, false, "its command printed nothing");
        }
        String format = reading.source().map(Source::name).orElse("not recognised");
        int rows = parsed.rows().map(Rows::size).orElse(parsed.facts().size());
        Optional<Reading> preferred = chosen.insteadOf(reading);
        String note = reading.note();
        if (twin.isPresent()) {
            note = "of " + twin.get();
        } else if (!note.isEmpty()) {
            // it says more than what follows
        } else if (preferred.isPresent()) {
            String table = parsed.rows().map(Rows::name).orElse("").replace('_', ' ');
            String other = path(preferred.get());
            note = parsed.excerpt() && !preferred.get().parsed().excerpt()
                    ? "an excerpt; " + table + " are read from " + other
                    : "the same " + table + " as " + other;
        } else if (parsed.excerpt() && parsed.rows().isPresent() && rows > 0) {
            note = "an excerpt: it shows that they exist, not how many there are";
        }
        // a whole listing without a row says that there are none
        boolean says = rows > 0
                || reading.within()
                || parsed.rows().filter(r -> !r.excerpt()).isPresent();
        boolean used = reading.known() && preferred.isEmpty() && twin.isEmpty() && says;
        return new Item(
                path(reading),
                format,
                rows,
                parsed.rejected().size() + parsed.kept().unkept(),
                bytes,
                used,
                note);
    }

    /** The file, with the line where the file holds more than this one text. */
    private static String path(Reading reading) {
        Text text = reading.text();
        return text.command().isPresent() || text.firstLine() > 1 ? text.at(0) : text.path();
    }

    /** The files of each table; tables derived from packets come from the files of those. */
    private static Map<String, String> origins(Chosen chosen, Set<String> derived) {
        Map<String, String> origins = chosen.readings().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue().stream().map(Capture::path).collect(Collectors.joining(", "))));
        var parts = new LinkedHashMap<String, StringJoiner>();
        chosen.readings().forEach((table, readings) -> {
            for (Reading reading : readings) {
                for (Rows rows : reading.parsed().tables()) {
                    if (rows.name().equals(table)) {
                        rows.covers()
                                .forEach(part -> parts.computeIfAbsent(table + "/" + part, p -> new StringJoiner(", "))
                                        .add(path(reading)));
                    }
                }
            }
        });
        parts.forEach((part, paths) -> origins.put(part, paths.toString()));
        derived.forEach(table -> origins.put(table, origins.getOrDefault(Packets.NAME, "")));
        return origins;
    }

    private static NothingReadable nothing(String asked, Collected collected, List<Reading> readings) {
        List<Collected.Found> files = collected.files();
        String why;
        if (files.isEmpty()) {
            int more = collected.problems().size() - 1;
            why = collected.problems().get(0) + (more == 0 ? "" : ", and " + more + " more like it");
        } else if (files.size() == 1 && readings.stream().allMatch(r -> blank(r.text()))) {
            why = files.get(0).text() == null ? "it is binary" : "it is empty";
        } else {
            int lines = readings.stream()
                    .mapToInt(r ->
                            r.parsed().rejected().size() + r.parsed().kept().unkept())
                    .sum();
            why = "none of its " + (files.size() == 1 ? "" : files.size() + " files with ") + lines
                    + (lines == 1 ? " line" : " lines") + " is in a format that is known";
        }
        return new NothingReadable("nothing readable in " + asked + ": " + why);
    }

    /** The host's own name where a source says it, else the name of the folder, archive or file. */
    public String name() {
        return name;
    }

    /** When the capture was taken, as an ISO 8601 instant; empty where no {@code date} output says it. */
    public Optional<String> captured() {
        return facts.find("date").map(Fact::text);
    }

    /**
     * The network namespaces it holds, by the names that commands give them ({@code ip netns exec NAME}) or by their folders' names:
     * folders that list, each its own, what namespaces have. The host's own is looked at, or else the first one, unless another is asked
     * for; a folder named {@code host} belongs to all of them. Empty where there is but one.
     */
    public List<String> namespaces() {
        return namespaces;
    }

    /**
     * The capture as one of its {@link #namespaces()} shows it.
     *
     * @throws IllegalArgumentException when it has no such namespace, naming those it has
     */
    public Capture in(String namespace) {
        if (!namespaces.contains(namespace)) {
            throw new IllegalArgumentException("this capture has no network namespace '" + namespace + "'; it has "
                    + (namespaces.isEmpty() ? "only one, without a name" : String.join(", ", namespaces)));
        }
        return other.apply(new Choice(Optional.of(namespace), choice.moment));
    }

    /**
     * The moments it holds: those of one text in which the same outputs come again, each round below the output of {@code date}, as ISO
     * 8601 instants in order, and those of folders in it named by times. The first one is looked at unless another is asked for. Empty
     * where there is but one.
     */
    public List<String> moments() {
        return moments;
    }

    /**
     * The capture as it was at one of its {@link #moments()}.
     *
     * @throws IllegalArgumentException when it has no such moment, naming those it has
     */
    public Capture at(String moment) {
        if (!moments.contains(moment)) {
            throw new IllegalArgumentException("this capture has no moment '" + moment + "'; it has "
                    + (moments.isEmpty() ? "only one" : String.join(", ", moments)));
        }
        return other.apply(new Choice(choice.namespace, Optional.of(moment)));
    }

    /** The same with more to say among its {@link #problems()}. */
    public Capture noting(List<String> more) {
        var all = new ArrayList<>(problems);
        all.addAll(more);
        return new Capture(
                name, items, rejected, foreign, all, tables, origins, facts, namespaces, moments, other, choice, texts);
    }

    /** Every text that was found, in order, and what became of it. */
    public List<Item> sources() {
        return items;
    }

    /** Every line that was not understood, in order. */
    public List<Reject> rejected() {
        return rejected;
    }

    /** Lines that the command at the prompt above them cannot have printed, such as one that its {@code grep} would have dropped. */
    public List<Reject> foreign() {
        return foreign;
    }

    /** The outputs of each tcpdump that printed nothing, in order: that no such packet was seen says something, too. */
    public List<Text> silent() {
        var silent = new ArrayList<Text>();
        for (Text text : texts) {
            if (text.command().isPresent() && blank(text)) {
                silent.add(text);
            }
        }
        return List.copyOf(silent);
    }

    /** What was left out or could not be read: one sentence each. */
    public List<String> problems() {
        return problems;
    }

    /**
     * The line that stands at a source as {@link Fact}s name it, {@code file:line}, as it was captured; a file of nginx may be one that
     * {@code nginx -T} printed. Empty where it names none, or a file beyond 4 MiB, of which no lines are kept.
     */
    public Optional<String> line(String source) {
        int colon = source.lastIndexOf(':');
        int line = number(source.substring(colon + 1));
        if (colon < 0 || line < 0) {
            return Optional.empty();
        }
        String path = source.substring(0, colon);
        for (Text text : texts) {
            int index = line - text.firstLine();
            if (text.path().equals(path) && index >= 0 && index < text.lines().size()) {
                return Optional.of(text.lines().get(index));
            }
        }
        for (Text text : texts) {
            Optional<String> printed = NginxSource.line(text, path, line);
            if (printed.isPresent()) {
                return printed;
            }
        }
        return Optional.empty();
    }

    /** A number of at most nine digits; -1 where it is none. */
    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : -1;
    }

    /** Every reading of every name, with the tables attached as {@link Rows} under their names. */
    public Facts facts() {
        return facts;
    }

    /** The names of the tables, sorted; {@code rejected}, which every capture has, is not among them. */
    public List<String> tables() {
        return List.copyOf(tables.keySet());
    }

    /**
     * The table of that name, from one source or from sources that each list another part of it; empty where none was captured.
     * {@code rejected} is {@link #rejected()} as a table.
     */
    public Optional<Rows> table(String name) {
        return name.equals(REJECTED) ? Optional.of(rejects()) : Optional.ofNullable(tables.get(name));
    }

    private Rows rejects() {
        var rows = new Rows.Builder(REJECTED)
                .column("path", Rows.Type.TEXT)
                .column("line", Rows.Type.NUMBER)
                .column("text", Rows.Type.TEXT)
                .column("reason", Rows.Type.TEXT);
        for (Reject reject : rejected) {
            rows.text("path", reject.path())
                    .number("line", reject.line())
                    .text("text", reject.text())
                    .text("reason", reject.reason());
            rows.end();
        }
        return rows.rows();
    }

    /** The files that a table was read from; empty where there is no such table. */
    public String origin(String table) {
        return origins.getOrDefault(table, "");
    }

    /** The files that one part of a table was read from, such as {@code tcp4} of the sockets; empty where it was not listed. */
    public String origin(String table, String part) {
        return origins.getOrDefault(table + "/" + part, "");
    }

    @Override
    public String toString() {
        long used = items.stream().filter(Item::used).count();
        return name + ": " + used + " of " + items.size() + (items.size() == 1 ? " source" : " sources") + " used, "
                + facts.names().size() + " facts, tables "
                + (tables.isEmpty() ? "none" : String.join(", ", tables.keySet()));
    }
}
