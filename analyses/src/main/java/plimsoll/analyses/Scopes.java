package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import plimsoll.dsl.Facts;

/** The scopes that the user named when asking: {@code ports[SCOPE].rate}. */
final class Scopes {
    private Scopes() {}

    /** The scopes of one law that something was said of, each once, in the order of the facts. */
    static List<String> asked(Facts facts, String law) {
        var scopes = new ArrayList<String>();
        for (String name : facts.names()) {
            int end = name.lastIndexOf("].");
            if (name.startsWith(law + "[") && end > 0) {
                String scope = name.substring(law.length() + 1, end);
                if (!scopes.contains(scope)) {
                    scopes.add(scope);
                }
            }
        }
        return scopes;
    }
}
