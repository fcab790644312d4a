package plimsoll.analyses;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Law;

/** Which scopes a law has in some facts. */
final class Scopes {
    private Scopes() {}

    /** Those that the user asked of by name, then those that were found; {@code otherwise} where there are none. */
    static List<String> of(Facts facts, Law law, Collection<String> found, String otherwise) {
        var scopes = new LinkedHashSet<>(asked(facts, law.name()));
        scopes.addAll(found);
        return scopes.isEmpty() ? List.of(otherwise) : List.copyOf(scopes);
    }

    /** The scopes of one law that something was said of, {@code ports[SCOPE].rate}: each once, in the order of the facts. */
    static List<String> asked(Facts facts, String law) {
        var scopes = new LinkedHashSet<String>();
        for (String name : facts.names()) {
            int end = name.lastIndexOf("].");
            if (name.startsWith(law + "[") && end > 0) {
                scopes.add(name.substring(law.length() + 1, end));
            }
        }
        return List.copyOf(scopes);
    }

    /** The {@code X} of all facts named {@code prefix[X]suffix}. */
    static List<String> bracketed(Facts facts, String prefix, String suffix) {
        return facts.names().stream()
                .flatMap(n -> between(n, prefix + "[", "]" + suffix).stream())
                .toList();
    }

    /** What stands between two texts at the ends of a name. */
    static Optional<String> between(String name, String before, String after) {
        boolean fits =
                name.length() > before.length() + after.length() && name.startsWith(before) && name.endsWith(after);
        return fits ? Optional.of(name.substring(before.length(), name.length() - after.length())) : Optional.empty();
    }
}
