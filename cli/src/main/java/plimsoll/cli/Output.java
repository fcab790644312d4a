package plimsoll.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the outputs of a command go: to files by their endings, at most one to standard output. */
final class Output {
    static final String STDOUT = "-";

    private final List<String> toStdout = new ArrayList<>();

    /**
     * Notes that {@code option} asks for {@code file}, before anything is read.
     *
     * @throws IllegalArgumentException when the ending is not {@code ending}, or two outputs want standard output
     */
    Output wants(String option, @Nullable String file, String ending) {
        if (file == null) {
            return this;
        }
        if (file.equals(STDOUT)) {
            toStdout.add(option);
            if (toStdout.size() > 1) {
                throw new IllegalArgumentException(
                        "standard output takes one form: " + String.join(" and ", toStdout) + " both ask for it");
            }
        } else if (!file.toLowerCase(Locale.ROOT).endsWith("." + ending)) {
            throw new IllegalArgumentException(
                    option + " '" + file + "': the ending must be ." + ending + ", or the file -");
        }
        return this;
    }

    /** True where an option took standard output, so that the text is not printed. */
    boolean tookStdout() {
        return !toStdout.isEmpty();
    }
}
