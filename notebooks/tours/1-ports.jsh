// # Connects fail, and all there is is `ss -s`
//
// The load balancer reports that 0.05 % of the connections to an application node drop. Processor and memory are fine, the database is
// fast. Each order makes PHP open a TLS connection to a licensing API, ask one question, and close it again. Somebody has pasted one
// output into the ticket. What does it say?
//
// This is a real field report; its figures are in `datasets/license-api`.

// ## 1 What was pasted
//
// Text that is pasted is read like a file. Nothing has to be said about what it is.

var pasted = Host.of("""
    $ ss -s
    Total: 34102 (kernel 34210)
    TCP:   32104 (estab 410, closed 31502, orphaned 12, synrecv 0, timewait 31401/0), ports 0
    Transport Total     IP        IPv6
    *         34210     -         -
    RAW       0         0         0
    UDP       12        8         4
    TCP       32104     32100     4
    INET      32116     32108     8
    FRAG      0         0         0
    """)

pasted.ports()

// 31,401 sockets in TIME-WAIT look frightening, and everybody in the ticket wants to do something about them. But the verdict is
// UNKNOWN, for a reason: a local port is used up *for one destination*. If those sockets spread over ten destinations, nothing is wrong;
// if they all went to one, ports have run out. `ss -s` cannot tell. The explanation names the command that can:

pasted.ports().explain().print()

// `missing … ss -nat`. That is the first thing to take away: a frightening number is not yet a verdict.

// ## 2 The capture
//
// A colleague has saved more: a few settings, a conntrack row, the packets of one connection. No listing of the sockets, alas.

var host = Host.read("datasets/license-api")

host.sources()

// Every file was recognised by what it holds. Before anything is concluded: does this telemetry contradict itself?

host.doubts()

// It does. Among others, the table of slabs and the summary of sockets are not of one moment, so a count taken from here is worth less than
// it looks. The settings are plain readings, though, and those are what the question needs.

// ## 3 What is asked of this host
//
// The application's owner knows two things that no capture holds: about 500 calls per second at peak, about 100 ms each. Asked with these,
// the ports of one destination are OVER:

var ports = host.ports("500/s").with("connected", "100 ms")

ports.explain().print()

// Read it from the top. Each connection holds its port for the 100 ms it lives and then for a minute of TIME-WAIT, so 500 a second ask for
// 30,562 ports where at most 28,232 are handed out. Where each number comes from stands beside it: READ from a file and line, GIVEN by us, ASSUMED
// with the reason.

// ## 4 Where it turns
//
// At which rate would this host just do?

ports.breaksAt("rate")

ports.sweep("rate", "0/s", "800/s").plot()

// 449.5 connections per second; a picture of the whole range says the same. The plain division, 28,232 ports over 61 s, says 462: at that
// rate connects already fail, because they do not come evenly and ports come back in batches.

// ## 5 What the users see
//
// Not a steady few percent. The pool runs clean for almost a minute after a cold start, then nothing connects for seconds, and again:

PortShape.of(ports)

PortShape.of(ports).plot()

// Whoever measures for half a minute sees nothing. That explains tickets which say "it comes and goes".

// ## 6 What would mend it
//
// That can be asked as well: each change with what it brings, and at which rate the next limit is met; then the advice that is often given
// and does nothing.

ports.remedies()

// `ports.remedies().print()` has the cost and the risk of each, and the lines to put into which file; a notebook unfolds them. Three of them
// deserve a closer look.
//
// **More ports.** The change that everybody tries first, in the setting's own spelling:

var wider = host.with("net.ipv4.ip_local_port_range", "1024 65535")

wider.ports("500/s").with("connected", "100 ms")

wider.ports("500/s").with("connected", "100 ms").breaksAt("rate")

// It fits, up to twice the rate. But each connection is also an entry in the connection tracking table, which keeps it for two minutes:

wider.conntrack("500/s").with("connected", "100 ms")

wider.conntrack("500/s").with("connected", "100 ms").breaksAt("rate")

wider.conntrack("500/s").with("connected", "100 ms").sweep("rate", "0/s", "1000/s").plot()

// So the wider range buys little: from 542 connections a second on another table is full, and then *all* new connections suffer, not only
// those to the licensing API.

// **Take ports again sooner.** With `tcp_tw_reuse` a port in TIME-WAIT may be used again after a second, which is safe where both ends have
// time stamps (RFC 6191), as here:

ports.with("net.ipv4.tcp_tw_reuse", "1")

ports.with("net.ipv4.tcp_tw_reuse", "1").breaksAt("rate")

// Ports are no question any more. The connection tracking table does not care about that setting and stays where it was.

// **Do not close.** The cause is that each call opens a connection of its own. A local nginx that keeps idle connections open, each good
// for a thousand calls, needs as many as are in use at once: 500/s times 100 ms is 50. The lines for nginx are in the remedy:

ports.remedies().get(0).print()

// ## 7 Afterwards
//
// They did the last. The same node, later, with the proxy's configuration in the capture:

var after = Host.read("datasets/license-api-proxied")

after.keepalive("500/s").with("held", "100 ms").with("workers", "2")

after.ports()

host.compare(after)

// TIME-WAIT fell from 31,401 to 42, and every destination fits: proved, because the whole host holds fewer sockets than one pool has ports.
// The note is worth its line, too: 42 is so few that either connections are kept now, or this was not the same load.

// ## The decision
//
// Keep connections to the API open (the cache of idle connections); set `net.ipv4.tcp_tw_reuse=1` as a belt to these braces, because it costs
// nothing; leave the port range alone. And put the question into the deployment's checks, so that it is asked before the next peak:
//
// ```
// ./plimsoll report here --ask ports.rate=500/s --ask ports.connected=100ms --fail-over
// ```
