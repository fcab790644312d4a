package plimsoll.telemetry;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code redis-cli info} into {@code redis_info} (section, name, value) and facts {@code redis:connected_clients}. Source of the names:
 * {@code genRedisInfoString} in {@code src/server.c}.
 */
final class RedisInfoSource implements Source {
    private static final Pattern SECTION =
            Pattern.compile("# (Server|Clients|Memory|Persistence|Threads|Stats|Replication|CPU|Modules"
                    + "|Commandstats|Latencystats|Errorstats|Cluster|Keyspace|Keysizes|Debug|Sentinel|SSL|Hash)\\s*");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z][\\w.|:-]*?):(.*)");
    // of the server alone; a line or two of these prove an excerpt
    private static final Pattern OWN =
            Pattern.compile("(redis_version|connected_clients|blocked_clients|used_memory\\w*|maxmemory\\w*"
                    + "|rejected_connections|total_connections_received|instantaneous_\\w+|evicted_\\w+|keyspace_(hits|misses)|rdb_\\w+|aof_\\w+"
                    + "|client_recent_\\w+|mem_\\w+):.*");
    // counted in bytes by genRedisInfoString; whatever ends in _bytes besides
    private static final Set<String> BYTES = Set.of(
            "used_memory",
            "used_memory_rss",
            "used_memory_peak",
            "used_memory_overhead",
            "used_memory_startup",
            "used_memory_dataset",
            "used_memory_lua",
            "used_memory_scripts",
            "allocator_allocated",
            "allocator_active",
            "allocator_resident",
            "total_system_memory",
            "maxmemory",
            "client_recent_max_input_buffer",
            "client_recent_max_output_buffer",
            "mem_clients_normal",
            "mem_clients_slaves",
            "repl_backlog_size");

    @Override
    public String name() {
        return "redis info";
    }

    @Override
    public boolean begins(String line) {
        return line.equals("# Server");
    }

    @Override
    public Match match(Text text) {
        boolean section = false;
        int own = 0;
        for (String line : text.lines()) {
            if (line.isBlank()) {
                continue;
            }
            if (SECTION.matcher(line).matches()) {
                section = true;
            } else if (VALUE.matcher(line).matches()) {
                own += OWN.matcher(line).matches() ? 1 : 0;
                if (section) {
                    return Match.SURE;
                }
            } else {
                return own > 0 ? Match.SHAPE : Match.NO;
            }
        }
        return section ? Match.SURE : own > 0 ? Match.SHAPE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("redis_info")
                .column("section", Rows.Type.TEXT)
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.TEXT);
        String section = "";
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher head = SECTION.matcher(line);
            Matcher value = VALUE.matcher(line);
            if (line.isBlank()) {
                account.empty();
            } else if (head.matches()) {
                section = head.group(1);
                account.covers(section);
                account.empty();
            } else if (value.matches()) {
                if (!section.isEmpty()) {
                    rows.text("section", section);
                }
                String told = value.group(2).stripTrailing();
                rows.text("name", value.group(1)).text("value", told).end();
                account.fact(i, "redis:" + value.group(1), told + unit(value.group(1), told));
                account.used();
            } else {
                account.reject(i, "not a line of redis-cli info, which are like \"connected_clients:3\"");
            }
        }
        return account.close(Optional.of(rows.rows()));
    }

    private static String unit(String name, String value) {
        if (!value.matches("\\d+")) {
            return "";
        }
        return BYTES.contains(name) || name.endsWith("_bytes") ? " B" : name.endsWith("_in_seconds") ? " s" : "";
    }
}
