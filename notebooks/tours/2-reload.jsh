// # Each renewal of a certificate cuts requests
//
// A shop on nginx and PHP-FPM renews its certificates by itself. At each renewal nginx is reloaded, 3.8 % of the probes get a 502, and
// hundreds of sockets sit in FIN-WAIT-2. The team wants to tune the kernel. Should it?
//
// This is a real field report; its figures are in `datasets/tls-reload`.

// ## 1 What was captured

var host = Host.read("datasets/tls-reload")

host.tables()

host.rows("socket_states")

// 420 in FIN-WAIT-2 and 4,102 in TIME-WAIT. Are these many? Ports first, because that is what everybody fears:

host.ports()

// That is a proof, not a guess: all sockets of this host together are fewer than one destination may have ports, so no destination can have run
// out, however they spread.

// ## 2 What a reload does
//
// On a reload nginx starts new workers and tells the old ones to finish what they have. `worker_shutdown_timeout` says how long they may take;
// then every connection that is left is closed, and its request with it.

host.reload()

// One thing is missing, and no capture of sockets has it: how long requests take. The report knows one number. After the renewal a style sheet is
// compiled anew, which took 4.2 s. Say every request took as long:

host.reload("4.2 s")

// They fit: 4.2 s is less than the 5 s that are allowed. But requests do not all take as long, and what counts are the longest. Where they
// spread around a mean as waiting times do (an exponential distribution), a mean of 4.2 s is another matter:

var spread = host.reload().with("mean-duration", "4.2 s").with("rate", "20/s")

spread.explain().print()

// Now we can ask backwards. From which mean on is anything cut, and which one would cut the 3.8 % that were seen?

spread.breaksAt("mean-duration")

spread.breaksAt("mean-duration", "3.8%")

// A mean of 1.56 s explains what was seen, and nothing exotic is needed for it. The picture:

spread.sweep("mean-duration", "100 ms", "10 s").plot()

// ## 3 Two ways out
//
// **Longer patience.** Thirty seconds instead of five, which is what they set later:

var patient = spread.with("nginx:worker_shutdown_timeout", "30s")

patient.breaksAt("mean-duration")

patient.sweep("mean-duration", "100 ms", "10 s").plot()

// The line moved from 0.67 s to almost 4 s. At the 4.2 s of the worst moment it is still over, by a hair:

patient

// Which timeout would do?

spread.remedies()

// **Shorter requests.** The compiled style sheet went into a cache, and a request took 180 ms:

spread.with("mean-duration", "180 ms")

// Nothing is cut, even with the old timeout. Each of the two is enough on a normal day; both together also on a bad one.

spread.with("mean-duration", "180 ms").with("nginx:worker_shutdown_timeout", "30s")

// Patience costs something: old workers live on, and each PHP worker they hold keeps its Redis connection. The report saw clients rise from 40 to
// over 800. With 200 workers and three generations of old ones:

host.redisClients("200").with("old-workers", "600")

// 801 of 10,000. That is a number to know, not one to fear.

// ## 4 And the FIN-WAIT-2?
//
// A socket in FIN-WAIT-2 has sent its FIN and waits for the other side's. When a worker that is told to go closes a connection and the
// client is slow to answer, that is where it waits. On Linux it waits at most `tcp_fin_timeout`, if no program holds it any more.
//
// It was not always so. `datasets/fin-wait-2-history` has what a web server's manual said of the systems of 1997:

var history = Table.read().csv(
    "datasets/fin-wait-2-history/fin-wait-2-timeouts.csv").selectColumns("system", "versions", "has_timeout")

// On SunOS 4 such sockets stayed until the machine was started anew; that is where the fear comes from. Today, with 20 connections a second that
// the client does not close, and the limit that the report sets:

var today = host.with("net.ipv4.tcp_max_tw_buckets", "1048576")

today.finWait2("20/s")

today.finWait2("20/s").breaksAt("rate")

today.finWait2("20/s").sweep("rate", "0/s", "20000/s").plot()

// It would take 17,000 a second to fill the table. And `tcp_fin_timeout = 15`, which the report's configuration has? It makes a small number
// smaller:

today.with("net.ipv4.tcp_fin_timeout", "15").finWait2("20/s")

// FreeBSD waits ten times as long, and even there it would not matter:

today.as("freebsd").with("net.ipv4.tcp_max_tw_buckets", "1048576").finWait2("20/s")

// ## The decision
//
// Leave the kernel alone: FIN-WAIT-2 was a symptom of requests being cut, not a cause of anything. Set `worker_shutdown_timeout 30s`, keep the
// compiled style sheet, and log `$request_time`, so that the next capture says how long requests take:
//
// ```
// ./plimsoll report /var/log/nginx/access.log /etc/nginx --fail-over
// ```
