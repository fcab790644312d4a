// # This machine, now
//
// No incident, no capture: what does the machine you sit at hand out, and how deep does it lie? Files of `/proc` and `/sys` are read, nothing is
// changed, nothing is sent anywhere, and no root is needed. What root would show is named as missing.
//
// What you see differs from what is printed here, and from run to run.

// ## 1 Look

// volatile
var here = Host.here()

// volatile
here.budgets()

// The order is that of consequence: what refuses and is over, what slows and is over, then what fits, the fullest first. UNKNOWN comes last, and each
// of those says which command would decide.

// ## 2 The worst one

// volatile
var worst = here.budgets().worst()

// volatile
worst.explain()

// Each number has its file. Nothing is taken for zero because it was not seen. And were something over, this would say what mends it:

// volatile
here.remedies()

// ## 3 Files and memory

// volatile
here.fileDescriptors()

// volatile
here.diskSpace()

// volatile
here.dirtyPages()

// volatile
here.dirtyPages("200 MiB/s").with("drain", "50 MiB/s").with("burst", "10 s").sweep("burst", "0 s", "60 s").plot()

// That picture is yours: how many seconds of writing at 200 MiB/s this machine takes before programs have to wait.

// ## 4 Who is connected?

// volatile
here.rows("sockets").count("state")

// volatile
here.ports("500/s").with("connected", "100 ms")

// volatile
here.ports("500/s").with("connected", "100 ms").sweep("rate", "0/s", "1000/s").plot()

// ## 5 Over a second
//
// Counters say more when they are read twice. This waits for a second and makes rates of them:

// volatile
var moving = Host.here("1s")

// volatile
moving.facts().names().stream().filter(n -> n.startsWith("rate:")).limit(5).toList()

// volatile
moving.symptoms()

// ## 6 Does it contradict itself?

// volatile
here.doubts()

// A doubt is not an error of yours. It says which two readings cannot both be of this machine at this moment: a container that shows counters of
// its own beside those of the host, a program that prints what its version cannot.

// ## The decision
//
// If something above is OVER, `worst.explain()` says by how much and why; ask it `breaksAt` for the number to stay under. If everything fits, keep
// what you saw, for the day when it does not:
//
// ```
// ./plimsoll record today.tar.gz
// ```
