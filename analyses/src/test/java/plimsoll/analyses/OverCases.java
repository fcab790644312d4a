package plimsoll.analyses;

import java.util.List;
import java.util.function.Supplier;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.telemetry.Capture;

/** A budget that is OVER for every law that has remedies, and for each branch of those that make other snippets. */
final class OverCases {
    private OverCases() {}

    /** A case by its name, which is that of the law with a word on what is special. */
    record Case(String name, Supplier<Budget> budget) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String[] TABLES = {
        "net.ipv4.ip_local_port_range", "32768 60999",
        "net.netfilter.nf_conntrack_count", "34210",
        "net.netfilter.nf_conntrack_max", "65536",
        "net.netfilter.nf_conntrack_buckets", "16384",
        "net.ipv4.tcp_max_tw_buckets", "131072",
        "HZ", "250"
    };
    private static final String PHP = "server { location / { %s } }";

    static List<Case> all() {
        return List.of(
                of("ports", Read.facts(TABLES), "any one destination", "rate", "1200/s"),
                of(
                        "ports https",
                        Read.facts(TABLES),
                        "10.0.0.1 -> 10.0.0.2:443",
                        "rate",
                        "1200/s",
                        "connected",
                        "100 ms"),
                of("ports http", Read.facts(TABLES), "10.0.0.1 -> 10.0.0.2:80", "rate", "1200/s"),
                of("ports ipv6", Read.facts(TABLES), "fd00::1 -> [fd00::2]:443", "rate", "1200/s"),
                of(
                        "ports loopback",
                        Read.facts(TABLES).plus(read("net.ipv4.tcp_tw_reuse", "0")),
                        "127.0.0.1 -> 127.0.0.1:9000",
                        "rate",
                        "1200/s"),
                of(
                        "ports without timestamps",
                        Read.facts(TABLES).plus(read("net.ipv4.tcp_timestamps", "0")),
                        "any one destination",
                        "rate",
                        "1200/s"),
                of("bound-ports", Read.facts(TABLES), "tcp bind", "rate", "500/s"),
                of("nat-ports", Facts.none(), "MASQUERADE", "rate", "1000/s"),
                of(
                        "time-wait",
                        Read.facts("net.ipv4.tcp_max_tw_buckets", "1000", "HZ", "250"),
                        "host",
                        "rate",
                        "100/s"),
                of("fin-wait-2", Read.facts("net.ipv4.tcp_max_tw_buckets", "100", "HZ", "250"), "host", "rate", "5/s"),
                of("orphans", Read.facts("net.ipv4.tcp_max_orphans", "100", "HZ", "250"), "host", "rate", "2/s"),
                of("conntrack", Read.facts(TABLES), "host", "rate", "1000/s"),
                of("conntrack-depth", Read.facts(TABLES), "host", "entries", "400000"),
                of("accept-queue", Facts.none(), "0.0.0.0:80", "rate", "5000/s", "stall", "1 s", "backlog", "511"),
                of(
                        "accept-queue unix",
                        Facts.none(),
                        "/run/php/www.sock",
                        "rate",
                        "800/s",
                        "stall",
                        "1 s",
                        "backlog",
                        "511"),
                of("syn-queue", Facts.none(), "0.0.0.0:80", "rate", "5000/s", "rtt", "1 s", "backlog", "511"),
                of(
                        "syn-queue without cookies",
                        Read.facts("net.ipv4.tcp_syncookies", "0", "net.ipv4.tcp_max_syn_backlog", "128"),
                        "0.0.0.0:80",
                        "rate",
                        "500/s",
                        "rtt",
                        "1 s",
                        "backlog",
                        "511"),
                of(
                        "socket-memory",
                        Read.facts("net.ipv4.tcp_mem", "12000 16000 24000"),
                        "tcp",
                        "sockets",
                        "10000",
                        "each",
                        "64 KiB"),
                of(
                        "tcp-window",
                        Read.facts("net.ipv4.tcp_rmem", "4096 131072 6291456"),
                        "receive",
                        "bandwidth",
                        "1 Gbit/s",
                        "rtt",
                        "100 ms"),
                of(
                        "tcp-window unscaled",
                        Read.facts("net.ipv4.tcp_wmem", "4096 16384 4194304", "net.ipv4.tcp_window_scaling", "0"),
                        "send",
                        "bandwidth",
                        "100 Mbit/s",
                        "rtt",
                        "20 ms"),
                of("file-descriptors", Read.facts("fs.file-nr", "120000 0 100000"), "host"),
                of("file-descriptors worker", Read.nginx("worker_rlimit_nofile 512;", ""), "nginx worker"),
                of("file-descriptors process", Facts.none(), "any one process", "open", "2000", "limit", "1024"),
                of(
                        "fastcgi-buffers",
                        Read.nginx("", PHP.formatted("fastcgi_pass 127.0.0.1:9000;")),
                        "*:80 location /",
                        "payload",
                        "15 MiB"),
                of(
                        "proxy-buffers",
                        Read.nginx("", PHP.formatted("proxy_pass http://127.0.0.1:80;")),
                        "*:80 location /",
                        "payload",
                        "15 MiB"),
                of(
                        "uwsgi-buffers",
                        Read.nginx("", PHP.formatted("uwsgi_pass 127.0.0.1:90;")),
                        "*:80 location /",
                        "payload",
                        "1 MiB"),
                of(
                        "scgi-buffers",
                        Read.nginx("", PHP.formatted("scgi_pass 127.0.0.1:90;")),
                        "*:80 location /",
                        "payload",
                        "1 MiB"),
                of(
                        "buffer-memory",
                        Read.nginx("", PHP.formatted("fastcgi_pass 127.0.0.1:9000; fastcgi_buffers 512 32k;"))
                                .plus(read("meminfo:MemAvailable", "2 GiB")),
                        "*:80 location /",
                        "concurrency",
                        "1000"),
                of("dirty-pages", memory(), "host", "write", "400 MiB/s", "drain", "20 MiB/s", "burst", "4 s"),
                of(
                        "dirty-pages bytes",
                        memory().plus(read("vm.dirty_bytes", "268435456"))
                                .plus(read("vm.dirty_background_bytes", "67108864")),
                        "host",
                        "write",
                        "100 MiB/s",
                        "drain",
                        "20 MiB/s",
                        "burst",
                        "4 s"),
                of(
                        "fpm-workers",
                        Read.facts("fpm:pm.max_children[www]", "20"),
                        "www",
                        "rate",
                        "120/s",
                        "service",
                        "200 ms"),
                of(
                        "fpm-memory",
                        Read.facts("fpm:pm.max_children[www]", "100", "meminfo:MemAvailable", "2 GiB"),
                        "www",
                        "child",
                        "60 MiB"),
                of("redis-clients", Facts.none(), "redis", "workers", "15000"),
                of("redis-clients files", Facts.none(), "redis", "workers", "2000", "nofile", "1024"),
                of("opcache-keys", Facts.none(), "opcache", "keys", "20000"),
                of(
                        "opcache-strings",
                        Read.facts("php:opcache.interned_strings_buffer", "8"),
                        "opcache",
                        "strings",
                        "12 MiB"),
                of("opcache-memory", Read.facts("php:opcache.memory_consumption", "128"), "opcache", "used", "140 MiB"),
                of("reload", Read.nginx("worker_shutdown_timeout 2s;", ""), "nginx", "duration", "4 s"),
                of(
                        "keepalive",
                        Read.nginx("", "upstream api { server 192.0.2.10:80; keepalive 4; }"),
                        "api",
                        "rate",
                        "500/s",
                        "held",
                        "100 ms",
                        "workers",
                        "1"),
                of(
                        "keepalive without any",
                        Facts.none(),
                        "any one upstream",
                        "rate",
                        "500/s",
                        "held",
                        "100 ms",
                        "workers",
                        "2"),
                of(
                        "nginx-connections",
                        Read.nginx("worker_rlimit_nofile 2048;", ""),
                        "nginx",
                        "clients",
                        "5000",
                        "workers",
                        "2"),
                of(
                        "cgroup memory",
                        Read.facts("cgroup:/system.slice/php-fpm.service:memory.max", "512 MiB"),
                        "/system.slice/php-fpm.service memory",
                        "memory",
                        "700 MiB"),
                of(
                        "cgroup pids",
                        Read.facts("cgroup:/system.slice/php-fpm.service:pids.max", "100"),
                        "/system.slice/php-fpm.service pids",
                        "pids",
                        "150"),
                of("disk", Facts.none(), "nvme0n1", "rate", "4000/s", "max-rate", "3000/s"),
                of(
                        "disk bandwidth",
                        Facts.none(),
                        "nvme0n1",
                        "rate",
                        "3500/s",
                        "max-rate",
                        "3000/s",
                        "bandwidth",
                        "200 MiB/s",
                        "max-bandwidth",
                        "125 MiB/s"),
                of("disk-space", FileSystemsTest.HOST, "/", "more", "500000 B"),
                of("disk-space deleted", FileSystemsTest.HOST, "/var", "more", "1950000 B"),
                of("inodes", FileSystemsTest.HOST, "/", "more", "1000"),
                of(
                        "journal",
                        Capture.of("$ cat /proc/mounts\n/dev/sda1 / ext4 rw,relatime 0 0\n")
                                .facts(),
                        "/",
                        "tolerated",
                        "20 s"),
                of(
                        "tasks",
                        Read.facts("kernel.threads-max", "30000", "kernel.pid_max", "32768"),
                        "host",
                        "threads",
                        "40000"));
    }

    private static Facts memory() {
        return Read.facts(
                "meminfo:MemFree", "4 GiB",
                "zoneinfo:reserve", "16384",
                "vmstat:nr_inactive_file", "100000",
                "vmstat:nr_active_file", "100000",
                "vmstat:nr_dirty", "0",
                "vmstat:nr_writeback", "0");
    }

    private static Fact read(String name, String text) {
        return new Fact(name, text, Evidence.read("test"));
    }

    private static Case of(String name, Facts facts, String scope, String... inputs) {
        return new Case(name, () -> {
            String law = name.replaceFirst(" .*", "");
            Facts asked = facts;
            for (int i = 0; i < inputs.length; i += 2) {
                asked = asked.given(law + "[" + scope + "]." + inputs[i], inputs[i + 1]);
            }
            return Budget.of(Catalogue.law(law), asked, scope, Catalogue.ALL);
        });
    }
}
