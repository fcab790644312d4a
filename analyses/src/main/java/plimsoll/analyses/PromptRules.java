package plimsoll.analyses;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import plimsoll.telemetry.Reject;

/** Outputs held against the commands above them. */
final class PromptRules {
    private PromptRules() {}

    /** One doubt for each command that cannot have printed what stands below it. */
    static List<Doubt> lines(Observed seen) {
        Map<String, List<Reject>> byReason = new LinkedHashMap<>();
        for (Reject line : seen.capture().foreign()) {
            byReason.computeIfAbsent(line.path() + "\n" + line.reason(), k -> new java.util.ArrayList<>())
                    .add(line);
        }
        return byReason.values().stream()
                .map(lines -> new Doubt(
                        "prompt",
                        lines.get(0).reason() + (lines.size() == 1 ? "" : ", and " + (lines.size() - 1) + " more")
                                + ": what stands below the command is not what it printed; it was edited, or comes "
                                + "from another command",
                        lines.stream()
                                .limit(5)
                                .map(l -> l.path() + ":" + l.line())
                                .toList()))
                .toList();
    }
}
