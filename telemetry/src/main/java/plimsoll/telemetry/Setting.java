package plimsoll.telemetry;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/**
 * One setting of a host, as the schema describes it: an immutable value.
 *
 * @param name its key in the facts: {@code net.ipv4.tcp_tw_reuse}, {@code module:nf_conntrack.hashsize}, {@code HZ}
 * @param unit what it is a number of, once read into the base unit
 * @param scope what it holds for
 * @param nativeUnit the unit in which the kernel keeps it: {@code centiseconds}, {@code pages}, {@code ports}
 * @param values how many numbers it consists of; 0 for a list of ports
 * @param low the smallest number that is right
 * @param high the largest number that is right
 * @param spelling a right value, in words and with an example, for a sentence that teaches
 * @param byDefault the documented default in the setting's own spelling; empty where it depends on the host
 * @param where where the default is documented, and since when the setting exists
 */
public record Setting(
        String name,
        Unit unit,
        Scope scope,
        String nativeUnit,
        int values,
        long low,
        long high,
        String spelling,
        Optional<String> byDefault,
        String where) {

    /** What a setting holds for. */
    public enum Scope {
        /** The whole machine, every network namespace of it. */
        HOST,
        /** One network namespace. */
        NAMESPACE,
        /** One pool of workers. */
        POOL,
        /** One process. */
        PROCESS
    }

    public Setting {
        Objects.requireNonNull(name);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(nativeUnit);
        Objects.requireNonNull(spelling);
        Objects.requireNonNull(byDefault);
        Objects.requireNonNull(where);
    }

    /** The file of {@code /proc/sys} or {@code /sys} that shows it; empty for what is built into the kernel. */
    public Optional<String> path() {
        if (name.equals(Settings.HZ)) {
            return Optional.empty();
        }
        if (name.startsWith("module:")) {
            return Optional.of(
                    "/sys/module/" + name.substring("module:".length()).replaceFirst("\\.", "/parameters/"));
        }
        return Optional.of("/proc/sys/" + name.replace('.', '/'));
    }

    /** The command that reads it. */
    public String read() {
        if (name.equals(Settings.HZ)) {
            return "grep CONFIG_HZ= /boot/config-$(uname -r)";
        }
        return name.startsWith("module:") ? "cat " + path().orElseThrow() : "sysctl " + name;
    }

    /** The command that sets it to {@code value} until the next boot; for what is built in, a comment that says so. */
    public String set(String value) {
        if (name.equals(Settings.HZ)) {
            return "# CONFIG_HZ is built into the kernel";
        }
        if (name.startsWith("module:")) {
            return "echo " + value + " > " + path().orElseThrow();
        }
        return "sysctl -w " + name + "=" + (value.matches("\\S*") ? value : '"' + value + '"');
    }

    /** True for at most 19 digits, with a sign or without. */
    private static boolean whole(String word) {
        int from = word.startsWith("-") ? 1 : 0;
        int digits = word.length() - from;
        return digits > 0 && digits <= 19 && Fields.digits(word, from) == word.length();
    }

    /** The numbers of {@code text}, as the kernel keeps them. Throws {@link IllegalArgumentException} with what would be right. */
    List<Long> numbers(String text) {
        List<String> words =
                text.isBlank() ? List.of() : List.of(Values.plain(text).split(" "));
        if (words.size() != values || !words.stream().allMatch(Setting::whole)) {
            throw wrong(text, "");
        }
        List<Long> numbers;
        try {
            numbers = words.stream().map(Long::parseLong).toList();
        } catch (NumberFormatException e) {
            throw wrong(text, "");
        }
        for (long n : numbers) {
            if (n < low || n > high) {
                throw wrong(text, ": " + n + " is not between " + low + " and " + high);
            }
        }
        if (name.equals(Settings.PORT_RANGE) && numbers.get(0) > numbers.get(1)) {
            throw wrong(text, ": the low end comes first");
        }
        return numbers;
    }

    /** A number as the kernel keeps it in the base of the unit; divided where that is exact and multiplying by 0.01 is not. */
    Quantity quantity(long number) {
        double value =
                switch (nativeUnit) {
                    case "centiseconds", "percent" -> number / 100.0;
                    case "milliseconds" -> number / 1000.0;
                    case "KiB" -> number * 1024.0;
                    default -> number;
                };
        return Quantity.of(value, unit);
    }

    IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException(name + " cannot be '" + text.strip() + "'" + why + "; it is " + spelling);
    }
}
