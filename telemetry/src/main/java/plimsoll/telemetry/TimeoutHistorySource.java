package plimsoll.telemetry;

import java.util.List;
import java.util.Optional;

/**
 * Which systems let a connection in FIN-WAIT-2 time out, then and now: {@code datasets/fin-wait-2-history}, as comma-separated values with
 * its header. It is about systems, not about a host: no facts come of it.
 */
final class TimeoutHistorySource implements Source {
    private static final String HEADER = "system,versions,has_timeout,seconds,how,stated,today,today_source";
    private static final List<String> COLUMNS = List.of(HEADER.split(",", -1));

    @Override
    public String name() {
        return "FIN-WAIT-2 time-outs";
    }

    @Override
    public boolean begins(String line) {
        return line.equals(HEADER);
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        account.covers(account.at(0));
        var rows = new Rows.Builder("fin_wait_2_timeouts");
        COLUMNS.forEach(c -> rows.column(c, c.equals("seconds") ? Rows.Type.NUMBER : Rows.Type.TEXT));
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            List<String> fields = HaproxyStatSource.fields(line);
            int seconds = COLUMNS.indexOf("seconds");
            if (line.isBlank() || begins(line)) {
                account.empty();
            } else if (fields.size() < COLUMNS.size() - 1 || fields.size() > COLUMNS.size()) {
                account.reject(i, fields.size() + " fields, where the header has " + COLUMNS.size());
            } else if (!fields.get(seconds).matches("\\d{0,9}")) {
                account.reject(i, "'" + fields.get(seconds) + "' where the seconds would be");
            } else {
                for (int c = 0; c < fields.size(); c++) {
                    if (fields.get(c).isEmpty()) {
                        continue; // not said
                    }
                    if (c == seconds) {
                        rows.number(COLUMNS.get(c), Long.parseLong(fields.get(c)));
                    } else {
                        rows.text(COLUMNS.get(c), fields.get(c));
                    }
                }
                rows.end();
                account.used();
            }
        }
        return account.close(Optional.of(rows.rows()));
    }
}
