package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.telemetry.Settings;

/** Settings read in more than one place. */
final class SettingRules {
    private static final String CONFIGURED = "sysctl.d:";

    private SettingRules() {}

    /** What sysctl.d says against what runs. */
    static List<Doubt> configured(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        for (String name : seen.names(CONFIGURED)) {
            Optional<Fact> running = seen.read(name.substring(CONFIGURED.length()));
            List<Fact> files = seen.capture().facts().all(name);
            if (running.isPresent()
                    && files.stream()
                            .noneMatch(f -> same(f.text(), running.get().text()))) {
                Fact file = files.get(files.size() - 1);
                doubts.add(Doubt.of(
                        "setting-configured",
                        running.get().name() + " runs with " + running.get().text() + ", the configuration says "
                                + file.text()
                                + ": it was not loaded (sysctl --system), set again since, or is of another network namespace",
                        running.get().evidence().source(),
                        file.evidence().source()));
            }
        }
        return doubts;
    }

    /** One setting has one value at a time. */
    static List<Doubt> readings(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        for (String name : seen.capture().facts().names()) {
            if (Settings.find(name).isEmpty()) {
                continue;
            }
            List<Fact> all = seen.capture().facts().all(name).stream()
                    .filter(f -> f.evidence().kind() == Evidence.Kind.READ)
                    .toList();
            all.stream()
                    .filter(f -> !same(f.text(), all.get(0).text()))
                    .findFirst()
                    .ifPresent(other -> doubts.add(Doubt.of(
                            "setting-readings",
                            name + " was read as " + all.get(0).text() + " and as " + other.text()
                                    + ": it was changed in between, or the readings are of different network namespaces or hosts",
                            all.get(0).evidence().source(),
                            other.evidence().source())));
        }
        return doubts;
    }

    private static boolean same(String one, String other) {
        return plain(one).equals(plain(other));
    }

    private static String plain(String value) {
        return value.strip().replaceAll("\\s+", " ").replaceAll("\\b0+(?=\\d)", "");
    }

    /** Writing one of a pair sets the other to 0, and the background limit lies below the limit (mm/page-writeback.c). */
    static List<Doubt> dirty(Observed seen) {
        var doubts = new ArrayList<Doubt>();
        for (String pair : List.of("vm.dirty_", "vm.dirty_background_")) {
            Optional<Observed.Count> ratio = seen.count(pair + "ratio").filter(c -> c.value() > 0);
            Optional<Observed.Count> bytes = seen.count(pair + "bytes").filter(c -> c.value() > 0);
            if (ratio.isPresent() && bytes.isPresent()) {
                doubts.add(Doubt.of(
                        "dirty-settings",
                        pair + "ratio is " + ratio.get().value() + " and " + pair + "bytes "
                                + bytes.get().text()
                                + ": writing one sets the other to 0, so they were read at different moments or put together",
                        ratio.get().source(),
                        bytes.get().source()));
            }
        }
        Optional<Observed.Count> limit = seen.count("vmstat:nr_dirty_threshold");
        Optional<Observed.Count> background = seen.count("vmstat:nr_dirty_background_threshold");
        if (limit.isPresent()
                && background.isPresent()
                && limit.get().value() > 1
                && background.get().value() >= limit.get().value()) {
            doubts.add(Doubt.of(
                    "dirty-settings",
                    "nr_dirty_background_threshold " + background.get().text() + " is not below nr_dirty_threshold "
                            + limit.get().text()
                            + ": the kernel halves it where it would not be (domain_dirty_limits), so a figure was changed",
                    background.get().source(),
                    limit.get().source()));
        }
        return doubts;
    }
}
