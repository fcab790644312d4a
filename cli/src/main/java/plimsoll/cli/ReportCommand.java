package plimsoll.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Stack;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import plimsoll.analyses.Host;
import plimsoll.analyses.Report;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Verdict;

/** {@code plimsoll report}: every budget of a host, by consequence. */
final class ReportCommand implements Main.Asked {
    private static final Pattern ASKED = Pattern.compile("([a-z-]+)(?:\\[(.+)])?\\..*");
    private static final String FAIL_OVER = "--fail-over";
    private static final String[] FOOTER = {
        "",
        "  plimsoll report here",
        "  plimsoll report datasets/license-api --ask ports.rate=500/s",
        "  plimsoll report capture.tar.gz --with net.ipv4.tcp_tw_reuse=1",
        "  plimsoll report capture.tar.gz --json report.json --fail-over 90"
    };

    /** What a script asked to fail of: a budget that is over or used to so many percent; one that is unknown. */
    private record Fails(boolean over, double percent, boolean unknown) {}

    private final Console console;

    ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Grammar.command("report", "Every budget of a host, what breaks first at the top.")
                .addPositional(Grammar.word("0..*", "1..*", "PATH", Hosts.PATH + " Several are one host."))
                .addOption(Grammar.values(
                        "--ask",
                        "BUDGET[SCOPE].INPUT=VALUE",
                        "Ask a budget with an input, as ports.rate=500/s; [SCOPE] may be left out. May be repeated."))
                .addOption(Grammar.values(
                        "--with",
                        "KEY=VALUE",
                        "Change a setting in its own spelling, as net.ipv4.tcp_tw_reuse=1. May be repeated."))
                .addOption(Grammar.value("--json", "FILE", "Write the report as JSON; - is standard output."))
                .addOption(Grammar.value("--html", "FILE", "Write the report as a page."))
                .addOption(Grammar.value("--markdown", "FILE", "Write the report as Markdown."))
                .addOption(OptionSpec.builder(FAIL_OVER)
                        .arity("0..1")
                        .paramLabel("PERCENT")
                        .type(Double.class)
                        .parameterConsumer(new Percent())
                        .description("Exit with 1 when a budget is over, or used to PERCENT or more."
                                + " An asked budget that is unknown counts.")
                        .build())
                .addOption(Grammar.flag("--fail-unknown", "Exit with 1 when a budget is unknown."));
        Look.options(spec).usageMessage().footer(FOOTER);
        return spec;
    }

    @Override
    public int answer(ParseResult parsed) {
        checkPercent(parsed);
        String json = Grammar.given(parsed, "--json");
        String html = Grammar.given(parsed, "--html");
        String markdown = Grammar.given(parsed, "--markdown");
        var output = new Output()
                .wants("--json", json, "json")
                .wants("--html", html, "html")
                .wants("--markdown", markdown, "md");
        List<KeyValue> given = Grammar.all(parsed, "--ask").stream()
                .map(a -> KeyValue.parse(
                        "--ask", a, "BUDGET.INPUT=VALUE or BUDGET[SCOPE].INPUT=VALUE, as ports.rate=500/s"))
                .toList();
        List<KeyValue> changed = Grammar.all(parsed, "--with").stream()
                .map(c -> KeyValue.parse("--with", c, "KEY=VALUE, as net.ipv4.tcp_tw_reuse=1"))
                .toList();
        Host host = Look.host(console, parsed);
        for (KeyValue change : changed) {
            host = host.with(change.key(), change.value());
        }
        for (KeyValue ask : given) {
            host = host.ask(ask.key(), ask.value());
        }
        Report report = host.report();
        write(report, json, report::json);
        write(report, html, report::html);
        write(report, markdown, report::markdown);
        if (!output.tookStdout()) {
            console.print(report.text() + "\n");
        }
        // what a consumer of its own sets is no match to picocli
        Double percent = parsed.commandSpec().findOption(FAIL_OVER).getValue();
        var fails = new Fails(
                percent != null,
                Objects.requireNonNullElse(percent, Double.POSITIVE_INFINITY),
                parsed.hasMatchedOption("--fail-unknown"));
        return verdict(report, given, fails);
    }

    private void write(Report report, @Nullable String file, Supplier<String> text) {
        if (file == null) {
            return;
        }
        if (file.equals(Output.STDOUT)) {
            console.print(text.get());
        } else {
            report.save(file);
        }
    }

    /** The exit code, and on standard error what failed. */
    private int verdict(Report report, List<KeyValue> asked, Fails fails) {
        var failed = new ArrayList<String>();
        for (Budget budget : report.budgets()) {
            Verdict verdict = budget.verdict();
            boolean unknown = verdict.state() == Verdict.State.UNKNOWN;
            boolean full =
                    verdict.state() == Verdict.State.OVER || verdict.use().orElse(0) * 100 >= fails.percent;
            boolean isAsked = asked.stream().anyMatch(a -> asks(a, budget));
            if (unknown && (fails.unknown || (isAsked && fails.over))) {
                failed.add(budget.name() + " is unknown");
            } else if (!unknown && fails.over && full) {
                failed.add(budget.toString());
            }
        }
        if (failed.isEmpty()) {
            return Main.FITS;
        }
        int more = failed.size() - 1;
        console.say("fails: " + failed.get(0) + (more == 0 ? "" : "; and " + more + " more"));
        return Main.OVER;
    }

    private static boolean asks(KeyValue ask, Budget budget) {
        Matcher m = ASKED.matcher(ask.key());
        return m.matches()
                && m.group(1).equals(budget.name())
                && (m.group(2) == null || m.group(2).equals(budget.scope()));
    }

    /** {@code --fail-over=x} leaves x behind as a path: said here, before it is looked for. */
    private static void checkPercent(ParseResult parsed) {
        for (String arg : parsed.originalArgs()) {
            if (arg.startsWith(FAIL_OVER + "=")
                    && !Percent.NUMBER
                            .matcher(arg.substring(FAIL_OVER.length() + 1))
                            .matches()) {
                throw new IllegalArgumentException("'" + arg + "': write a percentage, as --fail-over=90");
            }
        }
    }

    /** Takes the next word as the percentage only where it is a number; over alone is 100 % only of what is over anyway. */
    static final class Percent implements IParameterConsumer {
        private static final Pattern NUMBER = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})?)%?");

        @Override
        public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
            Matcher m = NUMBER.matcher(args.isEmpty() ? "" : args.peek());
            if (m.matches()) {
                args.pop();
                option.setValue(Double.valueOf(m.group(1)));
            } else {
                option.setValue(Double.POSITIVE_INFINITY);
            }
        }
    }
}
