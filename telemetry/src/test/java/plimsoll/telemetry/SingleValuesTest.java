package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import plimsoll.dsl.Fact;

/** Sources of single values: sysctl, /proc/sys, uname, os-release, the kernel's configuration, date. */
class SingleValuesTest {
    private static Reading read(String path, String command, String... lines) {
        Optional<String> by = command.isEmpty() ? Optional.empty() : Optional.of(command);
        return Reading.of(new Text(path, 1, by, List.of(lines)));
    }

    private static List<String> facts(Reading reading) {
        return reading.parsed().facts().stream().map(Fact::toString).toList();
    }

    private static List<String> rejects(Reading reading) {
        return reading.parsed().rejected().stream().map(Reject::toString).toList();
    }

    @Test
    void sysctlPrintsNameAndValue() {
        Reading reading = read(
                "sysctl-a.txt",
                "",
                "net.ipv4.ip_local_port_range = 32768\t60999",
                "net.ipv4.conf.eth0/100.forwarding = 0",
                "net/core/somaxconn = 4096",
                "kernel.core_pattern = |/usr/bin/core %p = %s",
                "net.ipv4.ip_local_reserved_ports = ",
                "sysctl: permission denied on key 'fs.protected_fifos'",
                "net.ipv4.tcp_tw_reuse = many",
                "net.ipv4.tcp_tim");
        assertEquals(
                List.of(
                        "net.ipv4.ip_local_port_range = 32768 60999  READ (sysctl-a.txt:1)",
                        "net.ipv4.conf.eth0/100.forwarding = 0  READ (sysctl-a.txt:2)",
                        "net.core.somaxconn = 4096  READ (sysctl-a.txt:3)",
                        "kernel.core_pattern = |/usr/bin/core %p = %s  READ (sysctl-a.txt:4)",
                        "net.ipv4.ip_local_reserved_ports =   READ (sysctl-a.txt:5)"),
                facts(reading));
        assertEquals(
                List.of(
                        "sysctl-a.txt:6: a message of sysctl, not a value: sysctl: permission denied on key 'fs.protected_fifos'",
                        "sysctl-a.txt:7: net.ipv4.tcp_tw_reuse cannot be 'many'; it is 0 (never), 1 (always) or 2"
                                + " (loopback only, since 4.18): net.ipv4.tcp_tw_reuse = many",
                        "sysctl-a.txt:8: not a line of name = value: net.ipv4.tcp_tim"),
                rejects(reading));
    }

    @Test
    void aFileOfSysctlConfigurationIsNotTheRunningValue() {
        assertEquals(
                List.of("sysctl.d:net.ipv4.tcp_fin_timeout = 15  READ (pasted:2)"),
                facts(read("pasted", "", "# shorter", "net.ipv4.tcp_fin_timeout = 15")));
        assertEquals(
                List.of("sysctl.d:net.ipv4.tcp_fin_timeout = 15  READ (etc/sysctl.conf:1)"),
                facts(read("etc/sysctl.conf", "", "net.ipv4.tcp_fin_timeout=15")));
        assertEquals(
                List.of("sysctl.d:vm.dirty_ratio = 5  READ (pasted:1)"),
                facts(read("pasted", "cat /etc/sysctl.d/10-vm.conf", "-vm.dirty_ratio = 5")));
    }

    @Test
    void settingsOfOtherProgramsAreNotTheKernels() {
        assertEquals(
                Optional.of("php.ini"),
                read("php.ini", "", "opcache.enable=1", "opcache.memory_consumption=512")
                        .source()
                        .map(Source::name));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            proc/sys/net/ipv4/tcp_tw_reuse              !! 2            ! net.ipv4.tcp_tw_reuse = 2
            edge/proc/sys/vm/dirty_expire_centisecs     !! 3000         ! vm.dirty_expire_centisecs = 3000
            sys/module/nf_conntrack/parameters/hashsize !! 16384        ! module:nf_conntrack.hashsize = 16384
            proc_sys_net_ipv4_ip_local_port_range.txt   !! 1024   65535 ! net.ipv4.ip_local_port_range = 1024 65535
            proc_sys_fs_file-nr                         !! 1489 0 99    ! fs.file-nr = 1489 0 99
            pasted ! cat /proc/sys/net/core/somaxconn    ! 4096         ! net.core.somaxconn = 4096
            pasted ! cat /sys/module/nf_conntrack/parameters/hashsize ! 512 ! module:nf_conntrack.hashsize = 512
            pasted ! sysctl -n vm.dirty_ratio            ! 20           ! vm.dirty_ratio = 20
            pasted !! /proc/sys/vm/dirty_ratio:20                       ! vm.dirty_ratio = 20
            """)
    void thePathOrTheCommandSaysWhatAValueIs(String path, String command, String line, String fact) {
        Reading reading = read(path, command == null ? "" : command, line);
        assertEquals(List.of(fact + "  READ (" + path + ":1)"), facts(reading));
        assertEquals("/proc/sys value", reading.source().orElseThrow().name());
    }

    @Test
    void severalFilesOfOneCommandAreTakenInTheirOrder() {
        Reading reading = read(
                "pasted",
                "cat /proc/sys/vm/dirty_ratio /proc/sys/vm/nonsense /proc/sys/vm/dirty_background_ratio",
                "20",
                "cat: /proc/sys/vm/nonsense: No such file or directory",
                "10",
                "and so on");
        assertEquals(
                List.of("vm.dirty_ratio = 20  READ (pasted:1)", "vm.dirty_background_ratio = 10  READ (pasted:3)"),
                facts(reading));
        assertEquals(
                List.of(
                        "pasted:2: a message, not a value: cat: /proc/sys/vm/nonsense: No such file or directory",
                        "pasted:4: a line after the value of vm.dirty_background_ratio: and so on"),
                rejects(reading));
    }

    @Test
    void noReservedPortsIsAValueButNoCountIsNone() {
        assertEquals(
                List.of("net.ipv4.ip_local_reserved_ports =   READ (proc/sys/net/ipv4/ip_local_reserved_ports:1)"),
                facts(read("proc/sys/net/ipv4/ip_local_reserved_ports", "", "")));
        assertEquals(List.of(), facts(read("proc/sys/net/core/somaxconn", "", "")));
    }

    @Test
    void unameGivesNodeReleaseAndMachine() {
        assertEquals(
                List.of(
                        "uname:nodename = edge-1  READ (uname.txt:1)",
                        "uname:release = 6.1.0-18-amd64  READ (uname.txt:1)",
                        "uname:machine = x86_64  READ (uname.txt:1)"),
                facts(
                        read(
                                "uname.txt",
                                "",
                                "Linux edge-1 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01) x86_64 GNU/Linux")));
        assertEquals(
                "uname:machine = aarch64  READ (uname.txt:1)",
                facts(read("uname.txt", "", "Linux pi 5.14.0-70 #1 SMP Thu Mar 3 aarch64 aarch64 aarch64 GNU/Linux"))
                        .get(2));
        assertEquals(
                List.of("uname:release = 6.18.44  READ (version:1)"),
                facts(read("version", "", "Linux version 6.18.44 (builder@host) (gcc 12.2.0) #1 SMP")));
    }

    @Test
    void aHostsNameMayBeAnything() {
        String name = "</script><img src=x onerror=\"ran=1\">' 7.1.0 \u202E";
        assertEquals(
                List.of(
                        "uname:nodename = " + name + "  READ (uname.txt:1)",
                        "uname:release = 6.1.0-18-amd64  READ (uname.txt:1)",
                        "uname:machine = x86_64  READ (uname.txt:1)"),
                facts(read(
                        "uname.txt", "", "Linux " + name + " 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64 GNU/Linux")));
        for (String command : List.of("hostname", "uname -n", "cat /etc/hostname")) {
            assertEquals(
                    List.of("uname:nodename = " + name + "  READ (session.txt:1)"),
                    facts(read("session.txt", command, name)),
                    command);
        }
    }

    @Test
    void aMessageIsNoHostsName() {
        for (String message :
                List.of("sh: 1: hostname: not found", "-bash: uname: command not found", "n".repeat(65))) {
            assertEquals(List.of(), facts(read("session.txt", "hostname", message)), message);
        }
    }

    @Test
    void osReleaseIsUnquoted() {
        assertEquals(
                List.of(
                        "os:PRETTY_NAME = Debian GNU/Linux 12 (bookworm)  READ (os-release:1)",
                        "os:ID = debian  READ (os-release:3)",
                        "os:VERSION_ID = 12  READ (os-release:4)"),
                facts(read(
                        "os-release",
                        "",
                        "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"",
                        "# a comment",
                        "ID=debian",
                        "VERSION_ID='12'")));
    }

    @Test
    void theKernelConfigurationGivesHz() {
        Reading reading = read(
                "config-6.1.0",
                "",
                "#",
                "# Automatically generated file; DO NOT EDIT.",
                "CONFIG_CC_VERSION_TEXT=\"gcc 12.2.0\"",
                "# CONFIG_HZ_1000 is not set",
                "CONFIG_HZ=250",
                "CONFIG_NF_CONNTRACK=m");
        assertEquals(
                List.of(
                        "config:CONFIG_CC_VERSION_TEXT = \"gcc 12.2.0\"  READ (config-6.1.0:3)",
                        "config:CONFIG_HZ = 250  READ (config-6.1.0:5)",
                        "HZ = 250  READ (config-6.1.0:5)",
                        "config:CONFIG_NF_CONNTRACK = m  READ (config-6.1.0:6)"),
                facts(reading));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            2026-11-21T01:32:28Z            ! 2026-11-21T01:32:28Z
            2026-11-21T02:32:28+0100        ! 2026-11-21T01:32:28Z
            2026-11-21 02:32:28+01:00       ! 2026-11-21T01:32:28Z
            Sat, 21 Nov 2026 01:32:28 +0000 ! 2026-11-21T01:32:28Z
            Sat Nov 21 01:32:28 UTC 2026    ! 2026-11-21T01:32:28Z
            Sat Nov  7 01:32:28 AM UTC 2026 ! 2026-11-07T01:32:28Z
            """)
    void aDateIsAnInstant(String line, String instant) {
        assertEquals(List.of("date = " + instant + "  READ (date.txt:1)"), facts(read("date.txt", "", line)));
    }

    @Test
    void aTimeWithoutItsZoneIsNoInstant() {
        assertEquals(
                Optional.empty(), read("date.txt", "", "2026-11-21 01:32:28").source());
    }
}
