package plimsoll.telemetry;

import java.util.Optional;

/**
 * The kernel's build configuration, {@code /boot/config-*} or {@code /proc/config.gz}: facts {@code config:CONFIG_...} for every option
 * that is set, and {@code HZ} from {@code CONFIG_HZ} (kernel/Kconfig.hz).
 */
final class KernelConfigSource implements Source {
    @Override
    public String name() {
        return "kernel configuration";
    }

    @Override
    public boolean uncut() {
        return true;
    }

    @Override
    public Match match(Text text) {
        for (String line : text.lines()) {
            if (option(line)) {
                return Match.SURE;
            }
            if (!line.isBlank() && !line.startsWith("#")) {
                return Match.NO;
            }
        }
        return Match.NO;
    }

    @Override
    public Parsed parse(Text text) {
        var account = new Parsed.Account(text);
        for (int i = 0; i < text.lines().size(); i++) {
            String line = text.lines().get(i);
            if (option(line)) {
                int equals = line.indexOf('=');
                String value = line.substring(equals + 1).strip();
                account.fact(i, "config:" + line.substring(0, equals), value);
                if (line.startsWith("CONFIG_HZ=") && value.matches("\\d{2,5}")) {
                    account.fact(i, Settings.HZ, value);
                }
                account.used();
            } else if (line.isBlank() || line.startsWith("#")) {
                account.empty();
            } else {
                account.reject(i, "not a line of CONFIG_NAME=value");
            }
        }
        return account.close(Optional.empty());
    }

    private static boolean option(String line) {
        return line.startsWith("CONFIG_") && line.indexOf('=') > "CONFIG_".length();
    }
}
