package plimsoll.telemetry;

/** What sources of single values share. */
final class Values {
    private Values() {}

    /** Blank runs as one space: {@code 32768<tab>60999} is {@code 32768 60999}. */
    static String plain(String value) {
        return value.strip().replaceAll("\\s+", " ");
    }

    /** A setting read on line {@code index}, as a fact and a row; rejected where it cannot be a value of that setting. */
    static void setting(
            Parsed.Account account, Rows.Builder rows, int index, String prefix, String name, String value) {
        String plain = plain(value);
        if (Settings.find(name).isPresent()) {
            try {
                Settings.check(name, plain);
            } catch (IllegalArgumentException e) {
                account.reject(index, String.valueOf(e.getMessage()));
                return;
            }
        }
        account.used();
        account.fact(index, prefix + name, plain);
        rows.text("name", prefix + name)
                .text("value", plain)
                .text("where", account.at(index))
                .end();
    }
}
