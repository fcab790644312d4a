package plimsoll.analyses;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Settings;

/** What may mend the ports of a destination, for {@link Ports}. */
final class PortRemedies {
    private static final String RESERVED = "net.ipv4.ip_local_reserved_ports";
    private static final String UNPRIVILEGED = "net.ipv4.ip_unprivileged_port_start";
    private static final String REUSE = "net.ipv4.tcp_tw_reuse";
    private static final String TIMESTAMPS = "net.ipv4.tcp_timestamps";
    private static final int LAST = 65535;

    /** What listens above 1023 where PHP runs: MySQL, Redis, HTTP beside port 80, PHP-FPM. */
    private static final List<Integer> USUAL = List.of(3306, 6379, 8080, 9000);

    private static final double WAITING_BYTES = 512; // tw_sock_TCP and two bind buckets
    private static final String PROXY = "127.0.0.1:8081";
    private static final long MOST_SOURCES = 16;
    private static final long MOST_KEPT = 99;
    private static final long IDLE = 64;

    /** Advice on TIME-WAIT that does nothing for ports, or harm. */
    static final List<Refused> REFUSED = List.of(
            new Refused(
                    "net.ipv4.tcp_fin_timeout",
                    "it ends FIN-WAIT-2 of connections that nobody holds; TIME-WAIT lasts 60 s whatever it says",
                    "include/net/tcp.h, TCP_TIMEWAIT_LEN; measured on 6.18 at 5, 15, 60 and 120 s"),
            new Refused(
                    "net.ipv4.tcp_tw_recycle",
                    "it is gone since Linux 4.12, and before that it dropped clients that share an address",
                    "tcp(7)"),
            new Refused(
                    "net.ipv4.tcp_max_tw_buckets, lowered",
                    "ports come free because TIME-WAIT is skipped, silently: late segments may meet a new connection",
                    "Documentation/networking/ip-sysctl.rst: must not be lowered; net/ipv4/inet_timewait_sock.c"));

    private PortRemedies() {}

    static List<Lever> of(Facts facts, String scope, Ports law) {
        Optional<Destination> destination = Destination.parse(scope);
        if (destination.isEmpty() && !scope.equals(Ports.ANY)) {
            return List.of();
        }
        var levers = new ArrayList<Lever>();
        reuse(facts, destination).ifPresent(levers::add);
        range(facts).ifPresent(levers::add);
        levers.add(kept(facts, scope, law, destination));
        levers.add(sources(facts, scope, law, destination));
        levers.add(pooled(scope, law, destination));
        return levers;
    }

    // ---- settings

    private static Optional<Lever> reuse(Facts facts, Optional<Destination> destination) {
        String mode = facts.find(REUSE).map(f -> f.text().strip()).orElse("2");
        boolean stamped =
                facts.find(TIMESTAMPS).map(f -> !f.text().strip().equals("0")).orElse(true);
        boolean loopback = destination.map(Destination::loopback).orElse(false);
        boolean on = mode.equals("1") || (mode.equals("2") && loopback);
        if (on && stamped) {
            return Optional.empty();
        }
        Candidate c = Candidate.of(stamped ? "tcp_tw_reuse=1" : on ? "tcp_timestamps=1" : "reuse and timestamps");
        c = on ? c : c.set(REUSE, "1");
        c = stamped ? c : c.set(TIMESTAMPS, "1");
        return Optional.of(Lever.of(
                c.cost("none; up to half of the ports stay in TIME-WAIT, from where each connect() scans longer")
                        .risk(
                                "on conditions: only for connections that this host opens, a second or more after the close, and only where"
                                        + " both ends use timestamps, by which late segments are told apart; a peer without them gets none of it",
                                "net/ipv4/tcp_ipv4.c, tcp_twsk_unique; measured on 6.18")));
    }

    /** A range of more ports, upwards first, with the ports that programs listen on kept out of it. */
    static Optional<Lever> range(Facts facts) {
        long[] range = Ports.range(facts);
        long first = Math.round(Levers.value(facts.input(UNPRIVILEGED, Unit.COUNT), 1024));
        long present = range[1] - range[0] + 1;
        long most = LAST - Math.max(1, first) + 1;
        if (present >= most) {
            return Optional.empty();
        }
        Set<Integer> listening = listening(facts);
        return Optional.of(Lever.scale((double) present, (double) most, Unit.COUNT, v -> {
            // an even number of ports: the ends are to be of different parity
            long ports = Math.min(most, (long) Math.ceil(v / 2) * 2);
            long low = Math.min(range[0], LAST - ports + 1);
            long high = Math.max(range[1], Math.min(LAST, low + ports - 1));
            return widened(facts, listening, range, low, high);
        }));
    }

    /** The ports that programs listen on; none where the listeners were not seen. */
    private static Set<Integer> listening(Facts facts) {
        return Listener.all(facts).values().stream()
                .filter(l -> !l.unix())
                .map(l -> l.scope().substring(l.scope().lastIndexOf(':') + 1))
                .filter(p -> p.matches("\\d{1,5}"))
                .map(Integer::valueOf)
                .collect(Collectors.toSet());
    }

    private static Candidate widened(Facts facts, Set<Integer> listening, long[] range, long low, long high) {
        boolean seen = !listening.isEmpty();
        var reserve = new TreeSet<Integer>();
        (seen ? listening : USUAL)
                .stream()
                        .filter(p -> p >= low && p <= high && (p < range[0] || p > range[1]))
                        .forEach(reserve::add);
        Optional<String> already =
                facts.find(RESERVED).map(f -> f.text().strip()).filter(t -> !t.isEmpty());
        already.stream().flatMap(t -> Settings.reserved(t).stream()).forEach(r -> IntStream.rangeClosed(r[0], r[1])
                .forEach(reserve::remove));
        Candidate c = Candidate.of(reserve.isEmpty() ? "wider port range" : "wider range, reserved ports")
                .set(Ports.RANGE, low + " " + high);
        if (!reserve.isEmpty()) {
            String list = Stream.concat(already.stream(), reserve.stream().map(String::valueOf))
                    .collect(Collectors.joining(","));
            c = c.set(RESERVED, list);
        }
        double more = high - low - (range[1] - range[0]);
        return c.cost("up to " + Levers.bytes(more * WAITING_BYTES) + " of kernel memory for "
                        + String.format(Locale.ROOT, "%,d", Math.round(more)) + " more sockets in TIME-WAIT")
                .risk(
                        "a service that starts later on a port of the range may find it taken by an outgoing connection (EADDRINUSE):"
                                + " reserve its port"
                                + (seen || reserve.isEmpty()
                                        ? ""
                                        : "; the listeners of this host were not seen, so those reserved here are the usual ones: see ss -ltn"),
                        "Documentation/networking/ip-sysctl.rst, ip_local_reserved_ports");
    }

    // ---- the application and the network

    private static String peer(Optional<Destination> destination) {
        return destination
                .map(d -> (d.address().contains(":") ? "[" + d.address() + "]" : d.address()) + ":" + d.port())
                .orElse("192.0.2.10:443");
    }

    private static String comment(Optional<Destination> destination) {
        return destination.isPresent() ? "" : "    # the destination's own address";
    }

    /** A proxy that keeps its connections to the destination, on this host or, for a destination on it, in nginx's own upstream. */
    private static Lever kept(Facts facts, String scope, Ports law, Optional<Destination> destination) {
        boolean loopback = destination.map(Destination::loopback).orElse(false);
        Input requests = Keepalive.requests(facts);
        long served = Math.max(2, Math.round(requests.value()));
        Finding present = law.apply(facts, scope);
        double busy = input(present, "rate") * input(present, "connected");
        long idle = Math.max(IDLE, Long.highestOneBit((long) Math.ceil(2 * busy)) * 2);
        String scheme = peer(destination).endsWith(":443") ? "https" : "http";
        String upstream =
                """
                upstream kept_open {
                    server %s;%s
                    keepalive %d;
                }
                server {
                    listen %s;
                    location / {
                        proxy_pass %s://kept_open;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $http_host;
                    }
                }"""
                        .formatted(peer(destination), comment(destination), idle, PROXY, scheme);
        if (scheme.equals("https")) {
            upstream = upstream.replace(
                    "        proxy_set_header Host $http_host;",
                    "        proxy_set_header Host $http_host;\n        proxy_ssl_server_name on;\n        proxy_ssl_name $http_host;");
        }
        Candidate c = Candidate.of(loopback ? "keepalive to the upstream" : "keepalive proxy on this host")
                .set(law.input("kept", scope), percent(1 - 1.0 / served))
                .set(law.input("idle", scope), String.valueOf(idle));
        c = loopback ? c : c.asksAlso(law.input("rate", "127.0.0.1 -> " + PROXY));
        return Lever.of(c.snippet(Snippet.Kind.NGINX, upstream)
                .cost("a process more on the way; " + idle
                        + " idle connections for each worker, a descriptor each, and two for each request under way; one connection serves "
                        + String.format(Locale.ROOT, "%,d", served) + " requests")
                .risk(
                        "a connection that the peer closes just as a request goes out fails that request, so the proxy's keepalive_timeout"
                                + " has to be shorter than the peer's"
                                + (loopback
                                        ? ""
                                        : "; the way to the proxy takes a port on 127.0.0.1 for each request, which tcp_tw_reuse=0 would"
                                                + " exhaust as before"),
                        "nginx: ngx_http_upstream_keepalive_module.c"));
    }

    private static double input(Finding found, String name) {
        return found.inputs().stream()
                .filter(i -> i.name().equals(name))
                .mapToDouble(Input::value)
                .findFirst()
                .orElse(0);
    }

    private static String percent(double share) {
        return Math.round(share * 1e6) / 1e4 + "%";
    }

    private static Lever sources(Facts facts, String scope, Ports law, Optional<Destination> destination) {
        String name = law.input("sources", scope);
        double present = Levers.value(facts.input(name, Unit.COUNT), 1);
        String first = destination
                .map(Destination::source)
                .filter(s -> !s.contains(":"))
                .orElse("192.0.2.11");
        long pool = Math.round(Ports.poolSize(facts).value());
        return Lever.scale(present, MOST_SOURCES, Unit.COUNT, v -> {
                    long many = Math.round(v);
                    return Candidate.of(many == 2 ? "a second source address" : many + " source addresses")
                            .set(name, String.valueOf(many))
                            .snippet(Snippet.Kind.SHELL, addresses(many))
                            .snippet(Snippet.Kind.NGINX, split(first, many, peer(destination)))
                            .cost("an address each; up to " + Levers.bytes((many - present) * pool * WAITING_BYTES)
                                    + " of kernel memory for more sockets in TIME-WAIT")
                            .risk(
                                    "a program that binds the address with port 0 has one pool over all destinations, unless it sets"
                                            + " IP_BIND_ADDRESS_NO_PORT, as nginx's proxy_bind does; the peer has to let the address in",
                                    "ip(7); measured on 6.18");
                })
                .proposing(Math.min(MOST_SOURCES, present + 1));
    }

    private static String addresses(long many) {
        return IntStream.range(1, (int) many)
                .mapToObj(i -> "ip address add 192.0.2." + (11 + i) + "/24 dev eth0"
                        + (i == 1 ? "    # addresses of the host's own network" : ""))
                .collect(Collectors.joining("\n"));
    }

    private static String split(String first, long many, String peer) {
        var out = new StringBuilder("split_clients \"$request_id\" $source_address {\n");
        for (int i = 1; i < many; i++) {
            out.append(String.format(Locale.ROOT, "    %.2f%% 192.0.2.%d;%n", 100.0 / many, 11 + i));
        }
        return out.append("    * ")
                .append(first)
                .append(";\n}\nserver {\n    listen ")
                .append(PROXY)
                .append(";\n    location / {\n        proxy_pass ")
                .append(peer.endsWith(":443") ? "https://" : "http://")
                .append(peer)
                .append(";\n        proxy_bind $source_address;\n    }\n}")
                .toString();
    }

    private static Lever pooled(String scope, Ports law, Optional<Destination> destination) {
        String name = law.input("kept", scope);
        return Lever.scale(0, MOST_KEPT, Unit.COUNT, v -> {
            long percent = Math.round(v);
            return Candidate.of("connections kept by the program")
                    .set(name, percent + "%")
                    .snippet(
                            Snippet.Kind.APPLICATION,
                            "keep connections to "
                                    + destination.map(d -> peer(destination)).orElse("the destination")
                                    + " open and send at least " + percent
                                    + " % of the requests over one that is open: a pool, HTTP keep-alive")
                    .cost("a descriptor at both ends for each connection that is kept")
                    .risk(
                            "a program that ends with each request cannot keep them: PHP-FPM closes the handles of curl at the end of a"
                                    + " request, so there it takes a process that lives on, as a proxy",
                            "PHP: resources end with the request");
        });
    }
}
