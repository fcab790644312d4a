package plimsoll.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a file apart into the outputs it holds: at prompts, at lines that are nothing but a command, at lines with which another
 * source begins, and at prose. A file that one source knows as a whole, configuration above all, stays one text.
 */
final class Transcript {
    /** Beyond this many lines a text that is not recognised is not searched paragraph by paragraph. */
    private static final int SEARCHED = 20_000;

    /** So many outputs of one text are many. */
    private static final int MANY = 1000;

    /** So many lines of a large text show what it is. */
    private static final int TOP = 200;

    private static final Pattern CONFIGURATION = Pattern.compile("/etc/sysctl(\\.d/[\\w.-]*\\w|\\.conf)");

    private static final Pattern CONFIGURED =
            Pattern.compile(".*\\.(conf|cnf|ini|cfg)(\\.\\w+)?|.*sysctl\\.d/.*|.*\\.json");

    private static final DateSource DATE = new DateSource();

    private Transcript() {}

    /** The readings of a file in order; prompt lines belong to none of them. Ends where there is no more memory for them. */
    static List<Reading> read(Text file, Memory memory) {
        return memory.left() ? outputs(file, memory) : List.of(Reading.cut(file));
    }

    private static List<Reading> outputs(Text file, Memory memory) {
        if (file.lines() instanceof Lines lines) {
            Optional<List<Reading>> uniform = uniform(file, lines);
            if (uniform.isPresent()) {
                fits(uniform.get(), memory);
                return uniform.get();
            }
            if (lines.lone()) {
                return outputs(Text.of(file.path(), lines.text()), memory);
            }
        }
        if (configuration(file)) {
            List<Reading> whole = List.of(Reading.of(file));
            fits(whole, memory);
            return whole;
        }
        List<Text> sections = sections(file, memory.outputs());
        var readings = new ArrayList<Reading>();
        int shared = 0;
        int counted = 0;
        Optional<Text> rest = Optional.empty();
        for (Text section : sections) {
            if (!fits(readings.subList(counted, readings.size()), memory)) {
                rest = Optional.of(file.part(
                        section.firstLine() - file.firstLine(), file.lines().size(), Optional.empty()));
                break;
            }
            counted = readings.size();
            if (readings.size() - shared >= MANY) {
                sharing(readings.subList(shared, readings.size()));
                shared = readings.size();
            }
            if (sections.size() == 1 && section.command().isEmpty()) {
                int lines = section.lines().size();
                Reading whole = Reading.of(
                        section,
                        file.command().isEmpty() && lines == file.lines().size());
                boolean one = whole.known() || lines > SEARCHED || paragraphEnd(section, 0) == lines;
                readings.addAll(one ? List.of(whole) : paragraphs(section));
            } else if (silent(section)) {
                readings.add(Reading.unknown(section));
            } else {
                readings.addAll(section(section));
            }
        }
        List<Reading> done = joined(file, readings);
        rest.ifPresent(r -> done.add(Reading.cut(r)));
        return done;
    }

    private static boolean fits(List<Reading> readings, Memory memory) {
        boolean fits = true;
        for (Reading reading : readings) {
            fits &= memory.take(reading.parsed().kept().bytes());
        }
        return fits;
    }

    /** Makes small tables of many outputs share their columns. */
    private static void sharing(List<Reading> readings) {
        List<Rows> tables = Rows.sharing(
                readings.stream().flatMap(r -> r.parsed().tables().stream()).toList());
        int next = 0;
        for (int i = 0; i < readings.size(); i++) {
            Reading reading = readings.get(i);
            int count = reading.parsed().tables().size();
            readings.set(
                    i,
                    new Reading(
                            reading.text(),
                            reading.source(),
                            reading.parsed().with(tables.subList(next, next + count))));
            next += count;
        }
    }

    /**
     * A large text that holds one output, by itself or below its prompt, and of a source that can make a pass over it: what the text
     * would be cut at is looked for only in the lines that are not plainly rows. Empty where it has to be looked at line by line.
     */
    private static Optional<List<Reading>> uniform(Text file, Lines lines) {
        List<String> top = new ArrayList<>();
        for (var i = lines.iterator(); i.hasNext() && top.size() < TOP; ) {
            top.add(i.next());
        }
        Text head = new Text(file.path(), file.firstLine(), file.command(), file.namespace(), top);
        if (configuration(head)) {
            return Optional.empty();
        }
        List<Text> sections = sections(head, TOP);
        Text section = sections.get(0);
        int above = section.firstLine() - head.firstLine();
        if (sections.size() > 1) {
            return Optional.empty();
        }
        Optional<Source> source = Sources.ALL.stream()
                .filter(s -> s.match(section) == Source.Match.SURE)
                .findFirst();
        Text all =
                new Text(file.path(), section.firstLine(), section.command(), section.namespace(), lines.tail(above));
        Pass pass = source.map(s -> s.pass(all)).orElse(null);
        if (pass == null) {
            return Optional.empty();
        }
        Lines rest = (Lines) all.lines();
        Optional<Parsed> parsed = pass.run(rest, Pass.processors(rest.bytes()));
        return parsed.map(p -> new Reading(all, source, p))
                .filter(r -> r.parsed().rejected().isEmpty()
                        || all.command().isEmpty()
                        || r.understood() == all.lines().size())
                .map(List::of);
    }

    /** True for a line at which a text is cut, unless it is the first. */
    static boolean cuts(String line) {
        return Command.prompt(line).isPresent() || Command.alone(line).isPresent() || Sources.begins(line);
    }

    private static boolean configuration(Text file) {
        Optional<String> first = file.first();
        if (first.isPresent() && Command.prompt(first.get()).isPresent()) {
            return false; // a terminal's, with configurations among its outputs
        }
        if (file.path().indexOf('.') >= 0 && CONFIGURED.matcher(file.path()).matches()) {
            return true;
        }
        for (Source source : Sources.ALL) {
            if (source.uncut() && source.match(file) == Source.Match.SURE) {
                return true;
            }
        }
        return false;
    }

    /** Cuts at commands and at first lines of sources. A configuration that a command prints ends at the next prompt only. */
    private static List<Text> sections(Text file, long most) {
        var sections = new ArrayList<Text>();
        Optional<String> command = file.command();
        int start = 0;
        boolean blank = true;
        boolean dated = false; // true in what began with a date: that is one line
        for (int i = 0; i < file.lines().size() && sections.size() <= most; i++) {
            String line = file.lines().get(i);
            Optional<String> next = Command.prompt(line);
            if (next.isEmpty() && !command.map(Transcript::printsConfiguration).orElse(false)) {
                next = Command.alone(line);
                boolean date = DATE.begins(line);
                if (next.isEmpty() && dated && !line.isBlank()) {
                    // below a date stands what the same loop or list of commands prints
                    sections.add(file.part(start, i, by(command, true)));
                    command = by(command, true).isPresent() ? Optional.empty() : command;
                    start = i;
                    dated = date;
                } else if (next.isEmpty() && !blank && (date || Sources.begins(line))) {
                    sections.add(file.part(start, i, by(command, dated)));
                    command = date ? command : Optional.empty();
                    start = i;
                    dated = date;
                } else if (blank && date) {
                    dated = true;
                }
            }
            if (next.isPresent()) {
                if (!blank || command.isPresent()) {
                    sections.add(file.part(start, i, by(command, dated)));
                }
                command = next;
                start = i + 1;
                blank = true;
                dated = false;
            } else {
                blank &= line.isBlank();
            }
        }
        sections.add(file.part(start, file.lines().size(), by(command, dated)));
        return sections;
    }

    /** What printed a section: a line that is a date is of the command of that name, whatever else the line at the prompt runs. */
    private static Optional<String> by(Optional<String> command, boolean dated) {
        return dated ? command.filter(c -> c.matches("date(\\s.*)?")) : command;
    }

    private static boolean printsConfiguration(String command) {
        return command.matches("nginx\\b.*-T.*|(cat|head|tail|more|less)\\b.*\\.(conf|cnf|ini)\\b.*");
    }

    /** True for the output of a tcpdump that printed nothing: that no such packet was seen says something, too. */
    private static boolean silent(Text section) {
        return section.command().isPresent()
                && section.command().get().contains("tcpdump")
                && section.first().isEmpty();
    }

    /** One output and, below it, what is none of it. */
    private static List<Reading> section(Text section) {
        Reading whole = Reading.of(section);
        if (whole.known()) {
            int end = whole.understood();
            return end == section.lines().size() ? List.of(whole) : split(section, end, section.command());
        }
        int end = paragraphEnd(section, 0);
        return end == section.lines().size() || section.command().isEmpty()
                ? paragraphs(section)
                : split(section, end, section.command());
    }

    private static List<Reading> split(Text section, int end, Optional<String> command) {
        var readings = new ArrayList<Reading>();
        readings.add(Reading.of(section.part(0, end, command)));
        readings.addAll(paragraphs(section.part(end, section.lines().size(), Optional.empty())));
        return readings;
    }

    /** What a text without a command holds, paragraph by paragraph. */
    private static List<Reading> paragraphs(Text text) {
        if (text.lines().size() > SEARCHED) {
            return List.of(Reading.unknown(text));
        }
        var readings = new ArrayList<Reading>();
        Optional<String> command = text.command();
        int start = 0;
        while (start < text.lines().size()) {
            int end = paragraphEnd(text, start);
            Text paragraph = text.part(start, end, command);
            Reading reading = Reading.of(paragraph);
            int understood =
                    reading.known() ? reading.understood() : paragraph.lines().size();
            if (understood > 0 && understood < paragraph.lines().size()) {
                reading = Reading.of(paragraph.part(0, understood, command));
            } else {
                understood = paragraph.lines().size();
            }
            readings.add(reading);
            if (!reading.known()) {
                command = text.command().or(() -> announced(paragraph));
            }
            start += understood;
        }
        return readings;
    }

    /** A sentence that names the kernel's configuration announces what stands below it. */
    private static Optional<String> announced(Text prose) {
        Matcher m = CONFIGURATION.matcher(String.join(" ", prose.lines()));
        return m.find() ? Optional.of("cat " + m.group()) : Optional.empty();
    }

    /** The index after the paragraph at {@code start}, the blank lines before and behind it included. */
    private static int paragraphEnd(Text text, int start) {
        int i = start;
        while (i < text.lines().size() && text.lines().get(i).isBlank()) {
            i++;
        }
        while (i < text.lines().size() && !text.lines().get(i).isBlank()) {
            i++;
        }
        while (i < text.lines().size() && text.lines().get(i).isBlank()) {
            i++;
        }
        return i;
    }

    /** Neighbours without a command that are of one source, or of none, become one reading again. */
    private static List<Reading> joined(Text file, List<Reading> readings) {
        var done = new ArrayList<Reading>();
        var group = new ArrayList<Reading>();
        for (Reading reading : readings) {
            if (silent(reading.text())) {
                if (!group.isEmpty()) {
                    done.add(join(file, group));
                    group.clear();
                }
                done.add(reading);
                continue;
            }
            if (!group.isEmpty() && !belongs(group.get(group.size() - 1), reading)) {
                done.add(join(file, group));
                group.clear();
            }
            if (!reading.text().lines().isEmpty()) {
                group.add(reading);
            }
        }
        if (!group.isEmpty()) {
            done.add(join(file, group));
        }
        return done;
    }

    private static Reading join(Text file, List<Reading> group) {
        Reading first = group.get(0);
        if (group.size() == 1) {
            return first;
        }
        Text last = group.get(group.size() - 1).text();
        int from = first.text().firstLine() - file.firstLine();
        int to = last.firstLine() - file.firstLine() + last.lines().size();
        Text all = new Text(
                first.text().path(),
                first.text().firstLine(),
                first.text().command(),
                first.text().namespace(),
                file.lines().subList(from, to));
        return first.known() ? Reading.of(all) : Reading.unknown(all);
    }

    private static boolean belongs(Reading last, Reading next) {
        boolean adjacent = last.text().firstLine() + last.text().lines().size()
                == next.text().firstLine();
        boolean unknown = !last.known() && !next.known();
        boolean alike = last.source().equals(next.source())
                && last.text().command().equals(next.text().command())
                && last.text().namespace().equals(next.text().namespace())
                && last.text().command().map(Transcript::printsConfiguration).orElse(true);
        Optional<String> first = next.text().first();
        return adjacent
                && (unknown || alike)
                && first.map(Transcript::continues).orElse(true);
    }

    private static boolean continues(String line) {
        return !Sources.begins(line);
    }
}
