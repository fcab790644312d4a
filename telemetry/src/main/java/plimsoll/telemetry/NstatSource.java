package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;

/**
 * {@code nstat}: name, value and rate a line, the name with its group in front (misc/nstat.c of iproute2). Without {@code -a} the values
 * are increments since the last call, and without {@code -z} the zeros are left out.
 */
final class NstatSource implements Source {
    private static final String HEADER = "#kernel";

    @Override
    public String name() {
        return "nstat";
    }

    @Override
    public boolean begins(String line) {
        return line.strip().equals(HEADER);
    }

    @Override
    public Match match(Text text) {
        List<String> head = Places.head(text, 2);
        if (head.isEmpty()) {
            return Match.NO;
        }
        if (begins(head.get(0))) {
            return Match.SURE;
        }
        return counter(Fields.split(head.get(0))) ? Match.SHAPE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        var counters = new Counters(account);
        boolean increments = text.command()
                .map(c -> c.startsWith("nstat") && !c.matches(".*\\s-\\w*a.*"))
                .orElse(false);
        boolean zeros = false;
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            List<String> fields = Fields.split(line);
            if (fields.isEmpty() || begins(line)) {
                account.empty();
            } else if (!counter(fields)) {
                account.reject(i, "is not a counter's name, a whole number and a rate");
            } else {
                String group = Counters.group(fields.get(0));
                String name = fields.get(0).substring(group.length());
                long value = value(fields);
                zeros |= value == 0;
                if (increments) {
                    counters.row(group, name, value);
                } else {
                    counters.add(i, group, name, value);
                    account.covers(group);
                }
                account.used();
            }
        }
        if (increments || !zeros) {
            account.excerpt();
        }
        return account.close(Optional.of(counters.rows()));
    }

    private static boolean counter(List<String> fields) {
        return fields.size() == 3
                && !Counters.group(fields.get(0)).isEmpty()
                && value(fields) >= 0
                && fields.get(2).matches("-?\\d+\\.\\d+");
    }

    private static long value(List<String> fields) {
        return Fields.decimal(fields.get(1), 0, fields.get(1).length());
    }
}
