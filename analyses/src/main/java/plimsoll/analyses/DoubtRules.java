package plimsoll.analyses;

import java.util.List;
import java.util.function.Function;

/** The checks of telemetry against itself, one line each: what cannot be, whatever the host does. */
final class DoubtRules {
    /** A check by its name. It finds nothing where what it needs was not captured. */
    record Rule(String name, Function<Observed, List<Doubt>> check) {}

    static final List<Rule> ALL = List.of(
            new Rule("prompt", PromptRules::lines),
            new Rule("ss-version", SummaryRules::version),
            new Rule("ss-summary", SummaryRules::closed),
            new Rule("ss-rows", SummaryRules::rows),
            new Rule("established", SummaryRules::established),
            new Rule("sockstat", SummaryRules::allocated),
            new Rule("time-wait-count", SummaryRules::timeWait),
            new Rule("since-boot", SummaryRules::sinceBoot),
            new Rule("two-moments", SummaryRules::twoMoments),
            new Rule("time-wait-pool", SocketRules::pool),
            new Rule("listener", SocketRules::listener),
            new Rule("send-queue", SocketRules::sendQueue),
            new Rule("skmem", SocketRules::memory),
            new Rule("slab-objects", SlabRules::objects),
            new Rule("slab-tunables", SlabRules::tunables),
            new Rule("slab-names", SlabRules::names),
            new Rule("bind2-buckets", SlabRules::bind2),
            new Rule("bind-buckets", SlabRules::bind),
            new Rule("conntrack-full", ConntrackRules::full),
            new Rule("conntrack-count", ConntrackRules::listed),
            new Rule("conntrack-buckets", ConntrackRules::buckets),
            new Rule("conntrack-defaults", ConntrackRules::defaults),
            new Rule("conntrack-timeout", ConntrackRules::timeout),
            new Rule("iostat-version", DiskRules::version),
            new Rule("iostat-queue", DiskRules::queue),
            new Rule("iostat-size", DiskRules::size),
            new Rule("iostat-utilisation", DiskRules::utilisation),
            new Rule("disk-caps", DiskRules::caps),
            new Rule("setting-configured", SettingRules::configured),
            new Rule("setting-readings", SettingRules::readings),
            new Rule("dirty-settings", SettingRules::dirty),
            new Rule("fastcgi-padding", WebRules::padding),
            new Rule("nginx-invalid", WebRules::invalid),
            new Rule("claimed-rate", WebRules::claimedRate),
            new Rule("keepalive-opens", WebRules::keepalive),
            new Rule("keepalive-silence", SilenceRules::opens),
            new Rule("flags-filter", SilenceRules::filter),
            new Rule("symptom-fits", SymptomRules::contradicted));

    private DoubtRules() {}
}
