package plimsoll.telemetry;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code nft list ruleset}, with handles or without, into the table {@code firewall} (nft(8)). */
final class NftSource implements Source {
    private static final Pattern HANDLE = Pattern.compile("((?:.*\\S)?)\\s*# handle \\d+\\s*");
    private static final Pattern TABLE =
            Pattern.compile("table (?:(ip|ip6|inet|arp|bridge|netdev) )?(\\S+) \\{(?:\\s*# .*)?");
    private static final Pattern BLOCK = Pattern.compile(
            "\\s*(chain|set|map|flowtable|counter|quota|limit|secmark|synproxy|ct \\w+) (?:(\\S+) )?\\{.*");
    private static final Pattern KIND = Pattern.compile(
            "(?<![\\w\"])(notrack|masquerade|snat|dnat|redirect)(?![\\w\"])(?: (?:ip6? )?(?:prefix )?to (\\S+))?");
    private static final Pattern COUNTER = Pattern.compile("\\bcounter packets (\\d{1,18}) bytes (\\d{1,18})");

    @Override
    public String name() {
        return "nft ruleset";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("table ") && TABLE.matcher(line).matches();
    }

    @Override
    public Match match(Text text) {
        return text.lines().stream()
                        .filter(l -> !l.isBlank() && !l.startsWith("#"))
                        .findFirst()
                        .filter(this::begins)
                        .isPresent()
                ? Match.SURE
                : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var firewall = new Firewall();
        var open = new ArrayDeque<String>(); // what each open brace is of: table, chain NAME, other
        @Nullable String family = null;
        @Nullable String table = null;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            Matcher handle = HANDLE.matcher(line);
            String plain = (handle.matches() ? handle.group(1) : line).strip();
            Matcher named = TABLE.matcher(plain);
            Matcher block = BLOCK.matcher(plain);
            if (plain.isEmpty() || plain.startsWith("#")) {
                account.empty();
            } else if (open.isEmpty() && named.matches()) {
                family = named.group(1) == null ? "ip" : named.group(1);
                table = named.group(2);
                open.push("table");
                account.used();
                account.covers(family + " " + table);
            } else if (open.isEmpty()) {
                account.reject(i, "stands outside of a table, which is like 'table inet filter {'");
            } else if (plain.equals("}")) {
                open.pop();
                account.used();
            } else if (open.size() == 1 && block.matches()) {
                if (!plain.endsWith("}")) {
                    open.push(block.group(1).equals("chain") ? "chain " + block.group(2) : "other");
                }
                account.used();
            } else {
                String inside = open.peek();
                if (inside != null && inside.startsWith("chain ")) {
                    rule(firewall, family, table, inside.substring("chain ".length()), plain);
                }
                int braces = braces(plain);
                for (; braces > 0; braces--) {
                    open.push("other");
                }
                for (; braces < 0 && !open.isEmpty(); braces++) {
                    open.pop();
                }
                account.used();
            }
        }
        if (!open.isEmpty()) {
            account.excerpt();
        }
        return account.close(Optional.of(firewall.rows()));
    }

    /** Elements of a set may run over several lines. */
    private static int braces(String line) {
        return (int) (line.chars().filter(c -> c == '{').count()
                - line.chars().filter(c -> c == '}').count());
    }

    private static void rule(
            Firewall firewall, @Nullable String family, @Nullable String table, String chain, String rule) {
        Matcher kind = KIND.matcher(rule);
        if (!kind.find()) {
            return;
        }
        Matcher counter = COUNTER.matcher(rule);
        boolean counted = counter.find();
        @Nullable String to = kind.group(2);
        firewall.add(
                new Firewall.Rule(family, table, chain, rule, kind.group(1), to, Firewall.counts(counter, counted)));
    }
}
