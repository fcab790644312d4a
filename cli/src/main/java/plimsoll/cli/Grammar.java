package plimsoll.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The words that commands take, told to picocli by calls: its annotations would cost each start a tenth of its time. */
final class Grammar {
    private Grammar() {}

    /** A command that knows {@code --help} and {@code --version}. */
    static CommandSpec command(String name, String... description) {
        CommandSpec spec = CommandSpec.create()
                .name(name)
                .versionProvider(new Main.Version())
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
        spec.usageMessage().description(description);
        return spec;
    }

    /** An option without a value. */
    static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).description(description).build();
    }

    /** An option with a value. */
    static OptionSpec value(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    /** An option with a value that may be given again. */
    static OptionSpec values(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(description)
                .build();
    }

    /** A word without an option, {@code arity} times; each command has one {@code index} after the other. */
    static PositionalParamSpec word(String index, String arity, String label, String description) {
        return PositionalParamSpec.builder()
                .index(index)
                .arity(arity)
                .required(arity.startsWith("1"))
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description(description)
                .build();
    }

    /** What was given to a {@link #value}; null where it was not. */
    static @Nullable String given(ParseResult parsed, String option) {
        return parsed.hasMatchedOption(option) ? parsed.matchedOption(option).getValue() : null;
    }

    /** What was given to {@link #values}, in order. */
    static List<String> all(ParseResult parsed, String option) {
        return parsed.matchedOptionValue(option, List.of());
    }

    /** The words at an index of {@link #word}, in order. */
    static List<String> words(ParseResult parsed, int index) {
        return parsed.matchedPositionalValue(index, List.of());
    }
}
