package plimsoll.telemetry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/pressure/RESOURCE} into facts {@code pressure:io.some.avg10} as a share and {@code pressure:io.some.total} as a time
 * (Documentation/accounting/psi.rst). The text does not say of which resource it is: the path or the command does, else the facts
 * are {@code pressure:some.avg10}.
 */
final class PressureSource implements Source {
    private static final Pattern LINE = Pattern.compile(
            "(some|full) avg10=(\\d+\\.\\d+) avg60=(\\d+\\.\\d+) avg300=(\\d+\\.\\d+) total=(\\d+)\\s*");
    private static final Pattern RESOURCE = Pattern.compile(".*pressure[/_](cpu|io|memory|irq)\\b.*");

    @Override
    public String name() {
        return "/proc/pressure";
    }

    @Override
    public boolean begins(String line) {
        return line.startsWith("some avg10=") && LINE.matcher(line).matches();
    }

    @Override
    public Match match(Text text) {
        boolean pressure = text.first()
                .filter(l -> l.contains(" avg10=") && LINE.matcher(l).matches())
                .isPresent();
        return pressure && !CgroupSource.place(text) ? Match.SURE : Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        Matcher place = RESOURCE.matcher(text.command().orElse(text.path()));
        String prefix = "pressure:" + (place.matches() ? place.group(1) + "." : "");
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (line.isBlank()) {
                account.empty();
            } else if (facts(account, i, prefix, line)) {
                account.used();
            } else {
                account.reject(i, "not like \"some avg10=0.00 avg60=0.09 avg300=3.26 total=56872691\"");
            }
        }
        return account.close(Optional.empty());
    }

    /** Says what a line holds; false where it is no line of pressure. */
    static boolean facts(Parsed.Account account, int index, String prefix, String line) {
        Matcher m = LINE.matcher(line);
        if (!m.matches()) {
            return false;
        }
        String name = prefix + m.group(1);
        account.fact(index, name + ".avg10", m.group(2) + "%");
        account.fact(index, name + ".avg60", m.group(3) + "%");
        account.fact(index, name + ".avg300", m.group(4) + "%");
        account.fact(index, name + ".total", m.group(5) + " us");
        return true;
    }
}
