// # A connection tracking table, entry by entry
//
// `nf_conntrack: table full, dropping packet`. The usual answer is to double `nf_conntrack_max`. This tour reads a real table of 114,400 entries,
// finds out who filled it, and decides what to do instead.
//
// The capture is ours: two network namespaces on one machine, a load that is known to the last packet. How it was taken stands in
// `datasets/conntrack-lookups/MANIFEST.md`.

// ## 1 Read it
//
// An archive is read as it is. All entries, and nothing that was not understood:

var host = Host.read("datasets/conntrack-lookups/capture.tar.gz")

host.sources()

// ## 2 How full?

host.conntrack()

host.conntrackDepth()

// This machine allows 262,144 entries, and its hash has as many buckets: there is room. Many hosts have less. The same load on one with the 65,536
// of a smaller machine:

host.with("net.netfilter.nf_conntrack_max", "65536").conntrack()

// Four of ten new flows would be dropped, whoever they belong to. So it is worth to know whose entries these are.

// ## 3 Whose entries?
//
// `rows` is the table as columns; counting 114,400 rows takes a few milliseconds.

var entries = host.rows("conntrack")

entries.count("orig_dst", "orig_dport")

// Two thirds belong to one address, port 53: name lookups.

entries.count("l4", "state", "unreplied")

// Half of the lookups were never answered, and each of the 36,000 in TIME_WAIT is a connection that is over. Only 400 entries are connections that
// somebody uses. Every source does the same, so this is no single client gone wild:

entries.count("orig_src", "orig_dst", "orig_dport")

// ## 4 How long do they stay?
//
// Each entry says how many seconds it has left. As a picture: how many entries of each kind leave in which second.

var counts = entries.count("timeout_s")

var left = new TreeMap<Double, Double>()

IntStream.range(0, 120).forEach(s -> left.put((double) s, 0.0))

IntStream.range(0, counts.size()).forEach(
    i -> left.put(Double.valueOf(counts.cell("timeout_s", i)), Double.valueOf(counts.cell("count", i))))

new Picture(
    "entries by the seconds they have left",
    new Picture.Axis("left", Unit.SPAN),
    new Picture.Axis("entries", Unit.COUNT),
    Optional.empty(),
    List.of(new Picture.Line(
        "entries", List.copyOf(left.headMap(200.0).keySet()), List.copyOf(left.headMap(200.0).values()), false)))

// Two heaps. Lookups have at most 30 s left: that is the timeout of a UDP flow, answered or not. Closed connections have up to 120 s, the timeout of
// TIME_WAIT. Entries that nobody needs any more, kept by two settings:

host.facts().find("net.netfilter.nf_conntrack_udp_timeout")

host.facts().find("net.netfilter.nf_conntrack_tcp_timeout_time_wait")

// ## 5 At which rate is a table full?
//
// For connections Plimsoll has the law: rate times what is remembered.

host.conntrack("2000/s")

host.conntrack("2000/s").breaksAt("rate")

host.conntrack("2000/s").sweep("rate", "0/s", "4000/s").plot()

// For lookups it is the same with another time. A budget of your own takes one line, and answers the same questions:

var lookups = host.budget(facts -> Budget.of(
    "lookups",
    Input.given("rate", "2600/s").times(Input.given("udp timeout", "30 s")),
    facts.input("net.netfilter.nf_conntrack_max", Unit.COUNT).orElseThrow()))

lookups.breaksAt("rate")

lookups.with("net.netfilter.nf_conntrack_max", "65536")

lookups.with("net.netfilter.nf_conntrack_max", "65536").breaksAt("udp timeout")

// 2,600 lookups a second, one for each connection that is opened, fill a table of 65,536 by themselves. With the timeout at 25 s they would just fit.

// ## 6 Three ways out
//
// **A larger table** mends it, and costs memory for entries that nobody needs:

host.with("net.netfilter.nf_conntrack_max", "65536").conntrack().remedies()

host.conntrack().figure("memory")

// **Shorter timeouts.** `nf_conntrack_udp_timeout` 10 s is enough for a name server that answers in milliseconds:

lookups.with("net.netfilter.nf_conntrack_max", "65536").with("udp timeout", "10 s")

// and 30 s for TIME_WAIT, because nobody comes back to a closed connection:

host.with("net.netfilter.nf_conntrack_tcp_timeout_time_wait", "30").conntrack("2000/s").breaksAt("rate")

// **No entries at all.** Lookups to a name server of one's own need no state: two rules with `notrack` take two thirds of this table away. And a
// cache of names on the host takes the lookups away with them.

// ## The decision
//
// First the cache, because half of these lookups are never answered and each of them makes somebody wait. Then `notrack` for port 53, TIME_WAIT
// down to 30 s. The table stays as large as it is, and the alarm goes on the budget, not on the count:
//
// ```
// ./plimsoll report here --ask conntrack.rate=2000/s --fail-over 80
// ```
