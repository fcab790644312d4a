package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            $ cat /proc/sys/net/ipv4/tcp_tw_reuse ! cat /proc/sys/net/ipv4/tcp_tw_reuse
            ops@edge-1:~$ ss -s                   ! ss -s
            ops@edge-1:/var/log$ sudo conntrack -L! conntrack -L
            [root@edge-1 ~]# sysctl -a            ! sysctl -a
            root@edge-1:~# watch -n 1 'ss -s'     ! ss -s
            $ ./deploy.sh --now                   ! ./deploy.sh --now
            Every 2.0s: ss -s        edge-1: Sat  ! ss -s
            ==> /proc/net/sockstat <==            ! cat /proc/net/sockstat
            """)
    void aPromptProvesACommand(String line, String command) {
        assertEquals(Optional.of(command), Command.prompt(line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            ss -s                                            ! ss -s
            # ss -s                                          ! ss -s
            cat /proc/sys/net/ipv4/ip_local_port_range       ! cat /proc/sys/net/ipv4/ip_local_port_range
            sysctl vm.dirty_background_ratio vm.dirty_ratio  ! sysctl vm.dirty_background_ratio vm.dirty_ratio
            watch -n 1 'ss -s'                               ! ss -s
            iostat -x -d 1 /dev/nvme0n1                      ! iostat -x -d 1 /dev/nvme0n1
            ss -natp | awk '{print $1}' | sort | uniq -c     ! ss -natp | awk '{print $1}' | sort | uniq -c
            ss state time-wait                               ! ss state time-wait
            vmstat 1 5                                       ! vmstat 1 5
            iostat 2 | head                                  ! iostat 2 | head
            date                                             ! date
            """)
    void aKnownCommandStandsAloneOnItsLine(String line, String command) {
        assertEquals(Optional.of(command), Command.alone(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ss output indicated 31,401 closed sockets.",
                "# free memory is low",
                "# Decrease the time default value for tcp_fin_timeout connection",
                "ip",
                "grep",
                "free memory, then swap.",
                "  ss -s",
                "ESTAB 0 0 10.0.0.1:22 10.0.0.2:5000",
                "mount -a is run at boot, but not here.",
                "nginx   361 root  cwd       DIR              254,0     4096  2146404 /srv/lab",
                "vmstat   77 root    1u      CHR              136,0      0t0        3 /dev/pts/0",
                "server 127.0.0.1:9000;"
            })
    void proseIsNoCommand(String line) {
        assertEquals(Optional.empty(), Command.prompt(line));
        assertEquals(Optional.empty(), Command.alone(line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            textBlock =
                    """
            cat /proc/slabinfo | grep tcp                    ! true
            grep tcp /proc/slabinfo                          ! true
            ss -nat | head -20                               ! true
            ss -nat | head -n 1                              ! true
            tail -5 /proc/net/tcp                            ! true
            ss -nat | awk '$1 == "ESTAB"'                    ! true
            conntrack -L | sed -n 1,5p                       ! true
            ss -s                                            ! false
            tail -n +1 /proc/net/tcp                         ! false
            ss -natp | awk '{print $1}' | sort | uniq -c     ! false
            ss -nat | grep -c ESTAB                          ! false
            ss -nat | grep ESTAB | wc -l                     ! false
            ss -nat | sort                                   ! false
            grep . /proc/sys/net/ipv4/tcp_tw_reuse           ! false
            """)
    void whatLetsSomeLinesThroughLeavesAnExcerpt(String command, boolean excerpt) {
        assertEquals(excerpt, Command.filters(command));
    }
}
