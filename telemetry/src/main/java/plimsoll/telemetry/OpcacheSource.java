package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code opcache_get_status()} and {@code opcache_get_configuration()} as JSON into {@code opcache} (section, name, value) and facts
 * {@code opcache:memory_usage.used_memory}; the scripts, where listed, into {@code opcache_scripts}. Source:
 * {@code ext/opcache/zend_accelerator_module.c}.
 */
final class OpcacheSource implements Source {
    // counted in bytes by zend_accelerator_module.c, in whatever unit they are set
    private static final Set<String> BYTES = Set.of(
            "opcache.memory_consumption",
            "opcache.jit_buffer_size",
            "opcache.max_file_size",
            "buffer_size",
            "buffer_free");
    private static final Pattern MEMORY = Pattern.compile("(used|free|wasted)_memory");
    private static final Set<String> SCRIPT =
            Set.of("hits", "memory_consumption", "last_used_timestamp", "timestamp", "revalidate");

    @Override
    public String name() {
        return "OPcache";
    }

    @Override
    public Match match(Text text) {
        String head = Json.head(text);
        boolean status = head.contains("\"opcache_enabled\"");
        boolean configuration = head.contains("\"directives\"") && head.contains("\"opcache.");
        return status || configuration ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var rows = new Rows.Builder("opcache")
                .column("section", Rows.Type.TEXT)
                .column("name", Rows.Type.TEXT)
                .column("value", Rows.Type.TEXT);
        var scripts = new Scripts();
        Json.read(text, account, (path, value, line) -> {
            if (path.size() == 3 && path.get(0).equals("scripts")) {
                scripts.value(path.get(1), path.get(2), value);
                return;
            }
            String section = path.size() > 1 ? path.get(0) : "";
            String name = String.join(".", path.subList(Math.min(1, path.size() - 1), path.size()));
            account.covers(section);
            if (!section.isEmpty()) {
                rows.text("section", section);
            }
            rows.text("name", name).text("value", value).end();
            account.fact(line, "opcache:" + (section.isEmpty() ? "" : section + ".") + name, value + unit(name, value));
        });
        return account.close(Optional.of(rows.rows()), scripts.rows());
    }

    private static String unit(String name, String value) {
        if (!value.matches("\\d+")) {
            return "";
        }
        boolean bytes = BYTES.contains(name) || MEMORY.matcher(name).matches();
        return bytes ? " B" : name.equals("opcache.interned_strings_buffer") ? " MiB" : "";
    }

    /** The scripts in the cache. */
    private static final class Scripts {
        private final Rows.Builder rows = new Rows.Builder("opcache_scripts").column("script", Rows.Type.TEXT);
        private String open = "";

        void value(String script, String name, String value) {
            if (!open.equals(script)) {
                end();
                open = script;
                rows.text("script", script);
            }
            if (SCRIPT.contains(name) && value.matches("-?\\d{1,18}")) {
                rows.number(name, Long.parseLong(value));
            }
        }

        private void end() {
            if (!open.isEmpty()) {
                rows.end();
            }
        }

        List<Rows> rows() {
            end();
            open = "";
            return rows.size() > 0 ? List.of(rows.rows()) : List.of();
        }
    }
}
