package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static plimsoll.telemetry.SocketTexts.fact;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.text;
import static plimsoll.telemetry.SocketTexts.whole;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The exposition format, and what of node_exporter is a fact of {@code /proc}. */
class PrometheusSourceTest {
    @Test
    void everyFormOfALine() {
        Rows rows = whole(
                new PrometheusSource(),
                text(
                        "# HELP http_requests_total The total number.",
                        "# TYPE http_requests_total counter",
                        "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000",
                        "# a comment",
                        "msdos_file_access_time_seconds{path=\"C:\\\\DIR\\\\FILE.TXT\",error=\"no:\\n\\\"FILE.TXT\\\"\"} 1.458255915e9",
                        "metric_without_timestamp_and_labels 12.47",
                        "something_weird{problem=\"division by zero\"} +Inf -3982045",
                        "a:rule { le = \"0.5\" , } .5e-3",
                        "not_a_number NaN",
                        "exemplar_bucket{le=\"1\"} 4 # {trace_id=\"x\"} 0.6",
                        "",
                        "# EOF"));
        assertEquals(
                List.of("http_requests_total", "method=\"post\",code=\"200\"", "1027.0", "1395066363000"),
                row(rows, 0, "name", "labels", "value", "timestamp"));
        assertEquals("path=\"C:\\\\DIR\\\\FILE.TXT\",error=\"no:\\n\\\"FILE.TXT\\\"\"", rows.cell("labels", 1));
        assertEquals(List.of("", "12.47"), row(rows, 2, "labels", "value"));
        assertEquals(List.of("Infinity", "-3982045"), row(rows, 3, "value", "timestamp"));
        assertEquals(List.of("a:rule", "le=\"0.5\"", "5.0E-4"), row(rows, 4, "name", "labels", "value"));
        assertEquals("", rows.cell("value", 5));
        assertEquals("4.0", rows.cell("value", 6));
    }

    /** A file of the textfile folder needs no comments; a name and a number alone are the form of many files. */
    @Test
    void aFileWithoutCommentsIsKnownByItsEnding() {
        List<String> lines = List.of("backup_seconds 12.5 1441205977284", "backup_errors 0");
        var source = new PrometheusSource();
        assertEquals(Source.Match.SURE, source.match(new Text("textfile/backup.prom", 1, Optional.empty(), lines)));
        assertEquals(Source.Match.NO, source.match(new Text("backup.txt", 1, Optional.empty(), lines)));
        assertEquals(
                Source.Match.NO,
                source.match(new Text("backup.prom", 1, Optional.empty(), List.of("no metric at all"))));
    }

    @Test
    void brokenLinesAreRejected() {
        Parsed parsed = new PrometheusSource()
                .parse(text(
                        "# TYPE up gauge",
                        "up{job=\"a} 1",
                        "up{job=a} 1",
                        "up one",
                        "up",
                        "1up 1",
                        "up{a=\"b\"c=\"d\"} 1"));
        String reason = "is not a metric: a name, labels in braces where it has any, and a number";
        assertEquals(
                List.of(2, 3, 4, 5, 6, 7).stream()
                        .map(line -> line + ": " + reason)
                        .toList(),
                rejects(parsed));
    }

    @Test
    void nodeExportersMetricsAreFactsOfProc() {
        Text node = text(
                "# TYPE node_memory_MemFree_bytes gauge",
                "node_memory_MemFree_bytes 2.30883328e+08",
                "node_memory_Active_anon_bytes 2.068484096e+09",
                "node_memory_Committed_AS_bytes 1024",
                "node_memory_HugePages_Total 3",
                "node_memory_numa_MemTotal{node=\"0\"} 1.3740271616e+11",
                "node_netstat_Tcp_ActiveOpens 3556",
                "node_netstat_TcpExt_ListenOverflows 7",
                "node_netstat_Ip6_InOctets 460",
                "node_sockstat_TCP_tw 4",
                "node_sockstat_TCP_mem 2",
                "node_sockstat_TCP_mem_bytes 8192",
                "node_sockstat_TCP6_inuse 17",
                "node_sockstat_sockets_used 229",
                "node_nf_conntrack_entries 123",
                "node_nf_conntrack_entries_limit 65536",
                "node_nf_conntrack_stat_insert_failed 9",
                "node_vmstat_oom_kill 1",
                "node_filefd_allocated 1024",
                "node_filefd_maximum 1.631329e+06",
                "node_sysctl_net_ipv4_tcp_rmem{index=\"0\"} 4096",
                "node_sysctl_net_ipv4_tcp_rmem{index=\"1\"} 131072",
                "node_sysctl_net_ipv4_tcp_rmem{index=\"2\"} 6.291456e+06",
                "node_sysctl_net_core_somaxconn 4096",
                "node_sysctl_net_ipv4_tcp_wmem{index=\"2\"} 4.194304e+06",
                "node_time_seconds 1.7e+09",
                "node_uname_info{domainname=\"(none)\",machine=\"x86_64\",nodename=\"edge-1\",release=\"6.1.0\"} 1");
        Parsed parsed = new PrometheusSource().parse(node);
        assertEquals(List.of(), parsed.rejected());
        assertEquals(
                List.of(
                        "meminfo:MemFree = 225472 KiB",
                        "meminfo:Active(anon) = 2020004 KiB",
                        "meminfo:Committed_AS = 1 KiB",
                        "meminfo:HugePages_Total = 3",
                        "snmp:Tcp.ActiveOpens = 3556",
                        "netstat:TcpExt.ListenOverflows = 7",
                        "snmp6:Ip6.InOctets = 460",
                        "sockstat:TCP.tw = 4",
                        "sockstat:TCP.mem = 2",
                        "sockstat6:TCP6.inuse = 17",
                        "sockstat:sockets.used = 229",
                        "net.netfilter.nf_conntrack_count = 123",
                        "net.netfilter.nf_conntrack_max = 65536",
                        "conntrack:stat.insert_failed = 9",
                        "vmstat:oom_kill = 1",
                        "fs.file-max = 1631329",
                        "net.core.somaxconn = 4096",
                        "date = 2023-11-14T22:13:20Z",
                        "uname:nodename = edge-1",
                        "uname:release = 6.1.0",
                        "uname:machine = x86_64",
                        "net.ipv4.tcp_rmem = 4096 131072 6291456",
                        "fs.file-nr = 1024 0 1631329"),
                parsed.facts().stream().map(f -> f.name() + " = " + f.text()).toList());
        assertEquals(Optional.empty(), fact(parsed, "net.ipv4.tcp_wmem"));
    }

    @Test
    void otherFilesOfNamesAndNumbersAreNotItsOwn() {
        assertEquals(Source.Match.NO, new PrometheusSource().match(text("nr_dirty 17", "nr_writeback 0")));
        assertEquals(Source.Match.SHAPE, new PrometheusSource().match(text("node_load1 0.21")));
    }
}
