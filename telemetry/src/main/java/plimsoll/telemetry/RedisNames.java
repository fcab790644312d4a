package plimsoll.telemetry;

import java.util.Set;
import java.util.regex.Pattern;

/** The names of Redis's settings, as far as they tell its configuration from other texts ({@code src/config.c}). */
final class RedisNames {
    // names that only Redis and its forks have
    private static final Pattern OWN = Pattern.compile(
            "maxclients|maxmemory(-\\w+)*+|tcp-(keepalive|backlog)|appendonly|append(fsync|filename)"
                    + "|(slave|replica|repl|rdb|aof|cluster|lazyfree|slowlog|latency|tls|lua|list-max|hash-max|set-max|zset-max|hll-sparse"
                    + "|stream-node|active-defrag|active-expire|client-output|client-query|io-threads|min-(slaves|replicas)|oom-score)-[\\w-]+"
                    + "|rdbcompression|rdbchecksum|dbfilename|requirepass|masterauth|masteruser|protected-mode|stop-writes-on-bgsave-error"
                    + "|no-appendfsync-on-rewrite|auto-aof-\\w+(-\\w+)*+|activerehashing|dynamic-hz|unixsocketperm|notify-keyspace-events"
                    + "|acl(file|log-max-len)|activedefrag|jemalloc-bg-thread|io-threads|always-show-logo|crash-log-enabled|replicaof|slaveof"
                    + "|loadmodule|rename-command|sanitize-dump-payload|proc-title-template|shutdown-timeout|supervised");
    // names that others have too
    private static final Set<String> COMMON = Set.of(
            "timeout",
            "port",
            "bind",
            "bind-source-addr",
            "databases",
            "save",
            "dir",
            "daemonize",
            "pidfile",
            "logfile",
            "loglevel",
            "hz",
            "include",
            "user",
            "unixsocket",
            "syslog-enabled",
            "syslog-ident",
            "syslog-facility",
            "locale-collate",
            "ignore-warnings");

    private RedisNames() {}

    /** True for a name that proves Redis. */
    static boolean own(String name) {
        return OWN.matcher(name).matches();
    }

    /** True for a name that Redis has, alone or with others. */
    static boolean known(String name) {
        return COMMON.contains(name) || own(name);
    }
}
