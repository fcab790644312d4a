package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Parameter;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Queueing;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Unit;

/**
 * Depth of the connection tracking hash: every entry is linked twice, by its original and its reply tuple, so a bucket holds
 * 2 x entries / buckets nodes on average and a Poisson number in each case (siphash spreads them evenly). The kernel refuses an insertion
 * into a chain longer than a limit it draws between 50 and 79 (nf_conntrack_core.c, MIN_CHAINLEN, MAX_CHAINLEN).
 */
final class ConntrackDepth extends NamedLaw {
    /** The noun of {@link Host}. */
    public interface Noun extends HostNoun {
        /** Nodes in a bucket of the connection tracking hash. */
        default Budget conntrackDepth() {
            return budgets("conntrack-depth").worst();
        }

        /** Nodes in a bucket of the connection tracking hash with {@code entries} in the table. */
        default Budget conntrackDepth(String entries) {
            return ask("conntrack-depth.entries", entries).conntrackDepth();
        }
    }

    static final String BUCKETS = "net.netfilter.nf_conntrack_buckets";
    private static final String HASHSIZE = "module:nf_conntrack.hashsize";
    private static final int SHORTEST_LIMIT = 50;
    private static final int LIMITS = 30;
    private static final double REFUSED = 1e-9;
    private static final int PAGE_OF_BUCKETS = 512;
    private static final double COMFORT = 2;
    private static final double MOST = 1 << 24;
    private static final double BUCKET_BYTES = 8;

    /** The depth at which one insertion in 10^9 meets a chain above the kernel's limit: about 21. */
    static final double LIMIT = limit();

    private static final Parameter ENTRIES = Parameter.integer("entries", Unit.COUNT, 0, "entries in the table");

    @Override
    public String name() {
        return "conntrack-depth";
    }

    @Override
    public Effect effect() {
        return Effect.REFUSES;
    }

    @Override
    public String meaning() {
        return "insertions meet a chain above the kernel's limit and are dropped: chaintoolong and insert_failed rise";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(ENTRIES);
    }

    @Override
    public List<String> scopes(Facts facts) {
        return List.of(Conntrack.HOST);
    }

    /** The share of insertions that meet a chain above the limit, over the limits the kernel draws from. */
    static double refused(double depth) {
        double sum = 0;
        for (int k = 0; k < LIMITS; k++) {
            sum += Queueing.poissonTail(depth, SHORTEST_LIMIT + k);
        }
        return sum / LIMITS;
    }

    private static double limit() {
        double low = 1;
        double high = SHORTEST_LIMIT;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (refused(middle) < REFUSED) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public Finding apply(Facts facts, String scope) {
        Optional<Input> entries = ENTRIES.find(facts, this, scope)
                .or(() -> facts.input(Conntrack.COUNT, Unit.COUNT))
                .or(() -> facts.input("conntrack:entries", Unit.COUNT));
        Optional<Input> buckets = buckets(facts);
        if (entries.isEmpty()) {
            return Finding.unknown(Unit.COUNT, new Missing(Conntrack.COUNT, "sysctl " + Conntrack.COUNT));
        }
        if (buckets.isEmpty()) {
            return Finding.unknown(
                    Unit.COUNT, new Missing(BUCKETS, "cat /sys/module/nf_conntrack/parameters/hashsize"));
        }
        if (!(buckets.get().value() > 0)) {
            throw new IllegalArgumentException(buckets.get().name() + " is 0: a hash table has at least one bucket");
        }
        Formula depth = Formula.fixed(Quantity.count(2)).times(entries.get()).over(buckets.get());
        Formula limit = Formula.call(
                "chain_limit_load", Unit.COUNT, v -> LIMIT, Formula.fixed(Quantity.of(REFUSED, Unit.SHARE)));
        double nodes = depth.value();
        Finding found = Finding.of(Unit.COUNT, depth, limit)
                .figure(
                        "probes, hit",
                        Quantity.of(
                                1
                                        + (2 * entries.get().value() - 1)
                                                / (2 * buckets.get().value()),
                                Unit.COUNT))
                .figure("probes, miss", Quantity.of(nodes, Unit.COUNT))
                .figure("empty buckets", Quantity.share(Math.exp(-nodes)))
                .figure("longest chain, 1 bucket in 1,000", Quantity.count(quantile(nodes, 1e-3)))
                .figure("comfortable depth", Quantity.of(COMFORT, Unit.COUNT))
                .figure("buckets for comfort", Quantity.count((long)
                        Math.ceil(2 * entries.get().value() / COMFORT)))
                .note("each entry is linked twice, by its original and its reply tuple");
        return facts.input(Conntrack.MAX, Unit.COUNT)
                .map(max -> found.figure(
                        "depth at full table",
                        Quantity.of(2 * max.value() / buckets.get().value(), Unit.COUNT)))
                .orElse(found);
    }

    /** How many buckets there are. */
    static Optional<Input> buckets(Facts facts) {
        return facts.input(BUCKETS, Unit.COUNT)
                .or(() -> facts.input(HASHSIZE, Unit.COUNT))
                .map(ConntrackDepth::allocated);
    }

    @Override
    public List<Lever> remedies(Facts facts, String scope) {
        return buckets(facts).stream()
                .map(b -> Levers.setting(BUCKETS, b.value(), MOST, PAGE_OF_BUCKETS, (c, value) -> c.cost(
                                Levers.bytes((value - b.value()) * BUCKET_BYTES)
                                        + " of kernel memory at once, 8 B a bucket")
                        .risk(
                                "it is the host's, settable in its first network namespace only; entries are moved while it is set",
                                "net/netfilter/nf_conntrack_core.c, nf_conntrack_hash_resize")))
                .toList();
    }

    @Override
    public List<Refused> refused(Facts facts, String scope) {
        return List.of(new Refused(
                Conntrack.MAX,
                "more entries in the same buckets make the chains longer, not shorter",
                "Documentation/networking/nf_conntrack-sysctl.rst"));
    }

    /** The fewest nodes such that a share of at most {@code share} of the buckets holds more. */
    private static long quantile(double depth, double share) {
        long k = 0;
        while (Queueing.poissonTail(depth, k) > share) {
            k++;
        }
        return k;
    }

    /** A wished number of buckets is rounded up to whole pages of pointers (nf_ct_alloc_hashtable); one that was read is what it is. */
    private static Input allocated(Input wished) {
        boolean wish = wished.evidence().kind() == Evidence.Kind.CHANGED
                || wished.evidence().kind() == Evidence.Kind.GIVEN;
        double pages = Math.ceil(wished.value() / PAGE_OF_BUCKETS);
        return wish
                ? new Input(
                        wished.name(),
                        Quantity.of(pages * PAGE_OF_BUCKETS, Unit.COUNT),
                        wished.evidence(),
                        wished.alternatives())
                : wished;
    }
}
