package plimsoll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class KeyValueTest {
    @Test
    void valuesAndScopesMayHoldEqualsSigns() {
        assertEquals(new KeyValue("a.b", "c=d"), parse("a.b=c=d"));
        assertEquals(
                new KeyValue("fastcgi-buffers[= /export].payload", "15MiB"),
                parse("fastcgi-buffers[= /export].payload=15MiB"));
        assertEquals(new KeyValue("fpm:pm.max_children[www]", "50"), parse("fpm:pm.max_children[www]=50"));
        assertEquals(
                new KeyValue("ports[[::1] -> [::1]:443].rate", "5/s"), parse("ports[[::1] -> [::1]:443].rate=5/s"));
        assertEquals(
                new KeyValue("net.ipv4.ip_local_port_range", "1024 65535"),
                parse("net.ipv4.ip_local_port_range=1024 65535"));
        assertEquals(new KeyValue("net.ipv4.ip_local_reserved_ports", ""), parse("net.ipv4.ip_local_reserved_ports="));
    }

    @Test
    void withoutAnEqualsSignItIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> parse("a[b=c"));
        assertEquals("--with 'a[b=c': write KEY=VALUE", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> parse("=c"));
    }

    private static KeyValue parse(String text) {
        return KeyValue.parse("--with", text, "KEY=VALUE");
    }
}
