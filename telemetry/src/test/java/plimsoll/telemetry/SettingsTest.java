package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Quantity;

class SettingsTest {
    private static Fact fact(String name, String text) {
        return new Fact(name, text, Evidence.given());
    }

    private static String refusal(String name, String text) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> Settings.check(name, text))
                .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "vm.dirty_expire_centisecs, 3000, 30 s",
        "vm.dirty_writeback_centisecs, 7, 70 ms",
        "net.ipv4.tcp_tw_reuse_delay, 1000, 1 s",
        "net.netfilter.nf_conntrack_tcp_timeout_time_wait, 120, 120 s",
        "vm.dirty_ratio, 20, 20%",
        "vm.min_free_kbytes, 67584, 66 MiB",
        "vm.dirty_bytes, 268435456, 256 MiB",
        "net.core.somaxconn, 4096, '4,096'",
        "module:nf_conntrack.hashsize, 16384, '16,384'",
        "HZ, 250, 250/s",
    })
    void aReadingBecomesAQuantityInTheBaseOfItsUnit(String name, String text, String expected) {
        assertEquals(Quantity.parse(expected), Settings.quantity(fact(name, text)));
    }

    @Test
    void severalNumbersAreReadOneByOne() {
        assertEquals(
                List.of(Quantity.count(32768), Quantity.count(60999)),
                Settings.quantities(fact("net.ipv4.ip_local_port_range", "32768\t60999")));
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> Settings.quantity(fact("net.ipv4.ip_local_port_range", "32768 60999")));
        assertEquals(
                "net.ipv4.ip_local_port_range has 2 numbers, '32768 60999', where one was asked for",
                refused.getMessage());
    }

    @Test
    void aWrongValueIsRefusedWithWhatWouldBeRight() {
        String right = "; it is two ports, the low one first, as '1024 65535'";
        assertEquals(
                "net.ipv4.ip_local_port_range cannot be '65535 1024': the low end comes first" + right,
                refusal("net.ipv4.ip_local_port_range", "65535 1024"));
        assertEquals(
                "net.ipv4.ip_local_port_range cannot be '1024-65535'" + right,
                refusal("net.ipv4.ip_local_port_range", "1024-65535"));
        assertEquals(
                "net.ipv4.ip_local_port_range cannot be '1024 65536': 65536 is not between 0 and 65535" + right,
                refusal("net.ipv4.ip_local_port_range", "1024 65536"));
        assertEquals(
                "net.ipv4.tcp_tw_reuse cannot be 'yes'; it is 0 (never), 1 (always) or 2 (loopback only, since 4.18)",
                refusal("net.ipv4.tcp_tw_reuse", "yes"));
        assertEquals("net.core.somaxconn cannot be ''; it is a count, as '4096'", refusal("net.core.somaxconn", ""));
        assertEquals(
                "fs.file-max cannot be '99999999999999999999'; it is a count, as '1048576'",
                refusal("fs.file-max", "99999999999999999999"));
        assertEquals(
                "net.ipv4.ip_local_reserved_ports cannot be '9000-8000': 9000-8000 is no range of ports;"
                        + " it is ports and ranges with commas between, as '8080,9000-9100', or nothing",
                refusal("net.ipv4.ip_local_reserved_ports", "9000-8000"));
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearest() {
        assertEquals(
                "'net.ipv4.tcp_tw_resue' is not a setting that is known; the nearest: net.ipv4.tcp_tw_reuse",
                refusal("net.ipv4.tcp_tw_resue", "1"));
        assertEquals(
                "'tcp_tw_reuse' is not a setting that is known; the nearest: net.ipv4.tcp_tw_reuse",
                refusal("tcp_tw_reuse", "1"));
        assertEquals(
                "'nonsense' is not a setting that is known; settings are spelled as sysctl spells them, like"
                        + " net.ipv4.tcp_tw_reuse",
                refusal("nonsense", "1"));
    }

    @Test
    void aNameIsFoundInEverySpellingTheKernelUses() {
        Optional<Setting> plain = Settings.find("net.ipv4.tcp_tw_reuse");
        assertEquals(plain, Settings.find("net/ipv4/tcp_tw_reuse"));
        assertEquals(plain, Settings.find("/proc/sys/net/ipv4/tcp_tw_reuse"));
        assertEquals(Setting.Scope.NAMESPACE, plain.orElseThrow().scope());
        assertEquals(Optional.empty(), Settings.find("net.ipv4.tcp_tw_recycle"));
    }

    @Test
    void eachSaysHowItIsReadAndSet() {
        Setting range = Settings.find("net.ipv4.ip_local_port_range").orElseThrow();
        assertEquals("sysctl net.ipv4.ip_local_port_range", range.read());
        assertEquals("sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"", range.set("1024 65535"));
        assertEquals(Optional.of("/proc/sys/net/ipv4/ip_local_port_range"), range.path());
        Setting hashsize = Settings.find("module:nf_conntrack.hashsize").orElseThrow();
        assertEquals("cat /sys/module/nf_conntrack/parameters/hashsize", hashsize.read());
        assertEquals("echo 65536 > /sys/module/nf_conntrack/parameters/hashsize", hashsize.set("65536"));
        Setting hz = Settings.find("HZ").orElseThrow();
        assertEquals("grep CONFIG_HZ= /boot/config-$(uname -r)", hz.read());
        assertEquals(Optional.empty(), hz.path());
    }

    @Test
    void everyDefaultIsARightValueOfItsSetting() {
        assertFalse(Settings.all().isEmpty());
        for (Setting setting : Settings.all()) {
            setting.byDefault().ifPresent(d -> assertEquals(setting, Settings.check(setting.name(), d)));
        }
        assertEquals(
                Optional.of("32768 60999"),
                Settings.find("net.ipv4.ip_local_port_range").orElseThrow().byDefault());
        assertEquals(
                Optional.of("120"),
                Settings.find("net.netfilter.nf_conntrack_tcp_timeout_time_wait")
                        .orElseThrow()
                        .byDefault());
        assertEquals(
                Optional.empty(),
                Settings.find("net.ipv4.tcp_max_tw_buckets").orElseThrow().byDefault());
    }

    @Test
    void reservedPortsAreRanges() {
        List<int[]> ranges = Settings.reserved("8080,9000-9100");
        assertEquals(2, ranges.size());
        assertArrayEquals(new int[] {8080, 8080}, ranges.get(0));
        assertArrayEquals(new int[] {9000, 9100}, ranges.get(1));
        assertEquals(List.of(), Settings.reserved(""));
    }
}
